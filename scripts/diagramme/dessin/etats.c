/* Les états TCP, déduits des segments et d'eux seuls (RFC 9293). SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "dessin.h"

static struct bout { /* un bout d'une connexion */
    char de[LG_ADRESSE], vers[LG_ADRESSE];
    const char *etat;
    unsigned long suivant, fin; /* le prochain numéro attendu, celui d'après le FIN */
    int a_fini;
    long long passes;
} * bouts;
static size_t nb_bouts;

static struct bout *trouver_bout(const char *de, const char *vers)
{
    for (size_t i = 0; i < nb_bouts; i++)
        if (strcmp(bouts[i].de, de) == 0 && strcmp(bouts[i].vers, vers) == 0)
            return &bouts[i];
    return NULL;
}

static void ouvrir_bout(const char *de, const char *vers, unsigned long suivant)
{
    struct bout *b = trouver_bout(de, vers);
    if (!b)
        b = AJOUTER(bouts, nb_bouts);
    *b = (struct bout){.etat = "CLOSED", .suivant = suivant};
    snprintf(b->de, LG_ADRESSE, "%s", de);
    snprintf(b->vers, LG_ADRESSE, "%s", vers);
}

static int est(const struct bout *b, const char *etat)
{
    return strcmp(b->etat, etat) == 0;
}

/* Les numéros : un trou, ou l'accusé d'octets jamais vus, sont des paquets qui manquent. */
static void suivre_les_numeros(struct paquet *p, struct bout *de, const struct bout *vers)
{
    int syn = strchr(p->drapeaux, 'S') != NULL, fin = strchr(p->drapeaux, 'F') != NULL;
    unsigned longueur = (unsigned)(p->taille + syn + fin);
    if (!syn && (int)(p->seq - de->suivant) > 0)
        manque("%d octet(s) de %s, jamais vus passer", (int)(p->seq - de->suivant), p->de);
    if (strchr(p->drapeaux, 'A') && (int)(p->ack - vers->suivant) > 0)
        manque("ce que %s accuse, jamais vu passer", p->de);
    int neufs = (int)((unsigned)p->seq + longueur - (unsigned)de->suivant);
    p->renvoi = syn ? neufs == 0 && !est(de, "CLOSED") : longueur && neufs <= 0;
    if (!p->renvoi) {
        de->suivant = (unsigned)p->seq + longueur;
        de->passes += p->taille;
        if (fin)
            de->a_fini = 1, de->fin = de->suivant;
    }
    p->jusque = de->passes;
}

static void accuser_le_fin(struct paquet *p, struct bout *b)
{
    if (!b->a_fini || p->ack != b->fin)
        return;
    const char *suite = est(b, "FIN-WAIT-1") ? "FIN-WAIT-2"
                        : est(b, "LAST-ACK") ? "CLOSED"
                        : est(b, "CLOSING")  ? "TIME-WAIT"
                                             : NULL;
    if (suite)
        p->etat_vers = b->etat = suite;
}

/* Deux FIN qui se croisent : celui d'en face, passé avant, n'était pas encore reçu. */
static void croiser(struct paquet *p, struct bout *de)
{
    for (struct paquet *q = p; q-- > paquets;)
        if (!strcmp(q->de, p->vers) && !strcmp(q->vers, p->de) && strchr(q->drapeaux, 'F'))
            q->etat_vers = NULL;
    p->etat_de = "FIN-WAIT-1", de->etat = "CLOSING";
}

/* Ce que ce segment change, d'un bout et de l'autre. */
static void changer_les_etats(struct paquet *p, struct bout *de, struct bout *vers)
{
    if (strchr(p->drapeaux, 'S') && p->renvoi)
        return;
    if (strcmp(p->drapeaux, "S") == 0) {
        p->etat_de = de->etat = "SYN-SENT";
    } else if (strchr(p->drapeaux, 'S')) {
        p->etat_de = de->etat = "SYN-RECV", p->etat_vers = vers->etat = "ESTABLISHED";
    } else {
        if (est(vers, "SYN-RECV"))
            p->etat_vers = vers->etat = "ESTABLISHED";
        accuser_le_fin(p, vers);
    }
    if (strchr(p->drapeaux, 'F') && !p->renvoi) {
        if (est(de, "CLOSE-WAIT") && p->ack != vers->fin)
            croiser(p, de);
        else
            p->etat_de = de->etat = est(de, "ESTABLISHED") ? "FIN-WAIT-1" : "LAST-ACK";
        p->etat_vers = vers->etat = est(vers, "FIN-WAIT-1")   ? "CLOSING"
                                    : est(vers, "FIN-WAIT-2") ? "TIME-WAIT"
                                                              : "CLOSE-WAIT";
    }
}

static void passer(struct paquet *p)
{
    struct bout *de = trouver_bout(p->de, p->vers), *vers = trouver_bout(p->vers, p->de);
    int renvoye = de && est(de, "SYN-SENT") && (unsigned)p->seq + 1 == (unsigned)de->suivant;
    int ouvre = strcmp(p->drapeaux, "S") == 0 && !renvoye;
    if (!ouvre && (!de || !vers))
        manque("le début de la connexion %s, %s", p->de, p->vers);
    if (ouvre || !de || !vers) {
        ouvrir_bout(p->de, p->vers, p->seq), ouvrir_bout(p->vers, p->de, p->ack);
        de = trouver_bout(p->de, p->vers), vers = trouver_bout(p->vers, p->de);
    }
    if (!strchr(p->drapeaux, 'R')) {
        suivre_les_numeros(p, de, vers);
        changer_les_etats(p, de, vers);
        return;
    }
    p->jusque = de->passes;
    if (!est(de, "CLOSED"))
        p->etat_de = de->etat = "CLOSED";
    if (!est(vers, "CLOSED"))
        p->etat_vers = vers->etat = "CLOSED";
}

/* À la fin, les états déduits doivent être ceux que montre ss. */
static void comparer_a_ss(FILE *f)
{
    char ligne[512], etat[32], local[128], distant[128], vu[32];
    for (size_t i = 0; i < nb_bouts; i++) {
        snprintf(vu, sizeof vu, "CLOSED");
        rewind(f);
        while (fgets(ligne, sizeof ligne, f))
            if (sscanf(ligne, "%31s %*s %*s %127s %127s", etat, local, distant) == 3 &&
                strcmp(sans_ffff(local), bouts[i].de) == 0 &&
                strcmp(sans_ffff(distant), bouts[i].vers) == 0)
                snprintf(vu, sizeof vu, "%s", strcmp(etat, "ESTAB") ? etat : "ESTABLISHED");
        /* Un SYN-SENT que l'on referme s'en va sans rien envoyer. */
        if (strcmp(vu, bouts[i].etat) != 0 &&
            (!est(&bouts[i], "SYN-SENT") || strcmp(vu, "CLOSED") != 0))
            manque("de quoi comprendre %s : %s dans ss, %s d'après les paquets", bouts[i].de, vu,
                   bouts[i].etat);
    }
}

void suivre_les_etats(const char *dossier)
{
    for (size_t i = 0; i < nb_paquets; i++)
        if (*paquets[i].proto == 'T')
            passer(&paquets[i]);
    FILE *f = ouvrir_fichier(dossier, "ss");
    if (f) {
        comparer_a_ss(f);
        fclose(f);
    }
}
