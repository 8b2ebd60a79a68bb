/*
 * Ce que font les réglages d'une socket, et ceux du noyau : une expérience par argument, une ligne par résultat.
 *
 *   reglages lowat tcp|unix|udp      SO_RCVLOWAT à 4 : ce que disent poll et select à 2 octets, puis à 4
 *   reglages guets                   SO_RCVTIMEO à 100 ms : select et epoll_wait, à qui l'on en donne 300
 *   reglages place TAILLE            combien de datagrammes de cette taille tiennent dans SO_RCVBUF
 *   reglages controle OCTETS         sendmsg, avec tant d'octets de données de contrôle
 *   reglages morceaux NOMBRE         writev et sendmsg, en tant de morceaux
 *   reglages file NOMBRE             ce que listen retient de ce nombre
 *   reglages force                   SO_RCVBUFFORCE et SO_SNDBUFFORCE, à quatre fois le plafond
 *   reglages attente                 SO_BUSY_POLL d'une socket neuve
 *   reglages mort MILLISECONDES      TCP_USER_TIMEOUT ; l'entrée dit que le lien est coupé ; puis un envoi
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* struct tcp_info */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static int verifier(const char *appel, int retour)
{
    if (retour != -1)
        return retour;
    perror(appel);
    exit(1);
}

static const char *issue(ssize_t retour)
{
    if (retour >= 0)
        return "ok";
    switch (errno) {
    case EINVAL:
        return "EINVAL";
    case EMSGSIZE:
        return "EMSGSIZE";
    case ENOBUFS:
        return "ENOBUFS";
    case EPERM:
        return "EPERM";
    default:
        return strerror(errno);
    }
}

static long maintenant_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void ecrire_option(int s, int niveau, int option, int valeur)
{
    verifier("setsockopt", setsockopt(s, niveau, option, &valeur, sizeof valeur));
}

static int lire_option(int s, int niveau, int option)
{
    int valeur = 0;
    socklen_t taille = sizeof valeur;
    verifier("getsockopt", getsockopt(s, niveau, option, &valeur, &taille));
    return valeur;
}

static long lire_noyau(const char *chemin)
{
    long nombre = -1;
    FILE *fichier = fopen(chemin, "r");
    if (!fichier || fscanf(fichier, "%ld", &nombre) != 1)
        exit(1);
    fclose(fichier);
    return nombre;
}

/* Deux sockets reliées, en boucle locale : TCP, UDP, ou AF_UNIX (un flux). */
static void relier(const char *sorte, int paire[2])
{
    int type = strcmp(sorte, "udp") == 0 ? SOCK_DGRAM : SOCK_STREAM;
    struct sockaddr_in adresse = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t taille = sizeof adresse;
    if (strcmp(sorte, "unix") == 0) {
        verifier("socketpair", socketpair(AF_UNIX, SOCK_STREAM, 0, paire));
        return;
    }
    paire[1] = verifier("socket", socket(AF_INET, type, 0));
    verifier("bind", bind(paire[1], (struct sockaddr *)&adresse, taille));
    verifier("getsockname", getsockname(paire[1], (struct sockaddr *)&adresse, &taille));
    paire[0] = verifier("socket", socket(AF_INET, type, 0));
    if (type == SOCK_STREAM)
        verifier("listen", listen(paire[1], 1));
    verifier("connect", connect(paire[0], (struct sockaddr *)&adresse, taille));
    if (type == SOCK_STREAM)
        paire[1] = verifier("accept", accept(paire[1], NULL, NULL));
}

static void guetter(int s, int octets)
{
    struct pollfd guet = {.fd = s, .events = POLLIN};
    struct timeval delai = {.tv_usec = 50000};
    fd_set lisibles;
    FD_ZERO(&lisibles);
    FD_SET(s, &lisibles);
    int dits = verifier("poll", poll(&guet, 1, 50));
    int choisis = verifier("select", select(s + 1, &lisibles, NULL, NULL, &delai));
    printf("%d octets : poll %s, select %d\n", octets, dits ? "POLLIN" : "0", choisis);
}

static void lowat(const char *sorte)
{
    int paire[2];
    relier(sorte, paire);
    printf("au départ : %d\n", lire_option(paire[1], SOL_SOCKET, SO_RCVLOWAT));
    ecrire_option(paire[1], SOL_SOCKET, SO_RCVLOWAT, 4);
    verifier("send", (int)send(paire[0], "de", 2, 0));
    guetter(paire[1], 2);
    verifier("send", (int)send(paire[0], "ux", 2, 0));
    guetter(paire[1], 4);
}

static void guets(void)
{
    int paire[2], veille = verifier("epoll_create1", epoll_create1(0));
    struct timeval delai = {.tv_usec = 100000}, patience = {.tv_usec = 300000};
    relier("tcp", paire);
    verifier("setsockopt", setsockopt(paire[1], SOL_SOCKET, SO_RCVTIMEO, &delai, sizeof delai));
    fd_set lisibles;
    FD_ZERO(&lisibles);
    FD_SET(paire[1], &lisibles);
    long debut = maintenant_ms();
    verifier("select", select(paire[1] + 1, &lisibles, NULL, NULL, &patience));
    printf("select : %s\n", maintenant_ms() - debut >= 290 ? "ses 300 ms" : "moins");
    struct epoll_event lisible = {.events = EPOLLIN};
    verifier("epoll_ctl", epoll_ctl(veille, EPOLL_CTL_ADD, paire[1], &lisible));
    debut = maintenant_ms();
    verifier("epoll_wait", epoll_wait(veille, &lisible, 1, 300));
    printf("epoll_wait : %s\n", maintenant_ms() - debut >= 290 ? "ses 300 ms" : "moins");
}

static void place(size_t taille)
{
    static char octets[65536];
    int paire[2], gardes = 0;
    relier("udp", paire);
    ecrire_option(paire[1], SOL_SOCKET, SO_RCVBUF, 65536);
    for (int i = 0; i < 2000; i++)
        verifier("send", (int)send(paire[0], octets, taille, 0));
    while (recv(paire[1], octets, sizeof octets, MSG_DONTWAIT) >= 0)
        gardes++;
    printf("SO_RCVBUF %d : %d datagrammes de %zu octets\n",
           lire_option(paire[1], SOL_SOCKET, SO_RCVBUF), gardes, taille);
    printf("octets utiles : %zu\n", (size_t)gardes * taille);
}

/* Un en-tête de contrôle qu'IP ne connaît pas, et passe. */
static void controle(size_t octets)
{
    int paire[2];
    struct cmsghdr *entete = calloc(1, octets);
    if (!entete)
        exit(1);
    entete->cmsg_len = octets;
    entete->cmsg_level = IPPROTO_TCP;
    struct iovec morceau = {.iov_base = (char[]){"x"}, .iov_len = 1};
    struct msghdr message = {
        .msg_iov = &morceau, .msg_iovlen = 1, .msg_control = entete, .msg_controllen = octets};
    relier("udp", paire);
    printf("%zu octets de contrôle : %s\n", octets, issue(sendmsg(paire[0], &message, 0)));
    free(entete);
}

static void morceaux(int nombre)
{
    int paire[2];
    struct iovec *liste = calloc((size_t)nombre, sizeof *liste);
    if (!liste)
        exit(1);
    struct msghdr message = {.msg_iov = liste, .msg_iovlen = (size_t)nombre};
    relier("unix", paire);
    printf("writev en %d morceaux : %s\n", nombre, issue(writev(paire[0], liste, nombre)));
    printf("sendmsg en %d morceaux : %s\n", nombre, issue(sendmsg(paire[0], &message, 0)));
    free(liste);
}

static void file(int demandee)
{
    struct tcp_info info;
    socklen_t taille = sizeof info;
    int s = verifier("socket", socket(AF_INET, SOCK_STREAM, 0));
    verifier("listen", listen(s, demandee));
    verifier("getsockopt", getsockopt(s, IPPROTO_TCP, TCP_INFO, &info, &taille));
    printf("file demandée : %d, retenue : %u\n", demandee,
           info.tcpi_sacked); /* comme Send-Q dans ss */
}

static void forcer(const char *nom, int option, int relue, const char *plafond)
{
    int s = verifier("socket", socket(AF_INET, SOCK_STREAM, 0)),
        demande = (int)(4 * lire_noyau(plafond));
    int retour = setsockopt(s, SOL_SOCKET, option, &demande, sizeof demande);
    printf("%s : %s, %s\n", nom, issue(retour),
           lire_option(s, SOL_SOCKET, relue) == 2 * demande ? "le double" : "rien de changé");
}

static void mort(int delai)
{
    int paire[2];
    char coupe;
    relier("tcp", paire);
    ecrire_option(paire[0], IPPROTO_TCP, TCP_USER_TIMEOUT, delai);
    printf("prêt\n");
    fflush(stdout);
    verifier("read", (int)read(0, &coupe, 1));
    long debut = maintenant_ms();
    verifier("send", (int)send(paire[0], "perdu", 5, MSG_NOSIGNAL));
    struct pollfd guet = {.fd = paire[0], .events = POLLIN};
    verifier("poll", poll(&guet, 1, 10 * delai));
    int raison = lire_option(paire[0], SOL_SOCKET, SO_ERROR);
    printf("connexion : %s, %s\n", raison == ETIMEDOUT ? "ETIMEDOUT" : strerror(raison),
           maintenant_ms() - debut >= delai - 10 ? "le délai passé" : "trop tôt");
}

int main(int argc, char *argv[])
{
    const char *quoi = argc > 1 ? argv[1] : "", *valeur = argc > 2 ? argv[2] : "0";
    if (strcmp(quoi, "lowat") == 0)
        lowat(valeur);
    else if (strcmp(quoi, "guets") == 0)
        guets();
    else if (strcmp(quoi, "place") == 0)
        place((size_t)atoi(valeur));
    else if (strcmp(quoi, "controle") == 0)
        controle((size_t)atoi(valeur));
    else if (strcmp(quoi, "morceaux") == 0)
        morceaux(atoi(valeur));
    else if (strcmp(quoi, "file") == 0)
        file(atoi(valeur));
    else if (strcmp(quoi, "attente") == 0)
        printf("SO_BUSY_POLL : %d\n",
               lire_option(verifier("socket", socket(AF_INET, SOCK_DGRAM, 0)), SOL_SOCKET,
                           SO_BUSY_POLL));
    else if (strcmp(quoi, "force") == 0) {
        forcer("SO_RCVBUFFORCE", SO_RCVBUFFORCE, SO_RCVBUF, "/proc/sys/net/core/rmem_max");
        forcer("SO_SNDBUFFORCE", SO_SNDBUFFORCE, SO_SNDBUF, "/proc/sys/net/core/wmem_max");
    } else if (strcmp(quoi, "mort") == 0)
        mort(atoi(valeur));
    else
        return 2;
    return 0;
}
