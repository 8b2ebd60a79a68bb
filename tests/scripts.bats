#!/usr/bin/env bats
# Les scripts : la démonstration, la matrice, les terminaux, les dialectes de netcat, l'installation.

load aide

# Un PATH où n'existent que ces commandes-là.
chemin_reduit() {   # COMMANDES...
    mkdir -p "$BATS_TEST_TMPDIR/bin"
    local commande
    for commande; do ln -sf "$(command -v "$commande")" "$BATS_TEST_TMPDIR/bin/"; done
    echo "$BATS_TEST_TMPDIR/bin"
}

# Ce qu'il faut aux scripts, sans aucun netcat.
sans_netcat() {
    chemin_reduit bash sh env setsid sed awk grep cat head tail cut paste tr sort ls tee wc mktemp mkfifo \
        mkdir rm cp mv ln find dirname basename touch sleep printf
}

# Une copie du dépôt, que l'on peut déranger ; PROGRAMMES y mène.
copier_le_depot() {   # DOSSIER
    mkdir -p "$1/tests"
    cp -r "$RACINE"/{common,scripts,cours.md} "$1"
    cp "$RACINE"/tests/{*.sh,programme.tsv} "$1/tests"
    local dossier
    for dossier in "${dossiers[@]}"; do
        [ ! -d "$RACINE/$dossier" ] || cp -r "$RACINE/$dossier" "$1"
        [ ! -d "$PROGRAMMES$dossier" ] || cp -r "$PROGRAMMES$dossier" "$1"
    done
    export PROGRAMMES=$1/
}

# Des programmes que l'on peut remplacer, un par un, par un imposteur.
copier_les_programmes() {
    copier_le_depot "$BATS_TEST_TMPDIR/depot"
    depot=$BATS_TEST_TMPDIR/depot
}

remplacer() {   # PROGRAMME   (le nouveau, un script, est lu sur l'entrée)
    rm "$PROGRAMMES$1"
    { echo '#!/bin/bash'; cat; } > "$PROGRAMMES$1"
    chmod +x "$PROGRAMMES$1"
}

premier_netcat() { "$RACINE/scripts/netcat.sh" | head -n 1; }

# Envoie un signal à un script qui joue un client sans fin ; il ne doit en rester ni processus, ni
# fichier.
interrompre() {   # SIGNAL SCRIPT...
    local tmp=$BATS_TEST_TMPDIR/tmp marque=$1-$BATS_TEST_NUMBER-$RANDOM pid
    rm -f "$BATS_TEST_TMPDIR/lance"
    mkdir -p "$tmp"
    remplacer tcp/04-client <<< "trap '' INT; touch '$BATS_TEST_TMPDIR/lance'; sleep 1000"
    TMPDIR=$tmp MARQUE_ICI=$marque setsid env --default-signal=INT "${@:2}" > "$tmp.dit" 2>&1 3>&- &
    pid=$!
    attendre 10 test -e "$BATS_TEST_TMPDIR/lance"
    kill -"$1" "$pid"
    attendre 5 est_fini "$pid"
    attendre 5 sans_processus "MARQUE_ICI=$marque" || { echo "$1 : des processus restent"; return 1; }
    [ -z "$(ls -A "$tmp")" ] || { echo "$1 laisse $(find "$tmp")"; return 1; }
}
sans_processus() { ! grep -qsz -- "$1" /proc/[0-9]*/environ; }

@test "chaque script dit son usage avec -h, code 0" {
    local script
    for script in attendre chapitres demo espace netcat outils; do
        run "$RACINE/scripts/$script.sh" -h
        [ "$status" -eq 0 ] || { echo "$script : code $status"; return 1; }
        [[ $output == *"scripts/$script.sh"* ]] || { echo "$script : $output"; return 1; }
    done
}

@test "aucune fonction de shell ne passe 40 lignes" {
    run awk 'FNR == 1 { debut = 0 }
        /^[a-z_]+\(\) \{/ && !/\}$/ { debut = FNR; nom = $1 }
        /^\}$/ && debut { if (FNR - debut + 1 > 40) print FILENAME, nom, FNR - debut + 1; debut = 0 }' \
        "$RACINE"/scripts/*.sh "$RACINE"/tests/*.sh "$RACINE"/tests/*.bash
    [ -z "$output" ] || { echo "$output"; return 1; }
}

# --- La démonstration

@test "la démonstration joue chaque chapitre, et chaque échange tient dans 24 lignes de 80" {
    run "$RACINE/scripts/demo.sh"
    echo "$output"
    [ "$status" -eq 0 ]
    verifier_egal "$(chapitres)" "$(sed -n 's/^── \(.*\) ── .*/\1/p' <<< "$output" | uniq)"
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
    PATH=$(sans_netcat) run "$RACINE/scripts/demo.sh"
    echo "$output"
    [ "$status" -eq 0 ]
    [[ $output == *"Aucun netcat"* ]]
    grep -q '^\$ udp/02-serveur [1-9]' <<< "$output"
    grep -q '^\$ ipv6/02-client ::1 [1-9]' <<< "$output"
    [ "$(grep -c '^réponse : .* « ok' <<< "$output")" -ge 7 ]
}

@test "SIGTERM, Ctrl-C, SIGHUP sur la démonstration ne laissent ni processus ni fichier" {
    copier_les_programmes
    local signal
    for signal in TERM INT HUP; do
        interrompre $signal "$depot/scripts/demo.sh" tcp/04-client
    done
}

# --- La matrice

@test "la matrice : un tableau, une ligne par face de chaque chapitre" {
    run "$RACINE/tests/matrice.sh" "$(premier_netcat)"
    echo "$output"
    [ "$status" -eq 0 ]
    local programme nombre=0
    for programme in $(chapitres); do nombre=$((nombre + $(faces "$programme" | wc -l))); done
    verifier_egal $nombre "$(grep -c ' \(ok\|-\|sans IPv6\) *$' <<< "$output")"
}

# bats test_tags=complet
@test "chaque netcat présent dialogue avec chaque programme : la matrice entière" {
    run "$RACINE/tests/matrice.sh"
    printf '# %s\n' "${lines[@]}" >&3
    [ "$status" -eq 0 ]
}

@test "une case seule dit par son code ce qu'il en est" {
    run -0 "$RACINE/tests/matrice.sh" --case tcp/04-client "$(premier_netcat)" 1
    run -2 "$RACINE/tests/matrice.sh" --case tcp/04-client "$(premier_netcat)" 2
    run -2 "$RACINE/tests/matrice.sh" --case tcp/04-client "$(premier_netcat)" 0
    run -2 "$RACINE/tests/matrice.sh" --case tcp/99-rien "$(premier_netcat)" 1
    PATH=$(sans_netcat) run -4 "$RACINE/tests/matrice.sh" --case tcp/04-client openbsd 1
    exiger_outil busybox
    run -3 "$RACINE/tests/matrice.sh" --case udp/01-client busybox 1
}

@test "sans IPv6, une case IPv6 le dit, code 5" {
    exiger_espace
    # shellcheck disable=SC2016  # $@ est celui du shell lancé
    ESPACE=exige run -5 "$RACINE/scripts/espace.sh" sh -c 'ip -6 address flush dev lo && exec "$@"' - \
        "$RACINE/tests/matrice.sh" --case ipv6/02-client "$(premier_netcat)" 2
}

# L'imposteur de ce rôle doit être pris.
case_fausse() {   # PROGRAMME
    run -1 "$depot/tests/matrice.sh" --case "$1" "$(premier_netcat)" 1
}

@test "la matrice voit un client muet, et un client qui n'a pas sa réponse" {
    copier_les_programmes
    remplacer tcp/03-connexion <<< 'echo "socket : descripteur 3"'
    case_fausse tcp/03-connexion
    # shellcheck disable=SC2016
    remplacer tcp/04-client <<< 'echo "connect : $1:$2"'
    case_fausse tcp/04-client
    # shellcheck disable=SC2016  # le texte d'un script
    remplacer tcp/04-client <<< 'exec 3<> /dev/tcp/$1/$2; echo "connect : $1:$2"
        echo Bonjour >&3; echo "send : 8 octets"; read -r -u 3; echo "réponse : 2 octets « non »"'
    case_fausse tcp/04-client
    # shellcheck disable=SC2016
    remplacer tcp/04-client <<< 'echo "connect : $1:$2"; exit 1'
    case_fausse tcp/04-client
}

@test "la matrice voit un serveur qui ne répond pas, qui n'a rien lu, ou qui meurt" {
    copier_les_programmes
    # shellcheck disable=SC2016  # le texte d'un script
    remplacer udp/02-serveur <<< 'exec 3<> /dev/udp/127.0.0.1/9; echo "bind : 127.0.0.1:9"; read -r'
    DELAI=1 case_fausse udp/02-serveur
    remplacer tcp/06-serveur <<< 'echo "bind : 0.0.0.0:9"; echo "listen : file de 10"; exit 1'
    case_fausse tcp/06-serveur
}

@test "un programme intarissable ne retient pas la démonstration" {
    copier_les_programmes
    remplacer tcp/02-adresse <<< 'exec yes'
    DELAI=1 run -1 "$depot/scripts/demo.sh" tcp/02-adresse
    [ "${#lines[@]}" -le 25 ]
}

@test "la matrice voit entrer quelqu'un là où l'en-tête promet un refus" {
    copier_les_programmes
    cp "$PROGRAMMES"tcp/06-serveur "$PROGRAMMES"tcp/05-bind
    DELAI=1 case_fausse tcp/05-bind
}

# bats test_tags=complet
@test "une copie d'un chapitre sous un autre nom, un chapitre neuf : démonstration et matrice les jouent" {
    copier_les_programmes
    local source copie
    for source in "$depot"/{tcp,udp,ipv6}/[0-9]*.c; do
        copie=${source%/*}/7${source##*/[0-9]}
        cp "$source" "$copie"
        cc -O0 "$copie" "$depot"/common/*.c -o "${copie%.c}"
        rm "$source" "${source%.c}"
    done
    printf '/*\n * Un chapitre neuf\n */\nint main(void) { return 0; }\n' > "$depot/tcp/80-neuf.c"
    cc "$depot/tcp/80-neuf.c" -o "$depot/tcp/80-neuf"
    run -0 "$depot/scripts/demo.sh"
    verifier_contient "$output" '── tcp/80-neuf ── Un chapitre neuf' '── tcp/76-serveur ──'
    run -0 "$depot/tests/matrice.sh" "$(premier_netcat)"
    verifier_contient "$output" 'tcp/74-client' 'ipv6/73-serveur'
}

@test "SIGTERM, Ctrl-C, SIGHUP sur la matrice ne laissent ni processus ni fichier" {
    copier_les_programmes
    local signal
    for signal in TERM INT HUP; do
        interrompre $signal "$depot/tests/matrice.sh" --case tcp/04-client "$(premier_netcat)" 1
    done
}

# --- Les terminaux

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

# --- Attendre

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

# --- Les dialectes

@test "netcat.sh traduit la commande du cours, et dit ce qu'un dialecte ne sait pas faire" {
    source "$RACINE/scripts/netcat.sh"
    netcat_programme() { echo "nc.$1"; }
    netcat_traduire openbsd -l -p 5000
    [ "${COMMANDE[*]}" = 'nc.openbsd -l -p 5000' ]
    netcat_traduire ncat -u -6 -l -p 5000
    [ "${COMMANDE[*]}" = 'nc.ncat -u -6 -l 5000' ]
    netcat_traduire socat ::1 5000
    [ "${COMMANDE[*]}" = 'nc.socat - TCP6:[::1]:5000' ]
    netcat_traduire socat -6 localhost 5000
    [ "${COMMANDE[*]}" = 'nc.socat - TCP6:localhost:5000' ]
    run -3 netcat_traduire traditional ::1 5000
    run -3 netcat_traduire busybox -u 127.0.0.1 5000
    run -2 netcat_traduire openbsd -l
    run -2 netcat_traduire openbsd
}

@test "un nc tout court est reconnu à ce qu'il dit de lui-même" {
    local bin=$BATS_TEST_TMPDIR/faux
    mkdir "$bin"
    source "$RACINE/scripts/netcat.sh"
    local nom texte
    while IFS=: read -r nom texte; do
        printf '#!/bin/sh\necho "%s" >&2\n' "$texte" > "$bin/nc"
        chmod +x "$bin/nc"
        [ "$(PATH=$bin netcats)" = "$nom" ] || { echo "$nom : $(PATH=$bin netcats)"; return 1; }
    done <<< 'openbsd:OpenBSD netcat (Debian patchlevel 1)
traditional:[v1.10-47]
ncat:Ncat 7.93 ( https://nmap.org/ncat )
busybox:BusyBox v1.35.0 multi-call binary. Usage: nc [-l]'
}

@test "curl telnet:// parle à nos deux serveurs" {
    exiger_outil curl
    local serveur PORT
    for serveur in tcp/06-serveur ipv6/03-serveur; do
        demarrer_serveur "$serveur" 0   # remplit PORT
        run bash -c "printf 'Bonjour\n' | curl -s -m 10 telnet://127.0.0.1:$PORT"
        [ "$output" = ok ]
    done
}

# --- L'installation

# Une machine sans bats ni netcat, où un apt-get de paille exécute ce texte.
machine_nue() {   # TEXTE
    machine=$(sans_netcat)
    printf '#!/bin/sh\necho "%s"\n' "${UTILISATEUR:-0}" > "$machine/id"
    printf '#!/bin/bash\n%s\n' "$1" > "$machine/apt-get"
    chmod +x "$machine/id" "$machine/apt-get"
}

@test "outils.sh dit la commande à taper quand il ne peut pas installer" {
    UTILISATEUR=1000 machine_nue 'exit 1'
    PATH=$machine run -1 "$RACINE/scripts/outils.sh" tests < /dev/null
    [[ $output == *"apt-get install -y --no-install-recommends bats "*"netcat-openbsd"* ]]
    run -2 "$RACINE/scripts/outils.sh" nimporte
}

@test "outils.sh cours demande le nc d'OpenBSD à qui en a un autre ; base s'en contente" {
    UTILISATEUR=1000 machine_nue 'exit 1'
    printf '#!/bin/sh\necho "BusyBox v1.35.0 Usage: nc [-l]"\n' > "$machine/nc"
    chmod +x "$machine/nc"
    PATH=$machine run -1 "$RACINE/scripts/outils.sh" cours < /dev/null
    [[ $output == *netcat-openbsd* ]]
    PATH=$machine run "$RACINE/scripts/outils.sh" base < /dev/null
    [[ $output != *netcat-openbsd* ]]
}

@test "outils.sh prévient, à la fin, qui a un autre nc que celui du cours" {
    local besoin
    machine_nue 'exit 1'
    for besoin in cc make ss curl strace; do ln -sf "$(type -P true)" "$machine/$besoin"; done
    printf '#!/bin/sh\necho "BusyBox v1.35.0 Usage: nc [-l]"\n' > "$machine/nc"
    printf '#!/bin/sh\necho "OpenBSD netcat"\n' > "$machine/nc.openbsd"
    chmod +x "$machine"/nc*
    PATH=$machine run -0 "$RACINE/scripts/outils.sh" cours
    verifier_contient "$output" 'busybox' '« Un autre netcat », dans cours.md' 'nc.openbsd'
    [ "${#lines[@]}" -eq 2 ]
    rm "$machine/nc.openbsd"
    PATH=$machine run -0 "$RACINE/scripts/outils.sh"
    verifier_contient "$output" 'scripts/outils.sh cours'
    printf '#!/bin/sh\necho "OpenBSD netcat"\n' > "$machine/nc"
    PATH=$machine run -0 "$RACINE/scripts/outils.sh" cours
    [ -z "$output" ]
}

@test "outils.sh ne laisse pas son journal, qu'il réussisse, échoue ou soit interrompu" {
    local tmp=$BATS_TEST_TMPDIR/tmp sort
    mkdir "$tmp"
    # shellcheck disable=SC2016  # le texte d'un script
    for sort in 'exit 1' 'exit 0' 'kill -TERM $PPID' 'kill -HUP $PPID'; do
        machine_nue "$sort"
        TMPDIR=$tmp PATH=$machine run "$RACINE/scripts/outils.sh" -o tests < /dev/null
        [ "$status" -ne 0 ]
        [ -z "$(ls -A "$tmp")" ] || { echo "après « $sort » : $(ls -A "$tmp")"; return 1; }
    done
}

# --- Partout

@test "un dossier dont le nom a une espace et un accent ne gêne ni démonstration, ni matrice, ni cours" {
    exiger_espace
    local ailleurs="$BATS_TEST_TMPDIR/le dépôt à moi"
    copier_le_depot "$ailleurs"
    export TMPDIR="$ailleurs/pour rien"
    mkdir "$TMPDIR"
    run -0 "$ailleurs/scripts/demo.sh" tcp/01-socket tcp/06-serveur
    run -0 "$ailleurs/tests/matrice.sh" --case ipv6/03-serveur "$(premier_netcat)" 1
    printf '```console\n$ tcp/02-adresse | head -n 1\n325…\n$ cc tcp/04-client.c common/*.c -o essais/client\n```\n' \
        > "$ailleurs/un essai.md"
    run "$ailleurs/tests/cours.sh" "$ailleurs/un essai.md"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "les commandes du README existent" {
    grep -q '^scripts/outils.sh .*make demo' "$RACINE/README.md"
    grep -qx 'make test' "$RACINE/README.md"
    grep -q '^demo:' "$RACINE/Makefile"
    grep -q '^test:' "$RACINE/Makefile"
}
