#!/usr/bin/env bats
# Les options : les tables de tcp/11-options et tcp/11-poser, ce que demande un privilège, et ce qu'elles
# changent quand des paquets circulent (tests/options.c).

setup_file() {
    load aide
    cc -std=gnu11 -O1 -g "$RACINE/tests/options.c" "$RACINE"/common/*.c -o "$BATS_FILE_TMPDIR/options"
}

setup() {
    load aide
    OPTIONS=$BATS_FILE_TMPDIR/options
    POSER=${PROGRAMMES}tcp/11-poser
    # une personne ordinaire, quand on ne l'est pas : sans le moindre privilège
    ORDINAIRE=()
    [ "$(id -u)" != 0 ] || ORDINAIRE=(setpriv --bounding-set -all --inh-caps -all)
}

ordinaire() { lancer "${ORDINAIRE[@]}" "$@"; }
exiger_root() { [ "$(id -u)" = 0 ] || manque "demande d'être root"; }

# Dans un espace réseau à elle, dont on est maître : COMMANDE, après ces ordres du shell.
dans_un_espace() {   # ORDRES COMMANDE...
    local ordres=$1
    shift
    exiger_espace
    lancer "$RACINE/scripts/espace.sh" sh -ec "$ordres"'; exec "$@"' sh "$@"
}

# Une seconde interface, et une passerelle vers 198.51.100.0/24.
VOISIN='ip link add v0 type veth peer name v1; ip link set v0 up; ip link set v1 up
    ip address add 192.0.2.1/24 dev v0; ip route add 198.51.100.0/24 via 192.0.2.254'

@test "11-options lit toute la table, sans un trou ni une ligne de plus de 80 colonnes" {
    ordinaire "${PROGRAMMES}tcp/11-options"
    verifier_code 0
    verifier_egal '' "$stderr"
    verifier_egal "$(grep '^    [A-Z]' "$RACINE/common/options.c" | grep -oE '[A-Z0-9]+\(' | wc -l)" \
        "$(grep -cE '^(SO|TCP|IP|IPV6)_' <<<"$output")"
    [ "$(LC_ALL=C.UTF-8 wc -L <<<"$output")" -le 80 ]
    run ! grep -vE ' (oui|\[E[A-Z]+\]|poser)$' <<<"$output"
}

@test "11-options sans réponse à son motif : code 2, rien sur la sortie" {
    lancer "${PROGRAMMES}tcp/11-options" SO_RIEN
    verifier_code 2
    verifier_egal '' "$output"
    verifier_contient "$stderr" 'motif « SO_RIEN »'
}

@test "11-poser comprend tous ses mots avant le premier appel" {
    lancer "$POSER" SO_TYPE SO_RIEN=1
    verifier_code 2
    verifier_egal '' "$output"
    verifier_contient "$stderr" 'option « SO_RIEN=1 »'
    lancer "$POSER" -s tapis SO_TYPE
    verifier_code 2
    verifier_contient "$stderr" '« tapis »'
}

@test "les défauts que dit le mémento sont ceux du noyau qui tourne" {
    local option fichier champ attendu
    while read -r option fichier champ; do
        attendu=$(awk -v champ="$champ" '{ print $champ }' "/proc/sys/net/$fichier")
        lancer "$POSER" -s "${option%%:*}" "${option#*:}"
        verifier_egal "getsockopt : ${option#*:} = $attendu (octets : 4)" "$output"
    done <<'FIN'
tcp:TCP_KEEPCNT ipv4/tcp_keepalive_probes 1
tcp:TCP_KEEPIDLE ipv4/tcp_keepalive_time 1
tcp:TCP_KEEPINTVL ipv4/tcp_keepalive_intvl 1
tcp:TCP_SYNCNT ipv4/tcp_syn_retries 1
tcp:SO_RCVBUF ipv4/tcp_rmem 2
tcp:SO_SNDBUF ipv4/tcp_wmem 2
tcp6:IPV6_V6ONLY ipv6/bindv6only 1
FIN
}

# preuve : OPT-base-10 « getsockopt, taille : mauvaise adresse mémoire [EFAULT] »
# preuve : OPT-base-12 « setsockopt, 9999 : option inconnue à ce niveau [ENOPROTOOPT] »
@test "une adresse fausse rend EFAULT, une option inconnue ENOPROTOOPT, un niveau absent EOPNOTSUPP" {
    lancer "$POSER" -s udp TCP_NODELAY
    verifier_contient "$output" '[EOPNOTSUPP]'
    lancer "$OPTIONS" adresses-fausses
    verifier_code 0
    verifier_contient "$output" 'setsockopt, valeur : mauvaise adresse mémoire [EFAULT]' \
        'getsockopt, valeur : mauvaise adresse mémoire [EFAULT]' \
        'getsockopt, taille : mauvaise adresse mémoire [EFAULT]' \
        'setsockopt, 9999 : option inconnue à ce niveau [ENOPROTOOPT]' \
        'getsockopt, 9999 : option inconnue à ce niveau [ENOPROTOOPT]'
}

# preuve : OPT-base-14 « bind, puis SO_REUSEADDR : adresse déjà utilisée [EADDRINUSE] »
@test "SO_REUSEADDR posée après bind vient trop tard ; avant, elle suffit" {
    lancer "$OPTIONS" avant-bind
    verifier_code 0
    verifier_contient "$output" 'bind, puis SO_REUSEADDR : adresse déjà utilisée [EADDRINUSE]' \
        'SO_REUSEADDR, puis bind : oui'
}

# preuve : OPT-base-16 « ioctl FIONREAD : 3 »
@test "ioctl dit ce qu'aucune option ne dit : combien d'octets attendent" {
    lancer "$OPTIONS" ioctl
    verifier_egal 'ioctl FIONREAD : 3' "$output"
}

# preuve : OPT-SO_BROADCAST-01 « tcp, avec : réseau inaccessible [ENETUNREACH] »
@test "SO_BROADCAST ouvre la diffusion aux datagrammes, et ne change rien à un flux" {
    ordinaire "$OPTIONS" diffusion
    verifier_code 0
    verifier_contient "$output" 'udp, sans SO_BROADCAST : permission refusée [EACCES]' 'udp, avec : oui' \
        'tcp, sans : réseau inaccessible [ENETUNREACH]' 'tcp, avec : réseau inaccessible [ENETUNREACH]'
}

# preuve : OPT-SO_RXQ_OVFL-01 « perdus cette fois : $n ; compte : $n ; cumul »
# preuve : ERR-130 « compte : $((2 * n)) ; cumul »
@test "SO_RXQ_OVFL compte les datagrammes perdus depuis le début, non depuis le dernier reçu" {
    local n
    lancer "$OPTIONS" pertes
    verifier_code 0
    n=$(sed -n '1s/.*compte : \([0-9]*\).*/\1/p' <<<"$output")
    [ "$n" -gt 0 ]
    verifier_egal "perdus cette fois : $n ; compte : $n ; cumul" "${lines[0]}"
    verifier_egal "perdus cette fois : $n ; compte : $((2 * n)) ; cumul" "${lines[1]}"
}

# preuve : OPT-SO_TIMESTAMP-01 « arrivé entre l'avant et l'après : oui »
@test "SO_TIMESTAMP date l'arrivée d'un datagramme, entre son envoi et sa lecture" {
    lancer "$OPTIONS" horodatage
    verifier_egal "arrivé entre l'avant et l'après : oui" "$output"
}

# preuve : TCP-flags-03 « loin, MSG_DONTROUTE : réseau inaccessible [ENETUNREACH] »
# preuve : OPT-SO_DONTROUTE-01 « loin, SO_DONTROUTE : réseau inaccessible [ENETUNREACH] »
@test "MSG_DONTROUTE et SO_DONTROUTE ne passent par aucune passerelle : l'hôte voisin, ou rien" {
    dans_un_espace "$VOISIN" "$OPTIONS" direct 198.51.100.1 192.0.2.7
    verifier_code 0
    verifier_contient "$output" 'loin, sans rien : oui' \
        'loin, MSG_DONTROUTE : réseau inaccessible [ENETUNREACH]' \
        'loin, SO_DONTROUTE : réseau inaccessible [ENETUNREACH]' \
        'près, MSG_DONTROUTE : oui' 'près, SO_DONTROUTE : oui'
}

# preuve : OPT-SO_BINDTODEVICE-04 « attachée à v0 : rien »
@test "une socket attachée à une interface n'entend que ce qui arrive par elle" {
    dans_un_espace "$VOISIN" "$OPTIONS" interfaces v0
    verifier_code 0
    verifier_contient "$output" 'attachée à lo : reçu' 'attachée à v0 : rien'
}

# preuve : OPT-SO_BINDTODEVICE-05 « interface, après SO_BINDTODEVICE : 0 »
# preuve : TCP-flags-04 « send MSG_DONTROUTE : oui »
@test "sur une socket paquet, SO_BINDTODEVICE est sans effet, bind en a un, MSG_DONTROUTE est sans objet" {
    dans_un_espace : "$OPTIONS" paquet
    verifier_code 0
    verifier_contient "$output" 'interface, après SO_BINDTODEVICE : 0' 'interface, après bind : lo' \
        'send MSG_DONTROUTE : oui'
}

# preuve : OPT-SO_BINDTODEVICE-02 « getsockopt : SO_BINDTODEVICE : 0 octet »
@test "détacher d'une interface demande un privilège : sans lui EPERM, avec lui plus d'interface" {
    ordinaire "$POSER" SO_BINDTODEVICE=lo SO_BINDTODEVICE=
    verifier_contient "$output" 'setsockopt : SO_BINDTODEVICE : opération interdite [EPERM]'
    verifier_absent "$output" 'getsockopt : SO_BINDTODEVICE : 0 octet'
    dans_un_espace : "$POSER" SO_BINDTODEVICE=lo SO_BINDTODEVICE=
    verifier_code 0
    verifier_contient "$output" 'getsockopt : SO_BINDTODEVICE : 0 octet'
}

# preuve : OPT-SO_BINDTODEVICE-03 « getsockopt : SO_BINDTODEVICE : 16 octets « quinze-lettres- »
@test "un nom d'interface a quinze lettres et un zéro : au-delà, SO_BINDTODEVICE l'ignore" {
    dans_un_espace 'ip link add quinze-lettres- type veth peer name v1' \
        "$POSER" SO_BINDTODEVICE=quinze-lettres-et-plus
    verifier_code 0
    verifier_contient "$output" 'setsockopt : SO_BINDTODEVICE : 23 octets' \
        'getsockopt : SO_BINDTODEVICE : 16 octets « quinze-lettres-\0 »'
}

# preuve : ERR-124 « setsockopt : SO_MARK = 7 » OPT-SO_PRIORITY-01 « setsockopt : SO_PRIORITY = 7 »
@test "CAP_NET_RAW suffit pour SO_MARK, et pour une priorité hors de 0 à 6 ; sans elle, EPERM" {
    exiger_root
    lancer setpriv --bounding-set -all,+net_raw --inh-caps -all "$POSER" SO_MARK=7 SO_PRIORITY=7
    verifier_contient "$output" 'setsockopt : SO_MARK = 7' 'setsockopt : SO_PRIORITY = 7'
    ordinaire "$POSER" SO_MARK=7 SO_PRIORITY=6 SO_PRIORITY=7 SO_PRIORITY=-1
    verifier_contient "$output" 'setsockopt : SO_MARK : opération interdite [EPERM]' \
        'getsockopt : SO_PRIORITY = 6'
    verifier_egal 2 "$(grep -c '^setsockopt : SO_PRIORITY : opération interdite \[EPERM\]' <<<"$output")"
}

# preuve : ERR-125 « setsockopt : SO_DEBUG : permission refusée [EACCES] »
@test "SO_DEBUG : être root ne suffit pas, il faut CAP_NET_ADMIN ; la remettre à 0 est libre" {
    exiger_root
    lancer setpriv --bounding-set -net_admin --inh-caps -all "$POSER" SO_DEBUG=0 SO_DEBUG=1
    verifier_egal 'setsockopt : SO_DEBUG = 0 (octets : 4)' "${lines[0]}"
    verifier_contient "$output" 'setsockopt : SO_DEBUG : permission refusée [EACCES]'
    lancer setpriv --bounding-set -all,+net_admin --inh-caps -all "$POSER" SO_DEBUG=1
    verifier_contient "$output" 'getsockopt : SO_DEBUG = 1 (octets : 4)'
}

# preuve : ERR-126 « dmesg | grep -c BSDCOMPAT »
@test "SO_BSDCOMPAT est acceptée, relue 0, et le noyau n'en dit rien" {
    local avant
    exiger_root
    avant=$(dmesg | grep -c BSDCOMPAT || true)
    ordinaire "$POSER" SO_BSDCOMPAT=1
    verifier_contient "$output" 'setsockopt : SO_BSDCOMPAT = 1' 'getsockopt : SO_BSDCOMPAT = 0'
    verifier_egal "$avant" "$(dmesg | grep -c BSDCOMPAT || true)"
}

# preuve : OPT-SO_BUSY_POLL-01 « getsockopt : SO_BUSY_POLL = 50 (octets : 4) »
@test "SO_BUSY_POLL se pose : par tous, ou, sur un noyau d'avant, avec CAP_NET_ADMIN ; jamais négative" {
    exiger_root
    lancer "$POSER" SO_BUSY_POLL=50 SO_BUSY_POLL=-1
    verifier_contient "$output" 'getsockopt : SO_BUSY_POLL = 50 (octets : 4)' \
        'setsockopt : SO_BUSY_POLL : argument invalide [EINVAL]'
}

# preuve : ERR-133 « getsockopt : SO_BUSY_POLL = 50 »
@test "SO_BUSY_POLL se pose sans privilège, depuis Linux 6.18 au moins" {
    ordinaire "$POSER" SO_BUSY_POLL=50
    if [[ $output == *'[EPERM]'* ]]; then   # un noyau d'avant : il y fallait CAP_NET_ADMIN
        [ "$(printf '6.18\n%s\n' "$(uname -r)" | sort -V | head -n 1)" != 6.18 ]
    else
        verifier_contient "$output" 'getsockopt : SO_BUSY_POLL = 50'
    fi
}

# Le processus le plus proche, parmi ceux d'où l'on vient, qui n'est pas dans notre espace réseau.
dehors() {
    local pid=$$ ici
    ici=$(readlink /proc/self/ns/net)
    while [ "$pid" -gt 1 ] && [ "$(readlink "/proc/$pid/ns/net")" = "$ici" ]; do
        pid=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$pid/status")
    done
    echo "$pid"
}

# preuve : OPT-SO_BUSY_POLL-02 « getsockopt : SO_BUSY_POLL = $defaut (octets : 4) »
@test "SO_BUSY_POLL vaut au départ core/busy_read, qui se lit hors de tout espace réseau, avec busy_poll" {
    local defaut coeur=/proc/sys/net/core
    exiger_root
    exiger_espace
    [ ! -e $coeur/busy_read ] && [ ! -e $coeur/busy_poll ]
    defaut=$(nsenter -n -t "$(dehors)" sh -c "cat $coeur/busy_poll >&2; cat $coeur/busy_read") ||
        defaut=0   # la suite est elle-même dans un espace réseau : la valeur du noyau
    lancer "$POSER" SO_BUSY_POLL
    verifier_egal "getsockopt : SO_BUSY_POLL = $defaut (octets : 4)" "$output"
}
