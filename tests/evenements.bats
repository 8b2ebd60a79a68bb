#!/usr/bin/env bats
# Ne pas attendre (tcp/15), et attendre plusieurs événements (tcp/16, tcp/17).

setup() { load aide; }

# --- tcp/15 : connect() avec une échéance

@test "15-non-bloquant dit l'échec d'un connect en cours, une fois, et finit par 1" {
    lancer "${PROGRAMMES}tcp/15-non-bloquant" 127.0.0.1 1
    verifier_code 1
    verifier_contient "$output" 'SO_ERROR, connexion refusée [ECONNREFUSED]' 'SO_ERROR, 0' '[ECONNABORTED]'
    verifier_contient "$stderr" 'connect : connexion refusée [ECONNREFUSED]'
    verifier_messages
}

# bats test_tags=complet
@test "15-non-bloquant : un signal n'abrège pas l'attente" {
    demarrer_sonde tcp-serveur lire-fin
    sous_strace poll:error=EINTR:when=1
    lancer "${ENVELOPPE[@]}" "${PROGRAMMES}tcp/15-non-bloquant" 127.0.0.1 "$PORT"
    verifier_code 0
    verifier_contient "$output" 'poll : POLLOUT' '[EISCONN]' 'recv : ressource momentanément indisponible [EAGAIN]'
}

# bats test_tags=complet
@test "15-non-bloquant renonce à son heure, même si des signaux l'éveillent sans cesse" {
    demarrer_sonde tcp-serveur lire-fin
    sous_strace poll:error=EINTR
    lancer "${ENVELOPPE[@]}" "${PROGRAMMES}tcp/15-non-bloquant" 127.0.0.1 "$PORT" 200
    verifier_code 1
    verifier_contient "$stderr" 'connect : pas de réponse en 200 ms'
}

@test "15-sans-cesse : la boucle folle prend le processeur, poll() le laisse" {
    demarrer_sonde tcp-serveur lire-fin
    lancer "${PROGRAMMES}tcp/15-sans-cesse" 127.0.0.1 "$PORT" 100
    verifier_code 0
    verifier_contient "$output" 'F_GETFL, bloquante' 'F_GETFL, O_NONBLOCK' ', plus de cent fois moins'
}

# bats test_tags=complet
@test "15-sans-cesse montre sans danger ce qui arrive, et finit quand l'autre s'en va" {
    demarrer_sonde tcp-serveur envoyer '\x1b[31m\n'
    lancer "${PROGRAMMES}tcp/15-sans-cesse" 127.0.0.1 "$PORT" 10000
    verifier_code 0
    verifier_contient "$output" 'recv : 6 octets « \x1b[31m\n »' 'poll : POLLIN' 'recv : 0 octet'
}

# --- tcp/16 : la table des événements

@test "16-evenements et 16-imprevus voient chacun ce qui est prévu, et n'attendent pas" {
    lancer "${PROGRAMMES}tcp/16-evenements"
    verifier_code 0
    verifier_egal '' "$stderr"
    verifier_contient "$output" 'un octet arrivé : POLLIN|POLLOUT' 'plus de place pour envoyer : rien'
    lancer "${PROGRAMMES}tcp/16-imprevus"
    verifier_code 0
    verifier_contient "$output" 'rompue (RST) : POLLIN|POLLOUT|POLLERR|POLLHUP|POLLRDHUP'
}

# bats test_tags=complet
@test "16-ailleurs : une socket UDP connectée apprend le refus, l'autre jamais" {
    lancer "${PROGRAMMES}tcp/16-ailleurs"
    verifier_code 0
    verifier_contient "$output" 'UDP, sans connect : POLLOUT' 'UDP, connectée : POLLERR' '[ECONNREFUSED]'
}

# bats test_tags=complet
@test "les tables d'événements ne laissent rien derrière elles" {
    sous_valgrind
    local programme
    for programme in 16-evenements 16-imprevus 16-ailleurs; do
        lancer "${ENVELOPPE[@]}" "${PROGRAMMES}tcp/$programme" </dev/null
        verifier_code 0
        verifier_rapport
    done
}

# --- tcp/17 : select()

# preuve : SEL-04 « tv.tv_usec == 0 »
@test "select réécrit son délai : passé, il n'en reste rien (avec la glibc)" {
    compiler_un_essai <<'C'
#include <stddef.h>
#include <sys/select.h>
int main(void)
{
    struct timeval tv = {0, 20000};
    return !(select(0, NULL, NULL, NULL, &tv) == 0 && tv.tv_sec == 0 && tv.tv_usec == 0);
}
C
    run -0 "$ESSAI"
}

# preuve : SEL-02 « select(c + 1, NULL, &ecriture, NULL, &tv) == 1 »
@test "select attend la fin d'un connect non bloquant : la socket est dans l'ensemble d'écriture" {
    compiler_un_essai <<'C'
#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/select.h>
#include <sys/socket.h>
int main(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr *p = (struct sockaddr *)&a;
    socklen_t t = sizeof a;
    int e = socket(AF_INET, SOCK_STREAM, 0), c = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (bind(e, p, t) || listen(e, 1) || getsockname(e, p, &t)) return 2;
    if (connect(c, p, t) == -1 && errno != EINPROGRESS) return 3;
    struct timeval tv = {5, 0};
    fd_set ecriture;
    FD_ZERO(&ecriture);
    FD_SET(c, &ecriture);
    int raison = -1;
    t = sizeof raison;
    return !(select(c + 1, NULL, &ecriture, NULL, &tv) == 1 && FD_ISSET(c, &ecriture) &&
             getsockopt(c, SOL_SOCKET, SO_ERROR, &raison, &t) == 0 && raison == 0);
}
C
    run -0 "$ESSAI"
}

# Lance un programme qui a déjà mille fichiers ouverts.
avec_mille_fichiers() {   # PROGRAMME
    [ "$(ulimit -Hn)" = unlimited ] || [ "$(ulimit -Hn)" -gt 1100 ] || manque "moins de 1100 descripteurs ici"
    # shellcheck disable=SC2016  # rien n'est à développer ici
    lancer bash -c 'ulimit -n 1100
        for ((i = 3; i < 1040; i++)); do eval "exec $i</dev/null"; done; exec "$0"' "$PROGRAMMES$1"
}

@test "17-trop-grand refuse un descripteur trop grand avant de l'écrire dans un ensemble" {
    [ "$(ulimit -Hn)" = unlimited ] || [ "$(ulimit -Hn)" -gt 1024 ] || manque "moins de 1025 descripteurs ici"
    lancer "${PROGRAMMES}tcp/17-trop-grand"
    verifier_code 0
    verifier_contient "$output" 'FD_SET : 1024, trop grand : FD_SETSIZE vaut 1024'
    verifier_absent "$output" 'select :'
}

# bats test_tags=complet
@test "16-imprevus, lancé avec mille fichiers ouverts, le refuse aussi" {
    avec_mille_fichiers tcp/16-imprevus
    verifier_code 1
    verifier_contient "$stderr" 'trop grand pour select()'
}

@test "17-trop-grand : un numéro que la limite de descripteurs n'accorde pas est une erreur dite" {
    lancer bash -c 'ulimit -n 64; exec "$0" 64' "${PROGRAMMES}tcp/17-trop-grand"
    verifier_code 1
    verifier_contient "$stderr" 'fcntl : argument invalide [EINVAL]'
}

# bats test_tags=complet
@test "17-select : le clavier fini, il écoute encore, jusqu'à la fin de l'autre" {
    demarrer_sonde tcp-serveur lire-fin envoyer 'encore\n'
    lancer "${PROGRAMMES}tcp/17-select" 127.0.0.1 "$PORT" 10000 <<<'au revoir'
    verifier_code 0
    verifier_contient "$output" 'send : 10 octets « au revoir\n »' 'shutdown : SHUT_WR' \
        'recv : 7 octets « encore\n »' 'recv : 0 octet, fin du flux'
    verifier_contient "@$SONDE_OUT" 'au revoir'
}

# bats test_tags=complet
@test "17-select : ce qu'un signal interrompt reprend, avec ce qui restait du délai" {
    local entree
    mkfifo "$BATS_TEST_TMPDIR/clavier"
    exec {entree}<>"$BATS_TEST_TMPDIR/clavier"   # un clavier où personne ne tape
    demarrer_sonde tcp-serveur lire-fin
    sous_strace '?select,?pselect6,?_newselect:error=EINTR:when=1'
    lancer "${ENVELOPPE[@]}" "${PROGRAMMES}tcp/17-select" 127.0.0.1 "$PORT" 300 <&"$entree"
    exec {entree}>&-
    verifier_code 0
    verifier_contient "$output" 'select : rien ; il reste 0,000000 s'
}

# bats test_tags=complet
@test "17-select, lancé avec mille fichiers ouverts, refuse sa socket" {
    avec_mille_fichiers tcp/17-select
    verifier_code 1
    verifier_contient "$stderr" 'trop grand, FD_SETSIZE vaut 1024'
}

@test "17-select : personne n'écoute, et il le dit" {
    lancer "${PROGRAMMES}tcp/17-select" 127.0.0.1 1 </dev/null
    verifier_code 1
    verifier_contient "$stderr" 'connect : connexion refusée [ECONNREFUSED]'
}
