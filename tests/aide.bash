# shellcheck shell=bash
# Chargé par chaque fichier de tests : lancer, attendre, vérifier, nettoyer.
bats_require_minimum_version 1.5.0

source "${BASH_SOURCE[0]%/*}/../scripts/chapitres.sh"
RACINE=$racine
PROGRAMMES=${PROGRAMMES:-$RACINE/}
SONDE=$RACINE/build/tests/sonde
[ -x "$SONDE" ] || { echo "la sonde n'est pas compilée : lancer tests/lancer.sh" >&2; exit 1; }
source "$RACINE/scripts/attendre.sh"
source "$RACINE/scripts/trace.sh"

# --- Ce qu'il faut à un test. Absent chez une personne qui apprend : sauté. En intégration : échec.

manque() {   # RAISON
    if [ "${CI:-}" = true ]; then
        echo "en intégration continue, rien ne se saute : $1" >&2
        return 1
    fi
    skip "$1"
}

exiger_outil() {   # OUTIL
    command -v "$1" >/dev/null || manque "$1 n'est pas installé"
    case $1 in
    strace) strace -o /dev/null true 2>/dev/null || manque "strace n'a pas le droit de tracer ici" ;;
    unshare) unshare -m true 2>/dev/null || manque "pas de droit sur les montages ici" ;;
    esac
}

exiger_espace() {
    [ "${ESPACE:-non}" = oui ] || manque "demande un espace de noms réseau"
}

exiger_ipv6() {
    grep -q '^0*1 ' /proc/net/if_inet6 2>/dev/null || manque "pas d'adresse ::1 ici"
}

# Les variantes : ce qu'elles ne savent pas faire n'est pas un manque de la machine.
manque_a_la_variante() { skip "dans cette variante : $1"; }
avec_asan() { grep -q __asan_init "$PROGRAMMES$(chapitres | head -n 1)"; }

# --- Lancer.

# Au premier plan, 20 secondes au plus : remplit status, output et stderr.
lancer() {   # COMMANDE...
    run --separate-stderr timeout 20 "$@" 3>&- 4>&-
}

# Compile le programme C de l'entrée, avec la libc du système ; le moindre avertissement est un échec. Remplit ESSAI.
compiler_un_essai() {
    ESSAI=$BATS_TEST_TMPDIR/un-essai
    cc -std=gnu11 -Wall -Wextra -Werror -x c - -o "$ESSAI"
}

# Ne garde que 0, 1 et 2 : ni ce que bats et ses parents ont laissé ouvert, ni le tube dont le test s'est fait lecteur.
n_heriter_de_rien() {
    local numero
    for numero in /proc/self/fd/*; do
        numero=${numero##*/}
        [ "$numero" -le 2 ] || exec {numero}>&-
    done
}

# En arrière-plan : NOM.out, NOM.err, et PID. Ctrl-C y a son effet normal (un shell sans terminal
# l'ignorerait). L'entrée est vide, ou le fichier ENTREE.
demarrer() {   # NOM COMMANDE...
    local nom=$1
    shift
    local sortie=${SORTIE:-$BATS_TEST_TMPDIR/$nom.out} erreurs=$BATS_TEST_TMPDIR/$nom.err
    # vidés ici, avant le départ : ce que l'on attendra ne peut pas être d'un lancement précédent
    [ -n "${SORTIE:-}" ] || : >"$sortie"
    : >"$erreurs"
    {
        n_heriter_de_rien
        exec env --default-signal=INT,QUIT,PIPE "$@"
    } <"${ENTREE:-/dev/null}" >"$sortie" 2>"$erreurs" &
    PID=$!
    echo "$PID" >>"$BATS_TEST_TMPDIR/processus"
}

# Un modèle met NU à « oui » quand son programme est nu : il n'a ni trace, ni messages en français. Ce que
# disent les autres se vérifie par « si_trace », ce qui lui est propre par « si_nu ».
si_trace() { [ "${NU:-}" ] || "$@"; }   # COMMANDE...
si_nu() { [ -z "${NU:-}" ] || "$@"; }   # COMMANDE...

# Un serveur du cours. Remplit PID, SERVEUR, PORT, JOURNAL (sa trace, ou ce qu'affiche un nu), ERREURS, et
# REPOS (ses descripteurs, quand personne n'est là) ; revient quand il est prêt pour ce que son en-tête met
# en face. Le tableau ENVELOPPE (strace…) précède le programme.
demarrer_serveur() {   # PROGRAMME [ARGUMENT...]
    local programme=$1 role protocole pret
    shift
    read -r role protocole _ < <(faces "$programme")
    JOURNAL=$BATS_TEST_TMPDIR/serveur.out ERREURS=$BATS_TEST_TMPDIR/serveur.err
    if [ "${NU:-}" ]; then   # il n'annonce pas son port : on le choisit, et on attend qu'il le prenne
        PORT=${1:-5000}
        [ "$PORT" != 0 ] || PORT=$(port_libre)
        [ $# -eq 0 ] || set -- "$PORT"
    fi
    demarrer serveur "${ENVELOPPE[@]}" "$PROGRAMMES$programme" "$@"
    SERVEUR=$PID
    pret=(trace_prete "$JOURNAL" "$role" "$protocole")
    [ -z "${NU:-}" ] || pret=(tient_le_port "$SERVEUR" "$protocole" "$PORT")
    attendre 10 "${pret[@]}" || {
        echo "$programme $* n'est pas prêt :"
        cat "$JOURNAL" "$ERREURS"
        return 1
    }
    [ "${NU:-}" ] || PORT=$(trace_port "$JOURNAL")
    REPOS=$(ls "/proc/$SERVEUR/fd")
}

# Vrai si ce processus, et non un autre, tient ce port, dans son espace réseau.
tient_le_port() {   # PID tcp|udp PORT
    local etat=0A hexa socket
    [ "$2" = tcp ] || etat=07
    printf -v hexa '%04X' "$3"
    socket=$(awk -v fin=":$hexa\$" -v etat="$etat" '$2 ~ fin && $4 == etat { print $10 }' \
        "/proc/$1/net/$2" "/proc/$1/net/${2}6" 2>/dev/null)
    [ -n "$socket" ] && find "/proc/$1/fd" -lname "socket:\[$socket\]" | grep -q .
}

# Attend que le serveur TCP ait pris un client ; qu'il en ait raccroché tant. D'un nu, on voit les
# descripteurs : un de plus, ou plus aucun de trop.
attendre_accept() {
    if [ "${NU:-}" ]; then attendre 10 occupe; else attendre_ligne "$JOURNAL" '^accept : '; fi
}
attendre_close() {   # [NOMBRE]
    if [ "${NU:-}" ]; then attendre 10 au_repos; else attendre_ligne "$JOURNAL" '^close : ' "${1:-1}"; fi
}
au_repos() { [ "$(ls "/proc/$SERVEUR/fd")" = "$REPOS" ]; }
occupe() { ! au_repos; }

# Le même, qui ne peut pas écrire sa trace : le disque est plein. Le port, pris à un autre, est connu.
demarrer_sur_disque_plein() {   # PROGRAMME PROTOCOLE
    [ -c /dev/full ] || manque "pas de /dev/full ici"
    demarrer_serveur "$1" 0
    arreter "$SERVEUR"
    SORTIE=/dev/full demarrer serveur "$PROGRAMMES$1" "$PORT"
    SERVEUR=$PID
    attendre 10 port_pris "$2" "$PORT"
}

# Le même, dont la trace part dans un tube ; remplit LECTEUR : le fermer, c'est le départ du lecteur.
demarrer_dans_un_tube() {   # PROGRAMME PROTOCOLE
    local tube=$BATS_TEST_TMPDIR/tube trace=$BATS_TEST_TMPDIR/tube.out ligne
    mkfifo "$tube"
    exec {LECTEUR}<>"$tube"
    : >"$trace"
    SORTIE=$tube demarrer serveur "$PROGRAMMES$1" 0
    SERVEUR=$PID ERREURS=$BATS_TEST_TMPDIR/serveur.err
    until trace_prete "$trace" serveur "$2"; do
        read -r -t 10 -u "$LECTEUR" ligne
        echo "$ligne" >>"$trace"
    done
    PORT=$(trace_port "$trace")
}

# Une sonde serveur : remplit PID, PORT, et SONDE_OUT, ce qu'elle a vu.
demarrer_sonde() {   # tcp-serveur|udp-serveur ACTION...
    local role=$1
    shift
    SONDE_OUT=$BATS_TEST_TMPDIR/sonde.out
    demarrer sonde "$SONDE" "$role" "${HOTE:-127.0.0.1}" 0 "$@"
    attendre_ligne "$SONDE_OUT" '^port : '
    PORT=$(sed -n 's/^port : //p' "$SONDE_OUT")
}

# Ce qui sera lancé le sera sous strace, qui fausse cet appel : recvfrom:error=EINTR:when=1
# -D : le programme garde le PID ; ASan ne cherche pas de fuite, il ne le peut pas sous strace.
sous_strace() {   # INJECTION
    exiger_outil strace
    ENVELOPPE=(env ASAN_OPTIONS=detect_leaks=0 strace -D -o /dev/null -e "inject=$1")
}

# De même, où send et recv ne prennent que peu d'octets à la fois (LD_PRELOAD se coupe sur l'espace
# qu'aurait un chemin entier).
avec_des_appels_avares() {   # PROGRAMME [OCTETS]
    if avec_asan && grep -q __interceptor_send "$PROGRAMMES$1"; then
        manque_a_la_variante "ASan lié dans le programme passe avant toute bibliothèque préchargée"
    fi
    ENVELOPPE=(env -C "$RACINE/build/tests" LD_PRELOAD=./partiel.so "PARTIEL=${2:-3}"
        ASAN_OPTIONS=verify_asan_link_order=0)
}

# De même, sous valgrind : aucune erreur, aucune fuite, rien d'ouvert. Remplit RAPPORT.
sous_valgrind() {
    exiger_outil valgrind
    if avec_asan; then
        manque_a_la_variante "valgrind et ASan ne vont pas ensemble ; ASan vérifie déjà la mémoire"
    fi
    if [ ! -e "$BATS_RUN_TMPDIR/essai-de-valgrind" ]; then   # un par suite
        valgrind "$PROGRAMMES$(chapitres | head -n 1)" -h >"$BATS_TEST_TMPDIR/essai-de-valgrind" 2>&1 || true
        mv "$BATS_TEST_TMPDIR/essai-de-valgrind" "$BATS_RUN_TMPDIR"
    fi
    if grep -q 'debuginfo reader' "$BATS_RUN_TMPDIR/essai-de-valgrind"; then
        manque_a_la_variante "ce valgrind ne sait pas lire le débogage de ce compilateur"
    fi
    RAPPORT=$BATS_TEST_TMPDIR/valgrind.log
    ENVELOPPE=(valgrind --quiet --leak-check=full --show-leak-kinds=all --track-fds=yes
        --error-exitcode=99 --errors-for-leak-kinds=all "--log-file=$RAPPORT")
}

# Au rapport, rien que des descripteurs hérités. Un serveur tué par Ctrl-C a encore EN_PLUS sockets,
# et le tampon de sa sortie standard, que personne ne lui a fait rendre.
verifier_rapport() {   # [EN_PLUS]
    local ouvertes fautes='uninitialised|Invalid|lost in|Syscall param'
    [ $# -eq 1 ] || fautes+='|reachable in'
    ouvertes=$(grep -cE 'Open (AF_|file descriptor)' "$RAPPORT" || true)
    [ "$((ouvertes - $(grep -c 'inherited from parent' "$RAPPORT" || true)))" -eq "${1:-0}" ] &&
        ! grep -E "$fautes" "$RAPPORT" && return
    cat "$RAPPORT"
    return 1
}

# --- Attendre un événement : 10 secondes au plus, et l'on montre ce que l'on avait.

attendre_ligne() {   # FICHIER MOTIF [NOMBRE]     au moins NOMBRE lignes (1) répondent au motif
    attendre 10 assez_de_lignes "$@" && return
    echo "attendu : ${3:-1} ligne(s) « $2 » dans $1, qui contient :"
    tail -n 20 "$1"
    cat "${1%.out}.err" 2>/dev/null
    return 1
}
assez_de_lignes() { [ "$(grep -acE -e "$2" "$1" 2>/dev/null)" -ge "${3:-1}" ]; }

# La fin d'un processus que l'on a lancé : rend son code.
attendre_fin() {   # PID
    attendre 15 est_fini "$1" || { echo "le processus $1 ne se termine pas"; return 1; }
    code=0
    wait "$1" || code=$?
}
etat() { sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null; }
est_fini() { case $(etat "$1") in '' | Z) ;; *) return 1 ;; esac; }
est_fige() { [ "$(etat "$1")" = T ] || [ "$(etat "$1")" = t ]; }

# Le temps de processeur déjà pris, en centièmes de seconde.
temps_cpu() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }   # PID

figer() { kill -STOP "$1" && attendre 10 est_fige "$1"; }
degeler() { kill -CONT "$1"; }

# --- Vérifier : chaque échec montre l'attendu et l'obtenu.

verifier_code() {   # ATTENDU     d'après le dernier « lancer »
    [ "$status" -eq "$1" ] && return
    printf 'code attendu : %s, obtenu : %s\nsortie : %s\nerreurs : %s\n' \
        "$1" "$status" "$output" "$stderr"
    return 1
}

verifier_egal() {   # ATTENDU OBTENU
    [ "$1" = "$2" ] && return
    printf 'attendu : « %s »\nobtenu  : « %s »\n' "$1" "$2"
    return 1
}

# Le mot à mot : un texte, pas un motif. « @fichier » : le contenu de ce fichier.
verifier_contient() {   # TEXTE|@FICHIER MORCEAU...
    local texte=$1 morceau
    [ "${texte#@/}" = "$texte" ] || texte=$(tr -d '\0' <"${1#@}")
    shift
    for morceau in "$@"; do
        case $texte in *"$morceau"*) continue ;; esac
        printf 'attendu : « %s »\ndans : « %s »\n' "$morceau" "$texte"
        return 1
    done
}

verifier_absent() {   # TEXTE|@FICHIER MORCEAU
    local texte=$1
    [ "${texte#@/}" = "$texte" ] || texte=$(tr -d '\0' <"${1#@}")
    case $texte in *"$2"*) ;; *) return 0 ;; esac
    printf 'ne devrait pas y être : « %s »\ndans : « %s »\n' "$2" "$texte"
    return 1
}

# Rien, dans ce fichier, qui agisse sur un terminal : ni contrôle (hors \n, C0 ou C1), ni octet nul, ni
# renversement du sens d'écriture, ni UTF-8 incorrect.
verifier_sans_controle() {   # FICHIER
    iconv -f UTF-8 -t UTF-8 "$1" >/dev/null
    ! LC_ALL=C grep -anP "$AGIT" "$1"
}
AGIT='[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xd8\x9c|'
AGIT+='\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]'

# Les messages du dernier « lancer » : de même, et pas une ligne de plus de 80 colonnes.
verifier_messages() {
    local ligne LC_ALL=C.UTF-8
    printf '%s\n' "$stderr" >"$BATS_TEST_TMPDIR/messages"
    verifier_sans_controle "$BATS_TEST_TMPDIR/messages"
    while IFS= read -r ligne; do
        [ "${#ligne}" -le 80 ] || { printf 'plus de 80 colonnes :\n%s\n' "$ligne"; return 1; }
    done <<<"$stderr"
}

# Le serveur n'a rien à redire.
verifier_silence() { verifier_egal '' "$(cat "$ERREURS")"; }

# Le serveur TCP, ou UDP, vit et sert encore ceux qui l'appellent par HOTE.
verifier_survie() {   # [tcp|udp]
    local protocole=${1:-tcp} fin=lire-fin
    [ "$protocole" = tcp ] || fin=lire
    if est_fini "$SERVEUR"; then
        echo "le serveur est mort :"
        cat "${JOURNAL:-/dev/null}" "$ERREURS"
        return 1
    fi
    lancer "$SONDE" "$protocole" "${HOTE:-127.0.0.1}" "$PORT" envoyer 'encore là ?\n' "$fin"
    verifier_code 0
    verifier_contient "$output" "$fin : ok\n"
}

# --- Nettoyer. Un rapport d'ASan ou d'UBSan, où que ce soit, fait échouer le test.

arreter() {   # PID
    { kill -KILL "$1" && wait "$1"; } 2>/dev/null || true
}

teardown() {
    local pid
    [ ! -e "$BATS_TEST_TMPDIR/processus" ] ||
        while read -r pid; do arreter "$pid"; done <"$BATS_TEST_TMPDIR/processus"
    if grep -aE 'Sanitizer|runtime error:' "$BATS_TEST_TMPDIR"/*.err; then
        return 1
    fi 2>/dev/null
}
