#!/bin/bash
# Makes the knowledge base whose names train models/enlace-mini: make_mini_kb.sh DATA KB
#
# DATA has a folder for each terminology; HPO and ICD-10-CM come from packages. KB is a folder of
# `enlace build`, without vectors, made from names that may be passed on, each under its licence.
# models/enlace-mini/NOTICE.md says whose they are, and what was left out and why. No corpus is read.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

[[ $# == 2 ]] || fail "expected DATA KB, found $# arguments"
data=$(realpath "$1")
kb=$2
readonly ENLACE=${ENLACE:-build/release/enlace}
readonly PARTS=build/mini-kb

python3 scripts/fetch_mini_kb.py "$PARTS"
python3 scripts/mini_kb_tables.py "$data" "$PARTS/hpo/hp.obo" "$PARTS/tables"

hpo=licence=HPO,source=HPO
sources=(--from "obo=$PARTS/hpo/hp.obo,$hpo")
# status=any: candidates too, of which samples read well; never what is marked as not translated.
for table in "$data"/hpo/babelon/hp-{es,fr,de,it,pt,ja,zh}.babelon.tsv \
  "$data"/hpo/babelon/hp-{cs,de,fr,it,nl,tr}.synonyms.tsv; do
  sources+=(--from "babelon=$table,status=any,$hpo")
done

en() { sources+=(--from "$1,lang=en,source=$2,licence=$3"); }

tables=$PARTS/tables
named='columns=code:code;name:name'
en "csv=$tables/mondo.tsv,$named;parent:parents" Mondo CC-BY-4.0
en "csv=$data/doid/HumanDO.tsv,quotes=yes,columns=code:id;name:label" DOID CC0-1.0
en "obograph=$data/doid/doid-2018-07-05.json.gz,only=DOID:" DOID CC0-1.0
en "obograph=$data/ncit_ordo/ordo-2_6-2018-07-12.json.gz,only=Orphanet:" ORDO CC-BY-4.0
en "csv=$tables/ordo.tsv,$named" ORDO CC-BY-4.0
en "obograph=$data/ncit_ordo/ncit-disease-2018-06-08.json.gz,only=NCIT:" NCIt CC-BY-4.0
en "csv=$tables/mesh.tsv,$named;parent:parents" MeSH NLM-MeSH
en "csv=$tables/gps.tsv,$named;type:type" SNOMED-GPS CC-BY-4.0
icd10cm=$PARTS/icd10cm/icd10c-tabular-April-1-2026.xml
sources+=(
  --from "csv=$tables/doid_es.tsv,$named;term_type:kind,lang=es,source=DOID-es,licence=CC0-1.0"
  --from "icd10cm=$icd10cm,prefix=ICD10CM:,licence=public-domain"
  --from "sssom=$tables/same.sssom.tsv"
)
"$ENLACE" build --out "$kb" --licences "${sources[@]}"
python3 scripts/kb_figures.py "$ENLACE" "$kb"
