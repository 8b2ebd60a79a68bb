/*
 * Un client qui essaie toutes les adresses d'un nom
 *
 *   ./ipv6/02-client nom port [message]
 *
 * En face : nc -l -p 5000
 * En face : nc -6 -l -p 5000
 * À regarder : une adresse refusée n'est pas un échec, c'est une invitation à essayer la suivante.
 * Il n'y a échec que lorsque toutes ont refusé, et chacune a sa raison.
 * Limite : il attend toujours un serveur qui se tait.
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/affichage.h"
#include "../common/dialogue.h"
#include "../common/erreur.h"
#include "../common/programme.h"

enum { LG_LIGNE = 1024 };

/* Se connecte à cette adresse-là ; rend le descripteur, ou -1, errno et l'appel qui a échoué. */
static int essayer(const struct addrinfo *a, const char **appel)
{
    *appel = "socket";
    int descripteur = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
    if (descripteur == -1) /* une machine sans IPv6, par exemple */
        return -1;
    *appel = "connect";
    int retour;
    do /* interrompu par un signal : voir tcp/03-connexion */
        retour = connect(descripteur, a->ai_addr, a->ai_addrlen);
    while (retour == -1 && errno == EINTR);
    if (retour == 0)
        return descripteur;
    int erreur = errno; /* close() pourrait le changer */
    close(descripteur); /* après un échec, la norme ne dit plus ce qu'elle vaut */
    errno = erreur;
    return -1;
}

int main(int argc, char *argv[])
{
    const char *nom = NULL, *port = NULL, *message = "Bonjour";
    const char *usage = "nom port [message]\nEssaie chaque adresse du nom, puis dialogue\n"
                        "En face : nc -l -p 5000\nEn face : nc -6 -l -p 5000";
    lire_arguments(argc, argv, usage, &nom, &port, &message);
    (void)lire_port(port);
    verifier_nom(nom);
    char ligne[LG_LIGNE];
    if (snprintf(ligne, sizeof ligne, "%s\n", message) >= LG_LIGNE)
        refuser("message trop long : %zu octets, %d au plus", strlen(message), LG_LIGNE - 2);

    /* Étape 1 : toutes les adresses de ce nom, des deux familles */
    struct addrinfo criteres = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM}, *liste;
    exiger_resolution("getaddrinfo", getaddrinfo(nom, port, &criteres, &liste));

    /* Étape 2 : les essayer dans l'ordre, avec une socket neuve à chaque fois */
    int socket_client = -1;
    for (struct addrinfo *a = liste; a; a = a->ai_next) {
        char texte[TEXTE_ADRESSE];
        const char *appel;
        texte_adresse(a->ai_addr, texte);
        socket_client = essayer(a, &appel);
        if (socket_client != -1) {
            printf("connect : %s\n", texte);
            break;
        }
        int erreur = errno; /* printf() pourrait le changer */
        printf("%s : %s : %s\n", appel, texte, texte_erreur(erreur));
        errno = erreur;
        if (!a->ai_next) /* toutes ont refusé : la dernière raison */
            echouer(appel, a->ai_addr);
    }
    freeaddrinfo(liste);

    /* Étape 3 : une ligne part, une ligne revient */
    struct lignes recues = {.longueur_max = LG_LIGNE};
    const char *reponse;
    size_t longueur;
    if (!envoyer_tout(socket_client, ligne, strlen(ligne)))
        abandonner("le serveur est parti avant le message");
    enum ligne quoi = recevoir_ligne(socket_client, &recues, &reponse, &longueur);
    if (quoi == LIGNE_AUCUNE)
        abandonner("le serveur est parti sans répondre");
    if (quoi == LIGNE_TROP_LONGUE)
        abandonner("réponse trop longue : plus de %d octets sans fin de ligne", LG_LIGNE);
    afficher_octets("réponse", reponse, longueur);
    lignes_liberer(&recues);

    /* Étape 4 : fermer */
    exiger("close", close(socket_client));
    printf("close : descripteur %d\n", socket_client);
    return 0;
}
