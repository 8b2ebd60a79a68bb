/*
 * Les tampons d'une socket neuve, et le réglage du noyau d'où vient leur taille
 *
 *   cc tcp/solutions/tampons.c -o essais/tampons
 *   essais/tampons
 *
 * En face : personne.
 * SPDX-License-Identifier: MIT
 */
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

/* Le nombre de ce rang, dans un fichier de /proc/sys/net ; -1 s'il n'y est pas. */
static long lire_noyau(const char *nom, int rang)
{
    char chemin[64];
    long nombre = -1;
    snprintf(chemin, sizeof chemin, "/proc/sys/net/%s", nom);
    FILE *fichier = fopen(chemin, "r");
    if (!fichier) { perror(chemin); return -1; }
    while (rang-- > 0)
        if (fscanf(fichier, "%ld", &nombre) != 1) nombre = -1;
    fclose(fichier);
    return nombre;
}

int main(void)
{
    static const struct {
        int type, option, rang;
        const char *quoi, *reglage;
    } tampons[] = {
        {SOCK_STREAM, SO_RCVBUF, 2, "TCP, réception", "ipv4/tcp_rmem"}, /* plancher, départ, plafond */
        {SOCK_STREAM, SO_SNDBUF, 2, "TCP, émission", "ipv4/tcp_wmem"},
        {SOCK_DGRAM, SO_RCVBUF, 1, "UDP, réception", "core/rmem_default"},
        {SOCK_DGRAM, SO_SNDBUF, 1, "UDP, émission", "core/wmem_default"},
    };
    int code = 0;
    for (size_t i = 0; i < sizeof tampons / sizeof tampons[0]; i++) {
        int octets;
        socklen_t taille = sizeof octets;
        int s = socket(AF_INET, tampons[i].type, 0);
        if (s == -1) { perror("socket"); return 1; }
        int retour = getsockopt(s, SOL_SOCKET, tampons[i].option, &octets, &taille);
        if (retour == -1) { perror("getsockopt"); return 1; }
        close(s);
        int pareil = octets == lire_noyau(tampons[i].reglage, tampons[i].rang);
        printf("%s : %d octets, %s %s\n", tampons[i].quoi, octets, pareil ? "comme" : "autrement que",
               tampons[i].reglage);
        if (!pareil) code = 1;
    }
    return code;
}
