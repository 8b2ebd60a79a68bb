/*
 * SPDX-License-Identifier: MIT
 *
 * Ce que l'on montre : des octets venus du réseau, sans danger pour le terminal, et des adresses.
 */
#ifndef AFFICHAGE_H
#define AFFICHAGE_H

#include <stddef.h>

/* De quoi écrire un caractère échappé, une adresse ([IPv6%interface]:port), tous les événements de
 * poll(), et le zéro final. */
enum { TEXTE_CARACTERE = 5, TEXTE_ADRESSE = 80, TEXTE_EVENEMENTS = 64 };

/* Écrit « recv : 8 octets « Bonjour\n » » et va à la ligne. Les caractères de contrôle sont échappés
 * (\n, \0, \x1b…), l'UTF-8 correct est gardé. Montre au plus 256 octets, et le dit au-delà. */
void afficher_octets(const char *appel, const void *octets, size_t taille);

/* Écrit dans « texte » le caractère en tête des « taille » octets (au moins un), sans danger pour
 * le terminal. Rend le nombre d'octets pris, de 1 à 4. */
size_t montrer_caractere(const void *octets, size_t taille, char texte[TEXTE_CARACTERE]);

/* Écrit dans « texte » une sockaddr_in ou sockaddr_in6 : « 127.0.0.1:5000 », « [::1]:5000 ».
 * Rend « texte », qui appartient à l'appelant. */
const char *texte_adresse(const void *adresse, char texte[TEXTE_ADRESSE]);

/* Écrit dans « texte » ce que poll() a rendu dans « revents » : « POLLIN|POLLOUT », ou « rien ».
 * Rend « texte », qui appartient à l'appelant. */
const char *texte_evenements(short evenements, char texte[TEXTE_EVENEMENTS]);

#endif
