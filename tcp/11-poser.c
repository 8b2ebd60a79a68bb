/*
 * Poser des options, les relire : setsockopt(), et ses refus
 *
 *   ./tcp/11-poser [-s socket] [-n octets] [option [suite [suite [suite]]]]
 *
 *   ./tcp/11-poser SO_KEEPALIVE=1                        poser, puis relire
 *   ./tcp/11-poser SO_ACCEPTCONN listen SO_ACCEPTCONN    lire, appeler listen(), lire
 *   -s : tcp, udp, tcp6, unix ; ou un descripteur déjà ouvert : -s 0 est l'entrée standard
 *   -n : la taille que l'on annonce au noyau, fût-elle fausse
 *
 * En face : personne, rien ne circule.
 * À regarder : ce que l'on relit n'est pas toujours ce que l'on a posé ; et combien d'octets.
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "../common/affichage.h"
#include "../common/erreur.h"
#include "../common/options.h"
#include "../common/programme.h"

union valeur { /* un int, un nom ; et plus de place qu'il n'en faut */
    int entier;
    char octets[100];
};

static int ouvrir(const char *sorte)
{
    int udp = strcmp(sorte, "udp") == 0, tcp6 = strcmp(sorte, "tcp6") == 0;
    if (!udp && !tcp6 && strcmp(sorte, "tcp") != 0 && strcmp(sorte, "unix") != 0)
        return (int)lire_nombre("socket", sorte, 0, INT_MAX);
    int famille = tcp6 ? AF_INET6 : strcmp(sorte, "unix") == 0 ? AF_UNIX : AF_INET;
    return exiger("socket", socket(famille, udp ? SOCK_DGRAM : SOCK_STREAM, 0));
}

/* La trace : un refus, un int, ou les octets de toute autre valeur. */
static int montrer(const char *appel, const struct option_socket *o, int retour,
                   const union valeur *v, socklen_t taille)
{
    char titre[48];
    snprintf(titre, sizeof titre, "%s : %s", appel, o->nom);
    if (retour == -1)
        printf("%s : %s\n", titre, texte_erreur(errno));
    else if (strcmp(o->type, "int") == 0)
        printf("%s = %d (octets : %d)\n", titre, v->entier, (int)taille);
    else
        afficher_octets(titre, v->octets, taille);
    return retour;
}

/* Étape 1 : poser un int, ou un nom avec son zéro final ; un nom vide, c'est NULL et 0 octet */
static int poser(int s, const struct option_socket *o, const char *texte, const char *annonce)
{
    union valeur v = {.octets = ""};
    socklen_t taille = sizeof v.entier;
    if (strcmp(o->type, "char[]") == 0)
        taille = (socklen_t)snprintf(v.octets, sizeof v, "%.98s", texte) + (*texte != '\0');
    else
        v.entier = (int)lire_nombre(o->nom, texte, INT_MIN, INT_MAX);
    if (annonce)
        taille = (socklen_t)lire_nombre("octets", annonce, -1, sizeof v);
    int retour = setsockopt(s, o->niveau, o->numero, taille == 0 ? NULL : &v, taille);
    return montrer("setsockopt", o, retour, &v, taille);
}

/* Étape 2 : lire ; « taille » dit la place que l'on offre, puis ce que le noyau y a mis */
static void lire(int s, const struct option_socket *o, const char *annonce)
{
    union valeur v = {.octets = ""};
    socklen_t taille = annonce ? (socklen_t)lire_nombre("octets", annonce, -1, sizeof v) : sizeof v;
    int retour = getsockopt(s, o->niveau, o->numero, &v, &taille);
    montrer("getsockopt", o, retour, &v, taille);
}

int main(int argc, char *argv[])
{
    const char *sorte = "tcp", *octets = NULL, *mots[4] = {"SO_KEEPALIVE=1"};
    lire_arguments(argc, argv,
                   "[-s socket] [-n octets] [option [suite [suite [suite]]]]\nPose, et relit",
                   &sorte, &octets, &mots[0], &mots[1], &mots[2], &mots[3]);
    for (int i = 0; i < 4 && mots[i]; i++)
        if (!option_nommee(mots[i]) && strcmp(mots[i], "listen") != 0)
            refuser("option « %.200s » : tcp/11-options dit celles que l'on connaît", mots[i]);
    int s = ouvrir(sorte);
    for (int i = 0; i < 4 && mots[i]; i++) {
        const struct option_socket *o = option_nommee(mots[i]);
        const char *egal = strchr(mots[i], '=');
        if (!o)
            printf("listen : file de %d\n", 1 + exiger("listen", listen(s, 1)));
        else if (!egal)
            lire(s, o, octets);
        else if (poser(s, o, egal + 1, octets) == 0)
            lire(s, o, NULL);
    }
    return 0; /* et le noyau ferme la socket */
}
