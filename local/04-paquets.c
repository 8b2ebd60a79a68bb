/*
 * Trois types de sockets locales : flux, paquets, datagrammes
 *
 *   ./local/04-paquets
 *
 * En face : personne, le programme tient les deux bouts de chaque paire.
 * À regarder : les deux mêmes envois (six octets, puis deux), lus quatre octets à la fois. Un flux
 * rend la suite ; un paquet ou un datagramme entamé perd la sienne. Et qui sait écouter.
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../common/affichage.h"
#include "../common/erreur.h"
#include "../common/programme.h"

/* Le texte et la valeur d'une constante, écrits une seule fois. */
#define CONSTANTE(nom) #nom, nom

static const struct type {
    const char *texte;
    int valeur;
} types[] = {
    {CONSTANTE(SOCK_STREAM)},
    {CONSTANTE(SOCK_SEQPACKET)},
    {CONSTANTE(SOCK_DGRAM)},
    {CONSTANTE(SOCK_RDM)},
};

/* Lit quatre octets au plus à la fois, jusqu'à ce qu'il n'y ait plus rien. */
static void lire_par_morceaux(int bout)
{
    char morceau[4];
    ssize_t n;
    /* MSG_DONTWAIT : ne pas attendre. MSG_TRUNC : rendre la vraie taille du paquet, même coupé */
    while ((n = recv(bout, morceau, sizeof morceau, MSG_DONTWAIT | MSG_TRUNC)) > 0) {
        size_t gardes = (size_t)n < sizeof morceau ? (size_t)n : sizeof morceau;
        afficher_octets("recv", morceau, gardes);
        if ((size_t)n > gardes)
            printf("recv : le paquet en avait %zd, la suite est perdue\n", n);
    }
    printf("recv : %s\n", n == 0 ? "0 octet, fin" : texte_erreur(errno));
}

int main(int argc, char *argv[])
{
    lire_arguments(argc, argv, "\nLes types de sockets locales, côte à côte", NULL);

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        /* Étape 1 : une paire de ce type, si la famille l'offre */
        int bouts[2];
        int retour = socketpair(AF_UNIX, types[i].valeur, 0, bouts);
        printf("socketpair : %s%s%s\n", types[i].texte, retour == -1 ? ", " : "",
               retour == -1 ? texte_erreur(errno) : "");
        if (retour == -1)
            continue;

        /* Étape 2 : deux envois, et la fin */
        exiger("send", (int)send(bouts[0], "aabbcc", 6, 0));
        exiger("send", (int)send(bouts[0], "dd", 2, 0));
        exiger("close", close(bouts[0]));

        /* Étape 3 : qu'en lit-on, par morceaux de quatre octets ? */
        lire_par_morceaux(bouts[1]);
        exiger("close", close(bouts[1]));

        /* Étape 4 : listen() veut un type connecté, et une adresse ; sans chemin, le noyau choisit
         * un nom abstrait */
        struct sockaddr_un adresse = {.sun_family = AF_UNIX};
        int s = exiger("socket", socket(AF_UNIX, types[i].valeur, 0));
        exiger("bind", bind(s, (struct sockaddr *)&adresse, sizeof adresse.sun_family), &adresse);
        printf("listen : %s\n", listen(s, 1) == -1 ? texte_erreur(errno) : "oui");
        exiger("close", close(s));
    }
    return 0;
}
