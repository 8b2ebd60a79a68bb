#!/usr/bin/env bats
# valgrind, sur le chemin ordinaire et les principaux refus de chaque programme : aucune erreur,
# aucune fuite de mémoire, aucun descripteur laissé ouvert.
# Les variables viennent d'aide.bash et de bats, les scénarios sont appelés par leur nom :
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2153,SC2154,SC2317

setup_file() {
    load aide
    ILLISIBLE=
    if command -v valgrind >/dev/null && ! avec_asan; then
        ILLISIBLE=$(valgrind "${PROGRAMMES}tcp/01-socket" -h 2>&1 | grep 'debuginfo reader' || true)
    fi
    export ILLISIBLE
}

setup() {
    load aide
    exiger_outil valgrind
    if avec_asan; then
        manque_a_la_variante "valgrind et ASan ne vont pas ensemble ; ASan vérifie déjà la mémoire"
    fi
    if [ -n "$ILLISIBLE" ]; then
        manque_a_la_variante "ce valgrind ne sait pas lire le débogage de ce compilateur"
    fi
    RAPPORT=$BATS_TEST_TMPDIR/valgrind.log
    ENVELOPPE=(valgrind --quiet --leak-check=full --show-leak-kinds=all --track-fds=yes
        --error-exitcode=99 --errors-for-leak-kinds=all "--log-file=$RAPPORT")
}

# Un programme qui se termine : son code, et rien d'ouvert que l'entrée, la sortie et l'erreur.
propre() {   # CODE PROGRAMME [ARGUMENT...]
    echo "${*:2}"
    lancer "${ENVELOPPE[@]}" "$PROGRAMMES$2" "${@:3}" </dev/null
    verifier_code "$1"
    verifier_rapport
}

# Au rapport, rien que des descripteurs hérités. Un serveur tué par Ctrl-C a encore EN_PLUS sockets,
# et le tampon de sa sortie standard, que personne ne lui a fait rendre.
verifier_rapport() {   # [EN_PLUS]
    local ouvertes fautes='uninitialised|Invalid|lost in|Syscall param'
    [ $# -eq 1 ] || fautes+='|reachable in'
    ouvertes=$(grep -cE 'Open (AF_|file descriptor)' "$RAPPORT" || true)
    [ "$((ouvertes - $(grep -c 'inherited from parent' "$RAPPORT" || true)))" -eq "${1:-0}" ] &&
        ! grep -E "$fautes" "$RAPPORT" && return
    cat "$RAPPORT"
    return 1
}

# Un serveur sous valgrind, après des clients : il ne garde que sa socket d'écoute.
serveur_propre() {   # PROGRAMME MESSAGES...
    demarrer_serveur "$1" 0
    local protocole=tcp
    case $1 in udp/*) protocole=udp ;; esac
    lancer "$SONDE" "$protocole" 127.0.0.1 "$PORT" envoyer 'Bonjour\n' lire
    verifier_contient "$output" 'lire : ok'
    lancer "$SONDE" "$protocole" 127.0.0.1 "$PORT" repeter 5000 x envoyer '\n' lire
    if [ "$protocole" = tcp ]; then
        lancer "$SONDE" tcp 127.0.0.1 "$PORT"
        lancer "$SONDE" tcp 127.0.0.1 "$PORT" envoyer 'moitié' rst
        lancer "$SONDE" tcp 127.0.0.1 "$PORT" envoyer 'Bonjour\n' lire-fin
        attendre_ligne "$JOURNAL" '^close : ' 5
    else
        lancer "$SONDE" udp 127.0.0.1 "$PORT" envoyer '' lire
    fi
    kill -INT "$SERVEUR"
    attendre_fin "$SERVEUR"
    verifier_egal 130 "$code"
    verifier_rapport 1
}

# preuve : IP6-gai-06
@test "les programmes sans réseau ne laissent rien derrière eux" {
    propre 0 tcp/01-socket
    propre 0 tcp/02-adresse
    propre 0 tcp/02-adresse ::1 80
    propre 0 ipv6/01-adresses localhost 5000
    propre 0 tcp/05-bind -a 127.0.0.1 0
}

@test "les refus de la ligne de commande ne laissent rien derrière eux" {
    propre 2 tcp/04-client 1.2.3
    propre 2 tcp/06-serveur 70000
    propre 0 tcp/06-serveur -h
}

@test "les clients TCP ne laissent rien derrière eux" {
    local enveloppe=("${ENVELOPPE[@]}") programme
    ENVELOPPE=()
    demarrer_serveur tcp/06-serveur 0
    ENVELOPPE=("${enveloppe[@]}")
    for programme in tcp/03-connexion tcp/04-client ipv6/02-client; do
        propre 0 "$programme" 127.0.0.1 "$PORT"
    done
}

@test "le client UDP ne laisse rien derrière lui" {
    demarrer_sonde udp-serveur lire forger faux envoyer ok
    propre 0 udp/01-client -d 5000 127.0.0.1 "$PORT"
}

@test "le serveur TCP ne garde que sa socket d'écoute" { serveur_propre tcp/06-serveur; }
@test "le serveur à double pile ne garde que sa socket d'écoute" { serveur_propre ipv6/03-serveur; }
@test "le serveur UDP ne garde que sa socket" { serveur_propre udp/02-serveur; }
