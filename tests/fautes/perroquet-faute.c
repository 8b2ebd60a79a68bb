/*
 * Faute : cherche dans errno le code qu'a rendu getaddrinfo
 * Remplace : ipv6/solutions/perroquet.c
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>

int main(int argc, char *argv[])
{
    if (argc != 3) { fprintf(stderr, "usage : %s nom service\n", argv[0]); return 2; }
    struct addrinfo criteres = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM}, *liste;

    errno = 0;
    if (getaddrinfo(argv[1], argv[2], &criteres, &liste) == 0) {
        printf("trouvé\n");
        freeaddrinfo(liste);
        return 0;
    }
    perror("perror");
    const char *raison = gai_strerror(errno);
    fprintf(stderr, "gai_strerror: %s\n", raison);
    return 1;
}
