#!/usr/bin/env bats
# Le feu roulant (tests/feu.sh), vingt secondes : bien plus long, il se joue à la main.
# bats file_tags=complet

setup() { load aide; }

@test "les serveurs à plusieurs clients tiennent vingt secondes de feu, puis toutes les sondes" {
    run timeout 280 "$RACINE/tests/feu.sh" -t 20 3>&- 4>&-
    echo "$output"
    [ "$status" -eq 0 ]
    verifier_egal 6 "$(grep -c '^tcp/.* : tient$' <<<"$output")"
}

@test "le feu dit sa graine, et montre le serveur qui cède" {
    local faux=$BATS_TEST_TMPDIR
    cp -r "$RACINE/common" "$RACINE/tcp" "$faux"
    sed -i 's/SIGPIPE, SIG_IGN/SIGPIPE, SIG_DFL/; s/MSG_NOSIGNAL/0/' "$faux"/common/{service,connexion}.c
    cc -std=gnu11 -O1 -w "$faux/tcp/24-serveur-epoll.c" "$faux"/common/*.c -o "$faux/tcp/24-serveur-epoll"
    PROGRAMMES=$faux/ run timeout 120 "$RACINE/tests/feu.sh" -t 20 -g 7 tcp/24-serveur-epoll 3>&- 4>&-
    echo "$output"
    [ "$status" -eq 1 ]
    verifier_contient "$output" 'feu : 20 s, graine 7, 1 serveur' 'tcp/24-serveur-epoll : CÈDE' "(le serveur n'est plus)"
}

@test "interrompu, le feu se tait, rend 130, et rien ne reste" {
    local dit=$BATS_TEST_TMPDIR/dit feu code=0
    TMPDIR=$BATS_TEST_TMPDIR env --default-signal=INT "$RACINE/tests/feu.sh" -t 20 tcp/24-serveur-epoll \
        > "$dit" 2>&1 3>&- 4>&- &
    feu=$!
    attendre 10 grep -q '^feu : ' "$dit"
    attendre 10 pgrep -P "$feu" > /dev/null
    kill -INT "$feu"
    wait "$feu" || code=$?
    verifier_egal '130 1' "$code $(wc -l < "$dit")"
    verifier_egal dit "$(ls "$BATS_TEST_TMPDIR")"
}

@test "feu.sh refuse une demande mal écrite" {
    lancer "$RACINE/tests/feu.sh" -t beaucoup
    verifier_code 2
    verifier_contient "$stderr" '« -t secondes »'
    lancer "$RACINE/tests/feu.sh" tcp/nulle-part
    verifier_code 2
    verifier_egal 'feu.sh : « tcp/nulle-part » ne se lance pas (voir -h)' "$stderr"
    lancer "$RACINE/tests/feu.sh" -h
    verifier_code 0
    verifier_contient "$output" 'tests/feu.sh [-t secondes]'
}
