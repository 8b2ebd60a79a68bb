#!/usr/bin/env bash
# Rejoue le cours : tests/cours.sh [--nc DIALECTE] [cours.md]. La notation est du Markdown ordinaire :
#
# ```c         première ligne « /* tcp/06-serveur.c */ » ; la suite en est un extrait, mot pour mot
# ```console   une scène, rejouée et comparée ; ```console suite  la même scène continue
#   [serveur]  ce qui suit se passe dans ce terminal, ouvert au besoin (un seul : pas de nom) ;
#              une ligne vide peut le précéder
#   $ commande lancée là, une fois finie celle d'avant ; après « nc … -l », on attend son écoute
#   > texte    tapé au clavier ; ^C et ^D, seuls sur leur ligne : Ctrl-C, fin de la saisie
#   autre      une ligne que ce terminal doit afficher ; « … » y vaut n'importe quoi, rien d'autre
# À la fin d'une scène tout doit être fini et lu : un serveur s'arrête par ^C. Une commande finit par 0,
# 1, 2, ou un signal attendu ; « $ echo $? » montre lequel.
# ```text      un dessin. « <!-- preuve : GEN-01 ERR-002 --> » précède la scène qui prouve ces faits.
#
# Chaque scène a son dossier, avec essais/, et son espace réseau (port 5000 libre) quand le noyau le
# permet. Au moindre écart : la ligne du cours, ce qui était attendu, ce qui est venu, et le code 1.
#
# « nc » est dans les scènes celui d'OpenBSD, sous quelque nom qu'il soit installé. Avec --nc, c'est ce
# dialecte-là (openbsd, traditional, ncat, busybox, socat) : les seules scènes qui tapent nc sont jouées,
# et l'on dit celles qui diffèrent, sans que ce soit une faute.
set -euo pipefail
export LC_ALL=C.UTF-8
dossier_des_scripts=$(dirname "$0")/../scripts
# shellcheck source=scripts/chapitres.sh
source "$dossier_des_scripts/chapitres.sh"
# shellcheck source=scripts/attendre.sh
source "$dossier_des_scripts/attendre.sh"
# shellcheck source=scripts/terminaux.sh
source "$dossier_des_scripts/terminaux.sh"
# shellcheck source=scripts/netcat.sh
source "$dossier_des_scripts/netcat.sh"
: "${PROGRAMMES:=$racine/}"
DELAI=${DELAI:-10}   # secondes accordées à chaque ligne attendue
dialecte=${dialecte:-}
tape_nc='(.*[|(;&] *)?nc '   # une commande qui appelle nc

# ─── Une scène, et ses terminaux ───

declare -A en_cours   # la commande de chaque terminal, tant qu'on n'a pas lu sa fin
terminal='' ligne_du_cours=''

echec() {   # CE_QUI_NE_VA_PAS [DÉTAIL...]
    printf '%s:%s : %s\n' "$COURS" "$ligne_du_cours" "$1"
    shift
    [ $# -eq 0 ] || printf '    %s\n' "$@"
    exit 1
}

# La commande du terminal doit être finie, et n'avoir plus rien à dire.
exiger_la_fin() {
    local commande=${en_cours[$terminal]:-} rendu=0
    [ "$commande" ] || return 0
    terminal_lire "$terminal" "$DELAI" || rendu=$?
    while [ "$rendu$ligne:$dialecte" = 0:traditional ]; do   # il passe à la ligne sur Ctrl-C
        rendu=0
        terminal_lire "$terminal" "$DELAI" || rendu=$?
    done
    case $rendu in
    0) echec "une ligne de trop" "commande : $commande" "venu     : $ligne" ;;
    1) echec "la commande ne finit pas" "commande : $commande" ;;
    esac
    [[ $code == @(0|1|2|130|141|255) ]] || echec "code de sortie $code" "commande : $commande"
    en_cours[$terminal]=''
}

lancer() {   # COMMANDE
    local protocole=tcp
    exiger_la_fin
    en_cours[$terminal]=$1
    terminal_lancer "$terminal" "$1"
    if [[ $1 =~ ^$tape_nc.*-l\ .*-p\ ([0-9]+) ]]; then
        [[ $1 != *' -u '* ]] || protocole=udp
        attendre "$DELAI" port_pris "$protocole" "${BASH_REMATCH[2]}" ||
            echec "netcat n'écoute pas" "commande : $1"
    fi
}

# Compare une ligne attendue, où « … » vaut n'importe quoi, à la prochaine ligne de l'écran.
comparer() {   # ATTENDUE
    local motif rendu=0
    motif=$(sed 's/[^[:alnum:][:space:]…]/\\&/g; s/…/*/g' <<< "$1")
    terminal_lire "$terminal" "$DELAI" || rendu=$?
    [ $rendu -ne 1 ] || echec "rien ne vient" "attendu : $1"
    [ $rendu -ne 2 ] || ligne="(la commande est finie)"
    # shellcheck disable=SC2053  # un motif, à dessein
    [[ $rendu = 0 && $ligne == $motif ]] ||
        echec "la sortie a changé" "attendu : $1" "venu    : $ligne"
}

jouer_scene() {   # FICHIER : lignes « numéro<tab>texte »
    local texte numero vide=''
    while IFS=$'\t' read -r numero texte; do
        if [[ $texte == \[*\] ]]; then   # et la ligne vide d'avant n'était là que pour l'œil
            terminal=${texte:1:-1}
            vide=''
            continue
        fi
        : "${terminal:=terminal}"
        [ -z "$vide" ] || comparer ''
        vide=''
        ligne_du_cours=$numero
        case $texte in
        '$ '*) lancer "${texte:2}" ;;
        '> '*) terminal_taper "$terminal" "${texte:2}" ||
            echec "la commande est finie, personne ne lit le clavier" "tapé : ${texte:2}" ;;
        '^C') [ "${en_cours[$terminal]:-}" ] || echec "aucune commande à interrompre"
            terminal_interrompre "$terminal" ;;
        '^D') terminal_finir_saisie "$terminal" ;;
        '') vide=oui ;;
        *) comparer "$texte" ;;
        esac
    done < "$1"
    [ -z "$vide" ] || comparer ''
    for terminal in "${!en_cours[@]}"; do exiger_la_fin; done
}

# Lancé par nous-mêmes, dans l'espace réseau de la scène. On y devient, si l'on peut, une personne
# ordinaire sur un portable ordinaire : sans privilège, et « localhost » en IPv4 et en IPv6.
if [ "${1:-}" = --scene ]; then
    unset LANG LANGUAGE
    ordinaire=(setpriv --inh-caps=-all --bounding-set=-all)
    "${ordinaire[@]}" true 2> /dev/null || ordinaire=()
    if [ "$hotes_prives" ]; then
        # shellcheck disable=SC2016
        exec unshare -m sh -c 'mount --bind "$0" /etc/hosts && exec "$@"' "$bac/hosts" \
            "${ordinaire[@]}" "$0" --jouer "$2"
    fi
    exec "${ordinaire[@]}" "$0" --jouer "$2"
fi
if [ "${1:-}" = --jouer ]; then
    trap terminaux_fermer EXIT
    trap 'exit 143' TERM
    trap 'exit 129' HUP
    jouer_scene "$bac/scenes/$2"
    : > "$bac/bons/$2"
    exit
fi

# ─── Le cours entier ───

dialecte=''
if [ "${1:-}" = --nc ]; then
    dialecte=${2:-}
    shift 2 || shift
    netcat_programme "$dialecte" > /dev/null ||
        { echo "cours.sh : netcat « $dialecte » absent de cette machine" >&2; exit 2; }
fi
COURS=${1:-$racine/cours.md}
[ -r "$COURS" ] || { echo "cours.sh : « $COURS » est illisible" >&2; exit 2; }
bac=$(mktemp -d)
# À la fin, et sur un signal : plus aucune scène en train, plus aucun fichier.
nettoyer() {
    trap '' INT TERM HUP
    # shellcheck disable=SC2046  # des numéros
    kill $(jobs -rp) 2> /dev/null || true
    wait
    rm -rf "$bac"
}
trap nettoyer EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
echecs=0
rater() { printf '%s\n' "$@"; echecs=$((echecs + 1)); }

# Un dépôt de liens, avec les exécutables de la variante essayée, et le « nc » des scènes.
preparer_le_depot() {
    local dossier nc
    mkdir "$bac"/{depot,scenes,bin,tmp,dits,bons,dossiers}
    for dossier in common "${dossiers[@]}" scripts; do
        [ ! -d "$racine/$dossier" ] || cp -rs "$racine/$dossier" "$bac/depot/"
    done
    find "$bac/depot" -name '[0-9][0-9]-*' ! -name '*.c' -delete
    for dossier in "${dossiers[@]}"; do
        [ ! -d "$PROGRAMMES$dossier" ] || cp -rsf "$PROGRAMMES$dossier" "$bac/depot/"
    done
    if [ "${dialecte:-openbsd}" = socat ]; then   # qui n'a que lui passe par le traducteur
        printf '#!/bin/sh\nexec "%s/scripts/netcat.sh" -n socat "$@"\n' "$racine" > "$bac/bin/nc"
        chmod +x "$bac/bin/nc"
    elif nc=$(netcat_programme "${dialecte:-openbsd}"); then
        ln -s "$(command -v "$nc")" "$bac/bin/nc"
    fi
}

verifier_extrait() {   # NUMÉRO LIGNES...
    local numero=$1 fichier extrait
    fichier=$(sed -n '1s|^/\* \([^ ]*\) \*/$|\1|p' <<< "$2")
    shift 2
    if [ -z "$fichier" ]; then
        rater "$COURS:$numero : un bloc C doit commencer par /* son/fichier.c */"
    elif [ ! -f "$racine/$fichier" ]; then
        rater "$COURS:$numero : le fichier « $fichier » n'existe pas"
    else
        printf -v extrait '\n%s' "$@"
        [[ $'\n'$(< "$racine/$fichier")$'\n' == *"$extrait"$'\n'* ]] ||
            rater "$COURS:$numero : ce n'est plus un extrait de $fichier"
    fi
}

# Vérifie les extraits, et dépose chaque scène dans un fichier. Remplit scenes et extraits.
decouper() {
    local ligne numero=0 bloc='' debut=0 lignes=()
    while IFS= read -r ligne || [ "$ligne" ]; do
        numero=$((numero + 1))
        case "$bloc:$ligne" in
        ':```c') bloc=c debut=$numero lignes=() ;;
        ':```console') bloc=console scenes=$((scenes + 1)) ;;
        ':```console suite')
            bloc=console
            [ "$scenes" -gt 0 ] || rater "$COURS:$numero : aucune scène à continuer" ;;
        ':```text') bloc=text ;;
        :[\ \>]*'```'* | :*'~~~'*) rater "$COURS:$numero : ce bloc ne serait pas rejoué : $ligne" ;;
        ':```'*) rater "$COURS:$numero : bloc d'une langue inconnue (c, console ou text) : $ligne"
            bloc=inconnu ;;
        'c:```')
            bloc='' extraits=$((extraits + 1))
            verifier_extrait $debut "${lignes[@]:-}" ;;
        *':```') bloc='' ;;
        c:*) lignes+=("$ligne") ;;
        console:*) printf '%s\t%s\n' $numero "$ligne" >> "$bac/scenes/$(printf %03d $scenes)" ;;
        esac
    done < "$COURS"
    [ -z "$bloc" ] || rater "$COURS:$numero : le dernier bloc n'est pas fermé"
}

# Retire les scènes qui ne peuvent pas avoir lieu ici, et le dit.
ecarter() {   # RAISON SCÈNES...
    local raison=$1
    shift
    [ $# -gt 0 ] || return 0
    echo "non jouées, $raison : $# scènes, aux lignes $(head -qn 1 "$@" | cut -f 1 | paste -sd ' ')"
    [ "${CI:-}" != true ] || rater "en intégration continue, tout se joue"
    rm "$@"
    scenes=$((scenes - $#))
}

# N'en garde que ce que cette machine peut jouer, et ce qui est demandé.
choisir_les_scenes() {
    local avec_nc sans_nc
    mapfile -t avec_nc < <(grep -lE $'\t[$] '"$tape_nc" "$bac"/scenes/*)
    if [ "$dialecte" ]; then
        mapfile -t sans_nc < <(grep -LE $'\t[$] '"$tape_nc" "$bac"/scenes/*)
        rm -f "${sans_nc[@]}"
        scenes=${#avec_nc[@]}
    elif [ ! -e "$bac/bin/nc" ]; then
        ecarter "faute du nc d'OpenBSD (scripts/outils.sh cours l'installe)" "${avec_nc[@]}"
    fi
    # « localhost » est ::1 puis 127.0.0.1, comme sur une Debian ordinaire ; à défaut de pouvoir
    # l'imposer à la scène, celles qui en parlent n'ont lieu que si la machine le dit elle-même.
    printf '127.0.0.1 localhost\n::1 localhost\n' > "$bac/hosts"
    hotes_prives=''
    if [ "$de_front" != 1 ] && "$racine/scripts/espace.sh" unshare -m \
        mount --bind "$bac/hosts" /etc/hosts 2> /dev/null; then
        hotes_prives=oui
    elif ! { grep -qs . /proc/net/if_inet6 && getent ahosts localhost | grep -q ::1; }; then
        mapfile -t sans_nc < <(grep -lsE '::1|localhost' "$bac"/scenes/*)
        ecarter "« localhost » n'étant pas ::1 ici" "${sans_nc[@]}"
    fi
}

# Devient la scène, dans son dossier et son espace réseau. Laisse ce qu'elle a dit dans « dits », et un
# fichier dans « bons » si elle est allée au bout.
jouer() {   # SCÈNE
    rm -rf "$bac/dossiers/$1"
    mkdir -p "$bac/dossiers/$1/essais"
    cd "$bac/dossiers/$1"
    ln -s "$bac"/depot/* .
    export COURS racine PROGRAMMES DELAI bac dialecte hotes_prives TMPDIR="$bac/tmp" PATH="$bac/bin:$PATH"
    exec "$racine/scripts/espace.sh" "$racine/tests/cours.sh" --scene "$1" > "$bac/dits/$1" 2>&1
}

# Chacune ayant son réseau, les scènes se jouent de front.
jouer_de_front() {   # SCÈNES...
    local scene
    for scene; do
        while [ "$(jobs -rp | wc -l)" -ge "$de_front" ]; do wait -n || true; done
        jouer "$scene" &
    done
    wait
}

# Sur le réseau de la machine, l'une après l'autre. Les connexions qu'une scène achève gardent le port
# 5000 une minute (TIME-WAIT) ; la suivante est rejouée sur un port neuf si cela a pu la gêner.
jouer_a_la_suite() {   # SCÈNES...
    local scene genees=()
    for scene; do
        port_neuf 5000 || genees+=("$scene")
        jouer "$scene" &
        wait $! || true
    done
    for scene in "${genees[@]}"; do
        [ ! -e "$bac/bons/$scene" ] || continue
        attendre 90 port_neuf 5000 || rater "le port 5000 est pris par un autre programme"
        jouer "$scene" &
        wait $! || true
    done
}

scenes=0 extraits=0
preparer_le_depot
decouper
# shellcheck disable=SC2016  # les variables sont celles des shells lancés
de_front=$("$racine/scripts/espace.sh" sh -c '[ "$ESPACE" = non ] && echo 1 || echo $(($(nproc) * 2))')
choisir_les_scenes
mapfile -t a_jouer < <(ls "$bac/scenes")
if [ "$de_front" = 1 ]; then jouer_a_la_suite "${a_jouer[@]}"; else jouer_de_front "${a_jouer[@]}"; fi
for scene in "${a_jouer[@]}"; do   # est ratée toute scène qui n'est pas allée au bout
    [ -e "$bac/bons/$scene" ] || rater "$(cat "$bac/dits/$scene" 2>&1)"
done

if [ "$dialecte" ]; then
    echo "nc, celui de $dialecte : $echecs scènes diffèrent, sur les $scenes qui tapent nc"
    exit
fi
"$racine/tests/faits.sh" --verifier "$COURS" || echecs=$((echecs + 1))
[ $((scenes + extraits)) -gt 0 ] || rater "$COURS : ni scène ni extrait"
echo "cours : $scenes scènes, $extraits extraits, $echecs écart$([ $echecs -lt 2 ] || echo s)"
[ $echecs -eq 0 ]
