/*
 * Les événements de poll() que l'on n'attend pas : urgence, rupture, mauvais descripteur
 *
 *   ./tcp/16-imprevus
 *
 * En face : personne, ce programme tient les deux bouts.
 * À regarder : l'appel d'après rend l'erreur, une fois ; le signal venu avec elle ; et le troisième
 * ensemble de select(), « exception », celui des urgences.
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* POLLRDHUP, propre à Linux */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/affichage.h"
#include "../common/bouts.h"
#include "../common/erreur.h"
#include "../common/programme.h"
#pragma GCC diagnostic ignored "-Wsign-conversion" /* les macros FD_… de musl */
static volatile sig_atomic_t signal_recu;
static void prevenu(int numero)
{
    signal_recu = numero;
}

/* Demande cela à poll(), et montre ce qu'il rend. Le réseau a une seconde pour apporter le prévu. */
static void observer(const char *etat, int s, short demandes, int prevu)
{
    struct pollfd vue = {.fd = s, .events = demandes, .revents = -1};
    char texte[TEXTE_EVENEMENTS];
    for (int tour = 0; tour < 1000 && vue.revents != prevu; tour++)
        if (((tour > 0 && poll(NULL, 0, 1) == -1) || poll(&vue, 1, 0) == -1) && errno != EINTR)
            echouer("poll"); /* une milliseconde de patience, entre deux */
    printf("%s : %s\n", etat, texte_evenements(vue.revents, texte));
}

/* L'appel que l'on ferait alors : ce qu'il rend, et le signal venu avant lui, ou avec lui. */
static void essai(const char *appel, long retour, int prevue)
{
    exiger(appel, retour == -1 && errno != prevue ? -1 : 0);
    printf("    %s : ", appel);
    retour == -1 ? printf("%s", texte_erreur(errno)) : printf("%ld", retour);
    puts(signal_recu == SIGPIPE ? ", et SIGPIPE" : signal_recu == SIGURG ? ", et SIGURG" : "");
    signal_recu = 0;
}

int main(int argc, char *argv[])
{
    char octets[16];
    struct linger brusque = {1, 0}; /* fermer par un RST */
    lire_arguments(argc, argv, "\nUne urgence, puis une rupture\nEn face : personne", NULL);
    struct sigaction action = {.sa_handler = prevenu};
    exiger("sigaction", sigaction(SIGPIPE, &action, NULL));
    exiger("sigaction", sigaction(SIGURG, &action, NULL));

    /* Étape 1 : les deux bouts d'une connexion */
    int nous, lui;
    relier(&nous, &lui);

    /* Étape 2 : un octet urgent ; pour SIGURG, il faut que la socket ait un propriétaire */
    exiger("fcntl", fcntl(nous, F_SETOWN, getpid()));
    exiger("send", (int)send(lui, "!", 1, MSG_OOB));
    observer("un octet urgent", nous, POLLIN | POLLPRI | POLLOUT, POLLPRI | POLLOUT);
    fd_set lecture, ecriture, exception;
    FD_ZERO(&lecture);
    if (nous >= FD_SETSIZE) /* 17-trop-grand dit pourquoi */
        abandonner("descripteur %d : trop grand pour select()", nous);
    FD_SET(nous, &lecture);
    exception = ecriture = lecture;
    exiger("select", select(nous + 1, &lecture, &ecriture, &exception, &(struct timeval){0}));
    printf("    select : lecture %d, écriture %d, exception %d\n", FD_ISSET(nous, &lecture),
           FD_ISSET(nous, &ecriture), FD_ISSET(nous, &exception));
    essai("recv, MSG_OOB", recv(nous, octets, sizeof octets, MSG_OOB), 0);

    /* Étape 3 : l'autre rompt, au lieu de finir */
    exiger("setsockopt", setsockopt(lui, SOL_SOCKET, SO_LINGER, &brusque, sizeof brusque));
    exiger("close", close(lui));
    observer("rompue (RST)", nous, POLLIN | POLLPRI | POLLOUT | POLLRDHUP,
             POLLIN | POLLOUT | POLLERR | POLLHUP | POLLRDHUP);
    essai("recv", recv(nous, octets, sizeof octets, 0), ECONNRESET);
    essai("send", send(nous, "x", 1, 0), EPIPE);

    /* Étape 4 : un descripteur fermé, et un négatif */
    exiger("close", close(nous));
    observer("fermée", nous, POLLIN, POLLNVAL);
    observer("négatif", -1, POLLIN, 0);
    return 0;
}
