#!/usr/bin/env bash
# La leçon racontée dans un seul terminal : chaque programme est lancé, face à un vrai netcat.
#
#   scripts/demo.sh [-c] [-n NETCAT] [PROGRAMME...]
#
#   -c          continue sans s'arrêter (dans un terminal, une pause suit chaque échange)
#   -n NETCAT   openbsd, traditional, ncat, busybox, socat, ou « cours » : nos programmes entre eux
#   PROGRAMME   par exemple tcp/04-client ; sans argument, tous, dans l'ordre du cours, sauf les
#               programmes nus, qui ne racontent rien
#
# Se lit comme une session du cours : [le terminal], « $ » une commande, « > » ce que l'on tape, ^C. Les
# ports sont libres. Un échange tient dans 24 lignes : au besoin, « … » abrège le début de la trace. Sans
# netcat sur la machine, les programmes du cours se répondent entre eux, et on le dit.
set -euo pipefail
export LC_ALL=C.UTF-8   # on compte des caractères
# shellcheck source=scripts/echange.sh
source "$(dirname "$0")/echange.sh"
LIGNES=24 COLONNES=80

usage() { sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"; }
refuser() { printf 'demo.sh : %s\n' "$1" >&2; exit 2; }

pause='' netcat=''
[ ! -t 0 ] || [ ! -t 1 ] || pause=oui
[ "${1:-}" != --help ] || set -- -h
while getopts :hcn: option; do
    case $option in
    h) usage; exit ;;
    c) pause='' ;;
    n) netcat=$OPTARG ;;
    *) refuser "option inconnue ou incomplète « -$OPTARG » (voir scripts/demo.sh -h)" ;;
    esac
done
shift $((OPTIND - 1))

mapfile -t tous < <(chapitres)
[ $# -gt 0 ] || mapfile -t a_montrer < <(for programme in "${tous[@]}"; do est_nu "$programme" || echo "$programme"; done)
[ $# -gt 0 ] || set -- "${a_montrer[@]}"
for programme; do
    [[ " ${tous[*]} " == *" ${programme%.c} "* ]] ||
        refuser "aucun programme « $programme » ; il y a : ${tous[*]}"
    [ -x "$PROGRAMMES${programme%.c}" ] || refuser "$programme n'est pas compilé : lancer « make »"
done
case $netcat in
'') netcat=$(netcats | head -n 1) || true
    if [ -z "$netcat" ]; then
        netcat=cours
        echo "Aucun netcat sur cette machine : les programmes du cours se répondent entre eux."
        echo "(scripts/outils.sh en installe un.)"
    fi ;;
cours) ;;
*) netcat_programme "$netcat" > /dev/null || refuser "netcat « $netcat » absent de cette machine" ;;
esac

gras='' bleu='' normal=''
if [ -t 1 ]; then gras=$'\e[1m' bleu=$'\e[34m' normal=$'\e[0m'; fi

# Replie l'entrée entre deux mots, sans séparer un guillemet ou un deux-points de son mot.
replier() {
    local mots mot ecrite='' colle=$'\u00a0'
    read -r -d '' -a mots < <(sed "s/« /«$colle/g; s/ \([»:;?!]\)/$colle\1/g") || true
    for mot in "${mots[@]}"; do
        if [ $((${#ecrite} + 1 + ${#mot})) -gt $COLONNES ]; then
            printf '%s\n' "${ecrite//$colle/ }"
            ecrite=''
        fi
        ecrite+=${ecrite:+ }$mot
    done
    [ -z "$ecrite" ] || printf '%s\n' "${ecrite//$colle/ }"
}

# Recopie une transcription pour qu'elle tienne dans tant de lignes d'écran : les premières lignes d'une
# même sortie deviennent « … », en commençant par la première sortie, celle de la mise en place.
condenser() {   # LIGNES
    LC_ALL=C awk -v place="$1" -v colonnes=$COLONNES '
        function hauteur(texte) {
            gsub(/[\200-\277]/, "", texte)   # un caractère, pas ses octets
            return texte == "" ? 1 : int((length(texte) + colonnes - 1) / colonnes)
        }
        { texte[NR] = $0; sortie[NR] = !/^(\$ |> |\^C$|\[[a-z ]*\]$)/; trop += hauteur($0) }
        END {
            trop -= place
            for (i = 1; i <= NR; i++) {
                if (trop <= 0 || !sortie[i] || sortie[i - 1] || !sortie[i + 1]) { print texte[i]; continue }
                print "…"
                for (trop++; trop > 0 && sortie[i + 1]; i++) trop -= hauteur(texte[i])
                i--
            }
        }'
}

entete_a_l_ecran() {   # PROGRAMME RANG NOMBRE     le rang de cet échange, parmi ceux du programme
    local rang=''
    [ "$3" -eq 1 ] || rang=" ($2 sur $3)"
    printf '%s%s%s\n' "$gras" "$(replier <<< "── $1 ── $(titre "$1")$rang")" "$normal"
    [ "$2" -ne 1 ] || a_regarder "$1" | replier
}

# Joue un échange, et le montre. Compte dans « echecs » celui qui échoue.
montrer() {   # PROGRAMME RANG NOMBRE RÔLE [PROTOCOLE HÔTE ARGUMENTS_DE_NC...]
    local rendu=0 hauteur
    entete_a_l_ecran "${@:1:3}" | tee "$dossier/entete"
    if [ "$4" = ailleurs ]; then   # à lancer soi-même
        entete "$1" | sed -n 's/^En face : /(en face : /; T; s/$/)/p' | replier
        return
    fi
    hauteur=$(wc -l < "$dossier/entete")
    echange "$dossier" "$1" "$netcat" "${@:4}" || rendu=$?
    case $rendu in
    0) ;;
    3) echo "(nc ${*:7} : le netcat « $netcat » ne sait pas le faire)" ;;
    5) echo "(nc ${*:7} : cette machine n'a pas IPv6)" ;;
    *) echecs=$((echecs + 1)) ;;
    esac
    condenser $((LIGNES - 1 - hauteur)) < "$dossier/transcription" |
        sed "s/^\[[a-z ]*\]\$/$bleu&$normal/"
}

# Attend Entrée ; « q » arrête la démonstration.
souffler() {
    local reponse=q
    read -r -p "${bleu}(Entrée : la suite ; q : quitter)$normal " reponse || echo
    [ "$reponse" != q ]
}

dossier=$(mktemp -d)
# À la fin, et sur un signal : plus aucun processus à nous, plus aucun fichier.
trap 'terminaux_fermer; rm -rf "$dossier"' EXIT
trap 'echo; exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
echecs=0 premier=oui
for programme; do
    programme=${programme%.c}
    mapfile -t a_jouer < <(faces "$programme")
    [ ${#a_jouer[@]} -gt 0 ] || { a_jouer=(seul); se_suffit "$programme" || a_jouer=(ailleurs); }
    for rang in "${!a_jouer[@]}"; do
        if [ -z "$premier" ]; then
            if [ "$pause" ]; then souffler || break 2; else echo; fi
        fi
        premier=''
        read -r -a mots <<< "${a_jouer[rang]}"
        montrer "$programme" $((rang + 1)) ${#a_jouer[@]} "${mots[@]}"
    done
done
if [ $echecs -gt 0 ]; then
    echo "demo.sh : $echecs échange(s) en échec, voir ci-dessus" >&2
    exit 1
fi
