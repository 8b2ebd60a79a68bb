# Écrit un tableau par scénario, une ligne par modèle : la médiane, son étendue, et son rapport à la limite.

function entete_de(scenario) {
    print titre(scenario)
    if (scenario == "memoire") {
        print "               octets   sur"
        return
    }
    print gauche("", 12) droite(scenario == "breves" ? "clients/s" : "requêtes/s", 10) droite("étendue", 9) \
        droite("limite", 8) gauche("", 16) droite("p99", 9) droite("limite", 8)
}

# Ce qu'il faut savoir avant de croire la ligne.
function reserves(scenario, modele,    dit) {
    if (mediane(scenario, modele, "coeur") >= 0.9) dit = " *"
    if (somme(scenario, modele, "erreurs") > 0) dit = dit " !" somme(scenario, modele, "erreurs")
    return dit
}

function ligne(scenario, modele,    x) {
    if (scenario == "memoire") {
        print "  " gauche(modele, 10) droite(nombre(mediane(scenario, modele, "octets")), 9) \
            droite(nombre(mediane(scenario, modele, "connexions")), 6)
        return
    }
    x = rapport(scenario, modele, "debit", scenario, "limite")
    print "  " gauche(modele, 10) droite(nombre(mediane(scenario, modele, "debit")), 10) \
        droite(decimal(100 * etendue(scenario, modele, "debit"), 0) " %", 9) droite(fois(x), 8) \
        "  " gauche(barre(x, 12, 14), 14) droite(duree(mediane(scenario, modele, "p99")), 9) \
        droite(fois(rapport(scenario, modele, "p99", scenario, "limite")), 8) reserves(scenario, modele)
}

END {
    for (s = 1; s <= nb_scenarios; s++) {
        if (s > 1) print ""
        entete_de(scenarios[s])
        for (m = 1; m <= nb_modeles; m++) {
            if (!((scenarios[s], modeles[m]) in joue)) continue
            if (mediane(scenarios[s], modeles[m], scenarios[s] == "memoire" ? "octets" : "debit") == "")
                print "  " gauche(modeles[m], 10) "   " note[scenarios[s], modeles[m]]
            else ligne(scenarios[s], modeles[m])
        }
    }
    print ""
    print (tours > 1 ? "Médianes de " tours " tours" : "Un tour") (reserve == "" ? "" : ", " reserve) \
        ". « limite » : rapport à la boucle nue" (reserve == "" ? ", à côté." : ".")
    print "* : la charge prenait tout son cœur, le serveur attendait. !3 : trois erreurs."
}
