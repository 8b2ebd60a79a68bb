/*
 * Les appels d'échange, un par un : ce qu'ils rendent, et ce qu'ils refusent
 *
 *   ./tcp/08-appels
 *
 * En face : personne, le programme tient tous les bouts.
 * À regarder : chaque ligne est l'appel, tel qu'il est écrit, puis ce qu'il rend. « + SIGPIPE » :
 * ce signal est venu ; il tuerait, il est ici seulement compté.
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* sendfile, propre à Linux */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../common/bouts.h"
#include "../common/erreur.h"
#include "../common/programme.h"

enum { LG_MESSAGE = 256, BUF_SIZE = 1024 };

/* Fait cet appel, montre, sous son texte même, ce qu'il rend, et s'arrête si ce n'est pas l'attendu. */
#define FAIRE(attendu, appel) montrer(#appel, appel, attendu)

static volatile sig_atomic_t sigpipe; /* combien sont venus */
static void compter(int signal)
{
    sigpipe += signal == SIGPIPE;
}

static void montrer(const char *appel, ssize_t rendu, ssize_t attendu)
{
    if ((rendu == -1 ? -errno : rendu) != attendu)
        rendu == -1 ? echouer(appel) : abandonner("%s : %zd, inattendu", appel, rendu);
    if (rendu == -1)
        printf("%s : %s%s\n", appel, texte_erreur(errno), sigpipe ? " + SIGPIPE" : "");
    else
        printf("%s : %zd\n", appel, rendu);
    sigpipe = 0;
}

int main(int argc, char *argv[])
{
    lire_arguments(argc, argv, "\nEssaie les appels d'échange, un par un", NULL);
    signal(SIGPIPE, compter);
    char m[BUF_SIZE] = "", n[BUF_SIZE] = "";

    /* Étape 1 : une socket TCP qui n'est pas connectée */
    int neuve = exiger("socket", socket(AF_INET, SOCK_STREAM, 0));
    FAIRE(-EPIPE, send(neuve, m, 1, 0));
    FAIRE(-EPIPE, send(neuve, m, 1, MSG_NOSIGNAL));
    FAIRE(-ENOTCONN, recv(neuve, m, 1, 0));
    exiger("close", close(neuve));

    /* Étape 2 : connectée ; read() et write() font comme recv() et send(), drapeaux à zéro */
    int ici, la;
    relier(&ici, &la);
    FAIRE(2, write(ici, "un", 2));
    FAIRE(2, recv(la, m, BUF_SIZE, 0));
    FAIRE(2, send(ici, "un", 2, 0));
    FAIRE(2, read(la, m, BUF_SIZE));
    FAIRE(0, write(ici, m, 0));
    FAIRE(300, send(ici, m, 300, MSG_PEEK));
    FAIRE(256, recv(la, m, LG_MESSAGE, 0));
    FAIRE(44, recv(la, m, BUF_SIZE, 0));

    /* Étape 3 : plusieurs zones, un fichier, et une position qui n'existe pas */
    struct iovec deux[] = {{.iov_base = m, .iov_len = 2}, {.iov_base = n, .iov_len = 3}};
    struct msghdr zones = {.msg_iov = deux, .msg_iovlen = 2};
    FAIRE(5, writev(ici, deux, 2));
    FAIRE(5, readv(la, deux, 2));
    FAIRE(5, sendmsg(ici, &zones, 0));
    FAIRE(5, recvmsg(la, &zones, 0));
    int fichier = exiger("open", open("/proc/self/exe", O_RDONLY)); /* n'importe lequel */
    FAIRE(7, sendfile(ici, fichier, NULL, 7));
    FAIRE(7, recv(la, m, BUF_SIZE, 0));
    FAIRE(-ESPIPE, pread(la, m, 1, 0));
    FAIRE(-ESPIPE, pwrite(ici, m, 1, 0));
    FAIRE(-ESPIPE, lseek(la, 0, SEEK_SET));

    /* Étape 4 : l'autre bout fermé ; le premier envoi passe, et provoque le RST */
    exiger("close", close(la));
    FAIRE(1, write(ici, "a", 1));
    exiger("poll", poll(&(struct pollfd){.fd = ici}, 1, 1000)); /* le RST est arrivé */
    FAIRE(-EPIPE, write(ici, "b", 1));
    FAIRE(0, recv(ici, m, 1, 0));
    FAIRE(0, recv(ici, m, 1, MSG_NOSIGNAL));
    exiger("close", close(ici));
    exiger("close", close(fichier));

    return 0;
}
