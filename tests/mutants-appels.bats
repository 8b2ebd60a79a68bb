#!/usr/bin/env bats
# Ce que seul un appel faussé montre : la faute (tests/mutants.tsv) est vue par son test de serveur-plusieurs.bats.
# bats file_tags=complet

setup() { load aide; load mutants; }

@test "se voit : un serveur qui meurt d'un client reparti pendant accept" { est_vu_par_son_test "meurt d'un client reparti pendant accept"; }
@test "se voit : un serveur qui meurt quand la machine n'a plus de descripteurs" { est_vu_par_son_test "meurt quand la machine n'a plus de descripteurs"; }
@test "se voit : un serveur qui meurt d'un accept sans mémoire" { est_vu_par_son_test "meurt d'un accept sans mémoire"; }
@test "se voit : un serveur qui prend un recv interrompu pour une fin" { est_vu_par_son_test "prend un recv interrompu pour une fin"; }
@test "se voit : un serveur qui prend un send interrompu pour une fin" { est_vu_par_son_test "prend un send interrompu pour une fin"; }
@test "se voit : un serveur qui meurt de ne pouvoir écrire tout de suite" { est_vu_par_son_test "meurt de ne pouvoir écrire tout de suite"; }
@test "se voit : un serveur qui meurt d'un fork refusé" { est_vu_par_son_test "meurt d'un fork refusé"; }
@test "se voit : un serveur qui oublie le client dont le fil est refusé" { est_vu_par_son_test "oublie le client dont le fil est refusé"; }
@test "se voit : un serveur qui ne sait pas se passer d'IPv6" { est_vu_par_son_test "ne sait pas se passer d'IPv6"; }
@test "se voit : un serveur qui répond ligne à ligne" { est_vu_par_son_test "répond ligne à ligne"; }
@test "se voit : un serveur qui n'a pas de place pour un client, et ne le dit pas" { est_vu_par_son_test "n'a pas de place pour un client, et ne le dit pas"; }
@test "se voit : un serveur qui garde sa trace dans un tampon" { est_vu_par_son_test "garde sa trace dans un tampon"; }
@test "se voit : un serveur qui laisse ses fils derrière lui" { est_vu_par_son_test "laisse ses fils derrière lui"; }
