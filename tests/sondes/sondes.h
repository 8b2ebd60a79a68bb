/*
 * SPDX-License-Identifier: MIT
 *
 * Les sondes d'un serveur à plusieurs clients, vu du dehors : il reçoit des lignes et répond « ok » à
 * chacune. Une sonde joue ses clients, regarde au besoin les processus dans /proc, et revient si tout va
 * bien ; sinon elle appelle faute(), qui dit ce qui s'est vu et termine le programme.
 *
 * main.c tient leur table ; clients.c, un bout de connexion ; processus.c, ce que l'on voit d'un serveur ;
 * le reste, les sondes, par famille.
 */
#ifndef SONDES_H
#define SONDES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Ce que l'on éprouve, donné par la ligne de commande. */
struct cible {
    const char *hote, *port;
    pid_t pid;   /* du premier processus : ses fils, ses fils d'exécution se trouvent seuls */
    long limite; /* les clients qu'il dit servir au plus, ou 0 : il ne le dit pas */
    long delai;  /* les secondes sans une ligne au bout desquelles il raccroche, ou 0 */
    const char *erreurs; /* le fichier où vont ses erreurs, ou NULL */
    char **commande;     /* de quoi le relancer sur le même port, ou NULL */
};
extern struct cible cible;

struct sonde {
    const char *nom;
    const char *eprouve; /* ce qu'un serveur juste fait */
    const char *cause;   /* ce que dit un échec : la faute probable, l'appel à regarder */
    void (*jouer)(void);
    bool l_acheve; /* le serveur n'y survit pas, et c'est ce qu'on lui demande */
};

/* ─── Les verdicts ─── */

/* « nom : FAUTE : ce qui s'est vu », puis la cause ; code 1. */
_Noreturn void faute(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Cette machine, ou ce serveur, ne permet pas d'en juger ; code 3. */
_Noreturn void sans_objet(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Un appel de la sonde elle-même a échoué : ce n'est pas la faute du serveur ; code 2. */
int exiger(const char *appel, long retour);

/* ─── Un client (clients.c) ─── */

enum { ECHEANCE = 10000, AUSSITOT = 3000 }; /* ms : avant de désespérer ; « sans être retardé » */

long long maintenant(void); /* en millisecondes */
void patienter(int ms);

/* Se connecte à la cible, ou faute. Le petit tampon de réception rend un client facile à remplir. */
int joindre(void);
int joindre_a(const char *hote, const char *port); /* -1 si c'est refusé */
int joindre_avec_un_petit_tampon(void);
void envoyer(int client, const void *octets, size_t taille); /* tout, ou faute */
void dire(int client, const char *texte);
void envoyer_un_par_un(int client, const char *octets, size_t taille, int ms);
size_t envoyer_sans_attendre(int client, const void *octets, size_t taille); /* ce qui part, ou 0 */
long pousser(int client, const void *octets, size_t taille); /* de même ; -1 s'il a raccroché */
void repeter(int client, char octet, size_t fois);

/* Reçoit exactement « fois » réponses « ok\n », dans ce délai, ou faute. */
void attendre_ok(int client, long fois);
void attendre_ok_avant(int client, long fois, int ms);
/* Reçoit exactement ce texte, ou faute. */
void attendre_texte(int client, const char *texte);
/* Plus rien, que la fin du flux : ni octet, ni RST. */
void attendre_fin(int client);
/* La connexion finit, d'une façon ou d'une autre, avant ce délai. Rend faux sinon. */
bool est_raccroche(int client, int ms);
/* Rien ne vient pendant ce temps, et la connexion reste ouverte. */
void attendre_silence(int client, int ms);

/* Ce qui vient, sans attendre : vérifie que c'est la suite de « ok\n » ; rend le nombre d'octets, 0 s'il
 * n'y a rien, -1 à la fin du flux. */
struct reponses {
    long octets;
};
long prendre(int client, struct reponses *r);
/* Les octets de ce client que le serveur n'a pas encore lus, en route compris ; -1 si on ne le sait pas. */
long non_lus(int client);
/* Parmi une foule : servi, refusé par « erreur : trop de clients », ou laissé sans un mot. */
enum accueil { SERVI, REFUSE, PERDU };
enum accueil accueil(int client, int ms);
void prendre_tous_les_descripteurs(long voulus); /* notre limite, ou sans_objet */

void demi_fermer(int client);
void reinitialiser(int client); /* RST */
void fermer(int client);
void un_echange(const char *quand); /* un client neuf est servi, « quand » le dit sinon */

/* ─── Le serveur vu du dehors (processus.c) ─── */

enum { PROCESSUS_MAX = 4096 };

struct releve {
    int processus, fils, zombies; /* fils : d'exécution, le premier de chaque processus compris */
    long descripteurs;
    long memoire; /* kio, VmRSS de tous */
    long cpu;     /* centièmes de seconde pris par tous */
    pid_t pids[PROCESSUS_MAX];
};

void relever(struct releve *r); /* le serveur et tous ses descendants */
bool vit(pid_t pid);            /* ni parti, ni zombie */
void geler(void);               /* SIGSTOP à tous ; l'état est vérifié */
void degeler(void);             /* fait aussi à la fin de la sonde, quoi qu'il arrive */
/* Faute si le serveur prend du temps de processeur alors que rien ne lui vient. */
void verifier_repos(const char *quand);
/* Attend que ses descripteurs, fils et processus soient revenus à ce relevé ; faute sinon. */
void attendre_retour(const struct releve *avant, const char *apres);
/* Baisse la limite des descripteurs de chacun : il lui en reste « libres », ou à peine plus ; rendue ensuite.
 * Rend combien restent libres en tout. */
int limiter_descripteurs(int libres);
void rendre_descripteurs(void);
/* Le texte est dans le journal des erreurs, ou va l'être. */
void verifier_journal(const char *texte);

/* ─── Les sondes ─── */

/* lignes.c */
void sonde_ligne(void), sonde_octet_par_octet(void), sonde_collees(void),
    sonde_retour_chariot(void), sonde_nuls(void), sonde_rien_que_ok(void), sonde_tailles(void),
    sonde_ligne_longue(void), sonde_rafale(void);
/* fins.c */
void sonde_demi_fermeture(void), sonde_fin_de_flux(void), sonde_descripteurs(void),
    sonde_zombies(void), sonde_rst(void), sonde_sigpipe(void), sonde_avortes(void),
    sonde_disparu(void);
/* lenteur.c */
void sonde_muet(void), sonde_a_tour_de_role(void), sonde_lecteur_lent(void), sonde_glouton(void),
    sonde_slowloris(void), sonde_jamais_lu(void);
/* nombre.c */
void sonde_jetons(void), sonde_emfile(void), sonde_foule(void), sonde_inactifs(void),
    sonde_familles(void);
/* arret.c */
void sonde_gel(void), sonde_signaux(void), sonde_fils_tue(void), sonde_sigterm(void),
    sonde_sigint(void), sonde_relance(void);

/* feu.c : tout à la fois ; excuser() ne revient pas si un accident explique ce que l'acteur a vu. */
void feu(unsigned long graine, long secondes);
bool excuser(void);

#endif
