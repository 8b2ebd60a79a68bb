# shellcheck shell=bash
# La trace des programmes (« appel : détail », une ligne par appel), lue ici et nulle part ailleurs.
# Ne s'emploie que par « source ». JOURNAL : le fichier où la trace s'écrit.

# Écrit le port où le programme est attaché : le dernier annoncé, jamais 0 ; rien s'il ne l'est pas.
trace_port() {   # JOURNAL
    sed -n 's/^\(bind\|getsockname\|listen\) : .*[]0-9]:\([1-9][0-9]*\)\( .*\)\{0,1\}$/\2/p' "$1" |
        tail -n 1
}

# Vrai quand le programme est prêt pour ce que l'on met en face de lui : un serveur TCP écoute, un
# serveur UDP (et celui qui refusera) est attaché.
trace_prete() {   # JOURNAL RÔLE PROTOCOLE     (comme les écrit « faces »)
    case $2:$3 in
    serveur:tcp) grep -qa '^listen : ' "$1" ;;
    *) [ -n "$(trace_port "$1")" ] ;;
    esac
}

# Écrit le nombre de dialogues menés à leur fin : en TCP, raccrochés ; en UDP, répondus.
trace_dialogues() {   # JOURNAL PROTOCOLE
    local fin='^close : '
    [ "$2" = tcp ] || fin='^send\(to\|msg\) : '
    grep -ca "$fin" "$1" || true
}

# Vrai si le programme, client, a joint quelqu'un à ce port ; s'il a envoyé ; s'il a reçu « ok » pour
# réponse.
trace_a_joint() { grep -qaE "^(connect|sendto) : .*:$2(,|\$)" "$1"; }   # JOURNAL PORT
trace_a_envoye() { grep -qa '^send\(to\)\{0,1\} : ' "$1"; }   # JOURNAL
trace_repondu() { grep -qa '^réponse : .* « ok' "$1"; }       # JOURNAL

# Vrai si le programme, serveur, a reçu ce texte, en ligne ou en datagramme.
trace_a_recu() { grep -qaE "^(ligne|message) : .* « $2" "$1"; }   # JOURNAL TEXTE

# Vrai si le programme a laissé entrer quelqu'un.
trace_a_accueilli() { grep -qa '^accept : ' "$1"; }   # JOURNAL

# Vrai si un serveur à plusieurs clients a dit, avec -v, la fin d'une connexion qui lui a envoyé tant de lignes.
trace_a_servi() { grep -qaE "^close : .*[]0-9]:[0-9]+, $2 lignes?\$" "$1"; }   # JOURNAL LIGNES
