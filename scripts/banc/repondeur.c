/*
 * Répond « ok » à chaque ligne de son entrée : ce que lancent les serveurs tout faits que l'on mesure
 *
 *   build/outils/repondeur < journal                  un ok par ligne
 *   tcpsvd 127.0.0.1 5000 build/outils/repondeur      un repondeur par client (socat, ncat -e : de même)
 *
 * Il ne connaît ni socket ni adresse : celui qui l'a lancé lui a donné le client pour entrée et pour
 * sortie. Une dernière ligne sans \n compte.
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "../../common/erreur.h"
#include "../../common/programme.h"

enum { LECTURE = 4096, REPONSE = 3 };
static char lu[LECTURE], reponses[REPONSE * LECTURE]; /* au pire, rien que des \n */

/* Écrit tant de réponses. Faux si le client est parti. */
static bool repondre(size_t combien)
{
    for (size_t fait = 0; fait < REPONSE * combien;) {
        ssize_t n = write(STDOUT_FILENO, reponses + fait, REPONSE * combien - fait);
        if (n == -1 && errno != EINTR)
            return false;
        fait += n > 0 ? (size_t)n : 0;
    }
    return true;
}

int main(int argc, char *argv[])
{
    lire_arguments_modele(argc, argv, "\nRépond ok à chaque ligne de son entrée",
                          (const char **[]){NULL});
    for (size_t i = 0; i < sizeof reponses; i += REPONSE)
        memcpy(reponses + i, "ok\n", REPONSE);

    bool en_cours = false; /* une ligne est commencée, son \n n'est pas venu */
    for (;;) {
        ssize_t n = read(STDIN_FILENO, lu, sizeof lu);
        if (n == -1 && errno == EINTR)
            continue;
        if (n <= 0) /* la fin, ou un client qui a rompu */
            break;
        size_t lignes = 0;
        for (ssize_t i = 0; i < n; i++)
            lignes += lu[i] == '\n';
        en_cours = lu[n - 1] != '\n';
        if (!repondre(lignes))
            return EXIT_FAILURE;
    }
    return !en_cours || repondre(1) ? EXIT_SUCCESS : EXIT_FAILURE;
}
