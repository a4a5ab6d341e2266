#!/bin/bash
# Formats src, tests and bench; format.sh --check changes nothing and fails if something would.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

case "$*" in
  "") options=(-i) ;;
  --check) options=(--dry-run -Werror) ;;
  *) fail "expected --check or nothing, found: $*" ;;
esac
find src tests bench -name '*.h' -print0 -o -name '*.cc' -print0 |
  xargs --null clang-format-14 "${options[@]}"
