#!/usr/bin/env bash
# Lance un programme sur un noyau avare : send n'y prend que 3 octets à la fois, recv n'en rend que 3. Un
# vrai noyau en a toujours le droit ; celui-ci le fait à chaque fois.
#
#   scripts/avare.sh PROGRAMME [ARGUMENT...]         par exemple : scripts/avare.sh tcp/04-client
#
# Rend le code du programme, 127 s'il n'existe pas.
set -euo pipefail

case ${1:--h} in
-h | --help)
    sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"
    exit $(($# == 0 ? 2 : 0)) ;;
esac

command -v "$1" > /dev/null || { echo "avare.sh : aucun programme « $1 »" >&2; exit 127; }
bibliotheque=$(mktemp /tmp/avare.XXXXXX)   # LD_PRELOAD se coupe sur l'espace qu'aurait un autre chemin
trap 'rm -f "$bibliotheque"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
# Une bibliothèque chargée avant la libc : ses send et recv passent devant. Une fois chargée, elle s'efface.
cc -shared -fPIC -x c - -o "$bibliotheque" << 'FIN'
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
__attribute__((constructor)) static void s_effacer(void)
{
    unlink(getenv("LD_PRELOAD"));
    unsetenv("LD_PRELOAD");
}
ssize_t send(int s, const void *octets, size_t taille, int drapeaux)
{
    return sendto(s, octets, taille < 3 ? taille : 3, drapeaux, NULL, 0);
}
ssize_t recv(int s, void *octets, size_t taille, int drapeaux)
{
    return recvfrom(s, octets, taille < 3 ? taille : 3, drapeaux, NULL, NULL);
}
FIN
LD_PRELOAD=$bibliotheque exec "$@"
