/*
 * Faute : SO_REUSEADDR seule : deux écoutes du même port restent interdites
 * Remplace : tcp/solutions/guichets.c
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
    char reponse[64], octets[1024];
    long port = argc > 2 ? strtol(argv[2], NULL, 10) : 5000;
    if (argc < 2 || argc > 3 || strlen(argv[1]) > 60 || port < 1 || port > 65535) {
        fprintf(stderr, "usage : %s NOM [port]\n", argv[0]);
        return 2;
    }
    struct sockaddr_in ici = {.sin_family = AF_INET,
                              .sin_addr.s_addr = htonl(INADDR_ANY),
                              .sin_port = htons((in_port_t)port)};
    size_t taille = (size_t)snprintf(reponse, sizeof reponse, "%s\n", argv[1]);

    int ecoute = socket(AF_INET, SOCK_STREAM, 0);
    if (ecoute == -1) { perror("socket"); return 1; }
    int oui = 1;
    setsockopt(ecoute, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui);
    if (bind(ecoute, (struct sockaddr *)&ici, sizeof ici) == -1) { perror("bind"); return 1; }
    if (listen(ecoute, 10) == -1) { perror("listen"); return 1; }

    for (;;) {
        int dialogue = accept(ecoute, NULL, NULL);
        if (dialogue == -1) { perror("accept"); sleep(1); continue; }

        for (size_t envoyes = 0; envoyes < taille;) {
            ssize_t n = send(dialogue, reponse + envoyes, taille - envoyes, MSG_NOSIGNAL);
            if (n == -1 && errno == EINTR) continue;
            if (n == -1) { perror("send"); break; } /* ce client seulement */
            envoyes += (size_t)n;
        }
        struct timeval delai = {.tv_sec = 1}; /* raccrocher en trois temps, comme tcp/06-serveur-nu */
        setsockopt(dialogue, SOL_SOCKET, SO_RCVTIMEO, &delai, sizeof delai);
        shutdown(dialogue, SHUT_WR);
        for (int tours = 0; tours < 100; tours++) {
            ssize_t n = recv(dialogue, octets, sizeof octets, 0);
            if (n == 0 || (n == -1 && errno != EINTR)) break;
        }
        close(dialogue);
    }
}
