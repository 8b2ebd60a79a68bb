#!/usr/bin/env bats
# Les pages du cours, comme on les lit : leurs liens, leur navigation, la largeur et la hauteur de leurs scènes.
# bats file_tags=outils

load aide

setup() {
    export LC_ALL=C.UTF-8
    cd "$RACINE" || return
    mapfile -t pages < <(pages_du_cours)
}

teardown() {   # le projecteur s'en va, sur SIGHUP
    [ ! -S "$BATS_TEST_TMPDIR/t" ] || tmux -S "$BATS_TEST_TMPDIR/t" kill-server 2>/dev/null || true
}

# Une page, sans ses blocs de code.
prose() { awk '/^ *```/ { dans = !dans; next } !dans' "$1"; }   # PAGE

# Écrit les ancres de cette page, comme les fait une forge : minuscules, sans ponctuation, espaces en tirets ; la
# seconde du même nom finit par -1.
ancres() {   # PAGE
    local ancre
    prose "$1" | sed -n 's/^#\{1,6\} //p' | sed 's/[^[:alnum:] _-]//g' | tr ' ' '-' | while read -r ancre; do
        echo "${ancre,,}"
    done | awk '{ print vue[$0]++ ? $0 "-" vue[$0] - 1 : $0 }'
}

# Écrit où mène chaque lien de cette page, vu de la racine : « tcp/cours.md#bind ».
liens() {   # PAGE
    prose "$1" | sed 's/`[^`]*`//g' | grep -oE '\]\([^)]+\)' | sed 's/^](//; s/)$//; /^http/d' |
        awk -v page="$1" '
            /^#/ { print page $0; next }
            { dossier = page; sub(/[^\/]*$/, "", dossier) }
            sub(/^\.\.\//, "") { dossier = "" }
            { print dossier $0 }'
}

@test "aucun lien n'est mort : ni fichier, ni titre qui manque" {
    local page
    for page in "${pages[@]}" README.md; do
        liens "$page" | sed "s|^|$page : |"
        ancres "$page" | sed "s|^|$page#|" >>"$BATS_TEST_TMPDIR/cibles"
    done >"$BATS_TEST_TMPDIR/liens"
    [ -s "$BATS_TEST_TMPDIR/liens" ]
    # un fichier, ou un titre d'une page
    find . -name .git -prune -o -print | sed 's|^\./||' >>"$BATS_TEST_TMPDIR/cibles"
    verifier_egal '' "$(awk 'NR == FNR { cible[$0] = 1; next } { lien = $0; sub(/^[^ ]* : /, "", lien); sub(/\/$/, "", lien) }
        !(lien in cible)' "$BATS_TEST_TMPDIR/cibles" "$BATS_TEST_TMPDIR/liens")"
}

@test "chaque page a sa navigation, en haut et en bas, la même, et cours.md mène à toutes" {
    local page haut bas
    for page in "${pages[@]}"; do
        echo "$page :"
        haut=$(prose "$page" | sed -n '2,6{/^.*\(\[← \|→\](\)/p}')
        bas=$(prose "$page" | sed '/^$/d' | tail -n 1)
        [ "$haut" ]
        verifier_egal "$haut" "$bas"
        [ "$page" = cours.md ] || liens cours.md | grep -q "^$page"
    done
}

# Plus larges, parce que l'écran les montre ainsi : ce que tcp/01-socket dit de chaque refus, l'appel entier,
# l'erreur et son symbole.
@test "aucune ligne d'une scène ne passe 80 colonnes" {
    run env LC_ALL=C awk '
        /^```/ { dans = /^```console/; next }
        dans && !/^socket\(.*\) : / {
            texte = $0
            gsub(/[\200-\277]/, "", texte)   # un caractère, pas ses octets
            if (length(texte) > 80) print FILENAME ":" FNR ", " length(texte) " colonnes : " $0
        }' "${pages[@]}"
    verifier_egal '0 ' "$status $output"
}

# Écrit, pour chaque scène, combien elle a de terminaux, son numéro, où elle est.
terminaux_des_scenes() {
    scripts/scenes.sh | awk -F '\t' '$1 && $5 ~ /^(commande|ligne)$/ {
        if (!($1 in lieu)) lieu[$1] = $3
        if (!(($1, $4) in vu)) { vu[$1, $4] = 1; nombre[$1]++ }
    } END { for (scene in lieu) print nombre[scene], scene, lieu[scene] }' | sort -rn
}

# Écrit les blocs C qui viennent de ce fichier, bout à bout, à partir de celui qui en montre la première ligne.
blocs_de() {   # tcp/04-client-nu.c
    awk -v entete="/* $1 */" -v premiere="$(head -n 1 "$1")" '
        /^```c$/ { getline; dans = ($0 == entete); tete = 1; next }
        /^```/ { dans = 0 }
        dans && tete { tete = 0; if ($0 == premiere) commence = 1 }
        dans && commence' "${pages[@]}"
}

@test "les blocs d'un programme nu, tapés dans l'ordre de la page, redonnent tout le fichier" {
    local chapitre vus=0
    for chapitre in $(chapitres); do
        est_nu "$chapitre" || continue
        vus=$((vus + 1))
        diff <(grep . "$chapitre.c") <(blocs_de "$chapitre.c" | grep . | head -n "$(grep -c . "$chapitre.c")")
    done
    [ $vus -ge 4 ]
}

@test "une scène a quatre terminaux au plus" {
    verifier_egal '' "$(terminaux_des_scenes | awk '$1 > 4')"
}

@test "ce que le ménage efface n'est jamais ce qu'une page demande d'écrire" {
    local faits=$BATS_TEST_TMPDIR/faits
    # ce que l'on tape soi-même, « cc essais/client.c », hors des copies de sans.sh
    prose_et_scenes() { grep -ohE 'cc essais/[A-Za-z0-9._-]+\.c' "${pages[@]}" | grep -v '/sans-' | cut -d ' ' -f 2; }
    scripts/menage.sh --liste >"$faits"
    [ -s "$faits" ]
    run ! grep -xFf <(prose_et_scenes) "$faits"
}

# bats test_tags=complet
@test "au projecteur, dans 100 × 30, la scène la plus peuplée laisse six lignes à chaque terminal" {
    exiger_espace
    exiger_outil tmux
    local nombre scene hauteurs=$BATS_TEST_TMPDIR/hauteurs
    read -r nombre scene _ < <(terminaux_des_scenes)
    mkdir "$BATS_TEST_TMPDIR/p"
    TMPDIR=$BATS_TEST_TMPDIR/p tmux -u -S "$BATS_TEST_TMPDIR/t" -f /dev/null new-session -d -x 100 -y 30 \
        "'$RACINE/scripts/espace.sh' '$RACINE/scripts/scene.sh' $scene; echo code \$?; exec cat" 3>&- 4>&-
    attendre 10 on_voit 'Entrée : la suite' || { tmux -S "$BATS_TEST_TMPDIR/t" capture-pane -p; return 1; }
    tmux -S "$BATS_TEST_TMPDIR"/p/tmp.*/tmux list-panes -a -F '#{pane_height} #{@nom}' | grep ' .' >"$hauteurs"
    cat "$hauteurs"
    [ "$(wc -l <"$hauteurs")" -eq "$nombre" ]
    tmux -S "$BATS_TEST_TMPDIR/t" send-keys q
    attendre 10 on_voit 'code 0'
    verifier_egal '' "$(awk '$1 < 6' "$hauteurs")"
}
on_voit() { tmux -S "$BATS_TEST_TMPDIR/t" capture-pane -p | grep -qF -- "$1"; }
