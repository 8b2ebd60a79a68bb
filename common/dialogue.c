/* SPDX-License-Identifier: MIT */
#include "dialogue.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "affichage.h"
#include "erreur.h"
#include "programme.h"

enum { SILENCE_MS = 1000, ATTENTE_MS = 3000 }; /* avant de fermer : de silence, et en tout */

enum ligne recevoir_ligne(int socket_dialogue, struct lignes *recues, const char **ligne,
                          size_t *longueur)
{
    enum ligne quoi;
    while ((quoi = lignes_retirer(recues, false, ligne, longueur)) == LIGNE_AUCUNE) {
        char morceau[1024];
        ssize_t n = recv(socket_dialogue, morceau, sizeof morceau, 0);
        if (n == -1 && errno == EINTR)
            continue;
        if (n == -1) {
            signaler("recv");
            return LIGNE_AUCUNE;
        }
        if (n == 0) {
            printf("recv : 0 octet, fin du flux\n");
            quoi = lignes_retirer(recues, true, ligne, longueur);
            break;
        }
        afficher_octets("recv", morceau, (size_t)n);
        if (!lignes_ajouter(recues, morceau, (size_t)n)) {
            signaler("realloc");
            return LIGNE_AUCUNE;
        }
    }
    if (quoi == LIGNE_TROP_LONGUE)
        printf("ligne trop longue : %zu octets gardés, la suite ignorée\n", *longueur);
    return quoi;
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

/* Lit et jette, jusqu'à la fin du flux ou d'une des deux patiences. */
static void vider(int socket_dialogue)
{
    size_t jetes = 0;
    const char *fin = "poll : 3 s passées, on n'attend plus";
    long long echeance = maintenant_ms() + ATTENTE_MS, delai;
    while ((delai = echeance - maintenant_ms()) > 0) {
        char reste[4096];
        struct pollfd attendu = {.fd = socket_dialogue, .events = POLLIN};
        int prets = poll(&attendu, 1, delai < SILENCE_MS ? (int)delai : SILENCE_MS);
        ssize_t n = prets == 1 ? recv(socket_dialogue, reste, sizeof reste, 0) : -1;
        if (n > 0) {
            jetes += (size_t)n;
        } else if (n == 0) {
            fin = "recv : 0 octet, fin du flux";
            break;
        } else if (prets == 0) {
            fin = delai < SILENCE_MS ? fin : "poll : rien depuis 1 s, on n'attend plus";
            break;
        } else if (errno != EINTR) { /* un signal n'est pas une fin */
            signaler(prets == 1 ? "recv" : "poll");
            fin = NULL;
            break;
        }
    }
    if (jetes > 0)
        printf("recv : %zu octet%s jeté%s\n", jetes, jetes > 1 ? "s" : "", jetes > 1 ? "s" : "");
    if (fin)
        printf("%s\n", fin);
}

void raccrocher(int socket_dialogue)
{
    /* close() avec des octets non lus enverrait un RST, qui peut effacer chez le pair une réponse
     * pas encore lue. On dit donc « j'ai fini » (FIN), et on lit jusqu'à sa fin à lui. */
    if (shutdown(socket_dialogue, SHUT_WR) == 0) {
        printf("shutdown : SHUT_WR\n");
        vider(socket_dialogue);
    } else if (errno == ENOTCONN) {
        printf("shutdown : la connexion n'est plus [ENOTCONN]\n"); /* un RST l'a déjà dit */
    } else {
        signaler("shutdown");
    }
    if (close(socket_dialogue) == -1)
        signaler("close");
    else
        printf("close : descripteur %d\n", socket_dialogue);
}
