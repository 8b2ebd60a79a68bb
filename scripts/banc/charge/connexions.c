/*
 * SPDX-License-Identifier: MIT
 *
 * La boucle : trois temps, ouvrir, mesurer, finir. Un seul fil, epoll ; rien n'est alloué pendant la
 * mesure, et une réponse ne coûte qu'un recv(), un send() et une lecture de l'heure.
 */
#define _GNU_SOURCE /* SOCK_NONBLOCK */
#include "charge.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "../../../common/affichage.h"
#include "../../../common/erreur.h"

#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24 /* Linux ; musl ne le nomme pas partout */
#endif

/* Une adresse de départ sert à 10 000 connexions : elle a environ
 * 28 000 ports, et chacun reste pris une minute (TIME-WAIT). */
enum { LECTURE = 65536, EVENEMENTS = 256, PAR_SOURCE = 10000, SANS_DETOUR = 1000 };
static const uint64_t periode = 100 * MILLISECONDE; /* entre deux regards sur les retards */

enum etat { FERMEE, EN_CHEMIN, SERVIE, EN_PAUSE };

struct connexion {
    int socket;
    enum etat etat;
    bool inactive, deja_servie;
    uint32_t surveillee;       /* les événements demandés à epoll ; 0 : pas encore inscrite */
    uint32_t en_vol, premiere; /* requêtes sans réponse ; la plus ancienne, dans « departs » */
    size_t a_envoyer;          /* octets ; ils finissent avec un message */
    size_t position;           /* octets reçus de la réponse en cours */
    uint64_t *departs;         /* l'heure de chaque requête, en cercle */
};

static const struct demande *d;
static struct bilan *b;
static enum { OUVRIR, MESURER, FINIR } temps;
static struct connexion *connexions;
static long nombre, de_front, au_travail, lancees; /* « au_travail » : celles qui attendent */
static uint32_t profondeur;
static uint64_t dernier_succes, debut_mesure;
static int epoll;
static char *rafale,
    *attendues; /* le message « profondeur » fois ; la réponse, plus qu'un recv() */
static size_t lg_message, lg_reponse, lg_rafale;
static volatile sig_atomic_t interrompue;

uint64_t maintenant_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * SECONDE + (uint64_t)t.tv_nsec;
}

static uint64_t processeur(void)
{
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    return (uint64_t)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) * SECONDE +
           (uint64_t)(r.ru_utime.tv_usec + r.ru_stime.tv_usec) * MICROSECONDE;
}

/* ─── Une connexion se perd ─── */

static void fermer(struct connexion *c)
{
    if (c->en_vol > 0)
        au_travail--;
    if (c->socket != -1)
        close(c->socket); /* et epoll l'oublie */
    c->socket = -1;
    c->etat = FERMEE;
    c->surveillee = c->en_vol = 0;
    c->a_envoyer = c->position = 0;
}

/* « numero » : l'errno de l'appel « quoi », ou 0 si « quoi » dit tout. */
static void perdre(struct connexion *c, const char *quoi, int numero)
{
    struct cause *cause = b->causes; /* les causes sont peu nombreuses : la dernière a le reste */
    while (cause->quoi && cause < b->causes + CAUSES_MAX - 1 &&
           (cause->numero != numero || strcmp(cause->quoi, quoi) != 0))
        cause++;
    cause->quoi = quoi;
    cause->numero = numero;
    cause->combien++;
    b->erreurs++;
    if (temps != OUVRIR)
        b->perdues += c->en_vol;
    else if (!c->deja_servie)
        de_front--;
    fermer(c);
    /* Une connexion par requête : la suivante part au prochain regard, sans tourner à vide. */
    if (d->neuves && temps == MESURER && !c->inactive)
        c->etat = EN_PAUSE;
}

/* ─── Parler ─── */

static bool surveiller(struct connexion *c, uint32_t evenements)
{
    struct epoll_event e = {.events = evenements, .data.ptr = c};
    int operation = c->surveillee ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    if (c->surveillee == evenements)
        return true;
    if (epoll_ctl(epoll, operation, c->socket, &e) == -1) {
        perdre(c, "epoll_ctl", errno);
        return false;
    }
    c->surveillee = evenements;
    return true;
}

static void envoyer(struct connexion *c)
{
    ssize_t n = send(c->socket, rafale + lg_rafale - c->a_envoyer, c->a_envoyer, MSG_NOSIGNAL);
    if (n == -1 && errno != EAGAIN) {
        perdre(c, c->etat == EN_CHEMIN ? "connect" : "send", errno);
        return;
    }
    if (n > 0 && c->etat == EN_CHEMIN) {
        c->etat = SERVIE;
        b->ouvertes++;
        b->ouvertes_en_mesure += temps == MESURER;
    }
    if (n > 0)
        c->a_envoyer -= (size_t)n;
    surveiller(c, c->a_envoyer > 0 ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

/* Combien de requêtes lancer encore, sur les « voulues ». */
static long permises(long voulues)
{
    long restent = d->requetes - lancees;
    if (temps == FINIR)
        return 0;
    return temps == OUVRIR || d->requetes == 0 || voulues < restent ? voulues : restent;
}

/* Lance « combien » requêtes en un seul envoi, ou celles qui sont permises. */
static void lancer(struct connexion *c, long combien, uint64_t heure)
{
    combien = permises(combien);
    if (combien == 0)
        return;
    if (temps == MESURER)
        lancees += combien;
    if (c->en_vol == 0)
        au_travail++;
    for (long i = 0; i < combien; i++) {
        uint32_t place = c->premiere + c->en_vol++;
        c->departs[place < profondeur ? place : place - profondeur] = heure;
    }
    c->a_envoyer += (size_t)combien * lg_message;
    envoyer(c);
}

/* ─── Ouvrir ─── */

/* Vers 127.0.0.0/8, d'où l'on part est au choix : 127.x.y.z, toute adresse y est à nous. */
static bool partir_d_ailleurs(int s)
{
    static uint32_t faites;
    const struct sockaddr_in *cible = (const struct sockaddr_in *)&d->cible;
    if (cible->sin_family != AF_INET || ntohl(cible->sin_addr.s_addr) >> 24 != 127 ||
        (!d->neuves && nombre <= SANS_DETOUR))
        return true;
    uint32_t source = 1 + ((uint32_t)getpid() * 251 + faites++ / PAR_SOURCE) % 0xfffffd;
    struct sockaddr_in ici = {.sin_family = AF_INET};
    ici.sin_addr.s_addr = htonl(UINT32_C(127) << 24 | source);
    int oui = 1; /* l'adresse maintenant, le port à connect(), quand l'autre bout est connu */
    setsockopt(s, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &oui, sizeof oui);
    return bind(s, (struct sockaddr *)&ici, sizeof ici) == 0;
}

static void ouvrir(struct connexion *c, uint64_t heure)
{
    int oui = 1, s = socket(d->cible.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    c->socket = s;
    c->etat = EN_CHEMIN;
    c->premiere = 0;
    if (s == -1) {
        perdre(c, "socket", errno);
        return;
    }
    if (!d->neuves) /* ne pas attendre un accusé pour envoyer la suite */
        setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &oui, sizeof oui);
    if (!partir_d_ailleurs(s)) {
        perdre(c, "bind", errno);
        return;
    }
    if (connect(s, (const struct sockaddr *)&d->cible, d->taille_cible) == -1 &&
        errno != EINPROGRESS) {
        perdre(c, "connect", errno);
        return;
    }
    /* Sur cette machine, elle est déjà établie ; sinon, send() dira EAGAIN, et on attendra. */
    lancer(c, temps == MESURER ? d->profondeur : 1, heure);
}

/* ─── Écouter les réponses ─── */

/* Garde la première réponse fausse : la ligne où se trouve le premier octet qui diffère. */
static void retenir_exemple(const char *recu, size_t taille, const char *attendu)
{
    size_t debut = 0, ecrits = 0;
    if (b->exemple[0] != '\0')
        return;
    for (size_t i = 0; recu[i] == attendu[i]; i++)
        if (recu[i] == '\n')
            debut = i + 1;
    for (size_t i = debut; i < taille && (i == debut || recu[i - 1] != '\n');) {
        if (ecrits + TEXTE_CARACTERE + sizeof "…" > LG_EXEMPLE) {
            memcpy(b->exemple + ecrits, "…", sizeof "…");
            break;
        }
        i += montrer_caractere(recu + i, taille - i, b->exemple + ecrits);
        ecrits += strlen(b->exemple + ecrits);
    }
}

static void compter(struct connexion *c, uint32_t combien, uint64_t heure)
{
    for (uint32_t i = 0; i < combien; i++) {
        if (temps == MESURER)
            noter(&b->latences, heure - c->departs[c->premiere]);
        if (++c->premiere == profondeur)
            c->premiere = 0;
    }
    c->en_vol -= combien;
    if (c->en_vol == 0)
        au_travail--;
    dernier_succes = heure;
}

static void recevoir(struct connexion *c, uint64_t heure)
{
    static char recu[LECTURE];
    ssize_t n = recv(c->socket, recu, sizeof recu, 0);
    if (n == -1 && errno == EAGAIN)
        return;
    if (n == -1) {
        perdre(c, c->etat == EN_CHEMIN ? "connect" : "recv", errno);
    } else if (n == 0) {
        perdre(c,
               c->position > 0 ? "le serveur a fermé au milieu d'une réponse"
               : c->en_vol > 0 ? "le serveur a fermé sans répondre"
                               : "le serveur a fermé une connexion au repos",
               0);
    } else if (memcmp(recu, attendues + c->position, (size_t)n) != 0) {
        retenir_exemple(recu, (size_t)n, attendues + c->position);
        perdre(c, "réponse fausse", 0);
    } else if (c->position + (size_t)n > c->en_vol * lg_reponse) {
        perdre(c, "plus de réponses que de requêtes", 0);
    } else {
        size_t fin = c->position + (size_t)n;
        uint32_t entieres = (uint32_t)(fin / lg_reponse);
        c->position = fin % lg_reponse;
        if (entieres == 0)
            return;
        compter(c, entieres, heure);
        if (!c->deja_servie && temps == OUVRIR)
            de_front--;
        c->deja_servie = true;
        if (temps != OUVRIR && !d->neuves) {
            lancer(c, entieres, heure);
        } else if (d->neuves && !c->inactive && c->en_vol == 0) {
            fermer(c);
            if (permises(1) > 0)
                ouvrir(c, heure);
        }
    }
}

/* ─── Les trois temps ─── */

/* Perd celles dont la réponse tarde ; rouvre celles qui se reposaient. */
static void regarder(uint64_t heure)
{
    for (struct connexion *c = connexions; c < connexions + nombre; c++) {
        if (c->en_vol > 0 && heure - c->departs[c->premiere] >= d->delai) {
            if (c->etat == EN_CHEMIN)
                perdre(c, "connect", ETIMEDOUT);
            else
                perdre(c, "sans réponse à temps", 0);
        } else if (c->etat == EN_PAUSE && permises(1) > 0) {
            ouvrir(c, heure);
        }
    }
}

/* Un tour : attend des événements jusqu'à « limite », au plus jusqu'au prochain regard. Rend l'heure. */
static uint64_t tourner(uint64_t limite)
{
    static uint64_t prochain_regard;
    struct epoll_event evenements[EVENEMENTS];
    uint64_t heure = maintenant_ns();
    if (limite > prochain_regard)
        limite = prochain_regard;
    int patience = limite > heure ? (int)((limite - heure) / MILLISECONDE) + 1 : 0;
    int n = epoll_wait(epoll, evenements, EVENEMENTS, patience);
    for (int i = 0; i < n; i++) {
        struct connexion *c = evenements[i].data.ptr;
        heure = maintenant_ns();
        if (evenements[i].events & EPOLLOUT && c->a_envoyer > 0)
            envoyer(c);
        if (evenements[i].events & ~(uint32_t)EPOLLOUT && c->socket != -1)
            recevoir(c, heure);
    }
    if (n <= 0)
        heure = maintenant_ns();
    if (heure >= prochain_regard) {
        prochain_regard = heure + periode;
        regarder(heure);
        dire_progression(b, temps == MESURER ? heure - debut_mesure : 0);
    }
    return heure;
}

/* Chaque connexion, les inactives d'abord, est ouverte et servie une fois, hors mesure : elle est
 * bien au serveur, non dans sa file. Avec -x, les inactives seulement. Peu de front, si l'on n'en
 * dit rien : la file d'attente de bien des serveurs est courte. */
static void temps_d_ouvrir(void)
{
    uint64_t debut = maintenant_ns(), heure = debut;
    long a_ouvrir = d->neuves ? d->inactives : nombre, ouverte = 0;
    dernier_succes = debut;
    while ((ouverte < a_ouvrir || de_front > 0) && !interrompue &&
           heure - dernier_succes < d->delai + periode && heure - debut < 3 * d->delai) {
        while (ouverte < a_ouvrir && de_front < d->ensemble) {
            de_front++;
            ouvrir(&connexions[ouverte++], heure);
        }
        heure = tourner(UINT64_MAX);
    }
    b->ouverture = heure - debut;
    for (struct connexion *c = connexions; c < connexions + a_ouvrir && !interrompue; c++)
        if (c->en_vol > 0) /* le temps d'ouvrir est passé : ne pas la mesurer */
            perdre(c, "sans réponse à temps", 0);
}

static bool encore(uint64_t heure)
{
    if (interrompue || heure - dernier_succes >= d->delai + periode)
        return false;
    if (d->requetes > 0 && (long)b->latences.total + b->perdues >= d->requetes)
        return false;
    if (d->neuves) /* rien n'a jamais marché : inutile d'insister */
        return b->latences.total > 0 || b->perdues < d->connexions * d->profondeur;
    return au_travail > 0;
}

static void temps_de_mesurer(void)
{
    uint64_t cpu = processeur(), debut = maintenant_ns(), heure = debut;
    uint64_t limite = d->requetes > 0 ? UINT64_MAX : debut + d->duree;
    temps = MESURER;
    debut_mesure = dernier_succes = debut;
    for (struct connexion *c = connexions + d->inactives; c < connexions + nombre; c++) {
        if (d->neuves && permises(1) > 0)
            ouvrir(c, maintenant_ns());
        else if (c->etat == SERVIE && c->en_vol == 0)
            lancer(c, d->profondeur, maintenant_ns());
    }
    while (heure < limite && encore(heure))
        heure = tourner(limite);
    b->mesure = heure - debut;
    b->cpu = processeur() - cpu;
}

/* Laisse arriver les réponses dues : fermer sans les lire couperait la connexion (RST). */
static void temps_de_finir(void)
{
    uint64_t heure = maintenant_ns();
    uint64_t limite = heure + (interrompue ? 2 * periode : d->delai + 2 * periode);
    temps = FINIR;
    while (au_travail > 0 && heure < limite)
        heure = tourner(limite);
    for (struct connexion *c = connexions; c < connexions + nombre; c++)
        fermer(c);
}

/* ─── Se préparer ─── */

static void interrompre(int signal)
{
    (void)signal;
    interrompue = 1;
}

/* « texte » et son \n, répétés pour faire au moins « taille » octets. */
static char *repeter(const char *texte, size_t taille, size_t *un, size_t *tout)
{
    *un = strlen(texte) + 1;
    *tout = (taille + *un - 1) / *un * *un;
    char *octets = malloc(*tout);
    if (!octets)
        echouer("malloc");
    for (size_t i = 0; i < *tout; i += *un) {
        memcpy(octets + i, texte, *un - 1);
        octets[i + *un - 1] = '\n';
    }
    return octets;
}

void mener(const struct demande *demande, struct bilan *bilan)
{
    size_t lg_attendues;
    d = demande;
    b = bilan;
    nombre = d->connexions + d->inactives;
    profondeur = (uint32_t)d->profondeur;
    rafale = repeter(d->message, (strlen(d->message) + 1) * (size_t)d->profondeur, &lg_message,
                     &lg_rafale);
    attendues = repeter(d->reponse, LECTURE + strlen(d->reponse) + 1, &lg_reponse, &lg_attendues);
    connexions = calloc((size_t)nombre, sizeof *connexions);
    uint64_t *departs = calloc((size_t)(nombre * d->profondeur), sizeof *departs);
    if (!connexions || !departs)
        echouer("calloc");
    for (long i = 0; i < nombre; i++)
        connexions[i] = (struct connexion){
            .socket = -1, .inactive = i < d->inactives, .departs = departs + i * d->profondeur};
    epoll = exiger("epoll_create1", epoll_create1(EPOLL_CLOEXEC));

    /* Le premier Ctrl-C demande le bilan ; le second arrête tout, comme toujours. */
    struct sigaction action = {.sa_handler = interrompre, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);

    temps_d_ouvrir();
    if (!interrompue)
        temps_de_mesurer();
    b->interrompue = interrompue;
    temps_de_finir();
    close(epoll);
    free(departs);
    free(connexions);
    free(attendues);
    free(rafale);
}
