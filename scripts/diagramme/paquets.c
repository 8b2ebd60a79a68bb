/*
 * Les paquets qui passent sur une interface, une ligne chacun
 *
 *   build/outils/paquets [interface]      lo si l'on n'en dit rien ; Ctrl-C ou SIGTERM pour finir
 *
 * secondes.nanosecondes TCP|UDP|ICMP source destination drapeaux numéro accusé longueur charge
 * « pret » (stderr) : l'écoute commence. « fin VUS PERDUS » : les lignes, ce que le noyau a jeté.
 * À regarder : AF_PACKET montre tout à qui en a le droit (CAP_NET_RAW), et sur lo deux fois.
 * SPDX-License-Identifier: MIT
 */
#include <limits.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>

#include "../../common/erreur.h"
#include "../../common/programme.h"
#include "entetes.h"

enum { LG_PAQUET = 65536, LG_HEXA = 64, TAMPON = 8 << 20 };

/* Écrit la ligne d'un paquet ; faux s'il n'a rien à dire (ni TCP, ni UDP, ni ICMP). */
static bool dire(const unsigned char *octets, size_t taille, struct timespec heure)
{
    struct paquet p;
    if (!lire_entetes(octets, taille, &p))
        return false;
    printf("%lld.%09ld %s %s:%u %s:%u %s %u %u %zu ", (long long)heure.tv_sec, heure.tv_nsec, p.nom,
           p.de, p.port_de, p.vers, p.port_vers, p.drapeaux, p.numero, p.accuse, p.taille);
    for (size_t i = 0; i < p.taille && i < LG_HEXA; i++)
        printf("%02x", p.charge[i]);
    puts(p.taille > 0 ? "" : "-");
    return true;
}

int main(int argc, char *argv[])
{
    const char *interface = "lo",
               *usage = "[interface]\nDit chaque paquet qui passe, sur une ligne";
    lire_arguments(argc, argv, usage, &interface);
    struct sockaddr_ll lien = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
    lien.sll_ifindex = (int)if_nametoindex(interface);
    if (lien.sll_ifindex == 0)
        refuser("interface « %s » inconnue", interface);

    /* Étape 1 : Ctrl-C et SIGTERM se liront comme le reste, sans rien interrompre */
    sigset_t signaux;
    sigemptyset(&signaux);
    sigaddset(&signaux, SIGINT), sigaddset(&signaux, SIGTERM);
    sigprocmask(SIG_BLOCK, &signaux, NULL);
    int arret = exiger("signalfd", signalfd(-1, &signaux, 0));

    /* Étape 2 : une socket plus bas que TCP et UDP ; elle n'entend rien avant bind */
    int s = exiger("socket", socket(AF_PACKET, SOCK_DGRAM, 0)), oui = 1, tampon = TAMPON;
    exiger("setsockopt", setsockopt(s, SOL_SOCKET, SO_TIMESTAMPNS, &oui, sizeof oui));
    exiger("setsockopt", setsockopt(s, SOL_SOCKET, SO_RCVBUF, &tampon, sizeof tampon));
    exiger("bind", bind(s, (struct sockaddr *)&lien, sizeof lien));
    fputs("pret\n", stderr);

    /* Étape 3 : un paquet à la fois ; après le signal, ceux que le noyau gardait encore */
    unsigned bilan[2] = {0}; /* reçus, perdus : la tpacket_stats de Linux, que musl n'a pas */
    struct pollfd attendus[] = {{.fd = s, .events = POLLIN}, {.fd = arret, .events = POLLIN}};
    unsigned lus = 0, a_lire = UINT_MAX, dits = 0;
    while (lus != a_lire) {
        exiger("poll", poll(attendus, 2, -1));
        if (attendus[1].revents) {
            socklen_t taille = sizeof bilan;
            exiger("getsockopt", getsockopt(s, SOL_PACKET, PACKET_STATISTICS, bilan, &taille));
            a_lire = bilan[0] - bilan[1];
            attendus[1].fd = -1; /* une fois suffit */
            continue;
        }
        static unsigned char paquet[LG_PAQUET];
        _Alignas(struct cmsghdr) char controle[128];
        struct iovec morceau = {.iov_base = paquet, .iov_len = sizeof paquet};
        struct msghdr lettre = {.msg_name = &lien,
                                .msg_namelen = sizeof lien,
                                .msg_iov = &morceau,
                                .msg_iovlen = 1,
                                .msg_control = controle,
                                .msg_controllen = sizeof controle};
        int n = exiger("recvmsg", (int)recvmsg(s, &lettre, 0));
        lus++;
        struct timespec heure = {0};
        struct cmsghdr *c = CMSG_FIRSTHDR(&lettre); /* un seul a été demandé : l'heure */
        if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_TIMESTAMPNS)
            memcpy(&heure, CMSG_DATA(c), sizeof heure);
        if (lien.sll_pkttype != PACKET_OUTGOING) /* lo le montre sortant, puis entrant */
            dits += dire(paquet, (size_t)n, heure);
    }
    printf("fin %u %u\n", dits, bilan[1]);
    return 0;
}
