/*
 * Recevoir beaucoup d'octets, et les compter
 *
 *   ./tcp/27-reception [-s] [-c clients] [-a adresse] [port]
 *   -s : leur somme, celle de la commande sum ; -c : finir après tant de clients (un seul, sinon)
 *
 * En face : tcp/27-transfert fichier, ou nc 127.0.0.1 5000
 * À regarder : recv rend ce qui est là, rarement de quoi remplir le tampon ; le temps de processeur.
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "../common/bouts.h"
#include "../common/erreur.h"
#include "../common/programme.h"

enum { TAMPON = 128 << 10, SILENCE = 10 }; /* 10 secondes */

/* La somme de ces octets, à la suite d'autres : la même, ils sont les mêmes, dans le même ordre. */
static unsigned ajouter(unsigned somme, const unsigned char *octets, size_t taille)
{
    for (size_t i = 0; i < taille; i++)
        somme = ((somme >> 1) + ((somme & 1) << 15) + octets[i]) & 0xffff; /* tourne, et ajoute */
    return somme;
}

int main(int argc, char *argv[])
{
    static unsigned char tampon[TAMPON];
    const char *sommer = NULL, *adresse = "0.0.0.0", *port = "5000", *clients = "1";
    const char *usage =
        "[-s] [-c clients] [-a adresse] [port]\nCompte ce qu'envoie chaque client ; "
        "-s : la somme aussi";
    lire_arguments(argc, argv, usage, &sommer, &clients, &adresse, &port);
    long restants = lire_nombre("clients", clients, 1, 100000);

    /* Étape 1 : écouter ; puis un client après l'autre, et pas un de plus */
    int socket_ecoute = ecouter(adresse, port);
    for (; restants > 0; restants--) {
        int socket_dialogue = exiger("accept", accept(socket_ecoute, NULL, NULL));
        struct timeval silence = {.tv_sec = SILENCE};
        exiger("setsockopt",
               setsockopt(socket_dialogue, SOL_SOCKET, SO_RCVTIMEO, &silence, sizeof silence));

        /* Étape 2 : lire jusqu'à la fin du flux */
        clock_t debut = clock();
        unsigned somme = 0;
        long long octets = 0, appels = 0;
        ssize_t n;
        while ((n = recv(socket_dialogue, tampon, sizeof tampon, 0)) != 0) {
            if (n == -1 && errno == EINTR)
                continue; /* Ctrl-Z, puis fg : SO_RCVTIMEO fait rendre la main à recv */
            if (n == -1)
                break;
            octets += n;
            appels++;
            if (sommer)
                somme = ajouter(somme, tampon, (size_t)n);
        }
        if (n == -1)
            signaler("recv"); /* ce client-là ; un autre peut encore venir */

        /* Étape 3 : le dire, et fermer : c'est la fin qu'attend celui qui envoie */
        long processeur = (long)((clock() - debut) * 1000 / CLOCKS_PER_SEC);
        printf("recv : %lld octet%s en %lld appel%s, processeur %ld ms", octets,
               octets > 1 ? "s" : "", appels, appels > 1 ? "s" : "", processeur);
        if (sommer)
            printf(", somme %05u", somme);
        printf("\n");
        exiger("close", close(socket_dialogue));
    }
    return 0;
}
