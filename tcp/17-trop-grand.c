/*
 * Un descripteur trop grand pour select() : FD_SETSIZE, à vérifier avant
 *
 *   ./tcp/17-trop-grand [numéro]      celui que l'on donne à la socket
 *
 * En face : personne, ce programme tient les deux bouts.
 * À regarder : 1023 tient dans un ensemble, 1024 non. select() n'en dirait rien : FD_SET() aurait
 * déjà écrit à côté.
 * SPDX-License-Identifier: MIT
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <unistd.h>

#include "../common/bouts.h"
#include "../common/erreur.h"
#include "../common/programme.h"
#pragma GCC diagnostic ignored "-Wsign-conversion" /* les macros FD_… de musl */

int main(int argc, char *argv[])
{
    const char *numero = "1024";
    lire_arguments(argc, argv, "[numéro]\nSurveille une socket de ce numéro", &numero);
    int voulu = (int)lire_nombre("numéro", numero, 5, 65535);

    /* Étape 1 : une socket à ce numéro, comme si tant de fichiers étaient déjà ouverts */
    int bout, autre;
    relier(&bout, &autre);
    struct rlimit limite;
    exiger("getrlimit", getrlimit(RLIMIT_NOFILE, &limite));
    limite.rlim_cur = limite.rlim_max; /* 1024, d'ordinaire : select() ne tient pas plus */
    exiger("setrlimit", setrlimit(RLIMIT_NOFILE, &limite));
    int s = exiger("fcntl", fcntl(bout, F_DUPFD, voulu));
    printf("fcntl : F_DUPFD, descripteur %d\n", s);

    /* Étape 2 : un ensemble est un tableau de FD_SETSIZE bits, et FD_SET() ne vérifie rien */
    if (s >= FD_SETSIZE) {
        printf("FD_SET : %d, trop grand : FD_SETSIZE vaut %d\n", s, FD_SETSIZE);
        return 0;
    }
    fd_set ecriture;
    FD_ZERO(&ecriture);
    FD_SET(s, &ecriture);

    /* Étape 3 : peut-on y écrire ? */
    int prets = exiger("select", select(s + 1, NULL, &ecriture, NULL, &(struct timeval){0}));
    printf("select : %d prête, %d\n", prets, FD_ISSET(s, &ecriture) ? s : -1);
    exiger("close", close(s));
    return 0; /* et le noyau ferme les deux bouts */
}
