/*
 * Bavarder à deux : ce que l'un tape s'affiche chez l'autre, dans les deux sens à la fois
 *
 *   cc tcp/solutions/bavardage.c -o essais/bavardage
 *
 *   essais/bavardage -l [port]             attend l'autre
 *   essais/bavardage [adresse [port]]      appelle l'autre
 *
 * En face : lui-même, ou netcat. Ctrl-D : « au revoir » ; les deux s'arrêtent.
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Attend un appel à cette adresse ; rend la socket du dialogue. */
static int attendre(const struct sockaddr_in *ici)
{
    int ecoute = socket(AF_INET, SOCK_STREAM, 0), oui = 1;
    if (ecoute == -1) { perror("socket"); exit(1); }
    setsockopt(ecoute, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui);
    if (bind(ecoute, (const struct sockaddr *)ici, sizeof *ici) == -1) { perror("bind"); exit(1); }
    if (listen(ecoute, 1) == -1) { perror("listen"); exit(1); }
    int dialogue = accept(ecoute, NULL, NULL);
    if (dialogue == -1) { perror("accept"); exit(1); }
    close(ecoute); /* on n'attend personne d'autre */
    return dialogue;
}

static int appeler(const struct sockaddr_in *lui)
{
    int dialogue = socket(AF_INET, SOCK_STREAM, 0);
    if (dialogue == -1) { perror("socket"); exit(1); }
    int retour = connect(dialogue, (const struct sockaddr *)lui, sizeof *lui);
    if (retour == -1) { perror("connect"); exit(1); }
    return dialogue;
}

int main(int argc, char *argv[])
{
    int attend = argc > 1 && strcmp(argv[1], "-l") == 0;
    long port = argc > 2 ? strtol(argv[2], NULL, 10) : 5000;
    const char *adresse = attend ? "0.0.0.0" : argc > 1 ? argv[1] : "127.0.0.1";
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((in_port_t)port)};
    if (argc > 3 || port < 1 || port > 65535 || inet_pton(AF_INET, adresse, &a.sin_addr) != 1) {
        fprintf(stderr, "usage : %s -l [port], ou %s [adresse [port]]\n", argv[0], argv[0]);
        return 2;
    }
    int dialogue = attend ? attendre(&a) : appeler(&a);

    signal(SIGPIPE, SIG_IGN); /* un écran fermé est une erreur de fflush, pas une mort sans adieu */
    pid_t fils = fork();
    if (fils == -1) { perror("fork"); return 1; }
    char octets[1024];
    ssize_t n;
    if (fils == 0) { /* le fils : du clavier à l'autre */
        while ((n = read(STDIN_FILENO, octets, sizeof octets)) > 0)
            for (ssize_t pris = 0, envoyes = 0; envoyes < n; envoyes += pris) {
                pris = send(dialogue, octets + envoyes, (size_t)(n - envoyes), MSG_NOSIGNAL);
                if (pris == -1 && errno == EINTR) pris = 0;
                if (pris == -1) { perror("send"); _exit(1); }
            }
        shutdown(dialogue, SHUT_WR); /* Ctrl-D : « au revoir » */
        _exit(0);
    }
    while ((n = recv(dialogue, octets, sizeof octets, 0)) > 0 || (n == -1 && errno == EINTR)) {
        for (ssize_t i = 0; i < n; i++) /* le père : de l'autre à l'écran */
            putchar(isprint((unsigned char)octets[i]) || octets[i] == '\n' ? octets[i] : '.');
        if (fflush(stdout) == EOF) break; /* plus personne ne lit : | head */
    }
    if (n == -1) perror("recv");
    kill(fils, SIGTERM); /* l'autre a dit au revoir : ne plus lire le clavier */
    waitpid(fils, NULL, 0);
    return n != 0;
}
