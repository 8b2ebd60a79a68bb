/*
 * Chaque mot part seul dans un datagramme, sans rien de plus : ni \n, ni zéro final
 *
 *   cc udp/solutions/mots.c -o essais/mots && essais/mots un '' deux
 *
 * Dit ce que rendent sendto() et recvfrom(). Un mot vide part aussi : zéro octet, un datagramme.
 * En face : udp/02-serveur
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
    struct sockaddr_in serveur = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons(5000)};
    if (argc < 2) { fprintf(stderr, "usage : %s mot...\n", argv[0]); return 2; }

    int s = socket(AF_INET, SOCK_DGRAM, 0);
    if (s == -1) { perror("socket"); return 1; }
    struct timeval delai = {.tv_sec = 2};
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &delai, sizeof delai);

    for (int i = 1; i < argc; i++) {
        ssize_t n = sendto(s, argv[i], strlen(argv[i]), 0,
                           (struct sockaddr *)&serveur, sizeof serveur);
        if (n == -1) { perror("sendto"); return 1; }
        printf("sendto rend %zd, ", n);

        char reponse[1024];
        struct sockaddr_in pair = {0};
        socklen_t taille = sizeof pair;
        n = recvfrom(s, reponse, sizeof reponse, 0, (struct sockaddr *)&pair, &taille);
        int autre = pair.sin_addr.s_addr != serveur.sin_addr.s_addr ||
                    pair.sin_port != serveur.sin_port;
        if (n == -1 || autre)
            printf("pas de réponse\n");
        else
            printf("recvfrom rend %zd\n", n);
    }
    close(s);
    return 0;
}
