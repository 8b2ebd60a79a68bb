#!/usr/bin/env bats
# Les appels d'échange et le découpage du flux : ce qu'une scène ne montre pas de tcp/08-* et 09-messages.
# bats file_tags=complet

setup() { load aide; }

# Compile ce C, lu sur l'entrée, sans un avertissement : status et output ; le programme est « $BATS_TEST_TMPDIR/c ».
compiler() {   # OPTION...
    cat >"$BATS_TEST_TMPDIR/c.c"
    run cc -Wall -Wextra "$@" "$BATS_TEST_TMPDIR/c.c" -o "$BATS_TEST_TMPDIR/c"
}

# --- Les prototypes

# preuve : TCP-rw-03 « ssize_t send(int, const void *, size_t, int); » TCP-rw-04 « ssize_t recv(int, void *, size_t, int); »
@test "send et recv ont les prototypes que dit le mémento" {
    compiler -c <<'C'
#include <sys/socket.h>
ssize_t send(int, const void *, size_t, int);
ssize_t recv(int, void *, size_t, int);
C
    verifier_egal '0 ' "$status $output"
}

# preuve : ERR-076 « conflicting types for »
@test "send ne rend pas un int" {
    compiler -c <<'C'
#include <sys/socket.h>
int send(int, const void *, size_t, int);
C
    [ "$status" -ne 0 ]
    verifier_contient "$output" 'conflicting types for' 'send'
}

# --- Le tampon et son zéro

# Le serveur de l'exercice, ou sa faute, sous ASan, face à un client qui remplit son tampon.
requete_pleine() {   # SOURCE
    cc -g -fsanitize=address "$RACINE/$1" -o "$BATS_TEST_TMPDIR/requete" 2>/dev/null ||
        manque "pas d'ASan ici"
    PORT=$(port_libre)
    demarrer requete "$BATS_TEST_TMPDIR/requete" "$PORT"
    attendre 10 port_pris tcp "$PORT"
    lancer "$SONDE" tcp 127.0.0.1 "$PORT" repeter 3000 x lire-fin
    ERREURS=$BATS_TEST_TMPDIR/requete.err JOURNAL=$BATS_TEST_TMPDIR/requete.out
}

# preuve : TCP-rw-22 « requête trop longue : 1023 octets »
@test "recevoir taille - 1 octets, puis poser le zéro : rien ne déborde, sous ASan" {
    requete_pleine tcp/solutions/requete.c
    attendre_ligne "$JOURNAL" 'requête trop longue : 1023 octets'
    verifier_egal '' "$(<"$ERREURS")"
}

# preuve : ERR-082 « stack-buffer-overflow »
@test "un tampon plein, sans zéro final, se lit au-delà : ASan le voit" {
    requete_pleine tests/fautes/requete-zero-faute.c
    attendre_ligne "$ERREURS" 'stack-buffer-overflow'
    verifier_contient "@$ERREURS" 'READ of size'
    : >"$ERREURS"   # ce rapport était attendu
}

# preuve : ERR-033 « inet_aton 0, connect 0 »
@test "inet_aton non vérifiée laisse 0.0.0.0, et connect joint cette machine" {
    compiler <<'C'
#define _DEFAULT_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
int main(int argc, char *argv[]) {
    struct sockaddr_in serveur = {.sin_family = AF_INET};
    serveur.sin_port = htons((in_port_t)atoi(argv[argc - 1]));
    int lue = inet_aton("192.168.52.999", &serveur.sin_addr);
    int s = socket(AF_INET, SOCK_STREAM, 0);
    printf("inet_aton %d, connect %d\n", lue, connect(s, (struct sockaddr *)&serveur, sizeof serveur));
    return 0; }
C
    verifier_egal '0 ' "$status $output"
    demarrer_sonde tcp-serveur lire-fin
    lancer "$BATS_TEST_TMPDIR/c" "$PORT"
    verifier_egal 'inet_aton 0, connect 0' "$output"
}

# --- 08-flux et ses voisins

@test "chaque essai de 08-flux aboutit, sans un mot sur stderr" {
    local essai
    for essai in colles coupes sens regarder attendre sans-attendre retenir; do
        lancer "${PROGRAMMES}tcp/08-flux" "$essai"
        verifier_code 0
        verifier_egal '' "$stderr"
    done
    lancer "${PROGRAMMES}tcp/08-flux" autre
    verifier_code 2
    verifier_contient "$stderr" '08-flux : essai inconnu « autre »'
}

@test "un appel qui n'a pas le résultat attendu arrête la démonstration : code 1, l'appel nommé" {
    local programme
    for programme in 08-flux 08-plein 08-appels 08-hors-flux; do
        echo "$programme :"
        sous_strace sendto:error=ENOMEM
        lancer "${ENVELOPPE[@]}" "${PROGRAMMES}tcp/$programme"
        verifier_code 1
        verifier_contient "$stderr" "$programme : send" 'ENOMEM'
        verifier_messages
    done
}

@test "une démonstration que trahit une lecture ne reste pas bloquée" {
    sous_strace sendto:retval=4   # « envoyé », mais rien ne part
    lancer "${ENVELOPPE[@]}" "${PROGRAMMES}tcp/08-flux" colles
    verifier_code 1
    verifier_contient "$stderr" '08-flux : recv : ' '[EAGAIN]'
}

@test "08-plein n'attend pas un lecteur tué avant d'avoir lu" {
    demarrer plein "${PROGRAMMES}tcp/08-plein"
    attendre 10 pkill -KILL -P "$PID"
    attendre_fin "$PID"
    verifier_egal 1 "$code"
}

@test "08-flux, 08-appels et 08-hors-flux ne laissent rien derrière eux" {
    local programme
    sous_valgrind
    for programme in '08-flux colles' '08-flux retenir' 08-appels 08-hors-flux; do
        echo "$programme :"
        # shellcheck disable=SC2086  # un programme et son essai
        lancer "${ENVELOPPE[@]}" "${PROGRAMMES}"tcp/$programme
        verifier_code 0
        verifier_rapport
    done
}

# --- 09-messages -p

# Un client qui joue ces actions : « output » dit ce qu'il a vu.
sonde() { lancer "$SONDE" tcp 127.0.0.1 "$PORT" "$@"; }

@test "09-messages -p : un message reçoit « ok », précédé de sa longueur, d'où qu'il soit coupé" {
    demarrer_serveur tcp/09-messages -p 0
    sonde envoyer '\x00\x00\x00\x07Bonjour' lire-fin
    verifier_contient "$output" 'lire-fin : \0\0\0\x02ok'
    sonde un-par-un '\x00\x00\x00\x07Bonsoir' lire-fin
    verifier_contient "$output" 'lire-fin : \0\0\0\x02ok'
    verifier_contient "@$JOURNAL" 'message : 7 octets « Bonjour »' 'message : 7 octets « Bonsoir »'
    verifier_silence
}

@test "09-messages -p : de 0 à 1024 octets passent ; 1025 et 4294967295 sont refusés, sans réponse" {
    demarrer_serveur tcp/09-messages -p 0
    sonde envoyer '\x00\x00\x00\x00' lire-fin
    verifier_contient "$output" 'ok'
    sonde envoyer '\x00\x00\x04\x00' repeter 1024 x lire-fin
    verifier_contient "$output" 'ok'
    sonde envoyer '\x00\x00\x04\x01' repeter 1025 x lire-fin
    grep -qx 'lire-fin : ' <<<"$output"
    sonde envoyer '\xff\xff\xff\xff' lire-fin
    grep -qx 'lire-fin : ' <<<"$output"
    attendre_close 4
    verifier_contient "@$JOURNAL" 'message : 0 octet' 'message : 1024 octets' \
        'longueur refusée : 1025 octets, 1024 au plus' 'longueur refusée : 4294967295 octets, 1024 au plus'
    verifier_sans_controle "$JOURNAL"
}

@test "09-messages -p : coupé dans la longueur ou dans le message, c'est dit, et il sert le suivant" {
    demarrer_serveur tcp/09-messages -p 0
    sonde envoyer '\x00\x00' demi-fermer lire-fin
    grep -qx 'lire-fin : ' <<<"$output"
    sonde envoyer '\x00\x00\x00\x07Bon' demi-fermer lire-fin
    grep -qx 'lire-fin : ' <<<"$output"
    sonde un-par-un '\x00\x00\x00\x07Bon' rst
    sonde envoyer '\x00\x00\x00\x03oui' lire-fin
    verifier_contient "$output" 'ok'
    attendre_close 4
    verifier_contient "@$JOURNAL" 'coupé : 2 octets sur 4 de longueur' 'coupé : 3 octets sur 7' \
        'message : 3 octets « oui »'
    verifier_contient "@$ERREURS" '09-messages : recv : ' 'ECONNRESET'
}

# preuve : TCP-flags-06 « recv : 3 octets »
@test "un signal arrête MSG_WAITALL en chemin : figé puis dégelé, recv rend ce qu'il a, et l'on boucle" {
    demarrer_serveur tcp/09-messages -p 0
    local tube=$BATS_TEST_TMPDIR/depart depart client
    mkfifo "$tube" && exec {depart}<>"$tube"
    ENTREE=$tube demarrer client "$SONDE" tcp 127.0.0.1 "$PORT" \
        envoyer '\x00\x00\x00\x07' un-par-un 'Bon' attendre envoyer 'jour' lire-fin
    client=$PID
    attendre_ligne "$BATS_TEST_TMPDIR/client.out" '^un-par-un'
    figer "$SERVEUR"
    degeler "$SERVEUR"
    attendre_ligne "$JOURNAL" 'recv : 3 octets « Bon »'
    echo >&"$depart"
    exec {depart}>&-
    attendre_fin "$client"
    verifier_contient "@$JOURNAL" 'recv : 4 octets « jour »' 'message : 7 octets « Bonjour »'
    verifier_silence
}
