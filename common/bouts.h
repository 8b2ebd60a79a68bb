/*
 * SPDX-License-Identifier: MIT
 *
 * Les deux bouts d'une connexion TCP dans un seul programme : ce que l'un envoie, l'autre le lit.
 */
#ifndef BOUTS_H
#define BOUTS_H

/* Relie deux sockets neuves par 127.0.0.1 et un port libre. Termine le programme, code 1, si un
 * appel échoue. */
void relier(int *ici, int *la);

#endif
