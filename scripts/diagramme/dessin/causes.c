/* Les causes : rien ne revient avant ce qui le fait revenir. SPDX-License-Identifier: MIT */
#include "dessin.h"

/* Une socket AF_UNIX que personne n'a encore acceptée n'a pas d'autre bout que strace sache nommer. */
int meme_bout(const struct appel *a, const char *de, const char *vers)
{
    if ((a->prise.proto != 'T' && a->prise.proto != 'X') || strcmp(a->prise.local, de) != 0)
        return 0;
    return strcmp(a->prise.distant, vers) == 0 || (a->prise.proto == 'X' && !*a->prise.distant);
}

int va(const struct paquet *p, const char *de, const char *vers)
{
    return *p->proto == 'T' && strcmp(p->de, de) == 0 && strcmp(p->vers, vers) == 0;
}

/* Quand s'est ouverte la connexion de ces deux bouts qui vit à l'instant t. */
ns ouverture(const char *de, const char *vers, ns t)
{
    ns ouverte = 0;
    for (size_t i = 0; i < nb_paquets && paquets[i].t <= t; i++)
        if (!strcmp(paquets[i].drapeaux, "S") && !paquets[i].renvoi &&
            (va(&paquets[i], de, vers) || va(&paquets[i], vers, de)))
            ouverte = paquets[i].t;
    return ouverte;
}

/* Le premier segment de « de » à « vers », depuis t, avec tous ces drapeaux, sans ceux-là. */
static const struct paquet *segment(const char *de, const char *vers, ns t, const char *avec,
                                    const char *sans)
{
    for (size_t i = 0; i < nb_paquets; i++) {
        const struct paquet *p = &paquets[i];
        if (p->t >= t && va(p, de, vers) && strspn(avec, p->drapeaux) == strlen(avec) &&
            !strpbrk(p->drapeaux, sans))
            return p;
    }
    return NULL;
}

static const struct paquet *cause_connect(const struct appel *a)
{
    const struct paquet *syn = NULL;
    if (a->rendu == -1 && !strstr(a->retour, "ECONNREFUSED") && !strstr(a->retour, "EINPROGRESS"))
        return NULL;
    for (size_t i = 0; i < nb_paquets && !syn; i++)
        if (paquets[i].t >= a->t && paquets[i].voie == a->voie &&
            !strcmp(paquets[i].vers, a->but) && !strcmp(paquets[i].drapeaux, "S"))
            syn = &paquets[i];
    if (!syn || syn->t > a->borne) {
        manque("le SYN de connect(%s)", a->but);
        return NULL;
    }
    if (a->rendu == -1)
        return strstr(a->retour, "ECONNREFUSED") ? segment(syn->vers, syn->de, syn->t, "R", "")
                                                 : NULL;
    if (!segment(syn->vers, syn->de, syn->t, "SA", "R"))
        manque("le SYN ACK de %s", syn->vers);
    const struct paquet *ack = segment(syn->de, syn->vers, syn->t, "A", "SR");
    if (!ack)
        manque("l'ACK de %s, qui finit d'ouvrir la connexion", syn->de);
    return ack;
}

static const struct paquet *cause_accept(const struct appel *a)
{
    const char *local = a->rendue.local, *distant = a->rendue.distant;
    const struct paquet *ack =
        segment(distant, local, ouverture(distant, local, a->borne), "A", "SR");
    if (!ack)
        manque("l'ACK de %s, que accept attendait", distant);
    return ack;
}

/* Le datagramme que cette lecture prend : le premier, arrivé sur ce port, que nul n'a pris. */
static const struct paquet *cause_udp(const struct appel *a)
{
    static char *pris;
    if (!pris && !(pris = calloc(nb_paquets + 1, 1)))
        echouer("calloc");
    const struct paquet *dernier = NULL;
    long long taille = 0;
    for (int k = 0; a->rendu < 0 ? k == 0 : (taille = octets_de(a, k)) >= 0; k++) {
        const struct paquet *p = NULL;
        for (size_t i = 0; i < nb_paquets && !p; i++)
            if (!pris[i] && paquets[i].vers_voie == a->voie &&
                paquets[i].vers_port == a->prise.port &&
                *paquets[i].proto == (a->rendu < 0 ? 'I' : 'U') &&
                (a->rendu < 0 || paquets[i].taille >= taille)) {
                p = &paquets[i];
                pris[i] = trouver(a->args, "MSG_PEEK") ? 0 : 1;
            }
        if (!p)
            manque("ce que %s a reçu sur le port %d, jamais vu passer", noms[a->voie],
                   a->prise.port);
        dernier = p;
    }
    return dernier;
}

/* Ce que cette voie a lu de cette connexion avant cet appel. */
static long long lus_avant(const struct appel *a, ns ouverte)
{
    long long lus = 0;
    for (const struct appel *b = appels; b < a; b++)
        if (est_lecture(b) && b->rendu > 0 && !trouver(b->args, "MSG_PEEK") && b->voie == a->voie &&
            b->t >= ouverte && meme_bout(b, a->prise.local, a->prise.distant))
            lus += octets_de(b, -1);
    return lus;
}

/* La fin du flux se lit après tous ses octets, sauf si l'on a renoncé à les lire. */
static void verifier_les_lectures(const struct appel *a, const struct paquet *fin, ns ouverte)
{
    long long restent = fin->jusque - lus_avant(a, ouverte);
    for (const struct appel *b = appels; b < a; b++)
        if (!strcmp(b->nom, "shutdown") && !strstr(b->args, "SHUT_WR") && b->voie == a->voie &&
            meme_bout(b, a->prise.local, a->prise.distant))
            return;
    if (restent > 0)
        manque("la lecture, par %s, de %lld octet(s) de %s", noms[a->voie], restent, fin->de);
}

/* Ce que cette lecture a fait revenir : assez d'octets, le FIN, ou le RST. */
static const struct paquet *cause_tcp(const struct appel *a)
{
    const char *local = a->prise.local, *distant = a->prise.distant;
    long long voulus = octets_de(a, -1);
    ns ouverte = ouverture(local, distant, a->t);
    const struct paquet *p = NULL;
    if (a->rendu == -1 && !strstr(a->retour, "ECONNRESET"))
        return NULL;
    if (voulus > 0)
        voulus += lus_avant(a, ouverte);
    if (a->rendu <= 0)
        p = segment(distant, local, ouverte, a->rendu ? "R" : "F", "");
    if (p && a->rendu == 0)
        verifier_les_lectures(a, p, ouverte);
    for (size_t i = 0; i < nb_paquets && !p && voulus > 0; i++)
        if (paquets[i].t >= ouverte && va(&paquets[i], distant, local) &&
            paquets[i].jusque >= voulus)
            p = &paquets[i];
    if (!p)
        manque("ce que %s a reçu de %s, jamais vu passer", noms[a->voie], distant);
    return p;
}

static const struct paquet *cause(const struct appel *a)
{
    if (!strcmp(a->nom, "connect") && a->prise.proto == 'T')
        return cause_connect(a);
    if (!strncmp(a->nom, "accept", 6) && a->rendue.proto == 'T' && *a->rendue.distant)
        return cause_accept(a);
    if (!est_lecture(a) || !a->prise.local[0])
        return NULL;
    if (a->prise.proto == 'U' && (a->rendu >= 0 || strstr(a->retour, "ECONNREFUSED")))
        return cause_udp(a);
    return a->prise.proto == 'T' && *a->prise.distant ? cause_tcp(a) : NULL;
}

/* Cet appel a ouvert la connexion que l'accept a rendue. */
static int ouvre(const struct appel *b, const struct appel *a)
{
    if (strcmp(b->nom, "connect") != 0 || b->t >= a->borne)
        return 0;
    return a->rendue.proto == 'X' ? !strcmp(b->prise.local, a->rendue.distant)
                                  : port_de(b->but) == a->rendue.port;
}

/* Une socket AF_UNIX que l'un de ces programmes tient. */
static int est_suivie(const char *bout)
{
    for (const struct appel *b = appels; *bout && b < appels + nb_appels; b++)
        if (b->prise.proto == 'X' && !strcmp(b->prise.local, bout))
            return 1;
    return 0;
}

/* Sans paquets : accept ne revient pas avant le connect d'en face, ni une lecture avant l'envoi. */
static const struct appel *appel_cause(const struct appel *a)
{
    long long voulus = a->rendu, passes = 0;
    if ((a->prise.proto != 'T' && a->prise.proto != 'X') || a->rendu < 0)
        return NULL;
    for (const struct appel *b = appels; voulus > 0 && b < a; b++)
        if (est_lecture(b) && b->rendu > 0 && !trouver(b->args, "MSG_PEEK") &&
            meme_bout(b, a->prise.local, a->prise.distant))
            voulus += b->rendu;
    for (const struct appel *b = appels; b < appels + nb_appels; b++) {
        if (!strncmp(a->nom, "accept", 6) && ouvre(b, a))
            return b;
        if (!est_lecture(a) || !*a->prise.distant ||
            !meme_bout(b, a->prise.distant, a->prise.local))
            continue;
        passes += est_envoi(b) && b->rendu > 0 ? b->rendu : 0;
        if (voulus ? passes >= voulus : est_fin(b))
            return b;
    }
    if (est_lecture(a) && voulus && est_suivie(a->prise.distant))
        manque("l'envoi de ce que %s a lu par %s", noms[a->voie], a->nom);
    if (!strncmp(a->nom, "accept", 6) && est_suivie(a->rendue.distant))
        manque("le connect que %s attendait", a->nom);
    return NULL;
}

/* L'appel a duré, ou ce qu'il attendait est venu après qu'il est entré : il a deux lignes. */
static int a_attendu(const struct appel *a, ns t)
{
    int oui = t > a->t || a->fin - a->t > SECONDE / 500;
    for (size_t j = 0; j < nb_appels && sans_paquets; j++)
        oui |= appels[j].voie != a->voie && appels[j].t > a->t && appels[j].t < a->fin;
    for (size_t j = 0; j < nb_paquets && est_veille(a); j++)
        oui |= paquets[j].t > a->t && paquets[j].t < a->fin;
    return oui && peut_attendre(a);
}

/* Place le retour de chaque appel : après sa cause, avant l'appel suivant. */
void chercher_les_causes(void)
{
    for (size_t i = 0; i < nb_appels; i++) {
        struct appel *a = &appels[i];
        if (a->borne <= a->fin)
            a->borne = a->fin + 3600 * SECONDE; /* le dernier du fil */
        a->deux_lignes = a->sans_retour;
        if (!parle_de_reseau(a) || a->sans_retour)
            continue;
        if (sans_paquets || a->prise.proto == 'X')
            a->appel_attendu = appel_cause(a);
        else
            a->attendu = cause(a);
        ns t = a->attendu ? a->attendu->t : a->appel_attendu ? a->appel_attendu->t : 0;
        if (t > a->borne)
            contradiction("%s : %s rendu avant ce qu'il attendait", noms[a->voie], a->nom);
        a->deux_lignes = a_attendu(a, t);
        if (t > a->fin)
            a->fin = t;
    }
}
