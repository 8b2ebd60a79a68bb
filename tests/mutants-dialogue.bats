#!/usr/bin/env bats
# Chaque sonde des serveurs à plusieurs clients est vue rouge : un serveur juste, où l'on met une seule faute
# (tests/mutants.tsv), est pris par la sonde qui la cherche ; les sondes plus simples, jouées avant, ne
# l'accusent de rien. Ici, le dialogue ; et tous les comptes.
# bats file_tags=complet

setup() { load aide; load mutants; }

@test "chaque sonde a son mutant, chaque mutant son test, et chaque sonde son test par serveur" {
    verifier_egal "$("$RACINE/build/tests/sondes" --liste | cut -d ' ' -f 1 | sort)" "$(cut -f 2 "$RACINE/tests/mutants.tsv" | grep -v '^test : ' | sort -u)"
    verifier_egal "$(cut -f 1 "$RACINE/tests/mutants.tsv" | sort -u)" \
        "$(sed -nE 's/^@test .*\{ (est_pris|est_vu_par_son_test) "(.*)"; \}$/\2/p' "$RACINE"/tests/mutants*.bats | sort)"
    verifier_egal "$("$RACINE/build/tests/sondes" --liste | cut -d ' ' -f 1 | sort)" \
        "$(grep -E '^(@test|    juger)' "$RACINE/tests/modeles/serveur-plusieurs.bats" | grep -oP '(tient|tient_le_delai|s_acheve|juger) \K[a-z-]+' | sort -u)"
}

@test "se voit : un serveur qui ferme après la première réponse" { est_pris "ferme après la première réponse"; }
@test "se voit : un serveur qui envoie le zéro final" { est_pris "envoie le zéro final"; }
@test "se voit : un serveur qui n'écoute qu'en IPv6" { est_pris "n'écoute qu'en IPv6"; }
@test "se voit : un serveur qui prend une lecture pour un message" { est_pris "prend une lecture pour un message"; }
@test "se voit : un serveur qui oublie ce qui suit la première ligne" { est_pris "oublie ce qui suit la première ligne"; }
@test "se voit : un serveur qui prend un \r pour une fin de ligne" { est_pris "prend un \r pour une fin de ligne"; }
@test "se voit : un serveur qui s'arrête au premier zéro" { est_pris "s'arrête au premier zéro"; }
@test "se voit : un serveur qui n'a de place que pour 4096 octets" { est_pris "n'a de place que pour 4096 octets"; }
@test "se voit : un serveur qui dialogue avec un client jusqu'au bout" { est_pris "dialogue avec un client jusqu'au bout"; }
@test "se voit : un serveur qui ne regarde plus les sockets après celle qui part" { est_pris "ne regarde plus les sockets après celle qui part"; }
@test "se voit : un serveur qui prend EINTR pour une erreur" { est_pris "prend EINTR pour une erreur"; }
@test "se voit : un serveur qui raccroche avant d'avoir lu ce qui est venu" { est_pris "raccroche avant d'avoir lu ce qui est venu"; }
@test "se voit : un serveur qui prend un gel pour un silence" { est_pris "prend un gel pour un silence"; }
@test "se voit : un serveur qui prend SIGCHLD pour un arrêt" { est_pris "prend SIGCHLD pour un arrêt"; }
@test "se voit : un serveur qui partage une variable entre les fils" { est_pris "partage une variable entre les fils"; }
@test "se voit : un serveur qui ignore la fin du flux" { est_pris "ignore la fin du flux"; }
@test "se voit : un serveur qui attend à la fois de lire et d'écrire" { est_pris "attend à la fois de lire et d'écrire"; }
@test "se voit : un serveur qui oublie la dernière ligne, sans \n" { est_pris "oublie la dernière ligne, sans \n"; }
@test "se voit : un serveur qui admet des lignes trop longues" { est_pris "admet des lignes trop longues"; }
@test "se voit : un serveur qui ferme sans lire la suite" { est_pris "ferme sans lire la suite"; }
