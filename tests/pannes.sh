#!/usr/bin/env bash
# Fait échouer chaque appel de chaque programme, et regarde ce qu'il devient. strace truque la réponse du noyau ; le
# programme, lui, n'est pas touché. Une case : un programme, un appel, un errno, et quelle fois (la première, la
# deuxième, toujours). Ce qu'elle doit être se lit dans tests/pannes.tsv.
#
#   tests/pannes.sh [PROGRAMME...]          le tableau : tous les errno de chaque appel
#   tests/pannes.sh --un [PROGRAMME...]     un seul errno par appel, le premier de la table ; plus rapide
#   tests/pannes.sh --case PROGRAMME APPEL ERRNO 1|2|toujours     une case, racontée
#
# Et des comptes courts : « send 1 octet », « recv 1 octet », à chaque appel. Rend 1 si une case n'est pas ce qu'elle
# doit être, 2 si la demande est mal écrite. Chaque case est bornée.
set -euo pipefail
export LC_ALL=C.UTF-8
racine=$(CDPATH='' cd "$(dirname "$0")/.." && pwd)
source "$racine/scripts/chapitres.sh"
source "$racine/scripts/attendre.sh"
: "${PROGRAMMES:=$racine/}"
sonde=$racine/build/tests/sonde partiel=$racine/build/tests/partiel.so table=$racine/tests/pannes.tsv
PATIENCE=${PATIENCE:-3}   # secondes accordées à une case

refuser() { echo "pannes.sh : $1" >&2; exit 2; }

# ─── Jouer un programme, un appel truqué ───

# Les appels dont le nom diffère pour le noyau.
# shellcheck disable=SC2054  # les virgules sont celles de strace
declare -A du_noyau=([accept]=accept,accept4 [poll]=poll,ppoll [select]=select,pselect6 [fork]=clone,clone3,fork,vfork
    [send]=sendto [recv]=recvfrom [wait]=wait4,waitid)
mapfile -t appels < <(awk -F '\t' '$1 == "errnos" { print $2 }' "$table")

# Lance le programme sous strace, sa trace dans « trace » ; « pid » est le sien. Le reste : ce que strace truque.
lancer() {   # ENTRÉE ARGUMENTS -- TRUQUAGE...
    local entree=$1 arguments=()
    shift
    while [ "$1" != -- ]; do arguments+=("$1"); shift; done
    shift
    rm -f pid trace
    setpriv --pdeathsig KILL strace -f -qq -yy -o trace "$@" ${court:+-E "LD_PRELOAD=$partiel" -E PARTIEL=1} \
        sh -c 'echo $$ > pid; exec "$@"' sh "$PROGRAMMES$programme" "${arguments[@]}" \
        < "$entree" > sortie 2> erreurs &
    fil=$!
}
fini() { ! kill -0 "$fil" 2> /dev/null; }

# Attend la fin, au plus PATIENCE ; « fin » : son code, ou « attend ».
attendre_la_fin() {
    fin=attend
    if attendre "$PATIENCE" fini; then
        fin=0
        wait "$fil" || fin=$?
    fi
    achever
}
achever() {
    local signal
    for signal in TERM KILL; do
        [ ! -s pid ] || kill -$signal "$(< pid)" 2> /dev/null || true
        ! attendre 1 fini || break
    done
    wait "$fil" 2> /dev/null || true
}

jouer_client() {   # TRUQUAGE...
    local entend=(lire-ligne envoyer 'ok\n' lire-fin) partenaire
    [ "$protocole" = tcp ] || entend=(lire envoyer 'ok\n' pause)
    "$sonde" "$protocole-serveur" "$hote" "$port" "${entend[@]}" > en-face 2> /dev/null &
    partenaire=$!
    attendre 2 grep -qs '^port' en-face || true
    lancer /dev/null "$hote" "$port" -- "$@"
    attendre_la_fin
    kill "$partenaire" 2> /dev/null || true
    wait "$partenaire" 2> /dev/null || true
    sed -i '/^port/d' en-face
}

pret() { fini || grep -qE "^[0-9]+ +$attendu_pour_servir" trace 2> /dev/null; }
appeler() {   # écrit ce que répond le serveur à un client
    local dit=(envoyer 'Bonjour\n' lire-ligne demi-fermer)
    [ "$protocole" = tcp ] || dit=(envoyer 'Bonjour\n' lire)
    timeout 2 "$sonde" "$protocole" "$hote" "$port" "${dit[@]}" 2> /dev/null | grep '^lire' || true
}
jouer_serveur() {   # TRUQUAGE...
    local attendu_pour_servir='listen\(.* = 0$'
    [ "$protocole" = tcp ] || attendu_pour_servir='bind\(.* = 0$'
    lancer /dev/null "$port" -- "$@"
    attendre "$PATIENCE" pret || true
    fin=attend
    : > en-face
    for _ in $clients; do
        if fini; then break; fi
        appeler > en-face
    done
    [ ${#panne[@]} -eq 0 ] || fini || attendre 2 est_dit "${panne[@]}" || true
    if fini; then attendre_la_fin; else achever; fi
}

jouer_seul() {   # TRUQUAGE...
    lancer /dev/null -- "$@"
    attendre_la_fin
    : > en-face
}

panne=()          # l'appel et l'errno que l'on attend de lire
clients='1 2 3'   # ceux d'un serveur ; un seul, quand un appel échoue toujours
jouer() {   # TRUQUAGE...     un port neuf à chaque fois : aucun TIME-WAIT n'y gêne personne
    port=$((port + 1))
    "jouer_$genre" "$@"
}
port=5000

# ─── Le témoin : le même, sans panne ───

# Remplit genre, protocole, hote.
reconnaitre() {
    local face
    face=$(faces "$programme" | head -n 1)
    read -r genre protocole hote _ <<< "${face:-seul - -}"
    [ "$genre" != refus ] || genre=seul
}

# Les appels du programme sur ses sockets, d'après la trace du témoin : APPEL, les rangs de son premier et de son
# deuxième parmi tous les appels de ce nom (le chargeur et la libc en font aussi), et s'ils sont du départ ou du service.
compter_les_appels() {
    local appel
    for appel in "${appels[@]}"; do
        awk -v appel="$appel" -v noms="${du_noyau[$appel]:-$appel}" '
            BEGIN { n = split(noms, liste, ","); for (i = 1; i <= n; i++) du_noyau[liste[i]] = 1 }
            { nom = $2; sub(/\(.*/, "", nom) }
            # Les sockets que la libc ouvre pour elle : vers nscd, vers le noyau, ou pour trier des adresses.
            nom == "socket" && /AF_NETLINK|SOCK_CLOEXEC.*, (0|IPPROTO_IP)\)/ && match($0, /= [0-9]+/) {
                libc[substr($0, RSTART + 2, RLENGTH - 2)] = 1
            }
            function a_la_libc() {
                if (nom == "socket") return /AF_NETLINK|SOCK_CLOEXEC.*, (0|IPPROTO_IP)\)/
                return match($0, /\([0-9]+</) && substr($0, RSTART + 1, RLENGTH - 2) in libc
            }
            function sur_une_socket() {
                if (nom ~ /^(socket|socketpair|clone3?|v?fork|wait4|waitid|p?poll|p?select6?)$/) return !/poll\(NULL/
                return /^[0-9]+ +[a-z0-9_]+\([0-9]+<(TCP|UDP|UNIX|socket)/
            }
            nom ~ /^(accept4?|recvfrom|recvmsg|p?poll|p?select6?)$/ { accueilli = 1 }
            nom in du_noyau && ++rang && sur_une_socket() && !a_la_libc() {
                rangs[++vus] = rang
                places[vus] = accueilli ? "service" : "départ"
            }
            nom == "close" && match($0, /\([0-9]+/) { delete libc[substr($0, RSTART + 1, RLENGTH - 1)] }
            END { if (vus) print appel, rangs[1], (vus > 1 ? rangs[2] : "-"), places[1], places[2] }
        ' trace
    done
}

prendre_le_temoin() {
    court='' jouer -e trace=all
    fin_du_temoin=$fin
    cp sortie temoin.sortie
    cp en-face temoin.en-face
    lignes_du_temoin=$(wc -l < trace)
    mapfile -t siens < <(compter_les_appels)
}

# ─── Une case ───

# Ce que la table demande.
attendu() {   # QUI APPEL ERRNO
    awk -F '\t' -v qui="$1" -v appel="$2" -v errno="$3" -v programme="$programme" \
        -v nu="$(! est_nu "$programme" || echo oui)" '
        function convient(liste, mot) { return liste == "*" || index(" " liste " ", " " mot " ") }
        /^#/ || $1 == "errnos" { next }
        ($1 == "*" || $1 == qui || $1 == programme || (nu != "" && $1 == "nu")) && convient($2, appel) && convient($3, errno) { print $4; exit }
    ' "$table"
}

# Vrai si l'appel et l'errno sont dits : « recv : … [ECONNRESET] », ou à la façon de perror.
est_dit() {   # APPEL ERRNO
    local noms=$1 texte
    case $1 in
    send) noms='(send|sendto)' ;;
    recv) noms='(recv|recvfrom)' ;;
    wait) noms='(wait|waitpid)' ;;
    esac
    texte=$(sed -n "s/.* $2 (\([^()]*\)) (INJECTED)\$/\1/p" trace | head -n 1)
    sed -z 's/\n *\[/ [/g' erreurs sortie | grep -qE "\b$noms\b.*(\[$2\]|: ${texte:-?})"   # une longue ligne est coupée
}

# Ce qu'elle est devenue : finit, reprend, sert, dit ; ou ce qui ne va pas.
constater() {   # APPEL ERRNO FOIS
    if [ "$fin" != attend ] && [ "$fin" -gt 128 ]; then echo "meurt du signal $((fin - 128))"
    elif [ "$(wc -l < trace)" -gt $((lignes_du_temoin * 3 + 400)) ]; then echo "s'emballe"
    elif [ "$genre" = serveur ] && [ "$fin" = attend ]; then
        if est_dit "$1" "$2"; then
            if [ "$3" = toujours ] || cmp -s en-face temoin.en-face; then echo sert; else echo 'ne sert plus'; fi
        elif cmp -s en-face temoin.en-face; then echo reprend
        else echo 'se tait'
        fi
    elif [ "$fin" = attend ] && [ "$fin_du_temoin" != attend ]; then echo 'se bloque'
    elif [ "$fin" = 1 ] && est_dit "$1" "$2" && [ "$genre" != seul ]; then echo finit
    elif est_dit "$1" "$2"; then if [ "$genre" = seul ]; then echo dit; else echo "dit, code $fin"; fi
    elif [ "$fin" = "$fin_du_temoin" ] && cmp -s en-face temoin.en-face; then echo reprend
    else echo "code $fin, sans le dire"
    fi
}

jouer_la_case() {   # APPEL ERRNO RANG
    local clients='1 2 3' panne=("$1" "$2")
    [[ $3 != *+ ]] || clients=1
    court='' jouer -e "trace=${du_noyau[$1]:-$1}" -e "inject=${du_noyau[$1]:-$1}:error=$2:when=$3"
}

# Joue une case et en écrit la ligne ; la compte si elle est fausse.
juger() {   # APPEL ERRNO FOIS RANG PLACE
    local qui=$genre veut vu
    [ "$genre:$5" != serveur:départ ] || qui=serveur-départ
    veut=$(attendu "$qui" "$1" "$2")
    [ "$3:$veut" != toujours:reprend ] || return 0   # repris toujours : il n'en sortirait jamais
    jouer_la_case "$1" "$2" "$4"
    vu=$(constater "$1" "$2" "$3")
    cases=$((cases + 1))
    if [[ " $veut " == *" $vu "* ]]; then
        printf '  %-12s %-16s %-9s %s\n' "$1" "$2" "$3" "$vu"
    else
        fausses=$((fausses + 1))
        printf '  %-12s %-16s %-9s %s   ← attendu : %s\n' "$1" "$2" "$3" "$vu" "$veut"
    fi
}

juger_les_comptes_courts() {
    court=oui jouer -e trace=sendto
    cases=$((cases + 1))
    local vu='tout passe'
    if [ "$fin" != "$fin_du_temoin" ] || ! cmp -s en-face temoin.en-face; then
        vu="code $fin   ← attendu : code $fin_du_temoin, et le même échange"
        fausses=$((fausses + 1))
    fi
    printf '  %-12s %-16s %-9s %s\n' 'send, recv' '1 octet' toujours "$vu"
}

juger_un_programme() {
    local ligne appel premiere deuxieme place place2 errnos errno
    reconnaitre
    prendre_le_temoin
    echo "$programme ($genre)"
    for ligne in "${siens[@]}"; do
        read -r appel premiere deuxieme place place2 <<< "$ligne"
        errnos=$(awk -F '\t' -v appel="$appel" '$1 == "errnos" && $2 == appel { print $3 }' "$table")
        [ ! "$un" ] || errnos=${errnos%% *}
        for errno in $errnos; do
            juger "$appel" "$errno" 1 "$premiere" "$place"
            [ "$deuxieme" = - ] || juger "$appel" "$errno" 2 "$deuxieme" "$place2"
            juger "$appel" "$errno" toujours "$premiere+" "$place"
        done
    done
    [ "$genre" = seul ] || juger_les_comptes_courts
}

raconter_la_case() {   # APPEL ERRNO FOIS
    local ligne rang1 rang2 place1 place2
    reconnaitre
    prendre_le_temoin
    ligne=$(printf '%s\n' "${siens[@]}" | grep "^$1 ") || refuser "$programme ne fait pas $1"
    read -r _ rang1 rang2 place1 place2 <<< "$ligne"
    case $3 in
    1) juger "$1" "$2" 1 "$rang1" "$place1" ;;
    2) [ "$rang2" != - ] || refuser "$programme ne fait $1 qu'une fois"
        juger "$1" "$2" 2 "$rang2" "$place2" ;;
    toujours) juger "$1" "$2" toujours "$rang1+" "$place1" ;;
    *) refuser "« $3 » : 1, 2 ou toujours" ;;
    esac
    tail -n 20 -v trace sortie erreurs en-face
}

# ─── La demande ───

un='' une_case=() demande=("$@")
case ${1:-} in
-h | --help) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"
    exit ;;
--un) un=oui
    shift ;;
--case) [ $# -eq 5 ] || refuser 'quatre mots : --case PROGRAMME APPEL ERRNO 1|2|toujours'
    une_case=("${@:3}")
    set -- "$2" ;;
-*) refuser "« $1 » n'est pas une option" ;;
esac
mapfile -t tous < <(chapitres)
for programme; do
    [[ " ${tous[*]} " == *" $programme "* ]] || refuser "aucun chapitre « $programme »"
done
[ $# -gt 0 ] || set -- "${tous[@]}"
command -v strace > /dev/null || { echo 'pannes.sh : strace est absent : sudo apt-get install strace' >&2; exit 1; }
[ -x "$sonde" ] || { echo "pannes.sh : d'abord : make test" >&2; exit 1; }
if [ "${PANNES_ICI:-}" != oui ]; then
    PANNES_ICI=oui exec "$racine/scripts/espace.sh" "$0" "${demande[@]}"
fi

bac=$(mktemp -d)
trap 'rm -rf "$bac"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$bac"
cases=0 fausses=0
if [ ${#une_case[@]} -gt 0 ]; then
    raconter_la_case "${une_case[@]}"
else
    for programme; do juger_un_programme; done
fi
echo "$cases cases, $fausses fausses"
[ "$fausses" -eq 0 ]
