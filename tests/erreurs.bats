#!/usr/bin/env bats
# Ce qui s'écrit : les erreurs, expliquées en français, et les octets, sans danger. Un petit
# programme, tests/temoin.c, lié à common/, montre ce que rendent texte_erreur(), signaler() et afficher_octets().

setup_file() {
    load aide
    TEMOIN=$BATS_FILE_TMPDIR/temoin
    export TEMOIN
    ${CC:-cc} -I"$RACINE/common" "$RACINE/tests/temoin.c" "$RACINE"/common/*.c -o "$TEMOIN"
    printf '#include <errno.h>\n#include <netdb.h>\n' |
        ${CC:-cc} -D_GNU_SOURCE -dM -E - >"$TEMOIN.macros"
}

setup() { load aide; }

# Le numéro d'un errno ou d'un code EAI_*, d'après le compilateur ; vide s'il ne le connaît pas.
numero() {   # SYMBOLE
    local valeur
    valeur=$(awk -v nom="$1" '$2 == nom { gsub(/[()]/, "", $3); print $3 }' "$TEMOIN.macros")
    case $valeur in E*) valeur=$(numero "$valeur") ;; esac   # deux noms pour un numéro
    echo "$valeur"
}

# --- Les erreurs

@test "chaque errno que nomme le programme du cours a son texte, son symbole et son conseil" {
    local symbole vus=0
    while read -r symbole; do
        grep -q " $symbole " "$TEMOIN.macros" || continue
        vus=$((vus + 1))
        stderr=$("$TEMOIN" errno "$(numero "$symbole")" 2>&1) || { echo "$symbole : code $?"; return 1; }
        printf '%s\n' "$stderr" >>"$BATS_TEST_TMPDIR/tous"
        case $symbole in
        EWOULDBLOCK) symbole=EAGAIN ;;   # deux noms pour un numéro
        ENOTSUP) symbole=EOPNOTSUPP ;;
        esac
        # redite aussitôt, la même erreur ne redonne pas son conseil
        [[ $stderr == *"[$symbole]"*'à voir : '*'cours : '*"[$symbole]" && $stderr != *'cours : '*'cours : '* ]] ||
            { printf '%s :\n%s\n' "$symbole" "$stderr"; return 1; }
    done < <(grep -oE '\bE[A-Z0-9]{2,}\b' "$RACINE/tests/programme.tsv" | sort -u)
    [ "$vus" -ge 30 ]
    stderr=$(<"$BATS_TEST_TMPDIR/tous")
    verifier_absent "$stderr" '[errno'
    verifier_messages
}

@test "un errno que la table ignore garde le texte du système" {
    lancer "$TEMOIN" errno "$(numero EXDEV)"
    verifier_contient "$stderr" ' : appel : ' "[errno $(numero EXDEV)]"
    lancer "$TEMOIN" texte 99999
    verifier_contient "$output" '99999'
}

@test "une erreur de getaddrinfo a un texte français et son symbole, jamais d'errno" {
    local symbole
    for symbole in EAI_NONAME EAI_AGAIN EAI_FAIL EAI_FAMILY EAI_SERVICE EAI_SOCKTYPE \
        EAI_BADFLAGS EAI_MEMORY EAI_OVERFLOW EAI_NODATA EAI_ADDRFAMILY; do
        echo "$symbole :"
        lancer "$TEMOIN" eai "$(numero "$symbole")"
        verifier_code 1
        verifier_contient "$stderr" "[$symbole]" 'cours : '
        verifier_absent "$stderr" 'errno'
        verifier_messages
    done
}

@test "EAI_SYSTEM, le seul code qui renvoie à errno, explique errno" {
    lancer "$TEMOIN" eai "$(numero EAI_SYSTEM)" "$(numero EMFILE)"
    verifier_code 1
    verifier_contient "$stderr" ' : appel : trop de descripteurs ouverts' '[EMFILE]'
}

@test "les pannes de réseau que rend accept sont celles d'un client : en français, et continuer" {
    local symbole
    for symbole in EPROTO ENETDOWN EHOSTDOWN ENONET ENOPROTOOPT ENETUNREACH EHOSTUNREACH EOPNOTSUPP \
        ECONNABORTED; do
        echo "$symbole :"
        lancer "$TEMOIN" errno "$(numero "$symbole")" accept
        verifier_contient "$stderr" ' : accept : ' "[$symbole]" 'cours : listen() et accept()'
        # EOPNOTSUPP dit aussi, et plus souvent, que la socket n'est pas d'un type connecté
        [ "$symbole" = EOPNOTSUPP ] || verifier_contient "$stderr" 'ce client' 'continuer'
        verifier_messages
    done
}

@test "le conseil dépend de l'appel et de la famille : un chemin pris n'envoie pas à ss -ltnp" {
    lancer "$TEMOIN" errno "$(numero EADDRINUSE)" bind 1   # AF_UNIX
    verifier_contient "$stderr" '[EADDRINUSE]' 'chemin'
    verifier_absent "$stderr" 'ss -ltnp'
    verifier_absent "$stderr" 'sport'
    verifier_messages
}

@test "les messages sont les mêmes dans toutes les langues du système" {
    local langue reference=
    for langue in C C.UTF-8 en_US.UTF-8 fr_FR.UTF-8 ja_JP.UTF-8; do
        lancer env LANG="$langue" LC_ALL="$langue" LANGUAGE="$langue" "$TEMOIN" errno 98
        reference=${reference:-$stderr}
        verifier_egal "$reference" "$stderr"
    done
    verifier_contient "$reference" 'adresse déjà utilisée [EADDRINUSE]'
}

@test "chaque leçon que citent les conseils est un titre d'une page du cours" {
    local titre pages vues=0 conseils=$BATS_TEST_TMPDIR/conseils
    mapfile -t pages < <(pages_du_cours)
    "$TEMOIN" conseils 2>"$conseils"
    while IFS= read -r titre; do
        vues=$((vues + 1))
        echo "leçon citée : $titre"
        grep -qxF -e "## $titre" -e "### $titre" "${pages[@]/#/$RACINE/}"
    done < <(sed -n 's/.*cours : //p' "$conseils" | sort -u)
    [ "$vues" -ge 5 ]
    verifier_sans_controle "$conseils"
    [ "$(LC_ALL=C.UTF-8 wc -L <"$conseils")" -le 80 ]
}

@test "le port que cite un conseil est celui de l'adresse visée, ou n'y est pas" {
    demarrer_serveur udp/02-serveur 0
    lancer "${PROGRAMMES}udp/02-serveur" "$PORT"
    verifier_contient "$stderr" "'sport = :$PORT'"
    verifier_absent "$stderr" 'PORT'
    lancer "$TEMOIN" errno "$(numero EADDRINUSE)" bind
    verifier_absent "$stderr" 'PORT'
}

@test "une trace perdue l'est pour sa vraie raison, pas pour l'erreur d'un appel d'avant" {
    [ -c /dev/full ] || manque "pas de /dev/full ici"
    lancer sh -c 'exec "$0" >/dev/full' "${PROGRAMMES}tcp/01-socket"   # dont des appels échouent
    verifier_code 1
    verifier_contient "$stderr" '01-socket : sortie standard : plus de place [ENOSPC]'
    verifier_egal 1 "$(grep -c 'sortie standard' <<<"$stderr")"
}

@test "une sortie standard fermée est un échec, pas une réussite muette" {
    lancer sh -c 'exec "$0" >&-' "${PROGRAMMES}tcp/02-adresse"
    verifier_code 1
    verifier_contient "$stderr" 'sortie standard'
}

# --- L'affichage des octets

# OCTETS (à la printf) s'affichent ainsi, entre les guillemets, et sans danger pour le terminal.
montre() {   # OCTETS ATTENDU
    # shellcheck disable=SC2059   # le format porte les échappements
    printf "$1" | "$TEMOIN" octets >"$BATS_TEST_TMPDIR/vu"
    verifier_contient "@$BATS_TEST_TMPDIR/vu" " « $2 »"
    verifier_sans_controle "$BATS_TEST_TMPDIR/vu"
}

@test "les caractères de contrôle, séquences d'échappement et DEL sont échappés" {
    montre 'a\nb\rc\td\000e' 'a\nb\rc\td\0e'
    montre '\001\007\010\033[31m\177' '\x01\x07\x08\x1b[31m\x7f'
    montre 'a\\nb' 'a\\nb'
}

@test "les contrôles C1 et les renversements du sens d'écriture sont échappés" {
    montre '\302\233' '\xc2\x9b'             # U+009B, un CSI en un caractère
    montre '\302\205' '\xc2\x85'             # U+0085
    montre '\342\200\256' '\xe2\x80\xae'     # U+202E
    montre '\342\201\246' '\xe2\x81\xa6'     # U+2066
    montre '\342\200\217' '\xe2\x80\x8f'     # U+200F
    montre '\330\234' '\xd8\x9c'             # U+061C, marque arabe
}

@test "l'UTF-8 correct est gardé tel quel" {
    montre 'é 漢 🙂' 'é 漢 🙂'
    montre '\302\240' $'\302\240'            # U+00A0, juste après C1
    montre '\364\217\277\275' $'\364\217\277\275'   # tout en haut d'Unicode
}

@test "l'UTF-8 incorrect est échappé octet par octet" {
    montre '\300\257' '\xc0\xaf'             # forme trop longue de « / »
    montre '\340\200\257' '\xe0\x80\xaf'
    montre '\360\200\200\257' '\xf0\x80\x80\xaf'
    montre '\355\240\200' '\xed\xa0\x80'     # demi-codet
    montre '\364\220\200\200' '\xf4\x90\x80\x80'   # au-delà d'Unicode
    montre '\303' '\xc3'                     # tronqué
    montre '\342\202' '\xe2\x82'
    montre '\303(' '\xc3('                   # suite fausse
    montre '\200\377\376' '\x80\xff\xfe'
}

@test "une chaîne reçue n'est jamais un format" {
    montre '%%s%%n%%d%%1000000c' '%s%n%d%1000000c'
}

@test "au-delà de 256 octets la suite est tue, la taille est dite, aucun caractère n'est coupé" {
    printf '%*s' 1000 x | "$TEMOIN" octets >"$BATS_TEST_TMPDIR/vu"
    verifier_contient "@$BATS_TEST_TMPDIR/vu" 'recv : 1000 octets « ' 'les premiers seulement'
    montre "$(printf '%*s' 255 '')éxx" "$(printf '%*s' 255 '')é"
}

@test "un octet est au singulier, aucun octet se dit aussi" {
    verifier_egal 'recv : 1 octet « a »' "$(printf a | "$TEMOIN" octets)"
    verifier_egal 'recv : 0 octet' "$("$TEMOIN" octets </dev/null)"
}

@test "des processus qui parlent tous à la fois n'emmêlent pas leurs messages, même sur deux lignes" {
    local dit=$BATS_TEST_TMPDIR/dit
    printf '%s\n' '#include "erreur.h"' '#include <errno.h>' '#include <sys/wait.h>' '#include <unistd.h>' 'int main(void) {' \
        'for (int i = 0; i < 4; i++) if (fork() == 0) { for (int n = 0; n < 300; n++)' \
        'prevenir("un message qui dit son fait, et qui continue, jusque sur une autre ligne : %s", texte_erreur(EPIPE)); return 0; }' \
        'while (wait(NULL) > 0) continue; return 0; }' > "$BATS_TEST_TMPDIR/foule.c"
    cc -I"$RACINE/common" "$BATS_TEST_TMPDIR/foule.c" "$RACINE"/common/*.c -o "$BATS_TEST_TMPDIR/foule"
    "$BATS_TEST_TMPDIR/foule" 2>> "$dit"
    verifier_egal 1200 "$(paste -d '|' - - < "$dit" | grep -cx \
        "foule : un message qui dit son fait, et qui continue, jusque sur une autre|    ligne : liaison rompue à l'écriture \[EPIPE\]")"
}
