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
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../common/erreur.h"
#include "../../common/programme.h"
#include "../../common/service.h"

enum { LECTURE = 16384, EVENEMENTS = 256, CLIENTS_MAX = 1 << 20 };

int main(int argc, char *argv[])
{
    const char *octets = "8", *adresse = "::", *port = "5000";
    const char *usage = "[-o octets] [-a adresse] [port]\n"
                        "Répond « ok » tous les tant d'octets, sans regarder : la limite\n"
                        "En face : build/outils/charge 127.0.0.1 5000";
    lire_arguments(argc, argv, usage, &octets, &adresse, &port);
    unsigned tranche = (unsigned)lire_nombre("octets", octets, 1, LECTURE);
    struct service service = {.adresse = adresse, .port = port};
    (void)lire_port(port);
    verifier_nom(adresse);
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

    /* Étape 2 : écouter, comme les serveurs du cours */
    int ecoute = ecouter_partout(&service, false),
        liste = exiger("epoll_create1", epoll_create1(0));
    struct epoll_event e = {.events = EPOLLIN, .data.fd = ecoute}, prets[EVENEMENTS];
    exiger("epoll_ctl", epoll_ctl(liste, EPOLL_CTL_ADD, ecoute, &e));
    annoncer_ecoute(ecoute, (int)limite.rlim_cur - liste - 1);

    /* Étape 3 : pour toujours */
    for (;;) {
        int n = epoll_wait(liste, prets, EVENEMENTS, -1);
        for (int i = 0; i < n; i++) {
            int s = prets[i].data.fd;
            if (s == ecoute) {
                while ((s = accept4(ecoute, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) != -1) {
                    e.data.fd = s;
                    restes[s] = 0;
                    epoll_ctl(liste, EPOLL_CTL_ADD, s, &e);
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
