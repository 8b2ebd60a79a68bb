/*
 * Un serveur TCP, un client à la fois : une ligne, un « ok »
 *
 *   ./tcp/06-serveur [-a adresse] [port]
 *
 * En face : nc 127.0.0.1 5000   (puis taper une ligne)
 * À regarder : la socket d'écoute ne sert qu'à accept() ; chaque client a son descripteur à lui.
 * Un second client attend son tour dans la file : un client muet retient donc tous les autres.
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
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
    const char *adresse = "0.0.0.0", *port = "5000";
    const char *usage = "[-a adresse] [port]\nRépond « ok » à la ligne de chaque client\n"
                        "En face : nc 127.0.0.1 5000";
    lire_arguments(argc, argv, usage, &adresse, &port);
    signal(SIGPIPE, SIG_IGN); /* ni un client ni le lecteur de la trace ne doivent nous tuer */

    /* Étape 1 : l'adresse à servir, puis la socket d'écoute */
    struct sockaddr_in adresse_serveur = {
        .sin_family = AF_INET,
        .sin_port = htons(lire_port(port)),
        .sin_addr = lire_adresse(adresse),
    };
    int socket_ecoute = exiger("socket", socket(AF_INET, SOCK_STREAM, 0));
    printf("socket : descripteur %d\n", socket_ecoute);

    /* Étape 2 : pouvoir relancer le serveur aussitôt, malgré les connexions qui s'achèvent */
    int oui = 1;
    exiger("setsockopt", setsockopt(socket_ecoute, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui));
    printf("setsockopt : SO_REUSEADDR\n");

    /* Étape 3 : s'attacher à l'adresse et au port ; si le port est 0, apprendre lequel */
    char texte[TEXTE_ADRESSE];
    socklen_t taille = sizeof adresse_serveur;
    exiger("bind", bind(socket_ecoute, (struct sockaddr *)&adresse_serveur, taille),
           &adresse_serveur);
    exiger("getsockname", getsockname(socket_ecoute, (struct sockaddr *)&adresse_serveur, &taille));
    printf("bind : %s\n", texte_adresse(&adresse_serveur, texte));

    /* Étape 4 : attendre des connexions ; le noyau les établit et les range dans une file */
    exiger("listen", listen(socket_ecoute, FILE_ATTENTE), &adresse_serveur);
    printf("listen : file de %d\n", FILE_ATTENTE);

    for (;;) {
        verifier_trace(); /* disque plein, lecteur parti : on le dit, et l'on sert encore */

        /* Étape 5 : prendre le premier client de la file */
        struct sockaddr_in adresse_client;
        taille = sizeof adresse_client;
        int socket_dialogue = accept(socket_ecoute, (struct sockaddr *)&adresse_client, &taille);
        if (socket_dialogue == -1) { /* un accept manqué n'arrête pas le serveur */
            signaler("accept");
            poll(NULL, 0, 100); /* faute de descripteurs, ne pas tourner à vide */
            continue;
        }
        printf("accept : %s, descripteur %d\n", texte_adresse(&adresse_client, texte),
               socket_dialogue);

        /* Étape 6 : une ligne entre, « ok » sort ; l'échec ne concerne que ce client */
        struct lignes recues = {.longueur_max = LG_LIGNE};
        const char *ligne;
        size_t longueur;
        if (recevoir_ligne(socket_dialogue, &recues, &ligne, &longueur) != LIGNE_AUCUNE) {
            afficher_octets("ligne", ligne, longueur);
            envoyer_tout(socket_dialogue, "ok\n", 3);
        }
        lignes_liberer(&recues);

        /* Étape 7 : fermer ce dialogue sans perdre la réponse ; la socket d'écoute reste ouverte */
        raccrocher(socket_dialogue);
    }
}
