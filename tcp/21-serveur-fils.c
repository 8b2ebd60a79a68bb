/*
 * Un fil d'exécution par client : comme un processus, mais tous dans la même mémoire
 *
 *   ./tcp/21-serveur-fils [-a adresse] [-d secondes] [-v] [port]
 *
 * En face : nc 127.0.0.1 5000   (et d'autres, en même temps)
 * Plusieurs : 2000 à la fois, sans trace ; avec -v, une ligne chacun, à son départ.
 * À regarder : créer un fil coûte moins que copier un processus ; mais la table des clients est à
 * tous, et se verrouille. Un fil qui fait une faute de mémoire emporte tout le serveur.
 * Avec une libc d'avant 2021, ajouter -pthread pour compiler.
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* ppoll */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../common/connexion.h"
#include "../common/erreur.h"
#include "../common/programme.h"
#include "../common/service.h"

enum { CLIENTS_MAX = 2000, PILE = 256 * 1024, PAUSE_MS = 100, ARRET_MS = 2000 };

static struct connexion *connexions[CLIENTS_MAX]; /* les vivantes, en tête */
static int nombre;
static pthread_mutex_t verrou = PTHREAD_MUTEX_INITIALIZER; /* des deux */

static void *servir(void *argument)
{
    struct connexion *c = argument; /* à lui seul : jamais l'adresse d'une variable du père */
    connexion_dialoguer(c);
    pthread_mutex_lock(&verrou);
    for (int i = 0; i < nombre; i++)
        if (connexions[i] == c)
            connexions[i] = connexions[--nombre];
    pthread_mutex_unlock(&verrou);
    connexion_fermer(c);
    return NULL;
}

/* Plus rien n'entre : chaque fil répond à ce qu'il a reçu, et finit. Rend le nombre de vivants. */
static int conclure(void)
{
    pthread_mutex_lock(&verrou);
    for (int i = 0; i < nombre; i++)
        shutdown(connexions[i]->socket, SHUT_RD);
    int vivants = nombre;
    pthread_mutex_unlock(&verrou);
    return vivants;
}

static void servir_dans_un_fil(struct connexion *c, int descripteurs)
{
    pthread_attr_t attributs;
    pthread_t fil;
    pthread_attr_init(&attributs);
    pthread_attr_setdetachstate(&attributs, PTHREAD_CREATE_DETACHED); /* personne ne l'attendra */
    pthread_attr_setstacksize(&attributs, PILE);                      /* au lieu de 8 Mio */
    pthread_mutex_lock(&verrou);
    bool place = nombre < CLIENTS_MAX && c->socket < descripteurs; /* le suivant sert à refuser */
    int erreur = place ? pthread_create(&fil, &attributs, servir, c) : -1;
    if (erreur == 0)
        connexions[nombre++] = c;
    pthread_mutex_unlock(&verrou);
    pthread_attr_destroy(&attributs);
    if (erreur != 0)
        connexion_refuser(c, "pthread_create",
                          erreur == -1 ? "plus de place" : texte_erreur(erreur));
}

int main(int argc, char *argv[])
{
    /* Étape 1 : ce que tout serveur prépare avant son premier client */
    struct service service = preparer_service(argc, argv);
    struct pollfd ecoute = {.fd = ecouter_partout(&service, false), .events = POLLIN};
    int places = service.descripteurs - ecoute.fd - 1;
    annoncer_ecoute(ecoute.fd, places < CLIENTS_MAX ? places : CLIENTS_MAX);

    while (!arret_demande) {
        /* Étape 2 : attendre un client, ou l'arrêt */
        int n = ppoll(&ecoute, 1, NULL, &service.pendant_l_attente);
        if (n == -1 && errno != EINTR)
            echouer("ppoll");
        if (n < 1)
            continue;

        /* Étape 3 : un client, un fil */
        struct connexion *c = connexion_accepter(ecoute.fd, 0);
        if (c) {
            servir_dans_un_fil(c, service.descripteurs);
        } else if (errno != EAGAIN) {
            signaler("accept");
            poll(NULL, 0, PAUSE_MS); /* faute de descripteurs, ne pas tourner à vide */
        }
    }

    /* Étape 4 : plus de nouveaux clients ; les fils finissent de répondre, en deux secondes au plus */
    close(ecoute.fd);
    for (long long fin = maintenant_ms() + ARRET_MS; conclure() > 0 && maintenant_ms() < fin;)
        poll(NULL, 0, 10);
    return 0;
}
