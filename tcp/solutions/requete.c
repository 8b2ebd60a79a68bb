/*
 * Un serveur qui lit une requête HTTP entière, jusqu'à sa ligne vide, et y répond
 *
 *   cc tcp/solutions/requete.c -o essais/requete && essais/requete [port]
 *
 * En face : printf 'GET / HTTP/1.0\r\n\r\n' | nc -N 127.0.0.1 5000
 * Limite : un client à la fois ; un muet retient tous les autres.
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { BUF_SIZE = 1024 };

/* Reçoit jusqu'à la ligne vide, et pose le zéro final ; rend -1, et dit pourquoi, si elle ne vient pas. */
static int recevoir(int dialogue, char requete[BUF_SIZE])
{
    size_t recus = 0;
    while (!strstr(requete, "\r\n\r\n")) {
        size_t place = BUF_SIZE - 1 - recus; /* une de moins que la zone : celle du zéro */
        if (place == 0) { printf("requête trop longue : %zu octets\n", recus); return -1; }
        ssize_t n = recv(dialogue, requete + recus, place, 0);
        if (n == -1 && errno == EINTR) continue;
        if (n == -1) { perror("recv"); return -1; }
        if (n == 0) { printf("requête coupée : %zu octets\n", recus); return -1; }
        recus += (size_t)n;
        requete[recus] = '\0';
    }
    return 0;
}

/* Envoie tout, si le client est encore là. */
static void envoyer(int dialogue, const char *reponse)
{
    while (*reponse) {
        ssize_t n = send(dialogue, reponse, strlen(reponse), MSG_NOSIGNAL);
        if (n == -1 && errno == EINTR) continue;
        if (n == -1) { perror("send"); return; }
        reponse += n;
    }
}

/* Raccroche sans perdre la réponse, quoi que le client envoie encore ; trois secondes au plus. */
static void raccrocher(int dialogue)
{
    struct timeval une_seconde = {.tv_sec = 1};
    char reste[BUF_SIZE];
    setsockopt(dialogue, SOL_SOCKET, SO_RCVTIMEO, &une_seconde, sizeof une_seconde);
    shutdown(dialogue, SHUT_WR);
    for (time_t limite = time(NULL) + 3; time(NULL) < limite;)
        if (recv(dialogue, reste, sizeof reste, 0) <= 0) break;
    close(dialogue);
}

int main(int argc, char *argv[])
{
    long port = argc > 1 ? strtol(argv[1], NULL, 10) : 5000;
    if (argc > 2 || port < 1 || port > 65535) {
        fprintf(stderr, "usage : %s [port]\n", argv[0]);
        return 2;
    }
    struct sockaddr_in ici = {.sin_family = AF_INET, .sin_port = htons((in_port_t)port)};
    int ecoute = socket(AF_INET, SOCK_STREAM, 0);
    if (ecoute == -1) { perror("socket"); return 1; }
    int oui = 1;
    setsockopt(ecoute, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui);
    if (bind(ecoute, (struct sockaddr *)&ici, sizeof ici) == -1) { perror("bind"); return 1; }
    if (listen(ecoute, 10) == -1) { perror("listen"); return 1; }
    setvbuf(stdout, NULL, _IOLBF, 0); /* ligne à ligne, même dans un fichier ou un tube */
    for (;;) {
        int dialogue = accept(ecoute, NULL, NULL);
        if (dialogue == -1) { perror("accept"); sleep(1); continue; }
        char requete[BUF_SIZE] = "";
        if (recevoir(dialogue, requete) == 0) {
            for (char *c = requete; *c != '\r' && *c != '\n'; c++)
                putchar(isprint((unsigned char)*c) ? *c : '.');
            putchar('\n');
            envoyer(dialogue, "HTTP/1.0 200 OK\r\n\r\nBonjour\n");
        }
        raccrocher(dialogue);
    }
}
