# shellcheck shell=bash disable=SC2034   # « ligne » et « code » sont lus par l'appelant
# Des terminaux, chacun avec son shell, son clavier et son écran, tenus par un programme : le seul
# endroit qui sait le faire. Ne s'emploie que par « source ».
#
#   terminal_lancer NOM COMMANDE    l'y exécute ; le terminal est ouvert au besoin, dans le dossier courant
#   terminal_taper NOM TEXTE        une ligne au clavier ; 1 si plus personne ne la lira
#   terminal_finir_saisie NOM       Ctrl-D
#   terminal_interrompre NOM        Ctrl-C
#   terminal_lire NOM SECONDES      0 : « ligne » est la suivante de l'écran ; 1 : rien à temps ;
#                                   2 : la commande est finie, « code » est le sien
#   terminaux_fermer                tue ce qui y vit encore, et n'en laisse rien : à mettre dans un trap
#   terminal_quitter NOM            ferme celui-là, en laissant finir son shell s'il ne fait plus rien
#   terminal_preparer NOM           à redéfinir : remplit « terminal_devant », la commande, si l'on en veut
#                                   une, qui lance le shell de ce terminal (strace…)
#
# Un terminal n'exécute qu'une commande à la fois : lire la fin de l'une avant de lancer l'autre.

declare -gA terminal_pid=() terminal_tuyaux=() terminal_ordres=() terminal_clavier=() terminal_ecran=() \
    terminal_commande=() terminal_reste=() terminal_code=()
terminaux_dossier='' terminaux_ouverts=0 terminal_devant=()
ligne='' code=''
terminal_preparer() { :; }
FIN_DE_COMMANDE=$'\x1d'   # suivi du code, sur l'écran

# Le shell d'un terminal : exécute chaque ordre reçu, puis annonce sa fin. Ctrl-C arrête la commande,
# pas lui. « $? » est bien le code de la commande précédente.
# shellcheck disable=SC2016
shell_de_terminal='
trap : INT TERM
_rendre() { return "$1"; }
_code=0
exec {_ordres}< "$1.ordres"
while IFS= read -r -u "$_ordres" _ordre; do
    _rendre "$_code"
    eval "$_ordre" < "$1.clavier" {_ordres}<&-
    _code=$?
    printf "\x1d%s\n" "$_code"
done'

# Devient ce shell : dans une session à lui, sans aucun descripteur hérité (le premier d'un programme
# est alors le 3), Ctrl-C agissant même si nous sommes nés en arrière-plan.
terminal_tenir() {   # TUYAUX
    local fd
    for fd in /proc/"$BASHPID"/fd/*; do
        fd=${fd##*/}
        [ "$fd" -le 2 ] || exec {fd}>&-
    done 2> /dev/null
    exec setsid env --default-signal=INT,QUIT,PIPE "${terminal_devant[@]}" \
        bash -c "$shell_de_terminal" bash "$1" < /dev/null 2>&1
}

terminal_ouvrir() {   # NOM
    [ -z "${terminal_pid[$1]:-}" ] || return 0
    [ "$terminaux_dossier" ] || terminaux_dossier=$(mktemp -d)
    local tuyaux fd
    tuyaux=$terminaux_dossier/$((++terminaux_ouverts))
    mkfifo "$tuyaux.ordres" "$tuyaux.clavier"
    exec {fd}<> "$tuyaux.ordres"
    terminal_ordres[$1]=$fd
    terminal_preparer "$1"
    exec {fd}< <(terminal_tenir "$tuyaux")
    terminal_pid[$1]=$! terminal_ecran[$1]=$fd terminal_tuyaux[$1]=$tuyaux
}

terminal_lancer() {   # NOM COMMANDE
    local fd
    terminal_ouvrir "$1"
    terminal_commande[$1]=$2 terminal_reste[$1]='' terminal_code[$1]=''
    printf '%s\n' "$2" >&"${terminal_ordres[$1]}"
    exec {fd}> "${terminal_tuyaux[$1]}.clavier"   # attend que la commande ouvre son entrée
    terminal_clavier[$1]=$fd
}

# Le sous-shell meurt de SIGPIPE à notre place quand la commande est finie.
terminal_taper() {   # NOM TEXTE
    [ "${terminal_clavier[$1]:-}" ] || return 1
    (printf '%s\n' "$2" >&"${terminal_clavier[$1]}") 2> /dev/null || return 1
}

terminal_finir_saisie() {   # NOM
    local fd=${terminal_clavier[$1]:-}
    [ -z "$fd" ] || exec {fd}>&-
    terminal_clavier[$1]=''
}

terminal_interrompre() {   # NOM
    kill -INT -- "-${terminal_pid[$1]}"
}

terminal_lire() {   # NOM SECONDES
    local suite='' lu=0 texte=${terminal_reste[$1]:-}
    [ "${terminal_commande[$1]:-}" ] || return 2
    if [ "${terminal_code[$1]}" ]; then
        code=${terminal_code[$1]} terminal_commande[$1]=''
        terminal_finir_saisie "$1"
        return 2
    fi
    IFS= read -r -t "$2" -u "${terminal_ecran[$1]}" suite || lu=$?
    texte+=$suite
    if [ $lu -gt 128 ]; then   # une ligne commencée attend sa suite
        terminal_reste[$1]=$texte
        return 1
    fi
    terminal_reste[$1]=''
    case $lu:$texte in
    0:*"$FIN_DE_COMMANDE"*)   # peut suivre, sur sa ligne, une sortie sans \n final
        terminal_code[$1]=${texte#*"$FIN_DE_COMMANDE"} texte=${texte%%"$FIN_DE_COMMANDE"*} ;;
    1:*)   # l'écran s'éteint : la commande a fermé le terminal
        terminal_code[$1]=255
        terminal_fermer "$1" ;;
    *)  ligne=$texte
        return 0 ;;
    esac
    ligne=$texte
    [ "$texte" ] || terminal_lire "$1" 0
}

# Tue le groupe, et attend que l'écran s'éteigne : plus personne n'y écrit.
terminal_fermer() {   # NOM
    local fd pid=${terminal_pid[$1]}
    kill -KILL -- "-$pid" 2> /dev/null || kill -KILL "$pid" 2> /dev/null || true
    fd=${terminal_ecran[$1]}
    while read -r -t 2 -u "$fd"; do :; done
    exec {fd}<&-
    fd=${terminal_ordres[$1]}
    exec {fd}>&-
    terminal_finir_saisie "$1"
    terminal_pid[$1]=''
}

# De même, mais le shell qui ne fait plus rien s'en va de lui-même : qui le suit a vu sa fin.
terminal_quitter() {   # NOM
    local fd=${terminal_ordres[$1]}
    exec {fd}>&-
    terminal_finir_saisie "$1"
    fd=${terminal_ecran[$1]}
    while read -r -t 2 -u "$fd"; do :; done
    terminal_fermer "$1"
}

terminaux_fermer() {
    local nom
    for nom in "${!terminal_pid[@]}"; do
        [ -z "${terminal_pid[$nom]}" ] || terminal_fermer "$nom"
    done
    [ -z "$terminaux_dossier" ] || rm -rf "$terminaux_dossier"
    terminaux_dossier=''
    terminal_commande=()
}
