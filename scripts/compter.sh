#!/usr/bin/env bash
# Lance une commande, puis dit de combien elle a fait monter un des compteurs TCP du noyau.
#
#   scripts/compter.sh COMPTEUR COMMANDE [ARGUMENT...]       par exemple : scripts/compter.sh TcpOutRsts nc
#
# COMPTEUR porte le nom que lui donne « nstat -az » : TcpOutRsts (les RST envoyés), TcpActiveOpens (les
# connexions demandées)… Il compte pour toute la machine : un autre programme peut y ajouter.
set -euo pipefail

case ${2:--h} in
-h | --help)
    sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"
    [[ ${1:-} == @(-h|--help) ]] && exit
    exit 2 ;;
esac

# Dans ces fichiers, une ligne donne les noms, la suivante les valeurs.
compteur() {
    awk -v nom="$1" '
        $1 == groupe { for (i = 2; i <= NF; i++) if (substr($1, 1, length($1) - 1) noms[i] == nom) print $i }
        { groupe = $1; split($0, noms) }' /proc/net/snmp /proc/net/netstat
}

avant=$(compteur "$1")
[ "$avant" ] || { echo "compter.sh : aucun compteur « $1 » ; nstat -az les dit tous" >&2; exit 2; }
"${@:2}" || true
echo "$1 : $(($(compteur "$1") - avant)) de plus"
