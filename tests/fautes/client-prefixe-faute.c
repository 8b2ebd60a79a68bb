/*
 * Faute : la longueur part sans htonl, dans l'ordre de la machine
 * Remplace : tcp/solutions/client-prefixe.c
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Envoie tout ; rend 0, ou -1 si l'envoi échoue. */
static int envoyer(int s, const void *octets, size_t taille)
{
    for (size_t envoyes = 0; envoyes < taille;) {
        ssize_t n = send(s, (const char *)octets + envoyes, taille - envoyes, MSG_NOSIGNAL);
        if (n == -1 && errno == EINTR) continue;
        if (n == -1) return -1;
        envoyes += (size_t)n;
    }
    return 0;
}

int main(int argc, char *argv[])
{
    const char *message = argc > 1 ? argv[1] : "Bonjour";
    const char *adresse = argc > 2 ? argv[2] : "127.0.0.1";
    long port = argc > 3 ? strtol(argv[3], NULL, 10) : 5000;
    struct sockaddr_in serveur = {.sin_family = AF_INET, .sin_port = htons((in_port_t)port)};
    if (argc > 4 || port < 1 || port > 65535 ||
        inet_pton(AF_INET, adresse, &serveur.sin_addr) != 1) {
        fprintf(stderr, "usage : %s [message [adresse [port]]]\n", argv[0]);
        return 2;
    }

    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (s == -1) { perror("socket"); return 1; }
    int retour = connect(s, (struct sockaddr *)&serveur, sizeof serveur);
    if (retour == -1) { perror("connect"); return 1; }

    size_t taille = strlen(message);
    uint32_t longueur = (uint32_t)taille;
    if (envoyer(s, &longueur, sizeof longueur) == -1) { perror("send"); return 1; }
    if (envoyer(s, message, taille) == -1) { perror("send"); return 1; }

    char reponse[1024] = "";
    size_t recus = 0;
    while (recus < sizeof reponse && !memchr(reponse, '\n', recus)) {
        ssize_t n = recv(s, reponse + recus, sizeof reponse - recus, 0);
        if (n == -1 && errno == EINTR) continue;
        if (n == -1) { perror("recv"); return 1; }
        if (n == 0) break;
        recus += (size_t)n;
    }
    for (size_t i = 0; i < recus; i++)
        putchar(isprint((unsigned char)reponse[i]) || reponse[i] == '\n' ? reponse[i] : '.');
    close(s);
    if (recus == 0) { fprintf(stderr, "le serveur a fermé sans répondre\n"); return 1; }
    return 0;
}
