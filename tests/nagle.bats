#!/usr/bin/env bats
# Les quarante millisecondes : l'algorithme de Nagle, et l'accusé retardé (tcp/26).
# bats file_tags=complet

setup() { load aide; }

@test "26-nagle : écrire deux fois puis lire attend un accusé, les cinq autres façons non" {
    lancer "${PROGRAMMES}tcp/26-nagle"
    verifier_code 0
    verifier_egal '' "$stderr"
    grep -q '^deux .* : environ 40 ms$' <<<"$output"
    verifier_egal 5 "$(grep -c ' : sans attendre$' <<<"$output")"
}

@test "26-nagle juge ce qu'il mesure : les options dites posées, et qui ne le sont pas, n'ôtent rien" {
    sous_strace setsockopt:retval=0
    ENVELOPPE+=(-f)
    lancer "${ENVELOPPE[@]}" "${PROGRAMMES}tcp/26-nagle"
    verifier_code 0
    verifier_egal 'deux nodelay cork quickack' "$(sed -n 's/ *:.*: environ 40 ms$//p' <<<"$output" | paste -sd ' ')"
}

@test "26-nagle le voit aussi sur un noyau qui attend trois réponses avant de retarder ses accusés" {
    exiger_espace
    local seuil=/proc/sys/net/ipv4/tcp_pingpong_thresh
    [ -w $seuil ] || manque "ce noyau ne laisse pas choisir ce nombre"
    lancer "$RACINE/scripts/espace.sh" sh -c "echo 3 >$seuil && exec '${PROGRAMMES}tcp/26-nagle'"
    verifier_code 0
    verifier_egal deux "$(sed -n 's/ *:.*: environ 40 ms$//p' <<<"$output")"
}

@test "26-nagle : un octet par appel ne change ni le message, ni la réponse" {
    avec_des_appels_avares tcp/26-nagle 1
    lancer "${ENVELOPPE[@]}" "${PROGRAMMES}tcp/26-nagle"
    verifier_code 0
    verifier_egal 6 "$(grep -c '^[a-z]* *: ' <<<"$output")"
}

@test "TCP_QUICKACK ne dure pas : répondre une fois, et le noyau retarde de nouveau ses accusés" {
    compiler_un_essai <<<"$ESSAIS"
    run -0 "$ESSAI" quickack
}

@test "le même message : deux segments avec TCP_NODELAY, un seul d'un trait, avec MSG_MORE ou TCP_CORK" {
    compiler_un_essai <<<"$ESSAIS"
    run -0 "$ESSAI" segments
    verifier_egal 'TCP_NODELAY 2, un trait 1, MSG_MORE 1, TCP_CORK 1' "$output"
}

@test "TCP_CORK et MSG_MORE ne retiennent pas toujours : 200 ms, et ce qui attendait part" {
    compiler_un_essai <<<"$ESSAIS"
    run -0 "$ESSAI" bouchon
}

# De petites expériences ; linux/tcp.h, et non netinet/tcp.h, dit tcpi_data_segs_out.
ESSAIS='
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

static int ici, la, non, oui = 1;

static int lire(int s, int option)
{
    int valeur = -1;
    socklen_t taille = sizeof valeur;
    return getsockopt(s, IPPROTO_TCP, option, &valeur, &taille) == 0 ? valeur : -1;
}

static int relier(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr *p = (struct sockaddr *)&a;
    socklen_t t = sizeof a;
    int e = socket(AF_INET, SOCK_STREAM, 0);
    ici = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(e, p, t) || listen(e, 1) || getsockname(e, p, &t) || connect(ici, p, t)) return -1;
    return (la = accept(e, NULL, NULL)) == -1 ? -1 : 0;
}

static unsigned segments(void)
{
    struct tcp_info info;
    socklen_t t = sizeof info;
    memset(&info, 0, sizeof info);
    return getsockopt(ici, IPPROTO_TCP, TCP_INFO, &info, &t) == 0 ? info.tcpi_data_segs_out : 99;
}

static unsigned cout(int option, int drapeau, size_t premier)
{
    char message[12] = "", octet;
    unsigned avant = segments();
    if (option) setsockopt(ici, IPPROTO_TCP, option, &oui, sizeof oui);
    send(ici, message, premier, drapeau);
    if (premier < sizeof message) send(ici, message, sizeof message - premier, 0);
    if (option) setsockopt(ici, IPPROTO_TCP, option, &non, sizeof non);
    recv(la, message, sizeof message, MSG_WAITALL);
    send(la, "!", 1, 0);
    recv(ici, &octet, 1, 0);
    return segments() - avant;
}

int main(int argc, char *argv[])
{
    char m[12];
    if (argc != 2 || relier()) return 2;
    if (strcmp(argv[1], "quickack") == 0) {
        if (setsockopt(la, IPPROTO_TCP, TCP_QUICKACK, &oui, sizeof oui) || lire(la, TCP_QUICKACK) != 1) return 3;
        send(ici, "question", 8, 0);
        recv(la, m, 8, MSG_WAITALL);
        for (int i = 0; i < 4; i++) send(la, "!", 1, 0); /* selon le noyau, une réponse, ou trois */
        return lire(la, TCP_QUICKACK) == 0 ? 0 : 4;
    }
    if (strcmp(argv[1], "segments") == 0) {
        unsigned nodelay = cout(TCP_NODELAY, 0, 4), un = cout(0, 0, 12), more = cout(0, MSG_MORE, 4);
        printf("TCP_NODELAY %u, un trait %u, MSG_MORE %u, TCP_CORK %u", nodelay, un, more, cout(TCP_CORK, 0, 4));
        return 0;
    }
    for (int drapeau = 0; drapeau <= MSG_MORE; drapeau += MSG_MORE) {
        struct pollfd arrive = {.fd = la, .events = POLLIN};
        setsockopt(ici, IPPROTO_TCP, TCP_CORK, drapeau ? &non : &oui, sizeof oui);
        send(ici, "retenu", 6, drapeau);
        if (poll(&arrive, 1, 0) != 0) return 5;    /* pas tout de suite */
        if (poll(&arrive, 1, 5000) != 1) return 6; /* mais sans autre geste */
        recv(la, m, 6, MSG_WAITALL);
    }
    return 0;
}
'
