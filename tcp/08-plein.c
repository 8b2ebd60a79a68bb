/*
 * Quand l'autre ne lit pas : le tampon plein, l'attente, et rien de perdu
 *
 *   ./tcp/08-plein
 *
 * En face : personne, le programme tient les deux bouts.
 * À regarder : TCP retient l'émetteur (EAGAIN, ou l'attente) tant que le lecteur ne lit pas, puis
 * tout passe. UDP, lui, ne retient personne, et jette.
 * SPDX-License-Identifier: MIT
 */
#define _XOPEN_SOURCE 700 /* sigaction, en C strict */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../common/bouts.h"
#include "../common/erreur.h"
#include "../common/programme.h"

enum { BLOC = 32 << 20, PAUSE_MS = 200, DATAGRAMMES = 100 };
static char bloc[BLOC]; /* bien plus qu'un tampon de socket ne contient */

static void rien(int signal)
{
    (void)signal;
}

/* L'enfant : dort un peu, puis lit tout, jusqu'à la fin du flux. */
static int lire_tout(int ici, int la, size_t attendus)
{
    size_t lus = 0;
    exiger("close", close(ici)); /* sans quoi la fin du flux ne viendrait pas */
    poll(NULL, 0, PAUSE_MS);
    for (ssize_t n; (n = exiger("recv", (int)recv(la, bloc, 65536, 0))) > 0;)
        lus += (size_t)n;
    printf("lecteur : %s\n", lus == attendus ? "tout, et rien d'autre" : "il manque des octets");
    return lus == attendus ? 0 : 1;
}

int main(int argc, char *argv[])
{
    lire_arguments(argc, argv, "\nRemplit le tampon d'un lecteur qui ne lit pas", NULL);
    int ici, la, echec;
    relier(&ici, &la);

    /* Étape 1 : sans attendre ; le noyau prend ce qui tient, puis plus rien */
    ssize_t n = exiger("send", (int)send(ici, bloc, BLOC, MSG_DONTWAIT));
    printf("send MSG_DONTWAIT : %s, %zd octets\n", n < BLOC ? "une partie" : "tout", n);
    size_t pris = 0;
    for (; n > 0; n = send(ici, bloc, BLOC, MSG_DONTWAIT))
        pris += (size_t)n;
    if (errno != EAGAIN)
        echouer("send");
    printf("send MSG_DONTWAIT : %s\n", texte_erreur(EAGAIN));

    /* Étape 2 : en attendant ; un signal arrête l'attente, et rien n'est pris */
    sigaction(SIGALRM, &(struct sigaction){.sa_handler = rien}, NULL); /* sans SA_RESTART */
    struct itimerval alarme = {{.tv_usec = 50000}, {.tv_usec = 50000}}, aucune = {0};
    exiger("setitimer", setitimer(ITIMER_REAL, &alarme, NULL));
    while ((n = send(ici, bloc, BLOC, 0)) > 0) /* une place libérée entre-temps */
        pris += (size_t)n;
    if (errno != EINTR)
        echouer("send");
    printf("send : %s\n", texte_erreur(EINTR));
    exiger("setitimer", setitimer(ITIMER_REAL, &aucune, NULL));

    /* Étape 3 : en attendant un lecteur qui se réveille : send() prend tout avant de revenir */
    long long debut = maintenant_ms();
    if (exiger("fork", fork()) == 0)
        return lire_tout(ici, la, pris + BLOC);
    exiger("close", close(la)); /* à l'enfant seul : s'il meurt, send() n'attendra pas */
    n = exiger("send", (int)send(ici, bloc, BLOC, MSG_NOSIGNAL));
    printf("send : %s, %s\n", n == BLOC ? "tout" : "une partie",
           maintenant_ms() - debut >= PAUSE_MS ? "après une attente" : "aussitôt");
    exiger("close", close(ici));
    exiger("wait", wait(&echec));

    /* Étape 4 : en UDP, une socket qui s'écrit sans se lire : tous les envois réussissent */
    struct sockaddr_in adresse = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t taille = sizeof adresse;
    int petit = 1, arrives = 0;
    la = exiger("socket", socket(AF_INET, SOCK_DGRAM, 0));
    exiger("setsockopt", setsockopt(la, SOL_SOCKET, SO_RCVBUF, &petit, sizeof petit));
    exiger("bind", bind(la, (struct sockaddr *)&adresse, taille), &adresse);
    exiger("getsockname", getsockname(la, (struct sockaddr *)&adresse, &taille));
    for (int i = 0; i < DATAGRAMMES; i++)
        exiger("sendto", (int)sendto(la, bloc, 1000, 0, (struct sockaddr *)&adresse, taille));
    while (recv(la, bloc, 1000, MSG_DONTWAIT) == 1000)
        arrives++;
    printf("UDP, sendto : %d datagrammes partis\n", DATAGRAMMES);
    printf("UDP, recv : %s\n", arrives < DATAGRAMMES ? "il en manque" : "tous sont là");
    exiger("close", close(la));
    return echec ? 1 : 0;
}
