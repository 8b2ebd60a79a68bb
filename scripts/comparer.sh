#!/usr/bin/env bash
# Ce qui change d'un programme à son voisin : ce qu'il faut ôter de l'un (-), et
# mettre (+), pour écrire l'autre.
#
#   scripts/comparer.sh PROGRAMME PROGRAMME     ainsi : scripts/comparer.sh 22 23
#
# PROGRAMME : un numéro de tcp/ (à plusieurs de ce numéro, le serveur), ou un nom,
# tcp/22-serveur-select. Les en-têtes ne sont pas comparés : la phrase de chacun
# est dite d'abord. En couleurs dans un terminal. « make diff A=22 B=23 » de même.
set -euo pipefail
source "$(dirname "$0")/chapitres.sh"

refuser() { printf 'comparer.sh : %s\n' "$@" >&2; exit 2; }   # LIGNE...

case ${1:-} in
-h | --help)
    sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"
    exit ;;
esac
[ $# -eq 2 ] || refuser 'deux programmes : leur numéro, ou leur nom' 'ainsi : make diff A=22 B=23 (voir scripts/comparer.sh -h)'

# Remplit TROUVE, le chapitre que désigne un numéro ou un nom.
trouver() {   # PROGRAMME
    local demande=${1#./} chapitre candidats=() serveurs=()
    demande=${demande%.c}
    [[ $demande == */* ]] || demande=tcp/$demande
    for chapitre in $(chapitres); do
        [[ $chapitre != "$demande" ]] || { candidats=("$chapitre"); break; }
        [[ $demande =~ /[0-9][0-9]$ && $chapitre == "$demande"-* ]] || continue
        candidats+=("$chapitre")
        [[ $chapitre != "$demande"-serveur* ]] || serveurs+=("$chapitre")
    done
    [ ${#candidats[@]} -le 1 ] || [ ${#serveurs[@]} -ne 1 ] || candidats=("${serveurs[@]}")
    case ${#candidats[@]} in
    0) refuser "aucun programme « $1 »" ;;
    1) TROUVE=${candidats[0]} ;;
    *) refuser "« $1 » : lequel ? ${candidats[*]}" ;;
    esac
}

# Écrit le programme, sans son en-tête.
corps() { sed '1,/\*\//d' "$racine/$1.c"; }   # tcp/22-serveur-select

trouver "$1"
a=$TROUVE
trouver "$2"
b=$TROUVE
[ "$a" != "$b" ] || refuser "deux fois le même : $a"

gras='' rouge='' vert='' pale='' normal=''
if [ -t 1 ]; then gras=$'\e[1m' rouge=$'\e[31m' vert=$'\e[32m' pale=$'\e[2m' normal=$'\e[m'; fi
# Écrit le nom d'un programme et sa première phrase, en 80 colonnes ; la suite, en retrait.
nommer() {   # SIGNE COULEUR PROGRAMME
    local LC_ALL=C.UTF-8 ligne=$1 mots mot
    read -ra mots <<< "$3 : $(titre "$3")"
    printf '%s' "$gras$2"
    for mot in "${mots[@]}"; do
        ((${#ligne} + 1 + ${#mot} <= 80)) || { printf '%s\n' "$ligne"; ligne='   '; }
        ligne+=" $mot"
    done
    printf '%s\n' "$ligne$normal"
}
nommer - "$rouge" "$a"
nommer + "$vert" "$b"
# diff rend 1 quand ils diffèrent. Ce qui ne change pas est résumé, et une ligne vide n'y apprend rien.
{ diff -d -U 1 <(corps "$a") <(corps "$b") || [ $? -eq 1 ]; } | sed 1,2d |
    awk -v rouge="$rouge" -v vert="$vert" -v pale="$pale" -v normal="$normal" '
        /^@@/ { vide = 0; debut = 1; print pale "···" normal; next }
        $0 == " " { vide = !debut; debut = 0; next }   # dite plus loin, si autre chose la suit
        { if (vide) print " "; vide = debut = 0 }
        /^-/ { print rouge $0 normal; next }
        /^[+]/ { print vert $0 normal; next }
        { print }'
