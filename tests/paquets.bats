#!/usr/bin/env bats
# L'écoute des paquets : ce qui en est compris, octets hostiles ou tronqués compris, et ce qui passe vraiment.

setup() {
    load aide
    PAQUETS=${PROGRAMMES}outils/paquets
    [ "$PROGRAMMES" != "$RACINE/" ] || PAQUETS=$RACINE/build/outils/paquets
}

# Compile tests/entetes.c, et le laisse lire ces paquets.
comprendre() {   # HEXADÉCIMAL...
    local suret=()
    ! avec_asan || suret=('-fsanitize=address,undefined' -fno-sanitize-recover=all)
    cc -std=gnu11 "${suret[@]}" "$RACINE/tests/entetes.c" -o "$BATS_TEST_TMPDIR/entetes"
    run "$BATS_TEST_TMPDIR/entetes" < <(printf '%s\n' "$@")
    echo "$output"
}

# bats test_tags=complet
@test "les en-têtes : IPv4, IPv6 et ses extensions, TCP, UDP, ICMP ; abîmés, ils sont refusés" {
    local ipv4=7f0000017f000001 paquets=() attendus=() paquet attendu
    local renvoye=4500001d00000000ff110000${ipv4}1388001000090000
    local ipv6=0000000000000000000000000000000100000000000000000000000000000001
    while read -r paquet attendu; do
        paquets+=("$paquet") attendus+=("$attendu")
    done <<FIN_DES_PAQUETS
4500003000000000ff060000${ipv4}138800100000000100000002501800000000000061626364 TCP 127.0.0.1:5000 127.0.0.1:16 PA 1 2 4
4500002800000000ff060000${ipv4}1388001000000001000000025000000000000000 TCP 127.0.0.1:5000 127.0.0.1:16 - 1 2 0
4500002800000000ff060000${ipv4}1388001000000001000000024002000000000000 rien
4500001d00000000ff110000${ipv4}138800100009000041000000000000000000 UDP 127.0.0.1:5000 127.0.0.1:16 - 0 0 1
4500001d00002000ff110000${ipv4}138800100009000041 UDP 127.0.0.1:5000 127.0.0.1:16 - 0 0 1
4500001d00000001ff110000${ipv4}138800100009000041 rien
4400001d00000000ff110000${ipv4}138800100009000041 rien
4500003800000000ff010000${ipv4}0303000000000000${renvoye} ICMP 127.0.0.1:16 127.0.0.1:5000 3/3 0 0 28
4500003800000000ff010000${ipv4}0800000000000000${renvoye} ICMP 127.0.0.1:0 127.0.0.1:0 8/0 0 0 28
4500001c00000000ff020000${ipv4}0000000000000000 rien
60000000000911ff${ipv6}138800100009000041 UDP [::1]:5000 [::1]:16 - 0 0 1
60000000001900ff${ipv6}2c000000000000001100000000000000138800100009000041 UDP [::1]:5000 [::1]:16 - 0 0 1
6000000000112cff${ipv6}1100000800000000138800100009000041 rien
6000000000193cff${ipv6}1101000000000000000000000000000013880010000900 rien
60000000004040ff${ipv6} rien
6000000000383aff${ipv6}010400000000000060000000000911ff${ipv6}1388001000090000 ICMP [::1]:16 [::1]:5000 1/4 0 0 48
000100010203040500000000000000000000000000000000 rien
FIN_DES_PAQUETS
    comprendre "${paquets[@]}"
    [ "$status" -eq 0 ]
    verifier_egal "$(printf '%s\n' "${attendus[@]}" 'fautes : 0')" "$output"
}

# bats test_tags=complet
@test "arrêtée au milieu d'un flot, l'écoute dit tout ce que le noyau a gardé, dans l'ordre, et finit" {
    exiger_espace
    local journal=$BATS_TEST_TMPDIR/journal
    # shellcheck disable=SC2016
    run "$RACINE/scripts/espace.sh" timeout 20 bash -c '
        mkfifo "$2.pret"
        "$1" > "$2" 2> "$2.pret" & ecoute=$!
        read -r pret < "$2.pret"
        for n in {1..300}; do echo "$n" > /dev/udp/127.0.0.1/5000; done
        (while :; do echo encore > /dev/udp/127.0.0.1/5000; done) 2> /dev/null & flot=$!
        kill -TERM $ecoute
        wait $ecoute; code=$?
        kill $flot
        echo "$pret, code $code"' - "$PAQUETS" "$journal" 3>&- 4>&-
    echo "$output"
    verifier_egal '0 pret, code 0' "$status $output"
    verifier_egal "fin $(($(wc -l < "$journal") - 1)) 0" "$(tail -n 1 "$journal")"
    # les 300 premiers, en hexadécimal, puis le flot
    local attendu vu
    attendu=$(printf '%d\n' {1..300} | od -An -v -tx1 | tr -d ' \n')
    vu=$(awk '$2 == "UDP" { printf "%s", $NF }' "$journal")
    verifier_egal "$attendu" "${vu:0:${#attendu}}"
}

@test "une interface inconnue est refusée ; sans le droit d'écouter, l'appel qui échoue est dit" {
    run "$PAQUETS" nulle-part
    verifier_egal 2 "$status"
    verifier_contient "$output" 'interface « nulle-part » inconnue'
    [ "$(id -u)" != 0 ] || lache='setpriv --bounding-set -all --inh-caps -all'
    # shellcheck disable=SC2086
    run ${lache:-} "$PAQUETS"
    verifier_egal 1 "$status"
    verifier_contient "$output" 'socket : ' '[EPERM]'
}
