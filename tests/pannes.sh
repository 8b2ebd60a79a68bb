#!/usr/bin/env bash
# Fait échouer chaque appel de chaque programme, et regarde ce qu'il devient. strace truque la réponse du noyau ; le
# programme, lui, n'est pas touché. Une case : un programme, un appel, un errno, et quelle fois (la première, la
# deuxième, toujours). Ce qu'elle doit être se lit dans tests/pannes.tsv.
#
#   tests/pannes.sh [PROGRAMME...]          le tableau : tous les errno de chaque appel
#   tests/pannes.sh --un [PROGRAMME...]     un seul errno par appel, le premier de la table ; plus rapide
#   tests/pannes.sh --case PROGRAMME APPEL ERRNO 1|2|toujours     une case, racontée
#
# Une case « - » n'existe pas : il ne fait l'appel qu'une fois ; ou bien l'appel rend déjà cet errno ; ou bien il le
# refait, à raison, tant qu'il échoue, et n'en sortirait pas. ✗ : elle n'est pas ce qu'elle doit être, dit dessous. Et
# des comptes courts : chaque send et chaque recv n'avancent que d'un octet. Rend 1 si une case est fausse, 2 si la
# demande est mal écrite. Chaque case est bornée, a son dossier et son port ; plusieurs de front (DE_FRONT).
set -euo pipefail
export LC_ALL=C.UTF-8
racine=$(CDPATH='' cd "$(dirname "$0")/.." && pwd)
source "$racine/scripts/chapitres.sh"
: "${PROGRAMMES:=$racine/}" "${DE_FRONT:=$((2 * $(nproc)))}"
sonde=$racine/build/tests/sonde partiel=$racine/build/tests/partiel.so table=$racine/tests/pannes.tsv
PATIENCE=${PATIENCE:-5}   # secondes accordées à une case, en plus de ce que prend le programme sans panne

refuser() { echo "pannes.sh : $1" >&2; exit 2; }

# ─── Jouer un programme, un appel truqué, dans le dossier où l'on est ───

# Les appels dont le nom diffère pour le noyau.
# shellcheck disable=SC2054  # les virgules sont celles de strace
declare -A du_noyau=([accept]=accept,accept4 [poll]=poll,ppoll [select]=select,pselect6 [fork]=clone,clone3,fork,vfork
    [epoll_create]=epoll_create,epoll_create1 [epoll_wait]=epoll_wait,epoll_pwait
    [send]=sendto [recv]=recvfrom [wait]=wait4,waitid)
mapfile -t appels < <(awk -F '\t' '$1 == "errnos" { print $2 }' "$table")

# Vrai dès que la commande réussit ; faux après tant de millisecondes. « sablier » : un tube où rien ne vient.
guetter() {   # MS COMMANDE...
    local terme=$((${EPOCHREALTIME/[.,]/} + $1 * 1000))
    shift
    until "$@"; do
        ((${EPOCHREALTIME/[.,]/} < terme)) || return 1
        read -rt 0.01 -u "$sablier" || true
    done
}
existe() { kill -0 "$1" 2> /dev/null; }   # un processus lancé ici
achever() { kill -KILL "$1" 2> /dev/null || true; wait "${1#-}" 2> /dev/null || true; }

# Lance une commande, pour « patience » secondes au plus, dans un groupe de processus à elle : « groupe ».
lancer() {   # COMMANDE...     avec les redirections
    setpriv --pdeathsig TERM timeout -s KILL "$patience" "$@" <&0 {sablier}<&- &
    groupe=$!
}
# Le programme, sous strace ; « fil » est son groupe.
lancer_le_truque() {   # TRUQUAGE...
    lancer strace -f -qq -yy -o trace "$@" ${court:+-E "LD_PRELOAD=$partiel" -E PARTIEL=1} \
        "$PROGRAMMES$programme" "${arguments[@]}" > sortie 2> erreurs
    fil=$groupe
}
# Attend sa fin ; « fin » : son code, ou « attend ». Rien ne lui survit.
attendre_la_fin() {
    fin=0
    { wait "$fil" || fin=$?; } 2> /dev/null
    [ "$fin" -ne 137 ] || fin=attend
    achever "-$fil"
}

# En face d'un client : un autre programme du cours, ou la sonde.
jouer_client() {   # TRUQUAGE...
    local partenaire entend=(lire-ligne envoyer 'ok\n' lire-fin)
    [ "$protocole" != udp ] || entend=(lire envoyer 'ok\n' pause)
    entend=("$sonde" "$protocole-serveur" "$hote" "$port" "${entend[@]}")
    [ ${#compagnon[@]} -eq 0 ] || entend=("${compagnon[@]}")
    lancer "${entend[@]}" > en-face 2> /dev/null
    partenaire=$groupe
    guetter "${patience}000" grep -qsE '^(port|bind)' en-face || true
    lancer_le_truque "$@"
    attendre_la_fin
    if [ "$fin" != 0 ]; then :   # il n'est peut-être jamais venu
    elif [ "$protocole" = udp ]; then guetter 1000 grep -qs '^envoyer' en-face || true
    else wait "$partenaire" 2> /dev/null || true
    fi
    achever "-$partenaire"
    sed -i '/^port/d; s/pid [0-9]*/pid …/' en-face
}

# Prêt à servir, ou fini. Sa trace contient toujours cet appel ; à plusieurs clients, il le dit.
pret() {
    ! existe "$fil" || { [ "$multiple" ] && grep -qs '^listen : ' sortie; } ||
        { [ ! "$multiple" ] && grep -qE "^[0-9]+ +$etape\(.* = 0$" trace 2> /dev/null; }
}
# Un client du serveur ; sauf le dernier, il n'attend plus rien quand la panne est dite ; « derniers » les compte.
appeler() {   # RANG
    [ "$1" != dernier ] || derniers=$((derniers + 1))
    local client dit=(envoyer 'Bonjour\n' lire-ligne demi-fermer)
    [ "$protocole" != udp ] || dit=(envoyer 'Bonjour\n' lire)
    lancer "$sonde" "$protocole" "$hote" "$port" "${dit[@]}" > reponse 2> /dev/null
    client=$groupe
    guetter "${patience}000" servi "$client" "$1" || true
    achever "-$client"
    grep '^lire' reponse > en-face || true
}
reste_a_voir() {
    [ -e "$temoin/fin" ] && { ! cmp -s en-face "$temoin/en-face" || { [ ${#panne[@]} -gt 0 ] && ! injecte "${panne[1]}"; }; }
}
servi() { ! existe "$1" || { [ "$2" != dernier ] && est_deja_dit; }; }
jouer_serveur() {   # TRUQUAGE...
    local etape=listen rang
    [ "$protocole" != udp ] || etape=bind
    lancer_le_truque "${@/#trace=/trace=$etape,}" < entree
    guetter "${patience}000" pret || true
    fin=attend derniers=0
    : > en-face
    for rang in $clients; do
        if existe "$fil"; then appeler "$rang"; fi
    done
    # À plusieurs clients, chaque processus, chaque fil a sa première panne : il en vient d'autres, jusqu'à ce qu'elle ait
    # eu lieu, et que l'un soit servi.
    while [ "$multiple:$clients" = 'oui:1 2 dernier' ] && [ "$derniers" -lt "$DERNIERS" ] && existe "$fil" && reste_a_voir; do
        appeler dernier
    done
    if [ "$clients" = encore ]; then
        guetter 2000 est_deja_dit || true
        guetter 300 s_emballe || true   # un tiers de seconde, pour le voir
    fi
    if existe "$fil"; then achever "-$fil"; else attendre_la_fin; fi
}

# Quelqu'un vient ; puis le programme lit son entrée, et finit.
jouer_visite() {   # TRUQUAGE...
    local etape=listen visiteur dit=("$sonde" "$protocole" "$hote" "$port" envoyer 'Bonjour\n' demi-fermer lire-fin)
    [ ${#compagnon[@]} -eq 0 ] || { etape=bind dit=("${compagnon[@]}"); }
    lancer_le_truque "${@/#trace=/trace=$etape,}" < <(guetter "${patience}000" test -e venu; cat entree)
    guetter "${patience}000" pret || true
    lancer "${dit[@]}" > en-face 2> /dev/null
    visiteur=$groupe
    guetter "${patience}000" arrive || true
    : > venu
    attendre_la_fin
    wait "$visiteur" 2> /dev/null || true
}
arrive() { ! existe "$fil" || ! existe "$visiteur" || [ -s en-face ]; }

jouer_seul() {   # TRUQUAGE...
    lancer_le_truque "$@" < entree
    attendre_la_fin
    : > en-face
}

panne=()                  # l'appel et l'errno que l'on attend de lire
clients='1 2 dernier'     # ceux d'un serveur ; un seul, « encore », quand un appel échoue toujours
DERNIERS=8                # derniers au plus, d'un serveur à plusieurs clients
court=''                  # oui : send et recv n'avancent que d'un octet
jouer() {   # TRUQUAGE...
    printf '%b' "$entree" > entree
    "jouer_$genre" "$@"
}

# ─── Le témoin : le même, sans panne ───

# Remplit genre, protocole, hote, et ce qu'on lui donne : arguments, entree, compagnon ; « multiple », oui s'il sert
# plusieurs clients à la fois.
reconnaitre() {
    local face mots
    compagnon=() entree='' multiple=''
    ! est_multiple "$programme" || multiple=oui
    face=$(awk -F '\t' -v programme="$programme" '
        $1 == "jeu" && $2 == programme { print $3 "|" $4 "|" $5 "|" $6 "|" $7 "|" $8 }' "$table")
    if [ "$face" ]; then
        IFS='|' read -r genre protocole hote mots entree face <<< "$face"
        read -ra arguments <<< "$mots"
        read -ra compagnon <<< "$face"
        [ ${#compagnon[@]} -eq 0 ] || compagnon[0]=$PROGRAMMES${compagnon[0]}
        return
    fi
    read -r genre protocole hote _ < <(faces "$programme"; echo 'seul - -')   # la première
    [ "$genre" != refus ] || genre=seul
    case $genre in
    seul) arguments=() ;;
    client) arguments=("$hote" PORT) ;;
    serveur) arguments=(PORT) ;;
    esac
}

# Un port à lui, dans un dossier à lui ; ce qu'on lui donne l'y suit.
s_installer() {   # DOSSIER
    mkdir -p "$1"
    cd "$1"
    echo 'un texte à lire' > texte
    arguments=("${arguments[@]//PORT/$port}")
}

# Les appels du programme sur ses sockets, d'après la trace du témoin : APPEL, les rangs de son premier et de son
# deuxième parmi tous les appels de ce nom du même processus (le chargeur et la libc en font aussi), s'ils sont du
# départ ou du service, ce qu'ils rendent (un errno, ou -), et combien il en fait en tout. De la « relève » : fait par un
# processus que le programme relancerait s'il en mourait ; strace y compterait depuis un.
compter_les_appels() {
    local appel
    for appel in "${appels[@]}"; do
        awk -v appel="$appel" -v noms="${du_noyau[$appel]:-$appel}" -f "$racine/tests/pannes.awk" trace
    done
}

prendre_le_temoin() {
    local debut=${EPOCHREALTIME/[.,]/} patience=20
    port=$((port + 1))
    temoin=$PWD/temoin
    jouer_a_part "$temoin" -e trace=all
    fin_du_temoin=$(< "$temoin/fin")
    mapfile -t siens < <(cd "$temoin" && compter_les_appels)
    patience_d_une_case=$((PATIENCE + 3 * (${EPOCHREALTIME/[.,]/} - debut) / 1000000))
}
jouer_a_part() {   # DOSSIER TRUQUAGE...
    (
        s_installer "$1"
        shift
        jouer "$@"
        tout_ecrit > ecrits
        echo "$fin" > fin
    )
}

# ─── Une case ───

# Ce que la table demande.
attendu() {   # QUI APPEL ERRNO
    awk -F '\t' -v qui="$1" -v appel="$2" -v errno="$3" -v programme="$programme" \
        -v nu="$(! est_nu "$programme" || echo oui)" -v multiple="$(! est_multiple "$programme" || echo oui)" '
        function convient(liste, mot) { return liste == "*" || index(" " liste " ", " " mot " ") }
        /^#/ || $1 ~ /^(errnos|jeu)$/ { next }
        !convient($2, appel) || !convient($3, errno) { next }
        convient($1, qui) || convient($1, programme) || (nu != "" && $1 == "nu") ||
            (multiple != "" && $1 == "multiple") { print $4; exit }
    ' "$table"
}

# Tout ce que le programme a écrit, ses longues lignes remises en une, dans l'ordre alphabétique.
tout_ecrit() {
    local texte
    texte=$(cat erreurs sortie | tr -d '\0')
    sort <<< "${texte//$'\n    '/ }"
}

# Le texte que perror donne à l'errno, d'après la trace ; vrai si l'appel a bien échoué.
injecte() {   # ERRNO
    texte=''
    [[ $(< trace) =~ \ $1\ \(([^()]*)\)\ \(INJECTED\) ]] || return 1
    texte=${BASH_REMATCH[1]}
} 2> /dev/null
est_deja_dit() {
    local texte
    [ ${#panne[@]} -gt 0 ] && injecte "${panne[1]}" &&
        [[ $(cat erreurs sortie) == *@("[${panne[1]}]"|": $texte")* ]]
}

# Vrai si l'appel et l'errno sont dits, plus souvent que par le témoin : « recv : … [ECONNRESET] », ou à la façon de
# perror.
est_dit() {   # APPEL ERRNO
    local noms=$1 autre=$2 texte
    case $1 in
    send) noms='(send|sendto)' ;;
    recv) noms='(recv|recvfrom)' ;;
    wait) noms='(wait|waitpid)' ;;
    poll | epoll_wait) noms="(${du_noyau[$1]//,/|})" ;;
    select) noms='p?select' ;;
    fork) noms='(fork|pthread_create)' autre=EAGAIN ;;   # la libc dit ainsi un fil que la mémoire refuse
    epoll_create) noms='epoll_create1?' ;;
    esac
    injecte "$2" || return 1
    comm -13 "$temoin/ecrits" ecrits | sed "s/^${programme##*/} : //" |
        grep -E "\b$noms\b.*(\[($2|$autre)\]|: $texte)" > /dev/null   # jusqu'au bout : -q couperait comm
}

# Vrai si chacun des derniers clients, dans son processus ou son fil, a eu sa panne : le serveur les a donc tous pris.
est_dit_a_chacun() {   # ERRNO
    local texte
    [ "$derniers" -eq "$DERNIERS" ] && injecte "$1" && [ "$(grep -chE "\[$1\]|: $texte\$" erreurs)" -ge "$derniers" ]
}

# Vrai si une ligne de son tableau a changé : l'errno y est, ou le « - » d'un refus.
est_montre() { comm -13 "$temoin/ecrits" ecrits | grep -E "\[$1\]| -( |\$)" > /dev/null; }   # ERRNO

# Vrai s'il refait l'appel sans fin.
s_emballe() { [ "$(wc -l < trace)" -gt $((appels_du_temoin * 3 + (${#multiple} ? 400 : 100))) ]; } 2> /dev/null

# Ce qu'elle est devenue : finit, reprend, sert, dit ; ou ce qui ne va pas.
constater() {   # APPEL ERRNO FOIS
    local texte
    if [ "$fin" != attend ] && [ "$fin" -gt 128 ]; then echo "signal $((fin - 128))"
    elif s_emballe; then echo "s'emballe"
    elif ! injecte "$2"; then echo "pas d'appel"
    elif [ "$genre" = serveur ] && [ "$fin" = attend ]; then
        if est_dit "$1" "$2"; then
            if [ "$3" = toujours ] || cmp -s en-face "$temoin/en-face" || est_dit_a_chacun "$2"; then echo sert
            else echo 'ne sert plus'
            fi
        elif cmp -s en-face "$temoin/en-face"; then echo reprend
        else echo 'se tait'
        fi
    elif [ "$fin" = attend ] && [ "$fin_du_temoin" != attend ]; then echo 'se bloque'
    elif est_dit "$1" "$2"; then
        case $genre:$fin in
        client:1 | serveur:1) echo finit ;;
        seul:0 | client:0) if grep -qE "\[$2\]|: ${texte:-\\[}" erreurs; then echo 'dit, code 0'; else echo dit; fi ;;
        seul:* | visite:*) echo dit ;;
        *) echo "dit, code $fin" ;;
        esac
    elif [ "$1:$3:$fin" = write:toujours:1 ] && [ ! -s erreurs ]; then echo muet
    elif [ "$fin" = "$fin_du_temoin" ] && est_montre "$2"; then echo montre
    elif [ "$fin" = "$fin_du_temoin" ] && cmp -s en-face "$temoin/en-face"; then echo reprend
    else echo "code $fin, muet"
    fi
}

# Joue une case dans un dossier à elle ; y range ce qu'elle devait être, et ce qu'elle a été.
juger() {   # DOSSIER APPEL ERRNO FOIS RANG
    local clients=$clients panne=("$2" "$3") noms=${du_noyau[$2]:-$2} patience=$patience_d_une_case
    [ "$4" != toujours ] || clients=encore
    s_installer "$1"
    jouer -e "trace=$noms" -e "inject=$noms:error=$3:when=$5"
    tout_ecrit > ecrits
    constater "${@:2:3}" > vu
}
juger_les_comptes_courts() {   # DOSSIER
    local court=oui patience=$patience_d_une_case
    s_installer "$1"
    jouer -e trace=sendto
    if [ "$fin" != "$fin_du_temoin" ]; then echo "code $fin" > vu
    elif ! cmp -s en-face "$temoin/en-face"; then echo 'autre échange' > vu
    else echo 'tout passe' > vu
    fi
}

# Joue de front ; « en_cours » : combien le sont déjà.
en_cours=0
de_front() {   # COMMANDE...
    [ "$en_cours" -lt "$DE_FRONT" ] || { wait -n || true; en_cours=$((en_cours - 1)); }
    "$@" &
    en_cours=$((en_cours + 1)) port=$((port + 1))
}

# Lance une case, si elle existe ; son dossier : APPEL.ERRNO.FOIS.
lancer_une_case() {   # APPEL ERRNO FOIS RANG PLACE RENDU
    local qui=$genre dossier=$PWD/$1.$2.$3 veut
    [ "$genre" != visite ] || qui=seul
    [ "$genre:$5" != serveur:départ ] || qui=serveur-départ
    [ "$4" != - ] && [ "$6" != "$2" ] && [ "$3:$5" != 1:relève ] || return 0   # rien à truquer
    veut=$(attendu "$qui" "$1" "$2")
    [[ $3:$2 != toujours:EINTR && $3:$veut != toujours:reprend ]] || return 0   # repris toujours, à raison
    mkdir "$dossier"
    echo "$veut" > "$dossier/veut"
    de_front juger "$dossier" "$1" "$2" "$3" "$4"
}

# Une colonne, cadrée ; printf compterait les octets.
colonne() { printf '%s%*s' "$2" $(($1 > ${#2} ? $1 - ${#2} : 1)) ''; }   # LARGEUR TEXTE

# Écrit une ligne du tableau, et compte ses cases.
montrer_la_ligne() {   # APPEL ERRNO
    local fois vu veut voulu='' ligne
    ligne=$(colonne 14 "  $1")$(colonne 16 "$2")
    for fois in 1 2 toujours; do
        vu=-
        if [ -e "$1.$2.$fois/veut" ]; then
            vu=$(cat "$1.$2.$fois/vu" 2> /dev/null || echo perdue)
            veut=$(< "$1.$2.$fois/veut")
            cases=$((cases + 1))
            [[ " $veut " == *" $vu "* ]] || { fausses=$((fausses + 1)) vu="✗ $vu" voulu=$veut; }
        fi
        ligne+=$(colonne 15 "$vu")
    done
    echo "${ligne%"${ligne##*[! ]}"}"
    [ ! "$voulu" ] || echo "      attendu : $voulu"
}

juger_un_programme() {
    local ligne appel rang place rendu rang2 place2 rendu2 appels_du_temoin errno
    mkdir -p "$bac/$programme"
    cd "$bac/$programme"
    reconnaitre
    prendre_le_temoin
    for ligne in "${siens[@]}"; do
        read -r appel appels_du_temoin rang place rendu rang2 place2 rendu2 <<< "$ligne"
        for errno in $(errnos "$appel"); do
            lancer_une_case "$appel" "$errno" 1 "$rang" "$place" "$rendu"
            lancer_une_case "$appel" "$errno" 2 "$rang2" "$place2" "$rendu2"
            lancer_une_case "$appel" "$errno" toujours "$rang+" "$place" "$rendu"
        done
    done
    if [ "$genre" = client ] || [ "$genre" = serveur ]; then de_front juger_les_comptes_courts "$PWD/court"; fi
    wait
    en_cours=0

    echo "$programme ($genre)"
    ligne=$(colonne 14 '  appel')$(colonne 16 errno)$(colonne 15 '1re fois')$(colonne 15 '2e fois')toujours
    [ ${#siens[@]} -eq 0 ] || echo "$ligne"
    for ligne in "${siens[@]}"; do
        for errno in $(errnos "${ligne%% *}"); do montrer_la_ligne "${ligne%% *}" "$errno"; done
    done
    [ -d court ] || return 0
    cases=$((cases + 1))
    ligne=$(< court/vu)
    [ "$ligne" = 'tout passe' ] || { fausses=$((fausses + 1)) ligne="✗ $ligne"; }
    echo "  send, recv : un octet à la fois : $ligne"
}

# Les errno de l'appel, ou le premier.
errnos() {   # APPEL
    awk -F '\t' -v appel="$1" -v un="$un" '
        $1 == "errnos" && $2 == appel { if (un != "") sub(/ .*/, "", $3); print $3 }' "$table"
}

raconter_la_case() {   # APPEL ERRNO FOIS
    local ligne rang place rendu rang2 place2 rendu2 appels_du_temoin
    reconnaitre
    prendre_le_temoin
    ligne=$(printf '%s\n' "${siens[@]}" | grep "^$1 ") || refuser "$programme ne fait pas $1"
    read -r _ appels_du_temoin rang place rendu rang2 place2 rendu2 <<< "$ligne"
    case $3 in
    1) lancer_une_case "$1" "$2" 1 "$rang" "$place" "$rendu" ;;
    2) [ "$rang2" != - ] || refuser "$programme ne fait $1 qu'une fois"
        lancer_une_case "$1" "$2" 2 "$rang2" "$place2" "$rendu2" ;;
    toujours) lancer_une_case "$1" "$2" toujours "$rang+" "$place" "$rendu" ;;
    *) refuser "« $3 » : 1, 2 ou toujours" ;;
    esac
    wait
    [ -d "$1.$2.$3" ] || refuser "rien à truquer : $1 rend déjà $2 ; ou $programme le refait, à raison"
    montrer_la_ligne "$1" "$2"
    cd "$1.$2.$3"
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
trap 'trap "" TERM; kill -- $(jobs -p) 2> /dev/null || true; rm -rf "$bac"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$bac"
mkfifo sablier
exec {sablier}<> sablier
cases=0 fausses=0 port=5000
if [ ${#une_case[@]} -gt 0 ]; then
    raconter_la_case "${une_case[@]}"
else
    for programme; do juger_un_programme; done
fi
echo "$cases cases, $fausses fausse$([ "$fausses" -lt 2 ] || echo s)"
[ "$fausses" -eq 0 ]
