/* SPDX-License-Identifier: MIT */
#include "lignes.h"

#include <stdlib.h>
#include <string.h>

/* Ne garde que les octets en attente : au début, et sans place perdue. */
static void tasser(struct lignes *l)
{
    size_t attente = l->fin - l->debut;
    char *juste = NULL;
    if (l->debut == 0 || (attente > 0 && !(juste = malloc(attente))))
        return; /* rien de perdu, ou pas de mémoire : l'ancienne place reste bonne */
    if (juste)  /* plutôt que realloc(), qui garderait toute une page */
        memcpy(juste, l->octets + l->debut, attente);
    free(l->octets);
    l->octets = juste;
    l->debut = 0;
    l->fin = attente;
}

bool lignes_ajouter(struct lignes *l, const void *octets, size_t taille)
{
    if (taille == 0)
        return true;
    tasser(l);
    char *plus = realloc(l->octets, l->fin + taille);
    if (!plus)
        return false;
    memcpy(plus + l->fin, octets, taille);
    l->octets = plus;
    l->fin += taille;
    return true;
}

/* Montre les « longueur » octets en tête, et passe « pris » octets. */
static enum ligne montrer(struct lignes *l, size_t longueur, size_t pris, const char **ligne,
                          size_t *montres)
{
    bool admise = longueur <= l->longueur_max;
    *ligne = l->octets + l->debut;
    *montres = admise ? longueur : l->longueur_max;
    l->debut += pris;
    l->vus = 0;
    return admise ? LIGNE_ENTIERE : LIGNE_TROP_LONGUE;
}

enum ligne lignes_retirer(struct lignes *l, bool fini, const char **ligne, size_t *longueur)
{
    while (l->debut < l->fin) {
        char *tete = l->octets + l->debut;
        size_t attente = l->fin - l->debut;
        char *saut = memchr(tete + l->vus, '\n', attente - l->vus);
        size_t avant = saut ? (size_t)(saut - tete) : attente; /* les octets avant le \n */
        if (l->trop_longue) {                                  /* la fin d'une ligne refusée */
            l->debut += avant + (saut != NULL);
            l->trop_longue = !saut;
            continue;
        }
        if (saut)
            return montrer(l, avant - (avant > 0 && saut[-1] == '\r'), avant + 1, ligne, longueur);
        /* Un \r au-delà de la limite est peut-être la moitié d'une fin de ligne. */
        l->trop_longue = attente - (tete[attente - 1] == '\r') > l->longueur_max;
        if (l->trop_longue || fini)
            return montrer(l, attente, attente, ligne, longueur);
        l->vus = attente;
        break;
    }
    tasser(l);
    return LIGNE_AUCUNE;
}

void lignes_liberer(struct lignes *l)
{
    free(l->octets);
    *l = (struct lignes){.longueur_max = l->longueur_max};
}
