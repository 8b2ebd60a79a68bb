/*
 * Un serveur qui rend son numéro à chaque question : « 7 texte » reçoit « 7 : texte »
 *
 *   cc udp/solutions/numero.c -o essais/numero && essais/numero [port]
 *
 * Ce qui n'a pas de numéro est ignoré ; ce qui ressemble à une réponse aussi : deux serveurs de ce
 * genre se répondraient sans fin.
 * En face : nc -u 127.0.0.1 5000   (puis taper « 7 bonjour »)
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Combien de chiffres a le numéro (1 à 9), suivis d'une espace et d'un texte ; sinon 0. */
static size_t numero(const char *message, size_t taille)
{
    size_t chiffres = 0;
    while (chiffres < taille && chiffres < 9 && isdigit((unsigned char)message[chiffres]))
        chiffres++;
    if (chiffres + 1 >= taille || message[chiffres] != ' ') return 0;
    return message[chiffres + 1] == ':' ? 0 : chiffres;
}

int main(int argc, char *argv[])
{
    long port = argc > 1 ? strtol(argv[1], NULL, 10) : 5000;
    if (argc > 2 || port < 1 || port > 65535) {
        fprintf(stderr, "usage : %s [port]\n", argv[0]);
        return 2;
    }
    struct sockaddr_in ici = {.sin_family = AF_INET,
                              .sin_addr.s_addr = htonl(INADDR_ANY),
                              .sin_port = htons((in_port_t)port)};

    int s = socket(AF_INET, SOCK_DGRAM, 0);
    if (s == -1) { perror("socket"); return 1; }
    int retour = bind(s, (struct sockaddr *)&ici, sizeof ici);
    if (retour == -1) { perror("bind"); return 1; }

    for (;;) {
        char message[1024], reponse[sizeof message + 2];
        struct sockaddr_in client;
        socklen_t taille = sizeof client;
        ssize_t n = recvfrom(s, message, sizeof message, MSG_TRUNC, (struct sockaddr *)&client,
                             &taille);
        if (n == -1) { perror("recvfrom"); sleep(1); continue; }

        size_t entiers = (size_t)n, recus = entiers < sizeof message ? entiers : sizeof message;
        size_t chiffres = recus == entiers ? numero(message, recus) : 0; /* coupé : ignoré */
        printf("%s", chiffres > 0 ? "question " : "ignoré : ");
        for (size_t i = 0; i < recus && message[i] != '\n'; i++)
            putchar(isprint((unsigned char)message[i]) ? message[i] : '.');
        putchar('\n');
        fflush(stdout);
        if (chiffres == 0) continue;

        memcpy(reponse, message, chiffres); /* « 7 », puis « : », puis « texte » avec son espace */
        memcpy(reponse + chiffres, " :", 2);
        memcpy(reponse + chiffres + 2, message + chiffres, recus - chiffres);
        n = sendto(s, reponse, recus + 2, 0, (struct sockaddr *)&client, taille);
        if (n == -1) perror("sendto"); /* ce client seulement */
    }
}
