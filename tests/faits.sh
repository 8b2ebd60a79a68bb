#!/usr/bin/env bash
# Les faits du programme et leurs preuves. Chaque fait de tests/programme.tsv a un numéro. Une preuve le
# cite avec le texte qui le tranche : juste avant une scène du cours (la notation est dans
# scripts/scenes.sh), ou juste avant un test bats (de tests/, ou d'un modèle), dont le corps contient ce
# texte : « # preuve : GEN-01 « EMFILE » ». Et dans une page, n'importe où, seule sur sa ligne :
#
#   <!-- dit : GEN-01 GEN-02 -->      c'est ici que le lecteur l'apprend ; un test le prouve
#   <!-- documentaire : TCP-socket-35 « man 2 socket, STANDARDS » -->    aucune exécution ne peut le montrer : une
#                                     histoire, une convention ; où c'est écrit
#
# Un fait qui attend un programme à venir le dit dans programme.tsv, troisième champ.
#
#   tests/faits.sh                            par chapitre, ce qui est prouvé ; puis les faits qui ne le sont pas
#   tests/faits.sh --manquants                les faits qui n'ont ni preuve écrite, ni raison de n'en pas avoir ; et ceux
#                                             qu'un test prouve sans qu'aucune page les dise
#   tests/faits.sh --verifier [cours.md...]   seulement les fautes : celles de ces pages, ou, sans page, de
#                                             tout le cours et des tests
#
# Ne compte que ce qui a été joué jusqu'au bout, d'après les registres (tests/registre.sh). Rend 1 s'il y a
# une faute. Un fait sans preuve n'en est pas une : c'est du travail à faire.
set -euo pipefail
export LC_ALL=C.UTF-8
dossier_des_tests=$(CDPATH='' cd "$(dirname "$0")" && pwd)
source "$dossier_des_tests/../scripts/chapitres.sh"
source "$dossier_des_tests/../scripts/scenes.sh"
source "$dossier_des_tests/registre.sh"

verifier='' manquants='' avec_les_tests=oui
case ${1:-} in
--manquants) manquants=oui
    shift ;;
-h | --help) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"
    exit ;;
--verifier) verifier=oui
    shift
    [ $# -eq 0 ] || avec_les_tests='' ;;
esac
[ $# -gt 0 ] || { mapfile -t pages < <(pages_du_cours); set -- "${pages[@]/#/$racine/}"; }

bac=$(mktemp -d)
trap 'rm -rf "$bac"' EXIT
mkdir "$bac"/{scenes,tests}
touch "$bac"/{preuves,corps,joues,etats,dires}

# Remplit dires (dit ou documentaire, LIEU, FAIT TEXTE), d'après ces pages, hors de leurs blocs.
lire_les_dires() {   # PAGE...
    awk -v racine="$racine/" '/^```/ { bloc = !bloc } !bloc && match($0, /^<!-- (dit|documentaire) : .* -->$/) {
            sorte = $2; sub(/^<!-- [a-z]+ : /, ""); sub(/ -->$/, "")
            lieu = FILENAME; if (index(lieu, racine) == 1) lieu = substr(lieu, length(racine) + 1)
            print sorte "\t" lieu ":" FNR "\t" $0
        }' "$@" | preuves_eclater > "$bac/dires"
}

# Remplit preuves (NUMÉRO, LIEU, FAIT TEXTE) et corps (NUMÉRO, une ligne du test).
lire_les_tests() {
    tests_deposer "$bac/tests"
    preuves_eclater < "$bac/tests/preuves" > "$bac/preuves"
    (cd "$bac/tests" && cut -f 1 preuves | sed '/^-/d' | uniq |
        xargs -r awk 'FNR > 1 && !/^ *#/ { print FILENAME "\t" $0 }') > "$bac/corps"
}

# Remplit joues (« scène » NUMÉRO, « test » NUMÉRO) et etats (REGISTRE ÉTAT).
lire_les_registres() {
    local registre
    for registre in laboratoire personne tests; do
        printf '%s\t%s\n' "$registre" "$(registre_etat "$registre")" >> "$bac/etats"
    done
    scenes_deposer "$bac/scenes" < "$bac/etapes"
    rm -f "$bac/scenes/000"
    awk 'NR == FNR { vue[$1] = 1; next } $2 in vue { print "scène\t" $1 + 0 }' \
        <(registre_valable laboratoire; registre_valable personne; echo) \
        <(empreintes_des_scenes "$bac/scenes") >> "$bac/joues"
    awk 'NR == FNR { vue[$1] = 1; next } $2 in vue { print "test\t" $1 }' \
        <(registre_valable tests; echo) "$bac/tests/index" >> "$bac/joues"
}

scenes_lire "$@" > "$bac/etapes"
lire_les_dires "$@"
[ -z "$avec_les_tests" ] || lire_les_tests
[ "$verifier$manquants" ] || lire_les_registres

awk -F '\t' -v verifier="$verifier" -v manquants="$manquants" -v avec_les_tests="$avec_les_tests" '
    lu == "faits" { ordre[++total] = $1; enonce[$1] = $2; attend[$1] = $3; next }
    lu == "dires" {
        texte = f = $3; sub(/ .*/, "", f); sub(/^[^ ]* /, "", texte)
        dire($1, $2, f, texte)
        next
    }
    lu == "étapes" {
        texte = $0; for (i = 1; i <= 5; i++) sub(/^[^\t]*\t/, "", texte)
        if ($5 == "preuve") citer("scène", $1, $3, texte)
        else if ($5 == "faute" && texte ~ /^preuve/) faute($3, texte)
        else if ($5 == "ligne") dit["scène", $1] = dit["scène", $1] "\n" texte
        else if ($5 == "attend") dit["scène", $1] = dit["scène", $1] "\n(attend)"
        next
    }
    lu == "preuves" {
        if ($1 == "-") faute($2, "preuve : pas de test juste après")
        else citer("test", $1, $2, substr($0, length($1 $2) + 3))
        next
    }
    lu == "corps" { dit["test", $1] = dit["test", $1] "\n" substr($0, length($1) + 2); next }
    lu == "joués" { joue[$1, $2] = 1; next }
    lu == "états" { etat[$1] = $2 }

    function citer(sorte, numero, lieu, texte) {
        citations++
        de[citations] = sorte; quelle[citations] = numero; ou[citations] = lieu
        fait[citations] = texte; sub(/ .*/, "", fait[citations])
        sub(/^[^ ]* /, "", texte); cite[citations] = texte
    }
    function faute(lieu, texte) { print lieu " : " texte; fautes++ }
    function dire(sorte, lieu, f, texte) {
        if (!(f in enonce)) faute(lieu, "fait inconnu : " f)
        else if (sorte == "dit") dits[f] = lieu
        else if (texte == "") faute(lieu, f " : où est-ce écrit ?")
        else documents[f] = lieu
    }
    function explique(f) {
        return (f, "scène") in ecrite || ((f, "test") in ecrite && f in dits) || f in documents || attend[f] != ""
    }
    # Ce qui est dit prouvé l\047est par un test ; ce qui est documentaire, ou attendu, ne l\047est pas.
    function verifier_les_dires(   f) {
        for (f in dits)
            if (avec_les_tests != "" && !((f, "test") in ecrite) && !((f, "scène") in ecrite))
                faute(dits[f], f " : rien ne le prouve")
        for (f in documents)
            if ((f, "test") in ecrite || (f, "scène") in ecrite) faute(documents[f], f " : documentaire, et prouvé")
        for (f in attend)
            if (attend[f] != "" && ((f, "test") in ecrite || (f, "scène") in ecrite))
                faute("tests/programme.tsv", f " : attendu, et prouvé")
    }

    # Vrai si la citation tient : un fait connu, un texte que la scène ou le test contient.
    function tient(c,   ici) {
        ici = de[c] == "scène" ? "une sortie de cette scène" : "le corps de ce test"
        if (!(fait[c] in enonce)) faute(ou[c], "fait inconnu : " fait[c])
        else if (cite[c] == "") faute(ou[c], fait[c] " : le texte qui le tranche manque, entre « et »")
        else if (index(cite[c], "…")) faute(ou[c], fait[c] " : « … » ne tranche rien, dans « " cite[c] " »")
        else if (!index(dit[de[c], quelle[c]], cite[c]))
            faute(ou[c], fait[c] " : « " cite[c] " » ne se lit pas dans " ici)
        else return 1
        return 0
    }
    # Une scène qui prouve tout ne prouve rien.
    function compter_par_scene(c,   scene) {
        scene = quelle[c]
        if (de[c] == "scène" && !((scene, fait[c]) in vu)) {
            vu[scene, fait[c]] = 1
            if (++par_scene[scene] == 7) faute(ou[c], "plus de six faits pour une scène")
        }
    }
    function ligne(c) {
        printf "%-20s %18d %17d %13d %8d %12d\n", c, nombre[c, 1], nombre[c, 2], nombre[c, 3], nombre[c, 4], \
            nombre[c, 5]
    }
    function montrer(titre, liste) { if (liste != "") print "\n" titre " :" liste }

    END {
        for (c = 1; c <= citations; c++) {
            compter_par_scene(c)
            if (!tient(c)) continue
            ecrite[fait[c], de[c]] = 1
            if (joue[de[c], quelle[c]]) prouve[fait[c], de[c]] = 1
        }
        if (manquants != "") {
            for (i = 1; i <= total; i++) if (!explique(ordre[i])) print ordre[i] "\t" enonce[ordre[i]]
            exit
        }
        verifier_les_dires()
        if (verifier != "") exit fautes > 0

        for (registre in etat) if (etat[registre] == "valable") valables++
        if (!valables) print "Rien de joué n\047est connu ici, rien n\047est compté : lancez make test."
        for (i = split("tests personne laboratoire", noms, " "); i > 0; i--)
            if (etat[noms[i]] != "valable") print "registre « " noms[i] " » : " etat[noms[i]]
        if (!valables) exit fautes > 0

        for (i = 1; i <= total; i++) {
            f = ordre[i]; chapitre = f; sub(/-[0-9]+$/, "", chapitre)
            if (!(chapitre in rangs)) { rangs[chapitre] = 1; chapitres[++rang] = chapitre }
            colonne = (f, "scène") in prouve || ((f, "test") in prouve && f in dits) ? 1 : \
                (f, "test") in prouve ? 2 : f in documents ? 3 : attend[f] != "" ? 4 : 5
            nombre[chapitre, colonne]++; somme[colonne]++
            if (colonne == 4) attendus = attendus "\n  " f " (" attend[f] ") " enonce[f]
            else if (colonne == 5 && ((f, "scène") in ecrite || (f, "test") in ecrite))
                pas_jouees = pas_jouees "\n  " f " " enonce[f]
            else if (colonne == 5) sans = sans "\n  " f " " enonce[f]
            else if (colonne == 2) tus = tus "\n  " f " " enonce[f]
        }
        print "                     prouvé et enseigné  prouvé seulement  documentaire  attendu  sans preuve"
        for (i = 1; i <= rang; i++) ligne(chapitres[i])
        for (i = 1; i <= 5; i++) nombre["en tout", i] = somme[i]
        ligne("en tout")
        montrer("Une preuve est écrite, mais n\047a pas été jouée depuis la dernière retouche", pas_jouees)
        montrer("Prouvé par un test, et dit nulle part", tus)
        montrer("Attend un programme à venir", attendus)
        montrer("Encore sans preuve", sans)
        exit fautes > 0
    }' lu=faits "$racine/tests/programme.tsv" lu=dires "$bac/dires" lu=étapes "$bac/etapes" lu=preuves "$bac/preuves" \
    lu=corps "$bac/corps" lu=joués "$bac/joues" lu=états "$bac/etats"
