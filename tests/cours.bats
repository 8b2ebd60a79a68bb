#!/usr/bin/env bats
# Le cours se rejoue, et ses faits sont comptés. (Que le rejoueur sait échouer se voit dans rejoueur.bats.)

load aide

setup() {
    essai=$BATS_TEST_TMPDIR/essai.md
}

@test "le cours entier se rejoue sans un écart" {
    DELAI=20 run "$RACINE/tests/cours.sh"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "les sessions du README se rejouent aussi" {
    exiger_espace
    # shellcheck disable=SC2016  # des accents graves, sans shell
    sed '/^```sh/,/^```$/d' "$RACINE/README.md" > "$essai"
    DELAI=20 run "$RACINE/tests/cours.sh" "$essai"
    echo "$output"
    [ "$status" -eq 0 ]
    grep -q '^cours : 2 scènes' <<< "$output"
}

@test "« make faits » compte les faits prouvés, et liste les autres" {
    run "$RACINE/tests/faits.sh"
    [ "$status" -eq 0 ]
    total=$(grep -c . "$RACINE/tests/programme.tsv")
    grep -q "^en tout .* / $total\$" <<< "$output"
    prouves=$(sed -n 's/^en tout *\([0-9]*\) .*/\1/p' <<< "$output")
    restants=$(sed '1,/^Encore sans preuve/d' <<< "$output" | grep -c .)
    [ $((prouves + restants)) -eq "$total" ]
}

@test "chaque fait du programme a un numéro unique et un énoncé" {
    run awk -F '\t' 'NF != 2 || $1 !~ /^[A-Za-z0-9_-]+-[0-9]+$/ || $2 == "" || vu[$1]++' \
        "$RACINE/tests/programme.tsv"
    [ -z "$output" ]
}
