"""Measures what bf16 and int8 cost in accuracy against f32, on every benchmark set.

    precision_accuracy.py --sets-folder SETS --model MODEL [--sets NAME…] [--precisions f32 bf16 int8]
                          [--f32-from-accuracy]

For each precision a knowledge base is built from SET/kb.tsv and SET/gold.tsv is linked by the dense
retriever. --f32-from-accuracy takes the figures of f32 from docs/benchmarks/accuracy.json, which are
of multilingual-e5-small. Results go to docs/benchmarks/precision.json, one by one as they come, each
with the name of the folder MODEL, and those of that name from there to precision.md; what is there
is not measured again, and takes the place of what another model had.
Needs only the standard library.
"""
import argparse
import json
import shutil
import sys
from pathlib import Path

from run_accuracy import ENLACE, RESULTS as ACCURACY, WORK, circumstances, evaluate, replace_text, run, say

RESULTS = Path("docs/benchmarks/precision.json")
REPORT = Path("docs/benchmarks/precision.md")
DEPTHS = ("1", "5", "25")
PRECISIONS = ("f32", "bf16", "int8")
OF_ACCURACY = "multilingual-e5-small"  # the model of accuracy.json


def is_of(entry: dict | None, model: Path) -> bool:
    return entry is not None and entry["model"] == model.name


def of_model(results: dict, model: Path) -> dict:
    """What was measured of it, without the sets of which nothing was."""
    found = {}
    for name, entry in results.items():
        precisions = {key: value for key, value in entry.items() if key in PRECISIONS and is_of(value, model)}
        if precisions:
            found[name] = {"mentions": entry["mentions"], **precisions}
    return found


def measure(options: argparse.Namespace, results: dict) -> None:
    """Builds each knowledge base on the vectors of the one before it: most share their names."""
    for precision in options.precisions:
        before, measured_sets = None, 0
        for name in options.sets:
            if is_of(results.get(name, {}).get(precision), options.model):
                continue
            folder = options.sets_folder / name
            kb = WORK / f"precision-{precision}-{measured_sets % 2}"
            measured_sets += 1
            shutil.rmtree(kb, ignore_errors=True)
            kb.parent.mkdir(parents=True, exist_ok=True)
            reuse = ["--vectors-from", before] if before else []
            run([ENLACE, "build", "--out", kb, "--model", options.model, "--precision", precision,
                 "--from", f"tsv={folder / 'kb.tsv'}", *reuse])
            measured = evaluate(kb, folder / "gold.tsv", "dense", "default")
            accuracy = {depth: measured["accuracy"][depth]["value"] for depth in DEPTHS}
            results.setdefault(name, {})[precision] = {"model": options.model.name, "accuracy": accuracy,
                                                       **circumstances(measured)}
            results[name]["mentions"] = measured["mentions"]
            say(f"{name}: {precision}: " + " / ".join(f"{accuracy[depth]:.4f}" for depth in DEPTHS))
            replace_text(RESULTS, json.dumps(results, indent=1, sort_keys=True) + "\n")
            before = kb


def take_f32(results: dict, model: Path) -> None:
    for name, entry in json.loads(ACCURACY.read_text()).items():
        found = entry.get("dense ties=default")
        if found and found.get("precision") != "f32":
            sys.exit(f"{ACCURACY}: {name}: expected figures of f32, found {found.get('precision', 'no precision')}")
        if found and not is_of(results.get(name, {}).get("f32"), model):
            kept = {key: value for key, value in found.items() if key != "mentions_per_second"}
            kept["model"] = model.name
            kept["accuracy"] = {depth: found["accuracy"][depth]["value"] for depth in DEPTHS}
            results.setdefault(name, {})["f32"] = kept
            results[name]["mentions"] = entry["mentions"]


def machines(results: dict) -> str:
    """Where each precision was measured."""
    seen: dict[str, list[str]] = {}
    for precision in PRECISIONS:
        for place in sorted({f"{entry[precision]['processor']}, kernels {entry[precision]['kernels']}"
                             for entry in results.values() if precision in entry}):
            seen.setdefault(place, []).append(precision)
    return "; ".join(f"{', '.join(precisions)} on {place}" for place, precisions in seen.items())


def report(results: dict, model: Path) -> str:
    results = of_model(results, model)
    lines = ["# Accuracy by precision", "",
             f"The dense retriever with {model.name}; percent of mentions whose concept is "
             "among the first 1 / 5 / 25, and the difference from f32 in points. Made by "
             f"`bench/precision_accuracy.py`: {machines(results)}.", "",
             "| set | mentions | f32 | bf16 | int8 | bf16 - f32 at 1 | int8 - f32 at 1 | at 25 |",
             "|---|---:|---|---|---|---:|---:|---:|"]
    sums: dict[str, float] = {}
    complete = 0
    for name, entry in sorted(results.items()):
        shown, points = [], {}
        for precision in PRECISIONS:
            accuracy = entry.get(precision, {}).get("accuracy")
            shown.append(" / ".join(f"{100 * accuracy[d]:.2f}" for d in DEPTHS) if accuracy else "")
            for depth in ("1", "25"):
                if accuracy and "f32" in entry:
                    points[precision, depth] = 100 * (accuracy[depth]
                                                      - entry["f32"]["accuracy"][depth])
        cells = [f"{points[key]:+.2f}" if key in points else ""
                 for key in (("bf16", "1"), ("int8", "1"), ("int8", "25"))]
        lines.append(f"| {name} | {entry['mentions']} | {' | '.join(shown)} | {' | '.join(cells)} |")
        if len(points) == 6:
            complete += 1
            for key in (("bf16", "1"), ("int8", "1"), ("int8", "25")):
                sums["/".join(key)] = sums.get("/".join(key), 0) + points[key]
    if complete:
        means = " | ".join(f"{value / complete:+.2f}" for value in sums.values())
        lines.append(f"| mean of {complete} | | | | | {means} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets-folder", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--sets", nargs="*")
    parser.add_argument("--precisions", nargs="*", default=["int8", "bf16", "f32"])
    parser.add_argument("--f32-from-accuracy", action="store_true")
    options = parser.parse_args()
    if not options.sets:
        options.sets = sorted(path.name for path in options.sets_folder.iterdir()
                              if (path / "gold.tsv").exists())
    options.model = options.model.resolve()  # so that it has a name
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    if options.f32_from_accuracy:
        if options.model.name != OF_ACCURACY:
            parser.error(f"--f32-from-accuracy: expected {OF_ACCURACY}, found {options.model.name}")
        take_f32(results, options.model)
        options.precisions = [p for p in options.precisions if p != "f32"]
    measure(options, results)
    replace_text(RESULTS, json.dumps(results, indent=1, sort_keys=True) + "\n")
    replace_text(REPORT, report(results, options.model))


if __name__ == "__main__":
    main()
