/*
 * Se relier à un serveur : connect(), et ses échecs
 *
 *   ./tcp/03-connexion [hôte [port]]
 *
 * En face : nc -l -p 5000
 * À regarder : l'adresse locale, choisie par le noyau pendant connect() ; et sans personne en
 * face : ECONNREFUSED (port fermé), ENETUNREACH (aucune route), ETIMEDOUT (aucune réponse).
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/affichage.h"
#include "../common/erreur.h"
#include "../common/programme.h"

int main(int argc, char *argv[])
{
    const char *hote = "127.0.0.1", *port = "5000";
    const char *usage = "[hôte [port]]\nSe connecte, montre les deux adresses, se retire\n"
                        "En face : nc -l -p 5000";
    lire_arguments(argc, argv, usage, &hote, &port);

    /* Étape 1 : l'adresse du serveur, en ordre réseau */
    struct sockaddr_in adresse_serveur = {
        .sin_family = AF_INET,
        .sin_port = htons(lire_port(port)),
        .sin_addr = lire_adresse(hote),
    };

    /* Étape 2 : créer la socket ; elle n'est encore liée à rien */
    int socket_client = exiger("socket", socket(AF_INET, SOCK_STREAM, 0));
    printf("socket : descripteur %d\n", socket_client);

    struct sockaddr_in adresse_locale;
    socklen_t taille = sizeof adresse_locale; /* valeur-résultat : à remplir avant chaque appel */
    char texte[TEXTE_ADRESSE];
    exiger("getsockname", getsockname(socket_client, (struct sockaddr *)&adresse_locale, &taille));
    printf("getsockname : %s, avant connect\n", texte_adresse(&adresse_locale, texte));

    /* Étape 3 : se connecter ; l'appel attend la réponse du serveur, ou l'échec. Un signal peut
     * l'interrompre : l'établissement continue, et sous Linux le refaire revient à l'attendre. */
    int retour;
    do
        retour =
            connect(socket_client, (struct sockaddr *)&adresse_serveur, sizeof adresse_serveur);
    while (retour == -1 && errno == EINTR);
    exiger("connect", retour, &adresse_serveur);
    printf("connect : %s\n", texte_adresse(&adresse_serveur, texte));

    /* Étape 4 : qui sommes-nous devenus, et qui est en face ? */
    taille = sizeof adresse_locale;
    exiger("getsockname", getsockname(socket_client, (struct sockaddr *)&adresse_locale, &taille));
    printf("getsockname : %s, choisie par le noyau\n", texte_adresse(&adresse_locale, texte));

    struct sockaddr_in adresse_pair;
    taille = sizeof adresse_pair;
    exiger("getpeername", getpeername(socket_client, (struct sockaddr *)&adresse_pair, &taille));
    printf("getpeername : %s\n", texte_adresse(&adresse_pair, texte));

    /* Étape 5 : raccrocher */
    exiger("close", close(socket_client));
    printf("close : descripteur %d\n", socket_client);
    return 0;
}
