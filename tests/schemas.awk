# Compare un dessin de scripts/diagramme.sh à un passage neuf, par leurs causes : pour tests/schemas.sh.
#   awk -f schemas.awk CAUSES=… GARDE NEUF      CAUSES : ce que dit « dessin -c » du passage neuf
# Écrit chaque différence, et la ligne du dessin gardé. Les mêmes suites par voie et par sens, et l'ordre des
# lignes du dessin gardé respecte chaque cause ; les états aussi sont les mêmes, si les paquets sont venus dans
# le même ordre. Les pauses, les accusés de réception seuls et ce que fut un port éphémère ne comptent pas.
# Les signes du dessin deviennent des octets de contrôle : un octet chacun, avec tout awk.
BEGIN {
    split("│ ┊ ┼ ┿ ─ ━ ► ◄ ┬", signes, " ")
    ETAT = "(SYN-SENT|SYN-RECV|ESTABLISHED|FIN-WAIT-[12]|CLOSE-WAIT|LAST-ACK|CLOSING|TIME-WAIT|CLOSED)"
    while ((getline < CAUSES) > 0) lire_la_cause()
    close(CAUSES)
}
{ dessin = FILENAME == ARGV[1] ? 1 : 2 }
FNR == 1 { lire_les_voies() }
FNR > 1 { lire_la_ligne() }
END {
    numeroter(1)
    numeroter(2)
    comparer_les_suites()
    if (poignees[1] != poignees[2])
        dire(0, "la connexion s'établit " poignees[2] + 0 " fois, et non " poignees[1] + 0)
    if (!differences) verifier_les_causes()
    if (!differences) comparer_les_etats()
    exit differences > 0
}

function dire(ligne, texte) { printf "%d\t%s\n", ligne, texte; differences++ }
function rogner(texte) { sub(/^ +/, "", texte); sub(/ +$/, "", texte); return texte }
function en_octets(texte,   i) {
    for (i = 1; i <= 9; i++) gsub(signes[i], sprintf("%c", i), texte)
    return texte
}
# « 127.0.0.1:51340 » devient « 127.0.0.1:… », AF_INET devient INET : comme dans les causes.
function commun(texte,   sorti) {
    gsub(/AF_|SOCK_/, "", texte)
    while (match(texte, /:[0-9][0-9][0-9][0-9][0-9]/)) {
        sorti = sorti substr(texte, 1, RSTART)
        sorti = sorti (substr(texte, RSTART + 1, 5) >= 32768 ? "…" : substr(texte, RSTART + 1, 5))
        texte = substr(texte, RSTART + 6)
    }
    return sorti texte
}

# ─── Les causes du passage neuf ───

function lire_la_cause(   champs) {
    split($0, champs, "\t")
    if (champs[1] == "cause") {
        avant[++nb_causes] = champs[2]
        apres[nb_causes] = champs[3]
    } else if (champs[1] == "voie") {
        voies_vraies = voies_vraies " " champs[3]
    } else {
        vrais[++nb_vrais] = champs[2]
        vrai_texte[champs[2]] = champs[3]
        vrai_retour[champs[2]] = champs[4]
    }
}

# ─── Un dessin ───

function lire_les_voies(   noms) {
    noms = en_octets($0)
    nb_voies = gsub(/\011/, " ", noms)
    gsub(/réseau/, "", noms)
    gsub(/ +/, " ", noms)
    noms = rogner(noms)
    if (" " noms != voies_vraies) dire(FNR, "les voies :" voies_vraies)
}

function lire_la_ligne(   ligne, champs, traits, k) {
    ligne = en_octets($0)
    if (ligne ~ /· · .* s · ·/) return
    traits = ligne
    gsub(/[^\001-\004]/, "", traits)
    if (length(traits) != nb_voies) { dire(FNR, "ligne illisible"); return }
    split(ligne, champs, /[\001-\004]/)   # champs[k + 1] est à droite de la voie k
    if (nb_voies == 2 ? champs[2] ~ /^ *↺ / : ligne ~ /[\001-\004] ↺ /) { lire_la_boucle(champs); return }
    if (ligne ~ /[\007\010]/) { lire_le_paquet(champs, traits); return }
    for (k = 1; k <= nb_voies + 1; k++)
        if (rogner(champs[k]) != "") lire_l_appel(nb_voies == 2 ? (k == 1 ? 1 : 2) : k - 1, champs[k])
}

# La flèche va jusqu'à la première voie qu'elle ne traverse pas.
function lire_le_paquet(champs, traits,   h, g, d, k, texte, etat_g, etat_d, sens) {
    for (h = 1; champs[h + 1] !~ /[\007\010]/; h++);
    for (g = h; substr(traits, g, 1) ~ /[\003\004]/; g--);
    for (d = h + 1; substr(traits, d, 1) ~ /[\003\004]/; d++);
    sens = champs[h + 1] ~ /\007/ ? g ">" d : d ">" g
    for (k = g; k < d; k++) texte = texte champs[k + 1]
    if (nb_voies == 2) etat_g = rogner(champs[1])
    if (nb_voies > 2 && match(texte, "^ " ETAT " ")) {
        etat_g = rogner(substr(texte, 1, RLENGTH))
        texte = substr(texte, RLENGTH)
    }
    etat_d = rogner(champs[d + 1])
    gsub(/[\005-\010]/, "", texte)
    texte = rogner(texte)
    noter_le_paquet(sens, texte, etat_g " | " etat_d)
}

# D'une voie à elle-même : « ↺ » à côté d'elle, et les états des deux bouts.
function lire_la_boucle(champs,   k, texte, etat) {
    k = champs[2] ~ /^↺/ ? 1 : 2
    if (nb_voies > 2)
        for (k = 1; champs[k + 1] !~ /^ ↺ /; k++);
    texte = rogner(champs[nb_voies == 2 ? 2 : k + 1])
    if (nb_voies == 2) etat = rogner(champs[k == 1 ? 1 : 3])
    else if (match(texte, " " ETAT "(, " ETAT ")?$")) {
        etat = substr(texte, RSTART + 1)
        texte = rogner(substr(texte, 1, RSTART))
    }
    sub(/^↺ /, "", texte)
    noter_le_paquet(k ">" k, texte, etat)
}

function noter_le_paquet(sens, texte, etat) {
    if (texte != "ACK") poser(sens, texte, FNR)
    if (texte == "ACK" && etat ~ /ESTABLISHED/) poignees[dessin]++
    if (texte == "ACK" && etat ~ /^[ |]*$/) return
    ordre[dessin] = ordre[dessin] sens " " texte "\n"
    etats[dessin, ++nb_etats[dessin]] = etat
    ligne_etat[dessin, nb_etats[dessin]] = FNR
}

# Un appel, son retour plus bas, ou la fin d'un texte trop long pour une ligne.
function lire_l_appel(voie, champ,   texte, colonne) {
    texte = rogner(champ)
    colonne = voie
    if (nb_voies > 2 && champ ~ /^   [^ ]/) {
        if (dans_le_retour[voie]) retours[derniere[voie]] = retours[derniere[voie]] " " commun(texte)
        else textes[derniere[voie]] = textes[derniere[voie]] " " commun(texte)
        return
    }
    if (match(texte, /^\.[0-9]+ /)) {
        voie = voie substr(texte, 1, RLENGTH - 1)
        texte = substr(texte, RLENGTH + 1)
    }
    dans_le_retour[colonne] = sub(/^└ = /, "", texte)
    if (dans_le_retour[colonne]) {
        derniere[colonne] = dessin SUBSEP voie SUBSEP ((dessin, voie) in nombre ? nombre[dessin, voie] : 0)
        retours[derniere[colonne]] = commun(texte)
        sorties[derniere[colonne]] = FNR
    } else
        derniere[colonne] = poser(voie, texte, FNR)
}

function poser(suite, texte, ligne,   cle) {
    if (!((dessin, suite) in nombre)) suites[dessin] = suites[dessin] " " suite
    cle = dessin SUBSEP suite SUBSEP (++nombre[dessin, suite])
    textes[cle] = commun(texte)
    entrees[cle] = sorties[cle] = ligne
    return cle
}

# Comme « dessin -c » : les attentes de poll qui ont abouti n'ont pas de numéro.
function numeroter(d,   liste, n, i, k, no, cle, nom) {
    n = split(suites[d], liste, " ")
    for (i = 1; i <= n; i++) {
        no = 0
        for (k = 1; k <= nombre[d, liste[i]]; k++) {
            cle = d SUBSEP liste[i] SUBSEP k
            if (textes[cle] ~ /^(poll|select|epoll_wait)\(/ && textes[cle] retours[cle] !~ /délai passé/ &&
                textes[cle] retours[cle] ~ /[0-9]/ && (retours[cle] != "" || textes[cle] ~ / = /)) continue
            nom = liste[i] "/" (++no)
            textes[d, nom] = textes[cle]
            retours[d, nom] = retours[cle]
            entrees[d, nom] = entrees[cle]
            sorties[d, nom "="] = sorties[cle]
            noms[d, ++nb_noms[d]] = nom
        }
    }
}

# ─── Comparer ───

# Un texte coupé par la largeur finit par « … ». D'un appel, « ) … » dit qu'il attend ; et, à plus de deux
# voies, ses textes passent à la ligne entre deux mots, ils ne s'y coupent pas.
function vaut(garde, vrai, entier) {
    if (garde == vrai) return 1
    if (garde ~ entier) return 0
    return sub(/…$/, "", garde) && garde != "" && index(vrai, garde) == 1
}

function convient(nom,   texte, vrai, entier) {
    texte = textes[1, nom]
    vrai = vrai_texte[nom]
    if (nom ~ />/) return vaut(texte, vrai, "^$")
    entier = nb_voies == 2 ? "\\) …$" : " …$"
    sub(/\) …$/, ")", texte)
    if (retours[1, nom] != "") return vaut(texte, vrai, entier) && vaut(retours[1, nom], vrai_retour[nom], entier)
    if (vrai_retour[nom] == "") return vaut(texte, vrai, entier)
    return (textes[1, nom] ~ / = / || texte !~ /…$/) &&
        vaut(textes[1, nom], vrai " = " vrai_retour[nom], entier)
}

function comparer_les_suites(   i, nom, vrai) {
    for (i = 1; i <= nb_vrais; i++) {
        nom = vrais[i]
        vrai = vrai_texte[nom] (vrai_retour[nom] == "" ? "" : " = " vrai_retour[nom])
        if (!((1, nom) in entrees)) dire(0, "il manque « " vrai " » (" nom ")")
        else if (!convient(nom))
            dire(entrees[1, nom], "« " textes[1, nom] (retours[1, nom] == "" ? "" : " = " retours[1, nom]) \
                " », et c'est « " vrai " » (" nom ")")
    }
    for (i = 1; i <= nb_noms[1]; i++)
        if (!(noms[1, i] in vrai_texte)) dire(entrees[1, noms[1, i]], "« " textes[1, noms[1, i]] " » est de trop")
}

function place(nom) { return nom ~ /=$/ ? sorties[1, nom] : entrees[1, nom] }
function verifier_les_causes(   i) {
    for (i = 1; i <= nb_causes; i++)
        if (place(avant[i]) >= place(apres[i]))
            dire(place(apres[i]), "« " montrer(apres[i]) " » vient de « " montrer(avant[i]) " », qui est plus bas")
}
function montrer(nom) { sub(/=$/, "", nom); return vrai_texte[nom] }

function comparer_les_etats(   i) {
    if (ordre[1] != ordre[2]) return
    for (i = 1; i <= nb_etats[1]; i++)
        if (etats[1, i] != etats[2, i])
            dire(ligne_etat[1, i], "les états « " etats[1, i] " », et ce sont « " etats[2, i] " »")
}
