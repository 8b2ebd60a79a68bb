/*
 * Un serveur UDP répond de l'adresse appelée : IP_PKTINFO
 *
 *   ./udp/03-pktinfo [port]
 *
 * En face : nc -u 127.0.0.1 5000   (puis taper une ligne)
 * À regarder : l'appeler aussi en 127.0.0.2. Chaque datagramme arrive accompagné d'un message de
 * contrôle, l'adresse où il est arrivé ; la réponse repart avec le même, donc de cette adresse.
 * 02-serveur, lui, répondrait de 127.0.0.1. (Linux ; d'autres systèmes disent IP_RECVDSTADDR.)
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* struct in_pktinfo, absente de POSIX */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "../common/affichage.h"
#include "../common/erreur.h"
#include "../common/programme.h"

enum { LG_MESSAGE = 1024 };

int main(int argc, char *argv[])
{
    const char *port = "5000", *usage = "[port]\nRépond « ok », de l'adresse où on l'a appelé\n"
                                        "En face : nc -u 127.0.0.1 5000";
    lire_arguments(argc, argv, usage, &port);
    signal(SIGPIPE, SIG_IGN); /* voir tcp/06-serveur */
    struct sockaddr_in adresse = {.sin_family = AF_INET, .sin_port = htons(lire_port(port))};

    /* Étape 1 : demander, avec chaque datagramme, l'adresse où il arrive ; avant le premier */
    int oui = 1;
    int socket_serveur = exiger("socket", socket(AF_INET, SOCK_DGRAM, 0));
    printf("socket : descripteur %d\n", socket_serveur);
    exiger("setsockopt", setsockopt(socket_serveur, IPPROTO_IP, IP_PKTINFO, &oui, sizeof oui));
    printf("setsockopt : IP_PKTINFO\n");

    /* Étape 2 : s'attacher à toutes les adresses (0.0.0.0), comme 02-serveur */
    socklen_t taille = sizeof adresse;
    char texte[TEXTE_ADRESSE];
    exiger("bind", bind(socket_serveur, (struct sockaddr *)&adresse, taille), &adresse);
    exiger("getsockname", getsockname(socket_serveur, (struct sockaddr *)&adresse, &taille));
    printf("bind : %s\n", texte_adresse(&adresse, texte));

    for (;;) {
        verifier_trace();

        /* Étape 3 : recevoir le message, son expéditeur, et le message de contrôle */
        char message[LG_MESSAGE], appelee[INET_ADDRSTRLEN];
        struct sockaddr_in client;
        struct iovec morceau = {.iov_base = message, .iov_len = sizeof message};
        union { /* la place du contrôle, alignée comme il faut */
            char octets[CMSG_SPACE(sizeof(struct in_pktinfo))];
            struct cmsghdr entete;
        } controle;
        struct msghdr lettre = {
            .msg_name = &client,
            .msg_namelen = sizeof client,
            .msg_iov = &morceau,
            .msg_iovlen = 1,
            .msg_control = &controle,
            .msg_controllen = sizeof controle,
        };
        ssize_t n = recvmsg(socket_serveur, &lettre, MSG_TRUNC);
        if (n == -1) { /* un signal, par exemple : le serveur continue */
            signaler("recvmsg", &adresse);
            poll(NULL, 0, 100); /* si l'erreur dure, ne pas tourner à vide */
            continue;
        }
        struct cmsghdr *entete = CMSG_FIRSTHDR(&lettre);
        if (!entete) /* le noyau l'a promis ; sans lui, d'où répondre ? */
            continue;
        struct in_pktinfo *info = (struct in_pktinfo *)(void *)CMSG_DATA(entete);
        size_t gardes = (size_t)n < sizeof message ? (size_t)n : sizeof message;
        printf("recvmsg : %s, arrivé en %s\n", texte_adresse(&client, texte),
               inet_ntop(AF_INET, &info->ipi_addr, appelee, sizeof appelee));
        afficher_octets("message", message, gardes);
        if ((size_t)n > gardes)
            printf("message tronqué : %zd octets envoyés, %zu gardés\n", n, gardes);
        if (n >= 2 && n <= 3 && memcmp(message, "ok\n", (size_t)n) == 0) {
            printf("ignoré : une réponse n'appelle pas de réponse\n"); /* voir 02-serveur */
            continue;
        }

        /* Étape 4 : répondre avec ce contrôle : de cette adresse, par la route qui convient */
        info->ipi_ifindex = 0; /* ipi_spec_dst, lui, est déjà l'adresse d'où répondre */
        inet_ntop(AF_INET, &info->ipi_spec_dst, appelee, sizeof appelee);
        morceau = (struct iovec){.iov_base = (char[]){"ok\n"}, .iov_len = 3};
        if (sendmsg(socket_serveur, &lettre, 0) == -1)
            signaler("sendmsg", &client); /* ce client seulement */
        else
            printf("sendmsg : %s, « ok », de %s\n", texte, appelee);
    }
}
