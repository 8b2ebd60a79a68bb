/*
 * SPDX-License-Identifier: MIT
 *
 * Comment une connexion finit : par une demi-fermeture, un RST, un départ sans un mot ; et ce qu'il en
 * reste au serveur. Un voisin, qui n'a dit que la moitié d'une ligne, n'y perd jamais un octet.
 */
#define _GNU_SOURCE
#include "sondes.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

static int voisin;

static void un_voisin(void)
{
    voisin = joindre();
    dire(voisin, "une moitié, ");
    patienter(20);
}

static void le_voisin_continue(void)
{
    dire(voisin, "puis l'autre\nune autre\n");
    attendre_ok(voisin, 2);
    attendre_silence(voisin, 20);
    fermer(voisin);
}

void sonde_demi_fermeture(void)
{
    int client = joindre();
    for (int i = 0; i < 1000; i++)
        dire(client, "ligne\n");
    demi_fermer(client);
    attendre_ok(client, 1000);
    attendre_fin(client);
    fermer(client);

    client = joindre();
    dire(client, "une\nla dernière, sans fin");
    demi_fermer(client);
    attendre_ok(client, 2);
    attendre_fin(client);
    fermer(client);

    client = joindre();
    demi_fermer(client); /* rien dit : rien à répondre */
    attendre_fin(client);
    fermer(client);

    geler(); /* tout lui arrive d'un coup, la fin comprise */
    client = joindre();
    for (int i = 0; i < 100; i++)
        dire(client, "ligne\n");
    dire(client, "et la fin");
    demi_fermer(client);
    degeler();
    attendre_ok(client, 101);
    attendre_fin(client);
    fermer(client);
}

/* Envoie des lignes jusqu'à ce que plus rien ne parte ; rend leur nombre. */
static long remplir(int client)
{
    static char lignes[65536];
    long total = 0;
    for (size_t i = 0; i < sizeof lignes; i++)
        lignes[i] = '\n';
    for (int vide = 0; vide < 40;) {
        size_t n = envoyer_sans_attendre(client, lignes, sizeof lignes);
        total += (long)n;
        vide = n > 0 ? 0 : vide + 1;
        if (n == 0)
            patienter(5);
    }
    return total;
}

void sonde_fin_de_flux(void)
{
    int client = joindre();
    dire(client, "ligne\n");
    demi_fermer(client);
    patienter(50);
    verifier_repos("un client a demi-fermé, sans fermer");
    attendre_ok(client, 1);
    attendre_fin(client);
    fermer(client);

    /* Il a fini de parler et ne lit pas ses réponses : il n'y a rien à faire qu'attendre. */
    client = joindre_avec_un_petit_tampon();
    remplir(client);
    demi_fermer(client);
    verifier_repos("un client a demi-fermé et tarde à lire");
    if (!est_raccroche(client, ECHEANCE))
        faute("ses réponses lues, un client qui a demi-fermé n'a pas la fin");
    fermer(client);
}

void sonde_descripteurs(void)
{
    struct releve avant;
    un_echange("au départ"); /* ce qu'il n'ouvre qu'au premier client */
    patienter(50);
    relever(&avant);
    avant.zombies = PROCESSUS_MAX; /* une autre sonde les compte */
    for (int i = 0; i < 40; i++) {
        int client = joindre();
        dire(client, i % 4 ? "ligne\n" : "à demi");
        if (i % 4)
            attendre_ok(client, 1);
        if (i % 4 == 1)
            reinitialiser(client);
        else
            fermer(client);
    }
    attendre_retour(&avant, "40 clients partis");
}

void sonde_zombies(void)
{
    struct releve avant;
    int clients[20];
    relever(&avant);
    for (int i = 0; i < 20; i++)
        clients[i] = joindre();
    for (int i = 0; i < 20; i++) {
        dire(clients[i], "ligne\n");
        attendre_ok(clients[i], 1);
    }
    geler(); /* ils partiront tous ensemble */
    for (int i = 0; i < 20; i++)
        fermer(clients[i]);
    degeler();
    attendre_retour(&avant, "20 clients partis ensemble");
}

void sonde_rst(void)
{
    un_voisin();
    for (int i = 0; i < 10; i++) {
        int client = joindre();
        dire(client, "une ligne\n");
        attendre_ok(client, 1);
        if (i % 2) {
            dire(client, "abc");
            patienter(5);
        }
        reinitialiser(client);
        patienter(5);
        if (!vit(cible.pid))
            faute("il meurt d'un client qui réinitialise");
    }
    le_voisin_continue();
}

void sonde_sigpipe(void)
{
    un_voisin();
    int clients[5];
    for (int i = 0; i < 5; i++) {
        clients[i] = joindre();
        dire(clients[i], "bonjour\n");
        attendre_ok(clients[i], 1);
    }
    geler();
    for (int i = 0; i < 5; i++) {
        dire(clients[i], "une\ndeux\n");
        if (i % 2)
            demi_fermer(clients[i]); /* un FIN, puis un RST : send() échoue par EPIPE */
        reinitialiser(clients[i]);
    }
    degeler();
    for (int i = 0; i < 10; i++) {
        int client = joindre();
        dire(client, "une ligne dont la réponse ne sera pas lue\n");
        reinitialiser(client);
    }
    /* Et de celui qui part en laissant des réponses qui n'ont pas pu partir. */
    int client = joindre_avec_un_petit_tampon();
    remplir(client);
    fermer(client);
    patienter(100);
    if (!vit(cible.pid))
        faute("il meurt d'écrire à un client parti");
    le_voisin_continue();
}

void sonde_avortes(void)
{
    un_voisin();
    geler();
    for (int i = 0; i < 20; i++) {
        int client = joindre();
        if (i % 3 == 1)
            dire(client, "abc");
        if (i % 3 == 2)
            dire(client, "une\ndeux\n");
        reinitialiser(client); /* avant même d'avoir été accepté */
    }
    degeler();
    patienter(100);
    if (!vit(cible.pid))
        faute("il meurt de clients repartis avant accept()");
    le_voisin_continue();
}

/* Le client disparaît sans un FIN ni un RST, comme une machine que l'on débranche. */
void sonde_disparu(void)
{
    struct releve avant;
    if (cible.delai == 0 || cible.delai > 10)
        sans_objet("il faut un serveur qui raccroche après peu de secondes, et le dire (-d)");
    un_echange("au départ");
    patienter(50);
    relever(&avant);
    for (int i = 0; i < 5; i++) {
        int client = joindre(), oui = 1;
        dire(client, i % 2 ? "à demi" : "ligne\n");
        if (i % 2 == 0)
            attendre_ok(client, 1);
        if (setsockopt(client, IPPROTO_TCP, TCP_REPAIR, &oui, sizeof oui) == -1)
            sans_objet("disparaître sans un mot demande un privilège (CAP_NET_ADMIN)");
        fermer(client);
    }
    patienter((int)cible.delai * 1000);
    attendre_retour(&avant, "5 clients disparus");
}
