/*
 * Les événements de poll(), chacun provoqué puis observé : la vie d'une socket TCP
 *
 *   ./tcp/16-evenements
 *
 * En face : personne, ce programme tient les deux bouts.
 * À regarder : poll() dit quel appel n'attendrait pas ; en retrait, cet appel, essayé à ce moment.
 * Une fin de flux aussi est à lire ; et POLLHUP n'est pas « le pair a fermé ».
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* POLLRDHUP, propre à Linux */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/affichage.h"
#include "../common/erreur.h"
#include "../common/programme.h"

/* Demande tout à poll(), et montre ce qu'il rend. Le réseau a une seconde pour apporter l'événement. */
static void observer(const char *etat, int s, int prevu)
{
    struct pollfd vue = {.fd = s, .events = POLLIN | POLLPRI | POLLOUT | POLLRDHUP, .revents = -1};
    char texte[TEXTE_EVENEMENTS];
    for (int tour = 0; tour < 1000 && vue.revents != prevu; tour++)
        if (((tour > 0 && poll(NULL, 0, 1) == -1) || poll(&vue, 1, 0) == -1) && errno != EINTR)
            echouer("poll"); /* une milliseconde de patience, entre deux */
    printf("%s : %s\n", etat, texte_evenements(vue.revents, texte));
}

static void essai(const char *appel, long retour, int prevue)
{
    exiger(appel, retour == -1 && errno != prevue ? -1 : 0);
    printf("    %s : ", appel);
    retour == -1 ? puts(texte_erreur(errno)) : printf("%ld\n", retour);
}

static int appeler(const struct sockaddr_in *adresse)
{
    int s = exiger("socket", socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    if (connect(s, (const struct sockaddr *)adresse, sizeof *adresse) == -1 && errno != EINPROGRESS)
        echouer("connect", adresse);
    return s;
}

int main(int argc, char *argv[])
{
    static char octets[65536];
    struct sockaddr_in adresse = {AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t taille = sizeof adresse;
    lire_arguments(argc, argv, "\nProvoque chaque événement de poll()\nEn face : personne", NULL);

    /* Étape 1 : une socket neuve ; puis un port pris, où personne n'écoute encore */
    int ecoute = exiger("socket", socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    observer("neuve", ecoute, POLLOUT | POLLHUP);
    exiger("bind", bind(ecoute, (struct sockaddr *)&adresse, taille), &adresse);
    exiger("getsockname", getsockname(ecoute, (struct sockaddr *)&adresse, &taille));
    int nous = appeler(&adresse);
    observer("connect refusé", nous, POLLIN | POLLOUT | POLLERR | POLLHUP | POLLRDHUP);
    exiger("close", close(nous));

    /* Étape 2 : la socket d'écoute, sans client, puis avec ; et le client */
    exiger("listen", listen(ecoute, 1));
    observer("à l'écoute, file vide", ecoute, 0);
    essai("accept", accept(ecoute, NULL, NULL), EAGAIN);
    nous = appeler(&adresse);
    observer("connect réussi", nous, POLLOUT);
    observer("à l'écoute, un client en file", ecoute, POLLIN);
    int lui = exiger("accept", accept(ecoute, NULL, NULL));

    /* Étape 3 : des octets arrivent ; puis nous envoyons plus qu'il ne lit */
    exiger("send", (int)send(lui, "x", 1, MSG_NOSIGNAL));
    observer("un octet arrivé", nous, POLLIN | POLLOUT);
    essai("recv", recv(nous, octets, sizeof octets, 0), 0);
    struct pollfd place = {.fd = nous, .events = POLLOUT};
    for (int refus = 0; refus < 3; exiger("poll", poll(&place, 1, 20))) { /* trois : c'est plein */
        refus = send(nous, octets, sizeof octets, MSG_NOSIGNAL) > 0 ? 0 : refus + 1;
        exiger("send", refus == 0 || errno == EAGAIN ? 0 : -1);
    }
    observer("plus de place pour envoyer", nous, 0);
    essai("send", send(nous, octets, sizeof octets, MSG_NOSIGNAL), EAGAIN);
    for (int tour = 0; tour < 1000 && exiger("poll", poll(&place, 1, 1)) == 0; tour++)
        if (recv(lui, octets, sizeof octets, MSG_DONTWAIT) == -1 && errno != EAGAIN)
            echouer("recv");
    observer("l'autre a lu", nous, POLLOUT);

    /* Étape 4 : chacun ferme son sens */
    exiger("shutdown", shutdown(lui, SHUT_WR));
    observer("il n'enverra plus rien", nous, POLLIN | POLLOUT | POLLRDHUP);
    essai("recv", recv(nous, octets, sizeof octets, 0), 0);
    exiger("shutdown", shutdown(nous, SHUT_WR));
    observer("nous non plus", nous, POLLIN | POLLOUT | POLLHUP | POLLRDHUP);
    exiger("close", close(nous));
    exiger("close", close(lui));
    exiger("close", close(ecoute));
    return 0;
}
