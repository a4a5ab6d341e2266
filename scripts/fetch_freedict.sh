#!/bin/bash
# Fetches the bilingual dictionaries of FreeDict between the languages of LANGUAGES from Debian:
# fetch_freedict.sh FOLDER
# FOLDER gets freedict-*.dict.dz and .index; what is there is not fetched again. Each is free under
# its own licence (GPL or CC BY-SA; /usr/share/doc of its package).
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

[[ $# == 1 ]] || fail "expected FOLDER, found $# arguments"
mkdir -p "$1"
folder=$(realpath "$1")
readonly LANGUAGES='ces|deu|ell|eng|fra|ita|jpn|nld|pol|por|rus|spa|swe|tur'

mapfile -t packages < <(apt-cache pkgnames dict-freedict- | grep -E "^dict-freedict-($LANGUAGES)-($LANGUAGES)$" | sort)
[[ ${#packages[@]} -gt 0 ]] || fail 'expected packages dict-freedict-*, found none; is apt-get update due?'
missing=()
for package in "${packages[@]}"; do
  name=${package#dict-}
  [[ -s $folder/$name.index && -s $folder/$name.dict.dz ]] || missing+=("$package")
done
[[ ${#missing[@]} -gt 0 ]] || exit 0
say "$folder: fetching ${#missing[@]} dictionaries"
scratch=$(mktemp -d --tmpdir="$folder")  # there, so that moving is renaming
trap 'rm -rf "$scratch"' EXIT
unpack_packages "$scratch" "${missing[@]}"
for package in "${missing[@]}"; do  # the index last: it says that both are there
  name=${package#dict-}
  mv "$scratch/usr/share/dictd/$name.dict.dz" "$scratch/usr/share/dictd/$name.index" "$folder/"
done
