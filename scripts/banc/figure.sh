#!/usr/bin/env bash
# Dessine les mesures de scripts/banc.sh, en SVG : le débit et le p99, selon le
# nombre de connexions. Il faut gnuplot.
#
#   scripts/banc/figure.sh MESURES.tsv > MESURES.svg
#
# Une courbe par modèle, que sa marque distingue aussi sans couleur ; les mêmes
# mesures font le même dessin.
set -euo pipefail
ici=$(CDPATH='' cd "$(dirname "$0")" && pwd)

case ${1:--h} in
-h | --help)
    sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"
    exit $(($# == 0 ? 2 : 0)) ;;
esac

passage=$(mktemp -d)
trap 'rm -rf "$passage"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

dit() { sed -n "s/^# $1 : //p" "$mesures" | sed 's/[\\"&<>]/ /g'; }   # CE QUE L'EN-TÊTE DIT
mesures=$1
LC_ALL=C awk -f "$ici/calcul.awk" -f "$ici/courbes.awk" "$mesures" > "$passage/courbes"
[ -s "$passage/courbes" ] || { echo "figure.sh : $1 n'a rien à dessiner" >&2; exit 1; }
grep '^"' "$passage/courbes" | tr -d '"' > "$passage/modeles"

# Une ligne par modèle : sa marque (gnuplot en a treize), son trait, sa couleur, lisible par tous et en gris.
style() {   # RANG MODÈLE
    local marques=(7 5 9 11 13 4 6 8 10 12 14 1 2) couleurs=(0072b2 d55e00 009e73 cc79a7 e69f00 56b4e9)
    case $2 in
    limite) echo "linetype $1 pointtype 3 pointsize 1 dashtype 1 linewidth 3 linecolor rgb '#000000'" ;;
    socat | ncat | busybox | tcpsvd)
        echo "linetype $1 pointtype ${marques[$1 % 13]} pointsize 0.8 dashtype 3 linewidth 1.2 linecolor rgb '#777777'" ;;
    *) echo "linetype $1 pointtype ${marques[$1 % 13]} pointsize 1 dashtype 1 linewidth 2 linecolor rgb '#${couleurs[($1 + 4) % 6]}'" ;;
    esac
}

{
    echo 'set encoding utf8'
    echo "set terminal svg size 960,520 dynamic font 'sans-serif,13' background rgb 'white'"
    rang=0
    while read -r modele; do
        rang=$((rang + 1))
        echo "set $(style "$rang" "$modele")"
    done < "$passage/modeles"
    cat << GNUPLOT
courbes = '$passage/courbes'
combien = $rang
set multiplot layout 1,2 margins 0.09,0.98,0.30,0.92 spacing 0.11,0
set label 1 "$(dit machine)\n$(dit date)\nPour la refaire : $(dit refaire)" at screen 0.02,0.10 left textcolor rgb '#444444' font ',11' noenhanced
set logscale x 10
set xtics ('1' 1, '64' 64, '1 000' 1000, '10 000' 10000)
set xrange [0.8:14000]
set xlabel 'connexions'
set grid ytics linecolor rgb '#dddddd' linewidth 0.5
set border 3
set tics nomirror
set key at screen 0.99,0.175 right top vertical maxrows 4 samplen 3 noenhanced
set title 'Débit : milliers de requêtes par seconde'
set yrange [0:*]
set decimalsign ','
set format y '%.0f'
plot for [i=0:combien-1] courbes index i using 1:(\$2/1000) with linespoints linetype i+1 title columnheader(1)
unset key
unset label 1
set title 'p99 : une réponse sur cent attend davantage (ms)'
set logscale y 10
set yrange [*:*]
set format y '%g'
plot for [i=0:combien-1] courbes index i using 1:3 with linespoints linetype i+1 notitle
unset multiplot
GNUPLOT
} > "$passage/figure"

titre="Débit et p99 de chaque modèle de serveur selon le nombre de connexions"
gnuplot "$passage/figure" |
    sed -e "s|<title>Gnuplot</title>|<title>$titre</title>|" \
        -e "s|<desc>Produced by.*</desc>|<desc>$(dit machine). $(dit date). Pour la refaire : $(dit refaire)</desc>|" \
        -e '/^<!--.*gnuplot/d'
