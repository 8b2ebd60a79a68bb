#!/usr/bin/env bats
# Ce que tout chapitre doit : se compiler seul, dire ce qu'il est, et refuser ce qu'il ne comprend pas.
# Ses mots sont lus dans ce qu'affiche -h. Un chapitre nu n'a ni -h ni common/ : il dit son usage sur une
# ligne, et se compile vraiment seul.

setup() {
    load ../../tests/aide
    PROGRAMME=@PROGRAMME@ NU=@NU@
    NOM=${PROGRAMME##*/}
}

programme() { lancer "${ENVELOPPE[@]}" "$PROGRAMMES$PROGRAMME" "$@" </dev/null; }

# Refusé (code 2) avant le moindre appel, en disant pourquoi.
verifier_refus() {   # MORCEAU...
    verifier_code 2
    verifier_contient "$stderr" "$NOM : " "l'usage complet" "$@"
    run ! grep -E '^(socket|setsockopt|bind|connect|getaddrinfo) : ' <<<"$output"
    verifier_messages
}

# Ce qui suit le nom du programme dans ce qu'affiche -h : « [-a adresse] [port] ».
usage() {
    local premiere
    read -r premiere < <("$PROGRAMMES$PROGRAMME" -h)
    echo "${premiere#"usage : $PROGRAMMES$PROGRAMME"}"
}

# Les mots qu'il attend, un par ligne : « -a adresse » ou « port ».
mots() {
    usage | sed 's/\(-[a-z]\) \([^][-]\)/\1\t\2/g' | tr -d '[]' | tr -s ' ' '\n' | sed '/^$/d' | tr '\t' ' '
}

# Appelle COMMANDE pour chaque mot à valeur, avec dans AVANT et APRES ce qu'il faut écrire autour.
pour_chaque_mot() {   # COMMANDE
    local mot mots places=() valeurs=() i
    mapfile -t mots < <(mots)
    APRES=()
    for mot in "${mots[@]}"; do
        case $mot in
        -*' '*) AVANT=("${mot%% *}") && "$1" "${mot#* }" ;;
        -*) ;;
        port | service) places+=("$mot") valeurs+=(5000) ;;
        *) places+=("$mot") valeurs+=(127.0.0.1) ;;
        esac
    done
    for i in "${!places[@]}"; do
        AVANT=("${valeurs[@]:0:i}") APRES=("${valeurs[@]:i + 1}")
        "$1" "${places[i]}"
    done
}

# bats test_tags=nu,@ETIQUETTE@
@test "@PROGRAMME@ se compile seul, sans common/, ni option, ni avertissement" {
    local seul=$BATS_TEST_TMPDIR/seul
    mkdir "$seul"
    cp "$RACINE/$PROGRAMME.c" "$seul/client.c"
    cd "$seul" || return
    verifier_egal '' "$(cc client.c -o client 2>&1)"
    lancer ./client trop de mots à lire
    verifier_code 2
    verifier_contient "$stderr" 'usage : ./client'
}

# bats test_tags=nu,@ETIQUETTE@
@test "@PROGRAMME@ refuse ce qui n'est pas dans son usage : code 2, l'usage, rien sur la sortie" {
    local usage place=() port adresse
    usage=$(entete "$PROGRAMME" | sed -n "s|^ *\./$PROGRAMME||p")
    [[ $usage != *adresse* ]] || place=(127.0.0.1)
    refuse_nu() {   # ARGUMENT...
        echo "$* :"
        programme "$@"
        verifier_code 2
        verifier_egal '' "$output"
        verifier_contient "$stderr" "usage : " "$usage"
        printf '%s\n' "$stderr" >"$BATS_TEST_TMPDIR/messages"
        verifier_sans_controle "$BATS_TEST_TMPDIR/messages"
    }
    for port in 0 65536 -1 x '' $'\e[31m'; do refuse_nu "${place[@]}" "$port"; done
    refuse_nu 127.0.0.1 5000 2 4 5 6
    [[ $usage != *adresse* ]] || for adresse in 127.1 '*' 1.2.3.999 ::1 ''; do refuse_nu "$adresse" 5000; done
}

# bats test_tags=nu,complet
@test "@PROGRAMME@ sans l'une de ses précautions, ou sans un drapeau, se compile encore, et diffère" {
    local precaution vues=0
    cd "$BATS_TEST_TMPDIR" || return
    for precaution in $("$RACINE/scripts/sans.sh" "$RACINE/$PROGRAMME.c") htons; do
        echo "sans $precaution :"
        vues=$((vues + 1))
        lancer "$RACINE/scripts/sans.sh" "$RACINE/$PROGRAMME.c" "$precaution"
        verifier_code 0
        verifier_egal "essais/sans-$precaution.c" "${lines[0]}"
        verifier_contient "$output" $'\n- '
        verifier_egal '' "$(cc "essais/sans-$precaution.c" -o "essais/sans-$precaution" 2>&1)"
    done
    [ $vues -ge 3 ]
}

# common/ compilé de même, une fois pour tous les chapitres : remplit COMMUNS. Le premier venu s'en charge.
compiler_common_a_la_main() {
    local dossier=$BATS_RUN_TMPDIR/common-a-la-main
    if mkdir "$dossier" 2>/dev/null; then
        (cd "$dossier" && cc -c "$RACINE"/common/*.c >avis 2>&1) || true
        : >"$dossier/fini"
    fi
    attendre 60 test -e "$dossier/fini"
    verifier_egal '' "$(<"$dossier/avis")"
    COMMUNS=("$dossier"/*.o)
}

# bats test_tags=habille,complet
@test "@PROGRAMME@ se compile à la main, sans option ni avertissement" {
    local avis modules   # les modules : les .c sans numéro de son dossier, s'il en a
    compiler_common_a_la_main
    cd "$RACINE" || return
    mapfile -t modules < <(find "${PROGRAMME%/*}" -maxdepth 1 -name '[!0-9]*.c')
    avis=$(cc "$PROGRAMME.c" "${modules[@]}" "${COMMUNS[@]}" -o "$BATS_TEST_TMPDIR/essai" 2>&1)
    verifier_egal '' "$avis"
    "$BATS_TEST_TMPDIR/essai" -h >/dev/null
}

# bats test_tags=@ETIQUETTE@
@test "@PROGRAMME@ : son en-tête dit tout, et il tient sur une page ou deux" {
    local entete nomme limite=100
    cd "$RACINE" || return
    entete=$(entete "$PROGRAMME")
    verifier_contient "$entete" 'En face : '
    si_trace verifier_contient "$entete" 'À regarder : '
    # le chapitre que nomme l'en-tête est celui-ci, ou celui dont il est la copie
    nomme=$(sed -n 's|^ *\./\([^ ]*\).*|\1|p' <<<"$entete" | head -n 1)
    cmp "$nomme.c" "$PROGRAMME.c"
    # une seule idée : 100 lignes ; nu, 60 pour un client, 90 pour un serveur ; à plusieurs clients, 120, et 150
    # quand il attend des événements
    case $NU:$PROGRAMME in
    oui:*-client*) limite=60 ;;
    oui:*) limite=90 ;;
    esac
    if est_multiple "$PROGRAMME"; then
        limite=120
        ! grep -qE '\b(select|poll|epoll_wait)\(' "$PROGRAMME.c" || limite=150
    fi
    [ "$(wc -l <"$PROGRAMME.c")" -le "$limite" ]
}

# bats test_tags=habille,@ETIQUETTE@
@test "@PROGRAMME@ -h et --help disent l'usage, celui de l'en-tête, et qui mettre en face" {
    programme -h
    verifier_code 0
    verifier_egal '' "$stderr"
    verifier_contient "$output" "usage : $PROGRAMMES$PROGRAMME"
    local aide=$output ligne
    grep -qF -- "$(usage)" < <(entete "$PROGRAMME" | grep '^ *\./')
    while IFS= read -r ligne; do
        verifier_contient "$aide" "$ligne"
    done < <(entete "$PROGRAMME" | sed -n '/^En face : nc/s/  *\((.*\)\{0,1\}$//p')
    [ "$(LC_ALL=C.UTF-8 wc -L <<<"${aide/"$PROGRAMMES"/}")" -le 80 ]
    programme --help
    verifier_code 0
    verifier_egal "$aide" "$output"
}

# bats test_tags=habille,@ETIQUETTE@
@test "@PROGRAMME@ refuse ce qui n'est pas dans son usage : code 2, nommé, rien sur la sortie" {
    programme -z
    verifier_refus 'option inconnue « -z »'
    programme --nimporte
    verifier_refus 'option inconnue « --nimporte »'
    programme 127.0.0.1 1 2 3 4 5 6
    verifier_refus 'argument en trop « '
    sans_valeur() {   # MOT
        [[ ${AVANT[0]:-} == -* ]] || return 0
        programme "${AVANT[0]}"
        verifier_refus "l'option ${AVANT[0]} attend une valeur : $1"
    }
    pour_chaque_mot sans_valeur
}

# bats test_tags=habille,@ETIQUETTE@
@test "@PROGRAMME@ refuse un port ou une adresse faux : jamais devinés, code 2" {
    valeurs_fausses() {   # MOT
        local valeur fausses=()
        case $1 in
        port) fausses=(65536 80x) ;;   # toutes les façons de se tromper sont dans arguments.bats
        hôte | adresse | nom) fausses=(127.1 '*') ;;
        délai | secondes) fausses=(0 1s) ;;
        esac
        for valeur in "${fausses[@]}"; do
            programme "${AVANT[@]}" "$valeur" "${APRES[@]}"
            verifier_refus "« $valeur »"
        done
    }
    pour_chaque_mot valeurs_fausses
}

# bats test_tags=habille,@ETIQUETTE@
@test "@PROGRAMME@ : un mot hostile est échappé dans tout message, et 80 colonnes suffisent" {
    # contrôles, CSI en C1, renversement du sens d'écriture, UTF-8 cassé
    local hostile=$'\e[31m\a\r\n\302\233\342\200\256\303(\377' long
    printf -v long '%*s' 300 ''
    local devant=''   # là où un mot est le chemin d'une socket, bind() ne doit pas y réussir
    [[ $'\n'$(mots)$'\n' != *$'\nchemin\n'* ]] || devant=absent/
    essayer() {   # ARGUMENT...
        programme "$@"
        printf '%s\n' "$stderr" >>"$BATS_TEST_TMPDIR/tous"
        printf '%s\n' "$output" >>"$BATS_TEST_TMPDIR/traces"
    }
    hostiles() {   # MOT
        [ "$1" = message ] || {
            essayer "${AVANT[@]}" "$devant$hostile" "${APRES[@]}"
            essayer "${AVANT[@]}" "${long// /x}" "${APRES[@]}"
        }
    }
    essayer "--$hostile"
    verifier_contient "$stderr" 'option inconnue « --\x1b[31m'
    essayer "$devant-$hostile"
    essayer "$hostile"{,,,,,}
    pour_chaque_mot hostiles
    stderr=$(<"$BATS_TEST_TMPDIR/tous")
    verifier_messages
    verifier_sans_controle "$BATS_TEST_TMPDIR/traces"
}

# bats test_tags=habille,@ETIQUETTE@
@test "@PROGRAMME@ : une sortie standard pleine ou fermée est un échec, avec la vraie raison" {
    [ -c /dev/full ] || manque "pas de /dev/full ici"
    lancer sh -c 'exec "$0" -h >/dev/full' "$PROGRAMMES$PROGRAMME"
    verifier_code 1
    verifier_contient "$stderr" "$NOM : sortie standard : plus de place [ENOSPC]"
    verifier_messages
    lancer sh -c 'exec "$0" -h >&-' "$PROGRAMMES$PROGRAMME"
    verifier_code 1
    verifier_contient "$stderr" "$NOM : sortie standard : "
}

# bats test_tags=complet
# (Ce qu'ils ne voient qu'en optimisant, la barrière le demande à make, avec chacun.)
@test "@PROGRAMME@ : gcc, clang, musl-gcc et le C11 strict n'y trouvent rien à redire" {
    local compilateur alertes=(-fsyntax-only -Wall -Wextra -Wpedantic -Werror "$PROGRAMME.c")
    cd "$RACINE" || return
    for compilateur in gcc clang musl-gcc; do
        exiger_outil "$compilateur"
        "$compilateur" -std=gnu11 -Wshadow -Wconversion "${alertes[@]}"
    done
    cc -std=c11 -D_XOPEN_SOURCE=700 "${alertes[@]}"
}
