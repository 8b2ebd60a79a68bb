/*
 * Des milliers de clients : epoll retient la liste, et ne rend que les prêts
 *
 *   ./tcp/24-serveur-epoll [-a adresse] [-d secondes] [-v] [port]
 *
 * En face : nc 127.0.0.1 5000   (et d'autres, en même temps)
 * Plusieurs : des dizaines de milliers à la fois, sans trace ; avec -v, une ligne par départ.
 * À regarder : la liste est dans le noyau. On la change d'un epoll_ctl ; à chaque tour epoll_wait
 * n'apporte que les sockets prêtes : dix mille clients muets ne coûtent rien.
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* epoll, propre à Linux */
#include <errno.h>
#include <stdbool.h>
#include <sys/epoll.h>

#include "../common/boucle.h"
#include "../common/erreur.h"
#include "../common/service.h"

enum { EVENEMENTS = 256 };

static int liste; /* de ce que l'on attend : le noyau la garde */

static bool surveiller(int s, enum attente attend)
{
    struct epoll_event prevu = {.data.fd = s};
    if (attend == FINIE)
        return true; /* close() l'ôtera de la liste */
    prevu.events = attend == LIRE ? EPOLLIN : attend == ECRIRE ? EPOLLOUT : 0;
    if (epoll_ctl(liste, EPOLL_CTL_ADD, s, &prevu) == 0)
        return true;
    return errno == EEXIST && epoll_ctl(liste, EPOLL_CTL_MOD, s, &prevu) == 0;
}

int main(int argc, char *argv[])
{
    /* Étape 1 : ce que tout serveur prépare avant son premier client */
    struct service service = preparer_service(argc, argv);
    int socket_ecoute = ecouter_partout(&service, false);

    /* Étape 2 : une liste dans le noyau ; la socket d'écoute y entre comme les autres */
    liste = exiger("epoll_create1", epoll_create1(EPOLL_CLOEXEC));
    boucle_ouvrir(socket_ecoute, service.descripteurs, surveiller, "epoll_ctl");
    annoncer_ecoute(socket_ecoute, service.descripteurs - liste - 1);

    while (boucle_continue()) {
        /* Étape 3 : attendre qu'une au moins soit prête */
        struct epoll_event pretes[EVENEMENTS];
        int n = epoll_pwait(liste, pretes, EVENEMENTS, TOUR_MS, &service.pendant_l_attente);
        if (n == -1 && errno != EINTR)
            echouer("epoll_pwait");

        /* Étape 4 : on ne voit qu'elles */
        for (int i = 0; i < n; i++)
            boucle_avancer(pretes[i].data.fd);
    }
    return 0;
}
