/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* SOCK_NONBLOCK, SOCK_CLOEXEC */
#include "sondes.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

long long maintenant(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

void patienter(int ms)
{
    long long fin = maintenant() + ms;
    for (long long reste; (reste = fin - maintenant()) > 0;)
        poll(NULL, 0, (int)reste);
}

/* Attend jusqu'à « fin » que cette socket soit prête ; rend faux s'il est trop tard. */
static bool attendre(int client, short quoi, long long fin)
{
    struct pollfd p = {.fd = client, .events = quoi};
    for (;;) {
        long long reste = fin - maintenant();
        int n = poll(&p, 1, reste > 0 ? (int)reste : 0);
        if (n > 0)
            return true;
        if (n == 0 && reste <= 0)
            return false;
    }
}

static int relier(const char *hote, const char *port, int tampon)
{
    struct addrinfo criteres = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
                                .ai_socktype = SOCK_STREAM},
                    *adresse;
    if (getaddrinfo(hote, port, &criteres, &adresse) != 0) {
        fprintf(stderr, "sondes : ni adresse ni port : « %s » « %s »\n", hote, port);
        exit(2);
    }
    int oui = 1, erreur = 0;
    socklen_t taille = sizeof erreur;
    int s =
        exiger("socket", socket(adresse->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    exiger("setsockopt", setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &oui, sizeof oui));
    if (tampon > 0)
        exiger("setsockopt", setsockopt(s, SOL_SOCKET, SO_RCVBUF, &tampon, sizeof tampon));
    int n = connect(s, adresse->ai_addr, adresse->ai_addrlen);
    freeaddrinfo(adresse);
    if (n == -1 && errno == EINPROGRESS) {
        if (!attendre(s, POLLOUT, maintenant() + ECHEANCE))
            erreur = ETIMEDOUT;
        else
            exiger("getsockopt", getsockopt(s, SOL_SOCKET, SO_ERROR, &erreur, &taille));
    } else if (n == -1) {
        erreur = errno;
    }
    if (erreur == 0)
        return s;
    close(s);
    errno = erreur;
    return -1;
}

int joindre_a(const char *hote, const char *port)
{
    return relier(hote, port, 0);
}

static int joindre_ou_faute(int tampon)
{
    int s = relier(cible.hote, cible.port, tampon);
    if (s == -1 && (errno == EADDRNOTAVAIL || errno == EMFILE))
        exiger("connect", -1);
    if (s == -1)
        faute("la connexion échoue : %s", strerror(errno));
    return s;
}

int joindre(void)
{
    return joindre_ou_faute(0);
}

int joindre_avec_un_petit_tampon(void)
{
    return joindre_ou_faute(4096);
}

long pousser(int client, const void *octets, size_t taille)
{
    ssize_t n = send(client, octets, taille, MSG_NOSIGNAL | MSG_DONTWAIT);
    return n == -1 && (errno == EAGAIN || errno == EINTR) ? 0 : n;
}

size_t envoyer_sans_attendre(int client, const void *octets, size_t taille)
{
    long n = pousser(client, octets, taille);
    if (n == -1)
        faute("il raccroche pendant qu'on lui parle : send : %s", strerror(errno));
    return (size_t)n;
}

void envoyer(int client, const void *octets, size_t taille)
{
    const char *reste = octets;
    long long fin = maintenant() + ECHEANCE;
    while (taille > 0) {
        size_t n = envoyer_sans_attendre(client, reste, taille);
        reste += n;
        taille -= n;
        if (n > 0)
            fin = maintenant() + ECHEANCE;
        else if (!attendre(client, POLLOUT, fin))
            faute("il ne lit plus : %zu octets n'ont pas pu partir", taille);
    }
}

void dire(int client, const char *texte)
{
    envoyer(client, texte, strlen(texte));
}

void envoyer_un_par_un(int client, const char *octets, size_t taille, int ms)
{
    for (size_t i = 0; i < taille; i++) {
        envoyer(client, octets + i, 1);
        patienter(ms);
    }
}

void repeter(int client, char octet, size_t fois)
{
    char bloc[16384];
    memset(bloc, octet, sizeof bloc);
    for (size_t n; fois > 0; fois -= n)
        envoyer(client, bloc, n = fois < sizeof bloc ? fois : sizeof bloc);
}

/* Ce qui vient avant « fin » : un nombre d'octets ; 0, la fin du flux ; -1, trop tard ; -2, erreur. */
static ssize_t recevoir(int client, void *octets, size_t taille, long long fin)
{
    for (;;) {
        ssize_t n = recv(client, octets, taille, MSG_DONTWAIT);
        if (n >= 0)
            return n;
        if (errno != EAGAIN && errno != EINTR)
            return -2;
        if (!attendre(client, POLLIN, fin))
            return -1;
    }
}

/* Les octets reçus, échappés, pour une faute. */
static const char *montrer(const char *octets, size_t taille)
{
    static char texte[128];
    size_t n = 0;
    for (size_t i = 0; i < taille && n < sizeof texte - 8; i++) {
        unsigned char c = (unsigned char)octets[i];
        if (c == '\n')
            n += (size_t)sprintf(texte + n, "\\n");
        else if (c < 0x20 || c == 0x7f || c == '\\')
            n += (size_t)sprintf(texte + n, "\\x%02x", c);
        else
            texte[n++] = (char)c;
    }
    texte[n] = '\0';
    return texte;
}

/* Pourquoi l'on n'a pas ce que l'on attendait : la suite de la phrase. */
static const char *raison(ssize_t n)
{
    return n == 0    ? "puis il raccroche"
           : n == -1 ? "puis plus rien"
                     : "puis la connexion est coupée";
}

void attendre_texte(int client, const char *texte)
{
    size_t voulus = strlen(texte), lus = 0;
    char recu[128];
    long long fin = maintenant() + ECHEANCE;
    while (lus < voulus) {
        ssize_t n = recevoir(client, recu + lus, voulus - lus, fin);
        if (n <= 0)
            faute("attendu « %s », reçu « %.*s », %s", montrer(texte, voulus), (int)lus, recu,
                  raison(n));
        lus += (size_t)n;
        if (memcmp(recu, texte, lus) != 0)
            faute("attendu le texte d'un refus, reçu « %s »", montrer(recu, lus));
    }
}

long prendre(int client, struct reponses *r)
{
    char bloc[65536];
    ssize_t n = recv(client, bloc, sizeof bloc, MSG_DONTWAIT);
    if (n == 0)
        return -1;
    if (n == -1 && errno != EAGAIN && errno != EINTR)
        faute("après %ld octets de réponse, recv : %s", r->octets, strerror(errno));
    for (ssize_t i = 0; i < n; i++, r->octets++)
        if (bloc[i] != "ok\n"[r->octets % 3])
            faute("la réponse n'est plus une suite de « ok\\n » à l'octet %ld : « %s »", r->octets,
                  montrer(bloc + i, (size_t)(n - i) < 40 ? (size_t)(n - i) : 40));
    return n > 0 ? n : 0;
}

void attendre_ok_avant(int client, long fois, int ms)
{
    struct reponses r = {0};
    long long fin = maintenant() + ms;
    while (r.octets < 3 * fois) {
        long avant = r.octets;
        if (prendre(client, &r) == -1)
            faute("%ld « ok » attendus, %ld octets reçus, puis il raccroche", fois, r.octets);
        if (r.octets == avant && !attendre(client, POLLIN, fin))
            faute("%ld « ok » attendus, %ld octets reçus en %d ms", fois, r.octets, ms);
        if (r.octets != avant && ms == ECHEANCE)
            fin = maintenant() + ms; /* ce n'est pas la durée que l'on mesure */
    }
    if (r.octets > 3 * fois)
        faute("%ld « ok » attendus, %ld octets reçus : des réponses en trop", fois, r.octets);
}

void attendre_ok(int client, long fois)
{
    attendre_ok_avant(client, fois, ECHEANCE);
}

void attendre_fin(int client)
{
    char recu[64];
    ssize_t n = recevoir(client, recu, sizeof recu, maintenant() + ECHEANCE);
    if (n > 0)
        faute("la fin du flux était attendue, voici encore « %s »", montrer(recu, (size_t)n));
    if (n == -1)
        faute("la fin du flux ne vient pas : il n'a pas fermé");
    if (n == -2)
        faute("la fin du flux était attendue, recv : %s", strerror(errno));
}

bool est_raccroche(int client, int ms)
{
    char jetes[4096];
    long long fin = maintenant() + ms;
    ssize_t n;
    while ((n = recevoir(client, jetes, sizeof jetes, fin)) > 0) {
    }
    return n != -1;
}

void attendre_silence(int client, int ms)
{
    char recu[64];
    ssize_t n = recevoir(client, recu, sizeof recu, maintenant() + ms);
    if (n > 0)
        faute("rien n'était attendu, reçu « %s »", montrer(recu, (size_t)n));
    if (n != -1)
        faute("la connexion devait rester ouverte, il la ferme");
}

long non_lus(int client)
{
    struct sockaddr_in6 ici = {0},
                        la_bas = {0}; /* ou des sockaddr_in : le port y est à la même place */
    socklen_t taille = sizeof ici, taille_la_bas = sizeof la_bas;
    int en_route;
    if (getsockname(client, (struct sockaddr *)&ici, &taille) == -1 ||
        getpeername(client, (struct sockaddr *)&la_bas, &taille_la_bas) == -1 ||
        ioctl(client, SIOCOUTQ, &en_route) == -1)
        return -1;
    for (int i = 0; i < 2; i++) {
        char chemin[64], ligne[512];
        snprintf(chemin, sizeof chemin, "/proc/%d/net/tcp%s", cible.pid, i ? "6" : "");
        FILE *table = fopen(chemin, "r");
        while (table && fgets(ligne, sizeof ligne, table)) {
            unsigned port, port_pair, a_lire;
            if (sscanf(ligne, " %*d: %*[^:]:%x %*[^:]:%x %*x %*[^:]:%x", &port, &port_pair,
                       &a_lire) == 3 &&
                port == ntohs(la_bas.sin6_port) && port_pair == ntohs(ici.sin6_port)) {
                fclose(table);
                return en_route + (long)a_lire;
            }
        }
        if (table)
            fclose(table);
    }
    return -1;
}

enum accueil accueil(int client, int ms)
{
    static const char refus[] = "erreur : trop de clients\n";
    char recu[64] = {0};
    size_t lus = 0;
    long long fin = maintenant() + ms;
    while (lus == 0 || recu[lus - 1] != '\n') {
        ssize_t n = recevoir(client, recu + lus, sizeof recu - lus, fin);
        if (n <= 0)
            break;
        lus += (size_t)n;
        if (lus == sizeof recu)
            break;
    }
    if (lus >= 3 &&
        memcmp(recu, "ok\n", 3) == 0) /* un octet de trop, c'est l'affaire de « rien-que-ok » */
        return SERVI;
    if (lus == sizeof refus - 1 && memcmp(recu, refus, lus) == 0)
        return REFUSE;
    if (lus > 0)
        faute("ni « ok » ni « erreur : trop de clients », mais « %s »", montrer(recu, lus));
    return PERDU;
}

void prendre_tous_les_descripteurs(long voulus)
{
    struct rlimit l;
    exiger("getrlimit", getrlimit(RLIMIT_NOFILE, &l));
    l.rlim_cur = l.rlim_max;
    exiger("setrlimit", setrlimit(RLIMIT_NOFILE, &l));
    if (l.rlim_max != RLIM_INFINITY && (long)l.rlim_max < voulus)
        sans_objet("il faudrait ici %ld descripteurs, « ulimit -Hn » en donne %ld", voulus,
                   (long)l.rlim_max);
}

void demi_fermer(int client)
{
    if (shutdown(client, SHUT_WR) == -1)
        faute("il a déjà coupé la connexion : shutdown : %s", strerror(errno));
}

void reinitialiser(int client)
{
    struct linger brutal = {.l_onoff = 1, .l_linger = 0};
    exiger("setsockopt", setsockopt(client, SOL_SOCKET, SO_LINGER, &brutal, sizeof brutal));
    fermer(client);
}

void fermer(int client)
{
    exiger("close", close(client));
}

void un_echange(const char *quand)
{
    int s = relier(cible.hote, cible.port, 0);
    if (s == -1)
        faute("%s, il ne répond plus : connect : %s", quand, strerror(errno));
    if (pousser(s, "encore\n", 7) != 7 || accueil(s, ECHEANCE) != SERVI)
        faute("%s, un nouveau client n'est pas servi", quand);
    fermer(s);
}
