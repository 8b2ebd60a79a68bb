#!/usr/bin/env bats
# Ce que les en-têtes déclarent, et ce qu'ils ne déclarent pas : le compilateur le dit, sans rien lancer.
# bats file_tags=complet

setup() { load aide; }

# Compile l'entrée, après <sys/socket.h> ; ce qu'en dit le compilateur est dans output, une remarque est une faute.
compiler() {
    local texte
    texte=$(cat)
    run env LC_ALL=C "${CC:-cc}" -std=gnu11 -Wall -Werror -fsyntax-only -x c - <<<"$texte"
}
accepte() {
    compiler
    verifier_egal '' "$output"
}
refuse() {   # MORCEAU        du message : ceux de gcc et de clang diffèrent, séparer par « | »
    compiler
    [ "$status" -ne 0 ]
    grep -E "$1" <<<"$output"
}

# preuve : TCP-socket-01 « int (*s)(int, int, int) = socket; »
# preuve : TCP-bind-01 « const struct sockaddr *, socklen_t) = bind; »
# preuve : TCP-connect-01 « const struct sockaddr *, socklen_t) = connect; »
# preuve : TCP-listen-01 « int (*l)(int, int) = listen; »
# preuve : TCP-accept-01 ERR-005 « struct sockaddr *, socklen_t *) = accept; »
@test "socket, bind, connect, listen et accept ont ces prototypes, et tous rendent un int" {
    accepte <<'C'
#include <sys/socket.h>
int (*s)(int, int, int) = socket;
int (*b)(int, const struct sockaddr *, socklen_t) = bind;
int (*c)(int, const struct sockaddr *, socklen_t) = connect;
int (*l)(int, int) = listen;
int (*a)(int, struct sockaddr *, socklen_t *) = accept;
_Static_assert(PF_INET == AF_INET, "la même valeur");
C
    refuse 'incompatible' <<'C'
#include <sys/socket.h>
int (*a)(int, struct sockaddr *, socklen_t) = accept;
C
    refuse 'conflicting types' <<'C'
#include <sys/socket.h>
long socket(int, int, int);
C
}

# preuve : TCP-socket-25 ERR-004 « int t = SOCK_STREAM, a = AF_INET; » ERR-147 « IPPROTO_TCP.* undeclared|undeclared identifier .IPPROTO_TCP »
@test "sys/socket.h suffit aux familles et aux types, mais les IPPROTO_ sont ailleurs" {
    accepte <<'C'
#include <sys/socket.h>
int f(void) { int t = SOCK_STREAM, a = AF_INET; return socket(a, t, 0); }
C
    refuse 'IPPROTO_TCP.* undeclared|undeclared identifier .IPPROTO_TCP' <<'C'
#include <sys/socket.h>
int p = IPPROTO_TCP;
C
    accepte <<'C'
#include <netinet/in.h>
_Static_assert(IPPROTO_TCP == 6, "TCP");
C
}

# preuve : ERR-148 ERR-163 « implicit declaration of function .close|call to undeclared function .close »
@test "sans unistd.h, close est inconnu" {
    refuse 'implicit declaration of function .close|call to undeclared function .close' <<'C'
#include <sys/socket.h>
int f(void) { return close(socket(AF_INET, SOCK_STREAM, 0)); }
C
}

# preuve : ADR-struct-02 « (struct sockaddr *)&a »
@test "sans la conversion en struct sockaddr *, le compilateur proteste" {
    accepte <<'C'
#include <netinet/in.h>
int f(void) { struct sockaddr_in a = {0}; return bind(3, (struct sockaddr *)&a, sizeof a); }
C
    refuse 'incompatible pointer type' <<'C'
#include <netinet/in.h>
int f(void) { struct sockaddr_in a = {0}; return bind(3, &a, sizeof a); }
C
}

# preuve : ADR-struct-04 ERR-027 « no member named .sa_len »
# preuve : ADR-struct-06 « no member named .sin_len »
@test "les champs de longueur des BSD n'existent pas sous Linux" {
    refuse 'no member named .sa_len' <<'C'
#include <sys/socket.h>
int f(struct sockaddr *a) { return a->sa_len; }
C
    refuse 'no member named .sin_len' <<'C'
#include <netinet/in.h>
int f(struct sockaddr_in *a) { return a->sin_len; }
C
    refuse 'no member named .sin6_len' <<'C'
#include <netinet/in.h>
int f(struct sockaddr_in6 *a) { return a->sin6_len; }
C
}

# preuve : ADR-struct-12 « incomplete|storage size »
# preuve : ERR-028 « struct sockaddr a; »
@test "sys/socket.h suffit à struct sockaddr, pas à struct sockaddr_in" {
    accepte <<'C'
#include <sys/socket.h>
int f(void) { struct sockaddr a; return (int)sizeof a; }
C
    refuse 'incomplete|storage size' <<'C'
#include <sys/socket.h>
int f(void) { struct sockaddr_in a; return (int)sizeof a; }
C
    accepte <<'C'
#include <netinet/in.h>
int f(void) { struct sockaddr_in a; struct sockaddr_in6 b; return (int)(sizeof a + sizeof b); }
C
}

# preuve : ADR-conv-09 « implicit declaration of function|call to undeclared function »
@test "les conversions sont déclarées dans arpa/inet.h" {
    accepte <<'C'
#include <arpa/inet.h>
int f(void *o) { return inet_pton(AF_INET, "127.0.0.1", o); }
C
    refuse 'implicit declaration of function|call to undeclared function' <<'C'
#include <netinet/in.h>
int f(void *o) { return inet_pton(AF_INET, "127.0.0.1", o); }
C
}

# preuve : ERR-036 « expected expression »
@test "IN6ADDR_ANY_INIT ne sert qu'à initialiser ; pour affecter, in6addr_any" {
    accepte <<'C'
#include <netinet/in.h>
struct in6_addr f(void) { struct in6_addr a = IN6ADDR_LOOPBACK_INIT; a = in6addr_any; return a; }
C
    refuse 'expected expression' <<'C'
#include <netinet/in.h>
struct in6_addr f(void) { struct in6_addr a; a = IN6ADDR_ANY_INIT; return a; }
C
}

# preuve : ERR-037 « no member named .in6_u »
@test "le champ in6_u est celui du noyau : les programmes ont s6_addr" {
    accepte <<'C'
#include <netinet/in.h>
int f(struct in6_addr *a) { return a->s6_addr[15]; }
C
    refuse 'no member named .in6_u' <<'C'
#include <netinet/in.h>
int f(struct in6_addr *a) { return a->in6_u.u6_addr8[15]; }
C
}

# preuve : ERR-055 « INVALID_SOCKET.* undeclared|undeclared identifier .INVALID_SOCKET »
@test "INVALID_SOCKET n'existe pas ici : un appel raté rend -1" {
    refuse 'INVALID_SOCKET.* undeclared|undeclared identifier .INVALID_SOCKET' <<'C'
#include <sys/socket.h>
int f(int s) { return accept(s, NULL, NULL) == INVALID_SOCKET; }
C
}
