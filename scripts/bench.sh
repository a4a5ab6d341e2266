#!/bin/bash
# Runs every micro-benchmark of the release build, one program after the other.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

shopt -s nullglob
programs=(build/release/bench/*_bench)
[[ ${#programs[@]} -gt 0 ]] || fail "expected programs in build/release/bench, found none; run make build"
for program in "${programs[@]}"; do
  say "== ${program##*/}"
  "$program" "$@"
done
