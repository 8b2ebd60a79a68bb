/*
 * Les fins d'une connexion, l'une après l'autre, et ce qu'en voit le pair
 *
 *   ./tcp/13-fins
 *
 * En face : personne ; le programme tient les deux bouts, et chaque fin a sa connexion.
 * À regarder : deux recv du pair, ou deux send. Un RST se dit ECONNRESET, une seule fois.
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../common/bouts.h"
#include "../common/erreur.h"
#include "../common/programme.h"

static volatile sig_atomic_t sigpipe;
static void noter(int numero)
{
    sigpipe = numero;
}

/* Étape 1 : les fins */
enum fin { DEMI, TOUT_LU, NON_LU, LINGER_NUL, TUE, NOMBRE };
static const char *const noms[NOMBRE] = {"shutdown(SHUT_WR)", "close, ayant tout lu",
                                         "close, sans avoir tout lu",
                                         "close, avec SO_LINGER {1, 0}", "tué, ayant tout lu"};

static void finir(int ici, int pair, enum fin fin)
{
    char octet = '?';
    struct linger nul = {.l_onoff = 1, .l_linger = 0}; /* attendre, mais zéro seconde */
    if (fin == NON_LU) { /* envoyé, puis attendu ici, sans le prendre */
        exiger("send", (int)send(pair, &octet, 1, 0));
        exiger("recv", (int)recv(ici, &octet, 1, MSG_PEEK));
    }
    if (fin == LINGER_NUL)
        exiger("setsockopt", setsockopt(ici, SOL_SOCKET, SO_LINGER, &nul, sizeof nul));
    pid_t fils = fin == TUE ? exiger("fork", fork()) : -1;
    if (fils == 0)
        _exit(poll(NULL, 0, 10000)); /* il a des copies : fermer la nôtre ne finira rien */
    if (fin == DEMI)
        exiger("shutdown", shutdown(ici, SHUT_WR));
    else
        exiger("close", close(ici));
    exiger("kill", fin == TUE ? kill(fils, SIGKILL) : 0);
    exiger("waitpid", fin == TUE ? waitpid(fils, NULL, 0) : 0);
}

int main(int argc, char *argv[])
{
    lire_arguments(argc, argv, "\nFinit cinq connexions, et dit ce qu'en voit le pair", NULL);
    signal(SIGPIPE, noter);
    for (int i = 0; i < 2 * NOMBRE; i++) { /* le pair lit, puis une autre fois il écrit */
        int ici, pair, ecrit = i % 2;
        enum fin fin = (enum fin)(i / 2);

        /* Étape 2 : les deux bouts d'une connexion ; celui d'ici finit */
        relier(&ici, &pair);
        finir(ici, pair, fin);

        /* Étape 3 : ce que rendent deux appels du pair ; avant chacun, le temps d'une réponse */
        printf("%s%s    %s :", ecrit ? "" : noms[fin], ecrit ? "" : "\n", ecrit ? "send" : "recv");
        for (int appel = 0; appel < 2; appel++) {
            char octet = '!';
            struct pollfd arrive = {.fd = pair, .events = ecrit ? 0 : POLLIN};
            exiger("poll", poll(&arrive, 1, 200)); /* un RST réveille toujours */
            ssize_t n = ecrit ? send(pair, &octet, 1, 0) : recv(pair, &octet, 1, MSG_DONTWAIT);
            if (n == -1)
                printf(" %s", strchr(texte_erreur(errno), '['));
            else
                printf(" %zd", n);
            printf("%s%s", sigpipe ? " et SIGPIPE" : "", appel ? "\n" : ", puis");
            sigpipe = 0;
        }
        exiger("close", close(pair));
        exiger("close", fin == DEMI ? close(ici) : 0);
    }
    return 0;
}
