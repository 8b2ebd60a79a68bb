# shellcheck shell=bash
# Rejoue une scène du laboratoire sans rien exiger, et écrit ce qu'il faut changer dans le texte pour qu'il
# dise la vraie sortie. Ne s'emploie que par « source », après scripts/joueur.sh.
#
#   recopier_scene ÉTAPE...      écrit des corrections : NUMÉRO - (ôter cette ligne) ou NUMÉRO + TEXTE
#                                (l'ajouter là), séparés par des tabulations ; 1 si la scène ne va pas au bout
#   corriger FICHIER             les applique, lues sur l'entrée
#
# Une ligne attendue qui convient encore garde ses « … ».

corriger() {   # FICHIER
    local corrections corrige
    corrections=$(cat)
    [ "$corrections" ] || return 0
    corrige=$(awk -F '\t' '
        NR == FNR && $2 == "-" { otee[$1] = 1 }
        NR == FNR { if ($2 == "+") ajouts[$1] = ajouts[$1] substr($0, length($1) + 4) "\n"; next }
        !(FNR in otee)
        { printf "%s", ajouts[FNR] }' - "$1" <<< "$corrections"; echo x)
    printf %s "${corrige%x}" > "$1"
}

recopier_scene() {   # ÉTAPES...
    local etape scene lecon lieu terminal geste texte attendues=() numeros=() venues=() bloc=''
    declare -A ancre=()   # la dernière ligne du texte, par terminal
    en_cours=()
    for etape; do
        etape_decouper "$etape"
        if [[ $geste != @(ligne|vide) ]] || [ "$terminal" != "$bloc" ]; then
            recopier_le_bloc
            bloc=$terminal
        fi
        case $geste in
        ligne | vide) attendues+=("$texte") numeros+=("${lieu##*:}") ;;
        attend | besoin | preuve) ;;
        commande) recopier_le_trop && jouer_etape || return ;;
        *) jouer_etape || return ;;
        esac
        ancre[$terminal]=${lieu##*:}
    done
    recopier_le_bloc
    for terminal in "${!en_cours[@]}"; do recopier_le_trop || return; done
}

# Lit ce que le bloc attendait. Au premier écart, lit tout ce qui vient, et corrige.
recopier_le_bloc() {
    local terminal=$bloc attendue juste=oui rang
    venues=()
    for attendue in "${attendues[@]}"; do
        terminal_lire "$terminal" "$DELAI" || { juste=''; break; }
        venues+=("$ligne")
        convient "$attendue" || { juste=''; break; }
    done
    if [ -z "$juste" ]; then
        attendre_le_calme
        while terminal_lire "$terminal" 0.2; do venues+=("$ligne"); done
        for rang in "${!attendues[@]}"; do printf '%s\t-\n' "${numeros[rang]}"; done
        aligner
    fi
    attendues=() numeros=()
}

# Écrit les lignes venues, chacune sous la forme qu'elle avait dans le texte si elle y était.
aligner() {
    local rang debut=0 garde
    for ligne in "${venues[@]}"; do
        garde=$ligne
        for ((rang = debut; rang < ${#attendues[@]}; rang++)); do
            if convient "${attendues[rang]}"; then
                garde=${attendues[rang]} debut=$((rang + 1))
                break
            fi
        done
        printf '%s\t+\t%s\n' "${numeros[0]}" "$garde"
    done
}

# Lit jusqu'à la fin de la commande ; ajoute au texte ce qu'elle a dit de trop. 1 si elle ne finit pas.
recopier_le_trop() {
    local rendu=0
    [ "${en_cours[$terminal]:-}" ] || return 0
    while terminal_lire "$terminal" "$DELAI" || { rendu=$?; false; }; do
        printf '%s\t+\t%s\n' "${ancre[$terminal]}" "$ligne"
    done
    # shellcheck disable=SC2004   # un tableau associatif
    [ $rendu -eq 2 ] && en_cours[$terminal]=''
}
