/*
 * Dit chaque paquet qui passe sur une interface, une ligne par paquet
 *
 *   build/outils/paquets [interface]      lo par défaut ; Ctrl-C ou SIGTERM pour finir
 *
 * secondes.nanosecondes TCP|UDP|ICMP source destination drapeaux seq ack longueur charge-en-hexa
 *
 * « pret » sur la sortie d'erreur quand l'écoute a commencé. La dernière ligne, « fin VUS PERDUS », dit
 * combien de lignes précèdent, et ce que le noyau n'a pas pu garder. Une erreur ICMP porte les
 * adresses et les ports du datagramme qu'elle renvoie, retournés. Il faut CAP_NET_RAW.
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* ppoll */
#include <arpa/inet.h>
#include <errno.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "../../common/erreur.h"
#include "../../common/programme.h"

enum { LG_PAQUET = 65536, LG_HEXA = 64, TCP = 6, UDP = 17, ICMP = 1, ICMPV6 = 58 };

static volatile sig_atomic_t fini;

static void finir(int signal)
{
    (void)signal;
    fini = 1;
}

static unsigned entier(const unsigned char *p, int octets)
{
    unsigned n = 0;
    while (octets-- > 0)
        n = n << 8 | *p++;
    return n;
}

/* Ce que dit l'en-tête IP : la taille de l'en-tête (0 s'il est trop court), celle du tout. */
static size_t lire_ip(const unsigned char *p, size_t n, int *protocole, size_t *total, char *de,
                      char *vers)
{
    int v6 = n > 0 && p[0] >> 4 == 6;
    size_t entete = v6 ? 40 : n > 0 ? (p[0] & 15u) * 4u : 0;
    if (n < entete || entete < 20)
        return 0;
    char a[INET6_ADDRSTRLEN], b[INET6_ADDRSTRLEN];
    inet_ntop(v6 ? AF_INET6 : AF_INET, p + (v6 ? 8 : 12), a, sizeof a);
    inet_ntop(v6 ? AF_INET6 : AF_INET, p + (v6 ? 24 : 16), b, sizeof b);
    snprintf(de, INET6_ADDRSTRLEN + 3, v6 ? "[%s]" : "%s", a);
    snprintf(vers, INET6_ADDRSTRLEN + 3, v6 ? "[%s]" : "%s", b);
    *protocole = v6 ? p[6] : p[9];
    *total = v6 ? 40 + entier(p + 4, 2) : entier(p + 2, 2);
    if (*total > n)
        *total = n;
    return entete;
}

/* Écrit la ligne d'un paquet. Rend 0 si ce n'est ni TCP, ni UDP, ni ICMP, ou s'il est abîmé. */
static int dire(const unsigned char *p, size_t n, const struct timespec *t)
{
    char de[INET6_ADDRSTRLEN + 3], vers[INET6_ADDRSTRLEN + 3], drapeaux[16] = "-";
    int protocole, interieur;
    size_t total, reste, e = lire_ip(p, n, &protocole, &total, de, vers);
    if (e == 0 || total < e + 8)
        return 0;
    unsigned port_de = entier(p + e, 2), port_vers = entier(p + e + 2, 2), seq = 0, ack = 0;
    const char *nom = protocole == TCP ? "TCP" : protocole == UDP ? "UDP" : "ICMP";
    size_t entete_tcp = total >= e + 20 ? (size_t)(p[e + 12] >> 4) * 4 : total;
    if (protocole == TCP && total >= e + entete_tcp) {
        seq = entier(p + e + 4, 4), ack = entier(p + e + 8, 4);
        char *d = drapeaux;
        for (int bit = 0; bit < 6; bit++)
            if (p[e + 13] >> bit & 1)
                *d++ = "FSRPAU"[bit];
        *d = '\0';
        e += entete_tcp;
    } else if (protocole == ICMP || protocole == ICMPV6) {
        snprintf(drapeaux, sizeof drapeaux, "%u/%u", p[e], p[e + 1]);
        e += 8, port_de = port_vers = 0;
        size_t i = lire_ip(p + e, total - e, &interieur, &reste, vers, de);
        if (i && total - e >= i + 4)
            port_vers = entier(p + e + i, 2), port_de = entier(p + e + i + 2, 2);
    } else if (protocole == UDP) {
        e += 8;
    } else {
        return 0;
    }
    printf("%lld.%09ld %s %s:%u %s:%u %s %u %u %zu ", (long long)t->tv_sec, t->tv_nsec, nom, de,
           port_de, vers, port_vers, drapeaux, seq, ack, total - e);
    for (size_t i = e; i < total && i < e + LG_HEXA; i++)
        printf("%02x", p[i]);
    puts(total > e ? "" : "-");
    return 1;
}

int main(int argc, char *argv[])
{
    const char *interface = "lo";
    lire_arguments(argc, argv, "[interface]\nDit chaque paquet qui passe, sur une ligne",
                   &interface);
    struct sigaction action = {.sa_handler = finir};
    sigset_t bloques, origine;
    sigemptyset(&bloques);
    sigaddset(&bloques, SIGINT), sigaddset(&bloques, SIGTERM);
    sigprocmask(SIG_BLOCK, &bloques, &origine);
    sigdelset(&origine, SIGINT), sigdelset(&origine, SIGTERM);
    sigaction(SIGINT, &action, NULL), sigaction(SIGTERM, &action, NULL);

    int s = exiger("socket", socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK, htons(ETH_P_ALL)));
    int oui = 1, tampon = 8 << 20; /* de quoi garder une rafale */
    exiger("setsockopt", setsockopt(s, SOL_SOCKET, SO_TIMESTAMPNS, &oui, sizeof oui));
    exiger("setsockopt", setsockopt(s, SOL_SOCKET, SO_RCVBUF, &tampon, sizeof tampon));
    struct sockaddr_ll lien = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
    lien.sll_ifindex = (int)if_nametoindex(interface);
    if (lien.sll_ifindex == 0)
        refuser("interface « %s » inconnue", interface);
    exiger("bind", bind(s, (struct sockaddr *)&lien, sizeof lien));
    fputs("pret\n", stderr);

    struct pollfd attendu = {.fd = s, .events = POLLIN};
    unsigned vus = 0;
    while (!fini || poll(&attendu, 1, 0) > 0) { /* à la fin, vider la file */
        static unsigned char paquet[LG_PAQUET];
        _Alignas(struct cmsghdr) char controle[128];
        struct sockaddr_ll de;
        struct timespec t = {0};
        struct iovec morceau = {paquet, sizeof paquet};
        struct msghdr m = {.msg_name = &de,
                           .msg_namelen = sizeof de,
                           .msg_iov = &morceau,
                           .msg_iovlen = 1,
                           .msg_control = controle,
                           .msg_controllen = sizeof controle};
        ssize_t n = recvmsg(s, &m, 0);
        if (n == -1 && errno == EAGAIN && !fini)
            ppoll(&attendu, 1, NULL, &origine);
        if (n <= 0 || de.sll_pkttype == PACKET_OUTGOING)
            continue; /* sur lo chaque paquet passe deux fois : sortant, puis entrant */
        struct cmsghdr *c = CMSG_FIRSTHDR(&m); /* un seul a été demandé : l'heure */
        if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_TIMESTAMPNS)
            memcpy(&t, CMSG_DATA(c), sizeof t);
        vus += (unsigned)dire(paquet, (size_t)n, &t);
    }
    struct { /* tpacket_stats, que musl n'a pas */
        unsigned vus, perdus;
    } bilan = {0};
    socklen_t taille = sizeof bilan;
    exiger("getsockopt", getsockopt(s, SOL_PACKET, PACKET_STATISTICS, &bilan, &taille));
    printf("fin %u %u\n", vus, bilan.perdus);
    return 0;
}
