/*
 * Toutes les sortes de sockets : ce que le noyau en donne, ou pourquoi il refuse
 *
 *   ./tcp/01-sortes [motif]
 *
 *   ./tcp/01-sortes RAW     les lignes où se lit RAW, seulement
 *
 * En face : personne, rien ne circule.
 * À regarder : SO_DOMAIN, SO_TYPE et SO_PROTOCOL relus après coup. Ce que l'on a demandé et ce que
 * l'on a reçu ne sont pas toujours pareils. Certaines demandent un privilège : EPERM, ou EACCES.
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* SOCK_PACKET et IPPROTO_MPTCP, propres à Linux */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/erreur.h"
#include "../common/programme.h"

#ifndef IPPROTO_MPTCP /* les en-têtes de musl l'ignorent encore */
#define IPPROTO_MPTCP 262
#endif

/* Le texte et les valeurs d'une demande, écrits une seule fois. */
#define SORTE(famille, type, protocole)                                                            \
    {                                                                                              \
        "socket(" #famille ", " #type ", " #protocole ")", famille, type, protocole                \
    }

static const struct sorte {
    const char *texte;
    int famille, type, protocole;
} sortes[] = {
    SORTE(AF_INET, SOCK_STREAM, 0),
    SORTE(AF_INET6, SOCK_STREAM, 0),
    SORTE(AF_UNIX, SOCK_STREAM, 0),
    SORTE(PF_INET, SOCK_STREAM, IPPROTO_TCP),
    SORTE(AF_INET, SOCK_STREAM, IPPROTO_MPTCP),
    SORTE(AF_INET, SOCK_DGRAM, 0),
    SORTE(AF_INET, SOCK_DGRAM, IPPROTO_ICMP),
    SORTE(AF_UNIX, SOCK_SEQPACKET, 0),
    SORTE(AF_INET, SOCK_RAW, 0),
    SORTE(AF_INET, SOCK_RAW, IPPROTO_ICMP),
    SORTE(AF_INET, SOCK_RDM, 0),
    SORTE(AF_UNIX, SOCK_RDM, 0),
    SORTE(AF_INET, SOCK_PACKET, 0),
    SORTE(AF_PACKET, SOCK_RAW, 0),
    SORTE(AF_APPLETALK, SOCK_DGRAM, 0),
    SORTE(AF_IPX, SOCK_DGRAM, 0),
    SORTE(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0),
    SORTE(AF_INET, SOCK_STREAM | 0x100000, 0),
};

static int lire_option(int descripteur, int option)
{
    int valeur = 0;
    socklen_t taille = sizeof valeur;
    exiger("getsockopt", getsockopt(descripteur, SOL_SOCKET, option, &valeur, &taille));
    return valeur;
}

int main(int argc, char *argv[])
{
    const char *motif = "";
    lire_arguments(argc, argv, "[motif]\nDemande au noyau toutes les sortes de sockets", &motif);

    int demandees = 0;
    for (size_t i = 0; i < sizeof sortes / sizeof sortes[0]; i++) {
        const struct sorte *s = &sortes[i];
        if (!strstr(s->texte, motif))
            continue;
        demandees++;

        /* Étape 1 : demander */
        int descripteur = socket(s->famille, s->type, s->protocole);
        if (descripteur == -1) {
            printf("%s : %s\n", s->texte, texte_erreur(errno));
            continue;
        }

        /* Étape 2 : relire ce que l'on a reçu */
        printf("%s : domaine %d, type %d, protocole %d%s\n", s->texte,
               lire_option(descripteur, SO_DOMAIN), lire_option(descripteur, SO_TYPE),
               lire_option(descripteur, SO_PROTOCOL),
               exiger("fcntl", fcntl(descripteur, F_GETFD)) & FD_CLOEXEC ? ", FD_CLOEXEC" : "");
        exiger("close", close(descripteur));
    }
    if (demandees == 0)
        refuser("motif « %.200s » : il ne se lit dans aucune ligne", motif);
    return 0;
}
