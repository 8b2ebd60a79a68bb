/*
 * SPDX-License-Identifier: MIT
 *
 * Beaucoup de clients à la fois, plus qu'il n'en peut servir, plus qu'il n'a de descripteurs.
 */
#include "sondes.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { FOULE = 1100, INACTIFS = 10000 };

void sonde_jetons(void)
{
    enum { CLIENTS = 50 };
    int clients[CLIENTS];
    geler(); /* ils seront acceptés d'un trait */
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = joindre();
        for (int n = 0; n <= i; n++) /* on reconnaît chacun au nombre de ses réponses */
            dire(clients[i], "ligne\n");
    }
    degeler();
    for (int i = 0; i < CLIENTS; i++)
        attendre_ok(clients[i], i + 1);
    for (int i = CLIENTS - 1; i >= 0; i--)
        dire(clients[i], i % 2 ? "à deux\nfois\n" : "une fois\n");
    for (int i = 0; i < CLIENTS; i++)
        attendre_ok(clients[i], 1 + i % 2);
    patienter(50);
    for (int i = 0; i < CLIENTS; i++) {
        attendre_silence(clients[i], 0);
        fermer(clients[i]);
    }
}

static void un_echange_encore(int ancien, const char *quand)
{
    char format[128];
    snprintf(format, sizeof format, "%s", quand);
    dire(ancien, "ligne\n");
    if (accueil(ancien, AUSSITOT) != SERVI)
        faute("%s, un client déjà là n'est plus servi", format);
}

/* Des clients, plus qu'il ne lui reste de descripteurs : « libres ». */
static void epuiser(int libres, int nombre, int ancien)
{
    enum { TROP = 300 };
    int clients[TROP], restent = limiter_descripteurs(libres);
    nombre += restent > libres ? restent - libres : 0; /* les trous de sa table, d'abord */
    if (nombre > TROP)
        sans_objet("il a hérité de descripteurs trop hauts pour que l'on épuise les autres");
    for (int i = 0; i < nombre; i++) {
        clients[i] = joindre();
        pousser(clients[i], "ligne\n", 6);
    }
    patienter(200);
    if (!vit(cible.pid))
        faute("à court de descripteurs, il meurt");
    un_echange_encore(ancien, "à court de descripteurs");
    verifier_repos("à court de descripteurs");
    if (!vit(cible.pid))
        faute("à court de descripteurs, il meurt");
    for (int i = 0; i < nombre; i++)
        fermer(clients[i]);
}

void sonde_emfile(void)
{
    struct releve avant;
    un_echange("au départ");
    int ancien = joindre();
    un_echange_encore(ancien, "au départ");
    patienter(50);
    relever(&avant);
    epuiser(8, 40, ancien);
    attendre_retour(&avant, "l'épuisement passé");
    un_echange("les clients de trop partis");
    rendre_descripteurs();
    epuiser(0, 5, ancien); /* pas même un : accept() ne peut qu'échouer */
    rendre_descripteurs();
    un_echange("les descripteurs revenus");
    attendre_retour(&avant, "l'épuisement passé");
    un_echange_encore(ancien, "l'épuisement passé");
    fermer(ancien);
}

/* « nombre » clients à la fois, dont on compte les servis ; chacun l'est, ou est refusé d'un mot. */
static int clients[INACTIFS];

static void une_foule(int nombre, bool toute)
{
    struct releve avant;
    int servis = 0, refuses = 0, un_servi = -1;
    prendre_tous_les_descripteurs(nombre + 100);
    un_echange("au départ");
    int ancien = joindre();
    un_echange_encore(ancien, "au départ");
    patienter(50);
    relever(&avant);

    long long debut = maintenant();
    for (int i = 0; i < nombre; i++)
        clients[i] = joindre();
    for (int i = 0; i < nombre; i++)
        pousser(clients[i], "ligne\n", 6);
    if (cible.delai > 0 && maintenant() - debut > 700 * cible.delai) {
        for (int i = 0; i < nombre; i++)
            reinitialiser(clients[i]);
        attendre_retour(&avant, "la foule partie");
        sans_objet("%d clients ont mis trop longtemps à venir pour qui raccroche après %ld s",
                   nombre, cible.delai);
    }
    un_echange_encore(ancien, "à l'arrivée d'une foule");
    for (int i = 0; i < nombre; i++) {
        switch (accueil(clients[i], ECHEANCE)) {
        case SERVI:
            servis++;
            un_servi = i;
            break;
        case REFUSE:
            refuses++;
            break;
        case PERDU:
            faute("sur %d clients à la fois, %d servis, %d refusés d'un mot, et le suivant %s",
                  nombre, servis, refuses,
                  vit(cible.pid) ? "n'a ni réponse ni refus" : "ne trouve plus de serveur");
        }
    }
    if (toute && refuses > 0)
        faute("%d clients à la fois, il en refuse %d", nombre, refuses);
    if (cible.limite > 0 && servis > cible.limite - 1)
        faute("il dit servir %ld clients au plus, en voici %d", cible.limite, servis + 1);
    /* à quelques descripteurs hérités près ; et s'ils sont plusieurs, chacun n'a pas exactement sa part */
    long due = avant.processus > 1 ? cible.limite / 2 : cible.limite - 5;
    if (cible.limite > 0 && refuses > 0 && servis < due)
        faute("il dit servir %ld clients au plus, et en refuse dès le %de", cible.limite,
              servis + 2);
    un_echange_encore(ancien, "plein de clients");
    verifier_repos("plein de clients, qui se taisent");
    if (refuses > 0) { /* une place rendue est une place */
        enum accueil repris = REFUSE;
        /* des processus qui se partagent l'accueil : il peut tomber sur un autre, encore plein */
        for (int essais = avant.processus > 1 ? 40 : 1; repris == REFUSE && essais > 0; essais--) {
            fermer(clients[un_servi]);
            patienter(essais == 1 ? 200 : 20);
            clients[un_servi] = joindre();
            pousser(clients[un_servi], "ligne\n", 6);
            repris = accueil(clients[un_servi], ECHEANCE);
        }
        if (repris != SERVI)
            faute("un client parti, sa place n'est pas rendue");
    }
    for (int i = 0; i < nombre; i++)
        reinitialiser(clients[i]);
    attendre_retour(&avant, "la foule partie");
    un_echange("la foule partie");
    un_echange_encore(ancien, "la foule partie");
    fermer(ancien);
}

void sonde_foule(void)
{
    bool peu = cible.limite > 0 && cible.limite < FOULE;
    une_foule(peu && cible.limite + 50 < FOULE ? (int)cible.limite + 50 : FOULE,
              !peu && cible.limite > 0);
}

void sonde_inactifs(void)
{
    if (cible.limite > 0 && cible.limite <= INACTIFS)
        sans_objet("il dit n'en servir que %ld à la fois", cible.limite);
    une_foule(INACTIFS, true);
}

void sonde_familles(void)
{
    static const char *adresses[] = {"127.0.0.1", "127.0.0.2", "::1"};
    FILE *f = fopen("/proc/net/if_inet6", "r");
    int nombre = f && fgetc(f) != EOF ? 3 : 2;
    if (f)
        fclose(f);
    for (int i = 0; i < nombre; i++) {
        int client = joindre_a(adresses[i], cible.port);
        if (client == -1)
            faute("appelé par %s : %s", adresses[i], strerror(errno));
        dire(client, "ligne\n");
        attendre_ok(client, 1);
        fermer(client);
    }
}
