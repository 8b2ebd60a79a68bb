/*
 * Reprendre un port : ce que SO_REUSEADDR et SO_REUSEPORT permettent, et ce qu'elles refusent
 *
 *   ./tcp/13-reprise
 *
 * En face : personne ; une première socket prend un port, une seconde le demande.
 * À regarder : où en est la première ; l'option chez elle, puis chez la seconde.
 * SPDX-License-Identifier: MIT
 */
#define _DEFAULT_SOURCE /* SO_REUSEPORT, absente de POSIX */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/erreur.h"
#include "../common/programme.h"

enum quand { NON, AVANT, APRES }; /* l'option est-elle posée, et quand : avant bind, ou après */
static const struct essai {
    enum { ATTACHEE, ECOUTE, ACHEVEE } etat;
    int option;
    enum quand premiere, seconde;
    in_addr_t adresse; /* de la première ; la seconde demande 127.0.0.1 */
} essais[] = {
    {ACHEVEE, SO_REUSEADDR, NON, NON, INADDR_LOOPBACK},
    {ACHEVEE, SO_REUSEADDR, NON, AVANT, INADDR_LOOPBACK},
    {ACHEVEE, SO_REUSEADDR, AVANT, NON, INADDR_LOOPBACK},
    {ACHEVEE, SO_REUSEADDR, AVANT, AVANT, INADDR_LOOPBACK},
    {ACHEVEE, SO_REUSEADDR, AVANT, APRES, INADDR_LOOPBACK},
    {ACHEVEE, SO_REUSEADDR, APRES, AVANT, INADDR_LOOPBACK},
    {ATTACHEE, SO_REUSEADDR, NON, AVANT, INADDR_LOOPBACK},
    {ATTACHEE, SO_REUSEADDR, AVANT, AVANT, INADDR_LOOPBACK},
    {ECOUTE, SO_REUSEADDR, AVANT, AVANT, INADDR_LOOPBACK},
    {ECOUTE, SO_REUSEADDR, AVANT, AVANT, INADDR_ANY},
    {ECOUTE, SO_REUSEPORT, NON, AVANT, INADDR_LOOPBACK},
    {ECOUTE, SO_REUSEPORT, AVANT, AVANT, INADDR_LOOPBACK},
};
static const char *const etats[] = {"attachée", "à l'écoute", "TIME-WAIT"};
static const char *const quands[] = {"0", "1", "1 après bind"};

/* Étape 1 : une socket, son option, son adresse ; rend -1, errno, si le noyau refuse l'adresse */
static int attacher(int option, enum quand quand, struct sockaddr_in *adresse)
{
    socklen_t taille = sizeof *adresse;
    int oui = 1, s = exiger("socket", socket(AF_INET, SOCK_STREAM, 0));
    if (quand == AVANT)
        exiger("setsockopt", setsockopt(s, SOL_SOCKET, option, &oui, sizeof oui));
    int refus = bind(s, (struct sockaddr *)adresse, taille) == -1 ? errno : 0;
    if (quand == APRES)
        exiger("setsockopt", setsockopt(s, SOL_SOCKET, option, &oui, sizeof oui));
    exiger("getsockname", refus ? 0 : getsockname(s, (struct sockaddr *)adresse, &taille));
    exiger("close", refus ? close(s) : 0);
    errno = refus;
    return refus ? -1 : s;
}

/* Étape 2 : un client vient ; le serveur raccroche le premier, puis n'écoute plus */
static void achever(int ecoute, const struct sockaddr_in *adresse)
{
    char octet;
    int client = exiger("socket", socket(AF_INET, SOCK_STREAM, 0));
    exiger("connect", connect(client, (const struct sockaddr *)adresse, sizeof *adresse), adresse);
    exiger("close", close(exiger("accept", accept(ecoute, NULL, NULL))));
    exiger("recv", (int)recv(client, &octet, 1, 0)); /* 0 : la fin, venue du serveur */
    exiger("close", close(client) | close(ecoute));
}

int main(int argc, char *argv[])
{
    lire_arguments(argc, argv, "\nUne socket prend un port, une autre le redemande", NULL);
    for (size_t i = 0; i < sizeof essais / sizeof essais[0]; i++) {
        const struct essai *e = &essais[i];
        struct sockaddr_in adresse = {.sin_family = AF_INET, .sin_addr = {htonl(e->adresse)}};
        int premiere = exiger("bind", attacher(e->option, e->premiere, &adresse));
        exiger("listen", e->etat == ATTACHEE ? 0 : listen(premiere, 1));
        if (e->etat == ACHEVEE)
            achever(premiere, &adresse);
        printf("%s%s, %s %s puis %s : ", etats[e->etat], e->adresse == INADDR_ANY ? " de tout" : "",
               e->option == SO_REUSEADDR ? "SO_REUSEADDR" : "SO_REUSEPORT", quands[e->premiere],
               quands[e->seconde]);

        /* Étape 3 : la seconde demande le même port, et l'écoute */
        adresse.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        int seconde = attacher(e->option, e->seconde, &adresse);
        if (seconde == -1)
            printf("bind %s\n", strchr(texte_erreur(errno), '['));
        else
            printf("listen %s\n", listen(seconde, 1) == 0 ? "réussit" : texte_erreur(errno));
        exiger("close", e->etat == ACHEVEE ? 0 : close(premiere));
        exiger("close", seconde == -1 ? 0 : close(seconde));
    }

    /* Étape 4 : et avant d'avoir une socket ? Il n'y a rien à régler */
    int oui = 1, retour = setsockopt(-1, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui);
    printf("setsockopt avant socket : %s\n", retour ? strchr(texte_erreur(errno), '[') : "0");
    return 0;
}
