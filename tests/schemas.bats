#!/usr/bin/env bats
# Une scène se dessine, une colonne par terminal ; et les schémas du cours sont ceux de leurs scènes.
# bats file_tags=complet

load aide
load depot

setup() {
    export COURS=$BATS_TEST_TMPDIR/essai.md TMPDIR=$BATS_TEST_TMPDIR/passage DELAI=3
    mkdir "$TMPDIR"
}

dessiner() { run --separate-stderr "$RACINE/scripts/diagramme.sh" "$@" 3>&- 4>&-; }

rien_ne_reste() {
    [ -z "$(ls -A "$TMPDIR")" ] || { find "$TMPDIR"; return 1; }
    run ! pgrep -f "$TMPDIR"
}

# ─── diagramme.sh --scene ───

@test "une scène se dessine : une colonne par terminal qui parle au réseau, et rien ne reste" {
    exiger_outil strace
    exiger_espace
    cat > "$COURS" <<'FIN'
### Se parler

```console
[serveur]
$ nc -l -p 5000

[observateur]
$ echo rien > essais/rien

[client]
$ ls tcp/04-client-nu.c
tcp/04-client-nu.c
$ tcp/04-client-nu

[serveur]
Bonjour
> ok

[client]
ok
```
FIN
    dessiner --scene 'se parler' -o "$TMPDIR/s.svg"
    echo "$output$stderr"
    verifier_code 0
    [[ ${lines[0]} == *client\ ┬*┬\ serveur ]]
    verifier_contient "$output" 'connect(3, 127.0.0.1:5000)' 'SYN-SENT' 'write(4, « ok\n ») = 3' '= 3 « ok\n »' 'TIME-WAIT'
    verifier_contient "$(< "$TMPDIR/s.svg")" '</svg>'
    rm "$TMPDIR/s.svg"
    dessiner --scene 1 --garder "$TMPDIR/garde"
    verifier_code 0
    verifier_egal '1-serveur.trace 3-client.trace comptes paquets ss' "$(ls -A "$TMPDIR/garde" | paste -sd ' ')"
    verifier_egal "$output" "$("$RACINE/scripts/diagramme.sh" --relire "$TMPDIR/garde")"
    rm -r "$TMPDIR/garde"
    rien_ne_reste
}

# Écrit une scène : à chaque terminal, sa commande.
une_scene() {   # TERMINAL COMMANDE…
    echo '```console'
    while [ $# -gt 0 ]; do
        printf '[%s]\n$ %s\n' "$1" "$2"
        shift 2
    done
    echo '```'
}

@test "ce qui ne se dessine pas est refusé, et l'on dit pourquoi" {
    exiger_outil strace
    {
        printf '### Une leçon\n'
        une_scene a true
        une_scene a 'strace true'
        printf '### Une autre leçon\n'
        une_scene a true b true c true d true e true
        printf '<!-- besoin : nul-ne-la -->\n'
        une_scene a true
    } > "$COURS"
    local demande attendu
    while IFS='|' read -r demande attendu; do
        echo "« $demande »"
        dessiner --scene "$demande"
        verifier_egal "${attendu%% *}" "$status"
        verifier_contient "$stderr" "${attendu#* }"
    done <<'FIN'
rien|2 aucune scène « rien »
5|2 aucune scène « 5 »
UNE LEÇON|2 plusieurs scènes, de numéros 1, 2
2|2 elle trace déjà
3|2 5 terminaux, quatre au plus
4|1 il manque nul-ne-la
1|1 ne parle pas au réseau
FIN
    dessiner --scene 1 tcp/04-client
    verifier_code 2
    dessiner --scene
    verifier_code 2
    rien_ne_reste
}

@test "une scène qui ne se joue pas comme la page est dite, avant le dessin" {
    exiger_outil strace
    exiger_espace
    { echo '```console'; echo '$ tcp/04-client-nu'; echo 'tout va bien'; echo '```'; } > "$COURS"
    dessiner --scene 1
    echo "$output$stderr"
    verifier_code 1
    [[ ${lines[0]} == 'manque : une scène jouée comme la page : '*:3' : la sortie a changé'* ]]
    verifier_contient "$output" 'attendu : tout va bien' 'ECONNREFUSED'
    rien_ne_reste
}

@test "interrompu au milieu d'une scène, il ne laisse ni processus ni fichier" {
    exiger_outil strace
    exiger_espace
    { une_scene serveur 'nc -l -p 5000' | sed '$d'; printf 'jamais\n```\n'; } > "$COURS"
    local signal pid code
    for signal in TERM HUP; do
        DELAI=100 "$RACINE/scripts/diagramme.sh" --scene 1 > /dev/null 2>&1 3>&- 4>&- &
        pid=$!
        attendre 10 eval 'grep -qs "listen(" "$TMPDIR"/*/1-serveur.trace'
        kill -"$signal" "$pid"
        code=0
        wait "$pid" || code=$?
        verifier_egal $((128 + $(kill -l "$signal"))) "$code"
        rien_ne_reste
    done
}
