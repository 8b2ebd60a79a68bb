/*
 * Attendre une donnée : la redemander sans cesse, ou dormir dans poll()
 *
 *   ./tcp/15-sans-cesse [hôte [port [délai]]]      le délai est en millisecondes
 *
 * En face : nc -l -p 5000
 * À regarder : les deux attentes durent le même temps ; la boucle folle a pris le processeur, que
 * « top » montre plein ; poll() l'a laissé aux autres. Une ligne tapée en face abrège l'attente.
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../common/affichage.h"
#include "../common/erreur.h"
#include "../common/programme.h"

enum { LG_MORCEAU = 1024 };

/* Prend ce qui est arrivé, et le montre ; faux si rien ne l'est encore. */
static int recevoir(int s)
{
    char octets[LG_MORCEAU];
    ssize_t recus = recv(s, octets, sizeof octets, 0);
    if (recus == -1 && (errno == EAGAIN || errno == EINTR))
        return 0;
    if (recus == -1)
        echouer("recv");
    afficher_octets("recv", octets, (size_t)recus);
    return 1;
}

int main(int argc, char *argv[])
{
    const char *hote = "127.0.0.1", *port = "5000", *delai = "500";
    const char *usage = "[hôte [port [délai]]]\nAttend deux fois une ligne, délai ms au plus\n"
                        "En face : nc -l -p 5000";
    lire_arguments(argc, argv, usage, &hote, &port, &delai);
    struct sockaddr_in serveur = {.sin_family = AF_INET, .sin_port = htons(lire_port(port))};
    serveur.sin_addr = lire_adresse(hote);
    long delai_ms = lire_nombre("délai", delai, 1, 3600000);

    /* Étape 1 : une connexion ordinaire */
    char texte[TEXTE_ADRESSE];
    int s = exiger("socket", socket(AF_INET, SOCK_STREAM, 0));
    printf("socket : descripteur %d\n", s);
    exiger("connect", connect(s, (struct sockaddr *)&serveur, sizeof serveur), &serveur);
    printf("connect : %s\n", texte_adresse(&serveur, texte));

    /* Étape 2 : désormais, ses appels n'attendent plus ; les autres drapeaux sont gardés */
    int drapeaux = exiger("fcntl", fcntl(s, F_GETFL));
    printf("fcntl : F_GETFL, %s\n", drapeaux & O_NONBLOCK ? "O_NONBLOCK" : "bloquante");
    exiger("fcntl", fcntl(s, F_SETFL, drapeaux | O_NONBLOCK));
    drapeaux = exiger("fcntl", fcntl(s, F_GETFL));
    printf("fcntl : F_GETFL, %s\n", drapeaux & O_NONBLOCK ? "O_NONBLOCK" : "bloquante");

    /* Étape 3 : la boucle folle : recv(), recv(), recv()… jusqu'à une donnée, ou au délai */
    long refus = 0;
    clock_t debut = clock(); /* le temps de processeur, pas celui de la montre */
    for (long long fin = maintenant_ms() + delai_ms; maintenant_ms() < fin && !recevoir(s);)
        refus++;
    long folle = (long)(clock() - debut);
    printf("recv : %s, %ld fois\n", texte_erreur(EAGAIN), refus);

    /* Étape 4 : dormir jusqu'à une donnée, ou au délai ; puis un seul recv(), s'il y a lieu */
    struct pollfd surveillee = {.fd = s, .events = POLLIN};
    int prets;
    debut = clock();
    do
        prets = poll(&surveillee, 1, (int)delai_ms);
    while (prets == -1 && errno == EINTR);
    long sommeil = (long)(clock() - debut);
    printf("poll : %s\n", exiger("poll", prets) ? "POLLIN" : "0, le délai est passé");
    if (prets)
        recevoir(s);

    /* Étape 5 : ce que chacune a pris */
    printf("boucle : %ld µs de processeur\n", folle);
    printf("poll : %ld µs%s\n", sommeil, folle > 100 * sommeil ? ", plus de cent fois moins" : "");
    exiger("close", close(s));
    printf("close : descripteur %d\n", s);
    return 0;
}
