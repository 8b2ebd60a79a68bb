/*
 * Un client TCP complet : une ligne part, une ligne revient
 *
 *   ./tcp/04-client [hôte [port [message]]]
 *
 * En face : nc -l -p 5000   (puis répondre en tapant une ligne)
 * À regarder : autant de lignes « recv » que de morceaux reçus. TCP transporte un flux d'octets :
 * c'est le client qui sait qu'un message finit au \n.
 * Limite : il attend toujours un serveur qui se tait.
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/affichage.h"
#include "../common/erreur.h"
#include "../common/programme.h"

enum { LG_LIGNE = 1024 };

int main(int argc, char *argv[])
{
    const char *hote = "127.0.0.1", *port = "5000", *message = "Bonjour";
    const char *usage = "[hôte [port [message]]]\nEnvoie une ligne, attend une ligne\n"
                        "En face : nc -l -p 5000";
    lire_arguments(argc, argv, usage, &hote, &port, &message);
    char ligne[LG_LIGNE];
    if (snprintf(ligne, sizeof ligne, "%s\n", message) >= LG_LIGNE)
        refuser("message trop long : %zu octets, %d au plus", strlen(message), LG_LIGNE - 2);

    /* Étape 1 : l'adresse du serveur, puis la socket */
    struct sockaddr_in adresse_serveur = {
        .sin_family = AF_INET,
        .sin_port = htons(lire_port(port)),
        .sin_addr = lire_adresse(hote),
    };
    int socket_client = exiger("socket", socket(AF_INET, SOCK_STREAM, 0));
    printf("socket : descripteur %d\n", socket_client);

    /* Étape 2 : se connecter au serveur */
    char texte[TEXTE_ADRESSE];
    int retour;
    do /* interrompu par un signal : voir 03-connexion */
        retour =
            connect(socket_client, (struct sockaddr *)&adresse_serveur, sizeof adresse_serveur);
    while (retour == -1 && errno == EINTR);
    exiger("connect", retour, &adresse_serveur);
    printf("connect : %s\n", texte_adresse(&adresse_serveur, texte));

    /* Étape 3 : envoyer toute la ligne ; send peut n'en prendre qu'une partie */
    size_t a_envoyer = strlen(ligne), envoyes = 0;
    while (envoyes < a_envoyer) {
        /* MSG_NOSIGNAL : si le serveur est parti, une erreur EPIPE plutôt que la mort (SIGPIPE) */
        ssize_t n = send(socket_client, ligne + envoyes, a_envoyer - envoyes, MSG_NOSIGNAL);
        if (n == -1 && errno == EINTR)
            continue;
        if (n == -1)
            echouer("send");
        afficher_octets("send", ligne + envoyes, (size_t)n);
        envoyes += (size_t)n;
    }

    /* Étape 4 : recevoir une ligne, en autant de morceaux qu'il plaît au réseau */
    char reponse[LG_LIGNE];
    size_t recus = 0;
    char *fin = NULL; /* le \n, quand il est arrivé */
    while (!fin && recus < sizeof reponse) {
        ssize_t n = recv(socket_client, reponse + recus, sizeof reponse - recus, 0);
        if (n == -1 && errno == EINTR)
            continue;
        if (n == -1)
            echouer("recv");
        if (n == 0) { /* le serveur a fermé : rien ne viendra plus */
            printf("recv : 0 octet, fin du flux\n");
            break;
        }
        afficher_octets("recv", reponse + recus, (size_t)n);
        fin = memchr(reponse + recus, '\n', (size_t)n);
        recus += (size_t)n;
    }
    if (recus == 0) /* à ne pas confondre avec une ligne vide, qui compte un octet : \n */
        abandonner("recv : le serveur a fermé sans répondre");
    if (!fin && recus == sizeof reponse)
        abandonner("recv : %zu octets reçus sans fin de ligne, réponse trop longue", recus);
    afficher_octets("réponse", reponse, fin ? (size_t)(fin - reponse) : recus);

    /* Étape 5 : fermer */
    exiger("close", close(socket_client));
    printf("close : descripteur %d\n", socket_client);
    return 0;
}
