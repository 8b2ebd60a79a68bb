/* SPDX-License-Identifier: MIT */
#include "bouts.h"

#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "affichage.h"
#include "erreur.h"
#include "programme.h"

enum { FILE_ATTENTE = 10 };

int ecouter(const char *adresse, const char *port)
{
    struct sockaddr_in ici = {
        .sin_family = AF_INET,
        .sin_port = htons(lire_port(port)),
        .sin_addr = lire_adresse(adresse),
    };
    socklen_t taille = sizeof ici;
    int oui = 1;
    char texte[TEXTE_ADRESSE];
    int socket_ecoute = exiger("socket", socket(AF_INET, SOCK_STREAM, 0));
    printf("socket : descripteur %d\n", socket_ecoute);
    exiger("setsockopt", setsockopt(socket_ecoute, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui));
    printf("setsockopt : SO_REUSEADDR\n");
    exiger("bind", bind(socket_ecoute, (struct sockaddr *)&ici, taille), &ici);
    exiger("getsockname", getsockname(socket_ecoute, (struct sockaddr *)&ici, &taille));
    printf("bind : %s\n", texte_adresse(&ici, texte));
    exiger("listen", listen(socket_ecoute, FILE_ATTENTE), &ici);
    printf("listen : file de %d\n", FILE_ATTENTE);
    return socket_ecoute;
}

void relier(int *ici, int *la)
{
    struct sockaddr_in adresse = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t taille = sizeof adresse;
    int socket_ecoute = exiger("socket", socket(AF_INET, SOCK_STREAM, 0));
    exiger("bind", bind(socket_ecoute, (struct sockaddr *)&adresse, taille), &adresse);
    exiger("getsockname", getsockname(socket_ecoute, (struct sockaddr *)&adresse, &taille));
    exiger("listen", listen(socket_ecoute, 1), &adresse);
    *ici = exiger("socket", socket(AF_INET, SOCK_STREAM, 0));
    /* le noyau établit la connexion sans attendre accept() */
    exiger("connect", connect(*ici, (struct sockaddr *)&adresse, taille), &adresse);
    *la = exiger("accept", accept(socket_ecoute, NULL, NULL));
    exiger("close", close(socket_ecoute));
    /* dans un seul programme, qui attendrait l'autre ? Une lecture sans espoir finit par EAGAIN */
    struct timeval delai = {.tv_sec = 2};
    exiger("setsockopt", setsockopt(*ici, SOL_SOCKET, SO_RCVTIMEO, &delai, sizeof delai));
    exiger("setsockopt", setsockopt(*la, SOL_SOCKET, SO_RCVTIMEO, &delai, sizeof delai));
}
