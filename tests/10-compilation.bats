#!/usr/bin/env bats
# Chaque chapitre se compile seul, sans option ni avertissement ; make ne refait que ce qu'il faut.
# Les variables viennent d'aide.bash et de bats, les scénarios sont appelés par leur nom :
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2153,SC2154,SC2317

setup_file() {
    load aide
    # Une copie du dépôt, compilée : les tests de make y travaillent sans rien toucher.
    COPIE=$BATS_FILE_TMPDIR/depot
    export COPIE
    mkdir "$COPIE"
    local dossier
    for dossier in tcp udp ipv6 local common; do
        mkdir "$COPIE/$dossier"
        cp "$RACINE/$dossier"/*.[ch] "$COPIE/$dossier/" 2>/dev/null || true
    done
    cp "$RACINE/Makefile" "$COPIE/"
    fabriquer "$COPIE" -j2 >&2
}

setup() {
    load aide
}

# make, comme tapé par quelqu'un : sans rien savoir du make qui lance les tests.
fabriquer() {   # DOSSIER [ARGUMENT...]
    env -u CC -u CFLAGS -u SAN -u LDFLAGS -u PROGRAMMES -u MAKEFLAGS -u MAKELEVEL -u MFLAGS \
        make --no-print-directory -C "$1" "${@:2}"
}

# Une copie à soi, datée d'il y a un moment ; remplit DEPOT.
copier_le_depot() {
    DEPOT=$BATS_TEST_TMPDIR/depot
    cp -a "$COPIE" "$DEPOT"
    # rien à refaire au départ
    verifier_egal 0 "$(fabriquer "$DEPOT" | grep -c '^  cc ' || true)"
}

@test "chaque chapitre se compile à la main, sans option, sans avertissement" {
    local chapitre avis
    cd "$RACINE" || return
    for chapitre in $(chapitres); do
        echo "cc $chapitre.c common/*.c"
        avis=$(cc "$chapitre.c" common/*.c -o "$BATS_TEST_TMPDIR/essai" 2>&1)
        verifier_egal '' "$avis"
        "$BATS_TEST_TMPDIR/essai" -h >/dev/null
    done
}

# Toutes les sources, avec ce compilateur, ces options, et aucun avertissement toléré.
compiler_tout() {   # COMPILATEUR OPTION...
    local source
    cd "$RACINE" || return
    for source in $(chapitres | sed 's/$/.c/') common/*.c; do
        echo "$* $source"
        "$@" -Werror -c "$source" -o "$BATS_TEST_TMPDIR/essai.o"
    done
}

ALERTES='-O2 -std=gnu11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion'
# shellcheck disable=SC2086   # ALERTES est une liste d'options
@test "gcc ne trouve rien à redire" { exiger_outil gcc; compiler_tout gcc $ALERTES; }
# shellcheck disable=SC2086
@test "clang ne trouve rien à redire" { exiger_outil clang; compiler_tout clang $ALERTES; }
# shellcheck disable=SC2086
@test "musl-gcc ne trouve rien à redire" { exiger_outil musl-gcc; compiler_tout musl-gcc $ALERTES; }

@test "tout se compile en C11 et POSIX stricts" {
    compiler_tout cc -std=c11 -D_XOPEN_SOURCE=700 -Wall -Wextra -Wpedantic
}

@test "un chapitre tient en 100 lignes (150 pour les serveurs à plusieurs clients)" {
    local chapitre limite lignes
    for chapitre in $(chapitres); do
        limite=100
        case $chapitre in *-select* | *-poll* | *-epoll*) limite=150 ;; esac
        lignes=$(wc -l <"$RACINE/$chapitre.c")
        [ "$lignes" -le "$limite" ] || { echo "$chapitre.c : $lignes lignes"; return 1; }
    done
}

@test "l'en-tête d'un chapitre dit comment le lancer, qui mettre en face, quoi regarder" {
    local chapitre entete
    for chapitre in $(chapitres); do
        echo "$chapitre.c :"
        entete=$(sed '/\*\//q' "$RACINE/$chapitre.c")
        verifier_contient "$entete" "./$chapitre" 'En face : ' 'À regarder : '
    done
}

# --- make

@test "toucher un chapitre ne refait que ce chapitre" {
    copier_le_depot
    touch "$DEPOT/tcp/04-client.c"
    verifier_egal '  cc  tcp/04-client.c' "$(fabriquer "$DEPOT")"
}

@test "toucher un en-tête ne refait que ce qui l'inclut" {
    copier_le_depot
    touch "$DEPOT/common/dialogue.h"
    verifier_egal "$(cd "$DEPOT" && grep -l 'dialogue\.h"' {tcp,udp,ipv6,local,common}/*.c 2>/dev/null | sort)" \
        "$(fabriquer "$DEPOT" | sed -n 's/^  cc  //p' | sort)"
}

@test "poser un fichier suffit à ajouter un chapitre" {
    copier_le_depot
    cp "$DEPOT/tcp/01-socket.c" "$DEPOT/tcp/99-essai.c"
    verifier_egal '  cc  tcp/99-essai.c' "$(fabriquer "$DEPOT")"
    "$DEPOT/tcp/99-essai" >/dev/null
}

@test "une variante va dans build/, et ne touche pas aux exécutables ordinaires" {
    copier_le_depot
    mkdir "$BATS_TEST_TMPDIR/bin"
    ln -s "$(command -v cc)" "$BATS_TEST_TMPDIR/bin/autre-cc"
    local avant
    avant=$(cd "$DEPOT" && cksum {tcp,udp,ipv6}/*)
    PATH=$BATS_TEST_TMPDIR/bin:$PATH fabriquer "$DEPOT" CC=autre-cc build/autre-cc/tcp/01-socket
    [ -x "$DEPOT/build/autre-cc/tcp/01-socket" ]
    verifier_egal "$avant" "$(cd "$DEPOT" && cksum {tcp,udp,ipv6}/*)"
    # et revenir à l'ordinaire ne refait rien
    verifier_egal 0 "$(fabriquer "$DEPOT" | grep -c '^  cc ' || true)"
}

@test "make clean efface tout ce que make a produit, et rien d'autre" {
    copier_le_depot
    fabriquer "$DEPOT" compile_commands.json
    fabriquer "$DEPOT" clean >/dev/null
    verifier_egal '' "$(cd "$DEPOT" && find . -type f ! -name '*.[ch]' ! -name Makefile)"
    verifier_egal "$(cd "$COPIE" && ls {tcp,udp,ipv6,common}/*.[ch])" \
        "$(cd "$DEPOT" && ls {tcp,udp,ipv6,common}/*.[ch])"
}

@test "make aide nomme chaque cible de .PHONY" {
    local cible
    lancer make --no-print-directory -C "$COPIE" aide
    verifier_code 0
    while read -r cible; do
        grep -E "make $cible( |\))" <<<"$output"
    done < <(sed -n "s/^\.PHONY: //p" "$RACINE/Makefile" | tr " " "\n")
}

@test "compile_commands.json est un JSON bien formé, et ses commandes compilent" {
    copier_le_depot
    fabriquer "$DEPOT" compile_commands.json
    local json=$DEPOT/compile_commands.json champ='"[^"\\]*"' entree
    entree="\\{\"directory\": $champ, \"file\": $champ, \"command\": $champ\\}"
    tr -d '\n' <"$json" | grep -qxE "\\[($entree,)*$entree\\]"
    verifier_egal "$(cd "$DEPOT" && printf "%s\n" {tcp,udp,ipv6,local,common}/*.c | grep -v "\*" | sort)" \
        "$(grep -o '"file": "[^"]*' "$json" | cut -d'"' -f4 | sort)"
    local commande
    commande=$(grep -o '"command": "[^"]*' "$json" | head -n 1 | cut -d'"' -f4)
    (cd "$DEPOT" && eval "$commande -o /dev/null")
}
