#!/usr/bin/env bash
# Attend qu'un port soit pris sur cette machine : une socket TCP à l'écoute, ou une socket UDP.
# On lit /proc/net (Linux), donc sans se connecter : le programme observé ne remarque rien.
#
#   scripts/attendre.sh tcp|udp PORT [SECONDES]      10 secondes par défaut
#
# Rend 0 dès que c'est vrai, 1 si le temps est passé. Se charge aussi par « source ».

# Vrai si le port est pris maintenant.
port_pris() {   # tcp|udp PORT
    local etat=0A   # LISTEN
    [ "$1" = udp ] && etat=07
    local fichier hexa
    printf -v hexa '%04X' "$2"
    for fichier in "/proc/net/$1" "/proc/net/${1}6"; do
        [ -r "$fichier" ] &&
            awk -v fin=":$hexa\$" -v etat="$etat" \
                '$2 ~ fin && $4 == etat { vu = 1 } END { exit !vu }' "$fichier" && return 0
    done
    return 1
}

# Vrai dès que la commande réussit ; faux après tant de secondes.
attendre() {   # SECONDES COMMANDE...
    local fin=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$fin" ] || return 1
        sleep 0.02
    done
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    case "${1:-}:${2:-}" in
    tcp:[0-9]* | udp:[0-9]*) attendre "${3:-10}" port_pris "$1" "$2" ;;
    *)
        sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
        [ "${1:-}" = -h ] || exit 2
        ;;
    esac
fi
