#!/usr/bin/env bats
# La suite elle-même : chaque chapitre a ses tests sans qu'une liste les nomme, et interrompue, elle
# ne laisse rien.
# bats file_tags=outils

setup() { load aide; }

# Une copie du dépôt, sans rien de compilé ; remplit DEPOT.
copier_le_depot() {
    DEPOT=$BATS_TEST_TMPDIR/depot
    mkdir "$DEPOT"
    (cd "$RACINE" && tar cf - --exclude=./build --exclude=./.git --exclude='./essais/*' .) | tar xf - -C "$DEPOT"
    (cd "$DEPOT" && for chapitre in $(scripts/chapitres.sh); do rm -f "$chapitre"; done)
}

# Une commande, dans un environnement qui ne sait rien de la suite en cours (ni des dossiers de bats,
# qui s'y cherche lui-même).
A_NEUF=(env -i --default-signal=INT "PATH=${PATH//"$BATS_LIBEXEC:"/}" "HOME=$HOME" LC_ALL=C.UTF-8 "CI=${CI:-}"
    "SUITE_TESTS=${SUITE_TESTS:-}")

# bats test_tags=complet
@test "chaque chapitre a ses tests, chaque rôle les siens, chaque face sa case par netcat" {
    local faces attendus ecrits=$BATS_TEST_TMPDIR/tests
    mkdir "$ecrits"
    "$RACINE/tests/engendrer.sh" "$ecrits" >/dev/null
    verifier_egal "$(chapitres | wc -l)" "$(find "$ecrits" -name 'chapitre_*' | wc -l)"
    faces=$(for chapitre in $(chapitres); do faces "$chapitre" | sed "s|^|$chapitre |"; done)
    verifier_egal "$(grep -c ' serveur ' <<<"$faces")" "$(find "$ecrits" -name 'serveur-*' | wc -l)"
    attendus=$(wc -l <<<"$faces")
    for fichier in "$ecrits"/matrice_*.bats; do
        verifier_egal "$attendus" "$(grep -c '^@test' "$fichier")"
    done
    # et plus aucun repère
    run ! grep -rE '@[A-Z]+@' "$ecrits"
}

# bats test_tags=complet
@test "un modèle qui n'engendre rien est un échec, nommé" {
    copier_le_depot
    cp "$DEPOT/tests/modeles/chapitre.bats" "$DEPOT/tests/modeles/serveur-sctp.bats"
    run "$DEPOT/tests/engendrer.sh" "$BATS_TEST_TMPDIR"
    [ "$status" -eq 1 ]
    verifier_contient "$output" '« serveur-sctp.bats » n'
}

# bats test_tags=complet
@test "les tests d'un chapitre retiré disparaissent" {
    copier_le_depot
    mkdir "$BATS_TEST_TMPDIR/ecrits"
    cp "$DEPOT/tcp/01-socket.c" "$DEPOT/tcp/99-passager.c"
    "$DEPOT/tests/engendrer.sh" "$BATS_TEST_TMPDIR/ecrits" | grep '99-passager'
    rm "$DEPOT/tcp/99-passager.c"
    "$DEPOT/tests/engendrer.sh" "$BATS_TEST_TMPDIR/ecrits" >/dev/null
    run ! grep -rl '99-passager' "$BATS_TEST_TMPDIR/ecrits"
}

@test "aucun modèle, ni l'aide, ni le générateur ne nomme un chapitre" {
    local chapitre
    for chapitre in $(chapitres); do
        ! grep -rF "${chapitre##*/}" "$RACINE"/tests/{modeles,aide.bash,engendrer.sh,lancer.sh} || return 1
    done
}

# Lance la suite sur un test sans fin, l'interrompt en pleine course, et ne retrouve rien d'elle.
interrompre() {   # SIGNAL CIBLE : le programme, ou « - », tout son groupe, comme Ctrl-C
    local bac=$BATS_TEST_TMPDIR/bac temoin=$BATS_TEST_TMPDIR/en-cours suite
    mkdir -p "$bac"
    printf '%s\n' '@test "sans fin" {' "    echo >'$temoin'" '    sleep 300' '}' >"$BATS_TEST_TMPDIR/long.bats"
    setsid "${A_NEUF[@]}" TMPDIR="$bac" INTERRUPTION="$BATS_TEST_TMPDIR" \
        "$RACINE/tests/lancer.sh" "$BATS_TEST_TMPDIR/long.bats" >"$BATS_TEST_TMPDIR/dit" 2>&1 3>&- 4>&- &
    suite=$!
    attendre 20 test -e "$temoin"
    kill "-$1" -- "$2$suite"
    attendre_fin "$suite"
    attendre 5 rien_ne_porte "INTERRUPTION=$BATS_TEST_TMPDIR" || { cat "$BATS_TEST_TMPDIR/restes"; return 1; }
    verifier_egal '' "$(ls -A "$bac")"
    verifier_egal '' "$(find "$RACINE/build/tests" -name ".*.$suite")"
}
rien_ne_porte() {   # VARIABLE=VALEUR
    grep -lsaF -- "$1" /proc/[0-9]*/environ >"$BATS_TEST_TMPDIR/restes" || true
    [ ! -s "$BATS_TEST_TMPDIR/restes" ]
}
# bats test_tags=complet
@test "SIGTERM sur la suite ne laisse ni processus ni fichier" {
    interrompre TERM ''
    verifier_egal 143 "$code"
}
# bats test_tags=complet
@test "Ctrl-C sur la suite ne laisse ni processus ni fichier" {
    interrompre INT -
    verifier_egal 130 "$code"
}

# bats test_tags=complet
@test "un processus qui survit à son test est trouvé, et tué" {
    # par un sous-shell et setsid : ni le test ni bats ne le connaissent
    printf '%s\n' '@test "fuite" {' '    (setsid sleep 300 >/dev/null 2>&1 3>&- 4>&- &)' '}' >"$BATS_TEST_TMPDIR/fuite.bats"
    run "${A_NEUF[@]}" FUITE="$BATS_TEST_TMPDIR" "$RACINE/tests/lancer.sh" "$BATS_TEST_TMPDIR/fuite.bats" 3>&- 4>&-
    [ "$status" -eq 1 ]
    verifier_contient "$output" 'des processus ont survécu' 'sleep 300'
    rien_ne_porte "FUITE=$BATS_TEST_TMPDIR"
}

# bats test_tags=complet
@test "un compte à rebours que bats a oublié n'est pas un processus qui survit" {
    printf '%s\n' '@test "court" {' \
        '    (trap "" ABRT; (sleep "$BATS_TEST_TIMEOUT" & trap "kill $!; exit 0" ABRT; wait) > /dev/null 2>&1 3>&- 4>&- &)' \
        '}' >"$BATS_TEST_TMPDIR/court.bats"
    run "${A_NEUF[@]}" FUITE="$BATS_TEST_TMPDIR" "$RACINE/tests/lancer.sh" "$BATS_TEST_TMPDIR/court.bats" 3>&- 4>&-
    echo "$output"
    [ "$status" -eq 0 ]
    rien_ne_porte "FUITE=$BATS_TEST_TMPDIR"
}

# bats test_tags=complet
@test "chaque rôle copié sous un autre nom, et un chapitre neuf, passent tout sans liste touchée" {
    copier_le_depot
    cd "$DEPOT" || return
    # un de chaque rôle, dans chaque dossier
    local chapitre numero=70 role vus=''
    for chapitre in $(scripts/chapitres.sh); do
        role="${chapitre%/*} $(faces "$chapitre" | cut -d ' ' -f 1,2)"
        if est_nu "$chapitre"; then role+=' nu'; fi
        if est_multiple "$chapitre"; then role+=' plusieurs'; fi
        [[ $vus != *"<$role>"* ]] || continue
        vus+="<$role>"
        cp "$chapitre.c" "${chapitre%/*}/$((numero++))-copie.c"
    done
    [ $numero -le 99 ]   # au-delà, ce ne serait plus un chapitre
    # rien que son en-tête, et de quoi le dire
    sed -n '1,/\*\//p' tcp/01-socket.c | sed 's|tcp/01-socket|tcp/99-neuf|' >tcp/99-neuf.c
    printf '%s\n' '#include "../common/programme.h"' '' 'int main(int argc, char *argv[])' '{' \
        '    lire_arguments(argc, argv, "\nRien encore", NULL);' '    return 0;' '}' >>tcp/99-neuf.c
    "${A_NEUF[@]}" make -j2 >/dev/null
    mkdir -p build/tests && tests/engendrer.sh build/tests >/dev/null
    lancer_sans_borne "${A_NEUF[@]}" TOUS_LES_CHAPITRES=oui tests/lancer.sh --filter-tags '!complet' -f 'copie|neuf' \
        build/tests/*{-copie,99-neuf}*.bats "build/tests/matrice_$(scripts/netcat.sh | head -n 1).bats"
    [ "$status" -eq 0 ]
    grep -q '^ok .*99-neuf' <<<"$output"
    [ "$(grep -c '^ok .*-copie' <<<"$output")" -ge 150 ]
    for chapitre in udp ipv6 local; do grep -q "^ok .*$chapitre/[0-9]*-copie" <<<"$output"; done
}
lancer_sans_borne() { run "$@" 3>&- 4>&-; echo "$output" | grep -v '^ok '; }
