#!/usr/bin/env bats
# tcp/03-connexion, qui se connecte sans rien dire, et les échecs de connect() selon le réseau. Ce
# que font les clients qui parlent est dans tests/modeles/client-tcp.bats.

setup() {
    load aide
    CONNEXION=${PROGRAMMES}tcp/03-connexion
}

@test "03-connexion montre son adresse avant et après connect, et celle d'en face" {
    demarrer_sonde tcp-serveur lire-fin
    lancer "$CONNEXION" 127.0.0.1 "$PORT"
    verifier_code 0
    verifier_egal '' "$stderr"
    verifier_contient "$output" 'getsockname : 0.0.0.0:0' 'getsockname : 127.0.0.1:' \
        "getpeername : 127.0.0.1:$PORT" 'close : '
}

@test "03-connexion reprend connect interrompu par un signal" {
    sous_strace connect:error=EINTR:when=1
    demarrer_sonde tcp-serveur lire-fin
    lancer "${ENVELOPPE[@]}" "$CONNEXION" 127.0.0.1 "$PORT"
    verifier_code 0
    verifier_egal '' "$stderr"
    verifier_contient "$output" "getpeername : 127.0.0.1:$PORT"
}

@test "un port que l'on tient sans y écouter refuse la connexion, et le conseil le cite" {
    # 05-bind tient le port : personne d'autre ne le prendra pendant le test
    ENTREE=$BATS_TEST_TMPDIR/entree && mkfifo "$ENTREE" && exec {entree}<>"$ENTREE"
    demarrer_serveur tcp/05-bind -a 127.0.0.1 0
    lancer "$CONNEXION" 127.0.0.1 "$PORT"
    verifier_code 1
    verifier_contient "$stderr" 'connect : connexion refusée [ECONNREFUSED]' "sport = :$PORT"
    verifier_messages
}

# --- Les chemins du réseau : un espace neuf pour chaque test

dans_un_reseau() {   # PRÉPARATION COMMANDE...
    exiger_espace
    lancer "$RACINE/scripts/espace.sh" bash -euc "{ $1; } >&2; exec \"\$@\"" bash "${@:2}"
}

@test "sans route vers le serveur, 03-connexion le dit : code 1, ENETUNREACH" {
    dans_un_reseau : "$CONNEXION" 192.0.2.1 5000
    verifier_code 1
    verifier_contient "$stderr" 'connect : réseau inaccessible [ENETUNREACH]' 'ip route'
}

# preuve : TCP-connect-09 « aucune route vers l'hôte [EHOSTUNREACH] »
@test "quand la route dit l'hôte inaccessible : code 1, EHOSTUNREACH" {
    dans_un_reseau 'ip route add unreachable 192.0.2.0/24' "$CONNEXION" 192.0.2.1 5000
    verifier_code 1
    verifier_contient "$stderr" "connect : aucune route vers l'hôte [EHOSTUNREACH]"
    verifier_messages
}

# preuve : TCP-connect-08 « connect : délai dépassé [ETIMEDOUT] »
@test "quand personne ne répond : code 1, ETIMEDOUT" {
    # Un câble dont l'autre bout jette ce qui n'est pas à son adresse ; un seul nouvel essai.
    local silence='ip link add c0 type veth peer name c1
        ip address add 192.0.2.2/24 dev c0; ip link set c0 up; ip link set c1 up
        ip neigh replace 192.0.2.1 lladdr 02:00:00:00:00:01 dev c0 nud permanent
        echo 1 >/proc/sys/net/ipv4/tcp_syn_retries
        [ ! -e /proc/sys/net/ipv4/tcp_syn_linear_timeouts ] ||
            echo 0 >/proc/sys/net/ipv4/tcp_syn_linear_timeouts'
    dans_un_reseau "$silence" "$CONNEXION" 192.0.2.1 5000
    verifier_code 1
    verifier_contient "$stderr" 'connect : délai dépassé [ETIMEDOUT]' 'ip route'
}
