#!/usr/bin/env bats
# Ce qui est propre à l'un des serveurs TCP, et tcp/05-bind, qui s'attache sans écouter. Ce que tous
# les serveurs doivent à leurs clients est dans tests/modeles/serveur-tcp.bats.

setup() { load aide; }

# preuve : TCP-bind-03 « Connection refused »
@test "avec -a 127.0.0.1, le serveur n'est pas joignable par une autre adresse" {
    demarrer_serveur tcp/06-serveur -a 127.0.0.1 0
    lancer "$SONDE" tcp 127.0.0.2 "$PORT"
    verifier_code 1
    verifier_contient "$stderr" 'Connection refused'
    verifier_survie
}

# --- 05-bind

@test "05-bind montre les trois cas : adresse et port, port du noyau, toutes les adresses" {
    exiger_espace
    lancer "$RACINE/scripts/espace.sh" "${PROGRAMMES}tcp/05-bind" -a 127.0.0.1 5000 </dev/null
    verifier_code 0
    verifier_contient "$output" 'bind : 127.0.0.1:5000' 'getsockname : 127.0.0.1:5000'
    lancer "${PROGRAMMES}tcp/05-bind" -a 127.0.0.1 0 </dev/null
    verifier_code 0
    verifier_contient "$output" 'bind : 127.0.0.1:0' 'getsockname : 127.0.0.1:'
    verifier_absent "$output" 'getsockname : 127.0.0.1:0'
    lancer "$RACINE/scripts/espace.sh" "${PROGRAMMES}tcp/05-bind" </dev/null
    verifier_code 0
    verifier_contient "$output" 'getsockname : 0.0.0.0:5000'
}

@test "05-bind tient le port sans écouter : le second est refusé, un client aussi" {
    local tube=$BATS_TEST_TMPDIR/entree
    mkfifo "$tube"
    exec {entree}<>"$tube"
    ENTREE=$tube demarrer_serveur tcp/05-bind -a 127.0.0.1 0
    lancer "${PROGRAMMES}tcp/05-bind" -a 127.0.0.1 "$PORT" </dev/null
    verifier_code 1
    verifier_contient "$stderr" 'bind : adresse déjà utilisée [EADDRINUSE]' ":$PORT"
    lancer "$SONDE" tcp 127.0.0.1 "$PORT"
    verifier_contient "$stderr" 'Connection refused'
    echo >&"$entree"   # la touche Entrée
    exec {entree}>&-
    attendre_fin "$SERVEUR"
    verifier_egal 0 "$code"
    verifier_contient "@$JOURNAL" 'close : '
}

@test "05-bind refuse une adresse qui n'est pas à cette machine" {
    exiger_espace
    lancer "${PROGRAMMES}tcp/05-bind" -a 192.0.2.1 0 </dev/null
    verifier_code 1
    verifier_contient "$stderr" 'bind : adresse indisponible [EADDRNOTAVAIL]' 'ip address'
}

@test "05-bind ne prend pas une erreur de lecture pour la touche Entrée : code 1" {
    lancer "${PROGRAMMES}tcp/05-bind" -a 127.0.0.1 0 <"$BATS_TEST_TMPDIR"   # lire un dossier : EISDIR
    verifier_code 1
    verifier_contient "$stderr" '05-bind : ' '[EISDIR]'
    verifier_absent "$output" 'close : '
}

# --- 25-serveur-prefork

# bats test_tags=complet
@test "25-serveur-prefork essaie le port sans y écouter : aucun client n'entre par une socket qui se ferme aussitôt" {
    exiger_outil strace
    ENVELOPPE=(env ASAN_OPTIONS=detect_leaks=0 strace -D -f -e trace=listen -o "$BATS_TEST_TMPDIR/ecoutes")
    demarrer_serveur tcp/25-serveur-prefork 0
    attendre_ligne "$BATS_TEST_TMPDIR/ecoutes" '^[0-9]+ +listen' "$(getconf _NPROCESSORS_ONLN)"
    verifier_egal "$(getconf _NPROCESSORS_ONLN)" "$(grep -c ' listen(' "$BATS_TEST_TMPDIR/ecoutes")"
    ENVELOPPE=()
    lancer "${PROGRAMMES}tcp/25-serveur-prefork" "$PORT"   # et pourtant il le sait pris
    verifier_code 1
    verifier_contient "$stderr" 'bind : adresse déjà utilisée [EADDRINUSE]'
    lancer "$SONDE" tcp 127.0.0.1 "$PORT" envoyer 'encore là ?\n' demi-fermer lire-fin
    verifier_contient "$output" 'lire-fin : ok\n'
}
