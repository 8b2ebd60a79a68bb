/*
 * SPDX-License-Identifier: MIT
 *
 * Le dialogue du cours, une fois compris dans tcp/04-client : un message est une ligne.
 */
#ifndef DIALOGUE_H
#define DIALOGUE_H

#include <stdbool.h>
#include <stddef.h>

/* Reçoit une ligne, en autant de recv() qu'il faut, chacun avec sa trace (sauf ce qui est jeté). La
 * range dans « ligne » sans sa fin (\n ou \r\n) ni zéro final, et sa longueur dans « *longueur » ;
 * les octets au-delà de « taille » sont lus, comptés et jetés. Une dernière ligne sans \n, suivie
 * de la fin du flux, compte. Rend faux s'il n'y a pas de ligne : rien avant la fin du flux, ou une
 * erreur, signalée. Ce qui suit le \n dans le même morceau est perdu : ici, un seul message par
 * connexion. */
bool recevoir_ligne(int socket_dialogue, char *ligne, size_t taille, size_t *longueur);

/* Envoie les « taille » octets, en autant de send() qu'il faut, chacun avec sa trace.
 * Rend faux, erreur signalée, si le pair n'est plus là. */
bool envoyer_tout(int socket_dialogue, const void *octets, size_t taille);

/* Ferme sans perdre la réponse : annonce la fin, lit ce qui vient encore (3 s au plus), ferme. */
void raccrocher(int socket_dialogue);

#endif
