#!/bin/bash
# Makes models/enlace-mini, the model that comes with enlace: make_mini.sh DATA OUT [--rehearse]
#
# DATA has a folder for each terminology (scripts/make_mini_kb.sh); OUT is the folder to make. Some
# four and a half hours on two cores with AMX. What is there from an earlier run is not made again.
# --rehearse goes through all of it with two steps a training, apart from what a real run keeps, in
# some forty minutes: it shows that everything is at hand, and makes a model of no use.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

[[ $# == 2 || ($# == 3 && $3 == --rehearse) ]] || fail "expected DATA OUT [--rehearse], found: $*"
data=$1
out=${2%/}  # beside it, not in it, $out.new is made
rehearse=${3:-}
readonly ENLACE=${ENLACE:-build/release/enlace}
readonly MADE=build/mini${rehearse:+-rehearsal}
readonly E5=build/demo/models/multilingual-e5-small
mkdir -p "$MADE"

[[ -d $E5 ]] || scripts/fetch_e5.sh
for kind in diseases wide; do
  [[ -d $MADE/kb-$kind ]] || scripts/make_mini_kb.sh "$data" "$MADE/kb-$kind" $kind
done
make_venv build/mini-venv scripts/mini_requirements.txt
build/mini-venv/bin/python scripts/common_words.py "$MADE/words.txt"
prune() {
  rm -rf "$2"
  "$ENLACE" model prune "$1" --keep "$MADE/kb-wide" --keep "$MADE/words.txt" --out "$2" \
    --at-least 150000 --scripts latin cyrillic greek han kana hangul arabic thai
}
prune "$E5" "$MADE/e5-pruned"
steps() { [[ $rehearse ]] && echo 2 || echo "$1"; }
train() { # NAME KB INIT STEPS OPTION...
  [[ -d $MADE/trained-$1 ]] || "$ENLACE" train --recipe enlace --kb "$MADE/kb-$2" --init "$MADE/$3" \
    --out "$MADE/trained-$1" --max-tokens 48 --prefix "" --fold-case --steps "$(steps "$4")" "${@:5}"
}
blend() {
  rm -rf "$MADE/$4"
  "$ENLACE" model blend "$MADE/$1" "$MADE/$2" --share "$3" --out "$MADE/$4"
}
train diseases diseases e5-pruned 2200
train wide wide e5-pruned 3000 --vary 0.6
train longer wide e5-pruned 7500 --vary 0.6
train infonce wide e5-pruned 3000 --vary 0.6 --objective infonce --seed 34
blend trained-diseases trained-wide 0.4 both
blend e5-pruned both 0.8 two-runs
blend e5-pruned trained-longer 0.8 longer
blend two-runs longer 0.5 three-runs
blend three-runs trained-infonce 0.333 blended

# What was published then, in bytes, learns the clinical words of the thesaurus.
rm -rf "$MADE/first-int8" "$MADE/first"
"$ENLACE" model quantise "$MADE/blended" --to int8 --out "$MADE/first-int8"
"$ENLACE" model quantise "$MADE/first-int8" --to f32 --out "$MADE/first"
if [[ ! -d $MADE/kb-words ]]; then
  "$ENLACE" inspect "$MADE/kb-wide" --export >"$MADE/terms.jsonl"
  clinical=$(clinical_words "$MADE/clinical.tsv")
  "$ENLACE" build --model none --out "$MADE/kb-words" --licences --from "jsonl=$MADE/terms.jsonl" \
    --from "$clinical"
fi
train words words first 850 --vary 0.6 --objective infonce --warm-up 50 --seed 41
blend first trained-words 0.8 worded

rm -rf "$out.new"
awk 'NR % 32 == 0' "$MADE/words.txt" >"$MADE/some-words.txt"
"$ENLACE" model quantise "$MADE/worded" --to int8 --out "$out.new" --names "$MADE/some-words.txt" \
  --precision f32
cp models/enlace-mini/NOTICE.md "$out.new/"
languages=(ar ca cs de el en es eu fr gl it ja ko nl pl pt ro ru sv th tr uk vi zh)
"$ENLACE" model card "$out.new" --name enlace-mini --licence MIT --base-model intfloat/multilingual-e5-small \
  "${languages[@]/#/--language=}"
rm -rf "$out.new"/packed-* && rm -rf "$out" && mv "$out.new" "$out"
