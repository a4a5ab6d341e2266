"""What annotated mentions add: trains on those of a corpus and measures on its development fold.

    train_mentions.py ENLACE MODEL --benchsets BENCHSETS --sets SETS [--scratch FOLDER] [--steps N] [--only CORPUS]

For SPACCC (diseases, procedures and symptoms together) and CT-EBM-SP: `enlace train --recipe enlace --mentions`
from MODEL with all mentions of the training fold and the names of the knowledge base, then the accuracy of MODEL and
of the trained one on the development sets (bench/eval_model.py), dense, in bf16. BENCHSETS is the script that writes
SETS. The weights stay in FOLDER (by default build/bench/mentions). docs/benchmarks/mentions.json keeps the results,
mentions.md is written from them. No development mention is trained on.
"""
import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from accuracy_report import Figures, cell, difference, mean
from machine import machine
from training_folds import folds, module_at

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "docs/benchmarks/mentions.json"
SETS_OF = {
    "SPACCC": [f"spaccc-{label}-dev{names}" for label in ("enfermedad", "procedimiento", "sintoma")
               for names in ("", "+train")],
    "CT-EBM-SP": ["ctebm-dev"],
}


def run(command: list) -> None:
    subprocess.run([str(word) for word in command], check=True)


def training_data(benchsets: Path) -> dict:
    """By corpus: the names of its knowledge base and all mentions of its training fold."""
    data = {"SPACCC": (None, []), "CT-EBM-SP": (None, [])}
    for name, kb, mentions, _ in folds(module_at(benchsets)):
        corpus = {"spaccc": "SPACCC", "ctebm": "CT-EBM-SP"}.get(name.split("-")[0])
        if corpus:
            data[corpus] = (kb, data[corpus][1] + mentions)
    return data


def warm_up(steps: int) -> int:
    return steps // 10


def train(options: argparse.Namespace, corpus: str, kb: list, mentions: list) -> None:
    folder = options.scratch / corpus
    module_at(options.benchsets).write(str(options.scratch), corpus, kb, mentions)
    shutil.rmtree(folder / "model", ignore_errors=True)
    run([options.enlace, "build", "--out", folder / "kb", "--from", f"tsv={folder / 'kb.tsv'}", "--model", "none"])
    run([options.enlace, "train", "--recipe", "enlace", "--restart", "--kb", folder / "kb", "--mentions",
         folder / "gold.tsv", "--init", options.model, "--out", folder / "model", "--steps", options.steps,
         "--warm-up", warm_up(options.steps)])


def accuracy(options: argparse.Namespace, model: Path, names: list[str]) -> dict[str, list[float]]:
    """By set: percent whose concept is first, among 5 and among 25."""
    with tempfile.TemporaryDirectory() as scratch:
        found = Path(scratch) / "eval.json"
        run([sys.executable, ROOT / "bench/eval_model.py", options.enlace, model, "--sets", options.sets, "--only",
             ",".join(names), "--cache", options.scratch / "eval", "--json", found])
        sets = json.loads(found.read_text())["sets"]
    return {name: [100 * sets[name]["accuracy"][depth] for depth in ("1", "5", "25")] for name in names}


def table(result: dict) -> list[str]:
    lines = ["| set | before | after | difference |", "|---|--:|--:|--:|"]
    rows: list[tuple[str, Figures, Figures]] = [
        (name, tuple(result["before"][name]), tuple(result["after"][name])) for name in result["before"]]
    if len(rows) > 1:
        rows.append(("**mean**", mean(before for _, before, _ in rows), mean(after for _, _, after in rows)))
    return lines + [f"| {name} | {cell(before)} | {cell(after)} | {cell(difference(after, before), '+.1f')} |"
                    for name, before, after in rows]


def command(result: dict) -> str:
    """As train() runs it, with the names of the paths."""
    return (f"enlace train --recipe enlace --kb kb --mentions gold.tsv --init {result['model']} --out model "
            f"--steps {result['steps']} --warm-up {warm_up(result['steps'])}")


def report(results: dict) -> str:
    lines = ["# What annotated mentions add", "",
             "Made by `bench/train_mentions.py`; do not edit. Percent of mentions of the development fold whose concept "
             "is first, among the first 5 and among the first 25, dense retrieval alone, products in bf16. Sets with "
             "`+train` have the mentions of the training fold as names too, before and after.", ""]
    for corpus, result in results.items():
        lines += [f"## {corpus}", "",
                  f"`{command(result)}`: {result['mentions']:,} mentions on {result['machine']}.",
                  "", *table(result), ""]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("enlace", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("--benchsets", type=Path, required=True)
    parser.add_argument("--sets", type=Path, required=True)
    parser.add_argument("--scratch", type=Path, default=ROOT / "build/bench/mentions")
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--only", choices=SETS_OF)
    options = parser.parse_args()
    options.scratch.mkdir(parents=True, exist_ok=True)
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    for corpus, (kb, mentions) in training_data(options.benchsets).items():
        if options.only not in (None, corpus):
            continue
        train(options, corpus, kb, mentions)
        results[corpus] = {"model": options.model.name, "machine": machine(), "steps": options.steps,
                           "mentions": len(mentions),
                           "before": accuracy(options, options.model, SETS_OF[corpus]),
                           "after": accuracy(options, options.scratch / corpus / "model", SETS_OF[corpus])}
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")
        RESULTS.with_suffix(".md").write_text(report(results))


if __name__ == "__main__":
    main()
