#!/usr/bin/env bats
# Chaque sonde des serveurs à plusieurs clients est vue rouge : un serveur juste, où l'on met une seule faute
# (tests/mutants.tsv), est pris par la sonde qui la cherche ; les sondes plus simples, jouées avant, ne
# l'accusent de rien.
#
# Colonnes de mutants.tsv : la faute ; la sonde, ou « test : » et un mot du nom d'un test de serveur-plusieurs.bats ; le
# serveur, le source où la mettre, ce qui y est écrit (une fois), ce que l'on y met ; « ⏎ » est un saut de ligne. Une
# faute peut prendre plusieurs lignes.
# bats file_tags=complet

setup() {
    load aide
    load mutants
    exiger_ipv6
    SONDES=$RACINE/build/tests/sondes
}

# Les sondes les plus courtes.
SIMPLES=(ligne rien-que-ok familles octet-par-octet collees retour-chariot nuls tailles a-tour-de-role
    jetons demi-fermeture ligne-longue rst)

# Écrit dans la copie le serveur et sa faute ; remplit DUE, SERVEUR_MUTE et PROGRAMME.
muter() {   # FAUTE
    cp -r "$RACINE/common" "$RACINE/tcp" "$BATS_TEST_TMPDIR"
    poser_la_faute "$1" "$BATS_TEST_TMPDIR"
    PROGRAMME=$BATS_TEST_TMPDIR/mutant
    cc -std=gnu11 -O1 -w "$BATS_TEST_TMPDIR/tcp/$SERVEUR_MUTE.c" "$BATS_TEST_TMPDIR"/common/*.c -o "$PROGRAMME"
}

allumer() {   # [ARGUMENT...]
    demarrer serveur "$PROGRAMME" "$@" 0
    attendre_ligne "$BATS_TEST_TMPDIR/serveur.out" '^listen : '
    SERVEUR=$PID PORT=$(trace_port "$BATS_TEST_TMPDIR/serveur.out")
}

est_pris() {   # FAUTE
    local simple options=()
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
        run timeout 60 "$SONDES" "$simple" "$SERVEUR" ::1 "$PORT" 3>&- 4>&-
        echo "$output"
        [ "$status" -eq 0 ]
    done
    run timeout 60 "$SONDES" "${options[@]}" "$SONDE_DUE" "$SERVEUR" ::1 "$PORT" "$PROGRAMME" "$PORT" 3>&- 4>&-
    echo "$output"
    [ "$status" -ne 3 ] || manque "$output"
    [ "$status" -eq 1 ]
    verifier_contient "$output" "$SONDE_DUE : FAUTE : "
}
plus_simple_que_la_due() {   # SONDE
    "$SONDES" --liste | awk -v a="$1" -v b="$SONDE_DUE" '$1 == a { exit 0 } $1 == b { exit 1 }'
}

# De même, pour ce que voit un test de serveur-plusieurs.bats, et non une sonde.
est_vu_par_son_test() {   # FAUTE
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

@test "chaque sonde a son mutant, chaque mutant son test, et chaque sonde son test par serveur" {
    verifier_egal "$("$SONDES" --liste | cut -d ' ' -f 1 | sort)" "$(cut -f 2 "$RACINE/tests/mutants.tsv" | grep -v '^test : ' | sort -u)"
    verifier_egal "$(cut -f 1 "$RACINE/tests/mutants.tsv" | sort -u)" \
        "$(sed -nE 's/^@test .*\{ (est_pris|est_vu_par_son_test) "(.*)"; \}$/\2/p' "$BATS_TEST_FILENAME" | sort)"
    verifier_egal "$("$SONDES" --liste | cut -d ' ' -f 1 | sort)" \
        "$(grep -E '^(@test|    juger)' "$RACINE/tests/modeles/serveur-plusieurs.bats" | grep -oP '(tient|tient_le_delai|s_acheve|juger) \K[a-z-]+' | sort -u)"
}

@test "se voit : un serveur qui ferme après la première réponse" { est_pris "ferme après la première réponse"; }
@test "se voit : un serveur qui envoie le zéro final" { est_pris "envoie le zéro final"; }
@test "se voit : un serveur qui n'écoute qu'en IPv6" { est_pris "n'écoute qu'en IPv6"; }
@test "se voit : un serveur qui prend une lecture pour un message" { est_pris "prend une lecture pour un message"; }
@test "se voit : un serveur qui oublie ce qui suit la première ligne" { est_pris "oublie ce qui suit la première ligne"; }
@test "se voit : un serveur qui prend un \r pour une fin de ligne" { est_pris "prend un \r pour une fin de ligne"; }
@test "se voit : un serveur qui s'arrête au premier zéro" { est_pris "s'arrête au premier zéro"; }
@test "se voit : un serveur qui n'a de place que pour 4096 octets" { est_pris "n'a de place que pour 4096 octets"; }
@test "se voit : un serveur qui dialogue avec un client jusqu'au bout" { est_pris "dialogue avec un client jusqu'au bout"; }
@test "se voit : un serveur qui ne regarde plus les sockets après celle qui part" { est_pris "ne regarde plus les sockets après celle qui part"; }
@test "se voit : un serveur qui prend EINTR pour une erreur" { est_pris "prend EINTR pour une erreur"; }
@test "se voit : un serveur qui raccroche avant d'avoir lu ce qui est venu" { est_pris "raccroche avant d'avoir lu ce qui est venu"; }
@test "se voit : un serveur qui prend un gel pour un silence" { est_pris "prend un gel pour un silence"; }
@test "se voit : un serveur qui prend SIGCHLD pour un arrêt" { est_pris "prend SIGCHLD pour un arrêt"; }
@test "se voit : un serveur qui partage une variable entre les fils" { est_pris "partage une variable entre les fils"; }
@test "se voit : un serveur qui ignore la fin du flux" { est_pris "ignore la fin du flux"; }
@test "se voit : un serveur qui attend à la fois de lire et d'écrire" { est_pris "attend à la fois de lire et d'écrire"; }
@test "se voit : un serveur qui oublie la dernière ligne, sans \n" { est_pris "oublie la dernière ligne, sans \n"; }
@test "se voit : un serveur qui admet des lignes trop longues" { est_pris "admet des lignes trop longues"; }
@test "se voit : un serveur qui ferme sans lire la suite" { est_pris "ferme sans lire la suite"; }
@test "se voit : un serveur qui meurt de ECONNRESET" { est_pris "meurt de ECONNRESET"; }
@test "se voit : un serveur qui meurt de SIGPIPE" { est_pris "meurt de SIGPIPE"; }
@test "se voit : un serveur qui meurt d'un client reparti avant accept" { est_pris "meurt d'un client reparti avant accept"; }
@test "se voit : un serveur qui ne ferme pas les sockets de dialogue" { est_pris "ne ferme pas les sockets de dialogue"; }
@test "se voit : un serveur qui n'enterre qu'un fils par signal" { est_pris "n'enterre qu'un fils par signal"; }
@test "se voit : un serveur qui n'enterre personne" { est_pris "n'enterre personne"; }
@test "se voit : un serveur qui ne reprend pas un send() court" { est_pris "ne reprend pas un send() court"; }
@test "se voit : un serveur qui attend qu'un client lise" { est_pris "attend qu'un client lise"; }
@test "se voit : un serveur qui garde toutes les réponses de qui ne lit pas" { est_pris "garde toutes les réponses de qui ne lit pas"; }
@test "se voit : un serveur qui lit un client jusqu'à ce qu'il se taise" { est_pris "lit un client jusqu'à ce qu'il se taise"; }
@test "se voit : un serveur qui meurt avec un de ses fils" { est_pris "meurt avec un de ses fils"; }
@test "se voit : un serveur qui ne remplace pas un fils mort" { est_pris "ne remplace pas un fils mort"; }
@test "se voit : un serveur qui meurt de EMFILE" { est_pris "meurt de EMFILE"; }
@test "se voit : un serveur qui recommence accept sans attendre" { est_pris "recommence accept sans attendre"; }
@test "se voit : un serveur qui dépasse FD_SETSIZE" { est_pris "dépasse FD_SETSIZE"; }
@test "se voit : un serveur qui a une table trop petite" { est_pris "a une table trop petite"; }
@test "se voit : un serveur qui remet l'échéance à chaque octet" { est_pris "remet l'échéance à chaque octet"; }
@test "se voit : un serveur qui raccroche sans le dire" { est_pris "raccroche sans le dire"; }
@test "se voit : un serveur qui n'a pas d'échéance à l'écriture" { est_pris "n'a pas d'échéance à l'écriture"; }
@test "se voit : un serveur qui n'a pas d'échéance" { est_pris "n'a pas d'échéance"; }
@test "se voit : un serveur qui coupe tout au SIGTERM" { est_pris "coupe tout au SIGTERM"; }
@test "se voit : un serveur qui coupe tout au SIGINT" { est_pris "coupe tout au SIGINT"; }
@test "se voit : un serveur qui écoute encore après le SIGTERM" { est_pris "écoute encore après le SIGTERM"; }
@test "se voit : un serveur qui n'attend pas ses fils pour finir" { est_pris "n'attend pas ses fils pour finir"; }
@test "se voit : un serveur qui ne réemploie pas le port" { est_pris "ne réemploie pas le port"; }

# Ce que seul un appel faussé montre
@test "se voit : un serveur qui meurt d'un client reparti pendant accept" { est_vu_par_son_test "meurt d'un client reparti pendant accept"; }
@test "se voit : un serveur qui meurt quand la machine n'a plus de descripteurs" { est_vu_par_son_test "meurt quand la machine n'a plus de descripteurs"; }
@test "se voit : un serveur qui meurt d'un accept sans mémoire" { est_vu_par_son_test "meurt d'un accept sans mémoire"; }
@test "se voit : un serveur qui prend un recv interrompu pour une fin" { est_vu_par_son_test "prend un recv interrompu pour une fin"; }
@test "se voit : un serveur qui prend un send interrompu pour une fin" { est_vu_par_son_test "prend un send interrompu pour une fin"; }
@test "se voit : un serveur qui meurt de ne pouvoir écrire tout de suite" { est_vu_par_son_test "meurt de ne pouvoir écrire tout de suite"; }
@test "se voit : un serveur qui meurt d'un fork refusé" { est_vu_par_son_test "meurt d'un fork refusé"; }
@test "se voit : un serveur qui oublie le client dont le fil est refusé" { est_vu_par_son_test "oublie le client dont le fil est refusé"; }
@test "se voit : un serveur qui ne sait pas se passer d'IPv6" { est_vu_par_son_test "ne sait pas se passer d'IPv6"; }
@test "se voit : un serveur qui répond ligne à ligne" { est_vu_par_son_test "répond ligne à ligne"; }
@test "se voit : un serveur qui n'a pas de place pour un client, et ne le dit pas" { est_vu_par_son_test "n'a pas de place pour un client, et ne le dit pas"; }
@test "se voit : un serveur qui garde sa trace dans un tampon" { est_vu_par_son_test "garde sa trace dans un tampon"; }
@test "se voit : un serveur qui laisse ses fils derrière lui" { est_vu_par_son_test "laisse ses fils derrière lui"; }
