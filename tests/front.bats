#!/usr/bin/env bats
# epoll par niveau et par front (tcp/24-front), et la copie d'une socket qu'il surveille (tcp/24-copie).

setup() { load aide; }

@test "24-front : par niveau, le reste est redit ; par front, il attend une autre arrivée" {
    lancer "${PROGRAMMES}tcp/24-front" niveau
    verifier_code 0
    verifier_egal 3 "$(grep -c 'epoll_wait : EPOLLIN' <<<"$output")"
    verifier_contient "$output" 'FIONREAD, 0 à lire'
    lancer "${PROGRAMMES}tcp/24-front" front
    verifier_code 0
    verifier_contient "$output" $'recv : 4\n    epoll_wait : rien\n    ioctl : FIONREAD, 6 à lire\nsend : ' \
        $'un octet de plus\n    epoll_wait : EPOLLIN\n    recv : 4\n    epoll_wait : rien'
}

# bats test_tags=complet
@test "24-front : par front, lire jusqu'à EAGAIN ne laisse rien, et EPOLLOUT n'est dit qu'une fois" {
    lancer "${PROGRAMMES}tcp/24-front" deux-sens 3
    verifier_code 0
    verifier_egal 1 "$(grep -c 'EPOLLOUT' <<<"$output")"
    verifier_contient "$output" $'recv : 1\n    recv : EAGAIN\n    epoll_wait : rien' 'FIONREAD, 0 à lire'
    lancer "${PROGRAMMES}tcp/24-front" une-fois
    verifier_contient "$output" $'epoll_ctl : EPOLL_CTL_MOD\n    epoll_wait : EPOLLIN\n    recv : 4\n    epoll_wait : rien'
}

# bats test_tags=complet
@test "24-front et 24-copie : un signal n'abrège pas l'attente, et rien ne reste derrière eux" {
    local programme attendu
    for programme in 24-front 24-copie; do
        lancer "${PROGRAMMES}tcp/$programme"
        attendu=$output
        sous_strace epoll_wait:error=EINTR:when=2
        lancer "${ENVELOPPE[@]}" "${PROGRAMMES}tcp/$programme"
        verifier_code 0
        verifier_egal "$attendu" "$output"
    done
    sous_valgrind
    for programme in 24-front 24-copie; do
        lancer "${ENVELOPPE[@]}" "${PROGRAMMES}tcp/$programme"
        verifier_code 0
        verifier_rapport
    done
}

@test "24-front refuse une manière inconnue, avant d'ouvrir quoi que ce soit" {
    lancer "${PROGRAMMES}tcp/24-front" de-biais
    verifier_code 2
    verifier_egal '' "$output"
    verifier_contient "$stderr" 'manière inconnue « de-biais »'
}

@test "24-copie : fermée, mais copiée, la socket donne encore son événement, que l'on ne peut plus ôter" {
    lancer "${PROGRAMMES}tcp/24-copie"
    verifier_code 0
    verifier_egal 2 "$(grep -c '^epoll_wait : descripteur' <<<"$output")"
    verifier_contient "$output" 'recv : mauvais descripteur [EBADF]' 'EPOLL_CTL_DEL : mauvais descripteur [EBADF]' \
        'la copie : fichier ou objet introuvable [ENOENT]'
    verifier_egal 'epoll_wait : rien' "${lines[-1]}"
}
