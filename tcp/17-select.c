/*
 * Bavarder sans second processus : select() surveille le clavier et la socket
 *
 *   ./tcp/17-select [hôte [port [délai]]]      le délai est en millisecondes
 *
 * En face : nc -l -p 5000
 * À regarder : l'ensemble, refait à chaque tour, parce que select() le réécrit ; le délai, que Linux
 * réécrit aussi.
 * Limite : un pair qui ne lit plus finit par nous bloquer dans send().
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/affichage.h"
#include "../common/dialogue.h"
#include "../common/erreur.h"
#include "../common/programme.h"
#pragma GCC diagnostic ignored "-Wsign-conversion" /* les macros FD_… de musl */

enum { LG_MORCEAU = 1024 };

/* Refait l'ensemble, et attend, « ms » au plus. Rend faux si rien n'est venu. */
static bool choisir(int s, bool clavier, fd_set *lecture, long ms)
{
    struct timeval reste = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
    int prets;
    do {
        FD_ZERO(lecture);
        FD_SET(s, lecture); /* il tient dans l'ensemble : main() l'a vérifié */
        if (clavier)
            FD_SET(STDIN_FILENO, lecture);
        prets = select(s + 1, lecture, NULL, NULL, &reste);
    } while (prets == -1 && errno == EINTR); /* « reste » a diminué d'autant (glibc ; pas musl) */
    exiger("select", prets);
    printf("select :%s%s%s ; il reste %ld,%06ld s\n", prets == 0 ? " rien" : "",
           clavier && FD_ISSET(STDIN_FILENO, lecture) ? " clavier" : "",
           FD_ISSET(s, lecture) ? " socket" : "", (long)reste.tv_sec, (long)reste.tv_usec);
    return prets > 0;
}

int main(int argc, char *argv[])
{
    const char *hote = "127.0.0.1", *port = "5000", *delai = "3000";
    const char *usage = "[hôte [port [délai]]]\nBavarde, jusqu'à délai ms de silence\n"
                        "En face : nc -l -p 5000";
    lire_arguments(argc, argv, usage, &hote, &port, &delai);
    struct sockaddr_in serveur = {.sin_family = AF_INET, .sin_port = htons(lire_port(port))};
    serveur.sin_addr = lire_adresse(hote);
    long delai_ms = lire_nombre("délai", delai, 1, 3600000);

    /* Étape 1 : se connecter */
    int s = exiger("socket", socket(AF_INET, SOCK_STREAM, 0));
    printf("socket : descripteur %d\n", s);
    if (s >= FD_SETSIZE) /* FD_SET() écrirait à côté : voir 17-trop-grand */
        abandonner("descripteur %d : trop grand, FD_SETSIZE vaut %d", s, FD_SETSIZE);
    char texte[TEXTE_ADRESSE];
    exiger("connect", connect(s, (struct sockaddr *)&serveur, sizeof serveur), &serveur);
    printf("connect : %s\n", texte_adresse(&serveur, texte));

    /* Étape 2 : bavarder, jusqu'au silence, ou à la fin de l'autre */
    fd_set lecture;
    char octets[LG_MORCEAU];
    for (bool clavier = true; choisir(s, clavier, &lecture, delai_ms);) {
        if (FD_ISSET(s, &lecture)) {
            ssize_t recus = recv(s, octets, sizeof octets, 0);
            if (recus == -1 && errno == EINTR)
                continue;
            exiger("recv", recus == -1 ? -1 : 0);
            if (recus == 0) {
                printf("recv : 0 octet, fin du flux\n");
                break;
            }
            afficher_octets("recv", octets, (size_t)recus);
        }
        if (!clavier || !FD_ISSET(STDIN_FILENO, &lecture))
            continue;
        ssize_t lus = read(STDIN_FILENO, octets, sizeof octets);
        clavier = exiger("read", (int)lus) > 0;
        if (clavier && !envoyer_tout(s, octets, (size_t)lus))
            return 1;
        if (!clavier) { /* Ctrl-D : nous n'avons plus rien à dire, mais nous écoutons encore */
            exiger("shutdown", shutdown(s, SHUT_WR));
            printf("shutdown : SHUT_WR\n");
        }
    }
    exiger("close", close(s));
    printf("close : descripteur %d\n", s);
    return 0;
}
