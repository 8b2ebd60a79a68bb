#!/usr/bin/env bats
# La matrice : chaque programme face à chaque netcat, et ce qu'elle sait voir.
# bats file_tags=complet

load aide
load depot

@test "la matrice : un tableau, une ligne par face de chaque chapitre" {
    run "$RACINE/tests/matrice.sh" "$(premier_netcat)"
    echo "$output"
    [ "$status" -eq 0 ]
    local programme nombre=0
    for programme in $(chapitres); do nombre=$((nombre + $(faces "$programme" | wc -l))); done
    verifier_egal $nombre "$(grep -c ' \(ok\|-\|sans IPv6\) *$' <<< "$output")"
}

@test "une case seule dit par son code ce qu'il en est" {
    run -0 "$RACINE/tests/matrice.sh" --case tcp/04-client "$(premier_netcat)" 1
    run -2 "$RACINE/tests/matrice.sh" --case tcp/04-client "$(premier_netcat)" 2
    run -2 "$RACINE/tests/matrice.sh" --case tcp/04-client "$(premier_netcat)" 0
    run -2 "$RACINE/tests/matrice.sh" --case tcp/99-rien "$(premier_netcat)" 1
    PATH=$(sans_netcat) run -4 "$RACINE/tests/matrice.sh" --case tcp/04-client openbsd 1
    exiger_outil busybox
    run -3 "$RACINE/tests/matrice.sh" --case udp/01-client busybox 1
}

@test "sans IPv6, une case IPv6 le dit, code 5" {
    exiger_espace
    # shellcheck disable=SC2016  # $@ est celui du shell lancé
    ESPACE=exige run -5 "$RACINE/scripts/espace.sh" sh -c 'ip -6 address flush dev lo && exec "$@"' - \
        "$RACINE/tests/matrice.sh" --case ipv6/02-client "$(premier_netcat)" 2
}

# L'imposteur de ce rôle doit être pris.
case_fausse() {   # PROGRAMME
    run -1 "$depot/tests/matrice.sh" --case "$1" "$(premier_netcat)" 1
}

@test "la matrice voit un client muet, et un client qui n'a pas sa réponse" {
    copier_les_programmes
    remplacer tcp/03-connexion <<< 'echo "socket : descripteur 3"'
    case_fausse tcp/03-connexion
    # shellcheck disable=SC2016
    remplacer tcp/04-client <<< 'echo "connect : $1:$2"'
    case_fausse tcp/04-client
    # shellcheck disable=SC2016  # le texte d'un script
    remplacer tcp/04-client <<< 'exec 3<> /dev/tcp/$1/$2; echo "connect : $1:$2"
        echo Bonjour >&3; echo "send : 8 octets"; read -r -u 3; echo "réponse : 2 octets « non »"'
    case_fausse tcp/04-client
    # shellcheck disable=SC2016
    remplacer tcp/04-client <<< 'echo "connect : $1:$2"; exit 1'
    case_fausse tcp/04-client
}

@test "la matrice voit un serveur qui ne répond pas, qui n'a rien lu, ou qui meurt" {
    copier_les_programmes
    # shellcheck disable=SC2016  # le texte d'un script
    remplacer udp/02-serveur <<< 'exec 3<> /dev/udp/127.0.0.1/9; echo "bind : 127.0.0.1:9"; read -r'
    DELAI=1 case_fausse udp/02-serveur
    remplacer tcp/06-serveur <<< 'echo "bind : 0.0.0.0:9"; echo "listen : file de 10"; exit 1'
    case_fausse tcp/06-serveur
}

@test "la matrice voit un client nu sans réponse, un serveur nu qui n'affiche rien, ou qui meurt" {
    copier_les_programmes
    # shellcheck disable=SC2016  # le texte d'un script
    remplacer tcp/04-client-nu <<< 'exec 3<> /dev/tcp/$1/$2; echo Bonjour >&3; read -r -u 3; echo non'
    case_fausse tcp/04-client-nu
    remplacer tcp/04-client-nu <<< 'echo ok'
    DELAI=1 case_fausse tcp/04-client-nu
    remplacer udp/02-serveur-nu <<< 'echo Bonjour'
    DELAI=1 case_fausse udp/02-serveur-nu
    # shellcheck disable=SC2016
    remplacer tcp/06-serveur-nu <<< 'exec nc.openbsd -l -p "$1" > /dev/null'
    exiger_outil nc.openbsd
    DELAI=1 case_fausse tcp/06-serveur-nu
}

@test "la matrice voit un serveur à plusieurs clients qu'un muet retient, qui compte mal, ou que Ctrl-C tue" {
    copier_les_programmes
    local multiple=tcp/24-serveur-epoll
    mv "$PROGRAMMES$multiple" "$PROGRAMMES$multiple-vrai"
    touch "$PROGRAMMES$multiple"
    # shellcheck disable=SC2016  # le texte d'un script
    remplacer $multiple <<< 'exec "$0-vrai" "$@"'
    run -0 "$depot/tests/matrice.sh" --case $multiple "$(premier_netcat)" 1
    # shellcheck disable=SC2016
    remplacer $multiple <<< 'exec "${0%/*}/06-serveur" "${@: -1}"'
    DELAI=1 case_fausse $multiple
    # shellcheck disable=SC2016
    remplacer $multiple <<< '"$0-vrai" "$@" | sed -u "s/ 1 ligne/ 2 lignes/"'
    DELAI=1 case_fausse $multiple
    # shellcheck disable=SC2016
    remplacer $multiple <<< 'trap "exit 130" INT; "$0-vrai" "$@" & wait'
    case_fausse $multiple
}

@test "un programme intarissable ne retient pas la démonstration" {
    copier_les_programmes
    remplacer tcp/02-adresse <<< 'exec yes'
    DELAI=1 run -1 "$depot/scripts/demo.sh" tcp/02-adresse
    [ "${#lines[@]}" -le 25 ]
}

@test "la matrice voit entrer quelqu'un là où l'en-tête promet un refus" {
    copier_les_programmes
    cp "$PROGRAMMES"tcp/06-serveur "$PROGRAMMES"tcp/05-bind
    DELAI=1 case_fausse tcp/05-bind
}

@test "une copie d'un chapitre sous un autre nom, un chapitre neuf : démonstration et matrice les jouent" {
    copier_les_programmes
    local source copie
    for source in "$depot"/{tcp/0[46]-*,udp/01-client,ipv6/03-*}.c; do
        copie=${source%/*}/7${source##*/[0-9]}
        cp "$source" "$copie"
        cc -O0 "$copie" "$depot"/common/*.c -o "${copie%.c}"
    done
    for source in "$depot"/*/[0-6]*.c; do rm "$source" "${source%.c}"; done
    printf '/*\n * Un chapitre neuf\n */\nint main(void) { return 0; }\n' > "$depot/tcp/80-neuf.c"
    cc "$depot/tcp/80-neuf.c" -o "$depot/tcp/80-neuf"
    run -0 "$depot/scripts/demo.sh"
    verifier_contient "$output" '── tcp/80-neuf ── Un chapitre neuf' '── tcp/76-serveur ──'
    run -0 "$depot/tests/matrice.sh" "$(premier_netcat)"
    verifier_contient "$output" 'tcp/74-client' 'ipv6/73-serveur'
}

@test "SIGTERM, Ctrl-C, SIGHUP sur la matrice ne laissent ni processus ni fichier" {
    copier_les_programmes
    local signal
    for signal in TERM INT HUP; do
        interrompre $signal "$depot/tests/matrice.sh" --case tcp/04-client "$(premier_netcat)" 1
    done
}
