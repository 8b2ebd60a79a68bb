# Le lecteur de la notation du cours, pour scripts/scenes.sh, qui la décrit. Il faut -v racine (finie par « / ») ; et
# -v preuves=oui pour éclater des preuves, au lieu de lire des pages. Se lit en octets (LC_ALL=C).

function rogner(texte) { gsub(/^[[:space:]]+|[[:space:]]+$/, "", texte); return texte }

# Remplit prouves[1..] : chaque FAIT d'une preuve, et le texte qui le tranche (rien, s'il manque). Rend leur nombre.
function decouper(reste, prouves,   n, nombre, i, j, faits, texte) {   # FAIT... « TEXTE » ...
    for (n = 0; reste ~ /[^[:space:]]/; ) {
        texte = ""; i = index(reste, "«"); j = i ? index(substr(reste, i), "»") : 0
        nombre = split(i ? substr(reste, 1, i - 1) : reste, faits, " ")
        if (j) texte = rogner(substr(reste, i + length("«"), j - 1 - length("«")))
        reste = j ? substr(reste, i + j - 1 + length("»")) : ""
        if (!nombre) faits[nombre = 1] = "?"
        for (i = 1; i <= nombre; i++) prouves[++n] = faits[i] " " texte
    }
    return n
}

function dire(geste, texte, ligne) {
    print scene "\t" (lecon == "" ? "-" : lecon) "\t" fichier ":" (ligne ? ligne : FNR) "\t" \
        (terminal == "" ? "terminal" : terminal) "\t" geste "\t" texte
}

# Un besoin, une preuve n'ont de sens que devant une scène.
function manquer(   i) {
    if (besoins != "") dire("faute", "besoin : pas de scène juste après", derniere)
    for (i = 1; i <= citees; i++) dire("faute", "preuve : pas de scène juste après", ligne_de[i])
    besoins = ""; citees = 0
}

function dire_les_preuves(   i, j, nombre, prouves) {
    for (i = 1; i <= citees; i++) {
        nombre = decouper(preuve[i], prouves)
        for (j = 1; j <= nombre; j++) dire("preuve", prouves[j], ligne_de[i])
    }
    citees = 0
}

# La ligne vide qui finissait la scène était attendue.
function fermer() {
    if (vide) dire("vide", "", vide)
    vide = 0
}

# Le début d'un bloc console : une scène, ou sa suite.
function ouvrir(   i, nombre, mots) {
    bloc = "console"
    if ($0 == "```console suite") {
        if (scene == scenes_avant) dire("faute", "aucune scène à continuer")
        dire_les_preuves()
        return
    }
    fermer()
    scene++; lecon = titre; terminal = ""
    nombre = split(besoins, mots, " ")
    for (i = 1; i <= nombre; i++) dire("besoin", mots[i])
    besoins = ""
    dire_les_preuves()
}

function lire_la_scene() {
    if ($0 ~ /^\[.*\]$/) {   # et la ligne vide d'avant n'était là que pour l'œil
        terminal = substr($0, 2, length($0) - 2); vide = 0
        return
    }
    fermer()
    if ($0 ~ /^\$ /) dire("commande", substr($0, 3))
    else if ($0 ~ /^> /) dire("saisie", substr($0, 3))
    else if ($0 == ">") dire("saisie", "")
    else if ($0 == "^C") dire("ctrl-c", "")
    else if ($0 == "^D") dire("ctrl-d", "")
    else if ($0 == "(attend)") dire("attend", "")
    else if ($0 == "") vide = FNR
    else dire("ligne", $0)
}

function finir_la_page() {
    if (fichier == "") return
    manquer()
    if (vide) fermer()
    if (bloc != "") dire("faute", "le dernier bloc n'est pas fermé", derniere)
}

# Une ligne hors de tout bloc.
function lire_la_page() {
    if ($0 == "```console" || $0 == "```console suite") ouvrir()
    else if ($0 == "```c") bloc = "c-entete"
    else if ($0 == "```text") bloc = "text"
    else if ($0 ~ /^[ >].*```/ || /~~~/) dire("faute", "ce bloc ne serait pas rejoué : " $0)
    else if ($0 ~ /^```/) {
        dire("faute", "bloc d'une langue inconnue (c, console ou text) : " $0)
        bloc = "inconnu"
    } else if ($0 ~ /^<!-- besoin : .* -->$/) besoins = substr($0, 15, length($0) - 18)
    else if ($0 ~ /^<!-- preuve : .* -->$/) {
        ligne_de[++citees] = FNR; preuve[citees] = substr($0, 15, length($0) - 18)
    } else if ($0 ~ /^<!-- *preuve/) dire("faute", "preuve mal écrite : " $0)
    else if ($0 == "#### À vous") titre = "À vous : " chapitre
    else if ($0 ~ /^###? /) {
        titre = $0; sub(/^.*## /, "", titre); sub(/^[0-9.]+ /, "", titre)
        if ($0 ~ /^## /) chapitre = titre
    }
}

BEGIN { scene = 0 }
preuves != "" {   # ce qui précède la preuve, une tabulation, la preuve
    texte = $0; sub(/^.*\t/, "", texte)
    nombre = decouper(texte, prouves)
    for (i = 1; i <= nombre; i++) print substr($0, 1, length($0) - length(texte)) prouves[i]
    next
}
FNR == 1 {
    finir_la_page()
    fichier = FILENAME; if (index(fichier, racine) == 1) fichier = substr(fichier, length(racine) + 1)
    bloc = titre = chapitre = lecon = terminal = besoins = ""; vide = citees = 0; scenes_avant = scene
}
{
    derniere = FNR
    if (bloc == "c-entete") {
        dire("extrait", $0, FNR - 1)
        bloc = $0 == "```" ? "" : "c"
    } else if (bloc == "") lire_la_page()
    else if ($0 == "```") bloc = ""
    else if (bloc == "c") dire("c", $0)
    else if (bloc == "console") lire_la_scene()
    if ((besoins != "" || citees) && (bloc != "" || ($0 != "" && $0 !~ /^<!--/))) manquer()
}
END { if (preuves == "") finir_la_page() }
