/*
 * SPDX-License-Identifier: MIT
 *
 * Un client lent, muet ou glouton ne coûte rien aux autres, et presque rien au serveur.
 */
#include "sondes.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    MEMOIRE_KIO = 24 * 1024
}; /* ce qu'un client peut lui faire prendre, au plus, ASan compris */

/* Un client neuf est servi aussitôt, alors que d'autres sont là. */
static void un_autre_aussitot(const char *quand)
{
    int client = joindre();
    dire(client, "moi\n");
    if (accueil(client, AUSSITOT) != SERVI)
        faute("%s, un autre client attend plus de %d ms", quand, AUSSITOT);
    fermer(client);
}

void sonde_muet(void)
{
    int muets[10];
    for (int i = 0; i < 10; i++) {
        muets[i] = joindre();
        if (i % 2)
            dire(muets[i], "à demi");
        un_autre_aussitot(i == 0 ? "un client se tait" : "des clients se taisent");
    }
    verifier_repos("dix clients se taisent");
    for (int i = 9; i >= 0; i--) {
        dire(muets[i], "\n");
        attendre_ok(muets[i], 1);
        fermer(muets[i]);
    }
}

void sonde_a_tour_de_role(void)
{
    int a = joindre();
    dire(a, "a\n");
    attendre_ok_avant(a, 1, AUSSITOT);
    int b = joindre();
    dire(b, "b\n");
    attendre_ok_avant(b, 1, AUSSITOT);
    dire(a, "a\n");
    attendre_ok_avant(a, 1, AUSSITOT);
    int c = joindre();
    patienter(20); /* venus ensemble : l'affaire de jetons */
    int d = joindre();
    dire(c, "c\n");
    attendre_ok_avant(c, 1, AUSSITOT);
    dire(d, "d\n");
    attendre_ok_avant(d, 1, AUSSITOT);
    fermer(b); /* ni le premier, ni le dernier */
    patienter(20);
    for (int tour = 0; tour < 20; tour++) {
        dire(a, "a\n");
        dire(c, "c\nc\n");
        dire(d, "d\n");
        attendre_ok_avant(a, 1, AUSSITOT);
        attendre_ok_avant(c, 2, AUSSITOT);
        attendre_ok_avant(d, 1, AUSSITOT);
    }
    fermer(a);
    fermer(c);
    fermer(d);
}

void sonde_lecteur_lent(void)
{
    enum { TROP = 64 << 20 };
    static char lignes[65536];
    memset(lignes, '\n', sizeof lignes);
    struct releve avant, apres;
    int ancien = joindre();
    dire(ancien, "à demi");
    relever(&avant);

    int lent = joindre_avec_un_petit_tampon();
    long envoyes = 0;
    for (int vide = 0, tour = 1; vide < 60; tour++) {
        size_t n = envoyer_sans_attendre(lent, lignes, sizeof lignes);
        envoyes += (long)n;
        vide = n > 0 ? 0 : vide + 1;
        if (n == 0)
            patienter(5);
        if (tour % 16 == 0)
            un_autre_aussitot("un client inonde sans lire");
        if (envoyes > TROP)
            faute("un client qui n'a rien lu a pu envoyer %ld Mio de lignes : il faudrait cesser "
                  "de le lire",
                  envoyes >> 20);
    }
    relever(&apres);
    if (apres.memoire - avant.memoire > MEMOIRE_KIO)
        faute("un client qui ne lit pas lui coûte %ld Mio de mémoire",
              (apres.memoire - avant.memoire) / 1024);
    verifier_repos("un client inonde et ne lit pas");
    un_autre_aussitot("un client inonde sans lire");
    dire(ancien, " dit\n");
    attendre_ok_avant(ancien, 1, AUSSITOT);
    fermer(ancien);
    attendre_ok(lent, envoyes); /* rien n'en est perdu */
    dire(lent, "encore\n");
    attendre_ok(lent, 1);
    fermer(lent);
}

/* Lit et écrit sans cesse, aussi vite qu'il peut. */
static _Noreturn void engloutir(void)
{
    static char lignes[65536];
    memset(lignes, '\n', sizeof lignes);
    int client = joindre();
    struct reponses r = {0};
    for (;;) {
        size_t n = envoyer_sans_attendre(client, lignes, sizeof lignes);
        long recus = prendre(client, &r);
        if (recus == -1)
            _exit(1);
        if (n == 0 && recus == 0)
            patienter(1);
    }
}

static pid_t gloutons[2];
static void arreter_les_gloutons(void)
{
    for (int i = 0; i < 2; i++)
        if (gloutons[i] > 0) {
            kill(gloutons[i], SIGKILL);
            waitpid(gloutons[i], NULL, 0);
        }
}

void sonde_glouton(void)
{
    int ancien = joindre();
    atexit(arreter_les_gloutons);
    for (int i = 0; i < 2; i++) {
        pid_t pid = fork();
        exiger("fork", pid);
        if (pid == 0)
            engloutir();
        gloutons[i] = pid;
    }
    patienter(100);
    for (int i = 0; i < 20; i++) {
        un_autre_aussitot("deux clients parlent sans cesse");
        dire(ancien, "moi aussi\n");
        attendre_ok_avant(ancien, 1, AUSSITOT);
        patienter(10);
    }
    for (int i = 0; i < 2; i++)
        if (waitpid(gloutons[i], NULL, WNOHANG) != 0) {
            gloutons[i] = 0;
            faute("un client qui parle sans cesse a été raccroché");
        }
    fermer(ancien);
}

void sonde_slowloris(void)
{
    enum { LENTS = 20 };
    int lents[LENTS], raccroches = 0;
    struct releve avant;
    if (cible.delai == 0 || cible.delai > 10)
        sans_objet("il faut un serveur qui raccroche après peu de secondes, et le dire (-d)");
    un_echange("au départ");
    patienter(50);
    relever(&avant);
    long long debut = maintenant(), fin = debut + cible.delai * 1000;
    for (int i = 0; i < LENTS; i++)
        lents[i] = joindre();
    int parle = joindre(); /* celui-là dit une ligne de temps en temps : on le garde */
    while (raccroches < LENTS && maintenant() < fin + 5000) {
        dire(parle, "ligne\n");
        attendre_ok_avant(parle, 1, AUSSITOT);
        for (int i = 0; i < LENTS; i++) {
            if (lents[i] == -1)
                continue;
            if (est_raccroche(lents[i], 0)) {
                if (maintenant() < fin - 300)
                    faute("raccroché après %lld ms, avant le délai de %ld s", maintenant() - debut,
                          cible.delai);
                fermer(lents[i]);
                lents[i] = -1;
                raccroches++;
            } else if (i % 4) { /* les autres se taisent */
                pousser(lents[i], "x", 1);
            }
        }
        patienter(200);
    }
    if (raccroches < LENTS)
        faute("%ld s passées, %d clients qui n'ont pas dit une ligne sont encore là",
              (long)(maintenant() - debut) / 1000, LENTS - raccroches);
    dire(parle, "ligne\n");
    attendre_ok_avant(parle, 1, AUSSITOT);
    fermer(parle);
    attendre_retour(&avant, "les clients trop lents raccrochés");
    verifier_journal("rien depuis");
}

/* Il parle, et ne prend jamais ses réponses : le délai vaut aussi pour lui. */
void sonde_jamais_lu(void)
{
    struct releve avant;
    if (cible.delai == 0 || cible.delai > 10)
        sans_objet("il faut un serveur qui raccroche après peu de secondes, et le dire (-d)");
    un_echange("au départ");
    patienter(50);
    relever(&avant);
    int client = joindre_avec_un_petit_tampon();
    static char lignes[65536];
    memset(lignes, '\n', sizeof lignes);
    long long fin = maintenant() + cible.delai * 1000 + 4000;
    while (pousser(client, lignes, sizeof lignes) != -1 && maintenant() < fin)
        patienter(20);
    attendre_retour(&avant, "un client qui ne lit jamais, le délai passé");
    verifier_journal("rien depuis");
    fermer(client);
}
