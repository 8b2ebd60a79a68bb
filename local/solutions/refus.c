/*
 * Ce que les sockets locales refusent, question par question
 *
 *   cc local/solutions/refus.c -o essais/refus && essais/refus
 *
 * errno n'a de sens qu'aussitôt après l'échec : chaque réponse s'écrit avant l'appel suivant.
 * En face : personne
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* struct ucred */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void dire(const char *question, int retour)
{
    printf("%s: %s\n", question, retour == -1 ? strerror(errno) : "ok");
}

static void paire(const char *question, int famille, int type, int protocole)
{
    int bouts[2];
    int retour = socketpair(famille, type, protocole, bouts);
    dire(question, retour);
    if (retour == 0) { close(bouts[0]); close(bouts[1]); }
}

/* S'attache deux fois au même nom, SO_REUSEADDR posée des deux côtés. */
static void deux_fois(const char *nom)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    strncpy(a.sun_path, nom, sizeof a.sun_path - 1);
    for (int essai = 1, oui = 1; essai <= 2; essai++) { /* la première reste ouverte */
        int s = socket(AF_UNIX, SOCK_STREAM, 0);
        if (s == -1) { perror("socket"); return; }
        dire("SO_REUSEADDR", setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui));
        dire("bind", bind(s, (struct sockaddr *)&a, sizeof a));
    }
    unlink(nom);
}

int main(void)
{
    paire("AF_UNIX, SOCK_STREAM", AF_UNIX, SOCK_STREAM, 0);
    paire("AF_INET, SOCK_STREAM", AF_INET, SOCK_STREAM, 0);
    paire("999, SOCK_STREAM", 999, SOCK_STREAM, 0);
    paire("AF_UNIX, 999", AF_UNIX, 999, 0);
    paire("AF_UNIX, SOCK_RDM", AF_UNIX, SOCK_RDM, 0);
    paire("AF_UNIX, SOCK_STREAM, IPPROTO_TCP", AF_UNIX, SOCK_STREAM, IPPROTO_TCP);
    dire("nulle part", socketpair(AF_UNIX, SOCK_STREAM, 0, NULL));
    deux_fois("essais/deux-fois");

    int tcp = socket(AF_INET, SOCK_STREAM, 0), locale = socket(AF_UNIX, SOCK_STREAM, 0), oui = 1;
    if (tcp == -1 || locale == -1) { perror("socket"); return 1; }
    struct ucred pair;
    socklen_t taille = sizeof pair;
    dire("SO_PASSCRED, TCP", setsockopt(tcp, SOL_SOCKET, SO_PASSCRED, &oui, sizeof oui));
    dire("SO_PEERCRED, TCP", getsockopt(tcp, SOL_SOCKET, SO_PEERCRED, &pair, &taille));
    printf("pid %d, uid %d\n", pair.pid, (int)pair.uid);
    dire("SO_PEERCRED, écrire", setsockopt(locale, SOL_SOCKET, SO_PEERCRED, &pair, sizeof pair));

    struct rlimit limite = {.rlim_cur = 0, .rlim_max = 0}; /* plus un seul descripteur */
    if (setrlimit(RLIMIT_NOFILE, &limite) == -1) { perror("setrlimit"); return 1; }
    paire("AF_UNIX, SOCK_STREAM, limite", AF_UNIX, SOCK_STREAM, 0);
    return 0;
}
