/*
 * Un signal pendant une attente : EINTR, ou la reprise (SA_RESTART)
 *
 *   ./tcp/14-signaux [-r]        -r : le gestionnaire est installé avec SA_RESTART
 *
 * En face : personne, le programme tient les deux bouts.
 * À regarder : sans -r, toute attente est interrompue. Avec -r, le noyau reprend accept, recv et send ;
 * mais ni poll, ni un recv à délai (SO_RCVTIMEO), ni un send qui a déjà pris des octets.
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "../common/erreur.h"
#include "../common/programme.h"

enum { TROP = 16 << 20 }; /* bien plus que n'en prend un tampon */
static int ecoute, dialogue, pair;
static struct sockaddr_in adresse = {.sin_family = AF_INET};
static char octets[TROP];
static volatile sig_atomic_t alarmes; /* le seul type sûr, partagé avec un gestionnaire */

/* La troisième alarme fait venir ce que l'on attend : le pair se connecte, ou bien parle et lit. */
static void sonner(int numero)
{
    int errno_avant = errno; /* à rendre intact : ces appels peuvent le changer */
    alarmes = alarmes + (numero == SIGALRM);
    if (alarmes == 3 && connect(pair, (struct sockaddr *)&adresse, sizeof adresse) == -1) {
        send(pair, "!", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
        while (recv(pair, octets, TROP, MSG_DONTWAIT) > 0)
            ;
    }
    errno = errno_avant;
}

/* L'alarme sonne toutes les « us » microsecondes ; 0 l'arrête. */
static void regler(long us)
{
    alarmes = 0;
    setitimer(ITIMER_REAL, &(struct itimerval){{0, us}, {0, us}}, NULL);
}

/* Fait cet appel, qui attend, pendant que l'alarme sonne ; « demande » octets, s'il réussit. */
#define INTERROMPRE(nom, demande, appel) (regler(30000), conclure(nom, demande, appel))
static void conclure(const char *nom, size_t demande, ssize_t retour)
{
    regler(0);
    const char *reussite = (size_t)retour < demande ? "pris en partie" : "repris, et réussi";
    printf("%s : %s\n", nom, retour == -1 ? texte_erreur(errno) : reussite);
}

int main(int argc, char *argv[])
{
    const char *reprise = NULL;
    lire_arguments(argc, argv, "[-r]\nInterrompt chaque attente ; -r : SA_RESTART", &reprise);

    /* Étape 1 : que faire de SIGALRM */
    struct sigaction action = {.sa_handler = sonner, .sa_flags = reprise ? SA_RESTART : 0};
    exiger("sigaction", sigaction(SIGALRM, &action, NULL));
    printf("sigaction : SIGALRM, %s SA_RESTART\n", reprise ? "avec" : "sans");

    /* Étape 2 : une socket d'écoute, et celle de notre pair, qui s'y présentera */
    socklen_t taille = sizeof adresse;
    adresse.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ecoute = exiger("socket", socket(AF_INET, SOCK_STREAM, 0));
    exiger("bind", bind(ecoute, (struct sockaddr *)&adresse, taille), &adresse);
    exiger("listen", listen(ecoute, 1));
    exiger("getsockname", getsockname(ecoute, (struct sockaddr *)&adresse, &taille));
    pair = exiger("socket", socket(AF_INET, SOCK_STREAM, 0));

    /* Étape 3 : une alarme pendant chaque attente, à commencer par celle d'un client */
    INTERROMPRE("accept", 0, dialogue = accept(ecoute, NULL, NULL));
    if (dialogue == -1) { /* interrompu : rien n'est perdu, on refait l'appel */
        exiger("connect", connect(pair, (struct sockaddr *)&adresse, taille), &adresse);
        dialogue = exiger("accept", accept(ecoute, NULL, NULL));
    }
    INTERROMPRE("recv", 1, recv(dialogue, octets, 1, 0));
    struct timeval delai = {.tv_sec = 5}; /* désormais, recv attend au plus 5 s */
    exiger("setsockopt", setsockopt(dialogue, SOL_SOCKET, SO_RCVTIMEO, &delai, sizeof delai));
    INTERROMPRE("recv à délai", 1, recv(dialogue, octets, 1, 0));
    INTERROMPRE("poll", 1, poll(&(struct pollfd){.fd = ecoute, .events = POLLIN}, 1, 5000));

    /* Étape 4 : de même pour send ; d'abord trop d'octets, puis un seul, le tampon étant plein */
    INTERROMPRE("send, trop d'octets", TROP, send(dialogue, octets, TROP, MSG_NOSIGNAL));
    for (int refus = 0; refus < 5; poll(NULL, 0, 10)) { /* plein : cinq refus, à 10 ms d'écart */
        refus = send(dialogue, octets, TROP, MSG_DONTWAIT | MSG_NOSIGNAL) == -1 ? refus + 1 : 0;
        exiger("send", refus == 0 || errno == EAGAIN ? 0 : -1);
    }
    INTERROMPRE("send, tampon plein", 1, send(dialogue, octets, 1, MSG_NOSIGNAL));
    exiger("close", close(dialogue));
    exiger("close", close(pair));
    exiger("close", close(ecoute));
    return 0;
}
