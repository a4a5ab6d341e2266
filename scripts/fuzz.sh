#!/bin/sh
# Fuzzes one parser: scripts/fuzz.sh TARGET SECONDS [libFuzzer options]
# Builds the preset "fuzz", starts from tests/fuzz/corpus/TARGET, grows build/fuzz/corpus/TARGET and
# writes build/fuzz/TARGET.log. A finding stays in build/fuzz/findings/TARGET: reduce it (-minimize_crash=1),
# name it after the fact it broke and put it into the committed corpus. The run is added to the ledger,
# docs/benchmarks/fuzzing.json and .md (bench/fuzz_ledger.py): commit them with what the run led to.
set -eu
target=$1
seconds=$2
shift 2
cd "$(dirname "$0")/.."
cmake --preset fuzz >/dev/null
nice -n 19 cmake --build --preset fuzz --target "${target}_fuzz"
mkdir -p "build/fuzz/corpus/$target" "build/fuzz/findings/$target"
log=build/fuzz/$target.log
echo "log: $log"
python3 bench/fuzz_ledger.py "$target" "$log" "build/fuzz/findings/$target" \
  nice -n 19 "build/fuzz/tests/fuzz/${target}_fuzz" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
  -artifact_prefix="build/fuzz/findings/$target/" -print_final_stats=1 "$@" \
  "build/fuzz/corpus/$target" "tests/fuzz/corpus/$target" || { tail -n 40 "$log"; exit 1; }
tail -n 8 "$log"
