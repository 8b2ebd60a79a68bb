#!/usr/bin/env bats
# Le cours se rejoue, et ses faits sont comptés. (Que le rejoueur sait échouer se voit dans rejoueur.bats.)

load aide

setup() {
    essai=$BATS_TEST_TMPDIR/essai.md
}

# D'une variante, ce qu'elle change.
rejouer() {   # PAGES...
    local choix=()
    cd "$RACINE" || return
    [ "$PROGRAMMES" -ef "$RACINE" ] || choix=(--programmes)
    DELAI=20 run tests/cours.sh "${choix[@]}" "$@"
    echo "$output"
    [ "$status" -eq 0 ]
}

# PAGES en choisit d'autres : quelques-unes là où la suite entière a déjà joué le reste, ou les mémentos avec.
@test "toutes les leçons se rejouent sans un écart" {
    local pages
    read -ra pages <<< "${PAGES:-$(pages_du_cours | grep 'cours\.md$' | paste -sd ' ')}"
    rejouer "${pages[@]}"
}

# bats test_tags=complet
@test "tous les mémentos se rejouent sans un écart" {
    local pages
    mapfile -t pages < <(pages_du_cours | grep 'memento\.md$')
    rejouer "${pages[@]}"
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

# Les registres s'écrivent pendant que la suite tourne : les nombres, eux, tombent toujours justes.
# bats test_tags=complet
@test "« make faits » ne trouve aucune faute, compte tous les faits, et liste ceux qui restent" {
    run "$RACINE/tests/faits.sh"
    echo "$output"
    [ "$status" -eq 0 ]
    grep -q "^Rien de joué n'est connu ici" <<< "$output" || {
        read -r _ _ enseignes seuls ecrits attendus restants < <(grep '^en tout ' <<< "$output")
        [ $((enseignes + seuls + ecrits + attendus + restants)) -eq "$(grep -c . "$RACINE/tests/programme.tsv")" ]
        [ $((seuls + attendus + restants)) -eq "$(grep -cE '^  [A-Za-z0-9_-]+-[0-9]+ ' <<< "$output")" ]
    }
}

@test "chaque fait du programme est prouvé et dit, ou documentaire, ou attend un programme à venir" {
    run "$RACINE/tests/faits.sh" --manquants
    verifier_egal '0 ' "$status $output"
}

@test "chaque fait du programme a un numéro unique et un énoncé" {
    run awk -F '\t' 'NF < 2 || NF > 3 || $1 !~ /^[A-Za-z0-9_-]+-[0-9]+$/ || $2 == "" || vu[$1]++' \
        "$RACINE/tests/programme.tsv"
    [ -z "$output" ]
}
