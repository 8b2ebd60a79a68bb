#!/usr/bin/env bash
# La matrice : chaque programme du cours face à chaque netcat de cette machine, lui client ou lui
# serveur, en TCP et en UDP, en IPv4 et en IPv6. Une case est un vrai échange.
#
#   tests/matrice.sh [NETCAT...]       sans argument, les cinq dialectes de scripts/netcat.sh
#
# Qui parle à qui se lit dans l'en-tête de chaque programme, ligne « En face : nc ... ». Dans chaque
# case : ok, ÉCHEC, « - » (ce netcat ne sait pas le faire), « absent », ou « sans IPv6 » (la machine).
# Rend 1 s'il y a un échec ; en intégration continue (CI=true), un absent en est un.
set -euo pipefail
# shellcheck source=scripts/face-a-face.sh
source "$(dirname "$0")/../scripts/face-a-face.sh"
dossier=$(mktemp -d)
# shellcheck disable=SC2046  # des numéros
trap 'kill $(jobs -p) 2> /dev/null || true; rm -rf "$dossier"' EXIT

# Vrai si l'échange qui vient d'être joué est celui qu'on attendait, des deux côtés.
echange_juste() {   # PROGRAMME
    case $1 in
    */03-connexion) grep -q '^getpeername' "$dossier/programme" ;;
    */05-bind)   # attachée mais pas à l'écoute : personne ne peut entrer
        grep -q '^getsockname' "$dossier/programme" && ! grep -qx ok "$dossier/netcat" ;;
    *client) grep -qx Bonjour "$dossier/netcat" && grep -q '^réponse .* « ok' "$dossier/programme" ;;
    *serveur) grep -qx ok "$dossier/netcat" && grep -q ' « Bonjour' "$dossier/programme" ;;
    *) false ;;
    esac
}

# Remplit « resultat ».
essayer() {   # PROGRAMME NETCAT ARGUMENTS_DE_NC...
    local code=0
    resultat=absent
    netcat_programme "$2" > /dev/null || return 0
    resultat='sans IPv6'
    [[ $* != *-6* && $* != *::* ]] || grep -qs . /proc/net/if_inet6 || return 0
    face_a_face "$dossier" "$@" || code=$?
    if [ $code -eq 3 ]; then
        resultat=-
    elif [ $code -eq 0 ] && echange_juste "$1"; then
        resultat=ok
    else
        resultat=ÉCHEC
        sed "s|^|    $1, $2 : |" "$dossier/programme" "$dossier/netcat" >&2
    fi
}

[ $# -gt 0 ] || set -- openbsd traditional ncat busybox socat
ligne='%-17s %-18s'
for netcat; do ligne+=' %-12s'; done
# shellcheck disable=SC2059  # le format est le nôtre
printf "$ligne\n" programme 'en face : nc' "$@"
echecs=0
for programme in $(chapitres); do
    mapfile -t faces < <(en_face "$programme")
    for face in "${faces[@]}"; do
        read -r -a arguments <<< "$face"
        cases=()
        for netcat; do
            essayer "$programme" "$netcat" "${arguments[@]}"
            [ "$resultat" != ÉCHEC ] || echecs=$((echecs + 1))
            [[ $resultat:${CI:-} != @(absent|sans IPv6):true ]] || echecs=$((echecs + 1))
            cases+=("$resultat")
        done
        # shellcheck disable=SC2059
        printf "$ligne\n" "$programme" "$face" "${cases[@]}"
    done
done
[ $echecs -eq 0 ]
