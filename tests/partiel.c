/*
 * Une bibliothèque à précharger, qui rend send() et recv() avares : au plus PARTIEL octets par
 * appel (3 par défaut). Le noyau en a le droit à tout moment ; ici, il le fait à chaque fois.
 *
 *   LD_PRELOAD=build/tests/partiel.so PARTIEL=1 tcp/04-client
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static size_t au_plus(size_t taille)
{
    const char *texte = getenv("PARTIEL");
    size_t limite = texte ? (size_t)atoi(texte) : 3;
    return taille < limite ? taille : limite;
}

ssize_t send(int descripteur, const void *octets, size_t taille, int drapeaux)
{
    return syscall(SYS_sendto, descripteur, octets, au_plus(taille), drapeaux, NULL, 0);
}

ssize_t recv(int descripteur, void *octets, size_t taille, int drapeaux)
{
    return syscall(SYS_recvfrom, descripteur, octets, au_plus(taille), drapeaux, NULL, NULL);
}
