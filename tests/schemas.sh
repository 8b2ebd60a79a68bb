#!/usr/bin/env bash
# Refait les schémas du cours, et les compare à ceux que gardent ses pages.
#
#   tests/schemas.sh [PAGE...]                 chacun à un passage neuf de sa scène, par ses causes
#   tests/schemas.sh --forme [PAGE...]         ne joue rien : s'ils sont bien écrits
#   tests/schemas.sh --svg DOSSIER [PAGE...]   les dessine là, par page et par rang : tcp-cours-1.svg
#   tests/schemas.sh --ecrire [PAGE...]        recopie le vrai dessin de ceux qui diffèrent ; à relire : git diff
#
# Dans une page, « <!-- schema : OPTIONS --> » (--sans-ack, --tout, ou rien), puis un bloc ```text de 80 colonnes
# au plus, puis sa scène : ce qu'en dessine scripts/diagramme.sh, sans les pauses de moins d'une demi-seconde,
# celles de la main qui tape. « <!-- schema à la main : RAISON --> » : celui-là n'est pas comparé. Tout bloc
# où des flèches vont d'une ligne de vie à une autre a l'un ou l'autre.
#
# Deux passages d'un échange ne se dessinent pas mot pour mot pareil : tests/schemas.awk dit ce qui compte. Rend
# 0, ou 1 : la ligne, et ce qui diffère ; 2 si la demande est mal écrite.
set -euo pipefail
export LC_ALL=C.UTF-8
dossier_des_tests=$(CDPATH='' cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/chapitres.sh
source "$dossier_des_tests/../scripts/chapitres.sh"
: "${PROGRAMMES:=$racine/}"
dessin=${PROGRAMMES}outils/dessin
[ "$PROGRAMMES" != "$racine/" ] || dessin=$racine/build/outils/dessin

refuser() { echo "schemas.sh : $1 (voir tests/schemas.sh -h)" >&2; exit 2; }
forme='' ecrire='' svg=''
while [[ ${1:-} == -* ]]; do
    case $1 in
    -h | --help) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"; exit ;;
    --forme) forme=oui ;;
    --ecrire) ecrire=oui ;;
    --svg)
        [ $# -ge 2 ] || refuser "« --svg » attend un dossier"
        mkdir -p "$2"
        svg=$(realpath -- "$2")
        shift ;;
    *) refuser "« $1 » ?" ;;
    esac
    shift
done
[ $# -gt 0 ] || { mapfile -t pages < <(pages_du_cours); set -- "${pages[@]/#/$racine/}"; }
for page; do [ -r "$page" ] || refuser "« $page » est illisible"; done

bac=$(mktemp -d)
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

# Joue la scène d'un schéma, et le compare ; les écarts vont dans le fichier NOM.ecarts, vide s'il n'y en a pas.
refaire() {   # PAGE NOM OPTIONS DÉBUT FIN SCÈNE
    local ici=$bac/$2 options=() ligne texte code=0
    [ "$3" = - ] || read -ra options <<< "$3"
    if ! COURS=$1 "$racine/scripts/diagramme.sh" -l 80 "${options[@]}" -o "$ici.svg" --garder "$ici" --scene "$6" \
        > "$ici.neuf" 2> "$ici.dit"; then
        if [ "${CI:-}" != true ] && grep -q ' : il manque ' "$ici.dit"; then
            echo "$1:$4 : non refait. $(< "$ici.dit")"
            : > "$ici.ecarts"
        else
            { echo "$1:$4 : sa scène ne se dessine pas"; cat "$ici.dit"; } > "$ici.ecarts"
            grep '^manque' "$ici.neuf" >> "$ici.ecarts" || true
        fi
        return 0
    fi
    grep -vE '· · 0,[0-4][0-9] s · ·' "$ici.neuf" > "$ici.vrai"
    "$dessin" -c "$ici" > "$ici.causes"
    sed -n "$(($4 + 1)),$(($5 - 1))p" "$1" > "$ici.garde"
    LC_ALL=C awk -v CAUSES="$ici.causes" -f "$dossier_des_tests/schemas.awk" "$ici.garde" "$ici.vrai" \
        > "$ici.dit" || code=$?
    [ $code -le 1 ] || return
    while IFS=$'\t' read -r ligne texte; do
        echo "$1:$(($4 + ligne)) : $texte"
    done < "$ici.dit" > "$ici.ecarts"
}

# Remplace, de bas en haut, chaque dessin qui diffère.
recopier() {   # PAGE < SCHÉMAS
    local nom debut fin
    tac | while IFS=$'\t' read -r nom _ debut fin _; do
        if [ ! -s "$bac/$nom.ecarts" ] || [ ! -s "$bac/$nom.vrai" ]; then continue; fi
        sed -i -e "${debut}r $bac/$nom.vrai" -e "$((debut + 1)),$((fin - 1))d" "$1"
        : > "$bac/$nom.ecarts"
    done
}

# Les fautes d'une page, puis ses schémas, refaits de front.
traiter() {   # PAGE
    local prefixe nom options debut fin scene ligne texte
    prefixe=$(realpath -s --relative-to "$racine" -- "$1")
    prefixe=${prefixe%.md}
    prefixe=${prefixe//[^[:alnum:]]/-}
    LC_ALL=C awk -v OFS='\t' -f "$dossier_des_tests/schemas-reperer.awk" "$1" > "$bac/liste"
    while IFS=$'\t' read -r _ ligne texte; do
        echo "$1:$ligne : $texte"
        rate=1
    done < <(grep '^faute' "$bac/liste")
    awk -F '\t' -v OFS='\t' -v p="$prefixe" '/^schema/ { $1 = p "-" ++n; print }' "$bac/liste" > "$bac/schemas"
    nombre=$((nombre + $(wc -l < "$bac/schemas")))
    [ ! "$forme" ] || return 0
    while IFS=$'\t' read -r nom options debut fin scene; do
        while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n || true; done
        refaire "$1" "$nom" "$options" "$debut" "$fin" "$scene" &
    done < "$bac/schemas"
    wait
    [ ! "$ecrire" ] || recopier "$1" < "$bac/schemas"
    while read -r nom _; do
        cat "$bac/$nom.ecarts" || echo "$1 : le schéma $nom n'a pas pu être comparé"
        [ ! "$svg" ] || [ ! -e "$bac/$nom.svg" ] || cp "$bac/$nom.svg" "$svg/"
    done < "$bac/schemas" > "$bac/ecarts" 2> /dev/null
    ! grep . "$bac/ecarts" || rate=1
}

rate=0 nombre=0
for page; do traiter "$page"; done
echo "schémas : $nombre, $([ $rate -eq 0 ] && echo "rien à redire" || echo "des écarts, ci-dessus")"
exit $rate
