#!/usr/bin/env bats
# Un serveur UDP : chaque datagramme reçoit « ok ». À la fin de chaque test, il vit encore et répond. Un
# serveur nu doit de même ; il n'affiche que ce qu'il a reçu.
# bats file_tags=@ETIQUETTE@

setup() {
    load ../../tests/aide
    PROGRAMME=@PROGRAMME@ HOTE=@HOTE@ NU=@NU@ OK='lire : ok\n'
    [[ $HOTE != *:* ]] || exiger_ipv6
}

servir() { demarrer_serveur "$PROGRAMME" "${1:-0}"; }
sonde() { lancer "$SONDE" udp "$HOTE" "$PORT" "$@"; }

@test "@PROGRAMME@ (@HOTE@) : un datagramme reçoit « ok », et se voit" {
    servir
    sonde envoyer 'Bonjour\n' lire
    verifier_contient "$output" "$OK"
    si_trace attendre_ligne "$JOURNAL" '^send(to|msg) : '
    si_nu verifier_egal Bonjour "$(<"$JOURNAL")"
    si_trace verifier_contient "@$JOURNAL" " : $HOTE:" 'message : 8 octets « Bonjour\n »'
    verifier_survie udp
    verifier_silence
}

# preuve : UDP-recvfrom-07 « message : 0 octet » ERR-095 « verifier_survie udp »
@test "@PROGRAMME@ (@HOTE@) : un datagramme vide est un message, il reçoit « ok »" {
    servir
    sonde envoyer '' lire
    verifier_contient "$output" "$OK"
    si_trace verifier_contient "@$JOURNAL" 'message : 0 octet'
    verifier_survie udp
}

@test "@PROGRAMME@ (@HOTE@) : un datagramme au ras du tampon est gardé entier" {
    servir
    sonde repeter 1024 x lire
    si_trace verifier_contient "@$JOURNAL" 'message : 1024 octets'
    si_trace verifier_absent "@$JOURNAL" 'tronqué'
    si_nu verifier_egal 1024 "$(wc -c <"$JOURNAL")"
}

@test "@PROGRAMME@ (@HOTE@) : le plus grand datagramme est répondu, et sa coupe est dite" {
    servir
    sonde repeter 65507 x lire
    verifier_contient "$output" "$OK"
    verifier_contient "@$JOURNAL" '65507 octets envoyés, 1024 gardés'
    verifier_survie udp
    verifier_silence
}

@test "@PROGRAMME@ (@HOTE@), en UDP : les octets nuls et les séquences d'échappement n'atteignent pas le terminal" {
    servir
    sonde envoyer 'a\0\x1b]0;titre\x07%s%n' lire
    si_trace verifier_contient "@$JOURNAL" 'message : 16 octets « a\0\x1b]0;titre\x07%s%n »'
    si_nu verifier_egal 'a..]0;titre.%s%n' "$(<"$JOURNAL")"
    verifier_sans_controle "$JOURNAL"
    verifier_survie udp
}

@test "@PROGRAMME@ (@HOTE@) : deux expéditeurs mêlés reçoivent chacun leur réponse" {
    servir
    figer "$SERVEUR"
    local client un deux
    for client in un deux; do
        demarrer "$client" "$SONDE" udp "$HOTE" "$PORT" envoyer "$client" lire
        attendre_ligne "$BATS_TEST_TMPDIR/$client.out" '^envoyer'
        printf -v "$client" %s "$PID"
    done
    degeler "$SERVEUR"
    for client in "$un" "$deux"; do
        attendre_fin "$client"
        verifier_egal 0 "$code"
    done
    verifier_contient "@$BATS_TEST_TMPDIR/un.out" "$OK"
    verifier_contient "@$BATS_TEST_TMPDIR/deux.out" "$OK"
}

@test "@PROGRAMME@ (@HOTE@) survit à un expéditeur parti avant la réponse" {
    servir
    sonde envoyer 'sans attendre'
    si_trace attendre_ligne "$JOURNAL" '^send(to|msg)'
    verifier_survie udp
    verifier_survie udp
}

# bats test_tags=complet
@test "@PROGRAMME@ (@HOTE@) : recevoir, interrompu par un signal, ne l'arrête pas" {
    sous_strace recvfrom,recvmsg:error=EINTR:when=1
    servir
    verifier_survie udp
}

# bats test_tags=complet
@test "@PROGRAMME@ (@HOTE@) : une réponse qui ne part pas ne l'arrête pas" {
    sous_strace sendto,sendmsg:error=ENETUNREACH:when=1
    servir
    sonde envoyer 'perdu'
    si_trace attendre_ligne "$ERREURS" "^${PROGRAMME##*/} : send(to|msg) : .*\[ENETUNREACH\]"
    si_nu attendre_ligne "$ERREURS" '^sendto: '
    verifier_survie udp
}

# bats test_tags=complet
@test "@PROGRAMME@ (@HOTE@) : une erreur durable ne le fait pas tourner à vide" {
    sous_strace recvfrom,recvmsg:error=ENOMEM
    servir
    si_trace attendre_ligne "$ERREURS" 'ENOMEM' 2
    si_nu attendre_ligne "$ERREURS" '^recvfrom: ' 2
    local lignes avant
    lignes=$(wc -l <"$ERREURS") avant=$(temps_cpu "$SERVEUR")
    sleep 0.5   # une durée à mesurer, non un événement à attendre
    [ "$(($(wc -l <"$ERREURS") - lignes))" -le 10 ]
    [ "$(($(temps_cpu "$SERVEUR") - avant))" -le 25 ]
    # le conseil n'est pas redit à chaque fois
    si_trace verifier_egal 1 "$(grep -c 'cours : ' "$ERREURS")"
}

@test "@PROGRAMME@ (@HOTE@) : une réponse, « ok » avec ou sans \\n, n'appelle pas de réponse" {
    servir
    sonde envoyer 'ok' envoyer 'ok\n' envoyer 'oka' lire
    verifier_contient "$output" "$OK"
    si_trace attendre_ligne "$JOURNAL" '^send(to|msg) : '
    si_trace verifier_egal 2 "$(grep -c '^ignoré : ' "$JOURNAL")"
    si_trace verifier_egal 1 "$(grep -cE '^send(to|msg) : ' "$JOURNAL")"
}

@test "@PROGRAMME@ (@HOTE@) : dressé contre lui-même par un datagramme forgé, il s'arrête là" {
    exiger_espace
    servir
    sonde usurper "$PORT" 'Bonjour'
    verifier_code 0
    si_trace attendre_ligne "$JOURNAL" '^ignoré : '
    verifier_survie udp
    si_trace verifier_egal 1 "$(grep -c '^ignoré : ' "$JOURNAL")"
    si_nu verifier_egal 1 "$(grep -c '^Bonjourok$' "$JOURNAL")"   # sa réponse lui revient, une fois
    [ "$(wc -l <"$JOURNAL")" -lt 20 ]
}

# bats test_tags=habille
@test "@PROGRAMME@ (@HOTE@) : deux serveurs dressés l'un contre l'autre s'arrêtent là" {
    exiger_espace
    servir
    local autre=$PORT premier=$BATS_TEST_TMPDIR/premier.out
    cp "$JOURNAL" "$premier"
    demarrer second "$PROGRAMMES$PROGRAMME" 0
    attendre 10 trace_prete "$BATS_TEST_TMPDIR/second.out" serveur udp
    PORT=$(trace_port "$BATS_TEST_TMPDIR/second.out")
    sonde usurper "$autre" 'Bonjour'   # le second répondra au premier
    verifier_code 0
    attendre_ligne "$JOURNAL" '^ignoré : une réponse'
    verifier_survie udp
    PORT=$autre verifier_survie udp
    verifier_egal 1 "$(cat "$JOURNAL" "$BATS_TEST_TMPDIR/second.out" | grep -c '^ignoré : ')"
}

@test "@PROGRAMME@ (@HOTE@) : figé puis dégelé, il répond à ce qui est arrivé entre-temps" {
    servir
    figer "$SERVEUR"
    demarrer client "$SONDE" udp "$HOTE" "$PORT" envoyer 'pendant' lire
    attendre_ligne "$BATS_TEST_TMPDIR/client.out" '^envoyer'
    degeler "$SERVEUR"
    attendre_fin "$PID"
    verifier_egal 0 "$code"
    verifier_silence
}

@test "@PROGRAMME@ (@HOTE@) : tué, il repart aussitôt sur le même port" {
    servir
    verifier_survie udp
    local port=$PORT
    arreter "$SERVEUR"
    servir "$port"
    verifier_egal "$port" "$PORT"
    verifier_survie udp
}

@test "@PROGRAMME@ (@HOTE@), en UDP : un second sur le même port est refusé, et c'est dit" {
    servir
    lancer "$PROGRAMMES$PROGRAMME" "$PORT"
    verifier_code 1
    si_trace verifier_contient "$stderr" 'bind : adresse déjà utilisée [EADDRINUSE]' ":$PORT"
    si_nu verifier_contient "$stderr" 'bind: '
    verifier_absent "$stderr" ':PORT'
    verifier_messages
}

@test "@PROGRAMME@ (@HOTE@) : Ctrl-C l'arrête" {
    servir
    kill -INT "$SERVEUR"
    attendre_fin "$SERVEUR"
    verifier_egal 130 "$code"
}

# bats test_tags=habille
@test "@PROGRAMME@ (@HOTE@), en UDP : sa trace sur un disque plein, il le dit une fois, et sert encore" {
    demarrer_sur_disque_plein "$PROGRAMME" udp
    verifier_survie udp
    verifier_survie udp
    verifier_egal 1 "$(grep -c 'sortie standard : ' "$ERREURS")"
    verifier_contient "@$ERREURS" "${PROGRAMME##*/} : sortie standard : plus de place [ENOSPC]"
}

# bats test_tags=habille
@test "@PROGRAMME@ (@HOTE@), en UDP : qui lit sa trace s'en va, il le dit une fois, et sert encore" {
    demarrer_dans_un_tube "$PROGRAMME" udp
    exec {LECTEUR}>&-
    verifier_survie udp
    verifier_survie udp
    verifier_egal 1 "$(grep -c 'sortie standard : ' "$ERREURS")"
    verifier_contient "@$ERREURS" 'sortie standard : ' '[EPIPE]'
}

# bats test_tags=complet
@test "@PROGRAMME@ (@HOTE@) : sous valgrind, il ne garde que sa socket" {
    sous_valgrind
    servir
    sonde envoyer 'Bonjour\n' lire
    verifier_contient "$output" "$OK"
    sonde repeter 5000 x lire
    sonde envoyer '' lire
    kill -INT "$SERVEUR"
    attendre_fin "$SERVEUR"
    verifier_egal 130 "$code"
    verifier_rapport 1
}
