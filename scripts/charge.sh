#!/usr/bin/env bash
# Charge un serveur qui répond ligne à ligne : vérifie chaque octet reçu, et dit
# débit, latences, erreurs.
#
#   scripts/charge.sh [OPTION...] hôte [port]
#
#   scripts/charge.sh 127.0.0.1      64 connexions au port 5000, pendant 3 s
#   scripts/charge.sh -c 1000 -n 50000 127.0.0.1
#                                    mille connexions, cinquante mille requêtes
#   scripts/charge.sh -x 127.0.0.1   une connexion neuve pour chaque requête
#
# Rend 0 si chaque réponse était juste, 1 sinon, 2 si la demande est mal écrite.
# L'outil est scripts/banc/charge.c, que « make » compile ; ses options :
set -euo pipefail
# shellcheck source=scripts/chapitres.sh
source "$(dirname "$0")/chapitres.sh"
outils=${PROGRAMMES:-$racine/}outils
[ -d "$outils" ] || outils=${PROGRAMMES:-$racine/}build/outils
if [[ ${1:-} == @(-h|--help) ]]; then sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"; fi
[ -x "$outils/charge" ] || { echo "charge.sh : d'abord : make" >&2; exit 1; }
exec -a scripts/charge.sh "$outils/charge" "$@"
