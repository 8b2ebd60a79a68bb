/*
 * Ce que les programmes de local/ ne font pas, et que leurs tests demandent
 *
 *   local regards tcp|udp     SO_PEEK_OFF ailleurs qu'en AF_UNIX : chaque regard, et la position
 *   local urgent              MSG_OOB sur les types locaux
 *   local heritier CHEMIN     se connecte ; un fils envoie « Bonjour » à sa place, et attend « ok »
 *   local bornes              ce que dit le mémento : tailles, files, identités, une par ligne
 *   local file CHEMIN         autant de connexions que la file en prend, puis celle qui attendrait
 *   local lettre CHEMIN N     à 07-recevoir, un octet et N fois le descripteur 0
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int verifier(const char *appel, ssize_t retour)
{
    if (retour != -1)
        return (int)retour;
    printf("%s : %s\n", appel, strerrorname_np(errno));
    exit(1);
}

static int position(int s)
{
    int valeur;
    socklen_t taille = sizeof valeur;
    verifier("getsockopt", getsockopt(s, SOL_SOCKET, SO_PEEK_OFF, &valeur, &taille));
    return valeur;
}

static void regards(int type)
{
    struct sockaddr_in ici = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t taille = sizeof ici;
    int a = verifier("socket", socket(AF_INET, type, 0)), b = a, quatre = 4;
    int client = verifier("socket", socket(AF_INET, type, 0));
    verifier("bind", bind(a, (struct sockaddr *)&ici, sizeof ici));
    getsockname(a, (struct sockaddr *)&ici, &taille);
    if (type == SOCK_STREAM)
        verifier("listen", listen(a, 1));
    verifier("connect", connect(client, (struct sockaddr *)&ici, sizeof ici));
    if (type == SOCK_STREAM)
        b = verifier("accept", accept(a, NULL, NULL));
    verifier("send", send(client, "aabbccddeeff", 12, 0));
    printf("%d\n", position(b));
    verifier("setsockopt", setsockopt(b, SOL_SOCKET, SO_PEEK_OFF, &quatre, sizeof quatre));
    static const int gestes[] = {MSG_PEEK, MSG_PEEK, 0, MSG_PEEK};
    for (int i = 0; i < (type == SOCK_STREAM ? 4 : 2); i++) {
        char octets[2];
        verifier("recv", recv(b, octets, sizeof octets, gestes[i]));
        printf("%.2s (%d)\n", octets, position(b));
    }
}

static void urgent(void)
{
    static const int types[] = {SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        int bouts[2];
        char octet = 0;
        verifier("socketpair", socketpair(AF_UNIX, types[i], 0, bouts));
        if (send(bouts[0], "!", 1, MSG_OOB) == -1) {
            printf("%d : %s\n", types[i], strerrorname_np(errno));
            continue;
        }
        verifier("recv", recv(bouts[1], &octet, 1, MSG_OOB | MSG_DONTWAIT));
        printf("%d : octet urgent « %c »\n", types[i], octet);
    }
}

static void lettre(const char *chemin, size_t nombre)
{
    struct sockaddr_un adresse = {.sun_family = AF_UNIX};
    strncpy(adresse.sun_path, chemin, sizeof adresse.sun_path - 1);
    struct iovec morceau = {.iov_base = (char[]){"!"}, .iov_len = 1};
    union {
        char octets[CMSG_SPACE(8 * sizeof(int))];
        struct cmsghdr entete;
    } controle = {0};
    struct msghdr m = {
        .msg_name = &adresse, .msg_namelen = sizeof adresse, .msg_iov = &morceau, .msg_iovlen = 1};
    if (nombre > 0) {
        m.msg_control = &controle;
        m.msg_controllen = CMSG_SPACE(nombre * sizeof(int));
        controle.entete = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
        controle.entete.cmsg_len = CMSG_LEN(nombre * sizeof(int)); /* à zéro : le descripteur 0 */
    }
    verifier("sendmsg", sendmsg(verifier("socket", socket(AF_UNIX, SOCK_DGRAM, 0)), &m, 0));
}

static void heritier(const char *chemin)
{
    struct sockaddr_un adresse = {.sun_family = AF_UNIX};
    char reponse[3];
    strncpy(adresse.sun_path, chemin, sizeof adresse.sun_path - 1);
    int s = verifier("socket", socket(AF_UNIX, SOCK_STREAM, 0));
    verifier("connect", connect(s, (struct sockaddr *)&adresse, sizeof adresse));
    printf("pere %d\n", getpid());
    fflush(stdout);
    if (verifier("fork", fork()) > 0)
        _exit(0);
    verifier("send", send(s, "Bonjour\n", 8, 0));
    printf("fils %d\n", getpid());
    verifier("recv", recv(s, reponse, sizeof reponse, MSG_WAITALL));
}

static const char *issue(ssize_t retour)
{
    return retour == -1 ? strerrorname_np(errno) : "oui";
}

/* De quoi porter des messages de contrôle d'un type, en nombre d'octets. */
static ssize_t controler(int s, int type, const void *contenu, size_t taille)
{
    union {
        char octets[CMSG_SPACE(300 * sizeof(int))];
        struct cmsghdr entete;
    } controle = {0};
    struct iovec morceau = {.iov_base = (char[]){"!"}, .iov_len = 1};
    struct msghdr m = {.msg_iov = &morceau, .msg_iovlen = 1, .msg_control = &controle};
    m.msg_controllen = CMSG_SPACE(taille);
    controle.entete = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = type};
    controle.entete.cmsg_len = CMSG_LEN(taille);
    memcpy(CMSG_DATA(&controle.entete), contenu, taille);
    return sendmsg(s, &m, MSG_DONTWAIT);
}

static void bornes(void)
{
    static const int zeros[300];
    static char gros[1 << 24];
    int bouts[2], type = 0, pris = 0;
    socklen_t taille = sizeof type;
    int brute = verifier("socket", socket(AF_UNIX, SOCK_RAW, 0));
    getsockopt(brute, SOL_SOCKET, SO_TYPE, &type, &taille);
    printf("SOCK_RAW : %s\n", type == SOCK_DGRAM ? "SOCK_DGRAM" : "autre chose");

    verifier("socketpair", socketpair(AF_UNIX, SOCK_DGRAM, 0, bouts));
    printf("253 descripteurs : %s\n",
           issue(controler(bouts[0], SCM_RIGHTS, zeros, 253 * sizeof(int))));
    printf("254 descripteurs : %s\n",
           issue(controler(bouts[0], SCM_RIGHTS, zeros, 254 * sizeof(int))));
    struct ucred menteur = {.pid = 1, .uid = getuid() + 1, .gid = getgid()};
    printf("mensonge : %s\n",
           issue(controler(bouts[0], SCM_CREDENTIALS, &menteur, sizeof menteur)));
    printf("trop grand : %s\n", issue(send(bouts[0], gros, sizeof gros, MSG_DONTWAIT)));
    while (send(bouts[0], "!", 1, MSG_DONTWAIT) == 1)
        pris++;
    printf("file pleine : %s, %s\n", pris > 0 ? "gardés" : "aucun", issue(-1));

    struct sockaddr_un plein = {.sun_family = AF_UNIX};
    memset(plein.sun_path, 'x', sizeof plein.sun_path);
    int sans_zero = verifier("socket", socket(AF_UNIX, SOCK_STREAM, 0));
    printf("108 octets : %s\n", issue(bind(sans_zero, (struct sockaddr *)&plein, sizeof plein)));

    struct sockaddr_un nom = {.sun_family = AF_UNIX};
    snprintf(nom.sun_path + 1, sizeof nom.sun_path - 1, "local-%d", getpid());
    size_t exacte = offsetof(struct sockaddr_un, sun_path) + 1 + strlen(nom.sun_path + 1);
    int ecoute = verifier("socket", socket(AF_UNIX, SOCK_STREAM, 0)),
        client = socket(AF_UNIX, SOCK_STREAM, 0);
    verifier("bind", bind(ecoute, (struct sockaddr *)&nom, (socklen_t)exacte));
    verifier("listen", listen(ecoute, 1));
    printf("zéros en trop : %s\n", issue(connect(client, (struct sockaddr *)&nom, sizeof nom)));
    printf("nom exact : %s\n", issue(connect(client, (struct sockaddr *)&nom, (socklen_t)exacte)));
}

static void remplir_file(const char *chemin)
{
    struct sockaddr_un adresse = {.sun_family = AF_UNIX};
    int prises = 0;
    strncpy(adresse.sun_path, chemin, sizeof adresse.sun_path - 1);
    while (connect(verifier("socket", socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0)),
                   (struct sockaddr *)&adresse, sizeof adresse) == 0)
        prises++;
    printf("%d, puis %s\n", prises, issue(-1));
    fflush(stdout);
    pause();
}

int main(int argc, char *argv[])
{
    if (argc == 3 && strcmp(argv[1], "regards") == 0)
        regards(strcmp(argv[2], "tcp") == 0 ? SOCK_STREAM : SOCK_DGRAM);
    else if (argc == 2 && strcmp(argv[1], "urgent") == 0)
        urgent();
    else if (argc == 2 && strcmp(argv[1], "bornes") == 0)
        bornes();
    else if (argc == 3 && strcmp(argv[1], "file") == 0)
        remplir_file(argv[2]);
    else if (argc == 3 && strcmp(argv[1], "heritier") == 0)
        heritier(argv[2]);
    else if (argc == 4 && strcmp(argv[1], "lettre") == 0)
        lettre(argv[2], strtoul(argv[3], NULL, 10));
    else
        return 2;
    return 0;
}
