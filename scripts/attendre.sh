#!/usr/bin/env bash
# Attend qu'un port soit pris sur cette machine : une socket TCP à l'écoute, ou une socket UDP.
# On lit /proc/net (Linux), donc sans se connecter : le programme observé ne remarque rien.
#
#   scripts/attendre.sh tcp|udp PORT [SECONDES]      10 secondes par défaut
#
# Rend 0 dès que c'est vrai, 1 si le temps est passé, 2 si la demande est mal écrite.
# Se charge aussi par « source » : attendre, port_pris, port_relie, port_neuf, port_libre.

# Vrai si le port est pris maintenant ; si quelqu'un y est relié, en TCP.
port_pris() {   # tcp|udp PORT
    local etat=0A   # LISTEN
    [ "$1" = udp ] && etat=07
    port_dans_l_etat "$1" "$2" "$etat"
}
port_relie() { port_dans_l_etat tcp "$1" 01; }   # PORT
port_dans_l_etat() {   # tcp|udp PORT ÉTAT
    local fichier hexa
    printf -v hexa '%04X' "$2"
    for fichier in "/proc/net/$1" "/proc/net/${1}6"; do
        [ -r "$fichier" ] &&
            awk -v fin=":$hexa\$" -v etat="$3" \
                '$2 ~ fin && $4 == etat { vu = 1 } END { exit !vu }' "$fichier" && return 0
    done
    return 1
}

# Vrai si aucune socket locale n'a ce port, pas même une connexion qui s'achève (TIME-WAIT).
port_neuf() {   # PORT
    local hexa
    printf -v hexa '%04X' "$1"
    ! grep -qsE "^ *[0-9]+: [0-9A-F]+:$hexa " /proc/net/{tcp,udp}{,6}
}

# Écrit un port sans aucune socket. Deux processus qui le demandent de front ne partent pas du même.
port_libre() {
    local port=$((20000 + BASHPID % 12000))
    until port_neuf "$port"; do port=$((port + 1)); done
    echo "$port"
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
    if [[ ${1:-} == @(-h|--help) ]]; then
        sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
        exit
    fi
    # Des chiffres, et rien d'autre : bash évaluerait le reste.
    nombre='^[0-9]{1,5}$'
    if [[ ! ${1:-} =~ ^(tcp|udp)$ || ! ${2:-} =~ $nombre || ! ${3:-10} =~ $nombre ]] ||
        ((10#$2 < 1 || 10#$2 > 65535 || $# > 3)); then
        echo 'attendre.sh : « tcp » ou « udp », un port, des secondes (voir scripts/attendre.sh -h)' >&2
        exit 2
    fi
    attendre "$((10#${3:-10}))" port_pris "$1" "$((10#$2))"
fi
