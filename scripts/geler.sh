#!/usr/bin/env bash
# Lance un programme, que chaque touche Entrée gèle, puis dégèle : le temps que son tampon se remplisse.
#
#   scripts/geler.sh PROGRAMME [ARGUMENT...]         par exemple : scripts/geler.sh udp/02-serveur
#
# Ctrl-C arrête tout. Rend le code du programme.
set -euo pipefail

case ${1:--h} in
-h | --help)
    sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"
    exit $(($# == 0 ? 2 : 0)) ;;
esac

env --default-signal=INT "$@" < /dev/null &
programme=$!
trap 'kill -KILL "$programme" 2> /dev/null || true' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

est_fige() { grep -q '^State:[[:space:]]*[Tt]' "/proc/$programme/status"; }

while read -r && kill -STOP "$programme" 2> /dev/null; do
    until est_fige; do :; done   # le signal est envoyé ; il agit bientôt
    echo "(gelé : Entrée pour le dégeler)"
    read -r || true
    echo "(dégelé)"
    kill -CONT "$programme"
done
wait "$programme"   # il s'est arrêté de lui-même, ou personne n'est au clavier
