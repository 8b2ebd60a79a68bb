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
# preuves_eclater.

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
    LC_ALL=C awk -v racine="${racine:-/}/" -f "${BASH_SOURCE[0]%/*}/scenes.awk" "$@"
}

# Lit des lignes « … tabulation FAIT... « TEXTE » ... » ; en écrit une par fait, « … tabulation FAIT TEXTE ».
preuves_eclater() { LC_ALL=C awk -v preuves=oui -f "${BASH_SOURCE[0]%/*}/scenes.awk"; }

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
