#!/usr/bin/env bash
# Écrit les tests de chaque chapitre, d'après les modèles de tests/modeles/ et ce que disent les
# en-têtes (scripts/chapitres.sh). Aucun chapitre n'est nommé ici : en poser un suffit.
#
#   tests/engendrer.sh DOSSIER     y écrit MODÈLE_CHAPITRE….bats, et affiche le nom de chaque fichier
#
#   chapitre                                  un fichier par chapitre
#   serveur-tcp serveur-udp                   un par chapitre de ce rôle, et par hôte où on l'appelle
#   client-tcp client-udp                     de même, pour ceux qui envoient un message
#   matrice                                   un par netcat, un test par « En face »
#
# Le premier hôte d'un chapitre et le netcat préféré sont étiquetés « premier », les autres « complet ».
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

remplir() {   # MODÈLE CHAPITRE [HÔTE ÉTIQUETTE]
    sed "s|@PROGRAMME@|$2|g; s|@HOTE@|${3:-}|g; s|@ETIQUETTE@|${4:-}|g" "$modeles/$1.bats" |
        poser "$1_${2//\//-}${3:+_$3}"
}

# Écrit les faces de tous les chapitres : CHAPITRE NUMÉRO RÔLE PROTOCOLE HÔTE …
toutes_les_faces() {
    local chapitre
    for chapitre in $(chapitres); do
        faces "$chapitre" | nl -w 1 -s ' ' | sed "s|^|$chapitre |"
    done
}

engendrer() {
    local chapitre numero role protocole hote precedent='' netcat prefere etiquette tests toutes
    toutes=$(toutes_les_faces)
    for chapitre in $(chapitres); do remplir chapitre "$chapitre"; done
    while read -r chapitre role protocole hote; do
        [ "$role" = serveur ] || { [ "$role" = client ] && envoie_un_message "$chapitre"; } || continue
        etiquette=premier
        [ "$chapitre" != "$precedent" ] || etiquette=complet
        precedent=$chapitre
        remplir "$role-$protocole" "$chapitre" "$hote" "$etiquette"
    done < <(cut -d ' ' -f 1,3-5 <<< "$toutes" | sort -u)

    read -r prefere < <(netcats) || prefere=${dialectes[0]}
    for netcat in "${dialectes[@]}"; do
        etiquette=complet
        [ "$netcat" != "$prefere" ] || etiquette=premier
        {
            sed '/^# --- /q' "$modeles/matrice.bats"
            tests=$(sed '1,/^# --- /d' "$modeles/matrice.bats")
            while read -r chapitre numero _; do
                sed "s|@PROGRAMME@|$chapitre|g; s|@NUMERO@|$numero|g" <<< "$tests"
            done <<< "$toutes"
        } | sed "s|@NETCAT@|$netcat|g; s|@ETIQUETTE@|$etiquette|g" | poser "matrice_$netcat"
    done
}

mapfile -t ecrits < <(engendrer)
for fichier in "$dossier"/*.bats; do   # ce que donnait un chapitre retiré depuis
    [[ $'\n'$(printf '%s\n' "${ecrits[@]}")$'\n' == *$'\n'"$fichier"$'\n'* ]] || rm -f "$fichier"
done
for modele in "$modeles"/*.bats; do
    compgen -G "$dossier/$(basename "$modele" .bats)_*" > /dev/null || {
        echo "engendrer.sh : le modèle « $(basename "$modele") » n'a rien donné" >&2
        exit 1
    }
done
printf '%s\n' "${ecrits[@]}"
