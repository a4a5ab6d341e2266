#!/bin/bash
# Makes a knowledge base whose names train models/enlace-mini:
# make_mini_kb.sh DATA KB diseases|wide
#
# diseases: terminologies of diseases and findings, and headings of all kinds. wide: with the
# synonyms of Mondo and MeSH and the nouns of health and nature of WordNets, in five languages.
# DATA has a folder for each terminology; HPO, ICD-10-CM, WordNets and synonyms come from packages.
# KB is a folder of `enlace build`, without vectors, made from names that may be passed on, each
# under its licence.
# models/enlace-mini/NOTICE.md says whose they are, and what was left out and why. No corpus is read.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

[[ $# == 3 && $3 =~ ^(diseases|wide)$ ]] || fail "expected DATA KB diseases|wide, found: $*"
data=$(realpath "$1")
kb=$2
kind=$3
readonly ENLACE=${ENLACE:-build/release/enlace}
readonly PARTS=build/mini-kb

tables=$PARTS/tables
scripts/package_tables.sh "$PARTS" "$tables" "$data"

sources=()
from() { sources+=(--from "$1,source=$2,licence=$3"); }
wide() { [[ $kind == diseases ]] || from "$@"; }

plain='lang=en,columns=code:code;name:name'
from "obo=$PARTS/hpo/hp.obo" HPO HPO
from "csv=$tables/hpo.tsv,columns=code:code;name:name;lang:lang" HPO HPO
from "csv=$tables/mondo.tsv,$plain;parent:parents" Mondo CC-BY-4.0
wide "csv=$tables/mondo_synonyms.tsv,$plain" Mondo CC-BY-4.0
from "csv=$data/doid/HumanDO.tsv,quotes=yes,lang=en,columns=code:id;name:label" DOID CC0-1.0
from "obograph=$data/doid/doid-2018-07-05.json.gz,only=DOID:" DOID CC0-1.0
from "csv=$tables/doid_es.tsv,lang=es,columns=code:code;name:name;term_type:kind" DOID-es CC0-1.0
from "obograph=$tables/ordo.json,only=Orphanet:" ORDO CC-BY-4.0
from "csv=$tables/ordo.tsv,$plain" ORDO CC-BY-4.0
from "obograph=$data/ncit_ordo/ncit-disease-2018-06-08.json.gz,only=NCIT:" NCIt CC-BY-4.0
from "csv=$tables/mesh.tsv,$plain;parent:parents" MeSH NLM-MeSH
wide "csv=$tables/mesh_synonyms.tsv,$plain" MeSH NLM-MeSH
from "csv=$tables/icd10cm.tsv,$plain;parent:parents" ICD-10-CM public-domain
from "csv=$tables/gps.tsv,$plain;type:type" SNOMED-GPS CC-BY-4.0
wide "csv=$tables/wordnet.tsv,columns=code:code;name:name;lang:lang;licence:licence" WordNet CC-BY-SA-4.0
sources+=(--from "sssom=$tables/same.sssom.tsv")

"$ENLACE" build --model none --out "$kb" --licences "${sources[@]}"
python3 scripts/kb_figures.py "$ENLACE" "$kb"
