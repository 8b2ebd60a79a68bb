/*
 * La limite : une boucle epoll nue, qui répond « ok » tous les tant d'octets, sans rien regarder
 *
 *   build/outils/limite [-o octets] [-a adresse] [port]
 *
 * En face : build/outils/charge 127.0.0.1 5000   (elle envoie « Bonjour\n », 8 octets)
 * À regarder : ce que coûte un serveur, c'est ce qu'il fait de plus que celui-ci. Mêmes réglages que
 * tcp/24-serveur-epoll : écoute double et non bloquante, TCP_NODELAY, un recv() par événement ; mais
 * ni lignes, ni reprise d'un envoi, ni bornes. Ne pas s'en servir.
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* accept4, SOCK_NONBLOCK */
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../common/affichage.h"
#include "../../common/erreur.h"
#include "../../common/programme.h"

enum { LECTURE = 65536, EVENEMENTS = 256, CLIENTS_MAX = 1 << 20 };

/* [::], qui prend aussi IPv4 ; sans IPv6 sur cette machine, 0.0.0.0. */
static int ecouter_nu(const char *adresse, const char *port)
{
    struct addrinfo criteres = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *a;
    exiger_resolution("getaddrinfo", getaddrinfo(adresse ? adresse : "::", port, &criteres, &a));
    int s = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), oui = 1, non = 0;
    if (s == -1 && !adresse) {
        freeaddrinfo(a);
        return ecouter_nu("0.0.0.0", port);
    }
    exiger("socket", s);
    if (a->ai_family == AF_INET6)
        exiger("setsockopt", setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &non, sizeof non));
    exiger("setsockopt", setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui));
    exiger("setsockopt", setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &oui, sizeof oui));
    exiger("bind", bind(s, a->ai_addr, a->ai_addrlen), a->ai_addr);
    exiger("listen", listen(s, SOMAXCONN));
    freeaddrinfo(a);
    return s;
}

int main(int argc, char *argv[])
{
    const char *octets = "8", *adresse = NULL, *port = "5000";
    const char *usage = "[-o octets] [-a adresse] [port]\n"
                        "Répond « ok » tous les tant d'octets, sans regarder : la limite\n"
                        "En face : build/outils/charge 127.0.0.1 5000";
    lire_arguments(argc, argv, usage, &octets, &adresse, &port);
    unsigned tranche = (unsigned)lire_nombre("octets", octets, 1, LECTURE);
    lire_nombre("port", port, 0, 65535);
    signal(SIGPIPE, SIG_IGN);

    /* Étape 1 : un descripteur par client, et ce qu'il a envoyé de la tranche en cours */
    struct rlimit limite;
    exiger("getrlimit", getrlimit(RLIMIT_NOFILE, &limite));
    limite.rlim_cur = limite.rlim_max < CLIENTS_MAX ? limite.rlim_max : CLIENTS_MAX;
    exiger("setrlimit", setrlimit(RLIMIT_NOFILE, &limite));
    unsigned *restes = calloc(limite.rlim_cur, sizeof *restes);
    if (!restes)
        echouer("calloc");
    static char recu[LECTURE], reponses[3 * LECTURE];
    for (size_t i = 0; i < sizeof reponses; i += 3)
        memcpy(reponses + i, "ok\n", 3);

    /* Étape 2 : écouter */
    struct sockaddr_storage ici;
    socklen_t taille = sizeof ici;
    char texte[TEXTE_ADRESSE];
    int ecoute = ecouter_nu(adresse, port), ep = exiger("epoll_create1", epoll_create1(0));
    exiger("getsockname", getsockname(ecoute, (struct sockaddr *)&ici, &taille));
    struct epoll_event e = {.events = EPOLLIN, .data.fd = ecoute}, prets[EVENEMENTS];
    exiger("epoll_ctl", epoll_ctl(ep, EPOLL_CTL_ADD, ecoute, &e));
    printf("listen : %s\n", texte_adresse(&ici, texte));

    /* Étape 3 : pour toujours */
    for (;;) {
        int n = epoll_wait(ep, prets, EVENEMENTS, -1);
        for (int i = 0; i < n; i++) {
            int s = prets[i].data.fd;
            if (s == ecoute) {
                while ((s = accept4(ecoute, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) != -1) {
                    e.data.fd = s;
                    restes[s] = 0;
                    epoll_ctl(ep, EPOLL_CTL_ADD, s, &e);
                }
                continue;
            }
            ssize_t lus = recv(s, recu, sizeof recu, 0);
            size_t total = lus > 0 ? restes[s] + (size_t)lus : 0, ok = 3 * (total / tranche);
            restes[s] = (unsigned)(total % tranche);
            if (lus <= 0 || (ok > 0 && send(s, reponses, ok, 0) != (ssize_t)ok))
                close(s);
        }
    }
}
