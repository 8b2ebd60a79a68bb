#!/usr/bin/env bash
# La matrice : chaque programme du cours face à chaque netcat de cette machine, lui client ou lui
# serveur, en TCP et en UDP, en IPv4 et en IPv6. Une case est un vrai échange (scripts/echange.sh).
#
#   tests/matrice.sh [NETCAT...]       le tableau ; sans argument, les cinq dialectes de scripts/netcat.sh
#   tests/matrice.sh --case PROGRAMME NETCAT NUMÉRO      une case ; la face de ce numéro, à partir de 1
#
# Qui parle à qui se lit dans l'en-tête de chaque programme, ligne « En face : nc ... ». Dans le
# tableau : ok, ÉCHEC, « - » (ce netcat ne sait pas le faire), « absent », ou « sans IPv6 » (la machine).
# Rend 1 s'il y a un échec ; en intégration continue (CI=true), un absent en est un.
# Une case seule rend 0 (ok), 1 (échec, détaillé sur stderr), 3 (-), 4 (absent), 5 (sans IPv6), ou 2
# s'il n'y a pas de telle case.
set -euo pipefail
# shellcheck source=scripts/echange.sh
source "$(dirname "$0")/../scripts/echange.sh"
dossier=$(mktemp -d)
trap 'terminaux_fermer; rm -rf "$dossier"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# Rend le code de l'échange ; raconte sur stderr celui qui échoue.
jouer_case() {   # PROGRAMME NETCAT FACE
    local mots rendu=0
    read -r -a mots <<< "$3"
    echange "$dossier" "$1" "$2" "${mots[@]}" || rendu=$?
    [ $rendu -ne 1 ] || sed "s|^|    $1, $2 : |" "$dossier/transcription" >&2
    return $rendu
}

if [ "${1:-}" = --case ]; then
    mapfile -t a_jouer < <(faces "${2:-}" 2> /dev/null)
    face=''
    [[ ! ${4:-} =~ ^[1-9][0-9]?$ ]] || face=${a_jouer[$4 - 1]:-}
    [ -n "$face" ] || { echo "matrice.sh : aucune case « ${*:2} »" >&2; exit 2; }
    rendu=0
    jouer_case "$2" "$3" "$face" || rendu=$?
    exit $rendu
fi

for netcat; do
    case $netcat in
    -h | --help)
        sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"
        exit ;;
    esac
    [[ " ${dialectes[*]} " == *" $netcat "* ]] ||
        { echo "matrice.sh : aucun netcat « $netcat » ; il y a : ${dialectes[*]}" >&2; exit 2; }
done
[ $# -gt 0 ] || set -- "${dialectes[@]}"
resultats=([0]=ok [1]=ÉCHEC [3]=- [4]=absent [5]='sans IPv6')
format='%-17s %-18s'
for netcat; do format+=' %-12s'; done
# shellcheck disable=SC2059  # le format est le nôtre
printf "$format\n" programme 'en face : nc' "$@"
echecs=0
for programme in $(chapitres); do
    mapfile -t a_jouer < <(faces "$programme")
    for face in "${a_jouer[@]}"; do
        cases=()
        for netcat; do
            rendu=0
            jouer_case "$programme" "$netcat" "$face" || rendu=$?
            [[ $rendu:${CI:-} != @(1:*|[45]:true) ]] || echecs=$((echecs + 1))
            cases+=("${resultats[rendu]}")
        done
        # shellcheck disable=SC2059
        printf "$format\n" "$programme" "${face#* * * }" "${cases[@]}"
    done
done
[ $echecs -eq 0 ]
