#!/usr/bin/env bats
# Tenir bon : ce que la leçon dit des limites que l'on baisse sous un serveur qui tourne.

setup() { load aide; }

# bats test_tags=complet
@test "plus un descripteur de permis : select et epoll servent encore, poll refuse tant de cases et s'arrête" {
    exiger_outil prlimit
    local programme
    for programme in 22-serveur-select 24-serveur-epoll; do
        demarrer_serveur "tcp/$programme" 0
        prlimit --pid "$SERVEUR" --nofile=0:
        demarrer_sonde_client "$PORT"
        attendre_ligne "$ERREURS" "^$programme : accept : .*"
        prlimit --pid "$SERVEUR" --nofile=100:
        attendre_fin "$PID"
        verifier_egal 0 "$code"
        arreter "$SERVEUR"
    done
    demarrer_serveur tcp/23-serveur-poll 0
    prlimit --pid "$SERVEUR" --nofile=0:
    attendre_fin "$SERVEUR"
    verifier_egal 1 "$code"
    verifier_contient "$(<"$ERREURS")" '23-serveur-poll : ppoll : ' '[EINVAL]'
}

demarrer_sonde_client() { demarrer client "$SONDE" tcp 127.0.0.1 "$1" envoyer 'a\n' lire-ligne; }   # PORT
