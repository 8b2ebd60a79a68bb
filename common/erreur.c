/* SPDX-License-Identifier: MIT */
#include "erreur.h"

#include <errno.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Les sections du cours citées ; un test vérifie que ces titres existent. */
#define GENERALITES "1.6 Quand un appel échoue"
#define SOCKET      "2.1 socket()"
#define ADRESSE     "2.2 Écrire une adresse"
#define CONNECT     "2.3 connect()"
#define ECHANGE     "2.4 send() et recv()"
#define BIND        "3.1 bind()"
#define ACCEPT      "3.2 listen() et accept()"
#define RELANCER    "3.5 Relancer aussitôt"
#define FERMER      "3.4 Fermer sans perdre la réponse"
#define UDP         "4.1 sendto() et recvfrom()"
#define DISPARU     "3.6 Le client qui disparaît"
#define TRONQUE     "4.2 Un datagramme est entier, ou perdu"
#define NOMS        "5.1 Du nom aux adresses"

/* Dans une commande, PORT est remplacé par le port de la ligne de commande. */
#define VOIR_ECOUTE "ss -ltnp 'sport = :PORT' ; ss -tuan 'sport = :PORT'"
#define VOIR_ROUTES "ip route ; ip -6 route"

static const struct explication {
    int numero;
    const char *texte, *cause, *commande, *section;
} explications[] = {
#define ERREUR(numero, texte, cause, commande, section)                                            \
    {numero, texte " [" #numero "]", cause, commande, section},
    /* clang-format off */
    ERREUR(EACCES, "permission refusée",
        "port sous 1024 sans privilège ; à l'envoi, adresse de diffusion sans SO_BROADCAST",
        "sysctl net.ipv4.ip_unprivileged_port_start", BIND)
    ERREUR(EADDRINUSE, "adresse déjà utilisée",
        "un programme tient déjà ce port, ou une connexion récente s'y achève (TIME-WAIT)",
        VOIR_ECOUTE, RELANCER)
    ERREUR(EADDRNOTAVAIL, "adresse indisponible",
        "cette adresse, ou sa famille, n'existe pas sur cette machine", "ip address", BIND)
    ERREUR(EAFNOSUPPORT, "famille d'adresses non prise en charge",
        "famille inconnue du noyau, ou adresse d'une autre famille que la socket",
        "cat /proc/net/protocols", SOCKET)
    ERREUR(EAGAIN, "ressource momentanément indisponible",
        "rien à lire ou plus de place à l'écriture, sur une socket non bloquante ou à délai",
        "ss -tan 'sport = :PORT or dport = :PORT'", ECHANGE)
    ERREUR(EALREADY, "opération déjà en cours",
        "un connect() non bloquant n'est pas encore terminé", "ss -tan state syn-sent", CONNECT)
    ERREUR(EBADF, "mauvais descripteur",
        "ce numéro n'est pas, ou n'est plus, un descripteur ouvert", "ls -l /proc/PID/fd", SOCKET)
    ERREUR(ECONNABORTED, "connexion abandonnée",
        "connexion rompue avant la fin : après accept(), continuer ; pour connect(), socket neuve",
        "nstat -az TcpAttemptFails", CONNECT)
    ERREUR(ECONNREFUSED, "connexion refusée",
        "la machine répond, mais rien n'y écoute sur ce port (à vérifier sur elle)",
        "ss -ltnp 'sport = :PORT'", CONNECT)
    ERREUR(ECONNRESET, "connexion réinitialisée par le pair",
        "le pair est mort, ou a fermé sans lire tout ce qu'on lui a envoyé",
        "nstat -az TcpEstabResets", FERMER)
    ERREUR(EDESTADDRREQ, "adresse de destination requise",
        "send() sur une socket UDP sans connect() : employer sendto()", "ss -uan", UDP)
    ERREUR(EFAULT, "mauvaise adresse mémoire",
        "un pointeur passé à l'appel ne désigne pas une zone valide",
        "recompiler avec : make SAN=1", GENERALITES)
    ERREUR(EHOSTUNREACH, "aucune route vers l'hôte",
        "la machine visée est éteinte, ou son réseau ne sait pas l'atteindre",
        VOIR_ROUTES " ; ip neigh", CONNECT)
    ERREUR(EINPROGRESS, "opération en cours",
        "connect() sur une socket non bloquante ou à délai : attendre POLLOUT, puis lire SO_ERROR",
        "ss -tan state syn-sent", CONNECT)
    ERREUR(EINTR, "appel interrompu par un signal",
        "un signal est arrivé pendant l'attente : refaire l'appel", "strace -p PID", ECHANGE)
    ERREUR(EINVAL, "argument invalide",
        "protocole ou longueur d'adresse hors bornes, ou socket dans un état qui interdit l'appel",
        "strace -e trace=network", GENERALITES)
    ERREUR(EISCONN, "socket déjà connectée",
        "une socket TCP ne se connecte qu'une fois : il en faut une neuve", "ss -tan",
        CONNECT)
    ERREUR(EMFILE, "trop de descripteurs ouverts dans ce programme",
        "la limite du processus est atteinte : un close() oublié, souvent",
        "ulimit -n ; ls /proc/PID/fd", ACCEPT)
    ERREUR(EMSGSIZE, "message trop long",
        "un datagramme UDP transporte au plus 65507 octets en IPv4", "man 7 udp", TRONQUE)
    ERREUR(ENETUNREACH, "réseau inaccessible",
        "aucune route vers ce réseau : pas de connexion, ou pas d'IPv6 sur cette machine",
        VOIR_ROUTES, CONNECT)
    ERREUR(ENFILE, "trop de fichiers ouverts sur la machine",
        "la limite du système entier est atteinte", "cat /proc/sys/fs/file-nr", ACCEPT)
    ERREUR(ENOBUFS, "mémoire des tampons épuisée",
        "le noyau manque de place pour ses tampons réseau", "cat /proc/net/sockstat", GENERALITES)
    ERREUR(ENODEV, "interface inconnue",
        "aucune interface réseau ne porte ce nom", "ip link", BIND)
    ERREUR(ENOENT, "fichier ou objet introuvable",
        "le chemin n'existe pas", "ls -l", GENERALITES)
    ERREUR(ENOMEM, "mémoire insuffisante",
        "la machine ou le processus n'a plus de mémoire", "free -h ; ulimit -a", GENERALITES)
    ERREUR(ENOPROTOOPT, "option inconnue à ce niveau",
        "l'option n'existe pas pour ce protocole, ou ne s'écrit pas", "man 7 socket ; man 7 tcp",
        GENERALITES)
    ERREUR(ENOSPC, "plus de place",
        "le disque est plein, ou le tampon fourni est trop court", "df -h .", GENERALITES)
    ERREUR(ENOTCONN, "socket non connectée",
        "il manque connect() ou accept(), ou le pair est déjà parti", "ss -tan", CONNECT)
    ERREUR(ENOTSOCK, "ce descripteur n'est pas une socket",
        "un fichier ou un tube a été passé à la place", "ls -l /proc/PID/fd", SOCKET)
    ERREUR(ENOTTY, "opération sans objet pour ce descripteur",
        "cet ioctl() ne s'applique pas à ce type de fichier", "ls -l /proc/PID/fd", GENERALITES)
    ERREUR(EOPNOTSUPP, "opération non prise en charge par ce type de socket",
        "listen() et accept() demandent un type connecté, SOCK_STREAM par exemple", "ss -an",
        ACCEPT)
    ERREUR(EPERM, "opération interdite",
        "il faut un privilège (CAP_NET_RAW, CAP_NET_ADMIN), ou un pare-feu refuse",
        "id ; grep Cap /proc/self/status", SOCKET)
    ERREUR(EPIPE, "liaison rompue à l'écriture",
        "le pair a fermé, ou la socket n'a jamais été connectée", "ss -tan", DISPARU)
    ERREUR(EPROTONOSUPPORT, "protocole non pris en charge",
        "ce protocole ne va pas avec cette famille et ce type ; 0 laisse le noyau choisir",
        "getent protocols", SOCKET)
    ERREUR(ESOCKTNOSUPPORT, "type de socket non pris en charge",
        "cette famille n'offre pas ce type", "man 2 socket", SOCKET)
    ERREUR(ESPIPE, "déplacement impossible",
        "une socket n'a pas de position : ni lseek(), ni pread(), ni pwrite()", "man 7 socket",
        GENERALITES)
    ERREUR(ESRCH, "processus introuvable", "aucun processus ne porte ce numéro", "ps -e",
        GENERALITES)
    ERREUR(ETIMEDOUT, "délai dépassé",
        "personne n'a répondu : machine éteinte, pare-feu, paquets perdus ou, en UDP, port vide "
        "(à vérifier sur elle)",
        "ss -lntup 'sport = :PORT'", CONNECT)
    /* clang-format on */
};

/* EAI_* : les codes de getaddrinfo, qui ne sont pas des errno. */
static const struct {
    int code;
    const char *texte;
} resolutions[] = {
    {EAI_NONAME, "nom ou service inconnu [EAI_NONAME]"},
    {EAI_AGAIN, "l'annuaire ne répond pas pour l'instant [EAI_AGAIN]"},
    {EAI_FAIL, "l'annuaire a répondu par une erreur [EAI_FAIL]"},
    {EAI_FAMILY, "famille d'adresses non prise en charge [EAI_FAMILY]"},
    {EAI_SERVICE, "service inconnu pour ce type de socket [EAI_SERVICE]"},
    {EAI_SOCKTYPE, "type de socket non pris en charge [EAI_SOCKTYPE]"},
    {EAI_BADFLAGS, "drapeaux invalides [EAI_BADFLAGS]"},
    {EAI_MEMORY, "mémoire insuffisante [EAI_MEMORY]"},
    {EAI_OVERFLOW, "tampon trop court [EAI_OVERFLOW]"},
};

static const char *programme = "programme";
static unsigned port_cite = 5000;

void nommer_programme(const char *argv0)
{
    const char *barre = strrchr(argv0, '/');
    programme = barre ? barre + 1 : argv0;
}

void retenir_port(unsigned port)
{
    port_cite = port;
}

static const struct explication *expliquer(int numero)
{
    for (size_t i = 0; i < sizeof explications / sizeof explications[0]; i++)
        if (explications[i].numero == numero)
            return &explications[i];
    return NULL;
}

const char *texte_erreur(int numero)
{
    static char inconnue[128];
    const struct explication *e = expliquer(numero);
    if (e)
        return e->texte;
    int errno_avant = errno;
    snprintf(inconnue, sizeof inconnue, "%s [errno %d]", strerror(numero), numero);
    errno = errno_avant;
    return inconnue;
}

/* Remplace chaque PORT de la commande par le port cité. */
static void ecrire_commande(const char *commande)
{
    static const char repere[] = ":PORT";
    const char *trouve;
    while ((trouve = strstr(commande, repere))) {
        fprintf(stderr, "%.*s:%u", (int)(trouve - commande), commande, port_cite);
        commande = trouve + sizeof repere - 1;
    }
    fputs(commande, stderr);
}

void signaler(const char *appel)
{
    int numero = errno;
    const struct explication *e = expliquer(numero);
    fprintf(stderr, "%s : %s : %s\n", programme, appel, texte_erreur(numero));
    if (e) {
        fprintf(stderr, "    %s ; à voir : ", e->cause);
        ecrire_commande(e->commande);
        fprintf(stderr, " ; cours : § %s\n", e->section);
    }
    errno = numero;
}

void echouer(const char *appel)
{
    signaler(appel);
    exit(EXIT_FAILURE);
}

int exiger(const char *appel, int retour)
{
    if (retour == -1)
        echouer(appel);
    return retour;
}

void exiger_resolution(const char *appel, int code)
{
    if (code == 0)
        return;
    if (code == EAI_SYSTEM) /* le seul code qui renvoie à errno */
        echouer(appel);
    const char *texte = gai_strerror(code);
    for (size_t i = 0; i < sizeof resolutions / sizeof resolutions[0]; i++)
        if (resolutions[i].code == code)
            texte = resolutions[i].texte;
    fprintf(stderr, "%s : %s : %s\n", programme, appel, texte);
    fprintf(stderr, "    %s ; cours : § " NOMS "\n",
            code == EAI_SERVICE ? "aucun service de ce nom ; à voir : getent services NOM"
                                : "le nom est mal écrit, ou l'annuaire injoignable ; à voir : "
                                  "getent ahosts NOM");
    exit(EXIT_FAILURE);
}

/* « programme : » puis la raison, à la printf. */
static void ecrire_raison(const char *format, va_list arguments)
{
    fprintf(stderr, "%s : ", programme);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
}

void abandonner(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    ecrire_raison(format, arguments);
    va_end(arguments);
    exit(EXIT_FAILURE);
}

void refuser(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    ecrire_raison(format, arguments);
    va_end(arguments);
    fprintf(stderr, "    l'usage complet : %s -h\n", programme);
    exit(2);
}
