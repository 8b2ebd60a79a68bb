/* SPDX-License-Identifier: MIT */
#include "charge.h"

/* 7 bits sous le premier : de 128 à 255, une case par valeur ; de 256 à 511, une pour deux… */
static unsigned numero_de_case(uint64_t valeur)
{
    if (valeur < CASES_PAR_DOUBLEMENT)
        return (unsigned)valeur;
    unsigned doublements = 63 - 7 - (unsigned)__builtin_clzll(valeur);
    return doublements * CASES_PAR_DOUBLEMENT + (unsigned)(valeur >> doublements);
}

/* La plus grande valeur qui tombe dans cette case. */
static uint64_t valeur_de_case(unsigned numero)
{
    if (numero < 2 * CASES_PAR_DOUBLEMENT)
        return numero;
    unsigned doublements = numero / CASES_PAR_DOUBLEMENT - 1;
    uint64_t debut = numero - doublements * CASES_PAR_DOUBLEMENT;
    return ((debut + 1) << doublements) - 1;
}

void noter(struct histogramme *h, uint64_t valeur)
{
    h->cases[numero_de_case(valeur)]++;
    h->total++;
    if (valeur > h->plus_grande)
        h->plus_grande = valeur;
}

uint64_t centile(const struct histogramme *h, double proportion)
{
    uint64_t vues = 0;
    for (unsigned i = 0; i < CASES && h->total > 0; i++) {
        vues += h->cases[i];
        if (vues > 0 && (double)vues >= proportion * (double)h->total) {
            uint64_t valeur = valeur_de_case(i);
            return valeur < h->plus_grande ? valeur : h->plus_grande;
        }
    }
    return h->plus_grande;
}
