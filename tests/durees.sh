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
    awk -v mots_par_minute=150 -v touches_par_minute=100 -v racine="$racine/" -f "$dossier/durees.awk" "$@"
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
