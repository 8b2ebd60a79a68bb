/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* EAI_NODATA, EAI_ADDRFAMILY, et le nom du programme */
#include "erreur.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "affichage.h"

/* Un message, et le même une fois échappé et replié. */
enum { LG_RAISON = 1024, LG_REPLI = 6 * LG_RAISON };

#define GENERALITES "Quand un appel échoue"

/* Les pannes de réseau que Linux rend par accept() sont celles d'un client, pas de la socket. */
#define D_UN_CLIENT                                                                                \
    "accept", AF_UNSPEC, "ce client s'est perdu avant d'être pris : continuer, sans lui",          \
        "nstat -az TcpAttemptFails TcpEstabResets", "listen() et accept()"

/* Ce que l'on explique de chaque erreur : cause, commande (68 colonnes au plus), et leçon, par son
 * titre. Un CAS, après elle, l'explique autrement pour un appel ou une famille d'adresses : le
 * dernier qui convient l'emporte. Le port de « 'sport = :PORT' » est celui de l'adresse visée. */
static const struct explication {
    int numero;
    const char *texte, *appel;
    int famille;
    const char *cause, *commande, *titre;
} explications[] = {
#define ERREUR(numero, texte, ...) {numero, texte " [" #numero "]", NULL, AF_UNSPEC, __VA_ARGS__},
#define CAS(numero, ...)           {numero, NULL, __VA_ARGS__},
    /* clang-format off */
    ERREUR(EACCES, "permission refusée", "les droits sur ce fichier ou ce chemin l'interdisent", "ls -l ; id", GENERALITES)
    CAS(EACCES, "bind", AF_UNSPEC, "port sous 1024, sans privilège", "sysctl net.ipv4.ip_unprivileged_port_start", "bind()")
    CAS(EACCES, "connect", AF_UNSPEC, "route interdite, pare-feu, ou adresse de diffusion", "ip route ; ip -6 route", "connect()")
    CAS(EACCES, "sendto", AF_UNSPEC, "adresse de diffusion sans l'option SO_BROADCAST, ou route interdite", "ip address ; ip route", "sendto() et recvfrom()")
    CAS(EACCES, "connect", AF_UNIX, "ce chemin, ou l'un de ses dossiers, vous est interdit", "ls -l ; id", "Un chemin au lieu d'un port")
    ERREUR(EADDRINUSE, "adresse déjà utilisée", "port tenu par un programme, ou par une connexion qui s'achève", "ss -tuanp 'sport = :PORT'", "Relancer aussitôt")
    CAS(EADDRINUSE, "bind", AF_UNIX, "ce chemin existe déjà : un serveur arrêté l'a laissé, l'effacer", "ss -xlp ; ls -l", "Un chemin au lieu d'un port")
    ERREUR(EADDRNOTAVAIL, "adresse indisponible", "cette adresse, ou sa famille, n'existe pas sur cette machine", "ip address", "bind()")
    ERREUR(EAFNOSUPPORT, "famille d'adresses non prise en charge", "famille inconnue du noyau, ou autre que celle de la socket", "cat /proc/net/protocols", "socket()")
    ERREUR(EAGAIN, "ressource momentanément indisponible", "rien à lire, ou plus de place pour écrire, sans attendre", "ss -tan", "send() et recv()")
    CAS(EAGAIN, "accept", AF_UNSPEC, "la file est vide, et cette socket n'attend pas", "ss -ltn", "La file d'attente")
    CAS(EAGAIN, "fork", AF_UNSPEC, "plus un processus de plus : la limite est atteinte", "ulimit -u ; ps -eL | wc -l", "Un processus, ou un fil, par client")
    ERREUR(EALREADY, "opération déjà en cours", "un connect() non bloquant n'est pas encore terminé", "ss -tan state syn-sent", "Ne pas attendre")
    ERREUR(EBADF, "mauvais descripteur", "ce numéro n'est pas, ou n'est plus, un descripteur ouvert", "ls -l /proc/PID/fd", "socket()")
    ERREUR(ECHILD, "aucun processus fils", "il a déjà été attendu, ou SIGCHLD est ignoré", "ps -o pid,ppid,stat,cmd", GENERALITES)
    ERREUR(ECONNABORTED, "connexion abandonnée", "elle s'est rompue avant la fin : il faut une socket neuve", "nstat -az TcpAttemptFails", "Ne pas attendre")
    ERREUR(ECONNREFUSED, "connexion refusée", "la machine répond, mais rien n'y écoute sur ce port", "ss -ltnp 'sport = :PORT'", "connect()")
    CAS(ECONNREFUSED, "connect", AF_UNIX, "le chemin existe, mais plus personne n'y écoute", "ss -xlp", "Un chemin au lieu d'un port")
    ERREUR(ECONNRESET, "connexion réinitialisée par le pair", "le pair est mort, ou a fermé sans lire ce qu'on lui a envoyé", "nstat -az TcpEstabResets", "Fermer sans perdre la réponse")
    ERREUR(EDESTADDRREQ, "adresse de destination requise", "send() en UDP sans connect() : employer sendto()", "ss -uan", "sendto() et recvfrom()")
    ERREUR(EFAULT, "mauvaise adresse mémoire", "un pointeur passé à l'appel ne désigne pas une zone valide", "make SAN=1", GENERALITES)
    ERREUR(EHOSTDOWN, "machine éteinte", "la machine visée ne répond pas sur son réseau", "ip neigh", "connect()")
    ERREUR(EHOSTUNREACH, "aucune route vers l'hôte", "la machine visée est éteinte, ou son réseau ne sait l'atteindre", "ip route ; ip -6 route ; ip neigh", "connect()")
    ERREUR(EINPROGRESS, "opération en cours", "connect() sans attente : attendre POLLOUT, puis lire SO_ERROR", "ss -tan state syn-sent", "Ne pas attendre")
    ERREUR(EINTR, "appel interrompu par un signal", "un signal est arrivé pendant l'attente : refaire l'appel", "strace -p PID", "send() et recv()")
    ERREUR(EINVAL, "argument invalide", "valeur hors bornes, ou état de la socket qui interdit l'appel", "strace -e trace=network", GENERALITES)
    CAS(EINVAL, "accept", AF_UNSPEC, "il manque listen(), ou la longueur annoncée est négative", "ss -ltnp", "La file d'attente")
    ERREUR(EISCONN, "socket déjà connectée", "une socket TCP ne se connecte qu'une fois : il en faut une neuve", "ss -tan", "connect()")
    ERREUR(EIO, "erreur d'entrée-sortie", "le terminal ou le disque ne répond plus", "dmesg", GENERALITES)
    ERREUR(EISDIR, "c'est un dossier", "un dossier a été donné à la place d'un fichier", "ls -l", GENERALITES)
    ERREUR(EMFILE, "trop de descripteurs ouverts dans ce programme", "la limite du processus est atteinte : un close() oublié, souvent", "ulimit -n ; ls /proc/PID/fd", "listen() et accept()")
    ERREUR(EMSGSIZE, "message trop long", "un datagramme UDP transporte au plus 65507 octets en IPv4", "man 7 udp", "Un datagramme est entier, ou perdu")
    ERREUR(ENETDOWN, "réseau à l'arrêt", "l'interface réseau est coupée", "ip link", "connect()")
    ERREUR(ENETUNREACH, "réseau inaccessible", "aucune route vers ce réseau : pas de connexion, ou pas d'IPv6 ici", "ip route ; ip -6 route", "connect()")
    ERREUR(ENFILE, "trop de fichiers ouverts sur la machine", "la limite du système entier est atteinte", "cat /proc/sys/fs/file-nr", "listen() et accept()")
    ERREUR(ENOBUFS, "mémoire des tampons épuisée", "le noyau manque de place pour ses tampons réseau", "cat /proc/net/sockstat", GENERALITES)
    ERREUR(ENODEV, "interface inconnue", "aucune interface réseau de ce nom", "ip link", GENERALITES)
    ERREUR(ENOENT, "fichier ou objet introuvable", "le chemin n'existe pas", "ls -l", GENERALITES)
    CAS(ENOENT, "connect", AF_UNIX, "aucune socket à ce chemin : son serveur n'a pas démarré", "ss -xlp ; ls -l", "Un chemin au lieu d'un port")
    ERREUR(ENOMEM, "mémoire insuffisante", "la machine ou le processus n'a plus de mémoire", "free -h ; ulimit -a", GENERALITES)
    ERREUR(ENONET, "machine hors du réseau", "aucune interface n'est en service", "ip link", "connect()")
    ERREUR(ENOPROTOOPT, "option inconnue à ce niveau", "l'option n'existe pas pour ce protocole, ou ne s'écrit pas", "man 7 socket ; man 7 tcp", GENERALITES)
    ERREUR(ENOSPC, "plus de place", "le disque est plein", "df -h .", GENERALITES)
    ERREUR(EDQUOT, "quota dépassé", "votre part du disque est pleine", "quota ; df -h .", GENERALITES)
    ERREUR(EFBIG, "fichier trop grand", "la limite de taille d'un fichier est atteinte", "ulimit -f", GENERALITES)
    ERREUR(ENOTCONN, "socket non connectée", "il manque connect() ou accept(), ou le pair est déjà parti", "ss -tan", "connect()")
    ERREUR(ENOTSOCK, "ce descripteur n'est pas une socket", "un fichier ou un tube a été passé à la place", "ls -l /proc/PID/fd", "socket()")
    ERREUR(ENOTTY, "ce descripteur n'a pas cet ioctl", "mauvaise commande : F_SETOWN est pour fcntl(), FIOSETOWN pour ioctl()", "man 2 ioctl", GENERALITES)
    ERREUR(EOPNOTSUPP, "opération non prise en charge par cette socket", "listen() et accept() demandent un type connecté (SOCK_STREAM)", "ss -an", "listen() et accept()")
    ERREUR(EPERM, "opération interdite", "il faut un privilège (CAP_NET_RAW…), ou un pare-feu refuse", "id ; grep Cap /proc/self/status", "socket()")
    ERREUR(EPIPE, "liaison rompue à l'écriture", "le pair a fermé, ou la socket n'a jamais été connectée", "ss -tan", "Le client qui disparaît")
    CAS(EBADF, "sortie standard", AF_UNSPEC, "elle est fermée : la trace n'ira nulle part", "ls -l /proc/PID/fd/1", GENERALITES)
    CAS(EPIPE, "sortie standard", AF_UNSPEC, "plus personne ne lit la trace : la suite en sera perdue", "ls -l /proc/PID/fd/1", GENERALITES)
    ERREUR(EPROTO, "erreur de protocole", "le pair n'a pas suivi le protocole", "nstat -az", GENERALITES)
    ERREUR(EPROTOTYPE, "mauvais type de socket", "en face, la socket est d'un autre type (flux, datagramme)", "ss -xl", "Un flux, des paquets")
    ERREUR(EPROTONOSUPPORT, "protocole non pris en charge", "il ne va pas avec cette famille et ce type ; 0 laisse choisir", "getent protocols", "socket()")
    ERREUR(ERANGE, "valeur hors bornes", "select n'admet pas de descripteur de FD_SETSIZE (1024) ou plus", "ls /proc/PID/fd", "Une boucle pour tous")
    ERREUR(ESOCKTNOSUPPORT, "type de socket non pris en charge", "cette famille n'offre pas ce type", "man 2 socket", "socket()")
    ERREUR(ESPIPE, "pas de position ici", "une socket ou un tube se lit dans l'ordre, sans retour ni saut", "ls -l /proc/PID/fd", "send() et recv()")
    ERREUR(ESRCH, "processus introuvable", "aucun processus ne porte ce numéro", "ps -e", GENERALITES)
    ERREUR(ETIMEDOUT, "délai dépassé", "le pair ne répond plus : la liaison est tenue pour morte", "ss -tano", "connect()")
    CAS(ETIMEDOUT, "connect", AF_UNSPEC, "personne n'a répondu : machine éteinte, pare-feu, paquets perdus", "ip route ; ip neigh", "connect()")
    CAS(ECONNABORTED, D_UN_CLIENT)
    CAS(EHOSTDOWN, D_UN_CLIENT)
    CAS(EHOSTUNREACH, D_UN_CLIENT)
    CAS(ENETDOWN, D_UN_CLIENT)
    CAS(ENETUNREACH, D_UN_CLIENT)
    CAS(ENONET, D_UN_CLIENT)
    CAS(ENOPROTOOPT, D_UN_CLIENT)
    CAS(EPROTO, D_UN_CLIENT)

    /* Les codes de getaddrinfo, négatifs sous Linux : aucun n'est un errno */
#define NOMS "Du nom aux adresses"
#define NOM_INCONNU "le nom est mal écrit, ou l'annuaire injoignable", "getent ahosts NOM", NOMS
    ERREUR(EAI_NONAME, "nom ou service inconnu", NOM_INCONNU)
    ERREUR(EAI_AGAIN, "l'annuaire ne répond pas pour l'instant", "hors ligne, ou serveur de noms injoignable", "getent ahosts NOM ; cat /etc/resolv.conf", NOMS)
    ERREUR(EAI_FAIL, "l'annuaire a répondu par une erreur", "le serveur de noms est en panne, ou refuse", "getent ahosts NOM ; cat /etc/resolv.conf", NOMS)
    ERREUR(EAI_SERVICE, "service inconnu pour ce type de socket", "aucun service de ce nom", "getent services NOM", NOMS)
    ERREUR(EAI_MEMORY, "mémoire insuffisante", "la machine ou le processus n'a plus de mémoire", "free -h ; ulimit -a", GENERALITES)
#define DEMANDE_FAUSSE "ce que l'on demande n'a pas de sens ici", "man 3 getaddrinfo", NOMS
    ERREUR(EAI_FAMILY, "famille d'adresses non prise en charge", DEMANDE_FAUSSE)
    ERREUR(EAI_SOCKTYPE, "type de socket non pris en charge", DEMANDE_FAUSSE)
    ERREUR(EAI_BADFLAGS, "drapeaux invalides", DEMANDE_FAUSSE)
    ERREUR(EAI_OVERFLOW, "tampon trop court", DEMANDE_FAUSSE)
#define AUTRE_FAMILLE "il n'en a peut-être que de l'autre famille, IPv4 ou IPv6", "getent ahosts NOM", NOMS
#ifdef EAI_NODATA /* glibc seulement */
    ERREUR(EAI_NODATA, "ce nom existe, mais n'a pas d'adresse", AUTRE_FAMILLE)
    ERREUR(EAI_ADDRFAMILY, "ce nom n'a pas d'adresse de cette famille", AUTRE_FAMILLE)
#endif
    /* clang-format on */
};

static const struct explication *expliquer(int numero, const char *appel, int famille)
{
    const struct explication *trouvee = NULL;
    for (size_t i = 0; i < sizeof explications / sizeof explications[0]; i++) {
        const struct explication *e = &explications[i];
        if (e->numero == numero && (!e->appel || strcmp(e->appel, appel) == 0) &&
            (e->famille == AF_UNSPEC || e->famille == famille))
            trouvee = e;
    }
    return trouvee;
}

const char *texte_erreur(int numero)
{
    static _Thread_local char inconnue[128];
    const struct explication *e = expliquer(numero, "", AF_UNSPEC);
    if (e)
        return e->texte;
    int errno_avant = errno;
    snprintf(inconnue, sizeof inconnue, "%s [errno %d]", strerror(numero), numero);
    errno = errno_avant;
    return inconnue;
}

/* Les colonnes du mot qui vient, sans l'espace d'après : ni « : » ni un guillemet n'ouvrent une ligne. */
static size_t largeur_du_mot(const char *texte, size_t taille)
{
    size_t largeur = 0;
    for (size_t i = 0; i < taille; i++) {
        if (texte[i] == ' ' && (i + 1 == taille || !strchr(":\xc2", texte[i + 1])))
            break;
        largeur += (texte[i] & 0xc0) != 0x80; /* la suite d'un caractère UTF-8 n'occupe rien */
    }
    return largeur;
}

/* Écrit dans « replie » un texte replié à 80 colonnes ; ce qui agirait sur le terminal est échappé. */
static void replier(const char *texte, size_t taille, char replie[LG_REPLI])
{
    char vu[TEXTE_CARACTERE], *fin = replie;
    for (size_t lus = 0, colonne = 0; lus < taille; fin = stpcpy(fin, vu)) {
        int espace = texte[lus] == ' ';
        lus += montrer_caractere(texte + lus, taille - lus, vu);
        size_t pas = (unsigned char)vu[0] < 0x80 ? strlen(vu) : 1;
        size_t mot = espace ? largeur_du_mot(texte + lus, taille - lus) : 0;
        int loin = colonne > 70 || (mot <= 76 && colonne + pas + mot > 80);
        int plein = colonne + pas > 80 || (espace && loin && !strchr(":\xc2", texte[lus]));
        colonne = plein ? 4 + pas : colonne + pas;
        fin = stpcpy(fin, !plein ? "" : espace ? "\n   " : "\n    ");
    }
    *fin = '\0';
}

void prevenir(const char *format, ...)
{
    char raison[LG_RAISON], replie[LG_REPLI], message[LG_REPLI + LG_RAISON];
    const char *suite = strchr(format, '\n'); /* les lignes d'après, à écrire telles quelles */
    int nom = snprintf(raison, sizeof raison, "%.99s : ", program_invocation_short_name);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(raison + nom, sizeof raison - (size_t)nom, format, arguments);
    va_end(arguments);
    replier(raison, strlen(raison) - (suite ? strlen(suite) : 0), replie);
    snprintf(message, sizeof message, "%s%s\n", replie, suite ? suite : "");
    fputs(message, stderr); /* d'un trait : un autre fil, un autre processus parle aussi */
}

/* « à voir : commande », son filtre rempli par le port de l'adresse, ou retiré. */
static void ecrire_commande(const char *commande, const struct sockaddr *adresse)
{
    static const char filtre[] = " 'sport = :PORT'";
    const char *place = strstr(commande, filtre);
    in_port_t port = 0; /* au même endroit en IPv4 et en IPv6 */
    if (adresse && (adresse->sa_family == AF_INET || adresse->sa_family == AF_INET6))
        port = ntohs(((const struct sockaddr_in *)adresse)->sin_port);
    fprintf(stderr, "    à voir : %.*s", place ? (int)(place - commande) : 80, commande);
    if (place && port != 0)
        fprintf(stderr, " 'sport = :%u'", port);
    fputc('\n', stderr);
}

void signaler_appel(const char *appel, const void *adresse)
{
    static const char *appel_precedent = "";
    static int numero_precedent;
    int numero = errno;
    const struct sockaddr *a = adresse;

    prevenir("%s : %s", appel, texte_erreur(numero));
    const struct explication *e = expliquer(numero, appel, a ? a->sa_family : AF_UNSPEC);
    if (e && (numero != numero_precedent || strcmp(appel, appel_precedent) != 0)) {
        fprintf(stderr, "    %s\n", e->cause);
        ecrire_commande(e->commande, a);
        fprintf(stderr, "    cours : %s\n", e->titre);
    }
    appel_precedent = appel;
    numero_precedent = errno = numero;
}

int exiger_appel(const char *appel, int retour, const void *adresse)
{
    if (retour == -1)
        echouer(appel, adresse);
    return retour;
}

void exiger_resolution(const char *appel, int code)
{
    if (code != 0 && code != EAI_SYSTEM) /* le seul code qui renvoie à errno */
        errno = code;
    if (code != 0)
        echouer(appel);
}
