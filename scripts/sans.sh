#!/usr/bin/env bash
# Copie un programme dans essais/, sans une de ses précautions, et montre la différence.
#
#   scripts/sans.sh PROGRAMME.c [PRÉCAUTION...]   par exemple : scripts/sans.sh tcp/04-client-nu.c envoi
#
# La copie s'appelle essais/sans-PRÉCAUTION….c. Une précaution est l'instruction, ou le bloc, que suit son
# nom, en commentaire (« /* envoi */ ») : elle disparaît ; d'une boucle, il reste un tour. Un nom en
# capitales (MSG_NOSIGNAL) est un drapeau : il devient 0. Celui d'une fonction (htons) ôte son appel : il
# en reste l'argument. Sans PRÉCAUTION, affiche celles du programme.
set -euo pipefail

refuser() { printf 'sans.sh : %s\n' "$1" >&2; exit 2; }

case ${1:--h} in
-h | --help)
    sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"
    exit $(($# == 0 ? 2 : 0)) ;;
esac
programme=$1
shift
{ [ -f "$programme" ] && [ -r "$programme" ]; } || refuser "« $programme » est illisible"

# Écrit les précautions du programme, une par ligne.
precautions() { sed -n 's|.*[;{}] /\* \([a-z]*\) \*/$|\1|p' "$programme" | awk '!vue[$0]++'; }

# Recopie l'entrée sans l'instruction qui porte ce nom.
sans_l_instruction() {   # PRÉCAUTION
    awk -v nom="/* $1 */" '
        fin != "" { if ($0 == fin) fin = ""; next }
        index($0, nom) == 0 { print; next }
        {
            match($0, /^ */)
            marge = substr($0, 1, RLENGTH)
            corps = substr($0, RLENGTH + 1)
        }
        corps ~ /^(while|for) .*{ \/\*/ { print marge "for (int tour = 0; tour < 1; tour++) {"; next }
        corps ~ /{ \/\*/ { fin = marge "}" }'
}

# De même, sans ce drapeau ; sans l'appel à cette fonction, dont l'argument peut avoir ses parenthèses.
sans_le_drapeau() { sed "s/\b$1\b/0/g"; }
sans_la_fonction() { sed -E "s/\b$1\((([^()]|\([^()]*\))*)\)/\1/g"; }

# Écrit ce qu'est cette précaution du programme : drapeau, instruction ou fonction ; 1 si elle n'y est pas.
nature() {   # PRÉCAUTION
    case $1 in
    '' | *[!a-zA-Z0-9_]*) return 1 ;;
    *[!A-Z0-9_]*)
        if precautions | grep -qx -- "$1"; then echo instruction; return; fi
        grep -qE "\b$1\(" "$programme" && echo fonction ;;
    *) grep -qw -- "$1" "$programme" && echo drapeau ;;
    esac
}

[ $# -gt 0 ] || { precautions; exit; }
copie=essais/sans$(printf -- '-%s' "$@").c
texte=$(< "$programme")
for precaution; do
    nature=$(nature "$precaution") ||
        refuser "$programme n'a pas « $precaution » ; il a : $(precautions | paste -sd ' ')"
    avant=$texte
    case $nature in
    drapeau) texte=$(sans_le_drapeau "$precaution" <<< "$texte") ;;
    fonction) texte=$(sans_la_fonction "$precaution" <<< "$texte") ;;
    instruction) texte=$(sans_l_instruction "$precaution" <<< "$texte") ;;
    esac
    [ "$texte" != "$avant" ] || refuser "« $precaution » ne s'ôte pas d'ici"
done
mkdir -p essais
printf '%s\n' "$texte" > "$copie"
echo "$copie"
diff "$programme" "$copie" | sed -n 's/^< /- /p; s/^> /+ /p' || true   # différents, bien sûr
