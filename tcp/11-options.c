/*
 * Lire les options d'une socket : getsockopt()
 *
 *   ./tcp/11-options [motif]     les options dont le nom contient ce motif ; sans lui, toutes
 *
 * En face : personne, rien ne circule.
 * À regarder : le niveau de chaque option ; sa valeur au départ, sur quatre sockets (- : refusée) ;
 * ce que répond setsockopt() quand on y repose la valeur lue, plus un si c'est un int.
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* strcasestr */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/erreur.h"
#include "../common/options.h"
#include "../common/programme.h"

static const struct sorte {
    const char *nom;
    int famille, type;
} sortes[] = {
    {"TCP", AF_INET, SOCK_STREAM},
    {"UDP", AF_INET, SOCK_DGRAM},
    {"TCP6", AF_INET6, SOCK_STREAM},
    {"UNIX", AF_UNIX, SOCK_STREAM},
};
enum { SORTES = sizeof sortes / sizeof sortes[0] };

static void montrer(const struct option_socket *o)
{
    const char *reponse = NULL;
    printf("%-17s %-7s", o->nom, o->type);
    for (int i = 0; i < SORTES; i++) {
        int s = exiger("socket", socket(sortes[i].famille, sortes[i].type, 0));

        /* Étape 1 : lire. « taille » dit la place offerte, puis ce que le noyau y a mis */
        int valeur[4] = {0}; /* assez pour un int, un nom d'interface, un timeval */
        socklen_t taille = sizeof valeur;
        int lue = getsockopt(s, o->niveau, o->numero, valeur, &taille);
        if (lue == -1)
            printf(" %-7s", "-");
        else if (taille == sizeof valeur[0])
            printf(" %-7d", valeur[0]);
        else
            printf(" %2d oct.", (int)taille);

        /* Étape 2 : poser, sur la première qui a cette option (à défaut, la dernière) */
        if (!reponse && (lue == 0 || i == SORTES - 1)) {
            valeur[0] += taille == sizeof valeur[0];
            int posee = setsockopt(s, o->niveau, o->numero, valeur, taille);
            reponse = posee == 0 ? "oui" : strchr(texte_erreur(errno), '[');
        }
        exiger("close", close(s));
    }
    printf(" %s\n", reponse);
}

int main(int argc, char *argv[])
{
    const char *motif = "", *niveau = "";
    lire_arguments(argc, argv, "[motif]\nLit des options, et essaie de les poser", &motif);

    for (const struct option_socket *o = options_socket; o->nom; o++) {
        if (!strcasestr(o->nom, motif))
            continue;
        if (strcmp(niveau, o->nom_niveau) != 0) { /* un niveau : une ligne de titre */
            niveau = o->nom_niveau;
            printf("%-12s = %-10d", niveau, o->niveau);
            for (int i = 0; i < SORTES; i++)
                printf(" %-7s", sortes[i].nom);
            printf(" la poser\n");
        }
        montrer(o);
    }
    if (niveau[0] == '\0')
        refuser("motif « %.200s » : aucune option de la table n'a ce nom", motif);
    return 0;
}
