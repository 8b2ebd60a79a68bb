/*
 * Faute : un processus par client : chacun compte dans sa copie, et donne le ticket 1
 * Remplace : tcp/solutions/tickets.c
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static unsigned long distribues;

static bool donner_un_ticket(int dialogue)
{
    char ticket[40];
    unsigned long numero = ++distribues;
    size_t taille = (size_t)snprintf(ticket, sizeof ticket, "ticket %lu\n", numero), envoyes = 0;
    while (envoyes < taille) {
        ssize_t n = send(dialogue, ticket + envoyes, taille - envoyes, MSG_NOSIGNAL);
        if (n == -1 && errno == EINTR) continue;
        if (n == -1) { perror("send"); return false; } /* ce client seulement */
        envoyes += (size_t)n;
    }
    return true;
}

static void servir(int dialogue)
{
    struct timeval delai = {.tv_sec = 60}; /* qui se tait, ou ne lit plus, ne garde pas son fil */
    setsockopt(dialogue, SOL_SOCKET, SO_RCVTIMEO, &delai, sizeof delai);
    setsockopt(dialogue, SOL_SOCKET, SO_SNDTIMEO, &delai, sizeof delai);

    bool entamee = false; /* une ligne, pas encore finie */
    for (bool present = true; present;) {
        char octets[1024];
        ssize_t n = recv(dialogue, octets, sizeof octets, 0);
        if (n == -1 && errno == EINTR) continue;
        if (n == -1) { perror("recv"); break; }
        for (ssize_t i = 0; i < n && present; i++) {
            entamee = octets[i] != '\n';
            present = entamee || donner_un_ticket(dialogue);
        }
        if (n == 0 && entamee) donner_un_ticket(dialogue);
        if (n == 0) break;
    }
    close(dialogue);
}

int main(int argc, char *argv[])
{
    long port = argc > 1 ? strtol(argv[1], NULL, 10) : 5000;
    if (argc > 2 || port < 1 || port > 65535) {
        fprintf(stderr, "usage : %s [port]\n", argv[0]);
        return 2;
    }
    struct sockaddr_in ici = {.sin_family = AF_INET,
                              .sin_addr.s_addr = htonl(INADDR_ANY),
                              .sin_port = htons((in_port_t)port)};
    int ecoute = socket(AF_INET, SOCK_STREAM, 0), oui = 1;
    if (ecoute == -1) { perror("socket"); return 1; }
    setsockopt(ecoute, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui);
    if (bind(ecoute, (struct sockaddr *)&ici, sizeof ici) == -1) { perror("bind"); return 1; }
    if (listen(ecoute, 10) == -1) { perror("listen"); return 1; }

    signal(SIGCHLD, SIG_IGN); /* pas de zombies */
    for (;;) {
        int dialogue = accept(ecoute, NULL, NULL);
        if (dialogue == -1) { perror("accept"); sleep(1); continue; }
        pid_t pid = fork();
        if (pid == 0) {
            close(ecoute);
            servir(dialogue);
            return 0;
        }
        if (pid == -1) perror("fork");
        close(dialogue);
    }
}
