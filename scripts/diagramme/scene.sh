# shellcheck shell=bash
# La scène du cours que dessine diagramme.sh : la choisir, la rejouer avec un strace devant chaque terminal. Ne
# s'emploie que par « source », par lui.
#
#   scene_choisir TITRE|NUMÉRO FICHIER     y range les étapes ; refuse ce qui ne se dessinerait pas
#   scene_capturer FICHIER                 la rejoue, dans l'espace réseau : une trace par terminal
#
# COURS : une autre page que celles du cours.

# shellcheck source=scripts/scenes.sh
source "$dossier_des_scripts/scenes.sh"
# shellcheck source=scripts/terminaux.sh
source "$dossier_des_scripts/terminaux.sh"

scene_choisir() {   # TITRE|NUMÉRO FICHIER
    local pages numeros
    local -x LC_ALL=C.UTF-8
    mapfile -t pages < <(pages_du_cours)
    pages=("${pages[@]/#/$racine/}")
    [ -z "${COURS:-}" ] || pages=("$(realpath -- "$COURS")")
    scenes_lire "${pages[@]}" | awk -F '\t' '$5 !~ /^(faute|extrait|c)$/' > "$2.toutes"
    mapfile -t numeros < <(sed -E 's/^([^\t]*\t)([^\t]*)/\1\L\2\E/' "$2.toutes" | TITRE=${1,,} awk -F '\t' '
        ENVIRON["TITRE"] ~ /^[0-9]+$/ ? $1 == ENVIRON["TITRE"] : index($2, ENVIRON["TITRE"]) {
            if (vu[$1]++) next
            if ($2 == ENVIRON["TITRE"]) entiers = entiers $1 "\n"
            else morceaux = morceaux $1 "\n"
        }
        END { printf "%s", entiers == "" ? morceaux : entiers }')
    case ${#numeros[@]} in
    0) refuser "aucune scène « $1 » dans scripts/scene.sh --liste" ;;
    1) ;;
    *) refuser "« $1 » : plusieurs scènes, de numéros $(printf '%s, ' "${numeros[@]}" | sed 's/, $//')" ;;
    esac
    awk -F '\t' -v n="${numeros[0]}" '$1 == n' "$2.toutes" > "$2"
    rm "$2.toutes"
    scene_verifier "scène ${numeros[0]}" "$2"
}

# Refuse ce que l'on ne saurait pas rejouer, ou voir.
scene_verifier() {   # NOM FICHIER
    local besoin terminaux
    ! grep -qE $'\tcommande\t.*(strace|tcpdump|diagramme[.]sh|pas-a-pas[.]sh)' "$2" ||
        refuser "$1 : elle trace déjà ses programmes"
    terminaux=$(scene_terminaux "$2" | wc -l)
    [ "$terminaux" -le 4 ] || refuser "$1 : $terminaux terminaux, quatre au plus"
    while read -r besoin; do
        besoin_satisfait "$besoin" || absent "$1 : il manque $besoin"
    done < <(sed -n $'s/.*\tbesoin\t//p' "$2")
    if grep -qE $'\tcommande\t(.*[|(;&] *)?nc ' "$2" && ! netcat_programme openbsd > /dev/null; then
        absent "$1 : il manque le nc d'OpenBSD : sudo apt-get install netcat-openbsd"
    fi
}

# Les terminaux d'une scène, dans l'ordre où ils parlent.
scene_terminaux() { awk -F '\t' '$5 !~ /^(besoin|preuve)$/ && !vu[$4]++ { print $4 }' "$1"; }   # FICHIER

# Le dossier de la scène : les liens du dépôt, les exécutables voulus, le « nc » du cours, essais/.
scene_preparer() {   # DOSSIER
    local nom
    mkdir -p "$1"/scene/essais "$1"/bin "$1"/tmp
    ln -s "$racine"/{common,scripts,tests} "$1/scene/"
    for nom in "${dossiers[@]}"; do
        [ ! -d "$racine/$nom" ] || cp -rs "$racine/$nom" "$1/scene/"
        [ ! -d "$PROGRAMMES$nom" ] || cp -rsf "$PROGRAMMES$nom" "$1/scene/"
    done
    ! nom=$(netcat_programme openbsd) || ln -s "$(command -v "$nom")" "$1/bin/nc"
    export PATH=$1/bin:$PATH TMPDIR=$1/tmp
    cd "$1/scene" || return
}

# Devant le shell de chaque terminal : strace ; et, comme au laboratoire, pas de privilège pour qui est root.
terminal_preparer() {   # NOM
    local rang ordinaire
    # shellcheck disable=SC2119  # rien devant
    devenir_ordinaire
    rang=$(scene_terminaux "$scene_fichier" | grep -nxF -- "$1" | cut -d: -f1)
    terminal_devant=("${ordinaire[@]}" "${tracer_par[@]}" -o "$dossier/$rang-${1//[^[:alnum:]]/-}.trace")
}

# Vrai si cette trace a une socket à elle : celles que la libc ouvre vers nscd, et ss vers nstat, n'en sont pas.
scene_parle() {   # TRACE
    awk '{ unix = match($0, /<UNIX[^[]*\[[0-9]+/) ? substr($0, RSTART, RLENGTH) : "" }
         NR == FNR { if (/connect\(.*("[^"]*\/nscd\/socket"|@"nstat")/) muette[unix]; next }
         /<(TCP|UDP)|socket\(AF_INET/ || (unix && !(unix in muette)) { parle = 1; exit }
         END { exit !parle }' "$1" "$1"
}

# Qui ne parle pas au réseau n'a pas de colonne.
scene_ecarter_les_muets() {
    local trace restent=''
    for trace in ./*.trace; do
        if scene_parle "$trace"; then restent=oui; else rm "$trace"; fi
    done
    [ "$restent" ] || absent "cette scène ne parle pas au réseau"
}

scene_capturer() {   # FICHIER
    local etapes nom derniere_taille='' suite=0 scene_fichier=$1
    # shellcheck source=scripts/joueur.sh
    source "$dossier_des_scripts/joueur.sh"
    mapfile -t etapes < <(grep -v $'\tpreuve\t' "$1")
    scene_preparer "$dossier/.passage"
    jouer_scene "${etapes[@]}" > "$dossier/.passage/dit" ||
        echo "une scène jouée comme la page : $(paste -sd ' ' "$dossier/.passage/dit")" > "$dossier/manques"
    attendre 2 calme || true
    for nom in "${!terminal_pid[@]}"; do   # chaque trace est entière
        [ -z "${terminal_pid[$nom]}" ] || terminal_quitter "$nom"
    done
    terminaux_fermer
    cd "$dossier"
    scene_ecarter_les_muets
}
