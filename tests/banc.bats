#!/usr/bin/env bats
# scripts/banc.sh : ce qu'il tire de mesures connues ; une vraie course, courte ; ce qui lui manque.

setup() {
    load aide
    load depot
    cd "$RACINE" || return
    mesures=$BATS_TEST_TMPDIR/mesures.tsv
    outils=${PROGRAMMES}outils
    [ -d "$outils" ] || outils=${PROGRAMMES}build/outils
}

# Des mesures, une par argument : « tour scénario modèle débit p99 erreurs cœur octets note ».
ecrire_les_mesures() {   # MESURE…
    local mesure tour scenario modele debit p99 erreurs coeur octets note
    {
        echo '# date : 2026-01-02, 3 tours de 1 s par modèle et par scénario'
        echo '# machine : un processeur <à nous>, 2 cœurs, Linux 6.1'
        echo '# refaire : scripts/banc.sh -o essais/banc.tsv'
        echo '# modeles : limite fork epoll prefork socat'
        printf 'tour\tscenario\tmodele\tdebit\tp50\tp99\tmax\terreurs\tcoeur\tconnexions\toctets\tnote\n'
        for mesure; do
            read -r tour scenario modele debit p99 erreurs coeur octets note <<< "$mesure"
            printf '%s\t' "$tour" "$scenario" "$modele" "$debit" - "$p99" - "${erreurs:--}" "${coeur:--}" 1000 "${octets:--}"
            echo "${note:--}"
        done
    } > "$mesures"
}

relire() { run --separate-stderr scripts/banc.sh --relire "$mesures" "$@"; }   # OPTION…

@test "la médiane, l'étendue, et un rapport à la limite pris tour par tour" {
    # La machine ralentit au tour 2, la limite seule au tour 3 : le rapport des médianes serait 0,83.
    ecrire_les_mesures '1 64 limite 100000 1000 0 0.5' '1 64 epoll 50000 2000 0 0.5' \
        '2 64 limite 1000 50000 0 0.5' '2 64 epoll 500 150000 0 0.5' \
        '3 64 epoll 60000 3000 0 0.5' '3 64 limite 60000 1000 0 0.5'
    relire
    verifier_egal '0 ' "$status $stderr"
    verifier_contient "$output" '  limite        60 000    165 %    1,00  ████████████    1,00 ms    1,00' \
        '  epoll         50 000    119 %    0,50  ██████          3,00 ms    3,00' 'Médianes de 3 tours'
    run ! grep -E '  (limite|epoll) .*[*!]' <<< "$output"
}

@test "un rapport se prend à ce que la limite a fait à côté, entre deux modèles aussi" {
    printf '%s\n' '# modeles : limite epoll socat' \
        $'tour\tscenario\tmodele\tdebit\tp50\tp99\tmax\terreurs\tcoeur\tlimite\tp99_limite\tconnexions\toctets\tnote' \
        $'1\t64\tlimite\t999\t-\t999\t-\t0\t0.5\t999\t999\t-\t-\t-' \
        $'1\t64\tepoll\t900\t-\t100\t-\t0\t0.5\t1000\t50\t-\t-\t-' \
        $'1\t64\tsocat\t800\t-\t100\t-\t0\t0.5\t2000\t100\t-\t-\t-' > "$mesures"
    relire --barres
    verifier_egal '0 ' "$status $stderr"
    verifier_contient "$output" '  epoll            900      0 %    0,90  ███████████      100 µs    2,00' \
        '  epoll / limite, 64 connexions                     0,90' \
        '  epoll / socat, 64 connexions                      2,25   ≥ 1,5     tenu'
}

@test "les tranches d'une mesure : moyennes, médianes, pire, somme" {
    printf '%s\n' '100 1 10 900 0 0.5' '300 3 30 100 2 0.7' '200 2 500 100 0 0.9' > "$BATS_TEST_TMPDIR/lui"
    printf '%s\n' '1000 1 9 9 9 9' '1000.5 1 11 9 9 9' > "$BATS_TEST_TMPDIR/limite"
    verifier_egal '200 2 30 900 2 0.7 1000.25 10' \
        "$(LC_ALL=C awk -f scripts/banc/tranches.awk "$BATS_TEST_TMPDIR/lui" "$BATS_TEST_TMPDIR/limite")"
}

# Retire ce qui est avant, dans la ligne de ce modèle.
colonnes() { sed -n "s/^  $1  *//p" <<< "$output"; }   # MODÈLE

@test "un nombre pair de tours, un tour sans mesure, des erreurs, une charge à bout de souffle, une raison" {
    ecrire_les_mesures '1 64 limite 1000 900 0 0.5' '2 64 limite 2000 999.6 0 0.5' '1 64 fork 150 12000 2 0.2' \
        '1 64 epoll 999 1200000 0 0.95' '1 64 socat - - - - - ne démarre pas'
    relire
    verifier_egal '1 500     67 %    1,00  ████████████     950 µs    1,00' "$(colonnes limite)"
    verifier_egal '150      0 %    0,15  ██                12 ms    13,3 !2' "$(colonnes fork)"
    verifier_egal '999      0 %    1,00  ████████████      1,2 s    1333 *' "$(colonnes epoll)"
    verifier_egal 'ne démarre pas' "$(colonnes socat)"
}

@test "aucune ligne des tableaux, des barres ni du dessin ne dépasse 80 colonnes" {
    local scenario
    mapfile -t scenarios < <(for scenario in 1 64 1000 10000 breves rafales inactives foule coeurs memoire; do
        printf '%s\n' "1 $scenario "{limite,fork,epoll,prefork,socat}' 1234567.8 123456789.1 999 0.99 123456789'
    done)
    ecrire_les_mesures "${scenarios[@]}"
    PATH=$(sans_netcat) relire --barres --figure
    verifier_egal 0 "$status"
    verifier_egal '' "$(LC_ALL=C.UTF-8 grep -E '.{81}' <<< "$output")"
    verifier_contient "$output" 'Le SVG demande gnuplot'
}

@test "chaque barre : tenue à la borne même, non tenue juste dessous, non mesurée" {
    ecrire_les_mesures '1 64 limite 100 1 0 0.5' '1 64 epoll 97 1 0 0.5' '1 64 socat 50 1 0 0.5' \
        '1 1000 limite 1000 10 0 0.5' '1 1000 epoll 969 12 0 0.5' '1 1000 socat 646 10 0 0.5' \
        '1 foule epoll 87.3 1 0 0.5' '1 memoire epoll - - - - 513' '1 coeurs epoll 100 1 0 0.5' '1 coeurs prefork 99 1 0 0.5'
    relire --barres
    sed '1,/^Barre/d; /^$/,$d' <<< "$output" | tr -s ' ' > "$BATS_TEST_TMPDIR/barres"
    run diff "$BATS_TEST_TMPDIR/barres" - << 'BARRES'
 epoll / limite, 64 connexions 0,97 ≥ 0,97 tenu
 epoll / limite, 1 000 connexions 0,97 ≥ 0,97 non tenu
 epoll / limite, une requête chacune – ≥ 0,97 non mesuré
 epoll / limite, 16 requêtes à la fois – ≥ 0,8 non mesuré
 epoll / socat, 64 connexions 1,94 ≥ 1,5 tenu
 epoll / socat, 1 000 connexions 1,50 ≥ 1,5 tenu
 epoll / tout faits, une requête chacune – ≥ 10 non mesuré
 p99 d'epoll / limite, 1 000 connexions 1,20 ≤ 1,1 non tenu
 10 000 connexions, 64 actives : erreurs 0 ≤ 0 tenu
 et leur débit / les 64 seules 0,90 ≥ 0,9 tenu
 et la mémoire de chacune (octets) 513 ≤ 512 non tenu
 prefork / epoll, tous les cœurs à tous 0,99 ≥ 1 non tenu
BARRES
    verifier_egal '0 ' "$status $output"
}

@test "la figure a une courbe par modèle, en français, et les mêmes mesures font la même" {
    exiger_outil gnuplot
    ecrire_les_mesures '1 1 limite 100 1000 0 0.5' '1 64 limite 100 1000 0 0.5' '1 64 epoll 97 1 0 0.5' '1 1 epoll 9 1 0 0.5' \
        '1 64 socat 7 1 0 0.5' '1 breves fork 7 1 0 0.5'
    relire --figure
    verifier_egal '0 ' "$status $stderr"
    verifier_contient "$output" 'Débit (requêtes/s' "${mesures%.tsv}.svg : la figure"
    python3 -c 'import sys, xml.dom.minidom as x; x.parse(sys.argv[1])' "${mesures%.tsv}.svg"
    verifier_contient "@${mesures%.tsv}.svg" '<title>Débit et p99' 'un processeur  à nous , 2 cœurs' 'Pour la refaire : scripts/banc.sh' \
        '>limite<' '>epoll<' '>socat<' '>connexions<'
    verifier_absent "@${mesures%.tsv}.svg" '>fork<'
    # La légende, toute entière dans la moitié droite : la note, qui dit comment la refaire, a la gauche.
    run -0 python3 - "${mesures%.tsv}.svg" << 'PYTHON'
import re, sys
places = re.findall(r'translate\(([0-9.]+),[0-9.]+\)"[^>]*>\s*<text>(limite|epoll|socat)<', open(sys.argv[1]).read())
print(*[nom for x, nom in places if float(x) > 480])
PYTHON
    verifier_egal 'limite epoll socat' "$output"
    run ! grep -iE 'gnuplot [0-9]|produced by' "${mesures%.tsv}.svg"
    cp "${mesures%.tsv}.svg" "$BATS_TEST_TMPDIR/premiere.svg"
    relire --figure
    diff "$BATS_TEST_TMPDIR/premiere.svg" "${mesures%.tsv}.svg"
}

# bats test_tags=complet
@test "une course courte mesure chaque scénario demandé, et le serveur de la personne" {
    ln -s "$outils/limite" "$BATS_TEST_TMPDIR/le-mien"
    lancer scripts/banc.sh --rapide -n 1 -t 0.05 --modeles limite --avec "$BATS_TEST_TMPDIR/le-mien" \
        --avec "${PROGRAMMES}tcp/04-client" -o "$mesures" 64 breves memoire
    verifier_egal '0 ' "$status $stderr"
    # débit, p99 et cœur ; de la mémoire, ses octets
    verifier_egal '64 limite 64 le-mien breves limite breves le-mien' "$(awk -F '\t' \
        '$1 == 1 && $4 > 100 && $6 > 1 && $8 == 0 && $9 > 0 { print $2, $3 }' "$mesures" | paste -sd ' ')"
    verifier_egal 'memoire le-mien 200' "$(awk -F '\t' '$13 != "-" && $1 == 1 { print $2, $3, $12 }' "$mesures")"
    verifier_egal 3 "$(grep -c '04-client.*ne démarre pas' "$mesures")"
    verifier_contient "$output" '64 connexions, une par requête' '  04-client    ne démarre pas'
    run grep '^# refaire' "$mesures"
    verifier_egal "# refaire : scripts/banc.sh --rapide -n 1 -t 0.05 --modeles limite --avec $BATS_TEST_TMPDIR/le-mien \
--avec ${PROGRAMMES}tcp/04-client -o $mesures 64 breves memoire" "$output"
}

# bats test_tags=complet
@test "sur tous les cœurs, une charge par cœur : les débits s'ajoutent, et la pire attente compte" {
    local ici=$BATS_TEST_TMPDIR
    mkdir "$ici/outils" "$ici/bin"
    ln -s "$outils"/{limite,repondeur} "$ici/outils/"
    printf '#!/bin/sh\necho 6\n' > "$ici/bin/nproc"
    # Quatre charges, de 16 connexions ; la n-ième dit 100 000,5 requêtes par seconde, et n ms au pire.
    cat > "$ici/outils/charge" << 'FIN'
#!/bin/bash
until mkdir "${0%/*}/$((++n))" 2> /dev/null; do :; done
[[ " $* " == *' -c 16 '* ]] || exit
printf '  "%s": %s,\n' requetes 9 requetes_par_s 100000.5 connexions_ouvertes 16 p50_us 1.5 p99_us "$n"000 max_us 9999 \
    coeur 0.5 erreurs 1
FIN
    chmod +x "$ici"/{bin/nproc,outils/charge}
    lancer env PATH="$ici/bin:$PATH" PROGRAMMES="$ici/" scripts/banc.sh -n 1 -t 0.05 --modeles limite -o "$mesures" coeurs
    verifier_egal '0 ' "$status $stderr"
    verifier_egal $'1\tcoeurs\tlimite\t400002\t1.5\t4000\t9999\t4\t0.5\t400002\t4000\t-\t-\t-' "$(tail -n 1 "$mesures")"
}

# bats test_tags=complet
@test "sur un seul cœur, le banc mesure quand même, et le dit" {
    lancer taskset -c 0 scripts/banc.sh --rapide -n 1 -t 0.05 --modeles limite 64
    verifier_code 0
    verifier_contient "$output" '  limite' 'Un tour, sur un seul cœur. '
}

# bats test_tags=complet
@test "un serveur qui ne sert qu'un client à la fois ne bloque pas le banc : aucune réponse, et une seule fois" {
    lancer scripts/banc.sh --rapide -n 2 -t 0.05 --modeles limite --avec "${PROGRAMMES}tcp/06-serveur" -o "$mesures" 64
    verifier_code 0
    verifier_egal '1' "$(grep -c $'\t06-serveur\t.*aucune réponse' "$mesures")"
}

# bats test_tags=complet
@test "interrompu, le banc rend 130 ou 143, et ni serveur ni charge ne survivent" {
    local signal
    for signal in INT TERM; do
        demarrer banc env "BANC_D_ESSAI=$BATS_TEST_TMPDIR" TMPDIR="$BATS_TEST_TMPDIR" \
            scripts/banc.sh --modeles limite -t 30 64
        attendre 10 charge_lancee
        kill -"$signal" "$PID"
        attendre_fin "$PID"
        verifier_egal "$([ $signal = INT ] && echo 130 || echo 143)" "$code"
        attendre 5 rien_ne_reste
        verifier_egal '' "$(find "$BATS_TEST_TMPDIR" -name 'tmp.*')"
    done
}
charge_lancee() { grep -lsz "BANC_D_ESSAI=$BATS_TEST_TMPDIR" /proc/[0-9]*/environ | sed 's/environ$/comm/' | xargs cat 2> /dev/null | grep -qx charge; }
rien_ne_reste() { ! grep -qsz "BANC_D_ESSAI=$BATS_TEST_TMPDIR" /proc/[0-9]*/environ; }

# bats test_tags=complet
@test "une limite de descripteurs trop basse se dit en français, et n'empêche pas le reste" {
    lancer bash -c 'ulimit -n 900; exec "$@"' bash scripts/banc.sh --rapide -n 1 -t 0.05 --modeles limite 1 1000 10000
    verifier_code 0
    verifier_contient "$stderr" 'sans 1000 10000' "droit ici qu'à 900 descripteurs (ulimit -Hn)"
    verifier_contient "$output" '1 connexion'
    lancer bash -c 'ulimit -n 900; exec "$@"' bash scripts/banc.sh --modeles limite 10000
    verifier_code 1
}

@test "une demande mal écrite est refusée en français, code 2, avant toute mesure" {
    local demande
    while read -r -a demande; do
        run -2 --separate-stderr scripts/banc.sh "${demande[@]}"
        verifier_contient "$stderr" 'banc.sh : ' '(voir scripts/banc.sh -h)'
        verifier_egal '' "$output"
    done << 'DEMANDES'
65
--lent
--modeles apache
--modeles
--figure
-n 0
-n beaucoup
-t 0
-t 1x
-o essais/banc
-o nulle-part/banc.tsv
--relire nulle-part.tsv
--avec README.md
--avec build/outils/limite
DEMANDES
}

@test "repondeur répond à chaque ligne, et à la dernière sans fin ; il s'arrête quand on ne le lit plus" {
    local repondeur=$outils/repondeur
    verifier_egal '3 ok' "$(printf 'a\r\n\nsans fin' | "$repondeur" | sort | uniq -c | tr -s ' ' | sed 's/^ //')"
    verifier_egal '50000 ok' "$(yes '' | head -n 50000 | "$repondeur" | sort | uniq -c | tr -s ' ' | sed 's/^ //')"
    verifier_egal 0 "$("$repondeur" < /dev/null | wc -c)"
    run -2 "$repondeur" encore
}
