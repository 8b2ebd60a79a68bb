/*
 * SPDX-License-Identifier: MIT
 *
 * Ce que les morceaux de charge se disent : la demande (charge.c la lit), le bilan (connexions.c le
 * remplit, bilan.c le dit), et l'histogramme des latences.
 */
#ifndef CHARGE_H
#define CHARGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* Les durées sont en nanosecondes, comme l'horloge. */
#define MICROSECONDE UINT64_C(1000)
#define MILLISECONDE UINT64_C(1000000)
#define SECONDE      UINT64_C(1000000000)

/* Une case par valeur jusqu'à 256, puis 128 cases par doublement : une latence est connue à moins
 * d'un centième près, de 1 ns à des siècles, dans un tableau fixe. */
enum { CASES_PAR_DOUBLEMENT = 128, CASES = 58 * CASES_PAR_DOUBLEMENT };

struct histogramme {
    uint64_t cases[CASES], total, plus_grande;
};

void noter(struct histogramme *h, uint64_t valeur);

/* La valeur que ne dépassent pas « proportion » (0,99…) des valeurs notées ; 0 s'il n'y en a pas. */
uint64_t centile(const struct histogramme *h, double proportion);

struct demande {
    long connexions, inactives, profondeur;
    long ensemble;                 /* à l'ouverture, autant à la fois */
    long requetes;                 /* le nombre à faire ; 0 : c'est la durée qui compte */
    uint64_t duree;                /* de la mesure */
    uint64_t delai;                /* ce que l'on attend une réponse, au plus */
    bool neuves, json;             /* -x, --json */
    const char *message, *reponse; /* sans leur \n */
    struct sockaddr_storage cible;
    socklen_t taille_cible;
};

enum { CAUSES_MAX = 24, LG_EXEMPLE = 256 };

struct bilan {
    struct histogramme latences;       /* des réponses justes */
    uint64_t ouverture, mesure, cpu;   /* les deux durées ; le processeur pris par la mesure */
    long ouvertes, ouvertes_en_mesure; /* connexions établies */
    long perdues;                      /* requêtes sans leur réponse */
    long erreurs;                      /* connexions perdues : la somme des causes */
    struct cause {
        const char *quoi; /* un appel, dont l'erreur est « numero » ; ou, si c'est 0, une phrase */
        int numero;
        long combien;
    } causes[CAUSES_MAX];
    char exemple[LG_EXEMPLE]; /* la première réponse fausse, sans danger pour le terminal */
    bool interrompue;
};

/* Ouvre les connexions, mesure, ferme. Rend la main au plus tard « delai » après la dernière chose
 * que le serveur a faite. Un échec n'arrête que sa connexion. */
void mener(const struct demande *demande, struct bilan *bilan);

/* Sur stderr, si c'est un terminal : où l'on en est. Appelée dix fois par seconde. */
void dire_progression(const struct bilan *bilan, uint64_t ecoule);

void dire_bilan(const struct demande *demande, const struct bilan *bilan);
void dire_json(const struct demande *demande, const struct bilan *bilan);

uint64_t maintenant_ns(void);

#endif
