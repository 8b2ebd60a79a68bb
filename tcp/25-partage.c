/*
 * SO_REUSEPORT : plusieurs sockets écoutent le même port, et le noyau leur partage les clients
 *
 *   ./tcp/25-partage
 *
 * En face : personne, ce programme est aussi les clients.
 * À regarder : chaque file a sa part, selon les ports des clients ; fermée, elle emporte les siens.
 * SPDX-License-Identifier: MIT
 */
#define _DEFAULT_SOURCE /* SO_REUSEPORT, absente de POSIX */
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/erreur.h"
#include "../common/programme.h"

enum { ECOUTES = 4, CLIENTS = 400, EN_FILE = 4 };
static struct sockaddr_in serveur = {.sin_family = AF_INET}; /* au port que choisira le noyau */
static struct pollfd ecoutes[ECOUTES];
static socklen_t taille = sizeof serveur;

/* Appelle le serveur d'ici : de ce port, s'il n'est pas 0 ; sinon, y écrit celui que l'on a. */
static int appeler(struct sockaddr_in *ici)
{
    struct linger rst = {.l_onoff = 1}; /* fermée par un RST : ce port ressert aussitôt */
    int client = exiger("socket", socket(AF_INET, SOCK_STREAM, 0));
    exiger("setsockopt", setsockopt(client, SOL_SOCKET, SO_LINGER, &rst, sizeof rst));
    exiger("bind", bind(client, (struct sockaddr *)ici, taille), ici);
    exiger("connect", connect(client, (struct sockaddr *)&serveur, taille), &serveur);
    exiger("getsockname", getsockname(client, (struct sockaddr *)ici, &taille));
    return client;
}

/* Prend le client qui vient d'appeler ; rend le rang de la file où il était. */
static int prendre(void)
{
    int i = 0;
    exiger("poll", poll(ecoutes, ECOUTES, -1)); /* n'attend guère : connect() a réussi */
    while (ecoutes[i].revents == 0)
        i++;
    exiger("close", close(exiger("accept", accept(ecoutes[i].fd, NULL, NULL))));
    return i;
}

/* De ces clients, combien ont reçu un RST ? poll() le dit, sans être demandé. */
static int coupes(struct pollfd clients[EN_FILE])
{
    int nombre = 0;
    exiger("poll", poll(clients, EN_FILE, 0));
    for (int i = 0; i < EN_FILE; i++)
        nombre += (clients[i].revents & POLLERR) != 0;
    return nombre;
}

int main(int argc, char *argv[])
{
    lire_arguments(argc, argv, "\nQuatre files, un port, des clients", NULL);

    /* Étape 1 : quatre sockets au même port ; toutes, la première aussi, ont l'option avant bind */
    serveur.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0, oui = 1; i < ECOUTES; i++) {
        int s = exiger("socket", socket(AF_INET, SOCK_STREAM, 0));
        exiger("setsockopt", setsockopt(s, SOL_SOCKET, SO_REUSEPORT, &oui, sizeof oui));
        exiger("bind", bind(s, (struct sockaddr *)&serveur, taille), &serveur);
        exiger("listen", listen(s, 10), &serveur);
        exiger("getsockname", getsockname(s, (struct sockaddr *)&serveur, &taille));
        ecoutes[i] = (struct pollfd){s, .events = POLLIN};
    }

    /* Étape 2 : des clients, l'un après l'autre ; chacun revient, du même port : à la même file ? */
    struct sockaddr_in connus[ECOUTES][CLIENTS];
    int parts[ECOUTES] = {0}, fideles = 0, inegales = 0;
    for (int i = 0; i < CLIENTS; i++) {
        struct sockaddr_in ici = {.sin_family = AF_INET};
        exiger("close", close(appeler(&ici)));
        int file = prendre();
        connus[file][parts[file]++] = ici;
        exiger("close", close(appeler(&ici)));
        fideles += prendre() == file;
    }
    for (int i = 0; i < ECOUTES; i++)
        inegales += parts[i] < CLIENTS * 15 / 100 || parts[i] > CLIENTS * 35 / 100;
    printf("accept : files de %d, %d, %d, %d", parts[0], parts[1], parts[2], parts[3]);
    puts(inegales ? "" : " : un quart ou presque");
    printf("accept : %d reviennent, %d dans la même file\n", CLIENTS, fideles);

    /* Étape 3 : des clients attendent dans la première file ; son descripteur est fermé, puis sa copie */
    struct pollfd clients[EN_FILE];
    int copie = exiger("dup", dup(ecoutes[0].fd));
    for (int i = 0; i < EN_FILE; i++)
        clients[i] = (struct pollfd){.fd = appeler(&connus[0][i])};
    exiger("close", close(ecoutes[0].fd));
    printf("close, une copie vit : %d coupés sur %d\n", coupes(clients), EN_FILE);
    exiger("close", close(copie));
    printf("close, la dernière : %d coupés sur %d\n", coupes(clients), EN_FILE);
    return 0;
}
