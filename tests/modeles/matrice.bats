#!/usr/bin/env bats
# Chaque chapitre face au netcat @NETCAT@, comme son en-tête le demande. Une case, un vrai échange.
# bats file_tags=@ETIQUETTE@

setup() { load ../../tests/aide; }

case_juste() {   # PROGRAMME NUMÉRO_DE_FACE
    run "$RACINE/tests/matrice.sh" --case "$1" @NETCAT@ "$2"
    echo "$output"
    case $status in
    3) manque_a_la_variante "ce netcat ne sait pas le faire" ;;
    4) manque "le netcat @NETCAT@ est absent" ;;
    5) manque "cette machine n'a pas IPv6" ;;
    *) [ "$status" -eq 0 ] ;;
    esac
}

# --- la suite, une fois par face
@test "@PROGRAMME@, face @NUMERO@, dialogue avec @NETCAT@" { case_juste @PROGRAMME@ @NUMERO@; }
