#!/bin/bash
# Makes models/enlace-mini, the model that comes with enlace: make_mini.sh DATA OUT
#
# DATA has a folder for each terminology (scripts/make_mini_kb.sh); OUT is the folder to make. About
# two hours on two cores with AMX. What is there from an earlier run is not made again.
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
for kind in diseases wide; do
  [[ -d $MADE/kb-$kind ]] || scripts/make_mini_kb.sh "$data" "$MADE/kb-$kind" $kind
done
train() {
  [[ -d $MADE/trained-$1 ]] || "$ENLACE" train --recipe enlace --kb "$MADE/kb-$1" --init "$E5" \
    --out "$MADE/trained-$1" --max-tokens 48 --prefix "" "${@:2}"
}
train diseases --steps 2200
train wide --steps 3000 --vary 0.6 --fold-case
rm -rf "$MADE/both" "$MADE/blended" "$MADE/pruned" "$out.new"
"$ENLACE" model blend "$MADE/trained-diseases" "$MADE/trained-wide" --share 0.4 --out "$MADE/both"
"$ENLACE" model blend "$E5" "$MADE/both" --share 0.8 --out "$MADE/blended"
make_venv build/mini-venv scripts/mini_requirements.txt
build/mini-venv/bin/python scripts/common_words.py "$MADE/words.txt"
"$ENLACE" model prune "$MADE/blended" --keep "$MADE/kb-wide" --keep "$MADE/words.txt" --out "$MADE/pruned" \
  --at-least 150000 --scripts latin cyrillic greek han kana hangul arabic thai
"$ENLACE" model quantise "$MADE/pruned" --to int8 --out "$out.new" --names "$MADE/words.txt"
cp models/enlace-mini/NOTICE.md "$out.new/"
languages=(ar ca cs de el en es eu fr gl it ja ko nl pl pt ro ru sv th tr uk vi zh)
"$ENLACE" model card "$out.new" --name enlace-mini --licence MIT --base-model intfloat/multilingual-e5-small \
  "${languages[@]/#/--language=}"
rm -rf "$out.new"/packed-* && rm -rf "$out" && mv "$out.new" "$out"
