/*
 * SPDX-License-Identifier: MIT
 *
 * Un flux n'est pas une suite de messages : quelle que soit la coupe, une ligne, un « ok ».
 */
#include "sondes.h"

#include <stdlib.h>
#include <string.h>

enum { LIGNE_MAX = 65536 };

void sonde_ligne(void)
{
    int client = joindre();
    dire(client, "bonjour\n");
    if (accueil(client, ECHEANCE) != SERVI)
        faute("une ligne ne reçoit rien");
    dire(client, "encore\n"); /* la connexion reste ouverte */
    if (accueil(client, ECHEANCE) == PERDU)
        faute("la deuxième ligne ne reçoit rien : la connexion ne reste pas ouverte");
    fermer(client);
}

void sonde_octet_par_octet(void)
{
    int client = joindre();
    envoyer_un_par_un(client, "bonjour", 7, 25);
    attendre_silence(client, 25);
    dire(client, "\n");
    attendre_ok(client, 1);
    attendre_silence(client, 50);
    fermer(client);
}

void sonde_collees(void)
{
    int client = joindre();
    dire(client, "un\ndeux\n");
    attendre_ok(client, 2);
    dire(client, "trois\n\n\nqua"); /* une ligne vide est une ligne */
    attendre_ok(client, 3);
    attendre_silence(client, 50);
    dire(client, "tre\n");
    attendre_ok(client, 1);
    fermer(client);
}

void sonde_retour_chariot(void)
{
    int client = joindre();
    dire(client, "a\r\n\r\n");
    attendre_ok(client, 2);
    dire(client, "a\rb\r");
    attendre_silence(client, 100); /* un \r seul ne finit pas une ligne */
    dire(client, "\n");
    attendre_ok(client, 1);
    fermer(client);
}

void sonde_nuls(void)
{
    int client = joindre();
    envoyer(client, "a\0b\n\0\0\n\0", 8);
    attendre_ok(client, 2);
    dire(client, "\n");
    attendre_ok(client, 1);
    attendre_silence(client, 50);
    fermer(client);
}

void sonde_rien_que_ok(void)
{
    int client = joindre();
    for (int i = 0; i < 3; i++) {
        dire(client, "x\n");
        attendre_texte(client, "o");
        attendre_texte(client, "k");
        attendre_texte(client, "\n");
        attendre_silence(client, 50);
    }
    fermer(client);
}

void sonde_tailles(void)
{
    static const size_t tailles[] = {
        1,    127,   128,   254,   255,   256,   257,   511,   512,   513,      1023, 1024,
        1025, 1447,  1448,  1449,  2047,  2048,  2049,  4095,  4096,  4097,     8191, 8192,
        8193, 16383, 16384, 16385, 32767, 32768, 32769, 65534, 65535, LIGNE_MAX};
    int client = joindre();
    for (size_t i = 0; i < sizeof tailles / sizeof tailles[0]; i++)
        for (int nul = 0; nul < 2; nul++) {
            repeter(client, nul ? '\0' : 'x', tailles[i]);
            dire(client, "\n");
            attendre_ok(client, 1);
            dire(client, "court\n"); /* après une longue : il n'en reste rien */
            attendre_ok(client, 1);
        }
    attendre_silence(client, 50);
    fermer(client);
}

/* « avant » lignes, puis « taille » octets, une fin, et de quoi se faire répondre par un RST. */
static void trop_longue(int avant, size_t taille, const char *suite)
{
    int client = joindre();
    for (int i = 0; i < avant; i++)
        dire(client, "court\n");
    repeter(client, 'x', taille);
    dire(client, suite);
    for (int i = 0; i < avant; i++)
        attendre_texte(client, "ok\n");
    attendre_texte(client, "erreur : ligne trop longue\n");
    attendre_fin(client);
    fermer(client);
}

void sonde_ligne_longue(void)
{
    int voisin = joindre();
    dire(voisin, "à demi");

    int client = joindre();
    repeter(client, 'x', LIGNE_MAX);
    dire(client, "\n");
    attendre_ok(client, 1);
    repeter(client, 'x', LIGNE_MAX);
    dire(client, "\r\n");
    attendre_ok(client, 1);
    repeter(client, 'x', LIGNE_MAX);
    dire(client, "\r"); /* la moitié d'une fin, ou un octet de trop : il ne peut encore le savoir */
    attendre_silence(client, 100);
    dire(client, "\n");
    attendre_ok(client, 1);
    attendre_silence(client, 50);
    fermer(client);

    trop_longue(0, LIGNE_MAX + 1, ""); /* sans attendre la fin de la ligne */
    trop_longue(2, LIGNE_MAX + 1, "\n");
    trop_longue(0, LIGNE_MAX, "x\r\nsuite\nsuite\n"); /* rien de ce qui suit n'est répondu */
    trop_longue(1, 400000, "\n"); /* ce qu'il n'a pas lu ne doit pas devenir un RST */

    attendre_silence(voisin, 50);
    dire(voisin, " dit\n");
    attendre_ok(voisin, 1);
    fermer(voisin);
}

void sonde_rafale(void)
{
    enum { LIGNES = 4000000, BLOC = 2 * 8000 };
    static char lignes[BLOC];
    for (int i = 0; i < BLOC; i++)
        lignes[i] = "x\n"[i % 2];
    int client = joindre_avec_un_petit_tampon();
    struct reponses r = {0};
    long long fin = maintenant() + 4LL * ECHEANCE;
    for (size_t envoyes = 0; envoyes < 2UL * LIGNES;) {
        size_t reste = 2UL * LIGNES - envoyes, depuis = envoyes % BLOC;
        size_t bloc = BLOC - depuis < reste ? BLOC - depuis : reste;
        size_t n = envoyer_sans_attendre(client, lignes + depuis, bloc);
        envoyes += n;
        if (n > 0)
            continue;
        patienter(5); /* il ne lit plus : nous non plus, longtemps ; puis un peu */
        for (int tours = 0; tours < 64; tours++)
            if (prendre(client, &r) == -1)
                faute("il raccroche après %ld réponses, alors que %zu octets sont partis",
                      r.octets / 3, envoyes);
        if (maintenant() > fin)
            faute("il n'avance plus : %zu octets partis, %ld réponses reçues", envoyes,
                  r.octets / 3);
    }
    demi_fermer(client);
    for (long n; (n = prendre(client, &r)) != -1;)
        if (n == 0) {
            if (maintenant() > fin)
                faute("%d réponses étaient dues, il en vient %ld, puis plus rien", LIGNES,
                      r.octets / 3);
            patienter(1);
        }
    if (r.octets != 3L * LIGNES)
        faute("%d réponses étaient dues, il en vient %ld, puis la fin", LIGNES, r.octets / 3);
    fermer(client);
}
