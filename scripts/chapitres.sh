#!/usr/bin/env bash
# Les chapitres du cours, et ce que leur en-tête dit d'eux. Le seul endroit qui connaît les dossiers ;
# tout le reste (make, démonstration, matrice, tests) demande ici.
#
#   scripts/chapitres.sh                  tous, dans l'ordre du cours : tcp/01-socket…, un par ligne
#   scripts/chapitres.sh tcp/04-client    ce qui se met en face de lui (voir faces, ci-dessous)
#
# Se charge aussi par « source » : racine, pages_du_cours, chapitres, titre, a_regarder, envoie_un_message, est_nu,
# est_multiple, se_suffit, faces.

racine=${BASH_SOURCE[0]}   # sans dirname : chaque test charge ce fichier
[[ $racine == */* ]] || racine=./$racine
racine=$(CDPATH='' cd "${racine%/*}/.." && pwd)
dossiers=(tcp udp ipv6 local http)   # l'ordre du cours

# Écrit le nom de chaque chapitre, sans extension, un par ligne.
chapitres() {
    local dossier source
    for dossier in "${dossiers[@]}"; do
        for source in "$racine/$dossier"/[0-9][0-9]-*.c; do
            [ -e "$source" ] || continue
            source=${source##*/}
            echo "$dossier/${source%.c}"
        done
    done
}

# Écrit les pages du cours, relatives au dépôt, une par ligne, dans l'ordre de lecture : les leçons, puis
# les mémentos.
pages_du_cours() {
    local page
    for page in cours.md "${dossiers[@]/%//cours.md}" "${dossiers[@]/%//memento.md}"; do
        [ ! -e "$racine/$page" ] || echo "$page"
    done
}

# Écrit les lignes de l'en-tête d'un chapitre, sans le cadre « * ».
entete() {   # tcp/04-client
    sed '/\*\//,$d; s/^\/\*//; s/^ \* \{0,1\}//' "$racine/$1.c"
}

# Écrit la première phrase de l'en-tête ; puis ce qu'il faut regarder.
titre() { entete "$1" | sed -n '2p'; }
a_regarder() { entete "$1" | sed -n '/^À regarder/,${/^\(Limite\|SPDX\)/q;p}'; }

# Vrai si son en-tête dit « ./dossier/NN-nom … [message » : c'est un client qui parle. Un nu parle toujours.
envoie_un_message() { entete "$1" | grep -q -e '\[message' -e '^Nu : '; }   # tcp/04-client

# Vrai si son en-tête dit « Nu : » : du C seul, sans common/, donc sans trace, ni -h, ni messages en français.
est_nu() { entete "$1" | grep -q '^Nu : '; }   # tcp/04-client-nu

# Vrai si son en-tête dit « Plusieurs : » : un serveur qui sert ses clients en même temps, et garde la connexion de
# chacun. Une ligne au départ, et plus de trace ; -v en ajoute une par connexion, quand elle finit.
est_multiple() { entete "$1" | grep -q '^Plusieurs : '; }   # tcp/24-serveur-epoll

# Vrai si son en-tête dit « En face : personne… » : il finit de lui-même. Un chapitre sans face que scripts/netcat.sh
# sache jouer nomme autre chose : « En face : local/03-client, ou nc -U chemin ».
se_suffit() { entete "$1" | grep -q '^En face : personne'; }   # tcp/01-socket

# Écrit ce qui se met en face d'un chapitre, une ligne par « En face : nc … » de son en-tête :
#   RÔLE PROTOCOLE HÔTE ARGUMENTS_DE_NC…
# RÔLE, celui du chapitre : « client » (nc l'attend) ; « serveur » (nc l'appelle) ; « refus » (nc
# l'appelle, et l'en-tête dit « (refusé… » : le chapitre n'écoute pas). HÔTE, celui que l'on appelle.
# N'écrit rien si le chapitre se suffit.
faces() {   # tcp/04-client
    entete "$1" | sed -n 's/^En face : nc //p' | while read -r face; do
        local commentaire='' role=serveur protocole=tcp hote
        [[ $face != *'('* ]] || commentaire=${face#*(} face=${face%%(*}
        read -r -a mots <<< "$face"
        hote=${mots[-2]}
        [[ " $face" != *' -u '* ]] || protocole=udp
        if [[ " $face" == *' -l '* ]]; then
            role=client hote=127.0.0.1
            [[ " $face" != *' -6 '* ]] || hote=::1
        elif [[ $commentaire == refusé* ]]; then
            role=refus
        fi
        echo "$role $protocole $hote ${mots[*]}"
    done
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    set -euo pipefail
    case ${1:-} in
    '') chapitres ;;
    -h | --help) sed -n '2,/^$/s/^# \{0,1\}//p' "$0" ;;
    *)
        if [ ! -e "$racine/$1.c" ]; then
            echo "chapitres.sh : aucun chapitre « $1 »" >&2
            exit 2
        fi
        faces "$1" ;;
    esac
fi
