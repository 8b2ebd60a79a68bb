/*
 * Un client UDP : un datagramme part, l'attente est bornée
 *
 *   ./udp/01-client [-d délai] [hôte [port [message]]]      le délai est en millisecondes
 *
 * En face : nc -u -l -p 5000   (puis répondre en tapant une ligne)
 * À regarder : sans personne en face, sendto() réussit quand même. C'est donc au client de borner
 * son attente, de réessayer, et de vérifier qui lui répond.
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/affichage.h"
#include "../common/erreur.h"
#include "../common/programme.h"

enum { LG_REPONSE = 1024, LG_DATAGRAMME = 66000, ESSAIS = 3, INTRUS_MONTRES = 3 };

/* Attend une réponse de « serveur », « delai » ms au plus ; rend sa taille, ou -1 si rien n'est
 * venu de lui. Ce qui vient d'ailleurs est ignoré : n'importe qui peut envoyer à notre port. */
static ssize_t attendre_reponse(int socket_client, const struct sockaddr_in *serveur, long delai,
                                char reponse[LG_REPONSE])
{
    long long echeance = maintenant_ms() + delai, reste;
    for (int intrus = 0; (reste = echeance - maintenant_ms()) > 0;) {
        struct pollfd attendu = {.fd = socket_client, .events = POLLIN};
        if (poll(&attendu, 1, (int)reste) == -1 && errno != EINTR)
            echouer("poll");
        struct sockaddr_in expediteur;
        socklen_t taille = sizeof expediteur;
        ssize_t n = recvfrom(socket_client, reponse, LG_REPONSE, MSG_DONTWAIT | MSG_TRUNC,
                             (struct sockaddr *)&expediteur, &taille);
        if (n == -1 && (errno == EAGAIN || errno == EINTR))
            continue; /* délai écoulé, signal, ou datagramme abîmé : le calcul du reste tranche */
        exiger("recvfrom", (int)n, serveur);
        if (expediteur.sin_addr.s_addr == serveur->sin_addr.s_addr &&
            expediteur.sin_port == serveur->sin_port)
            return n;
        char texte[TEXTE_ADRESSE];
        if (intrus++ < INTRUS_MONTRES) /* les suivants en silence : un flot remplirait l'écran */
            printf("intrus : %s, ignoré\n", texte_adresse(&expediteur, texte));
    }
    return -1;
}

int main(int argc, char *argv[])
{
    const char *delai = "2000", *hote = "127.0.0.1", *port = "5000", *message = "Bonjour";
    const char *usage = "[-d délai] [hôte [port [message]]]\nTrois essais, délai en ms\n"
                        "En face : nc -u -l -p 5000";
    lire_arguments(argc, argv, usage, &delai, &hote, &port, &message);
    long delai_ms = lire_nombre("délai", delai, 1, 3600000);
    char datagramme[LG_DATAGRAMME]; /* le \n n'est là que pour le terminal d'en face */
    int longueur = snprintf(datagramme, sizeof datagramme, "%s\n", message);
    if (longueur >= LG_DATAGRAMME)
        refuser("message trop long : %zu octets", strlen(message));

    /* Étape 1 : l'adresse du serveur, puis la socket */
    struct sockaddr_in adresse_serveur = {
        .sin_family = AF_INET, .sin_port = htons(lire_port(port)), .sin_addr = lire_adresse(hote)};
    if (adresse_serveur.sin_addr.s_addr == htonl(INADDR_ANY)) /* la réponse viendrait d'ailleurs */
        refuser("adresse « %s » : pas celle d'une machine ; d'ici même, 127.0.0.1", hote);
    int socket_client = exiger("socket", socket(AF_INET, SOCK_DGRAM, 0));
    printf("socket : descripteur %d\n", socket_client);
    afficher_octets("message", datagramme, (size_t)longueur);
    char reponse[LG_REPONSE], texte[TEXTE_ADRESSE];
    ssize_t taille = -1;
    for (int essai = 1; essai <= ESSAIS && taille == -1; essai++) {
        /* Étape 2 : envoyer ; l'adresse accompagne chaque datagramme */
        ssize_t n = sendto(socket_client, datagramme, (size_t)longueur, 0,
                           (struct sockaddr *)&adresse_serveur, sizeof adresse_serveur);
        exiger("sendto", (int)n, &adresse_serveur);
        printf("sendto : %s, essai %d\n", texte_adresse(&adresse_serveur, texte), essai);

        /* Étape 3 : attendre la réponse, un temps seulement */
        taille = attendre_reponse(socket_client, &adresse_serveur, delai_ms, reponse);
    }
    if (taille == -1) /* aucun appel n'a échoué */
        abandonner(
            "aucune réponse : %d essais de %ld ms\n"
            "    machine éteinte, datagrammes perdus, port vide, ou réponse d'ailleurs\n"
            "    à voir : ss -uanp\n    cours : Ne pas attendre toujours, ni croire n'importe qui",
            ESSAIS, delai_ms);
    printf("recvfrom : %s\n", texte_adresse(&adresse_serveur, texte));
    if (taille > LG_REPONSE)
        printf("réponse tronquée : %zd octets envoyés, %d gardés\n", taille, LG_REPONSE);
    afficher_octets("réponse", reponse, taille < LG_REPONSE ? (size_t)taille : LG_REPONSE);

    /* Étape 4 : fermer */
    exiger("close", close(socket_client));
    printf("close : descripteur %d\n", socket_client);
    return 0;
}
