# Écrit, pour gnuplot, une courbe par modèle : son nom, puis « connexions débit p99(ms) » ; deux lignes vides entre
# deux. Avec « dessin=oui », le dessin lui-même, pour un terminal.

function cas(modele, quoi, x,    repere) {
    repere = mediane(x, "limite", quoi)
    if (repere == "" || repere == 0) return ""
    return mediane(x, modele, quoi) == "" ? "" : mediane(x, modele, quoi) / repere
}

function dessiner(quoi, legende,    m, i, ligne, x) {
    ligne = "  " gauche(legende, 10)
    for (i = 1; i <= nb_x; i++) ligne = ligne gauche(titre(abscisses[i]), 17)
    sub(/ +$/, "", ligne)
    print ligne
    for (m = 1; m <= nb_modeles; m++) {
        ligne = ""
        for (i = 1; i <= nb_x; i++) {
            x = mediane(abscisses[i], modeles[m], quoi)
            # un débit se lit contre celui de la limite ; une attente aussi, huit fois plus loin
            ligne = ligne gauche(x == "" ? "·" : gauche(barre(cas(modeles[m], quoi, abscisses[i]) / (quoi == "p99" ? 4 : 1), 7, 8), 9) \
                (quoi == "p99" ? duree(x) : nombre(x)), 17)
        }
        if (ligne ~ /^(· *)*$/) continue
        sub(/ +$/, "", ligne)
        print "  " gauche(modeles[m], 10) ligne
    }
}

END {
    for (s = 1; s <= nb_scenarios; s++) if (scenarios[s] ~ /^[0-9]+$/) abscisses[++nb_x] = scenarios[s]
    if (dessin) {
        print "Débit (requêtes/s ; sept cases : autant que la limite)"
        dessiner("debit", "")
        print ""
        print "p99 (une attente sur cent est plus longue ; sept cases : quatre fois la limite)"
        dessiner("p99", "")
        exit
    }
    for (m = 1; m <= nb_modeles; m++) {
        if (m > 1) print "\n"
        print "\"" modeles[m] "\""
        for (i = 1; i <= nb_x; i++)
            if (mediane(abscisses[i], modeles[m], "debit") != "")
                print abscisses[i], mediane(abscisses[i], modeles[m], "debit"), mediane(abscisses[i], modeles[m], "p99") / 1000
    }
}
