#!/usr/bin/env bats
# La file d'attente, et tcp/10-file, qui la vide à la main : ce que la leçon ne peut régler sans privilège, et
# ce que le programme doit.
# bats file_tags=complet

setup() { load aide; }

# Lance 10-file, son clavier dans le descripteur CLAVIER ; remplit SERVEUR, PORT, JOURNAL, ERREURS.
ouvrir_la_file() {   # [PLACES]
    local tube=$BATS_TEST_TMPDIR/clavier
    mkfifo "$tube"
    exec {CLAVIER}<>"$tube"
    ENTREE=$tube LECTEUR=$CLAVIER demarrer file "${ENVELOPPE[@]}" "${PROGRAMMES}tcp/10-file" 0 "${1:-2}"
    SERVEUR=$PID JOURNAL=$BATS_TEST_TMPDIR/file.out ERREURS=$BATS_TEST_TMPDIR/file.err
    attendre_ligne "$JOURNAL" '^getsockopt : '
    PORT=$(sed -n 's/^bind : 0\.0\.0\.0://p' "$JOURNAL")
}
taper() { printf '%s\n' "$1" >&"$CLAVIER"; }   # TEXTE

# Tant de clients muets, jusqu'à la fin du test.
foule() {   # NOMBRE
    local tube=$BATS_TEST_TMPDIR/foule
    mkfifo "$tube"
    exec {MUETS}<>"$tube"
    ENTREE=$tube LECTEUR=$CLAVIER demarrer foule "$RACINE/scripts/foule.sh" "$1" 127.0.0.1 "$PORT"
    attendre_ligne "$BATS_TEST_TMPDIR/foule.out" 'connexions'
}

# preuve : TCP-listen-05 « 7 places (autant que somaxconn) »
@test "la file a au plus somaxconn places, quoi que l'on demande" {
    exiger_espace
    # shellcheck disable=SC2016  # $0 est celui du shell de l'espace
    ESPACE=exige lancer "$RACINE/scripts/espace.sh" sh -c 'echo 7 > /proc/sys/net/core/somaxconn || exit 77
        "$0" 0 1000 < /dev/null && "$0" 0 3 < /dev/null' "${PROGRAMMES}tcp/10-file"
    [ "$status" -ne 77 ] || manque "somaxconn ne se règle pas ici"
    verifier_code 0
    verifier_contient "$output" 'listen : file de 1000' '0 en file, 7 places (autant que somaxconn)' \
        'listen : file de 3' $'0 en file, 3 places\n'
}

# preuve : ERR-047 « SYN-SENT » TCP-connect-08 « [ETIMEDOUT] »
@test "tcp_abort_on_overflow ne fait pas refuser : la file pleine ignore le SYN, avec 0 comme avec 1" {
    local reglage code
    exiger_espace
    exiger_outil nstat
    for reglage in 0 1; do
        code=0
        ESPACE=exige timeout 60 "$RACINE/scripts/espace.sh" bash -ec '
            cd "$1"
            trap "kill \$(jobs -p) || true" EXIT
            echo 1 > /proc/sys/net/ipv4/tcp_syn_retries && echo "$2" > /proc/sys/net/ipv4/tcp_abort_on_overflow ||
                exit 77
            mkfifo "$3/clavier$2" "$3/foule$2"
            exec 7<> "$3/clavier$2" 8<> "$3/foule$2"
            "$4" 5000 1 < "$3/clavier$2" > "$3/file$2" &
            scripts/attendre.sh tcp 5000
            scripts/foule.sh 2 < "$3/foule$2" > "$3/muets$2" &
            source scripts/attendre.sh
            attendre 10 grep -q connexions "$3/muets$2"
            tcp/04-client > "$3/client$2" 2>&1 & client=$!
            en_syn_sent() { ss -Htan "dport = :5000" | grep -q SYN-SENT; }
            attendre 5 en_syn_sent
            wait "$client" || true
            nstat -asz TcpExtListenOverflows > "$3/nstat$2"
        ' bash "$RACINE" "$reglage" "$BATS_TEST_TMPDIR" "${PROGRAMMES}tcp/10-file" 3>&- 4>&- || code=$?
        [ "$code" -ne 77 ] || manque "tcp_abort_on_overflow ne se règle pas ici"
        verifier_egal 0 "$code"
        verifier_contient "@$BATS_TEST_TMPDIR/client$reglage" '[ETIMEDOUT]'
        verifier_absent "@$BATS_TEST_TMPDIR/client$reglage" 'ECONNREFUSED'
        [ "$(awk '/ListenOverflows/ { print $2 }' "$BATS_TEST_TMPDIR/nstat$reglage")" -ge 1 ]
    done
}

# preuve : ERR-041 « 0 en file, 2 places » TCP-accept-08 « accept : 0.0.0.0: »
@test "10-file : une longueur trop courte tronque l'adresse, une négative perd la connexion" {
    ouvrir_la_file
    foule 2
    taper 4
    attendre_ligne "$JOURNAL" '^accept : 0\.0\.0\.0:[0-9]+, descripteur [0-9]+, longueur 16$'
    attendre_ligne "$JOURNAL" '^getsockopt : 1 en file, 2 places$'
    verifier_contient "@$JOURNAL" 'accept : 0.0.0.0:'
    taper -1
    attendre_ligne "$JOURNAL" '^getsockopt : 0 en file, 2 places$' 2   # la première, au départ
    verifier_contient "@$ERREURS" 'accept : argument invalide [EINVAL]'
    verifier_egal 1 "$(grep -c '^accept : ' "$JOURNAL")"
}

# preuve : ERR-044 « getsockname : 192.0.2.7: » TCP-bind-06 « getsockname : 192.0.2.7: »
@test "INADDR_ANY est toute adresse de la machine, pas la seule boucle locale" {
    exiger_espace
    ESPACE=exige timeout 20 "$RACINE/scripts/espace.sh" bash -ec '
        cd "$1"
        trap "kill \$(jobs -p)" EXIT
        ip address add 192.0.2.7/32 dev lo
        mkfifo "$2/clavier"
        exec 7<> "$2/clavier"
        "$3" 5000 < "$2/clavier" > "$2/file" &
        scripts/attendre.sh tcp 5000
        exec 8<> /dev/tcp/192.0.2.7/5000
        echo >&7
        source scripts/attendre.sh
        attendre 10 grep -q "^getsockname : 192.0.2.7:5000" "$2/file"
    ' bash "$RACINE" "$BATS_TEST_TMPDIR" "${PROGRAMMES}tcp/10-file" 3>&- 4>&-
    verifier_contient "@$BATS_TEST_TMPDIR/file" 'getsockname : 192.0.2.7:5000'
}

@test "10-file dit qu'une file vide n'attend pas, et qu'une longueur est un nombre : code 2" {
    ouvrir_la_file
    taper ''
    attendre_ligne "$ERREURS" 'EAGAIN'
    verifier_contient "@$ERREURS" 'la file est vide' "cours : La file d'attente"
    taper 'quatre'
    attendre_fin "$SERVEUR"
    verifier_egal 2 "$code"
    verifier_contient "@$ERREURS" 'longueur « quatre »'
}

@test "10-file survit à un client qui a coupé dans la file, et à cent autres" {
    local i
    ouvrir_la_file 200
    "$RACINE/scripts/couper.sh" '' 127.0.0.1 "$PORT" >/dev/null
    foule 101
    for ((i = 1; i <= 100; i++)); do taper ''; done
    attendre_fin "$SERVEUR"   # il n'en garde que cent
    verifier_egal 0 "$code"
    verifier_egal 100 "$(grep -c '^accept : 127.0.0.1:' "$JOURNAL")"
    verifier_silence
}

@test "10-file ne prend pas une erreur de lecture pour la fin : code 1" {
    lancer "${PROGRAMMES}tcp/10-file" -a 127.0.0.1 0 <"$BATS_TEST_TMPDIR"   # lire un dossier : EISDIR
    verifier_code 1
    verifier_contient "$stderr" '10-file : fgets : ' '[EISDIR]'
}

@test "sous valgrind, 10-file ne laisse rien derrière lui" {
    sous_valgrind
    ouvrir_la_file
    foule 2
    taper ''
    attendre_ligne "$JOURNAL" '^accept : '
    taper 4   # et pas -1 : valgrind y verrait, avec raison, un débordement promis au noyau
    attendre_ligne "$JOURNAL" '^accept : ' 2
    figer "$SERVEUR"
    exec {CLAVIER}>&-
    degeler "$SERVEUR"
    attendre_fin "$SERVEUR"
    verifier_egal 0 "$code"
    verifier_rapport
}
