/*
 * Régler une socket, puis relire : ce que l'on demande, ce que l'on obtient
 *
 *   ./tcp/12-reglages [option [valeur]]     celles dont le nom contient ce mot ; à cette valeur
 *
 * En face : personne, le programme tient les deux bouts d'une connexion.
 * À regarder : un tampon est doublé, relevé, plafonné, sans un mot ; et avant Entrée, ss -tnom.
 * SPDX-License-Identifier: MIT
 */
#define _DEFAULT_SOURCE /* SO_RCVBUFFORCE, absent de POSIX */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "../common/bouts.h"
#include "../common/erreur.h"
#include "../common/programme.h"

enum { RIEN = -1, ENORME = 1000 * 1024 * 1024 };

/* Où relire la valeur ; ce que l'on demande ; et pour un tampon, le réglage du noyau qui le borne. */
static const struct reglage {
    const char *nom;
    int niveau, option, relue, essais[3];
    const char *plafond;
} reglages[] = {
#define OPTION(niveau, option) #option, niveau, option
    {OPTION(SOL_SOCKET, SO_RCVBUF), SO_RCVBUF, {65536, 0, ENORME}, "/proc/sys/net/core/rmem_max"},
    {OPTION(SOL_SOCKET, SO_SNDBUF), SO_SNDBUF, {65536, 0, ENORME}, "/proc/sys/net/core/wmem_max"},
    {OPTION(SOL_SOCKET, SO_RCVBUFFORCE), SO_RCVBUF, {ENORME, RIEN}, "/proc/sys/net/core/rmem_max"},
    {OPTION(SOL_SOCKET, SO_SNDBUFFORCE), SO_SNDBUF, {ENORME, RIEN}, "/proc/sys/net/core/wmem_max"},
    {OPTION(SOL_SOCKET, SO_RCVLOWAT), SO_RCVLOWAT, {4, RIEN}, NULL},
    {OPTION(SOL_SOCKET, SO_SNDLOWAT), SO_SNDLOWAT, {4, RIEN}, NULL},
    {OPTION(SOL_SOCKET, SO_KEEPALIVE), SO_KEEPALIVE, {1, RIEN}, NULL},
    {OPTION(IPPROTO_TCP, TCP_KEEPIDLE), TCP_KEEPIDLE, {60, RIEN}, NULL},           /* secondes */
    {OPTION(IPPROTO_TCP, TCP_KEEPINTVL), TCP_KEEPINTVL, {10, RIEN}, NULL},         /* secondes */
    {OPTION(IPPROTO_TCP, TCP_KEEPCNT), TCP_KEEPCNT, {3, RIEN}, NULL},              /* sondes */
    {OPTION(IPPROTO_TCP, TCP_USER_TIMEOUT), TCP_USER_TIMEOUT, {5000, RIEN}, NULL}, /* ms */
    {OPTION(IPPROTO_TCP, TCP_NODELAY), TCP_NODELAY, {1, RIEN}, NULL},
};

static long lire_plafond(const char *chemin)
{
    long nombre = 0;
    FILE *fichier = fopen(chemin, "r");
    if (!fichier || fscanf(fichier, "%ld", &nombre) != 1)
        echouer(chemin);
    fclose(fichier);
    return nombre;
}

static const char *juger(const struct reglage *r, long demande, long relu)
{
    if (!r->plafond || relu == demande)
        return relu == demande ? "tel quel" : "corrigé";
    if (relu >= 2 * demande)
        return relu == 2 * demande ? "le double" : "le plancher";
    return relu == 2 * lire_plafond(r->plafond) ? "deux fois le plafond" : "corrigé";
}

/* Demande, relit, et dit ce qu'est devenue la demande : le noyau, lui, n'en dit rien. */
static void regler(int s, const struct reglage *r, int demande)
{
    int relu = demande;
    socklen_t taille = sizeof relu;
    printf("setsockopt(%s, %d) : ", r->nom, demande);
    if (setsockopt(s, r->niveau, r->option, &demande, sizeof demande) == -1)
        printf("%s\n", texte_erreur(errno));
    else if (exiger("getsockopt", getsockopt(s, r->niveau, r->relue, &relu, &taille)) == 0)
        printf("relu %d, %s\n", relu, juger(r, demande, relu));
}

int main(int argc, char *argv[])
{
    const char *motif = "", *valeur = NULL;
    lire_arguments(argc, argv, "[option [valeur]]\nRègle une socket, et relit", &motif, &valeur);
    int voulue = valeur ? (int)lire_nombre("valeur", valeur, 0, ENORME) : RIEN;

    /* Étape 1 : une connexion avec soi-même ; l'autre bout ne dit rien */
    int s, autre, reglees = 0;
    relier(&s, &autre);

    /* Étape 2 : demander, relire */
    for (const struct reglage *r = reglages; r < reglages + sizeof reglages / sizeof *r; r++)
        for (int i = 0; strstr(r->nom, motif) && i < (valeur ? 1 : 3) && r->essais[i] != RIEN;
             i++) {
            regler(s, r, valeur ? voulue : r->essais[i]);
            reglees++;
        }
    if (reglees == 0)
        refuser("option « %.200s » : aucun nom ne contient ce mot", motif);

    /* Étape 3 : laisser le temps de regarder */
    printf("(Entrée ferme la connexion)\n");
    exiger("getchar", getchar() == EOF && ferror(stdin) ? -1 : 0);
    return 0; /* et le noyau ferme ce qui est ouvert */
}
