#!/usr/bin/env bats
# Plusieurs processus devant une socket d'écoute (tcp/25-troupeau), plusieurs sockets sur un port (tcp/25-partage).

setup() { load aide; }

@test "25-troupeau : un client éveille un processus par accept, tous par poll" {
    lancer "${PROGRAMMES}tcp/25-troupeau" accept
    verifier_code 0
    verifier_egal 'accept : réveils, 1 sur 4 ; pour rien, 0' "$output"
    lancer "${PROGRAMMES}tcp/25-troupeau" poll 6
    verifier_code 0
    verifier_egal 'poll : réveils, 6 sur 6 ; pour rien, 5' "$output"
}

# bats test_tags=complet
@test "25-troupeau : epoll les éveille tous, et EPOLLEXCLUSIVE bien moins, même nombreux" {
    local reveils
    lancer "${PROGRAMMES}tcp/25-troupeau" epoll 50
    verifier_code 0
    verifier_egal 'epoll : réveils, 50 sur 50 ; pour rien, 49' "$output"
    lancer "${PROGRAMMES}tcp/25-troupeau" exclusif 50
    verifier_code 0
    reveils=${output#*réveils, } reveils=${reveils%% *}
    [ "$reveils" -ge 1 ] && [ "$reveils" -le 25 ]
}

# bats test_tags=complet
@test "25-troupeau : strace voit un accept réussir, et les autres pour rien" {
    exiger_outil strace
    local trace=$BATS_TEST_TMPDIR/trace
    lancer env ASAN_OPTIONS=detect_leaks=0 strace -f -qq -e trace=accept -o "$trace" "${PROGRAMMES}tcp/25-troupeau" poll
    verifier_code 0
    verifier_egal 3 "$(grep -c EAGAIN "$trace")"
    verifier_egal 1 "$(grep -c '= [0-9]' "$trace")"
}

@test "25-troupeau et 25-partage refusent ce qu'ils ne connaissent pas, avant d'ouvrir quoi que ce soit" {
    lancer "${PROGRAMMES}tcp/25-troupeau" select
    verifier_code 2
    verifier_egal '' "$output"
    verifier_contient "$stderr" 'façon inconnue « select »'
    lancer "${PROGRAMMES}tcp/25-troupeau" poll 51
    verifier_code 2
    lancer "${PROGRAMMES}tcp/25-partage" 5000
    verifier_code 2
}

# bats test_tags=complet
@test "25-troupeau : l'équipe ne survit pas à son père, que le client vienne ou non" {
    local injection
    for injection in '' connect:error=ECONNREFUSED; do
        [ -z "$injection" ] || sous_strace "$injection"
        demarrer troupeau env "EQUIPE=$BATS_TEST_TMPDIR" "${ENVELOPPE[@]}" "${PROGRAMMES}tcp/25-troupeau" accept
        attendre_fin "$PID"
        attendre 5 sans_equipe || { survivants | xargs kill -KILL; false; }
        [ -z "$injection" ] || verifier_contient "@$BATS_TEST_TMPDIR/troupeau.err" 'connexion refusée [ECONNREFUSED]'
    done
}
survivants() { grep -lsF "EQUIPE=$BATS_TEST_TMPDIR" /proc/[0-9]*/environ | cut -d / -f 3; }
sans_equipe() { [ -z "$(survivants)" ]; }

@test "25-partage : chaque file a sa part, un client retrouve la sienne, une file perdue coupe les siens" {
    lancer "${PROGRAMMES}tcp/25-partage"
    verifier_code 0
    verifier_egal '' "$stderr"
    verifier_contient "$output" ' : un quart ou presque' '400 reviennent, 400 dans la même file' \
        'une copie vit : 0 coupés sur 4' 'la dernière : 4 coupés sur 4'
}

# bats test_tags=complet
@test "25-partage ne laisse ni TIME-WAIT, ni mémoire" {
    exiger_espace
    sous_valgrind
    lancer "$RACINE/scripts/espace.sh" sh -c '"$@"; grep -c " 06 " /proc/net/tcp' - "${ENVELOPPE[@]}" "${PROGRAMMES}tcp/25-partage"
    verifier_egal 0 "${lines[-1]}"
}

# --- tcp/25-serveur-prefork, ce qu'en dit la leçon

# bats test_tags=complet
@test "25-serveur-prefork : autant de sockets d'écoute, et de fils, que de cœurs" {
    demarrer_serveur tcp/25-serveur-prefork -a 127.0.0.1 0
    local hexa coeurs
    coeurs=$(getconf _NPROCESSORS_ONLN)
    printf -v hexa '%04X' "$PORT"
    verifier_egal "$coeurs" "$(grep -c "0100007F:$hexa 00000000:0000 0A" "/proc/$SERVEUR/net/tcp")"
    verifier_egal "$coeurs" "$(pgrep -cP "$SERVEUR")"
}

# bats test_tags=complet
@test "25-serveur-prefork : qui attendait dans la file d'un fils tué est servi par son remplaçant" {
    local fils un
    demarrer_serveur tcp/25-serveur-prefork 0
    mapfile -t fils < <(pgrep -P "$SERVEUR")
    for un in "${fils[@]}"; do figer "$un"; done
    demarrer client "$SONDE" tcp 127.0.0.1 "$PORT" envoyer 'là ?\n' demi-fermer lire-fin
    local client=$PID
    attendre_ligne "$BATS_TEST_TMPDIR/client.out" '^demi-fermer'   # la connexion est faite, et personne ne l'a prise
    kill -KILL "${fils[@]}"
    attendre_fin "$client"
    verifier_contient "@$BATS_TEST_TMPDIR/client.out" 'lire-fin : ok\n'
    verifier_contient "@$ERREURS" 'mort (signal 9)'
}

# bats test_tags=complet
@test "25-serveur-prefork : le partage est aveugle ; un fils figé garde sa part, que ses frères ne servent pas" {
    local fils i
    demarrer_serveur tcp/25-serveur-prefork -a 127.0.0.1 0
    mapfile -t fils < <(pgrep -P "$SERVEUR")
    [ ${#fils[@]} -ge 2 ] || manque_a_la_variante "un seul cœur"
    for ((i = 0; i < ${#fils[@]}; i += 2)); do figer "${fils[i]}"; done
    for i in {1..40}; do   # le hasard ne met pas quarante clients du même côté
        demarrer "client$i" "$SONDE" tcp 127.0.0.1 "$PORT" envoyer 'là ?\n' demi-fermer lire-fin
    done
    attendre 10 tous_comptes
    echo "servis : $(servis), en file : $(en_file)"
    [ "$(en_file)" -gt 0 ]
    for ((i = 0; i < ${#fils[@]}; i += 2)); do degeler "${fils[i]}"; done
    attendre 10 tous_servis
}
servis() { cat "$BATS_TEST_TMPDIR"/client*.out | grep -c 'lire-fin : ok' || true; }
en_file() {   # la longueur des files d'écoute : le second nombre du cinquième champ, en hexadécimal
    local hexa file total=0
    printf -v hexa '%04X' "$PORT"
    while read -r file; do total=$((total + 16#$file)); done < <(
        awk -v fin=":$hexa\$" '$2 ~ fin && $4 == "0A" { sub(/.*:/, "", $5); print $5 }' "/proc/$SERVEUR/net/tcp")
    echo $total
}
tous_comptes() { [ "$(servis)" -gt 0 ] && [ $(($(servis) + $(en_file))) -eq 40 ]; }
tous_servis() { [ "$(servis)" -eq 40 ]; }
