#!/usr/bin/env bash
# Lance un programme sur un noyau avare : send n'y prend que 3 octets à la fois, recv n'en rend que 3. Un vrai
# noyau en a toujours le droit ; celui-ci le fait à chaque fois.
#
#   scripts/avare.sh PROGRAMME [ARGUMENT...]         par exemple : scripts/avare.sh tcp/04-client
#
# Rend le code du programme.
set -euo pipefail

case ${1:--h} in
-h | --help)
    sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"
    exit $(($# == 0 ? 2 : 0)) ;;
esac

dossier=$(mktemp -d)
trap 'rm -rf "$dossier"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
# Une bibliothèque chargée avant la libc : ses send et recv passent devant.
cc -shared -fPIC -x c - -o "$dossier/avare.so" << 'FIN'
#include <stddef.h>
#include <sys/socket.h>
ssize_t send(int s, const void *octets, size_t taille, int drapeaux)
{
    return sendto(s, octets, taille < 3 ? taille : 3, drapeaux, NULL, 0);
}
ssize_t recv(int s, void *octets, size_t taille, int drapeaux)
{
    return recvfrom(s, octets, taille < 3 ? taille : 3, drapeaux, NULL, NULL);
}
FIN
LD_PRELOAD=$dossier/avare.so "$@"
