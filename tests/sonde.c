/*
 * La sonde des tests : un client ou un serveur qui joue une suite d'actions, dans l'ordre.
 *
 *   sonde tcp HÔTE PORT ACTION...           se connecte, puis joue les actions
 *   sonde udp HÔTE PORT ACTION...           de même, en datagrammes
 *   sonde tcp-serveur HÔTE PORT ACTION...   annonce « port : N », prend un client, les joue
 *   sonde udp-serveur HÔTE PORT ACTION...   de même ; « envoyer » répond au dernier expéditeur
 *   sonde unix CHEMIN - ACTION...           et unix-serveur : un flux local, à ce chemin
 *
 *   envoyer TEXTE      un seul envoi ; \n, \r, \0, \\ et \xHH valent un octet
 *   repeter N OCTET    N fois le même octet (en UDP : un seul datagramme)
 *   un-par-un TEXTE    octet par octet : chacun est lu par le programme d'en face avant le suivant
 *   lire               une lecture, et une seule (en UDP : un datagramme)
 *   lire-ligne         jusqu'au \n
 *   lire-fin           jusqu'à la fin du flux
 *   demi-fermer        plus rien à envoyer (FIN), mais on lit encore
 *   rst                ferme brutalement (RST)
 *   forger TEXTE       envoie depuis une autre socket, donc un autre port (UDP)
 *   importuner N TEXTE forge N datagrammes, d'un trait ; N négatif : sans fin, un par 20 ms
 *                      (en TCP, où l'on ne forge rien : envoie de même)
 *   usurper PORT TEXTE envoie comme si l'on était PORT (UDP, IPv4 ; socket brute, donc privilège)
 *   attendre           attend une ligne sur l'entrée standard : le signal du test
 *   pause              attend d'être tuée
 *
 * Chaque action laisse une ligne, octets échappés : « lire : ok\n ». Code 0, ou 1 si un appel
 * échoue, 2 si la ligne de commande est fausse. Au bout de 10 secondes, SIGALRM.
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { LG_MAX = 65536 };

static int s; /* la socket du dialogue */
static bool en_udp;
static bool connectee = true;    /* un serveur UDP ne l'est pas : il répond à « pair » */
static struct sockaddr_in6 pair; /* ou une sockaddr_in : le port y est à la même place */
static socklen_t taille_pair = sizeof pair;

static int exiger(const char *appel, long retour)
{
    if (retour == -1) {
        fprintf(stderr, "sonde : %s : %s\n", appel, strerror(errno));
        exit(1);
    }
    return (int)retour;
}

static _Noreturn void refuser(const char *quoi)
{
    fprintf(stderr, "sonde : ligne de commande incorrecte : %s\n", quoi);
    exit(2);
}

/* Lit « Bonjour\n\x1b\0 » ; rend le nombre d'octets rangés. */
static size_t lire_texte(const char *texte, char *octets)
{
    static const char lettres[] = "nr0\\", valeurs[] = "\n\r\0\\";
    size_t n = 0;
    for (; *texte && n < LG_MAX; texte++) {
        const char *lettre;
        unsigned hexa;
        if (*texte != '\\') {
            octets[n++] = *texte;
        } else if (sscanf(texte, "\\x%2x", &hexa) == 1) {
            octets[n++] = (char)hexa;
            texte += 3;
        } else if (*++texte && (lettre = strchr(lettres, *texte))) {
            octets[n++] = valeurs[lettre - lettres];
        } else {
            refuser("échappement");
        }
    }
    return n;
}

static void montrer(const char *action, const char *octets, size_t taille)
{
    printf("%s : ", action);
    for (size_t i = 0; i < taille; i++) {
        unsigned char c = (unsigned char)octets[i];
        if (c == '\n' || c == '\0')
            printf(c ? "\\n" : "\\0");
        else if (c < 0x20 || c > 0x7e || c == '\\')
            printf("\\x%02x", c);
        else
            putchar(c);
    }
    printf("\n");
}

static void envoyer(int socket_envoi, const char *octets, size_t taille)
{
    bool reliee = connectee && socket_envoi == s;
    struct sockaddr *dest = reliee ? NULL : (struct sockaddr *)&pair;
    socklen_t taille_dest = reliee ? 0 : taille_pair;
    do { /* une boucle do : un datagramme vide part aussi */
        int n =
            exiger("send", sendto(socket_envoi, octets, taille, MSG_NOSIGNAL, dest, taille_dest));
        octets += n;
        taille -= (size_t)n;
    } while (taille > 0);
}

/* Reste-t-il des octets que le pair, sur cette machine, n'a pas lus ? /proc/net/tcp le dit. */
static bool pair_a_tout_lu(void)
{
    struct sockaddr_in6 ici = {0}, la_bas = {0};
    socklen_t t1 = sizeof ici, t2 = sizeof la_bas;
    int en_route;
    if (getsockname(s, (struct sockaddr *)&ici, &t1) == -1 ||
        getpeername(s, (struct sockaddr *)&la_bas, &t2) == -1)
        return true; /* il est parti */
    if (ioctl(s, SIOCOUTQ, &en_route) == 0 && en_route > 0)
        return false;
    for (int i = 0; i < 2; i++) {
        FILE *table = fopen(i == 0 ? "/proc/net/tcp" : "/proc/net/tcp6", "r");
        unsigned port, port_pair, a_lire;
        char ligne[512];
        bool trouvee = false;
        while (table && !trouvee && fgets(ligne, sizeof ligne, table)) {
            int lus = sscanf(ligne, " %*d: %*[^:]:%x %*[^:]:%x %*x %*[^:]:%x", &port, &port_pair,
                             &a_lire);
            trouvee =
                lus == 3 && port == ntohs(la_bas.sin6_port) && port_pair == ntohs(ici.sin6_port);
        }
        if (table)
            fclose(table);
        if (trouvee)
            return a_lire == 0;
    }
    return true;
}

static void envoyer_un_par_un(const char *octets, size_t taille)
{
    int oui = 1;
    exiger("setsockopt", setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &oui, sizeof oui));
    for (size_t i = 0; i < taille; i++) {
        envoyer(s, octets + i, 1);
        while (!pair_a_tout_lu())
            poll(NULL, 0, 1);
    }
}

/* Écrit au dernier expéditeur depuis une autre socket que celle du dialogue : un intrus. */
static void importuner(long nombre, const char *octets, size_t taille)
{
    int autre = en_udp ? exiger("socket", socket(pair.sin6_family, SOCK_DGRAM, 0)) : s;
    for (long i = 0; nombre < 0 || i < nombre; i++) {
        envoyer(autre, octets, taille);
        if (nombre < 0)
            poll(NULL, 0, 20);
    }
    if (autre != s)
        exiger("close", close(autre));
}

/* Écrit à celui que l'on a joint, en se disant être un autre port de cette machine. */
static void usurper(const char *port, const char *octets, size_t taille)
{
    struct sockaddr_in cible;
    socklen_t taille_cible = sizeof cible;
    exiger("getpeername", getpeername(s, (struct sockaddr *)&cible, &taille_cible));
    static char datagramme[sizeof(struct udphdr) + LG_MAX];
    struct udphdr entete = {
        .source = htons((uint16_t)atoi(port)),
        .dest = cible.sin_port,
        .len = htons((uint16_t)(sizeof entete + taille)), /* somme de contrôle à 0 : aucune */
    };
    memcpy(datagramme, &entete, sizeof entete);
    memcpy(datagramme + sizeof entete, octets, taille);
    int brute = exiger("socket", socket(AF_INET, SOCK_RAW, IPPROTO_UDP));
    exiger("sendto", sendto(brute, datagramme, sizeof entete + taille, 0, (struct sockaddr *)&cible,
                            sizeof cible));
    exiger("close", close(brute));
}

/* Joue l'action en tête ; rend le nombre de mots qu'elle a pris. */
static int jouer(char *mots[])
{
    static char octets[LG_MAX];
    const char *action = mots[0], *texte = mots[1] ? mots[1] : "";
    size_t taille = 0;
    if (strcmp(action, "envoyer") == 0 || strcmp(action, "un-par-un") == 0 ||
        strcmp(action, "forger") == 0) {
        taille = lire_texte(texte, octets);
        if (action[0] == 'u')
            envoyer_un_par_un(octets, taille);
        else if (action[0] == 'f')
            importuner(1, octets, taille);
        else
            envoyer(s, octets, taille);
        printf("%s : %zu octets\n", action, taille);
        return 2;
    }
    if (strcmp(action, "importuner") == 0 || strcmp(action, "usurper") == 0) {
        if (!mots[1] || !mots[2])
            refuser(action);
        taille = lire_texte(mots[2], octets);
        if (action[0] == 'i')
            importuner(atol(texte), octets, taille);
        else
            usurper(texte, octets, taille);
        printf("%s : %s\n", action, texte);
        return 3;
    }
    if (strcmp(action, "repeter") == 0) {
        if (!mots[1] || !mots[2])
            refuser(action);
        memset(octets, mots[2][0], sizeof octets);
        taille = strtoul(texte, NULL, 10);
        for (size_t reste = taille, n; reste > 0; reste -= n)
            envoyer(s, octets, n = reste < sizeof octets ? reste : sizeof octets);
        printf("%s : %zu octets\n", action, taille);
        return 3;
    }
    if (strncmp(action, "lire", 4) == 0) {
        size_t n;
        do { /* lire : une fois ; lire-ligne : jusqu'au \n ; lire-fin : jusqu'à 0 */
            n = (size_t)exiger("recv", recvfrom(s, octets + taille, LG_MAX - taille, 0,
                                                connectee ? NULL : (struct sockaddr *)&pair,
                                                connectee ? NULL : &taille_pair));
            taille += n;
        } while (!en_udp && n > 0 && taille < LG_MAX && strcmp(action, "lire") != 0 &&
                 (strcmp(action, "lire-fin") == 0 || octets[taille - 1] != '\n'));
        montrer(action, octets, taille);
        return 1;
    }
    printf("%s\n", action);
    if (strcmp(action, "demi-fermer") == 0) {
        exiger("shutdown", shutdown(s, SHUT_WR));
    } else if (strcmp(action, "rst") == 0) {
        struct linger brutal = {.l_onoff = 1, .l_linger = 0};
        exiger("setsockopt", setsockopt(s, SOL_SOCKET, SO_LINGER, &brutal, sizeof brutal));
        exiger("close", close(s));
    } else if (strcmp(action, "attendre") == 0) {
        if (!fgets(octets, sizeof octets, stdin))
            refuser("entrée finie");
    } else if (strcmp(action, "pause") == 0) {
        pause();
    } else {
        refuser(action);
    }
    return 1;
}

int main(int argc, char *argv[])
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    alarm(10);
    bool serveur = argc > 1 && strstr(argv[1], "-serveur");
    if (argc < 4)
        refuser("il manque le rôle, l'hôte ou le port");
    en_udp = strncmp(argv[1], "udp", 3) == 0;
    const char *hote = argv[2], *port = argv[3];

    bool en_local = strncmp(argv[1], "unix", 4) == 0;
    struct sockaddr_un chemin = {.sun_family = AF_UNIX};
    struct addrinfo locale = {.ai_family = AF_UNIX, .ai_socktype = SOCK_STREAM};
    struct addrinfo *adresse = &locale,
                    criteres = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
                                .ai_socktype = en_udp ? SOCK_DGRAM : SOCK_STREAM};
    locale.ai_addr = (struct sockaddr *)&chemin;
    locale.ai_addrlen = sizeof chemin;
    if (en_local)
        snprintf(chemin.sun_path, sizeof chemin.sun_path, "%s", hote);
    else if (getaddrinfo(hote, port, &criteres, &adresse) != 0)
        refuser(hote);
    s = exiger("socket", socket(adresse->ai_family, adresse->ai_socktype, 0));
    if (serveur) {
        exiger("bind", bind(s, adresse->ai_addr, adresse->ai_addrlen));
        if (!en_udp)
            exiger("listen", listen(s, 10));
        exiger("getsockname", getsockname(s, (struct sockaddr *)&pair, &taille_pair));
        printf("port : %d\n", ntohs(pair.sin6_port));
        if (!en_udp)
            s = exiger("accept", accept(s, NULL, NULL));
        connectee = !en_udp;
    } else {
        exiger("connect", connect(s, adresse->ai_addr, adresse->ai_addrlen));
        printf("connect\n");
    }
    if (!en_local)
        freeaddrinfo(adresse);
    for (int i = 4; i < argc;)
        i += jouer(argv + i);
    return 0;
}
