#!/usr/bin/env bats
# La page du cours, telle que scripts/page.sh l'écrit : construction, liens, étapes. Ce qu'un navigateur en
# fait est dans tests/page-navigateur.bats.
# bats file_tags=outils

load aide
load depot

setup() {
    export LC_ALL=C.UTF-8
    cd "$RACINE" || return
}

exiger_cmark() { exiger_outil cmark-gfm; }

# Une fois pour tout le fichier : la page entière.
page_entiere() {
    exiger_cmark
    page=$BATS_FILE_TMPDIR/cours.html
    [ -e "$page" ] || scripts/page.sh > "$page"
}

# Un cours d'essai, de trois fichiers, et sa page.
page_d_essai() {
    exiger_cmark
    cd "$BATS_TEST_TMPDIR" || return
    mkdir -p tcp
    printf '%s\n' '# Le cours' '[la file](tcp/cours.md#la-file), [elle](tcp/memento.md), [bas](#être-là)' '' \
        '## Être là' > cours.md
    printf '%s\n' '# TCP' '[haut](../cours.md#%C3%AAtre-l%C3%A0), [ici](#la-file), [source](01-socket.c)' '' \
        '## La file' '' '## La file' > tcp/cours.md
    printf '%s\n' '# Mémento' '[cours](cours.md)' '' '## La file' '' '[x](https://example.org/a.md#b)' > tcp/memento.md
    page=$BATS_TEST_TMPDIR/essai.html
    "$RACINE/scripts/page.sh" cours.md tcp/cours.md tcp/memento.md > "$page"
}

# Écrit les ancres visées, ou présentes ; une par ligne.
ancres_visees() { sed '/^<script>/,$d' "$1" | grep -o 'href="#[^"]*"' | sed 's/^href="#//; s/"$//' | sort -u; }   # PAGE
ancres_presentes() { grep -o ' id="[^"]*"' "$1" | sed 's/^ id="//; s/"$//' | sort; }   # PAGE

# Écrit les étapes des scènes de la page, comme scripts/scenes.sh : scène, terminal, geste, texte.
etapes_de_la_page() {   # PAGE
    awk '
        /^<div class="scene"/ { match($0, /data-scene="[0-9]+/); scene = substr($0, RSTART + 12, RLENGTH - 12) }
        match($0, /<span class="[a-z-]+" data-t="[^"]*">/) {
            split(substr($0, RSTART, RLENGTH), mot, "\""); texte = substr($0, RSTART + RLENGTH)
            sub(/<\/span>$/, "", texte)
            if (mot[2] ~ /^(commande|saisie)$/) sub(/^(\$|&gt;) ?/, "", texte)
            if (mot[2] ~ /^(ctrl-[cd]|attend)$/) texte = ""
            gsub(/&lt;/, "<", texte); gsub(/&gt;/, ">", texte); gsub(/&quot;/, "\"", texte)
            gsub(/&amp;/, "\\&", texte)
            print scene "\t" mot[4] "\t" mot[2] "\t" texte
        }' "$1"
}
# Celles que scripts/scene.sh projette : lues par le même lecteur, rangées par scène.
etapes_du_projecteur() {   # FICHIER.md...
    local dossier=$BATS_TEST_TMPDIR/scenes
    rm -rf "$dossier"
    mkdir "$dossier"
    # à part : bats suit chaque commande des siennes
    bash -c 'source "$1" && scenes_lire "${@:3}" | scenes_deposer "$2"' _ "$RACINE/scripts/scenes.sh" "$dossier" "$@"
    rm -f "$dossier/000"
    cat "$dossier"/* | awk -F '\t' -v OFS='\t' '$5 !~ /^(besoin|preuve)$/ { print $1, $4, $5, $6 }'
}

# bats test_tags=complet
@test "la page a, pour chaque scène, les étapes du projecteur, dans l'ordre" {
    page_entiere
    local pages
    mapfile -t pages < <(pages_du_cours)
    etapes_de_la_page "$page" > "$BATS_TEST_TMPDIR/page"
    [ "$(wc -l < "$BATS_TEST_TMPDIR/page")" -gt 1000 ]
    run diff "$BATS_TEST_TMPDIR/page" <(etapes_du_projecteur "${pages[@]}")
    verifier_egal '0 ' "$status $output"
}

@test "une scène qui continue, une réponse pliée, un nom à guillemets gardent leurs étapes" {
    exiger_cmark
    cd "$BATS_TEST_TMPDIR"
    printf '%s\n' '# P' '## L' '```console' '[a "<b>"]' '$ echo "<&>"' '<&>' '' 'fin' '>' '(attend)' '```' 'Puis :' '' \
        '```console suite' '[autre]' '$ true' '^C' '```' '' '#### À vous' '' '<details><summary>Réponse</summary>' '' \
        '<!-- besoin : java -->' '```console' '$ false' '```' '' '</details>' > cours.md
    "$RACINE/scripts/page.sh" cours.md > essai.html
    run diff <(etapes_de_la_page essai.html | sed 's/&quot;/"/g; s/&lt;/</g') <(etapes_du_projecteur cours.md)
    verifier_egal '0 ' "$status $output"
    grep -q 'data-scene="1" data-suite' essai.html
    grep -q 'Demande : java' essai.html
}

# bats test_tags=complet
@test "aucune ancre n'est morte, aucune n'est double" {
    page_entiere
    verifier_egal '' "$(comm -23 <(ancres_visees "$page") <(ancres_presentes "$page" | uniq))"
    verifier_egal '' "$(ancres_presentes "$page" | uniq -d)"
    [ "$(ancres_visees "$page" | wc -l)" -gt 100 ]
}

# bats test_tags=complet
@test "tout fichier visé hors de la page existe, vu de build/" {
    page_entiere
    local lien
    while read -r lien; do
        [ -e "build/$lien" ] || [ -e "${lien#../}" ] || { echo "mort : $lien"; return 1; }
    done < <(grep -o 'href="[^"#][^"]*"' "$page" | sed 's/^href="//; s/[#"].*//' | grep -v ':' | sort -u)
}

@test "un lien d'une page à l'autre devient l'ancre de la page visée, accents et doublons compris" {
    page_d_essai
    local mot
    for mot in haut ici source 'la file' elle bas cours x; do
        sed '/<nav/,/<\/nav>/d; /^<h/d' "$page" | sed -n "s|.*<a href=\"\([^\"]*\)\">$mot</a>.*|$mot \1|p"
    done > "$BATS_TEST_TMPDIR/liens"
    run diff "$BATS_TEST_TMPDIR/liens" - <<'FIN'
haut #être-là
ici #tcp-la-file
source ../tcp/01-socket.c
la file #tcp-la-file
elle #tcp-memento
bas #être-là
cours #tcp
x https://example.org/a.md#b
FIN
    verifier_egal '0 ' "$status $output"
    verifier_egal 'debut tcp tcp-la-file tcp-la-file-1 tcp-memento tcp-memento-la-file être-là' \
        "$(ancres_presentes "$page" | grep -E '[Ff]ile(-1)?$|^être|^(debut|tcp|tcp-memento)$' |
            LC_ALL=C sort | paste -sd ' ')"
}

# bats test_tags=complet
@test "la page entière se construit en moins d'une seconde de calcul" {
    exiger_cmark
    local essai mesure meilleure=99999
    for essai in 1 2 3; do   # au mieux : d'autres tests tournent à côté
        mesure=$(TIMEFORMAT='%U %S'; { time scripts/page.sh > "$BATS_TEST_TMPDIR/$essai.html"; } 2>&1)
        mesure=$(awk '{ print 1000 * ($1 + $2) }' <<< "$mesure")
        [ "$mesure" -ge "$meilleure" ] || meilleure=$mesure
    done
    echo "$meilleure ms"
    [ "$meilleure" -lt 1000 ]
}

# ─── Les schémas ───

# Une page d'un schéma contre sa scène, et d'un autre qui en est loin.
page_a_schemas() {
    exiger_cmark
    cd "$BATS_TEST_TMPDIR" || return
    mkdir -p tcp build/schemas
    printf '%s\n' '# P' '<!-- schema : --sans-ack client -->' '```text' 'a ─► <b>' '```' '' '<!-- besoin : java -->' \
        '```console' '$ true' '```' 'Entre les deux.' '' '<!-- schema à la main : pour un dessin -->' '```text' \
        'à la main' '```' '' '<!-- schema -->' '```text' 'c' '```' 'On y voit c.' '```console' '$ false' '```' \
        > tcp/cours.md
    printf '%s\n' '<svg viewBox="0 0 860 44" role="img"><title>Un</title>' '<style>.v{x:y}</style>' \
        '<path d="M0"/>' '</svg>' |
        tee build/schemas/tcp-cours-1.svg > build/schemas/tcp-cours-2.svg
    touch -d '2 minutes ago' tcp/cours.md
}

@test "un schéma est replié à sa place, le dessin en texte avec son image" {
    page_a_schemas
    run -0 "$RACINE/scripts/page.sh" tcp/cours.md
    sed -n '/<main/,/<\/main>/p' <<< "$output" | sed '/^<main/d; /main>$/d; /article/d; /<h1/d' > corps
    run diff corps - << 'FIN'
<details class="echange"><summary>Le schéma de cet échange</summary>
<div class="image" style="--l:860">
<svg viewBox="0 0 860 44" role="img"><title>Un</title>
<path d="M0"/>
</svg>
</div>
<details><summary>Le même, en texte</summary>
<pre class="dessin"><code>a ─► &lt;b&gt;
</code></pre>
</details>
</details>
<div class="scene" role="group" aria-label="Scène 1" data-scene="1">
<p class="besoins">Demande : java</p>
<pre><code><span class="commande" data-t="terminal">$ true</span>
</code></pre></div>
<p>Entre les deux.</p>
<pre class="dessin"><code>à la main
</code></pre>
<details class="echange"><summary>Le schéma de cet échange</summary>
<div class="image" style="--l:860">
<svg viewBox="0 0 860 44" role="img"><title>Un</title>
<path d="M0"/>
</svg>
</div>
<details><summary>Le même, en texte</summary>
<pre class="dessin"><code>c
</code></pre>
</details>
</details>
<p>On y voit c.</p>
<div class="scene" role="group" aria-label="Scène 2" data-scene="2">
<pre><code><span class="commande" data-t="terminal">$ false</span>
</code></pre></div>
FIN
    verifier_egal '0 ' "$status $output"
}

@test "une image absente, ou plus vieille que sa page, laisse le dessin seul" {
    page_a_schemas
    rm build/schemas/tcp-cours-1.svg
    touch tcp/cours.md
    run -0 "$RACINE/scripts/page.sh" tcp/cours.md
    verifier_egal 2 "$(grep -c 'class="echange"' <<< "$output")"
    verifier_egal 0 "$(grep -c '<svg' <<< "$output" || true)"
}

@test "une image du dépôt est dans la page, que l'on lit hors ligne ; absente, il en reste le nom" {
    exiger_cmark
    cd "$BATS_TEST_TMPDIR" || return
    mkdir -p tcp
    echo '<svg viewBox="0 0 9 9"/>' > tcp/b.svg
    printf '%s\n' '# P' '![Deux : « courbes »](b.svg)' '' 'Et ![une autre](absente.svg).' '' '![Loin](https://exemple.fr/i.png)' > tcp/cours.md
    run -0 --separate-stderr "$RACINE/scripts/page.sh" tcp/cours.md
    verifier_contient "$output" "<div class=\"image\"><img src=\"data:image/svg+xml;base64,$(base64 -w 0 tcp/b.svg)\" alt=\"Deux" \
        '<p>Et <img src="../tcp/absente.svg" alt="une autre" />' '<img src="https://exemple.fr/i.png"'
    verifier_egal '' "$stderr"
}

# bats test_tags=complet
@test "un schéma pèse 8 ko au plus, comprimé, et la page a une couleur pour chacun de ses traits" {
    local image=$BATS_TEST_TMPDIR/s.svg nom classe poids
    for nom in tests/enregistrements/*/; do
        run scripts/diagramme.sh -o "$image" --relire "$nom"
        poids=$(gzip -c "$image" | wc -c)
        [ "$poids" -le 8000 ] || { echo "$nom : $poids octets"; return 1; }
        for classe in v $(grep -oE '<g class="[^"]*"' "$image" | cut -d '"' -f 2); do
            grep -qE "^\.image .*\.$classe\b" scripts/page/page.css || { echo "$nom : $classe"; return 1; }
        done
    done
}

# bats test_tags=complet
@test "mawk, gawk, celui de busybox : le même awk pour la page" {
    exiger_cmark
    local nom combien=0
    for nom in mawk gawk busybox; do
        command -v $nom > /dev/null || continue
        combien=$((combien + 1))
        mkdir "$BATS_TEST_TMPDIR/$nom"
        ln -s "$(command -v $nom)" "$BATS_TEST_TMPDIR/$nom/awk"   # busybox aussi se fie à son nom
        PATH=$BATS_TEST_TMPDIR/$nom:$PATH scripts/page.sh cours.md ipv6/cours.md > "$BATS_TEST_TMPDIR/$combien.html"
        cmp "$BATS_TEST_TMPDIR/1.html" "$BATS_TEST_TMPDIR/$combien.html"
    done
    [ $combien -ge 2 ] || manque "il faut deux awk parmi mawk, gawk, busybox"
}

# bats test_tags=complet
@test "la page tient son poids : 150 ko comprimée, 200 lignes de JavaScript, rien à charger" {
    page_entiere
    local schemas
    schemas=$(grep -c '^<details class="echange"' "$page" || true)
    [ "$(gzip -c "$page" | wc -c)" -lt $((150000 + 8000 * schemas)) ]
    [ "$(wc -l < scripts/page/page.js)" -lt 200 ]
    run -1 grep -nE '(src|srcset)=("[^d]|"d[^a]|[^"])|<link[^>]*href="(http|/)|@import|url\(|fetch\(|XMLHttpRequest|data-sourcepos|<!-- ' "$page"
}

@test "ni commentaire ni faute de notation n'entrent dans la page ; un refus ne laisse pas de page" {
    exiger_cmark
    cd "$BATS_TEST_TMPDIR"
    printf '%s\n' '# P' '<!-- plusieurs' 'lignes -->' '' 'Texte.' > cours.md
    run -0 "$RACINE/scripts/page.sh" cours.md
    [[ $output != *'lignes -->'* && $output == *'<p>Texte.</p>'* ]]
    printf '%s\n' '```java' 'x' '```' >> cours.md
    run -1 "$RACINE/scripts/page.sh" cours.md
    verifier_contient "$output" 'page.sh : cours.md:6 : bloc d'
    run -2 "$RACINE/scripts/page.sh" absent.md
    run -2 "$RACINE/scripts/page.sh" --nimporte
    run -0 "$RACINE/scripts/page.sh" -h
}

@test "les espaces de la ponctuation sont insécables, celles du code restent" {
    exiger_cmark
    cd "$BATS_TEST_TMPDIR"
    printf '%s\n' '# P : q' '« Oui » : `a ; b' 'c : d` ; [non ?](http://x/y) !' > cours.md
    "$RACINE/scripts/page.sh" cours.md > essai.html
    grep -q '<a href="#p--q">P~: q</a></h1>' <(sed 's/\xc2\xa0/~/g' essai.html)
    grep -q '<p>«~Oui~»~: <code>a ; b c : d</code>~; <a href="http://x/y">non~?</a>~!</p>' \
        <(sed 's/\xc2\xa0/~/g' essai.html | paste -sd ' ')
}

@test "un code court ne se coupe pas ; un long, si : il est marqué" {
    exiger_cmark
    cd "$BATS_TEST_TMPDIR"
    printf '%s\n' '# P' '`-d`, `<sys/select.h>`, `12345678901234567`.' > cours.md
    run -0 "$RACINE/scripts/page.sh" cours.md
    verifier_contient "$output" '<code>-d</code>, <code>&lt;sys/select.h&gt;</code>, <code class="long">12345678901234567</code>' \
        'white-space: nowrap'
}

@test "sans cmark-gfm, page.sh dit quel paquet manque" {
    local chemin
    chemin=$(chemin_reduit bash dirname sed awk cat mktemp rm)
    PATH=$chemin run -1 scripts/page.sh
    verifier_egal "page.sh : il faut cmark-gfm, du paquet cmark-gfm (apt-get install cmark-gfm)" "$output"
}
