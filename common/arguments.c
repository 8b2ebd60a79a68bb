/* SPDX-License-Identifier: MIT */
#include "arguments.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "affichage.h"
#include "erreur.h"

enum { MOTS_MAX = 8 };

/* Un mot du modèle : « -a adresse » est une option, « port » se range par sa position. */
struct mot {
    char option; /* 'a', ou 0 */
    char nom[32];
    bool facultatif;
};

/* Découpe le modèle en mots, jusqu'au premier saut de ligne ; rend leur nombre. */
static int decouper(const char *modele, struct mot mots[MOTS_MAX])
{
    int nombre = 0, crochets = 0;
    char option = 0;
    while (*modele != '\0' && *modele != '\n' && nombre < MOTS_MAX) {
        size_t longueur = strcspn(modele, " []\n");
        if (longueur == 0) {
            crochets += (*modele == '[') - (*modele == ']');
            modele++;
        } else if (*modele == '-') {
            option = modele[1];
            modele += longueur;
        } else {
            struct mot *mot = &mots[nombre++];
            mot->option = option;
            mot->facultatif = crochets > 0;
            snprintf(mot->nom, sizeof mot->nom, "%.*s", (int)longueur, modele);
            option = 0;
            modele += longueur;
        }
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

/* À la sortie : une trace qui n'a pas pu s'écrire (disque plein) n'est pas une réussite. */
static void verifier_sortie(void)
{
    bool echec = ferror(stdout) != 0;
    if (fflush(stdout) != 0 || echec) {
        signaler("sortie standard");
        _exit(EXIT_FAILURE);
    }
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
    int nombre = decouper(modele, mots);
    int suivant = 0; /* à partir d'où chercher le prochain mot sans option */
    bool options = true;

    /* Lancé avec « >&- », le programme recevrait la socket pour descripteur 1, et ses messages
     * partiraient chez le pair : les trois premiers descripteurs doivent être pris. */
    int libre;
    do
        libre = open("/dev/null", O_RDONLY); /* y écrire échouera, et se verra */
    while (libre >= 0 && libre <= STDERR_FILENO);
    if (libre > STDERR_FILENO)
        close(libre);

    nommer_programme(argc > 0 ? argv[0] : "programme");
    setvbuf(stdout, NULL, _IOLBF, 0); /* un journal se remplit en direct, même dans un tube */
    atexit(verifier_sortie);

    for (int i = 1; i < argc; i++) {
        const char *texte = argv[i];
        if (options && strcmp(texte, "--") == 0) {
            options = false;
        } else if (options && texte[0] == '-' &&
                   (texte[1] == '-' || isalpha((unsigned char)texte[1]))) {
            if (texte[1] == 'h')
                afficher_usage(argv[0], modele, mots, nombre, valeurs);
            int lequel = chercher(mots, nombre, texte[1], 0);
            if (lequel == -1)
                refuser("option inconnue « %s » (un texte qui commence par un tiret se met après "
                        "« -- »)",
                        texte);
            const char *valeur = texte[2] != '\0' ? texte + 2 : argv[++i];
            if (!valeur)
                refuser("l'option -%c attend une valeur : %s", texte[1], mots[lequel].nom);
            *valeurs[lequel] = valeur;
        } else {
            int lequel = chercher(mots, nombre, 0, suivant);
            if (lequel == -1)
                refuser("argument en trop « %s »", texte);
            *valeurs[lequel] = texte;
            suivant = lequel + 1;
        }
    }
    int manquant = chercher(mots, nombre, 0, suivant);
    if (manquant != -1 && !mots[manquant].facultatif)
        refuser("il manque un argument : %s", mots[manquant].nom);
}

long lire_nombre(const char *nom, const char *texte, long minimum, long maximum)
{
    /* strtol accepte « 80x », « » et « 80 » précédé d'espaces : on exige d'abord des chiffres. */
    const char *chiffres = texte + (texte[0] == '-');
    if (chiffres[0] == '\0' || chiffres[strspn(chiffres, "0123456789")] != '\0')
        refuser("%s « %s » : ce n'est pas un nombre entier", nom, texte);
    errno = 0;
    long nombre = strtol(texte, NULL, 10);
    if (errno == ERANGE || nombre < minimum || nombre > maximum)
        refuser("%s « %s » : hors bornes, de %ld à %ld", nom, texte, minimum, maximum);
    return nombre;
}

in_port_t lire_port(const char *texte)
{
    in_port_t port = (in_port_t)lire_nombre("port", texte, 0, 65535);
    if (port != 0)
        retenir_port(port);
    return port;
}

/* « 1.2.3.999 », « 127.1 », « 0x7f » : la fin est un nombre, donc une adresse, bonne ou mauvaise ;
 * aucun nom de machine ne se termine ainsi. */
static bool ressemble_a_une_adresse(const char *texte)
{
    const char *point = strrchr(texte, '.');
    const char *fin = point ? point + 1 : texte;
    char *reste;
    strtoul(fin, &reste, 0);
    return (fin[0] != '\0' && *reste == '\0') || texte[strspn(texte, "0123456789.")] == '\0';
}

void verifier_nom(const char *texte)
{
    struct in_addr adresse;
    if (ressemble_a_une_adresse(texte) && inet_pton(AF_INET, texte, &adresse) != 1 &&
        !strchr(texte, ':'))
        refuser("adresse « %s » : ni une adresse IPv4, ni une adresse IPv6, ni un nom", texte);
}

struct in_addr lire_adresse(const char *texte)
{
    struct in_addr adresse;
    if (inet_pton(AF_INET, texte, &adresse) == 1)
        return adresse;
    if (ressemble_a_une_adresse(texte) || strchr(texte, ':'))
        refuser("adresse « %s » : ce n'est pas une adresse IPv4 (quatre nombres de 0 à 255 ; pour "
                "IPv6, voir le dossier ipv6)",
                texte);

    struct addrinfo criteres = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *resultat;
    exiger_resolution("getaddrinfo", getaddrinfo(texte, NULL, &criteres, &resultat));
    struct sockaddr_in trouvee;
    memcpy(&trouvee, resultat->ai_addr, sizeof trouvee);
    freeaddrinfo(resultat);
    return trouvee.sin_addr;
}
