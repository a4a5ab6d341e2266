"""How long after the start of the program is the first answer there?

    first_answer.py KB... [--model MODEL] [--rounds 20] [--mention MENTION]

For every knowledge base with vectors: the seconds from the start of `enlace link --kb KB`, with one mention on
standard input, to the first line that it writes; the median and the best of the rounds. The split is by what is
left out: a program that only tells its version, and `--retriever ngram`, which needs neither model nor vectors.
The files are in memory, as after a first call, and the packed weights are there. Adds to
docs/benchmarks/first_answer.json in the place of what has the same machine, model and number of texts, and
writes first_answer.md from all. Standard library only; needs build/release/enlace.
"""
import argparse
import contextlib
import datetime
import json
import re
import statistics
import subprocess
import time
from pathlib import Path

from machine import machine
from run_accuracy import ENLACE, commit

RESULTS = Path("docs/benchmarks/first_answer.json")
SIZES = re.compile(r"(\d+) distinct texts")


def seconds_to_first_line(command: list[str], mention: str) -> float:
    start = time.perf_counter()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        with contextlib.suppress(BrokenPipeError):  # by the program that reads nothing
            process.stdin.write(mention.encode() + b"\n")
            process.stdin.close()
        line = process.stdout.readline()
        seconds = time.perf_counter() - start
        process.stdout.read()
    if not line:
        raise SystemExit(f"{' '.join(command)}: no answer")
    return seconds


def measure(kb: Path, options) -> dict:
    link = [str(ENLACE), "link", "--kb", str(kb)]
    commands = {"program": [str(ENLACE), "--version"], "ngram": link + ["--retriever", "ngram"],
                "all": link + (["--model", str(options.model)] if options.model else [])}
    seconds = {what: [] for what in commands}
    for number in range(options.rounds + 1):
        for what, command in commands.items():
            taken = seconds_to_first_line(command, options.mention)
            if number > 0:  # the first fills the memory
                seconds[what].append(taken)
    model = options.model or Path(json.loads((kb / "manifest.json").read_text().splitlines()[0])["model"]["path"])
    texts = subprocess.run([ENLACE, "inspect", kb], check=True, capture_output=True, text=True).stdout
    return {"machine": machine(), "commit": commit(), "date": datetime.date.today().isoformat(), "rounds": options.rounds,
            "texts": int(SIZES.search(texts)[1]), "model": model.name, "median": {what: statistics.median(v) for what, v in seconds.items()},
            "best": {what: min(v) for what, v in seconds.items()}}


def report(records: list[dict]) -> str:
    lines = ["# The first answer", "",
             "Written by `bench/first_answer.py`; do not edit. Milliseconds from the start of `enlace link` to its first "
             "line, for one mention: median (best).", "",
             "| machine | model | distinct texts | the program alone | with the texts, by n-grams | with model and vectors | commit |",
             "|---|---|--:|--:|--:|--:|---|"]
    for one in records:
        times = " | ".join(f"{1e3 * one['median'][what]:.0f} ({1e3 * one['best'][what]:.0f})" for what in ("program", "ngram", "all"))
        lines.append(f"| {one['machine']} | {one['model']} | {one['texts']:,} | {times} | {one['commit']} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("kb", type=Path, nargs="+")
    parser.add_argument("--model", type=Path, help="where the model is now, if it is not where it was")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--mention", default="diabetes mellitus tipo 2")
    options = parser.parse_args()
    records = json.loads(RESULTS.read_text()) if RESULTS.exists() else []

    def key(one: dict) -> tuple:
        return one["machine"], one["model"], one["texts"]
    for kb in options.kb:
        new = measure(kb, options)
        records = [one for one in records if key(one) != key(new)] + [new]
        print(json.dumps(new, indent=1))
    records.sort(key=key)
    RESULTS.write_text(json.dumps(records, indent=1) + "\n")
    RESULTS.with_suffix(".md").write_text(report(records), encoding="utf-8")


if __name__ == "__main__":
    main()
