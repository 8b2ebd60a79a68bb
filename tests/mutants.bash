# shellcheck shell=bash
# Chargé après aide.bash : les fautes de tests/mutants.tsv, et de quoi voir que chacune est prise.
#
# Colonnes de mutants.tsv : la faute ; la sonde, ou « test : » et un mot du nom d'un test de serveur-plusieurs.bats ; le
# serveur, le source où la mettre, ce qui y est écrit (une fois), ce que l'on y met ; « ⏎ » est un saut de ligne. Une
# faute peut prendre plusieurs lignes.

# Met la faute dans le source de ce dossier, où il est copié s'il n'y est pas. Remplit DUE, ce qui doit la voir, et
# SERVEUR_MUTE. Échoue si ce qu'elle remplace n'y est pas une fois, et une seule.
poser_la_faute() {   # FAUTE DOSSIER
    local faute due serveur source motif remplacement texte fois=0
    while IFS=$'\t' read -r faute due serveur source motif remplacement; do
        [ "$faute" = "$1" ] || continue
        motif=${motif//⏎/$'\n'} remplacement=${remplacement//⏎/$'\n'} fois=$((fois + 1))
        if [ ! -e "$2/$source" ]; then
            mkdir -p "$2/${source%/*}"
            cp "$RACINE/$source" "$2/$source"
        fi
        texte=$(<"$2/$source")
        if [[ $texte != *"$motif"* || ${texte#*"$motif"} == *"$motif"* ]]; then
            echo "$1 : « $motif » n'est pas, ou pas une seule fois, dans $source"
            return 1
        fi
        printf '%s\n' "${texte%%"$motif"*}$remplacement${texte#*"$motif"}" >"$2/$source"
        DUE=$due SERVEUR_MUTE=$serveur
    done <"$RACINE/tests/mutants.tsv"
    [ "$fois" -gt 0 ]
}

# Les sondes les plus courtes.
SIMPLES=(ligne rien-que-ok familles octet-par-octet collees retour-chariot nuls tailles a-tour-de-role
    jetons demi-fermeture ligne-longue rst)

# Écrit dans la copie le serveur et sa faute ; remplit DUE, SERVEUR_MUTE et PROGRAMME. Ce qui n'est pas changé n'est
# compilé qu'une fois.
muter() {   # FAUTE
    local source nom objet objets=()
    cp -r "$RACINE/common" "$RACINE/tcp" "$BATS_TEST_TMPDIR"
    poser_la_faute "$1" "$BATS_TEST_TMPDIR"
    for source in "$BATS_TEST_TMPDIR/tcp/$SERVEUR_MUTE.c" "$BATS_TEST_TMPDIR"/common/*.c; do
        nom=${source#"$BATS_TEST_TMPDIR/"} objet=$BATS_FILE_TMPDIR/${source##*/}.o
        if ! cmp -s "$source" "$RACINE/$nom"; then objet=$BATS_TEST_TMPDIR/${source##*/}.o; fi
        [ -e "$objet" ] || cc -std=gnu11 -O1 -w -c "$source" -o "$objet"
        objets+=("$objet")
    done
    PROGRAMME=$BATS_TEST_TMPDIR/mutant
    cc "${objets[@]}" -o "$PROGRAMME"
}

allumer() {   # [ARGUMENT...]
    demarrer serveur "$PROGRAMME" "$@" 0
    attendre_ligne "$BATS_TEST_TMPDIR/serveur.out" '^listen : '
    SERVEUR=$PID PORT=$(trace_port "$BATS_TEST_TMPDIR/serveur.out")
}

est_pris() {   # FAUTE
    local simple essai options=()
    exiger_ipv6
    muter "$1"
    SONDE_DUE=$DUE
    case $SONDE_DUE in
    slowloris | jamais-lu | disparu) options=(-d 1 -e "$BATS_TEST_TMPDIR/serveur.err") ;;
    gel) options=(-d 5) ;;
    esac
    allumer "${options[@]:0:2}"
    for simple in "${SIMPLES[@]}"; do
        [ "$simple" != "$SONDE_DUE" ] || break
        plus_simple_que_la_due "$simple" || break
        run timeout 60 "$RACINE/build/tests/sondes" "$simple" "$SERVEUR" ::1 "$PORT" 3>&- 4>&-
        echo "$output"
        [ "$status" -eq 0 ]
    done
    for ((essai = 0; essai < 5; essai++)); do   # une course ne se perd pas à chaque fois
        run timeout 60 "$RACINE/build/tests/sondes" "${options[@]}" "$SONDE_DUE" "$SERVEUR" ::1 "$PORT" "$PROGRAMME" \
            "$PORT" 3>&- 4>&-
        echo "$output"
        [ "$status" -eq 0 ] || break
    done
    [ "$status" -ne 3 ] || manque "$output"
    [ "$status" -eq 1 ]
    verifier_contient "$output" "$SONDE_DUE : FAUTE : "
}
plus_simple_que_la_due() {   # SONDE
    "$RACINE/build/tests/sondes" --liste | awk -v a="$1" -v b="$SONDE_DUE" '$1 == a { exit 0 } $1 == b { exit 1 }'
}

# De même, pour ce que voit un test de serveur-plusieurs.bats, et non une sonde.
est_vu_par_son_test() {   # FAUTE
    exiger_ipv6
    muter "$1"
    mkdir -p "$BATS_TEST_TMPDIR/programmes/tcp"
    mv "$PROGRAMME" "$BATS_TEST_TMPDIR/programmes/tcp/$SERVEUR_MUTE"
    sed "s|@PROGRAMME@|tcp/$SERVEUR_MUTE|g; s|@ETIQUETTE@|mutant|; s|load .*/aide|load $RACINE/tests/aide|" \
        "$RACINE/tests/modeles/serveur-plusieurs.bats" >"$BATS_TEST_TMPDIR/modele.bats"
    run timeout 60 env -i "PATH=${PATH//"$BATS_LIBEXEC:"/}" "HOME=$HOME" LC_ALL=C.UTF-8 "SUITE_TESTS=$SUITE_TESTS" \
        "ESPACE=${ESPACE:-}" "TMPDIR=$BATS_TEST_TMPDIR" "PROGRAMMES=$BATS_TEST_TMPDIR/programmes/" \
        bats --tap -f "${DUE#test : }" "$BATS_TEST_TMPDIR/modele.bats"
    echo "$output"
    [[ $output != *' # skip'* ]] || manque "ce test est sauté ici"
    [ "$status" -eq 1 ]
    verifier_contient "$output" '1..1' "not ok 1 tcp/$SERVEUR_MUTE"
}
