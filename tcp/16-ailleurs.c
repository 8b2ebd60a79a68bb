/*
 * Ailleurs qu'en TCP : l'erreur qui revient en UDP, la file pleine d'une socket locale
 *
 *   ./tcp/16-ailleurs
 *
 * En face : personne, et c'est ce qu'il montre.
 * À regarder : un datagramme perdu ne se sait que d'une socket connectée, par POLLERR, un appel plus
 * tard ; connect() à une socket locale n'est jamais « en cours » : il réussit, ou rend EAGAIN.
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../common/affichage.h"
#include "../common/erreur.h"
#include "../common/programme.h"

static void observer(const char *etat, int s, short demandes)
{
    struct pollfd vue = {.fd = s, .events = demandes};
    char texte[TEXTE_EVENEMENTS];
    int prets;
    do
        prets = poll(&vue, 1, 1000);
    while (prets == -1 && errno == EINTR);
    exiger("poll", prets);
    printf("%s : %s\n", etat, texte_evenements(vue.revents, texte));
}

static void essai(const char *appel, long retour, int prevue)
{
    exiger(appel, retour == -1 && errno != prevue ? -1 : 0);
    printf("    %s : ", appel);
    retour == -1 ? puts(texte_erreur(errno)) : printf("%ld\n", retour);
}

int main(int argc, char *argv[])
{
    lire_arguments(argc, argv, "\nUDP vers un port vide, socket locale pleine\nEn face : personne",
                   NULL);

    /* Étape 1 : en UDP, deux envois vers un port vide : aucun des deux n'échoue */
    struct sockaddr_in vide = {.sin_family = AF_INET, .sin_port = htons(1)};
    vide.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int udp = exiger("socket", socket(AF_INET, SOCK_DGRAM, 0));
    essai("sendto", sendto(udp, "x", 1, 0, (struct sockaddr *)&vide, sizeof vide), 0);
    essai("sendto", sendto(udp, "x", 1, 0, (struct sockaddr *)&vide, sizeof vide), 0);
    observer("UDP, sans connect", udp, POLLIN | POLLOUT);

    /* Étape 2 : connectée, elle apprend le refus, sans l'avoir demandé (0) ; l'appel d'après le dit */
    exiger("connect", connect(udp, (struct sockaddr *)&vide, sizeof vide), &vide);
    essai("send", send(udp, "x", 1, 0), 0);
    observer("UDP, connectée", udp, 0);
    essai("send", send(udp, "x", 1, 0), ECONNREFUSED);
    exiger("close", close(udp));

    /* Étape 3 : une socket locale, nommée par le noyau, dont la file n'a qu'une place */
    struct sockaddr_un locale = {.sun_family = AF_UNIX};
    socklen_t taille = sizeof locale.sun_family;
    int ecoute = exiger("socket", socket(AF_UNIX, SOCK_STREAM, 0));
    exiger("bind", bind(ecoute, (struct sockaddr *)&locale, taille));
    taille = sizeof locale;
    exiger("getsockname", getsockname(ecoute, (struct sockaddr *)&locale, &taille));
    exiger("listen", listen(ecoute, 0));

    /* Étape 4 : deux clients qui n'attendent pas ; la place est au premier */
    int premier = exiger("socket", socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0));
    int second = exiger("socket", socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0));
    essai("connect, le premier", connect(premier, (struct sockaddr *)&locale, taille), 0);
    essai("connect, le second", connect(second, (struct sockaddr *)&locale, taille), EAGAIN);
    exiger("close", close(premier));
    exiger("close", close(second));
    exiger("close", close(ecoute));
    return 0;
}
