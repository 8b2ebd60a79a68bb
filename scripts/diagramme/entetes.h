/*
 * SPDX-License-Identifier: MIT
 *
 * Ce que disent les en-têtes d'un paquet : IP (4 et 6), puis TCP, UDP ou ICMP. Tout vient du réseau :
 * rien n'est lu au-delà des octets reçus, ce qui ne se tient pas est refusé.
 */
#ifndef ENTETES_H
#define ENTETES_H

#include <arpa/inet.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { LG_ADRESSE = INET6_ADDRSTRLEN + 2 };

struct paquet {
    const char *nom; /* TCP, UDP, ICMP */
    char de[LG_ADRESSE], vers[LG_ADRESSE];
    unsigned port_de, port_vers, numero, accuse;
    char drapeaux[8]; /* de TCP : « SA », SYN et ACK ; d'ICMP : le type et le code, « 3/3 » */
    int protocole;
    const unsigned char *charge; /* ce qui suit le dernier en-tête lu */
    size_t taille;
};

static unsigned entier(const unsigned char *octets, int combien)
{
    unsigned n = 0;
    while (combien-- > 0)
        n = n << 8 | *octets++;
    return n;
}

static void avancer(struct paquet *p, size_t entete)
{
    p->charge += entete, p->taille -= entete;
}

/* Passe les extensions d'IPv6. Faux si elles sont coupées, ou devant la suite d'un datagramme. */
static bool passer_les_extensions(struct paquet *p)
{
    for (;;) {
        size_t longueur = 8;
        if (p->protocole != IPPROTO_HOPOPTS && p->protocole != IPPROTO_ROUTING &&
            p->protocole != IPPROTO_DSTOPTS && p->protocole != IPPROTO_FRAGMENT)
            return true;
        if (p->taille < 8)
            return false;
        if (p->protocole != IPPROTO_FRAGMENT)
            longueur += p->charge[1] * 8u;
        else if (entier(p->charge + 2, 2) >= 8) /* sa place n'est pas 0 */
            return false;
        if (p->taille < longueur)
            return false;
        p->protocole = p->charge[0];
        avancer(p, longueur);
    }
}

/* L'en-tête IP. Faux si ce n'en est pas un, ou si c'est la suite d'un datagramme en morceaux. */
static bool lire_ip(const unsigned char *octets, size_t taille, struct paquet *p)
{
    if (taille < 20)
        return false;
    bool v6 = octets[0] >> 4 == 6;
    size_t entete = v6 ? 40 : octets[0] % 16 * 4u;
    size_t total = v6 ? 40 + entier(octets + 4, 2) : entier(octets + 2, 2);
    if (total < taille) /* la carte complète les trames trop courtes */
        taille = total;
    if ((!v6 && octets[0] >> 4 != 4) || entete < 20 || taille < entete)
        return false;
    if (!v6 && entier(octets + 6, 2) % 0x2000 != 0)
        return false;
    char nue[INET6_ADDRSTRLEN];
    inet_ntop(v6 ? AF_INET6 : AF_INET, octets + (v6 ? 8 : 12), nue, sizeof nue);
    snprintf(p->de, sizeof p->de, v6 ? "[%s]" : "%s", nue);
    inet_ntop(v6 ? AF_INET6 : AF_INET, octets + (v6 ? 24 : 16), nue, sizeof nue);
    snprintf(p->vers, sizeof p->vers, v6 ? "[%s]" : "%s", nue);
    p->protocole = v6 ? octets[6] : octets[9], p->charge = octets, p->taille = taille;
    avancer(p, entete);
    return !v6 || passer_les_extensions(p);
}

static void lire_ports(struct paquet *p)
{
    p->port_de = entier(p->charge, 2), p->port_vers = entier(p->charge + 2, 2);
}

static bool lire_tcp(struct paquet *p)
{
    size_t entete = p->taille >= 20 ? p->charge[12] / 16 * 4u : 0;
    if (entete < 20 || p->taille < entete)
        return false;
    char *d = p->drapeaux;
    for (int bit = 0; bit < 6; bit++)
        if (p->charge[13] >> bit & 1)
            *d++ = "FSRPAU"[bit];
    p->numero = entier(p->charge + 4, 4), p->accuse = entier(p->charge + 8, 4);
    lire_ports(p);
    avancer(p, entete);
    return true;
}

/* Une erreur renvoie le début du paquet fautif : elle prend ses adresses et ses ports, retournés. */
static void lire_icmp(struct paquet *p)
{
    unsigned type = p->charge[0];
    bool erreur = p->protocole == IPPROTO_ICMPV6
                      ? type < 128
                      : type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
    snprintf(p->drapeaux, sizeof p->drapeaux, "%u/%u", type, p->charge[1]);
    avancer(p, 8);
    struct paquet fautif = {0};
    if (!erreur || !lire_ip(p->charge, p->taille, &fautif))
        return;
    if (fautif.taille >= 4)
        lire_ports(&fautif);
    memcpy(p->de, fautif.vers, sizeof p->de), p->port_de = fautif.port_vers;
    memcpy(p->vers, fautif.de, sizeof p->vers), p->port_vers = fautif.port_de;
}

/* Tous les en-têtes. Faux si ce n'est ni TCP, ni UDP, ni ICMP, ou si le paquet est abîmé. */
static bool lire_entetes(const unsigned char *octets, size_t taille, struct paquet *p)
{
    *p = (struct paquet){.drapeaux = "-"};
    if (!lire_ip(octets, taille, p) || p->taille < 8)
        return false;
    switch (p->protocole) {
    case IPPROTO_TCP:
        p->nom = "TCP";
        return lire_tcp(p);
    case IPPROTO_UDP:
        p->nom = "UDP";
        lire_ports(p);
        avancer(p, 8);
        return true;
    case IPPROTO_ICMP:
    case IPPROTO_ICMPV6:
        p->nom = "ICMP";
        lire_icmp(p);
        return true;
    default:
        return false;
    }
}

#endif
