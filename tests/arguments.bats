#!/usr/bin/env bats
# La ligne de commande, la même partout : une valeur douteuse est refusée (code 2), jamais devinée.
# Ici, le détail de ce qui est refusé ; tests/modeles/chapitre.bats voit que chaque chapitre refuse.

setup() { load aide; }

# Ce programme, lancé ainsi, est refusé avant d'avoir rien fait, et nomme le dernier mot.
refuse() {   # PROGRAMME MOT...
    echo "$* :"
    lancer "$PROGRAMMES$1" "${@:2}" </dev/null
    verifier_code 2
    verifier_contient "$stderr" "${1##*/} : " "« ${*: -1} »" "l'usage complet"
    verifier_messages
    verifier_egal '' "$output"
}

@test "un port hors bornes ou mal écrit est refusé avant tout appel" {
    local port
    for port in 65536 70000 -1 -0 80x '' ' 80' +80 0x50 99999999999999999999; do
        refuse tcp/04-client 127.0.0.1 "$port"
    done
}

@test "les ports 0 et 65535 sont les deux bornes, permises" {
    lancer "${PROGRAMMES}tcp/02-adresse" 127.0.0.1 65535
    verifier_code 0
    verifier_contient "$output" 'htons(65535) : 65535'
    lancer "${PROGRAMMES}tcp/02-adresse" 127.0.0.1 0
    verifier_code 0
}

@test "une adresse IPv4 fausse est refusée, jamais devinée" {
    local adresse
    for adresse in 1.2.3.999 1.2.3 127.1 0x0 2130706433 1.2.3.4.5 1.2.3. ''; do
        refuse tcp/04-client "$adresse"
        refuse tcp/06-serveur -a "$adresse"
    done
}

@test "« * » n'est pas un hôte : refusé par tous, jamais pris pour la boucle locale" {
    refuse tcp/04-client '*'
    refuse ipv6/01-adresses '*'
}

# refuse nomme le dernier mot ; ici le mot fautif n'est pas le dernier
@test "hôte et port collés sont refusés, et les deux mots suggérés" {
    lancer "${PROGRAMMES}tcp/04-client" 127.0.0.1:5000
    verifier_code 2
    verifier_contient "$stderr" '127.0.0.1:5000' '127.0.0.1 5000'
    verifier_messages
}

@test "le client UDP refuse 0.0.0.0, d'où personne ne répond" {
    refuse udp/01-client 0.0.0.0
}

@test "une adresse IPv6 est refusée par les programmes IPv4, qui disent où aller" {
    refuse tcp/04-client ::1
    verifier_contient "$stderr" 'ipv6'
    refuse tcp/06-serveur -a ::1
    verifier_contient "$stderr" 'ipv6'
}

@test "les programmes IPv6 refusent un nombre qui n'est pas une adresse" {
    local texte
    for texte in 127.0.0.999 127.1 010.1 0 0x7f000001; do
        refuse ipv6/01-adresses "$texte"
    done
}

@test "un délai nul, négatif ou mal écrit est refusé" {
    local valeur
    for valeur in 0 -5 1s '' 1.5 9999999999; do
        refuse udp/01-client -d "$valeur"
    done
}

@test "un nom qui ne se résout pas est l'échec d'un appel : code 1, EAI_NONAME, pas d'errno" {
    local programme
    # deux points à la fin : un nom impossible, refusé sans attendre de réponse du DNS
    for programme in tcp/04-client 'tcp/06-serveur -a' ipv6/02-client; do
        # shellcheck disable=SC2086   # un programme, et ce qui précède le nom
        lancer "$PROGRAMMES"$programme inconnu.. 5000
        verifier_code 1
        verifier_contient "$stderr" ' : getaddrinfo : ' '[EAI_NONAME]' 'getent ahosts'
        verifier_absent "$stderr" 'errno'
        verifier_messages
        verifier_absent "$output" 'socket : '
    done
}

@test "un argument obligatoire manquant est nommé : code 2" {
    lancer "${PROGRAMMES}ipv6/02-client"
    verifier_code 2
    verifier_contient "$stderr" 'il manque un argument : nom'
    lancer "${PROGRAMMES}ipv6/02-client" ::1
    verifier_code 2
    verifier_contient "$stderr" 'il manque un argument : port'
}

@test "la valeur d'une option peut la suivre, ou lui être collée, avant ou après les autres mots" {
    local arguments
    for arguments in '-a 127.0.0.1 0' '-a127.0.0.1 0' '0 -a 127.0.0.1'; do
        # shellcheck disable=SC2086   # une liste de mots
        demarrer_serveur tcp/06-serveur $arguments
        verifier_contient "@$JOURNAL" 'bind : 127.0.0.1:'
        verifier_survie
        arreter "$SERVEUR"
    done
}

@test "un nom de machine vaut une adresse" {
    demarrer_serveur tcp/06-serveur -a localhost 0
    verifier_contient "@$JOURNAL" 'bind : 127.0.0.1:'
    lancer "${PROGRAMMES}tcp/04-client" localhost "$PORT"
    verifier_code 0
    verifier_contient "$output" "connect : 127.0.0.1:$PORT"
}
