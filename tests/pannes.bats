#!/usr/bin/env bats
# La table des pannes voit ce qui ne va pas, et refuse ce qu'elle ne comprend pas.

setup() {
    load aide
    exiger_outil strace
    exiger_espace
}

pannes() { run "$RACINE/tests/pannes.sh" "$@"; echo "$output"; }

# Un client fautif, à la place du vrai : ce qu'en dit sa case.
case_du_fautif() {   # CE QU'IL FAIT DE connect MANQUÉ
    mkdir -p "$BATS_TEST_TMPDIR/faux/tcp"
    printf '%s\n' '#include <arpa/inet.h>' '#include <errno.h>' '#include <stdio.h>' '#include <stdlib.h>' '#include <unistd.h>' \
        'int main(int n, char **v) { struct sockaddr_in a = {.sin_family = AF_INET}; int s = socket(AF_INET, SOCK_STREAM, 0);' \
        'if (n < 3 || inet_pton(AF_INET, v[1], &a.sin_addr) != 1) return 2; a.sin_port = htons((in_port_t)atoi(v[2]));' \
        "while (connect(s, (struct sockaddr *)&a, sizeof a) == -1) { $1 }" \
        'return write(s, "Bonjour\n", 8) == 8 ? 0 : 1; }' > "$BATS_TEST_TMPDIR/faux.c"
    cc "$BATS_TEST_TMPDIR/faux.c" -o "$BATS_TEST_TMPDIR/faux/tcp/04-client"
    PROGRAMMES=$BATS_TEST_TMPDIR/faux/ pannes --case tcp/04-client connect ECONNREFUSED "${2:-1}"
}

# bats test_tags=complet
@test "une panne passée sous silence, une boucle folle, un blocage, une mort, un faux succès sont vus" {
    case_du_fautif 'perror("connect"); return 1;'
    [ "$status" -eq 0 ]
    case_du_fautif 'return 1;'
    [ "$status" -eq 1 ]
    verifier_contient "$output" '✗ code 1, muet' 'attendu : finit'
    case_du_fautif 'perror("connect"); return 0;'
    verifier_contient "$output" '✗ dit, code 0'
    case_du_fautif 'abort();'
    verifier_contient "$output" '✗ signal 6'
    case_du_fautif 'pause();'
    verifier_contient "$output" '✗ se bloque'
    case_du_fautif 'continue;' toujours
    verifier_contient "$output" "✗ s'emballe"
}

# bats test_tags=complet
@test "une demande mal écrite est refusée, code 2" {
    pannes tcp/99-rien
    verifier_egal 2 "$status"
    pannes --case tcp/04-client
    verifier_egal 2 "$status"
    pannes --case tcp/04-client listen EADDRINUSE 1
    verifier_egal 2 "$status"
    verifier_contient "$output" 'tcp/04-client ne fait pas listen'
    pannes --nimporte
    verifier_egal 2 "$status"
}
