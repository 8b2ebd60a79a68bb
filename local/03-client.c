/*
 * Un client local : connect() à un chemin
 *
 *   ./local/03-client [chemin [message]]       « @nom » : un nom abstrait, sans fichier
 *
 * En face : local/02-serveur, ou nc -l -U essais/prise   (puis répondre en tapant une ligne)
 * À regarder : seule l'adresse change, ni port ni ordre des octets ; et sans personne en face,
 * ENOENT si le chemin n'existe pas, ECONNREFUSED s'il existe sans que personne n'y écoute.
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../common/affichage.h"
#include "../common/dialogue.h"
#include "../common/erreur.h"
#include "../common/programme.h"
#include "chemin.h"

enum { LG_LIGNE = 1024 };

int main(int argc, char *argv[])
{
    const char *chemin = "essais/prise", *message = "Bonjour";
    const char *usage = "[chemin [message]]\nEnvoie une ligne, affiche la réponse\n"
                        "En face : local/02-serveur, ou nc -l -U chemin";
    lire_arguments(argc, argv, usage, &chemin, &message);
    char ligne[LG_LIGNE];
    if (snprintf(ligne, sizeof ligne, "%s\n", message) >= LG_LIGNE)
        refuser("message trop long : %zu octets, %d au plus", strlen(message), LG_LIGNE - 2);

    /* Étape 1 : l'adresse du serveur, et une socket de la même famille */
    struct sockaddr_un adresse;
    socklen_t taille = lire_chemin(chemin, &adresse);
    int socket_client = exiger("socket", socket(AF_UNIX, SOCK_STREAM, 0));
    printf("socket : descripteur %d\n", socket_client);

    /* Étape 2 : se connecter ; pas de réseau, donc pas d'attente, sauf si sa file est pleine */
    int retour;
    do /* interrompu par un signal : recommencer */
        retour = connect(socket_client, (struct sockaddr *)&adresse, taille);
    while (retour == -1 && errno == EINTR);
    exiger("connect", retour, &adresse);
    afficher_chemin("connect", &adresse, taille);

    /* Étape 3 : qui sommes-nous ? Personne : le noyau n'a pas eu de port à nous choisir */
    taille = sizeof adresse;
    exiger("getsockname", getsockname(socket_client, (struct sockaddr *)&adresse, &taille));
    afficher_chemin("getsockname", &adresse, taille);

    /* Étape 4 : une ligne part, sa réponse vient ; comme en TCP */
    if (!envoyer_tout(socket_client, ligne, strlen(ligne)))
        return 1;
    struct lignes recues = {.longueur_max = LG_LIGNE};
    const char *reponse;
    size_t longueur;
    if (recevoir_ligne(socket_client, &recues, &reponse, &longueur) == LIGNE_AUCUNE)
        abandonner("le serveur a fermé sans répondre");
    afficher_octets("réponse", reponse, longueur);
    lignes_liberer(&recues);

    exiger("close", close(socket_client));
    printf("close : descripteur %d\n", socket_client);
    return 0;
}
