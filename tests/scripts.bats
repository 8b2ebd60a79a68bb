#!/usr/bin/env bats
# Ce qui vaut pour tous les scripts.

load aide
load depot

@test "chaque script que l'on lance dit son usage avec -h et --help, code 0" {
    local script option vus=0
    for script in "$RACINE"/scripts/*.sh "$RACINE/tests/matrice.sh"; do
        [ -x "$script" ] || continue   # se charge par « source »
        vus=$((vus + 1))
        for option in -h --help; do
            run "$script" $option
            [ "$status" -eq 0 ] || { echo "$script $option : code $status"; return 1; }
            [[ $output == *"${script#"$RACINE"/}"* ]] || { echo "$script $option : $output"; return 1; }
        done
    done
    [ $vus -ge 9 ]
}

@test "aucune fonction de shell ne passe 40 lignes" {
    run awk 'FNR == 1 { debut = 0 }
        /^[a-z_]+\(\) \{/ && !/\}$/ { debut = FNR; nom = $1 }
        /^\}$/ && debut { if (FNR - debut + 1 > 40) print FILENAME, nom, FNR - debut + 1; debut = 0 }' \
        "$RACINE"/scripts/*.sh "$RACINE"/tests/*.sh "$RACINE"/tests/*.bash
    [ -z "$output" ] || { echo "$output"; return 1; }
}

# bats test_tags=complet
@test "un dossier dont le nom a une espace et un accent ne gêne ni démonstration, ni matrice, ni cours" {
    exiger_espace
    local ailleurs="$BATS_TEST_TMPDIR/le dépôt à moi"
    copier_le_depot "$ailleurs"
    export TMPDIR="$ailleurs/pour rien"
    mkdir "$TMPDIR"
    run -0 "$ailleurs/scripts/demo.sh" tcp/01-socket tcp/06-serveur
    run -0 "$ailleurs/tests/matrice.sh" --case ipv6/03-serveur "$(premier_netcat)" 1
    printf '```console\n$ tcp/02-adresse | head -n 1\n325…\n$ cc tcp/04-client.c common/*.c -o essais/client\n```\n' \
        > "$ailleurs/un essai.md"
    run "$ailleurs/tests/cours.sh" "$ailleurs/un essai.md"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "les commandes du README existent" {
    grep -q '^scripts/outils.sh .*make demo' "$RACINE/README.md"
    grep -qx 'make test' "$RACINE/README.md"
    grep -q '^demo:' "$RACINE/Makefile"
    grep -q '^test:' "$RACINE/Makefile"
}
