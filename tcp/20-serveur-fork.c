/*
 * Un processus par client : fork() copie le serveur, et chaque copie n'a qu'un client à servir
 *
 *   ./tcp/20-serveur-fork [-a adresse] [-d secondes] [-v] [port]
 *
 * En face : nc 127.0.0.1 5000   (et d'autres, en même temps)
 * Plusieurs : 2000 à la fois, sans trace ; avec -v, une ligne chacun, à son départ.
 * À regarder : le père ne fait qu'accueillir ; chaque fils attend son client à lui, sans retenir
 * les autres. Un fils qui meurt n'emporte que son client, et le père doit l'enterrer.
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* ppoll */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../common/connexion.h"
#include "../common/erreur.h"
#include "../common/programme.h"
#include "../common/service.h"

enum { CLIENTS_MAX = 2000, PAUSE_MS = 100, ARRET_MS = 2000 };

static pid_t fils[CLIENTS_MAX]; /* les vivants, en tête */
static int nombre;

/* Sans waitpid(), chaque fils fini resterait, zombie. Un signal peut en annoncer plusieurs. */
static void enterrer(void)
{
    int statut;
    for (pid_t pid; (pid = waitpid(-1, &statut, WNOHANG)) > 0;) {
        if (WIFSIGNALED(statut))
            prevenir("fils %d : tué par le signal %d, son client est perdu", (int)pid,
                     WTERMSIG(statut));
        for (int i = 0; i < nombre; i++)
            if (fils[i] == pid)
                fils[i] = fils[--nombre];
    }
}

static int socket_dialogue; /* celle du fils */

/* L'arrêt, pour un fils : plus rien n'entre ; il répond à ce qu'il a reçu, et finit. */
static void conclure(int signal_recu)
{
    arret_demande = signal_recu;
    shutdown(socket_dialogue, SHUT_RD);
}

static void servir_dans_un_fils(struct connexion *c, int socket_ecoute, const sigset_t *signaux)
{
    pid_t pid = nombre < CLIENTS_MAX ? fork() : -1;
    if (pid == -1) {
        connexion_refuser(c, "fork", nombre < CLIENTS_MAX ? texte_erreur(errno) : "déjà 2000 fils");
    } else if (pid > 0) {
        fils[nombre++] = pid;
        /* Le fils a la sienne : tant que le père garde cette copie, le client ne voit pas la fin. */
        connexion_oublier(c); /* copie */
    } else {
        struct sigaction action = {.sa_handler = conclure, .sa_flags = SA_RESTART};
        close(socket_ecoute);
        socket_dialogue = c->socket;
        sigaction(SIGINT, &action, NULL);
        sigaction(SIGTERM, &action, NULL);
        sigprocmask(SIG_SETMASK, signaux, NULL);
        connexion_dialoguer(c);
        connexion_fermer(c);
        exit(0);
    }
}

int main(int argc, char *argv[])
{
    /* Étape 1 : ce que tout serveur prépare avant son premier client */
    struct service service = preparer_service(argc, argv);
    struct pollfd ecoute = {.fd = ecouter_partout(&service, false), .events = POLLIN};
    annoncer_ecoute(ecoute.fd, ecoute.fd < service.descripteurs ? CLIENTS_MAX : 0);

    while (!arret_demande) {
        /* Étape 2 : attendre un client, ou la fin d'un fils, ou l'arrêt */
        int n = ppoll(&ecoute, 1, NULL, &service.pendant_l_attente);
        if (n == -1 && errno != EINTR)
            echouer("ppoll");
        enterrer(); /* zombies */
        if (n < 1)
            continue;

        /* Étape 3 : un client, un fils */
        struct connexion *c = connexion_accepter(ecoute.fd, 0);
        if (c) {
            servir_dans_un_fils(c, ecoute.fd, &service.pendant_l_attente);
        } else if (errno != EAGAIN) {
            signaler("accept");
            poll(NULL, 0, PAUSE_MS); /* faute de descripteurs, ne pas tourner à vide */
        }
    }

    /* Étape 4 : plus de nouveaux clients ; les fils finissent de répondre, en deux secondes au plus */
    close(ecoute.fd);
    for (int i = 0; i < nombre; i++)
        kill(fils[i], SIGTERM);
    for (long long fin = maintenant_ms() + ARRET_MS; nombre > 0 && maintenant_ms() < fin;) {
        struct timespec peu = {.tv_nsec = PAUSE_MS * 1000000L};
        ppoll(NULL, 0, &peu, &service.pendant_l_attente); /* la fin d'un fils l'abrège */
        enterrer();
    }
    for (int i = 0; i < nombre; i++)
        kill(fils[i], SIGKILL);
    return 0;
}
