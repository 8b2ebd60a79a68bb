#!/usr/bin/env bash
# Les faits du programme et leurs preuves. Chaque fait de tests/programme.tsv a un numéro ; une preuve
# le cite juste avant une scène du cours, « <!-- preuve : GEN-01 ERR-002 --> », ou juste avant un
# test bats (de tests/, ou d'un modèle), « # preuve : GEN-01 ».
#
#   tests/faits.sh                           le compte par chapitre, et les faits encore sans preuve
#   tests/faits.sh --verifier [cours.md]     seulement les fautes : numéro inconnu, preuve sans scène
#
# Rend 1 s'il y a une faute. Un fait sans preuve n'en est pas une : c'est du travail à faire.
set -euo pipefail
export LC_ALL=C.UTF-8
racine=$(CDPATH='' cd "$(dirname "$0")/.." && pwd)
verifier=''
if [ "${1:-}" = --verifier ]; then verifier=oui; shift; fi

shopt -s nullglob
exec awk -F '\t' -v verifier="$verifier" '
    FNR == 1 { rien_apres(); fichier = FILENAME; bats = FILENAME ~ /\.bats$/ }

    FILENAME ~ /\.tsv$/ { ordre[++total] = $1; enonce[$1] = $2; next }

    # La ligne qui suit des numéros (hors lignes vides) doit être leur preuve.
    attendue != "" && !/^[ \t]*$/ && !/preuve :/ {
        if (bats ? !/^@test / : !/^```console/)
            faute(attendue_ligne, attendue " : pas de " (bats ? "test" : "scène") " juste après")
        attendue = ""
    }
    /^[ \t]*(<!--|#) preuve : / {
        sub(/^[ \t]*(<!--|#) preuve : */, ""); sub(/ *-->.*/, "")
        attendue = $0; attendue_ligne = FNR
        nombre = split($0, numeros, / +/)
        for (i = 1; i <= nombre; i++) {
            if (!(numeros[i] in enonce)) faute(FNR, "fait inconnu : " numeros[i])
            prouve[numeros[i]] = 1
        }
    }
    function faute(ligne, texte) { print fichier ":" ligne " : " texte; fautes++ }
    function rien_apres() {
        if (attendue != "") faute(attendue_ligne, attendue " : rien après")
        attendue = ""
    }

    END {
        rien_apres()
        if (verifier == "") {
            for (i = 1; i <= total; i++) {
                chapitre = ordre[i]; sub(/-[0-9]+$/, "", chapitre)
                if (!(chapitre in nombres)) chapitres[++rang] = chapitre
                nombres[chapitre]++
                if (ordre[i] in prouve) { prouves[chapitre]++; tous++ }
            }
            for (i = 1; i <= rang; i++)
                printf "%-22s %3d / %d\n", chapitres[i], prouves[chapitres[i]], nombres[chapitres[i]]
            printf "%-22s %3d / %d\n", "en tout", tous, total
            print "\nEncore sans preuve :"
            for (i = 1; i <= total; i++)
                if (!(ordre[i] in prouve)) print "  " ordre[i] " " enonce[ordre[i]]
        }
        exit fautes > 0
    }' "$racine/tests/programme.tsv" "${1:-$racine/cours.md}" "$racine"/tests/{,modeles/}*.bats
