/*
 * Un client TCP entier, sur une page : une ligne part, une ligne revient
 *
 *   ./tcp/04-client-nu [adresse [port]]
 *
 * Nu : rien de common/ ; ni trace, ni -h, et les messages d'erreur sont ceux du système.
 * En face : nc -l -p 5000   (puis répondre en tapant une ligne)
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
    if (retour == -1) { perror("connect"); return 1; } /* retour */

    const char *ligne = "Bonjour\n";
    size_t taille = strlen(ligne), envoyes = 0;
    while (envoyes < taille) { /* envoi */
        ssize_t n = send(s, ligne + envoyes, taille - envoyes, MSG_NOSIGNAL);
        if (n == -1 && errno == EINTR) continue;
        if (n == -1) { perror("send"); return 1; }
        envoyes += (size_t)n;
    }

    char reponse[1024];
    size_t recus = 0;
    while (recus < sizeof reponse && !memchr(reponse, '\n', recus)) { /* morceaux */
        ssize_t n = recv(s, reponse + recus, sizeof reponse - recus, 0);
        if (n == -1 && errno == EINTR) continue; /* signal */
        if (n == -1) { perror("recv"); return 1; }
        if (n == 0) break; /* fin */
        recus += (size_t)n;
    }
    for (size_t i = 0; i < recus; i++)
        putchar(isprint((unsigned char)reponse[i]) || reponse[i] == '\n' ? reponse[i] : '.');
    close(s);
    if (recus == 0) { fprintf(stderr, "le serveur a fermé sans répondre\n"); return 1; }
    return 0;
}
