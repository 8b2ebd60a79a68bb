/*
 * Donner un fichier ouvert à un autre processus : sendmsg() et SCM_RIGHTS
 *
 *   ./local/06-donner fichier [chemin]
 *
 * En face : local/07-recevoir, lancé avant
 * À regarder : ce n'est pas le contenu qui part, ni le numéro : c'est l'accès au fichier ouvert, là
 * où la lecture en était. Donné, il survit à celui qui l'a donné.
 * SPDX-License-Identifier: MIT
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../common/affichage.h"
#include "../common/erreur.h"
#include "../common/programme.h"
#include "chemin.h"

int main(int argc, char *argv[])
{
    const char *fichier = NULL, *chemin = "essais/guichet";
    lire_arguments(argc, argv,
                   "fichier [chemin]\nOuvre un fichier, et le donne\n"
                   "En face : local/07-recevoir",
                   &fichier, &chemin);
    struct sockaddr_un adresse;
    socklen_t taille = lire_chemin(chemin, &adresse);

    /* Étape 1 : ouvrir le fichier, et en lire le début ; la position de lecture avance */
    char debut[4];
    int descripteur = exiger("open", open(fichier, O_RDONLY | O_CLOEXEC));
    printf("open : descripteur %d\n", descripteur);
    int lus = exiger("read", (int)read(descripteur, debut, sizeof debut));
    afficher_octets("read", debut, (size_t)lus);

    /* Étape 2 : un datagramme d'un octet, et un message de contrôle : le descripteur */
    struct iovec morceau = {.iov_base = (char[]){"!"}, .iov_len = 1};
    union { /* la place du contrôle, alignée comme il faut */
        char octets[CMSG_SPACE(sizeof(int))];
        struct cmsghdr entete;
    } controle = {0};
    struct msghdr lettre = {
        .msg_name = &adresse,
        .msg_namelen = taille,
        .msg_iov = &morceau,
        .msg_iovlen = 1,
        .msg_control = &controle,
        .msg_controllen = sizeof controle,
    };
    controle.entete.cmsg_level = SOL_SOCKET;
    controle.entete.cmsg_type = SCM_RIGHTS;
    controle.entete.cmsg_len = CMSG_LEN(sizeof descripteur);
    memcpy(CMSG_DATA(&controle.entete), &descripteur, sizeof descripteur);

    /* Étape 3 : l'envoyer ; le noyau garde le fichier ouvert tant que la lettre est en route. Si trop
     * de lettres attendent au guichet, on attend qu'il y ait place */
    int socket_client = exiger("socket", socket(AF_UNIX, SOCK_DGRAM, 0));
    exiger("sendmsg", (int)sendmsg(socket_client, &lettre, MSG_NOSIGNAL), &adresse);
    printf("sendmsg : SCM_RIGHTS, descripteur %d\n", descripteur);

    /* Étape 4 : fermer le nôtre ; celui d'en face est à lui */
    exiger("close", close(descripteur));
    printf("close : descripteur %d\n", descripteur);
    exiger("close", close(socket_client));
    return 0;
}
