/*
 * Un serveur pour IPv4 et IPv6 à la fois : la double pile
 *
 *   ./ipv6/03-serveur [port]
 *
 * En face : nc ::1 5000
 * En face : nc 127.0.0.1 5000
 * À regarder : une seule socket, AF_INET6, et les clients IPv4 y arrivent aussi, sous la forme
 * ::ffff:127.0.0.1. La différence avec tcp/06-serveur tient aux étapes 1 à 3 et à l'adresse de 5.
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>

#include "../common/affichage.h"
#include "../common/dialogue.h"
#include "../common/erreur.h"
#include "../common/programme.h"

enum { LG_LIGNE = 1024, FILE_ATTENTE = 10 };

int main(int argc, char *argv[])
{
    const char *port = "5000", *usage = "[port]\nRépond « ok » aux clients IPv4 et IPv6\n"
                                        "En face : nc ::1 5000\nEn face : nc 127.0.0.1 5000";
    lire_arguments(argc, argv, usage, &port);
    signal(SIGPIPE, SIG_IGN); /* voir tcp/06-serveur */
    (void)lire_port(port);

    /* Étape 1 : une socket IPv6 ; sur une machine sans IPv6, on se replie sur IPv4 et on le dit */
    struct addrinfo criteres = {.ai_family = AF_INET6, .ai_socktype = SOCK_STREAM};
    int socket_ecoute = socket(AF_INET6, SOCK_STREAM, 0);
    if (socket_ecoute == -1 && errno == EAFNOSUPPORT) {
        printf("socket : IPv6 absent de cette machine, IPv4 seulement\n");
        criteres.ai_family = AF_INET;
        socket_ecoute = socket(AF_INET, SOCK_STREAM, 0);
    }
    exiger("socket", socket_ecoute);
    printf("socket : descripteur %d\n", socket_ecoute);

    /* Étape 2 : accepter aussi IPv4 ; avant bind, et sans se fier au réglage de la machine */
    int oui = 1, non = 0;
    if (criteres.ai_family == AF_INET6) {
        exiger("setsockopt",
               setsockopt(socket_ecoute, IPPROTO_IPV6, IPV6_V6ONLY, &non, sizeof non));
        printf("setsockopt : IPV6_V6ONLY à 0\n");
    }
    exiger("setsockopt", setsockopt(socket_ecoute, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui));
    printf("setsockopt : SO_REUSEADDR\n");

    /* Étape 3 : s'attacher ; sans nom et avec AI_PASSIVE, « toutes les adresses » de la famille */
    struct addrinfo *adresse;
    criteres.ai_flags = AI_PASSIVE;
    exiger_resolution("getaddrinfo", getaddrinfo(NULL, port, &criteres, &adresse));
    exiger("bind", bind(socket_ecoute, adresse->ai_addr, adresse->ai_addrlen), adresse->ai_addr);
    freeaddrinfo(adresse);

    struct sockaddr_storage adresse_serveur;
    socklen_t taille = sizeof adresse_serveur;
    char texte[TEXTE_ADRESSE];
    exiger("getsockname", getsockname(socket_ecoute, (struct sockaddr *)&adresse_serveur, &taille));
    printf("bind : %s\n", texte_adresse(&adresse_serveur, texte));

    /* Étape 4 : attendre des connexions */
    exiger("listen", listen(socket_ecoute, FILE_ATTENTE), &adresse_serveur);
    printf("listen : file de %d\n", FILE_ATTENTE);

    for (;;) {
        verifier_trace();
        /* Étape 5 : prendre un client, quelle que soit sa famille */
        struct sockaddr_storage adresse_client;
        taille = sizeof adresse_client;
        int socket_dialogue = accept(socket_ecoute, (struct sockaddr *)&adresse_client, &taille);
        if (socket_dialogue == -1) { /* un accept manqué n'arrête pas le serveur */
            signaler("accept");
            poll(NULL, 0, 100); /* faute de descripteurs, ne pas tourner à vide */
            continue;
        }
        const struct in6_addr *ip = &((struct sockaddr_in6 *)&adresse_client)->sin6_addr;
        int en_ipv4 = adresse_client.ss_family == AF_INET || IN6_IS_ADDR_V4MAPPED(ip);
        printf("accept : %s, un client %s, descripteur %d\n", texte_adresse(&adresse_client, texte),
               en_ipv4 ? "IPv4" : "IPv6", socket_dialogue);

        /* Étape 6 : le dialogue de tcp/06-serveur, inchangé */
        struct lignes recues = {.longueur_max = LG_LIGNE};
        const char *ligne;
        size_t longueur;
        if (recevoir_ligne(socket_dialogue, &recues, &ligne, &longueur) != LIGNE_AUCUNE) {
            afficher_octets("ligne", ligne, longueur);
            envoyer_tout(socket_dialogue, "ok\n", 3);
        }
        lignes_liberer(&recues);
        raccrocher(socket_dialogue);
    }
}
