/*
 * Faute : le préfixe est lu par un seul recv, qui peut n'en rendre que la moitié
 * Remplace : tcp/solutions/serveur-prefixe.c
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* Reçoit exactement « taille » octets ; rend combien sont venus, moins si le flux finit avant. */
static size_t recevoir(int dialogue, void *octets, size_t taille)
{
    size_t recus = 0;
    while (recus < taille) {
        ssize_t n = recv(dialogue, (char *)octets + recus, taille - recus, 0);
        if (n == -1 && errno == EINTR) continue;
        if (n == -1) perror("recv");
        if (n <= 0) break;
        recus += (size_t)n;
    }
    return recus;
}

/* Envoie tout ; faux si le client n'est plus là. */
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

/* Sert un client, jusqu'à sa fin ou sa première faute. */
static void servir(int dialogue)
{
    uint32_t longueur;
    ssize_t lus;
    while ((lus = recv(dialogue, &longueur, sizeof longueur, 0)) == sizeof longueur) {
        char message[1024];
        longueur = ntohl(longueur);
        if (longueur > sizeof message) { printf("longueur refusée : %u\n", longueur); return; }
        size_t recus = recevoir(dialogue, message, longueur);
        if (recus < longueur) { printf("coupé : %zu octets sur %u\n", recus, longueur); return; }
        for (size_t i = 0; i < recus; i++)
            putchar(isprint((unsigned char)message[i]) ? message[i] : '.');
        printf(" (%zu octets)\n", recus);
        if (!envoyer(dialogue, "ok\n", 3)) return;
    }
    if (lus > 0) printf("coupé : %zd octets sur %zu\n", lus, sizeof longueur);
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

    setvbuf(stdout, NULL, _IOLBF, 0); /* ligne à ligne, même dans un fichier ou un tube */
    for (;;) {
        int dialogue = accept(ecoute, NULL, NULL);
        if (dialogue == -1) { perror("accept"); sleep(1); continue; }
        servir(dialogue);
        close(dialogue);
    }
}
