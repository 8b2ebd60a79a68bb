#!/usr/bin/env bats
# Un serveur TCP à un client à la fois, appelé par une de ses adresses. Il survit à tout client : à la
# fin de chaque test, il vit encore, et répond « ok ». Un serveur nu doit de même, sans dire ses pas.
# bats file_tags=@ETIQUETTE@

setup() {
    load ../../tests/aide
    PROGRAMME=@PROGRAMME@ HOTE=@HOTE@ NU=@NU@ OK='lire-fin : ok\n'
    [[ $HOTE != *:* ]] || exiger_ipv6
}

servir() { demarrer_serveur "$PROGRAMME" 0; }

# Un client qui joue ces actions : remplit status et output.
sonde() { lancer "$SONDE" tcp "$HOTE" "$PORT" "$@"; }

# Un client en arrière-plan, jusqu'à ce qu'il ait joué ces actions et attende ; remplit CLIENT.
sonde_qui_reste() {   # ACTION...
    demarrer client "$SONDE" tcp "$HOTE" "$PORT" "$@" pause
    CLIENT=$PID
    attendre_ligne "$BATS_TEST_TMPDIR/client.out" '^pause'
}

# --- Le flux n'est pas une suite de messages

@test "@PROGRAMME@ (@HOTE@) : une ligne en un seul morceau reçoit « ok »" {
    servir
    sonde envoyer 'Bonjour\n' lire-fin
    verifier_contient "$output" "$OK"
    attendre_close
    si_trace verifier_contient "@$JOURNAL" 'accept : ' 'recv : 8 octets « Bonjour\n »' \
        'ligne : 7 octets « Bonjour »' 'send : 3 octets « ok\n »' 'close : '
    si_nu verifier_egal Bonjour "$(<"$JOURNAL")"
    verifier_silence
    verifier_survie
}

@test "@PROGRAMME@ (@HOTE@) : une ligne octet par octet reçoit un seul « ok »" {
    servir
    sonde un-par-un 'salut\n' lire-fin
    verifier_contient "$output" "$OK"
    si_trace verifier_egal 6 "$(grep -c '^recv : 1 octet ' "$JOURNAL")"
    si_trace verifier_contient "@$JOURNAL" 'ligne : 5 octets « salut »'
    si_nu verifier_egal salut "$(<"$JOURNAL")"
    verifier_silence
    verifier_survie
}

@test "@PROGRAMME@ (@HOTE@) : une ligne finie par \\r\\n est comprise sans son \\r" {
    servir
    sonde envoyer 'salut\r\n' lire-fin
    verifier_contient "$output" "$OK"
    si_trace verifier_contient "@$JOURNAL" 'ligne : 5 octets « salut »'
    verifier_survie
}

@test "@PROGRAMME@ (@HOTE@) : deux lignes collées, la réponse arrive entière, sans RST" {
    servir
    sonde envoyer 'un\ndeux\n' lire-fin
    verifier_code 0
    verifier_contient "$output" "$OK"
    verifier_silence
    verifier_survie
}

@test "@PROGRAMME@ (@HOTE@) : une longue suite jamais lue ne réinitialise pas la connexion" {
    servir
    local suite
    printf -v suite '%*s' 5000 ''
    sonde envoyer "un\\n$suite" lire-fin
    verifier_code 0
    verifier_contient "$output" "$OK"
    verifier_silence
    verifier_survie
}

@test "@PROGRAMME@ (@HOTE@) : une ligne sans \\n, puis une demi-fermeture, reçoit « ok »" {
    servir
    sonde envoyer 'sans fin' demi-fermer lire-fin
    verifier_contient "$output" "$OK"
    si_trace verifier_contient "@$JOURNAL" 'fin du flux' 'ligne : 8 octets « sans fin »'
    si_nu verifier_egal 'sans fin' "$(<"$JOURNAL")"
    verifier_survie
}

@test "@PROGRAMME@ (@HOTE@) : une ligne vide est une ligne, elle reçoit « ok »" {
    servir
    sonde envoyer '\n' lire-fin
    verifier_contient "$output" "$OK"
    si_trace verifier_contient "@$JOURNAL" 'ligne : 0 octet'
    verifier_survie
}

@test "@PROGRAMME@ (@HOTE@) : un client qui ne dit rien n'a pas de réponse" {
    servir
    sonde demi-fermer lire-fin
    grep -qx 'lire-fin : ' <<<"$output"
    attendre_close
    si_trace verifier_absent "@$JOURNAL" 'send : '
    verifier_silence
    verifier_survie
}

@test "@PROGRAMME@ (@HOTE@) : une ligne de 1024 octets est gardée entière, \\r\\n compris" {
    servir
    sonde repeter 1024 x envoyer '\n' lire-fin
    verifier_contient "$output" "$OK"
    sonde repeter 1024 x envoyer '\r\n' lire-fin
    verifier_contient "$output" "$OK"
    si_trace attendre_ligne "$JOURNAL" '^ligne : 1024 octets' 2
    si_trace verifier_absent "@$JOURNAL" 'trop longue'
    verifier_survie
}

@test "@PROGRAMME@ (@HOTE@) : une ligne trop longue est répondue sans attendre sa fin" {
    servir
    sonde repeter 1025 x lire-fin   # et aucun \n
    verifier_contient "$output" "$OK"
    si_trace verifier_contient "@$JOURNAL" 'ligne trop longue : 1024 octets gardés, la suite ignorée'
    verifier_silence
    verifier_survie
}

@test "@PROGRAMME@ (@HOTE@) : une ligne d'un mébioctet ne dérange rien" {
    servir
    sonde repeter 1048576 x envoyer '\n' lire-fin
    verifier_contient "$output" "$OK"
    si_trace verifier_contient "@$JOURNAL" 'trop longue : 1024 octets gardés'
    [ "$(wc -c <"$JOURNAL")" -lt 10000 ]
    verifier_silence
    verifier_survie
}

@test "@PROGRAMME@ (@HOTE@) : les octets nuls comptent, et n'atteignent pas le terminal" {
    servir
    sonde envoyer 'a\0b\0\n' lire-fin
    verifier_contient "$output" "$OK"
    si_trace verifier_contient "@$JOURNAL" 'ligne : 4 octets « a\0b\0 »'
    si_nu verifier_egal a.b. "$(<"$JOURNAL")"
    verifier_survie
}

@test "@PROGRAMME@ (@HOTE@) : une séquence d'échappement n'atteint ni le terminal ni un format" {
    servir
    sonde envoyer '\x1b[2J\x07\x9b31m%s%n\x7f\n' lire-fin
    verifier_contient "$output" "$OK"
    si_trace verifier_contient "@$JOURNAL" '« \x1b[2J\x07\x9b31m%s%n\x7f »'
    si_nu verifier_egal '.[2J..31m%s%n.' "$(<"$JOURNAL")"
    verifier_sans_controle "$JOURNAL"
    verifier_survie
}

# --- Les clients qui disparaissent

# Attend qu'il ait dit une réinitialisation, à sa façon.
attendre_reset() {
    si_trace attendre_ligne "$ERREURS" "^${PROGRAMME##*/} : recv : .*ECONNRESET"
    si_nu attendre_ligne "$ERREURS" '^recv: '
}

@test "@PROGRAMME@ (@HOTE@) survit à un client qui ferme aussitôt" {
    servir
    sonde
    attendre_close
    si_trace verifier_contient "@$JOURNAL" 'recv : 0 octet, fin du flux'
    verifier_silence
    verifier_survie
}

@test "@PROGRAMME@ (@HOTE@) survit à un client qui ferme au milieu d'une ligne" {
    servir
    sonde envoyer abc
    verifier_survie
}

@test "@PROGRAMME@ (@HOTE@) survit à un client qui réinitialise sans rien envoyer" {
    servir
    sonde rst
    attendre_reset
    verifier_survie
}

@test "@PROGRAMME@ (@HOTE@) survit à un client qui réinitialise au milieu d'une ligne" {
    servir
    sonde un-par-un 'abc' rst
    attendre_reset
    verifier_survie
}

@test "@PROGRAMME@ (@HOTE@) survit à un client qui réinitialise sans lire la réponse" {
    servir
    sonde envoyer 'Bonjour\n' rst
    attendre_close
    verifier_survie
}

# preuve : ERR-056 « ECONNABORTED » TCP-accept-13 « ^accept : »
@test "@PROGRAMME@ (@HOTE@) survit à des clients réinitialisés pendant qu'il était figé" {
    servir
    figer "$SERVEUR"
    sonde rst
    sonde envoyer 'moitié' rst
    sonde envoyer 'une\ndeux\n' rst
    sonde envoyer 'une\n' demi-fermer rst   # FIN puis RST : send échoue en EPIPE, et SIGPIPE tuerait
    degeler "$SERVEUR"
    attendre_close 4
    si_trace attendre_ligne "$JOURNAL" '^accept : ' 4   # Linux rend même une connexion déjà rompue
    attendre_reset
    verifier_absent "@$ERREURS" ECONNABORTED
    verifier_survie
}

@test "@PROGRAMME@ (@HOTE@) survit à un client tué pendant qu'il était figé" {
    servir
    sonde_qui_reste un-par-un 'ab'
    figer "$SERVEUR"
    arreter "$CLIENT"   # tué avec la ligne inachevée : FIN
    degeler "$SERVEUR"
    attendre_close
    verifier_survie
}

@test "@PROGRAMME@ (@HOTE@) : après quarante clients, aucun descripteur n'est resté ouvert" {
    servir
    local i
    for ((i = 0; i < 40; i++)); do
        "$SONDE" tcp "$HOTE" "$PORT" envoyer 'x\n' lire-fin >/dev/null
    done
    attendre_close 40
    attendre 10 au_repos
    verifier_silence
    verifier_survie
}

@test "@PROGRAMME@ (@HOTE@) : un client muet retient le suivant, servi dès que le muet s'en va" {
    servir
    sonde_qui_reste
    local muet=$CLIENT second
    attendre_accept
    demarrer second "$SONDE" tcp "$HOTE" "$PORT" envoyer 'moi\n' lire-fin
    second=$PID
    attendre_ligne "$BATS_TEST_TMPDIR/second.out" '^envoyer'
    si_trace verifier_egal 1 "$(grep -c '^accept : ' "$JOURNAL")"
    verifier_absent "@$BATS_TEST_TMPDIR/second.out" 'lire-fin'
    arreter "$muet"
    attendre_fin "$second"
    verifier_contient "@$BATS_TEST_TMPDIR/second.out" "$OK"
    # dans l'ordre : le muet est raccroché, puis le second est pris
    si_trace verifier_egal 'accept close accept' "$(sed -n 's/^\(accept\|close\) : .*/\1/p' "$JOURNAL" |
        head -n 3 | paste -sd ' ')"
    verifier_survie
}

# --- Raccrocher sans perdre la réponse

@test "@PROGRAMME@ (@HOTE@) raccroche en jetant ce qui arrive encore" {
    servir
    sonde envoyer 'a\n' lire-fin envoyer 'trop' demi-fermer lire-fin   # le FIN est déjà là
    verifier_code 0
    attendre_close
    si_trace verifier_egal 'shutdown : SHUT_WR|recv : 4 octets jetés|recv : 0 octet, fin du flux' \
        "$(sed -n '/^shutdown/,/^close/{/^close/d;p}' "$JOURNAL" | paste -sd '|')"
    verifier_silence
    verifier_survie
}

@test "@PROGRAMME@ (@HOTE@) n'attend qu'une seconde un client qui se tait après la réponse" {
    servir
    sonde_qui_reste envoyer 'a\n' lire-fin
    local debut=${EPOCHREALTIME/[.,]/}
    attendre_close
    [ "$(((${EPOCHREALTIME/[.,]/} - debut) / 1000))" -lt 2700 ]
    si_trace verifier_contient "@$JOURNAL" "poll : rien depuis 1 s, on n'attend plus"
    verifier_survie
}

# bats test_tags=complet
@test "@PROGRAMME@ (@HOTE@) n'attend que trois secondes un client qui parle sans fin" {
    servir
    demarrer client "$SONDE" tcp "$HOTE" "$PORT" envoyer 'a\n' lire-fin importuner -1 x
    attendre_close
    si_trace verifier_contient "@$JOURNAL" "poll : 3 s passées, on n'attend plus" 'octets jetés'
    verifier_survie
}

# Cet appel, pendant qu'on raccroche, échoue avec ENOMEM : c'est dit, une fois, et le serveur continue.
dit_l_echec() {   # APPEL INJECTION
    sous_strace "$2"
    servir
    sonde envoyer 'a\n' lire-fin
    verifier_contient "$output" "$OK"
    attendre_close
    attendre_ligne "$ERREURS" "^${PROGRAMME##*/} : $1 : mémoire insuffisante \[ENOMEM\]"
    verifier_survie
}
# bats test_tags=habille
@test "@PROGRAMME@ (@HOTE@) dit l'échec de shutdown" { dit_l_echec shutdown shutdown:error=ENOMEM:when=1; }
# bats test_tags=habille
@test "@PROGRAMME@ (@HOTE@) dit l'échec de recv en raccrochant" { dit_l_echec recv recvfrom:error=ENOMEM:when=2; }
# bats test_tags=habille
@test "@PROGRAMME@ (@HOTE@) dit l'échec de poll en raccrochant" { dit_l_echec poll poll:error=ENOMEM:when=1; }

# --- Les signaux

@test "@PROGRAMME@ (@HOTE@) : figé puis dégelé dans accept, il reprend sans un mot" {
    servir
    figer "$SERVEUR"
    degeler "$SERVEUR"
    sonde envoyer 'a\n' lire-fin
    verifier_contient "$output" "$OK"
    verifier_silence
    verifier_survie
}

@test "@PROGRAMME@ (@HOTE@) : figé puis dégelé dans recv, il reprend le dialogue en cours" {
    servir
    local tube=$BATS_TEST_TMPDIR/depart depart
    mkfifo "$tube" && exec {depart}<>"$tube"
    # un client relié, dont la ligne ne part qu'à notre signal
    ENTREE=$tube demarrer client "$SONDE" tcp "$HOTE" "$PORT" attendre envoyer 'a\n' lire-fin
    local client=$PID
    attendre_accept
    figer "$SERVEUR"
    degeler "$SERVEUR"
    echo >&"$depart"
    exec {depart}>&-
    attendre_fin "$client"
    verifier_contient "@$BATS_TEST_TMPDIR/client.out" "$OK"
    verifier_silence
    verifier_survie
}

# bats test_tags=complet
@test "@PROGRAMME@ (@HOTE@) : accept interrompu par un signal ne l'arrête pas" {
    sous_strace accept,accept4:error=EINTR:when=1
    servir
    sonde envoyer 'a\n' lire-fin
    verifier_contient "$output" "$OK"
    verifier_contient "@$ERREURS" 'accept'
    si_trace verifier_contient "@$ERREURS" '[EINTR]'
    verifier_survie
}

# bats test_tags=complet
@test "@PROGRAMME@ (@HOTE@) : recv interrompu par un signal reprend sans perdre la ligne" {
    sous_strace recvfrom:error=EINTR:when=1
    servir
    sonde un-par-un 'salut\n' lire-fin
    verifier_contient "$output" "$OK"
    si_trace verifier_contient "@$JOURNAL" 'ligne : 5 octets « salut »'
    verifier_silence
    verifier_survie
}

# bats test_tags=complet
@test "@PROGRAMME@ (@HOTE@) : send interrompu par un signal reprend, la réponse part" {
    sous_strace sendto:error=EINTR:when=1
    servir
    sonde envoyer 'a\n' lire-fin
    verifier_contient "$output" "$OK"
    verifier_silence
    verifier_survie
}

# bats test_tags=complet
@test "@PROGRAMME@ (@HOTE@) : interrompu par un signal en raccrochant, il ne réinitialise rien" {
    sous_strace recvfrom,poll:error=EINTR:when=2   # la lecture, ou l'attente, qui suit la réponse
    servir
    # à la fin du flux, le client parle encore : le serveur lit, il n'a pas fermé
    sonde envoyer 'a\n' lire-fin un-par-un 'trop' lire-fin
    verifier_code 0
    verifier_contient "$output" "$OK"
    verifier_survie
}

@test "@PROGRAMME@ (@HOTE@) : Ctrl-C l'arrête, et le port est libre aussitôt" {
    servir
    local port=$PORT
    kill -INT "$SERVEUR"
    attendre_fin "$SERVEUR"
    verifier_egal 130 "$code"
    demarrer_serveur "$PROGRAMME" "$port"
    verifier_survie
}

# --- Le port

@test "@PROGRAMME@ (@HOTE@) : tué en plein dialogue, il repart aussitôt sur le même port" {
    servir
    sonde_qui_reste
    attendre_accept
    arreter "$SERVEUR"   # la connexion n'a pas fini de mourir : son client la tient encore
    demarrer_serveur "$PROGRAMME" "$PORT"
    arreter "$CLIENT"
    verifier_survie
}

@test "@PROGRAMME@ (@HOTE@) : un second sur le même port est refusé, et c'est dit" {
    servir
    lancer "$PROGRAMMES$PROGRAMME" "$PORT"
    verifier_code 1
    si_trace verifier_contient "$stderr" "${PROGRAMME##*/} : bind : adresse déjà utilisée [EADDRINUSE]" \
        "'sport = :$PORT'"
    si_nu verifier_contient "$stderr" 'bind: '
    verifier_messages
    verifier_absent "$output" 'listen'
    verifier_survie
}

@test "@PROGRAMME@ (@HOTE@) : sans privilège, le port 80 est refusé et la raison est dite" {
    exiger_espace
    exiger_outil setpriv
    local sans_privilege=()
    [ "$(id -u)" -ne 0 ] || sans_privilege=(setpriv --bounding-set=-all --inh-caps=-all)
    lancer "$RACINE/scripts/espace.sh" "${sans_privilege[@]}" "$PROGRAMMES$PROGRAMME" 80
    verifier_code 1
    si_trace verifier_contient "$stderr" 'bind : permission refusée [EACCES]' 'privilège'
    si_nu verifier_contient "$stderr" 'bind: '
}

@test "@PROGRAMME@ (@HOTE@) : sans argument, il prend le port 5000" {
    exiger_espace
    demarrer_serveur_dans_un_espace
    verifier_egal 5000 "$PORT"
}
demarrer_serveur_dans_un_espace() {
    ENVELOPPE=("$RACINE/scripts/espace.sh")
    demarrer_serveur "$PROGRAMME"
}

# --- L'épuisement, et la trace

# preuve : TCP-accept-15 « EMFILE » ERR-060 « -le 10 »
@test "@PROGRAMME@ (@HOTE@) : à court de descripteurs, il patiente sans tourner à vide, puis sert" {
    exiger_outil prlimit
    servir
    local libre=0   # le premier descripteur libre : celui que prendrait accept
    while [ -e "/proc/$SERVEUR/fd/$libre" ]; do libre=$((libre + 1)); done
    prlimit --pid "$SERVEUR" --nofile="$libre":
    demarrer client "$SONDE" tcp "$HOTE" "$PORT" envoyer 'a\n' lire-fin
    local client=$PID avant lignes refus='accept : .*EMFILE'
    [ -z "$NU" ] || refus='^accept: '
    attendre_ligne "$ERREURS" "$refus"
    avant=$(temps_cpu "$SERVEUR")
    lignes=$(grep -c "$refus" "$ERREURS")
    sleep 0.5   # une durée à mesurer, non un événement à attendre
    # à vide, ce serait des milliers de messages, et 50 centièmes de seconde
    [ "$(($(grep -c "$refus" "$ERREURS") - lignes))" -le 10 ]
    [ "$(($(temps_cpu "$SERVEUR") - avant))" -le 25 ]
    prlimit --pid "$SERVEUR" --nofile=64:
    attendre_fin "$client"
    verifier_contient "@$BATS_TEST_TMPDIR/client.out" "$OK"
    verifier_survie
}

# bats test_tags=habille
@test "@PROGRAMME@ (@HOTE@) : un journal dans un fichier se remplit en direct" {
    servir
    sonde_qui_reste envoyer 'moitié de'
    attendre_ligne "$JOURNAL" 'recv : .*moitié de'
    arreter "$CLIENT"
    verifier_survie
}

# bats test_tags=habille
@test "@PROGRAMME@ (@HOTE@) : sa trace sur un disque plein, il le dit une fois, et sert encore" {
    demarrer_sur_disque_plein "$PROGRAMME" tcp
    verifier_survie
    verifier_survie
    verifier_egal 1 "$(grep -c 'sortie standard : ' "$ERREURS")"
    verifier_contient "@$ERREURS" "${PROGRAMME##*/} : sortie standard : plus de place [ENOSPC]"
}

# bats test_tags=habille
@test "@PROGRAMME@ (@HOTE@) : qui lit sa trace s'en va, il le dit une fois, et sert encore" {
    demarrer_dans_un_tube "$PROGRAMME" tcp
    exec {LECTEUR}>&-
    verifier_survie
    verifier_survie
    verifier_egal 1 "$(grep -c 'sortie standard : ' "$ERREURS")"
    verifier_contient "@$ERREURS" 'sortie standard : ' '[EPIPE]'
}

# bats test_tags=habille
@test "@PROGRAMME@ (@HOTE@) : sa trace dans un tube plein, il attend, et ne perd pas une ligne" {
    demarrer_dans_un_tube "$PROGRAMME" tcp
    local tube=$BATS_TEST_TMPDIR/tube client journal=$BATS_TEST_TMPDIR/journal.out
    dd if=/dev/zero of="$tube" bs=4096 count=1000 oflag=nonblock conv=notrunc 2>/dev/null || true
    demarrer client "$SONDE" tcp "$HOTE" "$PORT" envoyer 'Bonjour\n' lire-fin
    client=$PID
    attendre_ligne "$BATS_TEST_TMPDIR/client.out" '^envoyer'
    # le serveur n'a même pas pu écrire « accept »
    verifier_absent "@$BATS_TEST_TMPDIR/client.out" 'lire-fin'
    demarrer journal cat "$tube"
    attendre 10 test -s "$journal"   # le tube a toujours un lecteur
    exec {LECTEUR}>&-
    attendre_fin "$client"
    verifier_contient "@$BATS_TEST_TMPDIR/client.out" "$OK"
    attendre_ligne "$journal" 'close : '
    verifier_contient "@$journal" 'accept : ' 'recv : 8 octets' 'ligne : 7 octets « Bonjour »' \
        'send : 3 octets'
}

# bats test_tags=complet
@test "@PROGRAMME@ (@HOTE@) : sous valgrind, après tous ces clients, rien que sa socket d'écoute" {
    sous_valgrind
    servir
    sonde envoyer '\n' lire-fin
    verifier_contient "$output" "$OK"
    sonde repeter 5000 x envoyer '\n' lire-fin
    sonde
    sonde envoyer 'moitié' rst
    sonde envoyer 'Bonjour\nAu revoir\n' lire-fin
    attendre_close 5
    kill -INT "$SERVEUR"
    attendre_fin "$SERVEUR"
    verifier_egal 130 "$code"
    verifier_rapport 1
}
