/*
 * Faute : ne vérifie pas getsockopt : un fichier y passe pour une socket, de famille 0
 * Remplace : tcp/solutions/nature.c
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
        int valeur = 0;
        socklen_t taille = sizeof valeur; /* à redire à chaque appel : le noyau y écrit */
        getsockopt(0, SOL_SOCKET, questions[i].option, &valeur, &taille);
        printf("%s %d\n", questions[i].nom, valeur);
    }
    return 0;
}
