# Pour scripts/page.sh. Lit les étapes (scripts/scenes.sh) tant que « etapes » est vrai, puis le HTML de
# cmark-gfm, chaque page précédée d'une ligne \001NOM. Écrit le corps ; et dans « sommaire », les titres.
#   les titres reçoivent l'ancre que leur donne une forge, précédée de leur page (tcp-…, tcp-memento-…)
#   les espaces de la ponctuation française deviennent insécables
#   les liens d'une page à l'autre deviennent des ancres
#   chaque ligne d'une scène qui est une étape dit son geste et son terminal
#   une image du dépôt est recopiée dans la page
#   un schéma (<!-- schema : … -->, puis son dessin) est replié, avec son image si elle est dans « images »

BEGIN {
    printf "" > sommaire
    FS = "\t"
    COURT = 16   # caractères
    combien = split(pages, noms, " ")
    for (i = 1; i <= combien; i++) est_page[noms[i]] = 1
    for (i = 128; i <= 158; i++) minuscule[sprintf("%c", i)] = sprintf("%c", i + 32)
    for (i = 1; i < 256; i++) octet[sprintf("%02X", i)] = sprintf("%c", i)
}

# ─── Les étapes ───

etapes {
    if ($5 == "besoin") besoins[$3] = besoins[$3] (besoins[$3] ? ", " : "") $6
    if ($5 ~ /^(besoin|preuve|c|extrait)$/) next
    scene[$3] = $1; terminal[$3] = $4; geste[$3] = $5
    next
}

# ─── Les ancres et les liens ───

# É, en octets, est \303\211, et é \303\251.
function en_minuscules(s,    debut, i) {
    s = tolower(s)
    gsub(/\305\222/, "\305\223", s)
    for (debut = ""; i = index(s, "\303"); s = substr(s, i + 2)) {
        c = substr(s, i + 1, 1)
        debut = debut substr(s, 1, i) (c in minuscule ? minuscule[c] : c)
    }
    return debut s
}

# Minuscules, sans ponctuation (« » ’ … – comprises), espaces en tirets.
function ancre(s) {
    gsub(/<[^>]*>/, "", s)
    gsub(/&[a-z]+;/, "", s)
    s = en_minuscules(s)
    gsub(/\302[\240-\277]|\342\200[\220-\277]|\342\206[\220-\223]/, "", s)
    gsub(/[!-,.\/:-@\[-^`{-~]/, "", s)
    gsub(/ /, "-", s)
    return s
}

# « cours.md » : rien ; « tcp/cours.md » : tcp- ; « tcp/memento.md » : tcp-memento-
function prefixe(page) {
    sub(/\.md$/, "", page)
    sub(/(^|\/)cours$/, "", page)
    gsub(/\//, "-", page)
    return page == "" ? "" : page "-"
}

function id_de_page(page) {
    page = prefixe(page)
    return page == "" ? "debut" : substr(page, 1, length(page) - 1)
}

function sans_pourcent(s,    debut, i, c) {
    for (debut = ""; i = index(s, "%"); s = substr(s, i + 3)) {
        c = toupper(substr(s, i + 1, 2))
        debut = debut substr(s, 1, i - 1) (c in octet ? octet[c] : "%" c)
    }
    return debut s
}

# Où mène ce lien de la page lue, une fois toutes les pages en une.
function cible(lien,    chemin, titre) {
    if (lien ~ /^[a-z]+:/) return lien
    chemin = lien
    sub(/#.*/, "", chemin)
    titre = index(lien, "#") ? sans_pourcent(substr(lien, index(lien, "#") + 1)) : ""
    if (chemin == "") chemin = page
    else {
        chemin = dossier chemin
        while (sub(/[^\/]+\/\.\.\//, "", chemin)) { }
    }
    if (!(chemin in est_page)) return "../" chemin (titre == "" ? "" : "#" titre)
    return "#" (titre == "" ? id_de_page(chemin) : prefixe(chemin) titre)
}

function lier(ligne,    debut, lien) {
    for (debut = ""; match(ligne, /href="[^"]*"/); ligne = substr(ligne, RSTART + RLENGTH)) {
        lien = substr(ligne, RSTART + 6, RLENGTH - 7)
        debut = debut substr(ligne, 1, RSTART + 5) cible(lien) "\""
    }
    return debut ligne
}

# Une espace devant un signe double ne finit pas une ligne ; hors du code, qui se lit à la lettre : s'il est court,
# d'un trait (« -d » ne se coupe pas après son tiret) ; long, il se coupe où il peut.
function typographier(ligne,    debut, texte, balise) {
    for (debut = ""; match(ligne, /<[^>]*>/); debut = debut texte balise) {
        texte = insecables(substr(ligne, 1, RSTART - 1))
        balise = substr(ligne, RSTART, RLENGTH)
        ligne = substr(ligne, RSTART + RLENGTH)
        if (balise ~ /^<\/?code/) dans_du_code = balise !~ /^<\//
        if (balise == "<code>" && longueur(substr(ligne, 1, index(ligne, "</code>") - 1)) > COURT)
            balise = "<code class=\"long\">"
    }
    return debut insecables(ligne)
}

function longueur(s) {
    gsub(/&[a-z]+;/, "x", s)
    return length(s)
}

function insecables(s) {
    if (dans_du_code) return s
    gsub(/ :/, "\302\240:", s)
    gsub(/ ;/, "\302\240;", s)
    gsub(/ \?/, "\302\240?", s)
    gsub(/ !/, "\302\240!", s)
    gsub(/\302\253 /, "\302\253\302\240", s)
    gsub(/ \302\273/, "\302\240\302\273", s)
    return s
}

# ─── Le sommaire : des listes emboîtées, un niveau par profondeur de titre ───

function au_sommaire(niveau, id, texte) {
    if (niveau > profondeur) {
        while (profondeur < niveau) { printf "<ul><li>" > sommaire; profondeur++ }
    } else {
        while (profondeur > niveau) { printf "</li></ul>" > sommaire; profondeur-- }
        print "</li><li>" > sommaire
    }
    printf "<a href=\"#%s\">%s</a>", id, texte > sommaire
}

# Un niveau sauté à la lecture (« À vous », #### sous ##) se dit au lecteur d'écran sans saut.
function titrer(ligne,    niveau, texte, id, dit) {
    niveau = substr(ligne, 3, 1) + 0
    texte = substr(ligne, index(ligne, ">") + 1)
    sub(/<\/h.>$/, "", texte)
    id = prefixe(page) ancre(texte)
    texte = typographier(texte)
    if (vus[id]++) id = id "-" (vus[id] - 1)
    dit = niveau > dernier_niveau + 1 ? dernier_niveau + 1 : niveau
    dernier_niveau = dit
    printf "<h%s id=\"%s\"%s><a href=\"#%s\">%s</a></h%s>\n", niveau, id, \
        dit < niveau ? " aria-level=\"" dit "\"" : "", id, texte, niveau
    if (niveau < 4) au_sommaire(niveau, id, texte)
}

# ─── Les scènes ───

function attribut(s) {
    gsub(/&/, "\\&amp;", s)
    gsub(/"/, "\\&quot;", s)
    gsub(/</, "\\&lt;", s)
    return s
}

# La première ligne est celle de l'ouverture du bloc, et porte aussi la première ligne de la scène.
function ouvrir_la_scene(ligne,    lieu, i) {
    match(ligne, /data-sourcepos="[0-9]+/)
    numero = substr(ligne, RSTART + 16, RLENGTH - 16) + 0
    lieu = page ":" numero
    for (i = numero + 1; i < numero + 200 && !((page ":" i) in scene); i++) { }
    printf "<div class=\"scene\" role=\"group\" aria-label=\"Scène %s\" data-scene=\"%s\"%s>\n", \
        scene[page ":" i], scene[page ":" i], ligne ~ /data-meta="suite/ ? " data-suite" : ""
    if (lieu in besoins) printf "<p class=\"besoins\">Demande : %s</p>\n", attribut(besoins[lieu])
    printf "<pre><code>"
    sub(/^<pre[^>]*><code[^>]*>/, "", ligne)
    dans_une_scene = 1
    ligne_de_scene(ligne)
}

function ligne_de_scene(ligne,    lieu) {
    if (ligne == "</code></pre>") {
        print "</code></pre></div>"
        dans_une_scene = 0
        return
    }
    lieu = page ":" ++numero
    if (lieu in geste)
        ligne = "<span class=\"" geste[lieu] "\" data-t=\"" attribut(terminal[lieu]) "\">" ligne "</span>"
    print ligne
}

# ─── Les schémas : l'image, et le même dessin en texte ───

function montrer_le_schema(    nom) {
    nom = page
    sub(/\.md$/, "", nom)
    gsub(/\//, "-", nom)
    nom = nom "-" rang_du_schema
    print "<details class=\"echange\"><summary>Le schéma de cet échange</summary>"
    if (index(images, " " nom " ")) {
        inserer("build/schemas/" nom ".svg")
        schema = "<details><summary>Le même, en texte</summary>\n" schema "</details>\n"
    }
    printf "%s</details>\n", schema
    schema = ""
}

# Sans son style : la page donne le sien, et ses deux thèmes.
function inserer(image,    ligne, svg) {
    while ((getline ligne < image) > 0) svg = svg ligne "\n"
    close(image)
    if (match(svg, /<style>[^<]*<\/style>\n?/)) svg = substr(svg, 1, RSTART - 1) substr(svg, RSTART + RLENGTH)
    match(svg, /viewBox="0 0 [0-9]+/)
    printf "<div class=\"image\" style=\"--l:%d\">\n%s</div>\n", substr(svg, RSTART + 13, RLENGTH - 13), svg
}

# ─── Les images : dans la page, qui se lit hors ligne ───

function illustrer(ligne,    debut, fichier, octets) {
    if (!match(ligne, /<img src="[A-Za-z0-9._\/-]+"/)) return ligne
    debut = substr(ligne, 1, RSTART + 9)
    fichier = dossier substr(ligne, RSTART + 10, RLENGTH - 11)
    ligne = substr(ligne, RSTART + RLENGTH - 1)
    if ((("base64 -w 0 " fichier " 2> /dev/null") | getline octets) <= 0) return debut "../" fichier ligne
    ligne = debut "data:image/" (fichier ~ /\.svg$/ ? "svg+xml" : "png") ";base64," octets ligne
    return ligne ~ /^<p><img [^>]*><\/p>$/ ? "<div class=\"image\">" substr(ligne, 4, length(ligne) - 7) "</div>" : ligne
}

# ─── La page ───

/^\001/ {
    if (page != "") print "</article>"
    rang_du_schema = 0
    page = dossier = substr($0, 2)
    sub(/[^\/]*$/, "", dossier)
    printf "<article id=\"%s\">\n", id_de_page(page)
    next
}
dans_une_scene { ligne_de_scene($0); next }
/^<pre[^>]*><code class="language-console"/ { ouvrir_la_scene($0); next }
schema_annonce && /^<pre/ {
    schema_annonce = 0
    rang_du_schema++
    sub(/^<pre[^>]*><code[^>]*>/, "<pre class=\"dessin\"><code>")
    dans_un_schema = 1
}
dans_un_schema {
    schema = schema $0 "\n"
    if (/<\/code><\/pre>$/) {
        dans_un_schema = 0
        montrer_le_schema()
    }
    next
}
/^<!-- schema *(:.*)?-->/ { schema_annonce = 1; next }
dans_un_commentaire || /^<!--/ { dans_un_commentaire = !/-->[ \t]*$/; next }
{ schema_annonce = 0 }
/^<pre/ {
    sub(/^<pre[^>]*><code class="language-text"[^>]*>/, "<pre class=\"dessin\"><code>")
    sub(/^<pre data-sourcepos="[^"]*"/, "<pre")
    dans_un_bloc = 1
}
dans_un_bloc {
    if (/<\/code><\/pre>$/) dans_un_bloc = 0
    print
    next
}
{ gsub(/ data-sourcepos="[^"]*"/, "") }
/^<h[1-6]>/ { titrer(lier($0)); next }
/^<table>/ { print "<div class=\"tableau\">" }
/^<th><\/th>$/ { $0 = "<td></td>" }   # un coin vide n'est l'en-tête de rien
{ print illustrer(typographier(lier($0))) }
/^<\/table>/ { print "</div>" }

END {
    if (page != "") print "</article>"
    while (profondeur-- > 0) printf "</li></ul>" > sommaire
}
