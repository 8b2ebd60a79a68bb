#!/usr/bin/env bash
# Rejoue le cours au laboratoire : tests/cours.sh [OPTION] [cours.md...]. La notation est décrite, et lue,
# dans scripts/scenes.sh. À la fin d'une scène tout doit être fini et lu : un serveur s'arrête par ^C. Une
# commande finit par 0, 1, 2, ou un signal attendu ; « $ echo $? » montre lequel. Ce qui est allé jusqu'au
# bout entre au registre du laboratoire (tests/registre.sh).
#
#   --faits "FAIT..."               seulement les scènes qui prouvent l'un de ces faits
#   --remplacer ORIGINAL FICHIER    seulement les scènes dont une commande cite ORIGINAL (du dépôt), et
#                                   FICHIER y tient sa place
#   --programmes                    seulement celles qui lancent un programme du cours : d'une variante, les autres ne
#                                   diraient rien de plus
#   --mensonge NOM                  dans une libc qui ment sur ce point (tests/mensonges.tsv), ou « aucun »
#   --nc DIALECTE, --ecrire         voir plus bas
#
# Avec l'une de ces options, rien n'entre au registre, et les extraits ne sont pas relus. Code 2 : aucune
# scène à jouer.
#
# Chaque scène a son dossier, avec essais/, et, quand le noyau le permet, son espace réseau (port 5000
# libre) et ses processus (« ps » n'y montre que les siens). Au moindre écart : la ligne du cours, ce qui était attendu, ce qui est venu, et le code 1.
#
# « nc » est dans les scènes celui d'OpenBSD, sous quelque nom qu'il soit installé. Avec --nc, c'est ce
# dialecte-là (openbsd, traditional, ncat, busybox, socat) : les seules scènes qui tapent nc sont jouées,
# et l'on dit celles qui diffèrent, sans que ce soit une faute.
#
# Avec --ecrire, la vraie sortie des scènes ratées est recopiée dans le texte ; ce qui y convenait garde ses
# « … ». À relire : git diff.
set -euo pipefail
export LC_ALL=C.UTF-8
dossier_des_scripts=${0%/*}/../scripts   # sans dirname : chaque scène passe par ici
# shellcheck source=scripts/chapitres.sh
source "$dossier_des_scripts/chapitres.sh"
# shellcheck source=scripts/attendre.sh
source "$dossier_des_scripts/attendre.sh"
# shellcheck source=scripts/terminaux.sh
source "$dossier_des_scripts/terminaux.sh"
# shellcheck source=scripts/netcat.sh
source "$dossier_des_scripts/netcat.sh"
# shellcheck source=scripts/scenes.sh
source "$dossier_des_scripts/scenes.sh"
# shellcheck source=scripts/joueur.sh
source "$dossier_des_scripts/joueur.sh"
# shellcheck source=tests/recopier.sh
source "$dossier_des_scripts/../tests/recopier.sh"
# shellcheck source=tests/registre.sh
source "$dossier_des_scripts/../tests/registre.sh"
: "${PROGRAMMES:=$racine/}"
tape_nc='(.*[|(;&] *)?nc '   # une commande qui appelle nc

# Lancé par nous-mêmes, là où se passe la scène (devenir_la_scene).
if [ "${1:-}" = --jouer ]; then
    trap terminaux_fermer EXIT
    trap 'exit 143' TERM
    trap 'exit 129' HUP
    mapfile -t etapes < "$bac/scenes/$2"
    [ -z "$mensonge" ] || export LD_PRELOAD="$bac/mensonges.so" MENSONGE="$mensonge"
    if [ "$ecrire" ]; then
        recopier_scene "${etapes[@]}" > "$bac/corrections/$2" || exit
    else
        jouer_scene "${etapes[@]}" || exit
    fi
    : > "$bac/bons/$2"
    exit
fi

# ─── Le cours entier ───

refuser() { echo "cours.sh : $1" >&2; exit 2; }
dialecte='' demande_ecrire='' ecrire='' voulus='' lances='' original='' remplacant='' mensonge='' choix=''
debut=$EPOCHREALTIME
while [[ ${1:-} == --* ]]; do
    case $1 in
    --nc)
        dialecte=${2:-}
        netcat_programme "$dialecte" > /dev/null || refuser "netcat « $dialecte » absent de cette machine"
        shift ;;
    --ecrire) demande_ecrire=oui ;;
    --faits)
        voulus=${2:-} choix=oui
        [[ $voulus =~ ^[A-Za-z0-9_-]+(\ [A-Za-z0-9_-]+)*$ ]] || refuser "--faits : « $voulus » ?"
        shift ;;
    --remplacer)
        original=${2:-} choix=oui
        [ -f "$racine/$original" ] || refuser "« $original » n'est pas un fichier du dépôt"
        remplacant=$(realpath -e -- "${3:-}") || exit 2
        shift 2 ;;
    --programmes) lances=oui choix=oui ;;
    --mensonge)
        mensonge=${2:-} choix=oui
        [ "$mensonge" = aucun ] || cut -f 1 "$racine/tests/mensonges.tsv" | grep -xF -- "$mensonge" > /dev/null ||
            refuser "mensonge « $mensonge » inconnu (tests/mensonges.tsv)"
        [ -e "$racine/build/tests/mensonges.so" ] || refuser "tests/lancer.sh n'a pas compilé mensonges.so"
        shift ;;
    -h | --help) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"
        exit ;;
    *) refuser "option « $1 » inconnue (tests/cours.sh -h)" ;;
    esac
    shift
done
[ $# -gt 0 ] || { mapfile -t pages < <(pages_du_cours); set -- "${pages[@]/#/$racine/}"; }
for fichier; do
    [ -r "$fichier" ] || { echo "cours.sh : « $fichier » est illisible" >&2; exit 2; }
done
mapfile -t pages < <(realpath -s -- "$@")
set -- "${pages[@]}"
bac=$(mktemp -d)
# À la fin, et sur un signal : plus aucune scène en train, plus aucun fichier.
nettoyer() {
    trap '' INT TERM HUP
    local signal=TERM
    [[ ${hotes_prives:-} != *kill-child* ]] || signal=KILL   # unshare n'écoute que lui, et emporte tout
    # shellcheck disable=SC2046  # des numéros
    { kill -$signal $(jobs -rp) || true; wait; } 2> /dev/null
    rm -rf "$bac"
}
trap nettoyer EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
echecs=0
rater() { printf '%s\n' "$@"; echecs=$((echecs + 1)); }

# Un dépôt de liens, avec les exécutables de la variante essayée, et le « nc » des scènes.
preparer_le_depot() {
    local dossier nc
    mkdir "$bac"/{depot,scenes,bin,tmp,dits,bons,dossiers,corrections}
    for dossier in common "${dossiers[@]}" scripts; do
        [ ! -d "$racine/$dossier" ] || cp -rs "$racine/$dossier" "$bac/depot/"
    done
    mkdir "$bac/depot/tests"
    for dossier in fautes memento; do   # qu'une scène donne à prédire ; qu'une table du mémento fait parler
        [ ! -d "$racine/tests/$dossier" ] || cp -rs "$racine/tests/$dossier" "$bac/depot/tests/"
    done
    find "$bac/depot" -name '[0-9][0-9]-*' ! -name '*.c' -delete
    for dossier in "${dossiers[@]}"; do
        [ ! -d "$PROGRAMMES$dossier" ] || cp -rsf "$PROGRAMMES$dossier" "$bac/depot/"
    done
    if [ "${dialecte:-openbsd}" = socat ]; then   # qui n'a que lui passe par le traducteur
        printf '#!/bin/sh\nexec "%s/scripts/netcat.sh" -n socat "$@"\n' "$racine" > "$bac/bin/nc"
        chmod +x "$bac/bin/nc"
    elif nc=$(netcat_programme "${dialecte:-openbsd}"); then
        ln -s "$(command -v "$nc")" "$bac/bin/nc"
    fi
    [ -z "$original" ] || ln -sf "$remplacant" "$bac/depot/$original"
    # LD_PRELOAD se coupe sur une espace, que le chemin du dépôt peut avoir
    [ -z "$mensonge" ] || cp "$racine/build/tests/mensonges.so" "$bac/"
    if [ "$mensonge" ] && nc=$(command -v qemu-s390x); then   # la machine émulée n'a pas cette libc-là
        printf '#!/bin/sh\nexec %s -U LD_PRELOAD "$@"\n' "$nc" > "$bac/bin/qemu-s390x"
        chmod +x "$bac/bin/qemu-s390x"
    fi
}

# Vérifie un extrait, dans lieu, extrait et lignes ; puis les vide.
verifier_l_extrait() {
    local fichier morceau
    [ "$lieu_de_l_extrait" ] || return 0
    extraits=$((extraits + 1))
    fichier=$(sed -n '1s|^/\* \([^ ]*\) \*/$|\1|p' <<< "$extrait")
    if [ -z "$fichier" ]; then
        rater "$lieu_de_l_extrait : un bloc C doit commencer par /* son/fichier.c */"
    elif [ ! -f "$racine/$fichier" ]; then
        rater "$lieu_de_l_extrait : le fichier « $fichier » n'existe pas"
    else
        printf -v morceau '\n%s' "${lignes[@]}"
        [[ $'\n'$(< "$racine/$fichier")$'\n' == *"$morceau"$'\n'* ]] ||
            rater "$lieu_de_l_extrait : ce n'est plus un extrait de $fichier"
    fi
    lieu_de_l_extrait='' lignes=()
}

# Dépose chaque scène dans un fichier ; dit les fautes, vérifie les extraits. Remplit scenes et extraits.
decouper() {   # FICHIER...
    local etape scene lecon lieu terminal geste texte extrait='' lieu_de_l_extrait='' lignes=()
    scenes_lire "$@" | scenes_deposer "$bac/scenes"
    [ -z "$choix" ] || rm -f "$bac/scenes/000"
    while IFS= read -r etape; do
        etape_decouper "$etape"
        [ "$geste" = c ] || verifier_l_extrait
        case $geste in
        faute) [[ $texte == preuve* ]] || rater "$lieu : $texte" ;;   # celles-là, faits.sh les dit
        extrait) extrait=$texte lieu_de_l_extrait=$lieu ;;
        c) lignes+=("$texte") ;;
        esac
    done < <(cat "$bac/scenes/000" 2> /dev/null)
    verifier_l_extrait
    rm -f "$bac/scenes/000"
    scenes=$(find "$bac/scenes" -type f | wc -l)
}

# Retire les scènes qui ne peuvent pas avoir lieu ici, et le dit.
ecarter() {   # RAISON SCÈNES...
    local raison=$1
    shift
    [ $# -gt 0 ] || return 0
    echo "non jouées, $raison : $# scènes, à $(head -qn 1 "$@" | cut -f 3 | paste -sd ' ')"
    [ "${CI:-}" != true ] || rater "en intégration continue, tout se joue"
    rm "$@"
    scenes=$((scenes - $#))
}

# Écarte, par leur nom, les scènes dont un besoin manque là où elles seraient jouées.
ecarter_selon_les_besoins() {
    local besoin concernees privileges
    while read -r besoin; do
        privileges=("${ordinaire[@]}")
        [ "$besoin" != root ] || privileges=()
        "$racine/scripts/espace.sh" "${privileges[@]}" "$racine/scripts/scenes.sh" --besoin "$besoin" < /dev/null &&
            continue
        mapfile -t concernees < <(grep -l $'\tbesoin\t'"$besoin\$" "$bac"/scenes/*)
        ecarter "faute de $besoin" "${concernees[@]}"
    done < <(sed -n $'s/.*\tbesoin\t//p' "$bac"/scenes/* 2> /dev/null | sort -u)
}

# N'en garde que celles où une étape répond à ce motif.
garder() {   # MOTIF
    local autres
    mapfile -t autres < <(grep -sLE -- "$1" "$bac"/scenes/*)
    rm -f "${autres[@]}"
    scenes=$((scenes - ${#autres[@]}))
}

# Oublie celles-là : ce qu'elles montrent n'est pas vrai de cette variante.
sauf() {   # MOTIF
    local celles
    mapfile -t celles < <(grep -slE -- "$1" "$bac"/scenes/*)
    rm -f "${celles[@]}"
    scenes=$((scenes - ${#celles[@]}))
}

# N'en garde que ce que cette machine peut jouer, et ce qui est demandé.
choisir_les_scenes() {
    local avec_nc
    [ -z "$voulus" ] || garder $'\tpreuve\t('"${voulus// /|}) "
    [ -z "$lances" ] || garder $'\tcommande\t(.*[^a-z])?('"$(IFS='|'; echo "${dossiers[*]}")"')/[0-9][0-9]-[a-z-]*([^a-z.-]|$)'
    [ -z "$original" ] || garder $'\tcommande\t.*'"${original//./\\.}"
    [ -z "$dialecte" ] || garder $'\tcommande\t'"$tape_nc"
    mapfile -t avec_nc < <(grep -slE $'\tcommande\t'"$tape_nc" "$bac"/scenes/*)
    if [ ! "$dialecte" ] && [ ! -e "$bac/bin/nc" ]; then
        ecarter "faute du nc d'OpenBSD (scripts/outils.sh cours l'installe)" "${avec_nc[@]}"
    fi
    ecarter_selon_les_besoins
    # ASan réserve des téraoctets d'adresses.
    ! grep -qs __asan_init "$PROGRAMMES$(chapitres | head -n 1)" || sauf $'\tcommande\t.*ulimit -v'
}

# Remplit espace, hotes_prives et ordinaire : ce qui fait à une scène son réseau, ses processus et son
# /etc/hosts, quand le noyau le permet, puis ôte ses privilèges.
choisir_le_lieu() {
    local options
    espace=$("$racine/scripts/espace.sh" --options)
    export hotes_prives=''
    # « localhost » est ::1 puis 127.0.0.1, comme sur une Debian ordinaire, quand on peut l'imposer.
    printf '127.0.0.1 localhost\n::1 localhost\n' > "$bac/hosts"
    for options in '-m -pf --kill-child --mount-proc' -m; do
        # shellcheck disable=SC2086  # des options
        if [ "$espace" ] && unshare $espace $options mount --bind "$bac/hosts" /etc/hosts 2> /dev/null; then
            hotes_prives=$options
            break
        fi
    done
    # shellcheck disable=SC2086
    devenir_ordinaire ${espace:+unshare $espace}
}

# Devient la scène, dans son dossier et son espace réseau : une personne ordinaire sur un portable ordinaire,
# sans privilège, et « localhost » en IPv4 et en IPv6. Laisse ce qu'elle a dit dans « dits », et un fichier
# dans « bons » si elle est allée au bout.
devenir_la_scene() {   # SCÈNE
    local contenu lever=''
    contenu=$(< "$bac/scenes/$1")$'\n'
    [ ! -e "$bac/dossiers/$1" ] || rm -rf "$bac/dossiers/$1"
    mkdir -p "$bac/dossiers/$1/essais"
    cd "$bac/dossiers/$1"
    ln -s "$bac"/depot/* .
    export racine PROGRAMMES DELAI bac dialecte ecrire mensonge TMPDIR="$bac/tmp" PATH="$bac/bin:$PATH" ESPACE=non
    unset LANG LANGUAGE
    # Une variante ASan : avare.sh passe avant lui ; on y meurt d'un SIGSEGV reçu, comme partout ; strace, que lancent
    # aussi le schéma et le pas à pas, l'empêche de chercher les fuites.
    export ASAN_OPTIONS=verify_asan_link_order=0:handle_segv=0
    [[ ! $contenu =~ $'\tcommande\t'[^$'\n']*(strace|diagramme|pas-a-pas) ]] || ASAN_OPTIONS+=:detect_leaks=0
    [[ $contenu != *$'\tbesoin\troot\n'* ]] || ordinaire=()
    [ -z "$espace" ] || ESPACE=oui lever='ip link set lo up && '
    # shellcheck disable=SC2016  # $0 est celui du shell lancé
    [ -z "$hotes_prives" ] || lever+='mount --bind "$0" /etc/hosts && '
    # shellcheck disable=SC2086  # des options
    exec ${espace:+unshare $espace $hotes_prives} sh -c "${lever}exec \"\$@\"" "$bac/hosts" \
        "${ordinaire[@]}" "$racine/tests/cours.sh" --jouer "$1" > "$bac/dits/$1" 2>&1
}

# Chacune ayant son réseau, les scènes se jouent de front.
jouer_de_front() {   # SCÈNES...
    local scene
    for scene; do
        while [ "$(jobs -rp | wc -l)" -ge "$de_front" ]; do wait -n || true; done
        devenir_la_scene "$scene" &
    done
    wait
}

# Sur le réseau de la machine, l'une après l'autre. Les connexions qu'une scène achève gardent le port
# 5000 une minute (TIME-WAIT) ; la suivante est rejouée sur un port neuf si cela a pu la gêner.
jouer_a_la_suite() {   # SCÈNES...
    local scene genees=()
    for scene; do
        port_neuf 5000 || genees+=("$scene")
        devenir_la_scene "$scene" &
        wait $! || true
    done
    for scene in "${genees[@]}"; do
        [ ! -e "$bac/bons/$scene" ] || continue
        attendre 90 port_neuf 5000 || rater "le port 5000 est pris par un autre programme"
        devenir_la_scene "$scene" &
        wait $! || true
    done
}

scenes=0 extraits=0
preparer_le_depot
decouper "$@"
choisir_le_lieu
de_front=1
[ -z "$espace" ] || de_front=$(($(nproc) * 2))
choisir_les_scenes
mapfile -t a_jouer < <(ls "$bac/scenes")
[ -z "$choix" ] || [ "$scenes" -gt 0 ] || refuser "aucune scène à jouer"
if [ "$de_front" = 1 ]; then jouer_a_la_suite "${a_jouer[@]}"; else jouer_de_front "${a_jouer[@]}"; fi
for scene in "${a_jouer[@]}"; do   # est ratée toute scène qui n'est pas allée au bout
    [ -e "$bac/bons/$scene" ] || rater "$(cat "$bac/dits/$scene" 2>&1)"
done

# Recopie dans le texte la vraie sortie des scènes ratées.
recopier_les_ratees() {
    local ratees=() scene fichier
    for scene in "${a_jouer[@]}"; do [ -e "$bac/bons/$scene" ] || ratees+=("$scene"); done
    ecrire=oui
    if [ "$de_front" = 1 ]; then jouer_a_la_suite "${ratees[@]}"; else jouer_de_front "${ratees[@]}"; fi
    echecs=0
    for fichier; do
        for scene in "${ratees[@]}"; do
            [ -e "$bac/bons/$scene" ] || continue
            ! head -n 1 "$bac/scenes/$scene" | grep -qF $'\t'"${fichier#"$racine/"}:" ||
                cat "$bac/corrections/$scene"
        done | corriger "$fichier"
    done
    for scene in "${ratees[@]}"; do
        [ -e "$bac/bons/$scene" ] || rater "scène $scene, à reprendre à la main : $(cat "$bac/dits/$scene")"
    done
    echo "cours : $((${#ratees[@]} - echecs)) scènes recopiées, $echecs à reprendre à la main ; relire : git diff"
}

if [ "$demande_ecrire" ]; then
    recopier_les_ratees "$@"
    exit $((echecs > 0))
fi
if [ "$dialecte" ]; then
    echo "nc, celui de $dialecte : $echecs scènes diffèrent, sur les $scenes qui tapent nc"
    exit
fi
if [ -z "$choix" ]; then
    empreintes_des_scenes "$bac/scenes" | while read -r scene empreinte lieu; do
        if [ -e "$bac/bons/$scene" ]; then issue=bon; else issue=raté; fi
        echo "$issue $empreinte $lieu"
    done | registre_noter laboratoire "$debut"
    "$racine/tests/faits.sh" --verifier "$@" || echecs=$((echecs + 1))
fi
[ $((scenes + extraits)) -gt 0 ] || rater "$* : ni scène ni extrait"
echo "cours : $scenes scènes, $extraits extraits, $echecs écart$([ $echecs -lt 2 ] || echo s)"
[ $echecs -eq 0 ]
