/*
 * SPDX-License-Identifier: MIT
 *
 * Les clients d'un serveur à un seul fil : les accueillir, les avancer, les quitter. Attendre n'est
 * pas d'ici : chaque modèle (select, poll, epoll) a sa façon, et fournit « surveiller ».
 *
 *   boucle_ouvrir(socket_ecoute, descripteurs, surveiller, appel);
 *   while (boucle_continue()) {
 *       … attendre, au plus TOUR_MS, signaux permis ; puis, pour chaque socket prête :
 *       boucle_avancer(s);
 *   }
 */
#ifndef BOUCLE_H
#define BOUCLE_H

#include <stdbool.h>

#include "connexion.h"

enum { TOUR_MS = 1000 };

/* Retient ce que l'on attend de la socket « s » : LIRE ou ECRIRE ; RIEN pour l'instant ; FINIE, elle
 * va être fermée. Rend faux, errno posé, si c'est impossible. */
typedef bool surveiller_socket(int s, enum attente attend);

/* Une seule boucle par processus, qui prend à elle la socket d'écoute. « appel » : celui que fait
 * « surveiller », pour dire son échec ; fatal pour la socket d'écoute. */
void boucle_ouvrir(int socket_ecoute, int descripteurs, surveiller_socket *surveiller,
                   const char *appel);

/* À appeler avant chaque attente : raccroche qui se tait depuis trop longtemps ; si l'arrêt est
 * demandé, ferme l'écoute, et laisse deux secondes aux réponses dues. Rend faux quand c'est fini. */
bool boucle_continue(void);

/* Cette socket est prête : si c'est celle d'écoute, accueille ; sinon, avance ce client. */
void boucle_avancer(int s);

#endif
