#!/usr/bin/env bash
# Rejoue le cours : tests/cours.sh [cours.md]. La notation est du Markdown ordinaire :
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
# Chaque scène a son espace réseau (port 5000 libre) quand le noyau le permet. Au moindre écart :
# la ligne du cours, ce qui était attendu, ce qui est venu, et le code 1.
set -euo pipefail
export LC_ALL=C.UTF-8
racine=$(CDPATH='' cd "$(dirname "$0")/.." && pwd)
: "${PROGRAMMES:=$racine/}"
DELAI=${DELAI:-10}   # secondes accordées à chaque ligne attendue
FIN=$'\x1d'          # fin d'une commande, suivie de son code

# ─── Une scène, et ses terminaux ───

declare -A pid ordres ecran clavier en_cours
terminal='' ligne_du_cours=''

echec() {   # CE_QUI_NE_VA_PAS [DÉTAIL...]
    printf '%s:%s : %s\n' "$COURS" "$ligne_du_cours" "$1"
    shift
    [ $# -eq 0 ] || printf '    %s\n' "$@"
    exit 1
}

rendre() { return "$1"; }

# Le shell d'un terminal : exécute chaque ordre reçu, puis annonce sa fin et son code.
tenir_terminal() {   # NOM
    local nom=$1 ordre code=0 fd
    set +e
    trap : INT TERM   # Ctrl-C arrête la commande, pas le shell
    for fd in "${ordres[@]}" "${ecran[@]}" "${clavier[@]}"; do exec {fd}>&-; done
    exec {fd}< "$nom.ordres"
    while IFS= read -r -u "$fd" ordre; do
        rendre "$code"
        eval "$ordre" < "$nom.clavier" {fd}<&-
        code=$?
        printf '%s%s\n' "$FIN" "$code"
    done
}

ouvrir_terminal() {   # NOM
    terminal=$1
    [ -z "${pid[$1]:-}" ] || return 0
    mkfifo "$1.ordres" "$1.ecran" "$1.clavier"
    tenir_terminal "$1" > "$1.ecran" 2>&1 &
    pid[$1]=$!
    exec {fd}< "$1.ecran"; ecran[$1]=$fd
    exec {fd}> "$1.ordres"; ordres[$1]=$fd
    en_cours[$1]=''
}

# Lit la prochaine ligne de l'écran dans « venue » ; faux si rien ne vient à temps.
venue=''
lire_ecran() {
    IFS= read -r -t "$DELAI" -u "${ecran[$terminal]}" venue
}

fermer_le_clavier() {
    local fd=${clavier[$terminal]:-}
    [ -z "$fd" ] || exec {fd}>&-
    unset "clavier[$terminal]"
}

# La commande du terminal doit être finie, et n'avoir plus rien à dire.
exiger_la_fin() {
    [ "${en_cours[$terminal]}" ] || return 0
    lire_ecran || echec "la commande ne finit pas" "commande : ${en_cours[$terminal]}"
    [[ $venue == "$FIN"* ]] ||
        echec "une ligne de trop" "commande : ${en_cours[$terminal]}" "venu     : $venue"
    [[ ${venue#"$FIN"} == @(0|1|2|130|141|255) ]] ||
        echec "code de sortie ${venue#"$FIN"}" "commande : ${en_cours[$terminal]}"
    en_cours[$terminal]=''
    fermer_le_clavier
}

lancer() {   # COMMANDE
    exiger_la_fin
    en_cours[$terminal]=$1
    printf '%s\n' "$1" >&"${ordres[$terminal]}"
    local fd
    exec {fd}> "$terminal.clavier"   # attend que la commande ouvre son entrée
    clavier[$terminal]=$fd
    if [[ $1 =~ (^|\|\ )nc\ .*-l\ .*-p\ ([0-9]+) ]]; then
        local protocole=tcp
        [[ $1 != *' -u '* ]] || protocole=udp
        "$racine/scripts/attendre.sh" "$protocole" "${BASH_REMATCH[2]}" "$DELAI" ||
            echec "netcat n'écoute pas" "commande : $1"
    fi
}

# Compare une ligne attendue, où « … » vaut n'importe quoi, à la prochaine ligne de l'écran.
comparer() {   # ATTENDUE
    local motif
    motif=$(sed 's/[^[:alnum:][:space:]…]/\\&/g; s/…/*/g' <<< "$1")
    lire_ecran || echec "rien ne vient" "attendu : $1"
    # shellcheck disable=SC2053  # un motif, à dessein
    [[ $venue == $motif ]] || {
        [[ $venue != "$FIN"* ]] || venue="(la commande est finie)"
        echec "la sortie a changé" "attendu : $1" "venu    : $venue"
    }
}

jouer_scene() {   # FICHIER : lignes « numéro<tab>texte »
    local texte numero vide=''
    trap 'kill -KILL "${pid[@]/#/-}" 2> /dev/null || true' EXIT
    set -m   # chaque terminal a son groupe de processus
    while IFS=$'\t' read -r numero texte; do
        if [[ $texte == \[*\] ]]; then   # et la ligne vide d'avant n'était là que pour l'œil
            ouvrir_terminal "${texte:1:-1}"
            vide=''
            continue
        fi
        [ "$terminal" ] || ouvrir_terminal terminal
        [ -z "$vide" ] || comparer ''
        vide=''
        ligne_du_cours=$numero
        case $texte in
        '$ '*) lancer "${texte:2}" ;;
        '> '*) printf '%s\n' "${texte:2}" >&"${clavier[$terminal]}" ;;
        '^C') kill -INT -- "-${pid[$terminal]}" ;;
        '^D') fermer_le_clavier ;;
        '') vide=oui ;;
        *) comparer "$texte" ;;
        esac
    done < "$1"
    [ -z "$vide" ] || comparer ''
    for terminal in "${!pid[@]}"; do exiger_la_fin; done
}

# Lancé par nous-mêmes, dans l'espace réseau de la scène. On y devient, si l'on peut, une personne
# ordinaire sur un portable ordinaire : sans privilège, Ctrl-C agissant (un script lancé en
# arrière-plan l'ignore, et ses enfants avec lui), « localhost » en IPv4 et en IPv6.
if [ "${1:-}" = --scene ]; then
    unset LANG LANGUAGE
    ordinaire=(setpriv --inh-caps=-all --bounding-set=-all)
    "${ordinaire[@]}" true 2> /dev/null || ordinaire=()
    ordinaire=(env --default-signal=INT "${ordinaire[@]}")
    if [ "$hotes_prives" ]; then
        # shellcheck disable=SC2016
        exec unshare -m sh -c 'mount --bind "$0" /etc/hosts && exec "$@"' "$bac/hosts" \
            "${ordinaire[@]}" "$0" --jouer "$2"
    fi
    exec "${ordinaire[@]}" "$0" --jouer "$2"
fi
if [ "${1:-}" = --jouer ]; then
    # Le premier descripteur d'un programme est le 3 : ceux dont nous avons hérité sont à fermer.
    for fd in {3..9}; do exec {fd}>&-; done
    jouer_scene "$2"
    exit
fi

# ─── Le cours entier ───

COURS=${1:-$racine/cours.md}
[ -r "$COURS" ] || { echo "cours.sh : « $COURS » est illisible" >&2; exit 2; }
bac=$(mktemp -d)
trap 'rm -rf "$bac"' EXIT
echecs=0
rater() { printf '%s\n' "$@"; echecs=$((echecs + 1)); }

# Un dépôt de liens, avec les exécutables de la variante essayée : une scène peut y écrire.
mkdir "$bac/depot" "$bac/scenes"
for dossier in common tcp udp ipv6 local scripts; do
    [ ! -d "$racine/$dossier" ] || cp -rs "$racine/$dossier" "$bac/depot/"
done
find "$bac/depot" -name '[0-9][0-9]-*' ! -name '*.c' -delete
for dossier in tcp udp ipv6 local; do
    [ ! -d "$PROGRAMMES$dossier" ] || cp -rsf "$PROGRAMMES$dossier" "$bac/depot/"
done

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

scenes=0 extraits=0 numero=0 bloc='' debut=0 lignes=()
while IFS= read -r ligne || [ "$ligne" ]; do
    numero=$((numero + 1))
    case "$bloc:$ligne" in
    ':```c') bloc=c debut=$numero lignes=() ;;
    ':```console') bloc=console scenes=$((scenes + 1)) ;;
    ':```console suite')
        bloc=console
        [ $scenes -gt 0 ] || rater "$COURS:$numero : aucune scène à continuer" ;;
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

# Les scènes se jouent de front quand chacune a son réseau, sinon l'une après l'autre.
export COURS racine PROGRAMMES DELAI bac
jouer() {   # SCÈNE
    mkdir "$bac/ecrans-$1"
    cd "$bac/ecrans-$1"
    ln -s "$bac"/depot/* .
    "$racine/scripts/espace.sh" "$racine/tests/cours.sh" --scene "$bac/scenes/$1" > "$bac/$1.dit" 2>&1
}
export -f jouer
# shellcheck disable=SC2016  # les variables sont celles des shells lancés
de_front=$("$racine/scripts/espace.sh" sh -c '[ "$ESPACE" = non ] && echo 1 || echo $(($(nproc) * 2))')

# « localhost » est ::1 puis 127.0.0.1, comme sur une Debian ordinaire ; à défaut de pouvoir l'imposer
# à la scène, celles qui en parlent ne peuvent avoir lieu que si la machine le dit elle-même.
printf '127.0.0.1 localhost\n::1 localhost\n' > "$bac/hosts"
export hotes_prives=''
if [ "$de_front" != 1 ] && "$racine/scripts/espace.sh" unshare -m \
    mount --bind "$bac/hosts" /etc/hosts 2> /dev/null; then
    hotes_prives=oui
elif ! { grep -qs . /proc/net/if_inet6 && getent ahosts localhost | grep -q ::1; }; then
    mapfile -t ecartees < <(grep -lsE '::1|localhost' "$bac"/scenes/*)
    [ ${#ecartees[@]} -eq 0 ] || {
        echo "non jouées, « localhost » n'étant pas ::1 ici : ${#ecartees[@]} scènes"
        [ "${CI:-}" != true ] || rater "en intégration continue, tout se joue"
        rm "${ecartees[@]}"
        scenes=$((scenes - ${#ecartees[@]}))
    }
fi

# Sur le port 5000 de la machine, d'abord les scènes de 05-bind, celles sans échange en tête : les
# connexions achevées par les autres (TIME-WAIT, une minute) lui prendraient le port.
port_5000_neuf() { ! grep -qs ':1388 ' /proc/net/tcp /proc/net/tcp6; }
if [ "$de_front" = 1 ] && ! port_5000_neuf; then
    # shellcheck source=scripts/attendre.sh
    source "$racine/scripts/attendre.sh"
    echo "le port 5000 de cette machine sert encore : attente, 90 secondes au plus"
    attendre 90 port_5000_neuf || rater "le port 5000 est pris par un autre programme"
fi
# shellcheck disable=SC2016
(cd "$bac/scenes" && {
    grep -ls 05-bind -- * | xargs -r grep -L 'nc 127' || true
    grep -ls 05-bind -- * || true
    ls
}) | awk '!vue[$0]++' |
    xargs -r -n 1 -P "$de_front" bash -c 'jouer "$1" && : > "$bac/$1.bon"' - || true
for scene in "$bac"/scenes/*; do   # est ratée toute scène qui n'est pas allée au bout
    scene=${scene##*/}
    [ ! -e "$bac/scenes/$scene" ] || [ -e "$bac/$scene.bon" ] || rater "$(cat "$bac/$scene.dit" 2>&1)"
done

"$racine/tests/faits.sh" --verifier "$COURS" || echecs=$((echecs + 1))
[ $((scenes + extraits)) -gt 0 ] || rater "$COURS : ni scène ni extrait"
echo "cours : $scenes scènes, $extraits extraits, $echecs écart$([ $echecs -lt 2 ] || echo s)"
[ $echecs -eq 0 ]
