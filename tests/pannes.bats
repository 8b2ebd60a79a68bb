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

# Un serveur à plusieurs clients, un processus chacun : ce que devient sa case, quand recv échoue dans un fils.
case_du_serveur() {   # CE QUE LE FILS FAIT DE recv MANQUÉ    CE QUE LE PÈRE FAIT DU CODE DE CE FILS
    mkdir -p "$BATS_TEST_TMPDIR/faux/tcp"
    printf '%s\n' '#include <netinet/in.h>' '#include <stdio.h>' '#include <stdlib.h>' '#include <sys/wait.h>' '#include <unistd.h>' \
        'int main(int n, char **v) { struct sockaddr_in a = {.sin_family = AF_INET}; int s = socket(AF_INET, SOCK_STREAM, 0), c;' \
        'if (n < 2) return 2; a.sin_port = htons((in_port_t)atoi(v[1]));' \
        'if (bind(s, (struct sockaddr *)&a, sizeof a) || listen(s, 9)) return 1; printf("listen : %s\n", v[1]); fflush(stdout);' \
        'while ((c = accept(s, NULL, NULL)) != -1) { int code = 0; if (fork() == 0) { char t[99]; ssize_t r;' \
        "while ((r = recv(c, t, sizeof t, 0)) > 0) send(c, \"ok\\n\", 3, MSG_NOSIGNAL); if (r == -1) { $1 } exit(0); }" \
        "close(c); wait(&code); if (code) { $2 } } return 1; }" > "$BATS_TEST_TMPDIR/faux.c"
    cc "$BATS_TEST_TMPDIR/faux.c" -o "$BATS_TEST_TMPDIR/faux/tcp/20-serveur-fork"
    PROGRAMMES=$BATS_TEST_TMPDIR/faux/ pannes --case tcp/20-serveur-fork recv ECONNRESET 1
}

# bats test_tags=complet
@test "la panne qu'ont tous les fils d'un serveur, un par client, n'est pas la sienne ; s'il ne prend plus personne, si" {
    case_du_serveur 'perror("recv"); exit(1);' ''
    [ "$status" -eq 0 ]
    case_du_serveur 'exit(1);' ''
    verifier_contient "$output" '✗ se tait'
    case_du_serveur 'perror("recv"); exit(1);' 'close(s);'
    verifier_contient "$output" '✗'
    case_du_serveur 'perror("recv"); exit(1);' 'for (;;) pause();'
    verifier_contient "$output" '✗ ne sert plus'
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
