#!/usr/bin/env bats
# Chaque faute de tests/mutants.tsv trouve encore sa place : un source retouché n'y perd pas son mutant sans bruit.
# bats file_tags=complet

setup() {
    load aide
    load mutants
}

@test "chaque faute de mutants.tsv se pose dans le source d'aujourd'hui" {
    local faute manquantes=0
    while read -r faute; do
        rm -rf "$BATS_TEST_TMPDIR/copie"
        poser_la_faute "$faute" "$BATS_TEST_TMPDIR/copie" || manquantes=$((manquantes + 1))
    done < <(cut -f 1 "$RACINE/tests/mutants.tsv" | sort -u)
    verifier_egal 0 "$manquantes"
}
