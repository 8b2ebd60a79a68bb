/*
 * Un serveur qui donne un numéro à chaque visiteur, et que Ctrl-C arrête proprement
 *
 *   cc tcp/solutions/au-revoir.c -o essais/au-revoir && essais/au-revoir [port]
 *
 * En face : nc 127.0.0.1 5000
 * SIGINT n'est débloqué que pendant ppoll() : il ne peut pas tomber entre la question « est-ce fini ? »
 * et l'attente, où il passerait inaperçu.
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* ppoll */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static volatile sig_atomic_t fini;

static void finir(int numero)
{
    (void)numero;
    fini = 1;
}

int main(int argc, char *argv[])
{
    long port = argc > 1 ? strtol(argv[1], NULL, 10) : 5000;
    if (argc > 2 || port < 1 || port > 65535) {
        fprintf(stderr, "usage : %s [port]\n", argv[0]);
        return 2;
    }
    struct sigaction action = {.sa_handler = finir}; /* sans SA_RESTART : l'attente sera interrompue */
    sigaction(SIGINT, &action, NULL);
    sigset_t interruption, avant;
    sigemptyset(&interruption);
    sigaddset(&interruption, SIGINT);
    sigprocmask(SIG_BLOCK, &interruption, &avant);

    struct sockaddr_in ici = {.sin_family = AF_INET,
                              .sin_addr.s_addr = htonl(INADDR_ANY),
                              .sin_port = htons((in_port_t)port)};
    int ecoute = socket(AF_INET, SOCK_STREAM, 0);
    if (ecoute == -1) { perror("socket"); return 1; }
    int oui = 1;
    setsockopt(ecoute, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui);
    if (bind(ecoute, (struct sockaddr *)&ici, sizeof ici) == -1) { perror("bind"); return 1; }
    if (listen(ecoute, 10) == -1) { perror("listen"); return 1; }

    int visiteurs = 0;
    while (!fini) {
        struct pollfd attendu = {.fd = ecoute, .events = POLLIN};
        int prets = ppoll(&attendu, 1, NULL, &avant);
        if (prets == -1 && errno == EINTR) continue; /* fini ? */
        if (prets == -1) { perror("ppoll"); return 1; }
        int dialogue = accept(ecoute, NULL, NULL);
        if (dialogue == -1) { perror("accept"); sleep(1); continue; }
        char texte[64];
        int taille = snprintf(texte, sizeof texte, "visiteur %d\n", ++visiteurs);
        if (send(dialogue, texte, (size_t)taille, MSG_NOSIGNAL) == -1) perror("send");
        close(dialogue);
    }
    printf("au revoir : %d visiteurs\n", visiteurs);
    close(ecoute);
    return 0;
}
