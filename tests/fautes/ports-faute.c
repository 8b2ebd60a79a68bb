/*
 * Faute : close oublié : chaque essai garde un descripteur, et il finit par n'y en avoir plus
 * Remplace : tcp/solutions/ports.c
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

int main(int argc, char *argv[])
{
    struct sockaddr_in serveur = {.sin_family = AF_INET};
    long premier = argc == 4 ? strtol(argv[2], NULL, 10) : 0;
    long dernier = argc == 4 ? strtol(argv[3], NULL, 10) : 0;
    if (premier < 1 || dernier < premier || dernier > 65535 ||
        inet_pton(AF_INET, argv[1], &serveur.sin_addr) != 1) {
        fprintf(stderr, "usage : %s ADRESSE PREMIER DERNIER\n", argv[0]);
        return 2;
    }

    for (long port = premier; port <= dernier; port++) {
        int s = socket(AF_INET, SOCK_STREAM, 0); /* à chaque essai la sienne */
        if (s == -1) { perror("socket"); return 1; }
        serveur.sin_port = htons((in_port_t)port);
        int retour = connect(s, (struct sockaddr *)&serveur, sizeof serveur);
        if (retour == -1 && errno != ECONNREFUSED) { perror("connect"); return 1; }
        printf("%ld : %s\n", port, retour == 0 ? "ouvert" : "fermé");
    }
    return 0;
}
