#!/usr/bin/env bash
# Le seul endroit qui connaît les dialectes de netcat. Toutes les commandes s'écrivent comme dans le
# cours, et sont traduites pour le netcat choisi :
#
#   scripts/netcat.sh                              les netcats présents, le préféré d'abord
#   scripts/netcat.sh [-n NOM] [-6] [-u] -l -p PORT        attend un client
#   scripts/netcat.sh [-n NOM] [-6] [-u] HÔTE PORT         se connecte
#
# NOM : openbsd, traditional, ncat, busybox ou socat. Code 3 : ce dialecte ne sait pas le faire.
# Se charge aussi par « source » : dialectes, netcats, netcat_dialecte, netcat_programme, netcat_traduire.

dialectes=(openbsd ncat traditional busybox socat)   # dans l'ordre de préférence

# Écrit le dialecte que parle un programme, d'après ce qu'il dit de lui-même ; rien et 1 s'il est absent
# ou inconnu. Le nom « nc » tout court appartient, selon les systèmes, à l'un ou à l'autre.
netcat_dialecte() {   # PROGRAMME
    local demande=(-h) aide
    command -v "$1" > /dev/null || return 1
    [ "$1" != busybox ] || demande=(nc --help)
    aide=$("$1" "${demande[@]}" 2>&1 < /dev/null) || true
    case $aide in
    *OpenBSD*) echo openbsd ;;
    *'[v1.1'*) echo traditional ;;
    *Ncat*) echo ncat ;;
    *BusyBox*'Usage: nc'*) echo busybox ;;
    *socat*) echo socat ;;
    *) return 1 ;;
    esac
}

# Écrit le nom de l'exécutable d'un dialecte sur cette machine ; rien et 1 s'il est absent.
netcat_programme() {   # NOM
    local programme
    for programme in "nc.$1" "$1" nc; do
        if [ "$(netcat_dialecte "$programme")" = "$1" ]; then
            echo "$programme"
            return
        fi
    done
    return 1
}

# Les dialectes présents, un par ligne, dans l'ordre de préférence ; 1 s'il n'y en a aucun.
netcats() {
    local nom vus=1
    for nom in "${dialectes[@]}"; do
        if netcat_programme "$nom" > /dev/null; then
            echo "$nom"
            vus=0
        fi
    done
    return $vus
}

# Range dans le tableau COMMANDE la commande de ce dialecte ; 1 s'il est absent, 2 si la demande est
# mal écrite, 3 s'il ne sait pas le faire.
netcat_traduire() {   # NOM [-6] [-u] (-l -p PORT | HÔTE PORT)
    local nom=$1 famille=4 protocole=tcp ecoute='' hote='' port='' programme
    shift
    while [[ ${1:-} == -* ]]; do
        case $1 in
        -6) famille=6 ;;
        -u) protocole=udp ;;
        -l) ecoute=oui ;;
        -p) port=${2:-} && shift ;;
        *) return 2 ;;
        esac
        shift
    done
    if [ "$ecoute" ]; then
        [ $# -eq 0 ] && [ "$port" ] || return 2
    else
        [ $# -eq 2 ] || return 2
        hote=$1 port=$2
        [[ $hote != *:* ]] || famille=6
    fi
    programme=$(netcat_programme "$nom") || return 1
    netcat_commande
}

# La fin de netcat_traduire, avec ses variables : les mots de chaque dialecte.
netcat_commande() {
    local options=() type=${protocole^^}$famille
    [ "$protocole" = tcp ] || options+=(-u)
    case $nom:$famille:$protocole in
    traditional:6:* | busybox:*:udp) return 3 ;;
    busybox:*) [ "$programme" != busybox ] || programme='busybox nc' ;;   # écoute des deux familles
    ncat:*) options+=("-$famille") ;;
    openbsd:6:*) options+=(-6) ;;
    esac
    case $nom:${ecoute:-non}:$hote in
    socat:oui:*) options=(- "$type-LISTEN:$port,reuseaddr") ;;
    socat:*:*:*) options=(- "$type:[$hote]:$port") ;;
    socat:*) options=(- "$type:$hote:$port") ;;
    ncat:oui:*) options+=(-l "$port") ;;
    *:oui:*) options+=(-l -p "$port") ;;
    *) options+=("$hote" "$port") ;;
    esac
    read -r -a COMMANDE <<< "$programme"
    COMMANDE+=("${options[@]}")
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    set -euo pipefail
    nom=''
    case ${1:-} in
    '') netcats || { echo "netcat.sh : aucun netcat ; scripts/outils.sh en installe un" >&2; exit 1; }
        exit ;;
    -h | --help) sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
        exit ;;
    -n) nom=${2:-}
        shift 2 || shift ;;
    esac
    [ "$nom" ] || read -r nom < <(netcats) || {
        echo "netcat.sh : aucun netcat ; scripts/outils.sh en installe un" >&2
        exit 1
    }
    if netcat_traduire "$nom" "$@"; then
        exec "${COMMANDE[@]}"
    else
        code=$?
        case $code in
        1) echo "netcat.sh : netcat « $nom » absent ; présents : $(netcats | paste -sd ' ')" >&2 ;;
        2) echo "netcat.sh : commande mal écrite : nc $*   (voir scripts/netcat.sh -h)" >&2 ;;
        3) echo "netcat.sh : le netcat « $nom » ne sait pas faire : nc $*" >&2 ;;
        esac
        exit $code
    fi
fi
