/* Les arguments et les adresses, tels que strace les écrit. SPDX-License-Identifier: MIT */
#include "dessin.h"

/* La fin de l'argument : la virgule, la parenthèse ou la fin, hors des chaînes et des crochets. */
const char *fin_argument(const char *p)
{
    int dedans = 0, chaine = 0;
    for (; *p; p++) {
        if (chaine && *p == '\\' && p[1])
            p++;
        else if (*p == '"')
            chaine = !chaine;
        else if (!chaine && strchr("([{", *p))
            dedans++;
        else if (!chaine && dedans && strchr(")]}", *p))
            dedans--;
        else if (!chaine && !dedans && (*p == ',' || *p == ')'))
            break;
    }
    return p;
}

/* Ce motif, hors des chaînes : ce qu'elles contiennent vient du réseau. */
const char *trouver(const char *args, const char *motif)
{
    size_t n = strlen(motif);
    for (int chaine = 0; *args; args++) {
        if (!chaine && *args == *motif && strncmp(args, motif, n) == 0)
            return args;
        if (chaine && *args == '\\' && args[1])
            args++;
        else if (*args == '"')
            chaine = !chaine;
    }
    return NULL;
}

/* Écrit le k-ième argument (depuis 0), vide s'il n'y est pas. */
char *argument(const char *args, int k, char texte[LG_TEXTE])
{
    const char *fin = fin_argument(args);
    for (; k > 0 && *fin; k--) {
        args = fin + 1 + strspn(fin + 1, " ");
        fin = fin_argument(args);
    }
    snprintf(texte, LG_TEXTE, "%.*s", k > 0 ? 0 : (int)(fin - args), args);
    return texte;
}

/* Une adresse IPv4 vue d'une socket IPv6 : « [::ffff:127.0.0.1]:5000 » est 127.0.0.1:5000. */
char *sans_ffff(char *bout)
{
    char *ferme = strchr(bout, ']');
    if (strncmp(bout, "[::ffff:", 8) == 0 && ferme && strchr(bout, '.')) {
        memmove(ferme, ferme + 1, strlen(ferme + 1) + 1);
        memmove(bout, bout + 8, strlen(bout + 8) + 1);
    }
    return bout;
}

/* Ce que -yy dit du premier descripteur : « TCP:[local->distant] », « UNIX-STREAM:[12->13] ». */
void lire_prise(const char *args, struct prise *prise)
{
    const char *p = strchr(args, '<');
    *prise = (struct prise){.proto = 0};
    if (!p || p > fin_argument(args))
        return;
    if (strncmp(p, "<UNIX", 5) == 0)
        prise->proto = 'X';
    else if (strncmp(p, "<TCP", 4) == 0 || strncmp(p, "<UDP", 4) == 0)
        prise->proto = p[1];
    const char *debut = strstr(p, ":["), *fin = strstr(p, "]>"), *fleche = strstr(p, "->");
    if (!prise->proto || !debut || !fin)
        return;
    debut += 2;
    if (fleche && fleche < fin)
        snprintf(prise->distant, LG_ADRESSE, "%.*s", (int)(fin - fleche - 2), fleche + 2);
    else
        fleche = fin;
    snprintf(prise->local, LG_ADRESSE, "%.*s", (int)(fleche - debut), debut);
    if (prise->proto == 'X') /* deux numéros, puis le chemin */
        prise->local[strcspn(prise->local, ",")] = prise->distant[strcspn(prise->distant, ",")] = 0;
    sans_ffff(prise->local), sans_ffff(prise->distant);
    prise->port = prise->proto == 'X' ? 0 : port_de(prise->local);
}

/* L'adresse d'une sockaddr telle que strace l'écrit ; vide s'il n'y en a pas. */
char *adresse(const char *args, char texte[LG_ADRESSE])
{
    const char *port = trouver(args, "_port=htons("), *p;
    *texte = '\0';
    if ((p = trouver(args, "sun_path=")))
        snprintf(texte, LG_ADRESSE, "%.*s", (int)(strcspn(p, "},") - 9), p + 9);
    if (!port)
        return texte;
    if ((p = trouver(args, "inet_addr(\"")))
        snprintf(texte, LG_ADRESSE, "%.*s:%d", (int)strcspn(p + 11, "\""), p + 11, atoi(port + 12));
    else if ((p = trouver(args, "inet_pton(AF_INET6, \"")))
        snprintf(texte, LG_ADRESSE, "[%.*s]:%d", (int)strcspn(p + 21, "\""), p + 21,
                 atoi(port + 12));
    return texte;
}

/* L'adresse où va vraiment ce que l'on envoie à « toutes les adresses » : la boucle locale. */
void lire_but(struct appel *a)
{
    const char *port;
    char texte[LG_ADRESSE];
    if (!est_envoi(a) && !parmi(a->nom, "connect bind"))
        return;
    sans_ffff(adresse(a->args, texte));
    port = strrchr(texte, ':');
    if (strncmp(texte, "0.0.0.0:", 8) == 0)
        snprintf(a->but, LG_ADRESSE, "127.0.0.1%.6s", port);
    else if (strncmp(texte, "[::]:", 5) == 0)
        snprintf(a->but, LG_ADRESSE, "[::1]%.6s", port);
    else
        snprintf(a->but, LG_ADRESSE, "%s", texte);
}

int port_de(const char *bout)
{
    const char *deux_points = strrchr(bout, ':');
    int port = deux_points ? atoi(deux_points + 1) : 0;
    return port > 0 && port < 65536 ? port : 0;
}
