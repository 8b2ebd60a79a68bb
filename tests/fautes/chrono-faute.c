/*
 * Faute : une connexion neuve pour chaque mesure ; c'est toujours le premier échange, que rien ne retarde
 * Remplace : tcp/solutions/chrono.c
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MESURES = 15, ATTENTE = 30000 }; /* en microsecondes */

static int comparer(const void *a, const void *b)
{
    return (*(const long *)a > *(const long *)b) - (*(const long *)a < *(const long *)b);
}

/* Envoie « Bonjour\n » en tant de morceaux, lit une ligne ; rend la durée, en microsecondes. */
static long echanger(int s, size_t morceaux)
{
    static const char ligne[] = "Bonjour\n";
    size_t taille = strlen(ligne), partis = 0;
    struct timespec debut, fin;
    clock_gettime(CLOCK_MONOTONIC, &debut);
    for (size_t i = 1; i <= morceaux; i++) {
        while (partis < taille * i / morceaux) { /* un envoi peut être court */
            ssize_t n = send(s, ligne + partis, taille * i / morceaux - partis, MSG_NOSIGNAL);
            if (n == -1) { perror("send"); exit(1); }
            partis += (size_t)n;
        }
    }
    for (char octet = '\0'; octet != '\n';) {
        ssize_t n = recv(s, &octet, 1, 0);
        if (n == -1) { perror("recv"); exit(1); }
        if (n == 0) { fprintf(stderr, "le serveur a fermé\n"); exit(1); }
    }
    clock_gettime(CLOCK_MONOTONIC, &fin);
    return (fin.tv_sec - debut.tv_sec) * 1000000 + (fin.tv_nsec - debut.tv_nsec) / 1000;
}

int main(int argc, char *argv[])
{
    long morceaux = argc > 1 ? strtol(argv[1], NULL, 10) : 2;
    long port = argc > 2 ? strtol(argv[2], NULL, 10) : 5000, durees[MESURES];
    struct sockaddr_in serveur = {.sin_family = AF_INET, .sin_port = htons((in_port_t)port)};
    serveur.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (argc > 3 || morceaux < 1 || morceaux > 8 || port < 1 || port > 65535) {
        fprintf(stderr, "usage : %s [morceaux, de 1 à 8 [port]]\n", argv[0]);
        return 2;
    }

    for (int i = 0; i < MESURES; i++) {
        int s = socket(AF_INET, SOCK_STREAM, 0);
        if (s == -1) { perror("socket"); return 1; }
        if (connect(s, (struct sockaddr *)&serveur, sizeof serveur) == -1) { perror("connect"); return 1; }
        durees[i] = echanger(s, (size_t)morceaux);
        close(s);
    }
    qsort(durees, MESURES, sizeof *durees, comparer);
    long duree = durees[MESURES * 4 / 5];
    printf("%ld en %ld µs : %s\n", morceaux, duree, duree < ATTENTE ? "sans attendre" : "environ 40 ms");
    return 0;
}
