#!/usr/bin/env bats
# La charge (scripts/banc/charge.c), face à des serveurs dont on sait tout : ce qu'elle compte, ce qu'elle refuse,
# ce qu'elle mesure ; et la limite (scripts/banc/limite.c).

setup_file() {
    cc -std=gnu11 -O1 -Wall -Wextra -Werror "$BATS_TEST_DIRNAME/repond.c" -o "$BATS_FILE_TMPDIR/repond"
}

setup() {
    load aide
    OUTILS=${PROGRAMMES}outils
    [ -d "$OUTILS" ] || OUTILS=${PROGRAMMES}build/outils
    CHARGE=$OUTILS/charge
}

# Un serveur aux réponses connues (tests/repond.c). Remplit PORT, REPOND.
demarrer_repond() {   # [OPTION...]
    demarrer repond "$BATS_FILE_TMPDIR/repond" "$@"
    REPOND=$PID
    attendre_ligne "$BATS_TEST_TMPDIR/repond.out" '^port : '
    PORT=$(sed -n 's/^port : //p' "$BATS_TEST_TMPDIR/repond.out")
}

# Ce qu'il a compté : lignes, clients, clients venus d'ailleurs que 127.0.0.1.
compte_de_repond() {
    kill -TERM "$REPOND"
    attendre_fin "$REPOND"
    tail -n 1 "$BATS_TEST_TMPDIR/repond.out"
}

# Une connexion vers la sonde, qui a d'abord servi une fois, hors mesure ; puis ces actions.
face_a() {   # ACTION...
    demarrer_sonde tcp-serveur lire-ligne envoyer 'ok\n' "$@"
}

# Une valeur du bilan en JSON.
valeur() { sed -n "s/^ *\"$1\": \(.*[^,]\),\{0,1\}\$/\1/p" <<< "$output"; }   # CLÉ

# --- La demande

@test "charge refuse une demande mal écrite, et dit ce qui ne va pas : code 2" {
    local demande message
    while IFS='|' read -r demande message; do
        # shellcheck disable=SC2086  # des mots
        lancer "$CHARGE" $demande
        verifier_code 2
        verifier_contient "$stderr" "charge : $message" "l'usage complet : -h"
        verifier_messages
    done << 'DEMANDES'
|il manque l'hôte
127.0.0.1 5000 encore|argument en trop « encore »
127.0.0.999|adresse « 127.0.0.999 »
127.0.0.1 0|port « 0 » : hors bornes
-c 0 127.0.0.1|-c « 0 » : hors bornes
-c|l'option « -c » attend une valeur
-z 127.0.0.1|option inconnue « -z »
--jsonne 127.0.0.1|option inconnue « --jsonne »
-n 1 -t 1 127.0.0.1|-t ou -n, pas les deux
-t 1e9 127.0.0.1|-t « 1e9 » : une durée
-t 0 127.0.0.1|-t « 0 » : une durée
-t . 127.0.0.1|-t « . » : une durée
-p 9999 127.0.0.1|-p « 9999 » : hors bornes
DEMANDES
    lancer "$CHARGE" -m $'deux\nlignes' 127.0.0.1
    verifier_code 2
    verifier_contient "$stderr" '-m : une seule ligne'
}

@test "charge -h et limite -h disent l'usage" {
    lancer "$CHARGE" -h
    verifier_code 0
    verifier_contient "$output" 'hôte [port]' '-c connexions' '--json' '--delai' 'En face : '
    lancer "$OUTILS/limite" -h
    verifier_code 0
    verifier_contient "$output" '[-o octets] [-a adresse] [port]'
}

@test "personne à ce port : charge le dit comme un autre programme, code 1" {
    PORT=$(port_libre)
    local neuves
    for neuves in '' -x; do
        # shellcheck disable=SC2086
        lancer "$CHARGE" $neuves 127.0.0.1 "$PORT"
        verifier_code 1
        verifier_contient "$stderr" 'charge : connect : connexion refusée [ECONNREFUSED]' ":$PORT'"
        verifier_messages
    done
}

@test "charge élève sa limite de descripteurs, et dit en français qu'elle ne suffit pas" {
    demarrer_repond
    lancer bash -c "ulimit -Sn 20; exec '$CHARGE' -c 60 -n 60 127.0.0.1 $PORT"
    verifier_code 0
    lancer bash -c "ulimit -n 50; exec '$CHARGE' -c 60 -n 60 127.0.0.1 $PORT"
    verifier_code 1
    verifier_contient "$stderr" 'descripteurs à prendre, 50 au plus ici (ulimit -Hn)'
}

# --- Ce qu'elle compte

@test "avec -n, le serveur reçoit ce nombre de lignes, et une par connexion à l'ouverture" {
    demarrer_repond
    lancer "$CHARGE" -c 7 -n 500 127.0.0.1 "$PORT"
    verifier_code 0
    verifier_egal '' "$stderr"
    verifier_contient "$output" "charge : 127.0.0.1:$PORT, 7 connexions" 'requêtes/s (500 en ' 'erreurs : aucune'
    verifier_egal "lignes : 507, clients : 7, d'ailleurs : 0" "$(compte_de_repond)"
}

@test "avec -p, le compte reste exact, même s'il n'est pas un multiple" {
    demarrer_repond
    lancer "$CHARGE" -c 3 -p 16 -n 1001 -m 'plus long que Bonjour' 127.0.0.1 "$PORT"
    verifier_code 0
    verifier_contient "$output" '16 requêtes à la fois' 'requêtes/s (1 001 en '
    verifier_egal "lignes : 1004, clients : 3, d'ailleurs : 0" "$(compte_de_repond)"
}

@test "un envoi qui n'entre pas d'un coup reprend où il en était" {
    demarrer_repond
    lancer "$CHARGE" -c 2 -p 64 -n 1000 -m "$(printf '%60000d' 7)" 127.0.0.1 "$PORT"
    verifier_code 0
    verifier_egal "lignes : 1002, clients : 2, d'ailleurs : 0" "$(compte_de_repond)"
}

@test "avec -x, une connexion neuve par requête, ou par rafale, d'une autre adresse" {
    demarrer_repond
    lancer "$CHARGE" -x -c 2 -n 50 127.0.0.1 "$PORT"
    verifier_code 0
    verifier_contient "$output" 'une neuve par requête' 'requêtes/s (50 en ' 'connexions : 50 ouvertes'
    verifier_egal "lignes : 50, clients : 50, d'ailleurs : 50" "$(compte_de_repond)"
    demarrer_repond
    lancer "$CHARGE" -x -c 2 -p 4 -n 50 127.0.0.1 "$PORT"
    verifier_code 0
    verifier_egal "lignes : 50, clients : 13, d'ailleurs : 13" "$(compte_de_repond)"
}

@test "avec -i, des connexions de plus sont servies une fois, puis se taisent" {
    demarrer_repond
    lancer "$CHARGE" -i 20 -c 2 -n 100 127.0.0.1 "$PORT"
    verifier_code 0
    verifier_contient "$output" '2 connexions et 20 inactives' 'connexions : 22 ouvertes'
    verifier_egal "lignes : 122, clients : 22, d'ailleurs : 0" "$(compte_de_repond)"
    demarrer_repond
    lancer "$CHARGE" -x -i 20 -c 2 -n 30 127.0.0.1 "$PORT"
    verifier_code 0
    verifier_egal "lignes : 50, clients : 50, d'ailleurs : 50" "$(compte_de_repond)"
}

@test "la file d'attente d'un serveur, fût-elle de 1, ne fait pas perdre une seconde à l'ouverture" {
    demarrer_repond
    lancer "$CHARGE" -c 200 -n 200 --json 127.0.0.1 "$PORT"
    verifier_code 0
    [ "$(valeur connexions_par_s | cut -d. -f1)" -gt 250 ]   # moins de 0,8 s : aucun SYN repris
}

@test "-t borne la mesure ; ce qui était parti finit, sans RST : le serveur n'a rien à redire" {
    # shellcheck disable=SC2119
    demarrer_serveur tcp/06-serveur -a 127.0.0.1 0
    lancer "$CHARGE" -x -c 1 -t 0.2 127.0.0.1 "$PORT"
    verifier_code 0
    verifier_contient "$output" 'erreurs : aucune'
    verifier_silence
    verifier_survie
}

@test "charge parle à une autre ligne, et en attend une autre" {
    demarrer_repond -r 'ça va "bien" ?'
    lancer "$CHARGE" -c 2 -n 10 -m 'Et toi ?' --reponse 'ça va "bien" ?' 127.0.0.1 "$PORT"
    verifier_code 0
    lancer "$CHARGE" -c 1 -n 10 --json 127.0.0.1 "$PORT"
    verifier_code 1
    verifier_egal '"ça va \"bien\" ?\\n"' "$(valeur exemple)"
}

# --- Ce qu'elle refuse

@test "une réponse fausse est vue et montrée, fût-ce d'un octet dans une rafale, sans danger pour le terminal" {
    face_a lire-ligne envoyer 'ko\n' lire-fin
    lancer "$CHARGE" -c 1 -n 5 127.0.0.1 "$PORT"
    verifier_code 1
    verifier_contient "$output" '1 × réponse fausse' 'reçu : « ko\n », au lieu de « ok\n »' \
        'erreurs : 1 connexion perdue, 1 requête avec'
    face_a lire-ligne envoyer 'ok\nok\noK\x1b[2J\n' lire-fin
    lancer "$CHARGE" -c 1 -p 3 -n 3 127.0.0.1 "$PORT"
    verifier_code 1
    verifier_contient "$output" '1 × réponse fausse' 'reçu : « oK\x1b[2J\n »'
    printf '%s\n' "$output" > "$BATS_TEST_TMPDIR/bilan"
    verifier_sans_controle "$BATS_TEST_TMPDIR/bilan"
}

@test "une réponse tronquée, de trop, ou absente : chaque cause a son nom" {
    face_a lire-ligne envoyer 'o'
    lancer "$CHARGE" -c 1 -n 5 127.0.0.1 "$PORT"
    verifier_code 1
    verifier_contient "$output" "1 × le serveur a fermé au milieu d'une réponse"
    face_a lire-ligne envoyer 'ok\nok\n' lire-fin
    lancer "$CHARGE" -c 1 -n 5 127.0.0.1 "$PORT"
    verifier_code 1
    verifier_contient "$output" '1 × plus de réponses que de requêtes'
    face_a lire-ligne
    lancer "$CHARGE" -c 1 -n 5 127.0.0.1 "$PORT"
    verifier_code 1
    verifier_contient "$output" '1 × le serveur a fermé sans répondre'
}

@test "une connexion coupée (RST) est une erreur, et l'on ne perd qu'elle" {
    face_a lire-ligne envoyer 'ok\n' lire-ligne rst
    lancer "$CHARGE" -c 1 -n 5 127.0.0.1 "$PORT"
    verifier_code 1
    verifier_contient "$output" 'requêtes/s (1 en ' 'recv : ' '[ECONNRESET]'
}

# bats test_tags=complet
@test "un serveur muet ne bloque pas : à l'ouverture, ni pendant la mesure, ni avec -x" {
    demarrer_sonde tcp-serveur lire-ligne pause
    lancer timeout 5 "$CHARGE" -c 1 --delai 0.3 127.0.0.1 "$PORT"
    verifier_code 1
    verifier_contient "$output" '1 × sans réponse à temps'
    local options
    for options in '-n 200' '-t 0.2' '-x -n 200'; do
        demarrer_repond -s 30
        # shellcheck disable=SC2086
        lancer timeout 5 "$CHARGE" -c 10 $options --delai 0.3 127.0.0.1 "$PORT"
        verifier_code 1
        verifier_contient "$output" '× sans réponse à temps'
    done
    demarrer_repond -s 30   # et il ne sert que les trente premières
    lancer timeout 5 "$CHARGE" -c 100 --delai 0.3 127.0.0.1 "$PORT"
    verifier_code 1
    verifier_contient "$output" '× sans réponse à temps' ' ouvertes sur 100, '
}

# bats test_tags=complet
@test "un serveur qui coule ses réponses octet par octet est dit en retard" {
    demarrer_repond -g 50 -r 'trente octets, un par un, lents'
    lancer timeout 5 "$CHARGE" -c 1 --delai 0.4 --reponse 'trente octets, un par un, lents' 127.0.0.1 "$PORT"
    verifier_code 1
    verifier_contient "$output" '1 × sans réponse à temps'
}

# bats test_tags=complet
@test "Ctrl-C donne le bilan de ce qui a été fait, et le shell le sait : 130" {
    demarrer_repond
    demarrer charge "$CHARGE" -c 5 -t 100 127.0.0.1 "$PORT"
    attendre_ligne "$BATS_TEST_TMPDIR/repond.out" '^cent'
    kill -INT "$PID"
    attendre_fin "$PID"
    verifier_egal 130 "$code"
    verifier_contient "@$BATS_TEST_TMPDIR/charge.out" '(interrompue)' 'débit : ' 'erreurs : aucune'
    verifier_absent "@$BATS_TEST_TMPDIR/charge.out" 'débit : 0 '
}

# --- Ce qu'elle mesure

# bats test_tags=complet
@test "les centiles sont justes : 89 réponses en 4 ms, 10 en 40, une en 300" {
    local retards=0   # la première, à l'ouverture
    retards+=$(printf ',4%.0s' {1..89})$(printf ',40%.0s' {1..10}),300
    demarrer_repond -d "$retards"
    lancer "$CHARGE" -c 1 -n 100 --json 127.0.0.1 "$PORT"
    verifier_code 0
    echo "$output"
    entre() { awk -v v="$(valeur "$1")" -v min="$2" -v max="$3" 'BEGIN { exit !(v >= min && v < max) }'; }
    entre p50_us 4000 40000
    entre p90_us 40000 300000
    entre p99_us 40000 300000
    entre 'p99.9_us' 300000 3000000
    entre max_us 300000 3000000
    entre requetes_par_s 20 95
    [ "$(valeur c_est_moi)" = false ]
}

@test "l'histogramme range chaque valeur à moins d'un centième, et donne le centile exact en dessous de 256" {
    compiler_un_essai -I "$RACINE/scripts/banc/charge" << FIN
#include <assert.h>
#include "$RACINE/scripts/banc/charge/histogramme.c"
static struct histogramme h, vide;
int main(void)
{
    assert(centile(&vide, 0.5) == 0);
    for (uint64_t v = 100; v >= 1; v--)
        noter(&h, v);
    assert(centile(&h, 0.5) == 50 && centile(&h, 0.9) == 90 && centile(&h, 0.99) == 99);
    assert(centile(&h, 0.999) == 100 && centile(&h, 1) == 100);
    uint64_t precedent = 0;
    for (uint64_t v = 1; v < UINT64_C(1) << 62; v += v / 37 + 1) {
        static struct histogramme un;
        un = vide;
        noter(&un, v);
        noter(&un, UINT64_MAX); /* pour que « v » ne soit pas le maximum */
        uint64_t dit = centile(&un, 0.5);
        assert(dit >= v && dit - v <= v / 128 && dit >= precedent);
        assert(centile(&un, 1) == UINT64_MAX);
        precedent = dit;
    }
    return 0;
}
FIN
    lancer "$ESSAI"
    verifier_code 0
}

@test "--json est du JSON, avec chaque valeur du bilan, erreurs comprises" {
    exiger_outil python3
    demarrer_repond
    lancer "$CHARGE" -c 3 -n 60 -p 2 --json 127.0.0.1 "$PORT"
    verifier_code 0
    python3 -c '
import json, sys
b = json.load(sys.stdin)
assert (b["connexions"], b["profondeur"], b["requetes"], b["erreurs"]) == (3, 2, 60, 0), b
assert b["causes"] == {} and b["interrompue"] is False and b["neuves"] is False, b
assert 0 < b["p50_us"] <= b["p90_us"] <= b["p99_us"] <= b["p99.9_us"] <= b["max_us"], b
assert abs(b["requetes_par_s"] * b["duree_s"] - 60) < 1, b' <<< "$output"
    face_a lire-ligne envoyer '"\\\x01\n' lire-fin
    lancer "$CHARGE" -c 1 -n 5 --json 127.0.0.1 "$PORT"
    verifier_code 1
    python3 -c '
import json, sys
b = json.load(sys.stdin)
assert b["causes"] == {"réponse fausse": 1} and b["requetes_perdues"] == 1, b
assert b["exemple"].startswith("\""), b' <<< "$output"
}

# bats test_tags=complet
@test "sur un terminal, charge dit où elle en est, puis efface cette ligne" {
    demarrer_repond
    lancer script -qefc "'$CHARGE' -c 2 -t 1.3 127.0.0.1 $PORT" /dev/null
    verifier_code 0
    verifier_contient "$output" '1 s : ' $'\r\e[K''charge : 127.0.0.1'
}

@test "charge.sh lance la charge, sous son nom, et rend son code" {
    demarrer_repond
    lancer "$RACINE/scripts/charge.sh" -c 2 -n 20 127.0.0.1 "$PORT"
    verifier_code 0
    verifier_contient "$output" 'requêtes/s (20 en '
    lancer "$RACINE/scripts/charge.sh" -c 2
    verifier_code 2
    verifier_contient "$stderr" "charge.sh : il manque l'hôte"
}

# bats test_tags=complet
@test "chacun des six serveurs à plusieurs clients rend juste à la charge : gardée, en rafale, connexion par requête" {
    local serveur options
    for serveur in $(chapitres | grep -E '^tcp/2[0-5]-serveur-'); do
        # shellcheck disable=SC2119
        demarrer_serveur "$serveur" -a 127.0.0.1 0
        for options in '-c 100' '-c 20 -p 16' '-x -c 20' '-i 100 -c 10'; do
            # shellcheck disable=SC2086
            lancer "$CHARGE" $options -n 1000 127.0.0.1 "$PORT"
            verifier_contient "$output" 'requêtes/s (1 000 en ' 'erreurs : aucune'
            verifier_code 0
        done
        verifier_silence
        arreter "$SERVEUR"
    done
}

# --- La limite

@test "la limite répond « ok » tous les huit octets, quoi qu'ils disent, en IPv4 et en IPv6" {
    exiger_ipv6
    demarrer limite "$OUTILS/limite" 0
    attendre_ligne "$BATS_TEST_TMPDIR/limite.out" '^listen : '
    PORT=$(trace_port "$BATS_TEST_TMPDIR/limite.out")
    lancer "$SONDE" tcp 127.0.0.1 "$PORT" envoyer '12345' envoyer '678' lire-ligne envoyer '1234567812345678' \
        demi-fermer lire-fin
    verifier_code 0
    verifier_contient "$output" 'lire-ligne : ok\n' 'lire-fin : ok\nok\n'
    lancer "$CHARGE" -c 20 -n 1000 -p 4 ::1 "$PORT"
    verifier_code 0
}
