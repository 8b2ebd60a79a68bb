#!/usr/bin/env bash
# Projette une scène du cours : ouvre ses terminaux, l'un sous l'autre, et la tape dans de vrais shells.
#
#   scripts/scene.sh TITRE|NUMÉRO|PAGE       une leçon (un morceau de son titre suffit), une seule scène, ou
#                                    toute une page (udp/cours.md).
#                                    Entrée : l'étape suivante ; q : s'en aller. Le terminal qui agit est
#                                    mis en relief.
#   scripts/scene.sh --seul TITRE|NUMÉRO|PAGE     la joue seul, au rythme de la lecture (RYTHME : les secondes
#                                    par ligne, 0,8 par défaut ; 0 : aussi vite que possible). Code 1, et
#                                    où, si l'écran n'a pas dit la même chose que la page
#   scripts/scene.sh --pas-a-pas TERMINAL TITRE|NUMÉRO|PAGE     la première commande réseau de ce terminal
#                                    passe sous pas-a-pas.sh (sans nom dans la scène : « terminal »). Quand
#                                    elle est arrêtée sur un appel, Entrée le laisse partir, et s fait
#                                    avancer la scène ; sinon Entrée fait avancer la scène
#   scripts/scene.sh --liste         les scènes : par page et par leçon, numéro, terminaux, ce que l'on y
#                                    tape d'abord
#
# Les réponses d'« À vous » ne viennent que si on les demande : « à vous : » et un morceau du titre de la
# leçon, un numéro, ou une page. Une scène à qui il manque quelque chose ici est passée, en le disant.
#
# COURS : un autre fichier que les pages du cours. Demande tmux, un terminal d'au moins 80 × 24 et
# le port 5000 ; marche aussi dans un tmux déjà ouvert, sans y toucher. Rien ne reste après la fin.
set -euo pipefail
export LC_ALL=C.UTF-8
dossier_des_scripts=$(CDPATH='' cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/chapitres.sh
source "$dossier_des_scripts/chapitres.sh"
# shellcheck source=scripts/attendre.sh
source "$dossier_des_scripts/attendre.sh"
# shellcheck source=scripts/netcat.sh
source "$dossier_des_scripts/netcat.sh"
# shellcheck source=scripts/scenes.sh
source "$dossier_des_scripts/scenes.sh"
# shellcheck source=scripts/volets.sh
source "$dossier_des_scripts/volets.sh"
# shellcheck source=scripts/joueur.sh
source "$dossier_des_scripts/joueur.sh"
invite_debut=$'$\u00a0' invite=$'$\u00a0'   # comme dans le cours
RYTHME=${RYTHME:-0.8} RYTHME=${RYTHME/,/.}

refuser() { printf 'scene.sh : %s\n' "$@" >&2; exit "${code_du_refus:-1}"; }

# ─── La régie : le dernier volet, d'une ligne, qui lit le clavier et mène les autres ───

# Ouvre un terminal au-dessus de la régie.
terminal_ouvrir() {   # NOM
    local dit
    [ -z "${volet[$1]:-}" ] || return 0
    dit=$(tmux_a_part split-window -d -v -b -t "$TMUX_PANE" -l 3 \
        -P -F '#{pane_id} #{pane_pid}' "$volet_shell")
    volet[$1]=${dit% *} terminal_pid[$1]=${dit#* } volet_lues[$1]=0 volet_echos[$1]='' volet_fini[$1]=''
    tmux_a_part set -p -t "${volet[$1]}" @nom "$1"
}

# Partage la hauteur, de haut en bas : la même pour tous si chacun a six lignes, une fois pour toutes (un
# volet qui change de taille le fait savoir à ses programmes) ; sinon six à qui agit.
partager() {   # TERMINAL_QUI_AGIT
    local nom lignes part grand=${noms[0]}
    lignes=$(($(tmux_a_part display -p -t "$TMUX_PANE" '#{window_height}') - 2 - ${#noms[@]}))
    part=$((lignes / ${#noms[@]}))
    [ $part -ge 6 ] || grand=$1 part=$(((lignes - 6) / (${#noms[@]} - 1)))
    [ "$partage" != "$lignes $grand" ] || return 0
    partage="$lignes $grand"
    for nom in "${noms[@]}"; do
        if [ "$nom" = "$grand" ]; then
            tmux_a_part resize-pane -t "${volet[$nom]}" -y $((lignes - part * (${#noms[@]} - 1)))
        else
            tmux_a_part resize-pane -t "${volet[$nom]}" -y $part
        fi
    done
    tmux_a_part resize-pane -t "$TMUX_PANE" -y 1
    attendre 2 tailles_connues || true
}

# Vrai quand chaque shell connaît la taille de son volet : tmux la lui dit un peu plus tard.
tailles_connues() {
    local hauteur largeur tty
    while read -r hauteur largeur tty; do
        [ "$(stty -F "$tty" size)" = "$hauteur $largeur" ] || return 1
    done < <(tmux_a_part list-panes -t "$TMUX_PANE" -F '#{pane_height} #{pane_width} #{pane_tty}')
}

# Écrit la ligne de la régie, coupée à la largeur.
annoncer() { printf '\r\e[K%s' "${1:0:$(($(tput cols) - 1))}" > /dev/tty; }

# Rend la main : celui qui nous a lancés ferme tout.
partir() {
    tmux_a_part detach-client -s cours -E true
    exit 0
}

# Vrai si le terminal au pas à pas est arrêté sur un appel.
en_pause() {
    volet_regarder "$pas"
    [[ ${volet_lignes[volet_curseur]:-} == '    [Entrée]'* ]]
}
sans_pause() { ! en_pause; }
laisser_partir() {
    tmux_a_part send-keys -t "${volet[$pas]}" Enter
    attendre 1 sans_pause || true
}

# Vrai s'il l'est, ou si rien n'y bouge : ni programme qui travaille, ni appel que strace retient encore.
pas_pose() {
    local agite='' precedente=$empreinte
    ! en_pause || return 0
    empreinte=''
    empreindre "${terminal_pid[$pas]}"
    [ -z "$agite" ] && [[ $empreinte = "$precedente" && $empreinte != *') '[tT]' '* ]]
}

# Dit ce que fait chaque touche, et met en relief le terminal qui agira ; « pause » : celui au pas à pas est
# arrêté, et l'appel passe d'abord. La scène n'écrit pas à un programme arrêté : sa ligne vaudrait Entrée.
annoncer_les_touches() {
    local acteur=$terminal touches=${seul:-Entrée : la suite   }
    pause=''
    if [ "$au_pas" ]; then
        attendre 3 pas_pose || true
        if en_pause; then
            acteur=$pas pause=oui touches="Entrée : l'appel suivant   "
            [[ $terminal = "$pas" && $geste != @(attend|ctrl-c|fin) ]] || pause=scene touches+='s : la scène   '
        fi
    fi
    [ "$touches" != "$annonce" ] || return 0
    annonce=$touches
    tmux_a_part set -g @acteur "${volet[$acteur]:-}"
    annoncer "${avis:-$rang/$nombre   }${touches}q : partir"
}

# Attend que l'on appuie sur Entrée, ou, seul, le temps de lire. q, et Ctrl-C, s'en vont.
avant_le_geste() {
    local touche rendu limite=() au_pas='' pause annonce='' empreinte=''
    partager "$terminal"
    [ -z "$pas" ] || au_pas=${volet[$pas]:-}
    [ -z "$au_pas" ] || limite=(-t 0.3)
    [ -z "$seul" ] || limite=(-t "$(awk "BEGIN { print 0.001 + $RYTHME * (1 + $lues_depuis) }")")
    while annoncer_les_touches; touche='' rendu=0; do
        IFS= read -rsn1 "${limite[@]}" touche || rendu=$?
        [ $rendu -eq 0 ] || [ $rendu -gt 128 ] || partir   # plus de clavier
        case $rendu$touche in
        0[qQ]) partir ;;
        0[sS]) [ "$pause" != scene ] || break ;;
        0) [ "$pause$seul" ] || break
            if [ "$pause" ]; then laisser_partir; fi ;;
        0*) ;;
        *) [ -z "$seul" ] || break ;;   # le temps de lire est passé
        esac
    done
    avis='' lues_depuis=0 rang=$((rang + 1))
}

# Une étape ; l'écart éventuel est annoncé, et la scène continue : c'est l'écran qui dit vrai.
projeter() {
    local dit
    case $geste in
    besoin | preuve) return ;;
    ligne | vide)
        lues_depuis=$((lues_depuis + 1))
        [ "$seul" ] || return 0 ;;
    commande) en_cours[$terminal]='' ;;   # ce qu'elle avait à dire encore, on le voit
    attend) [ "$seul" ] || { avis="[$terminal] attend   " avant_le_geste; return; } ;;
    esac
    until jouer_etape > "$terminaux_dossier/dit"; do
        [ -z "$seul" ] || cat "$terminaux_dossier/dit" >> "$terminaux_dossier/ecarts"
        dit=$(head -n 1 "$terminaux_dossier/dit")
        avis="$dit   "
        [ "$geste$seul" = commande ] || break   # Entrée l'essaie de nouveau
    done
}

# Ouvre les terminaux d'une scène, la joue, et les ferme.
jouer_la_scene() {   # FICHIER
    local etapes etape scene lecon lieu terminal geste texte noms=() nom rang=1 nombre lues_depuis=1 partage=''
    mapfile -t etapes < "$1"
    mapfile -t noms < <(grep -v $'\t\(besoin\|preuve\)\t' "$1" | cut -f 4 | awk '!vu[$0]++')
    nombre=$(grep -c $'\t\(commande\|saisie\|ctrl-[cd]\|attend\)\t' "$1")
    etape_decouper "${etapes[0]}"
    tmux_a_part set -g @regie "$lecon, scène $scene"
    for nom in "${noms[@]}"; do terminal_ouvrir "$nom"; done
    partager "${noms[0]}"
    for etape in "${etapes[@]}"; do
        etape_decouper "$etape"
        projeter
    done
    avis="fin de la scène $scene   " geste=fin
    avant_le_geste
    for nom in "${noms[@]}"; do
        tmux_a_part kill-pane -t "${volet[$nom]}"
        session_fermer "${terminal_pid[$nom]}"
    done
    volet=() terminal_pid=()
}

if [ "${1:-}" = --regie ]; then   # DOSSIER SEUL TERMINAL_AU_PAS_À_PAS : dans son volet, mené par le tmux d'à côté
    seul=$3 pas=$4
    volets_reprendre "$2"
    avis=$(cat "$terminaux_dossier/passees")
    [ "$seul" ] || DELAI=3
    trap partir INT
    stty -echo
    for fichier in "$terminaux_dossier"/scenes/*; do jouer_la_scene "$fichier"; done
    partir
fi

# ─── Avant de commencer ───

# Écrit, sous chaque page et chaque leçon, les scènes : leur numéro, leurs terminaux, leur première commande.
lister() {
    local etape scene lecon lieu terminal geste texte page='' titre='' listee='' noms commande
    while IFS= read -r etape; do
        etape_decouper "$etape"
        [[ $scene != 0 && $geste == @(commande|ligne) ]] || continue
        if [ "$scene" != "$listee" ]; then
            lister_une_scene
            listee=$scene noms='' commande=''
            [ "$page" = "${lieu%:*}" ] || { page=${lieu%:*} titre=''; printf '%s\n' "$page"; }
            [ "$titre" = "$lecon" ] || { titre=$lecon; printf '  %s\n' "$titre"; }
        fi
        [[ $noms == *"[$terminal]"* || $terminal = terminal ]] || noms+="[$terminal] "
        [ "$geste" != commande ] || commande=${commande:-$texte}
    done < <(scenes_lire "${cours[@]}")
    lister_une_scene
}
lister_une_scene() {
    local vue
    [ "$listee" ] || return 0
    printf -v vue '%5d  %s' "$listee" "$noms${noms:+ }$commande"
    [ ${#vue} -le 80 ] || vue=${vue:0:79}…
    printf '%s\n' "$vue"
}

# Range dans le dossier les scènes demandées. 1 s'il n'y en a pas.
choisir() {   # TITRE|NUMÉRO|PAGE     un titre entier, sinon un morceau
    choisir_par entier "$1" || choisir_par morceau "$1"
}
choisir_par() {   # entier|morceau TITRE|NUMÉRO|PAGE
    local fichier voulu=${2,,} scene lecon lieu terminal geste texte etape ailleurs='à vous*'
    [[ $voulu != à\ vous* ]] || ailleurs=''
    mkdir -p "$terminaux_dossier"/{scenes,toutes}
    rm -f "$terminaux_dossier"/toutes/*
    scenes_lire "${cours[@]}" | scenes_deposer "$terminaux_dossier/toutes"
    rm -f "$terminaux_dossier/toutes/000"
    for fichier in "$terminaux_dossier"/toutes/*; do
        IFS= read -r etape < "$fichier"
        etape_decouper "$etape"
        # shellcheck disable=SC2053  # un motif, à dessein
        if [[ $scene == "$2" || ${lieu%:*} == "$2" || ${lecon,,} == "$voulu" ]] ||
            [[ $1 == morceau && $2 != +([0-9]) && ${lecon,,} == *"$voulu"* && ${lecon,,} != $ailleurs ]]; then
            cp "$fichier" "$terminaux_dossier/scenes/"
        fi
    done
    [ "$(ls "$terminaux_dossier/scenes")" ]
}

# Ôte les scènes à qui il manque quelque chose ici, et les dit. 1 s'il ne reste rien.
passer() {
    local fichier besoin manque
    for fichier in "$terminaux_dossier"/scenes/*; do
        manque=''
        while read -r besoin; do
            besoin_satisfait "$besoin" || manque+=" $besoin"
        done < <(sed -n $'s/.*\tbesoin\t//p' "$fichier")
        [ "$manque" ] || continue
        printf 'scène %d passée, il manque%s   ' "$((10#${fichier##*/}))" "$manque"
        rm "$fichier"
    done > "$terminaux_dossier/passees"
    [ "$(ls "$terminaux_dossier/scenes")" ]
}

# Met au pas à pas la première commande réseau de ce terminal, dans chaque scène. 1 s'il n'y en a aucune.
mettre_au_pas() {
    local fichier
    for fichier in "$terminaux_dossier"/scenes/*; do
        awk -F '\t' -v OFS='\t' -v terminal="$pas" '
            $4 == terminal && $5 == "commande" && !vue && $6 !~ /& *$/ &&
            match($6, /(^|[|;&(] *)((tcp|udp|ipv6|local)\/[0-9][0-9]-|essais\/[a-z]|nc |python3 )/) {
                avant = substr($6, 1, RSTART - 1)
                reste = substr($6, RSTART)
                match(reste, /^[|;&( ]*/)
                $6 = avant substr(reste, 1, RLENGTH) "scripts/pas-a-pas.sh " substr(reste, RLENGTH + 1)
                vue = 1
            }
            { print }' "$fichier" > "$terminaux_dossier/au_pas"
        mv "$terminaux_dossier/au_pas" "$fichier"
    done
    grep -qF 'scripts/pas-a-pas.sh ' "$terminaux_dossier"/scenes/*
}

# Refuse, avant d'ouvrir quoi que ce soit, ce qui ne pourrait pas se jouer.
verifier() {
    local dit
    command -v tmux > /dev/null || refuser "il faut tmux ; scripts/outils.sh cours l'installe"
    { ! port_pris tcp 5000 && ! port_pris udp 5000; } ||
        refuser "le port 5000 est déjà pris sur cette machine" "    à voir : ss -tulnp 'sport = :5000'"
    [[ $RYTHME =~ ^[0-9]*[.]?[0-9]+$ ]] || code_du_refus=2 refuser "RYTHME : « $RYTHME » ? (des secondes)"
    [ -x "$racine/tcp/04-client" ] || refuser "les programmes ne sont pas compilés : tapez make"
    { [ -t 0 ] && [ -t 1 ]; } || refuser "il faut un terminal"
    { [ "$(tput lines)" -ge 24 ] && [ "$(tput cols)" -ge 80 ]; } ||
        refuser "ce terminal a $(tput cols) colonnes et $(tput lines) lignes, il en faut 80 et 24"
    [ -z "$pas" ] || dit=$("$dossier_des_scripts/pas-a-pas.sh" -a true 2>&1) || refuser "$dit"
}

seul='' pas='' titre=''
mapfile -t cours < <(if [ "${COURS:-}" ]; then realpath -- "$COURS"; else pages_du_cours; fi)
cd "$racine"
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$dossier_des_scripts/scene.sh"
        exit ;;
    --liste) lister
        exit ;;
    --seul) seul='seul   ' ;;
    --pas-a-pas)
        [ $# -gt 1 ] || code_du_refus=2 refuser "--pas-a-pas : quel terminal ? (voir scripts/scene.sh -h)"
        pas=$2
        shift ;;
    -*) code_du_refus=2 refuser "« $1 » ? (voir scripts/scene.sh -h)" ;;
    *) titre+=${titre:+ }$1 ;;
    esac
    shift
done
[ -z "$seul" ] || [ -z "$pas" ] || code_du_refus=2 refuser "--seul, ou --pas-a-pas : l'un des deux"
[ "$titre" ] || code_du_refus=2 refuser "quelle scène ? (scripts/scene.sh --liste)"
verifier
mkdir -p essais
fermer() {
    terminaux_fermer
    wait   # que tmux ait rendu le terminal comme il était
}
trap fermer EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
volets_preparer
choisir "$titre" || code_du_refus=2 refuser "aucune scène « $titre » (scripts/scene.sh --liste)"
passer || refuser "$(cat "$terminaux_dossier/passees")"
[ -z "$pas" ] || mettre_au_pas || code_du_refus=2 refuser "aucune commande réseau au terminal « $pas »" \
    "    il y a : $(awk -F '\t' '$5 == "commande" && !vu[$4]++ { print $4 }' "$terminaux_dossier"/scenes/* | paste -sd ' ')"
mkdir "$terminaux_dossier/bin"
ln -s "$(command -v "$(netcat_programme openbsd || echo nc)")" "$terminaux_dossier/bin/nc"
export PATH=$terminaux_dossier/bin:$PATH
titre_du_volet='#{?#{@nom},#{?#{==:#{pane_id},#{@acteur}},#[reverse bold] ▶ #{@nom} #[default], #{@nom} }, #{@regie} }'
tmux_a_part new-session -d -s cours -x "$(tput cols)" -y "$(tput lines)" \
    "$(printf '%q ' "$dossier_des_scripts/scene.sh" --regie "$terminaux_dossier" "$seul" "$pas")" \; \
    set -g status off \; set -g prefix None \; set -g history-limit 20000 \; \
    set -g pane-border-status top \; set -g pane-border-format "$titre_du_volet" \; \
    set -g pane-border-style 'fg=colour244' \; set -g pane-active-border-style 'fg=colour244'
exec 3<&0   # en arrière-plan, le clavier se donne ; et TERM nous trouve à l'écoute
tmux_a_part attach -t cours <&3 &
wait $!
[ ! -s "$terminaux_dossier/ecarts" ] || { cat "$terminaux_dossier/ecarts" >&2; exit 1; }
