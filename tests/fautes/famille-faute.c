/*
 * Faute : inet_addr, qui prend 010.1 pour une adresse, et 255.255.255.255 pour une erreur
 * Remplace : tcp/solutions/famille.c
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
        unsigned char binaire[sizeof(struct in6_addr)];
        const char *famille = "ni l'une ni l'autre";
        if (inet_addr(argv[i]) != INADDR_NONE)
            famille = "IPv4";
        else if (inet_pton(AF_INET6, argv[i], binaire) == 1)
            famille = "IPv6";
        else
            code = EXIT_FAILURE;
        printf("%s : %s\n", argv[i], famille);
    }
    return code;
}
