/*
 * Écrire deux fois, puis lire : quarante millisecondes, et cinq façons de ne pas les attendre
 *
 *   ./tcp/26-nagle
 *
 * En face : personne, le programme tient les deux bouts, et chaque façon a sa connexion.
 * À regarder : le premier échange ne coûte rien ; tous les autres attendent un accusé de réception.
 * SPDX-License-Identifier: MIT
 */
#define _DEFAULT_SOURCE /* TCP_CORK et TCP_QUICKACK, absents de POSIX */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../common/bouts.h"
#include "../common/erreur.h"
#include "../common/programme.h"

enum { ENTETE = 4, MESSAGE = ENTETE + 8, MESURES = 15, ATTENTE = 30000 }; /* en microsecondes */
enum facon { DEUX, NODELAY, CORK, MORE, UN, QUICKACK, NOMBRE };
static const char *const noms[NOMBRE] = {"deux", "nodelay", "cork", "more", "un", "quickack"};

static void poser_si(int voulu, int s, int option, int valeur)
{
    if (voulu)
        exiger("setsockopt", setsockopt(s, IPPROTO_TCP, option, &valeur, sizeof valeur));
}

static void envoyer(int s, const char *octets, int taille, int drapeaux)
{
    for (int n; taille > 0; octets += n, taille -= n)
        n = exiger("send", (int)send(s, octets, (size_t)taille, drapeaux | MSG_NOSIGNAL));
}

/* Étape 2, dans l'enfant : un octet de réponse à chaque message entier, jusqu'à la fin du flux */
static int repondre(int s, enum facon f)
{
    char message[MESSAGE];
    for (int recus = 0, n = 1; n > 0; recus = (recus + n) % MESSAGE) {
        poser_si(f == QUICKACK, s, TCP_QUICKACK, 1); /* ne dure pas : à redire chaque fois */
        n = exiger("recv", (int)recv(s, message, (size_t)(MESSAGE - recus), 0));
        if (n > 0 && recus + n == MESSAGE)
            envoyer(s, "!", 1, 0);
    }
    return 0;
}

/* Étape 3 : une question, sa réponse ; rend ce qu'elles ont duré, en microsecondes */
static long echanger(int s, enum facon f)
{
    char message[MESSAGE + 1] = "\0\0\0\10Bonjour\n"; /* sa longueur, puis lui */
    struct timespec debut, fin;
    clock_gettime(CLOCK_MONOTONIC, &debut);
    poser_si(f == CORK, s, TCP_CORK, 1);
    envoyer(s, message, f == UN ? MESSAGE : ENTETE, f == MORE ? MSG_MORE : 0);
    if (f != UN)
        envoyer(s, message + ENTETE, MESSAGE - ENTETE, 0);
    poser_si(f == CORK, s, TCP_CORK, 0);
    if (exiger("recv", (int)recv(s, message, 1, 0)) == 0)
        abandonner("recv : plus personne en face");
    clock_gettime(CLOCK_MONOTONIC, &fin);
    return (fin.tv_sec - debut.tv_sec) * 1000000 + (fin.tv_nsec - debut.tv_nsec) / 1000;
}

static int comparer(const void *a, const void *b)
{
    return (*(const long *)a > *(const long *)b) - (*(const long *)a < *(const long *)b);
}

int main(int argc, char *argv[])
{
    lire_arguments(argc, argv, "\nMesure un échange, de six façons", NULL);
    for (enum facon f = DEUX; f < NOMBRE; f++) {
        /* Étape 1 : une connexion neuve, et quelqu'un en face */
        int s, la;
        relier(&s, &la);
        if (exiger("fork", fork()) == 0)
            return exiger("close", close(s)) || repondre(la, f); /* s, sans quoi pas de fin */
        exiger("close", close(la));
        poser_si(f == NODELAY, s, TCP_NODELAY, 1);

        /* Étape 4 : le premier échange, à part ; des suivants, ce que quatre sur cinq ne dépassent pas */
        long premier = echanger(s, f), durees[MESURES];
        for (int i = 0; i < MESURES; i++)
            durees[i] = echanger(s, f);
        exiger("close", close(s));
        exiger("wait", wait(NULL));
        qsort(durees, MESURES, sizeof *durees, comparer);
        long d = durees[MESURES * 4 / 5];
        printf("%-8s : %6ld µs, puis %6ld : %s\n", noms[f], premier, d,
               d < ATTENTE ? "sans attendre" : "environ 40 ms");
    }
    return 0;
}
