/*
 * Appeler un serveur qui n'est pas encore là : insister, dix secondes au plus
 *
 *   cc tcp/solutions/insister.c -o essais/insister
 *   essais/insister [adresse [port]]
 *
 * En face : nc -l -p 5000, lancé avant ou après
 * Chaque essai a sa socket, neuve, et un cinquième de seconde.
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ESSAI_MS = 200, ESSAIS = 50 };

/* Un essai : rend la socket connectée, ou -1, et errno dit pourquoi. */
static int essayer(const struct sockaddr_in *serveur)
{
    int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), erreur = 0;
    if (s == -1) { perror("socket"); exit(1); }
    if (connect(s, (const struct sockaddr *)serveur, sizeof *serveur) == -1) erreur = errno;
    if (erreur == EINPROGRESS) {
        struct pollfd fini = {.fd = s, .events = POLLOUT};
        socklen_t taille = sizeof erreur;
        int prets = poll(&fini, 1, ESSAI_MS);
        if (prets == -1) erreur = errno;
        else if (prets == 0) erreur = ETIMEDOUT;
        else getsockopt(s, SOL_SOCKET, SO_ERROR, &erreur, &taille);
    }
    if (erreur == 0) return s;
    close(s);
    errno = erreur;
    return -1;
}

int main(int argc, char *argv[])
{
    const char *adresse = argc > 1 ? argv[1] : "127.0.0.1";
    long port = argc > 2 ? strtol(argv[2], NULL, 10) : 5000;
    struct sockaddr_in serveur = {.sin_family = AF_INET, .sin_port = htons((in_port_t)port)};
    if (argc > 3 || port < 1 || port > 65535 ||
        inet_pton(AF_INET, adresse, &serveur.sin_addr) != 1) {
        fprintf(stderr, "usage : %s [adresse [port]]\n", argv[0]);
        return 2;
    }

    int s = -1;
    for (int essai = 0; essai < ESSAIS; essai++) {
        s = essayer(&serveur);
        if (s != -1) break;
        if (errno != ECONNREFUSED && errno != ETIMEDOUT && errno != EINTR) break;
        if (essai == 0) { printf("pas encore là : j'insiste\n"); fflush(stdout); }
        if (errno == ECONNREFUSED) poll(NULL, 0, ESSAI_MS); /* un refus est immédiat : dormir */
    }
    if (s == -1) { perror("connect"); return 1; }

    static const char bonjour[] = "me voici\n";
    if (send(s, bonjour, strlen(bonjour), MSG_NOSIGNAL) == -1) { perror("send"); return 1; }
    printf("connecté\n");
    close(s);
    return 0;
}
