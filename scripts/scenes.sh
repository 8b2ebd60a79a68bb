#!/usr/bin/env bash
# Le seul lecteur de la notation du cours : ce que l'on rejoue au laboratoire (tests/cours.sh), comme une
# personne (tests/main.sh) ou ce que l'on projette (scripts/scene.sh) est lu ici. Du Markdown ordinaire :
#
# ```c         première ligne « /* tcp/06-serveur.c */ » ; la suite en est un extrait, mot pour mot
# ```console   une scène, rejouée et comparée ; ```console suite  la même scène continue
#   [serveur]  ce qui suit se passe dans ce terminal, ouvert au besoin (un seul : pas de nom) ;
#              une ligne vide peut le précéder
#   $ commande lancée là, une fois finie celle d'avant
#   > texte    tapé au clavier ; ^C et ^D, seuls sur leur ligne : Ctrl-C, fin de la saisie
#   (attend)   à ce moment, ce terminal attend encore, et n'a rien dit de plus
#   autre      une ligne que ce terminal doit afficher ; « … » y vaut n'importe quoi, rien d'autre
# ```text      un dessin
# <!-- schema : -->   au-dessus d'un dessin : il est celui de la scène qui suit (tests/schemas.sh dit comment)
# <!-- besoin : java ipv6 -->   au-dessus d'une scène : elle est écartée là où cela manque. Le nom d'une
#                               commande, ou root, ipv6 (l'adresse ::1), localhost6 (il vaut aussi ::1), espace
#                               (en faire un réseau), lien-qui-perd (y jeter des paquets)
# <!-- preuve : GEN-01 « texte » -->   de même : la scène prouve ce fait, par ce texte d'une de ses sorties
#                               attendues, ou « (attend) ». Plusieurs numéros avant un texte, plusieurs lignes
#
#   scripts/scenes.sh [cours.md...]         les étapes, une par ligne, champs séparés par des tabulations :
#                                           scène, leçon, fichier:ligne, terminal, geste, texte
#   scripts/scenes.sh --besoin NOM          0 si cette machine l'a
#
# Gestes : besoin, preuve (texte : FAIT TEXTE), commande, saisie, ctrl-c, ctrl-d, attend, ligne, vide (une
# ligne vide est attendue) ; et hors des scènes : extrait (l'en-tête d'un bloc C), c (ses lignes), faute
# (de notation).
# Se charge aussi par « source » : scenes_lire, etape_decouper, scenes_deposer, besoin_satisfait,
# preuves_decouper.

shopt -s extglob

# Remplit scene, lecon, lieu, terminal, geste, texte.
etape_decouper() {   # ÉTAPE
    local reste=$1 champ
    for champ in scene lecon lieu terminal geste; do
        printf -v "$champ" %s "${reste%%$'\t'*}"
        reste=${reste#*$'\t'}
    done
    texte=$reste
}

# Écrit les étapes de tous ces fichiers ; les scènes sont numérotées d'un bout à l'autre.
scenes_lire() {   # FICHIER.md...
    local fichier scene=0 LC_ALL=C   # en octets : deux fois plus vite
    for fichier; do scenes_du_fichier "$fichier"; done
}

# Écrit une étape, avec les variables de scenes_du_fichier.
scenes_dire() {   # GESTE TEXTE [LIGNE]
    printf '%s\t%s\t%s:%s\t%s\t%s\t%s\n' \
        "$scene" "${lecon:--}" "${fichier#"${racine:-/}/"}" "${3:-$numero}" "${terminal:-terminal}" "$1" "$2"
}

scenes_du_fichier() {   # FICHIER.md
    local ligne numero=0 bloc='' titre='' chapitre='' lecon='' terminal='' vide='' besoins='' preuves=() scenes_avant=$scene
    local lignes
    mapfile -t lignes < "$fichier"
    for ligne in "${lignes[@]}"; do
        numero=$((numero + 1))
        case "$bloc:$ligne" in
        ':```console' | ':```console suite') scene_ouvrir ;;
        ':```c') bloc=c-entete ;;
        ':```text') bloc=text ;;
        :[\ \>]*'```'* | :*'~~~'*) scenes_dire faute "ce bloc ne serait pas rejoué : $ligne" ;;
        ':```'*)
            scenes_dire faute "bloc d'une langue inconnue (c, console ou text) : $ligne"
            bloc=inconnu ;;
        c-entete:*)
            scenes_dire extrait "$ligne" $((numero - 1))
            bloc=c
            [ "$ligne" != '```' ] || bloc='' ;;
        *':```') bloc='' ;;
        c:*) scenes_dire c "$ligne" ;;
        console:*) scene_ligne ;;
        :'<!-- besoin : '*' -->') besoins=${ligne#*: } besoins=${besoins% -->} ;;
        :'<!-- preuve : '*' -->') preuves+=("$numero ${ligne#*: }") ;;
        :'<!--'*( )preuve*) scenes_dire faute "preuve mal écrite : $ligne" ;;
        :'#### À vous') titre="À vous : $chapitre" ;;
        :'## '* | :'### '*)
            titre=${ligne##*\#\# } titre=${titre##+([0-9.]) }
            [[ $ligne == '### '* ]] || chapitre=$titre ;;
        esac
        [[ ! $besoins${preuves[*]} || (! $bloc && (! $ligne || $ligne == '<!--'*)) ]] || scene_manque
    done
    scene_manque
    scene_fermer
    [ -z "$bloc" ] || scenes_dire faute "le dernier bloc n'est pas fermé"
}

# Un besoin, une preuve n'ont de sens que devant une scène.
scene_manque() {
    local preuve
    [ -z "$besoins" ] || scenes_dire faute "besoin : pas de scène juste après"
    for preuve in "${preuves[@]}"; do
        scenes_dire faute "preuve : pas de scène juste après" "${preuve%% *}"
    done
    besoins='' preuves=()
}

# Remplit prouves : chaque FAIT d'une preuve, et le texte qui le tranche (rien, s'il manque).
preuves_decouper() {   # FAIT... « TEXTE » ...
    local reste=$1 faits texte fait
    prouves=()
    while [[ $reste == *[![:space:]]* ]]; do
        read -ra faits <<< "${reste%%«*}"
        texte=''
        case $reste in
        *«*»*) reste=${reste#*«} texte=${reste%%»*} reste=${reste#*»} ;;
        *) reste='' ;;
        esac
        texte=${texte##+([[:space:]])}
        [ ${#faits[@]} -gt 0 ] || faits=('?')
        for fait in "${faits[@]}"; do prouves+=("$fait ${texte%%+([[:space:]])}"); done
    done
}

# Le début d'un bloc console : une scène, ou sa suite.
scene_ouvrir() {
    local besoin
    bloc=console
    if [ "$ligne" = '```console suite' ]; then
        [ $scene -gt "$scenes_avant" ] || scenes_dire faute "aucune scène à continuer"
        scene_dire_les_preuves
        return 0
    fi
    scene_fermer
    scene=$((scene + 1)) lecon=$titre terminal=''
    for besoin in $besoins; do scenes_dire besoin "$besoin"; done
    besoins=''
    scene_dire_les_preuves
}

scene_dire_les_preuves() {
    local preuve fait prouves
    for preuve in "${preuves[@]}"; do
        fait=${preuve#* }
        preuves_decouper "${fait% -->}"
        for fait in "${prouves[@]}"; do scenes_dire preuve "$fait" "${preuve%% *}"; done
    done
    preuves=()
}

# La ligne vide qui finissait la scène était attendue.
scene_fermer() {
    [ -z "$vide" ] || scenes_dire vide '' "$vide"
    vide=''
}

scene_ligne() {
    if [[ $ligne == \[*\] ]]; then   # et la ligne vide d'avant n'était là que pour l'œil
        terminal=${ligne:1:-1} vide=''
        return
    fi
    scene_fermer
    case $ligne in
    '$ '*) scenes_dire commande "${ligne:2}" ;;
    '> '*) scenes_dire saisie "${ligne:2}" ;;
    '>') scenes_dire saisie '' ;;
    '^C') scenes_dire ctrl-c '' ;;
    '^D') scenes_dire ctrl-d '' ;;
    '(attend)') scenes_dire attend '' ;;
    '') vide=$numero ;;
    *) scenes_dire ligne "$ligne" ;;
    esac
}

# Range les étapes lues sur l'entrée : DOSSIER/001 pour la première scène… et DOSSIER/000 pour le reste.
scenes_deposer() {   # DOSSIER
    awk -F '\t' -v dossier="$1" '{
        fichier = sprintf("%s/%03d", dossier, $5 ~ /^(faute|extrait|c)$/ ? 0 : $1)
        if (fichier != ouvert) close(ouvert)
        print >> (ouvert = fichier)
    }'
}

# Vrai si la machine a de quoi jouer la scène.
besoin_satisfait() {   # NOM
    case $1 in
    root) [ "$(id -u)" = 0 ] ;;
    ipv6) grep -qs '^0*1 ' /proc/net/if_inet6 ;;
    localhost6) [ "${hotes_prives:-}" ] || getent ahosts localhost | grep -q '^::1 ' ;;
    lien-qui-perd) "${BASH_SOURCE[0]%/*}/lien-qui-perd.sh" /dev/null > /dev/null 2>&1 ;;
    espace) [ "${ESPACE:-}" != non ] && { unshare -n true 2> /dev/null || unshare -rn true 2> /dev/null; } ;;
    *) command -v "$1" > /dev/null ;;
    esac
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    set -euo pipefail
    case ${1:-} in
    -h | --help) sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
        exit ;;
    --besoin) besoin_satisfait "${2:?}"
        exit ;;
    esac
    # shellcheck source=scripts/chapitres.sh
    source "$(dirname "$0")/chapitres.sh"
    [ $# -gt 0 ] || { mapfile -t pages < <(pages_du_cours); set -- "${pages[@]/#/$racine/}"; }
    for fichier; do
        [ -r "$fichier" ] || { echo "scenes.sh : « $fichier » est illisible" >&2; exit 2; }
    done
    scenes_lire "$@"
fi
