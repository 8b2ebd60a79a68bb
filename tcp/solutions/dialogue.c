/*
 * Un client qui dialogue : chaque ligne tapée part, et l'on attend sa réponse avant la suivante
 *
 *   cc tcp/solutions/dialogue.c -o essais/dialogue
 *   essais/dialogue [adresse [port]]
 *
 * En face : nc -l -p 5000
 * Ctrl-D finit. Ce qu'une lecture apporte de trop est gardé pour la réponse suivante.
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void montrer(const char *octets, size_t taille)
{
    for (size_t i = 0; i < taille; i++)
        putchar(isprint((unsigned char)octets[i]) || octets[i] == '\n' ? octets[i] : '.');
    fflush(stdout); /* aussitôt, même dans un fichier ou un tube */
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

    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (s == -1) { perror("socket"); return 1; }
    int retour = connect(s, (struct sockaddr *)&serveur, sizeof serveur);
    if (retour == -1) { perror("connect"); return 1; }

    static char *question; /* allouée, et agrandie, par getline */
    char reponse[1024], *fin;
    size_t place = 0, recus = 0;
    ssize_t taille;
    while ((taille = getline(&question, &place, stdin)) > 0) {
        for (ssize_t n, envoyes = 0; envoyes < taille; envoyes += n) {
            n = send(s, question + envoyes, (size_t)(taille - envoyes), MSG_NOSIGNAL);
            if (n == -1 && errno == EINTR) n = 0;
            if (n == -1) { perror("send"); return 1; }
        }
        if (question[taille - 1] != '\n') shutdown(s, SHUT_WR); /* la dernière, sans \n */

        while (!(fin = memchr(reponse, '\n', recus))) {
            if (recus == sizeof reponse) { fprintf(stderr, "réponse trop longue\n"); return 1; }
            ssize_t n = recv(s, reponse + recus, sizeof reponse - recus, 0);
            if (n == -1 && errno == EINTR) continue;
            if (n == -1) { perror("recv"); return 1; }
            if (n == 0) {
                montrer(reponse, recus); /* une fin de flux vaut une fin de ligne */
                if (recus == 0) fprintf(stderr, "le serveur est parti\n");
                return recus == 0;
            }
            recus += (size_t)n;
        }
        size_t ligne = (size_t)(fin + 1 - reponse); /* \n compris */
        montrer(reponse, ligne);
        recus -= ligne;
        memmove(reponse, reponse + ligne, recus);
    }
    close(s);
    return 0;
}
