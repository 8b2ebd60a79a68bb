/*
 * Une boucle pour tous, sans la borne de select : poll, et son tableau
 *
 *   ./tcp/23-serveur-poll [-a adresse] [-d secondes] [-v] [port]
 *
 * En face : nc 127.0.0.1 5000   (et d'autres, en même temps)
 * Plusieurs : des milliers à la fois, sans trace ; avec -v, une ligne chacun, à son départ.
 * À regarder : le tableau grandit avec les clients, sans borne. Mais à chaque tour il passe tout
 * entier au noyau, et l'on relit toutes ses cases : dix mille clients muets se paient.
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* ppoll */
#include <errno.h>
#include <stdbool.h>
#include <poll.h>
#include <stdlib.h>

#include "../common/boucle.h"
#include "../common/erreur.h"
#include "../common/service.h"

static struct pollfd *surveillees; /* ce que l'on attend, et ce que poll rend */
static int haut;                   /* passé la plus grande des sockets */

static bool surveiller(int s, enum attente attend)
{
    for (; haut <= s; haut++)
        surveillees[haut].fd = -1; /* poll passe les cases négatives */
    surveillees[s] = (struct pollfd){.fd = attend == FINIE || attend == RIEN ? -1 : s,
                                     .events = attend == ECRIRE ? POLLOUT : POLLIN};
    while (haut > 0 && surveillees[haut - 1].fd == -1)
        haut--; /* la fin du tableau, vide : autant que poll n'a pas à relire */
    return true;
}

int main(int argc, char *argv[])
{
    /* Étape 1 : ce que tout serveur prépare avant son premier client */
    struct service service = preparer_service(argc, argv);
    int socket_ecoute = ecouter_partout(&service, false);

    /* Étape 2 : un tableau ; la socket d'écoute y entre comme les autres */
    surveillees = calloc((size_t)service.descripteurs, sizeof *surveillees);
    if (!surveillees)
        echouer("calloc");
    boucle_ouvrir(socket_ecoute, service.descripteurs, surveiller, "poll");
    annoncer_ecoute(socket_ecoute, service.descripteurs - socket_ecoute - 1);

    while (boucle_continue()) {
        /* Étape 3 : attendre qu'une au moins soit prête */
        struct timespec un_tour = {.tv_sec = TOUR_MS / 1000};
        int n = ppoll(surveillees, (nfds_t)haut, &un_tour, &service.pendant_l_attente);
        if (n == -1 && errno != EINTR)
            echouer("ppoll");

        /* Étape 4 : les voir toutes, pour trouver lesquelles */
        for (int s = 0; n > 0 && s < haut; s++)
            if (surveillees[s].revents != 0)
                boucle_avancer(s);
    }
    return 0;
}
