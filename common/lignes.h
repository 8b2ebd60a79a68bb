/*
 * SPDX-License-Identifier: MIT
 *
 * D'un flux d'octets à des lignes, sans entrée ni sortie : on ajoute ce qui arrive, par morceaux
 * quelconques ; on retire les lignes, les mêmes quelle que soit la coupe.
 *
 *   struct lignes recues = {.longueur_max = 1024};
 *   lignes_ajouter(&recues, morceau, n);
 *   while (lignes_retirer(&recues, &ligne, &longueur) == LIGNE_ENTIERE) { … }
 *
 * N'est gardé que ce qui attend sa suite : une connexion qui se tait ne coûte que la structure.
 */
#ifndef LIGNES_H
#define LIGNES_H

#include <stdbool.h>
#include <stddef.h>

struct lignes {
    size_t longueur_max; /* de la plus longue ligne admise, sans sa fin ; au choix de l'appelant */
    char *octets;        /* et le reste, à zéro au départ, est l'affaire de lignes.c : */
    size_t debut, fin;   /* en attente : octets[debut] à octets[fin - 1] */
    size_t vus;          /* parmi eux, les premiers, où l'on sait qu'il n'y a pas de \n */
    bool trop_longue;    /* la ligne en cours a été refusée : la jeter jusqu'à son \n */
};

enum ligne { LIGNE_AUCUNE, LIGNE_ENTIERE, LIGNE_TROP_LONGUE };

/* Ajoute « taille » octets. Rend faux, errno à ENOMEM et rien d'ajouté, si la mémoire manque. */
bool lignes_ajouter(struct lignes *l, const void *octets, size_t taille);

/* Retire la ligne suivante, sans sa fin (\n ou \r\n) ni zéro final : LIGNE_ENTIERE ; LIGNE_AUCUNE
 * s'il manque sa fin, sauf à la fin du flux (« fini »), où une dernière ligne sans \n compte ;
 * LIGNE_TROP_LONGUE, une fois, dès que la limite est passée : « *ligne » en montre le début, le
 * reste est jeté jusqu'au \n. « *ligne » appartient à « l », jusqu'au prochain appel. */
enum ligne lignes_retirer(struct lignes *l, bool fini, const char **ligne, size_t *longueur);

/* Rend la mémoire ; « l » peut resservir, vide. */
void lignes_liberer(struct lignes *l);

#endif
