#!/usr/bin/env bats
# La solution d'un exercice : du C nu, que l'on compile seul, et dont une faute plausible au moins est refusée.
# bats file_tags=complet

setup() {
    load ../../tests/aide
    SOURCE=@SOURCE@
    alertes=(-O2 -std=gnu11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror "$SOURCE"
        -o "$BATS_TEST_TMPDIR/programme")
    cd "$RACINE" || return
}

@test "@SOURCE@ tient sur une page, et se compile seule, sans option ni avertissement" {
    [ "$(wc -l <"$SOURCE")" -le 90 ]
    [ "$(LC_ALL=C.UTF-8 wc -L <"$SOURCE")" -le 110 ]
    grep -q "^ \* *cc $SOURCE -o essais/" "$SOURCE"   # son en-tête le dit
    verifier_egal '' "$(cc "$SOURCE" -o "$BATS_TEST_TMPDIR/programme" 2>&1)"
    cc "${alertes[@]}"
}

@test "@SOURCE@ a une faute plausible, et une scène qui la compile" {
    local pages
    grep -lx " \* Remplace : $SOURCE" tests/fautes/*.c
    mapfile -t pages < <(pages_du_cours)
    grep -lF "\$ cc $SOURCE -o " "${pages[@]}"
}

@test "@SOURCE@ est acceptée par la scène de la réponse" {
    exiger_espace
    run tests/cours.sh --remplacer "$SOURCE" "$SOURCE"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "@SOURCE@ : gcc, clang, musl-gcc et le C11 strict n'y trouvent rien à redire" {
    local compilateur
    for compilateur in gcc clang musl-gcc; do
        exiger_outil "$compilateur"
        "$compilateur" "${alertes[@]}" -fsyntax-only
    done
    cc "${alertes[@]}" -fsyntax-only -std=c11 -D_XOPEN_SOURCE=700
}
