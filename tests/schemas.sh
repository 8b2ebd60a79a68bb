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
# celles de la main qui tape. « <!-- schema à la main : RAISON --> » : celui-là n'est pas comparé. Tout bloc où des
# flèches vont d'une ligne de vie à une autre a l'un ou l'autre.
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

# Écrit, champs séparés par des tabulations, chaque faute (faute, ligne, texte), chaque schéma (schema, options, et
# les lignes qui l'encadrent, le numéro de sa scène dans la page).
reperer() {   # PAGE
    LC_ALL=C awk -v OFS='\t' '
        function finir(texte) { if (annonce) print "faute", annonce, texte; annonce = 0 }
        /^```/ && bloc {
            if (bloc == "text" && fleches > 1 && !annonce && !a_la_main)
                print "faute", debut, "des flèches entre deux lignes de vie : schema, ou schema à la main, et pourquoi ?"
            fin = NR
            if (bloc == "text") a_la_main = 0
            bloc = ""
            next
        }
        bloc == "text" {
            if (/(│|┊).*(►|◄).*(│|┊)/) fleches++
            large = $0
            gsub(/[\200-\277]/, "", large)
            if (annonce && length(large) > 80) print "faute", NR, "plus de 80 colonnes"
        }
        bloc { next }
        /^<!-- schema à la main : .+ -->$/ { finir("sans son dessin"); a_la_main = NR; next }
        /^<!-- schema :( --?[a-z-]+)* -->$/ {
            finir("sans son dessin")
            annonce = NR
            dessine = 0
            options = $0
            sub(/^<!-- schema : */, "", options)
            sub(/ *-->$/, "", options)
            if (options !~ /^((--sans-ack|--tout) ?)*$/) print "faute", NR, "options de schéma : " options
            next
        }
        /^<!-- *schema/ { print "faute", NR, "schéma mal écrit" }
        /^```text$/ { bloc = "text"; debut = NR; fleches = 0; dessine = 1; next }
        /^```console$/ {
            scene++
            if (annonce && dessine) print "schema", options == "" ? "-" : options, debut, fin, scene
            else finir("sans son dessin")
            annonce = 0
        }
        /^```/ { bloc = "autre"; next }
        /^(<!--.*)?$/ { next }
        { finir("sans sa scène juste après"); a_la_main = 0 }
        END { finir("sans sa scène juste après") }' "$1"
}

# Joue la scène d'un schéma, et le compare ; les écarts vont dans le fichier RANG.ecarts.
refaire() {   # PAGE NOM OPTIONS DÉBUT FIN SCÈNE
    local ici=$bac/$2 options=() ligne texte
    [ "$3" = - ] || read -ra options <<< "$3"
    if ! COURS=$1 "$racine/scripts/diagramme.sh" -l 80 "${options[@]}" -o "$ici.svg" --garder "$ici" --scene "$6" \
        > "$ici.neuf" 2> "$ici.dit"; then
        if [ "${CI:-}" != true ] && grep -q ' : il manque ' "$ici.dit"; then
            echo "$1:$4 : non refait. $(< "$ici.dit")"
        else
            { echo "$1:$4 : sa scène ne se dessine pas"; cat "$ici.dit"; grep '^manque' "$ici.neuf" || true; } > "$ici.ecarts"
        fi
        return 0
    fi
    grep -vE '· · 0,[0-4][0-9] s · ·' "$ici.neuf" > "$ici.vrai"
    "$dessin" -c "$ici" > "$ici.causes"
    sed -n "$(($4 + 1)),$(($5 - 1))p" "$1" > "$ici.garde"
    LC_ALL=C awk -v CAUSES="$ici.causes" -f "$dossier_des_tests/schemas.awk" "$ici.garde" "$ici.vrai" |
        while IFS=$'\t' read -r ligne texte; do
            echo "$1:$(($4 + ligne)) : $texte"
        done > "$ici.ecarts" || true
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

rate=0 nombre=0
for page; do
    prefixe=$(realpath -s --relative-to "$racine" -- "$page")
    prefixe=${prefixe%.md}
    prefixe=${prefixe//[^[:alnum:]]/-}
    reperer "$page" > "$bac/$prefixe.liste"
    while IFS=$'\t' read -r _ ligne texte; do
        echo "$page:$ligne : $texte"
        rate=1
    done < <(grep '^faute' "$bac/$prefixe.liste")
    awk -F '\t' -v OFS='\t' -v p="$prefixe" '/^schema/ { $1 = p "-" ++n; print }' "$bac/$prefixe.liste" > "$bac/$prefixe.schemas"
    nombre=$((nombre + $(wc -l < "$bac/$prefixe.schemas")))
    [ ! "$forme" ] || continue
    while IFS=$'\t' read -r nom options debut fin scene; do
        while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n || true; done
        refaire "$page" "$nom" "$options" "$debut" "$fin" "$scene" &
    done < "$bac/$prefixe.schemas"
    wait
    [ ! "$ecrire" ] || recopier "$page" < "$bac/$prefixe.schemas"
    [ ! "$svg" ] || cp "$bac/$prefixe"-*.svg "$svg/" 2> /dev/null || true
done
if cat "$bac"/*.ecarts 2> /dev/null | grep .; then rate=1; fi
echo "schémas : $nombre, $([ $rate -eq 0 ] && echo "rien à redire" || echo "des écarts, ci-dessus")"
exit $rate
