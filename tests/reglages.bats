#!/usr/bin/env bats
# Les réglages d'une socket, et ceux du noyau : ce que tcp/12-reglages ne montre pas, et ce qu'un privilège
# change. Les expériences sont dans tests/reglages.c.

setup_file() {
    cc -std=gnu11 "$BATS_TEST_DIRNAME/reglages.c" -o "$BATS_FILE_TMPDIR/reglages"
}

setup() {
    load aide
    REGLAGES=$BATS_FILE_TMPDIR/reglages
}

essayer() {   # EXPÉRIENCE [VALEUR]
    lancer "$REGLAGES" "$@"
    verifier_code 0
    verifier_egal '' "$stderr"
}

sans_privilege() {   # COMMANDE...
    local oter=()
    [ "$(id -u)" != 0 ] || oter=(setpriv --inh-caps=-all --bounding-set=-all)
    lancer "${oter[@]}" "$@" </dev/null
    verifier_code 0
}

# --- 12-reglages

@test "12-reglages relit ce que le noyau a fait d'une demande : doublée, relevée, plafonnée" {
    lancer "${PROGRAMMES}tcp/12-reglages" RCVBUF </dev/null
    verifier_code 0
    verifier_contient "$output" 'setsockopt(SO_RCVBUF, 65536) : relu 131072, le double' \
        'setsockopt(SO_RCVBUF, 1048576000) : relu ' ', deux fois le plafond' '(Entrée ferme la connexion)'
    lancer "${PROGRAMMES}tcp/12-reglages" TCP_NODELAY 0 </dev/null
    verifier_egal $'setsockopt(TCP_NODELAY, 0) : relu 0, tel quel\n(Entrée ferme la connexion)' "$output"
    verifier_egal '' "$stderr"
}

# preuve : ERR-116 « relu 2304, le plancher » OPT-SO_RCVBUF-03 « relu 2304, le plancher »
# preuve : OPT-SO_SNDBUF-02 « relu 4608, le plancher »
@test "les planchers, sur un noyau de 64 bits : 2304 et 4608, bien plus que les 256 et 2048 d'autrefois" {
    [ "$(uname -m)" = x86_64 ] || manque "les planchers dépendent du processeur"
    lancer "${PROGRAMMES}tcp/12-reglages" SO_ 0 </dev/null
    verifier_contient "$output" 'setsockopt(SO_RCVBUF, 0) : relu 2304, le plancher' \
        'setsockopt(SO_SNDBUF, 0) : relu 4608, le plancher'
}

@test "12-reglages refuse une valeur qui n'en est pas une, et un mot qu'aucune option ne contient" {
    lancer "${PROGRAMMES}tcp/12-reglages" RCVBUF -1 </dev/null
    verifier_code 2
    lancer "${PROGRAMMES}tcp/12-reglages" RCVBUF 64k </dev/null
    verifier_code 2
    verifier_contient "$stderr" 'valeur « 64k »'
    lancer "${PROGRAMMES}tcp/12-reglages" rcvbuf </dev/null
    verifier_code 2
    verifier_contient "$stderr" 'option « rcvbuf »'
}

# --- Les options

# preuve : OPT-SO_RCVBUFFORCE-01 « SO_RCVBUFFORCE : ok, le double »
# preuve : OPT-SO_SNDBUFFORCE-01 « SO_SNDBUFFORCE : ok, le double »
@test "avec CAP_NET_ADMIN, les deux FORCE passent le plafond ; sans, EPERM" {
    sans_privilege "$REGLAGES" force
    verifier_contient "$output" 'SO_RCVBUFFORCE : EPERM, rien de changé' 'SO_SNDBUFFORCE : EPERM, rien de changé'
    [ "$(id -u)" = 0 ] || manque "il faut root"
    lancer "$REGLAGES" force
    [[ $output == *': ok,'* ]] || manque "root n'a pas CAP_NET_ADMIN sur la machine"
    verifier_contient "$output" 'SO_RCVBUFFORCE : ok, le double' 'SO_SNDBUFFORCE : ok, le double'
}

# preuve : OPT-SO_RCVLOWAT-01 « 2 octets : poll 0, select 0 » ERR-120 « 2 octets : poll POLLIN, select 1 »
@test "SO_RCVLOWAT vaut 1 au départ ; poll et select le respectent en TCP, pas en UDP ni en AF_UNIX" {
    essayer lowat tcp
    verifier_egal $'au départ : 1\n2 octets : poll 0, select 0\n4 octets : poll POLLIN, select 1' "$output"
    essayer lowat unix
    verifier_contient "$output" '2 octets : poll POLLIN, select 1'
    essayer lowat udp
    verifier_contient "$output" '2 octets : poll POLLIN, select 1'
}

# preuve : OPT-SO_RCVTIMEO-03 « epoll_wait : ses 300 ms »
# bats test_tags=complet
@test "un délai de 100 ms n'abrège ni select ni epoll_wait" {
    essayer guets
    verifier_egal $'select : ses 300 ms\nepoll_wait : ses 300 ms' "$output"
}

# preuve : GEN-18 « connexion : ETIMEDOUT, le délai passé »
# bats test_tags=complet
@test "sur un lien coupé, ce qui n'est pas acquitté tue la connexion, passé TCP_USER_TIMEOUT" {
    exiger_espace
    exiger_outil tc
    # shellcheck disable=SC2016  # $1 est celui du shell de l'espace
    lancer env ESPACE=exige "$RACINE/scripts/espace.sh" bash -c '
        coproc { "$1" mort 500; }
        read -r ligne <&"${COPROC[0]}" && echo "$ligne"
        tc qdisc add dev lo root tbf rate 8bit burst 1 limit 1   # rien ne passe plus
        echo >&"${COPROC[1]}"
        cat <&"${COPROC[0]}"' bash "$REGLAGES"
    verifier_code 0
    verifier_egal $'prêt\nconnexion : ETIMEDOUT, le délai passé' "$output"
}

# --- Les réglages du noyau

# preuve : PROC-10 ERR-119 « à peine la moitié »
@test "un tampon tient bien moins d'octets utiles que sa taille : la moitié au mieux, presque rien en miettes" {
    local gros miettes
    essayer place 1000
    verifier_contient "$output" 'SO_RCVBUF 131072 : '
    gros=${output##*: }
    essayer place 1
    miettes=${output##*: }
    echo "à peine la moitié : $gros octets par mille, $miettes un par un, sur 131072"
    [ "$gros" -gt 1000 ] && [ "$gros" -le $((131072 / 2)) ]
    [ "$miettes" -lt $((131072 / 100)) ]
}

# preuve : PROC-07 « 4096 octets de contrôle : ok » ERR-138 « writev en 1025 morceaux : EINVAL »
@test "optmem_max borne les données de contrôle ; le nombre de morceaux, c'est UIO_MAXIOV, 1024" {
    local plafond
    plafond=$(</proc/sys/net/core/optmem_max)
    essayer controle 4096
    verifier_egal '4096 octets de contrôle : ok' "$output"
    essayer controle $((plafond + 4096))
    verifier_egal "$((plafond + 4096)) octets de contrôle : ENOBUFS" "$output"
    essayer morceaux 1024
    verifier_egal $'writev en 1024 morceaux : ok\nsendmsg en 1024 morceaux : ok' "$output"
    essayer morceaux 1025
    verifier_egal $'writev en 1025 morceaux : EINVAL\nsendmsg en 1025 morceaux : EMSGSIZE' "$output"
}

# preuve : PROC-09 « file demandée : 100, retenue : 2 »
@test "somaxconn plafonne la file de listen : abaissé à 2, une file de 100 en est une de 2" {
    exiger_espace
    essayer file 100
    verifier_egal 'file demandée : 100, retenue : 100' "$output"
    # shellcheck disable=SC2016  # $1 est celui du shell de l'espace
    lancer env ESPACE=exige "$RACINE/scripts/espace.sh" \
        sh -c 'echo 2 > /proc/sys/net/core/somaxconn && "$1" file 100' sh "$REGLAGES"
    verifier_code 0
    verifier_egal 'file demandée : 100, retenue : 2' "$output"
}

# Remplit valeur, celle d'un réglage qui n'existe qu'une fois pour toute la machine : un espace réseau ne le montre
# pas, et lancer.sh l'a relevé avant d'y entrer.
de_la_machine() {   # NOM
    valeur=$(sed -n "s|^/proc/sys/net/core/$1:||p" <<<"${RESEAU_DE_LA_MACHINE:-}")
    [ "$valeur" ] || manque "cette machine ne montre pas net.core.$1 : elle est elle-même un espace réseau"
}

# preuve : PROC-05 « message_cost »
@test "message_cost et message_burst limitent les avertissements : des secondes, et un nombre" {
    de_la_machine message_cost
    [ "$valeur" -ge 0 ]
    de_la_machine message_burst
    [ "$valeur" -ge 1 ]
}

# preuve : PROC-08 « busy_read »
@test "busy_read est la valeur de départ de SO_BUSY_POLL ; busy_poll, le pendant pour poll, existe" {
    de_la_machine busy_poll
    [ "$valeur" -ge 0 ]
    de_la_machine busy_read
    essayer attente
    verifier_egal "SO_BUSY_POLL : $valeur" "$output"
}

# Ce qu'a traité la file d'entrée de ce processeur.
traites() {   # PROCESSEUR
    local champs
    while read -ra champs; do
        [ $((16#${champs[12]})) -ne "$1" ] || echo $((16#${champs[0]}))
    done </proc/net/softnet_stat
}

# preuve : PROC-06 « netdev_max_backlog » ERR-137 « une ligne par processeur »
@test "netdev_max_backlog borne une file par processeur : ce qu'envoie l'un passe par la sienne" {
    exiger_outil taskset
    local processeur avant
    de_la_machine netdev_max_backlog
    [ "$valeur" -ge 1 ]
    echo "une ligne par processeur :"
    verifier_egal "$(getconf _NPROCESSORS_ONLN)" "$(wc -l </proc/net/softnet_stat)"
    for processeur in $(taskset -cp $$ | sed 's/.*: //; s/[-,].*//') $(taskset -cp $$ | sed 's/.*[-, ]//'); do
        avant=$(traites "$processeur")
        lancer taskset -c "$processeur" "$REGLAGES" place 1   # 2000 datagrammes
        verifier_code 0
        [ $(($(traites "$processeur") - avant)) -ge 2000 ]
    done
}
