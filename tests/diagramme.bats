#!/usr/bin/env bats
# Le schéma d'un échange réel : les enregistrements redessinés, ce qui leur manque dit, les échanges joués.
# bats file_tags=outils

setup() {
    load aide
    load depot
    load diagramme
    ENREGISTREMENTS=$RACINE/tests/enregistrements
    DESSIN=${PROGRAMMES}outils/dessin
    [ "$PROGRAMMES" != "$RACINE/" ] || DESSIN=$RACINE/build/outils/dessin
}

diagramme() { lancer "$RACINE/scripts/diagramme.sh" "$@"; }
dessiner() { lancer "$DESSIN" "$@"; }

# Une copie à abîmer, dans « copie » ; et, une fois abîmée à dessein, ses comptes remis d'accord.
copier() {   # ENREGISTREMENT
    copie=$BATS_TEST_TMPDIR/copie
    rm -rf "$copie"
    cp -r "$ENREGISTREMENTS/$1" "$copie"
}
recompter() {
    (cd "$copie" && wc -l -- *.trace | sed '/ total$/d' > comptes)
    sed -i "s/^fin .*/fin $(grep -vc '^fin' "$copie/paquets") 0/" "$copie/paquets"
}

# La première ligne dit ce qui manque, et le code est 1.
dit() {   # TEXTE
    dessiner "$copie"
    echo "$output"
    verifier_code 1
    [[ ${lines[0]} == "manque : "* ]]
    verifier_contient "$output" "$1"
}

# Échange les deux heures de ces deux lignes.
echanger_les_heures() {   # FICHIER LIGNE FICHIER LIGNE
    local a b
    a=$(sed -n "$2s/^\([0-9]* \)*\([0-9]*\.[0-9]*\) .*/\2/p" "$copie/$1")
    b=$(sed -n "$4s/^\([0-9]* \)*\([0-9]*\.[0-9]*\) .*/\2/p" "$copie/$3")
    [ "$a" ] && [ "$b" ] && [ "$a" != "$b" ]
    sed -i "$2s/$a/$b/" "$copie/$1"
    sed -i "$4s/$b/$a/" "$copie/$3"
}

# Le numéro de la première ligne qui contient ce texte.
numero() { grep -nFm1 -- "$2" "$copie/$1" | cut -d: -f1; }   # FICHIER TEXTE

@test "chaque enregistrement redonne son dessin" {
    local nom
    for nom in "$ENREGISTREMENTS"/*; do
        echo "$nom :"
        dessiner "$nom"
        verifier_code 0
        verifier_egal "$(< "$nom/attendu")" "$output"
    done
}

# bats test_tags=complet
@test "un paquet ou une ligne de trace qui manque est dit, quel qu'il soit" {
    local nom fichier ligne
    for nom in tcp udp rst demi; do
        for fichier in "$ENREGISTREMENTS/$nom"/{*.trace,paquets}; do
            for ((ligne = 1; ligne <= $(wc -l < "$fichier"); ligne++)); do
                copier "$nom"
                sed -i "${ligne}d" "$copie/${fichier##*/}"
                dit ''
            done
        done
    done
}

# Sans cette ligne, le dessin dit cela ; une ligne par essai, sur l'entrée.
oter() {
    local nom fichier texte attendu
    while IFS='|' read -r nom fichier texte attendu; do
        copier "$nom"
        sed -i "$(numero "$fichier" "$texte")d" "$copie/$fichier"
        recompter
        dit "$attendu"
    done
}

# bats test_tags=complet
@test "sans le secours des comptes, les causes trahissent encore ce qui manque" {
    oter <<'FIN'
tcp|2-04-client.trace|connect(|sans connect
tcp|2-04-client.trace|sendto(|8 octet(s)
tcp|2-04-client.trace|+++|s'arrête avant la fin
tcp|1-06-serveur.trace|sendto(|3 octet(s)
tcp|1-06-serveur.trace|shutdown(|un FIN
tcp|paquets| S |le début de la connexion
tcp|paquets| SA |le SYN ACK
tcp|paquets| 426f6e|8 octet(s)
tcp|paquets| 6f6b0a|3 octet(s)
tcp|paquets| FA |jamais vu
tcp|1-06-serveur.trace|listen(|avant ou sans listen
tcp|1-06-serveur.trace| accept(|06-serveur : l'appel qui a donné la socket
fork|2-client.trace|connect(|sans connect
fork|4-serveur.trace|listen(|avant ou sans listen
fork|4-serveur.trace|sendto(|3 octet(s)
fork|4-serveur.trace|+++|s'arrête avant la fin
fork|paquets| S |le début de la connexion
fork|paquets| 426f6e|8 octet(s)
fork|paquets| SA |le SYN ACK
terminaux|2-client.trace|connect(|sans connect
terminaux|paquets| UDP |un datagramme
FIN
}

# bats test_tags=complet
@test "une lecture, un bind, un listen, un envoi AF_UNIX, la fin d'un appel : ôtés, ils manquent" {
    oter <<'FIN'
demi|1-serveur.trace|"Bonjour|la lecture, par serveur, de 8 octet(s)
demi|1-serveur.trace|bind(|bind, avant listen
fork|1-client.trace|recvfrom|la lecture, par client, de 3 octet(s)
fork|4-serveur.trace|<... accept4 resumed>0x|la fin d'un appel
fork|4-serveur.trace|<... close resumed>|la fin d'un appel
udp|1-02-serveur.trace|bind(|bind, avant recvfrom
udp|2-01-client.trace|socket(|qui a donné la socket
unix|1-unix.trace|socket(|qui a donné la socket
unix|1-unix.trace|bind(|bind, avant listen
unix|1-unix.trace|listen(|listen, avant accept4
unix|1-unix.trace|connect(|le connect que accept4 attendait
unix|1-unix.trace|"ok\n", 3|l'envoi de ce que unix a lu
unix|1-unix.trace|<... recvfrom resumed>|la fin d'un appel
FIN
}

# bats test_tags=complet
@test "deux heures échangées : la contradiction est dite, et rien n'est dessiné" {
    local nom fichier texte autre texte_autre
    while IFS='|' read -r nom fichier texte autre texte_autre; do
        copier "$nom"
        echanger_les_heures "$fichier" "$(numero "$fichier" "$texte")" "$autre" "$(numero "$autre" "$texte_autre")"
        dit 'rien n'"'"'est dessiné'
        [[ $output != *┬* ]]
    done <<'FIN'
tcp|2-04-client.trace|connect(|paquets| S 
tcp|2-04-client.trace|sendto(|paquets|426f6e
tcp|1-06-serveur.trace|sendto(|paquets|6f6b0a
tcp|1-06-serveur.trace|shutdown(|paquets| FA 
tcp|2-04-client.trace|connect(|2-04-client.trace|sendto(
tcp|paquets| SA |paquets|426f6e
fork|3-client.trace|connect(|paquets| SA 
fork|4-serveur.trace|listen(|4-serveur.trace|sendto(
fork|1-client.trace|sendto(|paquets|426f6e
fork|4-serveur.trace|5771  1795298686.370526235 close(4|paquets|5000 127.0.0.1:34390 FA
terminaux|2-client.trace|sendto(|paquets|426f6e
FIN
}

@test "les causes dites (-c) : les mêmes, qu'un appel ait attendu ou non, que deux se croisent ou non" {
    local causes
    causes=$("$DESSIN" -c "$ENREGISTREMENTS/tcp")
    verifier_contient "$causes" $'appel\t1/2\tconnect(3, 127.0.0.1:5000)\t0' \
        $'appel\t2/4\taccept(3)\t4 ← 127.0.0.1:…' $'paquet\t1>2/1\tSYN' \
        $'cause\t1/2\t1>2/1' $'cause\t1>2/1\t2>1/1' $'cause\t2>1/1\t1/2='
    copier tcp
    # Le client attend la réponse ; le serveur referme avant qu'il l'ait lue.
    sed -i '/recvfrom/{s/661.638151271/661.637980000/;s/<0.000003867>/<0.000200000>/}' "$copie/2-04-client.trace"
    dessiner "$copie"
    verifier_contient "$output" 'recv(3) …' '└ = 3 « ok\n »'
    verifier_egal "$causes" "$("$DESSIN" -c "$copie")"
    dessiner -c "$ENREGISTREMENTS/fork"
    verifier_contient "$output" $'appel\t4.3/2\trecv(4)\t8 « Bonjour\\n »' $'cause\t2>4/2\t4.3/2='
    dessiner -c "$ENREGISTREMENTS/unix"
    verifier_contient "$output" $'cause\t1.1/2\t1/4='
}

@test "un envoi AF_UNIX parti avant l'accept, dont strace ne sait pas nommer l'autre bout, est bien la cause de sa lecture" {
    copier unix
    sed -i '/sendmsg/s/21939141->21939140/21939141/' "$copie"/1-unix.trace
    dessiner -c "$copie"
    verifier_egal "0 $("$DESSIN" -c "$ENREGISTREMENTS/unix")" "$status $output"
}

@test "une trace coupée, un fichier absent, un état que ss dément : dit" {
    copier tcp
    truncate -s -20 "$copie/2-04-client.trace"
    dit 'coupée ou illisible'
    copier tcp
    rm "$copie/paquets"
    dit 'les paquets ; seuls les appels sont dessinés'
    [[ $output != *► ]]
    verifier_contient "$output" 'connect(3, 127.0.0.1:5000)' 'recv(3)'
    copier fork
    rm "$copie/paquets"
    dit 'les paquets ; seuls les appels sont dessinés'
    verifier_contient "$output" '┬ serveur' '.2 recv(4)'
    [[ $output != *►* && $output != *◄* ]]
    copier fork
    truncate -s -30 "$copie/4-serveur.trace"
    dit 'coupée ou illisible'
    copier fork
    : > "$copie/2-client.trace"
    dit 'client : trace vide'
    copier tcp
    rm "$copie/comptes"
    dit comptes
    copier tcp
    sed -i 's/TIME-WAIT/ESTAB/' "$copie/ss"
    dit 'ESTABLISHED dans ss, TIME-WAIT'
    copier tcp
    sed -i 's/^fin \(.*\) 0$/fin \1 3/' "$copie/paquets"
    dit "3 paquet(s), que le noyau n'a pas pu garder"
}

@test "un envoi perdu à dessein, un renvoi, sont dessinés pour ce qu'ils sont" {
    copier udp
    sed -i '/"ok/s/ = 3 / = 3 (INJECTED) /' "$copie/1-02-serveur.trace"
    sed -i '/recvfrom/d' "$copie/2-01-client.trace"
    sed -i '/6f6b0a/d' "$copie/paquets"
    recompter
    dessiner "$copie"
    verifier_code 0
    verifier_contient "$output" 'sendto(3, « ok\n ») = 3' '✗ perdu'
    copier tcp
    sed -i '/426f6e/p' "$copie/paquets"
    recompter
    dessiner "$copie"
    verifier_code 0
    verifier_contient "$output" 'renvoi, 8 o.'
}

@test "des octets hostiles sont échappés, à l'écran comme dans le SVG" {
    copier udp
    sed -i 's/426f6e6a6f75720a/1b5b326a3c263e22/' "$copie/paquets"
    sed -i 's/"Bonjour\\n"/"\\33[2j<\&>\\""/' "$copie"/*.trace
    dessiner -o "$copie/s.svg" "$copie"
    verifier_code 0
    verifier_contient "$output" '« \x1b[2j<&>" »'
    [[ $output != *$'\e'* ]]
    run ! grep -q $'\e' "$copie/s.svg"
    verifier_contient "$(< "$copie/s.svg")" '\x1b[2j&#60;&#38;&#62;&#34;'
}

# bats test_tags=complet
@test "un dossier fabriqué : dit, jamais cru, sans danger pour le terminal" {
    local fichier expression attendu
    while IFS='|' read -r fichier expression attendu; do
        copier tcp
        echo "$fichier $expression"
        sed -i -E "$expression" "$copie/$fichier"
        dit "$attendu"
        [[ $output != *$'\e'* ]]
    done <<'FIN'
1-06-serveur.trace|/bind/s/0\.0\.0\.0/\x1b[2J/|ligne 3 coupée ou illisible
2-04-client.trace|/recvfrom/s/^/\x00/|ligne 4 coupée ou illisible
2-04-client.trace|/connect/s/= 0 .*/= -1<0.1>/|ligne 2 coupée ou illisible
2-04-client.trace|/sendto/s/= 8 /= 9223372036854775807 /|ligne 3 coupée ou illisible
2-04-client.trace|/sendto/s/ 1795291661/ 9223372036854775807/|ligne 3 coupée ou illisible
2-04-client.trace|/sendto/s/^[0-9]+/2147483647/|ligne 3 coupée ou illisible
2-04-client.trace|s/ \+\+\+$/ ++/|ligne 6 coupée ou illisible
1-06-serveur.trace|/---/s/ ---$//|ligne 14 coupée ou illisible
paquets|s/ 426f6e6a6f75720a/ 426f6e6a6f75720/|paquets : ligne 4 illisible
paquets|s/ 8 426f6e6a6f75720a/ -8 -/|paquets : ligne 4 illisible
paquets|s/ SA 7/ SA -7/|paquets : ligne 2 illisible
paquets|1s/ TCP / T\x1b[2J /|paquets : ligne 1 illisible
comptes|1d|le compte de 1 trace(s) sur 2
ss|s/TIME-WAIT/\x1b[2J/|\x1b[2J dans ss
FIN
    copier tcp
    printf 'un \e[2J\n' > "$copie/manques"
    dit 'manque : un \x1b[2J'
    rm "$copie/paquets" "$copie/manques"
    mkfifo "$copie/paquets"   # un tube n'en finirait pas
    dit 'les paquets ; seuls'
    copier tcp
    mv "$copie/1-06-serveur.trace" "$copie/"$'1-\e[2J<&\xc3 é.trace'
    (cd "$copie" && wc -l -- *.trace | sed '/ total$/d' > comptes)
    printf '\e[2J\n' > "$copie/codes"
    diagramme -o "$copie/s.svg" --relire "$copie"
    verifier_code 0
    [[ $output != *$'\e'* ]]
    verifier_contient "${lines[0]}" '\x1b[2J<&\xc3 é'
    verifier_contient "$(< "$copie/s.svg")" ' et \x1b[2J&#60;&#38;\xc3 é</title>'
}

# bats test_tags=complet
@test "des octets qui imitent strace ne trompent pas" {
    local imite='_port=htons(9) MSG_PEEK msg_len=9'
    copier udp
    sed -i "s/\"Bonjour\\\\n\", \(8\|1024\)/\"$imite\", \1/; s/) = 8 </) = ${#imite} </" "$copie"/*.trace
    sed -i "s/ 8 426f6e6a6f75720a/ ${#imite} $(printf %s "$imite" | od -An -v -tx1 | tr -d ' \n')/" "$copie/paquets"
    dessiner "$copie"
    echo "$output"
    verifier_code 0
    verifier_contient "$output" "sendto(3, « _port=htons(9) M"
}

@test "SIGKILL ne s'annonce pas : un signal d'avant n'en donne pas l'heure, le FIN la donne" {
    copier tue
    sed -i 's/killed by SIGTERM/killed by SIGKILL/' "$copie"/2-*.trace
    dessiner -t "$copie"
    echo "$output"
    local mort fin
    read -r mort _ < <(grep 'tué : SIGKILL' <<< "$output")
    read -r fin _ < <(grep -A1 'tué : SIGKILL' <<< "$output" | tail -n 1)
    verifier_egal "$mort" "$fin"
    verifier_contient "$output" 'LAST-ACK'
}

# bats test_tags=complet
@test "un enfant part sans close : c'est sa mort qui ferme, non le close de son père" {
    copier fork
    sed -i '/^5765 .*close(4/d' "$copie/4-serveur.trace"
    recompter
    dessiner -c "$copie"
    echo "$output"
    verifier_contient "$output" $'fin\t4.1/4\t(fin du programme)' $'cause\t4.1/4\t4>1/3'
}

# bats test_tags=complet
@test "les options : largeur tenue, appels en plus, accusés en moins, millisecondes, SVG" {
    local colonnes nom
    for nom in tcp ipv6 nc tue fork terminaux; do
        for colonnes in 80 92 120; do
            diagramme -l "$colonnes" --temps --relire "$ENREGISTREMENTS/$nom"
            verifier_code 0
            verifier_egal '' "$(grep -E "^.{$((colonnes + 1))}" <<< "${output%codes*}")"
        done
    done
    diagramme --tout --relire "$ENREGISTREMENTS/tcp"
    verifier_contient "$output" 'setsockopt(3, SO_REUSEADDR) = 0' 'getsockname(3) = 0.0.0.0:5000' \
        'codes : 06-serveur 143, arrêté ; 04-client 0'
    diagramme --sans-ack --relire "$ENREGISTREMENTS/tcp"
    verifier_egal 2 "$(grep -c '─ ACK ─' <<< "$output")"   # les deux qui changent un état
    diagramme -o "$BATS_TEST_TMPDIR/s.svg" --relire "$ENREGISTREMENTS/tcp"
    verifier_code 0
    verifier_contient "$(< "$BATS_TEST_TMPDIR/s.svg")" 'role="img"' '<title>Échange réel entre 04-client' \
        '>connect(3, 127.0.0.1:5000) …<' '>CLOSE-WAIT<' '</svg>'
    diagramme -o "$BATS_TEST_TMPDIR/s.svg" --relire "$ENREGISTREMENTS/fork"
    verifier_contient "$(< "$BATS_TEST_TMPDIR/s.svg")" 'entre client, client, client et serveur</title>' \
        '>&#160;&#160;127.0.0.1:5000) …<'
    run ! grep -q ' id=' "$BATS_TEST_TMPDIR/s.svg"
}

@test "une demande mal écrite est refusée, un outil absent nommé" {
    local demande
    for demande in '' --rien '-l 5x a' '-o' "--relire $BATS_TEST_TMPDIR/rien" '--relire a b' 'cat' \
        'tcp/04-client --' 'nul/programme -- tcp/04-client' 'cat -- cat -- cat'; do
        echo "« $demande »"
        # shellcheck disable=SC2086
        diagramme $demande
        verifier_code 2
        [ "$stderr" ]
    done
    diagramme -h
    verifier_code 0
    verifier_contient "$output" '--relire'
    run -1 env PATH="$(sans_netcat)" "$RACINE/scripts/diagramme.sh" tcp/06-serveur -- tcp/04-client
    verifier_contient "$output" 'apt-get install strace'
}

# ─── Joués pour de vrai ───

# Rien ne reste : ni processus, ni fichier de passage.
rien_ne_reste() {
    [ -z "$(ls -A "$TMPDIR")" ]
    run ! pgrep -f "$TMPDIR"
}

# bats test_tags=complet
@test "les échanges du cours se dessinent, causes vérifiées, et rien ne reste" {
    exiger_outil strace
    exiger_espace
    export TMPDIR=$BATS_TEST_TMPDIR/passage
    mkdir "$TMPDIR"
    local essai
    for essai in {1..10}; do
        diagramme tcp/06-serveur -- tcp/04-client
        echo "$output"
        verifier_code 0
        verifier_contient "$output" 'SYN-SENT' '« Bonjour\n »' 'FIN-WAIT-1' '= 3 « ok\n »' 'codes : '
    done
    for essai in 'tcp/04-client' 'tcp/06-serveur' 'udp/01-client' 'udp/02-serveur' '-- tcp/04-client' \
        '-- udp/01-client -d 100'; do
        # shellcheck disable=SC2086
        diagramme $essai
        echo "$output"
        verifier_code 0
    done
    rien_ne_reste
}

# bats test_tags=complet
@test "en IPv6 aussi" {
    exiger_outil strace
    exiger_espace
    exiger_ipv6
    diagramme ipv6/03-serveur -- ipv6/02-client ::1 5000
    echo "$output"
    verifier_code 0
    verifier_contient "$output" '← [::1]:' 'FIN-WAIT-1'
}

# Les causes d'un passage, sans dire quel client est lequel : ils se croisent.
sans_nommer() { sed -E 's/[0-9]+/n/g; s/n\.n/n/' | sort; }

# bats test_tags=complet
@test "trois clients et un fork, demi-fermeture, deux netcats, Python, AF_UNIX : joués, mêmes causes" {
    exiger_outil strace
    exiger_outil python3
    exiger_espace
    local cas attendues
    for cas in demi python unix dialogue fork; do
        [[ $cas != dialogue || $(nc -h 2>&1) == OpenBSD* ]] || continue   # celui de l'enregistrement
        capturer "$cas"
        dessiner "$dossier"
        echo "$output"
        verifier_code 0
        dessiner -c "$dossier"
        attendues=$("$DESSIN" -c "$ENREGISTREMENTS/$cas")
        if [[ $cas == @(fork|unix) ]]; then   # deux fils prennent leurs descripteurs dans un ordre ou l'autre
            verifier_egal "$(sans_nommer <<< "$attendues")" "$(sans_nommer <<< "$output")"
        else
            verifier_egal "$attendues" "$output"
        fi
    done
}

# bats test_tags=complet
@test "deux terminaux, où les mêmes ports servent à plusieurs commandes" {
    exiger_outil strace
    exiger_espace
    capturer terminaux
    dessiner "$dossier"
    echo "$output"
    verifier_code 0
    verifier_egal 2 "$(grep -c 'connect(3, 127.0.0.1:5000)' <<< "$output")"
    verifier_egal 2 "$(grep -c 'listen(' <<< "$output")"
    verifier_contient "$output" 'sendto(3, « Bonjour\n ») = 8' 'recvfrom(3) = 3 « ok\n »'
    [[ $output != *' .1 '* ]]
}

@test "ce que la libc demande à nscd n'est pas de l'échange : ni voie, ni suffixe, ni côté" {
    copier tcp
    local nscd='"/var/run/nscd/socket"' heure
    heure=$(head -n 1 "$copie"/1-*.trace | cut -d ' ' -f 2)
    for _ in 1 2; do   # le shell qui lance le serveur, deux fois, avant tout le reste
        printf "12000  %s socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, 0) = 3<UNIX-STREAM:[1]> <0.000001>\n" "$heure"
        printf "12000  %s connect(3<UNIX-STREAM:[1]>, {sa_family=AF_UNIX, sun_path=%s}, 110) = -1 ENOENT (x) <0.000001>\n" \
            "$heure" "$nscd"
        printf "12000  %s close(3<UNIX-STREAM:[1]>) = 0 <0.000001>\n" "$heure"
    done > "$copie/avant"
    cat "$copie"/1-*.trace >> "$copie/avant"
    printf "12000  %s +++ exited with 0 +++\n" "$(tail -n 1 "$copie/avant" | cut -d ' ' -f 2)" >> "$copie/avant"
    mv "$copie/avant" "$(ls "$copie"/1-*.trace)"
    recompter
    dessiner "$copie"
    verifier_egal "$(< "$ENREGISTREMENTS/tcp/attendu")" "$output"
}

# bats test_tags=complet
@test "sous quatre boucles occupées, chaque passage d'un échange a ses causes (PASSAGES=30 pour plus)" {
    exiger_outil strace
    exiger_espace
    local boucles=() passage attendues
    attendues=$("$DESSIN" -c "$ENREGISTREMENTS/tcp")
    for _ in 1 2 3 4; do
        (while :; do :; done) > /dev/null 2>&1 3>&- 4>&- &
        boucles+=($!)
        echo $! >> "$BATS_TEST_TMPDIR/processus"
    done
    for ((passage = 1; passage <= ${PASSAGES:-5}; passage++)); do
        rm -rf "$BATS_TEST_TMPDIR/garde"
        diagramme --garder "$BATS_TEST_TMPDIR/garde" tcp/06-serveur -- tcp/04-client
        echo "passage $passage : $output"
        verifier_code 0
        verifier_egal "$attendues" "$("$DESSIN" -c "$BATS_TEST_TMPDIR/garde")"
    done
    kill "${boucles[@]}"
}

# bats test_tags=complet
@test "la voie d'un script porte son nom, non celui de son interpréteur" {
    exiger_outil strace
    echo 'exec 3<> /dev/tcp/127.0.0.1/5000' > "$BATS_TEST_TMPDIR/appelle.sh"
    diagramme -- bash "$BATS_TEST_TMPDIR/appelle.sh"
    verifier_contient "$output" ' appelle.sh ┬' 'codes : appelle.sh 1'
}

# bats test_tags=complet
@test "un serveur dont l'enfant survit à son père ne retient personne" {
    exiger_outil strace
    exiger_outil python3
    exiger_espace
    export TMPDIR=$BATS_TEST_TMPDIR/passage
    mkdir "$TMPDIR"
    cat > "$BATS_TEST_TMPDIR/serveur.py" <<'FIN'
import os, socket
s = socket.create_server(("127.0.0.1", 5000))
while os.fork() == 0:
    c, de = s.accept()
    c.recv(100)
    c.sendall(b"ok\n")
    c.close()
os.wait()
FIN
    diagramme python3 -S -E "$BATS_TEST_TMPDIR/serveur.py" -- tcp/04-client
    echo "$output"
    verifier_code 0
    rien_ne_reste
}

# bats test_tags=complet
@test "un programme qui échoue avant toute socket : ce qu'il a dit est redit" {
    exiger_outil strace
    diagramme -- tcp/04-client 127.0.0.1 70000
    verifier_contient "$output" 'codes : 04-client 2' '04-client a dit :' 'port « 70000 »'
    diagramme -- sh -c 'printf "\033[2Jrien\n"; exit 3'
    verifier_contient "$output" 'sh a dit :' '[2Jrien'
    [[ $output != *$'\033'* ]]
    diagramme -- tcp/04-client
    [[ $output != *' a dit'* ]]
}

# bats test_tags=complet
@test "sans espace réseau, les appels seuls, et c'est dit" {
    exiger_outil strace
    ESPACE=non diagramme tcp/06-serveur -- tcp/04-client
    echo "$output"
    verifier_code 1
    verifier_egal 'manque : les paquets ; seuls les appels sont dessinés' "${lines[0]}"
    [[ $output != *►* && $output != *◄* ]]
}

# bats test_tags=complet
@test "interrompu, il ne dit rien, et ne laisse ni processus ni fichier" {
    exiger_outil strace
    exiger_espace
    export TMPDIR=$BATS_TEST_TMPDIR/passage
    mkdir "$TMPDIR"
    local signal pid code
    for signal in TERM HUP INT; do
        setsid env --default-signal=INT "$RACINE/scripts/diagramme.sh" tcp/06-serveur -- cat /dev/zero > "$BATS_TEST_TMPDIR/dit" 2>&1 3>&- &
        pid=$!
        attendre 10 eval '[ -s "$(echo "$TMPDIR"/*/.pid-2)" ]'
        [ "$signal" != INT ] || pid=-$pid   # Ctrl-C : tout le groupe
        kill -"$signal" -- "$pid"
        code=0
        wait "${pid#-}" || code=$?
        [ "$code" -eq $((128 + $(kill -l "$signal"))) ]
        verifier_egal '' "$(< "$BATS_TEST_TMPDIR/dit")"
        rien_ne_reste
    done
}
