/*
 * Le SVG, des mêmes lignes. SPDX-License-Identifier: MIT
 *
 * Inséré dans la page du cours, il en prend les couleurs (--texte, --gris, --donnees…) ; seul,
 * il a les siennes, claires ou sombres ; et qui ignore var() lit les attributs. Ni identifiant, ni
 * règle qui sorte de « .schema » : une page en contient plusieurs.
 */
#include <errno.h>
#include <stdio.h>

#include "dessin.h"

enum { HAUT = 22, ENTETE = 40, LETTRE = 8, BORD = 20, FLECHE = 260, ETAT = 110, FLECHE_MIN = 190 };
static FILE *f;

/* L'abscisse d'une voie ; celle d'une voie de plus est la largeur du tout. */
static int place(int voie)
{
    if (nb_voies == 2)
        return voie == 2 ? place(1) + cote * LETTRE + BORD : cote * LETTRE + BORD + voie * FLECHE;
    int pas = cote * LETTRE + BORD;
    return ETAT + voie * (pas < FLECHE_MIN ? FLECHE_MIN : pas);
}

static int hauteur(size_t rang)
{
    return ENTETE + HAUT * (int)rang;
}

static void echapper(const char *texte)
{
    for (; *texte; texte++)
        if (strchr("&<>\"", *texte))
            fprintf(f, "&#%d;", *texte);
        else
            fputc(*texte, f);
}

static void ecrire_texte(int x, int y, const char *ancre, const char *texte)
{
    if (!texte || !*texte)
        return;
    fprintf(f, "<text x=\"%d\" y=\"%d\"", x, y);
    if (*ancre)
        fprintf(f, " text-anchor=\"%s\"", ancre);
    fputc('>', f);
    for (; *texte == ' '; texte++)
        fputs("&#160;", f);
    echapper(texte);
    fputs("</text>\n", f);
}

static void ouvrir(void)
{
    fprintf(f,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"schema\" viewBox=\"0 0 %d %d\" "
            "role=\"img\" font-family=\"monospace\" font-size=\"13\" "
            "fill=\"#1b1f24\">\n"
            "<title>Échange réel entre ",
            place(nb_voies), hauteur(nb_rangs));
    for (int v = 0; v < nb_voies; v++) {
        echapper(noms[v]);
        fputs(v == nb_voies - 1 ? "</title>\n" : v == nb_voies - 2 ? " et " : ", ", f);
    }
    fputs("<style>@media(prefers-color-scheme:dark){svg.schema:root{--texte:#dfe4ea;--gris:#9aa4b0;"
          "--lien:#79b8ff;--vif:#4aa3ff;"
          "--donnees:#7ddc87;--rupture:#ff8a80;background:#0e1116}}\n"
          ".schema{font-family:ui-monospace,monospace;fill:var(--texte,#1b1f24)}"
          ".schema .v{stroke:var(--gris,#57606a)}.schema .w{stroke:var(--vif,#1f7ae0)}"
          ".schema .c{stroke:var(--gris,#57606a)}.schema "
          ".e{fill:var(--lien,#0a58a8)}"
          ".schema .p{fill:var(--gris,#57606a)}.schema .d{stroke:var(--donnees,#14691b)}"
          ".schema .r{stroke:var(--rupture,#b3261e)}</style>\n",
          f);
}

/* Les lignes de vie, d'un trait tant que rien ne change : pleines, ou pointillées qui attendent. */
static void ecrire_les_vies(unsigned attend)
{
    for (int v = 0; v < nb_voies; v++)
        for (size_t i = 0, debut; i < nb_rangs;) {
            debut = i;
            unsigned etat = rangs[i].attend >> v & 1;
            while (i < nb_rangs && (rangs[i].attend >> v & 1) == etat)
                i++;
            if (etat == attend)
                fprintf(f, "<path d=\"M%d %dV%d\"/>", place(v), hauteur(debut) - HAUT / 2,
                        hauteur(i) - HAUT / 2);
        }
}

/* Le milieu du nom d'une flèche : du côté de qui envoie. */
static int milieu(const struct rang *r)
{
    return (place(r->voie) + place(r->voie + (r->voie < r->vers_voie ? 1 : -1))) / 2;
}

/* Un trait un peu penché (le temps descend), ouvert là où est son nom, et une pointe. */
static void ecrire_la_fleche(const struct rang *r, int y)
{
    int a = place(r->voie), b = place(r->vers_voie), sens = b > a ? 1 : -1;
    if (a == b) {
        fprintf(f, "<path d=\"M%d %dh14v8h-14m7 -5l-7 5l7 5\"/>\n", a, y - 4);
        return;
    }
    int trou = sens * (colonnes(r->texte) * LETTRE / 2 + 4), ici = milieu(r);
    int y1 = y - 4 + 10 * (ici - trou - a) / (b - a), y2 = y - 4 + 10 * (ici + trou - a) / (b - a);
    fprintf(f, "<path d=\"M%d %dL%d %dM%d %dL%d %dm%d -7L%d %dl%d 5\"/>\n", a, y - 4, ici - trou,
            y1, ici + trou, y2, b, y + 6, -9 * sens, b, y + 6, -9 * sens);
}

static void ecrire_les_fleches(char genre)
{
    for (size_t i = 0; i < nb_rangs; i++)
        if (rangs[i].genre == genre)
            ecrire_la_fleche(&rangs[i], hauteur(i));
}

static void ecrire_les_etats(void)
{
    for (size_t i = 0; i < nb_rangs; i++) {
        const struct rang *r = &rangs[i];
        int a = place(r->voie), b = place(r->vers_voie), s = b > a ? -10 : 10, y = hauteur(i) + 4;
        if (a == b) /* une voie à elle-même : les deux états tiennent sur la même ligne */
            a -= 120;
        ecrire_texte(a + s, y, b > a ? "end" : "", r->etat_de);
        ecrire_texte(b - s, y, b > a ? "" : "end", r->etat_vers);
    }
}

static void ecrire_les_textes(void)
{
    for (size_t i = 0; i < nb_rangs; i++) {
        const struct rang *r = &rangs[i];
        int gauche = nb_voies == 2 && r->voie == 0, voisines = abs(r->vers_voie - r->voie) == 1;
        if (r->genre == 'a')
            ecrire_texte(place(r->voie) + (gauche ? -10 : 10), hauteur(i) + 4, gauche ? "end" : "",
                         r->texte);
        else if (r->voie == r->vers_voie && r->genre != 'p')
            ecrire_texte(place(r->voie) + 20, hauteur(i) + 4, "", r->texte);
        else if (r->genre != 'p')
            ecrire_texte(milieu(r), hauteur(i) + (voisines ? 5 : 3), "middle", r->texte);
    }
}

static void ecrire_les_pauses(void)
{
    for (size_t i = 0; i < nb_rangs; i++)
        if (rangs[i].genre == 'p')
            ecrire_texte((place(0) + place(nb_voies - 1)) / 2, hauteur(i) + 4, "middle",
                         rangs[i].texte);
}

static void ecrire_les_noms(void)
{
    for (int v = 0; v < nb_voies; v++)
        ecrire_texte(place(v), 18, "middle", noms[v]);
}

#define GROUPE(attributs, appel) (fputs("<g " attributs ">\n", f), (appel), fputs("</g>\n", f))

void ecrire_svg(const char *fichier)
{
    f = fopen(fichier, "w");
    if (!f)
        refuser("« %s » : %s", fichier, texte_erreur(errno));
    ouvrir();
    for (size_t i = 0; i < nb_rangs; i++) /* une flèche garde un peu de trait de chaque côté */
        if (strchr("cdr", rangs[i].genre))
            tenir(rangs[i].texte, (place(1) - place(0) - 36) / LETTRE);
    GROUPE("class=\"v\" stroke=\"#57606a\" stroke-width=\"2\"", ecrire_les_vies(0));
    GROUPE("class=\"w\" stroke=\"#1f7ae0\" stroke-width=\"2\" stroke-dasharray=\"2 4\"",
           ecrire_les_vies(1));
    GROUPE("class=\"c\" stroke=\"#57606a\" stroke-width=\"2\" fill=\"none\"",
           ecrire_les_fleches('c'));
    GROUPE("class=\"d\" stroke=\"#14691b\" stroke-width=\"2\" fill=\"none\"",
           ecrire_les_fleches('d'));
    GROUPE("class=\"r\" stroke=\"#b3261e\" stroke-width=\"3\" fill=\"none\"",
           ecrire_les_fleches('r'));
    GROUPE("class=\"e\" fill=\"#0a58a8\" font-weight=\"600\"", ecrire_les_etats());
    GROUPE("class=\"p\" fill=\"#57606a\"", ecrire_les_pauses());
    GROUPE("font-weight=\"700\"", ecrire_les_noms());
    ecrire_les_textes();
    fputs("</svg>\n", f);
    if (fclose(f) == EOF)
        echouer("fclose");
}
