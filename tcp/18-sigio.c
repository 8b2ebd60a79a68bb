/*
 * Être prévenu par un signal de ce qui arrive : SIGIO, O_ASYNC et le propriétaire
 *
 *   ./tcp/18-sigio [-o pid]      -o : qui prévenir, à notre place (un groupe, si pid est négatif)
 *
 * En face : personne, le programme tient les deux bouts.
 * À regarder : sans propriétaire, rien ; si_fd, à 0 sans F_SETSIG ; le signal d'un octet déjà lu ; et
 * deux octets, qui ne valent qu'un SIGIO.
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* O_ASYNC, F_SETSIG, ppoll */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/bouts.h"
#include "../common/erreur.h"
#include "../common/programme.h"

static int socket_dialogue, pair;
static sigset_t ouvert;
static volatile sig_atomic_t signaux, recu, dit, prets; /* combien, lequel, son si_fd, poll() */

static void noter(int numero, siginfo_t *infos, void *contexte)
{
    (void)contexte;
    struct pollfd guettee = {.fd = socket_dialogue, .events = POLLIN};
    signaux = signaux + 1;
    recu = numero;
    dit = infos->si_fd;
    int n = poll(&guettee, 1, 0); /* permis dans un gestionnaire ; printf() ne l'est pas */
    prets = n == -1 ? -errno : n;
}

/* Le pair écrit ces octets ; on les lit, tous, avant de laisser venir les signaux, ou après. */
static void essayer(const char *reglage, int octets, int lire_avant)
{
    char lus[8];
    struct timespec patience = {.tv_nsec = 100000000}; /* 100 ms sans : il n'en viendra plus */
    for (int i = 0; i < octets; i++)
        exiger("send", (int)send(pair, "!", 1, MSG_NOSIGNAL));
    if (lire_avant)
        exiger("recv", (int)recv(socket_dialogue, lus, (size_t)octets, MSG_WAITALL));
    signaux = prets = 0;
    while (ppoll(NULL, 0, &patience, &ouvert) == -1)
        exiger("ppoll", errno == EINTR ? 0 : -1); /* EINTR : en voici un */
    exiger("poll", prets < 0 ? (errno = -prets, -1) : 0);
    if (!lire_avant)
        exiger("recv", (int)recv(socket_dialogue, lus, (size_t)octets, MSG_WAITALL));
    const char *nom = recu == SIGIO ? "SIGIO" : "SIGRTMIN+1", *vu = prets == 1 ? "prête" : "rien";
    if (signaux == 0)
        printf("%s : aucun signal\n", reglage);
    else
        printf("%s : %d %s, si_fd %d, poll : %s\n", reglage, (int)signaux, nom, (int)dit, vu);
}

int main(int argc, char *argv[])
{
    const char *pid = NULL;
    lire_arguments(argc, argv, "[-o pid]\nEst prévenu par un signal de ce qui arrive", &pid);
    int proprietaire = pid ? (int)lire_nombre("pid", pid, -INT_MAX, INT_MAX) : getpid();
    relier(&socket_dialogue, &pair);
    printf("connect : descripteur %d\n", socket_dialogue);

    /* Étape 1 : le gestionnaire ; ses signaux sont retenus, sauf quand nous les attendrons */
    struct sigaction action = {.sa_sigaction = noter, .sa_flags = SA_SIGINFO};
    exiger("sigaction", sigaction(SIGIO, &action, NULL));
    exiger("sigaction", sigaction(SIGRTMIN + 1, &action, NULL));
    sigset_t tous;
    sigfillset(&tous);
    exiger("sigprocmask", sigprocmask(SIG_BLOCK, &tous, &ouvert));

    /* Étape 2 : demander un signal, puis dire à qui */
    int drapeaux = exiger("fcntl", fcntl(socket_dialogue, F_GETFL));
    exiger("fcntl", fcntl(socket_dialogue, F_SETFL, drapeaux | O_ASYNC));
    essayer("O_ASYNC", 1, 0);
    exiger("fcntl", fcntl(socket_dialogue, F_SETOWN, proprietaire));
    essayer("F_SETOWN", 1, 0);
    essayer("encore un octet", 1, 0);
    essayer("un octet, déjà lu", 1, 1);
    essayer("deux octets", 2, 0);

    /* Étape 3 : choisir le signal */
    exiger("fcntl", fcntl(socket_dialogue, F_SETSIG, SIGRTMIN + 1));
    essayer("F_SETSIG", 1, 0);
    essayer("deux octets", 2, 0);

    /* Étape 4 : ne plus rien demander, cette fois par ioctl */
    exiger("ioctl", ioctl(socket_dialogue, FIOASYNC, &(int){0}));
    essayer("FIOASYNC à 0", 1, 0);
    exiger("close", close(socket_dialogue));
    exiger("close", close(pair));
    return 0;
}
