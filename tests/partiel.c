/*
 * Une bibliothèque à précharger, pour ce qui n'arrive que rarement et doit arriver à coup sûr :
 *
 *   LD_PRELOAD=build/tests/partiel.so PARTIEL=3 …          send() et recv() : 3 octets par appel
 *   LD_PRELOAD=build/tests/partiel.so SANS_INVERSE=oui …   getnameinfo() sans nom : EAI_AGAIN
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static size_t au_plus(size_t taille)
{
    const char *texte = getenv("PARTIEL");
    size_t limite = texte ? (size_t)atoi(texte) : taille;
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

int getnameinfo(const struct sockaddr *adresse, socklen_t taille, char *hote, socklen_t taille_hote,
                char *service, socklen_t taille_service, int drapeaux)
{
    if (getenv("SANS_INVERSE") && !(drapeaux & NI_NUMERICHOST))
        return EAI_AGAIN;
    int (*vraie)(const struct sockaddr *, socklen_t, char *, socklen_t, char *, socklen_t, int);
    *(void **)&vraie = dlsym(RTLD_NEXT, "getnameinfo");
    return vraie(adresse, taille, hote, taille_hote, service, taille_service, drapeaux);
}
