#!/usr/bin/env bash
# Copie un programme dans essais/, sans une de ses précautions, et montre la différence.
#
#   scripts/sans.sh PROGRAMME.c PRÉCAUTION...     par exemple : scripts/sans.sh tcp/04-client-nu.c envoi
#
# La copie s'appelle essais/sans-PRÉCAUTION….c. Une précaution est l'instruction que suit son nom, en
# commentaire (« /* envoi */ ») : elle disparaît ; d'une boucle, il reste un tour. Un nom en capitales
# (MSG_NOSIGNAL) est un drapeau : il devient 0. Sans PRÉCAUTION, affiche celles du programme.
set -euo pipefail

case ${1:--h} in
-h | --help)
    sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"
    exit $(($# == 0 ? 2 : 0)) ;;
esac
programme=$1
shift
[ -r "$programme" ] || { echo "sans.sh : « $programme » est illisible" >&2; exit 2; }

# Écrit les précautions du programme, une par ligne.
precautions() { sed -n 's|.*[;{}] /\* \([a-z]*\) \*/$|\1|p' "$programme"; }

# Recopie l'entrée sans l'instruction qui porte ce nom.
retirer() {   # PRÉCAUTION
    awk -v nom="/* $1 */" '
        fin != "" { if ($0 == fin) fin = ""; next }
        index($0, nom) == 0 { print; next }
        {
            match($0, /^ */)
            marge = substr($0, 1, RLENGTH)
            corps = substr($0, RLENGTH + 1)
        }
        corps ~ /^(while|for) .*{ / { print marge "for (int tour = 0; tour < 1; tour++) {"; next }
        corps ~ /{ \/\*/ { fin = marge "}" }'
}

[ $# -gt 0 ] || { precautions; exit; }
copie=essais/sans copie_en_cours=$(mktemp)
trap 'rm -f "$copie_en_cours"' EXIT
cat "$programme" > "$copie_en_cours"
for precaution; do
    case $precaution in
    *[!A-Z_]*)
        precautions | grep -qxF -- "$precaution" || {
            echo "sans.sh : $programme n'a pas la précaution « $precaution » ; il a : $(precautions | paste -sd ' ')" >&2
            exit 2
        }
        texte=$(retirer "$precaution" < "$copie_en_cours") ;;
    *)
        grep -qw -- "$precaution" "$programme" ||
            { echo "sans.sh : $programme n'a pas « $precaution »" >&2; exit 2; }
        texte=$(sed "s/\b$precaution\b/0/g" "$copie_en_cours") ;;
    esac
    printf '%s\n' "$texte" > "$copie_en_cours"
    copie+=-$precaution
done
mkdir -p essais
cat "$copie_en_cours" > "$copie.c"
echo "$copie.c"
diff "$programme" "$copie.c" | sed -n 's/^< /- /p; s/^> /+ /p' || true   # différents, bien sûr
