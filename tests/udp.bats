#!/usr/bin/env bats
# Ce qui est propre à l'un des programmes UDP : de quelle adresse part la réponse. Le reste est dans
# tests/modeles/serveur-udp.bats et client-udp.bats.

setup() { load aide; }

@test "appelé en 127.0.0.2, udp/03-pktinfo répond de 127.0.0.2" {
    demarrer_serveur udp/03-pktinfo 0
    HOTE=127.0.0.2 verifier_survie udp   # une socket connectée n'entend que l'adresse appelée
    lancer "${PROGRAMMES}udp/01-client" -d 5000 127.0.0.2 "$PORT"
    verifier_code 0
    verifier_contient "$output" "recvfrom : 127.0.0.2:$PORT" 'réponse : 3 octets'
}

@test "appelé en 127.0.0.2, udp/02-serveur répond de 127.0.0.1 : la limite qu'il avoue" {
    demarrer_serveur udp/02-serveur 0
    lancer "${PROGRAMMES}udp/01-client" -d 100 127.0.0.2 "$PORT"
    verifier_code 1
    verifier_contient "$output" "intrus : 127.0.0.1:$PORT, ignoré"
    verifier_contient "$stderr" 'aucune réponse'
}

@test "avec -a 127.0.0.2, udp/02-serveur répond de là" {
    demarrer_serveur udp/02-serveur -a 127.0.0.2 0
    HOTE=127.0.0.2 verifier_survie udp
}

@test "le message du délai dit le nombre d'essais et leur durée" {
    demarrer_sonde udp-serveur pause
    lancer "${PROGRAMMES}udp/01-client" -d 50 127.0.0.1 "$PORT"
    verifier_code 1
    verifier_contient "$stderr" '01-client : aucune réponse : 3 essais de 50 ms'
    verifier_messages
}
