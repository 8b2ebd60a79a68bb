#!/usr/bin/env bash
# Dessine un échange réel : ce que deux programmes ont demandé, et ce qui est passé entre eux.
#
#   scripts/diagramme.sh [OPTIONS] PROGRAMME [ARGUMENTS]      un chapitre, face au nc que dit son en-tête
#   scripts/diagramme.sh [OPTIONS] [SERVEUR [ARGUMENTS]] -- CLIENT [ARGUMENTS]    ces deux-là, ou personne
#   scripts/diagramme.sh [OPTIONS] --scene TITRE|NUMÉRO       une scène du cours, une colonne par terminal
#   scripts/diagramme.sh [OPTIONS] --relire DOSSIER           redessine sans rejouer
#
#   -o FICHIER.svg     le dessin en SVG aussi
#   -l COLONNES        la largeur, de 70 à 200 (sinon celle de l'écran, de 80 à 120 ; 92 sans écran)
#   --tout             aussi les appels sans effet sur le réseau (setsockopt, getsockname, poll…)
#   --sans-ack         sans les accusés de réception seuls, sauf ceux qui changent un état
#   --temps            une colonne de millisecondes
#   --garder DOSSIER   garde les traces et les paquets bruts
#
# Les appels viennent de strace, les segments de build/outils/paquets, dans un espace réseau à eux. Le
# serveur est arrêté (SIGTERM) quand le client a fini. Une scène est rejouée comme la page l'écrit (les
# numéros : scripts/scene.sh --liste) ; un terminal qui ne parle pas au réseau n'a pas de colonne. Rend 0, 1 s'il
# manque de quoi tout voir (dit en tête du dessin), 2 si la demande est mal écrite. Les codes des programmes sont à
# la dernière ligne.
set -euo pipefail
dossier_des_scripts=$(dirname "$0")
# shellcheck source=scripts/chapitres.sh
source "$dossier_des_scripts/chapitres.sh"
# shellcheck source=scripts/attendre.sh
source "$dossier_des_scripts/attendre.sh"
# shellcheck source=scripts/netcat.sh
source "$dossier_des_scripts/netcat.sh"
# shellcheck source=scripts/diagramme/scene.sh
source "$dossier_des_scripts/diagramme/scene.sh"
: "${PROGRAMMES:=$racine/}"
outils=${PROGRAMMES}outils
[ -d "$outils" ] || outils=${PROGRAMMES}build/outils
DELAI=${DELAI:-20}   # secondes accordées au client

refuser() { echo "diagramme.sh : $1 (voir scripts/diagramme.sh -h)" >&2; exit 2; }
absent() { echo "diagramme.sh : $1" >&2; exit 1; }

# ─── La demande ───

options=() garder='' relire='' largeur='' scene=''
lire_la_demande() {   # ARGUMENTS…      remplit les options, et « mots »
    while [[ ${1:-} == -* && $1 != -- ]]; do
        case $1 in
        -h | --help) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"; exit ;;
        -o | -l | --garder | --relire | --scene) [ $# -ge 2 ] || refuser "« $1 » attend une valeur" ;;&
        -o) options+=(-o "$2"); shift ;;
        -l) [[ $2 =~ ^[0-9]{2,3}$ ]] || refuser "« $2 » colonnes ?"; largeur=$2; shift ;;
        --garder) garder=$2; shift ;;
        --relire) relire=$2; shift ;;
        --scene) scene=$2; shift ;;
        --tout) options+=(-a) ;;
        --sans-ack) options+=(-s) ;;
        --temps) options+=(-t) ;;
        *) refuser "« $1 » ?" ;;
        esac
        shift
    done
    mots=("$@")
    if [ "$relire" ]; then
        [ "$#:$garder$scene" = 0: ] || refuser '« --relire » ne lance rien'
    elif [ "$scene" ]; then
        [ $# -eq 0 ] || refuser "« $1 » ? Le titre d'une scène s'écrit entre guillemets"
    elif [ $# -eq 0 ]; then
        refuser 'aucun programme'
    fi
}

# Coupe « mots » au « -- », ou met un nc en face : remplit serveur, client, et ce que l'on tape à chacun.
partager() {
    local i face role
    serveur=() client=() saisie_serveur='' saisie_client=''
    for i in "${!mots[@]}"; do
        if [ "${mots[i]}" = -- ]; then
            serveur=("${mots[@]:0:i}") client=("${mots[@]:i+1}")
            [ ${#client[@]} -gt 0 ] || refuser '« -- » : aucun client'
            [[ " ${client[*]} " != *' -- '* ]] || refuser 'deux programmes, pas plus'
            return 0
        fi
    done
    local nom=${mots[0]#./}
    trouver "${mots[0]}"
    [ -e "$racine/$nom.c" ] || refuser "en face de « ${mots[0]} » ? un chapitre, ou SERVEUR -- CLIENT"
    face=$(faces "$nom" | head -n 1)
    [ "$face" ] || refuser "« $nom » n'a personne en face"
    read -r role _ _ face <<< "$face"
    netcat_en_face "$face"
    case $role in
    client) serveur=("${COMMANDE[@]}") client=("${mots[@]}") saisie_serveur=ok ;;
    serveur) serveur=("${mots[@]}") client=("${COMMANDE[@]}") saisie_client=Bonjour ;;
    *) serveur=("${mots[@]}") client=("${COMMANDE[@]}") ;;
    esac
}

netcat_en_face() {   # ARGUMENTS DE NC      remplit COMMANDE
    local nom mots_de_nc
    read -ra mots_de_nc <<< "$1"
    [ "$(netcats | head -n 1)" ] || absent 'aucun netcat : sudo apt-get install netcat-openbsd'
    for nom in $(netcats); do
        netcat_traduire "$nom" "${mots_de_nc[@]}" && return
    done
    absent "aucun netcat d'ici ne sait faire « nc $1 »"
}

# Remplit EXECUTABLE : un chapitre, ou une commande.
trouver() {   # PROGRAMME
    EXECUTABLE=$PROGRAMMES${1#./}
    [ -e "$racine/${1#./}.c" ] && [ -x "$EXECUTABLE" ] && return
    EXECUTABLE=$(command -v -- "$1") || refuser "« $1 » : introuvable, ou pas compilé"
}

# ─── La capture, dans l'espace réseau ───

# Ce que strace note, et comment.
# shellcheck disable=SC2054  # les virgules sont celles de strace
tracer_par=(strace -f -q --seccomp-bpf --absolute-timestamps=format:unix,precision:ns --syscall-times=ns -yy -s 64
    -e trace=network,read,readv,write,writev,sendfile,close,poll,ppoll,select,pselect6,epoll_wait,epoll_pwait
    -e signal='!SIGCHLD')

# Le nom de sa voie : le programme ; d'un script Python, Perl…, le script.
nommer() {   # PROGRAMME ARGUMENTS…      remplit NOM
    NOM=${1##*/}
    if [[ $NOM == @(python|perl|ruby|node|bash|sh)*([0-9.]) && ${2:--} != -* ]]; then NOM=${2##*/}; fi
}

# Lance un programme sous strace, et la saisie ouverte s'il y en a une. Remplit FIL.
tracer() {   # NUMÉRO PROGRAMME ARGUMENTS…
    nommer "${@:2}"
    local base=$dossier/$1-$NOM entree=/dev/null
    [ ! -p "$dossier/.saisie-$1" ] || entree=$dossier/.saisie-$1
    trouver "$2"
    "${tracer_par[@]}" -o "$base.trace" \
        sh -c 'echo $$ > "$1"; shift; exec "$@"' sh "$dossier/.pid-$1" "$EXECUTABLE" "${@:3}" \
        < "$entree" > "$base.ecran" 2>&1 &
    FIL=$!
}

# Arrête un programme tracé : strace ne ferait que le lâcher.
arreter() {   # NUMÉRO SIGNAL
    [ ! -s "$dossier/.pid-$1" ] || kill "-$2" "$(< "$dossier/.pid-$1")" 2> /dev/null || true
}
fini() { ! kill -0 "$1" 2> /dev/null; }   # FIL

# Tue tout ce que suit ce strace, les processus nés d'un fork aussi ; vrai quand il n'en reste rien.
achever() {   # FIL
    local etat
    for etat in $(grep -ls "^TracerPid:[[:space:]]*$1\$" /proc/[0-9]*/status || true); do
        etat=${etat%/status}
        kill -KILL "${etat#/proc/}" 2> /dev/null || true
    done
    fini "$1"
}
pret() { fini "$1" || grep -qsE '^[0-9]+ .*(listen\(|bind\([0-9]+<UDP).* = 0 ' "$dossier"/1-*.trace; }
a_recu() { [ -s "$1" ]; }

# Vrai quand plus rien ne s'écrit, et qu'aucune connexion n'est en chemin.
calme() {
    local taille
    taille=$(cat "$dossier"/*.trace "$dossier/paquets" 2> /dev/null | wc -c)
    [ "$taille" = "$derniere_taille" ] || suite=0
    derniere_taille=$taille
    [ $((suite += 1)) -gt 4 ] || return 1
    [ "$ESPACE" = non ] || [ -z "$(ss -Htn exclude time-wait exclude listening 2> /dev/null)" ]
}

ecouter_les_paquets() {
    paquets=''
    [ "$ESPACE" = oui ] || return 0
    "$outils/paquets" lo > "$dossier/paquets" 2> "$dossier/.pret" &
    paquets=$!
    if ! attendre 3 grep -qs pret "$dossier/.pret" ; then
        kill "$paquets" 2> /dev/null || true
        rm "$dossier/paquets"
        paquets=''
    fi
}

# La personne au clavier : « ok » ou « Bonjour », quand c'est le moment ; puis elle s'en va.
taper() {
    local client_est=$1
    if [ "$saisie_serveur" ]; then
        attendre 5 eval 'fini "$client_est" || a_recu "$dossier"/1-*.ecran' || true
        fini "$client_est" || echo "$saisie_serveur" >&8
    elif [ "$saisie_client" ]; then
        echo "$saisie_client" >&9
        attendre 5 eval 'fini "$client_est" || a_recu "$dossier"/2-*.ecran' || true
        exec 9>&-
        attendre 1 fini "$client_est" || arreter 2 TERM
    fi
}

ouvrir_les_saisies() {
    if [ "$saisie_serveur" ]; then mkfifo "$dossier/.saisie-1"; exec 8<> "$dossier/.saisie-1"; fi
    if [ "$saisie_client" ]; then mkfifo "$dossier/.saisie-2"; exec 9<> "$dossier/.saisie-2"; fi
}

attendre_la_fin() {   # FIL       remplit CODE
    CODE=0
    attendre 2 fini "$1" || attendre 5 achever "$1" || true
    wait "$1" || CODE=$?
}

finir_le_serveur() {
    local comment=''
    fini "$fil_serveur" || { arreter 1 TERM; comment=', arrêté'; }
    attendre_la_fin "$fil_serveur"
    nommer "${serveur[@]}"
    code_serveur="$NOM $CODE$comment ; "
}

finir_la_capture() {
    trap '' INT TERM HUP
    exec 2> /dev/null   # bash y dirait ce qu'il a fallu tuer
    terminaux_fermer
    local fil
    for fil in $(jobs -rp); do
        [ "$fil" = "${paquets:-}" ] || attendre 5 achever "$fil" || true
    done
    [ -z "${paquets:-}" ] || kill "$paquets" 2> /dev/null || true
    wait 2> /dev/null || true
    rm -rf "$dossier"/.[ps]*
}

capturer() {
    trap finir_la_capture EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    trap 'exit 129' HUP
    ecouter_les_paquets
    if [ "$scene" ]; then scene_capturer "$dossier/.scene"; else capturer_l_echange; fi
    [ "$ESPACE" = non ] || ! command -v ss > /dev/null || ss -Htan > "$dossier/ss"
    if [ "$paquets" ]; then
        kill "$paquets"
        wait "$paquets" || true
        paquets=''
    fi
    (cd "$dossier" && wc -l -- *.trace | sed '/ total$/d' > comptes)
}

capturer_l_echange() {
    local fil_serveur='' fil_client derniere_taille='' suite=0 fin='' code_serveur=''
    ouvrir_les_saisies
    if [ ${#serveur[@]} -gt 0 ]; then
        tracer 1 "${serveur[@]}"
        fil_serveur=$FIL
        attendre 3 pret "$fil_serveur" || true   # un serveur qui n'écoute jamais : le client le verra
    fi
    tracer 2 "${client[@]}"
    fil_client=$FIL
    taper "$fil_client"
    attendre "$DELAI" fini "$fil_client" || { fin=', arrêté'; arreter 2 TERM; }
    attendre_la_fin "$fil_client"
    local code_client=$CODE
    attendre 2 calme || true
    [ -z "$fil_serveur" ] || finir_le_serveur
    nommer "${client[@]}"
    echo "codes : $code_serveur$NOM $code_client$fin" > "$dossier/codes"
}

# ─── Le dessin ───

dessiner() {   # DOSSIER
    local rendu=0
    if [ -z "$largeur" ]; then
        largeur=$(tput cols 2> /dev/null || echo 92)
        [ -t 1 ] || largeur=92
        ((largeur >= 80)) || largeur=80
        ((largeur <= 120)) || largeur=120
    fi
    "$outils/dessin" -l "$largeur" "${options[@]}" "$1" || rendu=$?
    if [ -s "$1/codes" ] && [ $rendu -lt 2 ]; then   # un dossier reçu d'un autre peut contenir n'importe quoi
        LC_ALL=C sed 's/[\x00-\x1f\x7f]/?/g; s/\xc2[\x80-\x9f]/?/g' "$1/codes"
    fi
    return $rendu
}

exiger_les_outils() {
    if [ ! -x "$outils/dessin" ] || [ ! -x "$outils/paquets" ]; then absent "d'abord : make"; fi
    [ -z "$relire" ] || return 0
    command -v strace > /dev/null || absent 'strace est absent : sudo apt-get install strace'
    strace -o /dev/null true 2> /dev/null || absent "strace n'a pas le droit de tracer ici"
}

lancer_la_capture() {   # LA DEMANDE…
    capture=''
    trap '[ -z "$capture" ] || { kill "$capture" && wait "$capture"; } 2> /dev/null || true
        [ "$garder" ] || rm -rf "$dossier"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    trap 'exit 129' HUP
    DIAGRAMME_DOSSIER=$dossier "$dossier_des_scripts/espace.sh" --garder-identite bash "$0" "$@" &
    capture=$!
    local rendu=0
    wait "$capture" || rendu=$?
    capture=''
    [ $rendu -eq 0 ] || exit $rendu
}

lire_la_demande "$@"
exiger_les_outils
if [ "$relire" ]; then
    [ -d "$relire" ] || refuser "« $relire » n'est pas un dossier"
    dessiner "$relire"
    exit
fi
if [ ! "$scene" ]; then
    partager
    [ ${#serveur[@]} -eq 0 ] || trouver "${serveur[0]}"
    trouver "${client[0]}"
fi
if [ "${DIAGRAMME_DOSSIER:-}" ]; then
    dossier=$DIAGRAMME_DOSSIER
    capturer
    exit
fi
if [ "$garder" ]; then
    mkdir -p -- "$garder"
    [ -z "$(ls -A -- "$garder")" ] || refuser "« $garder » n'est pas vide"
    dossier=$(CDPATH='' cd -- "$garder" && pwd)
else
    dossier=$(mktemp -d)
fi
if [ "$scene" ]; then
    trap 'rm -rf "$dossier"/.scene* ; [ "$garder" ] || rm -rf "$dossier"' EXIT
    scene_choisir "$scene" "$dossier/.scene"
    mots=(--scene "$scene")
fi
lancer_la_capture "${mots[@]}"
dessiner "$dossier"
