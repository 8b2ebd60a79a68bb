#!/usr/bin/env bash
# Efface d'essais/ ce que les scènes du cours y ont fait, chacun par son nom, et rien de ce que vous y avez
# écrit. « make clean » l'appelle.
#
#   scripts/menage.sh            efface, et nomme ce qui l'est
#   scripts/menage.sh -n         le dit seulement
#   scripts/menage.sh --liste    tous les noms que font les scènes, que le fichier existe ou non
#
# Les scènes font : ce qu'elles compilent (« -o essais/client »), ce qu'elles redirigent (« > essais/journal »),
# les tubes et les sockets qu'elles y nomment, ce qu'un de nos scripts y range, et les copies de sans.sh
# (essais/sans-envoi.c). Un fichier .c que vous tapez n'est rien de tout cela ; l'exécutable que vous en tirez
# porte souvent un de ces noms : il se recompile.
set -euo pipefail
# shellcheck source=scripts/chapitres.sh
source "$(dirname "$0")/chapitres.sh"

seulement_dire=''
case ${1:-} in
-h | --help)
    sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"
    exit ;;
-n) seulement_dire=oui ;;
--liste) ;;
'') ;;
*)
    echo "menage.sh : « $1 » ? (voir scripts/menage.sh -h)" >&2
    exit 2 ;;
esac

# Écrit ce que les scènes font dans essais/, un nom par ligne.
faits_par_les_scenes() {
    local nom='essais/[A-Za-z0-9._-]+'
    "$racine/scripts/scenes.sh" | awk -F '\t' '$5 == "commande"' | cut -f 6- |
        awk -v nom="$nom" '{
            reste = $0
            while (match(reste, "(-o|-U|>|mkfifo|tee|tee -a) ?" nom)) {
                fait = substr(reste, RSTART, RLENGTH)
                print substr(fait, index(fait, "essais/"))
                reste = substr(reste, RSTART + RLENGTH)
            }
            nombre = /^scripts\// ? split($0, mots, " ") : 0
            for (i = 2; i <= nombre; i++)
                if (mots[i] ~ "^" nom "$" && mots[i] !~ /\.c$/) print mots[i]
            if (mots[1] != "scripts/sans.sh") next
            copie = "essais/sans"
            for (i = 3; i <= nombre && mots[i] ~ /^[A-Za-z0-9_]+$/; i++) copie = copie "-" mots[i]
            if (i > 3) print copie ".c"
        }' | sort -u
}

if [ "${1:-}" = --liste ]; then
    faits_par_les_scenes
    exit
fi
cd "$racine"
[ -d essais ] || exit 0
mapfile -t a_effacer < <(faits_par_les_scenes)
for fichier in "${a_effacer[@]}"; do
    if [ ! -e "$fichier" ] || [ -d "$fichier" ]; then continue; fi
    echo "$fichier"
    [ "$seulement_dire" ] || rm -f "$fichier"
done
