/*
 * Le flux, vu des deux bouts : collé, coupé, regardé, attendu, retenu
 *
 *   ./tcp/08-flux [essai]
 *
 * Essais : colles (par défaut), coupes, sens, regarder, attendre, sans-attendre, retenir.
 * En face : personne, le programme tient les deux bouts, « ici » et « la ».
 * À regarder : chaque appel, tel qu'il est écrit, et ce qu'il rend. Un drapeau change la façon de
 * prendre les octets, jamais les octets.
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../common/affichage.h"
#include "../common/bouts.h"
#include "../common/erreur.h"
#include "../common/programme.h"

/* Fait cet appel, et montre, sous son texte même, ce qu'il rend. */
#define ENVOYER(appel)  montrer(#appel, appel, NULL)
#define RECEVOIR(appel) montrer(#appel, appel, m)
/* Attend que tant d'octets soient arrivés, sans les prendre : ce qui est en route n'est pas là. */
#define ARRIVES(taille) exiger("recv", (int)recv(la, m, taille, MSG_PEEK | MSG_WAITALL))

static char m[100]; /* les octets reçus */

static void montrer(const char *appel, ssize_t rendu, const char *octets)
{
    if (rendu == -1 && (!octets || errno != EAGAIN))
        echouer(appel);
    if (rendu == -1)
        printf("%s : %s\n", appel, texte_erreur(errno));
    else if (octets)
        afficher_octets(appel, octets, (size_t)rendu);
    else
        printf("%s : %zd\n", appel, rendu);
}

int main(int argc, char *argv[])
{
    const char *essai = "colles";
    lire_arguments(argc, argv, "[essai]\nEnvoie d'un bout, reçoit de l'autre", &essai);
    int ici, la, echec; /* les deux bouts d'une connexion ; la fin de l'enfant */
    relier(&ici, &la);

    if (strcmp(essai, "colles") == 0) {
        ENVOYER(send(ici, "oui\n", 4, 0));
        ENVOYER(send(ici, "non\n", 4, 0));
        ARRIVES(8);
        RECEVOIR(recv(la, m, 100, 0));
    } else if (strcmp(essai, "coupes") == 0) {
        ENVOYER(send(ici, "Bonjour\n", 8, 0));
        RECEVOIR(recv(la, m, 3, 0));
        RECEVOIR(recv(la, m, 100, 0));
    } else if (strcmp(essai, "sens") == 0) { /* les deux parlent, puis les deux écoutent */
        ENVOYER(send(ici, "Bonjour", 7, 0));
        ENVOYER(send(la, "Bonsoir", 7, 0));
        RECEVOIR(recv(ici, m, 100, 0));
        RECEVOIR(recv(la, m, 100, 0));
    } else if (strcmp(essai, "regarder") == 0) {
        ENVOYER(send(ici, "Bonjour\n", 8, 0));
        RECEVOIR(recv(la, m, 3, MSG_PEEK));
        RECEVOIR(recv(la, m, 100, MSG_PEEK));
        RECEVOIR(recv(la, m, 100, 0));
    } else if (strcmp(essai, "attendre") == 0) {
        ENVOYER(send(ici, "ab", 2, 0));
        RECEVOIR(recv(la, m, 4, 0));
        ENVOYER(send(ici, "cd", 2, 0));
        if (exiger("fork", fork()) == 0) { /* l'enfant envoie la suite, puis la fin du flux */
            poll(NULL, 0, 100);
            ssize_t n = send(ici, "efgh", 4, MSG_NOSIGNAL);
            _exit(shutdown(ici, SHUT_WR) == 0 && n == 4 ? 0 : 1);
        }
        RECEVOIR(recv(la, m, 4, MSG_WAITALL));
        RECEVOIR(recv(la, m, 4, MSG_WAITALL));
        if (exiger("wait", wait(&echec)) > 0 && echec != 0)
            abandonner("send : l'enfant n'a pas pu tout envoyer");
    } else if (strcmp(essai, "sans-attendre") == 0) {
        RECEVOIR(recv(la, m, 100, MSG_DONTWAIT));
        printf("O_NONBLOCK : %s\n", fcntl(la, F_GETFL) & O_NONBLOCK ? "oui" : "non");
    } else if (strcmp(essai, "retenir") == 0) {
        ENVOYER(send(ici, "Bon", 3, MSG_MORE));
        RECEVOIR(recv(la, m, 100, MSG_DONTWAIT));
        ENVOYER(send(ici, "jour\n", 5, 0));
        ARRIVES(5);
        RECEVOIR(recv(la, m, 100, 0));
    } else {
        refuser("essai inconnu « %.200s »", essai);
    }
    exiger("close", close(ici));
    exiger("close", close(la));
    return 0;
}
