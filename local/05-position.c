/*
 * Regarder sans prendre, et ailleurs qu'au début : MSG_PEEK et SO_PEEK_OFF
 *
 *   ./local/05-position
 *
 * En face : personne, le programme tient les deux bouts de chaque paire.
 * À regarder : la position, -1 au départ ; posée à 4, elle avance avec chaque regard, et une vraie
 * lecture la recule d'autant, car le début s'en va. Dans un datagramme, elle sert aussi.
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* SO_PEEK_OFF, propre à Linux */
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/affichage.h"
#include "../common/erreur.h"
#include "../common/programme.h"

static int position(int s)
{
    int valeur;
    socklen_t taille = sizeof valeur;
    exiger("getsockopt", getsockopt(s, SOL_SOCKET, SO_PEEK_OFF, &valeur, &taille));
    return valeur;
}

static void placer(int s, int valeur)
{
    exiger("setsockopt", setsockopt(s, SOL_SOCKET, SO_PEEK_OFF, &valeur, sizeof valeur));
    printf("setsockopt : SO_PEEK_OFF, %d\n", valeur);
}

/* Regarde (MSG_PEEK) ou prend (0) au plus « taille » octets ; dit si le datagramme en avait plus. */
static void lire(int s, const char *geste, size_t taille, int drapeaux)
{
    char octets[64] = "";
    struct iovec place = {.iov_base = octets, .iov_len = taille};
    struct msghdr lettre = {.msg_iov = &place, .msg_iovlen = 1};
    int n = exiger("recvmsg", (int)recvmsg(s, &lettre, drapeaux | MSG_DONTWAIT));
    printf("recvmsg : %s %.*s (%d octets)", geste, n, octets, n);
    printf(lettre.msg_flags & MSG_TRUNC ? ", MSG_TRUNC\n" : ", position %d\n", position(s));
}

/* Une paire de ce type, où douze octets attendent d'être lus. */
static void preparer(int type, const char *texte, int bouts[2])
{
    exiger("socketpair", socketpair(AF_UNIX, type, 0, bouts));
    printf("socketpair : %s\n", texte);
    exiger("send", (int)send(bouts[0], "aabbccddeeff", 12, 0));
}

int main(int argc, char *argv[])
{
    lire_arguments(argc, argv, "\nLit aabbccddeeff ailleurs qu'au début", NULL);
    int bouts[2];

    /* Étape 1 : un flux. Sans position, un regard part toujours du début */
    preparer(SOCK_STREAM, "SOCK_STREAM", bouts);
    printf("getsockopt : SO_PEEK_OFF, %d\n", position(bouts[1]));
    lire(bouts[1], "regarde", 2, MSG_PEEK);
    lire(bouts[1], "regarde", 2, MSG_PEEK);

    /* Étape 2 : avec, il part de là, et la position avance */
    placer(bouts[1], 4);
    lire(bouts[1], "regarde", 2, MSG_PEEK);
    lire(bouts[1], "regarde", 2, MSG_PEEK);

    /* Étape 3 : une vraie lecture ôte le début ; la position recule d'autant */
    lire(bouts[1], "prend", 2, 0);
    lire(bouts[1], "regarde", 2, MSG_PEEK);

    /* Étape 4 : négative, plus de position */
    placer(bouts[1], -1);
    lire(bouts[1], "regarde", 2, MSG_PEEK);
    exiger("close", close(bouts[0]));
    exiger("close", close(bouts[1]));

    /* Étape 5 : dans un datagramme ; MSG_TRUNC dit seulement que la place manquait */
    preparer(SOCK_DGRAM, "SOCK_DGRAM", bouts);
    placer(bouts[1], 4);
    lire(bouts[1], "regarde", 64, MSG_PEEK);
    placer(bouts[1], 4);
    lire(bouts[1], "regarde", 2, MSG_PEEK);
    exiger("close", close(bouts[0]));
    exiger("close", close(bouts[1]));
    return 0;
}
