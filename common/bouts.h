/*
 * SPDX-License-Identifier: MIT
 *
 * Les bouts d'une connexion TCP, quand ce n'est plus eux que l'on apprend : une socket d'écoute
 * prête à servir ; deux bouts reliés dans un seul programme. Un appel qui échoue le termine, code 1.
 */
#ifndef BOUTS_H
#define BOUTS_H

/* Rend une socket qui écoute à cette adresse et à ce port, avec SO_REUSEADDR et la trace des étapes
 * 1 à 4 de tcp/06-serveur. */
int ecouter(const char *adresse, const char *port);

/* Relie deux sockets neuves, par 127.0.0.1 et un port libre : ce que l'une envoie, l'autre le lit.
 * Une lecture y attend au plus 2 s. */
void relier(int *ici, int *la);

#endif
