/*
 * Un serveur qui rend en majuscules tout ce qu'on lui envoie, jusqu'à la fin du flux
 *
 *   cc tcp/solutions/majuscules.c -o essais/majuscules && essais/majuscules [port]
 *
 * En face : nc 127.0.0.1 5000   (puis taper des lignes)
 * Limite : un client à la fois ; un muet retient tous les autres.
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* Envoie tout, en autant de fois qu'il faut ; faux si le client n'est plus là. */
static bool envoyer(int dialogue, const char *octets, size_t taille)
{
    for (size_t envoyes = 0; envoyes < taille;) {
        ssize_t n = send(dialogue, octets + envoyes, taille - envoyes, MSG_NOSIGNAL);
        if (n == -1 && errno == EINTR) continue;
        if (n == -1) { perror("send"); return false; }
        envoyes += (size_t)n;
    }
    return true;
}

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
    setsockopt(ecoute, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui);
    if (bind(ecoute, (struct sockaddr *)&ici, sizeof ici) == -1) { perror("bind"); return 1; }
    if (listen(ecoute, 10) == -1) { perror("listen"); return 1; }

    for (;;) {
        int dialogue = accept(ecoute, NULL, NULL);
        if (dialogue == -1) { perror("accept"); sleep(1); continue; }

        /* Une majuscule ne dépend pas de ses voisines : peu importe où le flux est coupé. */
        for (;;) {
            char morceau[1024];
            ssize_t n = recv(dialogue, morceau, sizeof morceau, 0);
            if (n == -1 && errno == EINTR) continue;
            if (n == -1) perror("recv");
            if (n <= 0) break;
            for (ssize_t i = 0; i < n; i++)
                morceau[i] = (char)toupper((unsigned char)morceau[i]);
            if (!envoyer(dialogue, morceau, (size_t)n)) break;
        }
        close(dialogue); /* tout a été lu : rien ne se perdra */
    }
}
