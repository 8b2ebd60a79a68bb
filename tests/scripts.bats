#!/usr/bin/env bats
# Ce qui vaut pour tous les scripts.

load aide
load depot

@test "chaque script que l'on lance dit son usage avec -h et --help, code 0" {
    local script option vus=0
    for script in "$RACINE"/scripts/*.sh "$RACINE/tests/matrice.sh"; do
        [ -x "$script" ] || continue   # se charge par « source »
        vus=$((vus + 1))
        for option in -h --help; do
            run "$script" $option
            [ "$status" -eq 0 ] || { echo "$script $option : code $status"; return 1; }
            [[ $output == *"${script#"$RACINE"/}"* ]] || { echo "$script $option : $output"; return 1; }
        done
    done
    [ $vus -ge 9 ]
}

# Un programme à précautions ; puis sans.sh, dans un dossier à part, qui montre ce qu'il en a ôté.
sans() {   # PRÉCAUTION...
    cd "$BATS_TEST_TMPDIR" || return
    printf '%s\n' 'int main(void)' '{' '    int n = 0; /* pas un nom */' '    while (n < 3) { /* tours */' '        n++;' \
        '        if (n == 2) { /* bloc */' '            n = 5;' '        }' '    }' '    n = f(g(n) + 1, MSG_X); /* appel */' \
        '    return h((int)n);' '}' > prog.c
    run --separate-stderr "$RACINE/scripts/sans.sh" prog.c "$@"
}

@test "sans.sh ôte l'instruction, le bloc, ou tous les tours d'une boucle sauf un, et montre la différence" {
    sans
    verifier_egal '0 tours bloc appel' "$status $(paste -sd ' ' <<< "$output")"
    sans tours
    verifier_egal 'essais/sans-tours.c|-     while (n < 3) { /* tours */|+     for (int tour = 0; tour < 1; tour++) {' \
        "$(paste -sd '|' <<< "$output")"
    sans bloc appel
    verifier_egal 'essais/sans-bloc-appel.c' "${lines[0]}"
    verifier_egal 'int main(void)|{|    int n = 0; /* pas un nom */|    while (n < 3) { /* tours */|        n++;|    }|    return h((int)n);|}' \
        "$(paste -sd '|' essais/sans-bloc-appel.c)"
}

@test "sans.sh met un drapeau à 0, et d'une fonction laisse l'argument" {
    sans MSG_X h
    verifier_egal '0 essais/sans-MSG_X-h.c' "$status ${lines[0]}"
    verifier_contient "@$BATS_TEST_TMPDIR/essais/sans-MSG_X-h.c" 'n = f(g(n) + 1, 0);' 'return (int)n;'
}

@test "sans.sh refuse, en français et avec le code 2, une précaution ou un programme qui n'existe pas" {
    local faux
    for faux in rien RIEN 'pas un nom' '.*' '' -x; do
        sans "$faux"
        verifier_egal "2 : sans.sh : prog.c n'a pas « $faux » ; il a : tours bloc appel" "$status : $stderr"
    done
    sans MSG_X
    sed -i 's/g(n)/g(g(g(n)))/' prog.c   # trop de parenthèses pour lui
    run -2 --separate-stderr "$RACINE/scripts/sans.sh" prog.c f
    verifier_egal "sans.sh : « f » ne s'ôte pas d'ici" "$stderr"
    rm -r essais
    run -2 --separate-stderr "$RACINE/scripts/sans.sh" nulle-part.c
    verifier_egal 'sans.sh : « nulle-part.c » est illisible' "$stderr"
    [ ! -e "$BATS_TEST_TMPDIR/essais" ]
}

@test "comparer.sh montre ce qui change entre deux programmes désignés par leur numéro, sans leur en-tête" {
    copier_les_programmes
    printf '/*\n * Le %s\n */\n#include <%s.h>\nint x;\n' premier poll >"$depot/tcp/91-serveur-un.c"
    printf '/*\n * Le %s\n */\n#include <%s.h>\nint x;\n' second sys/epoll >"$depot/tcp/92-serveur-deux.c"
    cp "$depot/tcp/91-serveur-un.c" "$depot/tcp/92-autre.c"
    local attendu='- tcp/91-serveur-un : Le premier
+ tcp/92-serveur-deux : Le second
···
-#include <poll.h>
+#include <sys/epoll.h>
 int x;'
    verifier_egal "$attendu" "$("$depot/scripts/comparer.sh" 91 92)"
    verifier_egal "$attendu" "$("$depot/scripts/comparer.sh" tcp/91-serveur-un ./tcp/92-serveur-deux.c)"
    verifier_egal "$attendu" "$(env -u MAKEFLAGS -u MAKELEVEL make -s --no-print-directory -C "$depot" -f "$RACINE/Makefile" diff A=91 B=92)"
    exiger_outil script
    run -0 script -qec "'$depot/scripts/comparer.sh' 91 92" /dev/null
    verifier_contient "$output" $'\e[31m-#include <poll.h>' $'\e[32m+#include <sys/epoll.h>'
}

@test "comparer.sh tient en 80 colonnes ce qu'il dit lui-même, et ne garde pas une ligne vide qui n'entoure rien" {
    copier_les_programmes
    local phrase='Une phrase assez longue, à é è ç accents, pour passer le bord * de la ligne'
    printf '/*\n * %s\n */\n%s\n\nint %s;\n\nint z;\n' "$phrase" '#include <a.h>' x >"$depot/tcp/91-serveur-un.c"
    printf '/*\n * Court\n */\n%s\n\nint %s;\n\nint z;\n' '#include <a.h>' y >"$depot/tcp/92-serveur-deux.c"
    verifier_egal '- tcp/91-serveur-un : Une phrase assez longue, à é è ç accents, pour passer le
    bord * de la ligne
+ tcp/92-serveur-deux : Court
···
-int x;
+int y;' "$(LC_ALL=C "$depot/scripts/comparer.sh" 91 92)"
    # shellcheck disable=SC2086  # deux mots
    for paire in '22 23' '23 24'; do   # deux voisins, une page
        [ "$("$RACINE/scripts/comparer.sh" $paire | wc -l)" -le 66 ]
    done
}

@test "comparer.sh refuse, en français et avec le code 2, ce qu'il ne trouve pas, ou trouve deux fois" {
    comparaison_refusee() {   # RAISON PROGRAMME...
        run -2 --separate-stderr "$RACINE/scripts/comparer.sh" "${@:2}"
        verifier_egal '' "$output"
        verifier_contient "$stderr" "comparer.sh : $1"
    }
    comparaison_refusee 'deux programmes'
    comparaison_refusee 'deux programmes' 22
    comparaison_refusee 'aucun programme « 98 »' 98 06
    comparaison_refusee 'aucun programme « .* »' 05 '.*'
    comparaison_refusee '« 06 » : lequel ? tcp/06-serveur' 05 06
    comparaison_refusee 'deux fois le même : tcp/05-bind' 05 05-bind
}

@test "foule.sh se connecte autant de fois qu'on le demande, y reste, et part sur Entrée" {
    local tube=$BATS_TEST_TMPDIR/entree entree foule
    demarrer_serveur tcp/06-serveur 0
    mkfifo "$tube" && exec {entree}<>"$tube"
    ENTREE=$tube demarrer foule "$RACINE/scripts/foule.sh" 5 127.0.0.1 "$PORT"
    foule=$PID
    attendre_ligne "$BATS_TEST_TMPDIR/foule.out" '^5 connexions \(Entrée : les fermer\)$'
    verifier_egal 5 "$(find "/proc/$foule/fd" -lname 'socket:*' | wc -l)"
    echo >&"$entree"
    exec {entree}>&-
    attendre_fin "$foule"
    verifier_egal '0 ' "$code $(< "$BATS_TEST_TMPDIR/foule.err")"
    verifier_survie
}

@test "foule.sh dit en français une connexion refusée, code 1, ou une demande mal écrite, code 2" {
    demarrer_sonde tcp-serveur pause   # un port que la sonde vient de rendre
    arreter "$PID"
    run -1 --separate-stderr "$RACINE/scripts/foule.sh" 3 127.0.0.1 "$PORT"
    verifier_egal 'foule.sh : connexion 1 refusée' "$stderr"
    local mots
    for mots in '' x -1 '3 127.0.0.1 x' '3 127.0.0.1 0' '3 127.0.0.1 70536' '3 127.0.0.1 1 1' 'a[$(touch piege)]'; do
        # shellcheck disable=SC2086  # des mots
        run -2 --separate-stderr "$RACINE/scripts/foule.sh" $mots
        verifier_contient "$stderr" 'foule.sh : un nombre, une adresse, un port'
    done
}

@test "avare.sh ne donne que 3 octets à la fois, et rend le code du programme" {
    ! avec_asan || manque_a_la_variante "ASan lié dans le programme passe avant toute bibliothèque préchargée"
    demarrer_sonde tcp-serveur lire-ligne envoyer 'salut\n'
    lancer "$RACINE/scripts/avare.sh" "${PROGRAMMES}tcp/04-client" 127.0.0.1 "$PORT"
    verifier_code 0
    verifier_contient "$output" 'send : 3 octets « Bon »' 'send : 2 octets « r\n »' 'recv : 3 octets « sal »'
    verifier_contient "@$SONDE_OUT" 'lire-ligne : Bonjour\n'
    # une fois chargée, la bibliothèque n'est plus sur le disque, ni dans l'environnement
    run -7 "$RACINE/scripts/avare.sh" bash -c 'exit 7'
    run -0 "$RACINE/scripts/avare.sh" cat /proc/self/maps
    verifier_contient "$output" 'avare.' '(deleted)'
    run -0 "$RACINE/scripts/avare.sh" env
    verifier_absent "$output" LD_PRELOAD
    run -127 --separate-stderr "$RACINE/scripts/avare.sh" ./nulle-part
    verifier_egal 'avare.sh : aucun programme « ./nulle-part »' "$stderr"
}

@test "compter.sh dit de combien la commande a fait monter un compteur, et refuse un nom inconnu" {
    exiger_espace
    run -0 "$RACINE/scripts/espace.sh" "$RACINE/scripts/compter.sh" TcpOutRsts \
        "${PROGRAMMES}tcp/03-connexion" 127.0.0.1 1
    verifier_egal 'TcpOutRsts : 1 de plus' "${lines[-1]}"
    run -0 "$RACINE/scripts/espace.sh" "$RACINE/scripts/compter.sh" TcpOutRsts true
    verifier_egal 'TcpOutRsts : 0 de plus' "$output"
    run -2 --separate-stderr "$RACINE/scripts/compter.sh" TcpRien true
    verifier_contient "$stderr" 'compter.sh : aucun compteur « TcpRien »'
}

# bats test_tags=complet
@test "goutte.sh envoie un octet à la fois, jamais une ligne, et dit combien quand le serveur raccroche" {
    demarrer_serveur tcp/24-serveur-epoll -v -d 1 0
    lancer "$RACINE/scripts/goutte.sh" 127.0.0.1 "$PORT"
    verifier_code 0
    [[ $output =~ ^'raccroché, après '([0-9]+)' octets'$ ]]
    ((BASH_REMATCH[1] >= 2 && BASH_REMATCH[1] <= 9))
    attendre_ligne "$JOURNAL" '^close : .*, 0 ligne$'
    verifier_contient "$(<"$ERREURS")" 'rien depuis 1 s'
    local mots
    for mots in '127.0.0.1 x' '127.0.0.1 0' '127.0.0.1 70536' 'a 1 1'; do
        # shellcheck disable=SC2086  # des mots
        run -2 --separate-stderr "$RACINE/scripts/goutte.sh" $mots
        verifier_contient "$stderr" 'goutte.sh : une adresse, un port'
    done
    arreter "$SERVEUR"
    run -1 --separate-stderr "$RACINE/scripts/goutte.sh" 127.0.0.1 "$PORT"
    verifier_egal 'goutte.sh : connexion refusée' "$stderr"
}

@test "couper.sh envoie son message et coupe net : le serveur lit ECONNRESET, et sert encore" {
    demarrer_serveur tcp/06-serveur 0
    figer "$SERVEUR"
    run -0 "$RACINE/scripts/couper.sh" moitié 127.0.0.1 "$PORT"
    verifier_egal coupé "$output"
    degeler "$SERVEUR"
    attendre_ligne "$ERREURS" 'ECONNRESET'
    verifier_survie
    run -2 "$RACINE/scripts/couper.sh" a b c d
    run -2 "$RACINE/scripts/couper.sh" a 127.0.0.1 0
    run -2 "$RACINE/scripts/couper.sh" a 127.0.0.1 $((PORT + 65536))   # que bash prendrait pour ce port-là
    arreter "$SERVEUR"
    run -1 --separate-stderr "$RACINE/scripts/couper.sh" a 127.0.0.1 "$PORT"
    verifier_egal 'couper.sh : connexion refusée' "$stderr"
}

@test "port-de.sh écrit le port UDP d'un programme, ou dit qu'il n'en tient aucun" {
    local sortie=$BATS_TEST_TMPDIR/serveur.out
    cp "${PROGRAMMES}udp/02-serveur" "$BATS_TEST_TMPDIR/tient-un-port"   # un nom à lui seul
    demarrer serveur "$BATS_TEST_TMPDIR/tient-un-port" 0
    attendre_ligne "$sortie" '^bind : '
    run -0 "$RACINE/scripts/port-de.sh" tient-un-port
    verifier_egal "$(trace_port "$sortie")" "$output"
    run -1 --separate-stderr "$RACINE/scripts/port-de.sh" personne
    verifier_egal 'port-de.sh : « personne » ne tient aucun port UDP' "$stderr"
}

@test "lien-qui-perd.sh perd vraiment, et le fichier arrive entier ; sans réseau à soi, il le dit" {
    exiger_espace
    head -c 3000000 /dev/urandom > "$BATS_TEST_TMPDIR/envoye"
    run -0 --separate-stderr bash -c '"$0" "$1" > "$2"' "$RACINE/scripts/lien-qui-perd.sh" \
        "$BATS_TEST_TMPDIR/envoye" "$BATS_TEST_TMPDIR/recu"
    verifier_contient "$stderr" 'des pertes : oui' 'des reprises : oui' 'du désordre : oui'
    cmp "$BATS_TEST_TMPDIR/envoye" "$BATS_TEST_TMPDIR/recu"
    run -2 --separate-stderr "$RACINE/scripts/lien-qui-perd.sh" nulle-part
    verifier_contient "$stderr" 'quel fichier ?'
    run -2 --separate-stderr "$RACINE/scripts/lien-qui-perd.sh" "$BATS_TEST_TMPDIR"
    # une variable du même nom, venue d'ailleurs, ne lui fait pas prendre notre lien pour le sien
    LIEN=neuf run -0 "$RACINE/scripts/espace.sh" bash -c '"$0" "$1" > /dev/null 2>&1; ip link show lo' \
        "$RACINE/scripts/lien-qui-perd.sh" "$BATS_TEST_TMPDIR/envoye"
    verifier_absent "$output" tbf 'mtu 1500'
    mkdir "$BATS_TEST_TMPDIR/bin"
    printf '#!/bin/sh\nexit 1\n' > "$BATS_TEST_TMPDIR/bin/unshare"
    chmod +x "$BATS_TEST_TMPDIR/bin/unshare"
    PATH=$BATS_TEST_TMPDIR/bin:$PATH run -1 --separate-stderr \
        "$RACINE/scripts/lien-qui-perd.sh" "$BATS_TEST_TMPDIR/envoye"
    verifier_egal 1 "$(wc -l <<< "$stderr")"
}

@test "aucune fonction de shell ne passe 40 lignes" {
    run awk 'FNR == 1 { debut = 0 }
        /^[a-z_]+\(\) \{/ && !/\}$/ { debut = FNR; nom = $1 }
        /^\}$/ && debut { if (FNR - debut + 1 > 40) print FILENAME, nom, FNR - debut + 1; debut = 0 }' \
        "$RACINE"/scripts/*.sh "$RACINE"/tests/*.sh "$RACINE"/tests/*.bash
    [ -z "$output" ] || { echo "$output"; return 1; }
}

# bats test_tags=complet
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
