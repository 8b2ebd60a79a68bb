/*
 * Ce que SO_LINGER change à close() : le temps qu'il prend, et ce qu'il jette
 *
 *   ./tcp/13-linger
 *
 * En face : personne ; un fils joue le pair, qui ne lit rien avant que close() ait rendu la main.
 * À regarder : la durée, en secondes ; puis ce que rend au pair son dernier recv.
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../common/erreur.h"
#include "../common/programme.h"

static const struct essai {
    enum { CLOSE, SHUTDOWN, TUE } finir;
    struct linger reglage; /* l_onoff, l_linger */
    int patience;          /* en secondes : le pair se met alors à lire, quoi qu'il en soit */
    const char *nom;
} essais[] = {
    {CLOSE, {0, 0}, 10, "close, sans SO_LINGER"},
    {CLOSE, {1, 1}, 10, "close, {1, 1}"},
    {CLOSE, {1, 5}, 1, "close, {1, 5}, le pair lit au bout d'une seconde"},
    {SHUTDOWN, {1, 5}, 10, "shutdown, {1, 5}"},
    {TUE, {1, 5}, 10, "programme tué, {1, 5}"},
    {CLOSE, {1, 0}, 10, "close, {1, 0}"},
};

static char octets[65536];
/* Le pair : attend le feu vert (la fin du tube), puis lit tout ; rend l'errno de la fin, ou 0. */
static int lire_enfin(int pair, const int tube[2], int patience)
{
    ssize_t n = 1;
    exiger("close", close(tube[1]));
    exiger("poll", poll(&(struct pollfd){.fd = tube[0]}, 1, 1000 * patience));
    while (n > 0)
        n = recv(pair, octets, sizeof octets, 0);
    return n == 0 ? 0 : errno;
}

int main(int argc, char *argv[])
{
    lire_arguments(argc, argv, "\nMesure close() selon SO_LINGER", NULL);
    /* Étape 1 : une écoute, à un port quelconque, et ce que vaut l'option au départ */
    struct sockaddr_in adresse = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct linger depart;
    socklen_t taille = sizeof adresse, place = sizeof depart;
    int ecoute = exiger("socket", socket(AF_INET, SOCK_STREAM, 0));
    exiger("getsockopt", getsockopt(ecoute, SOL_SOCKET, SO_LINGER, &depart, &place));
    printf("getsockopt : l_onoff %d, l_linger %d\n", depart.l_onoff, depart.l_linger);
    exiger("bind", bind(ecoute, (struct sockaddr *)&adresse, taille), &adresse);
    exiger("getsockname", getsockname(ecoute, (struct sockaddr *)&adresse, &taille));
    exiger("listen", listen(ecoute, 1), &adresse);

    for (size_t i = 0; i < sizeof essais / sizeof essais[0]; i++) {
        const struct essai *e = &essais[i];
        /* Étape 2 : le pair, confié à un fils ; et plus d'octets qu'il n'en tient dans les tampons */
        int tube[2], code, pair = exiger("socket", socket(AF_INET, SOCK_STREAM, 0));
        exiger("connect", connect(pair, (struct sockaddr *)&adresse, sizeof adresse), &adresse);
        exiger("pipe", pipe(tube));
        pid_t lecteur = exiger("fork", fork());
        if (lecteur == 0)
            _exit(close(ecoute) ? errno : lire_enfin(pair, tube, e->patience));
        exiger("close", close(pair));
        int s = exiger("accept", accept(ecoute, NULL, NULL)); /* après : le fils n'en a pas copie */
        while (send(s, octets, sizeof octets, MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
            ;
        exiger("send", errno == EAGAIN ? 0 : -1); /* EAGAIN : c'est plein */

        /* Étape 3 : régler l'option, finir, mesurer ; tuer, c'est tuer un fils qui tient la socket */
        exiger("setsockopt", setsockopt(s, SOL_SOCKET, SO_LINGER, &e->reglage, place));
        pid_t tenant = e->finir == TUE ? exiger("fork", fork()) : -1;
        if (tenant == 0)
            _exit(poll(NULL, 0, 10000));
        exiger("close", e->finir == TUE ? close(s) : 0);
        long long debut = maintenant_ms();
        exiger(e->nom, e->finir == CLOSE      ? close(s)
                       : e->finir == SHUTDOWN ? shutdown(s, SHUT_WR)
                                              : kill(tenant, SIGKILL));
        exiger("waitpid", e->finir == TUE ? waitpid(tenant, NULL, 0) : 0);
        printf("%s : %lld s ; ", e->nom, (maintenant_ms() - debut + 500) / 1000);

        /* Étape 4 : le feu vert, et ce que le pair a vu */
        exiger("close", close(tube[0]) | close(tube[1]));
        exiger("waitpid", waitpid(lecteur, &code, 0));
        printf("dernier recv : %s\n", code ? strchr(texte_erreur(WEXITSTATUS(code)), '[') : "0");
        exiger("close", e->finir == SHUTDOWN ? close(s) : 0);
    }
    exiger("close", close(ecoute));
    return 0;
}
