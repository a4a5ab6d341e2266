#!/bin/bash
# Makes models/enlace-mini, the model that comes with enlace: make_mini.sh DATA OUT
#
# DATA has a folder for each terminology (scripts/make_mini_kb.sh); OUT is the folder to make. About
# an hour on two cores with AMX. What is there from an earlier run is not made again.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

[[ $# == 2 ]] || fail "expected DATA OUT, found $# arguments"
data=$1
out=$2
readonly ENLACE=${ENLACE:-build/release/enlace}
readonly MADE=build/mini
readonly E5=build/demo/models/multilingual-e5-small
mkdir -p "$MADE"

[[ -d $E5 ]] || scripts/fetch_e5.sh
[[ -d $MADE/kb ]] || scripts/make_mini_kb.sh "$data" "$MADE/kb"
[[ -d $MADE/trained ]] || "$ENLACE" train --recipe enlace --kb "$MADE/kb" --init "$E5" --out "$MADE/trained" \
  --steps 2200 --max-tokens 48 --prefix ""
rm -rf "$MADE/blended" "$MADE/pruned" "$out.new"
"$ENLACE" model blend "$E5" "$MADE/trained" --share 0.6 --out "$MADE/blended"
make_venv build/mini-venv scripts/mini_requirements.txt
build/mini-venv/bin/python scripts/common_words.py "$MADE/words.txt"
"$ENLACE" model prune "$MADE/blended" --keep "$MADE/kb" --keep "$MADE/words.txt" --out "$MADE/pruned" \
  --at-least 150000 --scripts latin cyrillic greek han kana hangul arabic thai
"$ENLACE" model quantise "$MADE/pruned" --to int8 --out "$out.new" --names "$MADE/words.txt"
cp models/enlace-mini/NOTICE.md "$out.new/"
languages=(ar ca cs de el en es eu fr gl it ja ko nl pl pt ro ru sv th tr uk vi zh)
"$ENLACE" model card "$out.new" --name enlace-mini --licence MIT --base-model intfloat/multilingual-e5-small \
  "${languages[@]/#/--language=}"
rm -rf "$out.new"/packed-* && rm -rf "$out" && mv "$out.new" "$out"
