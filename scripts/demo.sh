#!/bin/bash
# The demonstration: sets up, builds, fetches terminology, builds the knowledge base, and
# links a clinical case in three languages. The tables go to standard output, the rest to standard
# error. What is there from an earlier run is not made again.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

readonly ENLACE=build/release/enlace
readonly DEMO=build/demo
readonly MODEL=models/enlace-mini
readonly PYTHON=build/venv/bin/python

prepare() {
  scripts/setup.sh packages venv
  cmake --preset release
  cmake --build --preset release --target enlace
  "$PYTHON" scripts/fetch_demo.py "$DEMO"
}

readonly SOURCES=(--from "tryton=$DEMO/icd10,lang=es;fr;de" --from "obo=$DEMO/hpo/hp.obo,source=HPO")

# What the knowledge base is made from; kept beside it, to know whether it is still the right one.
ingredients() {
  "$ENLACE" --version
  echo "${SOURCES[@]}"
  cat "$DEMO/icd10/ORIGIN" "$DEMO/hpo/ORIGIN"
  sha256sum "$MODEL/model.safetensors"
}

build_kb() {
  if cmp --silent "$DEMO/kb.origin" <(ingredients) && "$ENLACE" verify "$DEMO/kb" >/dev/null 2>&1; then
    say "$DEMO/kb: up to date"
    return
  fi
  "$ENLACE" inspect --machine
  say "$DEMO/kb: embedding every name, which takes minutes"
  "$ENLACE" build --out "$DEMO/kb" "${SOURCES[@]}"
  ingredients >"$DEMO/kb.origin"
}

link() {
  local language=$1 document=$DEMO/case/$1.jsonl
  mkdir -p "$DEMO/case"
  "$PYTHON" scripts/mark_mentions.py "$language" <"examples/demo/$language.txt" >"$document"
  printf '\n'
  sed 's/\[\[//g; s/\]\]//g' "examples/demo/$language.txt"
  printf '\n'
  "$ENLACE" link --kb "$DEMO/kb" --format table --top 1 "$document"
}

prepare >&2
build_kb >&2
for language in es fr de; do link "$language"; done
