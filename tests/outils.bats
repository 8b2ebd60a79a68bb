#!/usr/bin/env bats
# Les dialectes de netcat, et l'installation.
# bats file_tags=complet

load aide
load depot

@test "netcat.sh traduit la commande du cours, et dit ce qu'un dialecte ne sait pas faire" {
    source "$RACINE/scripts/netcat.sh"
    netcat_programme() { echo "nc.$1"; }
    netcat_traduire openbsd -l -p 5000
    [ "${COMMANDE[*]}" = 'nc.openbsd -l -p 5000' ]
    netcat_traduire ncat -u -6 -l -p 5000
    [ "${COMMANDE[*]}" = 'nc.ncat -u -6 -l 5000' ]
    netcat_traduire socat ::1 5000
    [ "${COMMANDE[*]}" = 'nc.socat - TCP6:[::1]:5000' ]
    netcat_traduire socat -6 localhost 5000
    [ "${COMMANDE[*]}" = 'nc.socat - TCP6:localhost:5000' ]
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

# Une machine sans bats ni netcat, où un apt-get de paille exécute ce texte.
machine_nue() {   # TEXTE
    machine=$(sans_netcat)
    printf '#!/bin/sh\necho "%s"\n' "${UTILISATEUR:-0}" > "$machine/id"
    printf '#!/bin/bash\n%s\n' "$1" > "$machine/apt-get"
    chmod +x "$machine/id" "$machine/apt-get"
}

@test "outils.sh dit la commande à taper quand il ne peut pas installer" {
    UTILISATEUR=1000 machine_nue 'exit 1'
    PATH=$machine run -1 "$RACINE/scripts/outils.sh" tests < /dev/null
    [[ $output == *"apt-get install -y --no-install-recommends bats "*"netcat-openbsd"* ]]
    run -2 "$RACINE/scripts/outils.sh" nimporte
}

@test "outils.sh cours demande le nc d'OpenBSD à qui en a un autre ; base s'en contente" {
    UTILISATEUR=1000 machine_nue 'exit 1'
    printf '#!/bin/sh\necho "BusyBox v1.35.0 Usage: nc [-l]"\n' > "$machine/nc"
    chmod +x "$machine/nc"
    PATH=$machine run -1 "$RACINE/scripts/outils.sh" cours < /dev/null
    [[ $output == *netcat-openbsd* ]]
    PATH=$machine run "$RACINE/scripts/outils.sh" base < /dev/null
    [[ $output != *netcat-openbsd* ]]
}

@test "outils.sh prévient, à la fin, qui a un autre nc que celui du cours" {
    local besoin
    machine_nue 'exit 1'
    for besoin in cc make ss curl strace tmux ps; do ln -sf "$(type -P true)" "$machine/$besoin"; done
    printf '#!/bin/sh\necho "BusyBox v1.35.0 Usage: nc [-l]"\n' > "$machine/nc"
    printf '#!/bin/sh\necho "OpenBSD netcat"\n' > "$machine/nc.openbsd"
    chmod +x "$machine"/nc*
    PATH=$machine run -0 "$RACINE/scripts/outils.sh" cours
    verifier_contient "$output" 'busybox' '« Un autre netcat », dans cours.md' 'nc.openbsd'
    [ "${#lines[@]}" -eq 2 ]
    rm "$machine/nc.openbsd"
    PATH=$machine run -0 "$RACINE/scripts/outils.sh"
    verifier_contient "$output" 'scripts/outils.sh cours'
    printf '#!/bin/sh\necho "OpenBSD netcat"\n' > "$machine/nc"
    PATH=$machine run -0 "$RACINE/scripts/outils.sh" cours
    [ -z "$output" ]
}

@test "outils.sh ne laisse pas son journal, qu'il réussisse, échoue ou soit interrompu" {
    local tmp=$BATS_TEST_TMPDIR/tmp sort
    mkdir "$tmp"
    # shellcheck disable=SC2016  # le texte d'un script
    for sort in 'exit 1' 'exit 0' 'kill -TERM $PPID' 'kill -HUP $PPID'; do
        machine_nue "$sort"
        TMPDIR=$tmp PATH=$machine run "$RACINE/scripts/outils.sh" -o tests < /dev/null
        [ "$status" -ne 0 ]
        [ -z "$(ls -A "$tmp")" ] || { echo "après « $sort » : $(ls -A "$tmp")"; return 1; }
    done
}
