#!/usr/bin/env bats
# Les clients TCP : tcp/03-connexion, tcp/04-client et ipv6/02-client, face à une sonde.
# Les variables viennent d'aide.bash et de bats, les scénarios sont appelés par leur nom :
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2153,SC2154,SC2317

setup() {
    load aide
    CLIENTS='tcp/04-client ipv6/02-client'
}

# Joue SCÉNARIO avec chaque client ; il trouve CLIENT.
avec_chaque_client() {   # SCÉNARIO
    local CLIENT
    for CLIENT in $CLIENTS; do
        echo "avec $CLIENT :"
        "$1"
    done
}

# Face à une sonde qui joue ces actions, lance le client : status, output et stderr.
face_a() {   # ACTION...
    demarrer_sonde tcp-serveur "$@"
    lancer "${ENVELOPPE[@]}" "$PROGRAMMES$CLIENT" 127.0.0.1 "$PORT"
}

# Le client en arrière-plan face à cette sonde, jusqu'à ce qu'il ait envoyé sa ligne.
attendre_en_face_de() {   # ACTION...
    demarrer_sonde tcp-serveur "$@"
    demarrer client "${ENVELOPPE[@]}" "$PROGRAMMES$CLIENT" 127.0.0.1 "$PORT"
    TRACE=$BATS_TEST_TMPDIR/client.out
    attendre_ligne "$TRACE" '^send : '
    attendre_ligne "$SONDE_OUT" 'lire-ligne : Bonjour'
}

# --- Ce qui revient

@test "une réponse en un morceau est reçue, et la trace suit l'ordre des appels" {
    scenario() {
        face_a lire-ligne envoyer 'ok\n' lire-fin
        verifier_code 0
        verifier_egal '' "$stderr"
        verifier_contient "$output" "connect : 127.0.0.1:$PORT" 'send : 8 octets « Bonjour\n »' \
            'recv : 3 octets « ok\n »' 'réponse : 2 octets « ok »' 'close : descripteur 3'
        verifier_egal 'connect send recv réponse close' "$(printf '%s\n' "$output" |
            sed -n 's/^\(connect\|send\|recv\|réponse\|close\) : .*/\1/p' | paste -sd ' ')"
        verifier_contient "@$SONDE_OUT" 'lire-ligne : Bonjour\n'
    }
    avec_chaque_client scenario
}

@test "une réponse octet par octet est reconstituée" {
    scenario() {
        face_a lire-ligne un-par-un 'salut\n'
        verifier_code 0
        verifier_egal 6 "$(grep -c '^recv : 1 octet ' <<<"$output")"
        verifier_contient "$output" 'réponse : 5 octets « salut »'
    }
    avec_chaque_client scenario
}

@test "de deux lignes collées, la première est la réponse" {
    scenario() {
        face_a lire-ligne envoyer 'un\ndeux\n'
        verifier_code 0
        verifier_contient "$output" 'réponse : 2 octets « un »'
    }
    avec_chaque_client scenario
}

@test "une ligne vide est une réponse, pas une fin de flux" {
    scenario() {
        face_a lire-ligne envoyer '\n'
        verifier_code 0
        verifier_contient "$output" 'réponse : 0 octet'
    }
    avec_chaque_client scenario
}

@test "un serveur qui ferme sans répondre est un échec, et le client le dit" {
    scenario() {
        face_a lire-ligne
        verifier_code 1
        verifier_contient "$output" 'recv : 0 octet, fin du flux'
        verifier_contient "$stderr" 'client : ' 'sans répondre'
    }
    avec_chaque_client scenario
}

@test "une dernière ligne sans \\n, puis la fin du flux, est une réponse" {
    scenario() {
        face_a lire-ligne envoyer 'sans fin'
        verifier_code 0
        verifier_contient "$output" 'réponse : 8 octets « sans fin »'
    }
    avec_chaque_client scenario
}

@test "une réponse d'un mébioctet sans \\n finit par une erreur qui le dit" {
    CLIENT=tcp/04-client
    face_a lire-ligne repeter 1048576 x
    verifier_code 1
    verifier_contient "$stderr" 'réponse trop longue'
}

@test "les octets nuls et les séquences d'échappement de la réponse sont échappés" {
    scenario() {
        face_a lire-ligne envoyer 'a\0\x1b[31m\x07\xc2\x9b%s\n'
        verifier_code 0
        verifier_contient "$output" 'a\0\x1b[31m\x07\xc2\x9b%s »'
        printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/trace"
        verifier_sans_controle "$BATS_TEST_TMPDIR/trace"
    }
    avec_chaque_client scenario
}

# --- Ce qui tourne mal

@test "une réinitialisation dès la connexion est dite : code 1, ECONNRESET" {
    scenario() {
        face_a rst
        verifier_code 1
        verifier_contient "$stderr" '[ECONNRESET]'
    }
    avec_chaque_client scenario
}

@test "un serveur parti avant le message est dit : code 1, et SIGPIPE ne tue pas le client" {
    exiger_outil strace
    scenario() {
        sous_strace sendto:delay_enter=400000   # le temps que FIN puis RST arrivent
        face_a demi-fermer rst
        verifier_code 1
        grep -E '\[(EPIPE|ECONNRESET)\]' <<<"$stderr"
    }
    avec_chaque_client scenario
}

# preuve : TCP-rw-08
@test "une réinitialisation après le message est dite : code 1, ECONNRESET" {
    scenario() {
        face_a lire-ligne rst
        verifier_code 1
        verifier_contient "$stderr" 'recv : connexion réinitialisée par le pair [ECONNRESET]'
    }
    avec_chaque_client scenario
}

@test "une réinitialisation au milieu de la réponse est dite : code 1, ECONNRESET" {
    scenario() {
        face_a lire-ligne un-par-un 'moit' rst
        verifier_code 1
        verifier_contient "$stderr" '[ECONNRESET]'
    }
    avec_chaque_client scenario
}

@test "face à un serveur muet le client attend, et Ctrl-C l'arrête" {
    scenario() {
        attendre_en_face_de lire-ligne pause
        kill -INT "$PID"
        attendre_fin "$PID"
        verifier_egal 130 "$code"
        verifier_absent "@$TRACE" 'réponse'
    }
    avec_chaque_client scenario
}

@test "figé puis dégelé dans recv, le client reçoit quand même sa réponse" {
    scenario() {
        local tube=$BATS_TEST_TMPDIR/depart
        rm -f "$tube" && mkfifo "$tube"
        exec {depart}<>"$tube"
        ENTREE=$tube attendre_en_face_de lire-ligne attendre envoyer 'ok\n' lire-fin
        figer "$PID"
        degeler "$PID"
        echo >&"$depart"
        exec {depart}>&-
        attendre_fin "$PID"
        verifier_egal 0 "$code"
        verifier_contient "@$TRACE" 'réponse : 2 octets « ok »'
    }
    avec_chaque_client scenario
}

@test "un port fermé est dit : code 1, ECONNREFUSED, et le conseil cite ce port" {
    scenario() {
        lancer "$PROGRAMMES$CLIENT" 127.0.0.1 "$PORT"
        verifier_code 1
        verifier_contient "$stderr" 'connect : connexion refusée [ECONNREFUSED]' \
            "sport = :$PORT" 'cours : § '
        verifier_absent "$output" 'send'
    }
    # 05-bind tient un port sans y écouter : personne d'autre ne le prendra pendant le test
    ENTREE=$BATS_TEST_TMPDIR/entree && mkfifo "$ENTREE" && exec {entree}<>"$ENTREE"
    demarrer_serveur tcp/05-bind -a 127.0.0.1 0
    CLIENTS+=' tcp/03-connexion'
    avec_chaque_client scenario
}

@test "03-connexion montre son adresse avant et après connect, et celle d'en face" {
    demarrer_sonde tcp-serveur lire-fin
    lancer "${PROGRAMMES}tcp/03-connexion" 127.0.0.1 "$PORT"
    verifier_code 0
    verifier_egal '' "$stderr"
    verifier_contient "$output" 'getsockname : 0.0.0.0:0' 'getsockname : 127.0.0.1:' \
        "getpeername : 127.0.0.1:$PORT" 'close : '
}

# --- Les chemins du réseau : un espace neuf pour chaque test

dans_un_reseau() {   # PRÉPARATION COMMANDE...
    exiger_espace
    lancer "$RACINE/scripts/espace.sh" bash -euc "{ $1; } >&2; exec \"\$@\"" bash "${@:2}"
}

# preuve : TCP-connect-10
@test "sans route vers le serveur : code 1, ENETUNREACH" {
    scenario() {
        dans_un_reseau : "$PROGRAMMES$CLIENT" 192.0.2.1 5000
        verifier_code 1
        verifier_contient "$stderr" 'connect : réseau inaccessible [ENETUNREACH]' 'ip route'
    }
    CLIENTS+=' tcp/03-connexion'
    avec_chaque_client scenario
}

# preuve : TCP-connect-09
@test "quand la route dit l'hôte inaccessible : code 1, EHOSTUNREACH" {
    scenario() {
        dans_un_reseau 'ip route add unreachable 192.0.2.0/24' \
            "$PROGRAMMES$CLIENT" 192.0.2.1 5000
        verifier_code 1
        verifier_contient "$stderr" "connect : aucune route vers l'hôte [EHOSTUNREACH]"
    }
    CLIENTS+=' tcp/03-connexion'
    avec_chaque_client scenario
}

# preuve : TCP-connect-08
@test "quand personne ne répond : code 1, ETIMEDOUT" {
    # Un câble dont l'autre bout jette ce qui n'est pas à son adresse ; un seul nouvel essai.
    local silence='ip link add c0 type veth peer name c1
        ip address add 192.0.2.2/24 dev c0; ip link set c0 up; ip link set c1 up
        ip neigh replace 192.0.2.1 lladdr 02:00:00:00:00:01 dev c0 nud permanent
        echo 1 >/proc/sys/net/ipv4/tcp_syn_retries
        [ ! -e /proc/sys/net/ipv4/tcp_syn_linear_timeouts ] ||
            echo 0 >/proc/sys/net/ipv4/tcp_syn_linear_timeouts'
    dans_un_reseau "$silence" "${PROGRAMMES}tcp/03-connexion" 192.0.2.1 5000
    verifier_code 1
    verifier_contient "$stderr" 'connect : délai dépassé [ETIMEDOUT]' 'sport = :5000'
}

# --- Ce que le noyau a le droit de faire

@test "send qui n'en prend qu'une partie : la ligne arrive entière, en plusieurs send" {
    if avec_asan && grep -q __interceptor_send "${PROGRAMMES}tcp/04-client"; then
        manque_a_la_variante "ASan lié dans le programme passe avant toute bibliothèque préchargée"
    fi
    ENVELOPPE=(env "LD_PRELOAD=$PARTIEL" PARTIEL=3 ASAN_OPTIONS=verify_asan_link_order=0)
    scenario() {
        face_a lire-ligne envoyer 'ok\n'
        verifier_code 0
        verifier_contient "@$SONDE_OUT" 'lire-ligne : Bonjour\n'
        verifier_egal 3 "$(grep -c '^send : ' <<<"$output")"
        verifier_contient "$output" 'réponse : 2 octets « ok »'
    }
    avec_chaque_client scenario
}

# L'appel est refait, et l'échange aboutit sans un mot sur stderr.
survit_a_eintr() {   # APPEL
    exiger_outil strace
    sous_strace "$1:error=EINTR:when=1"
    scenario() {
        face_a lire-ligne envoyer 'ok\n'
        verifier_code 0
        verifier_egal '' "$stderr"
        verifier_contient "$output" 'réponse : 2 octets « ok »'
        verifier_contient "@$SONDE_OUT" 'lire-ligne : Bonjour\n'
    }
    avec_chaque_client scenario
}

@test "connect interrompu par un signal est repris" { survit_a_eintr connect; }
@test "send interrompu par un signal est repris" { survit_a_eintr sendto; }
@test "recv interrompu par un signal est repris" { survit_a_eintr recvfrom; }
