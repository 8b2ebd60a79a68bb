#!/usr/bin/env bash
# Une foule : se connecte tant de fois à un serveur TCP, sans rien dire, et y reste jusqu'à Entrée.
#
#   scripts/foule.sh NOMBRE [ADRESSE [PORT]]         défauts : 127.0.0.1 5000
#
# Rend 1 si une connexion est refusée, ou ne peut se faire.
set -euo pipefail

usage() { sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"; }

case ${1:-} in
-h | --help)
    usage
    exit ;;
esac
nombre='^[0-9]{1,5}$'   # des chiffres, et rien d'autre : bash évaluerait le reste
if [[ $# -gt 3 || ! ${1:-} =~ $nombre || ! ${3:-5000} =~ $nombre ]] ||
    ((10#${3:-5000} < 1 || 10#${3:-5000} > 65535)); then   # de 70536, bash ferait 5000
    echo 'foule.sh : un nombre, une adresse, un port (voir scripts/foule.sh -h)' >&2
    exit 2
fi
combien=$((10#$1)) adresse=${2:-127.0.0.1} port=$((10#${3:-5000}))

# Chaque connexion occupe un descripteur : autant que le noyau en permet.
ulimit -n "$(ulimit -Hn)"
exec 3>&2 2> /dev/null   # bash le dirait en anglais
for ((i = 1; i <= combien; i++)); do
    if ! exec {connexion}<> "/dev/tcp/$adresse/$port"; then
        echo "foule.sh : connexion $i refusée" >&3
        exit 1
    fi
done
echo "$combien connexions (Entrée : les fermer)"
read -r || true
