#!/usr/bin/env bash
# Le feu roulant : tous les serveurs à plusieurs clients ensemble, chacun sous des
# clients et des accidents tirés au hasard ; puis toutes les sondes, puis l'arrêt
# demandé. Le hasard se rejoue par sa graine, qui est affichée.
#
#   tests/feu.sh [-t secondes] [-g graine] [programme...]
#                         20 secondes ; tcp/24-serveur-epoll…
#
# PROGRAMMES dit où sont les exécutables (« make SAN=1 » les met dans build/) ;
# les sondes sont celles de tests/lancer.sh. Rend 0 si rien n'a cédé, 1 sinon, 2 si
# la demande est mal écrite.
set -euo pipefail
source "$(dirname "$0")/../scripts/chapitres.sh"
source "$racine/scripts/attendre.sh"
source "$racine/scripts/trace.sh"
sondes=$racine/build/tests/sondes
PROGRAMMES=${PROGRAMMES:-$racine/}
duree=20 graine=$RANDOM delai=8

if [[ ${1:-} == @(-h|--help) ]]; then
    sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"
    exit
fi
while getopts t:g: option; do
    if [[ $option == '?' || ! $OPTARG =~ ^[0-9]{1,6}$ ]]; then
        echo 'feu.sh : « -t secondes », « -g graine », puis des programmes (voir -h)' >&2
        exit 2
    fi
    case $option in t) duree=$OPTARG ;; *) graine=$OPTARG ;; esac
done
shift $((OPTIND - 1))
serveurs=("$@")
[ $# -gt 0 ] || while read -r chapitre; do
    ! est_multiple "$chapitre" || serveurs+=("$chapitre")
done < <(chapitres)
for serveur in "${serveurs[@]}"; do
    [ -x "$PROGRAMMES$serveur" ] || { echo "feu.sh : « $serveur » ne se lance pas (voir -h)" >&2; exit 2; }
done
[ -x "$sondes" ] || { echo 'feu.sh : les sondes ne sont pas compilées : tests/lancer.sh le fait' >&2; exit 2; }

passage=$(mktemp -d)
finir() {
    local pid
    exec 2> /dev/null   # bash annoncerait chaque mort, une par une
    for pid in "${lances[@]}"; do kill -CONT "$pid" && kill -KILL "$pid"; done || true
    wait || true
    rm -rf "$passage"
}
lances=()
trap finir EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# ASan garde ce qui est rendu, pour le surveiller : sans borne, on y verrait une fuite. Pour chercher les fuites
# à la fin d'un processus, il en crée un autre, que nos accidents pourraient tuer : les tests des sondes s'en chargent.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=4:detect_leaks=0"
# Nos sondes ouvrent jusqu'à 10000 connexions ; chaque serveur prend ce qu'il lui faut.
ulimit -n "$(ulimit -Hn)"

allumer() {   # PROGRAMME     remplit pid
    local journal=$passage/${1//\//-}
    env --default-signal=INT,QUIT,PIPE "$PROGRAMMES$1" -d "$delai" 0 < /dev/null > "$journal.out" 2> "$journal.err" &
    pid=$!
    lances+=("$pid")
    attendre 10 grep -qs '^listen : ' "$journal.out" || { echo "$1 n'écoute pas :"; cat "$journal".*; return 1; }
}

# Le feu d'un serveur, puis tout ce qu'on lui demande d'ordinaire.
eprouver() {   # PROGRAMME PID
    local journal=$passage/${1//\//-} port limite code=0
    port=$(trace_port "$journal.out")
    limite=$(sed -n 's/^listen : .*, \([0-9]*\) clients au plus$/\1/p' "$journal.out")
    local options=(-d "$delai" -n "${limite:-0}" -e "$journal.err")
    "$sondes" "${options[@]}" -t "$duree" -g "$graine" feu "$2" 127.0.0.1 "$port" || code=1
    [ $code -ne 0 ] || "$sondes" "${options[@]}" toutes "$2" 127.0.0.1 "$port" || code=1
    return $code
}

pluriel=s
[ ${#serveurs[@]} -gt 1 ] || pluriel=''
echo "feu : $duree s, graine $graine, ${#serveurs[@]} serveur$pluriel"
rate=0
pids=() epreuves=()
for serveur in "${serveurs[@]}"; do
    allumer "$serveur" || exit 1
    pids+=("$pid")
    eprouver "$serveur" "$pid" > "$passage/${serveur//\//-}.verdict" 2>&1 &
    epreuves+=($!)
    lances+=($!)
done
for i in "${!serveurs[@]}"; do
    journal=$passage/${serveurs[i]//\//-} verdict=tient
    wait "${epreuves[i]}" || verdict=CÈDE
    kill -TERM "${pids[i]}" 2> /dev/null || true
    code=0
    wait "${pids[i]}" || code=$?
    [ $code -eq 0 ] || verdict="CÈDE : au SIGTERM, code $code"
    ! grep -aE 'Sanitizer|runtime error:' "$journal.err" || verdict='CÈDE : ASan ou UBSan'
    echo "${serveurs[i]} : $verdict"
    sed 's/^/    /' "$journal.verdict"
    [ "$verdict" = tient ] || rate=1
done
exit $rate
