/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* POLLRDHUP, propre à Linux */
#include "affichage.h"

#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum { MONTRES_MAX = 256 };

/* Un caractère qui agit sur le terminal au lieu de s'y écrire : contrôles C0 et C1, et ceux qui
 * renversent le sens du texte et feraient lire autre chose que ce qui est arrivé. */
static bool agit_sur_le_terminal(uint32_t caractere)
{
    return caractere < 0x20 || (caractere >= 0x7f && caractere < 0xa0) || caractere == 0x61c ||
           (caractere >= 0x200e && caractere <= 0x200f) ||
           (caractere >= 0x2028 && caractere <= 0x202e) ||
           (caractere >= 0x2066 && caractere <= 0x2069);
}

/* Longueur (1 à 4) du caractère UTF-8 correct et affichable en tête des « taille » octets, ou 0. */
static size_t longueur_affichable(const unsigned char *octets, size_t taille)
{
    static const uint32_t minimum[] = {0, 0, 0x80, 0x800, 0x10000}; /* formes trop longues */
    unsigned char tete = octets[0];
    size_t longueur = tete < 0x80         ? 1
                      : (tete >> 5) == 6  ? 2
                      : (tete >> 4) == 14 ? 3
                      : (tete >> 3) == 30 ? 4
                                          : 0;
    if (longueur == 0 || longueur > taille)
        return 0;
    uint32_t caractere = longueur == 1 ? tete : tete & (0x7fU >> longueur);
    for (size_t i = 1; i < longueur; i++) {
        if ((octets[i] & 0xc0) != 0x80)
            return 0;
        caractere = caractere << 6 | (octets[i] & 0x3f);
    }
    bool correct = caractere >= minimum[longueur] && caractere <= 0x10ffff &&
                   (caractere < 0xd800 || caractere > 0xdfff);
    return correct && !agit_sur_le_terminal(caractere) ? longueur : 0;
}

size_t montrer_caractere(const void *octets, size_t taille, char texte[TEXTE_CARACTERE])
{
    const unsigned char *o = octets;
    size_t longueur = longueur_affichable(o, taille);
    static const char abreges[] = "\n\r\t\0\\", lettres[] = "nrt0\\";
    const char *abrege = memchr(abreges, o[0], sizeof abreges - 1);
    if (abrege)
        snprintf(texte, TEXTE_CARACTERE, "\\%c", lettres[abrege - abreges]);
    else if (longueur > 0)
        snprintf(texte, TEXTE_CARACTERE, "%.*s", (int)longueur, (const char *)o);
    else
        snprintf(texte, TEXTE_CARACTERE, "\\x%02x", o[0]);
    return longueur > 0 ? longueur : 1;
}

void afficher_octets(const char *appel, const void *octets, size_t taille)
{
    const char *o = octets;
    char texte[MONTRES_MAX * 4 + TEXTE_CARACTERE];
    size_t lus = 0;
    if (taille == 0) {
        printf("%s : 0 octet\n", appel);
        return;
    }
    for (size_t ecrits = 0; lus < taille && lus < MONTRES_MAX; ecrits += strlen(texte + ecrits))
        lus += montrer_caractere(o + lus, taille - lus, texte + ecrits);
    printf("%s : %zu octet%s « %s »%s\n", appel, taille, taille > 1 ? "s" : "", texte,
           lus < taille ? " (les premiers seulement)" : "");
}

const char *texte_adresse(const void *adresse, char texte[TEXTE_ADRESSE])
{
    const struct sockaddr *a = adresse;
    char hote[64], port[8];
    socklen_t taille =
        a->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    if (getnameinfo(a, taille, hote, sizeof hote, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        snprintf(texte, TEXTE_ADRESSE, "(famille %d)", a->sa_family);
    else
        snprintf(texte, TEXTE_ADRESSE, a->sa_family == AF_INET6 ? "[%s]:%s" : "%s:%s", hote, port);
    return texte;
}

const char *texte_evenements(short evenements, char texte[TEXTE_EVENEMENTS])
{
    static const struct {
        short bit;
        const char *nom;
    } noms[] = {{POLLIN, "POLLIN"},      {POLLPRI, "POLLPRI"}, {POLLOUT, "POLLOUT"},
                {POLLERR, "POLLERR"},    {POLLHUP, "POLLHUP"}, {POLLNVAL, "POLLNVAL"},
                {POLLRDHUP, "POLLRDHUP"}};
    size_t ecrits = 0;
    snprintf(texte, TEXTE_EVENEMENTS, "rien");
    for (size_t i = 0; i < sizeof noms / sizeof noms[0]; i++)
        if (evenements & noms[i].bit)
            ecrits += (size_t)snprintf(texte + ecrits, TEXTE_EVENEMENTS - ecrits, "%s%s",
                                       ecrits > 0 ? "|" : "", noms[i].nom);
    return texte;
}
