#!/usr/bin/env bats
# Une preuve nomme la ligne qui la tranche, et ne compte que si elle a été jouée jusqu'au bout.
# bats file_tags=outils

setup() {
    load aide
    # Un petit dépôt, avec ses propres faits, sa page et ses registres.
    DEPOT=$BATS_TEST_TMPDIR/depot
    mkdir -p "$DEPOT"/tests/modeles "$DEPOT"/{tcp,common,build}
    cp -r "$RACINE/scripts" "$DEPOT"
    cp "$RACINE"/tests/*.sh "$DEPOT/tests"
    printf 'GEN-0%s\tle fait %s\n' 1 un 2 deux 3 trois 4 quatre 5 cinq 6 six 7 sept > "$DEPOT/tests/programme.tsv"
    page=$DEPOT/cours.md
}

faits() { run "$DEPOT/tests/faits.sh" "$@"; }
jouer() { DELAI=2 PROGRAMMES=$DEPOT/ run "$DEPOT/tests/cours.sh" "$@"; }

# Une page d'une scène, sous cette preuve, puis ce que l'on en dit.
prouver() {   # PREUVE
    printf '%s\n' "<!-- preuve : $1 -->" '```console' '[a]' '$ cat' '> saisie' 'saisie' '(attend)' '^D' '[b]' \
        '$ echo un deux trois' 'un … trois' '```' > "$page"
    faits --verifier
}
juste() { prouver "$1" && verifier_egal "0 : " "$status : $output"; }
faute() {   # PREUVE FAUTE
    prouver "$1"
    verifier_egal "1 : cours.md:1 : $2" "$status : $output"
}

# --- Ce qu'une preuve doit dire

@test "une preuve cite un texte d'une sortie attendue, ou une attente" {
    juste 'GEN-01 « trois »'
    juste 'GEN-01 GEN-02 « saisie » GEN-03 «(attend)»'
    faute 'GEN-01 « un trois »' 'GEN-01 : « un trois » ne se lit pas dans une sortie de cette scène'
    faute 'GEN-01 « echo »' 'GEN-01 : « echo » ne se lit pas dans une sortie de cette scène'
    printf '%s\n' '<!-- preuve : GEN-01 « tapé » -->' '```console' '$ cat > essais/x' '> tapé' '(attend)' '^D' '```' \
        '```console' '$ echo tapé' 'tapé' '```' > "$page"
    faits --verifier
    verifier_contient "$output" 'cours.md:1 : GEN-01 : « tapé » ne se lit pas'
}

@test "un fait inconnu, un texte qui manque, ou qui ne tranche rien, est une faute" {
    faute 'GEN-99 « trois »' 'fait inconnu : GEN-99'
    faute 'GEN-01' 'GEN-01 : le texte qui le tranche manque, entre « et »'
    faute 'GEN-02 « trois » GEN-01' 'GEN-01 : le texte qui le tranche manque, entre « et »'
    faute 'GEN-01 « »' 'GEN-01 : le texte qui le tranche manque, entre « et »'
    faute 'GEN-01 « un … trois »' 'GEN-01 : « … » ne tranche rien, dans « un … trois »'
}

@test "une scène prouve six faits au plus, et une preuve a sa scène" {
    juste 'GEN-01 GEN-02 GEN-03 GEN-04 GEN-05 GEN-06 « trois » GEN-06 « un »'
    faute 'GEN-01 GEN-02 GEN-03 GEN-04 GEN-05 GEN-06 GEN-07 « trois »' 'plus de six faits pour une scène'
    printf '%s\n' 'Un texte.' '<!-- preuve : GEN-01 « trois » -->' 'Un autre.' > "$page"
    faits --verifier
    verifier_egal '1 : cours.md:2 : preuve : pas de scène juste après' "$status : $output"
}

@test "la preuve d'un test se lit dans le corps de ce test, hors de ses commentaires" {
    : > "$page"
    printf '%s\n' '# preuve : GEN-01 « EMFILE » GEN-02 « rien »' '# bats test_tags=complet' '@test "un" {' \
        '    # rien' '    echo EMFILE' '}' '# preuve : GEN-03 « un »' 'autre() { true; }' > "$DEPOT/tests/essai.bats"
    printf '%s\n' '# preuve : GEN-04 « oui »' '@test "@PROGRAMME@ : deux" { echo non; }' \
        '@test "trois" {' '    oui' '}' > "$DEPOT/tests/modeles/client.bats"
    faits --verifier
    verifier_egal 1 "$status"
    verifier_egal 3 "${#lines[@]}"
    verifier_contient "$output" 'tests/essai.bats:1 : GEN-02 : « rien » ne se lit pas dans le corps de ce test' \
        'tests/essai.bats:7 : preuve : pas de test juste après' 'tests/modeles/client.bats:1 : GEN-04'
}

# --- Ce qui compte

# Prouvés et enseignés, prouvés seulement, sans preuve, « en tout » ; et entre les deux derniers, documentaires et attendus.
compte() { grep '^en tout' <<< "$output" | tr -s ' ' | cut -d ' ' -f 3,4,7; }
compte_tout() { grep '^en tout' <<< "$output" | tr -s ' ' | cut -d ' ' -f 3-; }

# Deux scènes justes.
deux_scenes() {
    printf '%s\n' '<!-- preuve : GEN-01 « un » -->' '```console' '$ echo un' 'un' '```' '' \
        '<!-- preuve : GEN-02 « deux » -->' '```console' '$ echo deux' 'deux' '```' > "$page"
}

@test "sans registre, rien n'est compté, et c'est dit" {
    deux_scenes
    faits
    verifier_egal 0 "$status"
    verifier_contient "$output" "Rien de joué n'est connu ici" 'registre « laboratoire » : absent'
    verifier_absent "$output" 'en tout'
}

# bats test_tags=complet
@test "une scène jouée jusqu'au bout prouve et enseigne ; ratée, elle ne prouve plus rien" {
    deux_scenes
    jouer
    verifier_egal 0 "$status"
    faits
    verifier_egal '2 0 5' "$(compte)"
    sed -i 's/^\$ echo deux/$ echo faux/' "$page"   # une autre scène : elle n'a pas été jouée
    faits
    verifier_egal '1 0 6' "$(compte)"
    verifier_contient "$output" "n'a pas été jouée" 'GEN-02 le fait deux'
    deux_scenes
    printf 'echo faux\n' > "$DEPOT/scripts/change"   # la même scène, ratée cette fois
    sed -i 's/^\$ echo deux/$ sh scripts\/change/' "$page"
    echo 'echo deux' > "$DEPOT/scripts/change"
    jouer
    faits
    verifier_egal '2 0 5' "$(compte)"
    echo 'echo faux' > "$DEPOT/scripts/change"
    touch -d '1 hour ago' "$DEPOT/scripts/change"
    jouer
    verifier_egal 1 "$status"
    faits
    verifier_egal '1 0 6' "$(compte)"
}

# bats test_tags=complet
@test "une preuve en faute ne compte pas, même jouée" {
    deux_scenes
    sed -i 's/« deux »/« trois »/' "$page"
    jouer
    verifier_egal 1 "$status"
    verifier_contient "$output" 'cours.md:7 : GEN-02 : « trois » ne se lit pas' 'cours : 2 scènes, 0 extraits, 1 écart'
    faits
    verifier_egal '1 : 1 0 6' "$status : $(compte)"
}

# bats test_tags=complet
@test "déplacer une scène, ou changer sa preuve, ne demande pas de la rejouer" {
    deux_scenes
    jouer
    sed -i '1i Un paragraphe de plus.\n' "$page"
    sed -i 's/GEN-02 « deux »/GEN-02 GEN-03 « eux »/' "$page"
    faits
    verifier_egal '3 0 4' "$(compte)"
}

# bats test_tags=complet
@test "jouer une page de plus ajoute au registre ; choisir, remplacer, recopier, une page d'ailleurs n'y écrivent pas" {
    deux_scenes
    mkdir "$DEPOT/udp"
    sed 's/GEN-01/GEN-03/; s/GEN-02/GEN-04/; s/echo \(.*\)/echo "\1"/' "$page" > "$DEPOT/udp/cours.md"
    cp "$page" "$BATS_TEST_TMPDIR/ailleurs.md"
    jouer --faits GEN-01
    verifier_egal 0 "$status"
    jouer --ecrire
    jouer "$BATS_TEST_TMPDIR/ailleurs.md"
    verifier_egal 0 "$status"
    mkdir "$BATS_TEST_TMPDIR/ailleurs"
    cd "$BATS_TEST_TMPDIR/ailleurs" && cp "$page" cours.md
    jouer cours.md
    verifier_egal 0 "$status"
    [ ! -s "$DEPOT/build/preuves/laboratoire" ]
    jouer "$page"
    faits
    verifier_egal '2 0 5' "$(compte)"
    jouer "$DEPOT/udp/cours.md"
    faits
    verifier_egal '4 0 3' "$(compte)"
}

# bats test_tags=complet
@test "après la retouche d'un source, le registre est périmé ; rejouer une page ne ressuscite pas l'autre" {
    deux_scenes
    jouer
    echo '/* nouveau */' > "$DEPOT/tcp/01-neuf.c"
    faits
    verifier_contient "$output" "Rien de joué n'est connu ici" 'registre « laboratoire » : périmé'
    mkdir "$DEPOT/udp"
    sed -n 1,5p "$page" | sed 's/echo un/echo "un"/' > "$DEPOT/udp/cours.md"
    jouer "$DEPOT/udp/cours.md"
    faits
    verifier_contient "$output" 'GEN-02 le fait deux'
    verifier_egal '1 0 6' "$(compte)"
}

@test "un test réussi prouve seulement ; sauté, raté ou changé, il ne prouve rien ; né d'un modèle, il vaut pour lui" {
    : > "$page"
    printf '%s\n' '# preuve : GEN-01 « aa »' '@test "« un » \"deux\" (trois)" {' '    aa' '}' \
        '# preuve : GEN-02 « bb »' '@test "sauté" {' '    bb' '}' \
        '# preuve : GEN-03 « cc »' '@test "raté" {' '    cc' '}' > "$DEPOT/tests/essai.bats"
    printf '%s\n' '# preuve : GEN-04 « dd »' '@test "@PROGRAMME@ (@HOTE@) : bon" {' '    dd' '}' \
        '# preuve : GEN-05 « ee »' '@test "@PROGRAMME@ (@HOTE@) : raté une fois" {' '    ee' '}' \
        > "$DEPOT/tests/modeles/client.bats"
    printf '%s\n' 1..8 'ok 1 « un » "deux" (trois) # in 12 ms' 'ok 2 sauté # skip faute de java' \
        'not ok 3 raté # in 3 ms' '# (in test file…)' 'ok 4 tcp/04-client (127.0.0.1) : bon' \
        'ok 5 tcp/09-autre (::1) : bon # skip pas de ::1' 'ok 6 tcp/04-client (127.0.0.1) : raté une fois' \
        'not ok 7 tcp/04-client (::1) : raté une fois # timeout after 1s' 'ok 8 un autre' > "$BATS_TEST_TMPDIR/rapport"
    noter "$BATS_TEST_TMPDIR/rapport"
    faits
    verifier_egal '0 2 5' "$(compte)"
    verifier_contient "$output" 'GEN-02 le fait deux' 'GEN-03 le fait trois' 'GEN-05 le fait cinq'
    sed -i 's/^    aa/    aa; true/' "$DEPOT/tests/essai.bats"
    faits
    verifier_egal '0 1 6' "$(compte)"
}

@test "ce qu'un test prouve, la page le dit ; ce qui est documentaire, elle dit où ; ce qui est attendu n'est pas prouvé" {
    printf '%s\n' '# preuve : GEN-01 « aa » GEN-02 « aa »' '@test "bon" {' '    aa' '}' > "$DEPOT/tests/essai.bats"
    printf '%s\n' 'ok 1 bon' > "$BATS_TEST_TMPDIR/rapport"
    noter "$BATS_TEST_TMPDIR/rapport"
    printf '%s\n' '<!-- dit : GEN-01 -->' '<!-- documentaire : GEN-03 « man 7 socket » -->' > "$page"
    sed -i 's/\(GEN-04.*\)/\1\tle serveur/' "$DEPOT/tests/programme.tsv"
    faits
    verifier_egal '0 : 1 1 1 1 3' "$status : $(compte_tout)"
    verifier_contient "$output" $'Prouvé par un test, et dit nulle part :\n  GEN-02' 'GEN-04 (le serveur) le fait quatre'
    faits --manquants
    verifier_egal 'GEN-02 GEN-05 GEN-06 GEN-07' "$(cut -f 1 <<< "$output" | paste -sd ' ')"
    printf '%s\n' '<!-- dit : GEN-05 GEN-99 -->' '<!-- documentaire : GEN-01 « RFC 9293 » GEN-06 -->' > "$page"
    sed -i 's/\(GEN-02.*\)/\1\tle serveur/' "$DEPOT/tests/programme.tsv"
    faits --verifier
    verifier_egal 1 "$status"
    verifier_egal 5 "${#lines[@]}"
    verifier_contient "$output" 'cours.md:1 : GEN-05 : rien ne le prouve' 'cours.md:1 : fait inconnu : GEN-99' \
        'cours.md:2 : GEN-01 : documentaire, et prouvé' 'cours.md:2 : GEN-06 : où est-ce écrit ?' \
        'tests/programme.tsv : GEN-02 : attendu, et prouvé'
}

@test "deux tests du même nom ne prouvent rien : le rapport ne dit pas lequel a réussi" {
    : > "$page"
    printf '%s\n' '# preuve : GEN-01 « aa »' '@test "pareil" {' '    aa' '}' > "$DEPOT/tests/essai.bats"
    printf '%s\n' '@test "pareil" {' '    bb' '}' > "$DEPOT/tests/autre.bats"
    printf '%s\n' '# preuve : GEN-02 « cc »' '@test "@PROGRAMME@ : né deux fois" {' '    cc' '}' > "$DEPOT/tests/modeles/client.bats"
    printf '%s\n' '# preuve : GEN-03 « dd »' '@test "@PROGRAMME@ : né deux fois" {' '    dd' '}' > "$DEPOT/tests/modeles/serveur.bats"
    printf '%s\n' 1..2 'ok 1 pareil' 'ok 2 tcp/04-client : né deux fois' > "$BATS_TEST_TMPDIR/rapport"
    noter "$BATS_TEST_TMPDIR/rapport"
    [ ! -s "$DEPOT/build/preuves/tests" ]
}
noter() {   # RAPPORT
    mkdir "$BATS_TEST_TMPDIR/textes"
    (source "$DEPOT/scripts/chapitres.sh" && source "$DEPOT/tests/registre.sh" &&
        tests_deposer "$BATS_TEST_TMPDIR/textes" &&
        tests_joues "$BATS_TEST_TMPDIR/textes" < "$1" | registre_noter tests "$EPOCHREALTIME")
}

# bats test_tags=complet
@test "tests/lancer.sh tient le registre des tests : « ok » y entre, et rien d'autre" {
    cp -r "$RACINE"/tests/*.c "$RACINE/tests/sondes" "$DEPOT/tests"
    cp "$RACINE"/tests/modeles/*.bats "$DEPOT/tests/modeles"
    cp "$RACINE"/common/* "$DEPOT/common"
    cp "$RACINE"/{tcp,udp}/*.c "$DEPOT/tcp"
    printf '%s\n' '@test "bon" {' '    true' '}' '@test "raté" {' '    false' '}' '@test "sauté" {' '    skip' '}' \
        > "$DEPOT/tests/essai.bats"
    cd "$DEPOT" || return
    run env -i "PATH=${PATH//"$BATS_LIBEXEC:"/}" LC_ALL=C.UTF-8 SUITE_TESTS="$SUITE_TESTS" \
        tests/lancer.sh tests/essai.bats 3>&- 4>&-
    echo "$output"
    verifier_egal 1 "$status"
    verifier_egal tests/essai.bats:1 "$(cut -d ' ' -f 3 build/preuves/tests)"
}

# bats test_tags=complet
@test "tests/main.sh tient le registre de la personne : ce qu'elle n'a jamais raté" {
    exiger_outil tmux
    exiger_outil unshare
    deux_scenes
    sed -i 's/^\$ echo deux/$ getent ahosts localhost | grep -q ::1 \&\& echo deux/' "$page"
    cd "$DEPOT" && git init -q
    CI='' DELAI=2 PROGRAMMES=$DEPOT/ run "$DEPOT/tests/main.sh" --fois 1
    echo "$output"
    verifier_egal 1 "$status"
    verifier_egal cours.md:1 "$(cut -d ' ' -f 3 build/preuves/personne)"
}
