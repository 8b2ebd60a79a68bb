/*
 * L'écho en majuscules, pour IPv4 et IPv6 à la fois
 *
 *   cc ipv6/solutions/majuscules6.c -o essais/majuscules6 && essais/majuscules6 [port]
 *
 * Rend tout ce qu'il reçoit, en majuscules, jusqu'à la fin du flux.
 * En face : nc ::1 5000, et nc 127.0.0.1 5000
 * Limite : un client à la fois ; un muet retient tous les autres.
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* Rend 1 si tout est parti. */
static int envoyer(int s, const char *octets, size_t taille)
{
    for (size_t envoyes = 0; envoyes < taille;) {
        ssize_t n = send(s, octets + envoyes, taille - envoyes, MSG_NOSIGNAL);
        if (n == -1 && errno == EINTR) continue;
        if (n == -1) { perror("send"); return 0; }
        envoyes += (size_t)n;
    }
    return 1;
}

int main(int argc, char *argv[])
{
    long port = argc > 1 ? strtol(argv[1], NULL, 10) : 5000;
    if (argc > 2 || port < 1 || port > 65535) {
        fprintf(stderr, "usage : %s [port]\n", argv[0]);
        return 2;
    }
    struct sockaddr_in6 ici = {.sin6_family = AF_INET6,
                               .sin6_addr = in6addr_any,
                               .sin6_port = htons((in_port_t)port)};

    int ecoute = socket(AF_INET6, SOCK_STREAM, 0);
    if (ecoute == -1) { perror("socket"); return 1; }
    int oui = 1, non = 0;
    setsockopt(ecoute, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui);
    int retour = setsockopt(ecoute, IPPROTO_IPV6, IPV6_V6ONLY, &non, sizeof non);
    if (retour == -1) { perror("setsockopt"); return 1; }
    retour = bind(ecoute, (struct sockaddr *)&ici, sizeof ici);
    if (retour == -1) { perror("bind"); return 1; }
    retour = listen(ecoute, 10);
    if (retour == -1) { perror("listen"); return 1; }

    for (;;) {
        struct sockaddr_in6 client;
        socklen_t taille = sizeof client;
        int dialogue = accept(ecoute, (struct sockaddr *)&client, &taille);
        if (dialogue == -1) { perror("accept"); sleep(1); continue; }
        char texte[INET6_ADDRSTRLEN];
        inet_ntop(AF_INET6, &client.sin6_addr, texte, sizeof texte);
        printf("%s, un client %s\n", texte,
               IN6_IS_ADDR_V4MAPPED(&client.sin6_addr) ? "IPv4" : "IPv6");
        fflush(stdout);

        for (;;) {
            char morceau[1024];
            ssize_t n = recv(dialogue, morceau, sizeof morceau, 0);
            if (n == -1 && errno == EINTR) continue;
            if (n == -1) perror("recv");
            if (n <= 0) break;
            for (ssize_t i = 0; i < n; i++)
                morceau[i] = (char)toupper((unsigned char)morceau[i]);
            if (!envoyer(dialogue, morceau, (size_t)n)) break;
        }
        close(dialogue);
    }
}
