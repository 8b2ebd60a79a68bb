/*
 * Faute : s'attache à la première adresse de getaddrinfo(), une adresse IPv4
 * Remplace : ipv6/solutions/majuscules6.c
 * SPDX-License-Identifier: MIT
 */
#include <ctype.h>
#include <errno.h>
#include <netdb.h>
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
    struct addrinfo criteres = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *ici;
    int code = getaddrinfo(NULL, argc > 1 ? argv[1] : "5000", &criteres, &ici);
    if (code != 0) { fprintf(stderr, "getaddrinfo : %s\n", gai_strerror(code)); return 1; }

    int ecoute = socket(ici->ai_family, ici->ai_socktype, ici->ai_protocol);
    if (ecoute == -1) { perror("socket"); return 1; }
    int oui = 1;
    setsockopt(ecoute, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui);
    int retour = bind(ecoute, ici->ai_addr, ici->ai_addrlen);
    if (retour == -1) { perror("bind"); return 1; }
    freeaddrinfo(ici);
    retour = listen(ecoute, 10);
    if (retour == -1) { perror("listen"); return 1; }

    for (;;) {
        struct sockaddr_storage client;
        socklen_t taille = sizeof client;
        int dialogue = accept(ecoute, (struct sockaddr *)&client, &taille);
        if (dialogue == -1) { perror("accept"); sleep(1); continue; }
        char texte[64] = "?";
        getnameinfo((struct sockaddr *)&client, taille, texte, sizeof texte, NULL, 0,
                    NI_NUMERICHOST);
        printf("%s, un client %s\n", texte, client.ss_family == AF_INET ? "IPv4" : "IPv6");
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
