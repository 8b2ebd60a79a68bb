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
#define _GNU_SOURCE /* sendfile et memfd_create, propres à Linux ; IP_RECVERR */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
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
static void compter(int signal) { sigpipe += signal == SIGPIPE; }

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
    lire_arguments(argc, argv, "\nEssaie les appels d'échange sur des sockets de toutes sortes", NULL);
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
    FAIRE(write(ici, "b", 1));
    FAIRE(recv(ici, m, 1, MSG_NOSIGNAL));

    /* Étape 5 : un tube n'est pas une socket */
    int tube[2];
    exiger("pipe", pipe(tube));
    FAIRE(send(tube[1], "a", 1, 0));
    FAIRE(recv(tube[0], m, 1, 0));
    FAIRE(write(tube[1], "a", 1));
    FAIRE(read(tube[0], m, 1));

    /* Étape 6 : en UDP, un envoi est un datagramme ; et recv() n'y demande pas de connexion */
    struct sockaddr_in adresse = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t taille = sizeof adresse;
    int lecteur = exiger("socket", socket(AF_INET, SOCK_DGRAM, 0));
    int udp = exiger("socket", socket(AF_INET, SOCK_DGRAM, 0));
    exiger("bind", bind(lecteur, (struct sockaddr *)&adresse, taille), &adresse);
    exiger("getsockname", getsockname(lecteur, (struct sockaddr *)&adresse, &taille));
    FAIRE(send(udp, "ab", 2, 0));
    exiger("connect", connect(udp, (struct sockaddr *)&adresse, taille), &adresse);
    FAIRE(send(udp, "ab", 2, 0));
    FAIRE(recv(lecteur, m, 10, MSG_WAITALL));
    FAIRE(send(udp, "ab", 2, 0));
    FAIRE(read(lecteur, m, 0));
    FAIRE(recv(lecteur, m, 0, 0));
    FAIRE(recv(lecteur, m, 10, MSG_DONTWAIT));
    return 0;
}
