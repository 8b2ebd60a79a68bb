/* SPDX-License-Identifier: MIT */
#include "charge.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../../common/affichage.h"
#include "../../../common/erreur.h"

enum { LG_NOMBRE = 40, LG_DUREE = 48 };

/* Ce que l'on dit des latences : une proportion, et son nom à l'écran et en JSON. */
static const struct {
    double proportion;
    const char *nom, *cle;
} centiles[] = {
    {0.5, "p50", "p50_us"},       {0.9, "p90", "p90_us"}, {0.99, "p99", "p99_us"},
    {0.999, "p99,9", "p99.9_us"}, {1, "max", "max_us"},
};
enum { CENTILES = sizeof centiles / sizeof centiles[0] };

static double par_seconde(uint64_t combien, uint64_t duree)
{
    return duree > 0 ? (double)combien * 1e9 / (double)duree : 0;
}

/* La part d'un cœur que nous avons prise. Au-delà de neuf dixièmes, le serveur nous attend. */
static double part_de_coeur(const struct bilan *b)
{
    return b->mesure > 0 ? (double)b->cpu / (double)b->mesure : 0;
}
static bool c_est_moi(const struct bilan *b)
{
    return part_de_coeur(b) >= 0.9;
}

/* Un nombre comme on l'écrit en français : « 152 340 », « 1,25 ». */
static const char *en_francais(double nombre, int decimales, char texte[LG_NOMBRE])
{
    char brut[LG_NOMBRE];
    snprintf(brut, sizeof brut, "%.*f", decimales, nombre);
    size_t chiffres = strspn(brut, "0123456789"), ecrits = 0;
    for (size_t i = 0; brut[i] != '\0' && ecrits < LG_NOMBRE - 2; i++) {
        if (i > 0 && i < chiffres && (chiffres - i) % 3 == 0)
            texte[ecrits++] = ' ';
        texte[ecrits++] = (char)(brut[i] == '.' ? ',' : brut[i]);
    }
    texte[ecrits] = '\0';
    return texte;
}

/* « 43,1 µs », « 1,25 ms », « 3,00 s » : trois chiffres. */
static const char *texte_duree(uint64_t ns, char texte[LG_DUREE])
{
    double valeur = (double)ns / 1e3;
    const char *unite = "µs";
    if (valeur >= 999.5)
        valeur /= 1e3, unite = "ms";
    if (valeur >= 999.5)
        valeur /= 1e3, unite = "s";
    char nombre[LG_NOMBRE];
    en_francais(valeur, valeur < 9.995 ? 2 : valeur < 99.95 ? 1 : 0, nombre);
    snprintf(texte, LG_DUREE, "%s %s", nombre, unite);
    return texte;
}

static const char *pluriel(long nombre)
{
    return nombre > 1 ? "s" : "";
}

void dire_progression(const struct bilan *b, uint64_t ecoule)
{
    static uint64_t derniere;
    char debit[LG_NOMBRE], duree[LG_NOMBRE];
    if (!isatty(STDERR_FILENO) || maintenant_ns() - derniere < SECONDE / 2)
        return;
    derniere = maintenant_ns();
    if (ecoule == 0)
        fprintf(stderr, "\r\033[K%ld connexions ouvertes", b->ouvertes);
    else
        fprintf(stderr, "\r\033[K%s s : %s requêtes/s", en_francais((double)ecoule / 1e9, 0, duree),
                en_francais(par_seconde(b->latences.total, ecoule), 0, debit));
    if (b->erreurs > 0)
        fprintf(stderr, ", %ld erreur%s", b->erreurs, pluriel(b->erreurs));
    fflush(stderr);
}

static void effacer_progression(void)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K");
    fflush(stderr); /* avant le bilan, qui va sur stdout */
}

/* ─── À lire ─── */

static void dire_les_causes(const struct demande *d, const struct bilan *b)
{
    for (const struct cause *c = b->causes; c < b->causes + CAUSES_MAX && c->quoi; c++) {
        if (c->numero != 0)
            printf("  %ld × %s : %s\n", c->combien, c->quoi, texte_erreur(c->numero));
        else
            printf("  %ld × %s\n", c->combien, c->quoi);
    }
    if (b->exemple[0] != '\0')
        printf("  reçu : « %s », au lieu de « %s\\n »\n", b->exemple, d->reponse);
}

void dire_bilan(const struct demande *d, const struct bilan *b)
{
    char cible[TEXTE_ADRESSE], t1[LG_DUREE], t2[LG_NOMBRE];
    effacer_progression();
    printf("charge : %s, %ld connexion%s", texte_adresse(&d->cible, cible), d->connexions,
           pluriel(d->connexions));
    if (d->inactives > 0)
        printf(" et %ld inactive%s", d->inactives, pluriel(d->inactives));
    if (d->neuves)
        printf(", une neuve par requête");
    if (d->profondeur > 1)
        printf(", %ld requêtes à la fois", d->profondeur);
    printf(b->interrompue ? " (interrompue)\n" : "\n");

    printf("débit : %s requêtes/s (%s en %s)\n",
           en_francais(par_seconde(b->latences.total, b->mesure), 0, t1),
           en_francais((double)b->latences.total, 0, t2), texte_duree(b->mesure, cible));
    printf("latence :");
    for (int i = 0; i < CENTILES; i++)
        printf("%s %s %s", i > 0 ? " ·" : "", centiles[i].nom,
               texte_duree(centile(&b->latences, centiles[i].proportion), t1));
    printf("\n");
    bool mesurees = d->neuves && b->mesure > 0;
    uint64_t combien = (uint64_t)(mesurees ? b->ouvertes_en_mesure : b->ouvertes);
    printf("connexions : %s ouverte%s", en_francais((double)b->ouvertes, 0, t1),
           pluriel(b->ouvertes));
    if (!d->neuves && b->ouvertes < d->connexions + d->inactives)
        printf(" sur %s", en_francais((double)(d->connexions + d->inactives), 0, t1));
    printf(", %s par seconde\n",
           en_francais(par_seconde(combien, mesurees ? b->mesure : b->ouverture), 0, t2));
    printf("processeur : %s d'un cœur, ici%s\n", en_francais(part_de_coeur(b), 2, t1),
           c_est_moi(b) ? " : c'est moi qui limite" : "");
    if (b->erreurs == 0)
        printf("erreurs : aucune\n");
    else
        printf("erreurs : %ld connexion%s perdue%s, %ld requête%s avec\n", b->erreurs,
               pluriel(b->erreurs), pluriel(b->erreurs), b->perdues, pluriel(b->perdues));
    dire_les_causes(d, b);
}

/* ─── À relire par un programme : une ligne par valeur, les latences en microsecondes ─── */

static void chaine_json(const char *texte)
{
    putchar('"');
    for (; *texte; texte++)
        if (*texte == '"' || *texte == '\\')
            printf("\\%c", *texte);
        else if ((unsigned char)*texte < 0x20)
            printf("\\u%04x", (unsigned)*texte);
        else
            putchar(*texte);
    putchar('"');
}

void dire_json(const struct demande *d, const struct bilan *b)
{
    char cible[TEXTE_ADRESSE], cause[512];
    bool mesurees = d->neuves && b->mesure > 0;
    uint64_t ouvertes = (uint64_t)(mesurees ? b->ouvertes_en_mesure : b->ouvertes);
    effacer_progression();
    printf("{\n  \"cible\": \"%s\",\n", texte_adresse(&d->cible, cible));
    printf("  \"connexions\": %ld,\n  \"inactives\": %ld,\n", d->connexions, d->inactives);
    printf("  \"profondeur\": %ld,\n  \"neuves\": %s,\n", d->profondeur,
           d->neuves ? "true" : "false");
    printf("  \"duree_s\": %.6f,\n", (double)b->mesure / 1e9);
    printf("  \"requetes\": %llu,\n", (unsigned long long)b->latences.total);
    printf("  \"requetes_par_s\": %.1f,\n", par_seconde(b->latences.total, b->mesure));
    printf("  \"connexions_ouvertes\": %ld,\n", b->ouvertes);
    printf("  \"connexions_par_s\": %.1f,\n",
           par_seconde(ouvertes, mesurees ? b->mesure : b->ouverture));
    for (int i = 0; i < CENTILES; i++)
        printf("  \"%s\": %.3f,\n", centiles[i].cle,
               (double)centile(&b->latences, centiles[i].proportion) / 1e3);
    printf("  \"coeur\": %.3f,\n  \"c_est_moi\": %s,\n", part_de_coeur(b),
           c_est_moi(b) ? "true" : "false");
    printf("  \"interrompue\": %s,\n", b->interrompue ? "true" : "false");
    printf("  \"erreurs\": %ld,\n  \"requetes_perdues\": %ld,\n  \"causes\": {", b->erreurs,
           b->perdues);
    for (const struct cause *c = b->causes; c < b->causes + CAUSES_MAX && c->quoi; c++) {
        snprintf(cause, sizeof cause, c->numero ? "%s : %s" : "%s", c->quoi,
                 c->numero ? texte_erreur(c->numero) : "");
        printf(c == b->causes ? "\n    " : ",\n    ");
        chaine_json(cause);
        printf(": %ld", c->combien);
    }
    printf(b->erreurs > 0 ? "\n  },\n" : "},\n");
    printf("  \"exemple\": ");
    chaine_json(b->exemple);
    printf("\n}\n");
}
