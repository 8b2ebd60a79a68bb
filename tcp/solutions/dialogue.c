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

int main(int argc, char *argv[])
{
    const char *adresse = argc > 1 ? argv[1] : "127.0.0.1";
    int port = argc > 2 ? atoi(argv[2]) : 5000;
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

    char question[1024], reponse[1024] = "", *fin;
    size_t recus = 0;
    while (fgets(question, sizeof question, stdin)) {
        size_t taille = strlen(question), envoyes = 0;
        while (envoyes < taille) {
            ssize_t n = send(s, question + envoyes, taille - envoyes, MSG_NOSIGNAL);
            if (n == -1 && errno == EINTR) continue;
            if (n == -1) { perror("send"); return 1; }
            envoyes += (size_t)n;
        }
        if (!strchr(question, '\n')) continue; /* une longue ligne : la suite vient */

        while (!(fin = memchr(reponse, '\n', recus))) {
            if (recus == sizeof reponse) { fprintf(stderr, "réponse trop longue\n"); return 1; }
            ssize_t n = recv(s, reponse + recus, sizeof reponse - recus, 0);
            if (n == -1 && errno == EINTR) continue;
            if (n == -1) { perror("recv"); return 1; }
            if (n == 0) { fprintf(stderr, "le serveur est parti\n"); return 1; }
            recus += (size_t)n;
        }
        size_t ligne = (size_t)(fin + 1 - reponse); /* \n compris */
        for (size_t i = 0; i < ligne; i++)
            putchar(isprint((unsigned char)reponse[i]) || reponse[i] == '\n' ? reponse[i] : '.');
        fflush(stdout); /* aussitôt, même dans un fichier ou un tube */
        recus -= ligne;
        memmove(reponse, reponse + ligne, recus);
    }
    close(s);
    return 0;
}
