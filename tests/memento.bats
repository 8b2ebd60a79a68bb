#!/usr/bin/env bats
# Ce que dit le mémento de TCP et qu'une scène ne montrerait pas : ce que demande un privilège, ce que règle la machine.

setup() { load aide; }

sortes() { "$PROGRAMMES"tcp/01-sortes "$@"; }

@test "01-sortes refuse un motif qui n'est dans aucune ligne" {
    run -2 sortes absurde
}

# preuve : GEN-54 « strlen("Hello world !\n") == 14 »
@test "memset met à zéro, strlen mesure" {
    compiler_un_essai <<'C'
#include <netinet/in.h>
#include <string.h>
int main(void)
{
    struct sockaddr_in a, zero = {0};
    memset(&a, 0, sizeof a);
    return !(strlen("Hello world !\n") == 14 && memcmp(&a, &zero, sizeof a) == 0);
}
C
    run -0 "$ESSAI"
}

# preuve : ERR-103 « SIGKILL »
@test "une sortie vers un fichier est perdue si l'on est tué, sauf à l'écrire à chaque ligne" {
    compiler_un_essai <<'C'
#include <signal.h>
#include <stdio.h>
int main(int n, char **mots)
{
    (void)mots;
    setvbuf(stdout, NULL, n > 1 ? _IOLBF : _IOFBF, BUFSIZ);
    puts("accept");
    return raise(SIGKILL);
}
C
    # shellcheck disable=SC2016  # $1 est celui du shell lancé
    run -137 bash -c 'ulimit -c 0; exec "$1" > "$2"' sh "$ESSAI" "$BATS_TEST_TMPDIR/pleine"
    # shellcheck disable=SC2016
    run -137 bash -c 'ulimit -c 0; exec "$1" ligne > "$2"' sh "$ESSAI" "$BATS_TEST_TMPDIR/ligne"
    verifier_egal '' "$(< "$BATS_TEST_TMPDIR/pleine")"
    verifier_egal accept "$(< "$BATS_TEST_TMPDIR/ligne")"
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
    compiler_un_essai <<'C'
#include <errno.h>
#include <sys/resource.h>
#include <sys/socket.h>
int main(void)
{
    struct rlimit l = {3, 3};
    return !(setrlimit(RLIMIT_NOFILE, &l) == 0 && socket(AF_INET, SOCK_STREAM, 0) == -1 && errno == EMFILE);
}
C
    run -0 "$ESSAI"
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
