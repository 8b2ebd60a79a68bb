/*
 * La charge : beaucoup de connexions vers un serveur qui répond ligne à ligne, et ce que cela donne
 *
 *   build/outils/charge [-c connexions] [-t secondes | -n requêtes] hôte [port]     (-h dit le reste)
 *
 * Elle ouvre ses connexions, chacune servie une fois hors mesure ; puis garde sur chacune « -p »
 * requêtes sans réponse, vérifie chaque octet reçu, et dit le débit, les latences, les erreurs par
 * cause. Une latence va du send() de la requête (avec -x, du connect()) au recv() qui la finit.
 * À regarder : « c'est moi qui limite » : le débit est alors le sien, non celui du serveur.
 * Code 0 si chaque réponse était juste, 1 sinon, 2 si la demande est mal écrite.
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* getopt_long */
#include <errno.h>
#include <getopt.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../../common/erreur.h"
#include "../../common/programme.h"
#include "charge/charge.h"

enum { PROFONDEUR_MAX = 1024, CONNEXIONS_MAX = 1000000, DESCRIPTEURS_A_NOUS = 16 };

static const char usage[] =
    "[options] hôte [port]\n"
    "Charge un serveur qui répond ligne à ligne, vérifie chaque réponse, et mesure\n"
    "  -c connexions     64 par défaut\n"
    "  -t secondes       la durée de la mesure : 3 par défaut ; 0.5 se peut\n"
    "  -n requêtes       ou leur nombre, exact\n"
    "  -p profondeur     les requêtes en chemin sur chaque connexion : 1 par défaut\n"
    "  -x                une connexion neuve à chaque fois ; vers 127.0.0.1, elles\n"
    "                    partent de plusieurs adresses de 127.0.0.0/8, faute de ports\n"
    "  -i inactives      autant de connexions de plus, servies une fois, puis muettes\n"
    "  -m message        la ligne envoyée : « Bonjour » par défaut\n"
    "  --reponse texte   la ligne attendue : « ok » par défaut\n"
    "  --delai secondes  ce que l'on attend une réponse, au plus : 10 par défaut\n"
    "  --ensemble n      à l'ouverture, n connexions à la fois : 2 par défaut\n"
    "  --json            le bilan pour un programme\n"
    "En face : tcp/24-serveur-epoll, ou tout serveur qui rend une ligne par ligne";

/* « 3 », « 0.5 » ou « 0,5 », en secondes, au plus un jour. */
static uint64_t lire_duree(const char *nom, const char *texte)
{
    char copie[32], *virgule;
    snprintf(copie, sizeof copie, "%s", texte);
    if ((virgule = strchr(copie, ',')))
        *virgule = '.';
    size_t entiers = strspn(copie, "0123456789"), point = copie[entiers] == '.';
    size_t decimales = strspn(copie + entiers + point, "0123456789");
    double secondes = strtod(copie, NULL);
    if (entiers == 0 || point > decimales || copie[entiers + point + decimales] != '\0' ||
        secondes < 0.001 || secondes > 86400)
        refuser("%s « %.200s » : une durée en secondes, de 0.001 à 86400", nom, texte);
    return (uint64_t)(secondes * 1e9);
}

static const char *lire_ligne(const char *nom, const char *texte)
{
    if (strlen(texte) > 60000 || strchr(texte, '\n'))
        refuser("%s : une seule ligne, de 60000 octets au plus", nom);
    return texte;
}

static void lire_la_demande(int argc, char *argv[], struct demande *d, const char **hote,
                            const char **port)
{
    enum { REPONSE = 256, DELAI, ENSEMBLE, JSON };
    static const struct option longues[] = {
        {"reponse", required_argument, NULL, REPONSE},
        {"delai", required_argument, NULL, DELAI},
        {"ensemble", required_argument, NULL, ENSEMBLE},
        {"json", no_argument, NULL, JSON},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    bool duree = false;
    opterr = 0; /* les refus sont les nôtres */
    for (int o; (o = getopt_long(argc, argv, ":c:t:n:p:xi:m:h", longues, NULL)) != -1;) {
        /* faute de valeur, musl a compté la valeur absente */
        const char *fautif = argv[optind > argc ? argc - 1 : optind - 1];
        switch (o) {
        case 'c':
            d->connexions = lire_nombre("-c", optarg, 1, CONNEXIONS_MAX);
            break;
        case 'i':
            d->inactives = lire_nombre("-i", optarg, 0, CONNEXIONS_MAX);
            break;
        case 'p':
            d->profondeur = lire_nombre("-p", optarg, 1, PROFONDEUR_MAX);
            break;
        case 'n':
            d->requetes = lire_nombre("-n", optarg, 1, 1000000000);
            break;
        case 't':
            d->duree = lire_duree("-t", optarg), duree = true;
            break;
        case 'm':
            d->message = lire_ligne("-m", optarg);
            break;
        case 'x':
            d->neuves = true;
            break;
        case REPONSE:
            d->reponse = lire_ligne("--reponse", optarg);
            break;
        case DELAI:
            d->delai = lire_duree("--delai", optarg);
            break;
        case ENSEMBLE:
            d->ensemble = lire_nombre("--ensemble", optarg, 1, CONNEXIONS_MAX);
            break;
        case JSON:
            d->json = true;
            break;
        case 'h':
            printf("usage : %s %s\n", argv[0], usage);
            exit(EXIT_SUCCESS);
        case ':':
            refuser("l'option « %.200s » attend une valeur", fautif);
        default:
            refuser("option inconnue « %.200s »", fautif);
        }
    }
    if (duree && d->requetes > 0)
        refuser("-t ou -n, pas les deux");
    if (optind == argc)
        refuser("il manque l'hôte");
    if (argc - optind > 2)
        refuser("argument en trop « %.200s »", argv[optind + 2]);
    *hote = argv[optind];
    if (optind + 1 < argc)
        *port = argv[optind + 1];
    lire_nombre("port", *port, 1, 65535);
    verifier_nom(*hote);
}

/* Vrai si une connexion s'y établit, dans le délai. */
static bool repond(const struct addrinfo *a, uint64_t delai)
{
    int erreur = 0, s = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    socklen_t taille = sizeof erreur;
    struct pollfd attendue = {.fd = s, .events = POLLOUT};
    bool etablie =
        s != -1 && (connect(s, a->ai_addr, a->ai_addrlen) == 0 ||
                    (errno == EINPROGRESS && poll(&attendue, 1, (int)(delai / MILLISECONDE)) == 1 &&
                     getsockopt(s, SOL_SOCKET, SO_ERROR, &erreur, &taille) == 0 && erreur == 0));
    if (s != -1)
        close(s);
    return etablie;
}

/* La première adresse de ce nom où l'on répond ; s'il n'en a qu'une, on ne demande pas. */
static void viser(struct demande *d, const char *hote, const char *port)
{
    struct addrinfo criteres = {.ai_socktype = SOCK_STREAM}, *liste;
    exiger_resolution("getaddrinfo", getaddrinfo(hote, port, &criteres, &liste));
    const struct addrinfo *choisie = liste;
    while (choisie->ai_next && !repond(choisie, d->delai))
        choisie = choisie->ai_next;
    memcpy(&d->cible, choisie->ai_addr, choisie->ai_addrlen);
    d->taille_cible = choisie->ai_addrlen;
    freeaddrinfo(liste);
}

/* Un descripteur par connexion : la limite douce monte jusqu'à la dure, que seul root dépasse. */
static void prendre_des_descripteurs(long voulus)
{
    struct rlimit limite;
    exiger("getrlimit", getrlimit(RLIMIT_NOFILE, &limite));
    limite.rlim_cur = limite.rlim_max;
    exiger("setrlimit", setrlimit(RLIMIT_NOFILE, &limite));
    if (limite.rlim_max != RLIM_INFINITY && (rlim_t)voulus > limite.rlim_max)
        abandonner("%ld descripteurs à prendre, %llu au plus ici (ulimit -Hn)", voulus,
                   (unsigned long long)limite.rlim_max);
}

int main(int argc, char *argv[])
{
    static struct bilan bilan; /* l'histogramme est trop grand pour la pile */
    struct demande demande = {.connexions = 64,
                              .profondeur = 1,
                              .ensemble = 2,
                              .duree = 3 * SECONDE,
                              .delai = 10 * SECONDE,
                              .message = "Bonjour",
                              .reponse = "ok"};
    const char *hote, *port = "5000";
    preparer_programme();
    lire_la_demande(argc, argv, &demande, &hote, &port);
    prendre_des_descripteurs(demande.connexions + demande.inactives + DESCRIPTEURS_A_NOUS);
    viser(&demande, hote, port);

    mener(&demande, &bilan);

    if (bilan.ouvertes == 0 && bilan.erreurs > 0 && bilan.causes[0].numero != 0) {
        errno = bilan.causes[0].numero; /* personne, là-bas : une erreur comme une autre */
        echouer(bilan.causes[0].quoi, &demande.cible);
    }
    (demande.json ? dire_json : dire_bilan)(&demande, &bilan);
    if (bilan.interrompue) { /* que le shell le sache : sa boucle s'arrête aussi */
        fflush(stdout);
        signal(SIGINT, SIG_DFL);
        raise(SIGINT);
    }
    return bilan.erreurs > 0 || bilan.latences.total == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
