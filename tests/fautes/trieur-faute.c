/*
 * Faute : ne dit jamais à sort que les mots sont finis : chacun attend l'autre
 * Remplace : local/solutions/trieur.c
 * SPDX-License-Identifier: MIT
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
    if (argc < 2) { fprintf(stderr, "usage : %s mot...\n", argv[0]); return 2; }
    int bouts[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, bouts) == -1) { perror("socketpair"); return 1; }

    pid_t fils = fork();
    if (fils == -1) { perror("fork"); return 1; }
    if (fils == 0) { /* le fils devient sort, qui lit 0 et écrit 1 */
        if (dup2(bouts[1], 0) == -1 || dup2(bouts[1], 1) == -1) { perror("dup2"); _exit(1); }
        close(bouts[0]);
        close(bouts[1]);
        execlp("sort", "sort", (char *)NULL);
        perror("sort");
        _exit(1);
    }
    close(bouts[1]);

    for (int i = 1; i < argc; i++) {
        char mot[128];
        int taille = snprintf(mot, sizeof mot, "%s\n", argv[i]);
        if (taille >= (int)sizeof mot) { fprintf(stderr, "mot trop long\n"); return 2; }
        for (ssize_t n = 0, ecrits = 0; ecrits < taille; ecrits += n) {
            n = send(bouts[0], mot + ecrits, (size_t)(taille - ecrits), MSG_NOSIGNAL);
            if (n == -1 && errno == EINTR) { n = 0; continue; }
            if (n == -1) { perror("send"); return 1; }
        }
    }

    char morceau[1024];
    ssize_t n;
    while ((n = recv(bouts[0], morceau, sizeof morceau, 0)) > 0 || (n == -1 && errno == EINTR))
        for (ssize_t i = 0; i < n; i++)
            putchar(isprint((unsigned char)morceau[i]) || morceau[i] == '\n' ? morceau[i] : '.');
    if (n == -1) { perror("recv"); return 1; }
    close(bouts[0]);

    int etat;
    if (waitpid(fils, &etat, 0) == -1) { perror("waitpid"); return 1; }
    return WIFEXITED(etat) ? WEXITSTATUS(etat) : 1;
}
