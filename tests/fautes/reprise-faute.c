/*
 * Faute : efface le chemin sans demander si quelqu'un y répond : prend la place d'un serveur qui vit
 * Remplace : local/solutions/reprise.c
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct sockaddr_un ici = {.sun_family = AF_UNIX, .sun_path = "essais/comptoir"};

int main(void)
{
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    if (s == -1) { perror("socket"); return 1; }
    int retour = bind(s, (struct sockaddr *)&ici, sizeof ici);
    if (retour == -1 && errno == EADDRINUSE) {
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
