/*
 * Ne pas attendre : une socket non bloquante, et connect() avec une échéance
 *
 *   ./tcp/15-non-bloquant [hôte [port [délai]]]      le délai est en millisecondes
 *
 * En face : nc -l -p 5000
 * À regarder : connect() rend la main aussitôt, avec EINPROGRESS ; poll() dit que c'est fini,
 * SO_ERROR dit comment, une seule fois. Refaire connect() sur la même socket ne recommence rien.
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/affichage.h"
#include "../common/erreur.h"
#include "../common/programme.h"

/* Attend POLLOUT, « ms » au plus, même si un signal nous réveille. Rend 0 s'il n'est pas venu. */
static int attendre_la_fin(int s, long ms)
{
    struct pollfd surveillee = {.fd = s, .events = POLLOUT};
    for (long long reste = ms, echeance = maintenant_ms() + ms; reste > 0;) {
        int prets = poll(&surveillee, 1, (int)reste);
        if (prets != -1 || errno != EINTR)
            return exiger("poll", prets);
        reste = echeance - maintenant_ms();
    }
    return 0;
}

/* L'erreur que la socket gardait pour nous ; la lire l'efface. */
static int lire_erreur(int s)
{
    int erreur;
    socklen_t taille = sizeof erreur;
    exiger("getsockopt", getsockopt(s, SOL_SOCKET, SO_ERROR, &erreur, &taille));
    printf("getsockopt : SO_ERROR, %s\n", erreur ? texte_erreur(erreur) : "0");
    return erreur;
}

static void redemander(int s, const struct sockaddr_in *adresse)
{
    int retour = connect(s, (const struct sockaddr *)adresse, sizeof *adresse);
    printf("connect, encore : %s\n", retour == 0 ? "0" : texte_erreur(errno));
}

int main(int argc, char *argv[])
{
    const char *hote = "127.0.0.1", *port = "5000", *delai = "1000";
    const char *usage = "[hôte [port [délai]]]\nSe connecte avant le délai (en ms), ou renonce\n"
                        "En face : nc -l -p 5000";
    lire_arguments(argc, argv, usage, &hote, &port, &delai);
    struct sockaddr_in serveur = {.sin_family = AF_INET, .sin_port = htons(lire_port(port))};
    serveur.sin_addr = lire_adresse(hote);
    long delai_ms = lire_nombre("délai", delai, 1, 3600000);

    /* Étape 1 : une socket non bloquante, dès sa création */
    int s = exiger("socket", socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    int drapeaux = exiger("fcntl", fcntl(s, F_GETFL));
    printf("socket : descripteur %d, %s\n", s, drapeaux & O_NONBLOCK ? "O_NONBLOCK" : "bloquante");

    /* Étape 2 : demander la connexion ; EINPROGRESS n'est pas un échec, c'est « en cours » */
    char texte[TEXTE_ADRESSE];
    int retour = connect(s, (struct sockaddr *)&serveur, sizeof serveur);
    if (retour == -1 && errno != EINPROGRESS)
        echouer("connect", &serveur);
    printf("connect : %s, vers %s\n", retour == 0 ? "0" : texte_erreur(errno),
           texte_adresse(&serveur, texte));

    /* Étape 3 : attendre qu'elle s'achève, bien ou mal ; passé le délai, renoncer */
    if (attendre_la_fin(s, delai_ms) == 0) {
        printf("poll : rien en %ld ms\n", delai_ms);
        redemander(s, &serveur);
        abandonner("connect : pas de réponse en %ld ms", delai_ms);
    }
    printf("poll : POLLOUT\n");

    /* Étape 4 : bien, ou mal ? SO_ERROR le dit ; mal : cette socket est à fermer */
    int erreur = lire_erreur(s);
    lire_erreur(s);
    redemander(s, &serveur);
    if (erreur) {
        errno = erreur;
        echouer("connect", &serveur);
    }
    redemander(s, &serveur);

    /* Étape 5 : recv() n'attend pas non plus */
    char octet;
    ssize_t recus = recv(s, &octet, 1, MSG_PEEK);
    exiger("recv", recus == -1 && errno != EAGAIN ? -1 : 0);
    printf("recv : %s\n", recus == -1 ? texte_erreur(errno) : "le serveur a déjà parlé, ou fini");
    exiger("close", close(s));
    printf("close : descripteur %d\n", s);
    return 0;
}
