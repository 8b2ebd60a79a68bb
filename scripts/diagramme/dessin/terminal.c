/*
 * Le dessin dans le terminal, une grille d'un caractère par case. SPDX-License-Identifier: MIT
 *
 * Deux voies : leurs textes dehors, les flèches entre elles. Trois ou quatre : chaque texte à
 * droite de sa voie, les flèches par-dessus, et l'état du bout de gauche sur la flèche.
 */
#include <stdio.h>

#include "dessin.h"

enum { MILIEU = 24, LARGEUR_MAX = 256 };
static char grille[LARGEUR_MAX][5];
static int ici[VOIES + 1], textes[VOIES + 1], marge; /* la colonne de chaque voie, de son texte */

static void poser(int colonne, const char *texte)
{
    while (*texte && colonne < LARGEUR_MAX) {
        size_t n = 1;
        while (((unsigned char)texte[n] & 0xC0) == 0x80)
            n++;
        snprintf(grille[colonne++], sizeof *grille, "%.*s", (int)n, texte);
        texte += n;
    }
}

static void remplir(int debut, int fin, const char *signe)
{
    for (; debut < fin; debut++)
        poser(debut, signe);
}

static void sortir(void)
{
    int fin = LARGEUR_MAX;
    while (fin > 0 && strcmp(grille[fin - 1], " ") == 0)
        fin--;
    for (int i = 0; i < fin; i++)
        fputs(grille[i], stdout);
    putchar('\n');
    remplir(0, LARGEUR_MAX, " ");
}

static void placer_les_voies(int largeur)
{
    int pas = (largeur - marge + 1) / nb_voies;
    cote = nb_voies == 2 ? (largeur - MILIEU - 4 - marge) / 2 : pas - 3;
    for (int v = 0; v < nb_voies; v++) {
        ici[v] = marge + v * pas;
        textes[v] = ici[v] + 2;
    }
    if (nb_voies > 2)
        return;
    textes[0] = marge, ici[0] = marge + cote + 1;
    ici[1] = ici[0] + MILIEU + 1, textes[1] = ici[1] + 2;
}

static void poser_les_etats(const struct rang *r, const char *gauche, const char *droite)
{
    int g = r->voie < r->vers_voie ? r->voie : r->vers_voie, d = r->voie + r->vers_voie - g;
    if (droite)
        poser(ici[d] + 2, droite);
    if (gauche)
        poser(nb_voies == 2 ? ici[0] - 1 - colonnes(gauche) : ici[g] + 2, gauche);
}

/* Son trait d'une voie à l'autre, et son texte du côté de qui envoie. */
static void poser_la_fleche(struct rang *r)
{
    int droite = r->voie < r->vers_voie, pas = droite ? 1 : -1;
    int debut = ici[droite ? r->voie : r->vers_voie] + 1,
        fin = ici[droite ? r->vers_voie : r->voie];
    const char *gauche = droite ? r->etat_de : r->etat_vers;
    const char *trait = r->genre == 'r' ? "━" : "─";
    if (nb_voies > 2 && gauche)
        debut += 1 + colonnes(gauche) + droite;
    poser_les_etats(r, gauche, droite ? r->etat_vers : r->etat_de);
    if (droite)
        poser(fin -= 2, "►"), remplir(debut, fin, trait);
    else
        poser(debut, " ◄"), remplir(debut += 2, fin, trait);
    for (int v = r->voie + pas; v != r->vers_voie; v += pas)
        poser(ici[v], r->genre == 'r' ? "┿" : "┼");
    int voisine = ici[r->voie + pas];
    if (droite && voisine < fin)
        fin = voisine;
    else if (!droite && voisine >= debut)
        debut = voisine + 1;
    int vide = fin - debut - 2 - colonnes(tenir(r->texte, fin - debut - (nb_voies == 2 ? 2 : 0)));
    int ou = debut + (vide < 0 ? 0 : vide / 2 + 1);
    if (vide >= 0)
        poser(ou - 1, " ");
    poser(ou, r->texte);
    poser(ou + colonnes(r->texte), vide < -1 ? "" : " ");
}

/* D'une voie à elle-même : le segment est écrit à côté d'elle, et ses deux états. */
static void poser_la_boucle(const struct rang *r)
{
    char texte[LG_TEXTE], etats[LG_TEXTE];
    int gauche = nb_voies == 2 && r->voie == 0, libre = nb_voies == 2 ? MILIEU : cote;
    snprintf(etats, sizeof etats, "%.40s%s%.40s", r->etat_de ? r->etat_de : "",
             r->etat_de && r->etat_vers ? ", " : "", r->etat_vers ? r->etat_vers : "");
    snprintf(texte, sizeof texte, "↺ %.100s%s%.90s", r->texte, nb_voies > 2 && *etats ? " " : "",
             nb_voies > 2 ? etats : "");
    int large = colonnes(tenir(texte, libre - 1));
    poser(nb_voies == 2 && !gauche ? ici[1] - 1 - large : ici[r->voie] + (gauche ? 1 : 2), texte);
    if (nb_voies == 2)
        poser(gauche ? ici[0] - 1 - colonnes(tenir(etats, cote)) : textes[1], etats);
}

static void ecrire_rang(struct rang *r)
{
    for (int v = 0; v < nb_voies; v++)
        poser(ici[v], r->attend >> v & 1 ? "┊" : "│");
    if (r->genre == 'a') {
        poser(textes[r->voie], tenir(r->texte, cote));
    } else if (r->genre == 'p') {
        int v = (nb_voies - 1) / 2, milieu = (ici[v] + 1 + ici[v + 1]) / 2;
        poser(milieu - colonnes(r->texte) / 2, r->texte);
    } else if (r->voie == r->vers_voie) {
        poser_la_boucle(r);
    } else {
        poser_la_fleche(r);
    }
    if (temps) {
        char ms[32];
        snprintf(ms, sizeof ms, "%9.3f", (double)(r->t - rangs[0].t) / 1e6);
        poser(0, ms);
    }
    sortir();
}

void preparer_le_terminal(int largeur)
{
    marge = temps ? 10 : 0;
    placer_les_voies(largeur);
    remplir(0, LARGEUR_MAX, " ");
}

void ecrire_terminal(void)
{
    for (int v = 0; v < nb_voies; v++) {
        int libre = cote - colonnes(tenir(noms[v], cote));
        poser(ici[v], "┬");
        poser(textes[v] + (nb_voies == 2 && v == 0 ? libre : 0), noms[v]);
    }
    if (nb_voies == 2)
        poser(ici[0] + 10, "réseau");
    sortir();
    for (size_t i = 0; i < nb_rangs; i++)
        ecrire_rang(&rangs[i]);
}
