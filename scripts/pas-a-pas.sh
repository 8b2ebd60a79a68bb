#!/usr/bin/env bash
# Lance un programme, un appel réseau à la fois : l'appel, ce qu'il rend, l'état de sa socket selon ss.
#
#   scripts/pas-a-pas.sh [-a] PROGRAMME [ARGUMENT...]
#
#   -a   joue seul, sans attendre Entrée, et raconte sur la sortie d'erreur
#
# Entrée : l'appel suivant. Ctrl-C : fin. Le récit va à l'écran, le programme garde son entrée, ses sorties
# et son code. Un appel qui attend est dit, et attend vraiment : Entrée n'y fait rien. La ligne « ss » donne
# l'état, les octets à lire et à acquitter (à l'écoute : la file d'attente et sa longueur ; en UDP, la place
# que tiennent les messages dans le noyau), les deux adresses.
#
# Pendant une pause, le programme est arrêté, mais l'heure tourne : ses délais comptent la vôtre. N'écrivez au
# programme que lorsqu'il attend : pendant une pause, une ligne vaut Entrée. read, write, close, une attente que
# le clavier a levée, et ce que la libc demande à nscd, sont montrés sans pause. « (passé) » : un appel que l'on
# n'a pas arrêté à temps.
#
# Un processus, le premier : ceux qu'il lance (un serveur qui fait fork), et ses fils (tout Java), courent sans
# être montrés, et c'est dit. Dans une scène du cours : scripts/scene.sh --pas-a-pas. Demande strace et ss ;
# aucun droit particulier.
set -euo pipefail

# « ? » : un appel que cette machine n'a pas n'est pas une faute.
RETENUS='socket,bind,listen,?accept,?accept4,connect,?sendto,sendmsg,?sendmmsg,?recvfrom,recvmsg,?recvmmsg'
RETENUS+=',shutdown,setsockopt,getsockopt,getsockname,getpeername'
RETENUS+=',?poll,?ppoll,?select,?pselect6,?epoll_wait,?epoll_pwait'
# Trop communs pour être retenus : le chargement d'un programme en fait par dizaines, sur des fichiers.
VUS='close,read,write,?readv,?writev,?fork,?vfork,clone,?clone3'
RIEN="la connexion n'existe plus"
SORTE='(TCP|UDP|UNIX|RAW|PING|PACKET|NETLINK|socket:)'   # ce que strace dit d'un descripteur de socket

usage() { sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"; }
refuser() { printf 'pas-a-pas.sh : %s\n' "$2" >&2; exit "$1"; }   # CODE RAISON

# Un outil qui manque, ou ce dont il est incapable ici, se dit avant de lancer quoi que ce soit.
verifier() {   # PROGRAMME
    command -v strace > /dev/null || refuser 1 'il faut strace (paquet strace)'
    command -v ss > /dev/null || refuser 1 'il faut ss (paquet iproute2)'
    type -P -- "$1" > /dev/null || refuser 2 "« $1 » n'est pas un programme que l'on peut lancer"
    strace -o /dev/null -e trace=bind -e inject=bind:delay_exit=1 true 2> /dev/null ||
        refuser 1 "strace ne peut pas tracer ici (droit refusé, ou version d'avant 4.22)"
    [ "$auto" ] || { : < /dev/tty; } 2> /dev/null || refuser 2 'pas de terminal où lire Entrée ; seul : -a'
}

# Lance le programme sous strace, qui le retient 0,2 s à la sortie de chaque appel : le temps de lire la ligne
# et de l'arrêter, avant qu'il ne continue. Un SIGSTOP injecté par strace interromprait les appels qui attendent.
# Le programme a les descripteurs, les signaux et le terminal qu'il aurait seul ; son pid arrive par le tube.
lancer() {   # PROGRAMME [ARGUMENT...]
    exec {sortie}>&1 {entree}<&0
    exec {trace}< <(
        exec {tube}>&1 >&"$sortie" <&"$entree" {sortie}>&- {entree}<&-
        export PAS_A_PAS=$$
        exec strace -qq -yy -s 48 -o "/dev/fd/$tube" \
            -e trace="$RETENUS,$VUS" -e signal=STOP -e inject="$RETENUS:delay_exit=200000" \
            bash -p -c 'tube=$1; shift; echo "pid $$" >&"$tube"; exec {tube}>&-; exec -- "$@"' - "$tube" "$@"
    )
    strace=$!
    exec {sortie}>&- {entree}<&-
    # strace a déjà écrit le début de ce « write » : le pid finit la ligne, il ne la commence pas
    until [[ $ligne =~ pid\ ([0-9]+)$ ]]; do lire 5 || refuser 1 'strace ne démarre pas'; done
    suivi=${BASH_REMATCH[1]}
}

# Lit une ligne de la trace : 1 quand strace a fini, 2 si elle tarde ; son début est alors dans « debut » :
# strace écrit un appel quand il commence, et ce qu'il rend quand il finit.
lire() {   # SECONDES
    local morceau='' rendu=0
    IFS= read -r -t "$1" -u "$trace" morceau || rendu=$?
    ligne=$debut$morceau debut=''
    [ $rendu -ne 0 ] || { annonce=''; return 0; }
    debut=$ligne
    [ $rendu -gt 128 ] && return 2
    return 1
}

dire() { printf '%s%s%s\n' "${3:-}" "$1$2" "${3:+$normal}" >&"$recit"; }   # RETRAIT TEXTE [COULEUR]

# Vrai si cette ligne, ou ce début de ligne, parle d'une socket.
reseau() {   # LIGNE
    case ${1%%(*} in
    '---'* | '+++'* | *' '*) return 1 ;;
    read | write | readv | writev | close) [[ $1 =~ ^[a-z]+\([0-9]+\<$SORTE ]] ;;
    poll | ppoll | select | pselect6) [[ $1 =~ [0-9]\<$SORTE ]] ;;
    esac
}

# Vrai si une attente a été levée par le clavier, l'écran ou un fichier seulement, ou aussi par le clavier : la
# ligne tapée est au programme, une pause la lui prendrait.
levee_ailleurs() {   # LIGNE
    [[ $1 =~ ^p?(poll|select6?)\(.*\)\ +=\ ([1-9].*) ]] || return 1
    local levees=${BASH_REMATCH[2]}
    [[ ! $levees =~ [0-9]\<$SORTE || $levees =~ [^0-9]0\< ]]
}

# Vrai si c'est la libc qui cherche nscd, l'annuaire des noms : le programme n'en sait rien.
annuaire() {   # LIGNE
    [[ $1 == connect*'/nscd/socket"'* || $1 == 'socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, 0)'* ]]
}

# La ligne de strace, comme le source l'a écrite : send et recv sont des sendto et des recvfrom sans adresse.
traduire() {   # LIGNE
    local quoi='<[^<" ]*\]>' autre='<[^<>"]*(<[^<>]*>)?>'   # la socket, ou autre chose, derrière son descripteur
    sed -E -e 's/ \((DELAYED|INJECTED)\)$//' -e 's/^(.*\)) += /\1 = /' \
        -e 's/^(.*\) = -1 E[A-Z0-9]+) \([^()]*\)$/\1/' -e 's/^(.*\) = )\? ERESTART.*/\1?, interrompu par un signal/' \
        -e "s/^([a-z0-9_]+\([0-9]+)($quoi|$autre)/\1/" -e "s/^(.*\) = [0-9]+)$quoi\$/\1/" \
        -e "/^(p?poll|p?select|epoll)/{s/([0-9])$quoi/\1/g;s/([0-9])$autre/\1/g}" \
        -e 's/\{sa_family=AF_INET, sin_port=htons\(([0-9]+)\), sin_addr=inet_addr\("([0-9.]+)"\)\}/\2:\1/g' \
        -e 's/\{sa_family=AF_INET6, sin6_port=htons\(([0-9]+)\), [^"{}]*"([0-9a-f:.]+)", [^"{}]*\}/[\2]:\1/g' \
        -e 's/^sendto\((.*), NULL, 0\) = /send(\1) = /' -e 's/^recvfrom\((.*), NULL, NULL\) = /recv(\1) = /' \
        -e 's/^accept4\((.*), 0\) = /accept(\1) = /' -e 's/^ppoll\((.*), NULL, [0-9]+\) = /poll(\1) = /' \
        -e 's/^pselect6\((.*), NULL\) = /select(\1) = /' \
        -e 's/^epoll_pwait\((.*), NULL, [0-9]+\) = /epoll_wait(\1) = /' \
        -e 's/^(socket\(.*), IPPROTO_IP\)/\1, 0)/' -e 's/^(.etsockopt\([^,]*, SOL_SOCKET, SO_...TIMEO)_OLD, "[^"]*"/\1, {…}/' \
        -e 's/^(.etsockopt\([^,]*, )SOL_(TCP|UDP|IP|IPV6),/\1IPPROTO_\2,/' <<< "$1"
}

# Un appel commencé qui ne rend rien encore : dit une fois.
dire_attente() {
    local nom=${debut%%(*}
    [ -z "$annonce" ] && [[ $debut == *'('* ]] && reseau "$debut" || return 0
    [[ $debut =~ ([0-9]+)\<(${SORTE}[^\>]*) || $debut =~ ([0-9]+)\<([^\>]*) ]] || return 0
    case $nom in
    recvfrom) [[ ${BASH_REMATCH[2]} != *- ]] || nom=recv ;;   # reliée : « local->distant »
    ppoll) nom=poll ;;
    pselect6) nom=select ;;
    epoll_pwait) nom=epoll_wait ;;
    esac
    annonce=oui
    dire '' "$nom(${BASH_REMATCH[1]}… attend" "$pale"
}

# Écrit « protocole état reçu/envoyé local distant » pour l'inode, ou pour les deux adresses. Lit jusqu'au bout :
# laissé au milieu d'une longue liste, ss mourrait de SIGPIPE, et nous avec lui.
ligne_ss() {   # INODE [LOCAL DISTANT]
    ss -Htuane 2> /dev/null | awk -v inode="ino:$1" -v local="${2:-}" -v distant="${3:-}" '
        { vu = local != "" && $5 == local && $6 == distant
          for (n = 7; n <= NF; n++) if ($n == inode) vu = 1
          if (vu && !dite++) print $1, $2, $3 "/" $4, $5, $6 }' || echo "n'a pas répondu"
}

# L'état de la socket dont parle cette ligne. ss tait une socket TCP qui n'est ni reliée ni à l'écoute.
dire_ss() {   # LIGNE
    local fd inode texte
    [[ $1 =~ ^(socket|accept4?)\(.*\)\ +=\ ([0-9]+)\<(TCP|UDP) || $1 =~ ^(.*\()([0-9]+)\<(TCP|UDP) ]] || return 0
    fd=${BASH_REMATCH[2]}
    case $1 in
    close*) fermee "$1"; return ;;
    socket*) situation[fd]='ni attachée ni reliée' ;;
    bind*'= 0'*) situation[fd]="attachée, pas à l'écoute" ;;
    accept* | connect*'= 0'*) situation[fd]=$RIEN ;;
    esac
    inode=$(readlink "/proc/$suivi/fd/$fd" 2> /dev/null | tr -dc 0-9) || return 0
    texte=$(ligne_ss "$inode")
    dire '    ' "ss : ${texte:-rien (${situation[fd]:-ni attachée ni reliée})}" "$bleu"
}

# Après close, la connexion peut vivre encore, sans descripteur : on la cherche par ses adresses.
fermee() {   # LIGNE
    local texte
    [[ $1 =~ \<TCP(v6)?:\[(.*)-\>(.*)\]\> ]] || return 0
    texte=$(ligne_ss aucun "${BASH_REMATCH[2]}" "${BASH_REMATCH[3]}")
    dire '    ' "ss : ${texte:-rien ($RIEN)}" "$bleu"
}

montrer() {   # LIGNE [AVANT]
    dire "${2:-}" "$(traduire "$1")" "$gras"
    dire_ss "$1"
}

# L'arrêt est un événement que strace écrit. On l'attend dans la trace, 5 s au plus ; un appel qui aurait
# eu lieu entre-temps est gardé dans « passes ».
attendre_arret() {
    passes=()
    while lire 5; do
        [[ $ligne != '--- stopped by'* ]] || return 0
        ! reseau "$ligne" || passes+=("$ligne")
    done
}

traiter() {   # LIGNE
    local appel
    case $1 in
    *'<unfinished '* | *') = ?') return ;;   # la fin du programme, au milieu d'un appel
    clone* | fork* | vfork*)
        local autre='un autre processus'
        [[ $1 != *CLONE_THREAD* ]] || autre='un fil de plus'
        [[ $autres != *"$autre"* ]] || return 0
        autres+=$autre
        dire '' "($autre : il court librement, sans être montré)" "$pale"
        return ;;
    esac
    reseau "$1" || return 0
    if [[ $1 != *'(DELAYED)' ]] || levee_ailleurs "$1" || annuaire "$1"; then montrer "$1"; return; fi
    kill -STOP "$suivi" 2> /dev/null || { montrer "$1"; return; }   # lui seul, jamais son groupe
    attendre_arret
    montrer "$1"
    for appel in "${passes[@]}"; do montrer "$appel" '(passé) '; done
    [ "$auto" ] || attendre_entree
    kill -CONT "$suivi" 2> /dev/null || true
}

# Une Entrée tapée d'avance, quand un appel attendait, n'en laisse pas passer un autre.
attendre_entree() {
    while read -r -t 0 <&"$clavier"; do read -r <&"$clavier" || exit 130; done
    printf '    [Entrée] ' >&"$recit"
    read -r <&"$clavier" || exit 130
    printf '%s' "$efface" >&"$recit"
}

suivre() {
    local rendu
    while rendu=0; lire 0.3 || rendu=$?; [ $rendu -ne 1 ]; do
        if [ $rendu -eq 0 ]; then traiter "$ligne"; else dire_attente; fi
    done
}

# Fin avant l'heure : le programme reprend, pour recevoir le signal que le terminal (ou nous) lui envoie ; il a une
# seconde pour finir à sa façon, et rendre son code. Puis plus rien ne reste, ni de lui ni de ce qu'il a lancé :
# strace d'abord, qui garderait un programme tué pendant qu'il le retient.
finir() {   # SIGNAL
    local IFS=$' \t\n'   # un « IFS= read » interrompu nous laisserait le sien
    local limite=$((SECONDS + 1)) pid rendu='' code=''
    trap '' INT TERM HUP QUIT PIPE
    if [ -n "$suivi" ]; then
        if [ "$1" != INT ]; then
            kill -"$1" "$suivi" 2> /dev/null || true
        elif [ -z "$auto" ]; then   # sous le ^C que le terminal vient d'écrire
            dire '' '' || true
        fi
        kill -CONT "$suivi" 2> /dev/null || true
        while [ "$SECONDS" -le "$limite" ] && [ "$rendu" != 1 ]; do rendu=0; lire 0.3 || rendu=$?; done
    fi
    if [ "$rendu" = 1 ]; then
        code=0
        wait "$strace" || code=$?
    elif [ -n "$strace" ]; then
        { kill -KILL "$strace" && wait "$strace"; } 2> /dev/null || true
    fi
    for pid in $(grep -slzx "PAS_A_PAS=$$" /proc/[0-9]*/environ | tr -dc '0-9\n'); do
        kill -KILL "$pid" 2> /dev/null || true
    done
    exit $code   # le sien, s'il a fini ; sinon celui du signal
}

[ "${BASH_SOURCE[0]}" = "$0" ] || return 0   # les tests le chargent, pour une trace enregistrée

auto='' efface='' normal='' gras='' pale='' bleu='' ligne='' debut='' annonce='' autres='' suivi='' strace='' signal=INT
situation=() passes=()
case ${1:-} in
-h | --help) usage; exit ;;
-a) auto=oui; shift ;;
-?*) refuser 2 "« $1 » ? (voir scripts/pas-a-pas.sh -h)" ;;
esac
[ $# -gt 0 ] || { usage >&2; exit 2; }
verifier "$1"
trap 'finir "$signal"' EXIT
trap 'signal=INT; exit 130' INT
trap 'signal=TERM; exit 143' TERM
trap 'signal=HUP; exit 129' HUP
trap 'signal=QUIT; exit 131' QUIT
lancer "$@"
if [ "$auto" ]; then exec {recit}>&2; else exec {clavier}< /dev/tty {recit}> /dev/tty; fi
if [ -t "$recit" ]; then
    efface=$'\e[A\r\e[K' normal=$'\e[m' gras=$'\e[1m' pale=$'\e[2m' bleu=$'\e[36m'
fi
suivre
code=0
wait "$strace" || code=$?
trap - EXIT
exit "$code"
