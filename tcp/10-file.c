/*
 * La file d'attente, vue du serveur : le noyau la remplit, accept() en sort un client à la fois
 *
 *   ./tcp/10-file [-a adresse] [port [places]]
 *   Entrée : accept() ; un nombre d'abord : la longueur qu'on lui annonce ; Ctrl-D : la fin
 *
 * En face : scripts/foule.sh 3   (trois clients muets)
 * À regarder : la file grandit sans accept() ; la longueur change en chemin ; O_NONBLOCK se perd.
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* struct tcp_info, de Linux */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/affichage.h"
#include "../common/erreur.h"
#include "../common/programme.h"

enum { CLIENTS_MAX = 100 };

/* Ce que contient la file, et ses places ; moins que demandé, c'est le plafond de la machine. */
static void montrer_file(int socket_ecoute, unsigned demandees)
{
    struct tcp_info etat;
    socklen_t taille = sizeof etat;
    exiger("getsockopt", getsockopt(socket_ecoute, IPPROTO_TCP, TCP_INFO, &etat, &taille));
    char plafond[16] = "";
    int reglage = exiger("open", open("/proc/sys/net/core/somaxconn", O_RDONLY));
    exiger("read", (int)read(reglage, plafond, sizeof plafond - 1));
    exiger("close", close(reglage));
    unsigned places = etat.tcpi_sacked;
    printf("getsockopt : %u en file, %u places%s\n", etat.tcpi_unacked, places,
           places < demandees && places == strtoul(plafond, NULL, 10) ? " (autant que somaxconn)"
                                                                      : "");
}

int main(int argc, char *argv[])
{
    const char *adresse = "0.0.0.0", *port = "5000", *demande = "2";
    const char *usage = "[-a adresse] [port [places]]\nEntrée : accept() ; Ctrl-D : la fin";
    lire_arguments(argc, argv, usage, &adresse, &port, &demande);

    /* Étape 1 : une socket attachée, et qui n'attend pas : accept() rendra la main, file vide aussi */
    struct sockaddr_in locale = {
        .sin_family = AF_INET,
        .sin_port = htons(lire_port(port)),
        .sin_addr = lire_adresse(adresse),
    };
    unsigned places = (unsigned)lire_nombre("places", demande, 0, 1000000000);
    socklen_t taille = sizeof locale;
    int socket_ecoute = exiger("socket", socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)), oui = 1;
    exiger("setsockopt", setsockopt(socket_ecoute, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui));
    exiger("bind", bind(socket_ecoute, (struct sockaddr *)&locale, taille), &locale);
    exiger("getsockname", getsockname(socket_ecoute, (struct sockaddr *)&locale, &taille));
    char texte[TEXTE_ADRESSE];
    printf("bind : %s\n", texte_adresse(&locale, texte));

    /* Étape 2 : ouvrir la file ; le noyau y range des connexions, sans nous */
    exiger("listen", listen(socket_ecoute, (int)places), &locale);
    printf("listen : file de %u\n", places);
    montrer_file(socket_ecoute, places);

    /* Étape 3 : à chaque Entrée, le premier de la file ; il reste ouvert jusqu'à la fin */
    int clients[CLIENTS_MAX], nombre = 0;
    for (char tape[20]; nombre < CLIENTS_MAX && fgets(tape, sizeof tape, stdin);) {
        struct sockaddr_in client = {0};
        tape[strcspn(tape, "\n")] = '\0';
        taille = sizeof client; /* en entrant, la place offerte ; en sortant, celle qu'il fallait */
        if (*tape != '\0')
            taille = (socklen_t)lire_nombre("longueur", tape, -1, sizeof client);
        int dialogue = accept(socket_ecoute, (struct sockaddr *)&client, &taille);
        if (dialogue == -1) {
            signaler("accept");
        } else {
            clients[nombre++] = dialogue;
            printf("accept : %s, descripteur %d, longueur %u\n", texte_adresse(&client, texte),
                   dialogue, taille);

            /* Étape 4 : ce qu'il tient de la socket d'écoute : le port, mais pas O_NONBLOCK */
            taille = sizeof client;
            exiger("getsockname", getsockname(dialogue, (struct sockaddr *)&client, &taille));
            int drapeaux = exiger("fcntl", fcntl(dialogue, F_GETFL));
            printf("getsockname : %s\n", texte_adresse(&client, texte));
            printf("fcntl : %s O_NONBLOCK\n", drapeaux & O_NONBLOCK ? "avec" : "sans");
        }
        montrer_file(socket_ecoute, places);
    }
    exiger("fgets", ferror(stdin) ? -1 : 0);
    while (nombre > 0)
        exiger("close", close(clients[--nombre]));
    exiger("close", close(socket_ecoute));
    printf("close : descripteur %d\n", socket_ecoute);
    return 0;
}
