#!/usr/bin/env bash
# Écrit le port UDP que tient un programme, tel que « ss -uanp » le montre.
#
#   scripts/port-de.sh PROGRAMME                     par exemple : scripts/port-de.sh client-udp
#
# Rend 1 si aucun programme de ce nom n'en tient.
set -euo pipefail

case ${1:--h} in
-h | --help)
    sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0"
    exit $(($# == 0 ? 2 : 0)) ;;
esac

# UNCONN 0 0 0.0.0.0:43210 0.0.0.0:* users:(("client-udp",pid=…,fd=3))
while read -r _ _ _ adresse _ programme; do
    [[ $programme != *"((\"${1:0:15}\","* ]] || { echo "${adresse##*:}"; exit; }   # le noyau coupe à 15
done < <(ss -Huanp)
echo "port-de.sh : « $1 » ne tient aucun port UDP" >&2
exit 1
