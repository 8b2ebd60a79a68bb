/*
 * Un bavardage à plusieurs : ce que dit l'un, tous les autres le lisent ; une boucle, et poll
 *
 *   cc tcp/solutions/bavardage-a-plusieurs.c -o essais/bavardage-a-plusieurs
 *   essais/bavardage-a-plusieurs [port]
 *
 * En face : nc 127.0.0.1 5000   (et d'autres, 64 au plus)
 * SPDX-License-Identifier: MIT
 */
#define _DEFAULT_SOURCE /* MSG_DONTWAIT */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CLIENTS = 64, LIGNE = 1024, RETARD = 65536 };
static struct pollfd cases[CLIENTS + 1]; /* la dernière : la socket d'écoute ; -1 : case libre */
static struct client { unsigned numero; size_t recus, dus; char ligne[LIGNE], du[RETARD]; } clients[CLIENTS];

static void raccrocher(int i) { close(cases[i].fd); cases[i].fd = -1; }
static void envoyer(int i) /* ce que le noyau veut bien prendre, sans attendre */
{
    ssize_t n = send(cases[i].fd, clients[i].du, clients[i].dus, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n == -1 && errno != EAGAIN && errno != EINTR) { perror("send"); raccrocher(i); }
    if (n > 0) memmove(clients[i].du, clients[i].du + n, clients[i].dus -= (size_t)n);
}

static void dire_aux_autres(int qui, const char *ligne, size_t taille)
{
    char texte[LIGNE + 16];
    size_t n = (size_t)snprintf(texte, sizeof texte, "%u : ", clients[qui].numero);
    for (size_t i = 0; i < taille && ligne[i] != '\r'; i++) /* rien qui commande leurs terminaux */
        texte[n++] = (char)((unsigned char)ligne[i] < ' ' || ligne[i] == 127 ? '.' : ligne[i]);
    texte[n++] = '\n';
    for (int i = 0; i < CLIENTS; i++) {
        if (i == qui || cases[i].fd == -1) continue;
        if (clients[i].dus + n > RETARD) { raccrocher(i); continue; } /* il ne lit pas : tant pis */
        memcpy(clients[i].du + clients[i].dus, texte, n);
        clients[i].dus += n;
    }
}

static void lire(int i)
{
    struct client *c = &clients[i];
    ssize_t n = recv(cases[i].fd, c->ligne + c->recus, LIGNE - c->recus, MSG_DONTWAIT);
    if (n == -1 && (errno == EAGAIN || errno == EINTR)) return;
    if (n == -1) perror("recv");
    if (n <= 0) { if (c->recus > 0) dire_aux_autres(i, c->ligne, c->recus); raccrocher(i); return; }
    c->recus += (size_t)n;
    char *debut = c->ligne, *fin;
    for (; (fin = memchr(debut, '\n', c->recus)); c->recus -= (size_t)(fin + 1 - debut), debut = fin + 1)
        dire_aux_autres(i, debut, (size_t)(fin - debut));
    if (c->recus == LIGNE) { dire_aux_autres(i, debut, LIGNE); c->recus = 0; } /* trop longue : coupée */
    memmove(c->ligne, debut, c->recus);
}

int main(int argc, char *argv[])
{
    long port = argc > 1 ? strtol(argv[1], NULL, 10) : 5000;
    if (argc > 2 || port < 1 || port > 65535) { fprintf(stderr, "usage : %s [port]\n", argv[0]); return 2; }
    struct sockaddr_in ici = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_ANY),
                              .sin_port = htons((in_port_t)port)};
    int ecoute = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), oui = 1;
    if (ecoute == -1) { perror("socket"); return 1; }
    setsockopt(ecoute, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui);
    if (bind(ecoute, (struct sockaddr *)&ici, sizeof ici) == -1) { perror("bind"); return 1; }
    if (listen(ecoute, 10) == -1) { perror("listen"); return 1; }
    for (int i = 0; i < CLIENTS; i++) cases[i].fd = -1;
    for (unsigned numero = 1;;) {
        int libre = -1;
        for (int i = 0; i < CLIENTS; i++) {
            if (cases[i].fd != -1 && clients[i].dus > 0) envoyer(i);
            cases[i].events = clients[i].dus > 0 ? POLLIN | POLLOUT : POLLIN;
            if (cases[i].fd == -1) libre = i;
        }
        cases[CLIENTS] = (struct pollfd){.fd = libre == -1 ? -1 : ecoute, .events = POLLIN}; /* -1 : plein */
        if (poll(cases, CLIENTS + 1, -1) == -1) { perror("poll"); continue; }
        for (int i = 0; i < CLIENTS; i++)
            if (cases[i].fd != -1 && cases[i].revents & ~POLLOUT) lire(i);
        if (cases[CLIENTS].revents == 0) continue;
        cases[libre].fd = accept(ecoute, NULL, NULL);
        if (cases[libre].fd == -1) { perror("accept"); sleep(errno != EAGAIN); continue; }
        clients[libre].numero = numero++, clients[libre].recus = clients[libre].dus = 0;
    }
}
