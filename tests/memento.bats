#!/usr/bin/env bats
# Ce que dit le mémento de TCP et qu'une scène ne montrerait pas : ce que le compilateur accepte ou refuse, ce que
# demande un privilège, ce que règle la machine.

setup() { load aide; }

# Compile ce texte de C : sans un mot, ou le test échoue.
compile() {   # LIGNE...
    printf '%s\n' "$@" > "$BATS_TEST_TMPDIR/essai.c"
    cc -std=c11 -Wall -Wextra -Werror "$BATS_TEST_TMPDIR/essai.c" -o "$BATS_TEST_TMPDIR/essai"
}
# Ce que le compilateur y trouve à redire, en anglais.
refuse() {   # LIGNE...
    printf '%s\n' "$@" > "$BATS_TEST_TMPDIR/essai.c"
    ! LC_ALL=C cc -std=c11 -Wall -Werror -c "$BATS_TEST_TMPDIR/essai.c" -o "$BATS_TEST_TMPDIR/o" 2> "$BATS_TEST_TMPDIR/dit"
    cat "$BATS_TEST_TMPDIR/dit"
}
sortes() { "$PROGRAMMES"tcp/01-sortes "$@"; }

# preuve : TCP-socket-01 « int socket(int, int, int); » TCP-connect-01 « int connect(int, const struct sockaddr *, socklen_t); »
# preuve : ERR-005 « int accept(int, struct sockaddr *, socklen_t *); »
@test "les prototypes sont ceux de la table ; un autre est refusé" {
    compile '#include <sys/socket.h>' 'int socket(int, int, int);' \
        'int connect(int, const struct sockaddr *, socklen_t);' 'int listen(int, int);' \
        'int accept(int, struct sockaddr *, socklen_t *);' 'int main(void) { return PF_INET != AF_INET; }'
    "$BATS_TEST_TMPDIR/essai"
    [[ $(refuse '#include <sys/socket.h>' 'long socket(int, int, int);') == *'conflicting types'* ]]
}

@test "01-sortes refuse un motif qui n'est dans aucune ligne" {
    run -2 sortes absurde
}

# preuve : TCP-socket-25 ERR-004 « int a = AF_INET, t = SOCK_STREAM; struct sockaddr s; » ERR-147 « IPPROTO_TCP »
@test "<sys/socket.h> suffit aux familles et aux types, mais les IPPROTO_ sont ailleurs" {
    compile '#include <sys/socket.h>' \
        'int main(void) { int a = AF_INET, t = SOCK_STREAM; struct sockaddr s; return socket(a, t, 0) < 0 || sizeof s != 16; }'
    "$BATS_TEST_TMPDIR/essai"
    [[ $(refuse '#include <sys/socket.h>' 'int p = IPPROTO_TCP;') == *"'IPPROTO_TCP' undeclared"* ]]
    compile '#include <netinet/in.h>' 'int main(void) { return IPPROTO_TCP != 6; }'
    "$BATS_TEST_TMPDIR/essai"
}

# preuve : ERR-148 ERR-163 « implicit declaration of function 'close' »
@test "sans <unistd.h>, close est inconnu" {
    [[ $(refuse '#include <sys/socket.h>' 'int f(void) { return close(socket(AF_INET, SOCK_STREAM, 0)); }') == \
        *"implicit declaration of function 'close'"* ]]
}

# preuve : GEN-54 « strlen("Hello world !\n") == 14 »
@test "memset met à zéro, strlen mesure" {
    compile '#include <string.h>' '#include <netinet/in.h>' 'int main(void) { struct sockaddr_in a, zero = {0};' \
        'memset(&a, 0, sizeof a);' 'return !(strlen("Hello world !\n") == 14 && memcmp(&a, &zero, sizeof a) == 0); }'
    "$BATS_TEST_TMPDIR/essai"
}

# preuve : ERR-103 « SIGKILL »
@test "une sortie vers un fichier est perdue si l'on est tué, sauf à l'écrire à chaque ligne" {
    local mode
    for mode in _IOFBF _IOLBF; do
        compile '#define _XOPEN_SOURCE 700' '#include <signal.h>' '#include <stdio.h>' \
            "int main(void) { setvbuf(stdout, NULL, $mode, BUFSIZ); puts(\"accept\"); raise(SIGKILL); }"
        run -137 bash -c 'ulimit -c 0; exec "$1" > "$2"' sh "$BATS_TEST_TMPDIR/essai" "$BATS_TEST_TMPDIR/$mode"
    done
    verifier_egal '' "$(< "$BATS_TEST_TMPDIR/_IOFBF")"
    verifier_egal accept "$(< "$BATS_TEST_TMPDIR/_IOLBF")"
}

# preuve : TCP-socket-11 « socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) : domaine 2, type 3, protocole 1 »
# preuve : TCP-socket-14 « socket(AF_INET, SOCK_PACKET, 0) : domaine 17 » TCP-socket-26 « [EACCES] »
@test "avec le privilège, une socket brute ; sans rien demander, pas de ping : EACCES" {
    exiger_espace
    [[ $(sortes RAW) == *'socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) : domaine 2, type 3, protocole 1'* ]]
    [[ $(sortes SOCK_PACKET) == *'socket(AF_INET, SOCK_PACKET, 0) : domaine 17'* ]]
    verifier_egal $'1\t0' "$(< /proc/sys/net/ipv4/ping_group_range)"   # personne, dans un espace neuf
    [[ $(sortes DGRAM) == *'IPPROTO_ICMP) : permission refusée [EACCES]'* ]]
}

# preuve : TCP-socket-07 ERR-003 « [EAFNOSUPPORT] »
@test "AppleTalk n'est là que si le noyau l'a chargé" {
    if grep -q '^DDP ' /proc/net/protocols; then
        [[ $(sortes APPLETALK) == *'domaine 5'* ]]
    else
        [[ $(sortes APPLETALK) == *'[EAFNOSUPPORT]' ]]
    fi
}

# preuve : TCP-socket-30 « EMFILE »
@test "la table des descripteurs pleine, socket rend EMFILE" {
    compile '#define _XOPEN_SOURCE 700' '#include <errno.h>' '#include <sys/resource.h>' '#include <sys/socket.h>' \
        'int main(void) { struct rlimit l = {3, 3};' \
        'return !(setrlimit(RLIMIT_NOFILE, &l) == 0 && socket(AF_INET, SOCK_STREAM, 0) == -1 && errno == EMFILE); }'
    "$BATS_TEST_TMPDIR/essai" 3>&- 4>&- 5>&-
}

# preuve : GEN-33 « ip_local_port_range »
@test "le port que reçoit un client est dans la plage du noyau" {
    local debut fin port
    read -r debut fin < /proc/sys/net/ipv4/ip_local_port_range
    demarrer_serveur tcp/06-serveur 0
    run "$PROGRAMMES"tcp/03-connexion 127.0.0.1 "$PORT"
    port=$(sed -n 's/^getsockname : 127\.0\.0\.1:\([0-9]*\).*/\1/p' <<< "$output")
    echo "$debut $fin : $output"
    [ "$port" -ge "$debut" ] && [ "$port" -le "$fin" ]
}

# bats test_tags=complet
# preuve : OUTIL-11 « man -w 2 socket »
@test "le manuel a les pages que cite le mémento" {
    exiger_outil man
    man -w 2 socket
    man -w 2 connect
    man -w 2 setsockopt
    man -w 7 socket
    man -w 7 tcp
}

# bats test_tags=complet
# preuve : ERR-161 « uid:65534 »
@test "ss -e dit l'utilisateur d'une socket, sauf root" {
    exiger_outil ss
    [ "$(id -u)" = 0 ] || manque 'demande root'
    exiger_espace
    local PORT
    PORT=$(port_libre)
    demarrer nobody setpriv --reuid 65534 --regid 65534 --clear-groups "$PROGRAMMES"tcp/06-serveur "$PORT"
    attendre 5 port_pris tcp "$PORT"
    [[ $(ss -Hltne "sport = :$PORT") == *'uid:65534'* ]]
    demarrer_serveur tcp/06-serveur 0
    [[ $(ss -Hltne "sport = :$PORT") != *'uid:'* ]]
}
