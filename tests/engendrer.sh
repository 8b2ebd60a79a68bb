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

# Range l'entrée dans ce fichier d'un seul geste (deux suites peuvent démarrer ensemble) ; le nomme.
poser() {   # NOM
    cat > "$dossier/.$1.$$"
    mv "$dossier/.$1.$$" "$dossier/$1.bats"
    printf '%s\n' "$dossier/$1.bats"
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
    local nu='' hors=nu
    if est_nu "$2"; then nu=oui hors=habille; fi
    sed "s|@PROGRAMME@|$2|g; s|@HOTE@|${3:-}|g; s|@ETIQUETTE@|${4:-}|g; s|@NU@|$nu|g" "$modeles/$1.bats" |
        sans_les_tests "$hors" | poser "$1_${2//\//-}${3:+_$3}"
}

# Une solution, ou une faute : tcp/solutions/echo.c donne solution_tcp-echo.bats.
exercer() {   # MODÈLE SOURCE
    local source=${2#"$racine/"} nom
    [ -e "$2" ] || return 0
    nom=${source#tests/fautes/} nom=${nom/solutions\/} nom=${nom%.c}
    sed "s|@SOURCE@|$source|g" "$modeles/$1.bats" | poser "$1_${nom//\//-}"
}

# Écrit les faces de tous les chapitres : CHAPITRE NUMÉRO RÔLE PROTOCOLE HÔTE …
toutes_les_faces() {
    local chapitre
    for chapitre in $(chapitres); do
        faces "$chapitre" | nl -w 1 -s ' ' | sed "s|^|$chapitre |"
    done
}

engendrer() {
    local chapitre role protocole hote joues=' ' modele unique etiquette toutes source
    toutes=$(toutes_les_faces)
    for chapitre in $(chapitres); do
        etiquette=complet
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
        if [[ $joues != *" $unique "* ]] && ! est_nu "$chapitre"; then
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
    local chapitre numero netcat prefere etiquette tests
    read -r prefere < <(netcats) || prefere=${dialectes[0]}
    for netcat in "${dialectes[@]}"; do
        etiquette=complet
        [ "$netcat" != "$prefere" ] || etiquette=premier
        {
            sed '/^# --- /q' "$modeles/matrice.bats"
            tests=$(sed '1,/^# --- /d' "$modeles/matrice.bats")
            while read -r chapitre numero _; do
                sed "s|@PROGRAMME@|$chapitre|g; s|@NUMERO@|$numero|g" <<< "$tests"
            done <<< "$1"
        } | sed "s|@NETCAT@|$netcat|g; s|@ETIQUETTE@|$etiquette|g" | poser "matrice_$netcat"
    done
}

mapfile -t ecrits < <(engendrer)
for fichier in "$dossier"/*.bats; do   # ce que donnait un chapitre retiré depuis
    [[ $'\n'$(printf '%s\n' "${ecrits[@]}")$'\n' == *$'\n'"$fichier"$'\n'* ]] || rm -f "$fichier"
done
for modele in "$modeles"/*.bats; do
    nom=$(basename "$modele" .bats)
    compgen -G "$dossier/${nom}_*" > /dev/null && continue
    # un dépôt sans exercices n'a pas non plus leurs fautes
    [[ $nom == @(solution|faute) ]] && ! compgen -G "$racine/*/solutions/*.c" > /dev/null && continue
    echo "engendrer.sh : le modèle « $nom.bats » n'a rien donné" >&2
    exit 1
done
printf '%s\n' "${ecrits[@]}"
