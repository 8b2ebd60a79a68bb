#!/usr/bin/env bats
# Ce que les leçons annoncent de leur durée : au moins ce que prend de les lire et de les taper.
# bats file_tags=outils

load aide

@test "aucune leçon n'annonce moins que ce qu'elle prend, ni bien plus" {
    run "$RACINE/tests/durees.sh" --verifier
    verifier_egal '0 ' "$status $output"
}

@test "la table des leçons annonce les mêmes minutes que les leçons" {
    cd "$RACINE"
    mapfile -t pages < <(pages_du_cours)
    en_tete() { tr '\n' ' ' < "$1" | grep -oE '## [^#]{3,60} \*[^*·]+ · [0-9]+ minutes(, et [0-9]+)?' ; }
    run diff <(for page in "${pages[@]}"; do en_tete "$page" || true; done |
        sed -E 's/^## (.*)  \*.* · ([0-9]+) minutes(, et ([0-9]+))?/\1 : \2 \4/' | sort) \
        <(sed -nE '/^## Les leçons/,/^## Pour/s/^\| \[(.*)\]\([^|]*\| [^|]+ \| ([0-9]+)( \+ ([0-9]+))? \|.*/\1 : \2 \4/p' cours.md | sort)
    verifier_egal '0 ' "$status $output"
}

@test "une durée trop courte, ou bien trop longue, se dit avec sa leçon" {
    printf '## Une leçon\n\n*Un terminal · 1 minutes*\n\n%s\n' "$(seq 200 | paste -sd ' ')" > "$BATS_TEST_TMPDIR/page.md"
    run "$RACINE/tests/durees.sh" --verifier "$BATS_TEST_TMPDIR/page.md"
    verifier_egal 1 "$status"
    verifier_contient "$output" "trop peu" "Une leçon"
    sed -i 's/1 minutes/30 minutes/' "$BATS_TEST_TMPDIR/page.md"
    run "$RACINE/tests/durees.sh" --verifier "$BATS_TEST_TMPDIR/page.md"
    verifier_egal 1 "$status"
    verifier_contient "$output" "trop" "Une leçon"
}
