/*
 * Les en-têtes d'un paquet (scripts/diagramme/entetes.h), éprouvés seuls : sans socket, sans droit
 *
 * Lit un paquet par ligne, en hexadécimal, et dit ce qui en est compris. Puis recommence avec chaque
 * début de ce paquet, et chacun de ses octets changé en chaque autre : une page interdite suit les octets
 * donnés, en lire un de trop tue le programme.
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../scripts/diagramme/entetes.h"

enum { LG_MAX = 256 };

/* Dit ce qui est compris de ces octets. Rend 1 si la charge en sort, ou si une chaîne est vide. */
static int comprendre(const unsigned char *octets, size_t taille, int dire)
{
    struct paquet p;
    if (!lire_entetes(octets, taille, &p)) {
        if (dire)
            puts("rien");
        return 0;
    }
    if (dire)
        printf("%s %s:%u %s:%u %s %u %u %zu\n", p.nom, p.de, p.port_de, p.vers, p.port_vers,
               p.drapeaux, p.numero, p.accuse, p.taille);
    return p.charge < octets || p.charge + p.taille > octets + taille || !*p.de || !*p.vers ||
           !*p.drapeaux;
}

int main(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    unsigned char *bord =
        mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (bord == MAP_FAILED || mprotect(bord + page, page, PROT_NONE) == -1)
        return 2;
    bord += page;
    char ligne[2 * LG_MAX + 2];
    unsigned char origine[LG_MAX];
    int fautes = 0;
    while (fgets(ligne, sizeof ligne, stdin)) {
        size_t taille = 0;
        for (char *p = ligne; p[0] > ' ' && p[1] > ' '; p += 2)
            origine[taille++] = (unsigned char)strtoul((char[]){p[0], p[1], '\0'}, NULL, 16);
        for (size_t debut = 0; debut <= taille; debut++) {
            memcpy(bord - debut, origine, debut);
            fautes += comprendre(bord - debut, debut, debut == taille);
        }
        for (size_t i = 0; i < taille; i++) {
            for (int valeur = 0; valeur < 256; valeur++) {
                (bord - taille)[i] = (unsigned char)valeur;
                fautes += comprendre(bord - taille, taille, 0);
            }
            (bord - taille)[i] = origine[i];
        }
    }
    printf("fautes : %d\n", fautes);
    return fautes != 0;
}
