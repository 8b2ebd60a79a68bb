/*
 * SPDX-License-Identifier: MIT
 *
 * Les erreurs : tout appel est vérifié, tout échec dit sa cause.
 *
 *   int s = exiger("socket", socket(...));      fatal : le programme s'arrête, code 1
 *   exiger("bind", bind(s, ...), &adresse);     le conseil citera le port de cette adresse
 *   if (s == -1) signaler("accept");            ce client seulement : on le dit, on continue
 *
 * Le message sort sur stderr, en français quelle que soit la langue du système, en lignes courtes ;
 * le conseil dépend de l'appel, de l'erreur et de l'adresse :
 *
 *   06-serveur : bind : adresse déjà utilisée [EADDRINUSE]
 *       port tenu par un programme, ou par une connexion qui s'achève
 *       à voir : ss -tuanp 'sport = :5000'
 *       cours : Relancer aussitôt
 */
#ifndef ERREUR_H
#define ERREUR_H

#include <stdio.h>
#include <stdlib.h>

/* exiger(appel, retour[, adresse]) rend « retour », sauf -1 : explique alors errno et termine le
 * programme, code 1. echouer(appel[, adresse]), pour les appels qui ne rendent pas un int, termine
 * de même ; signaler(appel[, adresse]) rend la main, errno gardé ; répétée, l'erreur tient en une ligne. */
#define PREMIER(a, ...)   a
#define SECOND(a, b, ...) b
#define exiger(a, ...)    exiger_appel(a, PREMIER(__VA_ARGS__, 0), SECOND(__VA_ARGS__, NULL, 0))
#define signaler(...)     signaler_appel(PREMIER(__VA_ARGS__, 0), SECOND(__VA_ARGS__, NULL, 0))
#define echouer(...)      (signaler(__VA_ARGS__), exit(EXIT_FAILURE))
int exiger_appel(const char *appel, int retour, const void *adresse);
void signaler_appel(const char *appel, const void *adresse);

/* Pour getaddrinfo et getnameinfo, dont l'erreur est le code de retour et non errno :
 * ne fait rien si « code » vaut 0, sinon l'explique et termine le programme, code 1. */
void exiger_resolution(const char *appel, int code);

/* « programme : raison » à la printf, sans errno. abandonner() termine, code 1 (le serveur a fermé
 * sans répondre…) ; refuser(), code 2 (mauvaise ligne de commande) ; prevenir() rend la main. Ce
 * que le format insère est échappé ; ce qui y suit un saut de ligne s'écrit tel quel. */
#define abandonner(...) (prevenir(__VA_ARGS__), exit(EXIT_FAILURE))
#define refuser(...)    (prevenir(__VA_ARGS__), fputs("    l'usage complet : -h\n", stderr), exit(2))
void prevenir(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Le texte d'un errno, ou d'un code EAI_* : « adresse déjà utilisée [EADDRINUSE] » ; celui du
 * système s'il nous est inconnu. La chaîne vaut jusqu'au prochain appel ; errno est gardé. */
const char *texte_erreur(int numero);

#endif
