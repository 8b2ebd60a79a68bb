/*
 * Le propriétaire d'une socket : à qui vont SIGIO et SIGURG
 *
 *   ./tcp/18-proprietaire
 *
 * En face : personne, rien ne circule.
 * À regarder : fcntl() et ioctl() règlent la même chose, chacun avec ses mots, que l'autre ne comprend
 * pas ; un groupe s'écrit en négatif ; et l'on peut désigner n'importe qui.
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* F_SETOWN, O_ASYNC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/erreur.h"
#include "../common/programme.h"

static int s;

/* Un ioctl vient de désigner quelqu'un : montre ce que fcntl en relit. */
static void relire(const char *texte, int retour)
{
    if (retour == -1) {
        printf("%s : %s\n", texte, texte_erreur(errno));
        return;
    }
    errno = 0; /* un groupe 1 se lirait -1, sans échec */
    int lu = fcntl(s, F_GETOWN);
    exiger("fcntl", errno ? -1 : 0);
    printf("%s : F_GETOWN, %s\n", texte,
           lu == 0            ? "personne"
           : lu == getpid()   ? "nous"
           : lu == -getpgrp() ? "moins notre groupe"
           : lu == 1          ? "le processus 1"
                              : "un autre");
}

int main(int argc, char *argv[])
{
    lire_arguments(argc, argv, "\nMontre qui possède une socket, et qui peut l'être", NULL);
    s = exiger("socket", socket(AF_INET, SOCK_STREAM, 0));

    /* Étape 1 : une socket neuve n'a pas de propriétaire */
    int qui = -1;
    exiger("ioctl", ioctl(s, SIOCGPGRP, &qui));
    printf("SIOCGPGRP, socket neuve : %d\n", qui);

    /* Étape 2 : désigner, par ioctl ; FIOSETOWN et SIOCSPGRP sont deux noms pour la même chose */
    relire("SIOCSPGRP, nous", ioctl(s, SIOCSPGRP, &(pid_t){getpid()}));
    relire("SIOCSPGRP, moins notre groupe", ioctl(s, SIOCSPGRP, &(pid_t){-getpgrp()}));
    relire("FIOSETOWN, nous", ioctl(s, FIOSETOWN, &(pid_t){getpid()}));
    relire("FIOSETOWN, le processus 1", ioctl(s, FIOSETOWN, &(pid_t){1}));
    pid_t absent = 4194304; /* au-delà de tout numéro de processus */
    relire("SIOCSPGRP, un absent", ioctl(s, SIOCSPGRP, &absent));
    relire("SIOCSPGRP, personne", ioctl(s, SIOCSPGRP, &(pid_t){0}));

    /* Étape 3 : par fcntl, et relire par ioctl */
    exiger("fcntl", fcntl(s, F_SETOWN, getpid()));
    exiger("ioctl", ioctl(s, FIOGETOWN, &qui));
    printf("F_SETOWN, nous : FIOGETOWN, %s\n", qui == getpid() ? "nous" : "un autre");
    exiger("ioctl", ioctl(s, SIOCGPGRP, &qui));
    printf("F_SETOWN, nous : SIOCGPGRP, %s\n", qui == getpid() ? "nous" : "un autre");

    /* Étape 4 : le mot de l'un n'est pas celui de l'autre */
    qui = getpid();
    int retour = fcntl(s, (int)FIOSETOWN, qui);
    printf("fcntl(FIOSETOWN) : %s\n", retour == -1 ? texte_erreur(errno) : "accepté");
    retour = ioctl(s, F_SETOWN, &qui);
    printf("ioctl(F_SETOWN) : %s\n", retour == -1 ? texte_erreur(errno) : "accepté");

    /* Étape 5 : O_ASYNC, par ioctl : un entier, vrai ou faux */
    for (int oui = 1; oui >= 0; oui--) {
        exiger("ioctl", ioctl(s, FIOASYNC, &oui));
        int drapeaux = exiger("fcntl", fcntl(s, F_GETFL));
        printf("FIOASYNC, %d : O_ASYNC %s\n", oui, drapeaux & O_ASYNC ? "oui" : "non");
    }
    exiger("close", close(s));
    return 0;
}
