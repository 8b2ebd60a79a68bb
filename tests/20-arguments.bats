#!/usr/bin/env bats
# La ligne de commande, la même partout : une valeur douteuse est refusée (code 2), jamais devinée.
# Les programmes sont trouvés par motif, et leurs mots lus dans ce qu'affiche -h.
# Les variables viennent d'aide.bash et de bats, les scénarios sont appelés par leur nom :
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2153,SC2154,SC2317

setup() {
    load aide
}

# Les mots du modèle, un par ligne : « -a adresse » ou « port ».
mots() {   # PROGRAMME
    "$PROGRAMMES$1" -h | sed -n '1s/^usage : [^ ]*//p' | tr -d '[]' |
        sed 's/\(-[a-z]\) /\1\t/g' | tr -s ' ' '\n' | sed '/^$/d' | tr '\t' ' '
}

# Ce qu'il faut écrire avant MOT : « -a », ou une valeur plausible par mot qui le précède.
# Faux si le programme n'a pas ce mot.
avant() {   # MOT PROGRAMME
    local mot prefixe=()
    while IFS= read -r mot; do
        case $mot in
        "-"?" $1") AVANT=("${mot%% *}"); return ;;
        "$1") AVANT=("${prefixe[@]}"); return ;;
        -*) ;;
        port | service) prefixe+=(5000) ;;
        *) prefixe+=(127.0.0.1) ;;
        esac
    done < <(mots "$2")
    return 1
}

# Ce programme, avec VALEUR à la place de MOT, est refusé avant d'avoir rien fait.
refuse() {   # PROGRAMME MOT VALEUR
    echo "$1, $2 « $3 » :"
    lancer "$PROGRAMMES$1" "${AVANT[@]}" "$3"
    verifier_code 2
    verifier_contient "$stderr" "${1##*/} : " "« $3 »" "l'usage complet"
    verifier_absent "$output" 'socket : '
}

@test "-h montre l'usage sur la sortie standard, code 0" {
    local programme
    for programme in $(chapitres); do
        lancer "$PROGRAMMES$programme" -h
        verifier_code 0
        verifier_egal '' "$stderr"
        verifier_contient "$output" 'usage : ' "${programme##*/}"
    done
}

@test "l'usage affiché par -h est celui de l'en-tête du chapitre" {
    local programme
    for programme in $(chapitres); do
        verifier_contient "$(sed '/\*\//q' "$RACINE/$programme.c")" \
            "./$programme$("$PROGRAMMES$programme" -h | sed -n '1s/^usage : [^ ]*//p' | sed 's/ $//')"
    done
}

@test "une option inconnue est refusée : code 2, message français, rien sur la sortie" {
    local programme
    for programme in $(chapitres); do
        lancer "$PROGRAMMES$programme" -z
        verifier_code 2
        verifier_contient "$stderr" "${programme##*/} : option inconnue « -z »"
        verifier_egal '' "$output"
    done
}

@test "un argument en trop est refusé : code 2, nommé, rien sur la sortie" {
    local programme
    for programme in $(chapitres); do
        lancer "$PROGRAMMES$programme" 127.0.0.1 1 2 3 4 5 6
        verifier_code 2
        verifier_contient "$stderr" 'argument en trop « '
        verifier_egal '' "$output"
    done
}

@test "un port hors bornes ou mal écrit est refusé avant tout appel" {
    local programme port vus=0
    for programme in $(chapitres); do
        avant port "$programme" || continue
        vus=$((vus + 1))
        for port in 70000 -1 80x '' ' 80' +80 0x50 99999999999999999999; do
            refuse "$programme" port "$port"
        done
    done
    [ "$vus" -ge 7 ]
}

@test "une adresse IPv4 fausse est refusée, jamais devinée" {
    local programme mot adresse vus=0
    for programme in $(chapitres); do
        for mot in hôte adresse; do
            avant "$mot" "$programme" || continue
            vus=$((vus + 1))
            for adresse in 1.2.3.999 1.2.3 127.1 0x0 2130706433 1.2.3.4.5 1.2.3. ''; do
                refuse "$programme" "$mot" "$adresse"
            done
        done
    done
    [ "$vus" -ge 6 ]
}

@test "une adresse IPv6 est refusée par les programmes IPv4, qui disent où aller" {
    local programme mot vus=0
    for programme in $(chapitres | grep -v /02-adresse); do
        for mot in hôte adresse; do
            avant "$mot" "$programme" || continue
            vus=$((vus + 1))
            refuse "$programme" "$mot" ::1
            verifier_contient "$stderr" 'ipv6'
        done
    done
    [ "$vus" -ge 5 ]
}

@test "un délai nul, négatif ou mal écrit est refusé" {
    local valeur
    avant délai udp/01-client
    for valeur in 0 -5 1s '' 1.5 9999999999; do
        refuse udp/01-client délai "$valeur"
    done
}

@test "un nom qui ne se résout pas est l'échec d'un appel : code 1, EAI_NONAME, pas d'errno" {
    local programme mot
    for programme in $(chapitres | grep -v /02-adresse); do
        for mot in hôte adresse nom; do
            avant "$mot" "$programme" || continue
            echo "$programme $mot"
            # deux points à la fin : un nom impossible, refusé sans attendre de réponse du DNS
            # ipv6/02-client exige aussi un port
            [ "$mot" = nom ] && set -- 5000 || set --
            lancer "$PROGRAMMES$programme" "${AVANT[@]}" inconnu.. "$@" </dev/null
            verifier_code 1
            verifier_contient "$stderr" "${programme##*/} : getaddrinfo : " '[EAI_NONAME]' 'getent ahosts'
            verifier_absent "$stderr" 'errno'
            verifier_absent "$output" 'socket : '
        done
    done
}

@test "un argument obligatoire manquant est nommé : code 2" {
    lancer "${PROGRAMMES}ipv6/02-client"
    verifier_code 2
    verifier_contient "$stderr" 'il manque un argument : nom'
    lancer "${PROGRAMMES}ipv6/02-client" ::1
    verifier_code 2
    verifier_contient "$stderr" 'il manque un argument : port'
}

@test "un message trop long pour une ligne est refusé : code 2, avec la limite" {
    local programme vus=0 message
    printf -v message '%*s' 1023 x
    for programme in $(chapitres | grep -v ^udp/); do
        avant message "$programme" || continue
        vus=$((vus + 1))
        lancer "$PROGRAMMES$programme" "${AVANT[@]}" "$message"
        verifier_code 2
        verifier_contient "$stderr" 'message trop long : 1023 octets, 1022 au plus'
        verifier_egal '' "$output"
    done
    [ "$vus" -ge 2 ]
}

@test "le plus long message permis part entier" {
    local message
    printf -v message '%*s' 1022 x
    demarrer_serveur tcp/06-serveur 0
    lancer "${PROGRAMMES}tcp/04-client" 127.0.0.1 "$PORT" "$message"
    verifier_code 0
    verifier_contient "@$JOURNAL" 'ligne : 1022 octets'
}

@test "après « -- », un message peut commencer par un tiret ; avant, c'est une option" {
    demarrer_serveur tcp/06-serveur 0
    lancer "${PROGRAMMES}tcp/04-client" 127.0.0.1 "$PORT" -salut
    verifier_code 2
    verifier_contient "$stderr" 'option inconnue « -salut »' '« -- »'
    lancer "${PROGRAMMES}tcp/04-client" 127.0.0.1 "$PORT" -- -salut
    verifier_code 0
    lancer "${PROGRAMMES}tcp/04-client" -- 127.0.0.1 "$PORT" -h
    verifier_code 0
    verifier_contient "@$JOURNAL" 'ligne : 6 octets « -salut »' 'ligne : 2 octets « -h »'
}

@test "la valeur d'une option peut la suivre, ou lui être collée, avant ou après les autres mots" {
    local arguments
    for arguments in '-a 127.0.0.1 0' '-a127.0.0.1 0' '0 -a 127.0.0.1'; do
        # shellcheck disable=SC2086   # une liste de mots
        demarrer_serveur tcp/06-serveur $arguments
        verifier_contient "@$JOURNAL" 'bind : 127.0.0.1:'
        verifier_survie
        arreter "$SERVEUR"
    done
}

@test "une option sans sa valeur est refusée : code 2, la valeur attendue est nommée" {
    local programme mot vus=0
    for programme in $(chapitres); do
        while read -r mot; do
            case $mot in -*) ;; *) continue ;; esac
            vus=$((vus + 1))
            lancer "$PROGRAMMES$programme" "${mot%% *}"
            verifier_code 2
            verifier_contient "$stderr" "l'option ${mot%% *} attend une valeur : ${mot#* }"
        done < <(mots "$programme")
    done
    [ "$vus" -ge 4 ]
}

@test "un nom de machine vaut une adresse" {
    demarrer_serveur tcp/06-serveur -a localhost 0
    verifier_contient "@$JOURNAL" 'bind : 127.0.0.1:'
    lancer "${PROGRAMMES}tcp/04-client" localhost "$PORT"
    verifier_code 0
    verifier_contient "$output" "connect : 127.0.0.1:$PORT"
}

@test "une option longue est refusée, jamais prise pour un nom de machine : code 2" {
    local programme
    for programme in tcp/04-client udp/01-client ipv6/02-client; do
        lancer "$PROGRAMMES$programme" --help
        verifier_code 2
        verifier_contient "$stderr" 'option inconnue « --help »'
    done
}

@test "les programmes IPv6 refusent un nombre qui n'est pas une adresse : code 2" {
    local texte
    for texte in 127.0.0.999 127.1 010.1 0 0x7f000001; do
        lancer "${PROGRAMMES}ipv6/02-client" "$texte" 5000
        verifier_code 2
        lancer "${PROGRAMMES}ipv6/01-adresses" "$texte"
        verifier_code 2
    done
}

@test "erreurs fermées, nos messages ne partent pas chez le pair" {
    demarrer_sonde tcp-serveur demi-fermer lire-fin
    run bash -c '"$1" 127.0.0.1 "$2" 2>&- > /dev/null' - "${PROGRAMMES}tcp/04-client" "$PORT"
    attendre_ligne "$SONDE_OUT" '^lire-fin : '
    verifier_contient "@$SONDE_OUT" 'lire-fin : Bonjour\n'
    verifier_absent "@$SONDE_OUT" '04-client'
}
