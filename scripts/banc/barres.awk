# Écrit chaque barre que le cours s'est fixée : ce qui est mesuré, ce que l'on en attend, tenu ou non. Deux cœurs,
# le serveur et la charge chacun le sien.

# est_pair[…] : les serveurs tout faits.
BEGIN { n = split(pairs, liste, " "); for (i = 1; i <= n; i++) est_pair[liste[i]] = 1 }

function juger(quoi, mesure, sens, borne, ecrit, borne_ecrite,    verdict) {
    verdict = mesure == "" ? "non mesuré" : (sens == "≥" ? mesure >= borne : mesure <= borne) ? "tenu" : "non tenu"
    print "  " gauche(quoi, 46) droite(ecrit == "" ? "–" : ecrit, 8) "   " gauche(sens " " borne_ecrite, 8) "  " verdict
}

function juger_rapport(quoi, mesure, sens, borne) {
    juger(quoi, mesure, sens, borne, fois(mesure), decimal(borne, borne == int(borne) ? 0 : borne * 10 == int(borne * 10) ? 1 : 2))
}

# Le meilleur des serveurs tout faits : celui qui va le plus vite, en médiane.
function meilleur_pair(scenario,    m, x, meilleur, rapide) {
    for (m = 1; m <= nb_modeles; m++) {
        x = est_pair[modeles[m]] ? mediane(scenario, modeles[m], "debit") : ""
        if (x != "" && x > rapide) { rapide = x; meilleur = modeles[m] }
    }
    return meilleur
}

function face_aux_pairs(scenario, borne,    pair) {
    pair = meilleur_pair(scenario)
    juger_rapport("epoll / " (pair == "" ? "tout faits" : pair) ", " titre_court(scenario), \
        pair == "" ? "" : rapport(scenario, "epoll", "debit", scenario, pair), "≥", borne)
}

function titre_court(scenario) { return scenario == "breves" ? "une requête chacune" : titre(scenario) }

END {
    print gauche("Barre", 48) droite("mesuré", 8) "   attendu"
    juger_rapport("epoll / limite, 64 connexions", rapport("64", "epoll", "debit", "64", "limite"), "≥", 0.97)
    juger_rapport("epoll / limite, 1 000 connexions", rapport("1000", "epoll", "debit", "1000", "limite"), "≥", 0.97)
    juger_rapport("epoll / limite, une requête chacune", rapport("breves", "epoll", "debit", "breves", "limite"), "≥", 0.97)
    juger_rapport("epoll / limite, 16 requêtes à la fois", rapport("rafales", "epoll", "debit", "rafales", "limite"), "≥", 0.8)
    face_aux_pairs("64", 1.5)
    face_aux_pairs("1000", 1.5)
    face_aux_pairs("breves", 10)
    juger_rapport("p99 d'epoll / limite, 1 000 connexions", rapport("1000", "epoll", "p99", "1000", "limite"), "≤", 1.1)
    rate = ("foule", "epoll") in joue ? somme("foule", "epoll", "erreurs") : ""
    juger("10 000 connexions, 64 actives : erreurs", rate, "≤", 0, nombre(rate), "0")
    juger_rapport("  et leur débit / les 64 seules", rapport("foule", "epoll", "debit", "64", "epoll"), "≥", 0.9)
    juger("  et la mémoire de chacune (octets)", mediane("memoire", "epoll", "octets"), "≤", 512, \
        nombre(mediane("memoire", "epoll", "octets")), "512")
    juger_rapport("prefork / epoll, tous les cœurs à tous", rapport("coeurs", "prefork", "debit", "coeurs", "epoll"), "≥", 1)
    print ""
    print "Beaucoup d'octets, face à iperf3 : scripts/transfert.sh"
    print "Tenir bon, quoi que fasse le client : tests/feu.sh"
}
