# Écrit, pour gnuplot, une courbe par modèle : son nom, puis « connexions débit p99(ms) » ; deux lignes vides entre
# deux. Avec « dessin=oui », le dessin lui-même, pour un terminal.

# Une barre contre celle de la limite ; d'une attente, le quart.
function case_de(quoi, modele, x,    valeur_lue) {
    valeur_lue = mediane(x, modele, quoi)
    if (valeur_lue == "") return "·"
    return gauche(barre(rapport(x, modele, quoi, x, "limite") / (quoi == "p99" ? 4 : 1), 5, 6), 7) \
        (quoi == "p99" ? duree(valeur_lue) : nombre(valeur_lue))
}

function dessiner(quoi,    m, i, ligne) {
    ligne = blancs(12)
    for (i = 1; i <= nb_x; i++) ligne = ligne gauche(titre(abscisses[i]), 17)
    sub(/ +$/, "", ligne)
    print ligne
    for (m = 1; m <= nb_modeles; m++) {
        ligne = ""
        for (i = 1; i <= nb_x; i++) ligne = ligne gauche(case_de(quoi, modeles[m], abscisses[i]), 17)
        if (ligne ~ /^(· *)*$/) continue
        sub(/ +$/, "", ligne)
        print "  " gauche(modeles[m], 10) ligne
    }
}

END {
    for (s = 1; s <= nb_scenarios; s++) if (scenarios[s] ~ /^[0-9]+$/) abscisses[++nb_x] = scenarios[s]
    if (dessin) {
        print "Débit (requêtes/s ; cinq cases : autant que la limite)"
        dessiner("debit")
        print ""
        print "p99 (une attente sur cent est plus longue ; cinq cases : quatre fois la limite)"
        dessiner("p99")
        exit
    }
    for (m = 1; m <= nb_modeles; m++) {
        courbe = ""
        for (i = 1; i <= nb_x; i++)
            if (mediane(abscisses[i], modeles[m], "debit") != "")
                courbe = courbe abscisses[i] " " mediane(abscisses[i], modeles[m], "debit") " " \
                    mediane(abscisses[i], modeles[m], "p99") / 1000 "\n"
        if (courbe != "") printf "%s\"%s\"\n%s", tracees++ ? "\n\n" : "", modeles[m], courbe
    }
}
