/*
 * Un serveur TCP entier, sur une page : une ligne entre, « ok » sort
 *
 *   ./tcp/06-serveur-nu [port]
 *
 * Nu : rien de common/ ; ni trace, ni -h, et les messages d'erreur sont ceux du système.
 * En face : nc 127.0.0.1 5000   (puis taper une ligne)
 * Limite : un client à la fois ; un muet retient tous les autres.
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
    long port = argc > 1 ? strtol(argv[1], NULL, 10) : 5000;
    if (argc > 2 || port < 1 || port > 65535) {
        fprintf(stderr, "usage : %s [port]\n", argv[0]);
        return 2;
    }
    struct sockaddr_in ici = {.sin_family = AF_INET,
                              .sin_addr.s_addr = htonl(INADDR_ANY),
                              .sin_port = htons((in_port_t)port)};

    int ecoute = socket(AF_INET, SOCK_STREAM, 0);
    if (ecoute == -1) { perror("socket"); return 1; }
    int oui = 1;
    setsockopt(ecoute, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui); /* relance */
    if (bind(ecoute, (struct sockaddr *)&ici, sizeof ici) == -1) { /* attache */
        perror("bind");
        return 1;
    }
    if (listen(ecoute, 10) == -1) { perror("listen"); return 1; } /* porte */

    for (;;) {
        int dialogue = accept(ecoute, NULL, NULL);
        if (dialogue == -1) { perror("accept"); sleep(1); continue; } /* accept */

        char ligne[1024];
        size_t recus = 0;
        while (recus < sizeof ligne && !memchr(ligne, '\n', recus)) { /* morceaux */
            ssize_t n = recv(dialogue, ligne + recus, sizeof ligne - recus, 0);
            if (n == -1 && errno == EINTR) continue;
            if (n == -1) perror("recv");
            if (n <= 0) break; /* fin */
            recus += (size_t)n;
        }
        for (size_t i = 0; i < recus && ligne[i] != '\n'; i++)
            putchar(isprint((unsigned char)ligne[i]) ? ligne[i] : '.');
        if (recus > 0) putchar('\n');
        fflush(stdout); /* aussitôt, même dans un fichier ou un tube */

        const char *reponse = recus > 0 ? "ok\n" : "";
        size_t taille = strlen(reponse), envoyes = 0;
        while (envoyes < taille) {
            ssize_t n = send(dialogue, reponse + envoyes, taille - envoyes, MSG_NOSIGNAL);
            if (n == -1 && errno == EINTR) continue;
            if (n == -1) { perror("send"); break; } /* ce client seulement */
            envoyes += (size_t)n;
        }

        struct timeval delai = {.tv_sec = 1};
        setsockopt(dialogue, SOL_SOCKET, SO_RCVTIMEO, &delai, sizeof delai); /* delai */
        if (envoyes > 0) { /* vider */
            shutdown(dialogue, SHUT_WR);
            for (time_t limite = time(NULL) + 3; time(NULL) < limite;) {
                ssize_t n = recv(dialogue, ligne, sizeof ligne, 0);
                if (n == 0 || (n == -1 && errno != EINTR)) break;
            }
        }
        close(dialogue);
    }
}
