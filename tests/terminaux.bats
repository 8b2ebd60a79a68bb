#!/usr/bin/env bats
# Les terminaux à clavier des scripts, et l'attente d'un port.
# bats file_tags=complet

load aide
load depot

# Lit la suite d'un terminal, jusqu'à la fin de sa commande : ses lignes, puis « fin » et le code.
lire_tout() {   # NOM
    local rendu
    while rendu=0; terminal_lire "$1" 10 || rendu=$?; [ $rendu -eq 0 ]; do echo "$ligne"; done
    [ $rendu -eq 2 ] && echo "fin $code"
}

@test "un terminal rend les lignes de la commande, puis sa fin et son code, même sans \\n final" {
    export TMPDIR=$BATS_TEST_TMPDIR
    source "$RACINE/scripts/terminaux.sh"
    terminal_lancer t 'printf "une\n\nsans fin"; (exit 3)'
    verifier_egal $'une\n\nsans fin\nfin 3' "$(lire_tout t)"
    terminaux_fermer
}

@test "un terminal a un clavier ; y taper quand la commande est finie se sait" {
    export TMPDIR=$BATS_TEST_TMPDIR
    source "$RACINE/scripts/terminaux.sh"
    run terminal_taper t rien
    [ "$status" -eq 1 ]
    terminal_lancer t 'read -r mot; echo "lu : $mot"; cat'
    terminal_taper t Bonjour
    terminal_lire t 10
    verifier_egal 'lu : Bonjour' "$ligne"
    terminal_taper t encore
    terminal_finir_saisie t
    verifier_egal $'encore\nfin 0' "$(lire_tout t)"
    terminal_lancer t true
    attendre 10 clavier_mort t
    terminaux_fermer
}
clavier_mort() { ! terminal_taper "$1" texte; }

@test "Ctrl-C dans un terminal arrête la commande, et lui garde son shell, ses variables, son code" {
    export TMPDIR=$BATS_TEST_TMPDIR
    source "$RACINE/scripts/terminaux.sh"
    terminal_lancer t 'gardee=oui; echo pret; sleep 1000'
    terminal_lire t 10
    terminal_interrompre t
    local rendu=0
    terminal_lire t 10 || rendu=$?
    verifier_egal 2:130 "$rendu:$code"
    terminal_lancer t 'echo $? $gardee'
    verifier_egal $'130 oui\nfin 0' "$(lire_tout t)"
    terminaux_fermer
}

@test "fermer les terminaux ne laisse ni processus ni fichier, même d'une commande sourde" {
    export TMPDIR=$BATS_TEST_TMPDIR
    source "$RACINE/scripts/terminaux.sh"
    export TMPDIR=$BATS_TEST_TMPDIR/tmp TERMINAL_FERME=$BATS_TEST_NUMBER-$RANDOM
    mkdir "$TMPDIR"
    terminal_lancer 'un nom, avec des espaces' 'trap "" INT TERM HUP; echo sourd; sleep 1000 & sleep 1000'
    terminal_lire 'un nom, avec des espaces' 10
    terminaux_fermer
    [ -z "$(ls -A "$TMPDIR")" ]
    local marque=$TERMINAL_FERME
    unset TERMINAL_FERME
    attendre 5 sans_processus "TERMINAL_FERME=$marque"
}

@test "un terminal que sa commande ferme se sait, et se rouvre" {
    export TMPDIR=$BATS_TEST_TMPDIR
    source "$RACINE/scripts/terminaux.sh"
    terminal_lancer t 'exit 3'
    verifier_egal 'fin 255' "$(lire_tout t)"
    terminaux_fermer
    terminal_lancer t 'echo rouvert'
    verifier_egal $'rouvert\nfin 0' "$(lire_tout t)"
    terminaux_fermer
}

@test "attendre.sh refuse ce qui n'est pas un port et des secondes, sans rien en évaluer" {
    local piege="a[\$(touch $BATS_TEST_TMPDIR/piege)]"
    run -2 "$RACINE/scripts/attendre.sh" tcp 5000 "$piege"
    run -2 "$RACINE/scripts/attendre.sh" tcp "$piege"
    run -2 "$RACINE/scripts/attendre.sh" tcp "5$piege"
    [ ! -e "$BATS_TEST_TMPDIR/piege" ]
    local mots
    for mots in '' tcp 'sctp 5000' 'tcp 0' 'tcp 65536' 'tcp -1' 'tcp 5000 -1' 'tcp 5000 1 1' 'tcp 5000 1.5'; do
        # shellcheck disable=SC2086  # des mots
        run -2 "$RACINE/scripts/attendre.sh" $mots
    done
    run -1 "$RACINE/scripts/attendre.sh" udp 08 0   # du décimal, pas de l'octal
}

@test "attendre.sh dit 0 dès que le port est pris" {
    demarrer_serveur tcp/06-serveur 0
    run -0 "$RACINE/scripts/attendre.sh" tcp "$PORT" 5
    run -1 "$RACINE/scripts/attendre.sh" udp "$PORT" 0
}
