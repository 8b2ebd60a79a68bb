#!/usr/bin/env bats
# Les serveurs TCP à un client à la fois : tcp/06-serveur, et ipv6/03-serveur dans les deux
# familles. Chaque scénario finit de même : le serveur vit encore, et répond « ok ».
# Les variables viennent d'aide.bash et de bats, les scénarios sont appelés par leur nom :
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2153,SC2154,SC2317

setup() {
    load aide
    OK='lire-fin : ok\n'
}

# Joue SCÉNARIO face à chaque serveur ; il trouve HOTE, PORT, SERVEUR, JOURNAL et ERREURS.
face_a_chaque_serveur() {   # SCÉNARIO
    local cas
    for cas in 'tcp/06-serveur 127.0.0.1' 'ipv6/03-serveur 127.0.0.1' 'ipv6/03-serveur ::1'; do
        read -r PROGRAMME HOTE <<<"$cas"
        [ "$HOTE" = 127.0.0.1 ] || grep -q '^0*1 ' /proc/net/if_inet6 || continue
        echo "face à $PROGRAMME, par $HOTE :"
        demarrer_serveur "$PROGRAMME" 0
        "$1"
        verifier_survie "$HOTE"
        arreter "$SERVEUR"
    done
}

# Un client qui joue ces actions : « sonde ACTION... », remplit status et output.
sonde() { lancer "$SONDE" tcp "$HOTE" "$PORT" "$@"; }

# Le serveur n'avait rien à redire.
verifier_silence() { verifier_egal '' "$(cat "$ERREURS")"; }

# --- Le flux n'est pas une suite de messages

@test "une ligne en un seul morceau reçoit « ok »" {
    scenario() {
        sonde envoyer 'Bonjour\n' lire-fin
        verifier_contient "$output" "$OK"
        attendre_ligne "$JOURNAL" '^close : '
        verifier_contient "@$JOURNAL" 'accept : ' 'recv : 8 octets « Bonjour\n »' \
            'ligne : 7 octets « Bonjour »' 'send : 3 octets « ok\n »' 'close : '
        verifier_silence
    }
    face_a_chaque_serveur scenario
}

@test "une ligne octet par octet reçoit un seul « ok », après autant de recv" {
    scenario() {
        sonde un-par-un 'salut\n' lire-fin
        verifier_contient "$output" "$OK"
        verifier_egal 6 "$(grep -c '^recv : 1 octet ' "$JOURNAL")"
        verifier_contient "@$JOURNAL" 'ligne : 5 octets « salut »'
        verifier_silence
    }
    face_a_chaque_serveur scenario
}

@test "une ligne finie par \\r\\n est comprise sans son \\r" {
    scenario() {
        sonde envoyer 'salut\r\n' lire-fin
        verifier_contient "$output" "$OK"
        verifier_contient "@$JOURNAL" 'ligne : 5 octets « salut »'
    }
    face_a_chaque_serveur scenario
}

@test "deux lignes collées : la réponse arrive entière, sans réinitialisation" {
    scenario() {
        sonde envoyer 'un\ndeux\n' lire-fin
        verifier_code 0
        verifier_contient "$output" "$OK"
        verifier_silence
    }
    face_a_chaque_serveur scenario
}

@test "ce qui suit la ligne, même long et jamais lu, ne réinitialise pas la connexion" {
    scenario() {
        local suite
        printf -v suite '%*s' 5000 ''
        sonde envoyer "un\\n$suite" lire-fin
        verifier_code 0
        verifier_contient "$output" "$OK"
        verifier_silence
    }
    face_a_chaque_serveur scenario
}

@test "une dernière ligne sans \\n, suivie d'une demi-fermeture, reçoit « ok »" {
    scenario() {
        sonde envoyer 'sans fin' demi-fermer lire-fin
        verifier_contient "$output" "$OK"
        verifier_contient "@$JOURNAL" 'fin du flux' 'ligne : 8 octets « sans fin »'
    }
    face_a_chaque_serveur scenario
}

@test "une ligne vide est une ligne : elle reçoit « ok »" {
    scenario() {
        sonde envoyer '\n' lire-fin
        verifier_contient "$output" "$OK"
        verifier_contient "@$JOURNAL" 'ligne : 0 octet'
    }
    face_a_chaque_serveur scenario
}

@test "une ligne qui remplit le tampon au ras du bord est gardée entière" {
    scenario() {
        local n
        for n in 1023 1024; do
            sonde repeter "$n" x envoyer '\n' lire-fin
            verifier_contient "$output" "$OK"
            attendre_ligne "$JOURNAL" "^ligne : $n octets"
        done
        verifier_absent "@$JOURNAL" 'trop longue'
    }
    face_a_chaque_serveur scenario
}

@test "une ligne d'un octet de trop est répondue, et la coupe est dite" {
    scenario() {
        sonde repeter 1025 x envoyer '\n' lire-fin
        verifier_contient "$output" "$OK"
        verifier_contient "@$JOURNAL" 'ligne trop longue : 1024 octets gardés, 1 ignoré'
    }
    face_a_chaque_serveur scenario
}

@test "une ligne d'un mébioctet ne dérange rien, et la coupe est dite" {
    scenario() {
        sonde repeter 1048576 x envoyer '\n' lire-fin
        verifier_contient "$output" "$OK"
        verifier_contient "@$JOURNAL" 'trop longue : 1024 octets gardés, 1047552 ignorés'
        verifier_silence
    }
    face_a_chaque_serveur scenario
}

@test "les octets nuls comptent, et s'affichent échappés" {
    scenario() {
        sonde envoyer 'a\0b\0\n' lire-fin
        verifier_contient "$output" "$OK"
        verifier_contient "@$JOURNAL" 'ligne : 4 octets « a\0b\0 »'
    }
    face_a_chaque_serveur scenario
}

@test "une séquence d'échappement n'atteint jamais le terminal, ni un format printf" {
    scenario() {
        sonde envoyer '\x1b[2J\x07\x9b31m%s%n\x7f\n' lire-fin
        verifier_contient "$output" "$OK"
        verifier_contient "@$JOURNAL" '« \x1b[2J\x07\x9b31m%s%n\x7f »'
        verifier_sans_controle "$JOURNAL"
    }
    face_a_chaque_serveur scenario
}

# --- Les clients qui disparaissent

@test "le serveur survit à un client qui ferme aussitôt" {
    scenario() {
        sonde
        attendre_ligne "$JOURNAL" '^close : '
        verifier_contient "@$JOURNAL" 'recv : 0 octet, fin du flux'
        verifier_silence
    }
    face_a_chaque_serveur scenario
}

@test "le serveur survit à un client qui ferme au milieu d'une ligne" {
    scenario() { sonde envoyer abc; }
    face_a_chaque_serveur scenario
}

@test "le serveur survit à un client qui réinitialise sans rien envoyer" {
    scenario() {
        sonde rst
        attendre_ligne "$ERREURS" '^0.-serveur : recv : .*ECONNRESET'
    }
    face_a_chaque_serveur scenario
}

@test "le serveur survit à un client qui réinitialise au milieu d'une ligne" {
    scenario() {
        sonde un-par-un 'abc' rst
        attendre_ligne "$ERREURS" 'recv : .*ECONNRESET'
    }
    face_a_chaque_serveur scenario
}

@test "le serveur survit à un client qui réinitialise sans lire la réponse" {
    scenario() {
        sonde envoyer 'Bonjour\n' rst
        attendre_ligne "$JOURNAL" '^close : '
    }
    face_a_chaque_serveur scenario
}

# preuve : ERR-056 TCP-accept-13
@test "le serveur survit à des clients réinitialisés pendant qu'il était figé" {
    scenario() {
        figer "$SERVEUR"
        sonde rst
        sonde envoyer 'moitié' rst
        sonde envoyer 'une\ndeux\n' rst
        sonde envoyer 'une\n' demi-fermer rst   # FIN puis RST : send échoue en EPIPE, et SIGPIPE tuerait
        degeler "$SERVEUR"
        attendre_ligne "$JOURNAL" '^close : ' 4
        attendre_ligne "$JOURNAL" '^accept : ' 4   # Linux rend même une connexion déjà rompue
        attendre_ligne "$ERREURS" 'recv : .*ECONNRESET'
        verifier_absent "@$ERREURS" ECONNABORTED
    }
    face_a_chaque_serveur scenario
}

@test "le serveur survit à un client tué pendant qu'il était figé" {
    scenario() {
        demarrer client "$SONDE" tcp "$HOTE" "$PORT" un-par-un 'ab' pause
        local client=$PID
        attendre_ligne "$BATS_TEST_TMPDIR/client.out" '^pause'
        figer "$SERVEUR"
        arreter "$client"   # tué avec la ligne inachevée : FIN
        degeler "$SERVEUR"
        attendre_ligne "$JOURNAL" '^close : '
    }
    face_a_chaque_serveur scenario
}

@test "après deux cents clients, aucun descripteur n'est resté ouvert" {
    scenario() {
        local avant i
        avant=$(ls "/proc/$SERVEUR/fd")
        for ((i = 0; i < 200; i++)); do
            "$SONDE" tcp "$HOTE" "$PORT" envoyer 'x\n' lire-fin >/dev/null
        done
        attendre_ligne "$JOURNAL" '^close : ' 200
        verifier_egal "$avant" "$(ls "/proc/$SERVEUR/fd")"
        verifier_silence
    }
    face_a_chaque_serveur scenario
}

@test "un client muet retient le suivant, servi dès que le muet s'en va" {
    scenario() {
        demarrer muet "$SONDE" tcp "$HOTE" "$PORT" pause
        local muet=$PID
        attendre_ligne "$JOURNAL" '^accept : '
        demarrer second "$SONDE" tcp "$HOTE" "$PORT" envoyer 'moi\n' lire-fin
        local second=$PID
        attendre_ligne "$BATS_TEST_TMPDIR/second.out" '^envoyer'
        verifier_egal 1 "$(grep -c '^accept : ' "$JOURNAL")"
        arreter "$muet"
        attendre_fin "$second"
        verifier_contient "@$BATS_TEST_TMPDIR/second.out" "$OK"
        # dans l'ordre : le muet est raccroché, puis le second est pris
        verifier_egal 'accept close accept' "$(sed -n 's/^\(accept\|close\) : .*/\1/p' "$JOURNAL" |
            head -n 3 | paste -sd ' ')"
    }
    face_a_chaque_serveur scenario
}

# --- Les signaux

@test "figé puis dégelé dans accept, le serveur reprend sans un mot" {
    scenario() {
        figer "$SERVEUR"
        degeler "$SERVEUR"
        sonde envoyer 'a\n' lire-fin
        verifier_contient "$output" "$OK"
        verifier_silence
    }
    face_a_chaque_serveur scenario
}

@test "figé puis dégelé dans recv, le serveur reprend le dialogue en cours" {
    scenario() {
        demarrer_sonde_lente
        figer "$SERVEUR"
        degeler "$SERVEUR"
        echo >&"$DEPART"
        exec {DEPART}>&-
        attendre_fin "$CLIENT"
        verifier_contient "@$BATS_TEST_TMPDIR/client.out" "$OK"
        verifier_silence
    }
    # Un client relié, dont la ligne ne part qu'au signal donné dans DEPART.
    demarrer_sonde_lente() {
        local tube=$BATS_TEST_TMPDIR/depart
        rm -f "$tube" && mkfifo "$tube"
        exec {DEPART}<>"$tube"
        ENTREE=$tube demarrer client "$SONDE" tcp "$HOTE" "$PORT" attendre envoyer 'a\n' lire-fin
        CLIENT=$PID
        attendre_ligne "$JOURNAL" '^accept : '
    }
    face_a_chaque_serveur scenario
}

@test "accept interrompu par un signal n'arrête pas le serveur" {
    exiger_outil strace
    sous_strace accept:error=EINTR:when=1
    scenario() {
        sonde envoyer 'a\n' lire-fin
        verifier_contient "$output" "$OK"
        verifier_contient "@$ERREURS" 'accept' 'EINTR'
    }
    face_a_chaque_serveur scenario
}

@test "recv interrompu par un signal reprend sans perdre la ligne" {
    exiger_outil strace
    sous_strace recvfrom:error=EINTR:when=1
    scenario() {
        sonde un-par-un 'salut\n' lire-fin
        verifier_contient "$output" "$OK"
        verifier_contient "@$JOURNAL" 'ligne : 5 octets « salut »'
        verifier_silence
    }
    face_a_chaque_serveur scenario
}

@test "send interrompu par un signal reprend : la réponse part" {
    exiger_outil strace
    sous_strace sendto:error=EINTR:when=1
    scenario() {
        sonde envoyer 'a\n' lire-fin
        verifier_contient "$output" "$OK"
        verifier_silence
    }
    face_a_chaque_serveur scenario
}

@test "raccrocher interrompu par un signal ne réinitialise pas la connexion" {
    exiger_outil strace
    sous_strace recvfrom:error=EINTR:when=2   # la lecture qui suit la réponse
    scenario() {
        # à la fin du flux, le client parle encore : le serveur lit, il n'a pas fermé
        sonde envoyer 'a\n' lire-fin un-par-un 'trop' lire-fin
        verifier_code 0
        verifier_contient "$output" "$OK"
    }
    face_a_chaque_serveur scenario
}

@test "Ctrl-C arrête le serveur, et le port est libre aussitôt" {
    scenario() {
        kill -INT "$SERVEUR"
        attendre_fin "$SERVEUR"
        verifier_egal 130 "$code"
        demarrer_serveur "$PROGRAMME" "$PORT"
    }
    face_a_chaque_serveur scenario
}

# --- Le port

@test "tué en plein dialogue, le serveur repart aussitôt sur le même port" {
    scenario() {
        demarrer client "$SONDE" tcp "$HOTE" "$PORT" pause
        attendre_ligne "$JOURNAL" '^accept : '
        local client=$PID
        arreter "$SERVEUR"   # la connexion n'a pas fini de mourir : son client la tient encore
        demarrer_serveur "$PROGRAMME" "$PORT"
        arreter "$client"
    }
    face_a_chaque_serveur scenario
}

@test "un second serveur sur le même port est refusé, et le conseil cite ce port" {
    scenario() {
        lancer "$PROGRAMMES$PROGRAMME" "$PORT"
        verifier_code 1
        verifier_contient "$stderr" 'serveur : bind : adresse déjà utilisée [EADDRINUSE]' \
            "ss -ltnp 'sport = :$PORT'"
        verifier_absent "$output" 'listen'
    }
    face_a_chaque_serveur scenario
}

@test "sans privilège, le port 80 est refusé et la raison est dite" {
    exiger_espace
    exiger_outil setpriv
    local programme sans_privilege=()
    [ "$(id -u)" -ne 0 ] || sans_privilege=(setpriv --bounding-set=-all --inh-caps=-all)
    for programme in tcp/06-serveur ipv6/03-serveur; do
        lancer "$RACINE/scripts/espace.sh" "${sans_privilege[@]}" "$PROGRAMMES$programme" 80
        verifier_code 1
        verifier_contient "$stderr" 'bind : permission refusée [EACCES]' 'privilège'
    done
}

@test "sans argument, le serveur prend le port 5000" {
    exiger_espace
    local programme
    for programme in tcp/06-serveur ipv6/03-serveur; do
        demarrer serveur "$RACINE/scripts/espace.sh" "$PROGRAMMES$programme"
        attendre_ligne "$BATS_TEST_TMPDIR/serveur.out" '^listen : '
        verifier_contient "@$BATS_TEST_TMPDIR/serveur.out" ':5000'
        arreter "$PID"
    done
}

# preuve : TCP-bind-03
@test "avec -a 127.0.0.1, le serveur n'est pas joignable par une autre adresse" {
    demarrer_serveur tcp/06-serveur -a 127.0.0.1 0
    lancer "$SONDE" tcp 127.0.0.2 "$PORT"
    verifier_code 1
    verifier_contient "$stderr" 'Connection refused'
    verifier_survie
}

# --- L'épuisement

# preuve : TCP-accept-15 ERR-060
@test "à court de descripteurs, le serveur le dit, patiente sans tourner à vide, puis sert encore" {
    exiger_outil prlimit
    scenario() {
        local libre=0   # le premier descripteur libre : celui que prendrait accept
        while [ -e "/proc/$SERVEUR/fd/$libre" ]; do libre=$((libre + 1)); done
        prlimit --pid "$SERVEUR" --nofile="$libre":
        demarrer client "$SONDE" tcp "$HOTE" "$PORT" envoyer 'a\n' lire-fin
        local client=$PID avant lignes
        attendre_ligne "$ERREURS" 'accept : .*EMFILE'
        avant=$(temps_cpu)
        lignes=$(grep -c EMFILE "$ERREURS")
        sleep 0.5   # une durée à mesurer, non un événement à attendre
        # à vide, ce serait des milliers de messages, et 50 centièmes de seconde
        [ "$(($(grep -c EMFILE "$ERREURS") - lignes))" -le 10 ]
        [ "$(($(temps_cpu) - avant))" -le 25 ]
        prlimit --pid "$SERVEUR" --nofile=64:
        attendre_fin "$client"
        verifier_contient "@$BATS_TEST_TMPDIR/client.out" "$OK"
    }
    temps_cpu() { awk '{ print $14 + $15 }' "/proc/$SERVEUR/stat"; }   # en centièmes de seconde
    face_a_chaque_serveur scenario
}

@test "un journal dans un fichier se remplit en direct" {
    scenario() {
        demarrer client "$SONDE" tcp "$HOTE" "$PORT" envoyer 'moitié de' pause
        attendre_ligne "$JOURNAL" 'recv : .*moitié de'
        arreter "$PID"
    }
    face_a_chaque_serveur scenario
}

@test "sortie vers un tube plein : le serveur attend, reprend, et ne perd pas une ligne" {
    local tube=$BATS_TEST_TMPDIR/tube lecteur trace programme
    for programme in tcp/06-serveur ipv6/03-serveur; do
        rm -f "$tube" && mkfifo "$tube"
        exec {lecteur}<>"$tube"
        SORTIE=$tube demarrer serveur "$PROGRAMMES$programme" 0
        SERVEUR=$PID
        while read -r -t 10 -u "$lecteur" trace; do
            case $trace in
            bind*) PORT=${trace##*:} ;;
            listen*) break ;;
            esac
        done
        dd if=/dev/zero of="$tube" bs=4096 count=1000 oflag=nonblock conv=notrunc 2>/dev/null || true
        demarrer client "$SONDE" tcp 127.0.0.1 "$PORT" envoyer 'Bonjour\n' lire-fin
        local client=$PID
        attendre_ligne "$BATS_TEST_TMPDIR/client.out" '^envoyer'
        # le serveur n'a même pas pu écrire « accept »
        verifier_absent "@$BATS_TEST_TMPDIR/client.out" 'lire-fin'
        demarrer journal cat "$tube"
        exec {lecteur}>&-
        attendre_fin "$client"
        verifier_contient "@$BATS_TEST_TMPDIR/client.out" "$OK"
        attendre_ligne "$BATS_TEST_TMPDIR/journal.out" 'close : '
        verifier_contient "@$BATS_TEST_TMPDIR/journal.out" 'accept : ' 'recv : 8 octets' \
            'ligne : 7 octets « Bonjour »' 'send : 3 octets'
        arreter "$SERVEUR"
    done
}

# --- 05-bind

@test "05-bind montre les trois cas : adresse et port, port du noyau, toutes les adresses" {
    exiger_espace
    lancer "$RACINE/scripts/espace.sh" "${PROGRAMMES}tcp/05-bind" -a 127.0.0.1 5000 </dev/null
    verifier_code 0
    verifier_contient "$output" 'bind : 127.0.0.1:5000' 'getsockname : 127.0.0.1:5000'
    lancer "${PROGRAMMES}tcp/05-bind" -a 127.0.0.1 0 </dev/null
    verifier_code 0
    verifier_contient "$output" 'bind : 127.0.0.1:0' 'getsockname : 127.0.0.1:'
    verifier_absent "$output" 'getsockname : 127.0.0.1:0'
    lancer "$RACINE/scripts/espace.sh" "${PROGRAMMES}tcp/05-bind" </dev/null
    verifier_code 0
    verifier_contient "$output" 'getsockname : 0.0.0.0:5000'
}

@test "05-bind tient le port sans écouter : le second est refusé, un client aussi" {
    local tube=$BATS_TEST_TMPDIR/entree
    mkfifo "$tube"
    exec {entree}<>"$tube"
    ENTREE=$tube demarrer_serveur tcp/05-bind -a 127.0.0.1 0
    lancer "${PROGRAMMES}tcp/05-bind" -a 127.0.0.1 "$PORT" </dev/null
    verifier_code 1
    verifier_contient "$stderr" 'bind : adresse déjà utilisée [EADDRINUSE]' ":$PORT"
    lancer "$SONDE" tcp 127.0.0.1 "$PORT"
    verifier_contient "$stderr" 'Connection refused'
    echo >&"$entree"   # la touche Entrée
    exec {entree}>&-
    attendre_fin "$SERVEUR"
    verifier_egal 0 "$code"
    verifier_contient "@$JOURNAL" 'close : '
}

@test "05-bind refuse une adresse qui n'est pas à cette machine" {
    exiger_espace
    lancer "${PROGRAMMES}tcp/05-bind" -a 192.0.2.1 0 </dev/null
    verifier_code 1
    verifier_contient "$stderr" 'bind : adresse indisponible [EADDRNOTAVAIL]' 'ip address'
}
