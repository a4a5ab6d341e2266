#!/bin/bash
# Fetches Princeton's WordNet 3.0 from Debian's package wordnet-base: fetch_wordnet.sh FOLDER
# FOLDER gets data.noun, by rename; a file that is there and right is not fetched again.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

[[ $# == 1 ]] || fail "expected FOLDER, found $# arguments"
mkdir -p "$1"
folder=$(realpath "$1")
readonly SHA256=fea17d2f9656611334eac790e5d69e47645fa180c4aa481fb4cd9b3520754ca2
is_right() { echo "$SHA256  $1" | sha256sum --check --status 2>/dev/null; }

is_right "$folder/data.noun" && exit
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
unpack_packages "$scratch" wordnet-base
found=$scratch/usr/share/wordnet/data.noun
is_right "$found" || fail "data.noun: expected SHA-256 $SHA256, found $(sha256sum "$found" | cut -d' ' -f1)"
mv "$found" "$folder/data.noun.new" && mv "$folder/data.noun.new" "$folder/data.noun"
