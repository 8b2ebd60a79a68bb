#!/usr/bin/env bats
# La page du cours dans un vrai navigateur, sans fenêtre ni réseau ; et le vérificateur, qui doit voir une faute.
# bats file_tags=complet

load aide

setup_file() {
    export LC_ALL=C.UTF-8
    ! command -v cmark-gfm > /dev/null || "$RACINE/scripts/page.sh" > "$BATS_FILE_TMPDIR/cours.html"
}

setup() {
    exiger_outil cmark-gfm
    exiger_outil chromium
    exiger_outil python3
    page=$BATS_FILE_TMPDIR/cours.html
}

eprouver() {   # ÉPREUVE [PAGE]
    run timeout 100 "$RACINE/tests/navigateur.py" "${2:-$page}" "$1" 3>&- 4>&-
}
bonne() { eprouver "$1"; verifier_egal '0 ' "$status $output"; }   # ÉPREUVE

# La même page, changée ; le vérificateur le dit.
mauvaise() {   # ÉPREUVE SED ATTENDU
    sed "$2" "$page" > "$BATS_TEST_TMPDIR/fausse.html"
    ! cmp -s "$page" "$BATS_TEST_TMPDIR/fausse.html"
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
    mauvaise etapes '0,/class="saisie" data-t="client"/s//class="ligne" data-t="client"/' 'scène 1, étape 3'
}

@test "une scène se joue au clavier, de la première étape à la dernière, et en arrière" {
    bonne clavier
    mauvaise clavier "s/'ArrowLeft'/'Rien'/" 'flèche gauche'
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

@test "sans JavaScript, tout se lit" {
    bonne sans-js
    mauvaise sans-js 's/^html:not(.js) :is(header, search).*//' 'boutons sans effet'
}

@test "imprimée : un PDF entier, réponses dépliées, sans boutons" {
    bonne impression
    mauvaise impression "s/addEventListener('beforeprint'/addEventListener('rien'/" 'pliées'
    mauvaise impression 's/^  header, nav, .saut, .commandes, .copier {.*//' 'sur le papier'
}
