/*
 * Faute : la fin n'est pas annoncée : le serveur attend la suite, et l'on attend sa réponse
 * Remplace : tcp/solutions/tout-dire.c
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

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

    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (s == -1) { perror("socket"); return 1; }
    int retour = connect(s, (struct sockaddr *)&serveur, sizeof serveur);
    if (retour == -1) { perror("connect"); return 1; }

    char octets[4096];
    for (size_t lus; (lus = fread(octets, 1, sizeof octets, stdin)) > 0;) {
        for (size_t envoyes = 0; envoyes < lus;) {
            ssize_t n = send(s, octets + envoyes, lus - envoyes, MSG_NOSIGNAL);
            if (n == -1 && errno == EINTR) continue;
            if (n == -1) { perror("send"); return 1; }
            envoyes += (size_t)n;
        }
    }
    if (ferror(stdin)) { perror("fread"); return 1; }

    for (ssize_t n; (n = recv(s, octets, sizeof octets, 0)) != 0;) {
        if (n == -1 && errno == EINTR) continue;
        if (n == -1) { perror("recv"); return 1; }
        for (ssize_t i = 0; i < n; i++)
            putchar(isprint((unsigned char)octets[i]) || octets[i] == '\n' ? octets[i] : '.');
        fflush(stdout);
    }
    close(s);
    return 0;
}
