#!/usr/bin/env bats
# make ne refait que ce qu'il faut, et n'efface que ce qu'il a fait. Que chaque chapitre se compile
# seul est dans tests/modeles/chapitre.bats.
# bats file_tags=outils

setup_file() {
    load aide
    # Une copie du dépôt, compilée : les tests de make y travaillent sans rien toucher.
    COPIE=$BATS_FILE_TMPDIR/depot
    export COPIE
    mkdir "$COPIE"
    copier_les_sources "$COPIE"
    fabriquer "$COPIE" -j2 >&2
}

setup() { load aide; }

# Les sources du dépôt, sans rien de compilé.
copier_les_sources() {   # DOSSIER
    cp -r "$RACINE"/{Makefile,common,scripts} "$1"
    local dossier
    for dossier in "${dossiers[@]}"; do
        [ ! -d "$RACINE/$dossier" ] || cp -r "$RACINE/$dossier" "$1"
    done
    find "${dossiers[@]/#/$1/}" -name '[0-9]*' ! -name '*.*' -delete 2>/dev/null || true
}

# make, comme tapé par quelqu'un : sans rien savoir du make qui lance les tests.
fabriquer() {   # DOSSIER [ARGUMENT...]
    env -u CC -u CFLAGS -u SAN -u LDFLAGS -u PROGRAMMES -u MAKEFLAGS -u MAKELEVEL -u MFLAGS \
        make --no-print-directory -C "$1" "${@:2}"
}

# Les fichiers C de cette copie, ou les dossiers des programmes, tels quels.
sources() { (cd "$1" && find "${dossiers[@]}" common -name '*.[ch]' 2>/dev/null | sort); }   # DOSSIER
empreinte() { (cd "$1" && find "${dossiers[@]}" -type f -exec cksum {} + 2>/dev/null | sort); }

# Une copie à soi, datée d'il y a un moment ; remplit DEPOT.
copier_le_depot() {
    DEPOT=$BATS_TEST_TMPDIR/depot
    cp -a "$COPIE" "$DEPOT"
    # rien à refaire au départ
    verifier_egal 0 "$(fabriquer "$DEPOT" | grep -c '^  cc ' || true)"
}

# bats test_tags=complet
@test "common/ se compile sans avertissement, avec gcc, clang, musl-gcc et en C11 strict" {
    local alertes=(-O2 -Wall -Wextra -Wpedantic -Werror) source compilateur
    cd "$RACINE" || return
    for source in common/*.c; do
        for compilateur in gcc clang musl-gcc; do
            exiger_outil "$compilateur"
            "$compilateur" -std=gnu11 "${alertes[@]}" -Wshadow -Wconversion -c "$source" -o /dev/null
        done
        cc -std=c11 -D_XOPEN_SOURCE=700 "${alertes[@]}" -c "$source" -o /dev/null
    done
}

@test "common/ tient en 1710 lignes" {
    [ "$(cat "$RACINE"/common/*.[ch] | wc -l)" -le 1710 ]
}

# --- make

@test "toucher un chapitre ne refait que ce chapitre" {
    copier_le_depot
    touch "$DEPOT/tcp/04-client.c"
    verifier_egal '  cc  tcp/04-client.c' "$(fabriquer "$DEPOT")"
}

# bats test_tags=complet
@test "toucher un en-tête ne refait que ce qui l'inclut" {
    copier_le_depot
    touch "$DEPOT/common/dialogue.h"
    verifier_egal "$(cd "$DEPOT" && sources . | grep '\.c$' | xargs grep -l 'dialogue\.h"')" \
        "$(fabriquer "$DEPOT" | sed -n 's/^  cc  //p' | sort)"
}

@test "poser un fichier suffit à ajouter un chapitre" {
    copier_le_depot
    cp "$DEPOT/tcp/01-socket.c" "$DEPOT/tcp/99-essai.c"
    verifier_egal '  cc  tcp/99-essai.c' "$(fabriquer "$DEPOT")"
    "$DEPOT/tcp/99-essai" >/dev/null
}

# bats test_tags=complet
@test "une variante va dans build/, et ne touche pas aux exécutables ordinaires" {
    copier_le_depot
    mkdir "$BATS_TEST_TMPDIR/bin"
    ln -s "$(command -v cc)" "$BATS_TEST_TMPDIR/bin/autre-cc"
    local avant
    avant=$(empreinte "$DEPOT")
    PATH=$BATS_TEST_TMPDIR/bin:$PATH fabriquer "$DEPOT" CC=autre-cc build/autre-cc/tcp/01-socket
    [ -x "$DEPOT/build/autre-cc/tcp/01-socket" ]
    verifier_egal "$avant" "$(empreinte "$DEPOT")"
    # et revenir à l'ordinaire ne refait rien
    verifier_egal 0 "$(fabriquer "$DEPOT" | grep -c '^  cc ' || true)"
}

@test "make clean efface tout ce que make a produit, et rien d'autre" {
    copier_le_depot
    fabriquer "$DEPOT" compile_commands.json
    fabriquer "$DEPOT" clean >/dev/null
    verifier_egal '' "$(cd "$DEPOT" &&
        find . -path ./scripts -prune -o -type f ! -name '*.[ch]' ! -name '*.java' ! -name Makefile ! -name '*.md' ! -path './tcp/banc.*' -print)"
    verifier_egal "$(sources "$COPIE")" "$(sources "$DEPOT")"
}

@test "make crée essais/, make clean en ôte ce que les scènes y ont fait, par leur nom, et rien d'autre" {
    copier_le_depot
    local essais=$DEPOT/essais fichier
    [ -d "$essais" ]
    # une page, et ce que ses scènes font
    printf '%s\n' '```console' '$ cc tcp/04-client.c common/*.c -o essais/client' '$ essais/client > essais/journal' \
        '$ (echo un; echo deux) 2>essais/erreurs' '$ nc -l -U essais/prise' '$ scripts/copier.sh essais/recu' \
        '$ cc essais/mien.c -o essais/mien' '$ cat essais/notes.txt' '$ scripts/sans.sh tcp/04-client-nu.c envoi | head -n 1' \
        '$ cc essais/sans-envoi.c -o essais/sans-envoi' '```' >"$DEPOT/cours.md"
    rm -f "$DEPOT"/*/{cours,memento}.md
    for fichier in client journal erreurs recu mien sans-envoi sans-envoi.c; do echo fait >"$essais/$fichier"; done
    mkfifo "$essais/prise"
    # ce que la personne a écrit
    for fichier in client.c serveur.c mien.c notes.txt monserveur journal.old sans-souci.c; do echo à moi >"$essais/$fichier"; done
    mkdir "$essais/sans-fin"
    verifier_egal 8 "$("$DEPOT/scripts/menage.sh" -n | wc -l)"
    [ -e "$essais/journal" ]
    fabriquer "$DEPOT" clean >/dev/null
    verifier_egal 'client.c journal.old mien.c monserveur notes.txt sans-fin sans-souci.c serveur.c' \
        "$(cd "$essais" && find . -mindepth 1 -printf '%f\n' | sort | paste -sd ' ')"
    rm -r "$essais"
    fabriquer "$DEPOT" clean >/dev/null
}

@test "make aide nomme chaque cible de .PHONY" {
    local cible
    lancer make --no-print-directory -C "$COPIE" aide
    verifier_code 0
    while read -r cible; do
        grep -E "make $cible( |\))" <<<"$output"
    done < <(sed -n "s/^\.PHONY: //p" "$RACINE/Makefile" | tr " " "\n")
}

@test "compile_commands.json est un JSON bien formé, et ses commandes compilent" {
    copier_le_depot
    fabriquer "$DEPOT" compile_commands.json
    local json=$DEPOT/compile_commands.json champ='"[^"\\]*"' entree
    entree="\\{\"directory\": $champ, \"file\": $champ, \"command\": $champ\\}"
    tr -d '\n' <"$json" | grep -qxE "\\[($entree,)*$entree\\]"
    verifier_egal "$(sources "$DEPOT" | grep '\.c$')" \
        "$(grep -o '"file": "[^"]*' "$json" | cut -d'"' -f4 | sort)"
    local commande
    commande=$(grep -o '"command": "[^"]*' "$json" | head -n 1 | cut -d'"' -f4)
    (cd "$DEPOT" && eval "$commande -o /dev/null")
}
