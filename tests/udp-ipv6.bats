#!/usr/bin/env bats
# Ce que disent les mémentos d'UDP et d'IPv6, et qu'aucune de leurs scènes ne montre.

setup() { load aide; }

# Compile et lance ce corps de main ; il réussit si chaque égalité est vraie, et l'on sait laquelle ne l'est pas.
verifie() {   # CORPS...
    compiler_un_essai < <(
        printf '#include <%s>\n' arpa/inet.h errno.h netinet/in.h poll.h stddef.h stdio.h string.h sys/socket.h unistd.h
        cat <<< '#define vrai(e) do { if (!(e)) { printf("faux : %s\n", #e); return 1; } } while (0)'
        printf '%s\n' 'int main(void) {' "$@" 'return 0; }'
    )
    "$ESSAI"
}

# preuve : UDP-sendto-01 « const struct sockaddr *, socklen_t) = sendto; »
# preuve : UDP-recvfrom-01 « struct sockaddr *, socklen_t *) = recvfrom; »
@test "sendto et recvfrom ont ces prototypes" {
    verifie 'ssize_t (*s)(int, const void *, size_t, int, const struct sockaddr *, socklen_t) = sendto;' \
        'ssize_t (*r)(int, void *, size_t, int, struct sockaddr *, socklen_t *) = recvfrom;' 'vrai(s && r);'
}

# preuve : UDP-sendto-05 « errno == EOPNOTSUPP » UDP-recvfrom-04 « MSG_PEEK »
@test "en UDP, MSG_OOB est refusé à l'envoi ; les autres drapeaux sont admis" {
    verifie 'struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};' \
        'struct sockaddr *p = (struct sockaddr *)&a; socklen_t t = sizeof a; char m[10];' \
        'int s = socket(AF_INET, SOCK_DGRAM, 0); vrai(bind(s, p, t) == 0 && getsockname(s, p, &t) == 0);' \
        'vrai(sendto(s, "ab", 2, MSG_OOB, p, t) == -1 && errno == EOPNOTSUPP);' \
        'vrai(sendto(s, "ab", 2, MSG_DONTROUTE | MSG_DONTWAIT | MSG_NOSIGNAL, p, t) == 2);' \
        'vrai(recvfrom(s, m, 1, MSG_PEEK, NULL, NULL) == 1);' \
        'vrai(recvfrom(s, m, sizeof m, MSG_WAITALL | MSG_NOSIGNAL, NULL, NULL) == 2);' \
        'vrai(recvfrom(s, m, sizeof m, MSG_ERRQUEUE, NULL, NULL) == -1 && errno == EAGAIN);'
}

# Les appels réseau d'un programme, un par ligne.
appels() { sed -nE 's/^[0-9]+ +(socket|bind|listen|connect|accept|sendto|recvfrom|close)\(.*/\1/p' "$1"; }

# bats test_tags=complet
# preuve : UDP-prog-01 UDP-prog-02 « socket bind recvfrom »
@test "le serveur UDP nu ne fait que s'attacher et recevoir ; son client ne fait qu'envoyer, sans bind" {
    exiger_outil strace
    exiger_espace
    if avec_asan; then manque_a_la_variante 'ASan ne veut pas de strace'; fi
    local PORT
    PORT=$(port_libre)
    demarrer serveur strace -D -f -o "$BATS_TEST_TMPDIR/serveur.trace" "$PROGRAMMES"udp/02-serveur-nu "$PORT"
    attendre 5 port_pris udp "$PORT"
    lancer strace -f -o "$BATS_TEST_TMPDIR/client.trace" "$PROGRAMMES"udp/01-client-nu 127.0.0.1 "$PORT"
    verifier_code 0
    attendre 5 grep -q 'sendto.* = 3' "$BATS_TEST_TMPDIR/serveur.trace"
    [[ $(appels "$BATS_TEST_TMPDIR/serveur.trace" | tr '\n' ' ') == *'socket bind recvfrom'* ]]
    run appels "$BATS_TEST_TMPDIR/client.trace"
    [[ ${output//$'\n'/ } == *'socket sendto'* || ${output//$'\n'/ } == *'socket connect sendto'* ]]
    verifier_absent "$output" bind
    verifier_absent "$output" listen
}

# preuve : IP6-struct-03 « a.s6_addr[15] » IP6-struct-09 « s6_addr16 » IP6-struct-10 « offsetof(struct sockaddr_in6, sin6_scope_id) == 24 »
# preuve : IP6-struct-06 « "::" » IP6-struct-07 « "::1" »
@test "in6_addr : seize octets, vus aussi en mots ; in6addr_any est ::, in6addr_loopback est ::1" {
    verifie 'struct in6_addr a = in6addr_loopback; char t[INET6_ADDRSTRLEN];' \
        'vrai(sizeof a == 16 && a.s6_addr[15] == 1);' \
        'vrai(ntohs(a.s6_addr16[7]) == 1 && ntohl(a.s6_addr32[3]) == 1);' \
        'vrai(offsetof(struct sockaddr_in6, sin6_scope_id) == 24);' \
        'vrai(strcmp(inet_ntop(AF_INET6, &in6addr_any, t, sizeof t), "::") == 0);' \
        'vrai(strcmp(inet_ntop(AF_INET6, &in6addr_loopback, t, sizeof t), "::1") == 0);' \
        'struct in6_addr zero = IN6ADDR_ANY_INIT, un = IN6ADDR_LOOPBACK_INIT;' \
        'vrai(memcmp(&zero, &in6addr_any, 16) == 0 && memcmp(&un, &in6addr_loopback, 16) == 0);'
    printf '#include <netinet/in.h>\nint f(struct in6_addr *a) { return a->s6_addr16[0]; }\n' > "$BATS_TEST_TMPDIR/strict.c"
    run ! cc -std=c11 -fsyntax-only "$BATS_TEST_TMPDIR/strict.c"   # hors du C11 strict
}

# preuve : IP6-gai-09 « inet_pton(AF_INET6, »
@test "inet_pton et inet_ntop vont et viennent, IPv6 comprise" {
    verifie 'struct in6_addr a; char t[INET6_ADDRSTRLEN];' \
        'vrai(inet_pton(AF_INET6, "2001:DB8:0:0:0:0:0:1", &a) == 1);' \
        'vrai(strcmp(inet_ntop(AF_INET6, &a, t, sizeof t), "2001:db8::1") == 0);' \
        'vrai(inet_pton(AF_INET6, "127.0.0.1", &a) == 0);'
}

# preuve : IP6-dual-05 « ECONNREFUSED » IP6-dual-06 « errno == EINVAL »
@test "IPV6_V6ONLY à 1, IPv4 est refusée ; le régler après bind est refusé ; son défaut est celui du noyau" {
    exiger_ipv6
    local defaut
    defaut=$(< /proc/sys/net/ipv6/bindv6only)
    verifie 'struct sockaddr_in6 a = {.sin6_family = AF_INET6}; socklen_t t = sizeof a; int v = -1, oui = 1;' \
        'int s = socket(AF_INET6, SOCK_STREAM, 0); socklen_t n = sizeof v;' \
        "vrai(getsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &v, &n) == 0 && v == $defaut);" \
        'vrai(setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &oui, sizeof oui) == 0);' \
        'vrai(bind(s, (struct sockaddr *)&a, t) == 0 && listen(s, 1) == 0);' \
        'vrai(getsockname(s, (struct sockaddr *)&a, &t) == 0);' \
        'vrai(setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &oui, sizeof oui) == -1 && errno == EINVAL);' \
        'struct sockaddr_in b = {.sin_family = AF_INET, .sin_port = a.sin6_port, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};' \
        'int c = socket(AF_INET, SOCK_STREAM, 0);' \
        'vrai(connect(c, (struct sockaddr *)&b, sizeof b) == -1 && errno == ECONNREFUSED);'
}
