#!/usr/bin/env bash
# Lance une commande dans un espace de noms réseau à elle : une boucle locale neuve, rien d'autre.
# Le port 5000 y est libre, et rien n'en sort. Sans root, un espace d'utilisateur suffit.
#
#   scripts/espace.sh [--garder-identite] COMMANDE [ARGUMENT...]
#   scripts/espace.sh --options    écrit celles d'unshare qui en font un (rien, si c'est impossible)
#
# Sans root, la commande se croit root dans son espace ; avec --garder-identite, elle reste qui l'on est, et
# garde pourtant de quoi y lire les paquets.
# Là où le noyau l'interdit (certains conteneurs), la commande est lancée telle quelle. La variable
# ESPACE dit à la commande ce qu'il en est : « oui » ou « non ». La fixer d'avance à « non » évite
# l'espace, à « exige » fait de son absence une erreur. Rend le code de la commande.
set -euo pipefail

if [ $# -eq 0 ] || [[ $1 == @(-h|--help) ]]; then
    sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"
    exit $(($# == 0 ? 2 : 0))
fi

# shellcheck disable=SC2016  # $@ est celui du shell lancé dans l'espace
lever='ip link set lo up && exec "$@"'
sans_root=-rn seulement_dire=''
case $1 in
--garder-identite)
    sans_root='-cn --keep-caps'
    shift ;;
--options) seulement_dire=oui ;;
esac
if [ "${ESPACE:-}" != non ]; then
    for choix in -n "$sans_root"; do
        read -ra options <<< "$choix"
        if unshare "${options[@]}" sh -c 'ip link set lo up' 2>/dev/null; then
            [ -z "$seulement_dire" ] || { printf '%s\n' "$choix"; exit; }
            export ESPACE=oui
            exec unshare "${options[@]}" sh -c "$lever" sh "$@"
        fi
    done
    if [ "${ESPACE:-}" = exige ]; then
        echo "espace.sh : cette machine ne permet pas d'espace de noms réseau" >&2
        exit 1
    fi
fi
[ -z "$seulement_dire" ] || exit 0
export ESPACE=non
exec "$@"
