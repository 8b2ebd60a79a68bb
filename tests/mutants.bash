# shellcheck shell=bash
# Chargé après aide.bash : les fautes de tests/mutants.tsv.

# Met la faute dans le source de ce dossier, où il est copié s'il n'y est pas. Remplit DUE, ce qui doit la voir, et
# SERVEUR_MUTE. Échoue si ce qu'elle remplace n'y est pas une fois, et une seule.
poser_la_faute() {   # FAUTE DOSSIER
    local faute due serveur source motif remplacement texte fois=0
    while IFS=$'\t' read -r faute due serveur source motif remplacement; do
        [ "$faute" = "$1" ] || continue
        motif=${motif//⏎/$'\n'} remplacement=${remplacement//⏎/$'\n'} fois=$((fois + 1))
        if [ ! -e "$2/$source" ]; then
            mkdir -p "$2/${source%/*}"
            cp "$RACINE/$source" "$2/$source"
        fi
        texte=$(<"$2/$source")
        if [[ $texte != *"$motif"* || ${texte#*"$motif"} == *"$motif"* ]]; then
            echo "$1 : « $motif » n'est pas, ou pas une seule fois, dans $source"
            return 1
        fi
        printf '%s\n' "${texte%%"$motif"*}$remplacement${texte#*"$motif"}" >"$2/$source"
        DUE=$due SERVEUR_MUTE=$serveur
    done <"$RACINE/tests/mutants.tsv"
    [ "$fois" -gt 0 ]
}
