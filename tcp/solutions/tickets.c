/*
 * Des tickets numérotés : un fil d'exécution par client, et un seul compteur pour tous
 *
 *   cc tcp/solutions/tickets.c -o essais/tickets && essais/tickets [port]
 *
 * En face : nc 127.0.0.1 5000   (et d'autres : chaque ligne vaut le ticket suivant)
 * Avec une libc d'avant 2021, ajouter -pthread.
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static pthread_mutex_t verrou = PTHREAD_MUTEX_INITIALIZER; /* du compteur */
static unsigned long distribues;

static bool donner_un_ticket(int dialogue)
{
    char ticket[40];
    pthread_mutex_lock(&verrou); /* le temps de compter, pas celui d'envoyer */
    unsigned long numero = ++distribues;
    pthread_mutex_unlock(&verrou);
    size_t taille = (size_t)snprintf(ticket, sizeof ticket, "ticket %lu\n", numero), envoyes = 0;
    while (envoyes < taille) {
        ssize_t n = send(dialogue, ticket + envoyes, taille - envoyes, MSG_NOSIGNAL);
        if (n == -1 && errno == EINTR) continue;
        if (n == -1) { perror("send"); return false; } /* ce client seulement */
        envoyes += (size_t)n;
    }
    return true;
}

static void *servir(void *argument)
{
    int dialogue = *(int *)argument;
    free(argument);
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
    return NULL;
}

int main(int argc, char *argv[])
{
    long port = argc > 1 ? strtol(argv[1], NULL, 10) : 5000;
    if (argc > 2 || port < 1 || port > 65535) { fprintf(stderr, "usage : %s [port]\n", argv[0]); return 2; }
    struct sockaddr_in ici = {.sin_family = AF_INET,
                              .sin_addr.s_addr = htonl(INADDR_ANY),
                              .sin_port = htons((in_port_t)port)};
    int ecoute = socket(AF_INET, SOCK_STREAM, 0), oui = 1;
    if (ecoute == -1) { perror("socket"); return 1; }
    setsockopt(ecoute, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui);
    if (bind(ecoute, (struct sockaddr *)&ici, sizeof ici) == -1) { perror("bind"); return 1; }
    if (listen(ecoute, 10) == -1) { perror("listen"); return 1; }

    for (;;) {
        pthread_t fil;
        int *dialogue = malloc(sizeof *dialogue); /* à ce fil seul, qui la rendra */
        if (!dialogue) { perror("malloc"); sleep(1); continue; }
        *dialogue = accept(ecoute, NULL, NULL);
        if (*dialogue == -1) { perror("accept"); free(dialogue); sleep(1); continue; }
        if ((errno = pthread_create(&fil, NULL, servir, dialogue)) == 0) { pthread_detach(fil); continue; }
        perror("pthread_create");
        close(*dialogue);
        free(dialogue);
    }
}
