#!/usr/bin/env bash
# Lance les tests, dans un espace de noms réseau à eux quand le noyau le permet (ESPACE=non : sans).
#
#   tests/lancer.sh [OPTION DE BATS...]                   tout, sauf ce qui est étiqueté « complet » ; et, d'une variante
#                                                         (PROGRAMMES, ESPACE=non), ce qui l'est « outils »
#   tests/lancer.sh --complet [OPTION DE BATS...]         seulement ce qui l'est
#   tests/lancer.sh [OPTION DE BATS...] FICHIER.bats...   ces fichiers, entiers
#
# Les tests : ceux de tests/, et ceux que tests/engendrer.sh écrit sous build/tests/ pour chaque
# chapitre. PROGRAMMES dit où sont les exécutables à éprouver (« make test SAN=1 » le fixe) ; par
# défaut, à côté de leur source. Rend le code de bats, ou 1 si un processus a survécu. Interrompu
# (Ctrl-C, SIGTERM), ne laisse ni processus ni fichier. Les tests réussis entrent au registre
# (tests/registre.sh).
set -euo pipefail

racine=$(CDPATH='' cd "$(dirname "$0")/.." && pwd)
outils=$racine/build/tests
# shellcheck source=scripts/chapitres.sh
source "$racine/scripts/chapitres.sh"
# shellcheck source=scripts/attendre.sh
source "$racine/scripts/attendre.sh"
# shellcheck source=tests/registre.sh
source "$racine/tests/registre.sh"
debut=${EPOCHREALTIME/,/.}
export PROGRAMMES=${PROGRAMMES:-$racine/}
# Un make lancé par un test ne doit rien savoir du make qui lance les tests.
unset MAKEFLAGS MAKEOVERRIDES MFLAGS MAKELEVEL SAN

# Tout processus de la suite hérite de cette marque (et de celles d'une suite qui lance la nôtre).
marque=$$-$RANDOM
survivants() { grep -lsaE "SUITE_TESTS=[^[:cntrl:]]*$marque" /proc/[0-9]*/environ || true; }
aucun_survivant() { [ -z "$(survivants)" ]; }
tuer_les_survivants() {
    survivants | while IFS=/ read -r _ _ pid _; do kill -KILL "$pid" || true; done 2> /dev/null
    aucun_survivant
}

# bats borne chaque test par un compte à rebours, un sous-shell et son sleep ; d'un test très court, il perd parfois
# le signal qui l'arrête. On le lui redonne.
arreter_les_comptes() {
    survivants | while IFS=/ read -r _ _ pid _; do
        ! pgrep -fxP "$pid" "sleep $BATS_TEST_TIMEOUT" > /dev/null || kill -ABRT "$pid" || true
    done 2> /dev/null
}

# Tout fichier de passage, ceux du compilateur, de bats et des tests, est dans un seul dossier.
TMPDIR=$(mktemp -d)
export TMPDIR
compilation=''
finir() {
    trap '' INT TERM HUP
    [ -z "$compilation" ] || wait "$compilation" || true
    attendre 5 tuer_les_survivants || true
    rm -rf "$TMPDIR" "$outils"/.*".$$"
}
trap finir EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# Les outils des tests, toujours avec la libc du système. Deux suites peuvent démarrer ensemble :
# chacune compile à l'écart, puis met en place d'un seul geste.
compiler_les_outils() {
    local compilateur=${CC:-cc} alertes=(-std=gnu11 -O1 -g -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
    case $compilateur in *musl*) compilateur=cc ;; esac
    $compilateur "${alertes[@]}" "$racine/tests/sonde.c" -o "$outils/.sonde.$$"
    $compilateur "${alertes[@]}" -shared -fPIC "$racine/tests/partiel.c" -o "$outils/.partiel.$$"
    $compilateur "${alertes[@]}" -shared -fPIC "$racine/tests/mensonges.c" -o "$outils/.mensonges.$$"
    $compilateur "${alertes[@]}" "$racine"/tests/sondes/*.c -o "$outils/.sondes.$$"
    mv "$outils/.sonde.$$" "$outils/sonde"
    mv "$outils/.sondes.$$" "$outils/sondes"
    mv "$outils/.partiel.$$" "$outils/partiel.so"
    mv "$outils/.mensonges.$$" "$outils/mensonges.so"
}

# Écrit ceux des fichiers lus sur l'entrée qui ont un test pour cette suite : bats lit lentement, deux fois, tout
# fichier qu'on lui donne.
qui_ont() {   # ÉTIQUETTES, comme à bats : complet, !complet, !complet,!outils
    xargs -d '\n' awk -v voulues="$1" '
        function a(etiquette) { return du_fichier du_test ~ "[=, ]" etiquette "([, ]|$)" }
        FNR == 1 { du_fichier = du_test = "" }
        /^# bats file_tags=/ { du_fichier = $NF " " }
        /^# bats test_tags=/ { du_test = $NF " " }
        /^@test / {
            if (voulues == "complet" ? a("complet") : !a("complet") && !(voulues ~ /outils/ && a("outils"))) {
                print FILENAME
                nextfile
            }
            du_test = ""
        }'
}

# Remplit « arguments », ceux de bats.
choisir() {   # ARGUMENTS DE LA LIGNE DE COMMANDE...
    local etiquette='!complet' argument demandes='' utiles
    # Ce qui n'éprouve que les outils n'a rien à apprendre d'un autre compilateur, d'ASan ou d'un autre réseau.
    [[ $PROGRAMMES -ef $racine && ${ESPACE:-} != non ]] || etiquette='!complet,!outils'
    if [ "${1:-}" = --complet ]; then etiquette=complet; shift; fi
    for argument; do case $argument in *.bats) demandes=oui ;; esac; done
    arguments=("$@")
    if [ ! "$demandes" ]; then
        mapfile -t utiles < <(printf '%s\n' "${tous[@]}" | qui_ont "$etiquette")
        arguments=(--filter-tags "$etiquette" "$@" "${utiles[@]}")
    fi
    local duree=300   # un test bloqué ne bloque pas la suite
    [ "$demandes${etiquette%,*}" != '!complet' ] || duree=240   # le cours entier prend 50 s au calme
    # Sans espace de noms, le cours et certains tests se disputeraient le port 5000 de la machine : l'un
    # après l'autre, et en attendant qu'il se libère.
    if ! "$racine/scripts/espace.sh" sh -c '[ "$ESPACE" = oui ]'; then
        duree=600
    elif command -v parallel > /dev/null && parallel --version 2> /dev/null | grep -q GNU; then
        arguments=(--jobs "$((2 * $(nproc)))" --no-parallelize-within-files "${arguments[@]}")
    fi
    export BATS_TEST_TIMEOUT=${BATS_TEST_TIMEOUT:-$duree}
}

# bats rend la main avant d'avoir fini d'écrire son rapport : « 1..N », puis N résultats.
rapport_complet() {
    local attendus
    attendus=$(sed -n '1s/^1\.\.//p' "$TMPDIR/rapport/report.tap" 2> /dev/null)
    [ "$attendus" ] && [ "$(grep -cE '^(not )?ok ' "$TMPDIR/rapport/report.tap")" -ge "$attendus" ]
}
noter_les_tests() {
    attendre 2 rapport_complet || return 0
    mkdir "$TMPDIR/textes"
    tests_deposer "$TMPDIR/textes"
    tests_joues "$TMPDIR/textes" < "$TMPDIR/rapport/report.tap" | registre_noter tests "$debut"
}

mkdir -p "$TMPDIR/rapport" "$outils"
compiler_les_outils &
compilation=$!
liste=$("$racine/tests/engendrer.sh" "$outils")
wait $compilation
mapfile -t engendres <<< "$liste"
# Le cours, puis les plus gros : de front, aucun ne reste seul à la fin.
mapfile -t tous < <({ echo "$racine/tests/cours.bats"; ls -S "$racine"/tests/*.bats "${engendres[@]}"; } | awk '!vu[$0]++')
choisir "$@"

# Ce qui n'existe qu'une fois pour toute la machine, et qu'un espace réseau cache.
RESEAU_DE_LA_MACHINE=$(grep -Hs . /proc/sys/net/core/{busy_{poll,read},message_{burst,cost},netdev_max_backlog} || true)
export RESEAU_DE_LA_MACHINE

# En arrière-plan, pour qu'un signal nous parvienne aussitôt ; Ctrl-C y garde son effet.
SUITE_TESTS=${SUITE_TESTS:-}:$marque env --default-signal=INT,QUIT \
    "$racine/scripts/espace.sh" bats --report-formatter tap --output "$TMPDIR/rapport" "${arguments[@]}" &
code=0
wait $! || code=$?
noter_les_tests
arreter_les_comptes
if ! attendre 3 aucun_survivant; then
    echo 'lancer.sh : des processus ont survécu aux tests :' >&2
    survivants | while IFS=/ read -r _ _ pid _; do
        echo "  $pid : $(tr '\0' ' ' < "/proc/$pid/cmdline")" >&2
    done
    exit 1
fi
exit $code
