"""Compares `enlace embed` in every precision with transformers in f32, name by name.

    embedding_parity.py --kb KB --model NAME=FOLDER [--model …] [--random NAME…] [--count 10000]
                        [--precisions f32 bf16 int8] [--threads 2] [--seed 1]

KB is a table of code, name and language, or a folder of .po files; as many names of each language are
drawn. Besides the models given, those of bench/random_models.py are made, with the tokenizers of the
given ones, and compared on fewer names. What enlace refuses to open is told in the table.

Results replace those of the same machine, tier, model and precision in docs/benchmarks/embeddings.json;
embeddings.md is written from all of them. Exit code 1 if a model misses the goal of GOALS. Needs
build/peers-venv (bench/peers/run.sh) or build/bench-venv (bench/setup.sh).
"""

import argparse
import datetime
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from encoder_reference import Reference, names_by_language, sample_names
from machine import machine
from random_models import RANDOM_MODELS, make_random_model, tokenizer_kind
from run_accuracy import commit

ENLACE = Path("build/release/enlace")
RESULTS = Path("docs/benchmarks/embeddings.json")
GOALS = {"f32": (0.99999, 0.99999), "bf16": (0.9998, 0), "int8": (0.9995, 0.99)}  # mean, least
SUMMARY = re.compile(r"(\d+) strings/s, \d+ dimensions, (\S+) (\S+)\n$")


def embed(model: Path, names: list[str], precision: str) -> tuple[np.ndarray, str]:
    """The vectors, and the tier that computed them. Throws CalledProcessError."""
    with tempfile.TemporaryDirectory() as folder:
        texts, vectors = Path(folder, "names.txt"), Path(folder, "vectors.npy")
        texts.write_text("".join(name + "\n" for name in names), encoding="utf-8")
        done = subprocess.run([ENLACE, "embed", "--model", model, "--precision", precision, texts,
                               "--out", vectors], check=True, capture_output=True, text=True)
        return np.load(vectors), SUMMARY.search(done.stderr)[2]


def compare(name: str, model: Path, names: list[str], options) -> list[dict]:
    shared = {"machine": machine(), "model": name, "names": len(names),
              "languages": options.languages, "seed": options.seed,
              "date": datetime.date.today().isoformat(), "commit": commit()}
    expected = Reference(model, options.threads).encode(names).astype(np.float64)
    records = []
    for precision in options.precisions:
        try:
            found, tier = embed(model, names, precision)
        except subprocess.CalledProcessError as error:
            found, tier = None, ""
            records.append(shared | {"precision": precision, "tier": tier, "refused": error.stderr.strip().rpartition("/")[2]})
            print(records[-1], file=sys.stderr, flush=True)
            continue
        cosines = (found * expected).sum(1) / np.linalg.norm(found.astype(np.float64), axis=1)
        cosines /= np.linalg.norm(expected, axis=1)
        records.append(shared | {
            "precision": precision, "tier": tier, "cosine_mean": float(cosines.mean()),
            "cosine_min": float(cosines.min()), "largest_difference": float(np.abs(found - expected).max())})
        print(records[-1], file=sys.stderr, flush=True)
    return records


def meets_goal(record: dict) -> bool:
    mean, least = GOALS[record["precision"]]
    return record.get("cosine_mean", 0) >= mean and record["cosine_min"] >= least


def report(records: list[dict]) -> str:
    lines = ["# Embeddings beside transformers", "",
             "Written by `bench/embedding_parity.py`; do not edit. Cosines of the vectors of `enlace embed` to those of "
             "transformers in f32, over names in so many languages. Models marked *random* have random weights. Goals: f32 "
             "least 0.99999; bf16 mean 0.9998; int8 mean 0.9995 and least 0.99.", ""]
    for place in dict.fromkeys(one["machine"] for one in records):
        lines += [f"## {place}", "", "| model | precision | tier | names | languages | mean | least | largest difference | goal |",
                  "|---|---|---|--:|--:|--:|--:|--:|---|"]
        for one in records:
            if one["machine"] != place:
                continue
            if "refused" in one:
                lines.append(f"| {one['model']} | {one['precision']} | | | | | | | refused: {one['refused']} |")
                continue
            lines.append(f"| {one['model']} | {one['precision']} | {one['tier']} | {one['names']:,} | {one['languages']} | {one['cosine_mean']:.7f} | "
                         f"{one['cosine_min']:.7f} | {one['largest_difference']:.1e} | {'met' if meets_goal(one) else 'missed'} |")
        lines.append("")
    return "\n".join(lines)


def keep(records: list[dict]) -> None:
    def key(record: dict) -> tuple:
        return record["machine"], record["model"], record["precision"]
    old = json.loads(RESULTS.read_text()) if RESULTS.exists() else []
    refused = {key(one) for one in records if "refused" in one}  # whatever the tier
    new = {(*key(one), tier) for one in records for tier in (one["tier"], "")}  # "": it was refused before
    kept = [one for one in old if key(one) not in refused and (*key(one), one["tier"]) not in new] + records
    RESULTS.write_text(json.dumps(kept, indent=1) + "\n")
    RESULTS.with_suffix(".md").write_text(report(kept), encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kb", type=Path, required=True)
    parser.add_argument("--model", action="append", default=[], metavar="NAME=FOLDER")
    parser.add_argument("--random", nargs="*", default=list(RANDOM_MODELS), choices=list(RANDOM_MODELS))
    parser.add_argument("--precisions", nargs="*", default=list(GOALS), choices=list(GOALS))
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()

    options.languages = len(names_by_language(options.kb))
    names = sample_names(options.kb, options.count, options.seed)
    given = {name: Path(folder) for name, _, folder in (word.partition("=") for word in options.model)}
    tokenizers = {tokenizer_kind(folder): folder for folder in given.values()}
    records = []
    for name, folder in given.items():
        records += compare(name, folder, names, options)
        keep(records)
    for name in options.random:
        _, kind, few = RANDOM_MODELS[name]
        if kind != "BPE" and kind not in tokenizers:
            print(f"{name}: left out, no model with a tokenizer of kind {kind} was given", file=sys.stderr)
            continue
        with tempfile.TemporaryDirectory(dir="build") as folder:
            make_random_model(name, Path(folder), tokenizers, names)
            records += compare(f"{name}, random", Path(folder), names[:few], options)
        keep(records)
    return 0 if all("refused" not in one and meets_goal(one) for one in records) else 1


if __name__ == "__main__":
    sys.exit(main())
