# shellcheck shell=bash
# Le registre de ce qui est allé jusqu'au bout, sous build/preuves/ : laboratoire (tests/cours.sh), personne
# (tests/main.sh), tests (tests/lancer.sh). Une ligne par scène, ou par test réussi : l'heure où il a
# commencé, son empreinte, son lieu. Ne s'emploie que par « source », après scripts/chapitres.sh.
#
#   empreintes_des_scenes DOSSIER    écrit FICHIER EMPREINTE LIEU pour chaque scène des pages du cours, dans un
#                                    dossier que scenes_deposer a rempli. Ni la place de la scène, ni ce qu'elle
#                                    dit prouver n'y entrent
#   tests_deposer DOSSIER            y range chaque test : 0001… (son texte), index (NUMÉRO, EMPREINTE, LIEU, NOM),
#                                    preuves (NUMÉRO ou -, LIEU, ce qui suit « # preuve : »)
#   tests_joues DOSSIER              lit un rapport TAP ; écrit bon|raté EMPREINTE LIEU
#   registre_noter NOM DÉBUT         ajoute ces lignes-là, lues sur l'entrée : un raté efface la sienne
#   registre_valable NOM             écrit les empreintes qui prouvent encore quelque chose
#   registre_etat NOM                absent, périmé ou valable
#
# Ce qui a été joué avant la dernière retouche d'un source de programme ou de script ne prouve plus rien.

derniere_retouche() {
    (cd "$racine" && find common scripts "${dossiers[@]}" -type f \
        \( -name '*.[ch]' -o -name '*.java' -o -path 'scripts/*' \) -printf '%T@\n' 2> /dev/null) |
        LC_ALL=C sort -n | tail -n 1
}

empreintes_des_scenes() {   # DOSSIER
    local nues
    nues=$(mktemp -d)   # les mêmes, sans ce qui n'entre pas dans l'empreinte
    (cd "$1" && shopt -s nullglob && awk -F '\t' -v pages=" $(pages_du_cours | paste -sd ' ') " -v nues="$nues" '
        BEGIN { printf "" > (nues "/lieux") }
        FNR == 1 {
            close(nue); lieu = page = $3; sub(/:[^:]*$/, "", page); du_cours = index(pages, " " page " ")
            nue = nues "/" FILENAME
            if (du_cours) print FILENAME "\t" lieu > (nues "/lieux")
        }
        du_cours && !/\tpreuve\t/ { sub(/^[^\t]*\t[^\t]*\t[^\t]*\t/, ""); print > nue }' [0-9]* /dev/null)
    (cd "$nues" && shopt -s nullglob && md5sum /dev/null [0-9]* | awk 'NR == FNR { empreinte[$2] = $1; next }
        $1 in empreinte { print $1, empreinte[$1], $2 }' - lieux)
    rm -rf "$nues"
}

tests_deposer() {   # DOSSIER
    (cd "$racine" && shopt -s nullglob && awk -v dossier="$1" '
        function orphelines() { for (; rang > 0; rang--) print "-\t" attente[rang] > (dossier "/preuves") }
        BEGIN { printf "" > (dossier "/preuves"); printf "" > (dossier "/lieux") }
        FNR == 1 { orphelines(); texte = "" }
        /^# preuve : / {
            attente[++rang] = FILENAME ":" FNR "\t" substr($0, index($0, ":") + 2)
            next
        }
        /^@test / {
            numero = sprintf("%04d", ++tests); texte = dossier "/" numero
            nom = $0; sub(/^@test +["\047]/, "", nom); sub(/["\047] *\{.*$/, "", nom)
            gsub(/\\\\/, "\001", nom); gsub(/\\/, "", nom); gsub(/\001/, "\\", nom)
            print numero "\t" FILENAME ":" FNR "\t" nom > (dossier "/lieux")
            for (i = 1; i <= rang; i++) print numero "\t" attente[i] > (dossier "/preuves")
            rang = 0
        }
        texte { print > texte }
        texte && (/^\}/ || /^@test .*\}$/) { close(texte); texte = "" }
        !/^(# bats test_tags=.*)?$/ { orphelines() }
        END { orphelines() }' tests/*.bats tests/modeles/*.bats /dev/null)
    (cd "$1" && shopt -s nullglob && md5sum /dev/null [0-9]* | awk '{ print $2 "\t" $1 }' |
        LC_ALL=C join -t $'\t' - lieux > index)
}

# Un test né d'un modèle compte pour le modèle : « @PROGRAMME@ » y vaut n'importe quoi. Deux tests du même nom ne
# comptent pas : le rapport ne dit pas lequel des deux a réussi.
tests_joues() {   # DOSSIER
    awk -F '\t' '
        FILENAME != "-" {
            homonyme[$2 " " $3] = vu[$4]++
            if (vu[$4] > 1) homonyme[test[$4]] = 1
            test[$4] = $2 " " $3
            if ($4 !~ /@[A-Z]+@/) next
            motif = $4
            gsub(/[][\\.*^$+?(){}|]/, "\\\\&", motif); gsub(/@[A-Z]+@/, ".+", motif)
            modele["^" motif "$"] = $2 " " $3
            next
        }
        !/^(not )?ok / || / # skip/ { next }
        {
            issue = /^ok/ ? "bon" : "raté"
            sub(/^(not )?ok [0-9]+ /, ""); sub(/ # (in|timeout) .*$/, "")
            if ($0 in test) { if (!homonyme[test[$0]]) print issue, test[$0]; next }
            for (motif in modele) if ($0 ~ motif && !homonyme[modele[motif]]) print issue, modele[motif]
        }' "$1/index" -
}

registre_noter() {   # NOM DÉBUT
    local registre=$racine/build/preuves/$1
    mkdir -p "${registre%/*}"
    (
        flock 9   # deux rejoueurs peuvent finir ensemble
        touch "$registre"
        LC_ALL=C awk -v debut="$2" -v retouche="$(derniere_retouche)" '
            FILENAME == "-" { vu[$2] = 1; if ($1 == "bon") lieu[$2] = $3; else rate[$2] = 1; next }
            $1 >= retouche && !($2 in vu)
            END { for (e in lieu) if (!(e in rate)) print debut, e, lieu[e] }' - "$registre" > "$registre.neuf"
        mv "$registre.neuf" "$registre"
    ) 9> "$registre.verrou"
}

registre_valable() {   # NOM
    [ ! -e "$racine/build/preuves/$1" ] ||
        LC_ALL=C awk -v retouche="$(derniere_retouche)" '$1 >= retouche { print $2 }' "$racine/build/preuves/$1"
}

registre_etat() {   # NOM
    if [ ! -s "$racine/build/preuves/$1" ]; then echo absent
    elif [ "$(registre_valable "$1")" ]; then echo valable
    else echo périmé; fi
}
