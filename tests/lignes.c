/*
 * common/lignes éprouvé seul : chaque message, coupé de toutes les façons, donne les mêmes lignes, et
 * ne garde en mémoire que ce qui attend sa suite. Lancé par tests/lignes.bats ; code 0 et un compte,
 * ou 1 et le premier écart.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/lignes.h"

enum { LONGUEUR_MAX = 4, LG_VU = 256 };

static unsigned long essais;

static void ecart(const char *quoi, const char *message, size_t taille, const char *vu)
{
    printf("écart : %s\nmessage : « ", quoi);
    for (size_t i = 0; i < taille; i++)
        printf(message[i] >= ' ' ? "%c" : "\\x%02x", message[i]);
    printf(" »\nlignes : %s\n", vu);
    exit(1);
}

/* Retire les lignes prêtes et les note : « (abc) » entière, « <abcd> » trop longue. */
static void noter(struct lignes *l, bool fini, char vu[LG_VU])
{
    const char *ligne;
    size_t longueur;
    enum ligne quoi;
    while ((quoi = lignes_retirer(l, fini, &ligne, &longueur)) != LIGNE_AUCUNE) {
        size_t n = strlen(vu);
        bool entiere = quoi == LIGNE_ENTIERE;
        if (longueur > l->longueur_max || (!entiere && longueur != l->longueur_max))
            ecart("longueur rendue", ligne, longueur, vu);
        snprintf(vu + n, LG_VU - n, entiere ? "(%.*s)" : "<%.*s>", (int)longueur, ligne);
    }
}

/* Ce que donne « message », coupé après chaque octet dont le bit est à 1 dans « coupes ». */
static void decouper(const char *message, size_t taille, unsigned long coupes, char vu[LG_VU])
{
    struct lignes l = {.longueur_max = LONGUEUR_MAX};
    vu[0] = '\0';
    for (size_t debut = 0, i = 0; i < taille; i++) {
        if (i + 1 < taille && !(coupes >> i & 1))
            continue;
        char *morceau = malloc(i + 1 - debut); /* au plus juste : ASan verrait un octet de trop */
        memcpy(morceau, message + debut, i + 1 - debut);
        if (!lignes_ajouter(&l, morceau, i + 1 - debut))
            ecart("mémoire", message, taille, vu);
        free(morceau);
        debut = i + 1;
        noter(&l, false, vu);
        /* Rien de plus que ce qui attend : au pire une ligne admise et son \r. */
        if (l.fin - l.debut > LONGUEUR_MAX + 1 || l.debut != 0 ||
            (l.fin == 0) != (l.octets == NULL))
            ecart("mémoire gardée", message, taille, vu);
    }
    noter(&l, true, vu);
    lignes_liberer(&l);
    if (l.octets || l.longueur_max != LONGUEUR_MAX)
        ecart("après lignes_liberer", message, taille, vu);
    essais++;
}

/* Chaque coupe donne ce que donne le message en un morceau, et, si on le sait, « attendu ». */
static void eprouver(const char *message, size_t taille, const char *attendu)
{
    char reference[LG_VU], vu[LG_VU];
    decouper(message, taille, 0, reference);
    if (attendu && strcmp(reference, attendu) != 0)
        ecart(attendu, message, taille, reference);
    for (unsigned long coupes = 1; coupes < 1UL << (taille > 0 ? taille - 1 : 0); coupes++) {
        decouper(message, taille, coupes, vu);
        if (strcmp(reference, vu) != 0)
            ecart(reference, message, taille, vu);
    }
}

/* Tout message de « taille » octets pris parmi a, \r et \n. */
static void eprouver_tous(char *message, size_t taille, size_t place)
{
    if (place == taille) {
        eprouver(message, taille, NULL);
        return;
    }
    for (const char *octet = "a\r\n"; *octet; octet++) {
        message[place] = *octet;
        eprouver_tous(message, taille, place + 1);
    }
}

static void eprouver_la_memoire(void)
{
    struct lignes l = {.longueur_max = 1 << 20};
    const char *ligne;
    size_t longueur;
    static char gros[1 << 20];
    memset(gros, 'x', sizeof gros);
    gros[sizeof gros - 4] = '\n';
    lignes_ajouter(&l, gros, sizeof gros);
    if (lignes_retirer(&l, false, &ligne, &longueur) != LIGNE_ENTIERE ||
        longueur != sizeof gros - 4)
        ecart("ligne d'un mébioctet", "", 0, "");
    if (lignes_retirer(&l, false, &ligne, &longueur) != LIGNE_AUCUNE)
        ecart("reste d'un mébioctet", "", 0, "");
    if (l.fin != 3 || malloc_usable_size(l.octets) > 64)
        ecart("un mébioctet gardé pour trois octets", "", 0, "");

    /* Un ajout refusé ne change rien, et n'arrête pas le programme. */
    if (lignes_ajouter(&l, gros, (size_t)-1 / 2) || errno != ENOMEM || l.fin != 3)
        ecart("refus de mémoire", "", 0, "");
    lignes_ajouter(&l, "\n", 1);
    if (lignes_retirer(&l, false, &ligne, &longueur) != LIGNE_ENTIERE || longueur != 3)
        ecart("après un refus", "", 0, "");
    lignes_liberer(&l);
}

int main(void)
{
#define CAS(message, attendu) eprouver(message, sizeof(message) - 1, attendu)
    CAS("", "");
    CAS("\n", "()");
    CAS("un\ndeux\n", "(un)(deux)"); /* rien de ce qui suit un \n n'est perdu */
    CAS("un\r\n\r\n", "(un)()");
    CAS("abcd\n", "(abcd)");
    CAS("abcd\r\n", "(abcd)"); /* le \r de la fin ne compte pas dans la longueur */
    CAS("abcde\n", "<abcd>");
    CAS("abcde\r\nfg\n", "<abcd>(fg)"); /* la ligne d'après une ligne refusée est intacte */
    CAS("abcdefghijkl\nm\n", "<abcd>(m)");
    CAS("abcd\re\nf\n", "<abcd>(f)"); /* un \r au milieu est un octet comme un autre */
    CAS("a\rb\n", "(a\rb)");
    CAS("sans fin", "<sans>");
    CAS("fin", "(fin)");
    CAS("fin\r", "(fin\r)"); /* sans \n, le \r n'est pas une fin de ligne */
    CAS("abcd\r", "<abcd>");
    CAS("abcdefgh", "<abcd>"); /* la fin d'une ligne refusée n'est pas une ligne */
    char message[10];
    for (size_t taille = 1; taille <= 7; taille++)
        eprouver_tous(message, taille, 0);
    eprouver_la_memoire();
    printf("lignes : %lu coupes, aucun écart\n", essais);
    return 0;
}
