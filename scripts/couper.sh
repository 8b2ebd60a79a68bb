#!/usr/bin/env bash
# Un client brutal : se connecte, envoie un message (rien, à défaut), et coupe net. Le serveur ne reçoit pas
# la fin du flux, mais une réinitialisation (RST), comme d'un programme qui meurt en désordre.
#
#   scripts/couper.sh [MESSAGE [ADRESSE [PORT]]]     défauts : rien, 127.0.0.1 5000
#
# Rend 1 si la connexion est refusée.
set -euo pipefail

case ${1:-} in
-h | --help)
    sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"
    exit ;;
esac
nombre='^[0-9]{1,5}$'   # des chiffres, et rien d'autre : bash évaluerait le reste
if [[ $# -gt 3 || ! ${3:-5000} =~ $nombre ]] ||
    ((10#${3:-5000} < 1 || 10#${3:-5000} > 65535)); then   # de 70536, bash ferait 5000
    echo "couper.sh : un message, une adresse, un port (voir scripts/couper.sh -h)" >&2
    exit 2
fi

dossier=$(mktemp -d)
trap 'rm -rf "$dossier"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
# Attendre zéro seconde à la fermeture (SO_LINGER) : tout jeter, et envoyer RST. Le shell ne sait pas le dire.
cc -x c - -o "$dossier/couper" << 'FIN'
#include <sys/socket.h>
int main(void)
{
    struct linger net = {.l_onoff = 1, .l_linger = 0};
    return setsockopt(3, SOL_SOCKET, SO_LINGER, &net, sizeof net) == -1;
}
FIN
if ! { exec 3<> "/dev/tcp/${2:-127.0.0.1}/${3:-5000}"; } 2> /dev/null; then
    echo "couper.sh : connexion refusée" >&2
    exit 1
fi
printf %s "${1:-}" >&3
"$dossier/couper"
exec 3>&-
echo "coupé"
