#!/usr/bin/env bats
# Une scène se dessine, une colonne par terminal ; et les schémas du cours sont ceux de leurs scènes.
# bats file_tags=outils

load aide
load depot

setup() {
    export COURS=$BATS_TEST_TMPDIR/essai.md TMPDIR=$BATS_TEST_TMPDIR/passage DELAI=3
    mkdir "$TMPDIR"
    ENREGISTREMENTS=$RACINE/tests/enregistrements
    DESSIN=${PROGRAMMES}outils/dessin
    [ "$PROGRAMMES" != "$RACINE/" ] || DESSIN=$RACINE/build/outils/dessin
}

dessiner() { run --separate-stderr "$RACINE/scripts/diagramme.sh" "$@" 3>&- 4>&-; }

rien_ne_reste() {
    [ -z "$(ls -A "$TMPDIR")" ] || { find "$TMPDIR"; return 1; }
    run ! pgrep -f "$TMPDIR"
}

# ─── diagramme.sh --scene ───

# bats test_tags=complet
@test "une scène se dessine : une colonne par terminal qui parle au réseau, et rien ne reste" {
    exiger_outil strace
    exiger_espace
    cat > "$COURS" <<'FIN'
### Se parler

```console
[serveur]
$ nc -l -p 5000

[observateur]
$ echo rien > essais/rien

[client]
$ ls tcp/04-client-nu.c
tcp/04-client-nu.c
$ tcp/04-client-nu

[serveur]
Bonjour
> ok

[client]
ok
```
FIN
    dessiner --scene 'se parler' -o "$TMPDIR/s.svg"
    echo "$output$stderr"
    verifier_code 0
    [[ ${lines[0]} == *client\ ┬*┬\ serveur ]]
    verifier_contient "$output" 'connect(3, 127.0.0.1:5000)' 'SYN-SENT' 'write(4, « ok\n ») = 3' '= 3 « ok\n »' 'TIME-WAIT'
    verifier_contient "$(< "$TMPDIR/s.svg")" '</svg>'
    rm "$TMPDIR/s.svg"
    unset SHELL   # sans elle, bash demande à nscd qui il est : l'observateur n'en parle pas plus au réseau
    dessiner --scene 1 --garder "$TMPDIR/garde"
    verifier_code 0
    verifier_egal '1-serveur.trace 3-client.trace comptes paquets ss' "$(find "$TMPDIR/garde" -mindepth 1 -printf '%f\n' | sort | paste -sd ' ')"
    verifier_egal "$output" "$("$RACINE/scripts/diagramme.sh" --relire "$TMPDIR/garde")"
    rm -r "$TMPDIR/garde"
    rien_ne_reste
}

# Écrit une scène : à chaque terminal, sa commande.
une_scene() {   # TERMINAL COMMANDE…
    echo '```console'
    while [ $# -gt 0 ]; do
        printf '[%s]\n$ %s\n' "$1" "$2"
        shift 2
    done
    echo '```'
}

# bats test_tags=complet
@test "le shell d'abord, ses commandes ensuite, même quand les numéros de processus repartent de zéro" {
    exiger_outil strace
    exiger_espace
    une_scene serveur 'nc -l -p 5000' client 'exec 3<> /dev/tcp/127.0.0.1/5000' client '(echo un) >&3' \
        serveur 'exec 3>&-' | sed 's/^\$ exec 3>&-$/un\n\n[client]\n&/' > "$COURS"
    dessiner --scene 1 --garder "$TMPDIR/garde"
    echo "$output$stderr"
    verifier_code 0
    verifier_contient "$output" '.1 write(1, « un\n ») = 3'
    local avant pid n=1
    avant=$("$DESSIN" -c "$TMPDIR/garde")
    while read -r pid; do
        sed -i "s/^$pid /$((n += 2)) /" "$TMPDIR/garde/2-client.trace"
    done < <(awk 'NR == 1 { vu[$1] = 1 } !vu[$1]++ { print $1 }' "$TMPDIR/garde/2-client.trace")
    [ $n -gt 1 ]
    verifier_egal "$avant" "$("$DESSIN" -c "$TMPDIR/garde")"
    rm -r "$TMPDIR/garde"
}

# bats test_tags=complet
@test "ce qui ne se dessine pas est refusé, et l'on dit pourquoi" {
    exiger_outil strace
    {
        printf '### Une leçon\n'
        une_scene a true
        une_scene a 'strace true'
        printf '### Une autre leçon\n'
        une_scene a true b true c true d true e true
        printf '<!-- besoin : nul-ne-la -->\n'
        une_scene a true
    } > "$COURS"
    local demande attendu
    while IFS='|' read -r demande attendu; do
        echo "« $demande »"
        dessiner --scene "$demande"
        verifier_egal "${attendu%% *}" "$status"
        verifier_contient "$stderr" "${attendu#* }"
    done <<'FIN'
rien|2 aucune scène « rien »
5|2 aucune scène « 5 »
UNE LEÇON|2 plusieurs scènes, de numéros 1, 2
2|2 elle trace déjà
3|2 5 terminaux, quatre au plus
4|1 il manque nul-ne-la
1|1 ne parle pas au réseau
FIN
    dessiner --scene 1 tcp/04-client
    verifier_code 2
    dessiner --scene
    verifier_code 2
    rien_ne_reste
}

# bats test_tags=complet
@test "une scène qui ne se joue pas comme la page est dite, avant le dessin" {
    exiger_outil strace
    exiger_espace
    { echo '```console'; echo '$ tcp/04-client-nu'; echo 'tout va bien'; echo '```'; } > "$COURS"
    dessiner --scene 1
    echo "$output$stderr"
    verifier_code 1
    [[ ${lines[0]} == 'manque : une scène jouée comme la page : '*:3' : la sortie a changé'* ]]
    verifier_contient "$output" 'attendu : tout va bien' 'ECONNREFUSED'
    rien_ne_reste
}

# bats test_tags=complet
@test "interrompu au milieu d'une scène, il ne laisse ni processus ni fichier" {
    exiger_outil strace
    exiger_espace
    { une_scene serveur 'nc -l -p 5000' | sed '$d'; printf 'jamais\n```\n'; } > "$COURS"
    local signal pid code
    for signal in TERM HUP; do
        DELAI=100 "$RACINE/scripts/diagramme.sh" --scene 1 > /dev/null 2>&1 3>&- 4>&- &
        pid=$!
        attendre 10 eval 'grep -qs "listen(" "$TMPDIR"/*/1-serveur.trace'
        kill -"$signal" "$pid"
        code=0
        wait "$pid" || code=$?
        verifier_egal $((128 + $(kill -l "$signal"))) "$code"
        rien_ne_reste
    done
}

# ─── Les schémas du cours ───

schemas() { run --separate-stderr "$RACINE/tests/schemas.sh" "$@" 3>&- 4>&-; }

@test "les schémas des pages sont bien écrits, et aucun dessin d'échange n'est fait à la main sans sa raison" {
    schemas --forme
    echo "$output"
    verifier_code 0
    [[ $output =~ ^schémas\ :\ [1-9] ]]
}

# Une page : un schéma devant une scène.
une_page() {   # COMMENTAIRE DESSIN
    printf '%s\n\n```text\n%s\n```\n\n' "$1" "$2"
    une_scene client tcp/04-client-nu | sed 's/^```$/connect: Connection refused\n```/'
}

# bats test_tags=complet
@test "un schéma mal écrit, ou un échange dessiné sans rien dire, est refusé à sa ligne" {
    local fleches commentaire attendu
    fleches=$(printf '│ ──► │\n│ ◄── │')
    une_page '<!-- schema : --sans-ack --tout -->' "$fleches" > "$COURS"
    schemas --forme "$COURS"
    verifier_code 0
    une_page '<!-- schema à la main : trois machines -->' "$fleches" > "$COURS"
    schemas --forme "$COURS"
    verifier_code 0
    while IFS='|' read -r commentaire attendu; do
        echo "« $commentaire »"
        une_page "$commentaire" "$fleches" > "$COURS"
        schemas --forme "$COURS"
        verifier_code 1
        verifier_contient "$output" "$COURS:$attendu"
    done <<'FIN'
<!-- rien -->|3 : des flèches
<!-- schema à la main : -->|1 : schéma mal écrit
<!-- schema -->|1 : schéma mal écrit
<!-- schema : --relire -->|1 : options de schéma
<!-- schema : serveur -->|1 : schéma mal écrit
FIN
    une_page '<!-- schema : -->' "$(printf '│%079d│' 0)" > "$COURS"
    schemas --forme "$COURS"
    verifier_contient "$output" "$COURS:4 : plus de 80 colonnes"
    une_page '<!-- schema : -->' rien | sed 's/^```console/Des mots.\n&/' > "$COURS"
    schemas --forme "$COURS"
    verifier_contient "$output" "$COURS:1 : sans sa scène juste après"
    une_page '<!-- schema : -->' rien | sed '/^```text/,/^```$/d' > "$COURS"
    schemas --forme "$COURS"
    verifier_contient "$output" "$COURS:1 : sans son dessin"
}

# Le dessin d'un enregistrement, à abîmer : dans « garde » ; et ses causes.
redessiner() {   # ENREGISTREMENT
    garde=$BATS_TEST_TMPDIR/garde
    "$DESSIN" -l 80 "$ENREGISTREMENTS/$1" > "$BATS_TEST_TMPDIR/neuf"
    "$DESSIN" -c "$ENREGISTREMENTS/$1" > "$BATS_TEST_TMPDIR/causes"
    cp "$BATS_TEST_TMPDIR/neuf" "$garde"
}
comparer_les_dessins() {
    LC_ALL=C awk -v CAUSES="$BATS_TEST_TMPDIR/causes" -f "$RACINE/tests/schemas.awk" "$garde" "$BATS_TEST_TMPDIR/neuf"
}
numero() { grep -nFm1 -- "$1" "$garde" | cut -d: -f1; }   # TEXTE
echanger() {   # TEXTE AUTRE_TEXTE      ces deux lignes, l'une à la place de l'autre
    local a b
    a=$(numero "$1") b=$(numero "$2")
    awk -v a="$a" -v b="$b" '{ l[NR] = $0 } END { for (i = 1; i <= NR; i++) print l[i == a ? b : i == b ? a : i] }' \
        "$garde" > "$garde.autre"
    mv "$garde.autre" "$garde"
}
refuse() { run comparer_les_dessins; echo "$output"; [ "$status" -eq 1 ] && verifier_contient "$output" "$1"; }   # TEXTE

# bats test_tags=complet
@test "un dessin se ressemble ; une ligne ôtée, quelle qu'elle soit, se voit" {
    local nom ligne
    for nom in "$ENREGISTREMENTS"/*; do
        redessiner "${nom##*/}"
        comparer_les_dessins
        for ((ligne = $(wc -l < "$garde"); ligne > 0; ligne--)); do
            # une pause, un poll, un accusé seul (hors de la poignée de main), le « … » d'une attente ne comptent pas
            ! sed -n "${ligne}p" "$garde" | grep -v ESTABLISHED | grep -qE '─ ACK ─|↺ ACK( |$)| s · ·|poll\(.*…|└ = 1 POLL|^(│|┊| )*…(│|┊| )*$' || continue
            sed "${ligne}d" "$BATS_TEST_TMPDIR/neuf" > "$garde"
            run comparer_les_dessins
            [ "$status" -eq 1 ] || { echo "$nom, ligne $ligne"; return 1; }
            cp "$BATS_TEST_TMPDIR/neuf" "$garde"
        done
    done
}

# bats test_tags=complet
@test "un schéma altéré est refusé : lignes échangées contre une cause, flèche retournée, appel, octets, état changés" {
    redessiner tcp
    echanger 'connect(3, 127.0.0.1:5000)' ' SYN ─'
    refuse '« SYN » vient de « connect(3, 127.0.0.1:5000) », qui est plus bas'
    redessiner tcp
    echanger 'SYN ACK' '└ = 0 '
    refuse '« connect(3, 127.0.0.1:5000) » vient de « SYN ACK », qui est plus bas'
    redessiner tcp
    echanger 'send(4, « ok' '3 o. « ok'
    refuse 'qui est plus bas'
    redessiner tcp
    echanger 'send(3, ' 'recv(3)'
    refuse 'et c'"'"'est'
    local avant apres
    while IFS='|' read -r avant apres; do
        redessiner tcp
        sed -i "s/$avant/$apres/" "$garde"
        run ! cmp -s "$garde" "$BATS_TEST_TMPDIR/neuf"
        refuse ''
    done <<'FIN'
──────── SYN ─────────►| ◄────── SYN ──────────
send(3, |sendto(3, 
« ok|« oh
shutdown(4, SHUT_WR)|shutdown(4, SHUT_RD)
accept(3) …|accept(3) = -1 EINTR
CLOSE-WAIT|LAST-ACK
SYN-SENT|        
4 ← 127.0.0.1|4 ← 127.0.0.2
= 8 «|= 7 «
FIN
}

# bats test_tags=complet
@test "un autre entrelacement légitime est accepté, un autre port éphémère et une autre pause aussi" {
    redessiner tcp
    echanger 'socket(INET, STREAM) = 3   │' 'accept(3) …'   # le client d'abord
    sed -i 's/← 127.0.0.1:[0-9]*/← 127.0.0.1:32999/' "$garde"
    run ! cmp -s "$garde" "$BATS_TEST_TMPDIR/neuf"
    comparer_les_dessins
    redessiner udp-refus
    sed -i 's/· · 0,[0-9]* s · ·/· · 1,99 s · ·/' "$garde"
    run ! cmp -s "$garde" "$BATS_TEST_TMPDIR/neuf"
    comparer_les_dessins
}

# bats test_tags=complet
@test "un schéma se refait, s'écrit, se dessine en SVG ; ce qui diffère est dit à sa ligne, et rien ne reste" {
    exiger_outil strace
    exiger_espace
    une_page '<!-- schema : -->' 'à dessiner' > "$COURS"
    schemas "$COURS"
    verifier_code 1
    verifier_contient "$output" "$COURS:4 : les voies : client (personne)" 'il manque « connect(3, 127.0.0.1:5000) = -1 ECONNREFUSED »'
    schemas --ecrire "$COURS"
    verifier_code 0
    verifier_contient "@$COURS" '◄━━━━━━ RST ACK ━━━━━━━' '<!-- schema : -->' 'connect: Connection refused'
    cp "$COURS" "$BATS_TEST_TMPDIR/bon.md"
    schemas --ecrire --svg "$BATS_TEST_TMPDIR/svg" "$COURS"
    verifier_code 0
    cmp "$COURS" "$BATS_TEST_TMPDIR/bon.md"   # rien à recopier
    verifier_contient "$(< "$(ls "$BATS_TEST_TMPDIR"/svg/*essai-1.svg)")" '>RST ACK<' '</svg>'
    une_page '<!-- schema : -->' '' | sed '4d' > "$COURS"
    schemas "$COURS"
    verifier_code 1
    verifier_contient "$output" "$COURS:3 : il manque « SYN »"
    cp "$BATS_TEST_TMPDIR/bon.md" "$COURS"
    sed -i 's/RST ACK ━/FIN ACK ━/' "$COURS"
    schemas "$COURS"
    verifier_code 1
    verifier_contient "$output" "$COURS:8 : « FIN ACK », et c'est « RST ACK »"
    sed -i 's/^connect: .*/autre chose/' "$COURS"
    schemas "$COURS"
    verifier_code 1
    verifier_contient "$output" "$COURS:3 : sa scène ne se dessine pas"
    rien_ne_reste
}

# bats test_tags=complet
@test "les schémas du cours sont ceux de leurs scènes" {
    exiger_outil strace
    exiger_espace
    DELAI=20 schemas
    echo "$output$stderr"
    verifier_code 0
    rien_ne_reste
}
