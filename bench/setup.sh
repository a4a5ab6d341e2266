#!/bin/bash
# Makes build/bench-venv: the reference libraries of bench/requirements.txt (several gigabytes).
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh
make_venv build/bench-venv bench/requirements.txt
