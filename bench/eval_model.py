"""Accuracy of a model folder on all benchmark sets, beside the model it should beat.

    eval_model.py ENLACE MODEL --sets SETS [--retriever dense|hybrid] [--thesaurus PATH|none] [--abbreviations none]
                  [--precision bf16|int8|f32] [--only SET,SET…] [--ties code|short] [--cache FOLDER]
                  [--json FILE]

SETS holds SET/kb.tsv (code, name, language) and SET/gold.tsv (mention, codes joined by "|"). Prints
a table in Markdown: each set, then the means over the sets across languages and over the Spanish
ones, the same of bench/yardsticks.py, and on how many sets the model is not behind. --ties code, the
default, is the rule of the yardsticks.

Every distinct name of all sets is embedded once, into a knowledge base of names alone; those of the
sets take their vectors from it. Sets with equal kb.tsv share one. All of them stay in FOLDER (by
default build/bench/eval, 1.8 GB for the 25 open sets) for this state of ENLACE and MODEL, this precision
and these kernels only: the next retriever embeds mentions alone, and the next model replaces them. Runs at the same
time need a FOLDER each. Needs only the standard library.
"""
import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from accuracy_report import Figures, cell, difference, groups, mean
from machine import machine
from yardsticks import yardsticks

DEPTHS = ("1", "5", "25")


class Set(NamedTuple):
    name: str
    kb: Path
    gold: Path
    key: str  # of the content of kb


def run(command: list[str | Path]) -> None:
    """Exits with what the command said, if it fails."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"eval_model: exit code {done.returncode}: {' '.join(map(str, command))}\n"
                 + done.stderr)


def hash_of(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]


def program_key(enlace: Path) -> str:
    """Changes with the program and with the kernels that it chooses here."""
    done = subprocess.run([enlace.resolve(), "inspect", "--machine"], capture_output=True, text=True, check=False)
    tier = re.match(r"tier (\w+):", done.stdout)
    if not tier:
        sys.exit(f"{enlace}: expected a tier of kernels, found exit code {done.returncode}")
    return f"{hash_of(enlace)}-{tier[1]}"


def model_key(model: Path, precision: str) -> str:
    """Changes with any file that may decide the vectors; packed weights follow from the others."""
    files = sorted(path for path in model.rglob("*") if path.is_file()
                   and not path.relative_to(model).parts[0].startswith("packed-"))
    if not files:
        sys.exit(f"{model}: expected a model folder, found no file")
    return f"{hash_of(*files)}-{precision}"


def open_sets(folder: Path, only: list[str]) -> list[Set]:
    names = sorted(path.parent.name for path in folder.glob("*/kb.tsv"))
    unknown = set(only) - set(names)
    if unknown or not names:
        sys.exit(f"{folder}: expected sets {sorted(unknown)}, found {names}")
    return [Set(name, folder / name / "kb.tsv", folder / name / "gold.tsv",
                hash_of(folder / name / "kb.tsv")) for name in only or names]


def names_of(kb: Path) -> list[str]:
    return [line.split("\t")[1] for line in kb.read_text(encoding="utf-8").split("\n") if line]


class Cache:
    """The knowledge bases of one model in one precision by one program; `pool` has the names of all of them."""

    def __init__(self, options: argparse.Namespace):
        key = f"eval-{model_key(options.model, options.precision)}-{program_key(options.enlace)}"
        options.cache.mkdir(parents=True, exist_ok=True)
        for folder in options.cache.glob("eval-*"):
            if folder.name != key:
                shutil.rmtree(folder)
        self.folder = options.cache / key
        self.folder.mkdir(exist_ok=True)
        self.build = [options.enlace, "build", "--model", options.model.resolve(),
                      "--precision", options.precision]

    def embed(self, sets: list[Set]) -> None:
        """Embeds the names that the pool does not have."""
        record = self.folder / "pool.json"
        known = set(json.loads(record.read_text())) if record.exists() else set()
        wanted = {s.key: s.kb for s in sets if not (self.folder / s.key).exists()}
        if wanted.keys() <= known:
            return
        pool = self.folder / "pool.tsv"
        names = {name for kb in wanted.values() for name in names_of(kb)}
        if pool.exists():
            names.update(names_of(pool))
        pool.write_text("".join(f"{i}\t{name}\ten\n" for i, name in enumerate(sorted(names))),
                        encoding="utf-8")
        run([*self.build, "--out", self.folder / "pool", "--from", f"tsv={pool}"])
        record.write_text(json.dumps(sorted(known | wanted.keys())))

    def knowledge_base(self, part: Set) -> Path:
        kb = self.folder / part.key
        if not kb.exists():
            run([*self.build, "--out", kb, "--from", f"tsv={part.kb}",
                 "--vectors-from", self.folder / "pool"])
        return kb


def evaluate(options: argparse.Namespace, kb: Path, gold: Path) -> dict:
    hybrid = []  # what it asks beside spelling and meaning
    for flag in ("thesaurus", "abbreviations"):
        if value := getattr(options, flag):
            hybrid += [f"--{flag}", value]
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "eval.json"
        run([options.enlace, "eval", "--kb", kb, "--gold", gold, "--at", ",".join(DEPTHS),
             "--retriever", options.retriever, "--ties", options.ties, "--json", path,
             *hybrid])
        found = json.loads(path.read_text())
    if options.retriever == "hybrid" and options.thesaurus != "none" and not found["thesaurus"]:
        sys.exit(f"{options.enlace}: expected a thesaurus beside it, found none: give --thesaurus PATH or none")
    return found


def measure(options: argparse.Namespace) -> dict[str, dict]:
    """By set: mentions, gold_in_kb, accuracy by depth as a share, kernels, the thesaurus asked."""
    sets = open_sets(options.sets, options.only)
    cache = Cache(options)
    cache.embed(sets)
    results = {}
    for part in sets:
        found = evaluate(options, cache.knowledge_base(part), part.gold)
        accuracy = {depth: found["accuracy"][depth]["value"] for depth in DEPTHS}
        results[part.name] = {"mentions": found["mentions"], "gold_in_kb": found["gold_in_kb"],
                              "accuracy": accuracy, "kernels": found["kernels"],
                              "thesaurus": found["thesaurus"]}
        print(f"{part.name}: {cell(shares(results[part.name]))}", file=sys.stderr, flush=True)
    return results


def shares(entry: dict) -> Figures:
    return tuple(100 * entry["accuracy"][depth] for depth in DEPTHS)


def row(title: str, mentions: str, ours: Figures, zero_shot: Figures | None,
        fine_tuned: Figures | None) -> str:
    cells = [title, mentions, cell(ours), cell(zero_shot), cell(fine_tuned),
             cell(difference(ours, zero_shot), "+.1f"), cell(difference(ours, fine_tuned), "+.1f")]
    return f"| {' | '.join(cells)} |"


def report(results: dict[str, dict]) -> str:
    others = yardsticks()
    other = lambda name, column: others.get(name, {}).get(column)
    lines = ["| set | mentions | model | zero-shot | fine-tuned | − zero-shot | − fine-tuned |",
             "|---|--:|--:|--:|--:|--:|--:|"]
    for name, entry in results.items():
        lines.append(row(name, f"{entry['mentions']:,}", shares(entry),
                         other(name, "zero-shot"), other(name, "fine-tuned")))
    for title, names in groups(results).items():
        if names:
            lines.append(row(f"**{title}**", "", mean(shares(results[name]) for name in names),
                             *(mean(other(name, column) for name in names)
                               for column in ("zero-shot", "fine-tuned"))))
    known = [name for name in results if name in others]
    for column in ("zero-shot", "fine-tuned") if known else ():
        level = [sum(round(shares(results[name])[i], 1) >= round(others[name][column][i], 1)
                     for name in known) for i in range(len(DEPTHS))]
        lines += ["", f"At least equal to {column}, to a tenth of a point: "
                  + " / ".join(map(str, level)) + f" of {len(known)} sets."]
    return "\n".join(lines)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("enlace", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("--sets", type=Path, required=True)
    parser.add_argument("--retriever", default="dense", choices=["dense", "hybrid"])
    parser.add_argument("--thesaurus", help="as of enlace eval; default the one that comes with enlace")
    parser.add_argument("--abbreviations", help="as of enlace eval; default clinical for hybrid")
    parser.add_argument("--precision", default="bf16", choices=["f32", "bf16", "int8"])
    parser.add_argument("--only", type=lambda names: names.split(","), default=[])
    parser.add_argument("--ties", default="code", choices=["code", "short"])
    parser.add_argument("--cache", type=Path, default=Path("build/bench/eval"))
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    begun = time.monotonic()
    results = measure(options)
    print(report(results))
    print(f"{time.monotonic() - begun:.0f} s", file=sys.stderr)
    if options.json:
        options.json.write_text(json.dumps(
            {"model": options.model.name, "retriever": options.retriever,
             "thesaurus": options.thesaurus, "abbreviations": options.abbreviations,
             "precision": options.precision, "ties": options.ties, "machine": machine(),
             "kernels": ", ".join(sorted({entry["kernels"] for entry in results.values()})), "sets": results},
            indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
