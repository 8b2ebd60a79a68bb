/*
 * Les appels d'échange, un par un : ce qu'ils rendent, et ce qu'ils refusent
 *
 *   ./tcp/08-appels
 *
 * En face : personne, le programme tient tous les bouts.
 * À regarder : chaque ligne est l'appel, tel qu'il est écrit, puis ce qu'il rend. SIGPIPE, qui
 * tuerait, est ici compté : « + SIGPIPE ».
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* sendfile et memfd_create, propres à Linux */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../common/bouts.h"
#include "../common/erreur.h"
#include "../common/programme.h"

enum { LG_MESSAGE = 256, BUF_SIZE = 1024 };

/* Fait cet appel, et montre, sous son texte même, ce qu'il rend. */
#define FAIRE(appel) montrer(#appel, appel)

static volatile sig_atomic_t sigpipe; /* combien sont venus */
static void compter(int signal)
{
    sigpipe += signal == SIGPIPE;
}

static void montrer(const char *appel, ssize_t rendu)
{
    const char *et = sigpipe ? " + SIGPIPE" : "";
    sigpipe = 0;
    if (rendu == -1)
        printf("%s : %s%s\n", appel, texte_erreur(errno), et);
    else
        printf("%s : %zd%s\n", appel, rendu, et);
}

int main(int argc, char *argv[])
{
    lire_arguments(argc, argv, "\nEssaie les appels d'échange, un par un", NULL);
    signal(SIGPIPE, compter);
    char m[BUF_SIZE] = "", n[BUF_SIZE];

    /* Étape 1 : une socket TCP qui n'est pas connectée */
    int neuve = exiger("socket", socket(AF_INET, SOCK_STREAM, 0));
    FAIRE(send(neuve, m, 1, 0));
    FAIRE(send(neuve, m, 1, MSG_NOSIGNAL));
    FAIRE(recv(neuve, m, 1, 0));

    /* Étape 2 : connectée ; read() et write() font comme recv() et send(), drapeaux à zéro */
    int ici, la;
    relier(&ici, &la);
    FAIRE(write(ici, "un", 2));
    FAIRE(recv(la, m, BUF_SIZE, 0));
    FAIRE(send(ici, "un", 2, 0));
    FAIRE(read(la, m, BUF_SIZE));
    FAIRE(write(ici, m, 0));
    FAIRE(send(ici, m, 300, MSG_PEEK));
    FAIRE(recv(la, m, LG_MESSAGE, 0));
    FAIRE(recv(la, m, BUF_SIZE, 0));

    /* Étape 3 : plusieurs zones, un fichier, et une position qui n'existe pas */
    struct iovec deux[] = {{.iov_base = m, .iov_len = 2}, {.iov_base = n, .iov_len = 3}};
    struct msghdr zones = {.msg_iov = deux, .msg_iovlen = 2};
    FAIRE(writev(ici, deux, 2));
    FAIRE(readv(la, deux, 2));
    FAIRE(sendmsg(ici, &zones, 0));
    FAIRE(recvmsg(la, &zones, 0));
    int fichier = exiger("memfd_create", memfd_create("fichier", 0));
    exiger("ftruncate", ftruncate(fichier, 7));
    FAIRE(sendfile(ici, fichier, NULL, 7));
    FAIRE(recv(la, m, BUF_SIZE, 0));
    FAIRE(pread(la, m, 1, 0));
    FAIRE(pwrite(ici, m, 1, 0));
    FAIRE(lseek(la, 0, SEEK_SET));

    /* Étape 4 : l'autre bout fermé ; le premier envoi passe, et provoque le RST */
    exiger("close", close(la));
    FAIRE(write(ici, "a", 1));
    exiger("poll", poll(&(struct pollfd){.fd = ici}, 1, 1000)); /* le RST est arrivé */
    FAIRE(write(ici, "b", 1));
    FAIRE(recv(ici, m, 1, 0));
    FAIRE(recv(ici, m, 1, MSG_NOSIGNAL));
    exiger("close", close(ici));
    exiger("close", close(neuve));
    exiger("close", close(fichier));

    return 0;
}
