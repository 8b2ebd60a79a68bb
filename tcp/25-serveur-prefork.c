/*
 * Un processus par cœur : autant de boucles epoll, et le noyau leur partage les clients
 *
 *   ./tcp/25-serveur-prefork [-a adresse] [-d secondes] [-v] [port]
 *
 * En face : nc 127.0.0.1 5000   (et d'autres, en même temps)
 * Plusieurs : des dizaines de milliers à la fois, sans trace ; avec -v, une ligne par départ.
 * À regarder : chaque fils est le serveur de 24. SO_REUSEPORT leur permet d'écouter au même port,
 * et le noyau partage. Le père ne sert personne : il a ouvert les sockets d'écoute, et relance le
 * fils qui meurt ; sont perdus les clients de ce fils, pas ceux qui attendaient dans sa file.
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* epoll, propre à Linux */
#include <errno.h>
#include <stdbool.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../common/boucle.h"
#include "../common/erreur.h"
#include "../common/programme.h"
#include "../common/service.h"

enum { EVENEMENTS = 256, FILS_MAX = 64, PAUSE_MS = 100, ARRET_MS = 3000 };

static int liste; /* de ce que l'on attend : le noyau la garde */

static bool surveiller(int s, enum attente attend)
{
    struct epoll_event prevu = {.data.fd = s};
    if (attend == FINIE)
        return true; /* close() l'ôtera de la liste */
    prevu.events = attend == LIRE ? EPOLLIN : attend == ECRIRE ? EPOLLOUT : 0;
    if (epoll_ctl(liste, EPOLL_CTL_ADD, s, &prevu) == 0)
        return true;
    return errno == EEXIST && epoll_ctl(liste, EPOLL_CTL_MOD, s, &prevu) == 0;
}

static int ecoutes[FILS_MAX]; /* une par fils, ouvertes par le père */
static pid_t fils[FILS_MAX];  /* 0 : à engendrer */
static int processus;
static pid_t pere;

/* Un fils : la boucle de tcp/24-serveur-epoll. */
static _Noreturn void servir(const struct service *service, int lequel)
{
    for (int i = 0; i < processus; i++)
        if (i != lequel)
            close(ecoutes[i]); /* à ses frères */

    /* Étape 3 : chaque fils a sa liste ; si le père meurt, lui aussi s'arrête */
    exiger("prctl", prctl(PR_SET_PDEATHSIG, SIGTERM));
    if (getppid() != pere)
        exit(0); /* il est mort avant ce prctl */
    liste = exiger("epoll_create1", epoll_create1(EPOLL_CLOEXEC));
    boucle_ouvrir(ecoutes[lequel], service->descripteurs, surveiller, "epoll_ctl");
    while (boucle_continue()) {
        /* Étape 4 : attendre qu'une au moins soit prête */
        struct epoll_event pretes[EVENEMENTS];
        int n = epoll_pwait(liste, pretes, EVENEMENTS, TOUR_MS, &service->pendant_l_attente);
        if (n == -1 && errno != EINTR)
            echouer("epoll_pwait");

        /* Étape 5 : on ne voit qu'elles */
        for (int i = 0; i < n; i++)
            boucle_avancer(pretes[i].data.fd);
    }
    exit(0);
}

static void engendrer(const struct service *service)
{
    for (int i = 0; i < processus; i++) {
        if (fils[i] != 0)
            continue;
        fils[i] = fork();
        if (fils[i] == 0)
            servir(service, i);
        if (fils[i] == -1) {
            signaler("fork");
            fils[i] = 0; /* au prochain tour, peut-être */
        }
    }
}

/* Rend le nombre de fils vivants. */
static int enterrer(void)
{
    int statut, vivants = 0;
    for (pid_t pid; (pid = waitpid(-1, &statut, WNOHANG)) > 0;)
        for (int i = 0; i < processus; i++)
            if (fils[i] == pid) {
                fils[i] = 0;
                if (!arret_demande)
                    prevenir("fils %d : mort (%s %d), ses clients sont perdus ; on le relance",
                             (int)pid, WIFSIGNALED(statut) ? "signal" : "code",
                             WIFSIGNALED(statut) ? WTERMSIG(statut) : WEXITSTATUS(statut));
            }
    for (int i = 0; i < processus; i++)
        vivants += fils[i] > 0;
    return vivants;
}

static void envoyer_a_tous(int numero)
{
    for (int i = 0; i < processus; i++)
        if (fils[i] > 0)
            kill(fils[i], numero);
}

int main(int argc, char *argv[])
{
    /* Étape 1 : ce que tout serveur prépare avant son premier client */
    struct service service = preparer_service(argc, argv);
    /* Le port est-il libre ? Partagé, on ne le saurait pas. */
    exiger("close", close(attacher_partout(&service, false)));

    /* Étape 2 : un fils par cœur, chacun sa socket d'écoute et sa file, tous le même port */
    long coeurs = sysconf(_SC_NPROCESSORS_ONLN);
    pere = getpid();
    processus = coeurs < 1 ? 1 : coeurs < FILS_MAX ? (int)coeurs : FILS_MAX;
    for (int i = 0; i < processus; i++)
        ecoutes[i] = ecouter_partout(&service, true);
    annoncer_ecoute(ecoutes[0], processus * (service.descripteurs - ecoutes[0] - 2));
    while (!arret_demande) {
        engendrer(&service);
        struct timespec un_tour = {.tv_sec = TOUR_MS / 1000};
        ppoll(NULL, 0, &un_tour, &service.pendant_l_attente); /* la mort d'un fils l'abrège */
        if (enterrer() < processus && !arret_demande)
            poll(NULL, 0, PAUSE_MS); /* s'il meurt aussitôt relancé, ne pas tourner à vide */
    }

    /* Étape 6 : l'arrêt ; chaque fils ferme son écoute et finit de répondre */
    for (int i = 0; i < processus; i++)
        close(ecoutes[i]);
    envoyer_a_tous(SIGTERM);
    for (long long fin = maintenant_ms() + ARRET_MS; enterrer() > 0 && maintenant_ms() < fin;) {
        struct timespec peu = {.tv_nsec = PAUSE_MS * 1000000L};
        ppoll(NULL, 0, &peu, &service.pendant_l_attente);
    }
    envoyer_a_tous(SIGKILL);
    return 0;
}
