/*
 * Une libc qui ment, sur un point à la fois : une scène qui prouve ce point doit alors échouer.
 *
 *   LD_PRELOAD=build/tests/mensonges.so MENSONGE=htons …
 *
 * Les noms, et ce qui devient faux : tests/mensonges.tsv. Seules les sockets Internet sont touchées.
 *
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* _GNU_SOURCE le définirait, mais changerait aussi le type des adresses dans les prototypes. */
#ifndef RTLD_NEXT
#define RTLD_NEXT ((void *)-1L)
#endif
/* La fonction que l'on remplace. */
#define VRAIE(nom)                                                                                 \
    static __typeof__(nom) *vraie;                                                                 \
    if (!vraie)                                                                                    \
    *(void **)&vraie = dlsym(RTLD_NEXT, #nom)

enum { DATAGRAMME = 65536, DESCRIPTEURS = 64 };

static bool ment(const char *nom)
{
    const char *voulu = getenv("MENSONGE");
    return voulu && strcmp(voulu, nom) == 0;
}

static int rater(int raison)
{
    errno = raison;
    return -1;
}

/* Le type d'une socket Internet, si le mensonge commence par ce mot-là ; 0 sinon, et aucun appel que
 * strace montrerait. */
static int type_de(int descripteur, const char *debut)
{
    int type = 0, famille = 0;
    socklen_t taille = sizeof type;
    const char *voulu = getenv("MENSONGE");
    if (!voulu || strncmp(voulu, debut, strlen(debut)) != 0)
        return 0;
    int avant = errno;
    syscall(SYS_getsockopt, descripteur, SOL_SOCKET, SO_TYPE, &type, &taille);
    syscall(SYS_getsockopt, descripteur, SOL_SOCKET, SO_DOMAIN, &famille, &taille);
    errno = avant;
    return famille == AF_INET || famille == AF_INET6 ? type : 0;
}

static uint16_t *port_de(const struct sockaddr *adresse)
{
    return &((struct sockaddr_in *)adresse)->sin_port; /* au même endroit en IPv6 */
}

static void activer(int descripteur, int niveau, int option)
{
    syscall(SYS_setsockopt, descripteur, niveau, option, &(int){1}, sizeof(int));
}

/* ─── Les conversions ─── */

#undef htons
#undef ntohs
#undef htonl
static uint16_t retourner(uint16_t n)
{
    return (uint16_t)(n << 8 | n >> 8);
}

uint16_t htons(uint16_t n)
{
    return ment("htons") ? n : retourner(n);
}

uint16_t ntohs(uint16_t n)
{
    return ment("ntohs") ? n : retourner(n);
}

uint32_t htonl(uint32_t n)
{
    uint32_t inverse = (uint32_t)retourner((uint16_t)n) << 16 | retourner((uint16_t)(n >> 16));
    return ment("htonl") ? n : inverse;
}

int inet_pton(int famille, const char *texte, void *binaire)
{
    VRAIE(inet_pton);
    if (ment("inet_pton-ipv4") && famille == AF_INET6)
        return rater(EAFNOSUPPORT);
    int rendu = vraie(famille, texte, binaire);
    return ment("inet_pton-tout") && rendu == 0 ? 1 : rendu;
}

const char *inet_ntop(int famille, const void *binaire, char *texte, socklen_t taille)
{
    VRAIE(inet_ntop);
    unsigned char renverse[16];
    size_t longueur = famille == AF_INET ? 4 : 16;
    for (size_t i = 0; i < longueur; i++)
        renverse[i] = ((const unsigned char *)binaire)[longueur - 1 - i];
    return vraie(famille, ment("inet_ntop") ? renverse : binaire, texte, taille);
}

int inet_aton(const char *texte, struct in_addr *adresse)
{
    VRAIE(inet_aton);
    return ment("inet_aton") ? inet_pton(AF_INET, texte, adresse) : vraie(texte, adresse);
}

in_addr_t inet_addr(const char *texte)
{
    struct in_addr adresse;
    if (!inet_aton(texte, &adresse))
        return ment("inet_addr-zéro") ? 0 : INADDR_NONE;
    return ment("inet_addr-échec") ? INADDR_NONE : adresse.s_addr;
}

/* ─── Du nom aux adresses ─── */

int getaddrinfo(const char *hote, const char *service, const struct addrinfo *voulu,
                struct addrinfo **liste)
{
    VRAIE(getaddrinfo);
    struct addrinfo copie = {0}, *suite, *inverse = NULL;
    if (voulu)
        copie = *voulu;
    if (ment("getaddrinfo-passif"))
        copie.ai_flags &= ~AI_PASSIVE;
    if (ment("getaddrinfo-port") && service && atoi(service) > 65535)
        return EAI_SERVICE;
    int code = vraie(hote, service, &copie, liste);
    if (ment("getaddrinfo-errno") && code)
        errno = ENOENT;
    if (ment("getaddrinfo-un") && !code)
        (*liste)->ai_next = NULL;
    if (ment("getaddrinfo-ordre") && !code) {
        for (struct addrinfo *a = *liste; a; a = suite) {
            suite = a->ai_next;
            a->ai_next = inverse;
            inverse = a;
        }
        *liste = inverse;
    }
    return code;
}

int getnameinfo(const struct sockaddr *adresse, socklen_t taille, char *hote, socklen_t taille_hote,
                char *service, socklen_t taille_service, int drapeaux)
{
    VRAIE(getnameinfo);
    int en_plus = ment("getnameinfo-hôte") ? NI_NUMERICHOST : 0;
    en_plus |= ment("getnameinfo-service") ? NI_NUMERICSERV : 0;
    return vraie(adresse, taille, hote, taille_hote, service, taille_service, drapeaux | en_plus);
}

struct servent *getservbyport(int port, const char *protocole)
{
    VRAIE(getservbyport);
    return vraie(ment("services") ? htons(7777) : port, protocole);
}

/* ─── Créer, attacher, écouter ─── */

int socket(int famille, int type, int protocole)
{
    VRAIE(socket);
    if (ment("socket-famille") && famille == 999)
        return rater(EINVAL);
    if (ment("socket-protocole") && famille == AF_INET && protocole == 999)
        protocole = 0;
    if (ment("socket-type") && famille == AF_INET && type == SOCK_SEQPACKET)
        type = SOCK_STREAM;
    int descripteur = vraie(famille, type, protocole), plus_haut = 7;
    if (ment("socket-accord") && errno == EPROTONOSUPPORT)
        errno = EINVAL;
    if (descripteur == -1 || !type_de(descripteur, "socket-"))
        return descripteur;
    if (ment("socket-udp-erreurs") && type == SOCK_DGRAM)
        activer(descripteur, IPPROTO_IP, IP_RECVERR);
    if (ment("socket-reuseaddr"))
        activer(descripteur, SOL_SOCKET, SO_REUSEADDR);
    if (ment("socket-7") && descripteur < 7 && dup2(descripteur, plus_haut) == plus_haut) {
        close(descripteur);
        descripteur = plus_haut;
    }
    return descripteur;
}

int getsockopt(int descripteur, int niveau, int option, void *valeur, socklen_t *taille)
{
    VRAIE(getsockopt);
    int rendu = vraie(descripteur, niveau, option, valeur, taille);
    if (ment("socket-toujours-tcp") && niveau == SOL_SOCKET && option == SO_PROTOCOL)
        *(int *)valeur = IPPROTO_TCP;
    return rendu;
}

int setsockopt(int descripteur, int niveau, int option, const void *valeur, socklen_t taille)
{
    VRAIE(setsockopt);
    static const int oui = 1;
    bool reuseaddr = niveau == SOL_SOCKET && option == SO_REUSEADDR;
    if (ment("reuseaddr-ignoré") && reuseaddr)
        return 0;
    if (ment("reuseaddr-partage") && reuseaddr)
        activer(descripteur, SOL_SOCKET, SO_REUSEPORT);
    if (ment("v6only-ignoré") && niveau == IPPROTO_IPV6 && option == IPV6_V6ONLY)
        valeur = &oui;
    if (ment("délai-ignoré") && niveau == SOL_SOCKET && option == SO_RCVTIMEO)
        return 0;
    return vraie(descripteur, niveau, option, valeur, taille);
}

/* Vrai si l'autre protocole tient déjà ce port. */
static bool pris_par_l_autre(int descripteur, const struct sockaddr *adresse, socklen_t taille)
{
    int autre_type = type_de(descripteur, "bind") == SOCK_STREAM ? SOCK_DGRAM : SOCK_STREAM;
    int autre = (int)syscall(SYS_socket, adresse->sa_family, autre_type, 0);
    bool pris = syscall(SYS_bind, autre, adresse, taille) == -1 && errno == EADDRINUSE;
    syscall(SYS_close, autre);
    return pris;
}

int bind(int descripteur, const struct sockaddr *adresse, socklen_t taille)
{
    VRAIE(bind);
    struct sockaddr_in boucle;
    if (!type_de(descripteur, "bind"))
        return vraie(descripteur, adresse, taille);
    if (ment("bind-longueur") && adresse->sa_family == AF_INET)
        taille = sizeof boucle;
    if (ment("bind-famille") && adresse->sa_family == AF_INET6)
        return 0;
    if (ment("bind-un-espace") && pris_par_l_autre(descripteur, adresse, taille))
        return rater(EADDRINUSE);
    if (ment("bind-boucle") && adresse->sa_family == AF_INET) {
        memcpy(&boucle, adresse, sizeof boucle);
        boucle.sin_addr.s_addr = inet_addr("127.0.0.1");
        adresse = (struct sockaddr *)&boucle;
    }
    int rendu = vraie(descripteur, adresse, taille);
    if (rendu == -1 &&
        ((ment("bind-étrangère") && errno == EADDRNOTAVAIL) ||
         (ment("bind-privilège") && errno == EACCES) || (ment("bind-pris") && errno == EADDRINUSE)))
        return 0;
    return rendu;
}

int listen(int descripteur, int file)
{
    VRAIE(listen);
    int type = type_de(descripteur, "listen"), ecoute = 0;
    socklen_t taille = sizeof ecoute;
    if (ment("listen-datagrammes") && type == SOCK_DGRAM)
        return 0;
    if (ment("listen-deux-fois") && type == SOCK_STREAM &&
        syscall(SYS_getsockopt, descripteur, SOL_SOCKET, SO_ACCEPTCONN, &ecoute, &taille) == 0 &&
        ecoute)
        return rater(EINVAL);
    if (ment("listen-plafond") && file > 1000)
        file = 1000;
    if (ment("listen-exact"))
        file -= 1;
    return vraie(descripteur, ment("listen-file") ? file * 10 : file);
}

int getsockname(int descripteur, struct sockaddr *adresse, socklen_t *taille)
{
    VRAIE(getsockname);
    int rendu = vraie(descripteur, adresse, taille);
    if (rendu == -1 || !type_de(descripteur, "getsockname"))
        return rendu;
    if (ment("getsockname-port"))
        *port_de(adresse) = 0;
    if (ment("getsockname-port-bas") && ntohs(*port_de(adresse)) > 32767)
        *port_de(adresse) = htons(ntohs(*port_de(adresse)) % 1000);
    if (ment("getsockname-adresse"))
        memset(port_de(adresse) + 1, 0, 4);
    return rendu;
}

int getpeername(int descripteur, struct sockaddr *adresse, socklen_t *taille)
{
    VRAIE(getpeername);
    if (ment("getpeername") && type_de(descripteur, "getpeername"))
        return getsockname(descripteur, adresse, taille);
    return vraie(descripteur, adresse, taille);
}

/* ─── Se relier ─── */

int connect(int descripteur, const struct sockaddr *adresse, socklen_t taille)
{
    VRAIE(connect);
    int type = type_de(descripteur, "connect");
    if (ment("connect-sans-bind") && type == SOCK_STREAM) {
        struct sockaddr_in6 ici;
        socklen_t taille_ici = sizeof ici;
        syscall(SYS_getsockname, descripteur, &ici, &taille_ici);
        if (ici.sin6_port == 0)
            return rater(EINVAL);
    }
    if (ment("connect-udp") && type == SOCK_DGRAM)
        return rater(EOPNOTSUPP);
    if (ment("connect-refus") && type == SOCK_STREAM) { /* une demi-seconde, puis « refusée » */
        struct timeval delai = {.tv_usec = 500000};
        syscall(SYS_setsockopt, descripteur, SOL_SOCKET, SO_SNDTIMEO, &delai, sizeof delai);
    }
    if (ment("connect-aussitôt") && type == SOCK_STREAM) {
        struct timeval delai = {.tv_usec = 1};
        syscall(SYS_setsockopt, descripteur, SOL_SOCKET, SO_SNDTIMEO, &delai, sizeof delai);
    }
    int rendu = vraie(descripteur, adresse, taille);
    if (rendu == 0 || type != SOCK_STREAM)
        return rendu;
    if (errno == EINPROGRESS)
        return ment("connect-refus") ? rater(ECONNREFUSED) : ment("connect-aussitôt") ? 0 : rendu;
    if (errno == ECONNREFUSED)
        return ment("connect-vide") ? 0 : rater(ment("connect-délai") ? ETIMEDOUT : ECONNREFUSED);
    return rendu;
}

int accept(int ecoute, struct sockaddr *adresse, socklen_t *taille)
{
    VRAIE(accept);
    static int prochain = 20;
    if (ment("accept-négative") && taille && (int)*taille < 0)
        return rater(EINVAL);
    if (ment("accept-tronquée") && taille && *taille == 4)
        *taille = sizeof(struct sockaddr_in);
    int descripteur = vraie(ecoute, adresse, taille), autre = descripteur;
    if (descripteur == -1 || !type_de(ecoute, "accept"))
        return descripteur;
    if (ment("accept-neuf"))
        autre = dup2(descripteur, prochain++);
    if (ment("accept-zéro"))
        autre = dup2(descripteur, 0);
    if (autre != descripteur)
        close(descripteur);
    if (ment("accept-hérite")) /* O_NONBLOCK, comme la socket d'écoute */
        fcntl(autre, F_SETFL, fcntl(ecoute, F_GETFL));
    if (ment("accept-adresse") && adresse)
        syscall(SYS_getsockname, autre, adresse, taille);
    if (ment("accept-ipv4") && adresse && taille && adresse->sa_family == AF_INET6) {
        struct sockaddr_in6 vue = *(struct sockaddr_in6 *)adresse;
        if (IN6_IS_ADDR_V4MAPPED(&vue.sin6_addr)) {
            struct sockaddr_in nue = {.sin_family = AF_INET, .sin_port = vue.sin6_port};
            memcpy(&nue.sin_addr, vue.sin6_addr.s6_addr + 12, 4);
            memcpy(adresse, &nue, sizeof nue);
            *taille = sizeof nue;
        }
    }
    return autre;
}

/* ─── Le flux ─── */

ssize_t recv(int descripteur, void *octets, size_t taille, int drapeaux)
{
    char *recu = octets, jetes[4096];
    if (type_de(descripteur, "recv-") != SOCK_STREAM)
        return syscall(SYS_recvfrom, descripteur, octets, taille, drapeaux, NULL, NULL);
    if (ment("recv-attend-pas"))
        drapeaux |= MSG_DONTWAIT;
    if (ment("recv-frontières")) {
        ssize_t vus =
            syscall(SYS_recvfrom, descripteur, octets, taille, drapeaux | MSG_PEEK, NULL, NULL);
        char *fin = vus > 0 ? memchr(recu, '\n', (size_t)vus) : NULL;
        if (fin)
            taille = (size_t)(fin - recu) + 1;
    }
    ssize_t n = syscall(SYS_recvfrom, descripteur, octets, taille, drapeaux, NULL, NULL);
    if (ment("recv-zéro") && n > 0 && (size_t)n < taille)
        recu[n++] = '\0';
    if (ment("recv-ligne-vide") && n == 1 && *recu == '\n')
        n = 0;
    if (ment("recv-fin") && n == -1 && errno == ECONNRESET)
        n = 0;
    if (ment("recv-fin-erreur") && n == 0)
        n = rater(ENOTCONN);
    if (ment("recv-jette") && n > 0 && (size_t)n == taille)
        while (syscall(SYS_recvfrom, descripteur, jetes, sizeof jetes, MSG_DONTWAIT, NULL, NULL) >
               0)
            continue;
    return n;
}

ssize_t read(int descripteur, void *octets, size_t taille)
{
    if (ment("read") && type_de(descripteur, "read"))
        return rater(EINVAL);
    return syscall(SYS_read, descripteur, octets, taille);
}

ssize_t send(int descripteur, const void *octets, size_t taille, int drapeaux)
{
    if (ment("nosignal-ignoré"))
        drapeaux &= ~MSG_NOSIGNAL;
    return syscall(SYS_sendto, descripteur, octets, taille, drapeaux, NULL, 0);
}

int shutdown(int descripteur, int sens)
{
    VRAIE(shutdown);
    if (ment("shutdown-rien"))
        return 0;
    return vraie(descripteur, ment("shutdown-tout") ? SHUT_RDWR : sens);
}

int close(int descripteur)
{
    char reste[4096];
    int type = type_de(descripteur, "close");
    if (ment("close-rien") && type)
        return 0;
    if (ment("close-sans-attente") && type == SOCK_STREAM) {
        struct linger aussitot = {.l_onoff = 1};
        syscall(SYS_setsockopt, descripteur, SOL_SOCKET, SO_LINGER, &aussitot, sizeof aussitot);
    }
    if (ment("close-sans-rst") && type == SOCK_STREAM)
        while (syscall(SYS_recvfrom, descripteur, reste, sizeof reste, MSG_DONTWAIT, NULL, NULL) >
               0)
            continue;
    return (int)syscall(SYS_close, descripteur);
}

/* ─── Les datagrammes ─── */

ssize_t sendto(int descripteur, const void *octets, size_t taille, int drapeaux,
               const struct sockaddr *adresse, socklen_t taille_adresse)
{
    if (ment("sendto-bind") && type_de(descripteur, "sendto") == SOCK_DGRAM) {
        struct sockaddr_in6 ici;
        socklen_t taille_ici = sizeof ici;
        syscall(SYS_getsockname, descripteur, &ici, &taille_ici);
        if (ici.sin6_port == 0)
            return rater(EINVAL);
    }
    ssize_t n = syscall(SYS_sendto, descripteur, octets, taille, drapeaux, adresse, taille_adresse);
    return ment("sendto-long") && n == -1 && errno == EMSGSIZE ? (ssize_t)taille : n;
}

/* Ce qui restait d'un datagramme, par descripteur. */
static struct reste {
    size_t debut, fin;
    char octets[DATAGRAMME];
    struct sockaddr_in6 adresse;
    socklen_t taille_adresse;
} restes[DESCRIPTEURS];

static ssize_t recvfrom_en_flux(int descripteur, void *octets, size_t taille, int drapeaux,
                                struct sockaddr *adresse, socklen_t *taille_adresse)
{
    struct reste *r = &restes[descripteur % DESCRIPTEURS];
    if (r->debut == r->fin) {
        r->taille_adresse = sizeof r->adresse;
        ssize_t n = syscall(SYS_recvfrom, descripteur, r->octets, sizeof r->octets,
                            drapeaux & ~MSG_TRUNC, &r->adresse, &r->taille_adresse);
        if (n <= 0)
            return n;
        r->debut = 0;
        r->fin = (size_t)n;
    }
    size_t rendus = r->fin - r->debut < taille ? r->fin - r->debut : taille;
    memcpy(octets, r->octets + r->debut, rendus);
    r->debut += rendus;
    if (adresse) {
        socklen_t place = *taille_adresse;
        memcpy(adresse, &r->adresse, place < r->taille_adresse ? place : r->taille_adresse);
        *taille_adresse = r->taille_adresse;
    }
    return (ssize_t)rendus;
}

ssize_t recvfrom(int descripteur, void *octets, size_t taille, int drapeaux,
                 struct sockaddr *adresse, socklen_t *taille_adresse)
{
    if (type_de(descripteur, "recvfrom") != SOCK_DGRAM)
        return syscall(SYS_recvfrom, descripteur, octets, taille, drapeaux, adresse,
                       taille_adresse);
    if (ment("recvfrom-suite"))
        return recvfrom_en_flux(descripteur, octets, taille, drapeaux, adresse, taille_adresse);
    ssize_t n =
        syscall(SYS_recvfrom, descripteur, octets, taille, drapeaux, adresse, taille_adresse);
    if (ment("recvfrom-colle") && n > 0 && (size_t)n < taille) {
        ssize_t autre = syscall(SYS_recvfrom, descripteur, (char *)octets + n, taille - (size_t)n,
                                MSG_DONTWAIT, NULL, NULL);
        n += autre > 0 ? autre : 0;
    }
    if (ment("recvfrom-trunc") && n > (ssize_t)taille)
        n = (ssize_t)taille;
    if (ment("recvfrom-adresse") && n >= 0 && adresse)
        memset(port_de(adresse), 0, 6);
    if (ment("recvfrom-zéro") && n > 0 && (size_t)n < taille)
        ((char *)octets)[n++] = '\0';
    return n;
}

/* ─── Autour ─── */

void exit(int code)
{
    VRAIE(exit);
    vraie(ment("exit") && code < 0 ? 1 : code);
    _exit(code); /* jamais atteint ; le compilateur ne le sait pas */
}

__attribute__((constructor)) static void sans_sigpipe(void)
{
    if (ment("sigpipe"))
        signal(SIGPIPE, SIG_IGN);
}
