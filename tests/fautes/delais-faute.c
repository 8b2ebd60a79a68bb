/*
 * Faute : les millisecondes rangées telles quelles dans tv_usec : un délai mille fois trop court
 * Remplace : tcp/solutions/delais.c
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

enum { DELAI = 100, PATIENCE = 250, TIC = 10 }; /* millisecondes ; à un tic du noyau près */
static double debut;
static char octets[16 * 1024 * 1024]; /* plus qu'il n'en tient dans les tampons d'une connexion */

static int verifier(const char *appel, int retour)
{
    if (retour == -1) { perror(appel); exit(1); }
    return retour;
}

static double maintenant_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void borner(int s, int option, int ms)
{
    struct timeval delai = {.tv_usec = ms};
    verifier("setsockopt", setsockopt(s, SOL_SOCKET, option, &delai, sizeof delai));
}

/* Ce que rend un appel, et s'il a attendu. */
#define MESURER(quoi, attendu, appel) (debut = maintenant_ms(), dire(quoi, attendu, appel))
static void dire(const char *quoi, int attendu, ssize_t rendu)
{
    double duree = maintenant_ms() - debut;
    const char *texte = rendu == 0 ? "rien" : rendu < (ssize_t)sizeof octets ? "une partie" : "tout";
    if (rendu == -1) texte = strerror(errno);
    if (rendu == -1 && errno == EAGAIN) texte = "EAGAIN";
    if (rendu == -1 && errno == EINTR) texte = "EINTR";
    if (rendu == -1 && errno == EINPROGRESS) texte = "EINPROGRESS";
    printf("%s : %s, %s %d ms\n", quoi, texte, duree + TIC >= attendu ? "après" : "avant", attendu);
}

static void interrompre(int numero) { (void)numero; } /* être interrompu, c'est tout */

int main(void)
{
    struct sockaddr_in serveur = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t taille = sizeof serveur;
    int ecoute = socket(AF_INET, SOCK_STREAM, 0), s = socket(AF_INET, SOCK_STREAM, 0);
    int suivante = verifier("socket", socket(AF_INET, SOCK_STREAM, 0));
    verifier("bind", bind(ecoute, (struct sockaddr *)&serveur, taille));
    verifier("listen", listen(ecoute, 0)); /* une seule place */
    verifier("getsockname", getsockname(ecoute, (struct sockaddr *)&serveur, &taille));
    verifier("connect", connect(s, (struct sockaddr *)&serveur, taille)); /* la prend */
    borner(s, SO_RCVTIMEO, DELAI);
    borner(s, SO_SNDTIMEO, DELAI);
    borner(suivante, SO_SNDTIMEO, DELAI);
    MESURER("recv, rien ne vient", DELAI, recv(s, octets, sizeof octets, 0));
    MESURER("send, trop pour les tampons", DELAI, send(s, octets, sizeof octets, MSG_NOSIGNAL));
    MESURER("connect, file pleine", DELAI, connect(suivante, (struct sockaddr *)&serveur, taille));

    struct pollfd guet = {.fd = s, .events = POLLIN};
    MESURER("poll, rien ne vient", PATIENCE, poll(&guet, 1, PATIENCE));
    borner(s, SO_RCVTIMEO, 0); /* zéro : sans limite */
    struct sigaction action = {.sa_handler = interrompre}; /* sans SA_RESTART */
    sigaction(SIGALRM, &action, NULL);
    struct itimerval reveil = {.it_value.tv_usec = (PATIENCE + TIC) * 1000L};
    setitimer(ITIMER_REAL, &reveil, NULL);
    MESURER("recv, délai nul, un signal", PATIENCE, recv(s, octets, sizeof octets, 0));
    return 0;
}
