/*
 * Faute : signal() installe avec SA_RESTART : accept() reprend, et ne voit pas que c'est fini
 * Remplace : tcp/solutions/au-revoir.c
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
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
    signal(SIGINT, finir);

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
