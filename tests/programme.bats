#!/usr/bin/env bats
# common/programme et les macros de common/erreur, éprouvés par de petits programmes écrits ici.

setup_file() {
    load aide
    cd "$BATS_FILE_TMPDIR" || return
    cc -c -fsanitize=address,undefined "$RACINE"/common/*.c
}

setup() {
    load aide
}

# Compile, avec common/, un programme dont voici le main ; il a argc, argv et quatre variables.
compiler() {   # CORPS_DE_MAIN
    cat > "$BATS_TEST_TMPDIR/essai.c" << FIN
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include "common/erreur.h"
#include "common/programme.h"
int main(int argc, char *argv[])
{
    const char *a = "0.0.0.0", *v = NULL, *port = "5000", *quatre = NULL;
    $1
    printf("a=%s v=%s port=%s quatre=%s\n", a, v ? v : "non", port, quatre ? quatre : "non");
    return 0;
}
FIN
    cc -fsanitize=address,undefined -I"$RACINE" "$BATS_TEST_TMPDIR/essai.c" \
        "$BATS_FILE_TMPDIR"/*.o -o "$BATS_TEST_TMPDIR/essai"
}
essai() { lancer "$BATS_TEST_TMPDIR/essai" "$@"; }

@test "une option sans valeur se range, à toute place, et n'en prend pas" {
    compiler 'lire_arguments(argc, argv, "[-a adresse] [-v] [port]", &a, &v, &port);'
    essai
    verifier_egal 'a=0.0.0.0 v=non port=5000 quatre=non' "$output"
    essai -v 80
    verifier_egal 'a=0.0.0.0 v=-v port=80 quatre=non' "$output"
    essai 80 -a ::1 -v
    verifier_egal 'a=::1 v=-v port=80 quatre=non' "$output"
    essai -vx
    verifier_code 2
    verifier_contient "$stderr" "l'option -v ne prend pas de valeur : « -vx »"
    essai -a
    verifier_code 2
    verifier_contient "$stderr" "l'option -a attend une valeur : adresse"
    essai -- -v
    verifier_egal 'a=0.0.0.0 v=non port=-v quatre=non' "$output"
}

@test "un modèle et des variables qui ne s'accordent pas sont refusés aussitôt, sans débordement" {
    compiler 'switch (argc) {
        case 1: lire_arguments(argc, argv, "[-a adresse] [-v] [port]", &a, &v); break;
        case 2: lire_arguments(argc, argv, "[-a adresse] [-v]", &a, &v, &port); break;
        case 3: lire_arguments(argc, argv, "", &a); break;
        case 4: lire_arguments(argc, argv, "[port]", NULL); break;
        default: lire_arguments(argc, argv, "a b c d e f g h i", &a, &a, &a, &a, &a, &a, &a, &a, &a);
    }'
    local mots
    for mots in '' '1' '1 2' '1 2 3' '1 2 3 4 5 6 7 8 9'; do
        # shellcheck disable=SC2086   # des mots
        essai $mots
        echo "$mots : $stderr"
        verifier_code 1
        verifier_contient "$stderr" 'lire_arguments : ' 'variables'
        verifier_egal '' "$output"
    done
}

@test "huit mots, la limite, sont tous rangés" {
    compiler 'const char *e = "", *f = "", *g = "", *h = "";
        lire_arguments(argc, argv, "[a] [v] [port] [d] [e] [f] [g] [h]", &a, &v, &port, &quatre, &e, &f, &g, &h);
        printf("%s%s%s%s ", e, f, g, h);'
    essai 1 2 3 4 5 6 7 8
    verifier_egal '5678 a=1 v=2 port=3 quatre=4' "$output"
    essai 1 2 3 4 5 6 7 8 9
    verifier_code 2
}

@test "le conseil cite le port de l'adresse visée, pas du dernier argument ; sans adresse, aucun" {
    compiler 'lire_arguments(argc, argv, "[port]", &port);
        lire_port(port);
        struct sockaddr_in quatre_ = {.sin_family = AF_INET, .sin_port = htons(4444)};
        struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(6666)};
        errno = ECONNREFUSED, signaler("connect", &quatre_);
        errno = EADDRINUSE, signaler("bind", &six);
        errno = ECONNREFUSED, signaler("connect");'
    essai 5555
    verifier_contient "$stderr" "ss -ltnp 'sport = :4444'" "ss -tuanp 'sport = :6666'" \
        $'à voir : ss -ltnp\n'
    verifier_absent "$stderr" PORT
    verifier_absent "$stderr" 5555
}

@test "répétée de suite, une erreur ne redit que sa première ligne ; une autre se dit en entier" {
    compiler 'for (int i = 0; i < 4; i++)
            errno = i < 3 ? EMFILE : EINTR, signaler("accept");'
    essai
    verifier_egal 3 "$(grep -c 'EMFILE' <<< "$stderr")"
    verifier_egal 2 "$(grep -c 'à voir' <<< "$stderr")"
}

@test "exiger rend ce que l'appel a rendu, et n'évalue qu'une fois" {
    compiler 'int n = 0; struct sockaddr_in x = {0};
        int un = exiger("un", n++), deux = exiger("deux", n++, &x);
        printf("%d %d %d ", un, deux, n);'
    essai
    verifier_contient "$output" '0 1 2 a='
}

@test "-h montre les défauts du programme, où qu'il soit, et pas ce que l'on vient de taper" {
    compiler 'lire_arguments(argc, argv, "[-a adresse] [-v] [port]", &a, &v, &port);'
    local arguments
    for arguments in '-h' '80 -a ::1 -h' '-v --help 80'; do
        # shellcheck disable=SC2086   # des mots
        essai $arguments
        verifier_code 0
        verifier_contient "$output" 'port : « 5000 » par défaut' 'adresse : « 0.0.0.0 » par défaut'
    done
    essai -- -h
    verifier_contient "$output" 'port=-h'
}
