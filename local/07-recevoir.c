/*
 * Recevoir un fichier ouvert, et savoir de qui : recvmsg(), SCM_RIGHTS et SCM_CREDENTIALS
 *
 *   ./local/07-recevoir [chemin]
 *
 * En face : local/06-donner
 * À regarder : le descripteur a un autre numéro ici, et la lecture reprend où le donneur s'est
 * arrêté. Avec SO_PASSCRED, le noyau joint à chaque message le pid et l'uid de qui l'envoie.
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* struct ucred */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../common/affichage.h"
#include "../common/erreur.h"
#include "../common/programme.h"
#include "chemin.h"

#pragma GCC diagnostic ignored "-Wsign-conversion" /* CMSG_NXTHDR, tel que l'écrit musl */

int main(int argc, char *argv[])
{
    const char *chemin = "essais/guichet";
    lire_arguments(argc, argv,
                   "[chemin]\nReçoit un fichier ouvert, et le lit\n"
                   "En face : local/06-donner",
                   &chemin);

    /* Étape 1 : une socket de datagrammes, attachée à un chemin ; demander l'identité de chacun */
    struct sockaddr_un adresse;
    socklen_t taille = lire_chemin(chemin, &adresse);
    int oui = 1, socket_serveur = exiger("socket", socket(AF_UNIX, SOCK_DGRAM, 0));
    exiger("setsockopt", setsockopt(socket_serveur, SOL_SOCKET, SO_PASSCRED, &oui, sizeof oui));
    printf("setsockopt : SO_PASSCRED\n");
    exiger("bind", bind(socket_serveur, (struct sockaddr *)&adresse, taille), &adresse);
    afficher_chemin("bind", &adresse, taille);

    /* Étape 2 : recevoir un octet, et deux messages de contrôle ; on attend aussi longtemps qu'il
     * faut. MSG_CMSG_CLOEXEC : ce que l'on nous donne ne passera pas à un programme lancé d'ici */
    char octet;
    struct iovec morceau = {.iov_base = &octet, .iov_len = 1};
    union {
        char octets[CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(struct ucred))];
        struct cmsghdr entete;
    } controle;
    struct msghdr lettre = {
        .msg_iov = &morceau,
        .msg_iovlen = 1,
        .msg_control = &controle,
        .msg_controllen = sizeof controle,
    };
    exiger("recvmsg", (int)recvmsg(socket_serveur, &lettre, MSG_CMSG_CLOEXEC));
    exiger("unlink", chemin[0] == '@' ? 0 : unlink(chemin)); /* personne d'autre à servir */

    /* Étape 3 : les messages de contrôle, un par un */
    int descripteur = -1;
    for (struct cmsghdr *e = CMSG_FIRSTHDR(&lettre); e; e = CMSG_NXTHDR(&lettre, e)) {
        if (e->cmsg_level == SOL_SOCKET && e->cmsg_type == SCM_CREDENTIALS) {
            struct ucred qui;
            memcpy(&qui, CMSG_DATA(e), sizeof qui);
            printf("recvmsg : SCM_CREDENTIALS, pid %d, uid %u (%s)\n", qui.pid, qui.uid,
                   qui.uid == getuid() ? "le mien" : "un autre");
        } else if (e->cmsg_level == SOL_SOCKET && e->cmsg_type == SCM_RIGHTS) {
            size_t nombre = (e->cmsg_len - CMSG_LEN(0)) / sizeof descripteur;
            while (nombre-- > 0) { /* on en garde un ; un donneur peut en avoir mis deux */
                if (descripteur != -1)
                    exiger("close", close(descripteur));
                memcpy(&descripteur, CMSG_DATA(e) + nombre * sizeof descripteur,
                       sizeof descripteur);
            }
            printf("recvmsg : SCM_RIGHTS, descripteur %d\n", descripteur);
        }
    }
    if (descripteur == -1)
        abandonner("ce message ne porte pas de descripteur");

    /* Étape 4 : il est à nous ; la suite, d'où le donneur l'a laissée. D'un fichier, elle est là ;
     * d'une socket, on attend que l'autre bout parle */
    char suite[64];
    int lus = exiger("read", (int)read(descripteur, suite, sizeof suite));
    char *fin = memchr(suite, '\n', (size_t)lus);
    afficher_octets("read", suite, fin ? (size_t)(fin - suite) + 1 : (size_t)lus);
    exiger("close", close(descripteur));
    exiger("close", close(socket_serveur));
    return 0;
}
