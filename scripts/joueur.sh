# shellcheck shell=bash
# Joue une scène, étape par étape, dans des terminaux : au laboratoire (terminaux.sh), ou dans de vrais
# shells interactifs (volets.sh). Ne s'emploie que par « source », après l'un des deux.
#
#   jouer_scene ÉTAPE...   comme les écrit scenes_lire ; 1 au premier écart, qui est dit
#   jouer_etape            une seule, déjà découpée (etape_decouper)
#   devenir_ordinaire      remplit « ordinaire », la commande qui ôte ses privilèges à une autre
#   finir_la_scene         1 si une commande n'est pas finie, ou n'a pas tout dit
#   avant_le_geste         à redéfinir : appelé avant chaque geste ; 1 arrête la scène
#
# Comme une personne, il ne tape que lorsque plus rien ne bouge à l'écran : un serveur lancé à l'instant
# écoute déjà. Ctrl-C, lui, attend de même.

DELAI=${DELAI:-10}   # secondes accordées à chaque ligne attendue
dialecte=${dialecte:-}
declare -A en_cours=()   # la commande de chaque terminal, tant qu'on n'a pas lu sa fin
avant_le_geste() { :; }

# De quoi lancer une commande sans privilège, si l'on en a ; sauf setfcap, de quoi faire un
# espace réseau, comme tout utilisateur. Là où mène cette commande, s'il y en a une.
devenir_ordinaire() {   # [COMMANDE...]
    ordinaire=(setpriv --inh-caps=-all '--bounding-set=-all,+setfcap')
    "$@" "${ordinaire[@]}" true 2> /dev/null || ordinaire=()
}

echec() {   # CE_QUI_NE_VA_PAS [DÉTAIL...]
    printf '%s : %s\n' "$lieu" "$1"
    shift
    [ $# -eq 0 ] || printf '    %s\n' "$@"
    return 1
}

# Ajoute à « empreinte » ce que le noyau dit de ce processus et de ses descendants ; « agite » si l'un
# d'eux travaille.
empreindre() {   # PID
    local etat='' compte='' enfants='' enfant
    { read -r etat < "/proc/$1/stat"; } 2> /dev/null || return 0
    [[ ${etat##*) } != [RD]* ]] || agite=oui
    { read -r compte < "/proc/$1/schedstat"; } 2> /dev/null || true
    { read -r enfants < "/proc/$1/task/$1/children"; } 2> /dev/null || true
    empreinte+="$etat $compte"$'\n'
    for enfant in $enfants; do empreindre "$enfant"; done
}

# Revient quand aucun terminal ne travaille plus : deux regards de suite voient la même chose. Ce qui
# s'agite sans fin n'est attendu que 3 secondes.
attendre_le_calme() {
    local pid agite empreinte precedente=- fin=$((SECONDS + 3))
    while [[ ${terminal_pid[*]} ]] && [ $SECONDS -lt $fin ]; do
        agite='' empreinte=''
        for pid in "${terminal_pid[@]}"; do [ -z "$pid" ] || empreindre "$pid"; done
        [ "$agite" ] || [ "$empreinte" != "$precedente" ] || return 0
        precedente=$empreinte
        sleep 0.02
    done
}

# La commande du terminal doit être finie, et n'avoir plus rien à dire.
exiger_la_fin() {
    local commande=${en_cours[$terminal]:-} rendu=0
    [ "$commande" ] || return 0
    terminal_lire "$terminal" "$DELAI" || rendu=$?
    while [ "$rendu$ligne:$dialecte" = 0:traditional ]; do   # il passe à la ligne sur Ctrl-C
        rendu=0
        terminal_lire "$terminal" "$DELAI" || rendu=$?
    done
    en_cours[$terminal]=''
    case $rendu in
    0) echec "une ligne de trop" "commande : $commande" "venu     : $ligne" || return ;;
    1) echec "la commande ne finit pas" "commande : $commande" || return ;;
    esac
    [[ $code == @(0|1|2|130|141|255) ]] || echec "code de sortie $code" "commande : $commande"
}

# La commande du terminal doit attendre encore, et n'avoir rien dit de plus.
exiger_l_attente() {
    local rendu=0
    [ "${en_cours[$terminal]:-}" ] || { echec "aucune commande n'attend ici"; return; }
    terminal_lire "$terminal" 0.2 || rendu=$?
    case $rendu in
    0) echec "elle devait attendre" "venu     : $ligne" ;;
    2) echec "elle devait attendre" "la commande est finie" ;;
    esac
}

# Vrai si « ligne » est celle que l'on attend, où « … » vaut n'importe quoi.
convient() {   # ATTENDUE
    local motif
    # shellcheck disable=SC1003
    motif=${1//'\'/'\\'}
    motif=${motif//'*'/'\*'} motif=${motif//'?'/'\?'} motif=${motif//'['/'\['}
    motif=${motif//'('/'\('} motif=${motif//')'/'\)'} motif=${motif//'|'/'\|'}
    motif=${motif//…/'*'}
    # shellcheck disable=SC2053  # un motif, à dessein
    [[ $ligne == $motif ]]
}

# Compare une ligne attendue à la prochaine ligne de l'écran.
comparer() {   # ATTENDUE
    local rendu=0
    terminal_lire "$terminal" "$DELAI" || rendu=$?
    [ $rendu -ne 1 ] || { echec "rien ne vient" "attendu : $1"; return; }
    if [ $rendu = 2 ]; then
        en_cours[$terminal]=''
        ligne="(la commande est finie)"
    fi
    { [ $rendu = 0 ] && convient "$1"; } ||
        echec "la sortie a changé" "attendu : $1" "venu    : $ligne"
}

jouer_etape() {
    case $geste in
    commande | saisie | ctrl-? | attend)
        attendre_le_calme
        avant_le_geste || return ;;
    esac
    case $geste in
    commande)
        exiger_la_fin || return
        en_cours[$terminal]=$texte
        terminal_lancer "$terminal" "$texte" || echec "ce terminal n'a pas rendu l'invite" "tapé : $texte" ;;
    saisie)
        terminal_taper "$terminal" "$texte" ||
            echec "la commande est finie, personne ne lit le clavier" "tapé : $texte" ;;
    ctrl-c)
        { [ "${en_cours[$terminal]:-}" ] && terminal_interrompre "$terminal"; } ||
            echec "aucune commande à interrompre" ;;
    ctrl-d)
        terminal_finir_saisie "$terminal" || echec "la commande est finie, Ctrl-D serait pour le shell" ;;
    attend) exiger_l_attente ;;
    ligne | vide) comparer "$texte" ;;
    esac
}

finir_la_scene() {
    local rate=0
    attendre_le_calme
    for terminal in "${!en_cours[@]}"; do
        exiger_la_fin || rate=1
    done
    return $rate
}

jouer_scene() {   # ÉTAPES...
    local etape scene lecon lieu terminal geste texte
    en_cours=()
    for etape; do
        etape_decouper "$etape"
        jouer_etape || return
    done
    finir_la_scene
}
