#!/usr/bin/env bats
# Un client TCP qui envoie une ligne et attend une ligne, face à une sonde. D'un client nu, on ne voit que
# ce qu'il affiche, la réponse.
# bats file_tags=@ETIQUETTE@

setup() {
    load ../../tests/aide
    PROGRAMME=@PROGRAMME@ HOTE=@HOTE@ NU=@NU@
    NOM=${PROGRAMME##*/}
    [[ $HOTE != *:* ]] || exiger_ipv6
}

client() { lancer "${ENVELOPPE[@]}" "$PROGRAMMES$PROGRAMME" "$HOTE" "$PORT" "$@"; }

# Face à une sonde qui joue ces actions, lance le client : status, output et stderr.
face_a() {   # ACTION...
    demarrer_sonde tcp-serveur "$@"
    client
}

# Le client en arrière-plan face à cette sonde, jusqu'à ce qu'il ait envoyé sa ligne.
attendre_en_face_de() {   # ACTION...
    demarrer_sonde tcp-serveur "$@"
    demarrer client "${ENVELOPPE[@]}" "$PROGRAMMES$PROGRAMME" "$HOTE" "$PORT"
    TRACE=$BATS_TEST_TMPDIR/client.out
    si_trace attendre 10 trace_a_envoye "$TRACE"
    attendre_ligne "$SONDE_OUT" 'lire-ligne : Bonjour'
}

# Le dernier « lancer » a rendu 0, et montré cette réponse : le texte, et sa taille.
verifier_reponse() {   # TAILLE TEXTE
    verifier_code 0
    si_trace verifier_contient "$output" "réponse : $1 octet$([ "$1" -lt 2 ] || echo s)${2:+ « $2 »}"
    si_nu verifier_egal "$2" "$output"
}

# --- Ce qui revient

@test "@PROGRAMME@ (@HOTE@) : une réponse d'un morceau est reçue, sans un mot sur stderr" {
    face_a lire-ligne envoyer 'ok\n' lire-fin
    verifier_reponse 2 ok
    verifier_egal '' "$stderr"
    si_trace verifier_contient "$output" "connect : " ":$PORT" 'send : 8 octets « Bonjour\n »' \
        'recv : 3 octets « ok\n »' 'réponse : 2 octets « ok »' 'close : descripteur 3'
    si_trace verifier_egal 'connect send recv réponse close' "$(printf '%s\n' "$output" |
        sed -n 's/^\(connect\|send\|recv\|réponse\|close\) : .*/\1/p' | paste -sd ' ')"
    verifier_contient "@$SONDE_OUT" 'lire-ligne : Bonjour\n'
}

@test "@PROGRAMME@ (@HOTE@) : une réponse octet par octet est reconstituée" {
    face_a lire-ligne un-par-un 'salut\n'
    verifier_reponse 5 salut
    si_trace verifier_egal 6 "$(grep -c '^recv : 1 octet ' <<<"$output")"
}

@test "@PROGRAMME@ (@HOTE@) : de deux lignes collées, la première est la réponse" {
    face_a lire-ligne envoyer 'un\ndeux\n'
    si_trace verifier_reponse 2 un
    si_nu verifier_code 0
    si_nu verifier_egal un "${lines[0]}"
}

@test "@PROGRAMME@ (@HOTE@) : une ligne vide est une réponse, pas une fin de flux" {
    face_a lire-ligne envoyer '\n'
    verifier_reponse 0 ''
}

@test "@PROGRAMME@ (@HOTE@) : un serveur qui ferme sans répondre est un échec, et il le dit" {
    face_a lire-ligne
    verifier_code 1
    si_trace verifier_contient "$output" 'recv : 0 octet, fin du flux'
    si_trace verifier_contient "$stderr" "$NOM : "
    verifier_contient "$stderr" 'sans répondre'
    verifier_messages
}

@test "@PROGRAMME@ (@HOTE@) : une ligne sans \\n, puis la fin du flux, est une réponse" {
    face_a lire-ligne envoyer 'sans fin'
    verifier_reponse 8 'sans fin'
}

@test "@PROGRAMME@ (@HOTE@) : d'une réponse d'un mébioctet sans \\n il ne garde pas tout" {
    face_a lire-ligne repeter 1048576 x
    si_trace verifier_code 1
    si_trace verifier_contient "$stderr" 'réponse trop longue'
    si_nu verifier_egal 0:1024 "$status:${#output}"
    verifier_messages
}

@test "@PROGRAMME@ (@HOTE@) : une réponse sans fin ne retient pas le client" {
    face_a lire-ligne repeter 1024 x importuner -1 x
    si_trace verifier_code 1
    si_trace verifier_contient "$stderr" 'réponse trop longue'
    si_nu verifier_egal 0:1024 "$status:${#output}"
}

@test "@PROGRAMME@ (@HOTE@) : les octets nuls et les séquences d'échappement n'atteignent pas le terminal" {
    face_a lire-ligne envoyer 'a\0\x1b[31m\x07\xc2\x9b%s\n'
    si_trace verifier_reponse 12 'a\0\x1b[31m\x07\xc2\x9b%s'
    si_nu verifier_reponse 12 'a..[31m...%s'
    printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/trace"
    verifier_sans_controle "$BATS_TEST_TMPDIR/trace"
}

# --- Ce qui part

# bats test_tags=habille
@test "@PROGRAMME@ (@HOTE@) : un message trop long pour une ligne est refusé, avec la limite" {
    local message
    printf -v message '%*s' 1023 x
    PORT=5000 client "$message"
    verifier_code 2
    verifier_contient "$stderr" 'message trop long : 1023 octets, 1022 au plus'
    verifier_messages
    verifier_egal '' "$output"
}

# bats test_tags=habille
@test "@PROGRAMME@ (@HOTE@) : le plus long message permis part entier" {
    local message
    printf -v message '%*s' 1022 x
    demarrer_sonde tcp-serveur lire-ligne envoyer 'ok\n'
    client "$message"
    verifier_code 0
    verifier_contient "@$SONDE_OUT" " $message\\n"
}

# bats test_tags=habille
@test "@PROGRAMME@ (@HOTE@) : après « -- », un message peut commencer par un tiret" {
    demarrer_sonde tcp-serveur lire-ligne envoyer 'ok\n'
    client -salut
    verifier_code 2
    verifier_contient "$stderr" 'option inconnue « -salut »' '« -- »'
    client -- -salut
    verifier_code 0
    verifier_contient "@$SONDE_OUT" 'lire-ligne : -salut\n'
}

# --- Ce qui tourne mal

# Le dernier « lancer » a dit la réinitialisation.
verifier_reset() {
    si_trace verifier_contient "$stderr" '[ECONNRESET]'
    si_nu grep -E '^(send|recv): ' <<<"$stderr"
}

@test "@PROGRAMME@ (@HOTE@) : une réinitialisation dès la connexion est dite, ECONNRESET" {
    face_a rst
    verifier_code 1
    verifier_reset
    verifier_messages
}

# bats test_tags=complet
@test "@PROGRAMME@ (@HOTE@) : un serveur parti avant le message est dit, SIGPIPE ne tue pas" {
    sous_strace sendto:delay_enter=400000   # le temps que FIN puis RST arrivent
    face_a demi-fermer rst
    verifier_code 1
    si_trace grep -E '\[(EPIPE|ECONNRESET)\]' <<<"$stderr"
    si_nu grep -E '^(send|recv): ' <<<"$stderr"
}

# preuve : TCP-rw-08 « [ECONNRESET] »
@test "@PROGRAMME@ (@HOTE@) : une réinitialisation après le message est dite, ECONNRESET" {
    face_a lire-ligne rst
    verifier_code 1
    si_trace verifier_contient "$stderr" 'recv : connexion réinitialisée par le pair [ECONNRESET]'
    si_nu verifier_contient "$stderr" 'recv: '
}

@test "@PROGRAMME@ (@HOTE@) : une réinitialisation au milieu de la réponse est dite, ECONNRESET" {
    face_a lire-ligne un-par-un 'moit' rst
    verifier_code 1
    verifier_reset
}

@test "@PROGRAMME@ (@HOTE@) : face à un serveur muet il attend, et Ctrl-C l'arrête" {
    attendre_en_face_de lire-ligne pause
    kill -INT "$PID"
    attendre_fin "$PID"
    verifier_egal 130 "$code"
    si_trace verifier_absent "@$TRACE" 'réponse'
}

@test "@PROGRAMME@ (@HOTE@) : figé puis dégelé dans recv, il reçoit quand même sa réponse" {
    local tube=$BATS_TEST_TMPDIR/depart depart
    mkfifo "$tube" && exec {depart}<>"$tube"
    ENTREE=$tube attendre_en_face_de lire-ligne attendre envoyer 'ok\n' lire-fin
    figer "$PID"
    degeler "$PID"
    echo >&"$depart"
    exec {depart}>&-
    attendre_fin "$PID"
    verifier_egal 0 "$code"
    si_trace trace_repondu "$TRACE"
    si_nu verifier_egal ok "$(<"$TRACE")"
}

@test "@PROGRAMME@ (@HOTE@) : un port fermé est dit, ECONNREFUSED" {
    demarrer_sonde tcp-serveur pause   # un port que la sonde vient de rendre
    arreter "$PID"
    client
    verifier_code 1
    si_trace verifier_contient "$stderr" 'connect : connexion refusée [ECONNREFUSED]' \
        "sport = :$PORT" 'cours : '
    si_nu verifier_contient "$stderr" 'connect: '
    verifier_messages
    verifier_absent "$output" 'send'
}

# preuve : TCP-connect-10 « [ENETUNREACH] »
@test "@PROGRAMME@ (@HOTE@) : sans route vers le serveur, ENETUNREACH" {
    exiger_espace
    lancer "$RACINE/scripts/espace.sh" "$PROGRAMMES$PROGRAMME" 192.0.2.1 5000
    verifier_code 1
    si_trace verifier_contient "$stderr" 'connect : réseau inaccessible [ENETUNREACH]' 'ip route'
    si_nu verifier_contient "$stderr" 'connect: '
    verifier_messages
}

# --- Ce que le noyau a le droit de faire, et les descripteurs

@test "@PROGRAMME@ (@HOTE@) : send n'en prend qu'une partie, la ligne arrive entière" {
    avec_des_appels_avares "$PROGRAMME"
    face_a lire-ligne envoyer 'ok\n'
    verifier_reponse 2 ok
    verifier_contient "@$SONDE_OUT" 'lire-ligne : Bonjour\n'
    si_trace verifier_egal 3 "$(grep -c '^send : ' <<<"$output")"
}

# L'appel est refait, et l'échange aboutit sans un mot sur stderr.
survit_a_eintr() {   # APPEL
    sous_strace "$1:error=EINTR:when=1"
    face_a lire-ligne envoyer 'ok\n'
    verifier_reponse 2 ok
    verifier_egal '' "$stderr"
    verifier_contient "@$SONDE_OUT" 'lire-ligne : Bonjour\n'
}
# Un nu n'arme aucun signal : le noyau refait connect de lui-même.
# bats test_tags=habille,complet
@test "@PROGRAMME@ (@HOTE@) : connect interrompu par un signal est repris" { survit_a_eintr connect; }
@test "@PROGRAMME@ (@HOTE@) : send interrompu par un signal est repris" { survit_a_eintr sendto; }
# bats test_tags=complet
@test "@PROGRAMME@ (@HOTE@) : recv interrompu par un signal est repris" { survit_a_eintr recvfrom; }

# bats test_tags=habille
@test "@PROGRAMME@ (@HOTE@) : un descripteur 0, 1 ou 2 fermé au départ n'est jamais la socket" {
    local fermes
    for fermes in '0>&-' '1>&-' '2>&-' '0>&- 1>&- 2>&-'; do
        echo "lancé avec $fermes :"
        demarrer_sonde tcp-serveur lire-ligne demi-fermer lire-fin
        lancer bash -c "exec \"\$@\" $fermes" - "$PROGRAMMES$PROGRAMME" "$HOTE" "$PORT"
        run ! grep 'descripteur [012]$' <<<"$output"
        attendre_fin "$PID"
        # rien que la ligne, et pas la trace ni les messages
        grep -qx 'lire-ligne : Bonjour\\n' "$SONDE_OUT"
        grep -qx 'lire-fin : ' "$SONDE_OUT"
    done
}

# bats test_tags=habille
@test "@PROGRAMME@ (@HOTE@) : une trace perdue est un échec, avec la vraie raison" {
    [ -c /dev/full ] || manque "pas de /dev/full ici"
    demarrer_sonde tcp-serveur lire-ligne envoyer 'ok\n' lire-fin
    lancer bash -c 'exec "$@" >/dev/full' - "$PROGRAMMES$PROGRAMME" "$HOTE" "$PORT"
    verifier_code 1
    verifier_contient "$stderr" "$NOM : sortie standard : plus de place [ENOSPC]"
    verifier_messages
    # et non pour celle d'un appel qui échoue ensuite : ici connect
    attendre_fin "$PID"
    lancer bash -c 'exec "$@" >/dev/full' - "$PROGRAMMES$PROGRAMME" "$HOTE" "$PORT"
    verifier_code 1
    verifier_contient "$stderr" "$NOM : sortie standard : plus de place [ENOSPC]"
}

# bats test_tags=complet
@test "@PROGRAMME@ (@HOTE@) : sous valgrind, ne laisse rien derrière lui" {
    sous_valgrind
    face_a lire-ligne un-par-un 'ok\n' lire-fin
    verifier_code 0
    verifier_rapport
    face_a lire-ligne envoyer '\nsuite' lire-fin
    verifier_code 0
    verifier_rapport
}
