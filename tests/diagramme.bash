# Chargé par diagramme.bats : capturer l'échange de plusieurs programmes, chacun sa voie.
# shellcheck shell=bash

# Lance un programme sous strace ; « entree » est ce qu'il lit. Remplit FIL.
tracer() {   # NUMÉRO-NOM COMMANDE…
    strace -f -q --seccomp-bpf --absolute-timestamps=format:unix,precision:ns --syscall-times=ns -yy -s 64 \
        -e trace=network,read,readv,write,writev,sendfile,close,poll,ppoll,select,pselect6,epoll_wait,epoll_pwait \
        -e signal='!SIGCHLD' -o "$dossier/$1.trace" "${@:2}" < "${entree:-/dev/null}" > "$dossier/.$1" 2>&1 \
        3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
    FIL=$!
}
ecoute() { attendre 10 eval 'ss -Htuln "sport = :'"$1"'" | grep -q .'; }   # PORT
a_ecrit() { attendre 10 grep -qs -- "$2" "$dossier/.$1"; }                # NUMÉRO-NOM TEXTE

# Dans l'espace réseau : les paquets, puis ce qui est à jouer, puis ce que la capture doit dire.
capturer_ici() {   # OUTIL DES PAQUETS
    local paquets
    "$1" lo > "$dossier/paquets" 2> "$dossier/.pret" &
    paquets=$!
    attendre 5 grep -qs pret "$dossier/.pret"
    jouer
    attendre 5 eval '! ss -Htn exclude time-wait exclude listening | grep -q .' || true
    ss -Htan > "$dossier/ss"
    kill "$paquets"
    wait "$paquets" || true
    (cd "$dossier" && wc -l -- *.trace | sed '/ total$/d' > comptes)
    rm -f "$dossier"/.[1-9]* "$dossier/.pret"
}

# Joue la fonction « jouer_CAS », et en garde la capture dans « dossier ».
capturer() {   # CAS
    dossier=$BATS_TEST_TMPDIR/$1-$((numero_de_capture += 1))
    mkdir "$dossier"
    export dossier RACINE PROGRAMMES
    "$RACINE/scripts/espace.sh" bash -euc "source '$RACINE/scripts/attendre.sh'
        source '$RACINE/tests/diagramme.bash'
        jouer() { jouer_$1; }
        capturer_ici '${DESSIN%dessin}paquets'" 3>&-
}

# ─── Les cas ───

python() {   # NUMÉRO-NOM ARGUMENTS…      le programme est sur l'entrée de l'appelant
    local programme=$dossier/.$1.py
    cat > "$programme"
    tracer "$1" python3 -S -E "$programme" "${@:2}"
}

jouer_fork() {
    local serveur clients=() i
    python 4-serveur <<'FIN'
import os, socket
s = socket.create_server(("127.0.0.1", 5000), backlog=5)
for _ in range(3):
    c, de = s.accept()
    if os.fork() == 0:
        s.close()
        c.recv(100)
        c.sendall(b"ok\n")
        c.close()
        os._exit(0)
    c.close()
for _ in range(3):
    os.wait()
FIN
    serveur=$FIL
    ecoute 5000
    for i in 1 2 3; do
        tracer "$i-client" "${PROGRAMMES}tcp/04-client"
        clients+=("$FIL")
    done
    wait "${clients[@]}" "$serveur"
}

jouer_demi() {
    local serveur
    python 1-serveur <<'FIN'
import socket
s = socket.create_server(("127.0.0.1", 5000))
c, de = s.accept()
while c.recv(100):
    pass
c.sendall(b"ok\n")
c.close()
FIN
    serveur=$FIL
    ecoute 5000
    python 2-client <<'FIN'
import socket
c = socket.create_connection(("127.0.0.1", 5000))
c.sendall(b"Bonjour\n")
c.shutdown(socket.SHUT_WR)
while c.recv(100):
    pass
c.close()
FIN
    wait "$FIL" "$serveur"
}

jouer_dialogue() {
    local un deux
    mkfifo "$dossier/.1.fifo" "$dossier/.2.fifo"
    exec 8<> "$dossier/.1.fifo" 9<> "$dossier/.2.fifo"
    entree=$dossier/.1.fifo tracer 1-nc nc -l -p 5000
    un=$FIL
    ecoute 5000
    entree=$dossier/.2.fifo tracer 2-nc nc 127.0.0.1 5000
    deux=$FIL
    echo Bonjour >&9
    a_ecrit 1-nc Bonjour
    echo 'Qui est là ?' >&8
    a_ecrit 2-nc 'est là'
    echo Moi >&9
    a_ecrit 1-nc Moi
    kill "$(sed -n '/ \+.*socket(/{s/ .*//p;q}' "$dossier/2-nc.trace")"
    wait "$un" "$deux" || true
}

jouer_python() {
    local serveur
    python 1-serveur <<'FIN'
import socket
s = socket.create_server(("127.0.0.1", 5000))
c, de = s.accept()
print(c.recv(100))
c.sendmsg([b"o", b"k\n"])
c.close()
FIN
    serveur=$FIL
    ecoute 5000
    tracer 2-04-client "${PROGRAMMES}tcp/04-client"
    wait "$FIL" "$serveur"
}

# Deux terminaux : des commandes l'une après l'autre, les mêmes ports et les mêmes descripteurs.
jouer_terminaux() {
    local serveur
    # shellcheck disable=SC2016
    tracer 1-serveur bash -c '
        for _ in 1 2; do echo ok | nc -l -p 5000 > /dev/null; done; "$0"udp/02-serveur & wait' "$PROGRAMMES"
    serveur=$FIL
    export -f ecoute attendre
    # shellcheck disable=SC2016
    tracer 2-client bash -c '
        for _ in 1 2; do ecoute 5000; "$0"tcp/04-client; done; ecoute 5000; "$0"udp/01-client' "$PROGRAMMES"
    wait "$FIL"
    kill "$(sed -n '/UDP.*bind(\|bind(.*UDP/{s/ .*//p;q}' "$dossier/1-serveur.trace")"
    wait "$serveur"
}

jouer_unix() {
    cd "$dossier" || return
    python 1-unix <<'FIN'
import socket, threading
def client():
    c = socket.socket(socket.AF_UNIX)
    c.connect(".prise")
    c.sendmsg([b"Bon", b"jour\n"])
    c.recv(100)
    c.close()
s = socket.socket(socket.AF_UNIX)
s.bind(".prise")
s.listen(1)
fil = threading.Thread(target=client)
fil.start()
c, de = s.accept()
c.recv(100)
c.sendall(b"ok\n")
fil.join()
FIN
    wait "$FIL"
    rm .prise
}
