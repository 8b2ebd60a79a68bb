/*
 * SPDX-License-Identifier: MIT
 *
 * La ligne de commande, lue strictement : une valeur douteuse est refusée (code 2), jamais devinée.
 *
 *   const char *adresse = "0.0.0.0", *port = "5000";                     les défauts
 *   lire_arguments(argc, argv, "[-a adresse] [port]", &adresse, &port);  dans l'ordre du modèle
 *
 * Le modèle sert trois fois : il nomme les mots attendus, dit lesquels sont facultatifs (entre
 * crochets), et s'affiche avec -h. Ce qui suit un saut de ligne dans le modèle n'est qu'affiché.
 */
#ifndef ARGUMENTS_H
#define ARGUMENTS_H

#include <netinet/in.h>

/* Range chaque mot de la ligne de commande dans la variable qui lui correspond, sans copie.
 * -h affiche l'usage sur la sortie standard, code 0 ; tout écart est refusé, code 2.
 * Prépare aussi le programme : son nom pour les erreurs, et une sortie standard ligne à ligne,
 * vérifiée à la fin (un disque plein est une erreur, code 1). */
#define lire_arguments(argc, argv, modele, ...)                                                    \
    lire_arguments_modele(argc, argv, modele, (const char **[]){__VA_ARGS__})
void lire_arguments_modele(int argc, char *argv[], const char *modele, const char **valeurs[]);

/* Un nombre décimal entier de « minimum » à « maximum » ; « nom » le désigne dans le refus. */
long lire_nombre(const char *nom, const char *texte, long minimum, long maximum);

/* Un numéro de port, 0 à 65535, en ordre hôte : htons() reste à faire, et à voir. */
in_port_t lire_port(const char *texte);

/* Une adresse IPv4 en ordre réseau. « 127.0.0.999 » est refusée (code 2), jamais prise pour
 * 0.0.0.0 ; un nom de machine est résolu, et son échec est celui d'un appel (code 1). */
struct in_addr lire_adresse(const char *texte);

/* Pour getaddrinfo : refuse (code 2) « 127.0.0.999 », « 010.1 » ou « 0 », que la libc chercherait
 * dans l'annuaire ou prendrait pour une autre adresse. Un nom, une IPv4 ou une IPv6 passent. */
void verifier_nom(const char *texte);

#endif
