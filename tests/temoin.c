/*
 * Le témoin des tests : montre ce que rendent texte_erreur(), signaler() et afficher_octets().
 *
 *   temoin texte NUMÉRO                    le texte d'un errno
 *   temoin errno NUMÉRO [APPEL [FAMILLE]]  le message entier, deux fois de suite
 *   temoin eai CODE [ERRNO]                celui de getaddrinfo
 *   temoin conseils                        tous, chacun une fois
 *   temoin octets                          l'affichage de l'entrée
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "../common/affichage.h"
#include "../common/programme.h"
#include "../common/erreur.h"

int main(int argc, char *argv[])
{
    static char octets[4096];
    memset(octets, 0x80,
           sizeof octets); /* au-delà de l'entrée : de quoi tromper une lecture trop longue */
    int numero = argc > 2 ? atoi(argv[2]) : 0;
    errno = numero;
    if (argc == 3 && strcmp(argv[1], "texte") == 0) { /* le texte d'un errno */
        printf("%s\n", texte_erreur(numero));
    } else if (argc > 2 &&
               strcmp(argv[1], "errno") == 0) { /* NUMÉRO [APPEL [FAMILLE]] : le message entier */
        struct sockaddr_storage a = {.ss_family =
                                         (sa_family_t)(argc > 4 ? atoi(argv[4]) : AF_INET)};
        for (int fois = 0; fois < 2; fois++)
            signaler(argc > 3 ? argv[3] : "appel", &a);
        return errno == numero ? 0 : 3;
    } else if (argc > 2 && strcmp(argv[1], "eai") == 0) { /* celui de getaddrinfo : CODE [ERRNO] */
        errno = argc > 3 ? atoi(argv[3]) : 0;
        exiger_resolution("appel", numero);
    } else if (argc == 2 && strcmp(argv[1], "conseils") == 0) { /* tous, chacun une fois */
        const char *appels[] = {"appel", "bind", "connect", "accept", "sendto", "sortie standard"};
        for (numero = -20; numero < 134; numero++)
            for (size_t i = 0; i < sizeof appels / sizeof appels[0]; i++) {
                errno = numero;
                signaler(appels[i]);
            }
    } else if (argc == 2 && strcmp(argv[1], "octets") == 0) { /* l'affichage de l'entrée */
        afficher_octets("recv", octets, fread(octets, 1, sizeof octets, stdin));
    } else {
        return 2;
    }
    return 0;
}
