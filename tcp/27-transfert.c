/*
 * Beaucoup d'octets : un fichier, envoyé de six façons
 *
 *   ./tcp/27-transfert [-m méthode] [-n fois] fichier [hôte [port]]
 *   Méthodes : 65536, 512, 4096, 1048576 (read puis send, de cette taille), sendfile, splice
 *
 * En face : tcp/27-reception -c 6, lancé avant ; un client par méthode
 * À regarder : le nombre d'appels, et le temps de processeur ; celui de l'autre est de son côté.
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* splice, absent de POSIX */
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../common/erreur.h"
#include "../common/programme.h"

enum { TAMPON = 1 << 20, TUBE = 65536, BEAUCOUP = 1 << 30 };
static const char *const methodes[] = {"65536", "512", "4096", "1048576", "sendfile", "splice"};
enum { NOMBRE = sizeof methodes / sizeof *methodes };
static char tampon[TAMPON];

/* Le fichier entier, par cette méthode ; rend le nombre d'appels. */
static long envoyer(int s, int fichier, const int tube[2], const char *methode)
{
    size_t bloc = strtoul(methode, NULL, 10);
    long appels = 0;
    for (int lus = 1, n; lus > 0; appels++) {
        if (bloc > 0) { /* read() copie vers nous, send() copie vers le noyau */
            lus = exiger("read", (int)read(fichier, tampon, bloc));
            for (int i = 0; i < lus; i += n, appels++)
                n = exiger("send", (int)send(s, tampon + i, (size_t)(lus - i), 0));
        } else if (strcmp(methode, "sendfile") == 0) { /* du fichier à la socket, sans nous */
            lus = exiger("sendfile", (int)sendfile(s, fichier, NULL, BEAUCOUP));
        } else { /* de même, en passant par un tube */
            lus = exiger("splice", (int)splice(fichier, NULL, tube[1], NULL, TUBE, 0));
            for (int i = 0; i < lus; i += n, appels++)
                n = exiger("splice", (int)splice(tube[0], NULL, s, NULL, (size_t)(lus - i), 0));
        }
    }
    return appels;
}

int main(int argc, char *argv[])
{
    const char *methode = NULL, *fois = "4", *chemin, *hote = "127.0.0.1", *port = "5000";
    const char *usage = "[-m méthode] [-n fois] fichier [hôte [port]]\nEnvoie un fichier\n"
                        "Méthodes : 65536, 512, 4096, 1048576, sendfile, splice ; ou toutes";
    lire_arguments(argc, argv, usage, &methode, &fois, &chemin, &hote, &port);
    long passes = lire_nombre("fois", fois, 1, 100000);
    struct sockaddr_in serveur = {.sin_family = AF_INET, .sin_port = htons(lire_port(port))};
    int m = 0, tube[2];
    while (methode && m < NOMBRE && strcmp(methodes[m], methode) != 0)
        m++;
    if (m == NOMBRE)
        refuser("méthode « %.200s » : inconnue", methode);
    serveur.sin_addr = lire_adresse(hote);
    signal(SIGPIPE, SIG_IGN); /* sendfile et splice n'ont pas de MSG_NOSIGNAL */

    /* Étape 1 : le fichier, et un tube */
    int fichier = exiger("open", open(chemin, O_RDONLY));
    exiger("pipe", pipe(tube));
    clock_t reference = 0;
    for (int fin = methode ? m + 1 : NOMBRE; m < fin; m++) {
        /* Étape 2 : une connexion neuve */
        int s = exiger("socket", socket(AF_INET, SOCK_STREAM, 0));
        exiger("connect", connect(s, (struct sockaddr *)&serveur, sizeof serveur), &serveur);

        /* Étape 3 : envoyer */
        long long debut = maintenant_ms();
        clock_t processeur = clock();
        long appels = 0;
        for (long i = 0; i < passes; i++) {
            exiger("lseek", (int)lseek(fichier, 0, SEEK_SET));
            appels += envoyer(s, fichier, tube, methodes[m]);
        }
        processeur = clock() - processeur;

        /* Étape 4 : dire que c'est fini, et attendre la fin de l'autre, le temps qu'il lise tout */
        exiger("shutdown", shutdown(s, SHUT_WR));
        while (exiger("recv", (int)recv(s, tampon, TAMPON, 0)) > 0)
            continue;
        exiger("close", close(s));
        reference = reference ? reference : processeur + 1;
        double part = (double)processeur / (double)reference;
        const char *avis = part < 0.8 ? "moins" : "à peu près autant";
        printf("%-8s : %7ld appels, %5ld ms, dont processeur %5ld : %s\n", methodes[m], appels,
               (long)(maintenant_ms() - debut), (long)(processeur * 1000 / CLOCKS_PER_SEC),
               part > 1.25 ? "plus" : avis);
    }
    return 0;
}
