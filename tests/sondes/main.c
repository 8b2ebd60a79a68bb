/*
 * Éprouve un serveur à plusieurs clients, en boîte noire : il reçoit des lignes, répond « ok » à chacune.
 *
 *   sondes [-n CLIENTS] [-d SECONDES] [-e FICHIER] NOM|toutes PID HÔTE PORT [COMMANDE...]
 *   sondes -t SECONDES [-g GRAINE] [-d SECONDES] feu PID HÔTE PORT
 *   sondes --liste
 *
 *   -n CLIENTS    il dit servir tant de clients à la fois, au plus
 *   -d SECONDES   il raccroche après tant de secondes sans une ligne
 *   -e FICHIER    le journal où il dit ses erreurs
 *   COMMANDE      de quoi le relancer sur le même port
 *   -t SECONDES   la durée du feu roulant : tout à la fois, au hasard de la graine
 *
 * Un verdict par ligne : « ligne : tient » ; « ligne : FAUTE : ce qui s'est vu », puis la cause probable ;
 * « ligne : sans objet : pourquoi ». Code 0 ; 1, une faute ; 3, sans objet ; 2, la ligne de commande.
 *
 * SPDX-License-Identifier: MIT
 */
#include "sondes.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Des plus simples aux plus graves : la première faute est la cause, les suivantes peuvent en venir. */
static const struct sonde sondes[] = {
    {"ligne", "une ligne reçoit « ok », et la connexion reste ouverte",
     "la boucle d'accueil, ou de dialogue", sonde_ligne, false},
    {"rien-que-ok", "la réponse est « ok\\n », trois octets",
     "le zéro final, ou tout le tampon, est envoyé", sonde_rien_que_ok, false},
    {"familles", "il répond à 127.0.0.1, à 127.0.0.2 et à ::1",
     "bind() : une seule famille, ou une seule adresse ; IPV6_V6ONLY", sonde_familles, false},
    {"octet-par-octet", "une ligne venue octet par octet reçoit un seul « ok »",
     "une lecture prise pour un message : recv()", sonde_octet_par_octet, false},
    {"collees", "des lignes collées reçoivent chacune leur « ok »",
     "ce qui suit la première ligne est oublié dans le tampon", sonde_collees, false},
    {"retour-chariot", "\\r\\n finit une ligne, \\r seul non", "le découpage en lignes",
     sonde_retour_chariot, false},
    {"nuls", "les octets nuls sont des octets comme les autres",
     "une fonction de chaînes (strchr, strlen) sur ce qui vient du réseau", sonde_nuls, false},
    {"tailles", "une ligne de 1 à 65536 octets, avec ou sans zéros, reçoit un « ok »",
     "un tampon rempli à ras bord, ou non vidé", sonde_tailles, false},
    {"muet", "des clients muets n'empêchent pas les autres", "un recv() bloquant dans la boucle",
     sonde_muet, false},
    {"a-tour-de-role", "des clients qui vont et viennent sont servis à tour de rôle",
     "l'ensemble donné à select() n'est pas refait, ou est mal refait", sonde_a_tour_de_role,
     false},
    {"gel", "figé puis dégelé, il reprend", "EINTR est pris pour une erreur", sonde_gel, false},
    {"signaux", "les signaux que l'on ignore d'ordinaire ne lui font rien",
     "EINTR est pris pour une erreur", sonde_signaux, false},
    {"jetons", "cinquante clients simultanés ont chacun leurs réponses",
     "une variable partagée entre les clients : &socket passé à un fil", sonde_jetons, false},
    {"fin-de-flux", "la fin du flux ne fait pas tourner à vide",
     "recv() qui rend 0 est ignoré, ou son événement reste demandé", sonde_fin_de_flux, false},
    {"demi-fermeture", "après SHUT_WR, toutes les réponses, puis la fin, sans RST",
     "la fin du flux fait oublier les réponses dues, ou la dernière ligne", sonde_demi_fermeture,
     false},
    {"ligne-longue", "une ligne de plus de 65536 octets est refusée d'un mot, sans RST, elle seule",
     "la borne de la ligne ; close() avec des données non lues", sonde_ligne_longue, false},
    {"rst", "un client qui réinitialise n'emporte que lui",
     "ECONNRESET est pris pour la fin de tout", sonde_rst, false},
    {"sigpipe", "écrire à un client parti n'emporte que lui",
     "SIGPIPE : MSG_NOSIGNAL manque à send()", sonde_sigpipe, false},
    {"avortes", "des clients repartis avant accept() n'emportent qu'eux",
     "une erreur d'accept() ou de ce qui suit est fatale", sonde_avortes, false},
    {"descripteurs", "quarante clients partis ne laissent rien", "un close() oublié",
     sonde_descripteurs, false},
    {"zombies", "vingt clients partis ensemble ne laissent pas de zombie",
     "waitpid() manque, ou n'est pas en boucle", sonde_zombies, false},
    {"rafale", "quatre millions de lignes, lues tard, ont toutes leur réponse",
     "send() qui prend moins que demandé n'est pas repris", sonde_rafale, false},
    {"lecteur-lent", "un client qui ne lit pas ne coûte ni mémoire, ni temps aux autres",
     "il faudrait cesser de lire qui ne lit pas ; send() bloquant dans la boucle",
     sonde_lecteur_lent, false},
    {"glouton", "des clients qui parlent sans cesse n'affament pas les autres",
     "une boucle qui lit un client jusqu'au bout", sonde_glouton, false},
    {"fils-tue", "un fils tué ne coûte que ses clients",
     "SIGCHLD, waitpid(), et qui remplace le fils", sonde_fils_tue, false},
    {"emfile",
     "à court de descripteurs, il sert ceux qui sont là, sans tourner à vide, puis reprend",
     "l'échec d'accept() (EMFILE) est fatal, ou recommencé sans attendre", sonde_emfile, false},
    {"foule", "1100 clients à la fois : chacun est servi, ou refusé d'un mot",
     "FD_SETSIZE, ou une table indexée par un descripteur", sonde_foule, false},
    {"inactifs", "10000 clients qui se taisent n'empêchent rien",
     "une table trop petite, ou parcourue", sonde_inactifs, false},
    {"slowloris", "qui ne dit pas une ligne entière à temps est raccroché, et sa place rendue",
     "aucune échéance, ou remise à chaque octet", sonde_slowloris, false},
    {"jamais-lu", "qui ne prend jamais ses réponses est raccroché", "aucune échéance à l'écriture",
     sonde_jamais_lu, false},
    {"disparu", "un client débranché finit par être raccroché", "aucune échéance", sonde_disparu,
     false},
    {"sigterm", "au SIGTERM, l'écoute se ferme, les réponses dues partent, rien ne reste",
     "le signal coupe tout, ou n'arrête rien", sonde_sigterm, true},
    {"sigint", "au SIGINT, de même", "le signal coupe tout, ou n'arrête rien", sonde_sigint, true},
    {"relance", "tué, il repart aussitôt sur le même port ; au SIGTERM, il finit par le code 0",
     "SO_REUSEADDR avant bind()", sonde_relance, true},
};
enum { NOMBRE = sizeof sondes / sizeof sondes[0] };

struct cible cible;
static unsigned long graine;
static long duree_du_feu;
static void sonde_feu(void)
{
    feu(graine, duree_du_feu);
}
static const struct sonde le_feu = {"feu", "tout à la fois", "la sonde qui éprouve cela seul",
                                    sonde_feu, false};
static const struct sonde *en_cours = &le_feu;

_Noreturn void faute(const char *format, ...)
{
    va_list arguments;
    excuser(); /* n'en revient pas, s'il y a de quoi */
    va_start(arguments, format);
    printf("%s : FAUTE : ", en_cours->nom);
    vprintf(format, arguments);
    va_end(arguments);
    if (!vit(cible.pid) && !en_cours->l_acheve)
        printf(" (le serveur n'est plus)");
    printf("\n    à regarder : %s\n", en_cours->cause);
    exit(1);
}

_Noreturn void sans_objet(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    printf("%s : sans objet : ", en_cours->nom);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
    exit(3);
}

int exiger(const char *appel, long retour)
{
    if (retour == -1) {
        fprintf(stderr, "sondes : %s : %s : %s\n", en_cours->nom, appel, strerror(errno));
        exit(2);
    }
    return (int)retour;
}

enum {
    TROP = 120
}; /* secondes : plusieurs fois la plus longue, sous ASan et sur une machine chargée */

/* La sonde, et ce qui vaut pour toutes : il vit encore, et sert. */
static _Noreturn void jouer(const struct sonde *s)
{
    en_cours = s;
    long long debut = maintenant();
    if (!vit(cible.pid))
        faute("le serveur n'est plus là");
    s->jouer();
    if (!s->l_acheve) {
        if (!vit(cible.pid))
            faute("la sonde finie, il est mort");
        un_echange("la sonde finie");
    }
    printf("%s : tient (%.1f s)\n", s->nom, (double)(maintenant() - debut) / 1000);
    exit(0);
}

/* Chacune dans un processus à elle : elle peut finir n'importe où, et son temps est compté. */
static int jouer_a_part(const struct sonde *s)
{
    int code = 0;
    en_cours = s;
    pid_t pid = exiger("fork", fork());
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        jouer(s);
    }
    for (long long fin = maintenant() + 1000 * (TROP + duree_du_feu);
         waitpid(pid, &code, WNOHANG) == 0; patienter(2))
        if (maintenant() > fin) {
            kill(pid, SIGKILL);
            waitpid(pid, &code, 0);
            degeler(); /* ce qu'elle n'a pas pu faire */
            faute("toujours rien après %ld s", TROP + duree_du_feu);
        }
    if (!WIFEXITED(code)) {
        fprintf(stderr, "sondes : %s : la sonde meurt du signal %d\n", s->nom, WTERMSIG(code));
        return 2;
    }
    return WEXITSTATUS(code);
}

static _Noreturn void refuser(const char *quoi)
{
    fprintf(stderr, "sondes : ligne de commande incorrecte : %s\n", quoi);
    exit(2);
}

static long nombre(const char *texte)
{
    char *fin;
    long n = strtol(texte, &fin, 10);
    if (n < 0 || *fin != '\0' || fin == texte)
        refuser(texte);
    return n;
}

int main(int argc, char *argv[])
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc == 2 && strcmp(argv[1], "--liste") == 0) {
        for (int i = 0; i < NOMBRE; i++)
            printf("%-16s %s\n", sondes[i].nom, sondes[i].eprouve);
        return 0;
    }
    for (int option; (option = getopt(argc, argv, "+n:d:e:t:g:")) != -1;)
        switch (option) {
        case 'n':
            cible.limite = nombre(optarg);
            break;
        case 'd':
            cible.delai = nombre(optarg);
            break;
        case 'e':
            cible.erreurs = optarg;
            break;
        case 't':
            duree_du_feu = nombre(optarg);
            break;
        case 'g':
            graine = (unsigned long)nombre(optarg);
            break;
        default:
            refuser("option inconnue");
        }
    argv += optind;
    if (argc - optind < 4)
        refuser("il manque le nom de la sonde, le PID, l'hôte ou le port");
    cible.pid = (pid_t)nombre(argv[1]);
    cible.hote = argv[2];
    cible.port = argv[3];
    cible.commande = argv[4] ? argv + 4 : NULL;

    if (strcmp(argv[0], "feu") == 0)
        return jouer_a_part(&le_feu);
    bool toutes = strcmp(argv[0], "toutes") == 0, trouvee = false;
    int pire = 0;
    for (int i = 0; i < NOMBRE; i++) {
        if (toutes ? sondes[i].l_acheve : strcmp(argv[0], sondes[i].nom) != 0)
            continue;
        trouvee = true;
        int code = jouer_a_part(&sondes[i]);
        if (!toutes || code == 1 || (code == 2 && pire != 1))
            pire = code; /* parmi toutes, une sans objet n'est pas une faute */
    }
    if (!trouvee)
        refuser("cette sonde n'existe pas (--liste)");
    return pire;
}
