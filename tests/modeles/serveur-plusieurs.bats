#!/usr/bin/env bats
# Un serveur à plusieurs clients : chaque sonde de tests/sondes, puis ce que seul un appel faussé montre. À la
# fin de chaque test il vit encore, et un SIGTERM l'arrête proprement, code 0.
# bats file_tags=@ETIQUETTE@

setup() {
    load ../../tests/aide
    PROGRAMME=@PROGRAMME@ SONDES=$RACINE/build/tests/sondes OPTIONS=()
    # ASan garde ce qui est rendu, pour le surveiller : sans borne, on y verrait une fuite.
    export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=4"
}

servir() {   # [ARGUMENT...]
    demarrer_serveur "$PROGRAMME" "$@" 0
    LIMITE=$(sed -n 's/^listen : .*, \([0-9]*\) clients au plus$/\1/p' "$JOURNAL")
    OPTIONS+=(-n "$LIMITE" -e "$ERREURS")
}

# Joue cette sonde sur lui ; ce qu'une machine ne permet pas de juger est sauté, comme ailleurs.
juger() {   # SONDE [COMMANDE...]
    run --separate-stderr timeout 120 "$SONDES" "${OPTIONS[@]}" "$1" "$SERVEUR" 127.0.0.1 "$PORT" "${@:2}" 3>&- 4>&-
    echo "$output" "$stderr"
    [ "$status" -ne 3 ] || case $output in
    *"qu'un processus"* | *"n'en servir que"*) manque_a_la_variante "$output" ;;
    *) manque "$output" ;;
    esac
    verifier_code 0
}

s_arrete_bien() {
    kill -TERM "$SERVEUR"
    attendre_fin "$SERVEUR"
    verifier_egal 0 "$code"
}

tient() { servir; juger "$1"; s_arrete_bien; }                            # SONDE
tient_le_delai() { OPTIONS=(-d 1); servir -d 1; juger "$1"; s_arrete_bien; }   # SONDE
s_acheve() { servir; juger "$1"; attendre_fin "$SERVEUR"; verifier_egal 0 "$code"; }   # SONDE

# --- Le flux n'est pas une suite de messages

@test "@PROGRAMME@ : une ligne reçoit « ok », et la connexion reste ouverte" { tient ligne; }
@test "@PROGRAMME@ répond à 127.0.0.1, à 127.0.0.2 et à ::1" { tient familles; }
@test "@PROGRAMME@ : une ligne venue octet par octet reçoit un seul « ok »" { tient octet-par-octet; }
@test "@PROGRAMME@ : des lignes collées reçoivent chacune leur « ok »" { tient collees; }
@test "@PROGRAMME@ : \\r\\n finit une ligne, \\r seul non" { tient retour-chariot; }
@test "@PROGRAMME@ : les octets nuls sont des octets comme les autres" { tient nuls; }
@test "@PROGRAMME@ : la réponse est « ok\\n », trois octets" { tient rien-que-ok; }
@test "@PROGRAMME@ : une ligne de 1 à 65536 octets reçoit un « ok »" { tient tailles; }
@test "@PROGRAMME@ : une ligne trop longue est refusée d'un mot, sans RST, elle seule" { tient ligne-longue; }
@test "@PROGRAMME@ : après une demi-fermeture, toutes les réponses, puis la fin" { tient demi-fermeture; }
# bats test_tags=complet
@test "@PROGRAMME@ : la fin du flux ne le fait pas tourner à vide" { tient fin-de-flux; }
# bats test_tags=complet
@test "@PROGRAMME@ : quatre millions de lignes, lues tard, ont toutes leur réponse" { tient rafale; }

# bats test_tags=complet
@test "@PROGRAMME@ : cent lignes arrivées ensemble sont répondues d'une seule écriture" {
    exiger_outil strace
    ENVELOPPE=(env ASAN_OPTIONS=detect_leaks=0 strace -D -f -e trace=sendto -o "$BATS_TEST_TMPDIR/appels")
    servir
    local lignes=''
    for _ in {1..100}; do lignes+='x\n'; done
    lancer "$SONDE" tcp 127.0.0.1 "$PORT" envoyer "$lignes" demi-fermer lire-fin
    verifier_code 0
    attendre_ligne "$BATS_TEST_TMPDIR/appels" 'sendto\(.* = 300$'
    verifier_egal 1 "$(grep -c 'sendto(' "$BATS_TEST_TMPDIR/appels")"
    s_arrete_bien
}

# --- Plusieurs clients

# bats test_tags=complet
@test "@PROGRAMME@ : des clients muets n'empêchent pas les autres" { tient muet; }
@test "@PROGRAMME@ : des clients qui vont et viennent sont servis à tour de rôle" { tient a-tour-de-role; }
@test "@PROGRAMME@ : cinquante clients simultanés ont chacun leurs réponses" { tient jetons; }
# bats test_tags=complet
@test "@PROGRAMME@ : un client qui ne lit pas ne coûte ni mémoire, ni temps aux autres" { tient lecteur-lent; }
# bats test_tags=complet
@test "@PROGRAMME@ : des clients qui parlent sans cesse n'affament pas les autres" { tient glouton; }
# bats test_tags=complet
@test "@PROGRAMME@ : 1100 clients à la fois sont servis, ou refusés d'un mot" { tient foule; }
# bats test_tags=complet
@test "@PROGRAMME@ : 10000 clients qui se taisent n'empêchent rien" { tient inactifs; }

# --- Les clients qui disparaissent

@test "@PROGRAMME@ : un client qui réinitialise n'emporte que lui" { tient rst; }
# bats test_tags=complet
@test "@PROGRAMME@ : écrire à un client parti n'emporte que lui" { tient sigpipe; }
@test "@PROGRAMME@ : des clients repartis avant accept n'emportent qu'eux" { tient avortes; }
@test "@PROGRAMME@ : quarante clients partis ne laissent pas un descripteur" { tient descripteurs; }
@test "@PROGRAMME@ : vingt clients partis ensemble ne laissent pas de zombie" { tient zombies; }
# bats test_tags=complet
@test "@PROGRAMME@ : qui ne dit pas une ligne à temps est raccroché" { tient_le_delai slowloris; }
# bats test_tags=complet
@test "@PROGRAMME@ : qui ne prend jamais ses réponses est raccroché" { tient_le_delai jamais-lu; }
# bats test_tags=complet
@test "@PROGRAMME@ : un client débranché finit par être raccroché" { tient_le_delai disparu; }

# --- L'épuisement, les signaux, l'arrêt

# bats test_tags=complet
@test "@PROGRAMME@ : à court de descripteurs, il sert ceux qui sont là, puis reprend" { tient emfile; }
@test "@PROGRAMME@ : figé puis dégelé, il reprend" { tient gel; }
@test "@PROGRAMME@ : les signaux que l'on ignore d'ordinaire ne lui font rien" { tient signaux; }
# bats test_tags=complet
@test "@PROGRAMME@ : figé plus longtemps que sa patience, il lit d'abord ce qui est venu" {
    OPTIONS=(-d 5)
    servir -d 5
    juger gel
    s_arrete_bien
}
# bats test_tags=complet
@test "@PROGRAMME@ : un fils tué ne coûte que ses clients" { tient fils-tue; }
# bats test_tags=complet
@test "@PROGRAMME@ : le père tué, fût-ce à leur naissance, ses fils ne lui survivent pas" {
    [[ $PROGRAMME == *-prefork ]] || manque_a_la_variante 'personne ne relance rien après lui'
    sous_strace prctl:delay_enter=1000000   # ils ne savent pas encore qu'ils mourront avec lui
    ENVELOPPE+=(-f)
    servir
    attendre 10 a_des_fils
    kill -KILL "$SERVEUR"
    attendre 5 sans_fils || { kill -KILL "${FILS[@]}"; return 1; }
}
a_des_fils() { mapfile -t FILS < <(pgrep -P "$SERVEUR"); [ "${#FILS[@]}" -gt 0 ]; }
sans_fils() { ! kill -0 "${FILS[@]}" 2>/dev/null; }
# bats test_tags=complet
@test "@PROGRAMME@ : au SIGTERM, les réponses dues partent, code 0, rien ne reste" { s_acheve sigterm; }
# bats test_tags=complet
@test "@PROGRAMME@ : au SIGINT, de même" { s_acheve sigint; }
@test "@PROGRAMME@ : tué, il repart aussitôt sur le même port" {
    servir
    juger relance "$PROGRAMMES$PROGRAMME" "$PORT"
}

# bats test_tags=complet
@test "@PROGRAMME@ : lancé avec peu de descripteurs, il dit combien de clients, les sert et refuse les autres" {
    exiger_outil prlimit
    ENVELOPPE=(prlimit --nofile=64)
    servir
    [[ $PROGRAMME != *-fork ]] || manque_a_la_variante 'ses clients ne sont pas dans le même processus'
    [ "$LIMITE" -lt 150 ]   # plusieurs processus en ont chacun autant
    juger foule
    s_arrete_bien
}

@test "@PROGRAMME@ : sans de quoi servir un client, il le dit et s'arrête, code 1" {
    exiger_outil prlimit
    for descripteurs in 4 5; do   # les trois premiers sont pris
        # un fils par client : le père n'a de chacun qu'une copie, aussitôt rendue
        [ $descripteurs = 4 ] || ! grep -q connexion_oublier "$RACINE/$PROGRAMME.c" || continue
        lancer prlimit --nofile=$descripteurs "$PROGRAMMES$PROGRAMME" 0
        verifier_code 1
        verifier_egal '' "$output"
        verifier_contient "$stderr" descripteurs
    done
}

# --- Ce qu'il dit

@test "@PROGRAMME@ ne dit qu'une ligne au départ, et rien des clients" {
    servir
    lancer "$SONDE" tcp 127.0.0.1 "$PORT" envoyer 'a\nb\n' lire-ligne demi-fermer lire-fin
    verifier_code 0
    s_arrete_bien
    verifier_egal "listen : [::]:$PORT (IPv4 et IPv6), $LIMITE clients au plus" "$(<"$JOURNAL")"
    verifier_silence
}

@test "@PROGRAMME@ -v dit une ligne par client, dans un fichier, pendant qu'il vit" {
    servir -v
    lancer "$SONDE" tcp 127.0.0.1 "$PORT" envoyer 'a\nb\n\n' demi-fermer lire-fin
    attendre_ligne "$JOURNAL" '^close : .*127\.0\.0\.1\]?:[0-9]+, 3 lignes$'
    lancer "$SONDE" tcp 127.0.0.1 "$PORT" envoyer 'a\n' demi-fermer lire-fin
    attendre_ligne "$JOURNAL" '^close : .*127\.0\.0\.1\]?:[0-9]+, 1 ligne$'
    verifier_silence
    s_arrete_bien
}

@test "@PROGRAMME@ dit d'une ligne, avec son adresse, le client qui réinitialise" {
    servir
    lancer "$SONDE" tcp 127.0.0.1 "$PORT" un-par-un abc rst
    attendre_ligne "$ERREURS" '\[ECONNRESET\]$'
    attendre_ligne "$ERREURS" "^${PROGRAMME##*/} : .*127\.0\.0\.1\]?:[0-9]+ : recv : "
    verifier_egal 1 "$(grep -c '^[^ ]' "$ERREURS")"   # la suite d'une ligne est en retrait
    s_arrete_bien
}

# --- Les appels qui échouent

# Cet appel échoue une fois, dans chacun de ses processus : un client, peut-être, n'est pas servi ; le suivant l'est.
se_remet() {   # INJECTION [perdu]     perdu : le client en souffre
    case $PROGRAMME:${2:-}:$1 in
    *-fork:perdu:[rs]* | *-fils:perdu:[rs]*) manque_a_la_variante 'un fils par client : tous échoueraient' ;;
    esac
    sous_strace "$1"
    ENVELOPPE+=(-f)
    servir
    for _ in 1 2 3; do   # des processus qui se partagent les clients, chacun finit par en voir un
        lancer "$SONDE" tcp 127.0.0.1 "$PORT" envoyer 'a\n' demi-fermer lire-fin
        [ "${2:-}" ] || verifier_contient "$output" 'lire-fin : ok\n'
    done
    [ "${2:-}" ] || return 0
    lancer "$SONDE" tcp 127.0.0.1 "$PORT" envoyer 'encore là ?\n' demi-fermer lire-fin
    verifier_code 0
    verifier_contient "$output" 'lire-fin : ok\n'
}
# bats test_tags=complet
@test "@PROGRAMME@ se remet : accept interrompu par un signal (EINTR)" { se_remet accept,accept4:error=EINTR:when=1; }
# bats test_tags=complet
@test "@PROGRAMME@ se remet : un client reparti pendant accept (ECONNABORTED)" { se_remet accept,accept4:error=ECONNABORTED:when=1; }
# bats test_tags=complet
@test "@PROGRAMME@ se remet : accept à court de descripteurs (EMFILE)" { se_remet accept,accept4:error=EMFILE:when=1 perdu; }
# bats test_tags=complet
@test "@PROGRAMME@ se remet : accept, toute la machine à court de descripteurs (ENFILE)" { se_remet accept,accept4:error=ENFILE:when=1 perdu; }
# bats test_tags=complet
@test "@PROGRAMME@ se remet : accept à court de mémoire (ENOMEM)" { se_remet accept,accept4:error=ENOMEM:when=1 perdu; }
# bats test_tags=complet
@test "@PROGRAMME@ se remet : une attente interrompue par un signal (EINTR)" { se_remet poll,ppoll,select,pselect6,epoll_wait,epoll_pwait:error=EINTR:when=1; }
# bats test_tags=complet
@test "@PROGRAMME@ se remet : recv interrompu par un signal (EINTR)" { se_remet recvfrom:error=EINTR:when=1; }
# bats test_tags=complet
@test "@PROGRAMME@ se remet : recv à court de mémoire (ENOMEM)" { se_remet recvfrom:error=ENOMEM:when=1 perdu; }
# bats test_tags=complet
@test "@PROGRAMME@ se remet : send interrompu par un signal (EINTR)" { se_remet sendto:error=EINTR:when=1; }
# bats test_tags=complet
@test "@PROGRAMME@ se remet : send qui ne peut rien prendre tout de suite (EAGAIN)" { se_remet sendto:error=EAGAIN:when=1 perdu; }

# bats test_tags=complet
@test "@PROGRAMME@ : un fils refusé (EAGAIN) ne coûte qu'un client, à qui on le dit" {
    sous_strace clone,clone3,fork,vfork:error=EAGAIN:when=1
    case $PROGRAMME in *-fork | *-fils) ;; *) manque_a_la_variante 'aucun fils par client' ;; esac
    servir
    lancer "$SONDE" tcp 127.0.0.1 "$PORT" lire-fin   # sans rien dire : un RST effacerait le mot
    verifier_contient "$output" 'lire-fin : erreur : trop de clients\n'
    attendre_ligne "$ERREURS" 'EAGAIN'
    lancer "$SONDE" tcp 127.0.0.1 "$PORT" envoyer 'a\n' demi-fermer lire-fin
    verifier_contient "$output" 'lire-fin : ok\n'
    attendre 5 au_repos
}

# bats test_tags=complet
@test "@PROGRAMME@ : sur une machine sans IPv6, il sert en IPv4, et le dit" {
    sous_strace socket:error=EAFNOSUPPORT:when=1
    servir
    lancer "$SONDE" tcp 127.0.0.1 "$PORT" envoyer 'a\n' demi-fermer lire-fin
    verifier_contient "$output" 'lire-fin : ok\n'
    verifier_egal "listen : 0.0.0.0:$PORT (IPv4), $LIMITE clients au plus" "$(<"$JOURNAL")"
    s_arrete_bien
}
