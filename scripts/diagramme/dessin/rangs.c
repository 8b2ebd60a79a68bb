/* Les événements, dans l'ordre du temps, puis en lignes. SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "dessin.h"

int est_ack_seul(const struct paquet *p)
{
    return !strcmp(p->drapeaux, "A") && !p->taille;
}

/* Sans --tout : ni réglage, ni question, ni attente qui porte aussi sur le clavier. */
static int se_montre(const struct appel *a)
{
    if (!parle_de_reseau(a))
        return 0;
    if (tout)
        return 1;
    if (parmi(nom_ecrit(a), "setsockopt getsockopt getsockname getpeername fcntl"))
        return 0;
    if (est_veille(a))
        return !strstr(a->args, "fd=0<") && (a->deux_lignes || a->rendu == 0);
    return 1;
}

void choisir_les_appels(void)
{
    for (size_t i = 0; i < nb_appels; i++)
        appels[i].montre = se_montre(&appels[i]);
}

static int comparer(const void *x, const void *y)
{
    const struct evenement *a = x, *b = y;
    return a->t != b->t ? (a->t > b->t) - (a->t < b->t) : a->ordre - b->ordre;
}

void trier(void)
{
    for (size_t i = 0; i < nb_appels; i++) {
        struct appel *a = &appels[i];
        struct evenement e = {.t = a->t, .ordre = 1, .effet = a->deux_lignes, .appel = a};
        if (!a->montre)
            continue;
        *AJOUTER(evenements, nb_evenements) = e;
        if (a->deux_lignes && !a->sans_retour) {
            e.t = a->fin, e.ordre = 2, e.effet = -1;
            *AJOUTER(evenements, nb_evenements) = e;
        }
    }
    for (size_t i = 0; i < nb_paquets; i++) {
        struct paquet *p = &paquets[i];
        if (!sans_ack || !est_ack_seul(p) || p->etat_de || p->etat_vers)
            *AJOUTER(evenements, nb_evenements) = (struct evenement){.t = p->t, .paquet = p};
    }
    for (size_t i = 0; i < nb_fils; i++)
        if (fils[i].fermait)
            *AJOUTER(evenements, nb_evenements) =
                (struct evenement){.t = fils[i].mort, .ordre = -1, .fil = &fils[i]};
    if (nb_evenements)
        qsort(evenements, nb_evenements, sizeof *evenements, comparer);
}

/* Les voies dont tous ceux qui parlent attendent. */
static unsigned qui_attend(ns t)
{
    unsigned attend = 0, agit = 0;
    for (size_t i = 0; i < nb_fils; i++) {
        const struct fil *f = &fils[i];
        if (!f->parle || f->voie < 0 || f->debut > t || (f->fini && f->parti <= t))
            continue;
        if (f->attend)
            attend |= 1u << f->voie;
        else
            agit |= 1u << f->voie;
    }
    return attend & ~agit;
}

static struct rang *nouveau_rang(ns t, char genre)
{
    struct rang *r = AJOUTER(rangs, nb_rangs);
    *r = (struct rang){.t = t, .genre = genre, .attend = qui_attend(t)};
    return r;
}

/* Un texte de la voie ; s'il y a plus de deux voies, sur autant de lignes qu'il en faut. */
static void ecrire_voie(ns t, const struct fil *fil, const char *texte)
{
    char entier[LG_TEXTE], suffixe[16] = "";
    if (fil->suffixe)
        snprintf(suffixe, sizeof suffixe, ".%d ", fil->suffixe);
    snprintf(entier, LG_TEXTE, "%s%.*s", suffixe, LG_TEXTE - 20, texte);
    abreger(entier, cote);
    for (char *reste = entier; reste;) {
        struct rang *r = nouveau_rang(t, 'a');
        char *coupe = NULL;
        r->voie = fil->voie;
        int n = reste == entier ? 0 : 2;
        for (char *p = reste; nb_voies > 2 && *p; p++) {
            if (*p == ' ' && n <= cote && p > reste + 2 && strncmp(p + 1, "»", 2) != 0 &&
                strncmp(p - 2, "«", 2) != 0)
                coupe = p;
            n += ((unsigned char)*p & 0xC0) != 0x80;
        }
        if (n <= cote)
            coupe = NULL;
        snprintf(r->texte, LG_TEXTE, "%s%.*s", reste == entier ? "" : "  ",
                 coupe ? (int)(coupe - reste) : LG_TEXTE - 4, reste);
        reste = coupe ? coupe + 1 : NULL;
    }
}

static void ranger_le_paquet(const struct paquet *p)
{
    char genre = 'c';
    if (strchr(p->drapeaux, 'R') || *p->proto == 'I')
        genre = 'r';
    else if (p->taille)
        genre = 'd';
    struct rang *r = nouveau_rang(p->t, genre);
    r->voie = p->voie, r->vers_voie = p->vers_voie;
    r->etat_de = p->etat_de, r->etat_vers = p->etat_vers;
    ecrire_paquet(p, r->texte);
}

static void ranger_l_appel(const struct evenement *e)
{
    char texte[LG_TEXTE], retour[LG_TEXTE], ligne[LG_TEXTE];
    const struct appel *a = e->appel;
    struct fil *fil = &fils[a->fil];
    if (e->effet < 0)
        fil->attend = 0;
    ecrire_appel(a, texte);
    ecrire_retour(a, retour);
    snprintf(ligne, sizeof ligne, "%.120s%s%.100s", e->effet < 0 ? "└" : texte,
             e->effet > 0 ? " …" : " = ", e->effet > 0 ? "" : retour);
    int place = cote - (fil->suffixe ? 3 : 0);
    if (e->effet == 0 && colonnes(abreger(ligne, place)) > place) { /* le retour à part */
        ecrire_voie(e->t, fil, texte);
        snprintf(ligne, sizeof ligne, "└ = %.100s", retour);
    }
    if (e->effet > 0 && nb_voies == 2 && colonnes(abreger(ligne, place)) > place)
        snprintf(ligne, sizeof ligne, "%.120s", texte); /* le pointillé dit assez qu'il attend */
    ecrire_voie(e->t, fil, ligne);
    if (e->effet > 0)
        fil->attend = 1;
}

void ranger(void)
{
    char texte[LG_TEXTE];
    for (size_t i = 0; i < nb_evenements; i++) {
        const struct evenement *e = &evenements[i];
        ns pause = i ? e->t - e[-1].t : 0;
        if (pause > SECONDE / 20)
            snprintf(nouveau_rang(e->t, 'p')->texte, LG_TEXTE, "· · %lld,%02lld s · ·",
                     pause / SECONDE, pause % SECONDE / (SECONDE / 100));
        if (e->paquet) {
            ranger_le_paquet(e->paquet);
        } else if (e->fil) {
            ecrire_mort(e->fil, texte);
            ecrire_voie(e->t, e->fil, texte);
        } else {
            ranger_l_appel(e);
        }
    }
}
