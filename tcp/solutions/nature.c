/*
 * Ce qu'est l'entrée standard : une socket, de quelle famille, de quel type, de quel protocole ?
 * Un programme qui hérite d'un descripteur ne sait pas ce qu'on lui a donné ; il peut le demander.
 *
 *   cc tcp/solutions/nature.c -o essais/nature
 *   essais/nature < /dev/tcp/127.0.0.1/5000
 *
 * En face : nc -l -p 5000
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* SO_DOMAIN, SO_PROTOCOL : propres à Linux */
#include <stdio.h>
#include <sys/socket.h>

static const struct question {
    const char *nom;
    int option;
} questions[] = {
    {"famille", SO_DOMAIN}, {"type", SO_TYPE}, {"protocole", SO_PROTOCOL}, {"écoute", SO_ACCEPTCONN},
};

int main(int argc, char *argv[])
{
    (void)argv;
    if (argc > 1) { fprintf(stderr, "usage : essais/nature < QUELQUE_CHOSE\n"); return 2; }

    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++) {
        int valeur;
        socklen_t taille = sizeof valeur; /* à redire à chaque appel : le noyau y écrit */
        int retour = getsockopt(0, SOL_SOCKET, questions[i].option, &valeur, &taille);
        if (retour == -1) { perror("getsockopt"); return 1; }
        printf("%s %d\n", questions[i].nom, valeur);
    }
    return 0;
}
