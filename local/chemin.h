/*
 * SPDX-License-Identifier: MIT
 *
 * L'adresse d'une socket locale : un chemin, ou un nom abstrait, qui s'écrit ici « @nom ».
 */
#ifndef CHEMIN_H
#define CHEMIN_H

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "../common/affichage.h"
#include "../common/erreur.h"

/* Remplit « adresse » et rend la taille à donner à bind(), connect() ou sendto(). Un chemin vide, ou
 * qui ne tient pas avec son zéro final dans les 108 octets de sun_path, est refusé, code 2. */
static inline socklen_t lire_chemin(const char *chemin, struct sockaddr_un *adresse)
{
    size_t longueur = strlen(chemin);
    if (longueur == 0 || longueur >= sizeof adresse->sun_path)
        refuser("chemin de %zu octets : il en faut 1 à 107", longueur);
    *adresse = (struct sockaddr_un){.sun_family = AF_UNIX};
    memcpy(adresse->sun_path, chemin, longueur + 1);
    if (chemin[0] != '@')
        return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + longueur + 1);
    adresse->sun_path[0] = '\0'; /* nom abstrait : pas de fichier, ni de zéro final */
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + longueur);
}

/* Écrit « bind : 13 octets « essais/prise\0 » » : ce que contient sun_path, et rien de plus. */
static inline void afficher_chemin(const char *appel, const struct sockaddr_un *a, socklen_t taille)
{
    size_t famille = offsetof(struct sockaddr_un, sun_path); /* ce qui précède le chemin */
    afficher_octets(appel, a->sun_path, taille > famille ? taille - famille : 0);
}

#endif
