# shellcheck shell=bash disable=SC2034   # « ligne » et « code » sont lus par l'appelant
# Les mêmes terminaux que terminaux.sh, mais vrais : des shells interactifs, avec contrôle des tâches,
# dans un tmux à part. Ce qu'on y lit est l'écran, comme une personne : l'écho de ce que l'on tape et
# l'invite n'en font pas partie, une ligne repliée est une ligne. Ne s'emploie que par « source ».
#
#   terminal_lancer terminal_taper terminal_finir_saisie terminal_interrompre terminal_lire
#   terminaux_fermer        comme dans terminaux.sh ; les gestes rendent 1 si le shell n'est pas dans
#                           l'état voulu : à l'invite pour une commande, hors de l'invite pour le reste
#   terminal_ecran NOM      écrit ce que l'on voit
#   terminal_ouvrir NOM     ici, un écran de 80 × 24 ; le projecteur le redéfinit
#   tmux_a_part …           tmux, celui-là

declare -gA terminal_pid=() volet=() volet_lues=() volet_echos=() volet_fini=()
declare -a volet_lignes=()
volet_curseur=0 volet_largeur=80
terminaux_dossier=''
ligne='' code=0
# L'invite finit par une espace insécable : aucun programme ne l'imite.
invite_debut='moi@cours:' invite_fin=$'$\u00a0' invite='moi@cours:\w'$'$\u00a0'

tmux_a_part() { env -u TMUX tmux -u -S "$terminaux_dossier/tmux" -f /dev/null "$@"; }

# Prépare le dossier et la commande d'un shell. Remplit terminaux_dossier et volet_shell.
volets_preparer() {
    [ -z "$terminaux_dossier" ] || return 0
    volets_reprendre "$(mktemp -d)"
    printf 'PS1=%q\nunset HISTFILE PROMPT_COMMAND\n' "$invite" > "$terminaux_dossier/rc"
}
volets_reprendre() {   # DOSSIER_DÉJÀ_PRÉPARÉ
    terminaux_dossier=$1
    volet_shell=$(printf 'exec bash --rcfile %q -i' "$1/rc")
}

terminal_ouvrir() {   # NOM
    local ouvrir=(new-window -d -t cours:) dit
    [ -z "${volet[$1]:-}" ] || return 0
    if [ -z "$terminaux_dossier" ]; then
        volets_preparer
        tmux_a_part start-server \; set -g history-limit 20000 \; set -g status off \; \
            set -g default-terminal screen \; \
            new-session -d -s cours -x 80 -y 24 'exec sleep infinity'
    fi
    dit=$(tmux_a_part "${ouvrir[@]}" -P -F '#{pane_id} #{pane_pid}' "$volet_shell")
    volet[$1]=${dit% *} terminal_pid[$1]=${dit#* } volet_lues[$1]=0 volet_echos[$1]='' volet_fini[$1]=''
}

terminal_ecran() { tmux_a_part capture-pane -p -t "${volet[$1]}"; }

# Remplit volet_lignes, une par ligne affichée, repliée ou non, et volet_curseur, le rang de celle du
# curseur : sous lui, rien n'est écrit.
volet_regarder() {   # NOM
    local hauteur rangee
    mapfile -t volet_lignes < <(tmux_a_part display -p -t "${volet[$1]}" '#{pane_height} #{cursor_y} #{pane_width}' \; \
        capture-pane -p -J -S - -t "${volet[$1]}" 2> /dev/null)
    read -r hauteur rangee volet_largeur <<< "${volet_lignes[0]:-0 0 80}"
    volet_lignes=("${volet_lignes[@]:1}")
    volet_curseur=$((${#volet_lignes[@]} - hauteur + rangee))
}

# Vrai si le shell attend une commande.
volet_a_l_invite() {   # NOM
    volet_regarder "$1"
    [ "$volet_curseur" -ge "${volet_lues[$1]}" ] &&
        [[ ${volet_lignes[volet_curseur]} == *"$invite_debut"* ]] &&
        [[ ${volet_lignes[volet_curseur]} == *"$invite_fin"*( ) ]]
}

# Tape des touches à la lettre ; tmux prendrait pour lui un « ; » final.
volet_touches() {   # NOM TEXTE
    local texte=$2
    [[ $texte != *';' ]] || texte=${texte%;}'\;'
    [ -z "$texte" ] || tmux_a_part send-keys -t "${volet[$1]}" -l -- "$texte"
    tmux_a_part send-keys -t "${volet[$1]}" Enter
}

# Une commande qui remplit exactement sa ligne y collerait la sortie : une espace de plus l'évite.
terminal_lancer() {   # NOM COMMANDE
    local texte=$2
    terminal_ouvrir "$1"
    attendre "$DELAI" volet_a_l_invite "$1" || return 1
    tmux_a_part clear-history -t "${volet[$1]}"
    volet_regarder "$1"
    volet_lues[$1]=$((volet_curseur + 1)) volet_echos[$1]='' volet_fini[$1]=''
    [ $(((${#volet_lignes[volet_curseur]} + ${#texte}) % volet_largeur)) -ne 0 ] || texte+=' '
    volet_touches "$1" "$texte"
}

terminal_taper() {   # NOM TEXTE
    ! volet_a_l_invite "$1" || return 1
    volet_echos[$1]+=$2$'\n'
    volet_touches "$1" "$2"
}

terminal_finir_saisie() {   # NOM
    ! volet_a_l_invite "$1" || return 1
    tmux_a_part send-keys -t "${volet[$1]}" C-d
}

terminal_interrompre() {   # NOM
    ! volet_a_l_invite "$1" || return 1
    volet_echos[$1]+=$'^C\n'
    tmux_a_part send-keys -t "${volet[$1]}" C-c
}

# Ôte de « ligne » l'écho attendu ; 1 si elle n'était que lui.
volet_sans_echo() {   # NOM
    local echo=${volet_echos[$1]%%$'\n'*}
    [ "${volet_echos[$1]}" ] || return 0
    case $ligne in
    "$echo") volet_echos[$1]=${volet_echos[$1]#*$'\n'}
        return 1 ;;
    *'^C') [ "$echo" != '^C' ] || { ligne=${ligne%'^C'} volet_echos[$1]=${volet_echos[$1]#*$'\n'}; } ;;
    esac
}

# 0 : « ligne » est la suivante ; 1 : rien à temps ; 2 : l'invite est revenue.
terminal_lire() {   # NOM SECONDES
    local fin=$((${EPOCHREALTIME/[.,]/} + $(printf '%.0f' "${2}e6"))) dernier='' rang
    while :; do
        volet_regarder "$1"
        while rang=${volet_lues[$1]} && [ "$rang" -lt "$volet_curseur" ]; do
            ligne=${volet_lignes[rang]}
            volet_lues[$1]=$((rang + 1))
            ! volet_sans_echo "$1" || return 0
        done
        if [ "$rang" -eq "$volet_curseur" ] && [[ ${volet_lignes[rang]} == *"$invite_debut"* ]]; then
            ligne=${volet_lignes[rang]%%"$invite_debut"*}   # une sortie sans \n final
            [ "$ligne" ] && [ -z "${volet_fini[$1]}" ] && volet_sans_echo "$1" || return 2
            volet_fini[$1]=oui
            return 0
        fi
        [ -z "$dernier" ] || return 1
        [ "${EPOCHREALTIME/[.,]/}" -lt "$fin" ] || dernier=oui
        sleep 0.02
    done
}

# Ferme tout, et n'en laisse rien : ni les shells, ni ce qui vivrait encore dans leurs sessions.
terminaux_fermer() {
    local pid pids
    [ "$terminaux_dossier" ] || return 0
    pids=$(tmux_a_part list-panes -a -F '#{pane_pid}' 2> /dev/null) || true
    tmux_a_part kill-server 2> /dev/null || true
    for pid in $pids; do session_fermer "$pid"; done
    rm -rf "$terminaux_dossier"
    terminaux_dossier='' terminal_pid=() volet=()
}
session_fermer() { attendre 1 session_vide "$1" || pkill -KILL -s "$1" || true; }
session_vide() { ! pgrep -s "$1" > /dev/null; }
