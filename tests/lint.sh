#!/usr/bin/env bash
# Relit le projet : forme du C (clang-format), fautes probables (cppcheck, clang-tidy), scripts
# (shellcheck). Rend 1 à la première remarque d'un outil ; un outil absent en est une.
#
#   tests/lint.sh
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
export LC_ALL=C.UTF-8
source scripts/chapitres.sh
mapfile -t sources < <(find common tests scripts "${dossiers[@]}" -name '*.c' 2> /dev/null | sort)
mapfile -t scripts < <(find scripts tests -name '*.sh' -o -name '*.bash' -o -name '*.bats' | sort)
rate=0

relire() {   # OUTIL ARGUMENTS...
    if ! type -P "$1" > /dev/null; then
        echo "lint : $1 est absent (scripts/outils.sh ci l'installe)" >&2
        rate=1
    elif "$@"; then
        echo "lint : $1, rien à redire"
    else
        echo "lint : $1 a des remarques, ci-dessus" >&2
        rate=1
    fi
}

# Ce qui est écarté, et pourquoi :
#   memcpy « dangereux »                     la variante _s demandée n'existe pas dans la libc
#   easily-swappable-parameters              nos appels suivent l'ordre de ceux qu'ils enveloppent
#   reserved-identifier, dcl37, dcl51        _DEFAULT_SOURCE est fait pour être défini
#   err33, err34                             le retour de printf, atoi dans les outils des tests
#   Padding                                  l'ordre des champs est celui de la lecture
#   valist.Uninitialized                     faux : va_start précède
#   uninitvar, uninitialized.ArraySubscript  faux : memchr(reponse, '\n', 0) ne lit rien
#   not-null-terminated-result               un message du réseau n'est pas une chaîne
remarques='-*,clang-analyzer-*,bugprone-*,cert-*'
for ecartee in clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling \
    bugprone-easily-swappable-parameters bugprone-reserved-identifier cert-dcl37-c cert-dcl51-cpp \
    cert-err33-c cert-err34-c clang-analyzer-optin.performance.Padding \
    clang-analyzer-valist.Uninitialized clang-analyzer-core.uninitialized.ArraySubscript \
    bugprone-not-null-terminated-result; do
    remarques+=",-$ecartee"
done

# Les programmes nus, les solutions et les fautes vérifient chaque appel sur une ligne
# (« if (s == -1) { perror("socket"); return 1; } ») : clang-format la couperait en quatre.
mapfile -t formatees < <(printf '%s\n' "${sources[@]}" | grep -vE -- '-nu\.c$|/solutions/|^tests/fautes/')
tolere=()
for lieu in '*-nu.c' '*/solutions/*' 'tests/fautes/*'; do
    tolere+=("--suppress=uninitvar:$lieu" "--suppress=legacyUninitvar:$lieu")
done

relire clang-format --dry-run -Werror "${formatees[@]}" common/*.h
relire cppcheck --quiet --enable=warning,performance,portability --std=c11 --error-exitcode=1 -j "$(nproc)" \
    --inline-suppr --suppress=missingIncludeSystem "${tolere[@]}" "${sources[@]}"
# Plusieurs de front : ce sont de loin les plus longs.
shellcheck() { printf '%s\0' "$@" | xargs -0 -n 8 -P "$(nproc)" shellcheck -x; }
clang-tidy() {   # FICHIER...
    printf '%s\0' "$@" | xargs -0 -n 8 -P "$(nproc)" sh -c '
        remarques=$0
        command clang-tidy --quiet --checks="$remarques" --warnings-as-errors="*" "$@" -- -std=gnu11 2> /dev/null' "$remarques"
}
relire clang-tidy "${sources[@]}"
relire shellcheck .ci/run "${scripts[@]}"
exit $rate
