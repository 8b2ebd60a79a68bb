/*
 * Un client UDP entier, sur une page : un datagramme part, l'attente est bornée
 *
 *   ./udp/01-client-nu [adresse [port [secondes]]]
 *
 * Nu : rien de common/ ; ni trace, ni -h, et les messages d'erreur sont ceux du système.
 * En face : nc -u -l -p 5000   (puis répondre en tapant une ligne)
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
    const char *adresse = argc > 1 ? argv[1] : "127.0.0.1";
    long port = argc > 2 ? strtol(argv[2], NULL, 10) : 5000;
    long secondes = argc > 3 ? strtol(argv[3], NULL, 10) : 2;
    struct sockaddr_in serveur = {.sin_family = AF_INET, .sin_port = htons((in_port_t)port)};
    if (argc > 4 || port < 1 || port > 65535 || secondes < 1 ||
        inet_pton(AF_INET, adresse, &serveur.sin_addr) != 1) {
        fprintf(stderr, "usage : %s [adresse [port [secondes]]]\n", argv[0]);
        return 2;
    }

    int s = socket(AF_INET, SOCK_DGRAM, 0);
    if (s == -1) { perror("socket"); return 1; }
    struct timeval delai = {.tv_sec = secondes};
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &delai, sizeof delai); /* delai */

    char reponse[1024];
    ssize_t n = -1;
    for (int essai = 1; essai <= 3 && n == -1; essai++) { /* essais */
        n = sendto(s, "Bonjour\n", 8, 0, (struct sockaddr *)&serveur, sizeof serveur);
        if (n == -1) { perror("sendto"); return 1; }
        struct sockaddr_in pair = {0};
        socklen_t taille = sizeof pair;
        n = recvfrom(s, reponse, sizeof reponse, 0, (struct sockaddr *)&pair, &taille);
        if (n == -1 && errno != EAGAIN && errno != EINTR) { perror("recvfrom"); return 1; }
        int autre = pair.sin_addr.s_addr != serveur.sin_addr.s_addr ||
                    pair.sin_port != serveur.sin_port;
        if (n >= 0 && autre) { /* intrus */
            fprintf(stderr, "réponse d'un intrus, ignorée\n");
            n = -1; /* elle coûte un essai : un bavard ne nous retient pas toujours */
        }
    }
    if (n == -1) { fprintf(stderr, "aucune réponse\n"); return 1; }
    for (ssize_t i = 0; i < n; i++)
        putchar(isprint((unsigned char)reponse[i]) || reponse[i] == '\n' ? reponse[i] : '.');
    close(s);
    return 0;
}
