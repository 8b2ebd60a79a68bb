#!/usr/bin/env bash
# Une foule : se connecte tant de fois à un serveur TCP, sans rien dire, et y reste jusqu'à Entrée.
#
#   scripts/foule.sh NOMBRE [ADRESSE [PORT]]         défauts : 127.0.0.1 5000
#
# Rend 1 si une connexion est refusée.
set -euo pipefail

case ${1:--h} in
*[!0-9]*)
    sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"
    [ "${1:-}" = -h ] && exit
    exit 2 ;;
esac

trap '[ $? = 0 ] || echo "foule.sh : connexion $((i + 1)) refusée" >&3' EXIT
exec 3>&2 2> /dev/null   # bash le dirait en anglais
for ((i = 0; i < $1; i++)); do
    exec {connexion}<> "/dev/tcp/${2:-127.0.0.1}/${3:-5000}" || exit
done
echo "$1 connexions (Entrée : les fermer)"
read -r || true
