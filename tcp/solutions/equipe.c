/*
 * Une équipe : trois processus devant la même socket d'écoute ; à qui meurt, un remplaçant
 *
 *   cc tcp/solutions/equipe.c -o essais/equipe
 *   essais/equipe                 le port est 5000
 *
 * En face : nc 127.0.0.1 5000
 * Limite : un fils ne sert qu'un client à la fois ; à trois muets, le quatrième attend.
 * SPDX-License-Identifier: MIT
 */
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { FILS = 3 };

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

/* La vie d'un fils : bloqué dans accept, il n'est réveillé que pour un client à lui. */
static void servir(int ecoute)
{
    for (;;) {
        int dialogue = accept(ecoute, NULL, NULL);
        if (dialogue == -1) { perror("accept"); sleep(1); continue; }
        if (send(dialogue, "ok\n", 3, MSG_NOSIGNAL) == -1) perror("send");
        raccrocher(dialogue);
    }
}

/* Rend 0 si la place n'a pu être prise ; un fils n'en revient jamais. */
static int engendrer(int ecoute)
{
    pid_t fils = fork();
    if (fils == 0) servir(ecoute);
    if (fils == -1) perror("fork");
    return fils > 0;
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    struct sockaddr_in ici = {.sin_family = AF_INET, .sin_port = htons(5000)};
    int ecoute = socket(AF_INET, SOCK_STREAM, 0), oui = 1;
    if (ecoute == -1) { perror("socket"); return 1; }
    setsockopt(ecoute, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui);
    if (bind(ecoute, (struct sockaddr *)&ici, sizeof ici) == -1) { perror("bind"); return 1; }
    if (listen(ecoute, 10) == -1) { perror("listen"); return 1; } /* avant fork : la file est à tous */

    for (int vivants = 0, prets = 0;;) {
        while (vivants < FILS && engendrer(ecoute)) vivants++;
        if (vivants == FILS && !prets++) printf("trois fils\n");
        if (vivants == 0) { sleep(1); continue; } /* aucun fork n'a réussi : y revenir */
        if (wait(NULL) == -1) { perror("wait"); return 1; }
        vivants--;
        printf("un fils est mort : un autre le remplace\n");
    }
}
