/* Les traces de strace : les appels, et qui les a faits. SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>

#include "dessin.h"

#define SECONDES_MAX 4000000000LL /* en 2096 ; deux fois autant, en ns, tiennent encore */

/* « fin » reste au début si ce n'en est pas un : une heure d'avant 1970, ou d'après 2096. */
ns lire_ns(const char *texte, char **fin)
{
    ns secondes = strtoll(texte, fin, 10), fraction = 0, poids = SECONDE / 10;
    if (secondes < 0 || secondes > SECONDES_MAX) {
        *fin = (char *)texte;
        return 0;
    }
    if (**fin == '.')
        for ((*fin)++; isdigit((unsigned char)**fin); (*fin)++, poids /= 10)
            fraction += (**fin - '0') * poids;
    return secondes * SECONDE + fraction;
}

static char *copie(const char *debut, size_t taille)
{
    char *texte = strndup(debut, taille);
    if (!texte)
        echouer("strndup");
    return texte;
}

/* Un signal a interrompu l'appel, que le noyau a repris de lui-même : ce n'en est qu'un. */
static void fondre_la_reprise(const struct fil *fil)
{
    struct appel *a = &appels[nb_appels - 1], *avant = &appels[fil->dernier];
    if (strcmp(avant->nom, a->nom) != 0 || !strstr(avant->retour, "ERESTART") ||
        atoi(avant->args) != atoi(a->args))
        return;
    a->t = avant->t;
    snprintf(avant->nom, 2, "-");
    *avant->args = '\0';
    avant->prise.proto = 0;
}

/* Un appel entier : « nom(args) = retour reste <durée> » ; ou « = ? », si le programme y est mort.
 * Faux si ce n'en est pas un. */
static int lire_appel(struct fil *fil, ns t, const char *ligne)
{
    size_t lg_nom = strspn(ligne, "abcdefghijklmnopqrstuvwxyz0123456789_");
    if (lg_nom == 0 || ligne[lg_nom] != '(')
        return 0;
    const char *args = ligne + lg_nom + 1, *p = fin_argument(args);
    while (*p == ',')
        p = fin_argument(p + 1);
    const char *retour = *p ? p + 1 + strspn(p + 1, " ") : p, *duree = strrchr(retour, '<');
    ns passe = 0;
    char *fin;
    if (strcmp(retour, "= ?") == 0)
        duree = retour + 3;
    else if (strncmp(retour, "= ", 2) != 0 || !duree || !isdigit((unsigned char)duree[1]) ||
             (passe = lire_ns(duree + 1, &fin), *fin != '>'))
        return 0;
    long long rendu = strtoll(retour + 2, NULL, 10);
    if (rendu < -1 || rendu > OCTETS_MAX || (rendu == -1 && strncmp(retour, "= -1 ", 5) != 0))
        return 0;
    struct appel *a = AJOUTER(appels, nb_appels);
    *a = (struct appel){.t = t, .fin = t + passe, .borne = t + passe};
    a->voie = fil->voie, a->fil = (int)(fil - fils), a->sans_retour = retour[2] == '?';
    a->rendu = rendu;
    a->nom = copie(ligne, lg_nom), a->args = copie(args, (size_t)(p - args));
    a->retour = copie(retour + 2, (size_t)(duree - retour - 2));
    lire_prise(a->args, &a->prise);
    lire_but(a);
    if (parmi(a->nom, "accept accept4 socket"))
        lire_prise(a->retour, &a->rendue);
    if (fil->dernier >= 0)
        fondre_la_reprise(fil);
    fil->dernier = (int)nb_appels - 1;
    return 1;
}

static struct fil *trouver_fil(int pid, int voie)
{
    for (size_t i = 0; i < nb_fils; i++)
        if (fils[i].pid == pid && fils[i].voie == voie && !fils[i].fini)
            return &fils[i];
    struct fil *fil = AJOUTER(fils, nb_fils);
    *fil = (struct fil){.pid = pid, .voie = voie, .dernier = -1};
    return fil;
}

/* L'heure ne recule pas ; celle du nouvel appel borne le retour du précédent. */
static void borner(struct fil *fil, ns t)
{
    struct appel *avant = fil->dernier >= 0 ? &appels[fil->dernier] : NULL;
    if (!avant || avant->borne > avant->fin)
        return;
    if (t + 1000 < avant->fin) /* une microseconde : l'arrondi de strace */
        contradiction("%s : l'horloge recule après %s", noms[fil->voie], avant->nom);
    avant->borne = t;
}

/* « +++ exited with 0 +++ », « --- SIGTERM {…} --- ». Faux si ce n'en est pas un. */
static int lire_fin(struct fil *fil, ns t, const char *p)
{
    size_t n = strlen(p);
    if (n < 9 || strncmp(p, p + n - 3, 3) != 0 || p[n - 4] != ' ')
        return 0;
    if (sscanf(p, "--- %15s", fil->annonce) == 1) {
        fil->mort = t;
        return 1;
    }
    if (strncmp(p, "+++ ", 4) != 0)
        return 0;
    fil->vu =
        sscanf(p, "+++ killed by %15s", fil->signal) == 1 && !strcmp(fil->annonce, fil->signal);
    if (!fil->vu) /* SIGKILL n'est pas annoncé */
        fil->mort = fil->dernier >= 0 ? appels[fil->dernier].fin : t;
    fil->parti = t;
    return fil->fini = 1;
}

static int lire_ligne(int voie, const char *ligne);

/* « <... accept resumed>… » : le début gardé, et cette suite, du même nom. */
static int reprendre(struct fil *fil, const char *p)
{
    const char *suite = strstr(p += 5, " resumed>");
    if (!suite || !fil->suspendu)
        return 0;
    char *entiere, *debut = fil->suspendu, *nom = strchr(strchr(debut, '.'), ' ') + 1;
    size_t n = (size_t)(suite - p);
    if (strncmp(nom, p, n) != 0 || nom[n] != '(')
        return 0;
    if (asprintf(&entiere, "%s%s", debut, suite + 9) == -1)
        echouer("asprintf");
    fil->suspendu = NULL;
    free(debut);
    int lue = lire_ligne(fil->voie, entiere);
    free(entiere);
    return lue;
}

/* Une ligne de la trace ; faux si elle est illisible. */
static int lire_ligne(int voie, const char *ligne)
{
    static const char coupe[] = " <unfinished ...>";
    char *p, *marque;
    long pid = strtol(ligne, &p, 10);
    if (pid < 1 || pid > PID_MAX || *p != ' ')
        return 0;
    p += strspn(p, " ");
    const char *debut = p;
    ns t = lire_ns(debut, &p);
    if (p == debut || *p++ != ' ')
        return 0;
    struct fil *fil = trouver_fil((int)pid, voie);
    if (strncmp(p, "<... ", 5) == 0)
        return reprendre(fil, p);
    borner(fil, t);
    if (fil->suspendu && strncmp(p, "--- ", 4) != 0)
        manque("%s : la fin d'un appel, commencé avant cette ligne : %.60s", noms[voie], ligne);
    if (lire_fin(fil, t, p))
        return 1;
    if ((marque = strstr(p, coupe)) && !marque[sizeof coupe - 1]) {
        free(fil->suspendu);
        fil->suspendu = copie(ligne, (size_t)(marque - ligne));
        return 1;
    }
    return lire_appel(fil, t, p);
}

static void lire_trace(const char *dossier, const char *fichier)
{
    char *ligne = NULL, nom[LG_TEXTE];
    FILE *f = ouvrir_fichier(dossier, fichier);
    if (!f) {
        manque("%s, illisible", fichier);
        return;
    }
    int voie = nb_voies++, numero = 0, presents = 0;
    snprintf(nom, sizeof nom, "%s", strchr(fichier, '-') + 1);
    nom[strlen(nom) - 6] = '\0';
    sans_danger(nom, noms[voie], LG_TEXTE);
    size_t place = 0;
    for (ssize_t n; (n = getline(&ligne, &place, f)) > 0;) {
        numero++;
        int entiere = ligne[n - 1] == '\n';
        ligne[entiere ? n - 1 : n] = '\0';
        if (!entiere || !lisible(ligne, (size_t)n - 1) || !lire_ligne(voie, ligne))
            manque("%s : ligne %d coupée ou illisible", fichier, numero);
    }
    free(ligne);
    fclose(f);
    for (size_t i = 0; i < nb_fils; i++)
        if (fils[i].voie == voie && ++presents && !fils[i].fini)
            manque("%s : la trace s'arrête avant la fin du programme", noms[voie]);
    if (!presents)
        manque("%s : trace vide", noms[voie]);
}

/* La libc demande les noms à nscd, ss des comptes à nstat : ce n'est pas de l'échange. De la socket
 * que relie ce connect, cache les appels : de celui qui l'a ouverte à celui qui reprend son numéro. */
static void cacher_la_socket(const struct appel *connect)
{
    int fd = atoi(connect->args);
    struct appel *ouverture = NULL;
    for (struct appel *a = appels; a < appels + nb_appels; a++) {
        if (a->fil != connect->fil)
            continue;
        if (a->rendu == fd && !strcmp(a->nom, "socket")) {
            if (a > connect)
                break;
            ouverture = a;
        }
        if (a >= connect && atoi(a->args) == fd && a->prise.proto == 'X')
            a->cache = 1;
    }
    if (ouverture)
        ouverture->cache = 1;
}

static void cacher_les_sockets(void)
{
    for (size_t i = 0; i < nb_appels && !tout; i++)
        if (!strcmp(appels[i].nom, "connect") &&
            (strstr(appels[i].args, "/nscd/socket") || strstr(appels[i].args, "@\"nstat")))
            cacher_la_socket(&appels[i]);
}

/* Le premier qui appelle est à gauche, s'ils sont deux ; sinon, l'ordre des numéros. Qui n'a rien
 * demandé au réseau n'a pas de voie, sauf s'il est seul. */
static void choisir_les_voies(void)
{
    int place[TRACES] = {0}, parle[TRACES] = {0}, gauche = 0, n = 0;
    ns premier = 0;
    for (size_t i = 0; i < nb_appels; i++) {
        const struct appel *a = &appels[i];
        int reseau = parle_de_reseau(a);
        parle[a->voie] |= reseau;
        if (reseau && parmi(a->nom, "connect sendto") && (!premier || a->t < premier))
            premier = a->t, gauche = a->voie;
    }
    for (int v = 0; v < nb_voies; v++)
        if (parle[v])
            memmove(noms[n], noms[v], LG_TEXTE), place[v] = n++;
    if (n == 2 && place[gauche] == 1) {
        char nom[LG_TEXTE];
        memcpy(nom, noms[0], LG_TEXTE), memcpy(noms[0], noms[1], LG_TEXTE);
        memcpy(noms[1], nom, LG_TEXTE);
        for (int v = 0; v < nb_voies; v++)
            place[v] = !place[v];
    }
    for (size_t i = 0; i < nb_appels; i++)
        appels[i].voie = place[appels[i].voie];
    for (size_t i = 0; i < nb_fils; i++)
        fils[i].voie = parle[fils[i].voie] ? place[fils[i].voie] : -1;
    nb_voies = n > 1 ? n : 1;
}

/* Le rang de naissance : les pid reviennent à 1 passé le dernier, PID_MAX au plus, mais aucun
 * processus d'une trace n'est plus vieux que le premier. */
static int naissance(const struct fil *fil)
{
    const struct fil *premier = fils;
    while (premier->voie != fil->voie)
        premier++;
    return fil->pid < premier->pid ? fil->pid + PID_MAX : fil->pid;
}

/* Plusieurs processus d'une voie parlent en même temps : le premier sans suffixe, puis .1, .2… */
static void numeroter_les_fils(void)
{
    for (size_t i = 0; i < nb_appels; i++) {
        struct fil *fil = &fils[appels[i].fil];
        if (parle_de_reseau(&appels[i]) && (!fil->parle || appels[i].t < fil->debut))
            fil->parle = 1, fil->debut = appels[i].t;
    }
    for (int i = 0; i < (int)nb_fils; i++) { /* une équipe porte le numéro de son premier */
        fils[i].equipe = i;
        for (int j = i - 1; fils[i].parle && j >= 0; j--)
            if (fils[j].voie == fils[i].voie && fils[j].parle && fils[j].parti > fils[i].debut &&
                fils[i].parti > fils[j].debut)
                fils[i].equipe = fils[j].equipe;
    }
    for (size_t i = 0; i < nb_fils; i++)
        for (size_t j = 0; j < nb_fils; j++)
            fils[i].suffixe += fils[j].parle && fils[j].equipe == fils[i].equipe &&
                               naissance(&fils[j]) < naissance(&fils[i]);
}

void lire_traces(const char *dossier)
{
    struct dirent **fichiers;
    int n = scandir(dossier, &fichiers, NULL, versionsort);
    if (n == -1)
        refuser("« %s » : %s", dossier, texte_erreur(errno));
    for (int i = 0; i < n; i++) {
        const char *nom = fichiers[i]->d_name, *fin = strrchr(nom, '.');
        if (isdigit((unsigned char)*nom) && strchr(nom, '-') && fin && !strcmp(fin, ".trace")) {
            if (nb_traces++ == TRACES)
                refuser("« %s » : plus de %d traces", dossier, TRACES);
            lire_trace(dossier, nom);
        }
        free(fichiers[i]);
    }
    free(fichiers);
    if (nb_voies == 0)
        refuser("« %s » : aucune trace", dossier);
    cacher_les_sockets();
    choisir_les_voies();
    if (nb_voies > VOIES)
        refuser("« %s » : %d programmes, et %d voies au plus", dossier, nb_voies, VOIES);
    numeroter_les_fils();
}
