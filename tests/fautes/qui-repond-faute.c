/*
 * Faute : une seule socket sert à toutes les adresses
 * Remplace : ipv6/solutions/qui-repond.c
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* Écrit l'adresse, puis ce qu'il en est ; rend 1 si elle répond. */
static int essayer(const struct addrinfo *a)
{
    char texte[64] = "?"; /* assez pour une adresse IPv6 et son interface */
    getnameinfo(a->ai_addr, a->ai_addrlen, texte, sizeof texte, NULL, 0, NI_NUMERICHOST);

    static int s = -1;
    if (s == -1) s = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
    int retour = s;
    if (s != -1) retour = connect(s, a->ai_addr, a->ai_addrlen);
    printf("%s : %s\n", texte, retour == -1 ? strerror(errno) : "répond");
    return retour != -1;
}

int main(int argc, char *argv[])
{
    long port = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
    int reponses = 0;
    if (argc < 3 || port < 1 || port > 65535) {
        fprintf(stderr, "usage : %s port nom...\n", argv[0]);
        return 2;
    }
    for (int i = 2; i < argc; i++) {
        struct addrinfo criteres = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM}, *liste;
        int code = getaddrinfo(argv[i], argv[1], &criteres, &liste);
        if (code != 0) {
            const char *raison = code == EAI_SYSTEM ? strerror(errno) : gai_strerror(code);
            printf("%s : %s\n", argv[i], raison);
            continue;
        }
        for (struct addrinfo *a = liste; a; a = a->ai_next)
            reponses += essayer(a);
        freeaddrinfo(liste); /* rendre */
    }
    return reponses == 0;
}
