# Lu avant tableau.awk, barres.awk ou courbes.awk : range les mesures de scripts/banc.sh, en tire médianes, étendues
# et rapports, et sait les écrire. À lancer avec LC_ALL=C : mawk et gawk comptent alors pareillement.
#
# valeur[scénario, modèle, colonne, tour], note[scénario, modèle] ; scenarios[1…], modeles[1…] dans l'ordre de l'en-tête.

BEGIN { FS = "\t" }

# L'ordre des modèles, et non celui où les tours les ont joués.
/^# modeles : / { sub(/^# modeles : /, ""); nb_modeles = split($0, modeles, " ") }
/^# réserve : / { reserve = $0; sub(/^# réserve : /, "", reserve) }
/^#/ { next }
$1 == "tour" { for (i = 4; i <= NF; i++) colonne[i] = $i; next }
NF > 3 {
    if (!($2 in vu)) { vu[$2] = 1; scenarios[++nb_scenarios] = $2 }
    for (i = 4; i <= NF; i++)
        if ($i == "-") continue
        else if (colonne[i] == "note") note[$2, $3] = $i
        else valeur[$2, $3, colonne[i], $1] = $i
    joue[$2, $3] = 1
    if ($1 + 0 > tours) tours = $1 + 0
}

# ─── Calculer : "" quand rien n'a été mesuré ───

# Ce que la limite a fait à côté de ce modèle, tranche contre tranche : la machine accélère ou ralentit pour les deux
# ensemble. Des mesures d'avant les tranches : ce qu'elle a fait au même tour.
function a_cote(scenario, modele, quoi, t,    c) {
    c = quoi == "debit" ? "limite" : quoi "_limite"
    if ((scenario, modele, c, t) in valeur) return valeur[scenario, modele, c, t] + 0
    return (scenario, "limite", quoi, t) in valeur ? valeur[scenario, "limite", quoi, t] + 0 : 0
}

# Range dans « v » ce que ce modèle a fait à chaque tour, trié ; avec un repère, divisé par ce que lui a fait au même
# tour ; et si tous deux ont joué le même scénario, chacun d'abord par la limite à côté de lui. Rend le nombre de tours.
function serie(v, scenario, modele, quoi, repere_scenario, repere,    n, t, i, x) {
    n = 0
    for (t = 1; t <= tours; t++) {
        if (!((scenario, modele, quoi, t) in valeur)) continue
        x = valeur[scenario, modele, quoi, t] + 0
        if (repere != "") {
            if (!((repere_scenario, repere, quoi, t) in valeur)) continue   # la lire la créerait
            if (valeur[repere_scenario, repere, quoi, t] + 0 == 0) continue
            x /= valeur[repere_scenario, repere, quoi, t]
            if (repere == "limite") x = valeur[scenario, modele, quoi, t] / a_cote(scenario, modele, quoi, t)
            else if (scenario == repere_scenario && a_cote(scenario, modele, quoi, t) > 0)
                x *= a_cote(scenario, repere, quoi, t) / a_cote(scenario, modele, quoi, t)
        }
        for (i = n++; i > 0 && v[i] > x; i--) v[i + 1] = v[i]
        v[i + 1] = x
    }
    return n
}

function milieu(v, n) { return n == 0 ? "" : n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2 }

function mediane(scenario, modele, quoi,    v, n) {
    n = serie(v, scenario, modele, quoi)
    return milieu(v, n)
}

# Du moindre au plus grand, en part de la médiane.
function etendue(scenario, modele, quoi,    v, n) {
    n = serie(v, scenario, modele, quoi)
    return n == 0 || milieu(v, n) == 0 ? "" : (v[n] - v[1]) / milieu(v, n)
}

# La médiane des rapports, tour par tour.
function rapport(scenario, modele, quoi, repere_scenario, repere,    v, n) {
    n = serie(v, scenario, modele, quoi, repere_scenario, repere)
    return milieu(v, n)
}

function somme(scenario, modele, quoi,    t, total) {
    for (t = 1; t <= tours; t++) if ((scenario, modele, quoi, t) in valeur) total += valeur[scenario, modele, quoi, t]
    return total + 0
}

# ─── Écrire ───

function decimal(x, decimales) {
    if (x == "") return "–"
    x = sprintf("%." decimales "f", x)
    sub(/\./, ",", x)
    return x
}

# Trois chiffres à la fois : 118 204
function nombre(x,    debut) {
    if (x == "") return "–"
    x = sprintf("%.0f", x)
    for (debut = ""; length(x) > 3; x = substr(x, 1, length(x) - 3)) debut = " " substr(x, length(x) - 2) debut
    return x debut
}

# Un rapport, avec les décimales qui disent quelque chose : 0,98 ; 1,5 ; 212
function fois(x) { return x == "" ? "–" : decimal(x, x < 9.995 ? 2 : x < 99.95 ? 1 : 0) }

function duree(us) {
    if (us == "") return "–"
    return us < 999.5 ? decimal(us, 0) " µs" : us < 9995 ? decimal(us / 1000, 2) " ms" : us < 999500 ? decimal(us / 1000, 0) " ms" : decimal(us / 1000000, 1) " s"
}

# Ce que l'œil compte : les caractères, pas les octets.
function largeur(s) { gsub(/[\200-\277]/, "", s); return length(s) }
function blancs(n) { return sprintf("%" (n > 0 ? n : 0) "s", "") }
function droite(s, l) { return blancs(l - largeur(s)) s }
function gauche(s, l) { return s blancs(l - largeur(s)) }

# Une barre de « pleine » cases pour 1, « au_plus » en tout ; une demi-case au moins pour ce qui n'est pas rien.
function barre(x, pleine, au_plus,    demies, s) {
    if (x == "") return ""
    demies = int(2 * pleine * x + 0.5)
    if (demies < 1) demies = 1
    if (demies > 2 * au_plus) demies = 2 * au_plus
    for (s = ""; demies >= 2; demies -= 2) s = s "█"
    return s (demies ? "▌" : "")
}

# « 64 » : « 64 connexions »
function titre(scenario) {
    if (scenario == "1") return "1 connexion"
    if (scenario ~ /^[0-9]+$/) return nombre(scenario) " connexions"
    if (scenario == "breves") return "64 connexions, une par requête"
    if (scenario == "rafales") return "64 connexions, 16 requêtes à la fois"
    if (scenario == "inactives") return "64 connexions, et 1 000 qui se taisent"
    if (scenario == "foule") return "64 connexions, et 9 936 qui se taisent"
    if (scenario == "coeurs") return "64 connexions, tous sur tous les cœurs, une charge par cœur"
    if (scenario == "memoire") return "mémoire, par connexion qui se tait"
    return scenario
}
