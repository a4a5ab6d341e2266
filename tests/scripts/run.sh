#!/bin/bash
# Runs the tests of scripts/ and bench/: run.sh PYTHON. Those that need numpy are skipped without it.
set -euo pipefail
cd "$(dirname "$0")/../.."
PYTHONPATH=scripts:bench PYTHONDONTWRITEBYTECODE=1 exec "$1" -m unittest discover --start-directory tests/scripts \
  --pattern '*_test.py'
