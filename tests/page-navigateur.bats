#!/usr/bin/env bats
# La page du cours dans un vrai navigateur, sans fenêtre ni réseau ; et le vérificateur, qui doit voir une faute.
# bats file_tags=complet

load aide

# Tout le cours, et deux schémas de plus devant la première scène, l'un à quatre voies ; un seul chapitre, de même, où
# les fautes se voient plus vite ; puis une petite page qui a de tout.
setup_file() {
    export LC_ALL=C.UTF-8
    command -v cmark-gfm > /dev/null || return 0
    local pages page rang=0 dossier=$BATS_FILE_TMPDIR
    mapfile -t pages < <(pages_du_cours)
    cd "$dossier" || return
    mkdir -p build/schemas
    for page in "${pages[@]}"; do
        mkdir -p "$(dirname "$page")"
        cp "$RACINE/$page" "$page"
        find "$RACINE/$(dirname "$page")" -maxdepth 1 -name '*.svg' -exec cp {} "$(dirname "$page")" \;   # ses images
    done
    for page in "$RACINE"/*/*.svg; do cp "$page" "${page#"$RACINE/"}"; done   # les images du cours
    for page in fork tcp; do
        rang=$((rang + 1))
        printf '%s\n' '<!-- schema : -->' '```text'
        "$RACINE/scripts/diagramme.sh" -l 80 -o build/schemas/cours-$rang.svg \
            --relire "$RACINE/tests/enregistrements/$page"
        printf '%s\n' '```' ''
    done > schema
    avec_schemas() { awk '/^(<!-- (besoin|preuve)|```console)/ && !vu++ { system("cat schema") } 1' "$1"; }
    avec_schemas "$RACINE/cours.md" > cours.md
    avec_schemas "$RACINE/local/cours.md" > chapitre.md
    { echo '# Petite page'; cat schema; printf '%s\n' '```console' '[serveur]' '$ nc -l -p 5000' '(attend)' '[client]' \
        '$ true' '[serveur]' '^C' '```'; } > petite.md
    for rang in 1 2; do for page in chapitre petite; do cp build/schemas/{cours,$page}-$rang.svg; done; done
    touch -d 'next minute' build/schemas/*   # plus récentes que leurs pages
    "$RACINE/scripts/page.sh" "${pages[@]}" > cours.html
    "$RACINE/scripts/page.sh" chapitre.md > chapitre.html
    "$RACINE/scripts/page.sh" petite.md > petite.html
}

setup() {
    exiger_outil cmark-gfm
    exiger_outil chromium
    exiger_outil python3
    page=$BATS_FILE_TMPDIR/cours.html
}

eprouver() {   # ÉPREUVE [PAGE]
    run timeout 300 "$RACINE/tests/navigateur.py" "${2:-$page}" "$1" 3>&- 4>&-
}
bonne() { eprouver "$@"; verifier_egal '0 ' "$status $output"; }   # ÉPREUVE [PAGE]

# Un chapitre, ou une autre page, changé ; le vérificateur le dit.
mauvaise() {   # ÉPREUVE SED ATTENDU [PAGE]
    local bonne=${4:-$BATS_FILE_TMPDIR/chapitre.html}
    sed "$2" "$bonne" > "$BATS_TEST_TMPDIR/fausse.html"
    ! cmp -s "$bonne" "$BATS_TEST_TMPDIR/fausse.html"
    eprouver "$1" "$BATS_TEST_TMPDIR/fausse.html"
    verifier_egal 1 "$status"
    verifier_contient "$output" "$3"
}

@test "à 380, 1280 et 1600 : rien ne déborde, rien n'est mort, rien n'est demandé, rien ne se plaint" {
    bonne largeurs
    mauvaise largeurs 's|<main |<img alt="" src="http://127.0.0.1:9/x.png"><main |' 'requête : http://127.0.0.1:9/'
    mauvaise largeurs 's|<main |<p style="width:999px"><a href="#nulle-part">x</a></p><main |' 'la page déborde'
    verifier_contient "$output" 'ancre morte : #nulle-part'
    mauvaise largeurs "s|^'use strict';|&setTimeout(() => { throw Error('oups'); });|" oups
}

@test "chaque scène, jouée jusqu'au bout, montre les étapes du lecteur" {
    bonne etapes
    mauvaise etapes '0,/class="saisie" data-t="client"/s//class="ligne" data-t="client"/' 'scène 1, étape 3' "$page"
}

@test "une scène se joue au clavier, de la première étape à la dernière, et en arrière" {
    bonne clavier
    mauvaise clavier "s/'ArrowLeft'/'Rien'/" 'flèche gauche'
}

@test "ce qui attend clignote à son étape, et pas pour qui ne veut rien voir bouger" {
    bonne attente
    mauvaise attente 's/ infinite; }/; }/; s/ animation: attendre/ x: attendre/' 'no-preference : 0,0,0'
    mauvaise attente 's/^@media (prefers-reduced-motion.*//' 'reduce : 0,1,0'
    mauvaise attente 's/^\.joue \.volet div:not(.*> \.attend/.attend/' 'no-preference : 1,1,1'
}

@test "un schéma est replié contre sa scène, se lit à 380 px, suit le thème, et s'imprime une fois" {
    bonne schema
    mauvaise schema 's/min-width: max([^;]*;//' 'trop petit'
    mauvaise schema "s/, \.image')/')/" 'ne défile pas au clavier'
    mauvaise schema 's/fill: var(--texte);//; s/stroke: var(--gris);/stroke: #777;/' '> text ne suit pas le thème'
    verifier_contient "$output" '.v ne suit pas le thème'
    mauvaise schema 's/^  details::details-content.*//' 'absent du papier'
    mauvaise schema 's/^  \.echange details .*//' 'deux fois sur le papier'
    mauvaise schema 's/<details class="echange">/<details class="echange" open>/' 'déplié trop tôt'
}

@test "la recherche trouve, dit combien, mène à la première section" {
    bonne recherche
    mauvaise recherche "s/\.normalize('NFKD')//" 'la recherche dit'
}

@test "un texte se lit, un bouton se nomme, dans les deux thèmes" {
    bonne accessible
    mauvaise accessible 's/--gris: #57606a/--gris: #a7b0ba/' contraste
    mauvaise accessible 's/<label for="cherche">/<label>/' 'sans étiquette'
}

@test "axe-core ne trouve ni faute grave, ni faute critique" {
    [ -e "$RACINE/build/axe.min.js" ] || manque "axe-core n'est pas là (tests/axe.sh l'apporte)"
    bonne structure
    local petite=$BATS_FILE_TMPDIR/petite.html
    bonne axe "$petite"
    mauvaise structure 's/ aria-label="Thème clair ou sombre">◐/>/' button-name "$petite"
    mauvaise axe 's/--gris: #57606a/--gris: #a7b0ba/' 'axe, 380 px, clair : color-contrast' "$petite"
    mauvaise axe 's/--t-gris: #aab4c2/--t-gris: #445566/' 'axe, 1280 px, sombre : color-contrast' "$petite"
    mauvaise axe 's/ aria-label="Thème clair ou sombre">◐/>/' 'axe, 1600 px, clair : button-name' "$petite"
}

@test "sans JavaScript, tout se lit" {
    bonne sans-js
    mauvaise sans-js 's/^html:not(.js) :is(header, search).*//' 'boutons sans effet'
}

@test "imprimée : un PDF entier, réponses dépliées, sans boutons" {
    bonne impression
    mauvaise impression "s/addEventListener('beforeprint'/addEventListener('rien'/" 'pliées'
    mauvaise impression 's/^  header, nav, .saut, .commandes, .copier {.*//' 'sur le papier'
}
