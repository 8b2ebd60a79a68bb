/*
 * Ce que le mémento dit des adresses, montré : une ligne par cas, ce que rend l'appel, et son erreur
 *
 *   cc tests/memento/adresses.c common/*.c -o essais/adresses
 *   essais/adresses structures | conversions | bind | bind6 | getsockname
 *
 * SPDX-License-Identifier: MIT
 */
#define _DEFAULT_SOURCE /* inet_aton */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../../common/affichage.h"
#include "../../common/erreur.h"

/* « bind(…) = 0 », ou « bind(…) = -1 [EINVAL] ». */
static void dire(const char *appel, int retour)
{
    const char *symbole = retour == -1 ? strrchr(texte_erreur(errno), '[') : NULL;
    printf("%s = %d%s%s\n", appel, retour, symbole ? " " : "", symbole ? symbole : "");
}

/* Une socket neuve, attachée à cette adresse ; elle reste ouverte. */
static int attacher(int famille, int type, const void *adresse, size_t taille, const char *appel)
{
    int s = exiger("socket", socket(famille, type, 0));
    dire(appel, bind(s, adresse, (socklen_t)taille));
    return s;
}

static struct sockaddr_in ici(const char *texte, in_port_t port)
{
    struct sockaddr_in adresse = {.sin_family = AF_INET, .sin_port = htons(port)};
    exiger("inet_pton", inet_pton(AF_INET, texte, &adresse.sin_addr) == 1 ? 0 : -1);
    return adresse;
}

static void structures(void)
{
    printf("sa_family_t : %zu octets\n", sizeof(sa_family_t));
    printf("in_port_t : %zu octets\n", sizeof(in_port_t));
    printf("in_addr_t : %zu octets, struct in_addr : %zu\n", sizeof(in_addr_t),
           sizeof(struct in_addr));
    printf("struct sockaddr_storage : %zu octets, alignée sur %zu\n",
           sizeof(struct sockaddr_storage), _Alignof(struct sockaddr_storage));
    struct sockaddr_in adresse, pareille, *pointeur = &adresse;
    /* NOLINTBEGIN(bugprone-sizeof-expression) : la faute que l'on montre */
    printf("sizeof adresse : %zu, sizeof &adresse : %zu\n", sizeof adresse, sizeof &adresse);
    printf("sizeof pointeur : %zu, sizeof *pointeur : %zu\n", sizeof pointeur, sizeof *pointeur);
    /* NOLINTEND(bugprone-sizeof-expression) */
    memset(pointeur, 0xaa, sizeof *pointeur); /* la mémoire, telle qu'on la trouve */
    memset(&pareille, 0x55, sizeof pareille);
    adresse.sin_family = pareille.sin_family = AF_INET;
    adresse.sin_port = pareille.sin_port = htons(5000);
    adresse.sin_addr.s_addr = pareille.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    printf("mêmes champs : %s\n", memcmp(&adresse, &pareille, sizeof adresse) ? "≠" : "=");
    memset(adresse.sin_zero, 0, sizeof adresse.sin_zero);
    memset(pareille.sin_zero, 0, sizeof pareille.sin_zero);
    printf("et le reste à zéro : %s\n", memcmp(&adresse, &pareille, sizeof adresse) ? "≠" : "=");
    printf("AF_UNIX %d, AF_INET %d, AF_INET6 %d\n", AF_UNIX, AF_INET, AF_INET6);
}

static void conversions(void)
{
    unsigned char octets[16] = {0};
    char court[5];
    dire("inet_pton(AF_INET, \"127.0.0.1\")", inet_pton(AF_INET, "127.0.0.1", octets));
    dire("inet_pton(AF_INET6, \"::1\")", inet_pton(AF_INET6, "::1", octets));
    dire("inet_pton(AF_INET, \"abc\")", inet_pton(AF_INET, "abc", octets));
    dire("inet_pton(99, \"127.0.0.1\")", inet_pton(99, "127.0.0.1", octets));
    const char *rendu = inet_ntop(AF_INET6, octets + 1, court, sizeof court);
    dire("inet_ntop, dans 5 octets", rendu ? 0 : -1);
    struct in_addr un, deux = {0};
    dire("inet_aton(\"10.0.0.1\")", inet_aton("10.0.0.1", &un));
    printf("    %02x 00 00 %02x\n", ((unsigned char *)&un)[0], ((unsigned char *)&un)[3]);
    dire("inet_aton(\"1.2.3.256\")", inet_aton("1.2.3.256", &deux));
    deux.s_addr = htonl(0x0a000002);
    const char *premier = inet_ntoa(un), *second = inet_ntoa(deux);
    printf("inet_ntoa(10.0.0.1), puis inet_ntoa(10.0.0.2) : %s, %s\n", premier, second);
}

static void essayer_bind(void)
{
    struct sockaddr_in libre = ici("127.0.0.1", 0), ailleurs = ici("192.0.2.1", 0), prise = libre;
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    socklen_t taille = sizeof prise;
    int s = attacher(AF_INET, SOCK_STREAM, &libre, sizeof libre, "bind(127.0.0.1, port 0)");
    dire("bind(la même socket)", bind(s, (struct sockaddr *)&libre, sizeof libre));
    exiger("getsockname", getsockname(s, (struct sockaddr *)&prise, &taille));
    attacher(AF_INET, SOCK_STREAM, &prise, sizeof prise, "bind(127.0.0.1, ce port-là)");
    prise.sin_addr.s_addr = htonl(INADDR_ANY);
    attacher(AF_INET, SOCK_STREAM, &prise, sizeof prise, "bind(INADDR_ANY, ce port-là)");
    attacher(AF_INET, SOCK_STREAM, &ailleurs, sizeof ailleurs, "bind(192.0.2.1, port 0)");
    memset(libre.sin_zero, 0xaa, sizeof libre.sin_zero);
    attacher(AF_INET, SOCK_STREAM, &libre, sizeof libre, "bind(sin_zero plein de aa)");
    /* NOLINTNEXTLINE(bugprone-sizeof-expression) : la faute que l'on montre */
    attacher(AF_INET, SOCK_STREAM, &libre, sizeof &libre, "bind(longueur 8, d'un pointeur)");
    attacher(AF_INET, SOCK_STREAM, &six, sizeof six, "bind(TCP IPv4, sockaddr_in6)");
    attacher(AF_INET, SOCK_DGRAM, &six, sizeof six, "bind(UDP IPv4, sockaddr_in6)");
    dire("bind(descripteur -1)", bind(-1, (struct sockaddr *)&libre, sizeof libre));
    dire("bind(le clavier)", bind(0, (struct sockaddr *)&libre, sizeof libre));
}

static void essayer_bind6(void)
{
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    attacher(AF_INET6, SOCK_STREAM, &six, sizeof(struct sockaddr), "bind(IPv6, longueur 16)");
    attacher(AF_INET6, SOCK_STREAM, &six, sizeof six, "bind(IPv6, longueur 28)");
}

static void essayer_getsockname(void)
{
    struct sockaddr_in adresse;
    struct sockaddr_un chemin = {.sun_family = AF_UNIX, .sun_path = "essais/prise-locale"},
                       relu = {0};
    socklen_t taille = sizeof adresse;
    void *volatile nulle_part = (void *)(uintptr_t)8;
    int tube[2], tcp = exiger("socket", socket(AF_INET, SOCK_STREAM, 0));
    exiger("pipe", pipe(tube));
    dire("getsockname(-1)", getsockname(-1, (struct sockaddr *)&adresse, &taille));
    dire("getsockname(un tube)", getsockname(tube[0], (struct sockaddr *)&adresse, &taille));
    dire("getsockname(vers l'adresse 8)", getsockname(tcp, nulle_part, &taille));
    unlink(chemin.sun_path);
    int locale =
        attacher(AF_UNIX, SOCK_STREAM, &chemin, sizeof chemin, "bind(AF_UNIX, longueur 110)");
    taille = sizeof relu;
    dire("getsockname(AF_UNIX)", getsockname(locale, (struct sockaddr *)&relu, &taille));
    printf("    %s\n", relu.sun_path);
    unlink(relu.sun_path);
    locale = attacher(AF_UNIX, SOCK_STREAM, &chemin, 16, "bind(AF_UNIX, longueur 16)");
    memset(&relu, 0, sizeof relu);
    taille = sizeof relu;
    dire("getsockname(AF_UNIX)", getsockname(locale, (struct sockaddr *)&relu, &taille));
    printf("    %s\n", relu.sun_path);
    unlink(relu.sun_path);
}

int main(int argc, char *argv[])
{
    static const struct partie {
        const char *nom;
        void (*jouer)(void);
    } parties[] = {{"structures", structures},
                   {"conversions", conversions},
                   {"bind", essayer_bind},
                   {"bind6", essayer_bind6},
                   {"getsockname", essayer_getsockname}};
    for (size_t i = 0; argc == 2 && i < sizeof parties / sizeof parties[0]; i++)
        if (strcmp(argv[1], parties[i].nom) == 0) {
            parties[i].jouer();
            return 0;
        }
    fprintf(stderr, "usage : %s structures|conversions|bind|bind6|getsockname\n", argv[0]);
    return 2;
}
