/*
 * SPDX-License-Identifier: MIT
 *
 * Ce qu'un serveur à plusieurs clients fait avant le premier, quel que soit son modèle.
 */
#ifndef SERVICE_H
#define SERVICE_H

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>

/* Vrai dès que SIGINT ou SIGTERM a demandé l'arrêt : écrit par un signal, lu par tous les fils. */
extern atomic_int arret_demande;

struct service {
    const char *adresse, *port;
    char numero[8];   /* où « port » est écrit, quand le noyau l'a choisi */
    int descripteurs; /* combien au plus dans ce processus, sans celui qui sert à refuser */
    sigset_t pendant_l_attente;
};

/* Lit la ligne de commande, la même pour tous : [-a adresse] [-d secondes] [-v] [port] ; relève la
 * limite des descripteurs à ce que la machine permet ; prépare les signaux. SIGPIPE est ignoré ;
 * SIGINT, SIGTERM et SIGCHLD ne sont plus reçus que pendant une attente qui les laisse entrer :
 * ppoll(…, &service.pendant_l_attente). Rien ne se perd entre deux attentes. */
struct service preparer_service(int argc, char *argv[]);

/* Rend une socket non bloquante, attachée : en IPv6 et en IPv4 si l'adresse est « :: » ; en IPv4
 * seulement sur une machine sans IPv6. Le port 0 de « service » y devient le port obtenu.
 * « partagee » : plusieurs écoutent ce port (SO_REUSEPORT). */
int attacher_partout(struct service *service, bool partagee);

/* De même, et elle écoute. */
int ecouter_partout(struct service *service, bool partagee);

/* La seule ligne que ces serveurs disent sans -v : « listen : [::]:5000 (IPv4 et IPv6), … ». */
void annoncer_ecoute(int socket_ecoute, int clients_max);

#endif
