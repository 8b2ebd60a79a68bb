#!/usr/bin/env bats
# Le cours se rejoue, et celui qui le rejoue sait échouer : chaque sorte d'écart est provoquée.

load aide.bash

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

@test "le cours entier se rejoue sans un écart" {
    DELAI=20 run "$RACINE/tests/cours.sh"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "les sessions du README se rejouent aussi" {
    exiger_espace
    # shellcheck disable=SC2016  # des accents graves, sans shell
    sed '/^```sh/,/^```$/d' "$RACINE/README.md" > "$essai"
    DELAI=20 run "$RACINE/tests/cours.sh" "$essai"
    echo "$output"
    [ "$status" -eq 0 ]
    grep -q '^cours : 2 scènes' <<< "$output"
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

@test "un numéro de fait inconnu, ou sans scène à côté, est trouvé" {
    rejouer <<< $'<!-- preuve : GEN-999 -->\n\n```console\n$ true\n```'
    ecart_trouve 'fait inconnu : GEN-999'
    rejouer <<< $'<!-- preuve : GEN-01 -->\n\nUn paragraphe.\n\n```console\n$ true\n```'
    ecart_trouve 'pas de scène juste après'
    rejouer <<< $'<!-- preuve : GEN-01 -->\n\n```text\nun dessin\n```'
    ecart_trouve 'pas de scène juste après'
    rejouer <<< '<!-- preuve : GEN-01 -->'
    ecart_trouve 'rien après'
}

@test "« make faits » compte les faits prouvés, et liste les autres" {
    run "$RACINE/tests/faits.sh"
    [ "$status" -eq 0 ]
    total=$(grep -c . "$RACINE/tests/programme.tsv")
    grep -q "^en tout .* / $total\$" <<< "$output"
    prouves=$(sed -n 's/^en tout *\([0-9]*\) .*/\1/p' <<< "$output")
    restants=$(sed '1,/^Encore sans preuve/d' <<< "$output" | grep -c .)
    [ $((prouves + restants)) -eq "$total" ]
}

@test "chaque fait du programme a un numéro unique et un énoncé" {
    run awk -F '\t' 'NF != 2 || $1 !~ /^[A-Za-z0-9_-]+-[0-9]+$/ || $2 == "" || vu[$1]++' \
        "$RACINE/tests/programme.tsv"
    [ -z "$output" ]
}
