/*
 * Un serveur UDP : chaque datagramme reçoit « ok »
 *
 *   ./udp/02-serveur [-a adresse] [port]
 *
 * En face : nc -u 127.0.0.1 5000   (puis taper une ligne)
 * À regarder : ni listen() ni accept(), une seule socket pour tous les clients ; un datagramme vide
 * n'est pas une fin ; ce qui dépasse du tampon est perdu, jamais remis à la lecture suivante.
 * Limite : sans -a, la réponse part de l'adresse que choisit la route ; appelé en 127.0.0.2, il
 * répond de 127.0.0.1, et un client prudent l'ignore. Le remède est dans 03-pktinfo.
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "../common/affichage.h"
#include "../common/erreur.h"
#include "../common/programme.h"

enum { LG_MESSAGE = 1024 };

int main(int argc, char *argv[])
{
    const char *adresse = "0.0.0.0", *port = "5000";
    const char *usage = "[-a adresse] [port]\nRépond « ok » à chaque datagramme\n"
                        "En face : nc -u 127.0.0.1 5000";
    lire_arguments(argc, argv, usage, &adresse, &port);
    signal(SIGPIPE, SIG_IGN); /* voir tcp/06-serveur */

    /* Étape 1 : l'adresse à servir, puis la socket */
    struct sockaddr_in adresse_serveur = {
        .sin_family = AF_INET,
        .sin_port = htons(lire_port(port)),
        .sin_addr = lire_adresse(adresse),
    };
    int socket_serveur = exiger("socket", socket(AF_INET, SOCK_DGRAM, 0));
    printf("socket : descripteur %d\n", socket_serveur);

    /* Étape 2 : s'attacher au port ; sans SO_REUSEADDR, UDP n'a pas de connexions à finir */
    char texte[TEXTE_ADRESSE];
    socklen_t taille = sizeof adresse_serveur;
    exiger("bind", bind(socket_serveur, (struct sockaddr *)&adresse_serveur, taille),
           &adresse_serveur);
    exiger("getsockname",
           getsockname(socket_serveur, (struct sockaddr *)&adresse_serveur, &taille));
    printf("bind : %s\n", texte_adresse(&adresse_serveur, texte));

    for (;;) {
        verifier_trace();

        /* Étape 3 : recevoir un datagramme entier, et l'adresse de son expéditeur. Sous Linux,
         * MSG_TRUNC fait rendre la vraie taille, même quand le tampon est trop court. */
        char message[LG_MESSAGE];
        struct sockaddr_in adresse_client;
        taille = sizeof adresse_client;
        ssize_t n = recvfrom(socket_serveur, message, sizeof message, MSG_TRUNC,
                             (struct sockaddr *)&adresse_client, &taille);
        if (n == -1) { /* un signal, par exemple : le serveur continue */
            signaler("recvfrom", &adresse_serveur);
            poll(NULL, 0, 100); /* si l'erreur dure, ne pas tourner à vide */
            continue;
        }
        size_t gardes = (size_t)n < sizeof message ? (size_t)n : sizeof message;
        printf("recvfrom : %s\n", texte_adresse(&adresse_client, texte));
        afficher_octets("message", message, gardes);
        if ((size_t)n > gardes)
            printf("message tronqué : %zd octets envoyés, %zu gardés\n", n, gardes);

        /* Étape 4 : répondre à cette adresse-là, mais jamais à une réponse : une adresse
         * d'expéditeur se falsifie, et deux serveurs dressés ainsi l'un contre l'autre se
         * répondraient sans fin. */
        if (n >= 2 && n <= 3 && memcmp(message, "ok\n", (size_t)n) == 0) {
            printf("ignoré : une réponse n'appelle pas de réponse\n");
            continue;
        }
        if (sendto(socket_serveur, "ok\n", 3, 0, (struct sockaddr *)&adresse_client, taille) == -1)
            signaler("sendto", &adresse_client); /* ce client seulement */
        else
            printf("sendto : %s, « ok »\n", texte_adresse(&adresse_client, texte));
    }
}
