/*
 * Un client qui attend une ligne, dix secondes au plus, et que Ctrl-Z puis fg ne décourage pas
 *
 *   cc tcp/solutions/patient.c -o essais/patient && essais/patient [port]
 *
 * En face : nc -l -p 5000
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

enum { PATIENCE = 10 };

int main(int argc, char *argv[])
{
    long port = argc > 1 ? strtol(argv[1], NULL, 10) : 5000;
    if (argc > 2 || port < 1 || port > 65535) {
        fprintf(stderr, "usage : %s [port]\n", argv[0]);
        return 2;
    }
    struct sockaddr_in serveur = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((in_port_t)port)};
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (s == -1) { perror("socket"); return 1; }
    if (connect(s, (struct sockaddr *)&serveur, sizeof serveur) == -1) { perror("connect"); return 1; }

    char ligne[1024];
    size_t recus = 0;
    time_t limite = time(NULL) + PATIENCE;
    while (recus < sizeof ligne && !memchr(ligne, '\n', recus)) {
        struct timeval delai = {.tv_sec = limite - time(NULL)}; /* ce qui reste, pas dix de plus */
        if (delai.tv_sec <= 0) { printf("rien en %d s\n", PATIENCE); return 1; }
        setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &delai, sizeof delai);
        ssize_t n = recv(s, ligne + recus, sizeof ligne - recus, 0);
        if (n == -1 && (errno == EINTR || errno == EAGAIN)) continue; /* dégelé, ou c'est l'heure */
        if (n == -1) { perror("recv"); return 1; }
        if (n == 0) break;
        recus += (size_t)n;
    }
    for (size_t i = 0; i < recus && ligne[i] != '\n'; i++)
        putchar(isprint((unsigned char)ligne[i]) ? ligne[i] : '.');
    putchar('\n');
    close(s);
    return 0;
}
