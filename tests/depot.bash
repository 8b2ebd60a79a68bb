# Chargé par les tests des scripts : un dépôt que l'on peut déranger, un PATH réduit.
# shellcheck shell=bash

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

# Une copie du dépôt, que l'on peut déranger, pages et solutions comprises ; PROGRAMMES y mène.
copier_le_depot() {   # DOSSIER
    mkdir -p "$1/tests"
    cp -r "$RACINE"/{common,scripts,cours.md} "$1"
    cp -r "$RACINE"/tests/{*.sh,programme.tsv,fautes} "$1/tests"
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
    echo "$pid" >> "$BATS_TEST_TMPDIR/processus"
    attendre 10 test -e "$BATS_TEST_TMPDIR/lance"
    kill -"$1" "$pid"
    attendre 5 est_fini "$pid"
    attendre 5 sans_processus "MARQUE_ICI=$marque" || { echo "$1 : des processus restent"; return 1; }
    [ -z "$(ls -A "$tmp")" ] || { echo "$1 laisse $(find "$tmp")"; return 1; }
}
sans_processus() { ! grep -qsz -- "$1" /proc/[0-9]*/environ; }
