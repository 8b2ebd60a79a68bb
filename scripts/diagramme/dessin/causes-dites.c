/*
 * Les causes, dites au lieu d'être dessinées (dessin -c) : ce qui ne dépend pas de
 * l'entrelacement, pour comparer deux passages d'un même échange. SPDX-License-Identifier: MIT
 *
 * Une ligne par fait, ses champs séparés par une tabulation :
 *
 *   voie    1    04-client                            les voies, de gauche à droite
 *   appel   1/2  connect(3, 127.0.0.1:5000)   0       un appel, et ce qu'il rend
 *   appel   2/4  accept(3)                    4 ← 127.0.0.1:…
 *   appel   2/9  accept(3)                            un appel qui n'est jamais revenu
 *   fin     1/5  (fin du programme)                   une mort qui a fermé des sockets
 *   paquet  1>2/1  SYN                                un paquet d'une voie à une autre
 *   cause   1/2  1>2/1                                le premier vient avant le second
 *   cause   2>1/1  1/2=                               « = » : le retour de cet appel
 *
 * Les numéros : 1/2, le deuxième texte de la voie 1 ; 2.1/3, le troisième de son processus .1 ;
 * 1>2/4, le quatrième paquet de la voie 1 à la voie 2. Les suites vont de soi et ne sont pas
 * redites : dans une voie (et un processus), un appel rend avant que le suivant entre ; dans un
 * sens, un paquet suit l'autre. Un appel n'a qu'une ligne, qu'il ait attendu ou non ; les poll et
 * select qui ont abouti n'en ont pas (le dessin les montre quand ils attendent), ni les accusés de
 * réception seuls (dont celui qui finit la poignée de main : le SYN ACK en tient lieu). Les textes
 * sont entiers, quelle que soit la largeur, sans AF_ ni SOCK_ ; un port de 32768 et plus, que le
 * noyau a choisi, s'écrit « … ».
 */
#include <stdio.h>

#include "dessin.h"

enum { SUFFIXES = 100 };

/* Les ports choisis par le noyau : « 127.0.0.1:51340 » devient « 127.0.0.1:… ». */
static char *sans_ports(char texte[LG_TEXTE])
{
    char reste[LG_TEXTE];
    for (char *p = texte; (p = strchr(p, ':'));) {
        size_t n = strspn(++p, "0123456789");
        if (n != 5 || atoi(p) < PORTS_DU_NOYAU)
            continue;
        snprintf(reste, LG_TEXTE, "%s", p + n);
        snprintf(p, LG_TEXTE - (size_t)(p - texte), "…%s", reste);
    }
    return abreger(texte, 0);
}

static void nommer_l_appel(int voie, const struct fil *fil, int no)
{
    printf("%d", voie + 1);
    if (fil->suffixe)
        printf(".%d", fil->suffixe);
    printf("/%d", no);
}

static void nommer_le_paquet(const struct paquet *p)
{
    printf("%d>%d/%d", p->voie + 1, p->vers_voie + 1, p->no);
}

static int se_dit(const struct appel *a)
{
    return a->montre && (!est_veille(a) || a->rendu == 0 || tout);
}

/* Le k-ième de son processus, dans l'ordre où les appels sont entrés. */
static void numeroter_les_appels(void)
{
    static int derniers[VOIES + 1][SUFFIXES];
    for (size_t i = 0; i < nb_evenements; i++) {
        struct evenement *e = &evenements[i];
        struct fil *fil = e->fil ? e->fil : e->appel ? &fils[e->appel->fil] : NULL;
        if (!fil || fil->suffixe >= SUFFIXES || e->effet < 0 || (e->appel && !se_dit(e->appel)))
            continue;
        int no = ++derniers[fil->voie][fil->suffixe];
        *(e->fil ? &fil->no : &e->appel->no) = no;
    }
}

static void numeroter_les_paquets(void)
{
    static int derniers[VOIES + 1][VOIES + 1];
    for (size_t i = 0; i < nb_paquets; i++)
        if (!est_ack_seul(&paquets[i]))
            paquets[i].no = ++derniers[paquets[i].voie][paquets[i].vers_voie];
}

static void dire_le_texte(const struct evenement *e)
{
    char texte[LG_TEXTE], retour[LG_TEXTE];
    const struct appel *a = e->appel;
    if (e->fil) {
        ecrire_mort(e->fil, texte);
        printf("fin\t");
        nommer_l_appel(e->fil->voie, e->fil, e->fil->no);
        printf("\t%s\n", texte);
        return;
    }
    ecrire_appel(a, texte);
    ecrire_retour(a, retour);
    printf("appel\t");
    nommer_l_appel(a->voie, &fils[a->fil], a->no);
    printf("\t%s", sans_ports(texte));
    printf("\t%s\n", a->sans_retour ? "" : sans_ports(retour));
}

/* Les textes de cette voie et de ce suffixe, s'il y en a. */
static void dire_la_suite(int voie, int suffixe)
{
    for (size_t i = 0; i < nb_evenements; i++) {
        const struct evenement *e = &evenements[i];
        const struct fil *fil = e->fil ? e->fil : e->appel ? &fils[e->appel->fil] : NULL;
        if (fil && fil->voie == voie && fil->suffixe == suffixe && e->effet >= 0 &&
            (e->fil || e->appel->no))
            dire_le_texte(e);
    }
}

/* Chaque paquet de ce sens. */
static void dans_le_sens(int voie, int vers_voie, void (*dire)(const struct paquet *))
{
    for (size_t i = 0; i < nb_paquets; i++)
        if (paquets[i].no && paquets[i].voie == voie && paquets[i].vers_voie == vers_voie)
            dire(&paquets[i]);
}

static void dire_le_paquet(const struct paquet *p)
{
    char texte[LG_TEXTE];
    ecrire_paquet(p, texte);
    printf("paquet\t");
    nommer_le_paquet(p);
    printf("\t%s\n", texte);
}

/* L'accusé seul qui finit la poignée de main n'est pas dit : le SYN ACK auquel il répond, si. */
static const struct paquet *paquet_dit(const struct paquet *p)
{
    if (!p || p->no)
        return p;
    for (const struct paquet *q = p; q-- > paquets;)
        if (!strcmp(q->de, p->vers) && !strcmp(q->vers, p->de) && q->no)
            return q;
    return NULL;
}

static void dire_d_ou_part(const struct paquet *p)
{
    const struct paquet *avant = p->reponse_a;
    if (avant && avant->no) {
        printf("cause\t");
        nommer_le_paquet(avant);
        putchar('\t');
        nommer_le_paquet(p);
        putchar('\n');
    }
    const struct fil *fil = p->mort;
    int no = fil ? fil->no : 0;
    if (p->demande)
        fil = &fils[p->demande->fil], no = p->demande->no;
    if (no) {
        printf("cause\t");
        nommer_l_appel(p->voie, fil, no);
        putchar('\t');
        nommer_le_paquet(p);
        putchar('\n');
    }
}

static void dire_ce_qui_revient(const struct appel *a)
{
    const struct paquet *p = paquet_dit(a->attendu);
    const struct appel *b = a->appel_attendu;
    if (!a->no || (!p && (!b || !b->no)))
        return;
    printf("cause\t");
    if (p)
        nommer_le_paquet(p);
    else
        nommer_l_appel(b->voie, &fils[b->fil], b->no);
    putchar('\t');
    nommer_l_appel(a->voie, &fils[a->fil], a->no);
    puts("=");
}

void dire_les_causes(void)
{
    numeroter_les_appels();
    numeroter_les_paquets();
    for (int v = 0; v < nb_voies; v++)
        printf("voie\t%d\t%s\n", v + 1, noms[v]);
    for (int v = 0; v < nb_voies; v++)
        for (int suffixe = 0; suffixe < SUFFIXES; suffixe++)
            dire_la_suite(v, suffixe);
    for (int i = 0; i < nb_voies * nb_voies; i++)
        dans_le_sens(i / nb_voies, i % nb_voies, dire_le_paquet);
    for (int i = 0; i < nb_voies * nb_voies; i++)
        dans_le_sens(i / nb_voies, i % nb_voies, dire_d_ou_part);
    for (size_t i = 0; i < nb_appels; i++)
        dire_ce_qui_revient(&appels[i]);
}
