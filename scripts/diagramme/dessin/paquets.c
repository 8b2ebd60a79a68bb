/* Ce qui est passé sur le réseau, et de quelle voie à quelle voie. SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdio.h>

#include "dessin.h"

enum { FAIBLE = 1 };
#define UN_MOMENT (SECONDE / 100)
enum { LG_HEXA = 64 }; /* ce que l'outil paquets garde d'une charge */

struct ou { /* un bout à situer, vu par un paquet */
    char proto;
    int port;
    const char *bout, *autre;
    ns t;
};

/* Cette socket tient ce bout : 4, cette connexion même ; 3, cette adresse ; 2, ce port. */
static int tient(const struct prise *s, const struct ou *ou)
{
    if (s->port != ou->port || (ou->proto != 'I' && s->proto != ou->proto))
        return 0;
    if (strcmp(s->local, ou->bout) == 0)
        return strcmp(s->distant, ou->autre) == 0 ? 4 : *s->distant ? 2 : 3;
    return strncmp(s->local, "0.0.0.0:", 8) == 0 || strncmp(s->local, "[::]:", 5) == 0 ? 3 : 2;
}

/* Quand cette socket est lâchée, à un moment près : par close, ou par sa mort ; 0, jamais. */
static ns lachee(const struct appel *a)
{
    const struct fil *fil = &fils[a->fil];
    int fd = atoi(a->args);
    for (const struct appel *b = a; b < appels + nb_appels && b->voie == a->voie; b++)
        if (b->fil == a->fil && !strcmp(b->nom, "close") && atoi(b->args) == fd)
            return (fil->fini && fil->parti < b->fin ? fil->parti : b->fin) + UN_MOMENT;
    return fil->fini ? fil->parti + UN_MOMENT : 0;
}

/* Ce que cet appel dit du bout : ses sockets, ou l'adresse qu'il leur donne. */
static int indice(const struct appel *a, const struct ou *ou)
{
    int prise = tient(&a->prise, ou), rendue = tient(&a->rendue, ou);
    int force = rendue > prise ? rendue : prise;
    if (a->prise.proto == 'X' || (ou->proto != 'I' && ou->proto != a->prise.proto) || force == 4)
        return force;
    if (!force && !strcmp(a->nom, "bind") && a->rendu == 0 && port_de(a->but) == ou->port)
        force = 2;
    if (force && ou->port < PORTS_DU_NOYAU && (a->t > ou->t || (a->lachee && a->lachee < ou->t)))
        return FAIBLE; /* pas encore à elle, ou plus */
    /* Refusé, le client n'a jamais vu son port : c'est le but de son appel qui le désigne. */
    if (!force && a->t <= ou->t && !strcmp(a->but, ou->autre) && strcmp(a->nom, "bind") != 0)
        force = 2;
    return force;
}

/* La voie qui tient ce bout à cet instant : le meilleur indice, et le plus proche ; -1 : aucune. */
static int voie_du_bout(const struct ou *ou)
{
    int voie = -1, mieux = 1;
    ns ecart = 0;
    for (size_t i = 0; i < nb_appels; i++) {
        const struct appel *a = &appels[i];
        int force = indice(a, ou);
        ns loin = a->t > ou->t ? a->t - ou->t : a->fin < ou->t ? ou->t - a->fin : 0;
        if (force < mieux || (force == mieux && voie >= 0 && loin >= ecart))
            continue;
        mieux = force, ecart = loin, voie = a->voie;
    }
    return voie;
}

/* Une voie de plus, s'il le faut, pour ce qui répond sans qu'aucun programme soit là. */
static int personne(void)
{
    static int voie = -1;
    if (voie < 0) {
        voie = nb_voies++;
        snprintf(noms[voie], LG_TEXTE, "(personne)");
    }
    return voie;
}

static void situer(struct paquet *p)
{
    p->port = port_de(p->de), p->vers_port = port_de(p->vers);
    p->voie = voie_du_bout(&(struct ou){*p->proto, p->port, p->de, p->vers, p->t});
    p->vers_voie = voie_du_bout(&(struct ou){*p->proto, p->vers_port, p->vers, p->de, p->t});
    if (p->voie < 0 && p->vers_voie >= 0)
        p->voie = personne();
    else if (p->vers_voie < 0 && p->voie >= 0)
        p->vers_voie = personne();
}

/* « fin 12 0 » : combien de lignes précèdent, combien le noyau en a perdu ; faux sinon. */
static int lire_fin(const char *ligne, unsigned lus)
{
    unsigned annonces, perdus;
    if (sscanf(ligne, "fin %u %u", &annonces, &perdus) != 2)
        return 0;
    if (annonces != lus)
        manque("%u paquet(s) sur les %u vus", annonces > lus ? annonces - lus : 0, annonces);
    if (perdus)
        manque("%u paquet(s), que le noyau n'a pas pu garder", perdus);
    return 1;
}

/* Un datagramme a 65535 octets au plus ; les premiers sont là, deux chiffres chacun, ou « - ». */
static int se_tient(const struct paquet *p)
{
    size_t montres = p->taille < LG_HEXA ? (size_t)p->taille : LG_HEXA;
    return p->taille >= 0 && p->taille <= 65535 && p->seq <= UINT32_MAX && p->ack <= UINT32_MAX &&
           (montres ? strspn(p->hexa, "0123456789abcdef") == 2 * montres && !p->hexa[2 * montres]
                    : !strcmp(p->hexa, "-"));
}

static void lire_paquet(const char *ligne, unsigned numero)
{
    struct paquet p = {0};
    char *suite;
    p.t = lire_ns(ligne, &suite);
    if (!lisible(ligne, strcspn(ligne, "\n")) ||
        sscanf(suite, "%7s %63s %63s %15s %lu %lu %d %159s", p.proto, p.de, p.vers, p.drapeaux,
               &p.seq, &p.ack, &p.taille, p.hexa) != 8 ||
        !strchr(ligne, '\n') || !se_tient(&p)) {
        manque("paquets : ligne %u illisible", numero);
        return;
    }
    if (nb_paquets && p.t < paquets[nb_paquets - 1].t)
        contradiction("paquets : l'horloge recule, ligne %u", numero);
    *AJOUTER(paquets, nb_paquets) = p;
}

/* Garde ceux dont on sait de quelle voie à quelle voie ils vont. */
static void situer_les_paquets(void)
{
    size_t gardes = 0;
    for (size_t i = 0; i < nb_appels; i++)
        appels[i].lachee = lachee(&appels[i]);
    for (size_t i = 0; i < nb_paquets; i++) {
        situer(&paquets[i]);
        if (paquets[i].voie >= 0)
            paquets[gardes++] = paquets[i];
    }
    if (gardes < nb_paquets)
        manque("%zu paquet(s), d'aucun de ces programmes", nb_paquets - gardes);
    nb_paquets = gardes;
}

void lire_paquets(const char *dossier)
{
    char ligne[512];
    unsigned lus = 0;
    int fini = 0;
    FILE *f = ouvrir_fichier(dossier, "paquets");
    sans_paquets = !f;
    if (f) {
        while (fgets(ligne, sizeof ligne, f))
            if (lire_fin(ligne, lus))
                fini = 1;
            else
                lire_paquet(ligne, ++lus);
        fclose(f);
        if (!fini)
            manque("la fin des paquets");
        situer_les_paquets();
    } else {
        manque("les paquets ; seuls les appels sont dessinés");
    }
    if (nb_voies == 1)
        personne();
}
