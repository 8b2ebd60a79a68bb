#!/usr/bin/env bash
# Envoie un fichier par TCP à travers un lien qui perd, et dit ce qu'il a fallu pour qu'il arrive.
#
#   scripts/lien-qui-perd.sh FICHIER > COPIE
#
# Le lien est une boucle locale neuve, dans un espace réseau à elle : des paquets de 1500 octets, comme sur
# Ethernet, et une file de 10 000 octets, qui jette ce qui n'y tient pas (tc tbf). Rien n'en sort. Rend 1 là
# où le noyau ne permet pas d'en faire une.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin   # où se cache tc

case ${1:--h} in
-h | --help)
    sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"
    exit $(($# == 0 ? 2 : 0)) ;;
esac
if [ $# != 1 ] || [ ! -r "$1" ] || [ -d "$1" ]; then
    echo "lien-qui-perd.sh : quel fichier ? (scripts/lien-qui-perd.sh -h)" >&2
    exit 2
fi
dossier_des_scripts=$(dirname "$0")
# exec garde notre numéro : LIEN ne peut venir que d'ici, jamais de l'environnement d'un autre.
[ "${LIEN:-}" = $$ ] || LIEN=$$ ESPACE=exige exec "$dossier_des_scripts/espace.sh" "$0" "$@"
# shellcheck source=scripts/attendre.sh
source "$dossier_des_scripts/attendre.sh"

ip link set lo mtu 1500
tc qdisc add dev lo root tbf rate 20mbit burst 8k limit 10k 2> /dev/null ||
    { echo "lien-qui-perd.sh : il manque tc, ou cette machine ne sait pas perdre (tc tbf)" >&2; exit 1; }

exec {muet}<> <(:)   # une entrée qui ne dit rien, et ne finit pas
"$dossier_des_scripts/netcat.sh" -l -p 5000 <&"$muet" &
recepteur=$!
trap 'kill $(jobs -p) 2> /dev/null || true' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
attendre 5 port_pris tcp 5000
timeout 60 cat "$1" > /dev/tcp/127.0.0.1/5000 &
wait $!
wait "$recepteur"

compteur() { nstat -asz "$1" | awk -v nom="$1" '$1 == nom { print $2 }'; }   # depuis la naissance du lien
dire() { if [ "$2" -gt 0 ]; then echo "$1 : oui, $2 $3" >&2; else echo "$1 : non" >&2; fi; }
jetes=$(tc -s qdisc show dev lo | sed -n 's/.*(dropped \([0-9]*\).*/\1/p')
dire "des pertes" "$jetes" "paquets jetés en chemin"
dire "des reprises" "$(compteur TcpRetransSegs)" "segments envoyés de nouveau"
dire "du désordre" "$(compteur TcpExtTCPOFOQueue)" "segments arrivés avant leur tour"
