/*
 * Une adresse IPv6 en mémoire : chaque champ de struct sockaddr_in6, octet par octet
 *
 *   cc ipv6/solutions/octets6.c -o essais/octets6 && essais/octets6 [adresse [port]]
 *
 * « fe80::1%lo » : une adresse de lien local, suivie du nom de son interface.
 * SPDX-License-Identifier: MIT
 */
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static void montrer(const char *nom, const void *champ, size_t taille)
{
    const unsigned char *octets = champ;
    printf("%s", nom);
    for (size_t i = 0; i < taille; i++) printf(" %02x", octets[i]);
    putchar('\n');
}

int main(int argc, char *argv[])
{
    const char *adresse = argc > 1 ? argv[1] : "::1", *port = argc > 2 ? argv[2] : "5000";
    if (argc > 3) { fprintf(stderr, "usage : %s [adresse [port]]\n", argv[0]); return 2; }

    struct addrinfo criteres = {.ai_family = AF_INET6, .ai_socktype = SOCK_STREAM}, *liste;
    criteres.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV; /* une adresse, pas un nom */
    int code = getaddrinfo(adresse, port, &criteres, &liste);
    if (code != 0) { fprintf(stderr, "getaddrinfo : %s\n", gai_strerror(code)); return 1; }

    struct sockaddr_in6 a;
    memcpy(&a, liste->ai_addr, sizeof a);
    freeaddrinfo(liste);

    montrer("sin6_family  ", &a.sin6_family, sizeof a.sin6_family);
    montrer("sin6_port    ", &a.sin6_port, sizeof a.sin6_port);
    montrer("sin6_flowinfo", &a.sin6_flowinfo, sizeof a.sin6_flowinfo);
    montrer("sin6_addr    ", &a.sin6_addr, sizeof a.sin6_addr);
    montrer("sin6_scope_id", &a.sin6_scope_id, sizeof a.sin6_scope_id);
    printf("%zu octets\n", sizeof a);
    return 0;
}
