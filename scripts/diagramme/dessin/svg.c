/* Le SVG, des mêmes lignes. SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>

#include "dessin.h"

enum { HAUT = 22, DEUX_LARGE = 860, DEUX_G = 300, DEUX_D = 560, MARGE = 110, PAS = 250 };
static FILE *f;

static int place(int voie)
{
    if (nb_voies == 2)
        return voie ? DEUX_D : DEUX_G;
    return MARGE + voie * PAS;
}

static void echapper(const char *texte)
{
    for (; *texte; texte++)
        if (strchr("&<>\"", *texte))
            fprintf(f, "&#%d;", *texte);
        else
            fputc(*texte, f);
}

static void ecrire_texte(const char *classe, int x, int y, const char *ancre, const char *texte)
{
    if (!texte || !*texte)
        return;
    fprintf(f, "<text class=\"%s\" x=\"%d\" y=\"%d\" text-anchor=\"%s\">", classe, x, y, ancre);
    echapper(texte);
    fputs("</text>\n", f);
}

static void ouvrir(void)
{
    int large = nb_voies == 2 ? DEUX_LARGE : MARGE + nb_voies * PAS;
    fprintf(f,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"schema\" viewBox=\"0 0 %d %d\" "
            "role=\"img\" fill=\"#1a1a1a\"><title>Échange réel entre ",
            large, 40 + HAUT * (int)nb_rangs);
    for (int v = 0; v < nb_voies; v++)
        echapper(noms[v]), fputs(v == nb_voies - 1   ? "</title>\n"
                                 : v == nb_voies - 2 ? " et "
                                                     : ", ",
                                 f);
    fputs("<style>.schema{font:13px "
          "ui-monospace,monospace}.v,.w,.f{stroke:#777;stroke-width:2;"
          "fill:none}.w{stroke-dasharray:2 4;stroke:#0b57a4}.e{fill:#0b57a4;font-weight:600}"
          ".h{font-weight:700}.t{fill:#777}.d.f{stroke:#14691b}.r.f{stroke:#b3261e;stroke-width:3}"
          "@media(prefers-color-scheme:dark){.schema text{fill:#e6e6e6}.schema .e{fill:#7db8ff}"
          ".d.f{stroke:#7ddc87}.r.f{stroke:#ff8a80}.w{stroke:#7db8ff}}</style>\n",
          f);
    for (int v = 0; v < nb_voies; v++)
        ecrire_texte("h", place(v), 18, "middle", noms[v]);
}

static void ecrire_fleche(const struct rang *r, int y)
{
    int a = place(r->voie), b = place(r->vers_voie), droite = b > a, s = droite ? -1 : 1;
    int milieu = (a + place(r->voie + (droite ? 1 : -1))) / 2;
    fprintf(f, "<path class=\"f %c\" d=\"M%d %dL%d %dm%d -7L%d %dl%d 5\"/>\n", r->genre, a, y - 4,
            b, y + 6, 9 * s, b, y + 6, 9 * s);
    ecrire_texte("e", a + 10 * s, y + 4, droite ? "end" : "start", r->etat_de);
    ecrire_texte("e", b - 10 * s, y + 4, droite ? "start" : "end", r->etat_vers);
    ecrire_texte("n", milieu, y - 3, "middle", r->texte);
}

static void ecrire_rang(const struct rang *r, int y)
{
    for (int v = 0; v < nb_voies; v++)
        fprintf(f, "<path class=\"%c\" d=\"M%d %dv%d\"/>", r->attend >> v & 1 ? 'w' : 'v', place(v),
                y - HAUT / 2, HAUT);
    int gauche = nb_voies == 2 && r->voie == 0;
    if (r->genre == 'a')
        ecrire_texte("a", place(r->voie) + (gauche ? -10 : 10), y + 4, gauche ? "end" : "start",
                     r->texte);
    else if (r->genre == 'p')
        ecrire_texte("t", (place(0) + place(nb_voies - 1)) / 2, y - 3, "middle", r->texte);
    else
        ecrire_fleche(r, y);
}

void ecrire_svg(const char *fichier)
{
    f = fopen(fichier, "w");
    if (!f)
        refuser("« %s » : %s", fichier, texte_erreur(errno));
    ouvrir();
    for (size_t i = 0; i < nb_rangs; i++)
        ecrire_rang(&rangs[i], 40 + HAUT * (int)i);
    fputs("</svg>\n", f);
    if (fclose(f) == EOF)
        echouer("fclose");
}
