#!/usr/bin/env bash
# Apporte axe-core, qui cherche les fautes d'accessibilité de la page : build/axe.min.js, une version et une
# somme fixées. Seule l'intégration continue en a besoin ; il vient de npm, et n'est pas dans le dépôt.
#
#   tests/axe.sh
set -euo pipefail
racine=$(CDPATH='' cd "$(dirname "$0")/.." && pwd)
version=4.14.1 somme=e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745
paquet=axe-core-$version.tgz

refuser() { printf 'axe.sh : %s\n' "$1" >&2; exit 1; }

command -v npm > /dev/null || refuser "il faut npm, du paquet npm (apt-get install npm)"
passage=$(mktemp -d)
trap 'rm -rf "$passage"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
cd "$passage"
timeout 120 npm pack --cache=npm --loglevel=error --fetch-retries=1 "axe-core@$version" > dit 2>&1 ||
    { head -n 5 dit >&2; refuser "npm n'a pas apporté axe-core $version (ci-dessus)"; }
sha256sum --status -c <<< "$somme  $paquet" || refuser "$paquet n'a pas la somme attendue"
tar xzf "$paquet" package/axe.min.js
mkdir -p "$racine/build"
mv package/axe.min.js "$racine/build/axe.min.js"
echo "axe-core $version : build/axe.min.js"
