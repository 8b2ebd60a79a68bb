# Ce que prend chaque leçon, pour tests/durees.sh : annoncée, lire, taper, à vous, total, écrire, titre.
# Il faut -v mots_par_minute, touches_par_minute, racine (finie par « / »).
function mots(texte) { return gsub(/[^[:space:]]+/, "", texte) }
function finir() {
    if (annoncee) printf "%3d %5.1f %5.1f %5.1f %5.1f %5.1f  %s, %s\n", annoncee, lire, taper, reponses,
        lire + taper + reponses, ecrire, page, titre
    annoncee = lire = taper = reponses = ecrire = 0
}
function ajouter(lus, touches) {
    if (replie) reponses += lus / mots_par_minute + touches / touches_par_minute
    else { lire += lus / mots_par_minute; taper += touches / touches_par_minute }
}
function peser(fichier,   ligne, touches, entete) {   # sans le commentaire de tête ni les marges
    if (fichier in vus) return
    vus[fichier] = entete = 1
    while ((getline ligne < (racine fichier)) > 0) {
        sub(/^ +/, "", ligne)
        if (!entete) touches += length(ligne) + 1
        if (ligne == "*/") entete = 0
    }
    close(racine fichier)
    if (touches / touches_par_minute > ecrire) ecrire = touches / touches_par_minute
}
FNR == 1 { finir(); page = FILENAME; sub(racine, "", page); bloc = "" }
/^```/ { bloc = bloc ? "" : (substr($0, 4) ? substr($0, 4) : "?"); tete = bloc == "c"; next }
bloc == "c" && tete { nu = /-nu\.c/; tete = 0; next }
bloc == "c" { texte = $0; sub(/^ +/, "", texte); ajouter(nu ? 0 : mots(texte), nu ? length(texte) + 1 : 0) }
bloc ~ /^console/ && /solutions\/[a-z0-9-]+\.c/ {
    match($0, /[a-z0-9]+\/solutions\/[a-z0-9-]+\.c/)
    peser(substr($0, RSTART, RLENGTH))
}
bloc ~ /^console/ && /^[$>] / { ajouter(0, length($0) - 1); next }
bloc ~ /^console/ && /^(\^[CD]|>)$/ { ajouter(0, 1); next }
bloc ~ /^console/ && !/^\[.*\]$/ { ajouter(mots($0), 0) }
bloc { next }
/^## / { finir(); titre = substr($0, 4) }
/^<details/ { replie = 1 }
/^<\/details/ { replie = 0 }
/^\*.* · / && match($0, /[0-9]+ minutes/) && !annoncee { annoncee = substr($0, RSTART) + 0 }
/^<!--/ { next }
{ gsub(/\]\([^)]*\)|<[^>]*>/, ""); ajouter(mots($0), 0) }
END { finir() }
