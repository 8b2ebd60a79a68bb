#!/usr/bin/env bash
# Compare tcp/27-transfert à iperf3, nc et socat : un flux, d'une machine à elle-même.
#
#   scripts/transfert.sh [--rapide] [-n TOURS] [-m MIO]
#
#   --rapide   trois tours courts, en quelques secondes
#   -n TOURS   combien de mesures de chacun (5), à tour de rôle : on en garde la médiane
#   -m MIO     combien de mébioctets envoie une mesure, par 128 (1024) ; nc et socat, plus lents, le quart
#
# Qui envoie et qui reçoit ont chacun son cœur, quand il y en a deux. Le fichier est déjà en mémoire : le disque ne
# compte pas. Comme iperf3, qui renvoie toujours le même tampon, nos méthodes renvoient le même mébioctet, que les
# caches gardent ; « grand » est sendfile d'un fichier de 32 Mio, qu'ils ne gardent pas. Un débit se lit contre celui
# d'iperf3, mesuré dans le même passage ; seul, il ne veut rien dire. Ce qui manque à cette machine (iperf3, nc, socat)
# est dit, et passé. Rend 0 si tout a été mesuré, 1 sinon, 2 si la demande est mal écrite.
set -euo pipefail
dossier_des_scripts=$(dirname "$0")
# shellcheck source=scripts/chapitres.sh
source "$dossier_des_scripts/chapitres.sh"
# shellcheck source=scripts/attendre.sh
source "$dossier_des_scripts/attendre.sh"
# shellcheck source=scripts/netcat.sh
source "$dossier_des_scripts/netcat.sh"
: "${PROGRAMMES:=$racine/}"
GRAND_MIO=32

refuser() { echo "transfert.sh : $1 (voir scripts/transfert.sh -h)" >&2; exit 2; }
abandonner() { echo "transfert.sh : $1" >&2; exit 1; }

tours='' mio=''
while [ $# -gt 0 ]; do
    case $1 in
    -n | -m) [ $# -ge 2 ] || refuser "« $1 » attend une valeur" ;;&
    -h | --help) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"; exit ;;
    --rapide) : "${tours:=3}" "${mio:=256}" ;;
    -n) [[ $2 =~ ^[1-9][0-9]?$ ]] || refuser "« $2 » tours ? de 1 à 99"; tours=$2; shift ;;
    -m) [[ $2 =~ ^[1-9][0-9]{1,4}$ && $2 -ge 128 ]] || refuser "« $2 » Mio ? de 128 à 99999"
        mio=$(($2 / 128 * 128))
        shift ;;
    *) refuser "« $1 » ?" ;;
    esac
    shift
done
: "${tours:=5}" "${mio:=1024}"

# ─── Cette machine ───

# Lance la commande sur le premier, le dernier des cœurs permis. Sans taskset, ou à un seul cœur : où le noyau veut.
coeurs=$(taskset -cp $$ 2> /dev/null | sed 's/.*: //; s/[-,]/ /g') || coeurs=''
ici() { if [ "$coeurs" ]; then exec taskset -c "${coeurs%% *}" "$@"; else exec "$@"; fi; }
la() { if [ "$coeurs" ]; then exec taskset -c "${coeurs##* }" "$@"; else exec "$@"; fi; }

nc=$(netcat_programme openbsd) || nc=''
[ -x "${PROGRAMMES}tcp/27-transfert" ] || abandonner "tcp/27-transfert n'est pas compilé : make"
methodes=()
for methode in iperf3 65536 1048576 sendfile splice grand nc socat; do
    case $methode in
    nc) [ "$nc" ] || { echo "(sans nc : celui d'OpenBSD manque)"; continue; } ;;
    iperf3 | socat) command -v $methode > /dev/null || { echo "(sans $methode : il manque)"; continue; } ;;
    esac
    methodes+=("$methode")
done

passage=$(mktemp -d)
RECEVEUR=''
finir() {
    trap '' INT TERM HUP
    [ -z "$RECEVEUR" ] || kill -KILL "$RECEVEUR" 2> /dev/null || true
    rm -rf "$passage"
}
trap finir EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
head -c 1M /dev/urandom > "$passage/petit"
head -c "${GRAND_MIO}M" /dev/urandom > "$passage/grand"
for ((i = 0; i < mio / GRAND_MIO / 4; i++)); do cat "$passage/grand"; done > "$passage/suite"

# ─── Mesurer ───

# Lance qui reçoit, et attend qu'il écoute ; remplit RECEVEUR et PORT.
recevoir() {   # COMMANDE… (PORT y est le port)
    PORT=$(port_libre)
    la "${@//PORT/$PORT}" > "$passage/receveur" 2>&1 < /dev/null &
    RECEVEUR=$!
    attendre 10 port_pris tcp "$PORT" || abandonner "$1 n'écoute pas : $(cat "$passage/receveur")"
}

# Chronomètre, jusqu'à ce que l'autre ait fini aussi, une commande qui envoie « suite » ; écrit des Mio/s.
chronometrer() {   # COMMANDE…
    local debut=${EPOCHREALTIME/[.,]/} octets
    (ici "$@") < "$passage/suite" > /dev/null || return 1
    wait "$RECEVEUR" || return 1
    octets=$(stat -c %s "$passage/suite")
    echo $((octets * 1000000 / (${EPOCHREALTIME/[.,]/} - debut) / 1048576)) > "$passage/debit"
}

# De même, pour tcp/27-transfert, qui se chronomètre lui-même.
transferer() {   # MÉTHODE FICHIER FOIS
    recevoir "${PROGRAMMES}tcp/27-reception" PORT
    (ici "${PROGRAMMES}tcp/27-transfert" -m "$1" -n "$3" "$2" 127.0.0.1 "$PORT") |
        awk -v mio="$mio" '{ sub(/.*appels, */, ""); printf "%d\n", mio * 1000 / ($1 + 1) }' > "$passage/debit"
}

# Une mesure : le débit, en Mio/s, dans « debit ».
mesurer() {   # MÉTHODE
    case $1 in
    iperf3)
        recevoir iperf3 -s -1 -p PORT
        (ici iperf3 -c 127.0.0.1 -p "$PORT" -n "${mio}M" -J) > "$passage/iperf3" || return 1
        sed -n '/"sum_received"/,/}/s/.*"bits_per_second":[^0-9]*\([0-9]*\).*/\1/p' "$passage/iperf3" |
            awk '{ printf "%d\n", $1 / 8 / 1048576 }' > "$passage/debit" ;;
    nc)
        recevoir "$nc" -l -p PORT
        chronometrer "$nc" -N 127.0.0.1 "$PORT" || return 1 ;;
    socat)
        recevoir socat -u TCP-LISTEN:PORT,bind=127.0.0.1,reuseaddr OPEN:/dev/null
        chronometrer socat -u - "TCP:127.0.0.1:$PORT" || return 1 ;;
    grand) transferer sendfile "$passage/grand" $((mio / GRAND_MIO)) || return 1 ;;
    *) transferer "$1" "$passage/petit" "$mio" || return 1 ;;
    esac
    wait "$RECEVEUR" 2> /dev/null || true
    RECEVEUR=''
    [ "$(cat "$passage/debit")" -gt 0 ] && printf '%s\t%s\n' "$1" "$(cat "$passage/debit")" >> "$passage/mesures"
}

for ((tour = 1; tour <= tours; tour++)); do
    for methode in "${methodes[@]}"; do
        [ ! -t 2 ] || printf '\r\e[Ktour %d sur %d : %s' $tour "$tours" "$methode" >&2
        mesurer "$methode" || abandonner "$methode n'a pas pu être mesuré : $(tail -n 2 "$passage/receveur")"
    done
done
[ ! -t 2 ] || printf '\r\e[K' >&2

# ─── Le tableau ───

sort -t $'\t' -k 1,1 -k 2,2n "$passage/mesures" | awk -F '\t' -v ordre="${methodes[*]}" '
    { valeur[$1, ++nombre[$1]] = $2 }
    function mediane(m) {
        n = nombre[m]
        return n % 2 ? valeur[m, (n + 1) / 2] : (valeur[m, n / 2] + valeur[m, n / 2 + 1]) / 2
    }
    END {
        n_methodes = split(ordre, noms, " ")
        reference = mediane("iperf3")
        print "             Mio/s      de à      contre iperf3"
        for (i = 1; i <= n_methodes; i++) {
            m = noms[i]
            rapport = reference ? sprintf("%.2f", mediane(m) / reference) : "-"
            if (m !~ /^(iperf3|nc|socat)$/ && mediane(m) > haut) { haut = mediane(m); meilleure = m }
            sub(/\./, ",", rapport)
            printf "%-10s %7d %6d %6d %8s\n", m, mediane(m), valeur[m, 1], valeur[m, nombre[m]], rapport
        }
        if (!reference) exit
        rapport = sprintf("%.2f", haut / reference)
        sub(/\./, ",", rapport)
        print "la meilleure : " meilleure ", " rapport " fois iperf3 (attendu : 0,95 au moins)"
    }'
