/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* SO_REUSEPORT et SOCK_NONBLOCK */
#include "service.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "affichage.h"
#include "connexion.h"
#include "erreur.h"
#include "programme.h"

enum { DESCRIPTEURS_MAX = 1 << 20 };

atomic_int arret_demande;

static void noter(int signal_recu)
{
    if (signal_recu != SIGCHLD)
        arret_demande = 1;
}

static void preparer_signaux(sigset_t *pendant_l_attente)
{
    static const int signaux[] = {SIGINT, SIGTERM, SIGCHLD};
    sigset_t bloques;
    signal(SIGPIPE, SIG_IGN); /* un client parti ne doit tuer personne */
    sigemptyset(&bloques);
    for (size_t i = 0; i < sizeof signaux / sizeof signaux[0]; i++) {
        struct sigaction action = {.sa_handler = noter}; /* sans SA_RESTART : l'attente s'arrête */
        exiger("sigaction", sigaction(signaux[i], &action, NULL));
        sigaddset(&bloques, signaux[i]);
    }
    exiger("sigprocmask", sigprocmask(SIG_BLOCK, &bloques, pendant_l_attente));
    for (size_t i = 0; i < sizeof signaux / sizeof signaux[0]; i++)
        sigdelset(pendant_l_attente, signaux[i]); /* même si qui nous lance les avait bloqués */
}

static int relever_descripteurs(void)
{
    struct rlimit limite;
    exiger("getrlimit", getrlimit(RLIMIT_NOFILE, &limite));
    limite.rlim_cur = limite.rlim_max < DESCRIPTEURS_MAX ? limite.rlim_max : DESCRIPTEURS_MAX;
    exiger("setrlimit", setrlimit(RLIMIT_NOFILE, &limite));
    return (int)limite.rlim_cur - 1; /* le dernier : accepter encore celui qu'il faut refuser */
}

struct service preparer_service(int argc, char *argv[])
{
    struct service service = {.adresse = "::", .port = "5000"};
    const char *delai = "60", *detail = NULL;
    lire_arguments(argc, argv,
                   "[-a adresse] [-d secondes] [-v] [port]\n"
                   "Répond « ok » à chaque ligne de chaque client, plusieurs à la fois\n"
                   "-d : raccrocher qui se tait depuis tant de secondes ; -v : dire chaque départ\n"
                   "En face : nc 127.0.0.1 5000",
                   &service.adresse, &delai, &detail, &service.port);
    (void)lire_port(service.port);
    verifier_nom(service.adresse);
    connexions_regler((int)lire_nombre("secondes", delai, 1, 86400), detail != NULL);
    service.descripteurs = relever_descripteurs();
    preparer_signaux(&service.pendant_l_attente);
    return service;
}

int attacher_partout(struct service *service, bool partagee)
{
    struct addrinfo criteres = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *ici;
    exiger_resolution("getaddrinfo", getaddrinfo(service->adresse, service->port, &criteres, &ici));
    int s = socket(ici->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (s == -1 && errno == EAFNOSUPPORT && strcmp(service->adresse, "::") == 0) {
        freeaddrinfo(ici);
        service->adresse = "0.0.0.0"; /* une machine sans IPv6 */
        return attacher_partout(service, partagee);
    }
    exiger("socket", s);
    int oui = 1, non = 0;
    if (ici->ai_family == AF_INET6) /* « :: » servira aussi les clients IPv4 */
        exiger("setsockopt", setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &non, sizeof non));
    exiger("setsockopt", setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui));
    if (partagee)
        exiger("setsockopt", setsockopt(s, SOL_SOCKET, SO_REUSEPORT, &oui, sizeof oui));
    /* Une réponse ne gagne rien à attendre la suivante ; sous Linux, les dialogues en héritent. */
    exiger("setsockopt", setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &oui, sizeof oui));
    exiger("bind", bind(s, ici->ai_addr, ici->ai_addrlen), ici->ai_addr);
    freeaddrinfo(ici);

    struct sockaddr_in6 obtenue = {0}; /* le port, à la même place en IPv4 */
    socklen_t taille = sizeof obtenue;
    exiger("getsockname", getsockname(s, (struct sockaddr *)&obtenue, &taille));
    snprintf(service->numero, sizeof service->numero, "%u", ntohs(obtenue.sin6_port));
    service->port = service->numero;
    return s;
}

int ecouter_partout(struct service *service, bool partagee)
{
    int s = attacher_partout(service, partagee);
    exiger("listen", listen(s, SOMAXCONN));
    return s;
}

void annoncer_ecoute(int socket_ecoute, int clients_max)
{
    struct sockaddr_in6 ici = {0};
    socklen_t taille = sizeof ici;
    char texte[TEXTE_ADRESSE];
    if (clients_max < 1)
        abandonner("trop peu de descripteurs pour un seul client : ulimit -n");
    exiger("getsockname", getsockname(socket_ecoute, (struct sockaddr *)&ici, &taille));
    bool toutes = ici.sin6_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&ici.sin6_addr);
    printf("listen : %s (%s), %d client%s au plus\n", texte_adresse(&ici, texte),
           toutes                        ? "IPv4 et IPv6"
           : ici.sin6_family == AF_INET6 ? "IPv6"
                                         : "IPv4",
           clients_max, clients_max > 1 ? "s" : "");
}
