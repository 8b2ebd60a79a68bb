/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* accept4, propre à Linux et aux BSD */
#include "connexion.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "affichage.h"
#include "erreur.h"
#include "programme.h"
#include "service.h"

enum { LG_LIGNE = 65536, LECTURE = 16384, REPONSES = 3 * (LECTURE + 1), ADIEU_MS = 2000 };

static const char TROP_LONGUE[] = "erreur : ligne trop longue\n";
static const char TROP_DE_CLIENTS[] = "erreur : trop de clients\n";

static int patience_ms = 60000;
static bool tout_dire;

void connexions_regler(int secondes, bool detail)
{
    patience_ms = secondes * 1000;
    tout_dire = detail;
}

static void dire(const struct connexion *c, const char *quoi, const char *detail)
{
    char qui[TEXTE_ADRESSE];
    prevenir("%s : %s%s", texte_adresse(&c->adresse, qui), quoi, detail);
}

struct connexion *connexion_accepter(int socket_ecoute, int drapeaux)
{
    struct connexion neuve = {.attend = LIRE, .recues.longueur_max = LG_LIGNE};
    socklen_t taille = sizeof neuve.adresse;
    neuve.socket =
        accept4(socket_ecoute, (struct sockaddr *)&neuve.adresse, &taille, drapeaux | SOCK_CLOEXEC);
    if (neuve.socket == -1)
        return NULL;
    neuve.echeance = maintenant_ms() + patience_ms;
    struct connexion *c = malloc(sizeof *c);
    if (c)
        *c = neuve;
    else
        close(neuve.socket);
    return c;
}

/* Le protocole, et lui seul : à chaque ligne « ok ». Rend la taille des réponses. */
static size_t repondre(struct connexion *c, bool fini, char *reponses)
{
    bool entiere =
        fini && !arret_demande; /* une ligne que notre arrêt a coupée n'est pas une ligne */
    const char *ligne;
    size_t longueur, taille = 0;
    enum ligne quoi;
    while ((quoi = lignes_retirer(&c->recues, entiere, &ligne, &longueur)) == LIGNE_ENTIERE) {
        memcpy(reponses + taille, "ok\n", 3);
        taille += 3;
        c->lignes++;
    }
    if (quoi == LIGNE_TROP_LONGUE) {
        memcpy(reponses + taille, TROP_LONGUE, sizeof TROP_LONGUE - 1);
        taille += sizeof TROP_LONGUE - 1;
        c->raccroche = true;
        dire(c, "ligne trop longue", "");
    }
    c->derniere = fini || c->raccroche;
    return taille;
}

/* Rend le nombre d'octets pris par le noyau, 0 s'il n'en prend pas à présent, -1 si le client n'est plus là. */
static ssize_t envoyer(const struct connexion *c, const char *octets, size_t taille)
{
    ssize_t n;
    do
        n = send(c->socket, octets, taille, MSG_NOSIGNAL);
    while (n == -1 && errno == EINTR);
    if (n == -1 && errno == EAGAIN)
        return 0;
    if (n == -1)
        dire(c, "send : ", texte_erreur(errno));
    return n;
}

/* Fermer avec des octets non lus enverrait un RST, qui peut effacer la réponse : voir dialogue.c. */
static enum attente conclure(struct connexion *c)
{
    if (!c->raccroche)
        return FINIE;
    struct timeval adieu = {.tv_sec = ADIEU_MS / 1000}; /* pour une socket bloquante */
    setsockopt(c->socket, SOL_SOCKET, SO_RCVTIMEO, &adieu, sizeof adieu);
    c->echeance = maintenant_ms() + ADIEU_MS;
    return shutdown(c->socket, SHUT_WR) == 0 ? LIRE : FINIE;
}

static enum attente ecrire(struct connexion *c)
{
    ssize_t n = envoyer(c, c->reste + c->prises, c->taille - c->prises);
    if (n == -1)
        return FINIE;
    c->a_avance |= n > 0;
    c->prises += (size_t)n;
    if (c->prises < c->taille)
        return ECRIRE;
    free(c->reste);
    c->reste = NULL;
    return c->derniere ? conclure(c) : LIRE;
}

static enum attente lire(struct connexion *c)
{
    char octets[LECTURE], reponses[REPONSES + sizeof TROP_LONGUE];
    ssize_t n;
    do /* un signal, Ctrl-Z puis fg, n'est pas un silence du client */
        n = recv(c->socket, octets, sizeof octets, 0);
    while (n == -1 && errno == EINTR);
    if (n == -1 && errno == EAGAIN)
        return LIRE;
    if (n == -1)
        dire(c, "recv : ", texte_erreur(errno));
    if (n == -1 || (n == 0 && c->raccroche))
        return FINIE;
    if (c->raccroche)
        return LIRE; /* la suite d'une ligne trop longue : jetée */
    if (!lignes_ajouter(&c->recues, octets, (size_t)n)) {
        dire(c, "realloc : ", texte_erreur(errno));
        return FINIE;
    }

    size_t taille = repondre(c, n == 0, reponses);
    ssize_t prises = taille == 0 ? 0 : envoyer(c, reponses, taille);
    if (prises == -1)
        return FINIE;
    c->a_avance |= taille > 0;
    if ((size_t)prises == taille)
        return c->derniere ? conclure(c) : LIRE;
    c->taille = taille - (size_t)prises;
    c->prises = 0;
    c->reste = malloc(c->taille);
    if (!c->reste) {
        dire(c, "malloc : ", texte_erreur(errno));
        return FINIE;
    }
    memcpy(c->reste, reponses + prises, c->taille);
    return ECRIRE;
}

enum attente connexion_avancer(struct connexion *c)
{
    return c->attend = c->reste ? ecrire(c) : lire(c);
}

bool connexion_expiree(struct connexion *c)
{
    long long maintenant = maintenant_ms(); /* lire l'heure ici, et non à chaque réponse */
    if (c->a_avance && !c->raccroche)
        c->echeance = maintenant + patience_ms;
    c->a_avance = false;
    if (maintenant < c->echeance)
        return false;
    char silence[32];
    snprintf(silence, sizeof silence, "rien depuis %d s", patience_ms / 1000);
    if (!c->raccroche)
        dire(c, silence, "");
    return true;
}

void connexion_dialoguer(struct connexion *c)
{
    struct timeval delai = {.tv_sec = patience_ms / 1000};
    setsockopt(c->socket, SOL_SOCKET, SO_RCVTIMEO, &delai, sizeof delai);
    setsockopt(c->socket, SOL_SOCKET, SO_SNDTIMEO, &delai, sizeof delai);
    while (connexion_avancer(c) != FINIE && !connexion_expiree(c))
        ;
}

void connexion_refuser(struct connexion *c, const char *appel, const char *raison)
{
    char lu[4096], qui[TEXTE_ADRESSE];
    prevenir("%s : refusé : %s : %s", texte_adresse(&c->adresse, qui), appel, raison);
    for (int i = 0; i < 16 && recv(c->socket, lu, sizeof lu, MSG_DONTWAIT) > 0; i++)
        ; /* sans attendre : ce qu'il a déjà dit ne doit pas faire partir un RST */
    send(c->socket, TROP_DE_CLIENTS, sizeof TROP_DE_CLIENTS - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    shutdown(c->socket, SHUT_WR);
    connexion_fermer(c);
}

void connexion_oublier(struct connexion *c)
{
    close(c->socket);
    lignes_liberer(&c->recues);
    free(c->reste);
    free(c);
}

void connexion_fermer(struct connexion *c)
{
    char qui[TEXTE_ADRESSE];
    if (tout_dire) {
        printf("close : %s, %lu ligne%s\n", texte_adresse(&c->adresse, qui), c->lignes,
               c->lignes > 1 ? "s" : "");
        verifier_trace();
    }
    connexion_oublier(c);
}
