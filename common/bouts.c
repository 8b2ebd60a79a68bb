/* SPDX-License-Identifier: MIT */
#include "bouts.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "erreur.h"

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
}
