/*
 * Un serveur UDP entier, sur une page : chaque datagramme reçoit « ok »
 *
 *   ./udp/02-serveur-nu [port]
 *
 * Nu : rien de common/ ; ni trace, ni -h, et les messages d'erreur sont ceux du système.
 * En face : nc -u 127.0.0.1 5000   (puis taper une ligne)
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
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

    int s = socket(AF_INET, SOCK_DGRAM, 0);
    if (s == -1) { perror("socket"); return 1; }
    int retour = bind(s, (struct sockaddr *)&ici, sizeof ici);
    if (retour == -1) { perror("bind"); return 1; }

    struct sockaddr_in client = {0};
    socklen_t taille = 0;
    for (;;) {
        char message[1024];
        taille = sizeof client; /* place */
        ssize_t n = recvfrom(s, message, sizeof message, MSG_TRUNC,
                             (struct sockaddr *)&client, &taille);
        if (n == -1) { perror("recvfrom"); sleep(1); continue; }
        size_t gardes = (size_t)n;
        if (gardes > sizeof message) { /* troncature */
            printf("%zd octets envoyés, %zu gardés\n", n, sizeof message);
            gardes = sizeof message;
        }
        for (size_t i = 0; i < gardes; i++)
            putchar(isprint((unsigned char)message[i]) || message[i] == '\n' ? message[i] : '.');
        fflush(stdout); /* aussitôt, même dans un fichier ou un tube */

        if (n >= 2 && n <= 3 && memcmp(message, "ok\n", (size_t)n) == 0) continue; /* boucle */
        n = sendto(s, "ok\n", 3, 0, (struct sockaddr *)&client, taille);
        if (n == -1) perror("sendto"); /* ce client seulement */
    }
}
