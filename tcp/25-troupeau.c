/*
 * Le troupeau : un seul client vient ; combien de processus se réveillent ?
 *
 *   ./tcp/25-troupeau [façon [processus]]      accept, poll, epoll, exclusif ; 4 processus
 *
 * En face : personne, ce programme est aussi le client.
 * À regarder : accept n'éveille qu'un processus ; poll et epoll, tous ; avec EPOLLEXCLUSIVE, un suffit.
 * Limite : un éveillé s'arrête avant d'accepter, pour être compté ; sinon, le plus vif devance parfois.
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../common/erreur.h"
#include "../common/programme.h"

enum { PROCESSUS_MAX = 50, ACCEPT = 0, POLL, EPOLL, EXCLUSIF, FACONS, POUR_RIEN };
static const char *const facons[] = {"accept", "poll", "epoll", "exclusif"};

/* Étape 1 : l'un d'eux attend un client ; réveillé, il s'arrête ; relancé, il va le prendre */
static void servir(int facon, int ecoute, pid_t pere)
{
    int veille = exiger("epoll_create1", epoll_create1(0));
    struct epoll_event vu = {.events = facon == EXCLUSIF ? EPOLLIN | EPOLLEXCLUSIVE : EPOLLIN};
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 || getppid() != pere)
        _exit(EXIT_FAILURE); /* sans père, plus d'équipe */
    if (facon == ACCEPT)
        exiger("accept", accept(ecoute, NULL, NULL));
    else if (facon == POLL)
        exiger("poll", poll(&(struct pollfd){.fd = ecoute, .events = POLLIN}, 1, -1));
    else if (exiger("epoll_ctl", epoll_ctl(veille, EPOLL_CTL_ADD, ecoute, &vu)) == 0)
        exiger("epoll_wait", epoll_wait(veille, &vu, 1, -1));
    raise(SIGSTOP);
    int manque = facon != ACCEPT && accept(ecoute, NULL, NULL) == -1;
    exiger("accept", manque && errno != EAGAIN ? -1 : 0);
    _exit(manque ? POUR_RIEN : 0);
}

/* Regarde un processus, un instant : s'est-il arrêté, réveillé, ou dort-il encore ? */
static int est_reveille(pid_t processus)
{
    char chemin[32], etat = '?';
    int fin = 0;
    snprintf(chemin, sizeof chemin, "/proc/%d/stat", processus);
    while (etat != 'S' && exiger("waitpid", waitpid(processus, &fin, WNOHANG | WUNTRACED)) == 0) {
        FILE *stat = fopen(chemin, "r");
        if (stat == NULL || fscanf(stat, "%*d %*s %c", &etat) != 1 || fclose(stat) != 0)
            echouer("fopen");
    }
    return WIFSTOPPED(fin);
}

int main(int argc, char *argv[])
{
    const char *voulue = "poll", *texte = "4";
    const char *usage = "[façon [processus]]\nfaçon : accept, poll, epoll, exclusif";
    lire_arguments(argc, argv, usage, &voulue, &texte);
    long nombre = lire_nombre("processus", texte, 1, PROCESSUS_MAX), reveils = 0, pris = 0,
         vains = 0;
    int facon = ACCEPT, fin;
    while (strcmp(voulue, facons[facon]) != 0)
        if (++facon == FACONS)
            refuser("façon inconnue « %s »", voulue);

    /* Étape 2 : une socket d'écoute, et toute une équipe devant elle, endormie */
    struct sockaddr_in adresse = {.sin_family = AF_INET};
    socklen_t taille = sizeof adresse;
    int ecoute = exiger("socket", socket(AF_INET, SOCK_STREAM | (facon ? SOCK_NONBLOCK : 0), 0));
    exiger("listen", listen(ecoute, 1)); /* sans bind : le noyau choisit le port */
    exiger("getsockname", getsockname(ecoute, (struct sockaddr *)&adresse, &taille));
    pid_t equipe[PROCESSUS_MAX], pere = getpid();
    for (long i = 0; i < nombre; est_reveille(equipe[i++]))
        if ((equipe[i] = exiger("fork", fork())) == 0)
            servir(facon, ecoute, pere);

    /* Étape 3 : un client vient ; dès qu'un processus s'est arrêté, le noyau a éveillé qui il voulait */
    int client = exiger("socket", socket(AF_INET, SOCK_STREAM, 0));
    exiger("connect", connect(client, (struct sockaddr *)&adresse, taille), &adresse);
    exiger("waitid", waitid(P_ALL, 0, &(siginfo_t){0}, WSTOPPED | WEXITED | WNOWAIT));
    for (long i = 0; i < nombre; i++)
        reveils += est_reveille(equipe[i]);

    /* Étape 4 : ceux-là repartent ; les autres dorment encore, et finiront avec nous */
    for (long i = 0; i < nombre; i++)
        exiger("kill", kill(equipe[i], SIGCONT));
    for (long i = 0; i < reveils; i++, pris += fin == 0, vains += WEXITSTATUS(fin) == POUR_RIEN)
        exiger("waitpid", waitpid(-1, &fin, 0));
    printf("%s : réveils, %ld sur %ld ; pour rien, %ld\n", voulue, reveils, nombre, vains);
    return pris + vains == reveils ? 0 : 1;
}
