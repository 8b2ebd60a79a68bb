/*
 * Dessine un échange réel : ce que deux programmes ont demandé, et ce qui est passé entre eux
 *
 *   build/outils/dessin [-l colonnes] [-o fichier.svg] [-a] [-s] [-t] dossier       (voir diagramme.sh)
 *
 * Le dossier : NUMÉRO-NOM.trace, un par programme (strace), « paquets » (l'outil paquets), et, s'ils
 * y sont, « ss » (les états à la fin) et « manques » (ce que la capture n'a pas pu voir, dit tel quel).
 * Rien n'est dessiné qui n'ait été vu : ce qui manque est dit avant le dessin (code 1) ; si les causes
 * ne tiennent pas (un segment avant l'appel qui l'envoie…), la contradiction est dite, sans dessin.
 * SPDX-License-Identifier: MIT
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/affichage.h"
#include "../../common/erreur.h"
#include "../../common/programme.h"

enum { VOIES = 2, MILIEU = 24, LG_TEXTE = 240, LG_MONTRES = 16, LG_ADRESSE = 64 };
#define SECONDE 1000000000LL
typedef long long
    ns; /* depuis 1970 : un double n'y suffit pas, deux événements changeraient d'ordre */

struct appel {
    ns t, fin, borne; /* entré à t ; rendu entre fin et borne, l'appel suivant du même fil */
    int voie, pid, deux_lignes, sans_retour;
    long long rendu;
    char *nom, *args, *retour;
};
struct paquet {
    ns t;
    int voie, taille, renvoi; /* voie : de qui il vient */
    unsigned long seq, ack;
    char proto[8], de[LG_ADRESSE], vers[LG_ADRESSE], drapeaux[16], hexa[160];
    const char *etat_de, *etat_vers; /* les états qu'il change */
};
struct bout { /* un bout d'une connexion TCP */
    char de[LG_ADRESSE], vers[LG_ADRESSE];
    const char *etat;
    unsigned long suivant, fin; /* le prochain numéro attendu, celui d'après le FIN */
    int a_fini;
    long long passes, pris; /* octets vus passer, octets lus par l'appelant d'en face */
};
struct rang { /* une ligne du dessin */
    ns t;
    char gauche[LG_TEXTE], droite[LG_TEXTE], milieu[LG_TEXTE];
    int voie, attend[VOIES];
    char genre; /* a : appel, d : données, c : contrôle, r : RST, p : pause */
};
struct evenement {
    ns t;
    int ordre, effet;
    struct appel *appel;
    struct paquet *paquet;
    struct fil *fil;
};
struct fil {
    int pid, voie, fini, dernier, fermait; /* fermait : sa mort a fermé des sockets */
    ns mort;                               /* le signal qui le tue, ou son dernier appel */
    char signal[16];
    char *suspendu;
};

static struct appel *appels;
static struct paquet *paquets;
static struct bout *bouts;
static struct rang *rangs;
static struct evenement *evenements;
static struct fil *fils;
static size_t nb_appels, nb_paquets, nb_bouts, nb_rangs, nb_evenements, nb_fils;
static char noms[VOIES][LG_TEXTE];
static int nb_voies, gauche, sans_paquets, nb_manques, contredit, ports[VOIES][2][65536];
static int tout, sans_ack, temps, cote; /* cote : les colonnes d'un programme */

#define AJOUTER(table, nombre)                                                                     \
    ((table) = plus_grand(table, nombre, sizeof *(table)), &(table)[(nombre)++])
static void *plus_grand(void *table, size_t nombre, size_t taille)
{
    if (nombre & (nombre - 1)) /* la place double à chaque puissance de deux */
        return table;
    table = realloc(table, (nombre ? 2 * nombre : 1) * taille);
    if (!table)
        echouer("realloc");
    return table;
}

/* Dit, une ligne chacun, ce qui manque au dessin ; les premières lignes de la sortie. */
static void manque(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void manque(const char *format, ...)
{
    va_list suite;
    va_start(suite, format);
    fputs("manque : ", stdout);
    vprintf(format, suite);
    putchar('\n');
    va_end(suite);
    nb_manques++;
}
#define contradiction(...) (contredit = 1, manque(__VA_ARGS__))

static ns lire_ns(const char *texte, char **fin)
{
    ns secondes = strtoll(texte, fin, 10), fraction = 0, poids = SECONDE / 10;
    if (**fin == '.')
        for ((*fin)++; isdigit((unsigned char)**fin); (*fin)++, poids /= 10)
            fraction += (**fin - '0') * poids;
    return secondes * SECONDE + fraction;
}

static char *copie(const char *debut, size_t taille)
{
    char *texte = strndup(debut, taille);
    if (!texte)
        echouer("strndup");
    return texte;
}

/* ─── Lire les traces ─── */

/* La fin de l'argument : la virgule, la parenthèse ou la fin, hors des chaînes et des crochets. */
static const char *fin_argument(const char *p)
{
    int dedans = 0, chaine = 0;
    for (; *p; p++) {
        if (chaine && *p == '\\' && p[1])
            p++;
        else if (*p == '"')
            chaine = !chaine;
        else if (!chaine && strchr("([{", *p))
            dedans++;
        else if (!chaine && dedans && strchr(")]}", *p))
            dedans--;
        else if (!chaine && !dedans && (*p == ',' || *p == ')'))
            break;
    }
    return p;
}

/* Écrit le k-ième argument (depuis 0), vide s'il n'y est pas. */
static char *argument(const char *args, int k, char texte[LG_TEXTE])
{
    const char *fin = fin_argument(args);
    for (; k > 0 && *fin; k--) {
        args = fin + 1 + strspn(fin + 1, " ");
        fin = fin_argument(args);
    }
    snprintf(texte, LG_TEXTE, "%.*s", k > 0 ? 0 : (int)(fin - args), args);
    return texte;
}

/* Une adresse IPv4 vue d'une socket IPv6 : « [::ffff:127.0.0.1]:5000 » est 127.0.0.1:5000. */
static char *sans_ffff(char *bout)
{
    char *ferme = strchr(bout, ']');
    if (strncmp(bout, "[::ffff:", 8) == 0 && ferme && strchr(bout, '.')) {
        memmove(ferme, ferme + 1, strlen(ferme + 1) + 1);
        memmove(bout, bout + 8, strlen(bout + 8) + 1);
    }
    return bout;
}

/* L'adresse que -yy donne au premier descripteur : « TCP:[local->distant] ». */
static int decoder_descripteur(const char *args, char *proto, char *local, char *distant)
{
    const char *p = strchr(args, '<'), *debut;
    *local = *distant = '\0';
    if (!p || (strncmp(p, "<TCP", 4) != 0 && strncmp(p, "<UDP", 4) != 0) ||
        !(debut = strstr(p, ":[")))
        return 0;
    *proto = p[1];
    debut += 2;
    const char *fin = strstr(debut, "]>"), *fleche = strstr(debut, "->");
    if (!fin)
        return 0;
    if (fleche && fleche < fin)
        snprintf(distant, LG_ADRESSE, "%.*s", (int)(fin - fleche - 2), fleche + 2);
    else
        fleche = fin;
    snprintf(local, LG_ADRESSE, "%.*s", (int)(fleche - debut), debut);
    sans_ffff(local), sans_ffff(distant);
    return 1;
}

/* L'adresse d'une sockaddr telle que strace l'écrit ; vide s'il n'y en a pas. */
static char *adresse(const char *args, char texte[LG_ADRESSE])
{
    const char *port = strstr(args, "_port=htons("), *ip;
    *texte = '\0';
    if (!port)
        return texte;
    if ((ip = strstr(args, "inet_addr(\"")))
        snprintf(texte, LG_ADRESSE, "%.*s:%d", (int)strcspn(ip + 11, "\""), ip + 11,
                 atoi(port + 12));
    else if ((ip = strstr(args, "inet_pton(AF_INET6, \"")))
        snprintf(texte, LG_ADRESSE, "[%.*s]:%d", (int)strcspn(ip + 21, "\""), ip + 21,
                 atoi(port + 12));
    return texte;
}

/* L'adresse où va vraiment ce que l'on envoie à « toutes les adresses » : la boucle locale. */
static char *but_de(const char *args, char texte[LG_ADRESSE])
{
    char port[16];
    sans_ffff(adresse(args, texte));
    snprintf(port, sizeof port, "%s", strrchr(texte, ':') ? strrchr(texte, ':') : "");
    if (strncmp(texte, "0.0.0.0:", 8) == 0)
        snprintf(texte, LG_ADRESSE, "127.0.0.1%s", port);
    else if (strncmp(texte, "[::]:", 5) == 0)
        snprintf(texte, LG_ADRESSE, "[::1]%s", port);
    return texte;
}

static int port_de(const char *bout)
{
    const char *deux_points = strrchr(bout, ':');
    int port = deux_points ? atoi(deux_points + 1) : 0;
    return port > 0 && port < 65536 ? port : 0;
}

/* Un appel entier : « nom(args) = retour reste <durée> ». Faux si ce n'en est pas un. */
static int lire_appel(int voie, int pid, ns t, const char *ligne, struct fil *fil)
{
    size_t lg_nom = strspn(ligne, "abcdefghijklmnopqrstuvwxyz0123456789_");
    if (lg_nom == 0 || ligne[lg_nom] != '(')
        return 0;
    const char *args = ligne + lg_nom + 1, *p = fin_argument(args);
    while (*p == ',')
        p = fin_argument(p + 1);
    const char *retour = *p == ')' ? p + 1 + strspn(p + 1, " ") : "", *duree = strrchr(retour, '<');
    if (strncmp(retour, "= ", 2) != 0 || !duree || !isdigit((unsigned char)duree[1]))
        return 0;
    char *fin;
    ns temps_passe = lire_ns(duree + 1, &fin);
    if (*fin != '>')
        return 0;
    struct appel *a = AJOUTER(appels, nb_appels);
    *a = (struct appel){.t = t, .fin = t + temps_passe, .borne = t + temps_passe};
    a->voie = voie, a->pid = pid, a->sans_retour = retour[2] == '?';
    a->rendu = strtoll(retour + 2, NULL, 10);
    a->nom = copie(ligne, lg_nom), a->args = copie(args, (size_t)(p - args));
    a->retour = copie(retour + 2, (size_t)(duree - retour - 2));
    fil->dernier = (int)nb_appels - 1;
    return 1;
}

static struct fil *trouver_fil(int pid, int voie)
{
    for (size_t i = 0; i < nb_fils; i++)
        if (fils[i].pid == pid && fils[i].voie == voie)
            return &fils[i];
    struct fil *fil = AJOUTER(fils, nb_fils);
    *fil = (struct fil){.pid = pid, .voie = voie, .dernier = -1};
    return fil;
}

/* Une ligne de la trace ; faux si elle est illisible. */
static int lire_ligne(int voie, const char *ligne)
{
    char *p, *marque;
    int pid = (int)strtol(ligne, &p, 10);
    if (p == ligne || *p != ' ')
        return 0;
    p += strspn(p, " ");
    const char *debut = p;
    ns t = lire_ns(debut, &p);
    if (p == debut || *p++ != ' ')
        return 0;
    struct fil *fil = trouver_fil(pid, voie);
    struct appel *avant = fil->dernier >= 0 ? &appels[fil->dernier] : NULL;
    int reprise = strncmp(p, "<... ", 5) == 0;
    if (avant && !reprise && avant->borne <= avant->fin) {
        if (t + 1000 < avant->fin) /* une microseconde : l'arrondi de strace */
            contradiction("%s : l'horloge recule après %s", noms[voie], avant->nom);
        avant->borne = t;
    }
    if (strncmp(p, "--- ", 4) == 0)
        fil->mort = t;
    if (strncmp(p, "+++ ", 4) == 0) {
        if (sscanf(p, "+++ killed by %15s", fil->signal) != 1)
            fil->mort = avant ? avant->fin : t;
        fil->fini = 1;
    }
    if (strncmp(p, "+++ ", 4) == 0 || strncmp(p, "--- ", 4) == 0)
        return 1;
    if ((marque = strstr(p, " <unfinished ...>")) && !marque[17]) {
        free(fil->suspendu);
        fil->suspendu = copie(ligne, (size_t)(marque - ligne));
        return 1;
    }
    if (reprise) {
        marque = strstr(p, " resumed>");
        if (!marque || !fil->suspendu)
            return 0;
        char *entiere = malloc(strlen(fil->suspendu) + strlen(marque));
        if (!entiere)
            echouer("malloc");
        sprintf(entiere, "%s%s", fil->suspendu, marque + 9);
        free(fil->suspendu);
        fil->suspendu = NULL;
        int lue = lire_ligne(voie, entiere);
        free(entiere);
        return lue;
    }
    return lire_appel(voie, pid, t, p, fil);
}

static int lire_trace(const char *dossier, const char *fichier)
{
    char chemin[4096], *ligne = NULL;
    snprintf(chemin, sizeof chemin, "%s/%s", dossier, fichier);
    FILE *f = fopen(chemin, "r");
    if (!f) {
        manque("%s, illisible", fichier);
        return 0;
    }
    int voie = nb_voies++, numero = 0;
    const char *nom = strchr(fichier, '-') + 1;
    snprintf(noms[voie], LG_TEXTE, "%.*s", (int)(strlen(nom) - 6), nom);
    size_t place = 0;
    for (ssize_t n; (n = getline(&ligne, &place, f)) > 0;) {
        numero++;
        int entiere = ligne[n - 1] == '\n';
        ligne[entiere ? n - 1 : n] = '\0';
        if (!entiere || !lire_ligne(voie, ligne))
            manque("%s : ligne %d coupée ou illisible", fichier, numero);
    }
    free(ligne);
    fclose(f);
    int presents = 0;
    for (size_t i = 0; i < nb_fils; i++)
        if (fils[i].voie == voie && ++presents && !fils[i].fini)
            manque("%s : la trace s'arrête avant la fin du programme", noms[voie]);
    if (!presents)
        manque("%s : trace vide", noms[voie]);
    return 1;
}

static void lire_traces(const char *dossier)
{
    struct dirent **fichiers;
    int n = scandir(dossier, &fichiers, NULL, alphasort);
    if (n == -1)
        refuser("« %s » : %s", dossier, texte_erreur(errno));
    for (int i = 0; i < n; i++) {
        const char *nom = fichiers[i]->d_name, *fin = strstr(nom, ".trace");
        if (isdigit((unsigned char)*nom) && strchr(nom, '-') && fin && !fin[6]) {
            if (nb_voies == VOIES)
                refuser("« %s » : plus de %d traces", dossier, VOIES);
            lire_trace(dossier, nom);
        }
        free(fichiers[i]);
    }
    free(fichiers);
    if (nb_voies == 0)
        refuser("« %s » : aucune trace", dossier);
    if (nb_voies == 1)
        snprintf(noms[nb_voies++], LG_TEXTE, "(personne)");
}

/* ─── Lire les paquets, dire de qui ils viennent ─── */

static int parle_de_reseau(const struct appel *a)
{
    return strcmp(a->nom, "socket") == 0
               ? strstr(a->args, "AF_INET") != NULL
               : strstr(a->args, "<TCP") || strstr(a->args, "<UDP") || strstr(a->retour, "<TCP");
}

static void reperer_les_ports(void)
{
    char proto, local[LG_ADRESSE], distant[LG_ADRESSE];
    ns premier = 0;
    for (size_t i = 0; i < nb_appels; i++) {
        struct appel *a = &appels[i];
        if (decoder_descripteur(a->args, &proto, local, distant) && port_de(local))
            ports[a->voie][proto == 'U'][port_de(local)] = 1;
        if (decoder_descripteur(a->retour, &proto, local, distant) && port_de(local))
            ports[a->voie][proto == 'U'][port_de(local)] = 1;
        int appelle = strcmp(a->nom, "connect") == 0 || strcmp(a->nom, "sendto") == 0;
        if (appelle && parle_de_reseau(a) && (!premier || a->t < premier))
            premier = a->t, gauche = a->voie;
    }
}

static int voie_du_port(const char *proto, const char *bout)
{
    int port = port_de(bout), a = 0, b = 0;
    for (int udp = 0; udp < 2; udp++)
        if (*proto == 'I' || udp == (*proto == 'U'))
            a |= ports[0][udp][port], b |= ports[1][udp][port];
    return a && b ? VOIES : a ? 0 : b ? 1 : -1;
}

/* Refusé, le client n'a jamais vu son propre port : c'est le but de son connect qui le désigne. */
static int voie_du_but(const char *bout)
{
    char texte[LG_ADRESSE];
    for (size_t i = 0; i < nb_appels; i++)
        if (strcmp(appels[i].nom, "connect") == 0 &&
            strcmp(but_de(appels[i].args, texte), bout) == 0)
            return appels[i].voie;
    return -1;
}

static int voie_du_paquet(const struct paquet *p)
{
    int de = voie_du_port(p->proto, p->de), vers = voie_du_port(p->proto, p->vers);
    if (de == VOIES || vers == VOIES)
        return -1;
    if (de >= 0)
        return vers == de ? -1 : de;
    if (vers >= 0)
        return 1 - vers;
    if ((de = voie_du_but(p->vers)) >= 0)
        return de;
    return (vers = voie_du_but(p->de)) >= 0 ? 1 - vers : -1;
}

static void lire_paquets(const char *dossier)
{
    char chemin[4096], ligne[512];
    unsigned annonces, perdus, lus = 0, etrangers = 0;
    int fini = 0;
    snprintf(chemin, sizeof chemin, "%s/paquets", dossier);
    FILE *f = fopen(chemin, "r");
    if (!f) {
        sans_paquets = 1;
        manque("les paquets ; seuls les appels sont dessinés");
        return;
    }
    while (fgets(ligne, sizeof ligne, f)) {
        struct paquet p = {0};
        char *suite;
        if (sscanf(ligne, "fin %u %u", &annonces, &perdus) == 2) {
            fini = 1;
            if (annonces != lus)
                manque("%u paquet(s) sur les %u vus", annonces > lus ? annonces - lus : 0,
                       annonces);
            if (perdus)
                manque("%u paquet(s), que le noyau n'a pas pu garder", perdus);
            continue;
        }
        lus++;
        p.t = lire_ns(ligne, &suite);
        if (sscanf(suite, "%7s %63s %63s %15s %lu %lu %d %159s", p.proto, p.de, p.vers, p.drapeaux,
                   &p.seq, &p.ack, &p.taille, p.hexa) != 8 ||
            strcspn(ligne, "\n") == strlen(ligne)) {
            manque("paquets : ligne %u illisible", lus);
            continue;
        }
        if (nb_paquets && p.t < paquets[nb_paquets - 1].t)
            contradiction("paquets : l'horloge recule, ligne %u", lus);
        if ((p.voie = voie_du_paquet(&p)) < 0)
            etrangers++;
        else
            *AJOUTER(paquets, nb_paquets) = p;
    }
    fclose(f);
    if (!fini)
        manque("la fin des paquets");
    if (etrangers)
        manque("%u paquet(s), d'aucun des deux programmes, ou d'un programme à lui-même",
               etrangers);
}

/* ─── Les états TCP, déduits des segments et d'eux seuls (RFC 9293) ─── */

static struct bout *trouver_bout(const char *de, const char *vers)
{
    for (size_t i = 0; i < nb_bouts; i++)
        if (strcmp(bouts[i].de, de) == 0 && strcmp(bouts[i].vers, vers) == 0)
            return &bouts[i];
    return NULL;
}

static void ouvrir_bout(const char *de, const char *vers)
{
    struct bout *b = trouver_bout(de, vers);
    if (!b)
        b = AJOUTER(bouts, nb_bouts);
    *b = (struct bout){.etat = "CLOSED"};
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
    p->renvoi = !syn && longueur && (int)((unsigned)p->seq + longueur - (unsigned)de->suivant) <= 0;
    if (p->renvoi)
        return;
    de->suivant = (unsigned)p->seq + longueur;
    de->passes += p->taille;
    if (fin)
        de->a_fini = 1, de->fin = de->suivant;
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

static void passer(struct paquet *p)
{
    if (strcmp(p->drapeaux, "S") == 0)
        ouvrir_bout(p->de, p->vers), ouvrir_bout(p->vers, p->de);
    struct bout *de = trouver_bout(p->de, p->vers), *vers = trouver_bout(p->vers, p->de);
    if (!de || !vers) {
        manque("le début de la connexion %s, %s", p->de, p->vers);
        ouvrir_bout(p->de, p->vers), ouvrir_bout(p->vers, p->de);
        de = trouver_bout(p->de, p->vers), vers = trouver_bout(p->vers, p->de);
        de->suivant = p->seq, vers->suivant = p->ack;
    }
    if (strchr(p->drapeaux, 'R')) {
        if (!est(de, "CLOSED"))
            p->etat_de = de->etat = "CLOSED";
        if (!est(vers, "CLOSED"))
            p->etat_vers = vers->etat = "CLOSED";
        return;
    }
    suivre_les_numeros(p, de, vers);
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
        p->etat_de = de->etat = est(de, "ESTABLISHED") ? "FIN-WAIT-1" : "LAST-ACK";
        p->etat_vers = vers->etat = est(vers, "FIN-WAIT-1")   ? "CLOSING"
                                    : est(vers, "FIN-WAIT-2") ? "TIME-WAIT"
                                                              : "CLOSE-WAIT";
    }
}

/* À la fin, les états déduits doivent être ceux que montre ss. */
static void comparer_a_ss(const char *dossier)
{
    char chemin[4096], ligne[512], etat[32], local[128], distant[128];
    snprintf(chemin, sizeof chemin, "%s/ss", dossier);
    FILE *f = fopen(chemin, "r");
    for (size_t i = 0; f && i < nb_bouts; i++) {
        const char *vu = "CLOSED";
        static char garde[32];
        rewind(f);
        while (fgets(ligne, sizeof ligne, f))
            if (sscanf(ligne, "%31s %*s %*s %127s %127s", etat, local, distant) == 3 &&
                strcmp(local, bouts[i].de) == 0 && strcmp(distant, bouts[i].vers) == 0) {
                snprintf(garde, sizeof garde, "%s",
                         strcmp(etat, "ESTAB") != 0 ? etat : "ESTABLISHED");
                vu = garde;
            }
        if (strcmp(vu, bouts[i].etat) != 0)
            manque("de quoi comprendre %s : %s dans ss, %s d'après les paquets", bouts[i].de, vu,
                   bouts[i].etat);
    }
    if (f)
        fclose(f);
}

/* ─── Les causes : rien ne revient avant ce qui le fait revenir ─── */

static int parmi(const char *nom, const char *liste)
{
    size_t n = strlen(nom);
    for (const char *p = liste; (p = strstr(p, nom)); p += n)
        if ((p == liste || p[-1] == ' ') && (p[n] == ' ' || !p[n]))
            return 1;
    return 0;
}
#define est_lecture(a) parmi((a)->nom, "recvfrom recvmsg read readv")
#define est_envoi(a)   parmi((a)->nom, "sendto sendmsg write writev sendfile")
#define est_fin(a)                                                                                 \
    (parmi((a)->nom, "close shutdown") &&                                                          \
     (!strstr((a)->args, "SHUT_RD") || strstr((a)->args, "SHUT_RDWR")))
#define peut_attendre(a)                                                                           \
    (est_lecture(a) || parmi((a)->nom, "accept accept4 connect poll ppoll select pselect6 "        \
                                       "epoll_wait epoll_pwait"))

static int meme_bout(const struct appel *a, const char *de, const char *vers)
{
    char proto, local[LG_ADRESSE], distant[LG_ADRESSE];
    return decoder_descripteur(a->args, &proto, local, distant) && proto == 'T' &&
           strcmp(local, de) == 0 && strcmp(distant, vers) == 0;
}

/* Quand « octets » octets étaient passés de « de » à « vers » ; quand ce bout a fini (octets : -1), ou
 * coupé (-2). Sans paquets, quand ils ont été donnés à envoyer. 0 : jamais vu. */
static ns instant(const char *de, const char *vers, long long octets)
{
    long long passes = 0;
    for (size_t i = 0; !sans_paquets && i < nb_paquets; i++) {
        const struct paquet *p = &paquets[i];
        if (*p->proto != 'T' || strcmp(p->de, de) != 0 || strcmp(p->vers, vers) != 0)
            continue;
        if (octets < 0 && strchr(p->drapeaux, octets == -1 ? 'F' : 'R'))
            return p->t;
        passes += p->renvoi ? 0 : p->taille;
        if (octets > 0 && passes >= octets)
            return p->t;
    }
    for (size_t i = 0; sans_paquets && i < nb_appels; i++) {
        const struct appel *a = &appels[i];
        if (!meme_bout(a, de, vers))
            continue;
        if (octets == -1 && est_fin(a))
            return a->t;
        passes += est_envoi(a) && a->rendu > 0 ? a->rendu : 0;
        if (octets > 0 && passes >= octets)
            return a->t;
    }
    return 0;
}

/* Le premier paquet TCP de « de » (NULL : de cette voie) vers « vers », après t, qui a tous ces drapeaux. */
static const struct paquet *segment(int voie, const char *de, const char *vers, ns t,
                                    const char *avec, const char *sans)
{
    for (size_t i = 0; i < nb_paquets; i++) {
        const struct paquet *p = &paquets[i];
        if (*p->proto == 'T' && p->t >= t && strcmp(p->vers, vers) == 0 &&
            (de ? strcmp(p->de, de) == 0 : p->voie == voie) &&
            strspn(avec, p->drapeaux) == strlen(avec) && !strpbrk(p->drapeaux, sans))
            return p;
    }
    return NULL;
}

static ns cause_connect(const struct appel *a)
{
    char but[LG_ADRESSE];
    const struct paquet *syn = segment(a->voie, NULL, but_de(a->args, but), a->t, "S", "A"), *p;
    if (!syn || syn->t > a->borne) {
        manque("le SYN de connect(%s)", but);
        return 0;
    }
    if (a->rendu == -1)
        return strstr(a->retour, "ECONNREFUSED") ? instant(syn->vers, syn->de, -2) : 0;
    if (!segment(0, syn->vers, syn->de, syn->t, "SA", "R"))
        manque("le SYN ACK de %s", syn->vers);
    p = segment(0, syn->de, syn->vers, syn->t, "A", "SR");
    if (!p)
        manque("l'ACK de %s, qui finit d'ouvrir la connexion", syn->de);
    return p ? p->t : 0;
}

static ns cause_accept(const struct appel *a)
{
    char proto, local[LG_ADRESSE], distant[LG_ADRESSE];
    if (a->rendu < 0 || !decoder_descripteur(a->retour, &proto, local, distant))
        return 0;
    if (!sans_paquets) {
        const struct paquet *p = segment(0, distant, local, 0, "A", "SR");
        if (!p)
            manque("l'ACK de %s, que accept attendait", distant);
        return p ? p->t : 0;
    }
    for (size_t i = 0; i < nb_appels;
         i++) /* sans paquets : le connect d'en face a commencé avant */
        if (strcmp(appels[i].nom, "connect") == 0 && appels[i].t < a->borne &&
            port_de(adresse(appels[i].args, distant)) == port_de(local))
            return appels[i].t;
    return 0;
}

/* La k-ième lecture réussie d'un port UDP ne précède pas l'arrivée du k-ième datagramme. */
static ns cause_udp(const struct appel *a, int port)
{
    int rang = 1;
    char proto, local[LG_ADRESSE], distant[LG_ADRESSE];
    for (const struct appel *b = appels; b < a; b++)
        rang += b->voie == a->voie && est_lecture(b) && b->rendu >= 0 && !b->sans_retour &&
                !strstr(b->args, "MSG_PEEK") &&
                port == port_de(decoder_descripteur(b->args, &proto, local, distant) ? local : "");
    for (size_t i = 0; i < nb_paquets; i++) {
        const struct paquet *p = &paquets[i];
        int arrive = p->voie != a->voie && port_de(p->vers) == port;
        if (arrive && *p->proto == (a->rendu < 0 ? 'I' : 'U') && (a->rendu < 0 || --rang == 0))
            return p->t;
    }
    manque("ce que %s a reçu sur le port %d, jamais vu passer", noms[a->voie], port);
    return 0;
}

static ns cause_lecture(const struct appel *a)
{
    char proto, local[LG_ADRESSE], distant[LG_ADRESSE];
    if (!decoder_descripteur(a->args, &proto, local, distant))
        return 0;
    if (proto == 'U')
        return sans_paquets || (a->rendu < 0 && !strstr(a->retour, "ECONNREFUSED"))
                   ? 0
                   : cause_udp(a, port_de(local));
    long long voulus = a->rendu;
    if (a->rendu == -1 && !strstr(a->retour, "ECONNRESET"))
        return 0;
    if (a->rendu == -1)
        voulus = -2;
    else if (a->rendu == 0)
        voulus = -1;
    for (const struct appel *b = appels; voulus > 0 && b < a; b++)
        if (est_lecture(b) && b->rendu > 0 && !strstr(b->args, "MSG_PEEK") && b->voie == a->voie &&
            meme_bout(b, local, distant))
            voulus += b->rendu;
    ns t = instant(distant, local, voulus);
    if (!t && !sans_paquets)
        manque("ce que %s a reçu de %s, jamais vu passer", noms[a->voie], distant);
    return t;
}

/* Le datagramme que cet envoi a fait partir ; « perdu » s'il est dit que rien n'est parti. */
static void chercher_le_datagramme(const struct appel *a, char *pris)
{
    char proto, local[LG_ADRESSE], distant[LG_ADRESSE], but[LG_ADRESSE];
    if (!est_envoi(a) || a->rendu < 0 || a->sans_retour ||
        !decoder_descripteur(a->args, &proto, local, distant) || proto != 'U' ||
        strstr(a->retour, "INJECTED"))
        return;
    int port = port_de(*adresse(a->args, but) ? but : distant);
    for (size_t i = 0; i < nb_paquets; i++) {
        const struct paquet *p = &paquets[i];
        if (!pris[i] && *p->proto == 'U' && p->voie == a->voie &&
            (!port || port_de(p->vers) == port) &&
            (!port_de(local) || port_de(p->de) == port_de(local)) && p->taille == a->rendu &&
            p->t >= a->t && p->t <= a->borne) {
            pris[i] = 1;
            return;
        }
    }
    manque("un datagramme envoyé par %s, jamais vu passer", noms[a->voie]);
}

/* Ce qui passe a été demandé : un SYN par connect, des octets par send, un FIN par close ou shutdown. */
static void verifier_le_segment(const struct paquet *p, struct bout *b)
{
    long long donnes = 0;
    int appelle = 0, ferme = 0, fini = 0;
    char but[LG_ADRESSE];
    for (size_t i = 0; i < nb_appels; i++) {
        const struct appel *a = &appels[i];
        if (a->voie != p->voie || a->t > p->t)
            continue;
        appelle |= !strcmp(a->nom, "connect") && !strcmp(but_de(a->args, but), p->vers);
        if (!meme_bout(a, p->de, p->vers))
            continue;
        donnes += est_envoi(a) && a->rendu > 0 ? a->rendu : 0;
        ferme |= est_fin(a);
    }
    for (size_t i = 0; i < nb_fils; i++)
        if (fils[i].voie == p->voie && fils[i].fini && fils[i].mort <= p->t) {
            fini = 1;
            fils[i].fermait |= !ferme && strpbrk(p->drapeaux, "FR") != NULL;
        }
    if (p->renvoi)
        return;
    b->pris += p->taille;
    if (!strcmp(p->drapeaux, "S") && !appelle)
        contradiction("un SYN vers %s, avant ou sans connect", p->vers);
    if (b->pris > donnes)
        contradiction("%lld octet(s) de %s, passés avant ou sans envoi", b->pris - donnes, p->de);
    if (strchr(p->drapeaux, 'F') && !ferme && !fini)
        contradiction("un FIN de %s, avant ou sans close ni shutdown", p->de);
}

static void verifier_les_paquets(void)
{
    char *pris = calloc(nb_paquets + 1, 1);
    if (!pris)
        echouer("calloc");
    for (size_t i = 0; i < nb_appels && !sans_paquets; i++)
        chercher_le_datagramme(&appels[i], pris);
    for (size_t i = 0; i < nb_paquets; i++) {
        const struct paquet *p = &paquets[i];
        struct bout *b = *p->proto == 'T' ? trouver_bout(p->de, p->vers) : NULL;
        int personne = !strcmp(noms[p->voie], "(personne)");
        if (*p->proto == 'U' && !pris[i] && !personne)
            contradiction("un datagramme de %s, avant ou sans envoi", p->de);
        if (b && !personne)
            verifier_le_segment(p, b);
    }
    free(pris);
}

/* Place le retour de chaque appel : après sa cause, avant l'appel suivant. */
static void chercher_les_causes(void)
{
    for (size_t i = 0; i < nb_appels; i++) {
        struct appel *a = &appels[i];
        char proto = '-', local[LG_ADRESSE], distant[LG_ADRESSE];
        ns cause = 0;
        if (a->borne <= a->fin)
            a->borne = a->fin + 3600 * SECONDE; /* le dernier du fil */
        if (!parle_de_reseau(a) || a->sans_retour) {
            a->deux_lignes = a->sans_retour;
            continue;
        }
        decoder_descripteur(a->args, &proto, local, distant);
        if (!strcmp(a->nom, "connect") && proto == 'T' && !sans_paquets)
            cause = cause_connect(a);
        else if (!strncmp(a->nom, "accept", 6))
            cause = cause_accept(a);
        else if (est_lecture(a))
            cause = cause_lecture(a);
        if (cause > a->borne)
            contradiction("%s : %s rendu avant ce qu'il attendait", noms[a->voie], a->nom);
        a->deux_lignes = peut_attendre(a) && (cause > a->t || a->fin - a->t > SECONDE / 500);
        for (size_t j = 0; j < nb_appels && sans_paquets && peut_attendre(a); j++)
            a->deux_lignes |=
                appels[j].voie != a->voie && appels[j].t > a->t && appels[j].t < a->fin;
        for (size_t j = 0; j < nb_paquets && strstr(a->nom, "poll"); j++)
            a->deux_lignes |= paquets[j].t > a->t && paquets[j].t < a->fin;
        if (cause > a->fin)
            a->fin = cause;
    }
}

/* ─── Ce que l'on écrit d'un appel, d'un paquet ─── */

/* « Bonjour\n », sans danger pour le terminal, seize octets au plus. */
static void texte_octets(const char *octets, size_t taille, int coupe, char texte[LG_TEXTE])
{
    char caractere[TEXTE_CARACTERE];
    size_t i = 0, n = (size_t)sprintf(texte, "« ");
    while (i < taille && i < LG_MONTRES) {
        i += montrer_caractere(octets + i, taille - i, caractere);
        n += (size_t)sprintf(texte + n, "%s", caractere);
    }
    sprintf(texte + n, "%s »", coupe || i < taille ? "…" : "");
}

static void texte_chaine(const char *arg, char texte[LG_TEXTE])
{
    char octets[LG_TEXTE];
    size_t n = 0;
    const char *p = arg + 1;
    *texte = '\0';
    if (*arg != '"')
        return;
    for (; *p && *p != '"' && n < sizeof octets; p++) {
        static const char lettres[] = "nrtvf", valeurs[] = "\n\r\t\v\f";
        if (*p != '\\' || !p[1]) {
            octets[n++] = *p;
            continue;
        }
        const char *lettre = strchr(lettres, *++p);
        if (*p >= '0' && *p <= '7') {
            int valeur = 0, k = 0;
            for (; k < 3 && p[k] >= '0' && p[k] <= '7'; k++)
                valeur = valeur * 8 + p[k] - '0';
            octets[n++] = (char)valeur;
            p += k - 1;
        } else {
            octets[n++] = *(lettre ? valeurs + (lettre - lettres) : p);
        }
    }
    texte_octets(octets, n, strcmp(p, "\"...") == 0, texte);
}

/* Le nom que le source a écrit : recvfrom(…, NULL, NULL) était un recv. */
static const char *nom_ecrit(const struct appel *a)
{
    size_t n = strlen(a->args);
    if (!strcmp(a->nom, "recvfrom") && n > 10 && !strcmp(a->args + n - 10, "NULL, NULL"))
        return "recv";
    if (!strcmp(a->nom, "sendto") && n > 7 && !strcmp(a->args + n - 7, "NULL, 0"))
        return "send";
    return !strcmp(a->nom, "accept4")       ? "accept"
           : !strcmp(a->nom, "ppoll")       ? "poll"
           : !strcmp(a->nom, "pselect6")    ? "select"
           : !strcmp(a->nom, "epoll_pwait") ? "epoll_wait"
                                            : a->nom;
}

static void ecrire_appel(const struct appel *a, char *texte)
{
    char a0[LG_TEXTE], a1[LG_TEXTE], a2[LG_TEXTE], octets[LG_TEXTE], but[LG_ADRESSE], *ancien;
    const char *nom = nom_ecrit(a), *p = a->args;
    int fd = atoi(argument(a->args, 0, a0));
    argument(a->args, 1, a1), argument(a->args, 2, a2);
    if ((ancien = strstr(a2, "_OLD")))
        *ancien = '\0';
    if (!strcmp(nom, "socket"))
        snprintf(texte, LG_TEXTE, "socket(%.60s, %.60s)", a0, a1);
    else if (parmi(nom, "bind connect"))
        snprintf(texte, LG_TEXTE, "%s(%d, %s)", nom, fd, adresse(a->args, but));
    else if (parmi(nom, "setsockopt getsockopt"))
        snprintf(texte, LG_TEXTE, "%s(%d, %.100s)", nom, fd, a2);
    else if (parmi(nom, "listen shutdown"))
        snprintf(texte, LG_TEXTE, "%s(%d, %.100s)", nom, fd, a1);
    else if (parmi(nom, "send sendto write")) {
        texte_chaine(a1, octets);
        snprintf(texte, LG_TEXTE, "%s(%d, %.150s)", nom, fd, octets);
    } else if (!strcmp(nom, "poll")) {
        size_t n = (size_t)sprintf(texte, "poll(");
        for (int k = 0; (p = strstr(p, "fd=")) && n < 100; k++, p += 3)
            n += (size_t)sprintf(texte + n, "%s%d", k ? ", " : "", atoi(p + 3));
        sprintf(texte + n, ")");
    } else
        snprintf(texte, LG_TEXTE, "%s(%d)", nom, fd);
}

static void ecrire_retour(const struct appel *a, char texte[LG_TEXTE])
{
    char a1[LG_TEXTE], octets[LG_TEXTE], bout[LG_ADRESSE];
    const char *nom = nom_ecrit(a), *perdu = strstr(a->retour, "INJECTED") ? " ✗ perdu" : "";
    const char *revents = strstr(a->retour, "revents=");
    texte_chaine(argument(a->args, 1, a1), octets);
    if (a->rendu == -1)
        snprintf(texte, LG_TEXTE, "-1 %.*s", (int)strcspn(a->retour + 3, " "), a->retour + 3);
    else if (est_lecture(a) && (a->rendu || strstr(a->args, "<UDP")))
        snprintf(texte, LG_TEXTE, "%lld %.150s", a->rendu, octets);
    else if (est_lecture(a))
        snprintf(texte, LG_TEXTE, "0 (fin du flux)");
    else if (!strcmp(nom, "accept"))
        snprintf(texte, LG_TEXTE, "%lld ← %s", a->rendu, adresse(a->args, bout));
    else if (parmi(nom, "getsockname getpeername"))
        snprintf(texte, LG_TEXTE, "%s", adresse(a->args, bout));
    else if (!strcmp(nom, "poll") && a->rendu == 0)
        snprintf(texte, LG_TEXTE, "0 délai passé");
    else if (revents)
        snprintf(texte, LG_TEXTE, "%lld %.*s", a->rendu, (int)strcspn(revents + 8, "}"),
                 revents + 8);
    else
        snprintf(texte, LG_TEXTE, "%lld%s", a->rendu, perdu);
}

static void ecrire_paquet(const struct paquet *p, char texte[LG_TEXTE])
{
    char octets[LG_MONTRES * 2], montres[LG_TEXTE];
    size_t n = 0;
    unsigned octet;
    while (n < sizeof octets && sscanf(p->hexa + 2 * n, "%2x", &octet) == 1)
        octets[n++] = (char)octet;
    texte_octets(octets, n, 0, montres);
    const char *renvoi = p->renvoi ? "renvoi, " : "";
    int syn = strchr(p->drapeaux, 'S') != NULL, fin = strchr(p->drapeaux, 'F') != NULL;
    int rst = strchr(p->drapeaux, 'R') != NULL, ack = strchr(p->drapeaux, 'A') != NULL;
    if (*p->proto == 'I')
        snprintf(texte, LG_TEXTE, "%s",
                 !strcmp(p->drapeaux, "3/3") || !strcmp(p->drapeaux, "1/4") ? "ICMP port fermé"
                                                                            : "ICMP");
    else if (*p->proto == 'U' || p->taille)
        snprintf(texte, LG_TEXTE, "%s%d o. %.150s%s", renvoi, p->taille, montres,
                 fin ? " FIN" : "");
    else
        snprintf(texte, LG_TEXTE, "%s%s%s%s%s", renvoi, syn ? "SYN " : "", fin ? "FIN " : "",
                 rst ? "RST " : "", ack ? "ACK " : "");
    for (n = strlen(texte); n && texte[n - 1] == ' ';)
        texte[--n] = '\0';
}

static int colonnes(const char *texte)
{
    int n = 0;
    for (; *texte; texte++)
        n += ((unsigned char)*texte & 0xC0) != 0x80;
    return n;
}

/* Sans AF_ ni SOCK_, si c'est trop long. */
static char *abreger(char *texte, int place)
{
    static const char *const prefixes[] = {"AF_", "SOCK_"};
    for (int i = 0; i < 2 && colonnes(texte) > place; i++)
        for (char *p = texte; (p = strstr(p, prefixes[i]));)
            memmove(p, p + strlen(prefixes[i]), strlen(p + strlen(prefixes[i])) + 1);
    return texte;
}

/* Coupé s'il est trop long ; « texte » a LG_TEXTE octets. */
static char *tenir(char texte[LG_TEXTE], int place)
{
    if (colonnes(abreger(texte, place)) <= place)
        return texte;
    char *p = texte;
    for (int n = 0; n < place - 1; n++)
        for (p++; ((unsigned char)*p & 0xC0) == 0x80;)
            p++;
    snprintf(p, LG_TEXTE - (size_t)(p - texte), "…");
    return texte;
}

/* ─── Ranger les événements en lignes ─── */

/* Sans --tout : ni réglage, ni question, ni attente qui porte aussi sur le clavier. */
static int se_montre(const struct appel *a)
{
    if (!parle_de_reseau(a))
        return 0;
    if (tout)
        return 1;
    if (parmi(nom_ecrit(a), "setsockopt getsockopt getsockname getpeername fcntl"))
        return 0;
    if (parmi(nom_ecrit(a), "poll select epoll_wait"))
        return !strstr(a->args, "fd=0<") && (a->deux_lignes || a->rendu == 0);
    return 1;
}

static int comparer(const void *x, const void *y)
{
    const struct evenement *a = x, *b = y;
    return a->t != b->t ? (a->t > b->t) - (a->t < b->t) : a->ordre - b->ordre;
}

static void trier(void)
{
    for (size_t i = 0; i < nb_appels; i++) {
        struct appel *a = &appels[i];
        if (!se_montre(a))
            continue;
        struct evenement e = {.t = a->t, .ordre = 1, .effet = a->deux_lignes, .appel = a};
        *AJOUTER(evenements, nb_evenements) = e;
        if (a->deux_lignes && !a->sans_retour) {
            e.t = a->fin, e.ordre = 2, e.effet = -1;
            *AJOUTER(evenements, nb_evenements) = e;
        }
    }
    for (size_t i = 0; i < nb_paquets; i++) {
        struct paquet *p = &paquets[i];
        int ack_seul = !strcmp(p->drapeaux, "A") && !p->taille && !p->etat_de && !p->etat_vers;
        if (!sans_ack || !ack_seul)
            *AJOUTER(evenements, nb_evenements) = (struct evenement){.t = p->t, .paquet = p};
    }
    for (size_t i = 0; i < nb_fils; i++)
        if (fils[i].fermait)
            *AJOUTER(evenements, nb_evenements) =
                (struct evenement){.t = fils[i].mort, .ordre = 3, .fil = &fils[i]};
    if (nb_evenements)
        qsort(evenements, nb_evenements, sizeof *evenements, comparer);
}

static struct rang *nouveau_rang(ns t, char genre, const int attend[VOIES])
{
    struct rang *r = AJOUTER(rangs, nb_rangs);
    *r = (struct rang){.t = t, .genre = genre};
    r->attend[0] = attend[gauche], r->attend[1] = attend[1 - gauche];
    return r;
}

static void ecrire_cote(ns t, int voie, const int attend[VOIES], const char *texte)
{
    struct rang *r = nouveau_rang(t, 'a', attend);
    snprintf(voie == gauche ? r->gauche : r->droite, LG_TEXTE, "%s", texte);
}

static void ranger(void)
{
    int attend[VOIES] = {0};
    char texte[LG_TEXTE], retour[LG_TEXTE];
    for (size_t i = 0; i < nb_evenements; i++) {
        const struct evenement *e = &evenements[i];
        const struct paquet *p = e->paquet;
        ns pause = i ? e->t - e[-1].t : 0;
        if (pause > SECONDE / 20) {
            struct rang *r = nouveau_rang(e->t, 'p', attend);
            snprintf(r->milieu, LG_TEXTE, "· · %lld,%02lld s · ·", pause / SECONDE,
                     pause % SECONDE / (SECONDE / 100));
        }
        if (p) {
            char genre = 'c';
            if (strchr(p->drapeaux, 'R') || *p->proto == 'I')
                genre = 'r';
            else if (p->taille)
                genre = 'd';
            struct rang *r = nouveau_rang(e->t, genre, attend);
            r->voie = p->voie != gauche;
            ecrire_paquet(p, r->milieu);
            snprintf(r->voie ? r->droite : r->gauche, LG_TEXTE, "%s", p->etat_de ? p->etat_de : "");
            snprintf(r->voie ? r->gauche : r->droite, LG_TEXTE, "%s",
                     p->etat_vers ? p->etat_vers : "");
            continue;
        }
        if (e->fil) {
            snprintf(texte, LG_TEXTE, "(%s%s)", *e->fil->signal ? "tué : " : "fin du programme",
                     e->fil->signal);
            ecrire_cote(e->t, e->fil->voie, attend, texte);
            continue;
        }
        const struct appel *a = e->appel;
        if (e->effet < 0)
            attend[a->voie]--;
        ecrire_appel(a, texte);
        ecrire_retour(a, retour);
        char ligne[LG_TEXTE];
        snprintf(ligne, sizeof ligne, "%.120s%s%.100s", e->effet < 0 ? "└" : texte,
                 e->effet > 0 ? " …" : " = ", e->effet > 0 ? "" : retour);
        if (e->effet == 0 && colonnes(abreger(ligne, cote)) > cote) { /* le retour à part */
            ecrire_cote(e->t, a->voie, attend, texte);
            snprintf(ligne, sizeof ligne, "└ = %.100s", retour);
        }
        ecrire_cote(e->t, a->voie, attend, ligne);
        if (e->effet > 0)
            attend[a->voie]++;
    }
}

/* ─── Le terminal ─── */

static void repeter(FILE *f, const char *signe, int n)
{
    while (n-- > 0)
        fputs(signe, f);
}

static void ecrire_milieu(struct rang *r)
{
    int fleche = strchr("dcr", r->genre) != NULL;
    const char *trait = !fleche ? " " : r->genre == 'r' ? "━" : "─";
    tenir(r->milieu, fleche ? MILIEU - 6 : MILIEU);
    int vide = (fleche ? MILIEU - 4 : MILIEU) - colonnes(r->milieu);
    printf("%s", fleche && r->voie ? " ◄" : "");
    repeter(stdout, trait, vide / 2);
    printf(fleche ? " %s " : "%s", r->milieu);
    repeter(stdout, trait, vide - vide / 2);
    printf("%s", fleche && !r->voie ? "► " : "");
}

static void ecrire_terminal(void)
{
    printf("%*s%*s%s ┬         réseau         ┬ %s\n", 10 * temps, "",
           cote - colonnes(tenir(noms[gauche], cote)), "", noms[gauche],
           tenir(noms[1 - gauche], cote));
    for (size_t i = 0; i < nb_rangs; i++) {
        struct rang *r = &rangs[i];
        tenir(r->gauche, cote), tenir(r->droite, cote);
        int blanc = cote - colonnes(r->gauche);
        if (temps)
            printf("%9.3f ", (double)(r->t - rangs[0].t) / 1e6);
        printf("%*s%s%*s %s", r->genre == 'a' ? 0 : blanc, "", r->gauche,
               r->genre == 'a' ? blanc : 0, "", r->attend[0] > 0 ? "┊" : "│");
        ecrire_milieu(r);
        printf("%s%s%s\n", r->attend[1] > 0 ? "┊" : "│", *r->droite ? " " : "", r->droite);
    }
}

/* ─── Le SVG, des mêmes rangs ─── */

static void echapper(FILE *f, const char *texte)
{
    for (; *texte; texte++)
        if (strchr("&<>\"", *texte))
            fprintf(f, "&#%d;", *texte);
        else
            fputc(*texte, f);
}

static void ecrire_texte(FILE *f, const char *classe, int x, int y, const char *ancre,
                         const char *texte)
{
    if (!*texte)
        return;
    fprintf(f, "<text class=\"%s\" x=\"%d\" y=\"%d\" text-anchor=\"%s\">", classe, x, y, ancre);
    echapper(f, texte);
    fputs("</text>\n", f);
}

static void ecrire_svg(const char *fichier)
{
    enum { HAUT = 22, LARGE = 860, XG = 300, XD = 560 };
    FILE *f = fopen(fichier, "w");
    if (!f)
        refuser("« %s » : %s", fichier, texte_erreur(errno));
    fprintf(f,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"schema\" viewBox=\"0 0 %d %d\" "
            "role=\"img\" fill=\"#1a1a1a\"><title>Échange réel entre ",
            LARGE, 40 + HAUT * (int)nb_rangs);
    echapper(f, noms[gauche]), fputs(" et ", f), echapper(f, noms[1 - gauche]);
    fputs("</title>\n<style>.schema{font:13px "
          "ui-monospace,monospace}.v,.w,.f{stroke:#777;stroke-width:2;"
          "fill:none}.w{stroke-dasharray:2 4;stroke:#0b57a4}.e{fill:#0b57a4;font-weight:600}"
          ".h{font-weight:700}.t{fill:#777}.d.f{stroke:#14691b}.r.f{stroke:#b3261e;stroke-width:3}"
          "@media(prefers-color-scheme:dark){.schema text{fill:#e6e6e6}.schema .e{fill:#7db8ff}"
          ".d.f{stroke:#7ddc87}.r.f{stroke:#ff8a80}.w{stroke:#7db8ff}}</style>\n",
          f);
    ecrire_texte(f, "h", XG, 18, "middle", noms[gauche]);
    ecrire_texte(f, "h", XD, 18, "middle", noms[1 - gauche]);
    for (size_t i = 0; i < nb_rangs; i++) {
        const struct rang *r = &rangs[i];
        int y = 40 + HAUT * (int)i, a = r->voie ? XD : XG, b = r->voie ? XG : XD,
            s = b > a ? -1 : 1;
        for (int v = 0; v < VOIES; v++)
            fprintf(f, "<path class=\"%c\" d=\"M%d %dv%d\"/>", r->attend[v] > 0 ? 'w' : 'v',
                    v ? XD : XG, y - HAUT / 2, HAUT);
        if (strchr("dcr", r->genre))
            fprintf(f, "<path class=\"f %c\" d=\"M%d %dL%d %dm%d -7L%d %dl%d 5\"/>\n", r->genre, a,
                    y - 4, b, y + 6, 9 * s, b, y + 6, 9 * s);
        const char *classe = r->genre == 'a' ? "a" : "e";
        ecrire_texte(f, classe, XG - 10, y + 4, "end", r->gauche);
        ecrire_texte(f, classe, XD + 10, y + 4, "start", r->droite);
        ecrire_texte(f, r->genre == 'p' ? "t" : "n", (XG + XD) / 2, y - 3, "middle", r->milieu);
    }
    fputs("</svg>\n", f);
    if (fclose(f) == EOF)
        echouer("fclose");
}

/* Le nombre de lignes de chaque trace, noté par la capture. */
static void compter_les_lignes(const char *dossier)
{
    char chemin[8192], nom[256];
    int annoncees, lues, c;
    snprintf(chemin, sizeof chemin, "%s/comptes", dossier);
    FILE *comptes = fopen(chemin, "r");
    if (!comptes)
        manque("comptes, le nombre de lignes de chaque trace");
    while (comptes && fscanf(comptes, "%d %255s", &annoncees, nom) == 2) {
        snprintf(chemin, sizeof chemin, "%s/%s", dossier, nom);
        FILE *f = strchr(nom, '/') ? NULL : fopen(chemin, "r");
        for (lues = 0; f && (c = fgetc(f)) != EOF;)
            lues += c == '\n';
        if (f)
            fclose(f);
        if (lues != annoncees)
            manque("%s : %d ligne(s) sur %d", nom, lues, annoncees);
    }
    if (comptes)
        fclose(comptes);
}

static void dire_les_manques(const char *dossier)
{
    char chemin[4096], ligne[512];
    snprintf(chemin, sizeof chemin, "%s/manques", dossier);
    FILE *f = fopen(chemin, "r");
    while (f && fgets(ligne, sizeof ligne, f)) {
        ligne[strcspn(ligne, "\n")] = '\0';
        manque("%s", ligne);
    }
    if (f)
        fclose(f);
    compter_les_lignes(dossier);
}

int main(int argc, char *argv[])
{
    const char *colonnes_voulues = "92", *svg = NULL, *avec_tout = NULL, *sans = NULL,
               *avec_temps = NULL;
    const char *dossier = NULL;
    lire_arguments(argc, argv,
                   "[-l colonnes] [-o fichier.svg] [-a] [-s] [-t] dossier\n"
                   "-a : tous les appels ; -s : sans les accusés seuls ; -t : les millisecondes",
                   &colonnes_voulues, &svg, &avec_tout, &sans, &avec_temps, &dossier);
    int largeur = (int)lire_nombre("colonnes", colonnes_voulues, 70, 200);
    tout = avec_tout != NULL, sans_ack = sans != NULL, temps = avec_temps != NULL;
    cote = (largeur - MILIEU - 4 - 10 * temps) / 2;
    dire_les_manques(dossier);
    lire_traces(dossier);
    reperer_les_ports();
    lire_paquets(dossier);
    for (size_t i = 0; i < nb_paquets; i++)
        if (*paquets[i].proto == 'T')
            passer(&paquets[i]);
    comparer_a_ss(dossier);
    verifier_les_paquets();
    chercher_les_causes();
    if (contredit) {
        puts("Les causes ne tiennent pas : rien n'est dessiné.");
        return 1;
    }
    trier();
    ranger();
    if (svg)
        ecrire_svg(svg);
    ecrire_terminal();
    return nb_manques > 0;
}
