/*
 * Demander une socket au noyau : socket()
 *
 *   ./tcp/01-socket
 *
 * En face : personne, rien ne circule encore.
 * À regarder : le descripteur, toujours le plus petit numéro libre ; le protocole que le noyau
 * choisit quand on passe 0 ; et ce que dit chaque refus.
 * SPDX-License-Identifier: MIT
 */
#define _DEFAULT_SOURCE /* SO_PROTOCOL, absent de POSIX */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/erreur.h"
#include "../common/programme.h"

/* Le texte et la valeur d'une constante, écrits une seule fois. */
#define CONSTANTE(nom) #nom, nom

static const struct essai {
    const char *texte_famille;
    int famille;
    const char *texte_type;
    int type;
    const char *texte_protocole;
    int protocole;
} essais[] = {
    /* Ce que le cours emploie */
    {CONSTANTE(AF_INET), CONSTANTE(SOCK_STREAM), CONSTANTE(0)},
    {CONSTANTE(AF_INET), CONSTANTE(SOCK_DGRAM), CONSTANTE(0)},
    {CONSTANTE(AF_INET6), CONSTANTE(SOCK_STREAM), CONSTANTE(0)},
    {CONSTANTE(AF_INET6), CONSTANTE(SOCK_DGRAM), CONSTANTE(0)},
    {CONSTANTE(AF_UNIX), CONSTANTE(SOCK_STREAM), CONSTANTE(0)},
    {CONSTANTE(AF_UNIX), CONSTANTE(SOCK_SEQPACKET), CONSTANTE(0)},
    /* Ce que le noyau refuse, et pourquoi */
    {CONSTANTE(999), CONSTANTE(SOCK_STREAM), CONSTANTE(0)},
    {CONSTANTE(AF_INET), CONSTANTE(SOCK_SEQPACKET), CONSTANTE(0)},
    {CONSTANTE(AF_INET), CONSTANTE(SOCK_STREAM), CONSTANTE(IPPROTO_UDP)},
    {CONSTANTE(AF_INET), CONSTANTE(SOCK_STREAM), CONSTANTE(999)},
    {CONSTANTE(AF_INET), CONSTANTE(999), CONSTANTE(0)},
};

int main(int argc, char *argv[])
{
    lire_arguments(argc, argv, "\nOuvre des sockets de plusieurs sortes, montre les refus", NULL);

    for (size_t i = 0; i < sizeof essais / sizeof essais[0]; i++) {
        const struct essai *e = &essais[i];

        /* Étape 1 : demander une socket */
        int descripteur = socket(e->famille, e->type, e->protocole);
        printf("socket(%s, %s, %s) : ", e->texte_famille, e->texte_type, e->texte_protocole);
        if (descripteur == -1) { /* -1 : le noyau refuse, errno dit pourquoi */
            printf("%s\n", texte_erreur(errno));
            continue;
        }

        /* Étape 2 : quel protocole le noyau a-t-il choisi ? (SO_PROTOCOL : propre à Linux) */
        int protocole;
        socklen_t taille = sizeof protocole;
        exiger("getsockopt", getsockopt(descripteur, SOL_SOCKET, SO_PROTOCOL, &protocole, &taille));
        printf("descripteur %d, protocole %d%s\n", descripteur, protocole,
               protocole == IPPROTO_TCP   ? " (TCP)"
               : protocole == IPPROTO_UDP ? " (UDP)"
                                          : "");

        /* Étape 3 : la rendre ; son numéro resservira à la suivante */
        exiger("close", close(descripteur));
    }
    return 0;
}
