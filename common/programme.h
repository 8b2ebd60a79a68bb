/*
 * SPDX-License-Identifier: MIT
 *
 * Le programme : sa ligne de commande, lue strictement (une valeur douteuse est refusée, code 2,
 * jamais devinée), sa trace, et l'heure.
 *
 *   const char *adresse = "0.0.0.0", *detail = NULL, *port = "5000";       les défauts
 *   lire_arguments(argc, argv, "[-a adresse] [-v] [port]", &adresse, &detail, &port);
 *
 * Le modèle sert trois fois : il nomme les mots attendus, dit lesquels sont facultatifs (entre
 * crochets), et s'affiche avec -h. Ce qui suit un saut de ligne dans le modèle n'est qu'affiché.
 */
#ifndef PROGRAMME_H
#define PROGRAMME_H

#include <netinet/in.h>
#include <stddef.h>

/* Range chaque mot de la ligne de commande dans la variable qui lui correspond, dans l'ordre du
 * modèle et sans copie (une option sans valeur y range son texte), après preparer_programme(). -h
 * et --help affichent l'usage, code 0 ; tout écart est refusé, code 2 ; un modèle qui n'a pas
 * autant de mots qu'il y a de variables arrête le programme aussitôt, code 1. */
#define lire_arguments(argc, argv, modele, ...)                                                    \
    lire_arguments_modele(argc, argv, modele, (const char **[]){__VA_ARGS__, NULL})
void lire_arguments_modele(int argc, char *argv[], const char *modele, const char **valeurs[]);

/* Occupe les descripteurs 0 à 2 s'ils sont fermés, écrit la trace ligne à ligne, et la vérifie à la
 * fin du programme : une trace perdue est un échec, code 1. */
void preparer_programme(void);

/* La trace s'écrit-elle ? Sinon (disque plein, lecteur parti) le signale, une seule fois : un
 * serveur le demande à chaque tour, et continue de servir. */
void verifier_trace(void);

/* L'heure d'une horloge qui ne recule jamais, en millisecondes : pour mesurer une attente. */
long long maintenant_ms(void);

/* Un nombre décimal entier de « minimum » à « maximum » ; « nom » le désigne dans le refus. */
long lire_nombre(const char *nom, const char *texte, long minimum, long maximum);

/* Un numéro de port, 0 à 65535, en ordre hôte : htons() reste à faire, et à voir. */
#define lire_port(texte) ((in_port_t)lire_nombre("port", texte, 0, 65535))

/* Une adresse IPv4 en ordre réseau. « 127.0.0.999 » est refusée (code 2), jamais prise pour
 * 0.0.0.0 ; un nom de machine est résolu, et son échec est celui d'un appel (code 1). */
struct in_addr lire_adresse(const char *texte);

/* Pour getaddrinfo : refuse (code 2) « 127.0.0.999 », « 010.1 », « 0 » ou « * », que la libc
 * chercherait dans l'annuaire ou prendrait pour une autre adresse. */
void verifier_nom(const char *texte);

#endif
