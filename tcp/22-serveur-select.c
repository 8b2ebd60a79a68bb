/*
 * Une boucle pour tous : select attend à la fois chaque client et le suivant
 *
 *   ./tcp/22-serveur-select [-a adresse] [-d secondes] [-v] [port]
 *
 * En face : nc 127.0.0.1 5000   (et d'autres, en même temps)
 * Plusieurs : un millier à la fois, sans trace ; avec -v, une ligne chacun, à son départ.
 * À regarder : un seul fil, et personne n'attend personne. Mais un ensemble n'a que FD_SETSIZE
 * places, 1024 : le client de trop est refusé, et le sait ; y écrire plus loin ruinerait la mémoire.
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stdbool.h>
#include <sys/select.h>

#include "../common/boucle.h"
#include "../common/erreur.h"
#include "../common/service.h"

#pragma GCC diagnostic ignored "-Wsign-conversion" /* les macros FD_… de musl */

static fd_set a_lire, a_ecrire; /* ce que l'on attend ; select reçoit des copies, qu'il change */
static int haut;                /* passé la plus grande des sockets */

static bool surveiller(int s, enum attente attend)
{
    if (s >= FD_SETSIZE) {
        errno = ERANGE; /* FD_SET écrirait à côté de l'ensemble */
        return false;
    }
    haut = s >= haut ? s + 1 : haut;
    FD_CLR(s, &a_lire);
    FD_CLR(s, &a_ecrire);
    if (attend == LIRE)
        FD_SET(s, &a_lire);
    if (attend == ECRIRE)
        FD_SET(s, &a_ecrire);
    return true;
}

int main(int argc, char *argv[])
{
    /* Étape 1 : ce que tout serveur prépare avant son premier client */
    struct service service = preparer_service(argc, argv);
    int socket_ecoute = ecouter_partout(&service, false);

    /* Étape 2 : deux ensembles ; la socket d'écoute y entre comme les autres */
    boucle_ouvrir(socket_ecoute, service.descripteurs, surveiller, "FD_SET");
    int places = service.descripteurs < FD_SETSIZE ? service.descripteurs : FD_SETSIZE;
    annoncer_ecoute(socket_ecoute, places - socket_ecoute - 1);

    while (boucle_continue()) {
        /* Étape 3 : attendre qu'une au moins soit prête */
        fd_set lisibles = a_lire, inscriptibles = a_ecrire;
        struct timespec un_tour = {.tv_sec = TOUR_MS / 1000};
        int n =
            pselect(haut, &lisibles, &inscriptibles, NULL, &un_tour, &service.pendant_l_attente);
        if (n == -1 && errno != EINTR)
            echouer("pselect");

        /* Étape 4 : les voir toutes, pour trouver lesquelles */
        for (int s = 0; n > 0 && s < haut; s++)
            if (FD_ISSET(s, &lisibles) || FD_ISSET(s, &inscriptibles))
                boucle_avancer(s);
    }
    return 0;
}
