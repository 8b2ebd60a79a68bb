#!/usr/bin/env bash
# Met un programme du cours face à un netcat, comme le demande son en-tête (« En face : nc ... »).
# Ne s'emploie que par « source » : la démonstration et la matrice des tests jouent la même pièce.

racine=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
: "${PROGRAMMES:=$racine/}"
# shellcheck source=scripts/netcat.sh
source "$racine/scripts/netcat.sh"
# shellcheck source=scripts/attendre.sh
source "$racine/scripts/attendre.sh"

# Les chapitres, dans l'ordre des dossiers du cours : « tcp/01-socket », un par ligne.
chapitres() {
    (cd "$racine" && find tcp udp ipv6 local -name '[0-9]*.c' 2> /dev/null |
        awk -F/ '{ print index("tcp udp ipv6 local", $1), $0 }' | sort -k1,1n -k2 |
        sed 's/^[0-9]* //; s/\.c$//')
}

# Ce qui se met en face d'un programme : les arguments de nc, une ligne par partenaire. Rien si le
# programme se suffit.
en_face() {   # tcp/04-client
    sed -n 's/^ \* En face : nc \([^(]*[0-9]\).*/\1/p' "$racine/$1.c"
}

# Un port libre : celui que le noyau donne à tcp/05-bind, aussitôt rendu.
port_libre() {
    "${PROGRAMMES}tcp/05-bind" -a 127.0.0.1 0 < /dev/null | sed -n 's/^getsockname : .*://p'
}

# Le netcat du cours, pour une machine qui n'en a aucun : un autre programme du cours. COMMANDE est
# rangée comme par netcat_traduire.
partenaire_du_cours() {   # [-6] [-u] (-l -p PORT | HÔTE PORT)
    case " $* " in
    *' -u -l '*) COMMANDE=("${PROGRAMMES}udp/02-serveur" "${*: -1}") ;;
    *' -l '*) COMMANDE=("${PROGRAMMES}ipv6/03-serveur" "${*: -1}") ;;
    *' -u '*) COMMANDE=("${PROGRAMMES}udp/01-client" "${@: -2}") ;;
    *) COMMANDE=("${PROGRAMMES}ipv6/02-client" "${@: -2}") ;;
    esac
}

# Une personne au clavier de netcat : tape une ligne, que l'écran garde après « > ».
taper() {   # DOSSIER LIGNE
    printf '> %s\n' "$2" >> "$1/netcat"
    printf '%s\n' "$2" >&"$clavier"
}

# Vrai quand une ligne venue de l'autre est sur l'écran de netcat, ou qu'il est fini.
netcat_a_repondu() { grep -qv '^> ' "$1/netcat" || fini "$2"; }   # DOSSIER PID
fini() { ! kill -0 "$1" 2> /dev/null; }

# Joue un échange : « Bonjour » d'un côté, « ok » de l'autre, sur un port libre. Dépose dans DOSSIER
# ce que chacun a montré (programme, netcat) et les commandes lancées (commande-programme,
# commande-netcat). Rend 0 ; 1 si le programme a échoué ou ne s'est pas mis en place ; le code de
# netcat_traduire si ce netcat ne convient pas. NETCAT : un dialecte, ou « cours ». Tout y est borné,
# et rien n'en survit.
face_a_face() {   # DOSSIER PROGRAMME NETCAT ARGUMENTS_DE_NC...
    local dossier=$1 programme=$2 netcat=$3 port=0 code=0 protocole=tcp hote=127.0.0.1
    shift 3
    [[ " $* " != *' -u '* ]] || protocole=udp
    [[ " $* " != *' -6 '* ]] || hote=::1
    local traduire=(netcat_traduire "$netcat")
    [ "$netcat" != cours ] || traduire=(partenaire_du_cours)
    rm -f "$dossier"/{programme,netcat,clavier}
    : > "$dossier/programme"
    : > "$dossier/netcat"
    # Deux claviers, tenus ouverts par nous : celui du programme, auquel personne ne touche, et celui
    # de netcat. Écrire n'attend alors personne, et rien de tapé ne se perd.
    local clavier muet
    mkfifo "$dossier/clavier" && exec {muet}<> "$dossier/clavier" && rm "$dossier/clavier"
    mkfifo "$dossier/clavier" && exec {clavier}<> "$dossier/clavier" && rm "$dossier/clavier"

    local pid_programme='' pid_netcat=''
    lancer_programme() {   # ARGUMENTS...
        echo "$programme $*" > "$dossier/commande-programme"
        timeout 30 "$PROGRAMMES$programme" "$@" \
            <&"$muet" {muet}>&- {clavier}>&- >> "$dossier/programme" 2>&1 &
        pid_programme=$!
    }
    lancer_netcat() {
        echo "${COMMANDE[*]#"$PROGRAMMES"}" > "$dossier/commande-netcat"
        "${COMMANDE[@]}" <&"$clavier" {muet}>&- {clavier}>&- >> "$dossier/netcat" 2>&1 &
        pid_netcat=$!
    }

    if [[ " $* " == *' -l '* ]]; then   # netcat attend, le programme appelle
        port=$(port_libre)
        "${traduire[@]}" "${@:1:$#-1}" "$port" || {
            code=$?
            exec {muet}>&- {clavier}>&-
            return $code
        }
        lancer_netcat
        attendre 10 port_pris "$protocole" "$port" || code=1
        lancer_programme "$hote" "$port"
        if [ "$netcat" != cours ]; then
            # shellcheck disable=SC2016  # évalué à chaque tour
            attendre 10 eval 'fini $pid_programme || netcat_a_repondu "$dossier" $pid_netcat' ||
                code=1
            fini "$pid_programme" || taper "$dossier" ok
        fi
        wait "$pid_programme" || code=1
        [ "$netcat" != cours ] || attendre 10 grep -q '^close\|^sendto' "$dossier/netcat" || code=1
    else   # le programme attend, netcat appelle
        lancer_programme "$port"
        attendre 10 grep -q '^bind : .*:[1-9]\|^getsockname' "$dossier/programme" || code=1
        [ "$protocole" = udp ] ||
            attendre 10 grep -q '^listen\|^(Entrée' "$dossier/programme" || code=1
        port=$(sed -n 's/^bind : .*:\([0-9]*\)$/\1/p; s/^getsockname : .*://p' \
            "$dossier/programme" | tail -n 1)
        if "${traduire[@]}" "${@:1:$#-1}" "$port"; then
            lancer_netcat
            if [ "$netcat" = cours ]; then
                attendre 20 fini "$pid_netcat" || code=1
            else
                taper "$dossier" Bonjour
                attendre 10 netcat_a_repondu "$dossier" "$pid_netcat" || code=1
                kill "$pid_netcat" 2> /dev/null || true   # la personne s'en va
            fi
        else
            code=$?
        fi
        # La fin du dialogue, vue par le serveur, vient après celle du client.
        if [ $code -eq 0 ] && grep -q '^listen\|^recvfrom' "$dossier/programme"; then
            attendre 10 grep -q '^close\|^sendto' "$dossier/programme" || code=1
        fi
    fi
    # shellcheck disable=SC2086  # l'un des deux peut manquer
    {
        kill $pid_programme $pid_netcat || true
        wait $pid_programme $pid_netcat || true
    } 2> /dev/null
    exec {muet}>&- {clavier}>&-
    return $code
}
