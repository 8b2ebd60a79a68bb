/* De quelle sorte est un appel. SPDX-License-Identifier: MIT */
#include "dessin.h"

int parmi(const char *nom, const char *liste)
{
    size_t n = strlen(nom);
    for (const char *p = liste; (p = strstr(p, nom)); p += n)
        if ((p == liste || p[-1] == ' ') && (p[n] == ' ' || !p[n]))
            return 1;
    return 0;
}

/* L'entrée et les sorties du programme ne sont pas son réseau, même si elles sont des sockets. */
int parle_de_reseau(const struct appel *a)
{
    if (a->cache)
        return 0;
    if (parmi(a->nom, "socket socketpair"))
        return strstr(a->args, "AF_INET") || strstr(a->args, "AF_UNIX");
    if (est_veille(a))
        return strstr(a->args, "<TCP") || strstr(a->args, "<UDP") || strstr(a->args, "<UNIX");
    return a->prise.proto && (a->prise.proto != 'X' || atoi(a->args) > 2);
}

int est_lecture(const struct appel *a)
{
    return parmi(a->nom, "recvfrom recvmsg recvmmsg recvmmsg_time64 read readv");
}

int est_envoi(const struct appel *a)
{
    return parmi(a->nom, "sendto sendmsg sendmmsg write writev sendfile sendfile64");
}

int est_fin(const struct appel *a)
{
    return parmi(a->nom, "close shutdown") &&
           (!strstr(a->args, "SHUT_RD") || strstr(a->args, "SHUT_RDWR"));
}

int est_veille(const struct appel *a)
{
    return parmi(a->nom, "poll ppoll select pselect6 epoll_wait epoll_pwait");
}

int peut_attendre(const struct appel *a)
{
    return est_lecture(a) || est_veille(a) || parmi(a->nom, "accept accept4 connect");
}

/* Le nom que le source a écrit : recvfrom(…, NULL, NULL) était un recv. */
const char *nom_ecrit(const struct appel *a)
{
    static const char *const noms_c[][2] = {
        {"accept4", "accept"},         {"ppoll", "poll"},          {"pselect6", "select"},
        {"epoll_pwait", "epoll_wait"}, {"sendfile64", "sendfile"}, {"recvmmsg_time64", "recvmmsg"},
    };
    size_t n = strlen(a->args);
    if (!strcmp(a->nom, "recvfrom") && n > 10 && !strcmp(a->args + n - 10, "NULL, NULL"))
        return "recv";
    if (!strcmp(a->nom, "sendto") && n > 7 && !strcmp(a->args + n - 7, "NULL, 0"))
        return "send";
    for (size_t i = 0; i < sizeof noms_c / sizeof *noms_c; i++)
        if (!strcmp(a->nom, noms_c[i][0]))
            return noms_c[i][1];
    return a->nom;
}

/* Les octets envoyés ou reçus (-1 : aucun) ; du k-ième message d'un mmsg, de tous si k est -1. */
long long octets_de(const struct appel *a, int k)
{
    if (a->rendu < 0 || a->sans_retour)
        return -1;
    if (!strstr(a->nom, "mmsg"))
        return k <= 0 ? a->rendu : -1;
    long long somme = 0, messages = a->rendu;
    for (const char *p = a->args; messages-- > 0 && (p = trouver(p, "msg_len=")); k--) {
        long long longueur = strtoll(p += 8, NULL, 10);
        longueur = longueur < 0 || longueur > OCTETS_MAX ? 0 : longueur;
        if (k == 0)
            return longueur;
        somme += longueur;
    }
    return k < 0 ? somme : -1;
}
