/*
 * Faute : complet, il ne regarde l'écoute qu'au départ d'un client ; s'il n'en a aucun, jamais
 * Remplace : tcp/solutions/complet.c
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CLIENTS_MAX = 1000 };
static struct pollfd cases[1 + CLIENTS_MAX]; /* l'écoute, puis les clients */
static nfds_t nombre = 1;

/* Rend 0 si les moyens manquent ; le client reste alors dans la file. */
static int accueillir(int ecoute)
{
    int s = accept(ecoute, NULL, NULL);
    if (s == -1) return errno == EAGAIN || errno == ECONNABORTED; /* personne ; ou déjà reparti */
    if (nombre > CLIENTS_MAX) { close(s); return 1; }
    if (send(s, "bienvenue\n", 10, MSG_NOSIGNAL) == -1) perror("send");
    cases[nombre++] = (struct pollfd){.fd = s, .events = POLLIN};
    return 1;
}

/* Rend 1 s'il est parti ; ce qu'il dit est jeté. */
static int parti(int s)
{
    char octets[1024];
    ssize_t n = recv(s, octets, sizeof octets, MSG_DONTWAIT);
    return n == 0 || (n == -1 && errno != EAGAIN);
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    struct sockaddr_in ici = {.sin_family = AF_INET, .sin_port = htons(5000)};
    int ecoute = socket(AF_INET, SOCK_STREAM, 0), oui = 1;
    if (ecoute == -1) { perror("socket"); return 1; }
    setsockopt(ecoute, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui);
    if (fcntl(ecoute, F_SETFL, O_NONBLOCK) == -1) { perror("fcntl"); return 1; }
    if (bind(ecoute, (struct sockaddr *)&ici, sizeof ici) == -1) { perror("bind"); return 1; }
    if (listen(ecoute, 100) == -1) { perror("listen"); return 1; }

    time_t refus = 0; /* quand accept a échoué ; 0 : il y a de la place */
    for (int complet = 0;;) {
        /* Complet, on délaisse l'écoute, toujours prête, jusqu'à un départ. */
        cases[0] = (struct pollfd){.fd = refus ? -1 : ecoute, .events = POLLIN};
        if (poll(cases, nombre, -1) == -1) {
            if (errno == EINTR) continue;
            perror("poll");
            return 1;
        }
        for (nfds_t i = nombre - 1; i > 0; i--)
            if (cases[i].revents && parti(cases[i].fd)) {
                close(cases[i].fd);
                cases[i] = cases[--nombre];
                refus = 0;
            }
        if (cases[0].revents) {
            int place = accueillir(ecoute);
            if (!place && !complet) printf("complet\n");
            if (place && complet) printf("de la place\n");
            complet = !place;
            refus = place ? 0 : time(NULL);
        }
    }
}
