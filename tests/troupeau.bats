#!/usr/bin/env bats
# Plusieurs processus devant une socket d'écoute (tcp/25-troupeau), plusieurs sockets sur un port (tcp/25-partage).

setup() { load aide; }

@test "25-troupeau : un client éveille un processus par accept, tous par poll" {
    lancer "${PROGRAMMES}tcp/25-troupeau" accept
    verifier_code 0
    verifier_egal 'accept : réveils, 1 sur 4 ; pour rien, 0' "$output"
    lancer "${PROGRAMMES}tcp/25-troupeau" poll 6
    verifier_code 0
    verifier_egal 'poll : réveils, 6 sur 6 ; pour rien, 5' "$output"
}

# bats test_tags=complet
@test "25-troupeau : epoll les éveille tous, et EPOLLEXCLUSIVE bien moins, même nombreux" {
    local reveils
    lancer "${PROGRAMMES}tcp/25-troupeau" epoll 50
    verifier_code 0
    verifier_egal 'epoll : réveils, 50 sur 50 ; pour rien, 49' "$output"
    lancer "${PROGRAMMES}tcp/25-troupeau" exclusif 50
    verifier_code 0
    reveils=${output#*réveils, } reveils=${reveils%% *}
    [ "$reveils" -ge 1 ] && [ "$reveils" -le 25 ]
}

# bats test_tags=complet
@test "25-troupeau : strace voit un accept réussir, et les autres pour rien" {
    exiger_outil strace
    local trace=$BATS_TEST_TMPDIR/trace
    lancer env ASAN_OPTIONS=detect_leaks=0 strace -f -qq -e trace=accept -o "$trace" "${PROGRAMMES}tcp/25-troupeau" poll
    verifier_code 0
    verifier_egal 3 "$(grep -c EAGAIN "$trace")"
    verifier_egal 1 "$(grep -c '= [0-9]' "$trace")"
}

@test "25-troupeau et 25-partage refusent ce qu'ils ne connaissent pas, avant d'ouvrir quoi que ce soit" {
    lancer "${PROGRAMMES}tcp/25-troupeau" select
    verifier_code 2
    verifier_egal '' "$output"
    verifier_contient "$stderr" 'façon inconnue « select »'
    lancer "${PROGRAMMES}tcp/25-troupeau" poll 51
    verifier_code 2
    lancer "${PROGRAMMES}tcp/25-partage" 5000
    verifier_code 2
}

# bats test_tags=complet
@test "25-troupeau : si le client ne peut pas venir, l'équipe ne survit pas à son père" {
    sous_strace connect:error=ECONNREFUSED
    lancer "${ENVELOPPE[@]}" "${PROGRAMMES}tcp/25-troupeau"   # et attend que la sortie soit fermée par tous
    verifier_code 1
    verifier_contient "$stderr" '25-troupeau : connect : connexion refusée [ECONNREFUSED]'
}

@test "25-partage : chaque file a sa part, un client retrouve la sienne, une file perdue coupe les siens" {
    lancer "${PROGRAMMES}tcp/25-partage"
    verifier_code 0
    verifier_egal '' "$stderr"
    verifier_contient "$output" ' : un quart ou presque' '400 reviennent, 400 dans la même file' \
        'une copie vit : 0 coupés sur 4' 'la dernière : 4 coupés sur 4'
}

# bats test_tags=complet
@test "25-partage ne laisse ni TIME-WAIT, ni mémoire" {
    exiger_espace
    sous_valgrind
    lancer "$RACINE/scripts/espace.sh" sh -c '"$@"; grep -c " 06 " /proc/net/tcp' - "${ENVELOPPE[@]}" "${PROGRAMMES}tcp/25-partage"
    verifier_egal 0 "${lines[-1]}"
}
