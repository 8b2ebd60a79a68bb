#!/usr/bin/env bats
# Les fins d'une connexion : shutdown, close, SO_LINGER, et le port que l'on reprend. Ce que montrent les leçons
# est rejoué avec elles ; ici, ce qu'une scène ne montre pas.
# bats file_tags=complet

setup() { load aide; }

# preuve : TCP-shutdown-01 « int (*appel)(int descripteur, int sens) = shutdown »
@test "shutdown a le prototype du mémento, et ses trois sens valent 0, 1 et 2" {
    printf '%s\n' '#include <sys/socket.h>' \
        'int (*appel)(int descripteur, int sens) = shutdown;' \
        '_Static_assert(SHUT_RD == 0 && SHUT_WR == 1 && SHUT_RDWR == 2, "les sens");' \
        >"$BATS_TEST_TMPDIR/prototype.c"
    cc -std=gnu11 -Wall -Wextra -Wpedantic -Werror -c "$BATS_TEST_TMPDIR/prototype.c" -o "$BATS_TEST_TMPDIR/o"
}

# preuve : ERR-146 « bind : adresse déjà utilisée [EADDRINUSE] »
@test "une double pile relancée sans SO_REUSEADDR est refusée : le TIME-WAIT d'un client IPv4 suffit" {
    exiger_ipv6
    demarrer_serveur ipv6/03-serveur 0
    HOTE=127.0.0.1 verifier_survie
    attendre_ligne "$JOURNAL" '^close : '
    arreter "$SERVEUR"
    sous_strace setsockopt:retval=0   # l'option est dite posée, et ne l'est pas
    lancer "${ENVELOPPE[@]}" "${PROGRAMMES}ipv6/03-serveur" "$PORT"
    verifier_code 1
    verifier_contient "$stderr" 'bind : adresse déjà utilisée [EADDRINUSE]'
    unset ENVELOPPE
    demarrer_serveur ipv6/03-serveur "$PORT"   # avec elle, il repart
}

# --- 07-demi-fermeture

# Tape un mot, et attend la ligne qui le dit.
taper() {   # MOT MOTIF [NOMBRE]
    echo "$1" >&"$clavier"
    attendre_ligne "$JOURNAL" "$2" "${3:-1}"
}

demarrer_au_clavier() {
    mkfifo "$BATS_TEST_TMPDIR/clavier"
    exec {clavier}<>"$BATS_TEST_TMPDIR/clavier"
    JOURNAL=$BATS_TEST_TMPDIR/serveur.out
    ENTREE=$BATS_TEST_TMPDIR/clavier demarrer serveur "$@"
    SERVEUR=$PID
    attendre_ligne "$JOURNAL" '^listen : '
    PORT=$(sed -n 's/^bind : .*://p' "$JOURNAL")
}

@test "07-demi-fermeture : la copie garde la connexion, et le pair ne lit la fin qu'au dernier close" {
    demarrer_au_clavier "${PROGRAMMES}tcp/07-demi-fermeture" -a 127.0.0.1 0
    demarrer client "$SONDE" tcp 127.0.0.1 "$PORT" lire-fin
    taper dup '^dup : descripteur 3$'
    taper close '^close : descripteur 4$'
    taper send '^send : 8 octets$'
    run ! est_fini "$PID"
    taper close '^close : descripteur 3$' 1
    attendre_fin "$PID"
    verifier_contient "@$BATS_TEST_TMPDIR/client.out" 'Bonjour'
}

@test "07-demi-fermeture : un pair hostile n'agit pas sur le terminal, un mot inconnu n'arrête rien" {
    demarrer_au_clavier "${PROGRAMMES}tcp/07-demi-fermeture" -a 127.0.0.1 0
    demarrer client "$SONDE" tcp 127.0.0.1 "$PORT" envoyer '\x1b[31m\xc2\x9b' lire-fin
    taper recv '^recv : 7 octets'
    verifier_sans_controle "$JOURNAL"
    taper un-mot-bien-plus-long-que-seize-octets '^shutdown : argument invalide \[EINVAL\]$'
    taper SHUT_WR '^shutdown : SHUT_WR$'
    taper send '^send : liaison rompue .*\[EPIPE\], et SIGPIPE$'
    run ! est_fini "$SERVEUR"
}

# --- 13

@test "13-fins, 13-linger et 13-reprise : sous valgrind, ni erreur, ni fuite, ni descripteur oublié" {
    local programme
    sous_valgrind
    for programme in 13-fins 13-linger 13-reprise; do
        echo "$programme :"
        VALGRIND_OPTS=--child-silent-after-fork=yes lancer "${ENVELOPPE[@]}" "${PROGRAMMES}tcp/$programme"
        verifier_code 0
        verifier_rapport
    done
}

@test "13-linger : close, shutdown et la mort du programme ne prennent que le temps annoncé" {
    lancer "${PROGRAMMES}tcp/13-linger"
    verifier_code 0
    verifier_egal '0 1 1 0 0 0' "$(sed -n 's/.* : \([0-9]*\) s ; .*/\1/p' <<<"$output" | paste -sd ' ')"
}
