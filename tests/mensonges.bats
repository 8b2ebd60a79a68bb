#!/usr/bin/env bats
# Une libc qui ment sur un seul point (tests/mensonges.c) : une scène qui prouve ce point doit échouer.
# Les programmes y sont compilés sans optimisation, qui remplacerait htons et les siennes par leur calcul.
# bats file_tags=complet

setup_file() {
    load aide
    export DELAI=5 COPIE=$BATS_FILE_TMPDIR/depot
    local dossier
    mkdir "$COPIE"
    cp -r "$RACINE"/{Makefile,common,scripts} "$COPIE"
    for dossier in "${dossiers[@]}"; do
        [ ! -d "$RACINE/$dossier" ] || cp -r "$RACINE/$dossier" "$COPIE"
    done
    find "$COPIE" -name '[0-9][0-9]-*' ! -name '*.*' -delete
    env -u CC -u SAN -u PROGRAMMES make --no-print-directory -C "$COPIE" -j2 CFLAGS=-O0 >&2
}

setup() {
    load aide
    exiger_espace
}

mentir() {   # NOM
    local faits
    faits=$(awk -F '\t' -v nom="$1" '$1 == nom { print $2 }' "$RACINE/tests/mensonges.tsv")
    PROGRAMMES=$COPIE/ run "$RACINE/tests/cours.sh" --mensonge "$1" --faits "$faits"
    echo "$output"
    [ "$status" -eq 1 ]   # 2 : aucune scène ne prouve plus ces faits
}

@test "chaque mensonge a son test, et des faits connus" {
    local nom faits fait
    verifier_egal "$(cut -f 1 "$RACINE/tests/mensonges.tsv" | sort)" \
        "$(sed -n 's/^@test .*{ mentir \(.*\); }$/\1/p' "$BATS_TEST_FILENAME" | sort)"
    verifier_egal "$(cut -f 1 "$RACINE/tests/mensonges.tsv" | sort)" \
        "$(grep -oP '\bment\("\K[^"]+' "$RACINE/tests/mensonges.c" | sort -u)"
    while IFS=$'\t' read -r nom faits _; do
        for fait in $faits; do
            grep -q "^$fait"$'\t' "$RACINE/tests/programme.tsv" || { echo "$nom : $fait ?"; return 1; }
        done
    done < "$RACINE/tests/mensonges.tsv"
}

@test "la même libc, qui ne ment pas, laisse justes toutes les scènes à qui l'on ment" {
    local faits
    faits=$(cut -f 2 "$RACINE/tests/mensonges.tsv" | tr -s '\n' ' ')
    DELAI=20 PROGRAMMES=$COPIE/ run "$RACINE/tests/cours.sh" --mensonge aucun --faits "${faits% }"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "se voit : htons laisse les octets dans l'ordre de la machine" { mentir htons; }
@test "se voit : ntohs laisse les octets dans l'ordre du réseau" { mentir ntohs; }
@test "se voit : htonl laisse les octets dans l'ordre de la machine" { mentir htonl; }
@test "se voit : inet_pton rend 1 même pour ce qui n'est pas une adresse" { mentir inet_pton-tout; }
@test "se voit : inet_pton ne connaît qu'IPv4" { mentir inet_pton-ipv4; }
@test "se voit : inet_ntop lit l'adresse à l'envers" { mentir inet_ntop; }
@test "se voit : inet_aton ne prend pas l'octal, comme inet_pton" { mentir inet_aton; }
@test "se voit : inet_addr échoue toujours" { mentir inet_addr-échec; }
@test "se voit : inet_addr rend 0 en cas d'échec, et ne se confond plus avec 255.255.255.255" { mentir inet_addr-zéro; }
@test "se voit : AI_PASSIVE ne change rien" { mentir getaddrinfo-passif; }
@test "se voit : getaddrinfo refuse un port de plus de 16 bits" { mentir getaddrinfo-port; }
@test "se voit : getaddrinfo met sa raison dans errno" { mentir getaddrinfo-errno; }
@test "se voit : getaddrinfo ne rend qu'une adresse" { mentir getaddrinfo-un; }
@test "se voit : la liste de getaddrinfo est dans l'ordre inverse" { mentir getaddrinfo-ordre; }
@test "se voit : getnameinfo ne retrouve pas le nom de l'hôte" { mentir getnameinfo-hôte; }
@test "se voit : getnameinfo ne retrouve pas le nom du service" { mentir getnameinfo-service; }
@test "se voit : aucun port n'a de nom" { mentir services; }
@test "se voit : une famille inconnue se refuse par EINVAL" { mentir socket-famille; }
@test "se voit : un protocole hors bornes est accepté" { mentir socket-protocole; }
@test "se voit : AF_INET offre SOCK_SEQPACKET" { mentir socket-type; }
@test "se voit : un protocole qui ne va pas avec le type se refuse par EINVAL" { mentir socket-accord; }
@test "se voit : toute socket est TCP" { mentir socket-toujours-tcp; }
@test "se voit : socket rend 7, et non le plus petit descripteur libre" { mentir socket-7; }
@test "se voit : une socket UDP non connectée apprend que le port est vide" { mentir socket-udp-erreurs; }
@test "se voit : SO_REUSEADDR est posée d'office" { mentir socket-reuseaddr; }
@test "se voit : SO_REUSEADDR ne fait rien" { mentir reuseaddr-ignoré; }
@test "se voit : SO_REUSEADDR permet à deux serveurs d'écouter au même port" { mentir reuseaddr-partage; }
@test "se voit : une socket IPv6 ne sert jamais IPv4" { mentir v6only-ignoré; }
@test "se voit : SO_RCVTIMEO ne borne rien" { mentir délai-ignoré; }
@test "se voit : TCP et UDP partagent leurs ports" { mentir bind-un-espace; }
@test "se voit : INADDR_ANY ne vaut que 127.0.0.1" { mentir bind-boucle; }
@test "se voit : bind accepte l'adresse d'une autre machine" { mentir bind-étrangère; }
@test "se voit : n'importe qui prend le port 80" { mentir bind-privilège; }
@test "se voit : bind ne vérifie pas que le port est libre" { mentir bind-pris; }
@test "se voit : bind ne regarde pas la longueur" { mentir bind-longueur; }
@test "se voit : une socket IPv4 prend une adresse IPv6" { mentir bind-famille; }
@test "se voit : le port 0 donne un port réservé" { mentir getsockname-port-bas; }
@test "se voit : listen prend une file dix fois plus longue que demandé" { mentir listen-file; }
@test "se voit : la file tient une place de moins" { mentir listen-exact; }
@test "se voit : listen accepte une socket UDP" { mentir listen-datagrammes; }
@test "se voit : un second listen se refuse" { mentir listen-deux-fois; }
@test "se voit : la file est plafonnée à 1000, et non à somaxconn" { mentir listen-plafond; }
@test "se voit : getsockname ne dit pas le port" { mentir getsockname-port; }
@test "se voit : getsockname ne dit pas l'adresse" { mentir getsockname-adresse; }
@test "se voit : getpeername rend l'adresse d'ici" { mentir getpeername; }
@test "se voit : connect demande un bind" { mentir connect-sans-bind; }
@test "se voit : connect n'existe pas en UDP" { mentir connect-udp; }
@test "se voit : une file pleine se refuse" { mentir connect-refus; }
@test "se voit : connect n'attend pas la réponse" { mentir connect-aussitôt; }
@test "se voit : connect réussit sur un port vide" { mentir connect-vide; }
@test "se voit : un port vide ne répond pas : ETIMEDOUT" { mentir connect-délai; }
@test "se voit : accept ne rend jamais deux fois le même descripteur" { mentir accept-neuf; }
@test "se voit : accept rend 0" { mentir accept-zéro; }
@test "se voit : accept donne l'adresse du serveur pour celle du client" { mentir accept-adresse; }
@test "se voit : un client IPv4 garde son adresse sur une socket IPv6" { mentir accept-ipv4; }
@test "se voit : une longueur négative laisse la connexion en file" { mentir accept-négative; }
@test "se voit : accept écrit toute l'adresse, quelle que soit la longueur annoncée" { mentir accept-tronquée; }
@test "se voit : la socket de dialogue hérite d'O_NONBLOCK" { mentir accept-hérite; }
@test "se voit : recv n'attend pas" { mentir recv-attend-pas; }
@test "se voit : TCP garde les frontières des lignes" { mentir recv-frontières; }
@test "se voit : recv ajoute un zéro" { mentir recv-zéro; }
@test "se voit : recv rend 0 pour une ligne vide" { mentir recv-ligne-vide; }
@test "se voit : une connexion réinitialisée se lit comme une fin" { mentir recv-fin; }
@test "se voit : la fin du flux est une erreur" { mentir recv-fin-erreur; }
@test "se voit : recv jette ce qui dépasse le tampon" { mentir recv-jette; }
@test "se voit : read refuse une socket" { mentir read; }
@test "se voit : MSG_NOSIGNAL ne fait rien" { mentir nosignal-ignoré; }
@test "se voit : shutdown ne fait rien" { mentir shutdown-rien; }
@test "se voit : shutdown ferme toujours les deux sens" { mentir shutdown-tout; }
@test "se voit : close ne libère pas le descripteur" { mentir close-rien; }
@test "se voit : qui ferme le premier ne laisse pas de TIME-WAIT" { mentir close-sans-attente; }
@test "se voit : fermer sans avoir tout lu n'envoie pas de RST" { mentir close-sans-rst; }
@test "se voit : un client UDP doit d'abord s'attacher" { mentir sendto-bind; }
@test "se voit : un datagramme peut dépasser 65507 octets" { mentir sendto-long; }
@test "se voit : la fin d'un datagramme vient à la lecture suivante" { mentir recvfrom-suite; }
@test "se voit : recvfrom colle deux datagrammes" { mentir recvfrom-colle; }
@test "se voit : MSG_TRUNC rend la taille gardée" { mentir recvfrom-trunc; }
@test "se voit : recvfrom ne dit pas d'où vient le datagramme" { mentir recvfrom-adresse; }
@test "se voit : recvfrom ajoute un zéro" { mentir recvfrom-zéro; }
@test "se voit : exit(-1) rend 1" { mentir exit; }
@test "se voit : SIGPIPE ne tue personne" { mentir sigpipe; }
