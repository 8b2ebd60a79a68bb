#!/usr/bin/env bats
# Les sockets locales : ce qui est propre aux programmes de local/, et ce que leurs pages disent sans
# pouvoir le jouer. tests/local.c fait ce qu'eux ne font pas.
# bats file_tags=complet

setup_file() {
    load aide
    OUTIL=$BATS_FILE_TMPDIR/local
    export OUTIL
    cc -O1 -std=gnu11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion "$RACINE/tests/local.c" -o "$OUTIL"
}

setup() {
    load aide
    source "$RACINE/scripts/netcat.sh"
    NC=$(netcat_programme openbsd) || NC=''
    cd "$BATS_TEST_TMPDIR" || return   # un chemin court : 107 octets au plus
}

# Un programme qui attend à un chemin : revient quand la socket est là, à l'écoute si c'est un serveur.
demarrer_local() {   # PROGRAMME [CHEMIN]
    local chemin=${2:-prise} pret='^(listen|bind) : '
    [ "${1##*-}" != serveur ] || pret='^listen : '
    JOURNAL=$BATS_TEST_TMPDIR/serveur.out ERREURS=$BATS_TEST_TMPDIR/serveur.err
    demarrer serveur "${ENVELOPPE[@]}" "$PROGRAMMES$1" "$chemin"
    SERVEUR=$PID ENVELOPPE=()
    attendre_ligne "$JOURNAL" "$pret"
    REPOS=$(ls "/proc/$SERVEUR/fd")
}

# Le serveur local répond encore.
servi() {   # [CHEMIN]
    lancer "${PROGRAMMES}local/03-client" "${1:-prise}" 'encore là ?'
    verifier_code 0
    verifier_contient "$output" 'réponse : 2 octets « ok »'
}

# La version du noyau est au moins celle-ci.
noyau() { [ "$(printf '%s\n' "$1" "$(uname -r)" | sort -V | head -n 1)" = "$1" ]; }   # 6.9

# --- La paire

# preuve : ERR-158 « "Bonjour", 7 »
@test "ce qui passe par une paire se lit en clair, de l'extérieur, avec strace" {
    exiger_outil strace
    lancer strace -f -o trace -e trace=sendto,read env ASAN_OPTIONS=detect_leaks=0 \
        "${PROGRAMMES}local/01-paire" </dev/null
    verifier_code 0
    # strace coupe en deux l'appel qui attend : « read(4, » d'un côté, « "Bonjour", 1024) » de l'autre
    verifier_contient "@$PWD/trace" 'sendto(3, "Bonjour", 7' '"Bonjour", 1024)'
}

# preuve : UNIX-pair-08 « socketpair : $texte »
@test "chaque échec de socketpair arrête 01-paire, et dit son nom" {
    local errno texte
    for errno in EAFNOSUPPORT EPROTONOSUPPORT EINVAL EMFILE ENFILE EFAULT; do
        sous_strace "socketpair:error=$errno"
        lancer "${ENVELOPPE[@]}" "${PROGRAMMES}local/01-paire" </dev/null
        verifier_code 1
        texte=$(sed -n "s/.*ERREUR($errno, \"\([^\"]*\)\".*/\1/p" "$RACINE/common/erreur.c")
        verifier_contient "$stderr" "01-paire : socketpair : $texte [$errno]"
        verifier_absent "$output" 'fork : '
        verifier_messages
    done
}

# preuve : ERR-157 « fork : ressource momentanément indisponible [EAGAIN] »
@test "si fork échoue, 01-paire s'arrête : -1 n'est pas le numéro d'un fils" {
    sous_strace 'clone,clone3,fork,vfork:error=EAGAIN'
    lancer "${ENVELOPPE[@]}" "${PROGRAMMES}local/01-paire" </dev/null
    verifier_code 1
    verifier_contient "$stderr" 'fork : ressource momentanément indisponible [EAGAIN]'
    verifier_absent "$output" 'send : '
}

# Ce que le fils voit quand son père meurt au milieu : la fin, s'il n'a pas gardé le bout du père.
orphelin() {   # PROGRAMME     remplit FILS
    demarrer pere strace -o trace -e inject=sendto:signal=KILL env ASAN_OPTIONS=detect_leaks=0 "$1"
    attendre_ligne "$BATS_TEST_TMPDIR/pere.out" '^fork : '
    FILS=$(sed -n 's/^fork : le fils est //p' "$BATS_TEST_TMPDIR/pere.out")
    echo "$FILS" >>"$BATS_TEST_TMPDIR/processus"
    attendre 10 est_fini "$PID"
}

# preuve : UNIX-pair-05 « est_fini "$FILS" »
@test "le fils de 01-paire apprend la mort de son père, parce qu'il a fermé le bout qui n'est pas à lui" {
    exiger_outil strace
    avec_asan && manque_a_la_variante "le programme sans précaution est compilé sans ASan"
    orphelin "${PROGRAMMES}local/01-paire"
    attendre 10 est_fini "$FILS"
    # sans ce close, il attendrait toujours
    "$RACINE/scripts/sans.sh" "$RACINE/local/01-paire.c" inutile >/dev/null
    cc -I"$RACINE/local" -x c "essais/sans-inutile.c" "$RACINE"/common/*.c -o sans
    orphelin "$PWD/sans"
    run ! attendre 1 est_fini "$FILS"
}

# --- Le serveur et le client

# preuve : OPT-SO_PEERCRED-01 « SO_PEERCRED, pid $client, uid 65534 (un autre) » UNIX-cred-03 « uid 65534 »
@test "SO_PEERCRED dit le pid et l'uid du client, pas ceux du serveur" {
    local client
    [ "$(id -u)" = 0 ] || manque "il faut root pour devenir un autre"
    exiger_outil setpriv
    chmod 755 "$BATS_TEST_TMPDIR"
    cp "${PROGRAMMES}local/03-client" client
    demarrer_local local/02-serveur @peercred-$$
    ENTREE=/dev/null demarrer client setpriv --reuid=65534 --regid=65534 --clear-groups \
        "$BATS_TEST_TMPDIR/client" @peercred-$$
    client=$PID
    attendre_ligne "$JOURNAL" '^close : '
    verifier_contient "@$JOURNAL" "SO_PEERCRED, pid $client, uid 65534 (un autre)"
}

# preuve : OPT-SO_PEERCRED-02 « SO_PEERCRED, pid $pere, »
@test "SO_PEERCRED est figé au connect : le pid du père, même mort, quand c'est le fils qui parle" {
    local pere
    demarrer_local local/02-serveur
    figer "$SERVEUR"
    demarrer heritier "$OUTIL" heritier prise
    attendre_ligne "$BATS_TEST_TMPDIR/heritier.out" '^pere '
    pere=$PID
    verifier_egal "pere $pere" "$(head -n 1 "$BATS_TEST_TMPDIR/heritier.out")"
    attendre 10 est_fini "$pere"
    degeler "$SERVEUR"
    attendre_ligne "$JOURNAL" '^close : '
    verifier_contient "@$JOURNAL" "SO_PEERCRED, pid $pere, " 'recv : 8 octets « Bonjour\n »'
}

# preuve : ERR-136 « setsockopt : SO_PASSCRED : opération non prise en charge par cette socket [EOPNOTSUPP] »
@test "SO_PASSCRED est refusée sur TCP, depuis Linux 6.16" {
    lancer "${PROGRAMMES}tcp/11-poser" SO_PASSCRED=1
    if noyau 6.16; then
        verifier_contient "$output" \
            'setsockopt : SO_PASSCRED : opération non prise en charge par cette socket [EOPNOTSUPP]'
    else
        verifier_contient "$output" 'getsockopt : SO_PASSCRED = 1'
    fi
}

# preuve : OPT-SO_PEERCRED-03 « 'struct ucred' » ERR-156 « 'struct ucred' 'F_SETSIG' 'POLLRDHUP' »
@test "struct ucred, F_SETSIG et POLLRDHUP demandent _GNU_SOURCE" {
    local usage
    declare -A source=(
        ['struct ucred']='struct ucred qui; return (int)sizeof qui;'
        ['F_SETSIG']='return F_SETSIG;'
        ['POLLRDHUP']='return POLLRDHUP;'
    )
    for usage in 'struct ucred' 'F_SETSIG' 'POLLRDHUP'; do
        printf '#include <fcntl.h>\n#include <poll.h>\n#include <sys/socket.h>\nint main(void) { %s }\n' \
            "${source[$usage]}" >essai.c
        echo "$usage"
        run cc -c essai.c -o essai.o
        [ "$status" -ne 0 ]
        cc -D_GNU_SOURCE -c essai.c -o essai.o
    done
}

@test "02-serveur survit aux clients qui partent sans un mot, sans lire, ou sans fin de ligne" {
    [ "$NC" ] || manque "il faut le netcat d'OpenBSD"
    demarrer_local local/02-serveur
    "$NC" -NU prise </dev/null
    printf 'sans fin' | "$NC" -NU prise >reponse
    verifier_egal ok "$(<reponse)"
    # celui-ci meurt dès qu'il a parlé : la réponse n'a plus de lecteur
    figer "$SERVEUR"
    demarrer parti "${PROGRAMMES}local/03-client" prise
    attendre_ligne "$BATS_TEST_TMPDIR/parti.out" '^send : '
    arreter "$PID"
    degeler "$SERVEUR"
    servi
    attendre 10 au_repos
    verifier_contient "@$ERREURS" '02-serveur : send : liaison rompue à l'"'"'écriture [EPIPE]'
}

@test "02-serveur arrête une ligne trop longue, octets hostiles compris, et sert le suivant" {
    [ "$NC" ] || manque "il faut le netcat d'OpenBSD"
    demarrer_local local/02-serveur
    head -c 3000 /dev/zero | tr '\0' '\033' | "$NC" -NU prise >/dev/null || true
    attendre_ligne "$JOURNAL" '^ligne trop longue : '
    verifier_sans_controle "$JOURNAL"
    servi
}

@test "02-serveur à court de descripteurs le dit, ne tourne pas à vide, et sert quand il y en a" {
    demarrer_local local/02-serveur
    exiger_outil prlimit
    local debut=${EPOCHREALTIME/[.,]/}
    prlimit --pid "$SERVEUR" --nofile=4:4096
    demarrer client "${PROGRAMMES}local/03-client" prise
    attendre_ligne "$ERREURS" 'accept : .*\[EMFILE\]' 5
    [ "$((${EPOCHREALTIME/[.,]/} - debut))" -ge 300000 ]   # un refus tous les dixièmes de seconde
    prlimit --pid "$SERVEUR" --nofile=64:4096
    attendre_fin "$PID"
    verifier_egal 0 "$code"
}

@test "02-serveur ne prend pas le chemin d'un autre, fichier ou serveur ; un nom abstrait se libère seul" {
    demarrer_local local/02-serveur
    lancer "${PROGRAMMES}local/02-serveur" prise </dev/null
    verifier_code 1
    verifier_contient "$stderr" 'bind : adresse déjà utilisée [EADDRINUSE]' "cours : Un chemin au lieu d'un port"
    echo précieux >fichier
    lancer "${PROGRAMMES}local/02-serveur" fichier </dev/null
    verifier_code 1
    verifier_egal précieux "$(<fichier)"
    arreter "$SERVEUR"
    local nom=@local-$$-$RANDOM
    demarrer_local local/02-serveur "$nom"
    arreter "$SERVEUR"
    demarrer_local local/02-serveur "$nom"
    servi "$nom"
}

@test "03-client dit un serveur qui ferme sans répondre, et une réponse en deux morceaux" {
    [ "$NC" ] || manque "il faut le netcat d'OpenBSD"
    demarrer muet "$NC" -lNU prise
    attendre 10 [ -S prise ]
    lancer "${PROGRAMMES}local/03-client" prise
    verifier_code 1
    verifier_contient "$stderr" 'le serveur a fermé sans répondre'
    rm -f prise
    demarrer_local local/02-serveur
    avec_des_appels_avares local/03-client 1
    lancer "${ENVELOPPE[@]}" "${PROGRAMMES}local/03-client" "$PWD/prise"
    verifier_code 0
    verifier_contient "$output" 'recv : 1 octet « o »' 'recv : 1 octet « k »' 'réponse : 2 octets « ok »'
}

@test "la file pleine fait attendre connect, au lieu de le refuser, et rien n'est perdu" {
    demarrer_local local/02-serveur
    figer "$SERVEUR"
    demarrer foule "$OUTIL" file prise
    local foule=$PID
    attendre_ligne "$BATS_TEST_TMPDIR/foule.out" '^11, puis EAGAIN$'
    demarrer client "${PROGRAMMES}local/03-client" prise
    attendre_ligne "$BATS_TEST_TMPDIR/client.out" '^socket : '
    attendre 10 attend_au_noyau "$PID"
    verifier_absent "@$BATS_TEST_TMPDIR/client.out" 'connect : '
    arreter "$foule"
    degeler "$SERVEUR"
    attendre_fin "$PID"
    verifier_egal 0 "$code"
    verifier_contient "@$BATS_TEST_TMPDIR/client.out" 'réponse : 2 octets « ok »'
}
attend_au_noyau() { [ "$(etat "$1")" = S ]; }   # PID

# --- Les autres types, les regards

@test "le mémento dit vrai des bornes : descripteurs, tailles, files, identités, noms abstraits" {
    local ordinaire=()
    [ "$(id -u)" != 0 ] || ordinaire=(setpriv --inh-caps=-all --bounding-set=-all)
    lancer "${ordinaire[@]}" "$OUTIL" bornes
    verifier_egal 'SOCK_RAW : SOCK_DGRAM
253 descripteurs : oui
254 descripteurs : EINVAL
mensonge : EPERM
trop grand : EMSGSIZE
file pleine : gardés, EAGAIN
108 octets : oui
zéros en trop : ECONNREFUSED
nom exact : oui' "$output"
}

@test "la démonstration dit ce qu'on met en face d'un serveur local, et ne l'attend pas" {
    lancer "$RACINE/scripts/demo.sh" -c local/01-paire local/02-serveur
    verifier_code 0
    verifier_contient "$output" 'waitpid : le fils a fini, code 0' '(en face : local/03-client, ou nc -U essais/prise'
}

# preuve : ERR-127 « cc (6) dd (8) aa (6) ee (8) »
@test "SO_PEEK_OFF existe aussi en UDP, et en TCP depuis Linux 6.9" {
    lancer "$OUTIL" regards udp
    verifier_egal '-1 cc (6) dd (8)' "${output//$'\n'/ }"
    lancer "$OUTIL" regards tcp
    if noyau 6.9; then
        verifier_egal '-1 cc (6) dd (8) aa (6) ee (8)' "${output//$'\n'/ }"
    else
        verifier_contient "$output" 'setsockopt : EOPNOTSUPP'
    fi
}

# preuve : UNIX-cred-05 « 1 : octet urgent »
@test "MSG_OOB passe aussi par un flux local, et par lui seul, depuis Linux 5.15" {
    lancer "$OUTIL" urgent
    verifier_contient "$output" '5 : EOPNOTSUPP' '2 : EOPNOTSUPP'
    noyau 5.15 || return 0
    verifier_contient "$output" '1 : octet urgent « ! »'
}

# --- Le descripteur donné

@test "07-recevoir lit par ce qu'on lui donne, et dit l'expéditeur" {
    echo 'une ligne' >fichier
    demarrer_local local/07-recevoir
    lancer "${PROGRAMMES}local/06-donner" fichier prise
    verifier_code 0
    attendre_fin "$SERVEUR"
    verifier_egal 0 "$code"
    verifier_contient "@$JOURNAL" 'SCM_CREDENTIALS, pid ' 'read : 6 octets « ligne\n »'
    [ ! -e prise ]
}

# preuve : OPT-SO_PASSCRED-01 « SCM_CREDENTIALS, pid $donneur, uid 65534 (un autre) »
@test "avec SO_PASSCRED, chaque message dit qui l'envoie, et le donneur n'y peut rien" {
    local donneur
    [ "$(id -u)" = 0 ] || manque "il faut root pour devenir un autre"
    exiger_outil setpriv
    chmod 755 "$BATS_TEST_TMPDIR"
    cp "${PROGRAMMES}local/06-donner" donner
    demarrer_local local/07-recevoir @passcred-$$
    demarrer donneur setpriv --reuid=65534 --regid=65534 --clear-groups "$PWD/donner" /dev/null @passcred-$$
    donneur=$PID
    attendre_fin "$SERVEUR"
    verifier_contient "@$JOURNAL" "SCM_CREDENTIALS, pid $donneur, uid 65534 (un autre)"
}

@test "07-recevoir refuse un message sans descripteur, et ferme ceux qu'on lui donne en trop" {
    demarrer_local local/07-recevoir
    lancer "$OUTIL" lettre prise 0
    attendre_fin "$SERVEUR"
    verifier_egal 1 "$code"
    verifier_contient "@$ERREURS" 'ce message ne porte pas de descripteur'
    local nombre
    for nombre in 2 8; do
        ENVELOPPE=(env ASAN_OPTIONS=detect_leaks=0 strace -D -o trace -e trace=close)
        exiger_outil strace
        demarrer_local local/07-recevoir
        lancer "$OUTIL" lettre prise "$nombre" </dev/null
        attendre_fin "$SERVEUR"
        verifier_egal 0 "$code"
        verifier_contient "@$PWD/trace" 'close(4)' 'close(5)'
    done
}

@test "la solution reprise ne prend pas un fichier ordinaire pour un chemin abandonné" {
    mkdir essais
    cc "$RACINE/local/solutions/reprise.c" -o reprise
    echo précieux >essais/comptoir
    lancer ./reprise
    verifier_code 1
    verifier_egal 'ce chemin est pris' "$stderr"
    verifier_egal précieux "$(<essais/comptoir)"
}

# --- La mémoire, les descripteurs

@test "sous valgrind, aucun programme de local/ ne laisse rien derrière lui" {
    local programme serveur
    for programme in 01-paire 04-paquets 05-position; do
        echo "$programme :"
        sous_valgrind
        lancer "${ENVELOPPE[@]}" "${PROGRAMMES}local/$programme" </dev/null
        verifier_code 0
        verifier_rapport
    done
    sous_valgrind
    serveur=$RAPPORT-serveur
    ENVELOPPE[-1]=--log-file=$serveur
    demarrer_local local/02-serveur
    sous_valgrind
    lancer "${ENVELOPPE[@]}" "${PROGRAMMES}local/03-client" prise
    verifier_code 0
    verifier_rapport
    attendre_ligne "$JOURNAL" '^close : '
    kill -INT "$SERVEUR"
    attendre_fin "$SERVEUR"
    RAPPORT=$serveur verifier_rapport 1
    sous_valgrind
    ENVELOPPE[-1]=--log-file=$serveur
    demarrer_local local/07-recevoir guichet
    sous_valgrind
    lancer "${ENVELOPPE[@]}" "${PROGRAMMES}local/06-donner" /dev/null guichet
    verifier_code 0
    verifier_rapport
    attendre_fin "$SERVEUR"
    verifier_egal 0 "$code"
    RAPPORT=$serveur verifier_rapport
}
