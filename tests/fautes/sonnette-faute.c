/*
 * Faute : O_ASYNC sans F_SETOWN : personne n'est propriétaire, rien ne sonne
 * Remplace : tcp/solutions/sonnette.c
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* O_ASYNC, F_SETOWN */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void sonner(int numero) /* rien à faire ici : réveiller suffit */
{
    (void)numero;
}

int main(int argc, char *argv[])
{
    long port = argc > 1 ? strtol(argv[1], NULL, 10) : 5000;
    if (argc > 2 || port < 1 || port > 65535) {
        fprintf(stderr, "usage : %s [port]\n", argv[0]);
        return 2;
    }
    /* SIGIO est retenu, sauf pendant sigsuspend() : il ne peut pas passer entre deux instructions */
    struct sigaction action = {.sa_handler = sonner};
    sigaction(SIGIO, &action, NULL);
    sigset_t sonnette, avant;
    sigemptyset(&sonnette);
    sigaddset(&sonnette, SIGIO);
    sigprocmask(SIG_BLOCK, &sonnette, &avant);

    struct sockaddr_in serveur = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((in_port_t)port)};
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (s == -1) { perror("socket"); return 1; }
    if (connect(s, (struct sockaddr *)&serveur, sizeof serveur) == -1) { perror("connect"); return 1; }
    if (fcntl(s, F_SETFL, fcntl(s, F_GETFL) | O_ASYNC) == -1) { perror("O_ASYNC"); return 1; }

    for (;;) { /* d'abord lire : un octet est peut-être venu avant O_ASYNC */
        char morceau[1024];
        ssize_t n = recv(s, morceau, sizeof morceau, MSG_DONTWAIT);
        if (n == 0) break;
        if (n == -1 && errno == EAGAIN) { sigsuspend(&avant); printf("ding\n"); fflush(stdout); continue; }
        if (n == -1 && errno != EINTR) { perror("recv"); return 1; }
        for (ssize_t i = 0; i < n; i++)
            putchar(isprint((unsigned char)morceau[i]) || morceau[i] == '\n' ? morceau[i] : '.');
        fflush(stdout);
    }
    printf("fin\n");
    close(s);
    return 0;
}
