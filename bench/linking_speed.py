"""How fast does a knowledge base open and link by n-grams, and in how much memory?

    linking_speed.py --kb KB.tsv --gold GOLD.tsv [--rounds 3]

Builds a knowledge base without vectors from KB.tsv, evaluates GOLD.tsv with `--retriever ngram` so
many times, and writes the best round to docs/benchmarks/linking_speed.json: everything a user waits
for, with the accuracy of the same run. Needs only the standard library and build/release/enlace.
"""
import argparse
import json
import re
import subprocess
import tempfile
from pathlib import Path

from run_accuracy import ENLACE, circumstances

RESULT = Path("docs/benchmarks/linking_speed.json")
SUMMARY = re.compile(r"opened in ([\d.]+) ms; (\d+) MB at most")


def evaluate(kb: Path, gold: Path, scratch: Path) -> dict:
    done = subprocess.run([ENLACE, "eval", "--kb", kb, "--gold", gold, "--retriever", "ngram",
                           "--json", scratch / "eval.json"], capture_output=True, text=True, check=True)
    measured = json.loads((scratch / "eval.json").read_text())
    open_ms, memory_mb = SUMMARY.search(done.stdout).groups()
    return {"mentions": measured["mentions"], "mentions_per_second": measured["mentions_per_second"],
            "accuracy_at_1": measured["accuracy"]["1"]["value"], "open_ms": float(open_ms),
            "peak_memory_mb": int(memory_mb), **circumstances(measured)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kb", type=Path, required=True)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        subprocess.run([ENLACE, "build", "--model", "none", "--out", scratch / "kb", "--from", f"tsv={options.kb}"],
                       capture_output=True, check=True)
        rounds = [evaluate(scratch / "kb", options.gold, scratch) for _ in range(options.rounds)]
    best = max(rounds, key=lambda one: one["mentions_per_second"])
    best |= {"open_ms": min(one["open_ms"] for one in rounds),
             "slowest_open_ms": max(one["open_ms"] for one in rounds), "rounds": options.rounds}
    RESULT.write_text(json.dumps(best, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(best, indent=2))


if __name__ == "__main__":
    main()
