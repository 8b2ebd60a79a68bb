#!/usr/bin/env bats
# Les scripts : la démonstration, les dialectes de netcat, la matrice, l'installation.

load aide.bash

# Un PATH où n'existent que ces commandes-là.
chemin_reduit() {   # COMMANDES...
    mkdir -p "$BATS_TEST_TMPDIR/bin"
    local commande
    for commande; do ln -sf "$(command -v "$commande")" "$BATS_TEST_TMPDIR/bin/"; done
    echo "$BATS_TEST_TMPDIR/bin"
}

@test "chaque script dit son usage avec -h, code 0" {
    local script
    for script in demo netcat outils attendre espace; do
        run "$RACINE/scripts/$script.sh" -h
        [ "$status" -eq 0 ] || { echo "$script : code $status"; return 1; }
        [[ $output == *"scripts/$script.sh"* ]] || { echo "$script : $output"; return 1; }
    done
}

@test "la démonstration joue tous les programmes, chacun face à un netcat" {
    run "$RACINE/scripts/demo.sh"
    echo "$output"
    [ "$status" -eq 0 ]
    local source
    for source in "$RACINE"/{tcp,udp,ipv6}/[0-9]*.c; do
        source=${source#"$RACINE/"}
        grep -q -- "── ${source%.c} ──" <<< "$output"
    done
    [ "$(grep -c '^    ok$\|réponse : . octets « ok' <<< "$output")" -ge 7 ]
}

@test "la démonstration d'un seul programme ne joue que lui" {
    run "$RACINE/scripts/demo.sh" tcp/04-client
    [ "$status" -eq 0 ]
    [ "$(grep -c '── .* ──' <<< "$output")" -eq 1 ]
    grep -q 'réponse : 2 octets « ok »' <<< "$output"
    run "$RACINE/scripts/demo.sh" tcp/99-rien
    [ "$status" -eq 2 ]
    [[ $output == *"aucun programme"* ]]
}

@test "sans netcat, la démonstration fait se répondre nos programmes, et le dit" {
    local bin
    bin=$(chemin_reduit bash sh env sed awk grep find sort cat head tail mktemp mkfifo rm sleep timeout dirname kill)
    PATH=$bin run "$RACINE/scripts/demo.sh" tcp/04-client udp/02-serveur
    echo "$output"
    [ "$status" -eq 0 ]
    [[ $output == *"Aucun netcat"* ]]
    grep -q 'ipv6/03-serveur [0-9]' <<< "$output"
    grep -q 'udp/01-client 127.0.0.1 [0-9]' <<< "$output"
    [ "$(grep -c 'réponse : .* « ok' <<< "$output")" -eq 2 ]
}

@test "Ctrl-C pendant la démonstration ne laisse ni processus ni fichier" {
    mkdir "$BATS_TEST_TMPDIR/tmp"
    # La démonstration est arrêtée au premier écran montré, en pleine pièce.
    TMPDIR=$BATS_TEST_TMPDIR/tmp DEMO_MARQUE=$BATS_TEST_NAME setsid env --default-signal=INT \
        "$RACINE/scripts/demo.sh" > "$BATS_TEST_TMPDIR/ecran" 2>&1 3>&- &
    local demo=$!
    attendre 10 grep -q 'tcp/04-client ──' "$BATS_TEST_TMPDIR/ecran"
    kill -INT -- "-$demo"
    wait "$demo" || true
    attendre 5 sans_processus_marque "DEMO_MARQUE=$BATS_TEST_NAME"
    [ -z "$(ls -A "$BATS_TEST_TMPDIR/tmp")" ]
}
sans_processus_marque() {
    ! grep -lsz -- "$1" /proc/[0-9]*/environ > "$BATS_TEST_TMPDIR/restes" || return 1
}

@test "chaque netcat présent dialogue avec chaque programme : la matrice" {
    run "$RACINE/tests/matrice.sh"
    printf '# %s\n' "${lines[@]}" >&3
    [ "$status" -eq 0 ]
    [ "$(grep -c ' ok ' <<< "$output")" -ge 8 ]
}

@test "la matrice voit un programme qui ne répond plus" {
    local bac=$BATS_TEST_TMPDIR/programmes/
    cp -r "$PROGRAMMES"tcp "$PROGRAMMES"udp "$PROGRAMMES"ipv6 "$(mkdir -p "$bac" && echo "$bac")"
    printf '#!/bin/sh\necho "socket : descripteur 3"\nexit 0\n' > "$bac/tcp/04-client"
    PROGRAMMES=$bac CI='' run "$RACINE/tests/matrice.sh" "$("$RACINE/scripts/netcat.sh" | head -n 1)"
    [ "$status" -eq 1 ]
    grep -q '^tcp/04-client .*ÉCHEC' <<< "$output"
}

@test "netcat.sh traduit la commande du cours, et dit ce qu'un dialecte ne sait pas faire" {
    source "$RACINE/scripts/netcat.sh"
    netcat_programme() { echo "nc.$1"; }
    netcat_traduire openbsd -l -p 5000
    [ "${COMMANDE[*]}" = 'nc.openbsd -l -p 5000' ]
    netcat_traduire ncat -u -6 -l -p 5000
    [ "${COMMANDE[*]}" = 'nc.ncat -u -6 -l 5000' ]
    netcat_traduire socat ::1 5000
    [ "${COMMANDE[*]}" = 'socat - TCP6:[::1]:5000' ]
    run -3 netcat_traduire traditional ::1 5000
    run -3 netcat_traduire busybox -u 127.0.0.1 5000
    run -2 netcat_traduire openbsd -l
    run -2 netcat_traduire openbsd
}

@test "un nc tout court est reconnu à ce qu'il dit de lui-même" {
    local bin=$BATS_TEST_TMPDIR/faux
    mkdir "$bin"
    source "$RACINE/scripts/netcat.sh"
    local nom texte
    while IFS=: read -r nom texte; do
        printf '#!/bin/sh\necho "%s" >&2\n' "$texte" > "$bin/nc"
        chmod +x "$bin/nc"
        [ "$(PATH=$bin netcats)" = "$nom" ] || { echo "$nom : $(PATH=$bin netcats)"; return 1; }
    done <<< 'openbsd:OpenBSD netcat (Debian patchlevel 1)
traditional:[v1.10-47]
ncat:Ncat 7.93 ( https://nmap.org/ncat )
busybox:BusyBox v1.35.0 multi-call binary. Usage: nc [-l]'
}

@test "curl telnet:// parle à nos deux serveurs" {
    exiger_outil curl
    local serveur PORT
    for serveur in tcp/06-serveur ipv6/03-serveur; do
        demarrer_serveur "$serveur" 0   # remplit PORT
        run bash -c "printf 'Bonjour\n' | curl -s -m 10 telnet://127.0.0.1:$PORT"
        [ "$output" = ok ]
    done
}

@test "outils.sh dit la commande à taper quand il ne peut pas installer" {
    local bin
    bin=$(chemin_reduit bash dirname sed sort tr cat)
    printf '#!/bin/sh\necho 1000\n' > "$bin/id"
    printf '#!/bin/sh\nexit 1\n' > "$bin/apt-get"
    chmod +x "$bin/id" "$bin/apt-get"
    PATH=$bin run "$RACINE/scripts/outils.sh" tests < /dev/null
    [ "$status" -eq 1 ]
    [[ $output == *"apt-get install -y --no-install-recommends bats "*"netcat-openbsd"* ]]
    run "$RACINE/scripts/outils.sh" nimporte
    [ "$status" -eq 2 ]
}

@test "les deux commandes du README existent" {
    grep -qx 'scripts/outils.sh && make demo' "$RACINE/README.md"
    grep -qx 'make test' "$RACINE/README.md"
    grep -q '^demo:' "$RACINE/Makefile"
    grep -q '^test:' "$RACINE/Makefile"
}
