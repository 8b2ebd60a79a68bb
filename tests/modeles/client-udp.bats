#!/usr/bin/env bats
# Un client UDP, patient mais borné, face à une sonde.
# bats file_tags=@ETIQUETTE@

setup() {
    load ../../tests/aide
    PROGRAMME=@PROGRAMME@ HOTE=@HOTE@
    NOM=${PROGRAMME##*/}
    [[ $HOTE != *:* ]] || exiger_ipv6
}

# Le client, son délai d'abord : status, output, stderr.
client() {   # DÉLAI [MESSAGE]
    lancer "${ENVELOPPE[@]}" "$PROGRAMMES$PROGRAMME" -d "$1" "$HOTE" "$PORT" "${@:2}"
}

# Face à une sonde qui joue ces actions.
face_a() {   # DÉLAI ACTION...
    demarrer_sonde udp-serveur "${@:2}"
    client "$1"
}

# Il a essayé trois fois, et renoncé.
verifier_renoncement() {
    verifier_code 1
    verifier_egal 3 "$(grep -c '^sendto : ' <<<"$output")"
    verifier_contient "$stderr" "$NOM : aucune réponse : 3 essais"
    verifier_absent "$stderr" ETIMEDOUT   # aucun appel n'a rendu cette erreur
    verifier_absent "$output" 'réponse : '
    verifier_messages
}

@test "@PROGRAMME@ (@HOTE@) envoie son message et montre la réponse" {
    demarrer_sonde udp-serveur lire envoyer 'ok\n'
    client 5000 'Salut à tous'
    verifier_code 0
    verifier_egal '' "$stderr"
    verifier_contient "$output" "sendto : $HOTE:$PORT" "recvfrom : $HOTE:$PORT" \
        'réponse : 3 octets « ok\n »' 'close : '
    verifier_contient "@$SONDE_OUT" 'lire : Salut \xc3\xa0 tous\n'
}

@test "@PROGRAMME@ (@HOTE@) : sans serveur, il essaie trois fois puis renonce" {
    demarrer_sonde udp-serveur pause   # un port muet, que personne d'autre ne prendra
    local debut=${EPOCHREALTIME/[.,]/}
    client 100
    local duree=$(((${EPOCHREALTIME/[.,]/} - debut) / 1000))
    verifier_renoncement
    echo "durée : $duree ms"
    [ "$duree" -ge 295 ]
    [ "$duree" -lt 5000 ]
}

@test "@PROGRAMME@ (@HOTE@) : sur un port fermé il renonce de même, sans tourner à vide" {
    demarrer_sonde udp-serveur pause
    arreter "$PID"
    client 100
    verifier_renoncement
}

@test "@PROGRAMME@ (@HOTE@) : le premier datagramme se perd, le second essai aboutit" {
    face_a 300 lire lire envoyer 'ok\n'
    verifier_code 0
    verifier_egal 2 "$(grep -c '^sendto : ' <<<"$output")"
    verifier_contient "$output" 'essai 2' 'réponse : 3 octets « ok\n »'
}

# --- Les intrus

@test "@PROGRAMME@ (@HOTE@) : un datagramme forgé, venu d'un autre port, est ignoré et dit" {
    face_a 5000 lire forger faux envoyer vrai
    verifier_code 0
    verifier_contient "$output" 'ignoré' 'réponse : 4 octets « vrai »'
    verifier_absent "$output" 'faux'
}

@test "@PROGRAMME@ (@HOTE@) : des datagrammes forgés sans fin ne prolongent pas l'attente" {
    face_a 200 lire importuner -1 faux
    verifier_renoncement
    verifier_absent "$output" 'faux'
}

@test "@PROGRAMME@ (@HOTE@) : un flot de datagrammes forgés ne noie pas l'écran" {
    face_a 300 lire importuner 5000 faux pause
    verifier_renoncement
    [ "${#output}" -lt 2000 ]
}

# --- La réponse

@test "@PROGRAMME@ (@HOTE@) : une réponse plus grande que le tampon est coupée, et c'est dit" {
    face_a 5000 lire repeter 2000 x
    verifier_code 0
    verifier_contient "$output" 'tronquée : 2000 octets envoyés, 1024 gardés'
}

@test "@PROGRAMME@ (@HOTE@) : une réponse vide est une réponse" {
    face_a 5000 lire envoyer ''
    verifier_code 0
    verifier_contient "$output" 'réponse : 0 octet'
}

@test "@PROGRAMME@ (@HOTE@) : une réponse hostile est échappée" {
    face_a 5000 lire envoyer '\x1b[2J\0\xe2\x80\xae'
    verifier_contient "$output" 'réponse : 8 octets « \x1b[2J\0\xe2\x80\xae »'
    printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/trace"
    verifier_sans_controle "$BATS_TEST_TMPDIR/trace"
}

# --- Les appels qui échouent

@test "@PROGRAMME@ (@HOTE@) : un message trop grand pour un datagramme, EMSGSIZE, expliqué" {
    local grand
    printf -v grand '%*s' 65508 ''
    PORT=5000 client 100 "$grand"
    verifier_code 1
    verifier_contient "$stderr" 'sendto : message trop long [EMSGSIZE]' '65507'
    verifier_messages
}

# bats test_tags=complet
@test "@PROGRAMME@ (@HOTE@) : poll interrompu par un signal ne raccourcit pas l'attente" {
    sous_strace poll:error=EINTR:when=1+2
    face_a 5000 lire envoyer 'ok\n'
    verifier_code 0
    verifier_egal 1 "$(grep -c '^sendto : ' <<<"$output")"
    verifier_contient "$output" 'réponse : 3 octets'
}

# bats test_tags=complet
@test "@PROGRAMME@ (@HOTE@) : réveillé pour un datagramme disparu, il ne se bloque pas" {
    sous_strace poll:retval=1:when=1   # le noyau jette un datagramme abîmé après avoir réveillé
    face_a 100 pause
    verifier_renoncement
}

# bats test_tags=complet
@test "@PROGRAMME@ (@HOTE@) : l'échec de poll, ou de recvfrom, est dit, jamais pris pour un délai" {
    local appel
    for appel in poll recvfrom; do
        sous_strace "$appel:error=ENOMEM:when=1"
        face_a 5000 lire envoyer 'ok\n'
        verifier_code 1
        verifier_contient "$stderr" "$NOM : $appel : mémoire insuffisante [ENOMEM]"
    done
}

@test "@PROGRAMME@ (@HOTE@) : figé puis dégelé dans son attente, il reçoit sa réponse" {
    demarrer_sonde udp-serveur lire envoyer 'ok\n'
    figer "$PID"
    local sonde=$PID trace=$BATS_TEST_TMPDIR/client.out
    demarrer client "$PROGRAMMES$PROGRAMME" -d 8000 "$HOTE" "$PORT"
    attendre 10 trace_a_envoye "$trace"
    figer "$PID"
    degeler "$PID"
    degeler "$sonde"
    attendre_fin "$PID"
    verifier_egal 0 "$code"
    verifier_egal 1 "$(grep -c '^sendto : ' "$trace")"
    trace_repondu "$trace"
}

# bats test_tags=complet
@test "@PROGRAMME@ (@HOTE@) : sous valgrind, il ne laisse rien derrière lui" {
    sous_valgrind
    face_a 5000 lire forger faux envoyer ok
    verifier_code 0
    verifier_rapport
}
