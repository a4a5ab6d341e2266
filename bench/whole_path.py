"""How long do a knowledge base with vectors and the linking of mentions take, and where does it go?

    whole_path.py --kb KB.tsv --gold GOLD.tsv --model MODEL [--precision int8] [--rounds 3]

Builds the knowledge base and links the mentions by the dense retriever, as a user would, and adds the
best round to docs/benchmarks/whole_path.json in the place of that of the same machine, tier and
precision; whole_path.md is written from all. The split comes from the same texts taken alone: the
tokenizer on one core (divided by the cores), `enlace embed` (tokenise and encode), and what is left
(search, reading, writing). Packed weights are there before it begins. Standard library only; needs
build/release with `enlace` and `tests/text_lines`.
"""
import argparse
import csv
import datetime
import json
import os
import re
import subprocess
import tempfile
import time
from pathlib import Path

from machine import machine
from model_usage import usage_of
from run_accuracy import ENLACE, commit

TEXT_LINES = Path("build/release/tests/text_lines")
RESULTS = Path("docs/benchmarks/whole_path.json")
EMBEDDED = re.compile(r" in ([\d.]+) s, \d+ strings/s, \d+ dimensions, (\S+) (\S+)\n$")


def run(*command, **options) -> subprocess.CompletedProcess:
    return subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True, **options)


def column(table: Path, number: int) -> list[str]:
    with table.open(encoding="utf-8", newline="") as file:
        return [row[number] for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if len(row) > number]


def alone(texts: list[str], options, scratch: Path) -> tuple[float, float, str]:
    """Seconds to tokenise `texts` by all cores, to tokenise and encode them, and the tier."""
    usage = usage_of(options.model)
    lines = "".join(json.dumps(usage["prefix"] + text) + "\n" for text in texts)
    told = run(TEXT_LINES, "time-tokenize", options.model / "tokenizer.json", usage["max_tokens"], input=lines).stdout
    tokenise = len(texts) / float(re.search(r"(\d+) strings/s", told)[1]) / os.cpu_count()
    (scratch / "texts.txt").write_text("".join(text + "\n" for text in texts), encoding="utf-8")
    best, tier = float("inf"), ""
    for _ in range(options.rounds):
        told = run(ENLACE, "embed", "--model", options.model, "--precision", options.precision,
                   scratch / "texts.txt", "--out", scratch / "texts.npy").stderr
        found = EMBEDDED.search(told)
        best, tier = min(best, float(found[1])), found[2]
    return tokenise, best, tier


def timed_build(options, scratch: Path, kb: Path) -> float:
    start = time.perf_counter()
    run(ENLACE, "build", "--out", kb, "--model", options.model, "--precision", options.precision,
        "--from", f"tsv={options.kb}")
    return time.perf_counter() - start


def timed_link(options, scratch: Path, kb: Path) -> tuple[float, dict]:
    run(ENLACE, "eval", "--kb", kb, "--gold", options.gold, "--retriever", "dense", "--json", scratch / "eval.json")
    measured = json.loads((scratch / "eval.json").read_text())
    return measured["mentions"] / measured["mentions_per_second"], measured


def split(total: float, tokenise: float, embed: float) -> dict:
    return {"seconds": total, "tokenise": tokenise, "encode": embed - tokenise, "rest": total - embed}


def measure(options) -> dict:
    with tempfile.TemporaryDirectory(dir="build") as folder:
        scratch = Path(folder)
        names, mentions = sorted(set(column(options.kb, 1))), sorted(set(column(options.gold, 0)))
        names_alone, mentions_alone = alone(names, options, scratch), alone(mentions, options, scratch)
        kbs = [scratch / f"kb-{number}" for number in range(options.rounds)]
        built = min(timed_build(options, scratch, kb) for kb in kbs)
        linked, measured = min((timed_link(options, scratch, kbs[0]) for _ in kbs), key=lambda one: one[0])
    return {"machine": machine(), "tier": names_alone[2], "precision": options.precision, "commit": commit(),
            "date": datetime.date.today().isoformat(), "names": len(column(options.kb, 1)),
            "distinct_names": len(names), "mentions": measured["mentions"], "distinct_mentions": len(mentions),
            "accuracy_at_1": measured["accuracy"]["1"]["value"],
            "build": split(built, *names_alone[:2]), "link": split(linked, *mentions_alone[:2])}


def report(records: list[dict]) -> str:
    lines = ["# The whole path", "",
             "Written by `bench/whole_path.py`; do not edit. Seconds, of which tokenising, encoding and the rest: reading, "
             "searching and writing. Equal texts are encoded once.", "",
             "| machine | tier | precision | what | seconds | a second | tokenise | encode | rest | accuracy at 1 |",
             "|---|---|---|---|--:|--:|--:|--:|--:|--:|"]
    for one in records:
        where = f"| {one['machine']} | {one['tier']} | {one['precision']} |"
        for what, count, accuracy in (("build", one["names"], ""), ("link", one["mentions"], f"{100 * one['accuracy_at_1']:.2f}")):
            part = one[what]
            noun = "names" if what == "build" else "mentions"
            lines.append(f"{where} {what} {count:,} {noun} | {part['seconds']:.2f} | {count / part['seconds']:,.0f} | "
                         f"{part['tokenise']:.2f} | {part['encode']:.2f} | {part['rest']:.2f} | {accuracy} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kb", type=Path, required=True)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--precision", default="int8", choices=["f32", "bf16", "int8"])
    parser.add_argument("--rounds", type=int, default=3)
    record = measure(parser.parse_args())

    def key(one: dict) -> tuple:
        return one["machine"], one["tier"], one["precision"]
    old = json.loads(RESULTS.read_text()) if RESULTS.exists() else []
    records = [one for one in old if key(one) != key(record)] + [record]
    RESULTS.write_text(json.dumps(records, indent=1) + "\n")
    RESULTS.with_suffix(".md").write_text(report(records), encoding="utf-8")
    print(json.dumps(record, indent=1))


if __name__ == "__main__":
    main()
