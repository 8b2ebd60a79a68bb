/*
 * Faute : POLLOUT est pris pour « connecté » : un refus, lui aussi, réveille poll()
 * Remplace : tcp/solutions/ports-ensemble.c
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PORTS_MAX = 100, PATIENCE_MS = 1000 };

static long maintenant_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Demande une connexion, sans l'attendre : 0 si elle est en cours, ou faite. */
static int demander(int s, struct sockaddr_in ou, long port)
{
    ou.sin_port = htons((in_port_t)port);
    int retour = connect(s, (struct sockaddr *)&ou, sizeof ou);
    return retour == -1 && errno != EINPROGRESS ? errno : 0;
}

int main(int argc, char *argv[])
{
    long premier = argc == 4 ? strtol(argv[2], NULL, 10) : 0;
    long dernier = argc == 4 ? strtol(argv[3], NULL, 10) : 0;
    struct sockaddr_in ou = {.sin_family = AF_INET};
    if (argc != 4 || premier < 1 || dernier < premier || dernier > 65535 ||
        dernier - premier >= PORTS_MAX || inet_pton(AF_INET, argv[1], &ou.sin_addr) != 1) {
        fprintf(stderr, "usage : %s ADRESSE PREMIER DERNIER (%d ports au plus)\n", argv[0], PORTS_MAX);
        return 2;
    }

    struct pollfd essais[PORTS_MAX];
    int erreurs[PORTS_MAX], nombre = (int)(dernier - premier + 1), en_cours = nombre;
    for (int i = 0; i < nombre; i++) {
        int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (s == -1) { perror("socket"); return 1; }
        essais[i] = (struct pollfd){.fd = s, .events = POLLOUT};
        erreurs[i] = ETIMEDOUT; /* jusqu'à nouvel ordre */
        int echec = demander(s, ou, premier + i);
        if (echec) { fprintf(stderr, "connect: %s\n", strerror(echec)); return 1; }
    }

    for (long fin = maintenant_ms() + PATIENCE_MS; en_cours > 0;) {
        long reste = fin - maintenant_ms();
        int prets = reste > 0 ? poll(essais, (nfds_t)nombre, (int)reste) : 0;
        if (prets == -1 && errno == EINTR) continue;
        if (prets == -1) { perror("poll"); return 1; }
        if (prets == 0) break; /* le temps est passé */
        for (int i = 0; i < nombre; i++) {
            if (essais[i].fd == -1 || essais[i].revents == 0) continue;
            erreurs[i] = essais[i].revents & POLLOUT ? 0 : ECONNREFUSED;
            close(essais[i].fd);
            essais[i].fd = -1; /* négatif : poll() ne le regardera plus */
            en_cours--;
        }
    }

    for (int i = 0; i < nombre; i++)
        if (erreurs[i] != ECONNREFUSED)
            printf("%ld : %s\n", premier + i, erreurs[i] == 0           ? "ouvert"
                                               : erreurs[i] == ETIMEDOUT ? "sans réponse"
                                                                         : strerror(erreurs[i]));
    return 0;
}
