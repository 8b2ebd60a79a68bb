/*
 * Faute : toute réponse est prise pour celle que l'on attend
 * Remplace : udp/solutions/question.c
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static long long maintenant_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static void montrer(const char *quoi, const char *octets, size_t taille)
{
    printf("%s", quoi);
    for (size_t i = 0; i < taille && octets[i] != '\n'; i++)
        putchar(isprint((unsigned char)octets[i]) ? octets[i] : '.');
    putchar('\n');
    fflush(stdout); /* aussitôt, même dans un fichier ou un tube */
}

/* Attend la réponse qui commence par « debut », jusqu'à l'échéance ; 1 si elle est venue. */
static int attendre(int s, const char *debut, long long echeance)
{
    for (long long reste; (reste = echeance - maintenant_ms()) > 0;) {
        struct pollfd attendu = {.fd = s, .events = POLLIN};
        poll(&attendu, 1, (int)reste);
        char reponse[1024];
        ssize_t n = recv(s, reponse, sizeof reponse, MSG_DONTWAIT);
        if (n == -1) continue; /* rien, un signal, un port vide : le calcul du reste tranche */
        size_t recus = (size_t)n, taille = strlen(debut);
        if (taille > recus) taille = recus;
        montrer("réponse : ", reponse + taille, recus - taille);
        return 1;
    }
    return 0;
}

int main(int argc, char *argv[])
{
    const char *adresse = argc > 1 ? argv[1] : "127.0.0.1";
    long port = argc > 2 ? strtol(argv[2], NULL, 10) : 5000;
    long secondes = argc > 3 ? strtol(argv[3], NULL, 10) : 2;
    struct sockaddr_in serveur = {.sin_family = AF_INET, .sin_port = htons((in_port_t)port)};
    if (argc > 4 || port < 1 || port > 65535 || secondes < 1 || secondes > 3600 ||
        inet_pton(AF_INET, adresse, &serveur.sin_addr) != 1) {
        fprintf(stderr, "usage : %s [adresse [port [secondes]]]\n", argv[0]);
        return 2;
    }
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    if (s == -1) { perror("socket"); return 1; }
    int retour = connect(s, (struct sockaddr *)&serveur, sizeof serveur); /* trie les intrus */
    if (retour == -1) { perror("connect"); return 1; }

    int code = 0;
    char ligne[256], question[300], debut[20];
    for (int numero = 1; fgets(ligne, sizeof ligne, stdin); numero++) {
        int taille = snprintf(question, sizeof question, "%d %s", numero, ligne), venue = 0;
        snprintf(debut, sizeof debut, "%d : ", numero);
        for (int essai = 1; essai <= 3 && !venue; essai++) {
            send(s, question, (size_t)taille, 0); /* un échec est une perte de plus */
            venue = attendre(s, debut, maintenant_ms() + secondes * 1000LL);
        }
        if (!venue) {
            montrer("aucune réponse", "", 0);
            code = 1;
        }
    }
    close(s);
    return code;
}
