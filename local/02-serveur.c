/*
 * Un serveur local : un chemin au lieu d'une adresse et d'un port
 *
 *   ./local/02-serveur [chemin]       « @nom » : un nom abstrait, sans fichier
 *
 * En face : local/03-client, ou nc -U essais/prise   (puis taper une ligne)
 * À regarder : le fichier de type « s » que fait bind(), et qui reste après le serveur ; le noyau
 * dit qui appelle (SO_PEERCRED). Relancé sans effacer le fichier : EADDRINUSE.
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* struct ucred */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../common/affichage.h"
#include "../common/dialogue.h"
#include "../common/erreur.h"
#include "../common/programme.h"
#include "chemin.h"

enum { LG_LIGNE = 1024, FILE_ATTENTE = 10 };

int main(int argc, char *argv[])
{
    const char *chemin = "essais/prise", *usage = "[chemin]\nRépond « ok » à chaque client\n"
                                                  "En face : local/03-client, ou nc -U chemin";
    lire_arguments(argc, argv, usage, &chemin);
    signal(SIGPIPE, SIG_IGN); /* voir tcp/06-serveur */

    /* Étape 1 : l'adresse, une famille et un chemin ; sa taille dit où finit le chemin */
    struct sockaddr_un adresse;
    socklen_t taille = lire_chemin(chemin, &adresse);
    int socket_ecoute = exiger("socket", socket(AF_UNIX, SOCK_STREAM, 0));
    printf("socket : descripteur %d\n", socket_ecoute);

    /* Étape 2 : s'attacher au chemin. Pas de SO_REUSEADDR : le noyau l'accepterait, et n'en ferait
     * rien. Un fichier laissé par un serveur arrêté s'efface à la main (unlink, ou rm). */
    exiger("bind", bind(socket_ecoute, (struct sockaddr *)&adresse, taille), &adresse);
    taille = sizeof adresse;
    exiger("getsockname", getsockname(socket_ecoute, (struct sockaddr *)&adresse, &taille));
    afficher_chemin("bind", &adresse, taille);

    /* Étape 3 : à partir d'ici, rien ne change */
    exiger("listen", listen(socket_ecoute, FILE_ATTENTE), &adresse);
    printf("listen : file de %d\n", FILE_ATTENTE);

    for (;;) {
        verifier_trace();
        int socket_dialogue = accept(socket_ecoute, NULL, NULL); /* un client n'a pas de nom */
        if (socket_dialogue == -1) {
            signaler("accept");
            poll(NULL, 0, 100); /* faute de descripteurs, ne pas tourner à vide */
            continue;
        }
        printf("accept : descripteur %d\n", socket_dialogue);

        /* Étape 4 : qui appelle ? Le noyau l'a noté pendant son connect() */
        struct ucred client;
        taille = sizeof client;
        if (getsockopt(socket_dialogue, SOL_SOCKET, SO_PEERCRED, &client, &taille) == -1)
            signaler("getsockopt");
        else
            printf("getsockopt : SO_PEERCRED, pid %d, uid %u (%s)\n", client.pid, client.uid,
                   client.uid == getuid() ? "le mien" : "un autre");

        /* Étape 5 : une ligne entre, « ok » sort ; un client muet retient donc tous les autres */
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
