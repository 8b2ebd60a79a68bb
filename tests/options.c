/*
 * SPDX-License-Identifier: MIT
 *
 * Ce que font les options quand des paquets circulent : une démonstration par nom, une ligne par
 * observation. Chacune n'emploie que la boucle locale, ou l'espace réseau que lui a fait le test.
 *
 *   options NOM [ARGUMENT]      code 1 si un appel qui devait réussir échoue
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "../common/erreur.h"

static void dire(const char *quoi, long retour)
{
    printf("%s : %s\n", quoi, retour == -1 ? texte_erreur(errno) : "oui");
}

static void activer(int s, int option)
{
    exiger("setsockopt", setsockopt(s, SOL_SOCKET, option, &(int){1}, sizeof(int)));
}

static struct sockaddr_in adresse(const char *texte, in_port_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = inet_addr(texte)};
}

/* Une socket UDP attachée à 127.0.0.1, et qui s'y envoie ce qu'on lui dit ; remplit « ou ». */
static int udp_local(struct sockaddr_in *ou)
{
    int s = exiger("socket", socket(AF_INET, SOCK_DGRAM, 0));
    socklen_t taille = sizeof *ou;
    *ou = adresse("127.0.0.1", 0);
    exiger("bind", bind(s, (struct sockaddr *)ou, sizeof *ou));
    exiger("getsockname", getsockname(s, (struct sockaddr *)ou, &taille));
    return s;
}

static long envoyer(int s, const struct sockaddr_in *ou, int drapeaux)
{
    return sendto(s, "?", 1, drapeaux, (const struct sockaddr *)ou, sizeof *ou);
}

/* Reçoit sans attendre ; copie la donnée de contrôle de ce type, s'il y en a une. -1 : rien. */
static ssize_t recevoir(int s, int type, void *donnee, size_t taille)
{
    _Alignas(struct cmsghdr) char place[256];
    char octet;
    struct iovec morceau = {&octet, 1};
    struct msghdr message = {
        .msg_iov = &morceau, .msg_iovlen = 1, .msg_control = place, .msg_controllen = sizeof place};
    ssize_t n = recvmsg(s, &message, MSG_DONTWAIT);
    if (n == -1)
        return -1;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c))
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == type)
            memcpy(donnee, CMSG_DATA(c), taille);
    return n;
}

static void diffusion(void)
{
    struct sockaddr_in ou = adresse("127.255.255.255", 5000);
    int s = exiger("socket", socket(AF_INET, SOCK_DGRAM, 0));
    dire("udp, sans SO_BROADCAST", envoyer(s, &ou, 0));
    activer(s, SO_BROADCAST);
    dire("udp, avec", envoyer(s, &ou, 0));
    ou = adresse("255.255.255.255", 5000);
    for (int avec = 0; avec <= 1; avec++) {
        int flux = exiger("socket", socket(AF_INET, SOCK_STREAM, 0));
        if (avec)
            activer(flux, SO_BROADCAST);
        dire(avec ? "tcp, avec" : "tcp, sans", connect(flux, (struct sockaddr *)&ou, sizeof ou));
        close(flux);
    }
}

/* Remplit la file d'une socket, la vide, demande le compte des pertes ; deux fois. */
static void pertes(void)
{
    struct sockaddr_in ou;
    int s = udp_local(&ou);
    uint32_t perdus, avant = 0;
    exiger("setsockopt", setsockopt(s, SOL_SOCKET, SO_RCVBUF, &(int){0}, sizeof(int)));
    activer(s, SO_RXQ_OVFL);
    for (int fois = 1; fois <= 2; fois++) {
        int envoyes = 0, recus = 0;
        for (; envoyes < 20; envoyes++)
            exiger("sendto", (int)envoyer(s, &ou, 0));
        while (recevoir(s, SO_RXQ_OVFL, &perdus, sizeof perdus) != -1)
            recus++;
        exiger("sendto", (int)envoyer(s, &ou, 0)); /* le suivant porte le compte */
        perdus = 0;
        exiger("recvmsg", (int)recevoir(s, SO_RXQ_OVFL, &perdus, sizeof perdus));
        printf("perdus cette fois : %d ; compte : %u ; %s\n", envoyes - recus, perdus,
               perdus == avant + (uint32_t)(envoyes - recus) ? "cumul" : "pas un cumul");
        avant = perdus;
    }
}

static long long microsecondes(struct timeval t)
{
    return t.tv_sec * 1000000LL + t.tv_usec;
}

static void horodatage(void)
{
    struct sockaddr_in ou;
    struct timeval avant, arrivee = {0}, apres;
    int s = udp_local(&ou);
    activer(s, SO_TIMESTAMP);
    gettimeofday(&avant, NULL);
    exiger("sendto", (int)envoyer(s, &ou, 0));
    exiger("recvmsg", (int)recevoir(s, SCM_TIMESTAMP, &arrivee, sizeof arrivee));
    gettimeofday(&apres,
                 NULL); /* la première socket à le demander est parfois datée à la lecture */
    int entre = microsecondes(avant) <= microsecondes(arrivee) &&
                microsecondes(arrivee) <= microsecondes(apres);
    printf("arrivé entre l'avant et l'après : %s\n", entre ? "oui" : "non");
}

/* Deux sockets au même port, chacune attachée à une interface : laquelle entend la boucle ? */
static void interfaces(const char *autre)
{
    struct sockaddr_in ou = adresse("0.0.0.0", 5000), vers = adresse("127.0.0.1", 5000);
    const char *noms[] = {"lo", autre};
    int s[2], de = exiger("socket", socket(AF_INET, SOCK_DGRAM, 0));
    for (int i = 0; i < 2; i++) {
        s[i] = exiger("socket", socket(AF_INET, SOCK_DGRAM, 0));
        exiger("setsockopt", setsockopt(s[i], SOL_SOCKET, SO_BINDTODEVICE, noms[i],
                                        (socklen_t)strlen(noms[i]) + 1));
        exiger("bind", bind(s[i], (struct sockaddr *)&ou, sizeof ou));
    }
    exiger("sendto", (int)envoyer(de, &vers, 0));
    for (int i = 0; i < 2; i++)
        printf("attachée à %s : %s\n", noms[i], recevoir(s[i], 0, NULL, 0) == 1 ? "reçu" : "rien");
}

/* Sur une socket paquet, SO_BINDTODEVICE ne change rien, bind() si ; MSG_DONTROUTE y est sans objet. */
static void paquet(void)
{
    struct sockaddr_ll ou = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP)};
    socklen_t taille = sizeof ou;
    int s = exiger("socket", socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_IP)));
    dire("SO_BINDTODEVICE", setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3));
    exiger("getsockname", getsockname(s, (struct sockaddr *)&ou, &taille));
    printf("interface, après SO_BINDTODEVICE : %d\n", ou.sll_ifindex);
    ou.sll_ifindex = (int)if_nametoindex("lo");
    exiger("bind", bind(s, (struct sockaddr *)&ou, sizeof ou));
    taille = sizeof ou;
    exiger("getsockname", getsockname(s, (struct sockaddr *)&ou, &taille));
    printf("interface, après bind : %s\n",
           ou.sll_ifindex == (int)if_nametoindex("lo") ? "lo" : "une autre");
    ou.sll_halen = 6;
    dire("send MSG_DONTROUTE", sendto(s, "?", 1, MSG_DONTROUTE, (struct sockaddr *)&ou, sizeof ou));
}

/* L'adresse est derrière une passerelle, ou sur le réseau d'à côté. */
static void direct(const char *loin, const char *pres)
{
    const char *hotes[] = {loin, pres};
    for (int i = 0; i < 2; i++) {
        struct sockaddr_in ou = adresse(hotes[i], 5000);
        const char *nom = i == 0 ? "loin" : "près";
        int s = exiger("socket", socket(AF_INET, SOCK_DGRAM, 0));
        printf("%s, ", nom);
        dire("sans rien", envoyer(s, &ou, 0));
        printf("%s, ", nom);
        dire("MSG_DONTROUTE", envoyer(s, &ou, MSG_DONTROUTE));
        activer(s, SO_DONTROUTE);
        printf("%s, ", nom);
        dire("SO_DONTROUTE", envoyer(s, &ou, 0));
        close(s);
    }
}

static void adresses_fausses(void)
{
    int s = exiger("socket", socket(AF_INET, SOCK_STREAM, 0)), valeur = 1;
    socklen_t taille = sizeof valeur;
    void *nulle_part = (void *)1;
    dire("setsockopt, valeur", setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, nulle_part, taille));
    dire("getsockopt, valeur", getsockopt(s, SOL_SOCKET, SO_KEEPALIVE, nulle_part, &taille));
    dire("getsockopt, taille", getsockopt(s, SOL_SOCKET, SO_KEEPALIVE, &valeur, nulle_part));
    dire("setsockopt, 9999", setsockopt(s, SOL_SOCKET, 9999, &valeur, sizeof valeur));
    dire("getsockopt, 9999", getsockopt(s, SOL_SOCKET, 9999, &valeur, &taille));
}

/* Un port encore tenu par une connexion qui s'achève : l'option avant bind(), ou après ? */
static void avant_bind(void)
{
    struct sockaddr_in ou = adresse("127.0.0.1", 0);
    socklen_t taille = sizeof ou;
    int ecoute = exiger("socket", socket(AF_INET, SOCK_STREAM, 0));
    activer(ecoute, SO_REUSEADDR);
    exiger("bind", bind(ecoute, (struct sockaddr *)&ou, sizeof ou));
    exiger("listen", listen(ecoute, 1));
    exiger("getsockname", getsockname(ecoute, (struct sockaddr *)&ou, &taille));
    int client = exiger("socket", socket(AF_INET, SOCK_STREAM, 0));
    exiger("connect", connect(client, (struct sockaddr *)&ou, sizeof ou));
    int dialogue = exiger("accept", accept(ecoute, NULL, NULL));
    close(dialogue); /* le premier à fermer garde le port en TIME-WAIT */
    poll(&(struct pollfd){.fd = client, .events = POLLRDHUP}, 1, 5000);
    close(client);
    close(ecoute);

    int s = exiger("socket", socket(AF_INET, SOCK_STREAM, 0));
    dire("bind, puis SO_REUSEADDR", bind(s, (struct sockaddr *)&ou, sizeof ou));
    activer(s, SO_REUSEADDR); /* posée, mais bind() a déjà répondu */
    close(s);
    s = exiger("socket", socket(AF_INET, SOCK_STREAM, 0));
    activer(s, SO_REUSEADDR);
    dire("SO_REUSEADDR, puis bind", bind(s, (struct sockaddr *)&ou, sizeof ou));
}

/* Ce que les options ne disent pas : combien d'octets attendent d'être lus. */
static void par_ioctl(void)
{
    int s[2], attendent = 0;
    exiger("socketpair", socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    exiger("write", (int)write(s[0], "abc", 3));
    exiger("ioctl", ioctl(s[1], FIONREAD, &attendent));
    printf("ioctl FIONREAD : %d\n", attendent);
}

int main(int argc, char *argv[])
{
    const char *nom = argc > 1 ? argv[1] : "";
    static const struct {
        const char *nom;
        void (*jouer)(void);
    } demonstrations[] = {
        {"diffusion", diffusion},
        {"pertes", pertes},
        {"horodatage", horodatage},
        {"paquet", paquet},
        {"adresses-fausses", adresses_fausses},
        {"avant-bind", avant_bind},
        {"ioctl", par_ioctl},
    };
    for (size_t i = 0; i < sizeof demonstrations / sizeof demonstrations[0]; i++)
        if (strcmp(nom, demonstrations[i].nom) == 0) {
            demonstrations[i].jouer();
            return 0;
        }
    if (strcmp(nom, "interfaces") == 0 && argc == 3)
        interfaces(argv[2]);
    else if (strcmp(nom, "direct") == 0 && argc == 4)
        direct(argv[2], argv[3]);
    else
        abandonner("démonstration « %.50s » inconnue", nom);
    return 0;
}
