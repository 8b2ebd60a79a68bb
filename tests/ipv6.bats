#!/usr/bin/env bats
# Les noms, les deux familles, et les machines où l'une des deux manque.
# Ce qu'IPv6 a de commun avec IPv4 (flux, disparitions, signaux) est éprouvé par tests/modeles/.

setup() { load aide; }

# COMMANDE avec CONTENU à la place de FICHIER (de /etc), pour elle seule.
avec_fichier() {   # FICHIER CONTENU COMMANDE...
    exiger_espace
    exiger_outil unshare
    printf %b "$2" >"$BATS_TEST_TMPDIR/fichier"
    lancer unshare -m sh -c 'mount --bind "$0" "$1" && shift && exec "$@"' \
        "$BATS_TEST_TMPDIR/fichier" "$1" "${@:3}"
}

DEUX_FAMILLES='::1 deux-familles\n127.0.0.1 deux-familles\n127.0.0.1 localhost\n'
SANS_IPV6='echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6'

@test "01-adresses montre les adresses de localhost, leur famille et leur taille" {
    lancer "${PROGRAMMES}ipv6/01-adresses" localhost 80
    verifier_code 0
    verifier_egal '' "$stderr"
    grep -qE 'AF_INET6? .*(127\.0\.0\.1|\[::1\]):80, (16|28) octets' <<<"$output"
    verifier_contient "$output" 'getnameinfo'
}

@test "01-adresses montre les deux familles d'un nom qui a les deux" {
    exiger_ipv6
    avec_fichier /etc/hosts "$DEUX_FAMILLES" "${PROGRAMMES}ipv6/01-adresses" deux-familles 5000
    verifier_code 0
    verifier_contient "$output" 'AF_INET6 [::1]:5000, 28 octets' 'AF_INET 127.0.0.1:5000, 16 octets'
}

@test "hors ligne, une adresse sans nom inverse est dite et n'arrête pas la liste" {
    exiger_ipv6
    if avec_asan; then
        manque_a_la_variante "ASan passe avant toute bibliothèque préchargée"
    fi
    cd "$RACINE/build/tests" || return
    avec_fichier /etc/hosts "$DEUX_FAMILLES" env LD_PRELOAD=./partiel.so SANS_INVERSE=oui \
        "${PROGRAMMES}ipv6/01-adresses" deux-familles 5000
    verifier_contient "$output" 'AF_INET6 [::1]:5000' 'AF_INET 127.0.0.1:5000'
    verifier_egal 2 "$(grep -c 'EAI_AGAIN' <<<"$output$stderr")"
    verifier_sans_conseil_repete
}
verifier_sans_conseil_repete() { [ "$(grep -c 'cours : ' <<<"$stderr")" -le 1 ]; }

@test "le service 70000 est refusé : code 2, avec les bornes" {
    lancer "${PROGRAMMES}ipv6/01-adresses" localhost 70000
    verifier_code 2
    verifier_contient "$stderr" '70000' '65535'
}

@test "un service inconnu est dit : code 1, avec son symbole EAI" {
    lancer "${PROGRAMMES}ipv6/01-adresses" 127.0.0.1 service-imaginaire
    verifier_code 1
    verifier_contient "$stderr" 'getaddrinfo : ' '[EAI_'
}

# --- Le client

@test "quand ::1 refuse, le client le dit et réussit par 127.0.0.1" {
    exiger_ipv6
    demarrer_serveur tcp/06-serveur -a 127.0.0.1 0
    avec_fichier /etc/hosts "$DEUX_FAMILLES" "${PROGRAMMES}ipv6/02-client" deux-familles "$PORT"
    verifier_code 0
    verifier_egal '' "$stderr"
    verifier_contient "$output" "connect : [::1]:$PORT : connexion refusée [ECONNREFUSED]" \
        "connect : 127.0.0.1:$PORT" 'réponse : 2 octets « ok »'
}

@test "quand toutes les adresses refusent, chacune est dite : code 1" {
    exiger_ipv6
    avec_fichier /etc/hosts "$DEUX_FAMILLES" "$RACINE/scripts/espace.sh" \
        "${PROGRAMMES}ipv6/02-client" deux-familles 5000
    verifier_code 1
    verifier_contient "$output" 'connect : [::1]:5000 : connexion refusée' \
        'connect : 127.0.0.1:5000 : connexion refusée'
    verifier_contient "$stderr" 'connect : ' '[ECONNREFUSED]'
}

@test "quand la machine n'a pas IPv6, le client passe à IPv4" {
    [ -e /proc/sys/net/ipv6 ] || manque "ce noyau n'a pas IPv6"
    printf %b "$DEUX_FAMILLES" >"$BATS_TEST_TMPDIR/hosts"
    HOSTS=$BATS_TEST_TMPDIR/hosts servir_apres "$SANS_IPV6" '
        unshare -m sh -c "mount --bind $HOSTS /etc/hosts && exec \"\$@\"" sh \
            "$PROGRAMMES"ipv6/02-client deux-familles $port'
    verifier_contient "$output" 'réponse : 2 octets « ok »'
}

# --- Le serveur

@test "une seule socket sert les deux familles, et chaque client est nommé" {
    exiger_ipv6
    demarrer_serveur ipv6/03-serveur 0
    HOTE=127.0.0.1 verifier_survie
    HOTE=::1 verifier_survie
    attendre_ligne "$JOURNAL" '^accept : \[::ffff:127\.0\.0\.1\]:[0-9]+, un client IPv4'
    attendre_ligne "$JOURNAL" '^accept : \[::1\]:[0-9]+, un client IPv6'
    verifier_egal 1 "$(grep -c '^listen : ' "$JOURNAL")"
    verifier_egal '' "$(cat "$ERREURS")"
}

# Dans un espace neuf, une fois PRÉPARATION faite, lance le serveur, puis joue SUITE (qui a $port).
servir_apres() {   # PRÉPARATION SUITE
    exiger_espace
    exiger_outil unshare
    export RACINE SONDE PROGRAMMES
    TRACE=$BATS_TEST_TMPDIR/journal lancer "$RACINE/scripts/espace.sh" bash -euc "$1"'
        source "$RACINE/scripts/attendre.sh"
        source "$RACINE/scripts/trace.sh"
        "$PROGRAMMES"ipv6/03-serveur 0 >"$TRACE" 2>&1 &
        trap "kill -KILL $!" EXIT
        attendre 10 trace_prete "$TRACE" serveur tcp
        port=$(trace_port "$TRACE")
        '"$2"
    verifier_code 0
}

@test "réglée en IPv6 seul, la machine n'empêche pas la double pile" {
    exiger_ipv6
    servir_apres 'echo 1 >/proc/sys/net/ipv6/bindv6only' '
        for hote in 127.0.0.1 ::1; do "$SONDE" tcp $hote $port envoyer "a\n" lire-fin; done'
    verifier_egal 2 "$(grep -c "lire-fin : ok" <<<"$output")"
}

@test "IPv6 désactivé par sysctl, le serveur sert encore IPv4" {
    [ -e /proc/sys/net/ipv6 ] || manque "ce noyau n'a pas IPv6"
    servir_apres "$SANS_IPV6" '"$SONDE" tcp 127.0.0.1 $port envoyer "a\n" lire-fin'
    verifier_contient "$output" 'lire-fin : ok\n'
}

@test "sans IPv6 dans le noyau, le serveur le dit et se replie sur IPv4" {
    sous_strace socket:error=EAFNOSUPPORT:when=1
    demarrer_serveur ipv6/03-serveur 0
    verifier_contient "@$JOURNAL" 'IPv6 absent' 'bind : 0.0.0.0:'
    verifier_survie
    attendre_ligne "$JOURNAL" '^accept : 127\.0\.0\.1:[0-9]+, un client IPv4'
    verifier_egal '' "$(cat "$ERREURS")"
}
