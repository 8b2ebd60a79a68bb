/*
 * Deux sockets déjà reliées, une pour le père, une pour le fils : socketpair()
 *
 *   ./local/01-paire [message]
 *
 * En face : personne, le programme se parle à lui-même.
 * À regarder : ni adresse, ni bind, ni connect ; chacun ferme le bout de l'autre ; et, avant Entrée,
 * « ps » dans un second terminal : le fils fini est un zombie tant que son père ne l'attend pas.
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* struct ucred */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../common/affichage.h"
#include "../common/dialogue.h"
#include "../common/erreur.h"
#include "../common/programme.h"

/* Le fils lit jusqu'à la fin, puis dit au père, par le même bout, ce qu'il a lu. Rend son code. */
static int fils(int bout)
{
    char morceau[1024], rapport[64];
    size_t lus = 0;
    ssize_t n;
    while ((n = read(bout, morceau, sizeof morceau)) > 0)
        lus += (size_t)n;
    exiger("read", (int)n);
    int taille = snprintf(rapport, sizeof rapport, "%zu octets, puis la fin", lus);
    exiger("write", (int)write(bout, rapport, (size_t)taille));
    exiger("close", close(bout));
    return 0;
}

int main(int argc, char *argv[])
{
    const char *message = "Bonjour";
    lire_arguments(argc, argv, "[message]\nUn père et un fils, reliés par une paire de sockets",
                   &message);

    /* Étape 1 : une paire ; ce qui entre dans l'un des bouts sort par l'autre */
    int bouts[2];
    exiger("socketpair", socketpair(AF_UNIX, SOCK_STREAM, 0, bouts));
    printf("socketpair : descripteurs %d et %d\n", bouts[0], bouts[1]);

    struct sockaddr_un adresse;
    socklen_t taille = sizeof adresse;
    exiger("getsockname", getsockname(bouts[0], (struct sockaddr *)&adresse, &taille));
    printf("getsockname : %u octets, la famille, et aucun nom\n", (unsigned)taille);

    /* Étape 2 : un fils ; chacun a désormais les deux bouts */
    pid_t enfant = exiger("fork", fork());
    if (enfant == 0) {
        exiger("close", close(bouts[0])); /* inutile */
        return fils(bouts[1]);
    }
    printf("fork : le fils est %d\n", enfant);

    /* Étape 3 : garder son bout, fermer l'autre ; sinon recv() ne verrait jamais la fin */
    exiger("close", close(bouts[1])); /* bout */
    printf("close : descripteur %d\n", bouts[1]);

    struct ucred pair;
    taille = sizeof pair;
    exiger("getsockopt", getsockopt(bouts[0], SOL_SOCKET, SO_PEERCRED, &pair, &taille));
    printf("getsockopt : SO_PEERCRED, %s\n",
           pair.pid == getpid() ? "mon pid : celui qui appela socketpair()" : "un autre pid");

    /* Étape 4 : parler, puis dire que l'on a fini ; le fils n'attend que cela pour répondre */
    if (!envoyer_tout(bouts[0], message, strlen(message)))
        return 1;
    exiger("shutdown", shutdown(bouts[0], SHUT_WR)); /* fini */
    printf("shutdown : SHUT_WR\n");

    /* Étape 5 : par le même descripteur, dans l'autre sens, la réponse ; jusqu'à la fin du fils */
    char morceau[1024];
    ssize_t n;
    while ((n = recv(bouts[0], morceau, sizeof morceau, 0)) > 0)
        afficher_octets("recv", morceau, (size_t)n);
    exiger("recv", (int)n);
    printf("recv : 0 octet, fin du flux\n");

    /* Étape 6 : attendre le fils, que le noyau garde jusque-là */
    printf("(Entrée attend le fils)\n");
    for (int touche = getchar(); touche != '\n' && touche != EOF;)
        touche = getchar();
    int etat;
    exiger("waitpid", waitpid(enfant, &etat, 0));
    printf("waitpid : le fils a fini, code %d\n", WIFEXITED(etat) ? WEXITSTATUS(etat) : -1);
    exiger("close", close(bouts[0]));
    return etat == 0 ? 0 : 1; /* l'échec du fils est aussi le nôtre */
}
