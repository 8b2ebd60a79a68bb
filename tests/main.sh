#!/usr/bin/env bash
# Le cours dans les mains d'une personne : toutes les scènes, dans l'ordre de lecture, tapées dans de vrais
# terminaux de 80 × 24 (bash interactif, contrôle des tâches), sur une seule machine, par un utilisateur
# ordinaire, sans rien nettoyer ni attendre que ce que dit le texte. Puis une seconde fois, dans le même
# dossier. Le tout deux fois de front : avec le /etc/hosts de Debian, et là où localhost n'est que 127.0.0.1.
#
#   tests/main.sh [--hotes debian|ipv4] [--fois N] [cours.md...]
#
# Par scène ratée : la ligne du cours, ce qui était attendu, l'écran. Et à la fin : aucun fichier hors
# d'essais/, aucun processus, « git status » propre. La notation est décrite dans scripts/scenes.sh.
# Ce qui est allé jusqu'au bout entre au registre de la personne (tests/registre.sh).
#
# La personne a sa machine : ses espaces de noms (réseau, montages, processus), faits par root ou, à défaut,
# par un utilisateur qui le peut ; /home et /tmp y sont neufs, et disparaissent avec elle.
set -euo pipefail
export LC_ALL=C.UTF-8
dossier_des_scripts=$(dirname "$0")/../scripts
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
# shellcheck source=tests/registre.sh
source "$dossier_des_scripts/../tests/registre.sh"

# ─── La personne, chez elle ───

echecs=0
rater() { printf '%s\n' "$@"; echecs=$((echecs + 1)); }

# Écrit les fichiers qu'une scène ne doit pas faire : tout, hors d'essais/ et du dossier que java se garde dans /tmp.
fichiers() {
    find "$HOME" /tmp \( -path "$PWD/essais" -o -path "$PWD/.git" -o -path '/tmp/hsperfdata_*' \) -prune -o -print | sort
}

# Écrit ce qui tourne en plus de nous, de nos parents, et des terminaux ouverts.
restes() {
    local pid=$BASHPID a_nous=' ' processus commande
    while [ "$pid" -gt 0 ]; do
        a_nous+="$pid "
        pid=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$pid/status")
    done
    [ -z "$terminaux_dossier" ] ||
        a_nous+="$(tmux_a_part list-panes -a -F '#{pid} #{pane_pid}' | tr '\n' ' ')"
    for processus in /proc/[0-9]*; do
        [[ $a_nous != *" ${processus#/proc/} "* ]] || continue
        commande=$(tr '\0' ' ' < "$processus/cmdline")
        [ -z "$commande" ] || echo "    ${processus#/proc/} : $commande"
    done 2> /dev/null
}

# Vrai si la scène peut être jouée ici.
jouable() {   # ÉTAPES...
    local etape scene lecon lieu terminal geste texte
    for etape; do
        etape_decouper "$etape"
        [ "$geste" != preuve ] || continue
        [ "$geste" = besoin ] || return 0
        ! { [ "$texte" != root ] && besoin_satisfait "$texte"; } || continue
        echo "$lieu : scène $scene, « $lecon », écartée faute de $texte"
        # Une personne ordinaire n'est pas root, et sa machine n'a parfois que 127.0.0.1 : ces scènes-là se
        # jouent au laboratoire, ou avec l'autre /etc/hosts.
        [[ ${CI:-}:$texte:$hotes != true:* || $texte:$hotes == @(root:*|localhost6:ipv4) ]] ||
            rater "en intégration continue, tout se joue"
        return 1
    done
}

# Rend 1 si elle est ratée, et ferme alors les terminaux : la suivante en aura de neufs.
jouer_une_scene() {   # FICHIER
    local etapes dit
    mapfile -t etapes < "$1"
    jouable "${etapes[@]}" || return 0
    jouees=$((jouees + 1))
    if jouer_scene "${etapes[@]}" > "$HOME/../dit"; then
        dit=$(restes)
        [ "$dit" ] || { echo "bon ${1##*/}" >> "$HOME/../joues"; return 0; }
        printf '%s : des processus restent après la scène\n%s\n' "$(cut -f 3 <<< "${etapes[-1]}")" "$dit" \
            > "$HOME/../dit"
    fi
    echo "raté ${1##*/}" >> "$HOME/../joues"
    etape_decouper "${etapes[0]}"
    rater '' "── scène $scene, « $lecon » (/etc/hosts $hotes, fois n° $fois)" "$(< "$HOME/../dit")" \
        "$(for terminal in "${!volet[@]}"; do
            ! grep -q "$(printf '\t%s\t[a-z-]*\t' "$terminal")" "$1" || montrer_l_ecran
        done)"
    terminaux_fermer
    return 1
}
montrer_l_ecran() {
    printf '    ┌ écran de [%s]\n' "$terminal"
    local vu
    vu=$(terminal_ecran "$terminal")
    printf '    │ %s\n' "${vu//$'\n'/$'\n    │ '}"
}

# Joue tout le cours, une fois, et vérifie que la maison est restée propre.
jouer_le_cours() {
    local fichier avant apres jouees=0 debut=$SECONDS avaient=$echecs
    avant=$(fichiers)
    for fichier in "$HOME"/../scenes/*; do
        [ ! -e "$fichier" ] || jouer_une_scene "$fichier" || true
    done
    [ $jouees -gt 0 ] || rater "aucune scène n'a été jouée"
    terminaux_fermer
    apres=$(restes)
    [ -z "$apres" ] || rater "des processus survivent aux terminaux ($hotes, fois n° $fois) :" "$apres"
    apres=$(diff <(echo "$avant") <(fichiers) | grep '^[<>]' || true)
    [ -z "$apres" ] || rater "des fichiers hors d'essais/ ($hotes, fois n° $fois) :" "$apres"
    apres=$(git status --porcelain)
    [ -z "$apres" ] || rater "git status n'est pas propre ($hotes, fois n° $fois) :" "$apres"
    echo "une personne, $hotes, fois n° $fois : $jouees scènes, $((echecs - avaient)) écarts, $((SECONDS - debut)) s"
}

if [ "${1:-}" = --personne ]; then
    hotes=$2
    trap terminaux_fermer EXIT
    if (tcp/05-bind 80 < /dev/null) > /dev/null 2>&1; then
        echo "main.sh : cet utilisateur n'est pas ordinaire, il prend le port 80" >&2
        exit 1
    fi
    git init -q
    git add -A
    git -c user.name=moi -c user.email=moi@cours commit -qm "Le cours"
    for ((fois = 1; fois <= $3; fois++)); do jouer_le_cours; done
    exit $((echecs > 0))
fi

# ─── Sa maison, faite par root ───

if [ "${1:-}" = --maison ]; then   # VARIANTE FOIS COMMANDE_QUI_REND_ORDINAIRE... ; dossier courant : le bac
    ip link set lo up
    exec {registre}> "joues.$2"
    mount -t tmpfs -o mode=755 moi /home
    mkdir -p /home/moi/sockets
    mount --bind "hosts.$2" /etc/hosts
    tar --no-same-owner -xf depot.tar -C /home/moi/sockets
    cp -r scenes bin /home/
    touch /home/dit /home/joues
    chown -R 1000:1000 /home/moi /home/dit /home/joues 2> /dev/null || true   # seul au monde, tout est déjà à lui
    mount -t tmpfs -o mode=1777 moi /tmp
    cd /home/moi/sockets
    # Sans exec : qui change d'utilisateur oublie de mourir avec son père. Nous, le processus 1, non.
    code=0
    "${@:4}" env -i HOME=/home/moi USER=moi SHELL=/bin/bash TERM=screen LANG=C.UTF-8 CI="${CI:-}" \
        DELAI="$DELAI" PATH=/home/bin:/usr/local/bin:/usr/bin:/bin tests/main.sh --personne "$2" "$3" \
        {registre}>&- || code=$?
    cat /home/joues >&"$registre"
    exit $code
fi

# ─── Les deux machines, de front ───

variantes=(debian ipv4) fois=2
while [[ ${1:-} == -* ]]; do
    case $1 in
    --hotes) variantes=("$2") ;;
    --fois) fois=$2 ;;
    *) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"
        exit $(($(test "$1" = -h; echo $?) * 2)) ;;
    esac
    shift 2
done
[ $# -gt 0 ] || { mapfile -t pages < <(pages_du_cours); set -- "${pages[@]/#/$racine/}"; }
mapfile -t pages < <(realpath -s -- "$@")
set -- "${pages[@]}"
: "${PROGRAMMES:=$racine/}"
bac=$(mktemp -d)
debut=$EPOCHREALTIME
nettoyer() {
    trap '' INT TERM HUP
    # shellcheck disable=SC2046  # des numéros
    { kill -KILL $(jobs -rp) && wait; } 2> /dev/null || true
    rm -rf "$bac"
}
trap nettoyer EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# Range dans le bac les scènes, le dépôt et ses exécutables, le « nc » du cours, les deux /etc/hosts.
preparer_le_bac() {   # COURS...
    local chapitre nc outils
    chmod 755 "$bac"
    mkdir -p "$bac"/{scenes,bin,depot/essais}
    scenes_lire "$@" | scenes_deposer "$bac/scenes"
    rm -f "$bac/scenes/000"
    (cd "$racine" && git ls-files -z --cached --others --exclude-standard) |
        tar -C "$racine" --null -T - --ignore-failed-read -cf - 2> /dev/null | tar -C "$bac/depot" -xf -
    for chapitre in $(chapitres); do
        cp "$PROGRAMMES$chapitre" "$bac/depot/$chapitre"
    done
    outils=${PROGRAMMES}outils
    [ -d "$outils" ] || outils=${PROGRAMMES}build/outils
    if [ -d "$outils" ]; then mkdir "$bac/depot/build" && cp -r "$outils" "$bac/depot/build/"; fi
    tar -C "$bac/depot" -cf "$bac/depot.tar" .
    nc=$(netcat_programme openbsd) ||
        { echo "main.sh : il faut le nc d'OpenBSD (scripts/outils.sh cours l'installe)" >&2; exit 1; }
    ln -s "$(command -v "$nc")" "$bac/bin/nc"
    printf '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n' > "$bac/hosts.debian"
    printf '127.0.0.1 localhost\n' > "$bac/hosts.ipv4"
}

# Remplit espace et ordinaire : de quoi faire une machine, et y devenir quelqu'un sans privilège.
choisir_l_espace() {
    espace=(unshare --net --mount --pid --fork --kill-child --mount-proc)
    ordinaire=(setpriv --reuid=1000 --regid=1000 --clear-groups --inh-caps=-all --bounding-set=-all)
    "${espace[@]}" "${ordinaire[@]}" true 2> /dev/null && return
    espace+=(--map-root-user)
    ordinaire=(unshare --map-user=1000 --map-group=1000)
    "${espace[@]}" "${ordinaire[@]}" true 2> /dev/null && return
    echo "main.sh : cette machine ne permet pas d'en faire une autre (espaces de noms)" >&2
    exit 1
}

choisir_l_espace
preparer_le_bac "$@"
cd "$bac"
declare -A pid_de=()
for variante in "${variantes[@]}"; do
    DELAI=$DELAI "${espace[@]}" "$racine/tests/main.sh" --maison "$variante" "$fois" "${ordinaire[@]}" \
        > "$bac/dit.$variante" 2>&1 < /dev/null &
    pid_de[$variante]=$!
done
code=0
for variante in "${variantes[@]}"; do
    wait "${pid_de[$variante]}" || code=1
    cat "$bac/dit.$variante"
done
# Ce que la personne a joué, ici ou là, sans jamais le rater.
empreintes_des_scenes "$bac/scenes" | awk 'NR == FNR { quoi[$1] = $2 " " $3; next }
    $2 in quoi { print $1, quoi[$2] }' - <(cat "$bac"/joues.*) | registre_noter personne "$debut"
exit $code
