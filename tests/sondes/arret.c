/*
 * SPDX-License-Identifier: MIT
 *
 * Les signaux, la mort d'un fils, l'arrêt et le redémarrage.
 */
#include "sondes.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Figé plus longtemps que sa patience : ce qui est venu entre-temps n'est pas du silence. Ils sont plus que
 * ce qu'une attente d'epoll rend d'un coup. */
static void geler_longtemps(void)
{
    enum { CLIENTS = 300 };
    int clients[CLIENTS];
    for (int i = 0; i < CLIENTS; i++)
        clients[i] = joindre();
    for (int tour = 0; tour < 2; tour++) { /* venir a pu être long : ils repartent ensemble */
        for (int i = 0; i < CLIENTS; i++)
            dire(clients[i], "avant\n");
        for (int i = 0; i < CLIENTS; i++)
            attendre_ok(clients[i], 1);
    }
    patienter(1200); /* qu'il ait déjà compté cette ligne-là */
    geler();
    for (int i = 0; i < CLIENTS; i++)
        dire(clients[i], "pendant\n");
    patienter((int)cible.delai * 1000 + 1500);
    degeler();
    for (int i = 0; i < CLIENTS; i++)
        attendre_ok(clients[i], 1);
    for (int i = 0; i < CLIENTS; i++)
        fermer(clients[i]);
}

void sonde_gel(void)
{
    int client = joindre();
    dire(client, "à demi");
    patienter(20);
    for (int i = 0; i < 3; i++) {
        geler();
        patienter(30);
        degeler();
        patienter(30);
    }
    if (!vit(cible.pid))
        faute("figé (Ctrl-Z) puis dégelé (fg), il meurt");
    dire(client, " dit\n");
    attendre_ok(client, 1);
    geler();
    int autre = joindre();
    dire(autre, "pendant\n");
    dire(client, "pendant\n");
    degeler();
    attendre_ok(autre, 1);
    attendre_ok(client, 1);
    if (cible.delai > 2 && cible.delai <= 10)
        geler_longtemps();
    fermer(autre);
    fermer(client);
}

void sonde_signaux(void)
{
    static const int ignores[] = {SIGCHLD, SIGWINCH, SIGURG, SIGCONT};
    static struct releve r;
    int client = joindre();
    dire(client, "à demi");
    attendre_silence(client, 20);
    for (int tour = 0; tour < 20; tour++) {
        relever(&r);
        for (int i = 0; i < r.processus; i++)
            kill(r.pids[i], ignores[tour % 4]);
        dire(client, tour % 4 ? "x" : "x\n");
        patienter(5);
    }
    if (!vit(cible.pid))
        faute("un signal que l'on ignore d'ordinaire le tue");
    attendre_ok(client, 5);
    attendre_silence(client, 20);
    fermer(client);
}

void sonde_fils_tue(void)
{
    enum { CLIENTS = 20 };
    static struct releve seul, r;
    int clients[CLIENTS], perdus = 0;
    relever(&seul);
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = joindre();
        dire(clients[i], "ligne\n");
        attendre_ok(clients[i], 1);
    }
    relever(&r);
    pid_t victime = r.pids[r.processus - 1];
    if (r.processus == 1 || victime == cible.pid)
        sans_objet("il n'a qu'un processus");
    exiger("kill", kill(victime, SIGKILL));
    for (long long fin = maintenant() + ECHEANCE; vit(victime) && maintenant() < fin;)
        patienter(1);
    patienter(100);
    if (!vit(cible.pid))
        faute("un fils tué, tout le serveur s'arrête");
    for (int i = 0; i < CLIENTS; i++) {
        if (est_raccroche(clients[i], 0)) {
            perdus++;
        } else {
            dire(clients[i], "encore\n");
            attendre_ok(clients[i], 1);
        }
        fermer(clients[i]);
    }
    if (perdus == CLIENTS)
        faute("un fils tué, tous les clients sont perdus");
    if (seul.processus == 1 && perdus > 1) /* un fils par client */
        faute("un fils tué, %d clients sont perdus", perdus);
    for (int i = 0; i < 20; i++) /* aucun n'est confié au mort */
        un_echange("un fils tué");
    attendre_retour(&seul, "un fils tué");
    int attendus = 0; /* ceux qui servaient encore les clients d'une autre sonde ne comptent pas */
    for (int i = 0; i < seul.processus; i++)
        attendus += seul.pids[i] == victime || vit(seul.pids[i]);
    relever(&r);
    if (r.processus < attendus)
        faute("un fils tué n'est pas remplacé : %d processus, il y en avait %d", r.processus,
              attendus);
}

/* ─── L'arrêt demandé ─── */

static void s_arrete(int signal_recu)
{
    static struct releve r;
    static char lignes[16384];
    memset(lignes, '\n', sizeof lignes);

    int muet = joindre();
    dire(muet, "à demi");
    int sage = joindre();
    dire(sage, "ligne\n");
    attendre_ok(sage, 1);
    /* Celui-là ne lit pas, jusqu'à ce qu'on ne le lise plus : des réponses lui sont dues, et des lignes sont
     * arrivées qu'il faut encore lire. Rien n'attend de notre côté. */
    int lent = joindre_avec_un_petit_tampon();
    struct reponses reponses = {0};
    long envoyes = 0;
    for (int bloque = 0; envoyes < 32 << 20 && bloque < 2;) {
        envoyes += (long)envoyer_sans_attendre(lent, lignes, sizeof lignes);
        for (int i = 0; i < 40 && non_lus(lent) != 0; i++)
            patienter(i < 10 ? 1 : 5);
        bloque += non_lus(lent) > 0;
    }
    relever(&r);
    long long debut = maintenant();
    exiger("kill", kill(cible.pid, signal_recu));
    int refusees = 0;
    while (!refusees && maintenant() < debut + 1000) {
        int autre = joindre_a(cible.hote, cible.port);
        refusees = autre == -1 && errno == ECONNREFUSED;
        if (autre != -1)
            fermer(autre);
        patienter(5);
    }
    if (!refusees)
        faute("une seconde après le signal, le port accepte encore");

    long n;
    while ((n = prendre(lent, &reponses)) != -1)
        if (n == 0) {
            if (maintenant() > debut + 5000)
                faute("5 s après le signal, la connexion est encore là");
            patienter(1);
        }
    if (reponses.octets != 3 * envoyes)
        faute("%ld réponses étaient dues, il en vient %ld et %ld octets, puis la fin", envoyes,
              reponses.octets / 3, reponses.octets % 3);
    bool reste = true;
    while (reste && maintenant() < debut + 5500) {
        reste = false;
        for (int i = 0; i < r.processus; i++)
            reste = reste || vit(r.pids[i]);
        patienter(5);
    }
    if (reste && vit(cible.pid))
        faute("5 s après le signal, il n'est pas arrêté");
    if (reste)
        faute("5 s après le signal, un de ses processus reste");
    if (!est_raccroche(muet, 0) || !est_raccroche(sage, 0))
        faute("il est arrêté, et une connexion ne l'a pas appris");
}

void sonde_sigterm(void)
{
    s_arrete(SIGTERM);
}

void sonde_sigint(void)
{
    s_arrete(SIGINT);
}

/* ─── Le redémarrage ─── */

static pid_t second;
static void arreter_le_second(void)
{
    if (second > 0) {
        kill(second, SIGKILL);
        waitpid(second, NULL, 0);
    }
}

void sonde_relance(void)
{
    static struct releve r;
    if (!cible.commande)
        sans_objet("il faut la commande qui le relance sur ce port");
    int client = joindre(), code;
    dire(client, "ligne\n");
    attendre_ok(client, 1);
    relever(&r);
    geler(); /* personne n'échappe, ni ne raccroche avant les autres */
    for (int i = r.processus - 1; i >= 0; i--)
        kill(r.pids[i], SIGKILL);
    for (int i = 0; i < r.processus; i++)
        for (long long fin = maintenant() + ECHEANCE; vit(r.pids[i]) && maintenant() < fin;)
            patienter(1);
    /* le premier fil d'exécution parti, les autres tiennent encore, un instant, la socket d'écoute */
    for (long long fin = maintenant() + ECHEANCE; maintenant() < fin; patienter(1)) {
        int encore = joindre_a(cible.hote, cible.port);
        if (encore == -1)
            break;
        reinitialiser(encore);
    }

    atexit(arreter_le_second);
    exiger("fork", second = fork());
    if (second == 0) {
        int nulle = open("/dev/null", O_RDWR);
        if (nulle != -1 && dup2(nulle, 0) != -1 && dup2(nulle, 1) != -1 && dup2(nulle, 2) != -1)
            execvp(cible.commande[0], cible.commande);
        _exit(127);
    }
    int autre = -1;
    for (long long fin = maintenant() + ECHEANCE; autre == -1 && maintenant() < fin;) {
        if (waitpid(second, &code, WNOHANG) == second) {
            second = 0;
            faute("relancé aussitôt sur le même port, il s'arrête, code %d",
                  WIFEXITED(code) ? WEXITSTATUS(code) : 128 + WTERMSIG(code));
        }
        autre = joindre_a(cible.hote, cible.port);
        patienter(5);
    }
    if (autre == -1)
        faute("relancé aussitôt sur le même port, il n'y écoute pas");
    dire(autre, "ligne\n");
    attendre_ok(autre, 1);
    fermer(autre);
    fermer(client);
    kill(second, SIGTERM);
    for (long long fin = maintenant() + ECHEANCE; vit(second) && maintenant() < fin;)
        patienter(1);
    if (vit(second))
        faute("relancé, il ne s'arrête pas au SIGTERM");
    waitpid(second, &code, 0);
    second = 0;
    if (!WIFEXITED(code) || WEXITSTATUS(code) != 0)
        faute("au SIGTERM, il finit par %s %d, et non par le code 0",
              WIFEXITED(code) ? "le code" : "le signal",
              WIFEXITED(code) ? WEXITSTATUS(code) : WTERMSIG(code));
}
