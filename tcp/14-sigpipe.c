/*
 * Écrire à qui n'est plus là : SIGPIPE et EPIPE, pour l'écrivain seul
 *
 *   ./tcp/14-sigpipe
 *
 * En face : personne, le programme tient les deux bouts.
 * À regarder : le premier send() réussit, le deuxième échoue et vaut un signal, le troisième échoue
 * sans bruit. Le fils, qui a la même socket et en est le propriétaire, ne reçoit rien.
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* F_SETOWN, absent de POSIX */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../common/bouts.h"
#include "../common/erreur.h"
#include "../common/programme.h"

static volatile sig_atomic_t signaux; /* le seul type qu'un gestionnaire écrit sans danger */

static void compter(int numero)
{
    (void)numero;
    signaux = signaux + 1;
}

static void envoyer(int socket_dialogue, const char *drapeau, int drapeaux)
{
    ssize_t n = send(socket_dialogue, "ok\n", 3, drapeaux);
    printf("send, %s : %s ; SIGPIPE : %d\n", drapeau, n == 3 ? "3 octets" : texte_erreur(errno),
           (int)signaux);
}

int main(int argc, char *argv[])
{
    lire_arguments_modele(argc, argv, "\nÉcrit à un pair parti, et compte les SIGPIPE",
                          (const char **[]){NULL});

    /* Étape 1 : un pair, qui s'en va */
    int socket_dialogue, pair;
    relier(&socket_dialogue, &pair);
    exiger("close", close(pair));
    printf("close : le pair est parti\n");

    /* Étape 2 : un fils, qui hérite de la socket et en devient le propriétaire ; SIGPIPE le tuerait */
    pid_t fils = exiger("fork", fork());
    if (fils == 0)
        _exit(poll(NULL, 0, 3000)); /* trois secondes : bien plus qu'il ne faut */
    exiger("fcntl", fcntl(socket_dialogue, F_SETOWN, fils));
    printf("fcntl : F_SETOWN, le fils\n");

    /* Étape 3 : nous, compter les SIGPIPE au lieu d'en mourir */
    struct sigaction action = {.sa_handler = compter};
    exiger("sigaction", sigaction(SIGPIPE, &action, NULL));
    printf("sigaction : SIGPIPE est compté\n");

    /* Étape 4 : écrire, trois fois ; le pair répond à la première par un RST, que l'on attend */
    envoyer(socket_dialogue, "0", 0);
    struct pollfd rompue = {.fd = socket_dialogue};
    exiger("poll", poll(&rompue, 1, 1000));
    envoyer(socket_dialogue, "0", 0);
    envoyer(socket_dialogue, "MSG_NOSIGNAL", MSG_NOSIGNAL);

    /* Étape 5 : le fils est-il mort de SIGPIPE, ou vit-il encore, jusqu'à notre SIGTERM ? */
    int fin;
    exiger("kill", kill(fils, SIGTERM));
    exiger("waitpid", waitpid(fils, &fin, 0));
    printf("waitpid : le fils %s\n",
           WTERMSIG(fin) == SIGPIPE ? "est mort de SIGPIPE" : "vivait encore");
    exiger("close", close(socket_dialogue));
    return 0;
}
