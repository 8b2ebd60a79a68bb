/*
 * Demande une adresse, et la raison de l'échec à qui la sait, et à qui ne la sait pas
 *
 *   cc ipv6/solutions/perroquet.c -o essais/perroquet && essais/perroquet nom service
 *
 * perror() répète errno ; getaddrinfo() dit tout dans ce qu'il rend, et gai_strerror() en donne le
 * texte. Un seul code, EAI_SYSTEM, renvoie à errno.
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

int main(int argc, char *argv[])
{
    if (argc != 3) { fprintf(stderr, "usage : %s nom service\n", argv[0]); return 2; }
    struct addrinfo criteres = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM}, *liste;

    errno = 0;
    int code = getaddrinfo(argv[1], argv[2], &criteres, &liste);
    if (code == 0) {
        printf("trouvé\n");
        freeaddrinfo(liste);
        return 0;
    }
    perror("perror");
    const char *raison = code == EAI_SYSTEM ? strerror(errno) : gai_strerror(code);
    fprintf(stderr, "gai_strerror: %s\n", raison);
    return 1;
}
