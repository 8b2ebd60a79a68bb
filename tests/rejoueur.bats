#!/usr/bin/env bats
# Le cours se rejoue, et celui qui le rejoue sait échouer : chaque sorte d'écart est provoquée.
# bats file_tags=complet

load aide

setup() {
    essai=$BATS_TEST_TMPDIR/essai.md
    export DELAI=2
}

# Rejoue un petit cours, lu sur l'entrée. Hors d'un espace réseau, le port 5000 de la machine est
# laissé au cours entier.
rejouer() {
    exiger_espace
    cat > "$essai"
    run "$RACINE/tests/cours.sh" "$essai"
}

# L'écart est trouvé, et dit avec sa ligne et ce mot-là.
ecart_trouve() {   # MOTIF
    [ "$status" -eq 1 ] || { echo "code $status au lieu de 1 : $output"; return 1; }
    grep -q -- "$1" <<< "$output" || { echo "« $1 » manque : $output"; return 1; }
}

@test "une scène juste, à deux terminaux, passe" {
    rejouer << 'FIN'
```console
[serveur]
$ tcp/06-serveur
socket : descripteur 3
setsockopt : SO_REUSEADDR
bind : 0.0.0.0:5000
listen : file de 10
[client]
$ tcp/04-client | tail -n 2
réponse : 2 octets « ok »
close : descripteur 3
[serveur]
accept : 127.0.0.1:…, descripteur 4
recv : 8 octets « Bonjour\n »
ligne : 7 octets « Bonjour »
send : 3 octets « ok\n »
shutdown : SHUT_WR
recv : 0 octet, fin du flux
close : descripteur 4
^C
$ echo $?
130
```
FIN
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "un mot changé dans une sortie est trouvé" {
    rejouer << 'FIN'
```console
$ tcp/02-adresse | head -n 1
325 dans cette machine : 45 02
```
FIN
    ecart_trouve 'essai.md:3 : la sortie a changé'
    ecart_trouve 'attendu : 325 dans cette machine : 45 02'
    ecart_trouve 'venu    : 325 dans cette machine : 45 01'
}

@test "une ligne de moins, une ligne de plus sont trouvées" {
    rejouer << 'FIN'
```console
$ echo une; echo deux
une
$ true
```
FIN
    ecart_trouve 'une ligne de trop'
    rejouer << 'FIN'
```console
$ echo une
une
deux
```
FIN
    ecart_trouve 'la commande est finie'
}

@test "« … » ne vaut que dans sa ligne, et les autres signes ne valent qu'eux-mêmes" {
    rejouer << 'FIN'
```console
$ printf 'abc\nd*f (g) [h] ?\n'
a…
d*f (g) [h] ?
```
FIN
    [ "$status" -eq 0 ]
    rejouer << 'FIN'
```console
$ printf 'abc\ndef\n'
a…
d*
```
FIN
    ecart_trouve 'la sortie a changé'
    rejouer << 'FIN'
```console
$ printf 'abc\ndef\n'
a…f
```
FIN
    ecart_trouve 'la sortie a changé'
}

@test "une ligne vide est attendue, sauf juste avant un nom de terminal" {
    rejouer <<< $'```console\n[a]\n$ printf "x\\n\\ny\\n"\nx\n\ny\n\n[b]\n$ echo z\nz\n```'
    echo "$output"
    [ "$status" -eq 0 ]
    rejouer <<< $'```console\n$ printf "x\\ny\\n"\nx\n\ny\n```'
    ecart_trouve 'la sortie a changé'
}

@test "une commande qui ne finit pas est trouvée, et ne survit pas" {
    rejouer << 'FIN'
```console
$ tcp/06-serveur -a 127.0.0.1 0
socket : descripteur 3
setsockopt : SO_REUSEADDR
bind : 127.0.0.1:…
listen : file de 10
```
FIN
    ecart_trouve 'la commande ne finit pas'
    rejouer << 'FIN'
```console
$ cat; echo jamais "$BATS_TEST_NAME"
jamais
```
FIN
    ecart_trouve 'rien ne vient'
}

@test "une sortie sans \\n final est comparée comme une autre ligne" {
    rejouer <<< $'```console\n$ printf \'une\\nsans fin\'\nune\nsans fin\n$ echo $?\n0\n```'
    echo "$output"
    [ "$status" -eq 0 ]
    rejouer <<< $'```console\n$ printf \'sans fin\'\n```'
    ecart_trouve 'essai.md:2 : une ligne de trop'
    ecart_trouve 'venu     : sans fin$'
}

@test "une saisie que personne ne lira, un Ctrl-C dans le vide sont trouvés, avec leur ligne" {
    rejouer <<< $'```console\n[a]\n$ echo un\nun\n$ until [ -e essais/x ]; do sleep 0.01; done\n[b]\n$ touch essais/x\n$ wait\n[a]\n$ echo deux\ndeux\n[b]\n> trop tard\n```'
    ecart_trouve 'essai.md:13 : la commande est finie, personne ne lit le clavier'
    ecart_trouve 'tapé : trop tard'
    rejouer <<< $'```console\n> rien\n```'
    ecart_trouve 'essai.md:2 : la commande est finie'
    rejouer <<< $'```console\n^C\n```'
    ecart_trouve 'essai.md:2 : aucune commande à interrompre'
}

@test "chaque scène a son dossier essais, à elle" {
    rejouer <<< $'```console\n$ touch essais/un; ls essais\nun\n```\n```console\n$ ls essais\n```'
    echo "$output"
    [ "$status" -eq 0 ]
}

# Toutes les commandes de cette machine, sauf les netcats ; puis, sous le nom nc, celui-ci.
machine_avec_nc() {   # PROGRAMME
    machine=$BATS_TEST_TMPDIR/machine
    mkdir "$machine"
    local dossier IFS=:
    for dossier in $PATH; do cp -rsn "$dossier"/. "$machine/" 2> /dev/null || true; done
    rm -f "$machine"/{nc,ncat,netcat,socat,busybox} "$machine"/nc.*
    [ $# -eq 0 ] || ln -s "$(type -P "$1")" "$machine/nc"
}

@test "une scène ne voit que ses processus, non ceux d'une autre jouée à côté" {
    cp "$(type -P sleep)" "$BATS_TEST_TMPDIR/sans-voisin"
    "$BATS_TEST_TMPDIR/sans-voisin" 30 3>&- &
    local voisin=$!
    rejouer << 'FIN'
```console
$ ps -C sans-voisin -o args=
$ echo $?
1
```
FIN
    kill "$voisin"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "le nc des scènes est celui d'OpenBSD, quel que soit celui que la machine appelle nc" {
    exiger_outil nc.openbsd
    exiger_outil ncat
    machine_avec_nc ncat
    ln -s "$(type -P nc.openbsd)" "$machine/nc.openbsd"
    PATH=$machine rejouer <<< $'```console\n$ nc -h 2>&1 | head -n 1\nOpenBSD…\n```'
    echo "$output"
    [ "$status" -eq 0 ]
    grep -q '^cours : 1 scènes' <<< "$output"
}

@test "sans le nc d'OpenBSD, les scènes qui tapent nc sont écartées et nommées ; en CI, c'est un échec" {
    machine_avec_nc
    local essai_mixte=$'```console\n$ echo a\na\n```\n```console\n$ true | nc 127.0.0.1 1\n```'
    PATH=$machine CI='' rejouer <<< "$essai_mixte"
    echo "$output"
    [ "$status" -eq 0 ]
    grep -q "faute du nc d'OpenBSD .* : 1 scènes, à .*essai.md:6\$" <<< "$output"
    grep -q '^cours : 1 scènes' <<< "$output"
    PATH=$machine CI=true ESPACE=oui rejouer <<< "$essai_mixte"
    ecart_trouve 'tout se joue'
}

@test "--nc joue les scènes qui tapent nc avec un autre netcat, et dit celles qui diffèrent" {
    exiger_espace
    exiger_outil ncat
    cat > "$essai" << 'FIN'
```console
$ echo pas jouée
```
```console
$ nc -N 127.0.0.1 5000
```
```console
[serveur]
$ nc -l -p 5000
[client]
$ tcp/03-connexion > essais/trace
[serveur]
```
FIN
    run "$RACINE/tests/cours.sh" --nc ncat "$essai"
    echo "$output"
    [ "$status" -eq 0 ]
    grep -q "essai.md:5 : une ligne de trop" <<< "$output"
    grep -q '^nc, celui de ncat : 1 scènes diffèrent, sur les 2 qui tapent nc$' <<< "$output"
    run "$RACINE/tests/cours.sh" --nc nimporte "$essai"
    [ "$status" -eq 2 ]
}

# (Ce qui diffère n'est pas une faute : toutes les pages, c'est pour qui veut le lire, tests/cours.sh --nc ncat.)
@test "--nc : la porte du cours se rejoue avec chaque netcat, et avec celui d'OpenBSD rien ne diffère" {
    exiger_espace
    local dialecte
    for dialecte in $("$RACINE/scripts/netcat.sh"); do
        DELAI=5 run "$RACINE/tests/cours.sh" --nc "$dialecte" "$RACINE/cours.md"
        printf '# %s\n' "${lines[@]}" >&3
        [ "$status" -eq 0 ]
        [ "$dialecte" != openbsd ] || [[ ${lines[-1]} == *' : 0 scènes diffèrent, '* ]]
    done
}

@test "sans espace réseau, une scène gênée par les connexions d'une autre est rejouée sur un port neuf" {
    exiger_espace
    cat > "$essai" << 'FIN'
```console
[serveur]
$ tcp/06-serveur > essais/journal
[client]
$ scripts/attendre.sh tcp 5000
$ tcp/04-client | grep réponse
réponse…
[serveur]
^C
```
```console
$ echo | tcp/05-bind | grep -c getsockname
1
```
FIN
    run "$RACINE/scripts/espace.sh" env ESPACE=non "$RACINE/tests/cours.sh" "$essai"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "SIGTERM, Ctrl-C, SIGHUP sur le rejoueur ne laissent ni processus, ni dossier, ni fichier de cc" {
    exiger_espace
    printf '```console\n[a]\n$ tcp/06-serveur 0\n[b]\n$ (touch essais/pret; sleep 1000) | cc -x c - -o essais/x\nrien\n```\n' > "$essai"
    local signal pid tmp=$BATS_TEST_TMPDIR/tmp marque
    mkdir "$tmp"
    for signal in TERM INT HUP; do
        marque=$signal-$BATS_TEST_NUMBER-$RANDOM
        DELAI=60 TMPDIR=$tmp MARQUE_ICI=$marque setsid env --default-signal=INT \
            "$RACINE/tests/cours.sh" "$essai" > "$BATS_TEST_TMPDIR/dit" 2>&1 3>&- &
        pid=$!
        attendre 10 compile "$tmp"
        kill -$signal "$pid"
        wait "$pid" || true
        attendre 5 sans_processus "MARQUE_ICI=$marque" || { echo "$signal : des processus restent"; return 1; }
        [ -z "$(ls -A "$tmp")" ] || { echo "$signal laisse $(find "$tmp")"; return 1; }
    done
}
compile() { [ -n "$(find "$1" -name 'cc*.s' 2> /dev/null)" ]; }
sans_processus() { ! grep -qsz -- "$1" /proc/[0-9]*/environ; }

@test "un extrait qui n'est plus dans le fichier est trouvé" {
    rejouer << 'FIN'
```c
/* tcp/04-client.c */
    /* Étape 1 : l'adresse du serveur, puis la chaussette */
```
FIN
    ecart_trouve "ce n'est plus un extrait de tcp/04-client.c"
    rejouer << 'FIN'
```c
/* tcp/04-client.c */
int main(int argc, char *argv[])
    const char *hote = "127.0.0.1", *port = "5000", *message = "Bonjour";
```
FIN
    ecart_trouve "ce n'est plus un extrait"   # une ligne sautée au milieu
}

@test "un fichier absent, un bloc sans nom, une langue inconnue sont trouvés" {
    rejouer <<< $'```c\n/* tcp/99-absent.c */\nint x;\n```'
    ecart_trouve "le fichier « tcp/99-absent.c » n'existe pas"
    rejouer <<< $'```c\nint main(void)\n```'
    ecart_trouve 'doit commencer par'
    rejouer <<< $'```python\nprint()\n```'
    ecart_trouve 'langue inconnue'
    rejouer <<< $'```console\n$ true'
    ecart_trouve "n'est pas fermé"
}

@test "une variante absente, un code de sortie inattendu, un cours vide sont trouvés" {
    exiger_espace
    PROGRAMMES=$BATS_TEST_TMPDIR/absente/ rejouer <<< $'```console\n$ tcp/01-socket | grep -c TCP\n2\n```'
    ecart_trouve 'No such file or directory'
    rejouer <<< $'```console\n$ (exit 3)\n```'
    ecart_trouve 'code de sortie 3'
    rejouer <<< ''
    ecart_trouve 'ni scène ni extrait'
    rejouer <<< $'> ```console\n> $ true\n> ```'
    ecart_trouve 'ne serait pas rejoué'
}

@test "une preuve inconnue, ou sans scène à côté, est trouvée" {
    rejouer <<< $'<!-- preuve : GEN-999 « x » -->\n\n```console\n$ echo x\nx\n```'
    ecart_trouve 'essai.md:1 : fait inconnu : GEN-999'
    rejouer <<< $'<!-- preuve : GEN-01 « x » -->\n\nUn paragraphe.\n\n```console\n$ echo x\nx\n```'
    ecart_trouve 'essai.md:1 : preuve : pas de scène juste après'
}

# Trois scènes, dont deux prouvent quelque chose.
trois_scenes() {
    cat << 'FIN'
<!-- preuve : GEN-01 « un » -->
```console
$ echo un
un
```
<!-- preuve : GEN-02 GEN-03 « deux » -->
```console
$ cc -x c -E -P common/erreur.h > essais/x; grep -c deux common/erreur.h tcp/01-socket.c; echo deux
…
…
deux
```
```console
$ echo trois
trois
```
FIN
}

@test "--faits ne joue que les scènes qui prouvent l'un de ces faits ; aucune : code 2" {
    exiger_espace
    trois_scenes > "$essai"
    run "$RACINE/tests/cours.sh" --faits "GEN-02 GEN-04" "$essai"
    echo "$output"
    [ "$status" -eq 0 ]
    grep -q '^cours : 1 scènes' <<< "$output"
    run "$RACINE/tests/cours.sh" --faits GEN-0 "$essai"   # le début d'un numéro n'en est pas un
    [ "$status" -eq 2 ]
    grep -q 'aucune scène à jouer' <<< "$output"
}

@test "--remplacer met un fichier à la place d'un autre, et ne joue que les scènes qui le citent" {
    exiger_espace
    trois_scenes > "$essai"
    echo '/* deux */' > "$BATS_TEST_TMPDIR/autre.h"
    sed -i '/^…$/d; s/^deux$/common\/erreur.h:1\ntcp\/01-socket.c:0\ndeux/' "$essai"
    run "$RACINE/tests/cours.sh" --remplacer common/erreur.h "$BATS_TEST_TMPDIR/autre.h" "$essai"
    echo "$output"
    [ "$status" -eq 0 ]
    grep -q '^cours : 1 scènes' <<< "$output"
    run "$RACINE/tests/cours.sh" --remplacer common/lignes.h "$BATS_TEST_TMPDIR/autre.h" "$essai"
    [ "$status" -eq 2 ]
    run "$RACINE/tests/cours.sh" --remplacer common/absent.h "$BATS_TEST_TMPDIR/autre.h" "$essai"
    [ "$status" -eq 2 ]
    run "$RACINE/tests/cours.sh" --remplacer common/erreur.h "$BATS_TEST_TMPDIR/absent.h" "$essai"
    [ "$status" -eq 2 ]
}

@test "--mensonge ment aux programmes des scènes ; « aucun » ne ment pas ; inconnu, code 2" {
    exiger_espace
    printf '```console\n$ getent services 22/tcp | cut -c 1-3\nssh\n```\n' > "$essai"
    run "$RACINE/tests/cours.sh" --mensonge aucun "$essai"
    echo "$output"
    [ "$status" -eq 0 ]
    run "$RACINE/tests/cours.sh" --mensonge services "$essai"
    ecart_trouve 'essai.md:3 : la sortie a changé'
    run "$RACINE/tests/cours.sh" --mensonge nimporte "$essai"
    [ "$status" -eq 2 ]
}
