#!/usr/bin/env bats
# Les signaux et les sockets : ce qu'une scène ne peut pas montrer, un autre utilisateur, un groupe, un en-tête qui
# manque, une machine occupée.
# bats file_tags=complet

setup() { load aide; }

exiger_un_autre_utilisateur() {
    exiger_outil setpriv
    setpriv --reuid=65534 --clear-groups true 2>/dev/null ||
        manque "demande de pouvoir devenir un autre utilisateur"
}

# Lance une victime, qui écrit « prévenu » à tout SIGIO, et « repère » à SIGRTMAX, servi en dernier.
demarrer_victime() {
    # shellcheck disable=SC2016  # rien n'est à développer ici
    demarrer victime bash -c 'trap "echo prévenu" IO RTMIN+1; trap "echo repère" RTMAX
        mkfifo "$1"; exec {tube}<>"$1"; echo prêt; while :; do read -r -u "$tube"; done' - \
        "$BATS_TEST_TMPDIR/tube"
    VICTIME=$PID
    attendre_ligne "$BATS_TEST_TMPDIR/victime.out" '^prêt$'
}
reperer() {   # NOMBRE     ce que la victime a reçu avant est écrit
    kill -RTMAX "$VICTIME"
    attendre_ligne "$BATS_TEST_TMPDIR/victime.out" '^repère$' "$1"
}

# preuve : SIG-06 « O_ASYNC : aucun signal »
@test "18-sigio : on peut désigner un autre processus que soi, qui est alors prévenu" {
    demarrer_victime
    lancer "${PROGRAMMES}tcp/18-sigio" -o "$VICTIME"
    verifier_code 0
    verifier_contient "$output" 'O_ASYNC : aucun signal' 'F_SETOWN : aucun signal'
    reperer 1
    verifier_contient "@$BATS_TEST_TMPDIR/victime.out" 'prévenu'
}

# preuve : IOCTL-SIOCSPGRP-02 ERR-113 « F_SETOWN : aucun signal »
@test "désigner le processus d'un autre réussit sans privilège, mais rien ne lui est remis" {
    exiger_un_autre_utilisateur
    demarrer_victime   # elle est à nous ; celui qui la vise n'est personne
    lancer setpriv --reuid=65534 --clear-groups --inh-caps=+dac_read_search \
        --ambient-caps=+dac_read_search "${PROGRAMMES}tcp/18-sigio" -o "$VICTIME"
    verifier_code 0
    verifier_contient "$output" 'F_SETOWN : aucun signal' 'F_SETSIG : aucun signal'
    reperer 1
    verifier_absent "@$BATS_TEST_TMPDIR/victime.out" 'prévenu'
}

@test "un propriétaire négatif est un groupe : tous ses processus sont prévenus" {
    # shellcheck disable=SC2016
    lancer setsid bash -c 'trap "echo prévenu" IO RTMIN+1; "$0" -o "-$$"; exit 0' "${PROGRAMMES}tcp/18-sigio"
    verifier_code 0
    verifier_contient "$output" 'F_SETOWN : 1 SIGIO' 'prévenu'
}

# preuve : ERR-114 « SIOCGSTAMP »
@test "SIOCGSTAMP manque dans <sys/ioctl.h>, et se trouve dans <linux/sockios.h>" {
    cd "$BATS_TEST_TMPDIR" || return
    local corps='struct timeval h; int main(void) { return ioctl(0, SIOCGSTAMP, &h); }'
    printf '%s\n' '#include <sys/ioctl.h>' '#include <sys/time.h>' "$corps" >sans.c
    printf '%s\n' '#include <linux/sockios.h>' "$(<sans.c)" >avec.c
    LC_ALL=C run ! cc -c sans.c -o sans.o
    verifier_contient "$output" "SIOCGSTAMP"
    cc -c avec.c -o avec.o
}

@test "un deuxième octet urgent, venu avant toute lecture, rend le premier au flux" {
    cd "$BATS_TEST_TMPDIR" || return
    cat >deux.c <<'FIN'
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include "common/bouts.h"
int main(void)
{
    int ici, pair;
    char lus[16] = "", urgent = '?';
    relier(&ici, &pair);
    send(pair, "abc", 3, MSG_OOB);
    poll(&(struct pollfd){.fd = ici, .events = POLLPRI}, 1, 2000); /* « c » est là, urgent */
    send(pair, "def", 3, MSG_OOB);
    recv(ici, lus, 5, MSG_WAITALL);
    recv(ici, &urgent, 1, MSG_OOB);
    printf("%s, puis %c\n", lus, urgent);
    return 0;
}
FIN
    cc -I "$RACINE" deux.c "$RACINE"/common/*.c -o deux
    lancer ./deux
    verifier_egal "abcde, puis f" "$output"
}

@test "14-signaux dit la même chose dix fois de suite, sur une machine occupée" {
    local tour
    for tour in 1 2 3 4; do demarrer "occupant$tour" bash -c 'while :; do :; done'; done
    for tour in {1..10}; do
        lancer "${PROGRAMMES}tcp/14-signaux"
        verifier_egal 5 "$(grep -c EINTR <<<"$output")"
        verifier_contient "$output" "send, trop d'octets : pris en partie"
        lancer "${PROGRAMMES}tcp/14-signaux" -r
        verifier_egal 3 "$(grep -c 'repris, et réussi' <<<"$output")"
        verifier_egal 2 "$(grep -c EINTR <<<"$output")"
    done
}

@test "au-revoir ne perd pas un Ctrl-C, où qu'il tombe : trente fois, entre deux clients" {
    local tour
    exiger_espace
    cd "$BATS_TEST_TMPDIR" || return
    cc "$RACINE/tcp/solutions/au-revoir.c" -o au-revoir
    for tour in {1..30}; do
        demarrer serveur ./au-revoir
        attendre 10 port_pris tcp 5000
        lancer "$SONDE" tcp 127.0.0.1 5000
        kill -INT "$PID"
        attendre_fin "$PID"
        verifier_egal 0 "$code"
    done
}
