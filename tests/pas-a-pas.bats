#!/usr/bin/env bats
# Le pas à pas. Des traces enregistrées, puis (complet) de vrais programmes, arrêtés pour de vrai.
# bats file_tags=outils

setup() {
    load aide
    PAS=$RACINE/scripts/pas-a-pas.sh
    MARQUE=pas-$$-$RANDOM-$BATS_TEST_NUMBER
}

# Deux adresses comme les écrit strace.
V4='{sa_family=AF_INET, sin_port=htons(5000), sin_addr=inet_addr("127.0.0.1")}'
V6='{sa_family=AF_INET6, sin6_port=htons(36092), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr), '
V6+='sin6_scope_id=0}'

# Une ligne de strace, et comment elle est montrée.
traduit() {   # ATTENDU LIGNE
    verifier_egal "$1" "$(traduire "$2")"
}

@test "pas-a-pas.sh écrit les appels comme le source" {
    source "$RACINE/scripts/pas-a-pas.sh"
    traduit 'socket(AF_INET, SOCK_STREAM, 0) = 3' \
        'socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3<TCP:[1024]> (DELAYED)'
    traduit 'send(3, "Bonjour\n", 8, MSG_NOSIGNAL) = 8' \
        'sendto(3<TCP:[127.0.0.1:4->127.0.0.1:5000]>, "Bonjour\n", 8, MSG_NOSIGNAL, NULL, 0) = 8 (DELAYED)'
    traduit 'sendto(3, "x", 1, 0, 127.0.0.1:5000, 16) = 1' \
        'sendto(3<UDP:[0.0.0.0:9]>, "x", 1, 0, '"$V4"', 16) = 1 (DELAYED)'
    traduit 'recv(4, "ok\n", 1024, 0) = 3' \
        'recvfrom(4<TCP:[127.0.0.1:4->127.0.0.1:5]>, "ok\n", 1024, 0, NULL, NULL)        = 3 (DELAYED)'
    traduit 'accept(3, [::1]:36092, [28]) = 4' \
        'accept(3<TCPv6:[[::]:5000]>, '"$V6"', [28]) = 4<TCPv6:[[::1]:5000->[::1]:36092]> (DELAYED)'
    traduit 'accept(3, NULL, NULL) = 4' 'accept4(3<TCP:[0.0.0.0:5]>, NULL, NULL, 0) = 4<TCP:[1.2.3.4:5->1.2.3.4:6]>'
}

@test "pas-a-pas.sh dit l'erreur, l'interruption, et ce que taisent les vieux noms" {
    source "$RACINE/scripts/pas-a-pas.sh"
    traduit 'connect(3, 127.0.0.1:5000, 16) = -1 ECONNREFUSED' \
        'connect(3<TCP:[7]>, '"$V4"', 16) = -1 ECONNREFUSED (Connection refused) (DELAYED)'
    traduit 'accept(3, NULL, NULL) = ?, interrompu par un signal' \
        'accept(3<TCP:[0.0.0.0:5]>, NULL, NULL) = ? ERESTARTSYS (To be restarted if SA_RESTART is set) (DELAYED)'
    traduit 'poll([{fd=3, events=POLLIN}], 1, 2000) = 0 (Timeout)' \
        'poll([{fd=3<UDP:[0.0.0.0:5]>, events=POLLIN}], 1, 2000) = 0 (Timeout) (DELAYED)'
    traduit 'setsockopt(4, SOL_SOCKET, SO_RCVTIMEO, {…}, 16) = 0' \
        'setsockopt(4<TCP:[1.2.3.4:5->1.2.3.4:6]>, SOL_SOCKET, SO_RCVTIMEO_OLD, "\1", 16) = 0 (DELAYED)'
    traduit 'getpeername(0, 0x7ffef473b5d0, [16]) = -1 ENOTSOCK' \
        'getpeername(0</dev/null<char 1:3>>, 0x7ffef473b5d0, [16]) = -1 ENOTSOCK (Socket operation on non-socket) (DELAYED)'
    traduit 'setsockopt(4, IPPROTO_TCP, TCP_NODELAY, [1], 4) = 0' \
        'setsockopt(4<TCP:[1.2.3.4:5->1.2.3.4:6]>, SOL_TCP, TCP_NODELAY, [1], 4) = 0 (DELAYED)'
}

@test "pas-a-pas.sh reconnaît ce que la libc demande à nscd" {
    source "$RACINE/scripts/pas-a-pas.sh"
    annuaire 'socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, 0) = 3<UNIX-STREAM:[7]> (DELAYED)'
    annuaire 'connect(3<UNIX-STREAM:[7]>, {sa_family=AF_UNIX, sun_path="/run/nscd/socket"}, 110) = -1 ENOENT (DELAYED)'
    run ! annuaire 'socket(AF_UNIX, SOCK_STREAM, 0) = 3<UNIX-STREAM:[7]> (DELAYED)'
    run ! annuaire 'connect(3<UNIX-STREAM:[7]>, {sa_family=AF_UNIX, sun_path="/run/moi"}, 110) = 0 (DELAYED)'
}

@test "pas-a-pas.sh ne prend pas pour des appels les octets échangés, ni pour des sockets les fichiers" {
    source "$RACINE/scripts/pas-a-pas.sh"
    traduit 'send(3, ") = 9<TCP:[5]>", 14, 0) = 14' \
        'sendto(3<TCP:[1.2.3.4:5->1.2.3.4:6]>, ") = 9<TCP:[5]>", 14, 0, NULL, 0) = 14 (DELAYED)'
    reseau 'read(4<TCP:[1.2.3.4:5->1.2.3.4:6]>, "x", 1) = 1'
    reseau 'poll([{fd=3<UDP:[0.0.0.0:5]>, events=POLLIN}], 1, 2000) = 0'
    local autre
    for autre in 'read(3</etc/hosts>, "4<TCP:[5]>", 9) = 9' 'close(3</lib/libc.so.6>) = 0' \
        'write(1<pipe:[12]>, "read(4<TCP", 10) = 10' 'poll(NULL, 0, 100) = 0 (Timeout)' \
        '--- SIGSTOP {si_signo=SIGSTOP} ---' '--- stopped by SIGSTOP ---' '+++ exited with 0 +++'; do
        reseau "$autre" && { echo "pris pour un appel réseau : $autre"; return 1; }
    done
    return 0
}

@test "pas-a-pas.sh lit la liste de ss jusqu'au bout, si longue soit-elle, et dit un ss qui échoue" {
    source "$RACINE/scripts/pas-a-pas.sh"
    ss() {
        echo 'tcp LISTEN 0 10 0.0.0.0:5000 0.0.0.0:* ino:42 sk:1'
        seq -f 'tcp TIME-WAIT 0 0 127.0.0.1:%g 127.0.0.1:5000 ino:42' 5000
    }
    verifier_egal 'tcp LISTEN 0/10 0.0.0.0:5000 0.0.0.0:*' "$(ligne_ss 42)"
    ligne_ss 42 > "$BATS_TEST_TMPDIR/dit"
    ss() { return 1; }
    verifier_egal "n'a pas répondu" "$(ligne_ss 42)"
}

@test "pas-a-pas.sh laisse au programme ce que l'on tape : une attente levée par le clavier n'arrête pas" {
    source "$RACINE/scripts/pas-a-pas.sh"
    local tty='0</dev/pts/2<char 136:2>>' tcp='4<TCP:[1.2.3.4:5->1.2.3.4:6]>'
    local liste="[{fd=$tty, events=POLLIN}, {fd=$tcp, events=POLLIN}], 2, -1)"
    levee_ailleurs "poll($liste = 1 ([{fd=$tty, revents=POLLIN}]) (DELAYED)"
    levee_ailleurs "poll($liste = 2 ([{fd=$tty, revents=POLLIN}, {fd=$tcp, revents=POLLIN}]) (DELAYED)"
    levee_ailleurs "pselect6(5, [$tty $tcp], NULL, NULL, NULL, NULL)  = 1 (in [$tty]) (DELAYED)"
    local autre
    for autre in "poll($liste = 1 ([{fd=$tcp, revents=POLLIN}])" "poll($liste = 0 (Timeout)" \
        "pselect6(5, [$tty $tcp], NULL, NULL, NULL, NULL) = 1 (in [$tcp])" "recvfrom($tcp, \"x\", 9, 0, NULL, NULL) = 1"; do
        levee_ailleurs "$autre (DELAYED)" && { echo "pris pour le clavier : $autre"; return 1; }
    done
    traduit 'poll([{fd=0, events=POLLIN}, {fd=4, events=POLLIN}], 2, -1) = 1 ([{fd=0, revents=POLLIN}])' \
        "poll($liste = 1 ([{fd=$tty, revents=POLLIN}]) (DELAYED)"
}

# Ce qui est dit d'un appel commencé, qui ne rend rien encore.
attend() {   # ATTENDU DÉBUT_DE_LIGNE
    verifier_egal "$1" "$(annonce='' pale='' normal='' recit=1 debut=$2 && dire_attente)"
}

@test "pas-a-pas.sh dit l'appel qui attend, et la socket dont il parle" {
    source "$RACINE/scripts/pas-a-pas.sh"
    local tcp='<TCP:[1.2.3.4:5->1.2.3.4:6]>'
    attend 'accept(3… attend' 'accept(3<TCP:[0.0.0.0:5000]>, '
    attend 'recv(4… attend' "recvfrom(4$tcp, "
    attend 'recvfrom(3… attend' 'recvfrom(3<UDP:[0.0.0.0:5000]>, '
    attend 'poll(4… attend' "poll([{fd=0</dev/pts/2<char 136:2>>, events=POLLIN}, {fd=4$tcp, events=POLLIN}], 2, -1"
    attend 'epoll_wait(5… attend' 'epoll_pwait(5<anon_inode:[eventpoll]>, '
    attend '' 'read(0</dev/pts/2<char 136:2>>, '
}

@test "pas-a-pas.sh refuse en français : code 2 pour la demande, 1 pour un outil qui manque" {
    exiger_outil strace
    lancer "$PAS"
    verifier_code 2
    lancer "$PAS" -x true
    verifier_code 2
    verifier_egal 'pas-a-pas.sh : « -x » ? (voir scripts/pas-a-pas.sh -h)' "$stderr"
    lancer "$PAS" -a nulle-part
    verifier_code 2
    verifier_egal "pas-a-pas.sh : « nulle-part » n'est pas un programme que l'on peut lancer" "$stderr"
    lancer setsid -w "$PAS" true
    verifier_code 2
    verifier_egal 'pas-a-pas.sh : pas de terminal où lire Entrée ; seul : -a' "$stderr"
    mkdir "$BATS_TEST_TMPDIR/bin"
    ln -s "$(command -v bash)" "$BATS_TEST_TMPDIR/bin/bash"
    lancer env PATH="$BATS_TEST_TMPDIR/bin" bash "$PAS" -a tcp/01-socket
    verifier_code 1
    verifier_egal 'pas-a-pas.sh : il faut strace (paquet strace)' "$stderr"
}

# --- Les vivants.

vivant() { exiger_outil strace && exiger_outil ss; }

# Plus aucun processus de ce test : ni programme, ni strace, ni outil.
rien_ne_reste() { ! grep -qsz "^MARQUE=$MARQUE\$" /proc/[0-9]*/environ; }

# Le même programme, seul puis au pas à pas : même sortie, même code.
pareil() {   # COMMANDE...
    local seule code
    lancer "$@" < /dev/null
    seule=$output code=$status
    lancer env MARQUE="$MARQUE" "$PAS" -a "$@" < /dev/null
    verifier_code "$code"
    verifier_egal "$seule" "$output"
    attendre 5 rien_ne_reste
}

# bats test_tags=complet
@test "au pas à pas, un programme garde son code, sa sortie, ses descripteurs et ses signaux" {
    vivant
    pareil "${PROGRAMMES}tcp/01-socket"
    pareil "${PROGRAMMES}tcp/04-client" 127.0.0.1 "$(port_libre)"
    verifier_contient "$stderr" '= -1 ECONNREFUSED'
    pareil bash -c 'exit 7'
    pareil bash -c 'kill -TERM $$'
    pareil sh -c 'cd /proc/self/fd && echo *; grep ^SigIgn /proc/$$/status'
    verifier_egal 'lue' "$("$PAS" -a cat <<< lue)"
    pareil bash -c '"$0"; true' "${PROGRAMMES}tcp/01-socket"   # lancé par un autre
    verifier_contient "$stderr" '(un autre processus : il court librement, sans être montré)'
    demarrer poli env MARQUE="$MARQUE" "$PAS" -a bash -c 'trap "echo adieu; exit 3" TERM; echo pret; while :; do :; done'
    attendre_ligne "$BATS_TEST_TMPDIR/poli.out" pret
    kill -TERM "$PID"
    attendre_fin "$PID"
    verifier_egal "3 adieu" "$code $(tail -n 1 "$BATS_TEST_TMPDIR/poli.out")"
    attendre 5 rien_ne_reste
}

# Une paire au pas à pas, sur le port PORT : les deux sorties, les causes, et rien ne reste.
paire() {
    demarrer serveur env MARQUE="$MARQUE" "$PAS" -a "${PROGRAMMES}tcp/06-serveur" "$PORT"
    local recit=$BATS_TEST_TMPDIR/serveur.err
    SERVEUR=$PID
    attendre 60 assez_de_lignes "$recit" '^accept\(3… attend$'
    lancer env MARQUE="$MARQUE" "$PAS" -a "${PROGRAMMES}tcp/04-client" 127.0.0.1 "$PORT"
    verifier_code 0
    verifier_egal 'socket connect send recv réponse close ' "$(cut -d ' ' -f 1 <<< "$output" | tr '\n' ' ')"
    verifier_egal 'socket connect send recv close' \
        "$(grep -oE '^[a-z]+\(.*=' <<< "$stderr" | cut -d '(' -f 1 | paste -sd ' ')"
    attendre 60 assez_de_lignes "$recit" '^accept\(3… attend$' 2
    verifier_egal 'socket setsockopt bind getsockname listen accept recv send shutdown poll recv close' \
        "$(grep -oE '^[a-z]+\(.*=' "$recit" | cut -d '(' -f 1 | paste -sd ' ')"
    grep -qF "$(printf '    ss : tcp LISTEN 0/10 0.0.0.0:%s ' "$PORT")" "$recit"
    local mot   # aucun appel n'a échappé à la pause, aucune attente n'a été coupée
    for mot in ${CHARGE:+'(passé)'} interrompu; do
        verifier_absent "@$recit" "$mot"
        verifier_absent "$stderr" "$mot"
    done
    kill -TERM "$SERVEUR"
    attendre_fin "$SERVEUR"
    verifier_egal 143 "$code"
    attendre 5 rien_ne_reste
}

# À la main, vingt fois : TOURS=20 CHARGE=4 tests/lancer.sh -f 'deux bouts' tests/pas-a-pas.bats, avec quatre
# boucles folles, refuse même un appel qui aurait échappé à la pause.
# bats test_tags=complet
@test "les deux bouts au pas à pas, trois fois de suite : les mêmes appels, aucune attente coupée" {
    vivant
    local n
    for ((n = 0; n < ${CHARGE:-0}; n++)); do demarrer "folle$n" sh -c 'while :; do :; done'; done
    for ((n = 1; n <= ${TOURS:-3}; n++)); do
        echo "tour $n"
        PORT=$(port_libre)
        paire
    done
}

# Le pas à pas dans un vrai terminal, au clavier : le tube CLAVIER ; l'écran : terminal.out.
au_terminal() {   # PROGRAMME...
    mkfifo "$BATS_TEST_TMPDIR/touches"
    exec {CLAVIER}<> "$BATS_TEST_TMPDIR/touches"
    ECRAN=$BATS_TEST_TMPDIR/terminal.out
    LECTEUR=$CLAVIER ENTREE=$BATS_TEST_TMPDIR/touches demarrer terminal \
        env MARQUE="$MARQUE" script -qefc "$PAS $*" /dev/null
}

# bats test_tags=complet
@test "Entrée laisse partir l'appel suivant, jamais avant ; Ctrl-C finit, pendant une pause ou une attente" {
    vivant
    exiger_outil script
    PORT=$(port_libre)
    au_terminal "${PROGRAMMES}tcp/06-serveur" "$PORT"
    local n fd
    for n in 1 2 3 4 5; do
        attendre_ligne "$ECRAN" '\[Entrée\]' "$n"
        # libre, il serait à l'écoute en moins d'une seconde : à la première pause, on lui en laisse deux
        if [ "$n" -eq 1 ]; then run ! attendre 2 port_pris tcp "$PORT"; fi
        if [ "$n" -lt 5 ]; then run ! port_pris tcp "$PORT"; fi
        echo >&"$CLAVIER"
    done
    attendre_ligne "$ECRAN" 'accept\(3… attend'
    echo >&"$CLAVIER"   # pendant l'attente : ne vaudra pas pour la pause à venir
    exec {fd}<> "/dev/tcp/127.0.0.1/$PORT"
    attendre_ligne "$ECRAN" '\[Entrée\]' 6
    run ! attendre 1 assez_de_lignes "$ECRAN" 'recv\(4'
    echo >&"$CLAVIER"
    attendre_ligne "$ECRAN" 'recv\(4… attend'
    exec {fd}>&-
    printf '\003' >&"$CLAVIER"
    attendre_fin "$PID"
    verifier_egal 130 "$code"
    attendre 5 rien_ne_reste
    rm "$BATS_TEST_TMPDIR/touches"
    au_terminal "${PROGRAMMES}tcp/06-serveur" "$PORT"
    attendre_ligne "$ECRAN" '\[Entrée\]'
    printf '\003' >&"$CLAVIER"
    attendre_fin "$PID"
    verifier_egal 130 "$code"
    attendre 5 rien_ne_reste
}

# Un strace qui retient socket vingt secondes au lieu de 0,2 ; vrai quand il retient le programme.
strace_lent() {
    mkdir "$BATS_TEST_TMPDIR/lent"
    printf '#!/bin/bash\nexec %q "${@/#inject=socket*/inject=bind:delay_exit=20000000}"\n' "$(type -P strace)" \
        > "$BATS_TEST_TMPDIR/lent/strace"
    chmod +x "$BATS_TEST_TMPDIR/lent/strace"
}
retenu() {
    local pid
    while IFS=/ read -r _ _ pid _; do
        [[ $(readlink "/proc/$pid/exe") != */06-serveur ]] || [ "$(etat "$pid")" != t ] || return 0
    done < <(grep -lsz "^MARQUE=$MARQUE\$" /proc/[0-9]*/environ)
    return 1
}

# bats test_tags=complet
@test "Ctrl-C ou TERM pendant que strace retient le programme : fini aussitôt, rien ne reste" {
    vivant
    exiger_outil script
    strace_lent
    local PATH=$BATS_TEST_TMPDIR/lent:$PATH
    au_terminal "${PROGRAMMES}tcp/06-serveur" "$(port_libre)"
    attendre 10 retenu
    printf '\003' >&"$CLAVIER"
    attendre_fin "$PID"
    verifier_egal 130 "$code"
    attendre 5 rien_ne_reste
    demarrer seul env MARQUE="$MARQUE" "$PAS" -a "${PROGRAMMES}tcp/06-serveur" "$(port_libre)"
    attendre 10 retenu
    kill -TERM "$PID"
    attendre_fin "$PID"
    verifier_egal 143 "$code"
    attendre 5 rien_ne_reste
}

# bats test_tags=complet
@test "le terminal fermé, rien ne reste ; ni d'un programme sourd aux signaux, ni de ce qu'il a lancé" {
    vivant
    exiger_outil script
    au_terminal "${PROGRAMMES}tcp/06-serveur" "$(port_libre)"
    attendre_ligne "$ECRAN" '\[Entrée\]'
    arreter "$PID"   # l'émulateur de terminal meurt
    attendre 10 rien_ne_reste
    demarrer sourd env MARQUE="$MARQUE" "$PAS" -a bash -c 'trap "" INT TERM HUP; sleep 1000 & echo pret; wait'
    attendre_ligne "$BATS_TEST_TMPDIR/sourd.out" pret
    kill -TERM "$PID"
    attendre_fin "$PID"
    verifier_egal 143 "$code"
    attendre 5 rien_ne_reste
}
