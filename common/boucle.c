/* SPDX-License-Identifier: MIT */
#include "boucle.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "erreur.h"
#include "programme.h"
#include "service.h"

enum { ACCUEILS = 64, ARRET_MS = 2000 };

static surveiller_socket *surveiller;
static const char *appel;             /* celui que fait surveiller() */
static int socket_ecoute;             /* -1 : elle n'écoute plus */
static bool accueille;                /* la surveille-t-on ? */
static struct connexion **connexions; /* chacune au rang de son descripteur */
static int places;                    /* le descripteur suivant sert à refuser */
static int nombre, haut;              /* combien ; passé le plus grand descripteur */
static long long dernier_tour, fin;   /* l'arrêt n'attend pas après « fin » */

/* Faute de moyens, on cesse d'accueillir, sans cesser de servir ; un départ, ou le tour d'après, et
 * l'on essaie encore. Laissée prête, la socket d'écoute ferait tourner la boucle à vide. */
static void accueillir_ou_non(bool oui)
{
    if (oui != accueille && socket_ecoute != -1 && surveiller(socket_ecoute, oui ? LIRE : RIEN))
        accueille = oui;
}

void boucle_ouvrir(int ecoute, int descripteurs, surveiller_socket *fonction, const char *son_appel)
{
    surveiller = fonction;
    appel = son_appel;
    socket_ecoute = ecoute;
    places = descripteurs;
    errno = EMFILE;
    if (ecoute >= places)
        echouer("socket"); /* pas même une place pour elle */
    connexions = calloc((size_t)descripteurs, sizeof(struct connexion *));
    if (!connexions)
        echouer("calloc");
    dernier_tour = maintenant_ms();
    accueillir_ou_non(true);
    if (!accueille)
        echouer(appel);
}

static void quitter(struct connexion *c)
{
    surveiller(c->socket, FINIE);
    connexions[c->socket] = NULL;
    connexion_fermer(c);
    nombre--;
    accueillir_ou_non(true);
}

static bool placer(const struct connexion *c)
{
    errno = EMFILE;
    return c->socket < places && surveiller(c->socket, LIRE);
}

/* Quelques-uns à la fois : les autres clients n'attendent pas. */
static void accueillir(void)
{
    static int perdus; /* d'affilée */
    for (int i = 0; i < ACCUEILS; i++) {
        struct connexion *c = connexion_accepter(socket_ecoute, SOCK_NONBLOCK);
        if (c && placer(c)) {
            connexions[c->socket] = c;
            haut = c->socket >= haut ? c->socket + 1 : haut;
            nombre++;
            perdus = 0;
        } else if (c) {
            connexion_refuser(c, appel, texte_erreur(errno));
        } else if (errno == EAGAIN) {
            return;
        } else {
            signaler("accept");
            if (errno == ECONNABORTED && ++perdus < ACCUEILS)
                continue; /* un client déjà reparti : au suivant */
            accueillir_ou_non(false);
            return;
        }
    }
}

void boucle_avancer(int s)
{
    struct connexion *c = connexions[s];
    if (s == socket_ecoute)
        accueillir();
    if (!c)
        return; /* l'écoute, ou un client parti depuis que l'on sait sa socket prête */
    enum attente avant = c->attend, apres = connexion_avancer(c);
    if (apres == FINIE || (apres != avant && !surveiller(s, apres)))
        quitter(c);
}

bool boucle_continue(void)
{
    long long maintenant = maintenant_ms();
    if (arret_demande && socket_ecoute != -1) {
        accueillir_ou_non(false);
        close(socket_ecoute);
        socket_ecoute = -1;
        fin = maintenant + ARRET_MS;
        for (int s = 0; s < haut; s++)
            if (connexions[s])
                shutdown(s, SHUT_RD); /* plus rien n'entre ; ce qui était arrivé se lit encore */
    }
    if (maintenant >= dernier_tour + TOUR_MS) {
        /* Arrêté (Ctrl-Z), puis relancé : d'abord lire ce qui est venu, les échéances après. */
        bool gele = maintenant >= dernier_tour + 2LL * TOUR_MS;
        dernier_tour = maintenant;
        for (int s = 0; s < haut && !gele; s++)
            if (connexions[s] && connexion_expiree(connexions[s]))
                quitter(connexions[s]);
        accueillir_ou_non(true);
    }
    return socket_ecoute != -1 || (nombre > 0 && maintenant < fin);
}
