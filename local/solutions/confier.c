/*
 * Accueille un client TCP, et le confie à un autre programme
 *
 *   cc local/solutions/confier.c -o essais/confier && essais/confier
 *
 * En face : local/07-recevoir, lancé avant ; puis nc 127.0.0.1 5000
 * SPDX-License-Identifier: MIT
 */
#define _DEFAULT_SOURCE /* CMSG_SPACE, hors de POSIX avant 2024 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(void)
{
    struct sockaddr_in ici = {.sin_family = AF_INET,
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                              .sin_port = htons(5000)};
    struct sockaddr_un guichet = {.sun_family = AF_UNIX, .sun_path = "essais/guichet"};
    int oui = 1, ecoute = socket(AF_INET, SOCK_STREAM, 0), porteur = socket(AF_UNIX, SOCK_DGRAM, 0);
    if (ecoute == -1 || porteur == -1) { perror("socket"); return 1; }
    setsockopt(ecoute, SOL_SOCKET, SO_REUSEADDR, &oui, sizeof oui);
    if (bind(ecoute, (struct sockaddr *)&ici, sizeof ici) == -1) { perror("bind"); return 1; }
    if (listen(ecoute, 10) == -1) { perror("listen"); return 1; }
    int client = accept(ecoute, NULL, NULL);
    if (client == -1) { perror("accept"); return 1; }

    struct iovec morceau = {.iov_base = (char[]){"!"}, .iov_len = 1};
    union {
        char octets[CMSG_SPACE(sizeof(int))];
        struct cmsghdr entete;
    } controle = {0};
    struct msghdr lettre = {.msg_name = &guichet, .msg_namelen = sizeof guichet,
                            .msg_iov = &morceau, .msg_iovlen = 1,
                            .msg_control = &controle, .msg_controllen = sizeof controle};
    controle.entete.cmsg_level = SOL_SOCKET;
    controle.entete.cmsg_type = SCM_RIGHTS;
    controle.entete.cmsg_len = CMSG_LEN(sizeof client);
    memcpy(CMSG_DATA(&controle.entete), &client, sizeof client);
    if (sendmsg(porteur, &lettre, 0) == -1) { perror("sendmsg"); return 1; }

    close(client); /* notre copie seulement : la connexion vit dans celle du guichet */
    close(porteur);
    close(ecoute);
    printf("confié\n");
    return 0;
}
