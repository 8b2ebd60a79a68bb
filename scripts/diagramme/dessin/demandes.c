/* Ce qui est passé, un appel l'a demandé : ou l'on dit ce qui manque. SPDX-License-Identifier: MIT */
#include "dessin.h"

/* Le datagramme de la taille voulue que cet envoi a fait partir. */
static struct paquet *datagramme_de(const struct appel *a, long long taille)
{
    int port = port_de(*a->but ? a->but : a->prise.distant);
    for (size_t i = 0; i < nb_paquets; i++) {
        struct paquet *p = &paquets[i];
        if (!p->demande && *p->proto == 'U' && p->voie == a->voie &&
            (!port || p->vers_port == port) && (!a->prise.port || p->port == a->prise.port) &&
            p->taille == taille && p->t >= a->t && p->t <= a->borne)
            return p;
    }
    return NULL;
}

static void chercher_les_datagrammes(const struct appel *a)
{
    if (!est_envoi(a) || a->prise.proto != 'U' || strstr(a->retour, "INJECTED"))
        return;
    long long taille;
    for (int k = 0; (taille = octets_de(a, k)) >= 0; k++) {
        struct paquet *p = datagramme_de(a, taille);
        if (p)
            p->demande = a;
        else
            manque("un datagramme envoyé par %s, jamais vu passer", noms[a->voie]);
    }
}

/* Qui est mort juste avant ce segment, et tenait la connexion. */
static struct fil *mort_avant(const struct paquet *p)
{
    struct fil *mort = NULL;
    int tenait = 0;
    ns ouverte = ouverture(p->de, p->vers, p->t);
    for (size_t i = 0; i < nb_fils; i++) {
        struct fil *f = &fils[i];
        if (f->voie != p->voie || !f->fini || f->mort > p->t || f->mort < ouverte)
            continue;
        int tient = 0;
        for (size_t j = 0; j < nb_appels && !tient; j++)
            tient = &fils[appels[j].fil] == f &&
                    (meme_bout(&appels[j], p->de, p->vers) ||
                     (appels[j].rendue.proto == 'T' && !strcmp(appels[j].rendue.distant, p->vers)));
        if (!mort || tient > tenait || (tient == tenait && f->mort >= mort->mort))
            mort = f, tenait = tient;
    }
    return mort;
}

/* L'appel qui a demandé ce segment : connect, un envoi, une fermeture. */
static const struct appel *demande_de(const struct paquet *p, long long *donnes)
{
    const struct appel *connect = NULL, *ecoute = NULL, *envoi = NULL, *fin = NULL;
    ns ouverte = ouverture(p->de, p->vers, p->t);
    *donnes = 0;
    for (size_t i = 0; i < nb_appels; i++) {
        const struct appel *a = &appels[i];
        if (a->voie != p->voie || a->t > p->t)
            continue;
        if (!strcmp(a->nom, "connect") && !strcmp(a->but, p->vers))
            connect = a;
        if (!strcmp(a->nom, "listen") && a->prise.port == p->port)
            ecoute = a;
        if (a->t < ouverte || !meme_bout(a, p->de, p->vers))
            continue;
        if (est_envoi(a) && a->rendu > 0) {
            envoi = *donnes < p->jusque ? a : envoi;
            *donnes += octets_de(a, -1);
        }
        if (est_fin(a) && (!fin || a->t > fin->t))
            fin = a;
        else if (fin && a->t > fin->t && !strcmp(fin->nom, "close"))
            fin = NULL; /* un autre processus la tenait encore */
    }
    if (strpbrk(p->drapeaux, "FR"))
        return fin;
    if (strchr(p->drapeaux, 'S'))
        return strchr(p->drapeaux, 'A') ? ecoute : connect;
    return p->taille ? envoi : NULL;
}

/* close() n'annonce la fin que si tout est lu : il reste des octets, c'est un RST qui part. */
static void verifier_la_fermeture(const struct paquet *p)
{
    long long restent = 0;
    ns ouverte = ouverture(p->de, p->vers, p->t);
    if (!p->demande || strcmp(p->demande->nom, "close") != 0)
        return;
    for (size_t i = 0; i < nb_paquets && paquets[i].t < p->demande->t; i++)
        if (paquets[i].t >= ouverte && va(&paquets[i], p->vers, p->de))
            restent = paquets[i].jusque;
    for (const struct appel *b = appels; b < appels + nb_appels; b++)
        if (est_lecture(b) && b->rendu > 0 && !trouver(b->args, "MSG_PEEK") && b->voie == p->voie &&
            b->t >= ouverte && meme_bout(b, p->de, p->vers))
            restent -= octets_de(b, -1);
    if (restent > 0)
        manque("la lecture, par %s, de %lld octet(s) de %s", noms[p->voie], restent, p->vers);
}

static void verifier_le_segment(struct paquet *p)
{
    long long donnes;
    p->demande = demande_de(p, &donnes);
    if (p->renvoi)
        return;
    struct fil *mort = !p->demande && strpbrk(p->drapeaux, "FR") ? mort_avant(p) : NULL;
    if (mort && !mort->fermait++ && !mort->vu)
        mort->mort = p->t; /* parti de lui-même, ou par SIGKILL : quand, ce segment seul le dit */
    p->mort = mort;
    if (!strcmp(p->drapeaux, "S") && !p->demande)
        contradiction("un SYN vers %s, avant ou sans connect", p->vers);
    if (!strcmp(p->drapeaux, "SA") && !p->demande)
        contradiction("un SYN ACK de %s, avant ou sans listen", p->de);
    if (p->jusque > donnes)
        contradiction("%lld octet(s) de %s, passés avant ou sans envoi", p->jusque - donnes, p->de);
    if (strchr(p->drapeaux, 'F'))
        verifier_la_fermeture(p);
    if (strchr(p->drapeaux, 'F') && !p->demande && !mort)
        contradiction("un FIN de %s, avant ou sans close ni shutdown", p->de);
}

/* Le paquet auquel celui-ci répond : SYN ACK, refus, ICMP. */
static const struct paquet *reponse_a(const struct paquet *p)
{
    for (const struct paquet *q = p; q-- > paquets;) {
        int inverse = !strcmp(q->de, p->vers) && !strcmp(q->vers, p->de);
        if (inverse && (*p->proto == 'I' || *p->proto == *q->proto))
            return q;
    }
    return NULL;
}

/* Cet appel a donné la socket de celui-là. */
static int donne(const struct appel *b, const struct appel *a)
{
    const char *local = a->prise.local, *distant = a->prise.distant;
    if (a->prise.proto == 'X')
        return !strcmp(b->rendue.local, local) ||
               (!strcmp(b->nom, "socketpair") && strstr(b->args, local));
    return (!strcmp(b->rendue.local, local) && !strcmp(b->rendue.distant, distant)) ||
           (*distant && !strcmp(b->nom, "connect") && !strcmp(b->but, distant));
}

/* Cet appel a donné à la socket son adresse : bind ; en UDP, le premier envoi aussi. */
static int nomme(const struct appel *b, const struct appel *a)
{
    if (b->prise.proto != a->prise.proto || b->t > a->t)
        return 0;
    if (a->prise.proto == 'U' && (est_envoi(b) || !strcmp(b->nom, "connect")))
        return 1;
    if (strcmp(b->nom, "bind") != 0)
        return 0;
    int port = port_de(b->but);
    return a->prise.proto == 'X' ? !strcmp(b->prise.local, a->prise.local)
                                 : port == 0 || port == a->prise.port;
}

static int ecoute(const struct appel *b, const struct appel *a)
{
    return !strcmp(b->nom, "listen") && !strcmp(b->prise.local, a->prise.local);
}

/* Un appel de cette voie a fait ce que celui-là suppose, ou l'on dit qu'il manque. */
static void exiger_avant(const struct appel *a, const char *quoi,
                         int (*fait)(const struct appel *b, const struct appel *a))
{
    for (const struct appel *b = appels; b < appels + nb_appels; b++)
        if (b->voie == a->voie && fait(b, a))
            return;
    manque("%s : %s, avant %s", noms[a->voie], quoi, a->nom);
}

/* D'où vient cette socket, son adresse, son écoute : d'appels de sa voie, ou on le dit. */
static void verifier_l_origine(const struct appel *a)
{
    const char *local = a->prise.local;
    int port = a->prise.port, locale = a->prise.proto == 'X';
    if (!parle_de_reseau(a) || !*local || (locale && !strcmp(a->nom, "close")))
        return;
    if (*a->prise.distant || !port)
        exiger_avant(a, "l'appel qui a donné la socket", donne);
    if ((!strcmp(a->nom, "listen") && (port || locale)) ||
        (port && est_lecture(a) && a->prise.proto == 'U'))
        exiger_avant(a, "bind", nomme);
    if (locale && !strncmp(a->nom, "accept", 6))
        exiger_avant(a, "listen", ecoute);
}

void verifier_les_paquets(void)
{
    for (size_t i = 0; i < nb_appels; i++)
        verifier_l_origine(&appels[i]);
    for (size_t i = 0; i < nb_appels && !sans_paquets; i++)
        chercher_les_datagrammes(&appels[i]);
    for (size_t i = 0; i < nb_paquets; i++) {
        struct paquet *p = &paquets[i];
        int personne = !strcmp(noms[p->voie], "(personne)");
        if (*p->proto == 'U' && !p->demande && !personne)
            contradiction("un datagramme de %s, avant ou sans envoi", p->de);
        if (*p->proto == 'T' && !personne)
            verifier_le_segment(p);
        if (*p->proto == 'I' || !strcmp(p->drapeaux, "SA") ||
            (strchr(p->drapeaux, 'R') && !p->demande))
            p->reponse_a = reponse_a(p);
    }
}
