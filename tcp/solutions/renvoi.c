/*
 * Un écho par front : renvoie à chacun ses octets, huit au plus à la fois
 *
 *   cc tcp/solutions/renvoi.c -o essais/renvoi
 *   essais/renvoi                 le port est 5000
 *
 * En face : nc 127.0.0.1 5000   (et d'autres, en même temps)
 * Limites : un client qui parle sans cesse retient la boucle ; par niveau, il attendrait son tour. Et
 * faute de descripteurs, ceux de la file attendent l'arrivée suivante, seule à faire un événement.
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* accept4 et epoll, de Linux */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CLIENTS_MAX = 1000 };
static struct client { char octets[8]; size_t taille, partis; } clients[CLIENTS_MAX]; /* par descripteur */

/* Renvoie, puis lit, puis renvoie… jusqu'à ce que l'un des deux doive attendre ; ou que ce soit fini. */
static void avancer(int s)
{
    struct client *c = &clients[s];
    for (;;) {
        if (c->partis < c->taille) {
            ssize_t n = send(s, c->octets + c->partis, c->taille - c->partis, MSG_NOSIGNAL);
            if (n == -1 && errno == EAGAIN) return; /* un événement dira qu'il y a de la place */
            if (n == -1) break;
            c->partis += (size_t)n;
            continue;
        }
        ssize_t n = recv(s, c->octets, sizeof c->octets, 0);
        if (n == -1 && errno == EAGAIN) return; /* un événement dira qu'il en vient */
        if (n <= 0) break;
        c->taille = (size_t)n;
        c->partis = 0;
    }
    close(s); /* et epoll l'oublie : il n'y en a pas de copie */
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    struct sockaddr_in ici = {.sin_family = AF_INET, .sin_port = htons(5000)};
    int ecoute = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), oui = 1, veille = epoll_create1(0);
    if (ecoute == -1 || veille == -1) { perror("socket, epoll_create1"); return 1; }
    setsockopt(ecoute, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui);
    if (bind(ecoute, (struct sockaddr *)&ici, sizeof ici) == -1) { perror("bind"); return 1; }
    if (listen(ecoute, 100) == -1) { perror("listen"); return 1; }
    struct epoll_event demande = {.events = EPOLLIN | EPOLLET, .data.fd = ecoute};
    if (epoll_ctl(veille, EPOLL_CTL_ADD, ecoute, &demande) == -1) { perror("epoll_ctl"); return 1; }
    printf("prêt\n");

    for (;;) {
        struct epoll_event venu;
        int n = epoll_wait(veille, &venu, 1, -1);
        if (n == -1 && errno == EINTR) continue; /* arrêté, puis relancé */
        if (n == -1) { perror("epoll_wait"); return 1; }
        if (venu.data.fd != ecoute) { avancer(venu.data.fd); continue; }

        int s; /* l'écoute : tous les clients de la file, pas un seul */
        while ((s = accept4(ecoute, NULL, NULL, SOCK_NONBLOCK)) != -1) {
            demande = (struct epoll_event){.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.fd = s};
            if (s >= CLIENTS_MAX || epoll_ctl(veille, EPOLL_CTL_ADD, s, &demande) == -1) {
                fprintf(stderr, "un client de trop\n");
                close(s);
                continue;
            }
            clients[s] = (struct client){.taille = 0};
        }
        if (errno != EAGAIN) perror("accept");
    }
}
