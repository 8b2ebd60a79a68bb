/*
 * SPDX-License-Identifier: MIT
 *
 * Le dialogue bloquant du cours, une fois compris dans tcp/04-client : un message est une ligne.
 */
#ifndef DIALOGUE_H
#define DIALOGUE_H

#include <stdbool.h>
#include <stddef.h>

#include "lignes.h"

/* Reçoit une ligne, en autant de recv() qu'il faut, chacun avec sa trace. Ce qui suit son \n reste
 * dans « recues » pour la prochaine fois. Une dernière ligne sans \n, suivie de la fin du flux,
 * compte. LIGNE_TROP_LONGUE est rendue aussitôt, sans attendre la suite ; LIGNE_AUCUNE, s'il n'y en
 * a plus : fin du flux, ou une erreur, signalée. « *ligne » est celle de lignes_retirer(). */
enum ligne recevoir_ligne(int socket_dialogue, struct lignes *recues, const char **ligne,
                          size_t *longueur);

/* Envoie les « taille » octets, en autant de send() qu'il faut, chacun avec sa trace.
 * Rend faux, erreur signalée, si le pair n'est plus là. */
bool envoyer_tout(int socket_dialogue, const void *octets, size_t taille);

/* Ferme sans perdre la réponse : annonce la fin, lit ce qui vient encore jusqu'à celle du pair (au
 * plus 1 s de silence, et 3 s en tout), ferme. Chaque appel a sa trace, ou son erreur signalée. */
void raccrocher(int socket_dialogue);

#endif
