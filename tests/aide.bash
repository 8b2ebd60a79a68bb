# Chargé par chaque fichier de tests : lancer, attendre, vérifier, nettoyer.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154   # des variables données aux tests, d'autres reçues de bats
bats_require_minimum_version 1.5.0

RACINE=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
PROGRAMMES=${PROGRAMMES:-$RACINE/}
SONDE=$RACINE/build/tests/sonde
PARTIEL=$RACINE/build/tests/partiel.so
[ -x "$SONDE" ] || { echo "la sonde n'est pas compilée : lancer tests/lancer.sh" >&2; exit 1; }
# shellcheck source=/dev/null
source "$RACINE/scripts/attendre.sh"

# Les chapitres, par leur nom relatif sans extension : tcp/01-socket…
chapitres() {
    (cd "$RACINE" && ls {tcp,udp,ipv6,local}/[0-9]*.c 2>/dev/null) | sed 's/\.c$//'
}

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
avec_asan() { grep -q __asan_init "${PROGRAMMES}tcp/01-socket"; }

# --- Lancer.

# Au premier plan, 20 secondes au plus : remplit status, output et stderr.
lancer() {   # COMMANDE...
    run --separate-stderr timeout 20 "$@" 3>&- 4>&-
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
    env --default-signal=INT,QUIT,PIPE "$@" <"${ENTREE:-/dev/null}" \
        >"$sortie" 2>"$erreurs" 3>&- 4>&- &
    PID=$!
    echo "$PID" >>"$BATS_TEST_TMPDIR/processus"
}

# Un serveur du cours. Remplit PID, PORT, JOURNAL (sa trace) et ERREURS ; revient quand il écoute.
# Le tableau ENVELOPPE (strace…) précède le programme.
demarrer_serveur() {   # PROGRAMME [ARGUMENT...]
    local programme=$1 pret='^listen : '
    shift
    case $programme in udp/*) pret='^bind : ' ;; tcp/05-*) pret='^getsockname : ' ;; esac
    JOURNAL=$BATS_TEST_TMPDIR/serveur.out ERREURS=$BATS_TEST_TMPDIR/serveur.err
    demarrer serveur "${ENVELOPPE[@]}" "$PROGRAMMES$programme" "$@"
    attendre_ligne "$JOURNAL" "$pret"
    PORT=$(sed -n 's/^\(bind\|getsockname\) : .*:\([0-9]*\)$/\2/p' "$JOURNAL" | tail -n 1)
    SERVEUR=$PID
}

# Une sonde serveur : remplit PID, PORT, et SONDE_OUT, ce qu'elle a vu.
demarrer_sonde() {   # tcp-serveur|udp-serveur ACTION...
    local role=$1
    shift
    SONDE_OUT=$BATS_TEST_TMPDIR/sonde.out
    demarrer sonde "$SONDE" "$role" 0 "$@"
    attendre_ligne "$SONDE_OUT" '^port : '
    PORT=$(sed -n 's/^port : //p' "$SONDE_OUT")
}

# strace rend cet appel interrompu, une fois : sous_strace recvfrom:error=EINTR:when=1 COMMANDE...
# -D : le programme garde le PID ; ASan ne cherche pas de fuite, il ne le peut pas sous strace.
sous_strace() {
    ENVELOPPE=(env ASAN_OPTIONS=detect_leaks=0 strace -D -o /dev/null -e "inject=$1")
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

# Rien, dans ce fichier, qui agisse sur un terminal : ni contrôle (hors \n), ni octet nul.
verifier_sans_controle() {   # FICHIER
    tr -d '\000-\011\013-\037\177' <"$1" >"$1.propre"
    cmp "$1.propre" "$1"
}

# Le serveur vit, sert encore, et rien ne s'est abîmé.
verifier_survie() {   # [HÔTE]
    if est_fini "$SERVEUR"; then
        echo "le serveur est mort :"
        cat "$JOURNAL" "$ERREURS"
        return 1
    fi
    lancer "$SONDE" tcp "${1:-127.0.0.1}" "$PORT" envoyer 'encore là ?\n' lire-fin
    verifier_code 0
    verifier_contient "$output" 'lire-fin : ok\n'
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
