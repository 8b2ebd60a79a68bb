/*
 * Marquer la fin d'un message : par un \n, ou par sa longueur, annoncée avant lui
 *
 *   ./tcp/09-messages [-p] [-a adresse] [port]
 *
 * Avec -p (préfixe), un message est précédé de sa longueur : quatre octets, en ordre réseau.
 * En face : nc 127.0.0.1 5000   (puis taper une ligne ; pour -p, voir le cours)
 * À regarder : une ligne ne peut ni contenir de \n, ni se savoir coupée. Un message à préfixe, si ;
 * mais sa longueur vient de n'importe qui : on la borne avant d'y croire.
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>

#include "../common/affichage.h"
#include "../common/bouts.h"
#include "../common/dialogue.h"
#include "../common/erreur.h"
#include "../common/programme.h"

enum { BUF_SIZE = 1024 };

/* Une ligne entre, « ok\n » sort. */
static void servir_ligne(int socket_dialogue)
{
    struct lignes recues = {.longueur_max = BUF_SIZE};
    const char *ligne;
    size_t longueur;
    if (recevoir_ligne(socket_dialogue, &recues, &ligne, &longueur) != LIGNE_AUCUNE) {
        afficher_octets("ligne", ligne, longueur);
        envoyer_tout(socket_dialogue, "ok\n", 3);
    }
    lignes_liberer(&recues);
}

/* Reçoit « taille » octets ; rend combien sont venus : moins, si le flux finit ou échoue avant. */
static size_t recevoir(int socket_dialogue, void *octets, size_t taille)
{
    size_t recus = 0;
    while (recus < taille) { /* MSG_WAITALL attend tout, mais un signal peut l'arrêter en chemin */
        char *suite = (char *)octets + recus;
        ssize_t n = recv(socket_dialogue, suite, taille - recus, MSG_WAITALL);
        if (n == -1 && errno == EINTR)
            continue;
        if (n == -1)
            signaler("recv");
        if (n <= 0)
            break;
        afficher_octets("recv", suite, (size_t)n);
        recus += (size_t)n;
    }
    return recus;
}

/* Une longueur et un message entrent ; « ok », précédé de sa longueur, sort. */
static void servir_prefixe(int socket_dialogue)
{
    uint32_t longueur = 0;
    char message[BUF_SIZE];
    size_t recus = recevoir(socket_dialogue, &longueur, sizeof longueur);
    longueur = ntohl(longueur);
    if (recus < sizeof longueur) {
        printf("coupé : %zu octets sur %zu de longueur\n", recus, sizeof longueur);
    } else if (longueur > sizeof message) { /* avant de s'en servir */
        printf("longueur refusée : %u octets, %d au plus\n", longueur, BUF_SIZE);
    } else if ((recus = recevoir(socket_dialogue, message, longueur)) < longueur) {
        printf("coupé : %zu octets sur %u\n", recus, longueur);
    } else {
        afficher_octets("message", message, longueur);
        envoyer_tout(socket_dialogue, "\0\0\0\2ok", 6);
    }
}

int main(int argc, char *argv[])
{
    const char *prefixe = NULL, *adresse = "0.0.0.0", *port = "5000";
    const char *usage = "[-p] [-a adresse] [port]\nRépond « ok » au message de chaque client\n"
                        "En face : nc 127.0.0.1 5000";
    lire_arguments(argc, argv, usage, &prefixe, &adresse, &port);
    signal(SIGPIPE, SIG_IGN);
    int socket_ecoute = ecouter(adresse, port); /* Étape 1 : écouter, comme tcp/06-serveur */
    for (;;) {
        verifier_trace();
        /* Étape 2 : un client, un message ; un muet retient les autres, comme dans tcp/06-serveur */
        int socket_dialogue = accept(socket_ecoute, NULL, NULL);
        if (socket_dialogue == -1) {
            signaler("accept");
            poll(NULL, 0, 100);
            continue;
        }
        printf("accept : descripteur %d\n", socket_dialogue);
        (prefixe ? servir_prefixe : servir_ligne)(socket_dialogue);
        raccrocher(socket_dialogue);
    }
}
