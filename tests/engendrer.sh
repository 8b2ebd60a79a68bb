#!/usr/bin/env bash
# Écrit les tests de chaque chapitre, d'après les modèles de tests/modeles/ et ce que disent les
# en-têtes (scripts/chapitres.sh). Aucun chapitre n'est nommé ici : en poser un suffit.
#
#   tests/engendrer.sh DOSSIER     y écrit MODÈLE_CHAPITRE….bats, et affiche le nom de chaque fichier
#
#   chapitre panne                            un fichier par chapitre
#   serveur-tcp serveur-udp                   un par chapitre de ce rôle, et par hôte où on l'appelle
#   serveur-plusieurs                         de même, pour les serveurs TCP à plusieurs clients, au lieu du premier
#   client-tcp client-udp                     de même, pour ceux qui envoient un message
#   matrice                                   un par netcat, un test par « En face »
#   solution faute                            un par exercice, et par réponse fausse (tests/fautes/)
#
# Un test étiqueté « habille » n'est pas écrit pour un chapitre nu (qui n'a ni trace, ni -h, ni messages en
# français) ; un test étiqueté « nu », que pour eux. Dans un modèle, @NU@ vaut « oui », ou rien.
#
# Le premier chapitre de chaque dossier, de chaque rôle, à son premier hôte, et le netcat préféré sont étiquetés « premier » : ils
# sont de la suite rapide, qui ne grandit donc pas avec les chapitres. Les autres, et les exercices, « complet ».
# Avec TOUS_LES_CHAPITRES=oui, « premier » est le premier hôte de chacun.
# Rend 1 si un modèle n'a rien donné.
set -euo pipefail
source "$(dirname "$0")/../scripts/chapitres.sh"
source "$(dirname "$0")/../scripts/netcat.sh"
dossier=${1:?le dossier où écrire}
modeles=$racine/tests/modeles

# Tout s'écrit à l'écart, puis se met en place, chaque fichier d'un seul geste : deux suites peuvent démarrer ensemble.
mkdir -p "$dossier"
bac=$(mktemp -d "$dossier/.bac.XXXXXX")
trap 'rm -rf "$bac"' EXIT
declare -A textes=() nus=()

# Écrit « texte » dans ce fichier.
poser() { printf '%s\n' "$texte" > "$bac/$1.bats"; }   # NOM

# Remplit texte : ce modèle, sans les tests de cette étiquette.
prendre() {   # MODÈLE [ÉTIQUETTE]
    [ "${textes[$*]:-}" ] || textes[$*]=$(sans_les_tests "${2:-aucune}" < "$modeles/$1.bats")
    texte=${textes[$*]}
}

# Ôte de l'entrée les tests qui ont cette étiquette, et ce qui est écrit juste au-dessus d'eux.
sans_les_tests() {   # ÉTIQUETTE
    awk -v etiquette="^# bats test_tags=(.*,)?$1(,|\$)" '
        saute { if (/^}/) saute = 0; next }
        /^#/ { dessus = dessus $0 "\n"; if ($0 ~ etiquette) vise = 1; next }
        vise && /^@test / { saute = !/}$/; dessus = ""; vise = 0; next }
        { printf "%s", dessus; print; dessus = ""; vise = 0 }
        END { printf "%s", dessus }'
}

remplir() {   # MODÈLE CHAPITRE [HÔTE ÉTIQUETTE]
    local texte nu=${nus[$2]} hors=nu
    [ ! "$nu" ] || hors=habille
    prendre "$1" "$hors"
    texte=${texte//@PROGRAMME@/"$2"} texte=${texte//@HOTE@/"${3:-}"}
    texte=${texte//@ETIQUETTE@/"${4:-}"} texte=${texte//@NU@/"$nu"}
    poser "$1_${2//\//-}${3:+_$3}"
}

# Une solution, ou une faute : tcp/solutions/echo.c donne solution_tcp-echo.bats.
exercer() {   # MODÈLE SOURCE
    local source=${2#"$racine/"} nom texte
    [ -e "$2" ] || return 0
    prendre "$1"
    nom=${source#tests/fautes/} nom=${nom/solutions\/} nom=${nom%.c}
    texte=${texte//@SOURCE@/"$source"}
    poser "$1_${nom//\//-}"
}

# Écrit les faces de tous les chapitres : CHAPITRE NUMÉRO RÔLE PROTOCOLE HÔTE …
toutes_les_faces() {
    local chapitre face numero
    for chapitre in $(chapitres); do
        numero=0
        while read -r face; do echo "$chapitre $((++numero)) $face"; done < <(faces "$chapitre")
    done
}

engendrer() {
    local chapitre role protocole hote joues=' ' modele unique etiquette toutes source
    toutes=$(toutes_les_faces)
    for chapitre in $(chapitres); do
        etiquette=complet nus[$chapitre]=''
        if est_nu "$chapitre"; then nus[$chapitre]=oui; fi
        if [[ $joues != *" ${chapitre%%/*} "* || ${TOUS_LES_CHAPITRES:-} ]]; then
            etiquette=premier joues+="${chapitre%%/*} "
        fi
        remplir chapitre "$chapitre" '' "$etiquette"
        remplir panne "$chapitre"
    done
    joues=' '
    while read -r chapitre role protocole hote; do
        [ "$role" = serveur ] || { [ "$role" = client ] && envoie_un_message "$chapitre"; } || continue
        etiquette=complet modele=$role-$protocole
        if est_multiple "$chapitre"; then modele=serveur-plusieurs; fi
        unique=$modele${TOUS_LES_CHAPITRES:+-$chapitre}
        if [[ $joues != *" $unique "* ]] && [ ! "${nus[$chapitre]}" ]; then
            etiquette=premier joues+="$unique "
        fi
        remplir "$modele" "$chapitre" "$hote" "$etiquette"
    done < <(cut -d ' ' -f 1,3-5 <<< "$toutes" | awk '!vue[$0]++')

    for source in "$racine"/*/solutions/*.c; do exercer solution "$source"; done
    for source in "$racine"/tests/fautes/*.c; do exercer faute "$source"; done
    croiser "$toutes"
}

# La matrice : un fichier par netcat.
croiser() {   # FACES
    local chapitre numero netcat prefere etiquette entete test tests='' texte
    read -r prefere < <(netcats) || prefere=${dialectes[0]}
    prendre matrice
    entete=${texte%%$'\n# --- '*} test=${texte#"$entete"}
    entete+=${test%%$'\n@test'*} test=$'\n@test'${test#*$'\n@test'}
    while read -r chapitre numero _; do
        texte=${test//@PROGRAMME@/"$chapitre"}
        tests+=${texte//@NUMERO@/"$numero"}
    done <<< "$1"
    for netcat in "${dialectes[@]}"; do
        etiquette=complet
        [ "$netcat" != "$prefere" ] || etiquette=premier
        texte=$entete$tests
        texte=${texte//@NETCAT@/"$netcat"} texte=${texte//@ETIQUETTE@/"$etiquette"}
        poser "matrice_$netcat"
    done
}

engendrer
for fichier in "$dossier"/*.bats; do   # ce que donnait un chapitre retiré depuis
    [ -e "$bac/${fichier##*/}" ] || rm -f "$fichier"
done
ecrits=("$bac"/*)
mv "${ecrits[@]}" "$dossier"
for modele in "$modeles"/*.bats; do
    nom=$(basename "$modele" .bats)
    compgen -G "$dossier/${nom}_*" > /dev/null && continue
    # un dépôt sans exercices n'a pas non plus leurs fautes
    [[ $nom == @(solution|faute) ]] && ! compgen -G "$racine/*/solutions/*.c" > /dev/null && continue
    echo "engendrer.sh : le modèle « $nom.bats » n'a rien donné" >&2
    exit 1
done
printf '%s\n' "${ecrits[@]/#"$bac"/"$dossier"}"
