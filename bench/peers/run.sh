#!/bin/bash
# Measures encoding and exact search beside the peers and writes docs/benchmarks/peers.{json,md}.
#
#   bench/peers/run.sh --kb KB.tsv --model NAME=FOLDER [--model …] [options of run.py]
#
# Makes build/peers-venv of requirements.txt first (several gigabytes) and builds what it measures.
set -euo pipefail
cd "$(dirname "$0")/../.."
source scripts/lib.sh
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE # some machines set them; they halve a peer's speed
make_venv build/peers-venv bench/peers/requirements.txt
cmake --preset release >/dev/null
cmake --build --preset release --target enlace encode_turns search_run >/dev/null
exec build/peers-venv/bin/python bench/peers/run.py "$@"
