/*
 * L'octet urgent : MSG_OOB, POLLPRI, SIGURG, SIOCATMARK, SO_OOBINLINE
 *
 *   ./tcp/19-urgent
 *
 * En face : personne, le programme tient les deux bouts.
 * À regarder : de « abc », seul « c » est urgent, et il quitte le flux ; POLLPRI le dit toujours,
 * SIGURG au propriétaire seulement ; une lecture qui passe la marque le perd.
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* F_SETOWN */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/affichage.h"
#include "../common/bouts.h"
#include "../common/erreur.h"
#include "../common/programme.h"

static volatile sig_atomic_t sigurg;

static void compter(int numero)
{
    (void)numero;
    sigurg = sigurg + 1;
}

static void recevoir(const char *texte, int s, int drapeaux)
{
    char lus[16];
    ssize_t n = recv(s, lus, sizeof lus, drapeaux);
    if (n == -1)
        printf("%s : %s\n", texte, texte_erreur(errno));
    else
        afficher_octets(texte, lus, (size_t)n);
}

/* Envoie ces trois octets, dont le dernier est urgent ; attend une seconde, au plus, de l'apprendre. */
static void presser(int pair, int s, const char *octets)
{
    sigurg = 0;
    exiger("send", (int)send(pair, octets, 3, MSG_OOB | MSG_NOSIGNAL));
    struct pollfd guettee = {.fd = s, .events = POLLPRI};
    while (poll(&guettee, 1, 1000) == -1)
        exiger("poll", errno == EINTR ? 0 : -1); /* par SIGURG : recommencer */
    const char *pri = guettee.revents & POLLPRI ? "oui" : "non";
    printf("send, MSG_OOB : « %s » ; POLLPRI : %s, SIGURG : %d\n", octets, pri, (int)sigurg);
}

int main(int argc, char *argv[])
{
    lire_arguments(argc, argv, "\nEnvoie des octets urgents, et les lit", NULL);
    struct sigaction action = {.sa_handler = compter, .sa_flags = SA_RESTART};
    exiger("sigaction", sigaction(SIGURG, &action, NULL));
    int s, pair, marque = 0;
    relier(&s, &pair);

    /* Étape 1 : le dernier octet est à part */
    presser(pair, s, "abc");
    recevoir("recv", s, 0);
    exiger("ioctl", ioctl(s, SIOCATMARK, &marque));
    printf("SIOCATMARK : %d\n", marque);
    recevoir("recv, MSG_OOB", s, MSG_OOB);
    recevoir("recv, MSG_OOB", s, MSG_OOB);

    /* Étape 2 : un propriétaire ; et une lecture qui passe la marque */
    exiger("fcntl", fcntl(s, F_SETOWN, getpid()));
    printf("fcntl : F_SETOWN, nous\n");
    presser(pair, s, "def");
    exiger("send", (int)send(pair, "ghi", 3, MSG_NOSIGNAL));
    recevoir("recv", s, 0);
    recevoir("recv", s, 0);
    recevoir("recv, MSG_OOB", s, MSG_OOB);

    /* Étape 3 : laisser l'octet urgent à sa place ; seule la marque le distingue */
    int oui = 1;
    exiger("setsockopt", setsockopt(s, SOL_SOCKET, SO_OOBINLINE, &oui, sizeof oui));
    printf("setsockopt : SO_OOBINLINE\n");
    presser(pair, s, "jkl");
    recevoir("recv", s, 0);
    exiger("ioctl", ioctl(s, SIOCATMARK, &marque));
    printf("SIOCATMARK : %d\n", marque);
    recevoir("recv", s, 0);
    exiger("close", close(s));
    exiger("close", close(pair));

    /* Étape 4 : rien de tel en UDP */
    s = exiger("socket", socket(AF_INET, SOCK_DGRAM, 0));
    int retour = (int)send(s, "abc", 3, MSG_OOB);
    printf("UDP, send, MSG_OOB : %s\n", retour == -1 ? texte_erreur(errno) : "accepté");
    exiger("close", close(s));
    return 0;
}
