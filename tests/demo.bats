#!/usr/bin/env bats
# La démonstration : chaque programme face à un netcat, racontée dans l'ordre.
# bats file_tags=complet

load aide
load depot

@test "la démonstration joue chaque chapitre qui n'est pas nu, et chaque échange tient dans 24 lignes de 80" {
    run "$RACINE/scripts/demo.sh"
    echo "$output"
    [ "$status" -eq 0 ]
    verifier_egal "$(for chapitre in $(chapitres); do est_nu "$chapitre" || echo "$chapitre"; done)" \
        "$(sed -n 's/^── \(.*\) ── .*/\1/p' <<< "$output" | uniq)"
    LC_ALL=C.UTF-8
    local ligne hauteur=0   # avec la ligne vide qui sépare, ou celle de la pause
    while IFS= read -r ligne; do
        [[ $ligne != '── '* ]] || hauteur=0
        hauteur=$((hauteur + (${#ligne} ? (${#ligne} + 79) / 80 : 1)))
        [ $hauteur -le 24 ] || { echo "trop haut, ici : $ligne"; return 1; }
    done <<< "$output"
}

@test "une trace trop longue est abrégée par son début, sans perdre la suite de l'échange" {
    copier_les_programmes
    remplacer tcp/02-adresse <<< 'for i in {1..60}; do echo "ligne $i"; done'
    run "$depot/scripts/demo.sh" tcp/02-adresse
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -le 24 ]
    verifier_contient "$output" $'$ tcp/02-adresse\n…\nligne 4' 'ligne 60'
}

@test "qui attend est montré le premier, puis qui appelle" {
    run "$RACINE/scripts/demo.sh" tcp/04-client
    [ "$status" -eq 0 ]
    verifier_egal '[en face] [programme] [en face] [programme]' "$(grep '^\[' <<< "$output" | head -n 4 | paste -sd ' ')"
    verifier_contient "$output" $'[en face]\nBonjour\n> ok\n[programme]\n'
    run "$RACINE/scripts/demo.sh" tcp/06-serveur
    [ "$status" -eq 0 ]
    verifier_egal '[programme] [en face] [programme]' "$(grep '^\[' <<< "$output" | head -n 4 | paste -sd ' ')"
    verifier_contient "$output" $'> Bonjour\nok\n'
}

@test "un serveur à plusieurs clients sert le second, quand le premier est là et se tait" {
    run "$RACINE/scripts/demo.sh" tcp/24-serveur-epoll
    [ "$status" -eq 0 ]
    verifier_egal '[programme] [muet] [en face] [programme] [muet] [programme]' \
        "$(grep '^\[' <<< "$output" | head -n 6 | paste -sd ' ')"
    verifier_egal '1 ligne,0 ligne' "$(sed -n 's/^close : .*, \([0-9]* ligne\)/\1/p' <<< "$output" | head -n 2 | paste -sd ,)"
    PATH=$(sans_netcat) run "$RACINE/scripts/demo.sh" tcp/24-serveur-epoll
    [ "$status" -eq 0 ]
    verifier_absent "$output" '[muet]'
}

@test "rien n'est montré comme tapé à qui a été refusé" {
    run "$RACINE/scripts/demo.sh" tcp/05-bind
    [ "$status" -eq 0 ]
    verifier_absent "$output" $'\n> '
    verifier_contient "$output" $'\n$ echo $?\n1\n'
}

@test "la démonstration d'un seul programme ne joue que lui ; un inconnu est refusé" {
    run "$RACINE/scripts/demo.sh" tcp/04-client
    [ "$status" -eq 0 ]
    [ "$(grep -c '^── .* ──' <<< "$output")" -eq 1 ]
    grep -q 'réponse : 2 octets « ok »' <<< "$output"
    run "$RACINE/scripts/demo.sh" tcp/99-rien
    [ "$status" -eq 2 ]
    [[ $output == *"aucun programme"* ]]
}

@test "un programme nu n'est joué que nommé, et « cours » ne le met pas en face d'un autre" {
    local nu joues=0
    for nu in $(chapitres); do
        est_nu "$nu" || continue
        joues=$((joues + 1))
        run -0 "$RACINE/scripts/demo.sh" "$nu"
        verifier_contient "$output" "── $nu ──" "\$ $nu "
        run -0 "$RACINE/scripts/demo.sh" -n cours "$nu"
        [ "$(grep -c '^\$ .*-nu' <<< "$output")" -eq 1 ]
    done
    [ $joues -ge 4 ]
}

@test "un programme qui échoue est montré, compté, et rend le code 1" {
    copier_les_programmes
    remplacer tcp/04-client <<< 'echo "04-client : connect : rien" >&2; exit 1'
    run "$depot/scripts/demo.sh" tcp/04-client
    [ "$status" -eq 1 ]
    verifier_contient "$output" '04-client : connect : rien' '1 échange(s) en échec'
}

# Dans un terminal. Le clavier : ce qui est écrit dans le descripteur CLAVIER ; l'écran : $ecran.
dans_un_terminal() {   # ARGUMENTS DE demo.sh...
    exiger_outil script
    ecran=$BATS_TEST_TMPDIR/ecran
    mkfifo "$BATS_TEST_TMPDIR/clavier"
    exec {CLAVIER}<> "$BATS_TEST_TMPDIR/clavier"
    ENTREE=$BATS_TEST_TMPDIR/clavier demarrer terminal script -qefc "'$RACINE/scripts/demo.sh' $*" "$ecran"
    TERMINAL=$PID
}

@test "dans un terminal, Entrée mène à l'échange suivant, q arrête" {
    dans_un_terminal tcp/01-socket tcp/02-adresse tcp/03-connexion
    attendre_ligne "$ecran" 'Entrée : la suite'
    verifier_absent "@$ecran" 'tcp/02-adresse ──'
    echo >&"$CLAVIER"
    attendre_ligne "$ecran" 'tcp/02-adresse ──'
    attendre_ligne "$ecran" 'Entrée : la suite' 2
    echo q >&"$CLAVIER"
    attendre_fin "$TERMINAL"
    verifier_egal 0 "$code"
    verifier_absent "@$ecran" 'tcp/03-connexion ──'
}

@test "dans un terminal, -c ne s'arrête pas ; Ctrl-C pendant la pause arrête tout" {
    dans_un_terminal -c tcp/01-socket tcp/02-adresse
    attendre_fin "$TERMINAL"
    verifier_egal 0 "$code"
    verifier_absent "@$ecran" 'Entrée : la suite'
    rm "$BATS_TEST_TMPDIR/clavier"
    dans_un_terminal tcp/01-socket tcp/02-adresse
    attendre_ligne "$ecran" 'Entrée : la suite'
    printf '\003' >&"$CLAVIER"
    attendre_fin "$TERMINAL"
    verifier_egal 130 "$code"
}

@test "sans netcat, la démonstration fait se répondre nos programmes, et le dit" {
    PATH=$(sans_netcat) run "$RACINE/scripts/demo.sh" tcp/04-client udp/02-serveur ipv6/03-serveur
    echo "$output"
    [ "$status" -eq 0 ]
    [[ $output == *"Aucun netcat"* ]]
    grep -q '^\$ tcp/06-serveur [1-9]' <<< "$output"
    grep -q '^\$ ipv6/02-client ::1 [1-9]' <<< "$output"
    [ "$(grep -c '^réponse : .* « ok' <<< "$output")" -ge 4 ]
}

@test "SIGTERM, Ctrl-C, SIGHUP sur la démonstration ne laissent ni processus ni fichier" {
    copier_les_programmes
    local signal
    for signal in TERM INT HUP; do
        interrompre $signal "$depot/scripts/demo.sh" tcp/04-client
    done
}
