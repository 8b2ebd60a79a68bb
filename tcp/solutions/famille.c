/*
 * De quelle famille est cette adresse ? IPv4, IPv6, ou ni l'une ni l'autre
 *
 *   cc tcp/solutions/famille.c -o essais/famille
 *   essais/famille ADRESSE...
 *
 * En face : personne.
 * Rend 0 si toutes sont des adresses, 1 si l'une n'en est pas une.
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char *argv[])
{
    if (argc < 2) {
        fprintf(stderr, "usage : %s ADRESSE...\n", argv[0]);
        return 2;
    }
    int code = EXIT_SUCCESS;
    for (int i = 1; i < argc; i++) {
        unsigned char binaire[sizeof(struct in6_addr)]; /* la plus grande des deux */
        const char *famille = "ni l'une ni l'autre";
        if (inet_pton(AF_INET, argv[i], binaire) == 1)
            famille = "IPv4";
        else if (inet_pton(AF_INET6, argv[i], binaire) == 1)
            famille = "IPv6";
        else
            code = EXIT_FAILURE;
        printf("%s : %s\n", argv[i], famille);
    }
    return code;
}
