/*
 * Écrire une adresse et un port : octets, texte et binaire
 *
 *   ./tcp/02-adresse [adresse] [port]
 *
 * En face : personne, tout se passe en mémoire.
 * À regarder : les deux octets d'un port, rangés dans un sens puis dans l'autre ; ce qu'inet_pton()
 * refuse et qu'inet_aton() accepte ; l'erreur d'inet_addr(), qui est aussi une adresse ; et où
 * commence chaque champ des structures.
 * SPDX-License-Identifier: MIT
 */
#define _DEFAULT_SOURCE /* inet_aton : une fonction BSD, absente de POSIX */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "../common/erreur.h"
#include "../common/programme.h"

/* L'octet où commence ce champ. */
#define OU(type, champ) offsetof(struct type, champ)

/* Montre les octets tels qu'ils sont rangés en mémoire, par adresses croissantes. */
static void montrer_octets(const char *quoi, const void *zone, size_t taille)
{
    const unsigned char *octets = zone;
    printf("%s :", quoi);
    for (size_t i = 0; i < taille; i++)
        printf(" %02x", octets[i]);
    printf("\n");
}

int main(int argc, char *argv[])
{
    const char *texte = "127.0.0.1", *texte_port = "5000";
    lire_arguments(argc, argv, "[adresse] [port]\nMontre une adresse et un port, octet par octet",
                   &texte, &texte_port);
    uint16_t port = lire_port(texte_port);

    /* Étape 1 : un nombre de deux octets se range de deux façons */
    uint16_t nombre = 325, reseau = htons(nombre), retourne; /* 325 = 0x0145 */
    montrer_octets("325 dans cette machine", &nombre, sizeof nombre);
    montrer_octets("325 sur le réseau", &reseau, sizeof reseau);
    retourne = (uint16_t)(nombre << 8 | nombre >> 8);
    printf("325 lu dans le mauvais sens : %u\n", retourne);

    /* Étape 2 : les quatre conversions (h : hôte, n : réseau, s : 16 bits, l : 32 bits) */
    printf("htons(%u) : %u\n", port, htons(port));
    printf("ntohs(htons(%u)) : %u\n", port, ntohs(htons(port)));
    uint32_t boucle = htonl(INADDR_LOOPBACK);
    montrer_octets("htonl(INADDR_LOOPBACK)", &boucle, sizeof boucle);
    printf("ntohl(htonl(INADDR_LOOPBACK)) : 0x%08x\n", ntohl(boucle));

    /* Étape 3 : du texte au binaire et retour ; 1 : c'est fait, 0 : ce n'est pas une adresse */
    int famille = strchr(texte, ':') ? AF_INET6 : AF_INET;
    unsigned char binaire[sizeof(struct in6_addr)]; /* la plus grande des deux */
    char relue[INET6_ADDRSTRLEN];
    if (inet_pton(famille, texte, binaire) != 1)
        refuser("adresse « %s » : ni IPv4 ni IPv6", texte);
    montrer_octets("inet_pton", binaire, famille == AF_INET6 ? 16 : 4);
    if (!inet_ntop(famille, binaire, relue, sizeof relue))
        echouer("inet_ntop");
    printf("inet_ntop : %s\n", relue);

    /* Étape 4 : pourquoi pas inet_aton ni inet_addr, plus anciennes */
    static const char *const textes[] = {"127.0.0.1", "010.1", "255.255.255.255", "n'importe quoi"};
    for (size_t i = 0; i < sizeof textes / sizeof textes[0]; i++) {
        struct in_addr ancienne;
        printf("« %s » : inet_pton %d, inet_aton %d,", textes[i],
               inet_pton(AF_INET, textes[i], &ancienne), inet_aton(textes[i], &ancienne));
        in_addr_t rendue = inet_addr(textes[i]);
        montrer_octets(" inet_addr", &rendue, sizeof rendue);
    }

    /* Étape 5 : l'adresse et le port dans leur structure ; puis où commence chaque champ */
    struct sockaddr_in adresse = {.sin_family = AF_INET, .sin_port = htons(port)};
    if (famille == AF_INET) {
        memcpy(&adresse.sin_addr, binaire, sizeof adresse.sin_addr);
        montrer_octets("struct sockaddr_in", &adresse, sizeof adresse);
    }
    printf("sockaddr : %zu octets\n    sa_family %zu, sa_data %zu\n", sizeof(struct sockaddr),
           OU(sockaddr, sa_family), OU(sockaddr, sa_data));
    printf("sockaddr_in : %zu octets\n    sin_family %zu, sin_port %zu, "
           "sin_addr %zu, sin_zero %zu\n",
           sizeof adresse, OU(sockaddr_in, sin_family), OU(sockaddr_in, sin_port),
           OU(sockaddr_in, sin_addr), OU(sockaddr_in, sin_zero));
    printf("sockaddr_in6 : %zu octets\n    sin6_family %zu, sin6_port %zu, sin6_flowinfo %zu, "
           "sin6_addr %zu, sin6_scope_id %zu\n",
           sizeof(struct sockaddr_in6), OU(sockaddr_in6, sin6_family), OU(sockaddr_in6, sin6_port),
           OU(sockaddr_in6, sin6_flowinfo), OU(sockaddr_in6, sin6_addr),
           OU(sockaddr_in6, sin6_scope_id));
    printf("sockaddr_un : %zu octets, sockaddr_storage : %zu octets\n", sizeof(struct sockaddr_un),
           sizeof(struct sockaddr_storage));
    return 0;
}
