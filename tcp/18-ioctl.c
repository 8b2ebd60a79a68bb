/*
 * Interroger une socket par ioctl() : ce qui attend d'être lu, ce qui attend de partir, et l'heure
 *
 *   ./tcp/18-ioctl
 *
 * En face : personne, le programme tient les deux bouts.
 * À regarder : en TCP, FIONREAD compte tous les octets, en UDP ceux du premier datagramme ; SIOCGSTAMP
 * date le dernier datagramme lu, mais jamais rien en TCP.
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#ifndef SIOCGSTAMP /* <sys/ioctl.h> ne l'a plus, sauf celui de musl */
#include <linux/sockios.h>
#else
#define SIOCOUTQ TIOCOUTQ
#endif

#include "../common/bouts.h"
#include "../common/erreur.h"
#include "../common/programme.h"

static const char plein[1 << 20];
static int octets;
static struct timeval heure;

/* Affiche la réponse d'un ioctl : un nombre d'octets (d'un tampon plein : qu'il n'est pas nul). */
static void compter(const char *texte, int retour)
{
    if (retour == -1)
        printf("%s : %s\n", texte, texte_erreur(errno));
    else
        printf(octets > 1000 ? "%s : plus de 1000\n" : "%s : %d\n", texte, octets);
}

static void dater(const char *texte, int retour)
{
    const char *age = time(NULL) - heure.tv_sec <= 5 ? "à l'instant" : "autre chose";
    printf("%s : %s\n", texte, retour == -1 ? texte_erreur(errno) : age);
}

/* S'envoie un datagramme de cette taille, et attend qu'il soit là. */
static void poster(int s, const struct sockaddr_in *ici, size_t taille)
{
    const struct sockaddr *a = (const struct sockaddr *)ici;
    exiger("sendto", (int)sendto(s, "abcd", taille, 0, a, sizeof *ici));
    exiger("poll", poll(&(struct pollfd){.fd = s, .events = POLLIN}, 1, 1000));
}

int main(int argc, char *argv[])
{
    lire_arguments(argc, argv, "\nInterroge une socket TCP et une socket UDP par ioctl()", NULL);
    char lu[16];

    /* Étape 1 : TCP ; quatre octets, puis trois */
    int ici, pair;
    relier(&ici, &pair);
    exiger("send", (int)send(pair, "abcd", 4, MSG_NOSIGNAL));
    exiger("send", (int)send(pair, "efg", 3, MSG_NOSIGNAL));
    exiger("recv", (int)recv(ici, lu, 7, MSG_WAITALL | MSG_PEEK));
    compter("TCP, FIONREAD", ioctl(ici, FIONREAD, &octets));
    exiger("recv", (int)recv(ici, lu, 5, MSG_WAITALL));
    compter("TCP, 5 octets lus, FIONREAD", ioctl(ici, FIONREAD, &octets));
    dater("TCP, SIOCGSTAMP", ioctl(ici, SIOCGSTAMP, &heure));
    compter("TCP, rien envoyé, SIOCOUTQ", ioctl(ici, SIOCOUTQ, &octets));
    while (send(ici, plein, sizeof plein, MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
        ;
    compter("TCP, tampon plein, SIOCOUTQ", ioctl(ici, SIOCOUTQ, &octets));

    /* Étape 2 : UDP */
    struct sockaddr_in adresse = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t taille = sizeof adresse;
    int s = exiger("socket", socket(AF_INET, SOCK_DGRAM, 0));
    exiger("bind", bind(s, (struct sockaddr *)&adresse, taille), &adresse);
    exiger("getsockname", getsockname(s, (struct sockaddr *)&adresse, &taille));
    dater("UDP, rien encore, SIOCGSTAMP", ioctl(s, SIOCGSTAMP, &heure));
    poster(s, &adresse, 4);
    poster(s, &adresse, 3);
    compter("UDP, 4 octets puis 3, FIONREAD", ioctl(s, FIONREAD, &octets));

    /* Étape 3 : l'heure, que SO_TIMESTAMP donnerait avec chaque datagramme, par recvmsg() */
    for (int avec = 1; avec >= 0; avec--) {
        exiger("setsockopt", setsockopt(s, SOL_SOCKET, SO_TIMESTAMP, &avec, sizeof avec));
        exiger("recv", (int)recv(s, lu, sizeof lu, 0));
        dater(avec ? "UDP, lu avec SO_TIMESTAMP, SIOCGSTAMP" : "UDP, lu, SIOCGSTAMP",
              ioctl(s, SIOCGSTAMP, &heure));
    }
    exiger("close", close(ici));
    exiger("close", close(pair));
    exiger("close", close(s));
    return 0;
}
