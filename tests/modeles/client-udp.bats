#!/usr/bin/env bats
# Un client UDP, patient mais borné, face à une sonde. Un nu a son délai, deux secondes, et son message.
# bats file_tags=@ETIQUETTE@

setup() {
    load ../../tests/aide
    PROGRAMME=@PROGRAMME@ HOTE=@HOTE@ NU=@NU@
    NOM=${PROGRAMME##*/}
    [[ $HOTE != *:* ]] || exiger_ipv6
}

# Le client, son délai d'abord : status, output, stderr.
client() {   # DÉLAI [MESSAGE]
    si_trace lancer "${ENVELOPPE[@]}" "$PROGRAMMES$PROGRAMME" -d "$1" "$HOTE" "$PORT" "${@:2}"
    si_nu lancer "${ENVELOPPE[@]}" "$PROGRAMMES$PROGRAMME" "$HOTE" "$PORT"
}

# Face à une sonde qui joue ces actions.
face_a() {   # DÉLAI ACTION...
    demarrer_sonde udp-serveur "${@:2}"
    client "$1"
}

# Il a essayé trois fois, et renoncé.
verifier_renoncement() {
    verifier_code 1
    si_trace verifier_egal 3 "$(grep -c '^sendto : ' <<<"$output")"
    si_trace verifier_contient "$stderr" "$NOM : aucune réponse : 3 essais"
    si_nu verifier_egal '' "$output"
    si_nu verifier_contient "$stderr" 'aucune réponse'
    verifier_absent "$stderr" ETIMEDOUT   # aucun appel n'a rendu cette erreur
    verifier_absent "$output" 'réponse : '
    verifier_messages
}

# Le dernier « lancer » a rendu 0, et montré cette réponse ; un nu, avec des points pour ce qui agirait.
verifier_reponse() {   # TAILLE TEXTE [TEXTE_D_UN_NU]
    verifier_code 0
    si_trace verifier_contient "$output" "réponse : $1 octet$([ "$1" -lt 2 ] || echo s)${2:+ « $2 »}"
    si_nu verifier_egal "${3-$2}" "$output"
}

@test "@PROGRAMME@ (@HOTE@) envoie son message et montre la réponse" {
    demarrer_sonde udp-serveur lire envoyer 'ok\n'
    client 5000 'Salut à tous'
    verifier_reponse 3 'ok\n' ok
    verifier_egal '' "$stderr"
    si_trace verifier_contient "$output" "sendto : $HOTE:$PORT" "recvfrom : $HOTE:$PORT" 'close : '
    si_trace verifier_contient "@$SONDE_OUT" 'lire : Salut \xc3\xa0 tous\n'
    si_nu verifier_contient "@$SONDE_OUT" 'lire : Bonjour\n'
}

@test "@PROGRAMME@ (@HOTE@) : sans serveur, il essaie trois fois puis renonce" {
    demarrer_sonde udp-serveur pause   # un port muet, que personne d'autre ne prendra
    local debut=${EPOCHREALTIME/[.,]/}
    client 100
    local duree=$(((${EPOCHREALTIME/[.,]/} - debut) / 1000))
    verifier_renoncement
    echo "durée : $duree ms"
    [ "$duree" -ge 295 ]
    [ "$duree" -lt $((${NU:+5000} + 5000)) ]
}

# bats test_tags=habille
@test "@PROGRAMME@ (@HOTE@) : sur un port fermé il renonce de même, sans tourner à vide" {
    demarrer_sonde udp-serveur pause
    arreter "$PID"
    client 100
    verifier_renoncement
}

@test "@PROGRAMME@ (@HOTE@) : le premier datagramme se perd, le second essai aboutit" {
    face_a 300 lire lire envoyer 'ok\n'
    verifier_reponse 3 'ok\n' ok
    si_trace verifier_egal 2 "$(grep -c '^sendto : ' <<<"$output")"
    si_trace verifier_contient "$output" 'essai 2'
    verifier_egal 2 "$(grep -c '^lire : ' "$SONDE_OUT")"
}

# --- Les intrus

@test "@PROGRAMME@ (@HOTE@) : un datagramme forgé, venu d'un autre port, est ignoré et dit" {
    face_a 5000 lire forger faux envoyer vrai
    verifier_reponse 4 vrai
    verifier_contient "$output$stderr" 'ignoré'
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

@test "@PROGRAMME@ (@HOTE@) : une réponse plus grande que le tampon est coupée, sans déborder" {
    face_a 5000 lire repeter 2000 x
    verifier_code 0
    si_trace verifier_contient "$output" 'tronquée : 2000 octets envoyés, 1024 gardés'
    si_nu verifier_egal 1024 "$(tr -cd x <<<"$output" | wc -c)"
}

@test "@PROGRAMME@ (@HOTE@) : une réponse vide est une réponse" {
    face_a 5000 lire envoyer ''
    verifier_reponse 0 ''
}

@test "@PROGRAMME@ (@HOTE@) : une réponse hostile n'atteint pas le terminal" {
    face_a 5000 lire envoyer '\x1b[2J\0\xe2\x80\xae'
    verifier_reponse 8 '\x1b[2J\0\xe2\x80\xae' '.[2J....'
    printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/trace"
    verifier_sans_controle "$BATS_TEST_TMPDIR/trace"
}

# --- Les appels qui échouent

# bats test_tags=habille
@test "@PROGRAMME@ (@HOTE@) : un message trop grand pour un datagramme, EMSGSIZE, expliqué" {
    local grand
    printf -v grand '%*s' 65508 ''
    PORT=5000 client 100 "$grand"
    verifier_code 1
    verifier_contient "$stderr" 'sendto : message trop long [EMSGSIZE]' '65507'
    verifier_messages
}

# bats test_tags=habille,complet
@test "@PROGRAMME@ (@HOTE@) : poll interrompu par un signal ne raccourcit pas l'attente" {
    sous_strace poll:error=EINTR:when=1+2
    face_a 5000 lire envoyer 'ok\n'
    verifier_code 0
    verifier_egal 1 "$(grep -c '^sendto : ' <<<"$output")"
    verifier_contient "$output" 'réponse : 3 octets'
}

# bats test_tags=habille,complet
@test "@PROGRAMME@ (@HOTE@) : réveillé pour un datagramme disparu, il ne se bloque pas" {
    sous_strace poll:retval=1:when=1   # le noyau jette un datagramme abîmé après avoir réveillé
    face_a 100 pause
    verifier_renoncement
}

# bats test_tags=habille,complet
@test "@PROGRAMME@ (@HOTE@) : l'échec de poll, ou de recvfrom, est dit, jamais pris pour un délai" {
    local appel
    for appel in poll recvfrom; do
        sous_strace "$appel:error=ENOMEM:when=1"
        face_a 5000 lire envoyer 'ok\n'
        verifier_code 1
        verifier_contient "$stderr" "$NOM : $appel : mémoire insuffisante [ENOMEM]"
    done
}

# bats test_tags=nu,complet
@test "@PROGRAMME@ (@HOTE@) : recvfrom interrompu par un signal coûte un essai, pas la réponse" {
    sous_strace recvfrom:error=EINTR:when=1
    face_a - lire lire envoyer 'ok\n'
    verifier_reponse 3 ok
}

# bats test_tags=nu,complet
@test "@PROGRAMME@ (@HOTE@) : l'échec de recvfrom est dit, jamais pris pour un délai" {
    sous_strace recvfrom:error=ENOMEM:when=1
    face_a - lire envoyer 'ok\n'
    verifier_code 1
    verifier_contient "$stderr" 'recvfrom: '
}

@test "@PROGRAMME@ (@HOTE@) : figé puis dégelé dans son attente, il reçoit sa réponse" {
    demarrer_sonde udp-serveur lire envoyer 'ok\n'
    figer "$PID"
    local sonde=$PID trace=$BATS_TEST_TMPDIR/client.out
    local delai=(-d 8000)
    [ -z "$NU" ] || delai=()
    demarrer client "$PROGRAMMES$PROGRAMME" "${delai[@]}" "$HOTE" "$PORT"
    si_trace attendre 10 trace_a_envoye "$trace"
    attendre 10 un_datagramme_attend
    figer "$PID"
    degeler "$PID"
    degeler "$sonde"
    attendre_fin "$PID"
    verifier_egal 0 "$code"
    si_trace verifier_egal 1 "$(grep -c '^sendto : ' "$trace")"
    si_trace trace_repondu "$trace"
    si_nu verifier_egal ok "$(<"$trace")"
}
# Vrai si une socket UDP de ce port a quelque chose à lire.
un_datagramme_attend() {
    local hexa
    printf -v hexa '%04X' "$PORT"
    awk -v fin=":$hexa\$" '$2 ~ fin && $5 !~ /:0+$/ { vu = 1 } END { exit !vu }' /proc/net/udp{,6}
}

# bats test_tags=complet
@test "@PROGRAMME@ (@HOTE@) : sous valgrind, il ne laisse rien derrière lui" {
    sous_valgrind
    face_a 5000 lire forger faux envoyer ok
    verifier_code 0
    verifier_rapport
}
