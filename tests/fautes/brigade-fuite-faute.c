/*
 * Faute : la socket de dialogue n'est jamais fermée ; au centième client, plus un descripteur
 * Remplace : tcp/solutions/brigade.c
 * SPDX-License-Identifier: MIT
 */
#define _DEFAULT_SOURCE /* TCP_NODELAY et les fils, en C11 strict aussi */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* Faux si le client est parti, ou ne lit plus. */
static int repondre(int dialogue, size_t lignes)
{
    char reponses[3 * 1024];
    for (size_t i = 0; i < 3 * lignes; i += 3) memcpy(reponses + i, "ok\n", 3);
    for (size_t envoyes = 0; envoyes < 3 * lignes;) {
        ssize_t n = send(dialogue, reponses + envoyes, 3 * lignes - envoyes, MSG_NOSIGNAL);
        if (n == -1 && errno == EINTR) continue;
        if (n == -1) return 0;
        envoyes += (size_t)n;
    }
    return 1;
}

static void dialoguer(int dialogue)
{
    char recus[1024]; /* au plus 1024 lignes, donc 1024 réponses */
    int commencee = 0;
    for (;;) {
        ssize_t n = recv(dialogue, recus, sizeof recus, 0);
        if (n == -1 && errno == EINTR) continue;
        if (n == 0 && commencee) repondre(dialogue, 1); /* la dernière, sans \n */
        if (n <= 0) return;
        size_t lignes = 0; /* une réponse par ligne, non par lecture */
        for (ssize_t i = 0; i < n; i++) lignes += recus[i] == '\n';
        commencee = recus[n - 1] != '\n';
        if (!repondre(dialogue, lignes)) return;
    }
}

static void *servir(void *argument)
{
    int ecoute = *(int *)argument;
    struct timeval delai = {.tv_sec = 60}; /* qui se tait, ou ne lit plus, rend son fil */
    for (;;) {
        int dialogue = accept(ecoute, NULL, NULL); /* le noyau n'en réveille qu'un */
        if (dialogue == -1) { perror("accept"); sleep(1); continue; }
        setsockopt(dialogue, SOL_SOCKET, SO_RCVTIMEO, &delai, sizeof delai);
        setsockopt(dialogue, SOL_SOCKET, SO_SNDTIMEO, &delai, sizeof delai);
        dialoguer(dialogue);
    }
    return NULL;
}

int main(int argc, char *argv[])
{
    long port = argc > 1 ? strtol(argv[1], NULL, 10) : 5000;
    long fils = argc > 2 ? strtol(argv[2], NULL, 10) : 64;
    if (argc > 3 || port < 1 || port > 65535 || fils < 1 || fils > 1000) {
        fprintf(stderr, "usage : %s [port [fils]]\n", argv[0]);
        return 2;
    }
    struct sockaddr_in ici = {.sin_family = AF_INET,
                              .sin_addr.s_addr = htonl(INADDR_ANY),
                              .sin_port = htons((in_port_t)port)};
    int oui = 1, ecoute = socket(AF_INET, SOCK_STREAM, 0);
    if (ecoute == -1) { perror("socket"); return 1; }
    setsockopt(ecoute, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui);
    setsockopt(ecoute, IPPROTO_TCP, TCP_NODELAY, &oui, sizeof oui); /* les dialogues en héritent */
    if (bind(ecoute, (struct sockaddr *)&ici, sizeof ici) == -1) { perror("bind"); return 1; }
    if (listen(ecoute, SOMAXCONN) == -1) { perror("listen"); return 1; }
    for (long i = 1; i < fils; i++) {
        pthread_t fil;
        int erreur = pthread_create(&fil, NULL, servir, &ecoute);
        if (erreur != 0) { fprintf(stderr, "pthread_create : %s\n", strerror(erreur)); return 1; }
    }
    servir(&ecoute); /* le dernier fil, c'est nous */
}
