#!/bin/bash
# Makes models/enlace-thesaurus, which `hybrid` asks by default: make_mini_thesaurus.sh DATA OUT
#
# DATA as for make_mini_kb.sh. The names that train enlace-mini, what dictionaries of FreeDict
# under CC BY-SA call them in fourteen languages, and the clinical words of models/enlace-thesaurus/words;
# OUT holds their hashes, and none of them (`enlace thesaurus`). models/enlace-thesaurus/NOTICE.md says
# whose they are. Some minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

[[ $# == 2 ]] || fail "expected DATA OUT, found: $*"
readonly DATA=$1 OUT=$2
readonly ENLACE=${ENLACE:-build/release/enlace}
readonly PARTS=build/mini-thesaurus

mkdir -p "$PARTS" "$OUT"
scripts/make_mini_kb.sh "$DATA" "$PARTS/terms" wide
"$ENLACE" inspect "$PARTS/terms" --export >"$PARTS/terms.jsonl"
scripts/fetch_freedict.sh "$PARTS/freedict"
python3 scripts/freedict_words.py --share-alike "$PARTS/freedict" "$PARTS/terms.jsonl" "$PARTS/words.tsv"
words='columns=code:code;name:name;lang:lang;scope:scope,source=FreeDict,licence=CC-BY-SA-3.0'
clinical=$(clinical_words "$PARTS/clinical.tsv")
"$ENLACE" build --model none --out "$PARTS/kb" --licences --from "jsonl=$PARTS/terms.jsonl" \
  --from "csv=$PARTS/words.tsv,$words" --from "$clinical"
"$ENLACE" thesaurus "$PARTS/kb" --out "$OUT/thesaurus.enlace"
