#!/usr/bin/env bats
# Le découpage en lignes, éprouvé seul : sans socket, sans programme (tests/lignes.c).

setup() {
    load aide
}

@test "toutes les coupes d'un message donnent les mêmes lignes, et rien d'inutile n'est gardé" {
    local suret=()
    ! avec_asan || suret=('-fsanitize=address,undefined' -fno-sanitize-recover=all)
    cc -std=gnu11 -O1 -g "${suret[@]}" "$RACINE/tests/lignes.c" "$RACINE/common/lignes.c" \
        -o "$BATS_TEST_TMPDIR/lignes"
    ASAN_OPTIONS=allocator_may_return_null=1 lancer "$BATS_TEST_TMPDIR/lignes"
    echo "$output"
    verifier_code 0
    [[ $output == 'lignes : '*' coupes, aucun écart' ]]
}
