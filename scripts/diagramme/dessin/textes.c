/* Ce que l'on écrit d'un appel, d'un paquet. SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "../../../common/affichage.h"
#include "dessin.h"

/* Tout ce qui vient du dossier est écrit sans danger pour le terminal, ni pour le SVG. */
char *sans_danger(const char *texte, char *sur, size_t place)
{
    char *ou = sur;
    for (size_t n = strlen(texte); n && ou + TEXTE_CARACTERE <= sur + place; ou += strlen(ou)) {
        size_t pris = montrer_caractere(texte, n, ou);
        texte += pris, n -= pris;
    }
    *ou = '\0';
    return sur;
}

/* strace et l'outil paquets échappent tout le reste ; le saut de ligne ne compte pas. */
int lisible(const char *ligne, size_t taille)
{
    for (; taille > 0 && *ligne >= ' ' && *ligne <= '~'; taille--)
        ligne++;
    return taille == 0;
}

/* « Bonjour\n », sans danger pour le terminal, seize octets au plus. */
static void texte_octets(const char *octets, size_t taille, int coupe, char texte[LG_TEXTE])
{
    char caractere[TEXTE_CARACTERE];
    size_t i = 0, n = (size_t)sprintf(texte, "« ");
    while (i < taille && i < LG_MONTRES) {
        i += montrer_caractere(octets + i, taille - i, caractere);
        n += (size_t)sprintf(texte + n, "%s", caractere);
    }
    sprintf(texte + n, "%s »", coupe || i < taille ? "…" : "");
}

/* Ajoute à « octets » la chaîne de strace qui commence là ; vrai si strace l'a coupée. */
static int decoder_chaine(const char *p, char octets[LG_TEXTE], size_t *n)
{
    static const char lettres[] = "nrtvf", valeurs[] = "\n\r\t\v\f";
    for (p++; *p && *p != '"' && *n < LG_TEXTE; p++) {
        if (*p != '\\' || !p[1]) {
            octets[(*n)++] = *p;
            continue;
        }
        const char *lettre = strchr(lettres, *++p);
        if (*p >= '0' && *p <= '7') {
            int valeur = 0, k = 0;
            for (; k < 3 && p[k] >= '0' && p[k] <= '7'; k++)
                valeur = valeur * 8 + p[k] - '0';
            octets[(*n)++] = (char)valeur;
            p += k - 1;
        } else {
            octets[(*n)++] = *(lettre ? valeurs + (lettre - lettres) : p);
        }
    }
    return strncmp(p, "\"...", 4) == 0;
}

/* Les octets de l'appel : son deuxième argument, ou les morceaux d'un iovec ; vide sans octets. */
static void texte_charge(const struct appel *a, char texte[LG_TEXTE])
{
    static const char morceau[] = "iov_base=\"";
    char octets[LG_TEXTE];
    size_t n = 0;
    int coupe = 0;
    const char *p = fin_argument(a->args);
    *texte = '\0';
    if (strncmp(p, ", \"", 3) == 0)
        coupe = decoder_chaine(p + 2, octets, &n);
    else if (!strstr(p, morceau))
        return;
    else
        while ((p = strstr(p, morceau))) {
            p += sizeof morceau - 2;
            coupe |= decoder_chaine(p, octets, &n);
        }
    texte_octets(octets, n, coupe, texte);
}

/* Les sockets qu'il surveille, chacune une fois. */
static void ecrire_poll(const struct appel *a, char texte[LG_TEXTE])
{
    size_t n = (size_t)sprintf(texte, "poll(");
    const char *p = a->args;
    for (int fd = -1; (p = strstr(p, "fd=")) && n < 100;) {
        int avant = fd, lu = atoi(p += 3);
        p += strcspn(p, "<,}");
        if (lu != avant &&
            (!strncmp(p, "<TCP", 4) || !strncmp(p, "<UDP", 4) || !strncmp(p, "<UNIX", 5)))
            n += (size_t)sprintf(texte + n, "%s%d", avant < 0 ? "" : ", ", fd = lu);
    }
    sprintf(texte + n, ")");
}

void ecrire_appel(const struct appel *a, char texte[LG_TEXTE])
{
    char a0[LG_TEXTE], a1[LG_TEXTE], a2[LG_TEXTE], octets[LG_TEXTE], but[LG_ADRESSE], *reste;
    const char *nom = nom_ecrit(a);
    int fd = atoi(argument(a->args, 0, a0));
    argument(a->args, 1, a1), argument(a->args, 2, a2);
    if ((reste = strstr(a2, "_OLD")))
        *reste = '\0';
    if (!tout && (reste = strstr(a1, "|SOCK_CLOEXEC")))
        memmove(reste, reste + 13, strlen(reste + 13) + 1);
    texte_charge(a, octets);
    if (parmi(nom, "socket socketpair"))
        snprintf(texte, LG_TEXTE, "%s(%.60s, %.60s)", nom, a0, a1);
    else if (parmi(nom, "bind connect"))
        snprintf(texte, LG_TEXTE, "%s(%d, %s)", nom, fd, adresse(a->args, but));
    else if (parmi(nom, "setsockopt getsockopt"))
        snprintf(texte, LG_TEXTE, "%s(%d, %.100s)", nom, fd, a2);
    else if (parmi(nom, "listen shutdown"))
        snprintf(texte, LG_TEXTE, "%s(%d, %.100s)", nom, fd, a1);
    else if (!strcmp(nom, "sendfile"))
        snprintf(texte, LG_TEXTE, "sendfile(%d, %d)", fd, atoi(a1));
    else if (est_envoi(a) && *octets)
        snprintf(texte, LG_TEXTE, "%s(%d, %.150s)", nom, fd, octets);
    else if (!strcmp(nom, "poll"))
        ecrire_poll(a, texte);
    else
        snprintf(texte, LG_TEXTE, "%s(%d)", nom, fd);
}

/* Ce que rend accept : la socket, et qui est en face. */
static void ecrire_accepte(const struct appel *a, char texte[LG_TEXTE])
{
    char bout[LG_ADRESSE];
    const char *de = *adresse(a->args, bout) || a->rendue.proto == 'X' ? bout : a->rendue.distant;
    snprintf(texte, LG_TEXTE, "%lld%s%s", a->rendu, *de ? " ← " : "", de);
}

void ecrire_retour(const struct appel *a, char texte[LG_TEXTE])
{
    char octets[LG_TEXTE], bout[LG_ADRESSE];
    const char *nom = nom_ecrit(a), *suite = "", *p;
    texte_charge(a, octets);
    if (a->rendu == -1)
        snprintf(texte, LG_TEXTE, "-1 %.*s", (int)strcspn(a->retour + 3, " "), a->retour + 3);
    else if (est_lecture(a) && a->rendu == 0 && a->prise.proto != 'U')
        snprintf(texte, LG_TEXTE, "0 (fin du flux)");
    else if (est_lecture(a))
        snprintf(texte, LG_TEXTE, "%lld %.150s", a->rendu, octets);
    else if (!strcmp(nom, "accept"))
        ecrire_accepte(a, texte);
    else if (parmi(nom, "getsockname getpeername"))
        snprintf(texte, LG_TEXTE, "%s", adresse(a->args, bout));
    else if (est_veille(a) && a->rendu == 0)
        snprintf(texte, LG_TEXTE, "0 délai passé");
    else if ((p = strstr(a->retour, "revents=")))
        snprintf(texte, LG_TEXTE, "%lld %.*s", a->rendu, (int)strcspn(p + 8, "}"), p + 8);
    else {
        if (!strcmp(nom, "listen"))
            suite = " LISTEN";
        else if (strstr(a->retour, "INJECTED"))
            suite = " ✗ perdu";
        snprintf(texte, LG_TEXTE, "%lld%s", a->rendu, suite);
    }
}

void ecrire_mort(const struct fil *fil, char texte[LG_TEXTE])
{
    snprintf(texte, LG_TEXTE, "(%s%s)", *fil->signal ? "tué : " : "fin du programme", fil->signal);
}

void ecrire_paquet(const struct paquet *p, char texte[LG_TEXTE])
{
    char octets[LG_MONTRES * 2], montres[LG_TEXTE];
    size_t n = 0;
    unsigned octet;
    while (n < sizeof octets && sscanf(p->hexa + 2 * n, "%2x", &octet) == 1)
        octets[n++] = (char)octet;
    texte_octets(octets, n, 0, montres);
    const char *renvoi = p->renvoi ? "renvoi, " : "";
    int syn = strchr(p->drapeaux, 'S') != NULL, fin = strchr(p->drapeaux, 'F') != NULL;
    int rst = strchr(p->drapeaux, 'R') != NULL, ack = strchr(p->drapeaux, 'A') != NULL;
    if (*p->proto == 'I')
        snprintf(texte, LG_TEXTE, "ICMP%s", parmi(p->drapeaux, "3/3 1/4") ? " port fermé" : "");
    else if (*p->proto == 'U' || p->taille)
        snprintf(texte, LG_TEXTE, "%s%d o. %.150s%s", renvoi, p->taille, montres,
                 fin ? " FIN" : "");
    else
        snprintf(texte, LG_TEXTE, "%s%s%s%s%s", renvoi, syn ? "SYN " : "", fin ? "FIN " : "",
                 rst ? "RST " : "", ack ? "ACK " : "");
    for (n = strlen(texte); n && texte[n - 1] == ' ';)
        texte[--n] = '\0';
}

int colonnes(const char *texte)
{
    int n = 0;
    for (; *texte; texte++)
        n += ((unsigned char)*texte & 0xC0) != 0x80;
    return n;
}

/* Sans AF_ ni SOCK_, si c'est trop long. */
char *abreger(char *texte, int place)
{
    static const char *const prefixes[] = {"AF_", "SOCK_"};
    for (int i = 0; i < 2 && colonnes(texte) > place; i++)
        for (char *p = texte; (p = strstr(p, prefixes[i]));)
            memmove(p, p + strlen(prefixes[i]), strlen(p + strlen(prefixes[i])) + 1);
    return texte;
}

/* Coupé s'il est trop long ; « texte » a LG_TEXTE octets. */
char *tenir(char texte[LG_TEXTE], int place)
{
    if (colonnes(abreger(texte, place)) <= place)
        return texte;
    char *p = texte;
    for (int n = 0; n < place - 1; n++)
        for (p++; ((unsigned char)*p & 0xC0) == 0x80;)
            p++;
    snprintf(p, LG_TEXTE - (size_t)(p - texte), "…");
    return texte;
}
