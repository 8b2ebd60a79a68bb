/* SPDX-License-Identifier: MIT */
#include "programme.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "erreur.h"

static bool trace_perdue; /* au moins une ligne : le programme finira par 1 */

void verifier_trace(void)
{
    static bool panne_dite;
    bool perdue = ferror(stdout) != 0;
    if (fflush(stdout) == 0 && !perdue)
        return;
    /* errno a pu servir depuis l'échec : encore une ligne, pour savoir, ou pour marquer le trou. */
    clearerr(stdout);
    bool reprise = printf("(des lignes manquent ci-dessus)\n") >= 0 && fflush(stdout) == 0;
    if (reprise)
        prevenir("sortie standard : des lignes de la trace sont perdues");
    else if (!panne_dite)
        signaler("sortie standard");
    panne_dite = !reprise;
    trace_perdue = true;
}

static void verifier_sortie(void)
{
    verifier_trace();
    if (trace_perdue)
        _exit(EXIT_FAILURE);
}

void preparer_programme(void)
{
    /* Lancé avec « >&- », le programme recevrait la socket pour descripteur 1, et ses messages
     * partiraient chez le pair : les trois premiers descripteurs doivent être pris. */
    int libre;
    do
        libre = open("/dev/null", O_RDONLY); /* y écrire la trace échouera, et se verra */
    while (libre >= 0 && libre <= STDERR_FILENO);
    if (libre > STDERR_FILENO)
        close(libre);

    setvbuf(stdout, NULL, _IOLBF, 0); /* un journal se remplit en direct, même dans un tube */
    setvbuf(stderr, NULL, _IOLBF, 0); /* une erreur s'écrit d'un trait, sans se mêler à d'autres */
    atexit(verifier_sortie);
}

long long maintenant_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

enum { MOTS_MAX = 8 };

/* Un mot du modèle : « port » se range par sa place, « -a adresse » et « -v » sont des options. */
struct mot {
    char option;  /* 'a', ou 0 */
    char nom[32]; /* vide : une option sans valeur */
    bool facultatif;
};

/* Découpe le modèle, jusqu'au premier saut de ligne ; rend le nombre de mots, fussent-ils trop. */
static int decouper(const char *modele, struct mot mots[MOTS_MAX])
{
    int nombre = 0, crochets = 0;
    while (*modele != '\0' && *modele != '\n') {
        size_t longueur = strcspn(modele, " []\n");
        if (longueur == 0) {
            crochets += (*modele == '[') - (*modele == ']');
            modele++;
            continue;
        }
        struct mot mot = {.facultatif = crochets > 0};
        if (*modele == '-') {
            mot.option = modele[1];
            modele += longueur + (modele[longueur] == ' '); /* sa valeur, ou le « ] » */
            longueur = strcspn(modele, " []\n");
        }
        snprintf(mot.nom, sizeof mot.nom, "%.*s", (int)longueur, modele);
        modele += longueur;
        if (nombre < MOTS_MAX)
            mots[nombre] = mot;
        nombre++;
    }
    return nombre;
}

static _Noreturn void afficher_usage(const char *programme, const char *modele,
                                     const struct mot mots[], int nombre, const char **valeurs[])
{
    printf("usage : %s %s\n", programme, modele);
    for (int i = 0; i < nombre; i++)
        if (mots[i].facultatif && *valeurs[i])
            printf("  %s : « %s » par défaut\n", mots[i].nom, *valeurs[i]);
    exit(EXIT_SUCCESS);
}

/* Le mot du modèle qui attend l'option « lettre » (0 : le prochain mot sans option), ou -1. */
static int chercher(const struct mot mots[], int nombre, char lettre, int depuis)
{
    for (int i = depuis; i < nombre; i++)
        if (mots[i].option == lettre)
            return i;
    return -1;
}

void lire_arguments_modele(int argc, char *argv[], const char *modele, const char **valeurs[])
{
    struct mot mots[MOTS_MAX];
    int nombre = decouper(modele, mots), variables = 0;
    int suivant = 0; /* à partir d'où chercher le prochain mot sans option */
    bool options = true;

    preparer_programme();
    while (valeurs[variables])
        variables++;
    if (nombre != variables || nombre > MOTS_MAX)
        abandonner("lire_arguments : %d mots (%d au plus) pour %d variables dans le modèle « %s »",
                   nombre, MOTS_MAX, variables, modele);
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) /* avant de toucher aux défauts */
        if (strcmp(argv[i], "-h") == 0 || strcmp(argv[i], "--help") == 0)
            afficher_usage(argv[0], modele, mots, nombre, valeurs);
    for (int i = 1; i < argc; i++) {
        const char *texte = argv[i];
        bool option =
            options && texte[0] == '-' && (texte[1] == '-' || isalpha((unsigned char)texte[1]));
        if (option && strcmp(texte, "--") == 0) {
            options = false;
            continue;
        }
        int lequel = chercher(mots, nombre, (char)(option ? texte[1] : 0), option ? 0 : suivant);
        if (lequel == -1 && option)
            refuser("option inconnue « %.200s » (un texte à tiret : après « -- »)", texte);
        if (lequel == -1)
            refuser("argument en trop « %.200s »", texte);
        if (!option)
            suivant = lequel + 1;
        else if (mots[lequel].nom[0] == '\0' && texte[2] != '\0')
            refuser("l'option -%c ne prend pas de valeur : « %.200s »", texte[1], texte);
        else if (mots[lequel].nom[0] != '\0' && !(texte = texte[2] != '\0' ? texte + 2 : argv[++i]))
            refuser("l'option -%c attend une valeur : %s", mots[lequel].option, mots[lequel].nom);
        *valeurs[lequel] = texte;
    }
    int manquant = chercher(mots, nombre, 0, suivant);
    if (manquant != -1 && !mots[manquant].facultatif)
        refuser("il manque un argument : %s", mots[manquant].nom);
}

long lire_nombre(const char *nom, const char *texte, long minimum, long maximum)
{
    /* strtol accepte « 80x », « » et « 80 » précédé d'espaces : on exige d'abord des chiffres. */
    const char *chiffres = texte + (texte[0] == '-' && strspn(texte + 1, "0") < strlen(texte + 1));
    if (chiffres[0] == '\0' || chiffres[strspn(chiffres, "0123456789")] != '\0')
        refuser("%s « %.200s » : ce n'est pas un nombre entier", nom, texte);
    errno = 0;
    long nombre = strtol(texte, NULL, 10);
    if (errno == ERANGE || nombre < minimum || nombre > maximum)
        refuser("%s « %.200s » : hors bornes, de %ld à %ld", nom, texte, minimum, maximum);
    return nombre;
}

/* « 1.2.3.999 », « 127.1 », « 0x7f » : la fin est un nombre, donc une adresse, bonne ou mauvaise ;
 * aucun nom de machine ne se termine ainsi. « * » non plus, que la libc prend pour la boucle
 * locale. */
static bool ressemble_a_une_adresse(const char *texte)
{
    const char *point = strrchr(texte, '.');
    const char *fin = point ? point + 1 : texte;
    char *reste;
    strtol(fin, &reste, 0);
    return !strchr(texte, ':') &&
           ((fin[0] != '\0' && *reste == '\0') || texte[strspn(texte, "0123456789.*")] == '\0');
}

/* « 127.0.0.1:5000 », « [::1]:5000 » : l'adresse et le port sont deux mots. */
static void refuser_en_un_mot(const char *texte)
{
    const char *port = strrchr(texte, ':');
    size_t crochet = texte[0] == '[';
    if (!port || port == texte || port[1] == '\0' ||
        port[1 + strspn(port + 1, "0123456789")] != '\0')
        return;
    if (crochet ? port[-1] == ']' : strchr(texte, ':') == port)
        refuser("« %.200s » : écrire l'adresse et le port en deux mots : %.*s %s", texte,
                (int)((size_t)(port - texte) - 2 * crochet) % 200, texte + crochet, port + 1);
}

void verifier_nom(const char *texte)
{
    struct in_addr adresse;
    refuser_en_un_mot(texte);
    if (ressemble_a_une_adresse(texte) && inet_pton(AF_INET, texte, &adresse) != 1)
        refuser("adresse « %.200s » : ni IPv4, ni IPv6, ni un nom", texte);
}

struct in_addr lire_adresse(const char *texte)
{
    struct in_addr adresse;
    if (inet_pton(AF_INET, texte, &adresse) == 1)
        return adresse;
    verifier_nom(texte);
    if (strchr(texte, ':'))
        refuser("adresse « %.200s » : pas une adresse IPv4 (pour IPv6, voir le dossier ipv6)",
                texte);

    struct addrinfo criteres = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *resultat;
    exiger_resolution("getaddrinfo", getaddrinfo(texte, NULL, &criteres, &resultat));
    struct sockaddr_in trouvee;
    memcpy(&trouvee, resultat->ai_addr, sizeof trouvee);
    freeaddrinfo(resultat);
    return trouvee.sin_addr;
}
