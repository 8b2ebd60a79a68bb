/*
 * Du nom aux adresses : getaddrinfo(), et retour
 *
 *   ./ipv6/01-adresses [nom [service]]
 *
 * En face : personne ; les réponses viennent de /etc/hosts, de /etc/services et du DNS.
 * À regarder : un nom peut donner plusieurs adresses, de deux familles, dans l'ordre où les
 * essayer. Sans nom, getaddrinfo() donne où appeler (la boucle locale) ou, avec AI_PASSIVE, où
 * attendre (toutes les interfaces) : comparer l'ordre des familles.
 * SPDX-License-Identifier: MIT
 */
#define _DEFAULT_SOURCE /* NI_MAXHOST, absent de POSIX */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "../common/affichage.h"
#include "../common/erreur.h"
#include "../common/programme.h"

static void montrer_adresses(const char *nom, const char *service, int drapeaux)
{
    /* Étape 1 : ce que l'on cherche ; AF_UNSPEC : IPv4 et IPv6 */
    struct addrinfo criteres = {
        .ai_family = AF_UNSPEC,
        .ai_socktype = SOCK_STREAM,
        .ai_flags = drapeaux,
    };

    /* Étape 2 : demander ; l'erreur est le code de retour, pas errno */
    struct addrinfo *liste;
    exiger_resolution("getaddrinfo", getaddrinfo(nom, service, &criteres, &liste));
    if (nom)
        afficher_octets("getaddrinfo", nom, strlen(nom));
    else
        printf("getaddrinfo : sans nom%s\n", drapeaux ? ", AI_PASSIVE" : "");

    /* Étape 3 : parcourir la liste, dans l'ordre où il faut essayer */
    int nombre = 0;
    for (struct addrinfo *a = liste; a; a = a->ai_next) {
        struct sockaddr_storage adresse; /* assez grande pour toute famille */
        memcpy(&adresse, a->ai_addr, a->ai_addrlen);
        char texte[TEXTE_ADRESSE];
        printf("  %d. %s %s, %u octets\n", ++nombre,
               adresse.ss_family == AF_INET6 ? "AF_INET6" : "AF_INET",
               texte_adresse(&adresse, texte), (unsigned)a->ai_addrlen);

        /* Étape 4 : et retour, de l'adresse au nom et au service */
        if (!nom)
            continue; /* rien à retrouver : pas de nom à demander au DNS */
        char hote_trouve[NI_MAXHOST], service_trouve[NI_MAXSERV];
        int code = getnameinfo(a->ai_addr, a->ai_addrlen, hote_trouve, sizeof hote_trouve,
                               service_trouve, sizeof service_trouve, 0);
        if (code != 0) { /* hors ligne, souvent : il manque un nom, pas une adresse */
            printf("     getnameinfo : %s\n", texte_erreur(code == EAI_SYSTEM ? errno : code));
            continue;
        }
        afficher_octets("     getnameinfo, hôte", hote_trouve, strlen(hote_trouve));
        afficher_octets("     getnameinfo, service", service_trouve, strlen(service_trouve));
    }

    /* Étape 5 : rendre la liste, qui a été allouée pour nous */
    freeaddrinfo(liste);
}

int main(int argc, char *argv[])
{
    const char *nom = NULL, *service = "5000";
    lire_arguments(argc, argv, "[nom [service]]\nMontre toutes les adresses d'un nom", &nom,
                   &service);
    if (service[strcspn(service, "abcdefghijklmnopqrstuvwxyz")] == '\0') /* pas un nom */
        (void)lire_port(service); /* getaddrinfo réduirait 70000 à 4464 sans rien dire */

    if (nom)
        verifier_nom(nom);
    montrer_adresses(nom, service, 0);
    if (!nom)
        montrer_adresses(NULL, service, AI_PASSIVE);
    return 0;
}
