/*
 * Prendre une adresse locale : bind(), et ses trois cas
 *
 *   ./tcp/05-bind [-a adresse] [port]
 *
 *   ./tcp/05-bind -a 127.0.0.1 5000   cas A : cette adresse, ce port
 *   ./tcp/05-bind -a 127.0.0.1 0      cas B : cette adresse, un port choisi par le noyau
 *   ./tcp/05-bind                     cas C : toutes les adresses de la machine (INADDR_ANY)
 *
 * En face : nc 127.0.0.1 5000   (refusé : prise, mais personne n'écoute)
 * À regarder : relancé dans un second terminal, EADDRINUSE ; et ss -tan, qui ne montre rien.
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/affichage.h"
#include "../common/erreur.h"
#include "../common/programme.h"

int main(int argc, char *argv[])
{
    const char *adresse = "0.0.0.0", *port = "5000";
    const char *usage = "[-a adresse] [port]\nS'attache à une adresse et la garde\n"
                        "En face : nc 127.0.0.1 5000   (refusé : prise, mais personne n'écoute)";
    lire_arguments(argc, argv, usage, &adresse, &port);

    /* Étape 1 : l'adresse locale, en ordre réseau ; 0.0.0.0, c'est INADDR_ANY */
    struct sockaddr_in adresse_locale = {
        .sin_family = AF_INET,
        .sin_port = htons(lire_port(port)),
        .sin_addr = lire_adresse(adresse),
    };

    /* Étape 2 : créer la socket */
    int socket_ecoute = exiger("socket", socket(AF_INET, SOCK_STREAM, 0));
    printf("socket : descripteur %d\n", socket_ecoute);

    /* Étape 3 : s'attacher à cette adresse */
    exiger("bind", bind(socket_ecoute, (struct sockaddr *)&adresse_locale, sizeof adresse_locale),
           &adresse_locale);
    char texte[TEXTE_ADRESSE];
    printf("bind : %s\n", texte_adresse(&adresse_locale, texte));

    /* Étape 4 : relire l'adresse obtenue ; avec le port 0, c'est le seul moyen de le connaître */
    socklen_t taille = sizeof adresse_locale;
    exiger("getsockname", getsockname(socket_ecoute, (struct sockaddr *)&adresse_locale, &taille));
    printf("getsockname : %s\n", texte_adresse(&adresse_locale, texte));

    /* Étape 5 : garder l'adresse, le temps de regarder */
    printf("(Entrée libère l'adresse)\n");
    for (int touche = getchar(); touche != '\n' && touche != EOF;)
        touche = getchar();
    exiger("getchar", ferror(stdin) ? -1 : 0); /* ni Entrée ni la fin : une erreur de lecture */

    exiger("close", close(socket_ecoute));
    printf("close : descripteur %d\n", socket_ecoute);
    return 0;
}
