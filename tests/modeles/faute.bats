#!/usr/bin/env bats
# Une faute plausible : elle compile sans un mot, et la scène de la réponse la refuse.
# bats file_tags=complet

setup() {
    load ../../tests/aide
    SOURCE=@SOURCE@
    cd "$RACINE" || return
    SOLUTION=$(sed -n '3s/^ \* Remplace : //p' "$SOURCE")
}

@test "@SOURCE@ dit sa faute, et compile sans avertissement" {
    grep -q '^ \* Faute : .' <(sed -n 2p "$SOURCE")
    [ -e "$SOLUTION" ]
    cc -O2 -std=gnu11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror "$SOURCE" \
        -o "$BATS_TEST_TMPDIR/programme"
}

@test "@SOURCE@ est refusée par la scène de la réponse" {
    exiger_espace
    DELAI=3 run tests/cours.sh --remplacer "$SOLUTION" "$SOURCE"
    echo "$output"
    [ "$status" -eq 1 ]
}
