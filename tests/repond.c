/*
 * Un serveur dont on connaît tout : combien de clients, combien de lignes, et le temps qu'il prend
 *
 *   repond [-d ms,ms…] [-g ms] [-s nombre] [-r texte]
 *
 * Répond « ok » (-r : ce texte) à chaque ligne, à tous ses clients, un fil ; -d : la k-ième attend le
 * k-ième nombre, qui reviennent en cercle ; -g : octet par octet, avec ce temps entre deux ; -s : muet
 * après tant de lignes. Annonce « port : N », puis « cent » à la centième ligne ; sur SIGTERM, dit
 * « lignes : N, clients : N, d'ailleurs : N » (ceux qui ne viennent pas de 127.0.0.1). Sa file
 * d'attente est la plus courte qui soit.
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CLIENTS = 256, RETARDS = 256 };

static volatile sig_atomic_t arret;
static const char *reponse = "ok";
static int retards[RETARDS], nb_retards, goutte, assez;
static long lignes;

static void arreter(int signal)
{
    (void)signal;
    arret = 1;
}

static void repondre(int s)
{
    char octets[512];
    int taille = snprintf(octets, sizeof octets, "%s\n", reponse);
    if (nb_retards > 0)
        poll(NULL, 0, retards[lignes % nb_retards]);
    lignes++;
    if (lignes == 100)
        puts("cent");
    if (assez > 0 && lignes > assez)
        return;
    for (int i = 0; goutte > 0 && i < taille && !arret; i++) {
        if (send(s, octets + i, 1, MSG_NOSIGNAL) == -1)
            return;
        poll(NULL, 0, goutte);
    }
    if (goutte == 0)
        send(s, octets, (size_t)taille, MSG_NOSIGNAL);
}

int main(int argc, char *argv[])
{
    for (int o; (o = getopt(argc, argv, "d:g:s:r:")) != -1;) {
        if (o == 'd')
            for (char *t = strtok(optarg, ","); t && nb_retards < RETARDS; t = strtok(NULL, ","))
                retards[nb_retards++] = atoi(t);
        else if (o == 'g')
            goutte = atoi(optarg);
        else if (o == 's')
            assez = atoi(optarg);
        else if (o == 'r')
            reponse = optarg;
        else
            return 2;
    }
    struct sigaction action = {.sa_handler = arreter};
    sigaction(SIGTERM, &action, NULL);
    setvbuf(stdout, NULL, _IOLBF, 0);

    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t taille = sizeof a;
    struct pollfd p[CLIENTS] = {{.fd = socket(AF_INET, SOCK_STREAM, 0), .events = POLLIN}};
    if (p[0].fd == -1 || bind(p[0].fd, (struct sockaddr *)&a, taille) == -1 ||
        listen(p[0].fd, 1) == -1 || getsockname(p[0].fd, (struct sockaddr *)&a, &taille) == -1) {
        perror("repond");
        return 1;
    }
    printf("port : %d\n", ntohs(a.sin_port));

    nfds_t n = 1;
    long clients = 0, ailleurs = 0;
    while (!arret) {
        if (poll(p, n, -1) == -1)
            continue;
        for (nfds_t i = n - 1; i > 0; i--) {
            static char octets[65536];
            if (!p[i].revents)
                continue;
            ssize_t lus = recv(p[i].fd, octets, sizeof octets, 0);
            for (ssize_t j = 0; j < lus; j++)
                if (octets[j] == '\n')
                    repondre(p[i].fd);
            if (lus <= 0) {
                close(p[i].fd);
                p[i] = p[--n];
            }
        }
        if (p[0].revents && n < CLIENTS) {
            p[n] = (struct pollfd){.fd = accept(p[0].fd, (struct sockaddr *)&a, &taille),
                                   .events = POLLIN};
            clients++;
            ailleurs += a.sin_addr.s_addr != htonl(INADDR_LOOPBACK);
            n += p[n].fd != -1;
        }
    }
    printf("lignes : %ld, clients : %ld, d'ailleurs : %ld\n", lignes, clients, ailleurs);
    return 0;
}
