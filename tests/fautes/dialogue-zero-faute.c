/*
 * Faute : la réponse est prise pour une chaîne C : recv n'y met pas de zéro final
 * Remplace : tcp/solutions/dialogue.c
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

    static char *question; /* allouée, et agrandie, par getline */
    char reponse[1024] = "";
    size_t place = 0;
    ssize_t taille;
    while ((taille = getline(&question, &place, stdin)) > 0) {
        for (ssize_t n, envoyes = 0; envoyes < taille; envoyes += n) {
            n = send(s, question + envoyes, (size_t)(taille - envoyes), MSG_NOSIGNAL);
            if (n == -1 && errno == EINTR) n = 0;
            if (n == -1) { perror("send"); return 1; }
        }
        if (question[taille - 1] != '\n') shutdown(s, SHUT_WR); /* la dernière, sans \n */

        ssize_t n = recv(s, reponse, sizeof reponse - 1, 0);
        if (n == -1) { perror("recv"); return 1; }
        if (n == 0) { fprintf(stderr, "le serveur est parti\n"); return 1; }
        printf("%s", reponse);
        fflush(stdout);
    }
    close(s);
    return 0;
}
