/*
 * Servir un fichier : le même, entier, à chaque client, sans le lire soi-même
 *
 *   cc tcp/solutions/servir.c -o essais/servir
 *   essais/servir fichier [port]
 *
 * En face : nc -d 127.0.0.1 5000 > copie
 * sendfile suit une position à nous, remise à zéro pour chaque client, et non celle du fichier ouvert.
 * SPDX-License-Identifier: MIT
 */
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

/* Le fichier entier, en autant d'appels qu'il faut ; l'échec ne concerne que ce client. */
static void servir(int dialogue, int fichier)
{
    struct stat etat;
    off_t position = 0;
    char reste[1024];
    if (fstat(fichier, &etat) == -1) { perror("fstat"); return; }
    while (position < etat.st_size) {
        ssize_t n = sendfile(dialogue, fichier, &position, (size_t)(etat.st_size - position));
        if (n == -1) { perror("sendfile"); return; }
        if (n == 0) break; /* le fichier a rétréci entre-temps */
    }
    shutdown(dialogue, SHUT_WR); /* puis attendre sa fin : un close() hâtif couperait la nôtre */
    for (int tours = 0; tours < 100 && recv(dialogue, reste, sizeof reste, 0) > 0;) tours++;
}

int main(int argc, char *argv[])
{
    long port = argc > 2 ? strtol(argv[2], NULL, 10) : 5000;
    if (argc < 2 || argc > 3 || port < 1 || port > 65535) {
        fprintf(stderr, "usage : %s fichier [port]\n", argv[0]);
        return 2;
    }
    int fichier = open(argv[1], O_RDONLY);
    if (fichier == -1) { perror(argv[1]); return 1; }
    signal(SIGPIPE, SIG_IGN); /* sendfile n'a pas de MSG_NOSIGNAL */

    struct sockaddr_in ici = {.sin_family = AF_INET, .sin_port = htons((in_port_t)port)};
    int s = socket(AF_INET, SOCK_STREAM, 0), oui = 1;
    if (s == -1) { perror("socket"); return 1; }
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui);
    if (bind(s, (struct sockaddr *)&ici, sizeof ici) == -1) { perror("bind"); return 1; }
    if (listen(s, 10) == -1) { perror("listen"); return 1; }
    for (;;) {
        struct timeval delai = {.tv_sec = 5}; /* celui qui ne lit pas ne retient pas les autres */
        int dialogue = accept(s, NULL, NULL);
        if (dialogue == -1) { perror("accept"); sleep(1); continue; }
        setsockopt(dialogue, SOL_SOCKET, SO_SNDTIMEO, &delai, sizeof delai);
        setsockopt(dialogue, SOL_SOCKET, SO_RCVTIMEO, &delai, sizeof delai);
        servir(dialogue, fichier);
        close(dialogue);
    }
}
