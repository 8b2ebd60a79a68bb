#!/usr/bin/env bats
# UDP : le serveur de udp/02-serveur, et le client patient mais borné de udp/01-client.
# Les variables viennent d'aide.bash et de bats, les scénarios sont appelés par leur nom :
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2153,SC2154,SC2317

setup() {
    load aide
}

# Une question au serveur ; il répond « ok ».
verifier_survie_udp() {
    ! est_fini "$SERVEUR" || { cat "$JOURNAL" "$ERREURS"; return 1; }
    lancer "$SONDE" udp 127.0.0.1 "$PORT" envoyer 'encore là ?' lire
    verifier_code 0
    verifier_contient "$output" 'lire : ok\n'
}

# Le client, dans l'ordre des mots du cours : status, output, stderr.
client() { lancer "${ENVELOPPE[@]}" "${PROGRAMMES}udp/01-client" "$@"; }

# --- Le serveur

@test "chaque datagramme reçoit « ok », et la trace dit d'où il vient" {
    demarrer_serveur udp/02-serveur 0
    lancer "$SONDE" udp 127.0.0.1 "$PORT" envoyer 'Bonjour\n' lire
    verifier_contient "$output" 'lire : ok\n'
    attendre_ligne "$JOURNAL" '^sendto : '
    verifier_contient "@$JOURNAL" 'recvfrom : 127.0.0.1:' 'message : 8 octets « Bonjour\n »' \
        'sendto : 127.0.0.1:'
    verifier_survie_udp
    verifier_egal '' "$(cat "$ERREURS")"
}

# preuve : UDP-recvfrom-07 ERR-095
@test "un datagramme vide est un message : il reçoit « ok », et le serveur continue" {
    demarrer_serveur udp/02-serveur 0
    lancer "$SONDE" udp 127.0.0.1 "$PORT" envoyer '' lire
    verifier_contient "$output" 'lire : ok\n'
    verifier_contient "@$JOURNAL" 'message : 0 octet'
    verifier_survie_udp
}

@test "un datagramme au ras du tampon est gardé entier" {
    demarrer_serveur udp/02-serveur 0
    lancer "$SONDE" udp 127.0.0.1 "$PORT" repeter 1024 x lire
    verifier_contient "@$JOURNAL" 'message : 1024 octets'
    verifier_absent "@$JOURNAL" 'tronqué'
}

@test "le plus grand datagramme, 65507 octets, est répondu et sa coupe est dite" {
    demarrer_serveur udp/02-serveur 0
    lancer "$SONDE" udp 127.0.0.1 "$PORT" repeter 65507 x lire
    verifier_contient "$output" 'lire : ok\n'
    verifier_contient "@$JOURNAL" 'tronqué : 65507 octets envoyés, 1024 gardés'
    verifier_survie_udp
    verifier_egal '' "$(cat "$ERREURS")"
}

@test "les octets nuls et les séquences d'échappement reçus sont échappés" {
    demarrer_serveur udp/02-serveur 0
    lancer "$SONDE" udp 127.0.0.1 "$PORT" envoyer 'a\0\x1b]0;titre\x07%s%n' lire
    verifier_contient "@$JOURNAL" '« a\0\x1b]0;titre\x07%s%n »'
    verifier_sans_controle "$JOURNAL"
    verifier_survie_udp
}

@test "deux expéditeurs mêlés reçoivent chacun leur réponse" {
    demarrer_serveur udp/02-serveur 0
    figer "$SERVEUR"
    local client un deux
    for client in un deux; do
        demarrer "$client" "$SONDE" udp 127.0.0.1 "$PORT" envoyer "$client" lire
        attendre_ligne "$BATS_TEST_TMPDIR/$client.out" '^envoyer'
        printf -v "$client" %s "$PID"
    done
    degeler "$SERVEUR"
    for client in "$un" "$deux"; do
        attendre_fin "$client"
        verifier_egal 0 "$code"
    done
    verifier_contient "@$BATS_TEST_TMPDIR/un.out" 'lire : ok\n'
    verifier_contient "@$BATS_TEST_TMPDIR/deux.out" 'lire : ok\n'
}

@test "le serveur survit à un expéditeur parti avant la réponse" {
    demarrer_serveur udp/02-serveur 0
    lancer "$SONDE" udp 127.0.0.1 "$PORT" envoyer 'sans attendre'
    attendre_ligne "$JOURNAL" '^sendto'
    verifier_survie_udp
    verifier_survie_udp
}

@test "recvfrom interrompu par un signal n'arrête pas le serveur" {
    exiger_outil strace
    sous_strace recvfrom:error=EINTR:when=1
    demarrer_serveur udp/02-serveur 0
    verifier_survie_udp
}

@test "figé puis dégelé, le serveur répond à ce qui est arrivé entre-temps" {
    demarrer_serveur udp/02-serveur 0
    figer "$SERVEUR"
    demarrer client "$SONDE" udp 127.0.0.1 "$PORT" envoyer 'pendant' lire
    attendre_ligne "$BATS_TEST_TMPDIR/client.out" '^envoyer'
    degeler "$SERVEUR"
    attendre_fin "$PID"
    verifier_egal 0 "$code"
    verifier_egal '' "$(cat "$ERREURS")"
}

@test "tué, le serveur UDP repart aussitôt sur le même port" {
    demarrer_serveur udp/02-serveur 0
    verifier_survie_udp
    local port=$PORT
    arreter "$SERVEUR"
    demarrer_serveur udp/02-serveur "$port"
    verifier_egal "$port" "$PORT"
    verifier_survie_udp
}

@test "un second serveur UDP sur le même port est refusé : EADDRINUSE" {
    demarrer_serveur udp/02-serveur 0
    lancer "${PROGRAMMES}udp/02-serveur" "$PORT"
    verifier_code 1
    verifier_contient "$stderr" 'bind : adresse déjà utilisée [EADDRINUSE]' ":$PORT"
}

@test "Ctrl-C arrête le serveur UDP" {
    demarrer_serveur udp/02-serveur 0
    kill -INT "$SERVEUR"
    attendre_fin "$SERVEUR"
    verifier_egal 130 "$code"
}

# --- Le client

@test "le client envoie son message et montre la réponse du serveur" {
    demarrer_serveur udp/02-serveur 0
    client 127.0.0.1 "$PORT" 'Salut à tous'
    verifier_code 0
    verifier_egal '' "$stderr"
    verifier_contient "$output" "sendto : 127.0.0.1:$PORT" "recvfrom : 127.0.0.1:$PORT" \
        'réponse : 3 octets « ok\n »' 'close : '
    verifier_contient "@$JOURNAL" 'Salut à tous'
}

@test "sans serveur, le client essaie trois fois puis renonce : code 1, ETIMEDOUT" {
    demarrer_sonde udp-serveur pause   # un port muet, que personne d'autre ne prendra
    local debut=${EPOCHREALTIME/[.,]/}
    client -d 100 127.0.0.1 "$PORT"
    local duree=$(((${EPOCHREALTIME/[.,]/} - debut) / 1000))
    verifier_code 1
    verifier_egal 3 "$(grep -c '^sendto : ' <<<"$output")"
    verifier_contient "$stderr" '[ETIMEDOUT]'
    verifier_absent "$output" 'réponse'
    echo "durée : $duree ms"
    [ "$duree" -ge 295 ]
    [ "$duree" -lt 5000 ]
}

@test "sur un port fermé, le client renonce de même, sans tourner à vide" {
    exiger_espace
    lancer "$RACINE/scripts/espace.sh" "${PROGRAMMES}udp/01-client" -d 100
    verifier_code 1
    verifier_egal 3 "$(grep -c '^sendto : ' <<<"$output")"
    verifier_contient "$stderr" '[ETIMEDOUT]'
}

@test "si le premier datagramme se perd, le second essai aboutit" {
    demarrer_sonde udp-serveur lire lire envoyer 'ok\n'
    client -d 300 127.0.0.1 "$PORT"
    verifier_code 0
    verifier_egal 2 "$(grep -c '^sendto : ' <<<"$output")"
    verifier_contient "$output" 'essai 2' 'réponse : 3 octets « ok\n »'
}

@test "un datagramme forgé, venu d'un autre port, est ignoré et dit" {
    demarrer_sonde udp-serveur lire forger faux envoyer vrai
    client 127.0.0.1 "$PORT"
    verifier_code 0
    verifier_contient "$output" 'ignoré' 'réponse : 4 octets « vrai »'
    verifier_absent "$output" 'faux'
}

@test "des datagrammes forgés sans fin ne prolongent pas l'attente" {
    demarrer_sonde udp-serveur lire forger faux lire forger faux lire forger faux pause
    client -d 100 127.0.0.1 "$PORT"
    verifier_code 1
    verifier_contient "$stderr" '[ETIMEDOUT]'
    verifier_absent "$output" 'faux'
}

@test "une réponse plus grande que le tampon est coupée, et la coupe est dite" {
    demarrer_sonde udp-serveur lire repeter 2000 x
    client 127.0.0.1 "$PORT"
    verifier_code 0
    verifier_contient "$output" 'tronquée : 2000 octets envoyés, 1024 gardés'
}

@test "une réponse vide est une réponse" {
    demarrer_sonde udp-serveur lire envoyer ''
    client 127.0.0.1 "$PORT"
    verifier_code 0
    verifier_contient "$output" 'réponse : 0 octet'
}

@test "une réponse hostile est échappée" {
    demarrer_sonde udp-serveur lire envoyer '\x1b[2J\0\xe2\x80\xae'
    client 127.0.0.1 "$PORT"
    verifier_contient "$output" '« \x1b[2J\0\xe2\x80\xae »'
    printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/trace"
    verifier_sans_controle "$BATS_TEST_TMPDIR/trace"
}

@test "un message trop grand pour un datagramme est refusé par le noyau : EMSGSIZE, expliqué" {
    local grand
    printf -v grand '%*s' 65508 ''
    client 127.0.0.1 5000 "$grand"
    verifier_code 1
    verifier_contient "$stderr" 'sendto : message trop long [EMSGSIZE]' '65507'
}

@test "poll interrompu par un signal ne raccourcit pas l'attente du client" {
    exiger_outil strace
    sous_strace poll:error=EINTR:when=1+2
    demarrer_sonde udp-serveur lire envoyer 'ok\n'
    client -d 5000 127.0.0.1 "$PORT"
    verifier_code 0
    verifier_egal 1 "$(grep -c '^sendto : ' <<<"$output")"
    verifier_contient "$output" 'réponse : 3 octets'
}

@test "figé puis dégelé dans son attente, le client reçoit quand même sa réponse" {
    demarrer_sonde udp-serveur lire envoyer 'ok\n'
    figer "$PID"
    local sonde=$PID
    demarrer client "${PROGRAMMES}udp/01-client" -d 8000 127.0.0.1 "$PORT"
    attendre_ligne "$BATS_TEST_TMPDIR/client.out" '^sendto'
    figer "$PID"
    degeler "$PID"
    degeler "$sonde"
    attendre_fin "$PID"
    verifier_egal 0 "$code"
    verifier_egal 1 "$(grep -c '^sendto : ' "$BATS_TEST_TMPDIR/client.out")"
    verifier_contient "@$BATS_TEST_TMPDIR/client.out" 'réponse : 3 octets'
}
