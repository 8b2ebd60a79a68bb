/*
 * Un portier : n'ouvre qu'à une adresse, et note qui s'est présenté
 *
 *   cc tcp/solutions/portier.c -o essais/portier
 *   essais/portier ADRESSE        la seule admise ; le port est 5000
 *
 * En face : nc 127.0.0.1 5000
 * Limite : une adresse se prête (la machine peut servir à plusieurs) : ce n'est pas un mot de passe.
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* Dit au revoir sans perdre la réponse : annonce la fin, et lit celle du client, trois secondes au plus. */
static void raccrocher(int dialogue)
{
    struct timeval une_seconde = {.tv_sec = 1};
    char reste[1024];
    setsockopt(dialogue, SOL_SOCKET, SO_RCVTIMEO, &une_seconde, sizeof une_seconde);
    shutdown(dialogue, SHUT_WR);
    for (time_t limite = time(NULL) + 3; time(NULL) < limite;)
        if (recv(dialogue, reste, sizeof reste, 0) <= 0) break;
    close(dialogue);
}

int main(int argc, char *argv[])
{
    struct in_addr admise;
    if (argc != 2 || inet_pton(AF_INET, argv[1], &admise) != 1) {
        fprintf(stderr, "usage : %s ADRESSE\n", argv[0]);
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0); /* un journal se lit en direct, même dans un fichier */
    struct sockaddr_in ici = {.sin_family = AF_INET,
                              .sin_addr.s_addr = htonl(INADDR_ANY),
                              .sin_port = htons(5000)};
    int ecoute = socket(AF_INET, SOCK_STREAM, 0);
    if (ecoute == -1) { perror("socket"); return 1; }
    int oui = 1;
    setsockopt(ecoute, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui);
    if (bind(ecoute, (struct sockaddr *)&ici, sizeof ici) == -1) { perror("bind"); return 1; }
    if (listen(ecoute, 10) == -1) { perror("listen"); return 1; }

    for (;;) {
        struct sockaddr_in client;
        socklen_t taille = sizeof client; /* à redire avant chaque accept : il y écrit */
        int dialogue = accept(ecoute, (struct sockaddr *)&client, &taille);
        if (dialogue == -1) { perror("accept"); sleep(1); continue; }

        char texte[INET_ADDRSTRLEN];
        inet_ntop(AF_INET, &client.sin_addr, texte, sizeof texte);
        int entre = client.sin_addr.s_addr == admise.s_addr; /* les deux en ordre réseau */
        printf("%s:%u : %s\n", texte, ntohs(client.sin_port), entre ? "entrez" : "refusé");
        if (!entre) { close(dialogue); continue; }
        if (send(dialogue, "entrez\n", 7, MSG_NOSIGNAL) == -1) perror("send");
        raccrocher(dialogue);
    }
}
