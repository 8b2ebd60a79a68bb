#!/usr/bin/env bats
# Une scène a un seul lecteur, et trois usages : le laboratoire, les mains d'une personne, le projecteur.
# bats file_tags=complet

load aide
load depot

setup() {
    essai=$BATS_TEST_TMPDIR/essai.md
    ecran=$BATS_TEST_TMPDIR/t   # la prise du tmux où l'on regarde le projecteur
    export DELAI=2
}
teardown() {
    eteindre
}
eteindre() { [ ! -S "$ecran" ] || tmux -S "$ecran" kill-server 2> /dev/null || true; }

# Deux petites scènes ; la première a deux terminaux, dont l'un attend.
deux_scenes() {
    cat > "$essai" << 'FIN'
## 3. Un chapitre

### 3.2 Une leçon

```console
[serveur]
$ nc -l -p 5000

[client]
$ tcp/04-client
socket : descripteur 3
connect : 127.0.0.1:5000
send : 8 octets « Bonjour\n »
(attend)

[serveur]
Bonjour
> ok

[client]
recv : 3 octets « ok\n »
réponse : 2 octets « ok »
close : descripteur 3
```

### Une autre

```console
$ echo seule
seule
```
FIN
}

lire() { run "$RACINE/scripts/scenes.sh" "$@"; }
rejouer() { exiger_espace; run "$RACINE/tests/cours.sh" "$essai"; }

# ─── Le lecteur ───

@test "le lecteur rend la scène, la leçon sans son numéro, le lieu, le terminal, le geste, le texte" {
    deux_scenes
    lire "$essai"
    verifier_egal $'1\tUne leçon\t'"$essai"$':7\tserveur\tcommande\tnc -l -p 5000' "${lines[0]}"
    verifier_egal $'1\tUne leçon\t'"$essai"$':14\tclient\tattend\t' "${lines[5]}"
    verifier_egal $'1\tUne leçon\t'"$essai"$':18\tserveur\tsaisie\tok' "${lines[7]}"
    verifier_egal $'2\tUne autre\t'"$essai"$':30\tterminal\tligne\tseule' "${lines[-1]}"
}

@test "le lecteur garde les tabulations d'un texte, et ses espaces de tête" {
    printf '```console\n$ x\n\t a\tb \n^D\n^C\n\n> \n>\n```\n' > "$essai"
    lire "$essai"
    verifier_egal $'1\t-\t'"$essai"$':3\tterminal\tligne\t\t a\tb ' "${lines[1]}"
    verifier_egal "commande ligne ctrl-d ctrl-c vide saisie saisie" "$(cut -f 5 <<< "$output" | paste -sd ' ')"
}

@test "une suite continue la scène, plusieurs fichiers continuent les numéros" {
    printf '```console\n[a]\n$ x\n```\n```console suite\ny\n```\n' > "$essai"
    lire "$essai" "$essai"
    verifier_egal $'1\ta\tligne' "$(cut -f 1,4,5 <<< "${lines[1]}")"
    verifier_egal 2 "$(cut -f 1 <<< "${lines[3]}")"
    printf '```console suite\n$ x\n```\n' > "$essai"
    lire "$essai"
    verifier_egal faute "$(cut -f 5 <<< "${lines[0]}")"
}

@test "un besoin est lu avec sa scène, et refusé sans scène juste après" {
    printf '<!-- besoin : java ipv6 -->\n<!-- preuve : GEN-01 « a » -->\n\n```console\n$ x\n```\n' > "$essai"
    lire "$essai"
    verifier_egal $'1\tbesoin\tipv6' "$(cut -f 1,5,6 <<< "${lines[1]}")"
    printf '<!-- besoin : java -->\n\ntexte\n\n```console\n$ x\n```\n' > "$essai"
    lire "$essai"
    verifier_egal faute,commande "$(cut -f 5 <<< "$output" | paste -sd ,)"
}

@test "une preuve est lue avec sa scène, fait par fait, et refusée sans scène juste après ou mal écrite" {
    printf '<!-- preuve : A-1 B-2 « un  deux » C-3 «(attend)» D-4 -->\n\n<!-- preuve : E-5 « x » -->\n```console\n$ x\n```\n' > "$essai"
    lire "$essai"
    verifier_egal "$essai:1,$essai:1,$essai:1,$essai:1,$essai:3,$essai:5" "$(cut -f 3 <<< "$output" | paste -sd ,)"
    verifier_egal 'A-1 un  deux,B-2 un  deux,C-3 (attend),D-4 ,E-5 x,x' "$(cut -f 6 <<< "$output" | paste -sd ,)"
    local apres
    for apres in texte '```text\nun dessin\n```' '```c\n/* tcp/01-socket.c */\n```' ''; do
        printf '<!-- preuve : A-1 « x » -->\n\n%b\n\n```console\n$ x\n```\n' "$apres" > "$essai"
        [ "$apres" ] || sed -i 2,\$d "$essai"
        lire "$essai"
        verifier_contient "$output" $'essai.md:1\tterminal\tfaute\tpreuve : pas de scène juste après'
        verifier_absent "$output" $'\tpreuve\t'
    done
    printf '<!-- preuve: A-1 « x » -->\n```console\n$ x\n```\n' > "$essai"
    lire "$essai"
    verifier_contient "$output" 'preuve mal écrite'
}

@test "les scènes d'« À vous » ont leur titre, et le projecteur ne les joue que si on les demande" {
    printf '## Une leçon\n### Une partie\n```console\n$ echo vue\nvue\n```\n#### À vous\n```console\n$ echo sue\nsue\n```\n' > "$essai"
    lire "$essai"
    verifier_egal 'Une partie,À vous : Une leçon' "$(cut -f 2 <<< "$output" | uniq | paste -sd ,)"
    export COURS=$essai
    lancer_le_projecteur 80 24 "$RACINE" une
    attendre_de_voir 'Une partie, scène 1'
    appuyer Enter
    attendre_de_voir 'fin de la scène 1'
    appuyer Enter
    rien_ne_reste 0
    lancer_le_projecteur 80 24 "$RACINE" à vous : une
    attendre_de_voir 'À vous : Une leçon, scène 2'
    appuyer q
    rien_ne_reste 0
}

# ─── Le joueur, au laboratoire ───

@test "« (attend) » : vrai d'une commande qui attend, faux de celle qui parle ou qui a fini" {
    deux_scenes
    rejouer
    verifier_egal 0 "$status"
    printf '```console\n$ sleep 0.05; echo trop; read -r\n(attend)\n```\n' > "$essai"
    rejouer
    verifier_egal 1 "$status"
    verifier_contient "$output" "essai.md:3 : elle devait attendre" "venu     : trop"
    printf '```console\n$ true\n(attend)\n```\n' > "$essai"
    rejouer
    verifier_contient "$output" "essai.md:3 : elle devait attendre" "la commande est finie"
}

@test "taper à une commande finie se dit avec sa ligne ; une sortie sans fin de ligne est juste" {
    printf '```console\n$ printf abc\nabc\n$ true\n> trop tard\n```\n' > "$essai"
    rejouer
    verifier_egal 1 "$status"
    verifier_contient "$output" "essai.md:5 : la commande est finie" "tapé : trop tard"
}

@test "une scène à qui il manque quelque chose est écartée par son nom ; en intégration, c'est un échec" {
    printf '<!-- besoin : introuvable -->\n```console\n$ x\n```\n```console\n$ true\n```\n' > "$essai"
    CI='' rejouer
    verifier_egal 0 "$status"
    verifier_contient "$output" "faute de introuvable" "cours : 1 scènes"
    CI=true rejouer
    verifier_egal 1 "$status"
}

@test "--ecrire recopie la vraie sortie d'une scène ratée, garde ses « … », ne touche pas au reste" {
    exiger_espace
    printf '%s\n' 'Avant.' '```console' '$ echo un deux; echo trois; echo quatre' 'un …' 'faux' 'quatre' '$ echo cinq' \
        '```' '' '```console' '$ echo juste' 'ju…' '```' > "$essai"
    run "$RACINE/tests/cours.sh" --ecrire "$essai"
    verifier_egal 0 "$status"
    verifier_contient "$output" "1 scènes recopiées, 0 à reprendre"
    verifier_egal 'Avant.|```console|$ echo un deux; echo trois; echo quatre|un …|trois|quatre|$ echo cinq|cinq|```||```console|$ echo juste|ju…|```' \
        "$(paste -sd '|' "$essai")"
    cp "$essai" "$essai.avant"
    run "$RACINE/tests/cours.sh" --ecrire "$essai"
    cmp "$essai" "$essai.avant"
}

@test "--ecrire laisse à l'auteur une scène qui ne peut pas aller au bout" {
    exiger_espace
    printf '```console\n$ cat\nfaux\n```\n' > "$essai"
    cp "$essai" "$essai.avant"
    run "$RACINE/tests/cours.sh" --ecrire "$essai"
    verifier_egal 1 "$status"
    verifier_contient "$output" "à reprendre à la main"
    cmp "$essai" "$essai.avant"
}

# ─── Les mains d'une personne ───

une_personne() {   # OPTIONS...
    exiger_outil tmux
    exiger_outil unshare
    CI='' run "$RACINE/tests/main.sh" "$@" "$essai"
}

@test "une personne joue deux fois un petit cours juste, sur les deux machines" {
    deux_scenes
    une_personne
    verifier_egal 0 "$status"
    verifier_contient "$output" "debian, fois n° 1 : 2 scènes, 0 écarts" \
        "debian, fois n° 2 : 2 scènes, 0 écarts" "ipv4, fois n° 2 : 2 scènes, 0 écarts"
}

@test "une personne voit une ligne fausse, une de trop, un Ctrl-C de trop, une commande laissée derrière" {
    cat > "$essai" << 'FIN'
```console
$ echo juste
faux
```

```console
$ echo une; echo deux
une
```

```console
$ true
^C
```

```console
$ printf '%0200d\n\n' 0; printf abc
000…000

abc
$ sleep 60 &
[1] …
```
FIN
    une_personne --hotes debian --fois 1
    verifier_egal 1 "$status"
    verifier_contient "$output" "essai.md:3 : la sortie a changé" "venu    : juste" "│ juste" \
        "essai.md:8 : une ligne de trop" "venu     : deux" \
        "essai.md:13 : aucune commande à interrompre" \
        "essai.md:22 : des processus restent" ": sleep 60" "4 scènes, 4 écarts"
}

@test "une personne n'est pas root, a le localhost demandé, et ne laisse rien hors d'essais/" {
    printf '```console\n$ id -u; getent ahosts localhost | grep -c ::1\n1000\n3\n```\n' > "$essai"
    une_personne --hotes debian --fois 1
    verifier_egal 0 "$status"
    cat > "$essai" << 'FIN'
```console
$ id -u; getent ahosts localhost | grep -c ::1
1000
0
$ tcp/05-bind 80 2>&1 | grep -o EACCES
EACCES
$ touch essais/bien mal && mkdir /tmp/pire && echo fini >> README.md
```
FIN
    une_personne --hotes ipv4 --fois 1
    verifier_egal 1 "$status"
    verifier_contient "$output" "des fichiers hors d'essais/" "sockets/mal" "/tmp/pire" \
        "git status n'est pas propre" " M README.md" "?? mal" "1 scènes, 2 écarts"
    [[ $output != *essais/bien* ]]
}

# ─── Le projecteur ───

# Ouvre un terminal (un tmux), et y lance le projecteur dans un réseau à lui, sans privilège.
lancer_le_projecteur() {   # LARGEUR HAUTEUR DÉPÔT ARGUMENTS...
    local ordinaire="setpriv --inh-caps=-all --bounding-set=-all,+setfcap"
    exiger_espace
    exiger_outil tmux
    $ordinaire true 2> /dev/null || ordinaire=''
    eteindre
    ecran+=t   # l'ancien tmux n'a peut-être pas fini de mourir
    tmux -u -S "$ecran" -f /dev/null new-session -d -x "$1" -y "$2" \
        "'$3/scripts/espace.sh' $ordinaire '$3/scripts/scene.sh' ${*:4}; echo code \$?; exec cat" 3>&- 4>&-
}
projeter() {   # LARGEUR HAUTEUR ARGUMENTS...
    deux_scenes
    COURS=$essai lancer_le_projecteur "$1" "$2" "$RACINE" "${@:3}"
}
regarder() { tmux -S "$ecran" capture-pane -pJ; }   # une ligne repliée en est une
appuyer() { tmux -S "$ecran" send-keys "$@"; }
on_voit() { regarder | grep -qF -- "$1"; }
attendre_de_voir() {   # TEXTE
    attendre 10 on_voit "$1" || { echo "« $1 » ne vient pas :"; regarder; return 1; }
}

# Le projecteur est parti avec ce code ; ni ses shells, ni son tmux, ni son dossier ne restent.
rien_ne_reste() {   # CODE
    attendre_de_voir "code $1"
    verifier_egal '' "$(find "$TMPDIR" -maxdepth 2 -name rc -newer "$essai")"
    verifier_egal '' "$(pgrep -af -- "--rcfile $TMPDIR" || true)"
}

@test "le projecteur tape une étape à chaque Entrée, met en relief qui agit, et q ne laisse rien" {
    projeter 100 30 leçon
    attendre_de_voir '▶ serveur'
    attendre_de_voir 'Entrée'
    run ! on_voit 'nc -l'
    appuyer Enter
    attendre_de_voir 'nc -l -p 5000'
    attendre_de_voir '▶ client'
    appuyer Enter
    attendre_de_voir 'send : 8 octets'
    attendre_de_voir '[client] attend'
    appuyer Enter
    attendre_de_voir '▶ serveur'
    appuyer Enter
    attendre_de_voir 'réponse : 2 octets « ok »'
    appuyer q
    rien_ne_reste 0
}

@test "le projecteur joue seul, dans un tmux déjà ouvert, à 80 × 24, jusqu'au bout" {
    RYTHME=0,05 projeter 80 24 --seul 1
    rien_ne_reste 0
}

@test "seul, le projecteur dit où l'écran n'a pas dit la même chose que la page, code 1" {
    printf '```console\n$ echo juste\nfaux\n```\n' > "$essai"
    COURS=$essai RYTHME=0 lancer_le_projecteur 80 24 "$RACINE" --seul 1
    rien_ne_reste 1
    on_voit "essai.md:3 : la sortie a changé"
    on_voit "venu    : juste"
}

@test "le projecteur passe une scène à qui il manque quelque chose, et le dit ; si c'est la seule, code 1" {
    printf '<!-- besoin : introuvable -->\n```console\n$ x\n```\n```console\n$ echo vue\nvue\n```\n' > "$essai"
    export COURS=$essai
    lancer_le_projecteur 80 24 "$RACINE" "$essai"
    attendre_de_voir 'scène 1 passée, il manque introuvable'
    appuyer Enter
    attendre_de_voir 'fin de la scène 2'
    appuyer Enter
    rien_ne_reste 0
    lancer_le_projecteur 80 24 "$RACINE" 1
    rien_ne_reste 1
    on_voit 'il manque introuvable'
}

@test "d'une étape à l'autre, aucun volet ne change de taille : un programme le saurait" {
    printf '```console\n[un]\n$ trap "echo chan\\\\ge" WINCH; read -r; trap - WINCH\n[deux]\n$ true\n[un]\n> \n[deux]\n$ true\n```\n' \
        > "$essai"
    COURS=$essai RYTHME=0 lancer_le_projecteur 100 31 "$RACINE" 1
    attendre_de_voir 'Entrée'
    local etape
    for etape in 1/4 2/4 3/4 4/4; do
        attendre_de_voir "$etape"
        run ! on_voit change
        appuyer Enter
    done
    attendre_de_voir 'fin de la scène'
    run ! on_voit change
    appuyer q
    rien_ne_reste 0
}

@test "chaque titre que cite « Pour qui enseigne » choisit les scènes d'une leçon, et d'une seule" {
    local titre lecons
    lecons=$("$RACINE/scripts/scenes.sh" | awk -F '\t' '$1 && $5 == "commande" { print $2 }' | sort -u)
    export LC_ALL=C.UTF-8
    while read -r titre; do
        grep -qixF -- "$titre" <<< "$lecons" || verifier_egal "$titre 1" "$titre $(grep -icF -- "$titre" <<< "$lecons")"
    done < <(grep -oE 'scene\.sh (--pas-a-pas [a-z]+ )?"[^"]+"' "$RACINE/cours.md" | cut -d '"' -f 2)
    # et diagramme.sh, qui n'en dessine qu'une, une seule scène
    lecons=$("$RACINE/scripts/scenes.sh" | awk -F '\t' '$1 && $5 == "commande" && !vu[$1]++ { print $2 }')
    while read -r titre; do
        verifier_egal "$titre 1" "$titre $(grep -icF -- "$titre" <<< "$lecons")"
    done < <(grep -oE 'diagramme\.sh --scene "[^"]+"' "$RACINE/cours.md" | cut -d '"' -f 2)
}

# Écrit les numéros des plus longues scènes du cours à un terminal, à deux… qui ne demandent rien.
les_plus_longues() {
    "$RACINE/scripts/scenes.sh" | awk -F '\t' '
        $5 == "besoin" { besoin[$1] = 1 }
        $1 && $5 ~ /^(commande|saisie|ctrl-.|attend)$/ { gestes[$1]++ }
        $1 && $5 == "commande" && !(($1, $4) in vu) { vu[$1, $4] = 1; noms[$1]++ }
        END { for (s in gestes) if (!besoin[s]) print noms[s], gestes[s], s }' |
        sort -k 1,1n -k 2,2nr | awk '!vu[$1]++ { print $3 }'
}

@test "les plus longues scènes du cours, à un terminal, à deux, à trois, à quatre, se jouent jusqu'au bout" {
    local scene depot=$BATS_TEST_TMPDIR/depot
    copier_le_depot "$depot"
    touch "$essai"
    for scene in $(les_plus_longues); do
        RYTHME=0 DELAI=20 lancer_le_projecteur 100 30 "$depot" --seul "$scene"
        attendre 60 on_voit "code "
        rien_ne_reste 0
        done
}

# Le projecteur avec un terminal au pas à pas, jusqu'au premier appel de ce terminal. MARQUE le suit partout.
projeter_au_pas() {
    exiger_outil strace
    marque=$$-$RANDOM
    MARQUE=$marque projeter 100 30 --pas-a-pas client leçon
    attendre_de_voir '▶ serveur'
    attendre_de_voir 'Entrée : la suite'
    appuyer Enter
    attendre_de_voir '▶ client'
    attendre_de_voir 'Entrée : la suite'
    appuyer Enter
    attendre_de_voir 'scripts/pas-a-pas.sh tcp/04-client'
    attendre_de_voir 'socket(AF_INET, SOCK_STREAM, 0) = 3'
    attendre_de_voir "Entrée : l'appel suivant   s : la scène   q : partir"
}
rien_du_pas_a_pas() {
    rien_ne_reste 0
    eteindre
    attendre 5 sans_processus "^MARQUE=$marque"
}

@test "« --pas-a-pas » arrête un terminal sur chaque appel : Entrée le laisse partir, puis avance la scène" {
    projeter_au_pas
    local appel
    for appel in 'connect(3, 127.0.0.1:5000, 16) = 0' 'send(3, "Bonjour\n", 8, MSG_NOSIGNAL) = 8'; do
        run ! on_voit "$appel"
        appuyer Enter
        attendre_de_voir "$appel"
        attendre_de_voir "[client] attend   Entrée : l'appel suivant"
    done
    appuyer Enter
    attendre_de_voir 'recv(3… attend'
    attendre_de_voir '[client] attend   Entrée : la suite'
    appuyer Enter
    attendre_de_voir '4/4   Entrée : la suite'
    appuyer Enter
    attendre_de_voir 'recv(3, "ok\n", 1024, 0) = 3'
    run ! on_voit 'réponse'
    attendre_de_voir "fin de la scène 1   Entrée : l'appel suivant   s : la scène   q : partir"
    appuyer Enter
    attendre_de_voir 'réponse : 2 octets « ok »'
    attendre_de_voir 'fin de la scène 1   Entrée : la suite'
    appuyer q
    rien_du_pas_a_pas
}

@test "au pas à pas, s avance la scène sans l'appel, Ctrl-C et q ne laissent rien ; un terminal absent, code 2" {
    projeter_au_pas
    appuyer s
    attendre_de_voir "4/4   Entrée : l'appel suivant   s : la scène"
    run ! on_voit 'connect('
    appuyer C-c
    rien_du_pas_a_pas
    projeter_au_pas
    appuyer q
    rien_du_pas_a_pas
    projeter 100 30 --pas-a-pas personne leçon
    attendre_de_voir 'aucune commande réseau au terminal « personne »'
    rien_ne_reste 2
    projeter 100 30 --seul --pas-a-pas client leçon
    rien_ne_reste 2
}

@test "interrompu par Ctrl-C, ou tué, le projecteur ne laisse rien" {
    projeter 80 24 1
    attendre_de_voir 'Entrée'
    appuyer Enter
    attendre_de_voir '▶ client'
    appuyer C-c
    rien_ne_reste 0
    projeter 80 24 1
    attendre_de_voir 'Entrée'
    kill -TERM "$(pgrep -P "$(tmux -S "$ecran" display -p '#{pane_pid}')")"
    rien_ne_reste 143
}

@test "le projecteur dit avant de commencer : port 5000 pris, tmux absent, terminal trop petit, ou pas de terminal" {
    exiger_espace
    deux_scenes
    export COURS=$essai
    run "$RACINE/scripts/espace.sh" bash -c '
        cd "$1"
        "${PROGRAMMES}tcp/06-serveur" > /dev/null 3>&- 4>&- &
        scripts/attendre.sh tcp 5000
        code=0
        scripts/scene.sh 1 || code=$?
        kill $!
        exit $code' bash "$RACINE"
    verifier_egal 1 "$status"
    verifier_contient "$output" "le port 5000 est déjà pris"
    mkdir "$BATS_TEST_TMPDIR/bin"
    ln -s /usr/bin/* "$BATS_TEST_TMPDIR/bin/"
    rm -f "$BATS_TEST_TMPDIR/bin/tmux"
    PATH=$BATS_TEST_TMPDIR/bin run "$RACINE/scripts/scene.sh" 1
    verifier_egal 1 "$status"
    verifier_contient "$output" "il faut tmux"
    run "$RACINE/scripts/espace.sh" "$RACINE/scripts/scene.sh" 1
    verifier_egal 1 "$status"
    verifier_contient "$output" "il faut un terminal"
    projeter 79 24 1
    attendre_de_voir 'il en faut 80 et 24'
    rien_ne_reste 1
}

@test "« --liste » dit les scènes par leçon, en 80 colonnes ; une scène inconnue, code 2" {
    deux_scenes
    printf '```console\n$ echo %090d\n```\n' 0 >> "$essai"
    COURS=$essai run "$RACINE/scripts/scene.sh" --liste
    verifier_egal "$essai|  Une leçon|    1  [serveur] [client]  nc -l -p 5000|  Une autre|    2  echo seule" \
        "$(printf '%s\n' "${lines[@]:0:5}" | paste -sd '|')"
    LC_ALL=C.UTF-8
    [[ ${#lines[5]} -eq 80 && ${lines[5]} == '    3  echo 00'*… ]]
    projeter 80 24 introuvable
    attendre_de_voir 'aucune scène'
    rien_ne_reste 2
}
