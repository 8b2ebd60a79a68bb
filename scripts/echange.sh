# shellcheck shell=bash
# Un programme du cours face à un netcat, comme le demande son en-tête (« En face : nc … ») : la
# démonstration et la matrice jouent la même pièce. Ne s'emploie que par « source ».
#
#   echange DOSSIER PROGRAMME NETCAT RÔLE PROTOCOLE HÔTE ARGUMENTS_DE_NC…      la fin, comme l'écrit « faces »
#   echange DOSSIER PROGRAMME NETCAT seul                        le programme se suffit, et finit de lui-même
#
# NETCAT : un dialecte, ou « cours », nos programmes entre eux. Laisse dans DOSSIER la transcription,
# dans la notation du cours et dans l'ordre où l'on regarde les écrans, et ce qu'a montré chaque
# terminal : « programme » (la trace) et « en face ». Un programme nu n'a pas de trace : il est prêt quand
# son port est pris, il a reçu ce qu'il affiche. Devant un serveur à plusieurs clients, un « muet », venu le premier, ne
# dit rien et reste : le second doit être servi. Rend 0 si l'échange est juste des deux côtés, 1
# s'il ne l'est pas, 3 si ce netcat ne sait pas le faire, 4 s'il est absent, 5 si la machine n'a pas
# IPv6. Tout y est borné ; l'appelant met terminaux_fermer dans un trap.

dossier_des_scripts=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/chapitres.sh
source "$dossier_des_scripts/chapitres.sh"
# shellcheck source=scripts/trace.sh
source "$dossier_des_scripts/trace.sh"
# shellcheck source=scripts/netcat.sh
source "$dossier_des_scripts/netcat.sh"
# shellcheck source=scripts/attendre.sh
source "$dossier_des_scripts/attendre.sh"
# shellcheck source=scripts/terminaux.sh
source "$dossier_des_scripts/terminaux.sh"
: "${PROGRAMMES:=$racine/}"
DELAI=${DELAI:-10}   # secondes accordées à chaque événement attendu

# ─── Les gestes d'une personne, chacun noté dans la transcription ───

noter() {   # TERMINAL TEXTE
    {
        [ "$1" = "$dernier" ] || printf '[%s]\n' "$1"
        printf '%s\n' "$2"
    } >> "$dossier/transcription"
    dernier=$1
}

lancer() {   # TERMINAL COMMANDE
    noter "$1" "\$ $2"
    terminal_lancer "$1" "$2"
}

taper() {   # TERMINAL TEXTE      1 si personne ne le lira ; alors, rien n'est noté
    terminal_taper "$@" || return 1
    noter "$1" "> $2"
}

lire() {   # TERMINAL SECONDES     rend comme terminal_lire ; un programme intarissable finit par se taire
    local rendu=0
    [ $((lues += 1)) -le 1000 ] || return 1
    terminal_lire "$@" || rendu=$?
    if [ $rendu -eq 0 ]; then
        noter "$1" "$ligne"
        printf '%s\n' "$ligne" >> "$dossier/$1"
    fi
    return $rendu
}

# Lit jusqu'à ce que la condition soit vraie ; faux si la commande finit, ou se tait trop longtemps, avant.
lire_jusqu_a() {   # TERMINAL CONDITION...
    until "${@:2}"; do lire "$1" "$DELAI" || return 1; done
}

# Lit ce qui est déjà là, ou presque. Rend 2 si la commande est finie.
lire_le_reste() {   # TERMINAL [PATIENCE]
    local rendu=0
    while [ $rendu -eq 0 ]; do lire "$1" "${2:-0.05}" || rendu=$?; done
    return $rendu
}

# Lit la fin de la commande, sans l'interrompre. Faux si elle ne vient pas.
lire_la_fin() {   # TERMINAL
    lire_le_reste "$1" "$DELAI" || [ $? -eq 2 ]
}

# La personne s'en va : Ctrl-C, si la commande n'est pas déjà finie. « code » est celui de la commande.
quitter() {   # TERMINAL [PATIENCE]
    lire_le_reste "$1" "${2:-0.05}" || [ $? -ne 2 ] || return 0
    noter "$1" '^C'
    terminal_interrompre "$1"
    lire_la_fin "$1"
}

# ─── Un échange, pour chaque rôle du programme ───

# Remplit COMMANDE, ce que l'on met en face sur ce port. Rend 3 ou 4 comme echange.
en_face() {   # PORT
    if [ "$netcat" = cours ]; then
        partenaire "$1"
        return
    fi
    netcat_traduire "$netcat" "${arguments[@]:0:${#arguments[@]}-1}" "$1" || return $(($? == 3 ? 3 : 4))
}

# Le netcat du cours, pour une machine qui n'en a aucun : le premier chapitre du rôle opposé.
partenaire() {   # PORT
    local autre oppose=client mots=("$hote" "$1") face
    [ "$role" != client ] || oppose=serveur mots=("$1")
    for autre in $(chapitres); do
        ! est_nu "$autre" || continue
        [ $oppose = serveur ] || envoie_un_message "$autre" || continue
        while read -r face; do
            [[ $face == "$oppose $protocole $hote "* ]] || continue
            COMMANDE=("$autre" "${mots[@]}")
            return
        done < <(faces "$autre")
    done
    return 3
}

# Il appelle : netcat l'attend, et lui répond « ok » s'il a parlé.
echange_client() {
    local port rendu repondu=''
    port=$(port_libre)
    en_face "$port"
    lancer 'en face' "${COMMANDE[*]}"
    attendre "$DELAI" port_pris "$protocole" "$port" || return 1
    [ "$netcat" != cours ] || repondu=oui   # il répond de lui-même
    lancer programme "$programme $hote $port"
    if [ "$nu" ] && [ -z "$repondu" ]; then
        repondre || return 1
        repondu=oui
    fi
    while rendu=0; lire programme "$DELAI" || rendu=$?; [ $rendu -eq 0 ]; do
        if [ "$repondu" ] || ! trace_a_envoye "$dossier/programme"; then continue; fi
        repondre || return 1
        repondu=oui
    done
    [ "$rendu:$code" = 2:0 ] || return 1
    quitter 'en face' 0.2 || return 1   # la plupart des netcats s'en vont d'eux-mêmes
    if [ "$nu" ]; then
        grep -qax ok "$dossier/programme"
        return
    fi
    trace_a_joint "$dossier/programme" "$port" || return 1
    ! envoie_un_message "$programme" || trace_repondu "$dossier/programme"
}
repondre() { lire_jusqu_a 'en face' [ -s "$dossier/en face" ] && taper 'en face' ok; }

# Lance le programme et, dès qu'il est prêt, netcat qui l'appelle. Rend 1 s'il ne l'est pas à temps.
appeler_le_programme() {
    local port=0
    [ -z "$nu" ] || port=$(port_libre)
    lancer programme "$programme${multiple:+ -v} $port"
    if [ "$nu" ]; then
        attendre "$DELAI" port_pris "$protocole" "$port" || return 1
    else
        lire_jusqu_a programme trace_prete "$dossier/programme" "$role" "$protocole" || return 1
        port=$(trace_port "$dossier/programme")
    fi
    lire_le_reste programme || [ $? -ne 2 ] || return 1
    en_face "$port"
    if [ "$muet" ]; then
        lancer muet "${COMMANDE[*]}"
        attendre "$DELAI" port_relie "$port" || return 1
    fi
    lancer 'en face' "${COMMANDE[*]}"
}

# Il attend : netcat l'appelle, dit « Bonjour », et s'en va quand il a sa réponse.
echange_serveur() {
    appeler_le_programme || return 1
    [ "$netcat" = cours ] || taper 'en face' Bonjour || true
    lire_jusqu_a 'en face' [ -s "$dossier/en face" ] || return 1
    if [ "$netcat" = cours ]; then lire_la_fin 'en face'; else quitter 'en face'; fi || return 1
    lire_jusqu_a programme dialogue_fini || return 1
    if [ "$muet" ]; then
        quitter muet || return 1
        lire_jusqu_a programme trace_a_servi "$dossier/programme" 0 || return 1
    fi
    quitter programme
    if [ "$multiple" ]; then   # Ctrl-C est sa façon de finir
        [ "$code" -eq 0 ]
    else
        [ "$code" -eq 130 ] && a_recu Bonjour
    fi
}
dialogue_fini() {
    if [ "$multiple" ]; then trace_a_servi "$dossier/programme" 1
    elif [ "$nu" ]; then a_recu Bonjour; else [ "$(trace_dialogues "$dossier/programme" "$protocole")" -ge 1 ]; fi
}
a_recu() {   # TEXTE
    if [ "$nu" ]; then grep -qax "$1" "$dossier/programme"; else trace_a_recu "$dossier/programme" "$1"; fi
}

# Il n'écoute pas : netcat est renvoyé aussitôt, sans que rien n'ait été tapé.
echange_refus() {
    appeler_le_programme || return 1
    lire_la_fin 'en face' || return 1   # quelqu'un est entré
    local renvoye=$code
    lancer 'en face' 'echo $?'
    lire_la_fin 'en face'
    quitter programme
    [ "$code" -eq 130 ] && [ "$renvoye" -ne 0 ] && ! trace_a_accueilli "$dossier/programme"
}

echange_seul() {
    lancer programme "$programme"
    terminal_finir_saisie programme
    quitter programme "$DELAI"
    [ "$code" -eq 0 ]
}

echange() {   # DOSSIER PROGRAMME NETCAT RÔLE [PROTOCOLE HÔTE ARGUMENTS_DE_NC...]
    local dossier=$1 programme=$2 netcat=$3 role=$4 protocole=${5:-} hote=${6:-} arguments=("${@:7}")
    local dernier='' lues=0 rendu=0 nu='' multiple='' muet=''
    ! est_nu "$programme" || nu=oui
    ! est_multiple "$programme" || multiple=oui
    [ "$netcat" = cours ] || muet=$multiple   # aucun de nos clients ne se tait
    rm -f "$dossier"/{transcription,programme,'en face',muet}
    touch "$dossier"/{transcription,programme,'en face'}
    [[ $hote != *:* ]] || grep -qs '^0*1 ' /proc/net/if_inet6 || return 5
    [ "$role" = seul ] || en_face 1 || return
    cd "$PROGRAMMES"   # les commandes montrées sont celles que l'on tape
    "echange_$role" || rendu=1
    cd "$OLDPWD"
    terminaux_fermer
    return $rendu
}
