#!/usr/bin/env bash
# Installe ce qui manque à cette machine pour suivre le cours, et rien d'autre.
#
#   scripts/outils.sh [-o] [base|cours|tests|ci]
#
#   base    compiler et dialoguer : un compilateur C, make, un netcat (par défaut)
#   cours   et tout ce que tape le cours : ss, curl, strace, tmux, les noms des services, le nc d'OpenBSD (à
#           côté d'un autre, s'il y en a un)
#   tests   et lancer les tests : bats
#   ci      et tout ce que vérifie l'intégration continue
#   -o      oui : ne pose pas la question
#
# Installe par apt (Debian, Ubuntu), en root ou par sudo, en demandant d'abord si quelqu'un est devant
# l'écran. Sinon, dit la commande à taper. Rend 0 si, à la fin, rien ne manque. Prévient qui a, sous le
# nom nc, un autre netcat que celui du cours.
set -euo pipefail
# shellcheck source=scripts/netcat.sh
source "$(dirname "$0")/netcat.sh"

usage() { sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"; }

oui='' niveau=base
for mot; do
    case $mot in
    -h | --help) usage; exit ;;
    -o) oui=oui ;;
    base | cours | tests | ci) niveau=$mot ;;
    *) echo "outils.sh : « $mot » ? (voir scripts/outils.sh -h)" >&2; exit 2 ;;
    esac
done

# Vrai si l'on sait compiler : un compilateur seul, sans les en-têtes de la libc, ne suffit pas.
compile() { cc -x c -fsyntax-only - <<< '#include <stdio.h>' 2> /dev/null; }
present() { command -v "$1" > /dev/null; }
s390x() { present s390x-linux-gnu-gcc && test -e /usr/s390x-linux-gnu/include/stdio.h; }
un_netcat() { netcats > /dev/null; }

# Un besoin par ligne : niveau, comment savoir s'il est satisfait, paquets Debian.
besoins='
base   compile                           gcc libc6-dev
base   present make                      make
base   un_netcat                         netcat-openbsd
cours  present ss                        iproute2
cours  present curl                      curl
cours  present strace                    strace
cours  present tmux                      tmux
cours  present ps                        procps
cours  test -e /etc/services             netbase
cours  netcat_programme openbsd          netcat-openbsd
tests  present bats                      bats
tests  present parallel                  parallel
tests  present git                       git
ci     netcat_programme traditional      netcat-traditional
ci     netcat_programme ncat             ncat
ci     netcat_programme busybox          busybox
ci     netcat_programme socat            socat
ci     present tcpsvd                    ipsvd
ci     present gnuplot                   gnuplot-nox
ci     present clang                     clang
ci     present musl-gcc                  musl-tools
ci     present valgrind                  valgrind
ci     present clang-format              clang-format
ci     present clang-tidy                clang-tidy
ci     present cppcheck                  cppcheck
ci     present shellcheck                shellcheck
ci     present cmark-gfm                 cmark-gfm
ci     present chromium                  chromium
ci     present netstat                   net-tools
ci     present iperf3                    iperf3
ci     present javac                     default-jdk-headless
ci     man -w 2 socket                   man-db manpages-dev
ci     present python3                   python3
ci     present npm                       npm
ci     s390x                             gcc-s390x-linux-gnu libc6-dev-s390x-cross
ci     present qemu-s390x                qemu-user'

# Écrit les paquets qui manquent pour ce niveau et ceux d'avant.
paquets_manquants() {
    local le_niveau le_besoin
    while read -r le_niveau le_besoin; do
        [[ 'base cours tests ci' == *"$le_niveau"*"$niveau"* || $le_niveau = "$niveau" ]] || continue
        # Deux espaces ou plus séparent l'épreuve des paquets.
        ${le_besoin%%  *} > /dev/null 2>&1 || echo "${le_besoin##*  }"
    done <<< "${besoins#?}" | tr ' ' '\n' | sort -u
}

# Prévient que « nc » n'est pas celui que montre le cours.
parler_du_nc() {
    local autre openbsd
    autre=$(netcat_dialecte nc) || autre=''
    [ "$autre" != openbsd ] || return 0
    if [ "$autre" ]; then
        echo "Le « nc » de cette machine est celui de $autre, le cours montre celui d'OpenBSD. Ce qui"
    else
        echo "Aucun « nc » sur cette machine, le cours montre celui d'OpenBSD. Ce qui"
    fi
    if openbsd=$(netcat_programme openbsd); then
        echo "diffère : « Un autre netcat », dans cours.md ; sinon, tapez $openbsd au lieu de nc."
    else
        echo "diffère : « Un autre netcat », dans cours.md ; l'avoir à côté : scripts/outils.sh cours"
    fi
}

mapfile -t paquets < <(paquets_manquants)
if [ ${#paquets[@]} -eq 0 ]; then
    parler_du_nc
    exit
fi
commande="apt-get install -y --no-install-recommends ${paquets[*]}"
echo "Il manque : ${paquets[*]}"

if ! present apt-get; then
    echo "outils.sh : cette machine n'a pas apt ; installez l'équivalent de ces paquets Debian" >&2
    exit 1
fi
en_root=()
if [ "$(id -u)" != 0 ]; then
    en_root=(sudo)
    [ -t 0 ] || en_root=(sudo -n)   # personne pour taper un mot de passe
    if ! present sudo || { [ ! -t 0 ] && ! sudo -n true 2> /dev/null; }; then
        echo "outils.sh : à installer par la personne qui administre la machine :" >&2
        echo "    $commande" >&2
        exit 1
    fi
fi
if [ -t 0 ] && [ -z "$oui" ]; then
    read -r -p "Les installer (${en_root[*]:+par sudo, }apt-get) ? [O/n] " reponse
    case $reponse in
    [nN]*) echo "Pour le faire plus tard : ${en_root[*]} $commande"; exit 1 ;;
    esac
fi
journal=$(mktemp)
trap 'rm -f "$journal"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
# shellcheck disable=SC2086  # des mots
if ! {
    "${en_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update &&
        "${en_root[@]}" env DEBIAN_FRONTEND=noninteractive $commande
} > "$journal" 2>&1; then
    tail -n 20 "$journal" >&2
    echo "outils.sh : l'installation a échoué ; la commande était : ${en_root[*]} $commande" >&2
    exit 1
fi
mapfile -t paquets < <(paquets_manquants)
if [ ${#paquets[@]} -gt 0 ]; then
    echo "outils.sh : installés mais toujours introuvables : ${paquets[*]}" >&2
    exit 1
fi
echo "Installé."
parler_du_nc
