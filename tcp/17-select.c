/*
 * Bavarder sans second processus : select() surveille le clavier et la socket
 *
 *   ./tcp/17-select [-d descripteur] [hôte [port [délai]]]      le délai est en millisecondes
 *
 * En face : nc -l -p 5000
 * À regarder : les ensembles, refaits à chaque tour, parce que select() les réécrit ; le délai, que
 * Linux réécrit aussi ; et « -d 1024 », un numéro qui ne tient pas dans un ensemble.
 * Limite : un pair qui ne lit plus finit par nous bloquer dans send().
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/affichage.h"
#include "../common/dialogue.h"
#include "../common/erreur.h"
#include "../common/programme.h"
#pragma GCC diagnostic ignored "-Wsign-conversion" /* les macros FD_… de musl */

enum { LG_MORCEAU = 1024 };

/* FD_SET() écrit dans un tableau de FD_SETSIZE bits, sans rien vérifier : vérifier avant. */
static void ajouter(int descripteur, fd_set *ensemble)
{
    if (descripteur >= FD_SETSIZE)
        abandonner("descripteur %d : trop grand, FD_SETSIZE vaut %d", descripteur, FD_SETSIZE);
    FD_SET(descripteur, ensemble);
}

/* Refait les trois ensembles, et attend, « ms » au plus. Rend faux si rien n'est venu. */
static bool choisir(int s, bool connectee, bool clavier, fd_set ensembles[3], long ms)
{
    fd_set *lecture = &ensembles[0], *ecriture = &ensembles[1], *exception = &ensembles[2];
    struct timeval reste = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
    int prets;
    do {
        FD_ZERO(lecture);
        FD_ZERO(ecriture);
        FD_ZERO(exception);
        ajouter(s, connectee ? lecture : ecriture); /* se connecter, c'est pouvoir écrire */
        if (connectee)
            ajouter(s, exception); /* un octet urgent */
        if (clavier)
            ajouter(STDIN_FILENO, lecture);
        prets = select(s + 1, lecture, ecriture, exception, &reste);
    } while (prets == -1 && errno == EINTR); /* « reste » a diminué d'autant */
    exiger("select", prets);
    bool touche = clavier && FD_ISSET(STDIN_FILENO, lecture);
    printf("select :%s%s%s%s%s ; il reste %ld,%06ld s\n", prets == 0 ? " rien" : "",
           touche ? " clavier" : "", FD_ISSET(s, lecture) ? " lecture" : "",
           FD_ISSET(s, ecriture) ? " écriture" : "", FD_ISSET(s, exception) ? " exception" : "",
           (long)reste.tv_sec, (long)reste.tv_usec);
    return prets > 0;
}

/* Déplace la socket à ce numéro, comme si tant de fichiers étaient déjà ouverts. */
static int deplacer(int s, int numero)
{
    struct rlimit limite;
    exiger("getrlimit", getrlimit(RLIMIT_NOFILE, &limite));
    limite.rlim_cur = limite.rlim_max; /* 1024, d'ordinaire : select() ne tient pas plus */
    exiger("setrlimit", setrlimit(RLIMIT_NOFILE, &limite));
    int copie = exiger("fcntl", fcntl(s, F_DUPFD, numero));
    exiger("close", close(s));
    return copie;
}

/* Prend et montre ce qui est arrivé ; faux à la fin du flux. */
static bool recevoir(int s, int drapeaux)
{
    char octets[LG_MORCEAU];
    ssize_t recus = recv(s, octets, sizeof octets, drapeaux);
    if (recus == -1 && errno == EINTR)
        return true; /* au prochain tour */
    exiger("recv", recus == -1 ? -1 : 0);
    if (recus == 0)
        printf("recv : 0 octet, fin du flux\n");
    else
        afficher_octets(drapeaux & MSG_OOB ? "recv, urgent" : "recv", octets, (size_t)recus);
    return recus > 0;
}

int main(int argc, char *argv[])
{
    const char *hote = "127.0.0.1", *port = "5000", *delai = "3000", *descripteur = NULL;
    const char *usage =
        "[-d descripteur] [hôte [port [délai]]]\nBavarde, jusqu'à délai ms de silence\n"
        "En face : nc -l -p 5000";
    lire_arguments(argc, argv, usage, &descripteur, &hote, &port, &delai);
    struct sockaddr_in serveur = {.sin_family = AF_INET, .sin_port = htons(lire_port(port))};
    serveur.sin_addr = lire_adresse(hote);
    long delai_ms = lire_nombre("délai", delai, 1, 3600000);
    int numero = descripteur ? (int)lire_nombre("descripteur", descripteur, 3, 65535) : 0;

    /* Étape 1 : demander la connexion, sans l'attendre */
    int s = exiger("socket", socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    if (numero)
        s = deplacer(s, numero);
    printf("socket : descripteur %d\n", s);
    char texte[TEXTE_ADRESSE];
    if (connect(s, (struct sockaddr *)&serveur, sizeof serveur) == -1 && errno != EINPROGRESS)
        echouer("connect", &serveur);
    printf("connect : demandé, %s\n", texte_adresse(&serveur, texte));

    /* Étape 2 : select() dit quand c'est fini, SO_ERROR comment */
    fd_set ensembles[3];
    if (!choisir(s, false, false, ensembles, delai_ms))
        abandonner("connect : pas de réponse en %ld ms", delai_ms);
    int erreur;
    socklen_t taille = sizeof erreur;
    exiger("getsockopt", getsockopt(s, SOL_SOCKET, SO_ERROR, &erreur, &taille));
    errno = erreur; /* celle du connect() demandé : zéro, ou la raison */
    if (erreur)
        echouer("connect", &serveur);
    exiger("fcntl", fcntl(s, F_SETFL, 0)); /* la suite peut attendre : select() dit quand */

    /* Étape 3 : bavarder, jusqu'au silence, ou à la fin de l'autre */
    for (bool clavier = true; choisir(s, true, clavier, ensembles, delai_ms);) {
        if (FD_ISSET(s, &ensembles[2]) && !recevoir(s, MSG_OOB))
            break;
        if (FD_ISSET(s, &ensembles[0]) && !recevoir(s, 0))
            break;
        if (!clavier || !FD_ISSET(STDIN_FILENO, &ensembles[0]))
            continue;
        char ligne[LG_MORCEAU];
        ssize_t lus = read(STDIN_FILENO, ligne, sizeof ligne);
        clavier = exiger("read", (int)lus) > 0;
        if (clavier && !envoyer_tout(s, ligne, (size_t)lus))
            return 1;
        if (!clavier) { /* Ctrl-D : nous n'avons plus rien à dire, mais nous écoutons encore */
            exiger("shutdown", shutdown(s, SHUT_WR));
            printf("shutdown : SHUT_WR\n");
        }
    }
    exiger("close", close(s));
    printf("close : descripteur %d\n", s);
    return 0;
}
