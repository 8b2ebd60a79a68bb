/*
 * SPDX-License-Identifier: MIT
 *
 * Un client, vu d'un serveur qui en a plusieurs : ce qu'il a dit et n'a pas fini de dire, ce qu'on
 * lui doit, jusqu'à quand on patiente. Chaque ligne reçue lui vaut « ok ».
 *
 * Rien ici n'attend ni ne choisit : une lecture au plus, une écriture au plus, et l'on rend la main.
 * Quand recommencer, et pour qui, c'est l'affaire de chaque modèle de serveur :
 *
 *   switch (connexion_avancer(c)) {
 *   case LIRE:      rappelez-moi quand il aura parlé
 *   case ECRIRE:    rappelez-moi quand il aura lu ; d'ici là, on ne le lit plus : pas de réponse de plus à garder
 *   case FINIE:     connexion_fermer(c)
 *   }
 */
#ifndef CONNEXION_H
#define CONNEXION_H

#include <netinet/in.h>
#include <stdbool.h>

#include "lignes.h"

enum attente { FINIE, RIEN, LIRE, ECRIRE };

struct connexion {
    int socket;
    enum attente attend;         /* ce que connexion_avancer() a rendu la dernière fois */
    struct sockaddr_in6 adresse; /* du client, pour le journal ; ou une sockaddr_in */
    bool derniere,
        raccroche; /* finie dès que tout est envoyé ; on ne fait plus qu'attendre sa fin */
    struct lignes recues;
    char *reste; /* des réponses que le noyau n'a pas prises : reste[prises] à reste[taille - 1] */
    size_t prises, taille;
    unsigned long lignes; /* répondues */
    bool a_avance;        /* une ligne entière, une réponse prise, depuis que l'on y a regardé */
    long long echeance;   /* en ms de maintenant_ms() */
};

/* Pour toutes : la patience, en secondes, sans ligne entière ni réponse prise ; dire chaque fermeture ? */
void connexions_regler(int secondes, bool detail);

/* Prend un client de la file d'attente de « socket_ecoute » ; NULL si accept échoue, errno gardé, ou
 * si la mémoire manque (ENOMEM ; il est raccroché).
 * « drapeaux » : ceux de accept4, SOCK_NONBLOCK ou 0. À rendre par connexion_fermer(). */
struct connexion *connexion_accepter(int socket_ecoute, int drapeaux);

/* Une lecture, les réponses qui en viennent, un envoi ; ou le seul envoi de ce qui restait dû. */
enum attente connexion_avancer(struct connexion *c);

/* Vrai si la patience est à bout, et le dit. À demander souvent : la patience d'une connexion qui a
 * avancé repart de la demande suivante. */
bool connexion_expiree(struct connexion *c);

/* Mène le dialogue jusqu'au bout, sur une socket bloquante ; reste à fermer. */
void connexion_dialoguer(struct connexion *c);

/* Lui dit « erreur : trop de clients », sans attendre, et ferme. */
void connexion_refuser(struct connexion *c, const char *appel, const char *raison);

/* Ferme, rend la mémoire, et le dit si l'on dit tout. */
void connexion_fermer(struct connexion *c);

/* De même, sans rien dire : un autre processus la sert. */
void connexion_oublier(struct connexion *c);

#endif
