#!/usr/bin/env bats
# Chaque appel d'un chapitre échoue, une fois, deux fois, toujours ; et chaque envoi, chaque lecture n'avancent que d'un
# octet. Ce qu'il doit devenir est dans tests/pannes.tsv.

setup() { load ../../tests/aide; }

# bats test_tags=complet
@test "@PROGRAMME@ : aucun appel manqué ne le bloque, ne l'emballe, ne le tue ni ne passe sous silence" {
    exiger_outil strace
    exiger_espace
    if avec_asan; then manque_a_la_variante 'ASan ne veut pas de strace'; fi
    run "$RACINE/tests/pannes.sh" --un @PROGRAMME@
    echo "$output"
    [ "$status" -eq 0 ]
}
