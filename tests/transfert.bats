#!/usr/bin/env bats
# Beaucoup d'octets : tcp/27-transfert, tcp/27-reception, et la comparaison (scripts/transfert.sh).

setup() { load aide; }

METHODES=(65536 512 4096 1048576 sendfile splice)

# Le receveur, pour tant de clients ; puis, avec le fichier, l'envoyeur : status, output et stderr.
demarrer_reception() {   # ARGUMENT...
    demarrer serveur "${PROGRAMMES}tcp/27-reception" "$@"
    SERVEUR=$PID JOURNAL=$BATS_TEST_TMPDIR/serveur.out ERREURS=$BATS_TEST_TMPDIR/serveur.err
    attendre_ligne "$JOURNAL" '^listen : '
    PORT=$(trace_port "$JOURNAL")
}
envoyer() {   # ARGUMENT... FICHIER
    lancer "${ENVELOPPE[@]}" "${PROGRAMMES}tcp/27-transfert" "$@" 127.0.0.1 "$PORT"
}

@test "six méthodes : les mêmes octets, dans le même ordre, et la somme est celle de sum" {
    local gros=$BATS_TEST_TMPDIR/gros somme
    seq 300000 >"$gros"   # 2 Mo, et la taille d'aucun bloc
    somme=$(sum "$gros")
    demarrer_reception -s -c 6 0
    envoyer -n 1 "$gros"
    verifier_code 0
    verifier_egal '' "$stderr"
    verifier_egal "${METHODES[*]}" "$(grep -o '^[a-z0-9]*' <<<"$output" | paste -sd ' ')"
    attendre_fin "$SERVEUR"
    verifier_egal 0 "$code"
    verifier_egal 6 "$(grep -c "^recv : $(stat -c %s "$gros") octets en .* somme ${somme%% *}$" "$JOURNAL")"
}

# bats test_tags=complet
@test "-n 3 envoie trois fois le fichier, à la suite" {
    local gros=$BATS_TEST_TMPDIR/gros
    seq 30000 >"$gros"
    demarrer_reception -s 0
    envoyer -n 3 -m sendfile "$gros"
    verifier_code 0
    attendre_fin "$SERVEUR"
    verifier_contient "@$JOURNAL" "somme $(cat "$gros" "$gros" "$gros" | sum | cut -d ' ' -f 1)"
}

# bats test_tags=complet
@test "des envois et des lectures de 3 octets ne perdent rien" {
    local gros=$BATS_TEST_TMPDIR/gros
    seq 3000 >"$gros"
    demarrer_reception -s -c 6 0
    avec_des_appels_avares tcp/27-transfert
    envoyer -n 1 "$gros"
    verifier_code 0
    attendre_fin "$SERVEUR"
    verifier_egal 6 "$(grep -c "somme $(sum "$gros" | cut -d ' ' -f 1)$" "$JOURNAL")"
}

# bats test_tags=complet
@test "512 octets coûtent bien plus de processeur que 64 Kio, sendfile bien moins" {
    local gros=$BATS_TEST_TMPDIR/gros
    if avec_asan; then manque_a_la_variante 'ASan change ce que coûte un appel'; fi
    seq 4000000 >"$gros"
    demarrer_reception -c 6 0
    envoyer "$gros"
    verifier_code 0
    grep -q '^512 .* : plus$' <<<"$output"
    grep -q '^sendfile .* : moins$' <<<"$output"
}

# bats test_tags=complet
@test "27-transfert : celui d'en face rompt, et chaque méthode le dit, sans mourir de SIGPIPE" {
    local gros=$BATS_TEST_TMPDIR/gros methode
    seq 4000000 >"$gros"
    for methode in 65536 sendfile splice; do
        demarrer_sonde tcp-serveur rst
        envoyer -m "$methode" "$gros"
        verifier_code 1
        grep -qE '27-transfert : (send|sendfile|splice|lseek) : .*\[(EPIPE|ECONNRESET)\]' <<<"$stderr"
    done
}

@test "27-transfert refuse une méthode inconnue, et un fichier qui n'est pas là" {
    PORT=1
    envoyer -m 1024 /dev/null
    verifier_code 2
    verifier_contient "$stderr" 'méthode « 1024 » : inconnue'
    envoyer "$BATS_TEST_TMPDIR/absent"
    verifier_code 1
    verifier_contient "$stderr" 'open : ' '[ENOENT]'
}

# bats test_tags=complet
@test "27-reception : un client qui rompt ne prive pas le suivant" {
    demarrer_reception -s -c 2 0
    lancer "$SONDE" tcp 127.0.0.1 "$PORT" envoyer 'rompu' rst
    lancer "$SONDE" tcp 127.0.0.1 "$PORT" envoyer 'entier' demi-fermer lire-fin
    verifier_code 0
    attendre_fin "$SERVEUR"
    verifier_egal 0 "$code"
    verifier_contient "@$ERREURS" 'recv : ' '[ECONNRESET]'
    verifier_contient "@$JOURNAL" "somme $(printf entier | sum | cut -d ' ' -f 1)"
}

# bats test_tags=complet
@test "27-reception : arrêté puis relancé (EINTR), il ne perd pas son client" {
    sous_strace recvfrom:error=EINTR:when=1
    demarrer serveur "${ENVELOPPE[@]}" "${PROGRAMMES}tcp/27-reception" 0
    attendre_ligne "$BATS_TEST_TMPDIR/serveur.out" '^listen : '
    lancer "$SONDE" tcp 127.0.0.1 "$(trace_port "$BATS_TEST_TMPDIR/serveur.out")" envoyer 'entier' demi-fermer lire-fin
    verifier_code 0
    attendre_fin "$PID"
    verifier_egal '' "$(cat "$BATS_TEST_TMPDIR/serveur.err")"
    verifier_contient "@$BATS_TEST_TMPDIR/serveur.out" 'recv : 6 octets'
}

# bats test_tags=complet
@test "MSG_ZEROCOPY, d'une machine à elle-même : le noyau copie quand même, et le dit" {
    compiler_un_essai <<'C'
#include <time.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
static char tampon[65536];
int main(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr *p = (struct sockaddr *)&a;
    socklen_t t = sizeof a;
    int e = socket(AF_INET, SOCK_STREAM, 0), ici = socket(AF_INET, SOCK_STREAM, 0), oui = 1;
    if (bind(e, p, t) || listen(e, 1) || getsockname(e, p, &t) || connect(ici, p, t)) return 2;
    int la = accept(e, (void *)0, (void *)0);
    if (setsockopt(ici, SOL_SOCKET, SO_ZEROCOPY, &oui, sizeof oui)) return 3;
    if (send(ici, tampon, sizeof tampon, MSG_ZEROCOPY) < 1 || recv(la, tampon, sizeof tampon, 0) < 1) return 4;
    union { struct cmsghdr alignee; char octets[256]; } zone;
    struct msghdr m = {.msg_control = &zone, .msg_controllen = sizeof zone};
    struct pollfd avis = {.fd = ici, .events = 0}; /* POLLERR */
    if (poll(&avis, 1, 5000) != 1 || recvmsg(ici, &m, MSG_ERRQUEUE) == -1) return 5;
    struct sock_extended_err *dit = (void *)CMSG_DATA(CMSG_FIRSTHDR(&m));
    if (dit->ee_origin != SO_EE_ORIGIN_ZEROCOPY) return 6;
    return dit->ee_code == SO_EE_CODE_ZEROCOPY_COPIED ? 0 : 7;
}
C
    run -0 "$ESSAI"
}

# --- scripts/transfert.sh

# bats test_tags=complet
@test "transfert.sh mesure chacun à tour de rôle, et rapporte le meilleur à iperf3" {
    exiger_outil iperf3
    exiger_outil socat
    lancer "$RACINE/scripts/transfert.sh" -n 2 -m 128
    verifier_code 0
    verifier_egal '' "$stderr"
    verifier_egal 'Mio/s iperf3 65536 1048576 sendfile splice grand nc socat la' "$(awk '{ print $1 }' <<<"$output" | paste -sd ' ')"
    grep -qE '^iperf3 .* 1,00$' <<<"$output"
    grep -qE '^la meilleure : [a-z0-9]+, [0-9],[0-9]{2} fois iperf3' <<<"$output"
}

# bats test_tags=complet
@test "transfert.sh se passe de ce qui manque, et le dit ; il ne laisse rien derrière lui" {
    local outils=$BATS_TEST_TMPDIR/outils
    mkdir "$outils" "$BATS_TEST_TMPDIR/passage"
    ln -s /usr/bin/* /bin/* /usr/sbin/* /sbin/* "$outils/" 2>/dev/null || true
    rm -f "$outils"/{iperf3,socat}
    PATH=$outils TMPDIR=$BATS_TEST_TMPDIR/passage lancer "$RACINE/scripts/transfert.sh" -n 1 -m 128
    verifier_code 0
    verifier_contient "$output" '(sans iperf3 : il manque)' '(sans socat : il manque)'
    grep -qE '^sendfile .* -$' <<<"$output"
    verifier_absent "$output" 'la meilleure'
    verifier_egal '' "$(ls "$BATS_TEST_TMPDIR/passage")"
}

@test "interrompu dans un terminal, transfert.sh finit sa ligne" {
    exiger_outil script
    run script -qec "timeout --foreground -s INT 3 '$RACINE/scripts/transfert.sh' -n 9; echo après" /dev/null < /dev/null
    verifier_contient "$output" 'tour 1 sur 9'
    grep -qx $'après\r' <<<"$output"
}

@test "transfert.sh refuse une demande mal écrite" {
    local demande
    for demande in '-n 0' '-n' '-m 12' '-x' 'iperf3'; do
        # shellcheck disable=SC2086  # des mots
        lancer "$RACINE/scripts/transfert.sh" $demande
        verifier_code 2
        verifier_contient "$stderr" '(voir scripts/transfert.sh -h)'
    done
}

# --- Ce que dit le mémento de sendfile et de splice

# bats test_tags=complet
@test "sendfile suit la position du fichier, ou la nôtre, et refuse un tube ; splice veut un tube" {
    compiler_un_essai <<'C'
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>
int main(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr *p = (struct sockaddr *)&a;
    socklen_t t = sizeof a;
    int e = socket(AF_INET, SOCK_STREAM, 0), s = socket(AF_INET, SOCK_STREAM, 0), tube[2];
    if (bind(e, p, t) || listen(e, 1) || getsockname(e, p, &t) || connect(s, p, t) || pipe(tube)) return 2;
    FILE *f = tmpfile();
    if (!f || fputs("0123456789", f) == EOF || fflush(f) == EOF) return 2;
    int fichier = fileno(f);
    off_t ou = 2;
    if (lseek(fichier, 4, SEEK_SET) != 4) return 2;
    if (sendfile(s, fichier, &ou, 3) != 3 || ou != 5 || lseek(fichier, 0, SEEK_CUR) != 4) return 3;
    if (sendfile(s, fichier, NULL, 100) != 6 || lseek(fichier, 0, SEEK_CUR) != 10) return 4;
    if (write(tube[1], "x", 1) != 1 || sendfile(s, tube[0], NULL, 1) != -1 || errno != EINVAL) return 5;
    ou = 0;
    if (splice(fichier, &ou, s, NULL, 1, 0) != -1 || errno != EINVAL) return 6;
    return splice(tube[0], NULL, s, NULL, 1, 0) == 1 ? 0 : 7;
}
C
    run -0 "$ESSAI"
}
