/*
 * Les mêmes appels, hors du flux : un tube, des datagrammes, la file d'erreurs
 *
 *   ./tcp/08-hors-flux
 *
 * En face : personne, le programme tient tous les bouts.
 * À regarder : chaque ligne est l'appel, tel qu'il est écrit, puis ce qu'il rend. La file d'erreurs
 * rend deux choses : l'erreur, à part, et le datagramme qu'elle concerne.
 * SPDX-License-Identifier: MIT
 */
#define _DEFAULT_SOURCE /* IP_RECVERR, propre à Linux */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/affichage.h"
#include "../common/erreur.h"
#include "../common/programme.h"

/* Fait cet appel, montre, sous son texte même, ce qu'il rend, et s'arrête si ce n'est pas l'attendu. */
#define FAIRE(attendu, appel) montrer(#appel, appel, attendu)

static void montrer(const char *appel, ssize_t rendu, ssize_t attendu)
{
    if ((rendu == -1 ? -errno : rendu) != attendu)
        rendu == -1 ? echouer(appel) : abandonner("%s : %zd, inattendu", appel, rendu);
    if (rendu == -1)
        printf("%s : %s\n", appel, texte_erreur(errno));
    else
        printf("%s : %zd\n", appel, rendu);
}

int main(int argc, char *argv[])
{
    lire_arguments(argc, argv, "\nEssaie les appels d'échange sur un tube, et en UDP", NULL);
    char m[100];

    /* Étape 1 : un tube n'est pas une socket */
    int tube[2];
    exiger("pipe", pipe(tube));
    FAIRE(-ENOTSOCK, send(tube[1], "a", 1, 0));
    FAIRE(-ENOTSOCK, recv(tube[0], m, 1, 0));
    FAIRE(1, write(tube[1], "a", 1));
    FAIRE(1, read(tube[0], m, 1));
    exiger("close", close(tube[0]));
    exiger("close", close(tube[1]));

    /* Étape 2 : en UDP, un envoi est un datagramme ; et recv() n'y demande pas de connexion */
    struct sockaddr_in adresse = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t taille = sizeof adresse;
    int boite = exiger("socket", socket(AF_INET, SOCK_DGRAM, 0));
    int udp = exiger("socket", socket(AF_INET, SOCK_DGRAM, 0));
    exiger("bind", bind(boite, (struct sockaddr *)&adresse, taille), &adresse);
    exiger("getsockname", getsockname(boite, (struct sockaddr *)&adresse, &taille));
    FAIRE(-EDESTADDRREQ, send(udp, "ab", 2, 0));
    exiger("connect", connect(udp, (struct sockaddr *)&adresse, taille), &adresse);
    FAIRE(2, send(udp, "ab", 2, 0));
    FAIRE(2, recv(boite, m, 10, MSG_WAITALL));
    FAIRE(2, send(udp, "ab", 2, 0));
    FAIRE(0, read(boite, m, 0));
    FAIRE(2, recv(boite, m, 10, MSG_PEEK));
    FAIRE(0, recv(boite, m, 0, 0));
    FAIRE(-EAGAIN, recv(boite, m, 10, MSG_DONTWAIT));
    FAIRE(1, send(udp, "a", 1, MSG_MORE));
    FAIRE(1, send(udp, "b", 1, 0));
    FAIRE(2, recv(boite, m, 10, 0));

    /* Étape 3 : IP_RECVERR garde les erreurs dans une file, que seul recvmsg() sait lire entière */
    int oui = 1;
    exiger("close", close(boite)); /* plus personne à ce port : l'envoi provoquera un refus */
    exiger("setsockopt", setsockopt(udp, IPPROTO_IP, IP_RECVERR, &oui, sizeof oui));
    FAIRE(5, send(udp, "perdu", 5, 0));
    exiger("poll", poll(&(struct pollfd){.fd = udp}, 1, 1000)); /* POLLERR */
    _Alignas(struct cmsghdr) char tampon[512]; /* des octets, mais lus comme des structures */
    struct iovec zone = {.iov_base = m, .iov_len = sizeof m};
    struct msghdr retour = {.msg_iov = &zone, .msg_iovlen = 1};
    retour.msg_control = tampon;
    retour.msg_controllen = sizeof tampon;
    FAIRE(5, recvmsg(udp, &retour, MSG_ERRQUEUE));
    struct cmsghdr *c = CMSG_FIRSTHDR(&retour);
    if (c && c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) {
        uint32_t erreur; /* le premier champ de struct sock_extended_err, de <linux/errqueue.h> */
        memcpy(&erreur, CMSG_DATA(c), sizeof erreur);
        printf("IP_RECVERR, type %d : %s\n", c->cmsg_type, texte_erreur((int)erreur));
        afficher_octets("le datagramme", m, 5);
    }
    exiger("close", close(udp));
    return 0;
}
