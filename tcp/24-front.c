/*
 * epoll, par niveau ou par front (EPOLLET) : l'événement que l'on perd en lisant à moitié
 *
 *   ./tcp/24-front [manière [octets]]      niveau, front, jusqu-au-bout, deux-sens, une-fois
 *
 * En face : personne, ce programme tient les deux bouts.
 * À regarder : dix octets arrivent, un recv en prend quatre. Par niveau, epoll_wait redit qu'il en
 * reste ; par front, il ne dit que les arrivées, et ce reste attend la suivante.
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/bouts.h"
#include "../common/erreur.h"
#include "../common/programme.h"

enum { ARRIVENT = 10, PATIENCE_MS = 100 };
static const struct maniere {
    const char *nom;
    unsigned evenements;
    bool jusqu_au_bout; /* à chaque événement : recv() tant qu'il y a de quoi, ou une seule fois */
} manieres[] = {
    {"niveau", EPOLLIN, false},
    {"front", EPOLLIN | EPOLLET, false},
    {"jusqu-au-bout", EPOLLIN | EPOLLET, true},
    {"deux-sens", EPOLLIN | EPOLLOUT | EPOLLET, true},
    {"une-fois", EPOLLIN | EPOLLONESHOT, false},
};

/* Étape 1 : attendre un événement ; rend ce qui est venu, 0 si rien */
static unsigned attendre_evenement(int veille)
{
    struct epoll_event venu = {0};
    while (epoll_wait(veille, &venu, 1, PATIENCE_MS) == -1)
        exiger("epoll_wait", errno == EINTR ? 0 : -1);
    printf("    epoll_wait : %s%s\n", venu.events & EPOLLIN ? "EPOLLIN" : "rien",
           venu.events & EPOLLOUT ? "|EPOLLOUT" : "");
    return venu.events;
}

/* Étape 2 : la boucle d'un serveur, qui s'arrête quand rien ne vient ; rend ce qui reste à lire */
static int tourner(int veille, int s, const struct maniere *m, size_t morceau)
{
    char octets[ARRIVENT];
    int reste;
    while (attendre_evenement(veille) & EPOLLIN) {
        ssize_t lus;
        do { /* sans jamais attendre : EAGAIN, quand il n'y a plus rien */
            lus = recv(s, octets, morceau, MSG_DONTWAIT);
            exiger("recv", lus == -1 && errno != EAGAIN ? -1 : 0);
            lus == -1 ? puts("    recv : EAGAIN") : printf("    recv : %zd\n", lus);
        } while (m->jusqu_au_bout && lus > 0);
    }
    exiger("ioctl", ioctl(s, FIONREAD, &reste));
    printf("    ioctl : FIONREAD, %d à lire\n", reste);
    return reste;
}

int main(int argc, char *argv[])
{
    const char *voulue = NULL, *octets = "4";
    const char *usage = "[manière [octets]]\nDix octets arrivent, chaque recv en prend quatre\n"
                        "manière : niveau, front, jusqu-au-bout, deux-sens, une-fois";
    lire_arguments(argc, argv, usage, &voulue, &octets);
    size_t morceau = (size_t)lire_nombre("octets", octets, 1, ARRIVENT), jouees = 0;
    for (const struct maniere *m = manieres; m < manieres + sizeof manieres / sizeof *m; m++) {
        if (voulue != NULL && strcmp(voulue, m->nom) != 0)
            continue;
        jouees++;

        /* Étape 3 : confier une socket à epoll, puis lui faire venir dix octets */
        int ici, autre, veille = exiger("epoll_create1", epoll_create1(0));
        relier(&ici, &autre);
        struct epoll_event demande = {.events = m->evenements, .data.fd = ici};
        exiger("epoll_ctl", epoll_ctl(veille, EPOLL_CTL_ADD, ici, &demande));
        printf("%s : dix octets arrivent\n", m->nom);
        exiger("send", (int)send(autre, "0123456789", ARRIVENT, MSG_NOSIGNAL));

        /* Étape 4 : s'il en reste, une autre arrivée le fera dire ; une-fois, il faut redemander */
        if (tourner(veille, ici, m, morceau) > 0) {
            bool redemander = m->evenements & EPOLLONESHOT;
            const char *appel = redemander ? "epoll_ctl" : "send";
            printf("%s : %s\n", appel, redemander ? "EPOLL_CTL_MOD" : "un octet de plus");
            exiger(appel, redemander ? epoll_ctl(veille, EPOLL_CTL_MOD, ici, &demande)
                                     : (int)send(autre, "x", 1, MSG_NOSIGNAL));
            tourner(veille, ici, m, morceau);
        }
        exiger("close", close(ici) | close(autre) | close(veille));
    }
    if (jouees == 0)
        refuser("manière inconnue « %s »", voulue);
    return 0;
}
