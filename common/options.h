/*
 * SPDX-License-Identifier: MIT
 *
 * Les options de socket du cours : leur nom, leur niveau, leur numéro, le type de leur valeur. Par
 * niveau, puis par ordre alphabétique.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

struct option_socket {
    const char *nom_niveau, *nom; /* « SOL_SOCKET », « SO_TYPE » */
    int niveau, numero;           /* SOL_SOCKET, SO_TYPE */
    const char *type;             /* « int », « char[] » (un nom), ou celui d'une structure */
};

/* La dernière a un nom nul. */
extern const struct option_socket options_socket[];

/* Celle de ce nom, que peut suivre un « = » ; NULL s'il n'y en a pas. */
const struct option_socket *option_nommee(const char *texte);

#endif
