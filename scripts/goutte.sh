#!/usr/bin/env bash
# Un client qui fait durer : se connecte, et envoie sans fin un octet deux fois
# par seconde, jamais de « \n ». Dit combien le serveur en a supporté, quand il
# raccroche ; Ctrl-C pour renoncer avant.
#
#   scripts/goutte.sh [ADRESSE [PORT]]               défauts : 127.0.0.1 5000
#
# Rend 1 si la connexion est refusée.
set -euo pipefail

case ${1:-} in
-h | --help)
    sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"
    exit ;;
esac
nombre='^[0-9]{1,5}$'   # des chiffres, et rien d'autre : bash évaluerait le reste
if [[ $# -gt 2 || ! ${2:-5000} =~ $nombre ]] || ((10#${2:-5000} < 1 || 10#${2:-5000} > 65535)); then
    echo 'goutte.sh : une adresse, un port (voir scripts/goutte.sh -h)' >&2
    exit 2
fi

if ! { exec 3<> "/dev/tcp/${1:-127.0.0.1}/$((10#${2:-5000}))"; } 2> /dev/null; then
    echo 'goutte.sh : connexion refusée' >&2
    exit 1
fi
trap '' PIPE   # il a pu raccrocher entre deux gouttes
octets=0
while printf x 2> /dev/null >&3; do
    octets=$((octets + 1))
    # Ce que dit le serveur est jeté ; sa fin arrête tout. Une demi-seconde de silence : l'octet suivant.
    code=0
    read -r -t 0.5 -u 3 || code=$?
    ((code == 0 || code > 128)) || break
done
echo "raccroché, après $octets octets"
