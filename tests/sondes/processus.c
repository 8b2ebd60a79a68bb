/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* prlimit */
#include "sondes.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Ce que dit /proc/PID/stat ; faux si le processus n'est plus. */
struct etat {
    char lettre;
    pid_t pere;
    int fils;
    long cpu, pages;
};

static bool lire_etat(pid_t pid, struct etat *e)
{
    char chemin[64], texte[1024];
    snprintf(chemin, sizeof chemin, "/proc/%d/stat", pid);
    FILE *f = fopen(chemin, "r");
    if (!f)
        return false;
    size_t n = fread(texte, 1, sizeof texte - 1, f);
    fclose(f);
    texte[n] = '\0';
    char *suite = strrchr(texte, ')'); /* le nom, entre parenthèses, peut en contenir */
    unsigned long utilisateur, systeme;
    if (!suite ||
        sscanf(
            suite + 1,
            " %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %*d %*d %*d %*d %d %*d %*u %*u %ld",
            &e->lettre, &e->pere, &utilisateur, &systeme, &e->fils, &e->pages) != 6)
        return false;
    e->cpu = (long)(utilisateur + systeme) * 100 / sysconf(_SC_CLK_TCK);
    return true;
}

bool vit(pid_t pid)
{
    struct etat e;
    return lire_etat(pid, &e) && e.lettre != 'Z' && e.lettre != 'X';
}

/* Combien il en a ouvert ; dans « *plus_grand », s'il n'est pas nul, le plus grand. */
static long compter_descripteurs(pid_t pid, int *plus_grand)
{
    char chemin[64];
    snprintf(chemin, sizeof chemin, "/proc/%d/fd", pid);
    DIR *d = opendir(chemin);
    if (!d)
        return 0;
    long n = 0;
    for (struct dirent *e; (e = readdir(d));) {
        if (!isdigit((unsigned char)e->d_name[0]))
            continue;
        n++;
        if (plus_grand && atoi(e->d_name) > *plus_grand)
            *plus_grand = atoi(e->d_name);
    }
    closedir(d);
    return n;
}

static bool est_parmi(pid_t pid, const struct releve *r)
{
    for (int i = 0; i < r->processus; i++)
        if (r->pids[i] == pid)
            return true;
    return false;
}

void relever(struct releve *r)
{
    static struct {
        pid_t pid;
        struct etat etat;
        bool vu;
    } tous[32768];
    int nombre = 0;
    DIR *d = opendir("/proc");
    if (!d)
        sans_objet("/proc ne se lit pas ici");
    for (struct dirent *e; (e = readdir(d)) && nombre < 32768;)
        if (isdigit((unsigned char)e->d_name[0]) &&
            lire_etat((pid_t)atol(e->d_name), &tous[nombre].etat)) {
            tous[nombre].pid = (pid_t)atol(e->d_name);
            tous[nombre++].vu = false;
        }
    closedir(d);

    memset(r, 0, sizeof *r);
    bool encore = true;
    while (encore) { /* les fils peuvent venir avant leur père dans /proc */
        encore = false;
        for (int i = 0; i < nombre; i++) {
            struct etat *e = &tous[i].etat;
            if (tous[i].vu || (tous[i].pid != cible.pid && !est_parmi(e->pere, r)))
                continue;
            tous[i].vu = encore = true;
            if (e->lettre == 'Z') {
                r->zombies++;
                continue;
            }
            if (r->processus < PROCESSUS_MAX)
                r->pids[r->processus++] = tous[i].pid;
            r->fils += e->fils;
            r->cpu += e->cpu;
            r->memoire += e->pages * (sysconf(_SC_PAGESIZE) / 1024);
            r->descripteurs += compter_descripteurs(tous[i].pid, NULL);
        }
    }
}

/* ─── Geler, dégeler ─── */

static bool gele;

static void degeler_en_partant(void)
{
    if (gele)
        degeler();
}

void geler(void)
{
    struct releve r;
    static bool pose;
    if (!pose)
        atexit(degeler_en_partant);
    pose = gele = true;
    if (kill(cible.pid, SIGSTOP) == -1) /* lui d'abord : il ne fera plus de fils */
        faute("il meurt");
    relever(&r);
    for (int i = 0; i < r.processus; i++)
        kill(r.pids[i], SIGSTOP);
    for (int i = 0; i < r.processus; i++) {
        struct etat e;
        long long fin = maintenant() + ECHEANCE;
        while (lire_etat(r.pids[i], &e) && !strchr("TtZX", e.lettre) && maintenant() < fin)
            patienter(1);
    }
}

void degeler(void)
{
    struct releve r;
    relever(&r);
    for (int i = r.processus - 1; i >= 0; i--)
        kill(r.pids[i], SIGCONT);
    gele = false;
}

/* ─── Ce qu'il consomme ─── */

void verifier_repos(const char *quand)
{
    struct releve avant, apres;
    relever(&avant);
    patienter(700);
    relever(&apres);
    if (apres.cpu - avant.cpu > 20)
        faute("%s, il tourne à vide : %ld %% d'un processeur alors que rien ne lui vient", quand,
              (apres.cpu - avant.cpu) * 10 / 7);
}

void attendre_retour(const struct releve *avant, const char *apres)
{
    struct releve r;
    long long fin = maintenant() + 2LL * ECHEANCE; /* ASan prend son temps pour finir */
    for (;;) {
        relever(&r);
        if (r.descripteurs <= avant->descripteurs && r.processus <= avant->processus &&
            r.fils <= avant->fils && r.zombies <= avant->zombies)
            return;
        if (maintenant() > fin)
            break;
        patienter(20);
    }
    if (r.zombies > avant->zombies)
        faute("%s, il reste %d zombies", apres, r.zombies - avant->zombies);
    if (r.processus > avant->processus)
        faute("%s, il reste %d processus de trop", apres, r.processus - avant->processus);
    if (r.fils > avant->fils)
        faute("%s, il reste %d fils d'exécution de trop", apres, r.fils - avant->fils);
    faute("%s, il reste %ld descripteurs de trop", apres, r.descripteurs - avant->descripteurs);
}

/* ─── Sa limite de descripteurs ─── */

static struct {
    pid_t pid;
    struct rlimit limite;
} limites[PROCESSUS_MAX];
static int limites_prises;

void rendre_descripteurs(void)
{
    while (limites_prises > 0) {
        limites_prises--;
        prlimit(limites[limites_prises].pid, RLIMIT_NOFILE, &limites[limites_prises].limite, NULL);
    }
}

int limiter_descripteurs(int libres)
{
    static bool pose;
    int restent = 0;
    struct releve r;
    if (!pose)
        atexit(rendre_descripteurs);
    pose = true;
    relever(&r);
    for (int i = 0; i < r.processus; i++) {
        /* Passé le dernier pris : poll() refuse un tableau plus long que la limite. */
        int dernier = 0;
        int deja_libres = 1 - (int)compter_descripteurs(r.pids[i], &dernier) + dernier;
        int limite = dernier + 1 + (libres > deja_libres ? libres - deja_libres : 0);
        struct rlimit l;
        if (prlimit(r.pids[i], RLIMIT_NOFILE, NULL, &l) == -1 && errno == ESRCH)
            continue; /* un fils qui vient de finir */
        if (prlimit(r.pids[i], RLIMIT_NOFILE, NULL, &l) == -1)
            sans_objet("prlimit : %s", strerror(errno));
        limites[limites_prises].pid = r.pids[i];
        limites[limites_prises++].limite = l;
        l.rlim_cur = (rlim_t)limite;
        prlimit(r.pids[i], RLIMIT_NOFILE, &l, NULL);
        restent += libres > deja_libres ? libres : deja_libres;
    }
    return restent;
}

void verifier_journal(const char *texte)
{
    static char contenu[1 << 20];
    if (!cible.erreurs)
        return;
    for (long long fin = maintenant() + 3000;;) {
        FILE *f = fopen(cible.erreurs, "r");
        size_t n = 0;
        if (f) { /* la fin : un long feu en a déjà écrit davantage */
            if (fseek(f, -(long)sizeof contenu + 1, SEEK_END) == -1)
                rewind(f); /* il est plus court */
            n = fread(contenu, 1, sizeof contenu - 1, f);
            fclose(f);
        }
        contenu[n] = '\0';
        if (strstr(contenu, texte))
            return;
        if (maintenant() > fin)
            faute("son journal ne dit pas « %s »", texte);
        patienter(20);
    }
}
