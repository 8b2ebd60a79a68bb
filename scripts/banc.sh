#!/usr/bin/env bash
# Mesure ce que coûte chaque modèle de serveur, sur cette machine.
#
#   scripts/banc.sh [OPTION...] [SCÉNARIO...]
#
#   --rapide           en une demi-minute : trois tours courts, nos serveurs
#                      seulement, 1 000 connexions au plus
#   --modeles A,B…     ceux-là seulement : fork, fils, select, poll, epoll,
#                      prefork ; socat, ncat, busybox, tcpsvd
#   --avec PROGRAMME   le vôtre aussi, lancé « PROGRAMME PORT » ; se répète
#   --barres           en plus, chaque barre que le cours s'est fixée : mesurée,
#                      attendue, tenue ou non
#   --figure           en plus, débit et p99 selon les connexions : ici, et
#                      en SVG à côté des mesures
#   -o FICHIER.tsv     y range les mesures
#   --relire FICHIER   ne mesure rien, redit celles-là
#   -n TOURS           combien de mesures de chacun (5), à tour de rôle
#   -t SECONDES        combien dure une mesure de chacun (0,4), et de la limite à côté
#
# Scénarios : 1, 64, 1000 et 10000 connexions ; breves (une par requête), rafales
# (16 requêtes à la fois), inactives (64, et 1 000 qui se taisent), foule (64, et
# 9 936), coeurs (une charge par cœur, et personne d'épinglé), memoire.
#
# Le serveur et la charge ont chacun son cœur. La limite est une boucle epoll qui
# répond sans regarder (scripts/banc/limite.c) : un débit se lit contre elle, la
# machine et l'heure changent tous les autres chiffres. Elle est mesurée à côté de
# chacun, un dixième de seconde l'un, un dixième l'autre : ce qui gêne l'un gêne l'autre.
# Rend 0 si tout a été mesuré, même mal ; 1 s'il manque de quoi mesurer ; 2 si la
# demande est mal écrite.
set -euo pipefail
dossier_des_scripts=$(CDPATH='' cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/chapitres.sh
source "$dossier_des_scripts/chapitres.sh"
# shellcheck source=scripts/attendre.sh
source "$dossier_des_scripts/attendre.sh"
: "${PROGRAMMES:=$racine/}"
outils=${PROGRAMMES}outils
[ -d "$outils" ] || outils=${PROGRAMMES}build/outils
banc=$dossier_des_scripts/banc

refuser() { echo "banc.sh : $1 (voir scripts/banc.sh -h)" >&2; exit 2; }
abandonner() { echo "banc.sh : $1" >&2; exit 1; }

# ─── Les modèles : les nôtres, la limite, les serveurs tout faits, le vôtre ───

pairs=(socat ncat busybox tcpsvd)
est_pair() { [[ " ${pairs[*]} " == *" $1 "* ]]; }   # MODÈLE

# Remplit COMMANDE : comment lancer ce modèle ; rien si l'on ne le connaît pas.
commande() {   # MODÈLE PORT
    local source
    COMMANDE=()
    case $1 in
    limite) COMMANDE=("$outils/limite" "$2") ;;
    socat) COMMANDE=(socat "TCP-LISTEN:$2,reuseaddr,fork,backlog=1024" "EXEC:$passage/repondeur,nofork") ;;
    ncat) COMMANDE=(ncat -n -l -k -m 2000 -e "$passage/repondeur" "$2") ;;
    busybox) COMMANDE=(busybox nc -ll -p "$2" -e "$passage/repondeur") ;;
    tcpsvd) COMMANDE=(tcpsvd -l 0 -c 2000 -b 1024 0.0.0.0 "$2" "$passage/repondeur") ;;
    */*) COMMANDE=("$1" "$2") ;;
    *)
        for source in "$racine"/tcp/2[0-9]-serveur-"$1".c; do
            source=${source#"$racine/"}
            [ ! -e "$racine/$source" ] || COMMANDE=("$PROGRAMMES${source%.c}" "$2")
        done ;;
    esac
}

# Écrit nos modèles, dans l'ordre du cours.
nos_modeles() {
    local source
    for source in "$racine"/tcp/2[0-9]-serveur-*.c; do
        [ -e "$source" ] || continue
        source=${source##*-serveur-}
        echo "${source%.c}"
    done
}

# Vrai si ce modèle joue ce scénario ; les autres y mettraient trop longtemps, ou n'y arriveraient pas.
joue() {   # MODÈLE SCÉNARIO
    case $2 in
    10000 | foule) [[ $1 == @(limite|poll|epoll|prefork|*/*) ]] ;;
    coeurs) [[ $1 == @(limite|epoll|prefork|*/*) ]] ;;
    rafales | inactives) ! est_pair "$1" ;;
    memoire) [ "$1" != limite ] ;;
    esac
}

# ─── Les scénarios ───

scenarios_connus=(1 64 1000 10000 breves rafales inactives foule coeurs memoire)

# Remplit CHARGES, combien il en faut, REGLAGES, ce que l'on demande à chacune, et CONNEXIONS, combien cela en fait.
regler() {   # SCÉNARIO
    CHARGES=1
    case $1 in
    breves) REGLAGES=(-c 64 -x) CONNEXIONS=64 ;;
    rafales) REGLAGES=(-c 64 -p 16) CONNEXIONS=64 ;;
    inactives) REGLAGES=(-c 64 -i 1000) CONNEXIONS=1064 ;;
    foule) REGLAGES=(-c 64 -i 9936) CONNEXIONS=10000 ;;
    coeurs)   # une charge par cœur, si leur nombre partage 64
        while [ $((2 * CHARGES)) -le "$(nproc)" ] && [ $CHARGES -lt 64 ]; do CHARGES=$((2 * CHARGES)); done
        REGLAGES=(-c $((64 / CHARGES))) CONNEXIONS=64 ;;
    memoire) REGLAGES=(-c 1 -i "$muettes") CONNEXIONS=$((muettes + 1)) ;;
    *) REGLAGES=(-c "$1") CONNEXIONS=$1 ;;
    esac
}

# ─── La demande ───

tours='' secondes='' rapide='' barres='' figure='' relire='' fichier=''
modeles=() scenarios=() votres=() absents=()
lire_la_demande() {   # ARGUMENTS…
    while [ $# -gt 0 ]; do
        case $1 in
        --modeles | --avec | --relire | -o | -n | -t) [ $# -ge 2 ] || refuser "« $1 » attend une valeur" ;;&
        -h | --help) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"; exit ;;
        --rapide) rapide=oui ;;
        --barres) barres=oui ;;
        --figure) figure=oui ;;
        --modeles) IFS=, read -ra modeles <<< "$2"; shift ;;
        --avec) votres+=("$2"); shift ;;
        --relire) relire=$2; shift ;;
        -o) fichier=$2; shift ;;
        -n) [[ $2 =~ ^[1-9][0-9]?$ ]] || refuser "« $2 » tours ? de 1 à 99"; tours=$2; shift ;;
        -t) [[ $2 =~ ^[0-9]{1,2}([.,][0-9]{1,3})?$ && $2 =~ [1-9] ]] || refuser "« $2 » secondes ?"; secondes=$2; shift ;;
        -*) refuser "« $1 » ?" ;;
        *)
            [[ " ${scenarios_connus[*]} " == *" $1 "* ]] || refuser "scénario « $1 » ? il y a :
    ${scenarios_connus[*]}
   "
            scenarios+=("$1") ;;
        esac
        shift
    done
    verifier_la_demande
}

verifier_la_demande() {
    local votre
    if [ "$relire" ]; then
        [ -r "$relire" ] || refuser "« $relire » est illisible"
        fichier=$relire
    fi
    [ "$fichier" ] || [ -z "$figure" ] || refuser '« --figure » : dans quel dossier ? Par exemple : -o essais/banc.tsv'
    [[ $fichier == ?(*.tsv) ]] || refuser "« $fichier » : son nom doit finir par .tsv"
    [ -d "$(dirname "$fichier")" ] || refuser "« $(dirname "$fichier") » n'est pas un dossier"
    [ -z "$relire" ] || return 0
    for votre in "${votres[@]}"; do
        { [ -x "$votre" ] && [ ! -d "$votre" ]; } || refuser "« $votre » ne se lance pas"
        commande "${votre##*/}" 0
        [ -z "${COMMANDE[*]}" ] || refuser "« ${votre##*/} » : un modèle a déjà ce nom"
    done
    muettes=1000 delai=15
    if [ "$rapide" ]; then
        : "${tours:=3}" "${secondes:=0.1}"
        muettes=200 delai=1
        [ ${#scenarios[@]} -gt 0 ] || scenarios=(1 64 1000 breves rafales memoire)
    fi
    : "${tours:=5}" "${secondes:=0.4}"
    [ ${#scenarios[@]} -gt 0 ] || scenarios=("${scenarios_connus[@]}")
    choisir_les_modeles
}

# La limite d'abord ; ce que l'on a demandé, ou tout ce que cette machine sait lancer.
choisir_les_modeles() {
    local modele demandes=("${modeles[@]}") nos
    mapfile -t nos < <(nos_modeles)
    modeles=(limite)
    for modele in "${demandes[@]}"; do
        [ "$modele" != limite ] || continue
        [[ " ${nos[*]} ${pairs[*]} " == *" $modele "* ]] || refuser "modèle « $modele » ? il y a :
    ${nos[*]} ${pairs[*]}
   "
        modeles+=("$modele")
    done
    if [ ${#demandes[@]} -eq 0 ]; then
        modeles+=("${nos[@]}")
        [ "$rapide" ] || modeles+=("${pairs[@]}")
    fi
    demandes=("${modeles[@]}") modeles=()
    for modele in "${demandes[@]}"; do
        commande "$modele" 0
        if command -v "${COMMANDE[0]:-}" > /dev/null; then modeles+=("$modele"); else absents+=("$modele"); fi
    done
    for modele in "${votres[@]}"; do
        [[ $modele == */* ]] || modele=./$modele
        modeles+=("$modele")
    done
    for modele in charge limite repondeur; do
        [ -x "$outils/$modele" ] || abandonner "build/outils/$modele n'est pas compilé : make"
    done
}

# ─── Cette machine ───

# Remplit coeur_serveur et coeur_charge : deux cœurs, et non deux fils d'un même cœur ; vides s'il n'y en a qu'un.
choisir_les_coeurs() {
    local permis coeur jumeaux
    coeur_serveur='' coeur_charge=''
    permis=$(taskset -cp $$ 2> /dev/null | sed 's/.*: //' | tr , '\n' |
        while IFS=- read -r un autre; do seq "$un" "${autre:-$un}"; done) || return 0
    for coeur in $permis; do
        jumeaux=$(cat "/sys/devices/system/cpu/cpu$coeur/topology/thread_siblings_list" 2> /dev/null) || jumeaux=$coeur
        if [ -z "$coeur_serveur" ]; then
            coeur_serveur=$coeur
            deja=$jumeaux
        elif [ "$jumeaux" != "$deja" ]; then
            coeur_charge=$coeur
            return 0
        fi
    done
    coeur_charge=$(sed -n 2p <<< "$permis")   # faute de mieux, les deux fils d'un cœur
    [ "$coeur_charge" ] || coeur_serveur=''
}

# Écrit ce qu'il faut savoir pour refaire les mesures, et pour les croire.
ecrire_l_entete() {
    local processeur
    processeur=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)
    echo "# date : $(date +%Y-%m-%d), $tours tours de ${secondes/./,} s par modèle et par scénario"
    echo "# machine : ${processeur:-$(uname -m)}, $(nproc) cœurs, Linux $(uname -r | grep -o '^[0-9]*\.[0-9]*')"
    echo "# refaire : scripts/banc.sh ${demande[*]}"
    if [ -z "$coeur_serveur" ]; then
        echo "# réserve : sur un seul cœur"
    fi
    echo "# modeles : ${modeles[*]##*/}"
    printf 'tour\tscenario\tmodele\tdebit\tp50\tp99\tmax\terreurs\tcoeur\tlimite\tp99_limite\tconnexions\toctets\tnote\n'
}

# ─── Mesurer ───

passage='' SERVEUR='' TEMOIN='' CHARGE=()
finir() {
    trap '' INT TERM HUP
    arreter
    congedier
    [ -z "$passage" ] || rm -rf "$passage"
}

arreter() {   # les charges, le serveur, et tous ceux qu'il a fait naître
    {
        [ ${#CHARGE[@]} -eq 0 ] || kill -KILL "${CHARGE[@]}" || true
        [ -z "$SERVEUR" ] || kill -KILL -- "-$SERVEUR" || true
        wait "${CHARGE[@]}" $SERVEUR || true
    } 2> /dev/null   # bash y dirait en anglais qui a été tué
    CHARGE=() SERVEUR=''
}

# Lance ce modèle, sur son cœur, chef de son groupe ; remplit SERVEUR, PORT et PLACES (les clients qu'il annonce).
demarrer() {   # MODÈLE
    local epingle=()
    [ -z "$coeur_serveur" ] || [ "$scenario" = coeurs ] || epingle=(taskset -c "$coeur_serveur")
    PORT=$(port_libre)
    commande "$1" "$PORT"
    setsid "${epingle[@]}" "${COMMANDE[@]}" < /dev/null > "$passage/serveur" 2>&1 &
    SERVEUR=$!
    attendre 10 pret && a_l_ecoute || return 1
    PLACES=$(sed -n 's/^listen : .*, \([0-9]*\) clients au plus.*/\1/p' "$passage/serveur")
}
# Le témoin : la limite, au repos tant qu'on ne la charge pas. Remplit TEMOIN et PORT_TEMOIN.
temoigner() {
    demarrer limite || abandonner 'la limite ne démarre pas'
    TEMOIN=$SERVEUR PORT_TEMOIN=$PORT SERVEUR=''
}
congedier() { SERVEUR=$TEMOIN TEMOIN=''; arreter; }
a_l_ecoute() { [ "$(ss -Hltn "sport = :$PORT")" ]; }
pret() { a_l_ecoute || ! kill -0 "$SERVEUR" 2> /dev/null; }

# Lance la charge sur son cœur, ou les charges, sans les attendre ; remplit CHARGE. Nos files d'attente sont longues :
# on y entre à plusieurs.
charger() {   # MODÈLE SECONDES PORT
    local epingle=() ensemble=64 i
    if est_pair "$1" || [[ $1 == */* ]]; then ensemble=2; fi
    [ -z "$coeur_charge" ] || [ "$scenario" = coeurs ] || epingle=(taskset -c "$coeur_charge")
    rm -f "$passage"/bilan.*
    for ((i = 0; i < CHARGES; i++)); do
        "${epingle[@]}" "$outils/charge" --json --delai "$delai" --ensemble "$ensemble" -t "$2" "${REGLAGES[@]}" \
            127.0.0.1 "$3" < /dev/null > "$passage/bilan.$i" 2> "$passage/plainte" &
        CHARGE+=($!)
    done
}

# Ce champ de leur bilan : la somme de toutes les charges, ou la pire ; rien s'il n'y est pas.
champ() { sed -n "s/^  \"$1\": *\([0-9.]*\).*/\1/p" "$passage"/bilan.*; }   # NOM
somme() { champ "$1" | LC_ALL=C awk '{ n += $1 } END { if (NR) printf "%.10g\n", n }'; }   # NOM
pire() { champ "$1" | sort -g | tail -n 1; }   # NOM

# La même charge, attendue ; son bilan, en une ligne de ce fichier.
relever() {   # FICHIER MODÈLE SECONDES PORT
    charger "${@:2}"
    wait "${CHARGE[@]}" || true
    CHARGE=()
    echo "$(somme requetes_par_s) $(pire p50_us) $(pire p99_us) $(pire max_us) $(somme erreurs) $(pire coeur)" >> "$1"
}

# Par tranches d'un dixième de seconde : lui, la limite, lui… Une foule est trop longue à venir, et n'en a qu'une ; de
# même un serveur tout fait, qui se remet lentement d'une charge.
# Remplit MESURES, du débit au p99 de la limite ; et raison, si la charge n'a pas fait ce que l'on demandait.
mesurer_le_debit() {   # MODÈLE
    local i tranches duree lui=$passage/lui limite=$passage/limite
    ! est_pair "$1" && [ "$CONNEXIONS" -lt 1000 ] || tranches=1
    read -r tranches duree < <(LC_ALL=C awk -v t="${secondes/,/.}" -v n="${tranches:-0}" 'BEGIN {
        if (n < 1) n = int(10 * t + 0.5)
        if (n < 1) n = 1
        printf "%d %.3f\n", n, t / n }')
    rm -f "$lui" "$limite"
    for ((i = 0; i < tranches; i++)); do
        relever "$lui" "$1" "$duree" "$PORT"
        raison=$(echec_de_la_charge)
        [ -z "$raison" ] || return 0
        if [ "$1" = limite ]; then tail -n 1 "$lui" >> "$limite"; else relever "$limite" limite "$duree" "$PORT_TEMOIN"; fi
    done
    read -ra MESURES < <(LC_ALL=C awk -f "$banc/tranches.awk" "$lui" "$limite")
}

# « - » : ce qui n'a pas été mesuré.
noter() {   # TOUR MODÈLE CHAMP…
    local tour=$1 modele=${2##*/}
    shift 2
    printf '%s\t%s\t%s' "$tour" "$scenario" "$modele"
    printf '\t%s' "${@:--}"
    printf '\n'
}

# Écrit pourquoi la charge n'a pas fait ce que l'on demandait ; rien si elle l'a fait, fût-ce avec des erreurs.
echec_de_la_charge() {
    local ouvertes
    ouvertes=$(somme connexions_ouvertes)
    if [ -z "$ouvertes" ]; then
        head -n 1 "$passage/plainte"
    elif [ "$(somme requetes)" = 0 ]; then
        echo 'aucune réponse'
    elif [ "$ouvertes" -lt "$CONNEXIONS" ] && [ "$scenario" != breves ]; then
        echo "n'a ouvert que $ouvertes connexions"
    fi
}

# Une ligne de mesures, ou la raison de leur absence : ce modèle ne rejouera pas ce scénario.
mesurer() {   # TOUR MODÈLE
    local muettes=$muettes raison=''
    if [[ $muettes:$permis == 1000:?????* ]] && joue "$2" foule; then muettes=9999; fi   # le noyau compte par pages
    regler "$scenario"
    if ! demarrer "$2"; then
        raison='ne démarre pas'
    elif [ "${PLACES:-$CONNEXIONS}" -lt "$CONNEXIONS" ]; then
        raison="au-delà de ses $PLACES clients"
    elif [ "$scenario" = memoire ]; then
        mesurer_la_memoire "$1" "$2" || raison="n'a pas pris $muettes connexions"
    else
        mesurer_le_debit "$2"
        [ "$raison" ] || noter "$1" "$2" "${MESURES[@]}" - - -
    fi
    [ -z "$raison" ] || noter "$1" "$2" - - - - - - - - - - "$raison"
    [ -z "$raison" ] || empeches+=" $2:$scenario "
    arreter
}

# La mémoire du serveur et de ses fils : ce que chacun a seul, et sa part de ce qui est partagé (PSS), en octets.
memoire() {
    local pid
    for pid in $(pgrep -s "$SERVEUR"); do
        cat "/proc/$pid/smaps_rollup" 2> /dev/null || true
    done | awk '$1 == "Pss:" { total += $2 } END { print total * 1024 }'
}
toutes_la() { [ "$(ss -Htn state established "dport = :$PORT" | wc -l)" -ge "$CONNEXIONS" ]; }

# Ce que la mémoire a gagné, une fois toutes les connexions servies puis muettes, sauf une.
mesurer_la_memoire() {   # TOUR MODÈLE
    local avant
    avant=$(memoire)
    charger "$2" 90 "$PORT"
    attendre 60 toutes_la || return 1
    noter "$1" "$2" - - - - - - - - "$muettes" $((($(memoire) - avant) / muettes)) -
}

# Où l'on en est, sur un terminal seulement.
progresser() {   # TOUR MODÈLE
    printf '\r\e[Ktour %s sur %s : %s, %s' "$1" "$tours" "$scenario" "${2##*/}" >&"$ecran"
}

# Les modèles l'un après l'autre dans un scénario, et à chaque tour un autre commence : ce qui change sur la machine
# change pour tous.
tout_mesurer() {
    local tour scenario i modele empeches=''
    for ((tour = 1; tour <= tours; tour++)); do
        for scenario in "${scenarios[@]}"; do
            [ "$scenario:$tour" != memoire:2 ] || continue
            [ "$scenario" = memoire ] || temoigner
            for i in "${!modeles[@]}"; do
                modele=${modeles[(i + tour - 1) % ${#modeles[@]}]}
                if ! joue "$modele" "$scenario" || [[ $empeches == *" $modele:$scenario "* ]]; then continue; fi
                progresser "$tour" "$modele"
                mesurer "$tour" "$modele"
            done
            congedier
        done
    done
    printf '\r\e[K' >&"$ecran"
}

# Écarte les scénarios que la limite de descripteurs ne permet pas : une connexion en prend un de chaque côté. Remplit
# permis.
ecarter_les_foules() {
    local gardes=() ecartes=() scenario
    permis=$(ulimit -Hn)
    [ "$permis" != unlimited ] || permis=1000000
    for scenario in "${scenarios[@]}"; do
        regler "$scenario"
        if [ $((CONNEXIONS + 50)) -le "$permis" ]; then gardes+=("$scenario"); else ecartes+=("$scenario"); fi
    done
    scenarios=("${gardes[@]}")
    [ ${#ecartes[@]} -eq 0 ] || {
        echo "banc.sh : sans ${ecartes[*]} : un programme n'a droit ici qu'à $permis descripteurs (ulimit -Hn)."
        echo "    En avoir plus : sudo prlimit --pid \$\$ --nofile=20000:20000, puis relancer"
    } >&2
    [ ${#scenarios[@]} -gt 0 ] || exit 1
}

# ─── Dire ───

calculer() { LC_ALL=C awk "${@:2}" -v pairs="${pairs[*]}" -f "$banc/calcul.awk" -f "$banc/$1.awk" "$fichier"; }   # QUOI OPTION…

dessiner() {
    local svg=${fichier%.tsv}.svg
    echo
    calculer courbes -v dessin=oui
    echo
    if ! command -v gnuplot > /dev/null; then
        echo "Le SVG demande gnuplot : sudo apt-get install gnuplot-nox"
        return
    fi
    "$banc/figure.sh" "$fichier" > "$svg"
    echo "$svg : la figure ; $fichier : les mesures"
}

demande=("$@")
lire_la_demande "$@"
if [ -z "$relire" ]; then
    # Un réseau à soi, si le noyau le permet : personne d'autre n'y passe.
    [ "${ESPACE:-}" ] || exec "$dossier_des_scripts/espace.sh" "$0" "$@"
    trap finir EXIT
    trap '[ ! -t 2 ] || echo >&2; exit 130' INT   # sa ligne est en cours
    trap 'exit 143' TERM
    trap 'exit 129' HUP
    passage=$(mktemp -d)
    ln -s "$outils/repondeur" "$passage/"   # socat et ncat couperaient un chemin à ses espaces
    ecran=2
    [ -t 2 ] || exec {ecran}> /dev/null
    [ ${#absents[@]} -eq 0 ] || echo "banc.sh : sans ${absents[*]}, absents d'ici" >&2
    choisir_les_coeurs
    ecarter_les_foules
    { ecrire_l_entete; tout_mesurer; } > "$passage/mesures"
    [ -z "$fichier" ] || cp "$passage/mesures" "$fichier"
    : "${fichier:=$passage/mesures}"
fi
calculer tableau
if [ "$barres" ]; then echo; calculer barres; fi
if [ "$figure" ]; then dessiner; fi
