/*
 * Ce que le mémento dit de listen, d'accept et de connect, montré : une ligne par cas
 *
 *   cc tests/memento/attente.c common/*.c -o essais/attente
 *   essais/attente listen | accept | connect
 *
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../../common/affichage.h"
#include "../../common/erreur.h"

/* « listen(…) = 0 », ou « listen(…) = -1 [EINVAL] ». */
static void dire(const char *appel, int retour)
{
    const char *symbole = retour == -1 ? strrchr(texte_erreur(errno), '[') : NULL;
    printf("%s = %d%s%s\n", appel, retour, symbole ? " " : "", symbole ? symbole : "");
}

static int socket_de(int famille, int type)
{
    return exiger("socket", socket(famille, type, 0));
}

/* 127.0.0.x : ce port. */
static struct sockaddr_in ici(unsigned x, in_port_t port_reseau)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = port_reseau, .sin_addr.s_addr = htonl(0x7f000000 + x)};
}

static int attachee(struct sockaddr_in adresse)
{
    int s = socket_de(AF_INET, SOCK_STREAM), oui = 1;
    exiger("setsockopt", setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui));
    exiger("bind", bind(s, (struct sockaddr *)&adresse, sizeof adresse));
    return s;
}

static struct sockaddr_in nom(int s)
{
    struct sockaddr_in adresse;
    socklen_t taille = sizeof adresse;
    exiger("getsockname", getsockname(s, (struct sockaddr *)&adresse, &taille));
    return adresse;
}

static const char *adresse_de(int s)
{
    static char texte[INET_ADDRSTRLEN];
    struct sockaddr_in adresse = nom(s);
    return inet_ntop(AF_INET, &adresse.sin_addr, texte, sizeof texte);
}

/* Un client, connecté à cette socket d'écoute. */
static int connecte(int ecoute)
{
    struct sockaddr_in adresse = nom(ecoute);
    int s = socket_de(AF_INET, SOCK_STREAM);
    exiger("connect", connect(s, (struct sockaddr *)&adresse, sizeof adresse));
    return s;
}

/* 1 si la socket est passive : elle ne fait plus qu'accepter. */
static int passive(int s)
{
    int valeur;
    socklen_t taille = sizeof valeur;
    exiger("getsockopt", getsockopt(s, SOL_SOCKET, SO_ACCEPTCONN, &valeur, &taille));
    return valeur;
}

static int locale(int type) /* AF_UNIX, un nom choisi par le noyau */
{
    int s = socket_de(AF_UNIX, type);
    struct sockaddr_un adresse = {.sun_family = AF_UNIX};
    exiger("bind", bind(s, (struct sockaddr *)&adresse, sizeof adresse.sun_family));
    return s;
}

static void essayer_listen(void)
{
    int s = attachee(ici(1, 0)), tube[2], seule = socket_de(AF_INET, SOCK_STREAM);
    exiger("pipe", pipe(tube));
    struct sockaddr_in adresse = nom(s);
    int autre = attachee(adresse); /* deux SO_REUSEADDR : le même port, tant que rien n'écoute */
    printf("SO_ACCEPTCONN : %d\n", passive(s));
    dire("listen(attachée, 5)", listen(s, 5));
    printf("SO_ACCEPTCONN : %d\n", passive(s));
    dire("listen(la même, 10)", listen(s, 10));
    dire("connect(la même)", connect(s, (struct sockaddr *)&adresse, sizeof adresse));
    dire("listen(une autre, au même port)", listen(autre, 5));
    dire("listen(jamais attachée)", listen(seule, 5));
    int premier = 0, dernier = 0, port = ntohs(nom(seule).sin_port);
    FILE *plage = fopen("/proc/sys/net/ipv4/ip_local_port_range", "r");
    if (!plage || fscanf(plage, "%d %d", &premier, &dernier) != 2)
        echouer("ip_local_port_range");
    fclose(plage);
    printf("    son port : %s ip_local_port_range\n",
           port >= premier && port <= dernier ? "pris dans" : "hors de");
    dire("listen(connectée)", listen(connecte(s), 5));
    dire("listen(UDP)", listen(socket_de(AF_INET, SOCK_DGRAM), 5));
    dire("listen(AF_UNIX, flux)", listen(locale(SOCK_STREAM), 5));
    dire("listen(AF_UNIX, SEQPACKET)", listen(locale(SOCK_SEQPACKET), 5));
    dire("listen(AF_UNIX, datagrammes)", listen(locale(SOCK_DGRAM), 5));
    dire("listen(un tube)", listen(tube[0], 5));
    dire("listen(-1)", listen(-1, 5));
}

static void essayer_accept(void)
{
    int ecoute = attachee(ici(1, 0)), tube[2];
    exiger("pipe", pipe(tube));
    void *volatile nulle_part = (void *)(uintptr_t)8;
    struct sockaddr_in adresse;
    dire("accept(sans listen)", accept(ecoute, NULL, NULL));
    exiger("listen", listen(ecoute, 5));
    exiger("fcntl", fcntl(ecoute, F_SETFL, O_NONBLOCK));
    dire("accept(non bloquante, file vide)", accept(ecoute, NULL, NULL));
    connecte(ecoute);
    connecte(ecoute);
    int dialogue = accept(ecoute, NULL, NULL);
    printf("accept(NULL, NULL) : un descripteur, %s\n", dialogue > ecoute ? "nouveau" : "ancien");
    printf("    son port : %s\n",
           nom(dialogue).sin_port == nom(ecoute).sin_port ? "celui de l'écoute" : "un autre");
    dire("accept(longueur à l'adresse 8)", accept(ecoute, (struct sockaddr *)&adresse, nulle_part));
    dire("accept(de nouveau)", accept(ecoute, NULL, NULL));
    dire("accept(UDP)", accept(socket_de(AF_INET, SOCK_DGRAM), NULL, NULL));
    dire("accept(un tube)", accept(tube[0], NULL, NULL));
    dire("accept(-1)", accept(-1, NULL, NULL));
}

static void essayer_connect(void)
{
    int ecoute = attachee(ici(1, 0)), seule = socket_de(AF_INET, SOCK_STREAM);
    exiger("listen", listen(ecoute, 5));
    struct sockaddr_in serveur = nom(ecoute), preparee;
    memset(&preparee, 0, sizeof preparee);
    preparee.sin_family = AF_INET;
    preparee.sin_port = htons(ntohs(serveur.sin_port));
    inet_pton(AF_INET, "127.0.0.1", &preparee.sin_addr);
    printf("sans bind, avant connect : %s\n", adresse_de(seule));
    dire("connect(longueur 8)", connect(seule, (struct sockaddr *)&serveur, 8));
    dire("connect(memset, puis les trois champs)",
         connect(seule, (struct sockaddr *)&preparee, sizeof preparee));
    printf("    source : %s\n", adresse_de(seule));
    int choisie = attachee(ici(9, 0));
    dire("connect(après bind(127.0.0.9))",
         connect(choisie, (struct sockaddr *)&serveur, sizeof serveur));
    printf("    source : %s\n", adresse_de(choisie));
    dire("connect(une seconde fois)", connect(seule, (struct sockaddr *)&serveur, sizeof serveur));
    dire("connect(-1)", connect(-1, (struct sockaddr *)&serveur, sizeof serveur));
}

int main(int argc, char *argv[])
{
    static const struct partie {
        const char *nom;
        void (*jouer)(void);
    } parties[] = {
        {"listen", essayer_listen}, {"accept", essayer_accept}, {"connect", essayer_connect}};
    for (size_t i = 0; argc == 2 && i < sizeof parties / sizeof parties[0]; i++)
        if (strcmp(argv[1], parties[i].nom) == 0) {
            parties[i].jouer();
            return 0;
        }
    fprintf(stderr, "usage : %s listen|accept|connect\n", argv[0]);
    return 2;
}
