/*
 * Un serveur local qui reprend un chemin abandonné, jamais celui d'un serveur qui vit
 *
 *   cc local/solutions/reprise.c -o essais/reprise && essais/reprise
 *
 * Limite : entre la question et unlink(), un autre peut faire de même. Un vrai serveur prend d'abord
 * un verrou (flock) sur un fichier à côté.
 * En face : nc -U essais/comptoir
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static struct sockaddr_un ici = {.sun_family = AF_UNIX, .sun_path = "essais/comptoir"};

/* Vrai si ce chemin est une socket où plus personne n'écoute : connect() y est refusé. Il l'est aussi
 * par un fichier ordinaire, à ne pas effacer. */
static int abandonne(void)
{
    struct stat fichier;
    if (lstat(ici.sun_path, &fichier) == -1 || !S_ISSOCK(fichier.st_mode)) return 0;
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    if (s == -1) { perror("socket"); return 0; }
    int refuse = connect(s, (struct sockaddr *)&ici, sizeof ici) == -1 && errno == ECONNREFUSED;
    close(s);
    return refuse;
}

int main(void)
{
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    if (s == -1) { perror("socket"); return 1; }
    int retour = bind(s, (struct sockaddr *)&ici, sizeof ici);
    if (retour == -1 && errno == EADDRINUSE) {
        if (!abandonne()) { fprintf(stderr, "ce chemin est pris\n"); return 1; }
        if (unlink(ici.sun_path) == -1) { perror("unlink"); return 1; }
        retour = bind(s, (struct sockaddr *)&ici, sizeof ici);
    }
    if (retour == -1) { perror("bind"); return 1; }
    if (listen(s, 10) == -1) { perror("listen"); return 1; }

    for (;;) {
        int dialogue = accept(s, NULL, NULL);
        if (dialogue == -1) { perror("accept"); sleep(1); continue; }
        /* il n'a peut-être fait que frapper : EPIPE, et non SIGPIPE */
        if (send(dialogue, "ok\n", 3, MSG_NOSIGNAL) == -1 && errno != EPIPE) perror("send");
        close(dialogue);
    }
}
