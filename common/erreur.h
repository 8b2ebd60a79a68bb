/*
 * SPDX-License-Identifier: MIT
 *
 * Les erreurs : tout appel est vérifié, tout échec dit sa cause.
 *
 *   int s = exiger("socket", socket(...));      fatal : le programme s'arrête, code 1
 *   if (s == -1) signaler("accept");            ce client seulement : on le dit, on continue
 *
 * Le message sort sur stderr, en français quelle que soit la langue du système :
 *
 *   06-serveur : bind : adresse déjà utilisée [EADDRINUSE]
 *       un programme tient déjà ce port… ; à voir : ss -ltnp 'sport = :5000' ; cours : § 3.1 bind()
 */
#ifndef ERREUR_H
#define ERREUR_H

/* Rend « retour » tel quel, sauf -1 : explique alors errno et termine le programme, code 1. */
int exiger(const char *appel, int retour);

/* Explique errno et termine le programme, code 1. Pour les appels qui ne rendent pas un int. */
_Noreturn void echouer(const char *appel);

/* Explique errno et rend la main : l'erreur ne concerne que le client en cours. */
void signaler(const char *appel);

/* Pour getaddrinfo et getnameinfo, dont l'erreur est le code de retour et non errno :
 * ne fait rien si « code » vaut 0, sinon l'explique et termine le programme, code 1. */
void exiger_resolution(const char *appel, int code);

/* Un échec sans errno (le serveur a fermé sans répondre…) : « programme : raison », code 1. */
_Noreturn void abandonner(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Mauvaise ligne de commande : « programme : raison », code 2. */
_Noreturn void refuser(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Le texte d'un errno, symbole compris : « adresse déjà utilisée [EADDRINUSE] ». Un numéro
 * inconnu rend le texte du système. La chaîne vaut jusqu'au prochain appel ; errno est gardé. */
const char *texte_erreur(int numero);

/* Le nom qui précède chaque message (la fin de argv[0]), et le port que les conseils citent.
 * Appelées par lire_arguments() et lire_port() ; la chaîne « argv0 » doit rester valide. */
void nommer_programme(const char *argv0);
void retenir_port(unsigned port);

#endif
