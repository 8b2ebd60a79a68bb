/*
 * SPDX-License-Identifier: MIT
 *
 * Le feu roulant : pendant des secondes, des clients de toute sorte, tirés au hasard, et des accidents
 * qui n'en sont pas la faute (figé, à court de descripteurs, un fils tué). Les clients sages doivent
 * recevoir chaque réponse, sauf ceux qu'un accident permet de perdre.
 */
#include "sondes.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ACTEURS = 6, MEMOIRE_KIO = 64 * 1024, PREMIER = 3, DERNIER = 256 };

/* Vu de tous les acteurs : ce qui excuse un client perdu. */
static struct {
    volatile int accidents; /* combien, jusqu'ici */
    volatile int en_cours;  /* il manque encore de descripteurs */
    long dialogues;         /* menés à bien */
} * commun;

static pid_t acteurs[ACTEURS];
static unsigned long hasard_etat;
static int hasard(int n) /* de 0 à n - 1 */
{
    hasard_etat = hasard_etat * 6364136223846793005UL + 1442695040888963407UL;
    return (int)((hasard_etat >> 33) % (unsigned long)n);
}

static void tout_fermer(void)
{
    for (int d = PREMIER; d < DERNIER; d++)
        close(d);
}

static jmp_buf reprise;
static int accidents_avant;
bool excuser(void)
{
    if (!commun || getpid() == getpgrp() ||
        (commun->accidents == accidents_avant && !commun->en_cours))
        return false;
    longjmp(reprise, 1);
}

/* ─── Les clients ─── */

static void partir(int client)
{
    switch (hasard(3)) {
    case 0:
        fermer(client);
        break;
    case 1:
        reinitialiser(client);
        break;
    default:
        demi_fermer(client);
        attendre_fin(client);
        fermer(client);
    }
}

/* Des lignes de longueurs quelconques, coupées n'importe où : autant de « ok ». */
static void parler(void)
{
    static char octets[200000];
    int lignes = 1 + hasard(200), longueur_max = 1 + hasard(900);
    size_t taille = 0;
    for (int i = 0; i < lignes; i++) {
        size_t longueur = (size_t)hasard(longueur_max);
        memset(octets + taille, hasard(10) ? 'a' : '\0', longueur);
        taille += longueur;
        if (hasard(3) == 0)
            octets[taille++] = '\r';
        octets[taille++] = '\n';
    }
    int client = joindre();
    for (size_t i = 0, n; i < taille; i += n) {
        size_t reste = taille - i;
        n = 1 + (size_t)hasard(hasard(4) ? 20000 : 3);
        n = n < reste ? n : reste;
        envoyer(client, octets + i, n);
        if (hasard(8) == 0)
            patienter(hasard(10));
        if (hasard(1000) == 0) {
            reinitialiser(client);
            return;
        }
    }
    attendre_ok(client, lignes);
    partir(client);
}

static void lambiner(void)
{
    int client = joindre();
    envoyer_un_par_un(client, "bon\njour\n", 9, hasard(20));
    attendre_ok(client, 2);
    partir(client);
}

static void se_taire(void)
{
    int client = joindre();
    dire(client, hasard(2) ? "à demi" : "");
    patienter(hasard(1500));
    if (hasard(2)) {
        dire(client, "\n");
        attendre_ok(client, 1);
        partir(client);
    } else {
        fermer(client);
    }
}

static void inonder(void)
{
    static char lignes[65536];
    memset(lignes, '\n', sizeof lignes);
    int client = hasard(2) ? joindre() : joindre_avec_un_petit_tampon();
    long envoyes = 0;
    for (long long fin = maintenant() + hasard(600); maintenant() < fin;) {
        size_t n = envoyer_sans_attendre(client, lignes, sizeof lignes);
        envoyes += (long)n;
        if (n == 0)
            patienter(2);
    }
    switch (hasard(3)) {
    case 0:
        reinitialiser(client);
        break;
    case 1:
        fermer(client);
        break;
    default:
        demi_fermer(client);
        attendre_ok(client, envoyes);
        attendre_fin(client);
        fermer(client);
    }
}

static void exagerer(void)
{
    int client = joindre(), avant = hasard(3);
    for (int i = 0; i < avant; i++)
        dire(client, "court\n");
    repeter(client, 'x', 65537 + (size_t)hasard(100000));
    for (int i = 0; i < avant; i++)
        attendre_texte(client, "ok\n");
    attendre_texte(client, "erreur : ligne trop longue\n");
    attendre_fin(client);
    fermer(client);
}

static void accourir(void)
{
    int clients[40], nombre = 1 + hasard(40);
    for (int i = 0; i < nombre; i++)
        clients[i] = joindre();
    for (int i = 0; i < nombre; i++)
        dire(clients[i], "ligne\nligne\n");
    for (int i = 0; i < nombre; i++) {
        attendre_ok(clients[i], 2);
        partir(clients[i]);
    }
}

static void revenir(void)
{
    for (int i = hasard(60); i >= 0; i--) {
        int client = joindre();
        dire(client, "ligne\n");
        attendre_ok(client, 1);
        fermer(client);
    }
}

static void couper(void)
{
    int client = joindre();
    if (hasard(2))
        dire(client, hasard(2) ? "abc" : "une\ndeux\ntr");
    patienter(hasard(3));
    if (hasard(2))
        reinitialiser(client);
    else
        fermer(client);
}

static void disparaitre(void)
{
    int client = joindre(), oui = 1;
    dire(client, "à demi");
    if (setsockopt(client, IPPROTO_TCP, TCP_REPAIR, &oui, sizeof oui) == -1)
        errno = 0; /* sans privilège, il ferme comme tout le monde */
    fermer(client);
}

static _Noreturn void acteur(unsigned long graine)
{
    static void (*const roles[])(void) = {parler,   parler,  parler,     lambiner,
                                          se_taire, inonder, exagerer,   accourir,
                                          revenir,  couper,  disparaitre};
    hasard_etat = graine;
    memset(acteurs, 0, sizeof acteurs); /* les autres ne sont pas à lui */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) {
        setjmp(reprise);
        tout_fermer(); /* ce qu'un client excusé n'a pas fermé */
        accidents_avant = commun->accidents;
        roles[hasard(sizeof roles / sizeof roles[0])]();
        __atomic_fetch_add(&commun->dialogues, 1, __ATOMIC_RELAXED);
    }
}

/* ─── Les accidents ─── */

static void un_accident(void)
{
    static struct releve r;
    switch (hasard(8)) {
    case 0:
    case 1:
    case 2:
        geler();
        patienter(hasard(200));
        degeler();
        break;
    case 3:
        commun->en_cours = 1;
        commun->accidents++;
        limiter_descripteurs(hasard(10));
        patienter(300 + hasard(300));
        rendre_descripteurs();
        patienter(500);
        commun->en_cours = 0;
        break;
    case 4:
        relever(&r);
        if (r.processus > 1) {
            pid_t victime = r.pids[1 + hasard(r.processus - 1)];
            commun->accidents++;
            commun->en_cours = 1;
            kill(victime, SIGKILL);
            patienter(500);
            commun->en_cours = 0;
        }
        break;
    default:
        relever(&r);
        for (int i = 0; i < r.processus; i++)
            kill(r.pids[i], hasard(2) ? SIGCHLD : SIGWINCH);
    }
    patienter(hasard(400));
}

static void arreter_les_acteurs(void)
{
    for (int i = 0; i < ACTEURS; i++)
        if (acteurs[i] > 0) {
            kill(acteurs[i], SIGKILL);
            waitpid(acteurs[i], NULL, 0);
            acteurs[i] = 0;
        }
}

void feu(unsigned long graine, long secondes)
{
    static struct releve avant, apres;
    commun = mmap(NULL, sizeof *commun, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (commun == MAP_FAILED)
        exiger("mmap", -1);
    exiger("setpgid", getpid() == getpgrp() ? 0 : setpgid(0, 0));
    tout_fermer();
    for (int i = 0; i < 50; i++)
        un_echange("au départ");
    patienter(100);
    relever(&avant);
    atexit(arreter_les_acteurs);
    for (int i = 0; i < ACTEURS; i++) {
        acteurs[i] = fork();
        exiger("fork", acteurs[i]);
        if (acteurs[i] == 0)
            acteur(graine * 1000 + (unsigned long)i);
    }
    hasard_etat = graine;
    for (long long fin = maintenant() + secondes * 1000; maintenant() < fin;) {
        int code;
        un_accident();
        pid_t fini = waitpid(-1, &code, WNOHANG);
        for (int i = 0; i < ACTEURS; i++)
            if (fini == acteurs[i]) {
                acteurs[i] = 0;
                if (WIFEXITED(code))
                    exit(WEXITSTATUS(code)); /* il a dit pourquoi */
                faute("un acteur est mort du signal %d", WTERMSIG(code));
            }
        if (!vit(cible.pid))
            faute("il est mort");
    }
    arreter_les_acteurs();
    patienter((int)cible.delai * 1000); /* ceux qui ont disparu */
    attendre_retour(&avant, "le feu éteint");
    for (int i = 0; i < 50; i++)
        un_echange("le feu éteint");
    verifier_repos("le feu éteint");
    relever(&apres);
    if (apres.memoire - avant.memoire > MEMOIRE_KIO)
        faute("le feu éteint, il garde %ld Mio de plus", (apres.memoire - avant.memoire) >> 10);
    if (apres.processus != avant.processus)
        faute("le feu éteint, %d processus, il y en avait %d", apres.processus, avant.processus);
    printf("feu : %ld dialogues, %d accidents, mémoire %ld kio de plus\n", commun->dialogues,
           commun->accidents, apres.memoire - avant.memoire);
}
