#!/usr/bin/env bash
# Le seul endroit qui connaît les dialectes de netcat. Toutes les commandes s'écrivent comme dans le
# cours, et sont traduites pour le netcat choisi :
#
#   scripts/netcat.sh                              les netcats présents, le préféré d'abord
#   scripts/netcat.sh [-n NOM] [-6] [-u] -l -p PORT        attend un client
#   scripts/netcat.sh [-n NOM] [-6] [-u] HÔTE PORT         se connecte
#
# NOM : openbsd, traditional, ncat, busybox ou socat. Code 3 : ce dialecte ne sait pas le faire.
# Se charge aussi par « source » : netcats, netcat_programme, netcat_traduire.

# L'exécutable d'un dialecte sur cette machine ; rien et 1 s'il est absent. Le nom « nc » tout court
# appartient, selon les systèmes, à l'un ou à l'autre : on lui demande lequel.
netcat_programme() {   # NOM
    local candidats motif programme aide
    case $1 in
    openbsd) candidats='nc.openbsd nc' motif='*OpenBSD*' ;;
    traditional) candidats='nc.traditional nc' motif='*\[v1.1*' ;;
    ncat) candidats='ncat nc' motif='*Ncat*' ;;
    busybox) candidats='busybox nc' motif='*BusyBox*Usage: nc*' ;;
    socat) candidats='socat' motif='*socat*' ;;
    *) return 1 ;;
    esac
    for programme in $candidats; do
        command -v "$programme" > /dev/null || continue
        if [ "$programme" = busybox ]; then
            aide=$(busybox nc --help 2>&1 < /dev/null || true)
        else
            aide=$("$programme" -h 2>&1 < /dev/null || true)
        fi
        # shellcheck disable=SC2053  # un motif, à dessein
        if [[ $aide == $motif ]]; then
            echo "$programme"
            return
        fi
    done
    return 1
}

# Les dialectes présents, un par ligne, dans l'ordre de préférence ; 1 s'il n'y en a aucun.
netcats() {
    local nom vus=1
    for nom in openbsd ncat traditional busybox socat; do
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
    local nom=$1 famille=4 protocole=tcp ecoute='' port='' programme
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
        [[ $1 != *:* ]] || famille=6
    fi
    programme=$(netcat_programme "$nom") || return 1

    local options=()
    [ $protocole = tcp ] || options+=(-u)
    case $nom:$famille:$protocole in
    traditional:6:* | busybox:*:udp) return 3 ;;
    busybox:*)
        COMMANDE=(busybox nc)
        [ "$programme" = busybox ] || COMMANDE=("$programme")
        if [ "$ecoute" ]; then   # des deux familles à la fois, si la machine a IPv6
            COMMANDE+=(-l -p "$port")
        else
            COMMANDE+=("$@")
        fi
        return ;;
    socat:*)
        local type=${protocole^^}$famille
        if [ "$ecoute" ]; then
            COMMANDE=(socat - "$type-LISTEN:$port,reuseaddr")
        elif [ $famille = 6 ] && [[ $1 == *:* ]]; then
            COMMANDE=(socat - "$type:[$1]:$2")
        else
            COMMANDE=(socat - "$type:$1:$2")
        fi
        return ;;
    ncat:*) options+=("-$famille") ;;
    openbsd:6:*) options+=(-6) ;;
    esac
    if [ ! "$ecoute" ]; then
        COMMANDE=("$programme" "${options[@]}" "$@")
    elif [ "$nom" = ncat ]; then
        COMMANDE=("$programme" "${options[@]}" -l "$port")
    else
        COMMANDE=("$programme" "${options[@]}" -l -p "$port")
    fi
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    set -euo pipefail
    nom=''
    case ${1:-} in
    '') netcats || { echo "netcat.sh : aucun netcat ; scripts/outils.sh en installe un" >&2; exit 1; }
        exit ;;
    -h) sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
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
