#!/usr/bin/env bash
# Fait du cours une seule page, à lire hors ligne : sommaire, recherche, scènes pas à pas. « make page » la
# range dans build/cours.html.
#
#   scripts/page.sh [FICHIER.md...] > build/cours.html
#
# Sans argument : les pages du cours, dans l'ordre de lecture. Les étapes des scènes viennent de
# scripts/scenes.sh, comme partout ailleurs ; la mise en page et les gestes sont dans scripts/page/. Un schéma
# a son image si build/schemas/ en a une plus récente que sa page (make schemas). Un lien vers un fichier qui
# n'est pas dans la page suppose qu'elle est dans build/. Demande cmark-gfm.
set -euo pipefail
ici=$(CDPATH='' cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/chapitres.sh
source "$ici/chapitres.sh"

refuser() { printf 'page.sh : %s\n' "$1" >&2; exit "${2:-1}"; }

case ${1:-} in
-h | --help) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"
    exit ;;
-*) refuser "« $1 » ? (voir scripts/page.sh -h)" 2 ;;
esac
if [ $# -eq 0 ]; then
    cd "$racine"
    mapfile -t pages < <(pages_du_cours)
    set -- "${pages[@]}"
fi
for fichier; do [ -r "$fichier" ] || refuser "« $fichier » est illisible" 2; done
command -v cmark-gfm > /dev/null || refuser "il faut cmark-gfm, du paquet cmark-gfm (apt-get install cmark-gfm)"

passage=$(mktemp -d)
trap 'rm -rf "$passage"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# Écrit chaque page en HTML, précédée de son nom ; chaque bloc y garde ses numéros de ligne.
convertir() {   # FICHIER.md...
    local fichier
    for fichier; do
        printf '\001%s\n' "$fichier"
        cmark-gfm --unsafe --full-info-string --sourcepos -e table -e strikethrough "$fichier"
    done
}

# Écrit le nom des images à jour ; plus vieille que la page, l'une d'elles pourrait être celle d'une autre scène.
images_a_jour() {   # FICHIER.md...
    local fichier image
    for fichier; do
        image=${fichier%.md}
        for image in build/schemas/"${image//\//-}"-[0-9]*.svg; do
            [ ! "$image" -nt "$fichier" ] || printf '%s ' "$(basename "$image" .svg)"
        done
    done
}

# Les étapes d'abord : une faute de notation ferait une page fausse.
"$ici/scenes.sh" "$@" > "$passage/etapes"
fautes=$(awk -F '\t' '$5 == "faute" { print $3 " : " $6 }' "$passage/etapes")
[ -z "$fautes" ] || refuser "$fautes"
# En octets : mawk et gawk font la même page.
convertir "$@" | LC_ALL=C awk -v pages="$*" -v sommaire="$passage/sommaire" \
    -v images=" $(images_a_jour "$@")" -f "$ici/page/page.awk" \
    etapes=oui "$passage/etapes" etapes= - > "$passage/corps"

cat << FIN
<!DOCTYPE html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Les sockets BSD en C, le cours qui s'exécute</title>
<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">
<style>
$(cat "$ici/page/page.css")
</style></head><body>
<a class="saut" href="#lecture">Aller au cours</a>
<header><button id="menu" type="button" aria-expanded="false" aria-controls="sommaire">☰ Sommaire</button>
<button id="theme" type="button" aria-label="Thème clair ou sombre">◐</button></header>
<nav id="sommaire" aria-label="Sommaire"><search><label for="cherche">Chercher</label>
<input id="cherche" type="search" autocomplete="off" placeholder="un appel, une erreur… ( / )">
<p id="trouves" role="status"></p></search>
$(cat "$passage/sommaire")
</nav>
<main id="lecture" tabindex="-1">
$(cat "$passage/corps")
</main>
<script>
$(cat "$ici/page/page.js")
</script></body></html>
FIN
