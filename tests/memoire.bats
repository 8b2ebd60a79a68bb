#!/usr/bin/env bats
# valgrind, sur ce que les programmes ont de propre (les rôles communs : tests/modeles/) : aucune
# erreur, aucune fuite de mémoire, aucun descripteur laissé ouvert.
# bats file_tags=complet

setup() {
    load aide
    sous_valgrind
}

# Un programme qui se termine : son code, et rien d'ouvert que l'entrée, la sortie et l'erreur.
propre() {   # CODE PROGRAMME [ARGUMENT...]
    echo "${*:2}"
    lancer "${ENVELOPPE[@]}" "$PROGRAMMES$2" "${@:3}" </dev/null
    verifier_code "$1"
    verifier_rapport
}

# preuve : IP6-gai-06 « propre 0 ipv6/01-adresses localhost »
@test "les programmes sans réseau ne laissent rien derrière eux" {
    propre 0 tcp/01-socket
    propre 0 tcp/02-adresse
    propre 0 tcp/02-adresse ::1 80
    propre 0 ipv6/01-adresses localhost 5000
    propre 0 tcp/05-bind -a 127.0.0.1 0
}

@test "les refus de la ligne de commande ne laissent rien derrière eux" {
    propre 2 tcp/04-client 1.2.3
    propre 2 tcp/06-serveur 70000
    propre 1 ipv6/02-client inconnu.. 5000
}

@test "03-connexion ne laisse rien derrière lui" {
    demarrer_sonde tcp-serveur lire-fin
    propre 0 tcp/03-connexion 127.0.0.1 "$PORT"
}
