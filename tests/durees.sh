#!/usr/bin/env bash
# Mesure ce que prend chaque leçon, et le compare à la durée qu'elle annonce.
#
#   tests/durees.sh [PAGE...]      une ligne par leçon : annoncée, lire, taper, à vous, total, écrire, titre
#   tests/durees.sh --verifier [PAGE...]     rien, et le code 0, si chaque leçon annonce au moins son total, et au
#                                  plus la moitié et cinq minutes de plus ; 1 sinon, et lesquelles
#
# En minutes : 150 mots lus, 100 caractères tapés par minute, marges non comprises. « taper » : les scènes, et
# les programmes nus que l'on écrit soi-même. « à vous » : les réponses repliées, lues et tapées. « écrire » :
# le plus long des exercices à écrire, d'après notre solution ; il est annoncé à part.
set -euo pipefail
export LC_ALL=C   # le même compte avec tout awk
dossier=$(CDPATH='' cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/chapitres.sh
source "$dossier/../scripts/chapitres.sh"

mesurer() {   # PAGE...
    awk -v mots_par_minute=150 -v touches_par_minute=100 -v racine="$racine/" '
        function mots(texte) { return gsub(/[^[:space:]]+/, "", texte) }
        function finir() {
            if (annoncee) printf "%3d %5.1f %5.1f %5.1f %5.1f %5.1f  %s, %s\n", annoncee, lire, taper, reponses,
                lire + taper + reponses, ecrire, page, titre
            annoncee = lire = taper = reponses = ecrire = 0
        }
        function ajouter(lus, touches) {
            if (replie) reponses += lus / mots_par_minute + touches / touches_par_minute
            else { lire += lus / mots_par_minute; taper += touches / touches_par_minute }
        }
        function peser(fichier,   ligne, touches, entete) {   # sans le commentaire de tête ni les marges
            if (fichier in vus) return
            vus[fichier] = entete = 1
            while ((getline ligne < (racine fichier)) > 0) {
                sub(/^ +/, "", ligne)
                if (!entete) touches += length(ligne) + 1
                if (ligne == "*/") entete = 0
            }
            close(racine fichier)
            if (touches / touches_par_minute > ecrire) ecrire = touches / touches_par_minute
        }
        FNR == 1 { finir(); page = FILENAME; sub(racine, "", page); bloc = "" }
        /^```/ { bloc = bloc ? "" : (substr($0, 4) ? substr($0, 4) : "?"); tete = bloc == "c"; next }
        bloc == "c" && tete { nu = /-nu\.c/; tete = 0; next }
        bloc == "c" { texte = $0; sub(/^ +/, "", texte); ajouter(nu ? 0 : mots(texte), nu ? length(texte) + 1 : 0) }
        bloc ~ /^console/ && /solutions\/[a-z0-9-]+\.c/ {
            match($0, /[a-z0-9]+\/solutions\/[a-z0-9-]+\.c/)
            peser(substr($0, RSTART, RLENGTH))
        }
        bloc ~ /^console/ && /^[$>] / { ajouter(0, length($0) - 1); next }
        bloc ~ /^console/ && /^(\^[CD]|>)$/ { ajouter(0, 1); next }
        bloc ~ /^console/ && !/^\[.*\]$/ { ajouter(mots($0), 0) }
        bloc { next }
        /^## / { finir(); titre = substr($0, 4) }
        /^<details/ { replie = 1 }
        /^<\/details/ { replie = 0 }
        /^\*.* · / && match($0, /[0-9]+ minutes/) && !annoncee { annoncee = substr($0, RSTART) + 0 }
        /^<!--/ { next }
        { gsub(/\]\([^)]*\)|<[^>]*>/, ""); ajouter(mots($0), 0) }
        END { finir() }' "$@"
}

case ${1:-} in
-h | --help) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"
    exit ;;
--verifier) verifier=oui
    shift ;;
esac
[ $# -gt 0 ] || { mapfile -t pages < <(pages_du_cours); set -- "${pages[@]/#/$racine/}"; }
if [ "${verifier:-}" ]; then
    mesurer "$@" | awk '$1 < $5 { print "trop peu : " $0; rate = 1 }
        $1 > 1.5 * $5 + 5 { print "trop : " $0; rate = 1 }
        END { exit rate }'
else
    mesurer "$@"
fi
