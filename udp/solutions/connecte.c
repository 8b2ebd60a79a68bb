/*
 * Le client UDP, mais connecté : le noyau retient le pair, trie les intrus, dit si le port est vide
 *
 *   cc udp/solutions/connecte.c -o essais/connecte && essais/connecte [adresse [port [secondes]]]
 *
 * Rien ne part à connect(). Le refus, s'il en vient un, est rendu à l'appel qui suit l'envoi.
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
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &delai, sizeof delai);
    int retour = connect(s, (struct sockaddr *)&serveur, sizeof serveur);
    if (retour == -1) { perror("connect"); return 1; }

    char reponse[1024];
    ssize_t n = -1;
    for (int essai = 1; essai <= 3 && n == -1; essai++) {
        n = send(s, "Bonjour\n", 8, 0);
        if (n == -1) { perror("send"); return 1; }
        n = recv(s, reponse, sizeof reponse, 0);
        if (n == -1 && errno != EAGAIN && errno != EINTR) { perror("recv"); return 1; }
    }
    if (n == -1) { fprintf(stderr, "aucune réponse\n"); return 1; }
    for (ssize_t i = 0; i < n; i++)
        putchar(isprint((unsigned char)reponse[i]) || reponse[i] == '\n' ? reponse[i] : '.');
    close(s);
    return 0;
}
