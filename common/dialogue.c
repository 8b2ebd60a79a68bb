/* SPDX-License-Identifier: MIT */
#include "dialogue.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "affichage.h"
#include "erreur.h"

bool recevoir_ligne(int socket_dialogue, char *ligne, size_t taille, size_t *longueur)
{
    size_t gardes = 0, ignores = 0;
    char morceau[1024], *fin = NULL;
    while (!fin) {
        ssize_t n = recv(socket_dialogue, morceau, sizeof morceau, 0);
        if (n == -1 && errno == EINTR)
            continue;
        if (n == -1) {
            signaler("recv");
            return false;
        }
        if (n == 0) {
            printf("recv : 0 octet, fin du flux\n");
            break;
        }
        if (ignores == 0)
            afficher_octets("recv", morceau, (size_t)n);
        fin = memchr(morceau, '\n', (size_t)n);
        size_t utiles = fin ? (size_t)(fin - morceau) : (size_t)n;
        size_t pris = utiles < taille - gardes ? utiles : taille - gardes;
        memcpy(ligne + gardes, morceau, pris);
        gardes += pris;
        ignores += utiles - pris;
    }
    if (!fin && gardes == 0)
        return false;
    if (ignores > 0)
        printf("ligne trop longue : %zu octets gardés, %zu ignorés\n", gardes, ignores);
    else if (fin && gardes > 0 && ligne[gardes - 1] == '\r')
        gardes--;
    *longueur = gardes;
    return true;
}

bool envoyer_tout(int socket_dialogue, const void *octets, size_t taille)
{
    const char *reste = octets;
    while (taille > 0) {
        /* MSG_NOSIGNAL : si le pair est parti, l'erreur EPIPE plutôt que la mort par SIGPIPE */
        ssize_t n = send(socket_dialogue, reste, taille, MSG_NOSIGNAL);
        if (n == -1 && errno == EINTR)
            continue;
        if (n == -1) {
            signaler("send");
            return false;
        }
        afficher_octets("send", reste, (size_t)n);
        reste += n;
        taille -= (size_t)n;
    }
    return true;
}

void raccrocher(int socket_dialogue)
{
    /* close() avec des octets non lus enverrait un RST, qui peut effacer chez le pair une réponse
     * pas encore lue. On dit donc « j'ai fini » (FIN), et on lit jusqu'à sa fin à lui. Le délai
     * est d'une seconde par recv, et le tout ne dépasse pas trois. */
    struct timeval delai = {.tv_sec = 1};
    char reste[4096];
    shutdown(socket_dialogue, SHUT_WR);
    setsockopt(socket_dialogue, SOL_SOCKET, SO_RCVTIMEO, &delai, sizeof delai);
    for (time_t fin = time(NULL) + 2; time(NULL) < fin;) {
        ssize_t n = recv(socket_dialogue, reste, sizeof reste, 0);
        if (n == 0 || (n == -1 && errno != EINTR)) /* un signal n'est pas une fin */
            break;
    }
    if (close(socket_dialogue) == -1)
        signaler("close");
    else
        printf("close : descripteur %d\n", socket_dialogue);
}
