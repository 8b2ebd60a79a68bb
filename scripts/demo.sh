#!/usr/bin/env bash
# La leçon racontée dans un seul terminal : chaque programme est lancé, face à un vrai netcat.
#
#   scripts/demo.sh [-p] [-n NETCAT] [PROGRAMME...]
#
#   -p          attend la touche Entrée entre deux programmes
#   -n NETCAT   openbsd, traditional, ncat, busybox, socat, ou « cours » : nos programmes entre eux
#   PROGRAMME   par exemple tcp/04-client ; sans argument, tous, dans l'ordre du cours
#
# Les ports sont libres, choisis par le noyau. Sans netcat sur la machine, les programmes du cours
# se répondent entre eux, et on le dit.
set -euo pipefail
# shellcheck source=scripts/face-a-face.sh
source "$(dirname "$0")/face-a-face.sh"

usage() { sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"; }
refuser() { printf 'demo.sh : %s\n' "$1" >&2; exit 2; }

pause='' netcat=''
while getopts :hpn: option; do
    case $option in
    h) usage; exit ;;
    p) pause=oui ;;
    n) netcat=$OPTARG ;;
    *) refuser "option inconnue ou incomplète « -$OPTARG » (voir scripts/demo.sh -h)" ;;
    esac
done
shift $((OPTIND - 1))

mapfile -t tous < <(chapitres)
[ $# -gt 0 ] || set -- "${tous[@]}"
for programme; do
    [[ " ${tous[*]} " == *" ${programme%.c} "* ]] ||
        refuser "aucun programme « $programme » ; il y a : ${tous[*]}"
    [ -x "$PROGRAMMES${programme%.c}" ] || refuser "$programme n'est pas compilé : lancer « make »"
done
case $netcat in
'') netcat=$(netcats | head -n 1) || true
    if [ -z "$netcat" ]; then
        netcat=cours
        echo "Aucun netcat sur cette machine : les programmes du cours se répondent entre eux."
        echo "(scripts/outils.sh en installe un.)"
    fi ;;
cours) ;;
*) netcat_programme "$netcat" > /dev/null || refuser "netcat « $netcat » absent de cette machine" ;;
esac

gras='' bleu='' normal=''
if [ -t 1 ]; then gras=$'\e[1m' bleu=$'\e[34m' normal=$'\e[0m'; fi
dossier=$(mktemp -d)
# À la fin, et sur Ctrl-C : plus aucun processus à nous, plus aucun fichier.
trap 'trap - EXIT; kill $(jobs -p) 2> /dev/null || true; wait; rm -rf "$dossier"' EXIT
trap 'echo; exit 130' INT
trap 'exit 143' TERM

# L'en-tête d'un programme, sans le décor : sa première phrase, et ce qu'il faut regarder.
titre() { sed -n '2s/^ \* //p' "$racine/$1.c"; }
a_regarder() { sed -n '/^ \* À regarder/,/^ \* SPDX/{/SPDX/q;s/^ \* //p}' "$racine/$1.c"; }

ecran() {   # NOM_DU_TERMINAL COMMANDE FICHIER
    printf '\n  %s[%s]%s $ %s\n' "$bleu" "$1" "$normal" "$2"
    if [ -s "$3" ]; then sed 's/^/    /' "$3"; else echo '    (rien)'; fi
}

echecs=0
for programme; do
    programme=${programme%.c}
    printf '\n%s── %s ── %s%s\n' "$gras" "$programme" "$(titre "$programme")" "$normal"
    a_regarder "$programme" | sed 's/^/  /'
    mapfile -t faces < <(en_face "$programme")
    if [ ${#faces[@]} -eq 0 ]; then
        "$PROGRAMMES$programme" > "$dossier/programme" 2>&1 < /dev/null || echecs=$((echecs + 1))
        ecran "terminal" "$programme" "$dossier/programme"
    fi
    for face in "${faces[@]}"; do
        read -r -a arguments <<< "$face"
        code=0
        face_a_face "$dossier" "$programme" "$netcat" "${arguments[@]}" || code=$?
        if [ $code -eq 3 ]; then
            printf '\n  (nc %s : le netcat « %s » ne sait pas le faire)\n' "$face" "$netcat"
            continue
        fi
        [ $code -eq 0 ] || echecs=$((echecs + 1))
        ecran "programme" "$(cat "$dossier/commande-programme")" "$dossier/programme"
        ecran "en face" "$(cat "$dossier/commande-netcat")" "$dossier/netcat"
    done
    if [ "$pause" ]; then
        printf '\n  (Entrée pour continuer)'
        read -r || true
    fi
done
printf '\n'
if [ $echecs -gt 0 ]; then
    echo "demo.sh : $echecs échange(s) en échec, voir ci-dessus" >&2
    exit 1
fi
