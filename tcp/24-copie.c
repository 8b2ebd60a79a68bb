/*
 * epoll veille sur une socket, non sur son numéro : l'événement d'un descripteur fermé
 *
 *   ./tcp/24-copie
 *
 * En face : personne, ce programme tient les deux bouts.
 * À regarder : tant qu'une copie de la socket vit (dup, ou celle qu'emporte un fork), close n'ôte
 * rien de la liste : epoll_wait parle d'un numéro fermé, et plus personne ne peut l'en ôter.
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/bouts.h"
#include "../common/erreur.h"
#include "../common/programme.h"

enum { PATIENCE_MS = 100 };

static void guetter(int veille)
{
    struct epoll_event venu;
    int prets;
    do
        prets = epoll_wait(veille, &venu, 1, PATIENCE_MS);
    while (prets == -1 && errno == EINTR);
    if (exiger("epoll_wait", prets) == 0)
        printf("epoll_wait : rien\n");
    else
        printf("epoll_wait : descripteur %d\n", venu.data.fd);
}

/* Un appel dont on attend l'échec : le montre. */
static void essai(const char *appel, long retour, int prevue)
{
    exiger(appel, retour == -1 && errno != prevue ? -1 : 0);
    printf("    %s : %s\n", appel, retour == -1 ? texte_erreur(errno) : "réussit");
}

int main(int argc, char *argv[])
{
    lire_arguments(argc, argv,
                   "\nFerme une socket qu'epoll surveille, et dont vit une copie\n"
                   "En face : personne",
                   NULL);

    /* Étape 1 : une socket, confiée à epoll sous son numéro */
    int ici, autre, veille = exiger("epoll_create1", epoll_create1(0));
    relier(&ici, &autre);
    struct epoll_event demande = {.events = EPOLLIN, .data.fd = ici};
    exiger("epoll_ctl", epoll_ctl(veille, EPOLL_CTL_ADD, ici, &demande));
    printf("epoll_ctl : EPOLL_CTL_ADD, descripteur %d\n", ici);

    /* Étape 2 : une copie, comme en emporte un fork() ; puis on ferme, et l'on croit en avoir fini */
    int copie = exiger("dup", dup(ici));
    printf("dup : descripteur %d\n", copie);
    exiger("close", close(ici));
    printf("close : descripteur %d\n", ici);

    /* Étape 3 : un octet arrive, sur la socket ; on ne peut ni le lire, ni ôter le numéro */
    exiger("send", (int)send(autre, "x", 1, MSG_NOSIGNAL));
    guetter(veille);
    char octet;
    essai("recv", recv(ici, &octet, 1, MSG_DONTWAIT), EBADF);
    essai("epoll_ctl, EPOLL_CTL_DEL", epoll_ctl(veille, EPOLL_CTL_DEL, ici, NULL), EBADF);
    essai("de même, la copie", epoll_ctl(veille, EPOLL_CTL_DEL, copie, NULL), ENOENT);
    guetter(veille);

    /* Étape 4 : la dernière copie fermée, la socket n'est plus, et epoll l'oublie */
    exiger("close", close(copie));
    printf("close : descripteur %d\n", copie);
    guetter(veille);
    exiger("close", close(autre) | close(veille));
    return 0;
}
