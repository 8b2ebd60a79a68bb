/*
 * Fermer un sens, ou les deux : shutdown(), et ce qui le distingue de close()
 *
 *   ./tcp/07-demi-fermeture [-a adresse] [port]
 *
 * Prend un client, un seul, puis fait les appels que l'on tape, et dit ce qu'ils rendent :
 * send, recv, SHUT_RD, SHUT_WR, SHUT_RDWR, dup, close. Ctrl-D : c'est fini.
 * En face : un client, nc 127.0.0.1 5000   (puis taper)
 * À regarder : ce que rendent recv et send après chaque fermeture, ici comme en face ; et avec
 * ss -tan, FIN-WAIT-2 chez celui qui a fermé son sens, CLOSE-WAIT chez l'autre.
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/affichage.h"
#include "../common/erreur.h"
#include "../common/programme.h"

static volatile sig_atomic_t sigpipe; /* au lieu de nous tuer, le signal laisse une trace */
static void noter(int numero)
{
    sigpipe = numero;
}

/* Ce que l'appel a rendu. Ici, un échec n'arrête rien : c'est lui que l'on vient voir. */
static void dire(const char *appel, ssize_t retour, const char *detail)
{
    printf("%s : %s%s\n", appel, retour == -1 ? texte_erreur(errno) : detail,
           sigpipe ? ", et SIGPIPE" : "");
    sigpipe = 0;
}

int main(int argc, char *argv[])
{
    const char *adresse = "0.0.0.0", *port = "5000";
    const char *usage = "[-a adresse] [port]\nPrend un client, puis fait les appels que l'on tape\n"
                        "En face : un client, nc 127.0.0.1 5000";
    lire_arguments(argc, argv, usage, &adresse, &port);
    signal(SIGPIPE, noter);

    /* Étape 1 : un serveur, comme les autres */
    struct sockaddr_in ici = {.sin_family = AF_INET,
                              .sin_port = htons(lire_port(port)),
                              .sin_addr = lire_adresse(adresse)};
    char texte[TEXTE_ADRESSE];
    socklen_t taille = sizeof ici;
    int oui = 1, ecoute = exiger("socket", socket(AF_INET, SOCK_STREAM, 0));
    exiger("setsockopt", setsockopt(ecoute, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui));
    exiger("bind", bind(ecoute, (struct sockaddr *)&ici, taille), &ici);
    exiger("getsockname", getsockname(ecoute, (struct sockaddr *)&ici, &taille));
    printf("bind : %s\n", texte_adresse(&ici, texte));
    exiger("listen", listen(ecoute, 1), &ici);
    printf("listen : file de 1\n");

    /* Étape 2 : un client, et plus d'écoute ; la connexion, elle, demeure */
    int s, copie = -1;
    while ((s = accept(ecoute, NULL, NULL)) == -1 && (errno == EINTR || errno == ECONNABORTED))
        ;
    exiger("accept", s);
    printf("accept : descripteur %d\n", s);
    exiger("close", close(ecoute));
    printf("close : descripteur %d, l'écoute\n", ecoute);

    /* Étape 3 : faire ce que l'on tape */
    for (char mot[16], octets[256], detail[32]; scanf("%15s", mot) == 1;) {
        if (strcmp(mot, "send") == 0) {
            ssize_t n = send(s, "Bonjour\n", 8, 0); /* sans MSG_NOSIGNAL : pour voir le signal */
            dire("send", n, n == 8 ? "8 octets" : "une partie");
        } else if (strcmp(mot, "recv") == 0) {
            ssize_t n = recv(s, octets, sizeof octets, 0); /* il attend autant qu'il le faut */
            if (n > 0)
                afficher_octets("recv", octets, (size_t)n);
            else
                dire("recv", n, "0 octet, fin du flux");
        } else if (strcmp(mot, "dup") == 0 && copie == -1) {
            copie = dup(s);
            snprintf(detail, sizeof detail, "descripteur %d", copie);
            dire("dup", copie, detail);
        } else if (strcmp(mot, "close") == 0) {
            snprintf(detail, sizeof detail, "descripteur %d", s);
            dire("close", close(s), detail);
            s = copie == -1 ? s : copie; /* la copie prend la suite, s'il y en a une */
            copie = -1;
        } else {
            int sens = strcmp(mot, "SHUT_RD") == 0     ? SHUT_RD
                       : strcmp(mot, "SHUT_WR") == 0   ? SHUT_WR
                       : strcmp(mot, "SHUT_RDWR") == 0 ? SHUT_RDWR
                                                       : -1; /* inconnu : EINVAL le dira */
            dire("shutdown", shutdown(s, sens), mot);
        }
    }
    exiger("scanf", ferror(stdin) ? -1 : 0); /* ni un mot ni la fin : une erreur de lecture */
    return 0; /* ce qui reste ouvert, le noyau le ferme : en face, c'est un close */
}
