/*
 * Dessine un échange réel : ce que des programmes ont demandé, et ce qui est passé entre eux
 *
 *   build/outils/dessin [-l colonnes] [-o fichier.svg] [-a] [-s] [-t] [-c] dossier
 *
 * Le dossier (voir diagramme.sh) : NUMÉRO-NOM.trace, une par programme ou par terminal (strace),
 * quatre au plus ; « paquets » (l'outil paquets) ; et, s'ils y sont, « ss » (les états à la fin)
 * et « manques » (ce que la capture n'a pas pu voir, dit tel quel). Rien n'est dessiné qui n'ait
 * été vu : ce qui manque est dit avant le dessin (code 1) ; si les causes ne tiennent pas (un
 * segment avant l'appel qui l'envoie…), la contradiction est dite, sans dessin. -c dit les causes
 * au lieu de les dessiner (dessin/causes-dites.c).
 * SPDX-License-Identifier: MIT
 */
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>

#include "../../common/programme.h"
#include "dessin/dessin.h"

struct appel *appels;
struct paquet *paquets;
struct fil *fils;
struct evenement *evenements;
struct rang *rangs;
size_t nb_appels, nb_paquets, nb_fils, nb_evenements, nb_rangs;
char noms[TRACES + 1][LG_TEXTE];
int nb_traces, nb_voies, sans_paquets, nb_manques, contredit, tout, sans_ack, temps, cote;

void *plus_grand(void *table, size_t nombre, size_t taille)
{
    if (nombre & (nombre - 1)) /* la place double à chaque puissance de deux */
        return table;
    table = realloc(table, (nombre ? 2 * nombre : 1) * taille);
    if (!table)
        echouer("realloc");
    return table;
}

void manque(const char *format, ...)
{
    char texte[1024], sur[LG_DIT];
    va_list suite;
    va_start(suite, format);
    vsnprintf(texte, sizeof texte, format, suite);
    va_end(suite);
    printf("manque : %s\n", sans_danger(texte, sur, sizeof sur));
    nb_manques++;
}

/* Le fichier de ce dossier, s'il y est : ni tube, qui n'en finirait pas, ni dossier. */
FILE *ouvrir_fichier(const char *dossier, const char *nom)
{
    char chemin[4096];
    struct stat infos;
    if (snprintf(chemin, sizeof chemin, "%s/%s", dossier, nom) >= (int)sizeof chemin ||
        stat(chemin, &infos) == -1 || !S_ISREG(infos.st_mode))
        return NULL;
    return fopen(chemin, "r");
}

static int nombre_de_lignes(FILE *f)
{
    int lues = 0;
    for (int c; f && (c = fgetc(f)) != EOF;)
        lues += c == '\n';
    if (f)
        fclose(f);
    return lues;
}

/* Le nombre de lignes de chaque trace, noté par la capture ; aucune trace n'y manque. */
static void compter_les_lignes(const char *dossier)
{
    char ligne[512], *nom;
    int comptees = 0;
    FILE *comptes = ouvrir_fichier(dossier, "comptes");
    if (!comptes)
        manque("comptes, le nombre de lignes de chaque trace");
    while (comptes && fgets(ligne, sizeof ligne, comptes)) {
        long annoncees = strtol(ligne, &nom, 10);
        nom += *nom == ' ';
        nom[strcspn(nom, "\n")] = '\0';
        int lues = nombre_de_lignes(strchr(nom, '/') ? NULL : ouvrir_fichier(dossier, nom));
        if (lues != annoncees)
            manque("%s : %d ligne(s) sur %ld", nom, lues, annoncees);
        comptees++;
    }
    if (comptes)
        fclose(comptes);
    if (comptes && comptees != nb_traces)
        manque("le compte de %d trace(s) sur %d", nb_traces - comptees, nb_traces);
}

static void dire_les_manques(const char *dossier)
{
    char ligne[512];
    FILE *f = ouvrir_fichier(dossier, "manques");
    while (f && fgets(ligne, sizeof ligne, f)) {
        ligne[strcspn(ligne, "\n")] = '\0';
        manque("%s", ligne);
    }
    if (f)
        fclose(f);
}

int main(int argc, char *argv[])
{
    const char *colonnes_voulues = "92", *svg = NULL, *avec_tout = NULL, *sans = NULL,
               *avec_temps = NULL, *causes = NULL, *dossier = NULL;
    lire_arguments(argc, argv,
                   "[-l colonnes] [-o fichier.svg] [-a] [-s] [-t] [-c] dossier\n"
                   "-a : tous les appels ; -s : sans les accusés seuls ; -t : les millisecondes\n"
                   "-c : les causes, au lieu du dessin",
                   &colonnes_voulues, &svg, &avec_tout, &sans, &avec_temps, &causes, &dossier);
    int largeur = (int)lire_nombre("colonnes", colonnes_voulues, 70, 200);
    tout = avec_tout != NULL, sans_ack = sans != NULL, temps = avec_temps != NULL;
    dire_les_manques(dossier);
    lire_traces(dossier);
    compter_les_lignes(dossier);
    lire_paquets(dossier);
    suivre_les_etats(dossier);
    verifier_les_paquets();
    chercher_les_causes();
    if (contredit) {
        puts("Les causes ne tiennent pas : rien n'est dessiné.");
        return 1;
    }
    choisir_les_appels();
    preparer_le_terminal(largeur);
    trier();
    ranger();
    if (svg)
        ecrire_svg(svg);
    if (causes)
        dire_les_causes();
    else
        ecrire_terminal();
    return nb_manques > 0;
}
