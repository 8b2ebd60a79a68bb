#!/usr/bin/env bash
# Lance les tests, dans un espace de noms réseau à eux quand le noyau le permet (ESPACE=non : sans).
#
#   tests/lancer.sh [OPTION DE BATS...] [FICHIER.bats...]      sans fichier : tous
#
# PROGRAMMES dit où sont les exécutables à éprouver (« make test SAN=1 » le fixe) ; par défaut,
# ceux qui sont à côté de leur source. Rend le code de bats, ou 1 si un processus a survécu.
set -euo pipefail

racine=$(cd "$(dirname "$0")/.." && pwd)
export PROGRAMMES=${PROGRAMMES:-$racine/}
# Un test bloqué ne bloque pas la suite.
export BATS_TEST_TIMEOUT=${BATS_TEST_TIMEOUT:-60}
# Un make lancé par un test ne doit rien savoir du make qui lance les tests.
unset MAKEFLAGS MAKEOVERRIDES MFLAGS MAKELEVEL SAN

# Les outils des tests, toujours avec la libc du système. Deux suites peuvent démarrer ensemble :
# chacune compile à l'écart, puis met en place d'un seul geste.
compilateur=${CC:-cc}
case $compilateur in *musl*) compilateur=cc ;; esac
outils=$racine/build/tests
mkdir -p "$outils"
ecart=$(mktemp -d "$outils/.XXXXXX")
trap 'rm -rf "$ecart"' EXIT
alertes=(-std=gnu11 -O1 -g -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
$compilateur "${alertes[@]}" "$racine/tests/sonde.c" -o "$ecart/sonde"
$compilateur "${alertes[@]}" -shared -fPIC "$racine/tests/partiel.c" -o "$ecart/partiel.so"
mv "$ecart/sonde" "$ecart/partiel.so" "$outils/"

# Des fichiers ont-ils été demandés ? Sinon, tous.
fichiers=("$racine"/tests/*.bats)
for argument in "$@"; do
    case $argument in *.bats) fichiers=() ;; esac
done
parallele=()
# Sans espace de noms, le cours et certains tests se disputeraient le port 5000 de la machine.
# shellcheck disable=SC2016
if "$racine/scripts/espace.sh" sh -c '[ "$ESPACE" = oui ]' &&
    command -v parallel >/dev/null && parallel --version 2>/dev/null | grep -q GNU; then
    parallele=(--jobs "$((2 * $(nproc)))")
fi

# Tout processus de la suite hérite de cette marque : ce qui la porte encore à la fin a fui.
export SUITE_TESTS="$$-$RANDOM"
survivants() {
    local environ processus
    for environ in /proc/[0-9]*/environ; do
        # Notre propre /proc/…/environ date d'avant la marque ; un sous-shell de passage, non.
        if tr '\0' '\n' 2>/dev/null <"$environ" | grep -qx "SUITE_TESTS=$SUITE_TESTS"; then
            processus=${environ%/environ}
            echo "  ${processus##*/} : $(tr '\0' ' ' 2>/dev/null <"$processus/cmdline")"
        fi
    done 2>/dev/null
}

code=0
"$racine/scripts/espace.sh" bats "${parallele[@]}" "$@" "${fichiers[@]}" || code=$?

fin=$((SECONDS + 3))
while restes=$(survivants); [ -n "$restes" ] && [ "$SECONDS" -lt "$fin" ]; do
    sleep 0.1
done
if [ -n "$restes" ]; then
    printf 'lancer.sh : des processus ont survécu aux tests :\n%s\n' "$restes" >&2
    exit 1
fi
exit "$code"
