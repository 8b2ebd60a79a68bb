/*
 * SPDX-License-Identifier: MIT
 *
 * Le dessin d'un échange, en sept temps : traces.c lit les appels, paquets.c ce qui est passé (et
 * dit de quelle voie), etats.c suit les états TCP, demandes.c vérifie que tout ce qui passe a été
 * demandé, causes.c que rien ne précède ce qui le cause, rangs.c en fait des lignes, et terminal.c,
 * svg.c ou causes-dites.c les écrivent. Les tables sont remplies dans cet ordre, puis seulement lues.
 */
#ifndef DESSIN_H
#define DESSIN_H

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "../../../common/erreur.h"

enum {
    PORTS_DU_NOYAU = 32768,
    VOIES = 4,
    TRACES = 9,
    LG_TEXTE = 240,
    LG_MONTRES = 16,
    LG_ADRESSE = 64,
    LG_DIT = 1024
};
#define SECONDE    1000000000LL
#define OCTETS_MAX (1LL << 40) /* ce que rend un appel : mille milliards d'octets, au plus */
#define PID_MAX    (1 << 22)
typedef long long
    ns; /* depuis 1970 : un double n'y suffit pas, deux événements changeraient d'ordre */

struct prise {  /* ce que strace -yy dit d'un descripteur */
    char proto; /* T : TCP, U : UDP, X : AF_UNIX, 0 : pas une socket */
    int port;   /* le sien, s'il est connu */
    char local[LG_ADRESSE], distant[LG_ADRESSE];
};
struct appel {
    ns t, fin, borne; /* entré à t ; rendu entre fin et borne, l'appel suivant du même fil */
    ns lachee;        /* quand sa socket est refermée ; 0 : jamais */
    int voie, fil, cache, montre, deux_lignes, sans_retour, no;
    long long rendu;
    char *nom, *args, *retour, but[LG_ADRESSE]; /* but : de connect, de bind, d'un envoi */
    struct prise prise, rendue; /* du premier descripteur ; de celui qu'accept rend */
    const struct appel *appel_attendu;
    const struct paquet *attendu; /* le paquet qui le fait revenir */
};
struct paquet {
    ns t;
    int voie, vers_voie, port, vers_port, taille, renvoi, no;
    unsigned long seq, ack;
    long long jusque; /* octets passés dans ce sens, lui compris */
    char proto[8], de[LG_ADRESSE], vers[LG_ADRESSE], drapeaux[16], hexa[160];
    const char *etat_de, *etat_vers; /* les états qu'il change */
    const struct appel *demande;     /* l'appel qui l'a fait partir */
    const struct paquet *reponse_a;  /* le paquet auquel il répond */
    const struct fil *mort;          /* qui l'a fait partir en mourant */
};
struct fil { /* un processus, ou un fil d'exécution */
    int pid, voie, parle, equipe, suffixe, fini, dernier;
    int vu, fermait, attend, no; /* vu : strace a dit ce signal ; fermait : des sockets */
    ns debut, mort, parti;       /* debut : il parle ; mort : ce qui le tue, ou son dernier appel */
    char annonce[16], signal[16]; /* les derniers signaux : reçu, mortel */
    char *suspendu;
};
struct evenement {
    ns t;
    int ordre, effet; /* effet : 1, il attend ; -1, il revient */
    struct appel *appel;
    struct paquet *paquet;
    struct fil *fil;
};
struct rang { /* une ligne du dessin */
    ns t;
    char genre; /* a : appel, d : données, c : contrôle, r : RST, p : pause */
    int voie, vers_voie;
    unsigned attend; /* les voies qui attendent, un bit chacune */
    char texte[LG_TEXTE];
    const char *etat_de, *etat_vers;
};

extern struct appel *appels;
extern struct paquet *paquets;
extern struct fil *fils;
extern struct evenement *evenements;
extern struct rang *rangs;
extern size_t nb_appels, nb_paquets, nb_fils, nb_evenements, nb_rangs;
extern char noms[TRACES + 1][LG_TEXTE];
extern int nb_traces, nb_voies, sans_paquets, nb_manques, contredit;
extern int tout, sans_ack, temps, cote; /* cote : les colonnes du texte d'une voie */

#define AJOUTER(table, nombre)                                                                     \
    ((table) = plus_grand(table, nombre, sizeof *(table)), &(table)[(nombre)++])
void *plus_grand(void *table, size_t nombre, size_t taille);

/* Dit, une ligne chacun, ce qui manque au dessin ; les premières lignes de la sortie. */
void manque(const char *format, ...) __attribute__((format(printf, 1, 2)));
#define contradiction(...) (contredit = 1, manque(__VA_ARGS__))

FILE *ouvrir_fichier(const char *dossier, const char *nom);

/* traces.c */
ns lire_ns(const char *texte, char **fin);
void lire_traces(const char *dossier);

/* adresses.c : les arguments et les adresses tels que strace les écrit */
const char *fin_argument(const char *p);
const char *trouver(const char *args, const char *motif);
char *argument(const char *args, int k, char texte[LG_TEXTE]);
void lire_prise(const char *args, struct prise *prise);
char *adresse(const char *args, char texte[LG_ADRESSE]);
void lire_but(struct appel *a);
char *sans_ffff(char *bout);
int port_de(const char *bout);

/* genres.c : de quelle sorte est un appel */
int parmi(const char *nom, const char *liste);
int parle_de_reseau(const struct appel *a);
int est_lecture(const struct appel *a);
int est_envoi(const struct appel *a);
int est_fin(const struct appel *a);
int peut_attendre(const struct appel *a);
int est_veille(const struct appel *a);
const char *nom_ecrit(const struct appel *a);
long long octets_de(const struct appel *a, int k);

/* paquets.c, etats.c */
void lire_paquets(const char *dossier);
void suivre_les_etats(const char *dossier);

/* demandes.c, puis causes.c, qui dit aussi quelle connexion tient cet appel, ou suit ce segment */
void verifier_les_paquets(void);
void chercher_les_causes(void);
int meme_bout(const struct appel *a, const char *de, const char *vers);
int va(const struct paquet *p, const char *de, const char *vers);
ns ouverture(const char *de, const char *vers, ns t);

/* textes.c */
char *sans_danger(const char *texte, char *sur, size_t place);
int lisible(const char *ligne, size_t taille);
int colonnes(const char *texte);
char *abreger(char *texte, int place);
char *tenir(char texte[LG_TEXTE], int place);
void ecrire_appel(const struct appel *a, char texte[LG_TEXTE]);
void ecrire_retour(const struct appel *a, char texte[LG_TEXTE]);
void ecrire_mort(const struct fil *fil, char texte[LG_TEXTE]);
void ecrire_paquet(const struct paquet *p, char texte[LG_TEXTE]);

/* rangs.c, terminal.c, svg.c, causes-dites.c */
int est_ack_seul(const struct paquet *p);
void choisir_les_appels(void);
void trier(void);
void ranger(void);
void preparer_le_terminal(int largeur); /* remplit « cote » */
void ecrire_terminal(void);
void ecrire_svg(const char *fichier);
void dire_les_causes(void);

#endif
