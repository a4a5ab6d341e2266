"""Measures accuracy on the benchmark sets beside the reference libraries, and writes the report.

    run_accuracy.py --sets-folder SETS --model MODEL [--sets NAME…] [--retrievers ngram dense hybrid]
                    [--no-reference] [--reference-table TABLE.md] [--report-only]

SETS holds SET/kb.tsv (code, name, language) and SET/gold.tsv (mention, codes joined by "|").
Sets with the same kb.tsv share one knowledge base. ngram and dense are measured with the reference's
rule for ties (--ties code) and with the default one; the references are computed in the same run by
bench/reference_accuracy.py in build/bench-venv.

Results go to docs/benchmarks/accuracy.json, set by set as they come, and from there to accuracy.md.
A run over some sets or retrievers leaves the other results in place; each keeps its date and commit.
Needs only the standard library.
"""
import argparse
import datetime
import functools
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from accuracy_report import report
from eval_model import model_key, program_key

ENLACE = Path("build/release/enlace")
WORK = Path("build/bench/accuracy")
RESULTS = Path("docs/benchmarks/accuracy.json")
REPORT = Path("docs/benchmarks/accuracy.md")
PRECISION = "f32"  # of what enlace computes
REFERENCE_OF = {"ngram": "tfidf", "dense": "transformers"}
TIES = {"ngram": ("code", "default"), "dense": ("code", "default"), "hybrid": ("default",)}


def say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def run(command: list[str | Path]) -> str:
    """The standard output; exits if the command fails, whose standard error is the user's."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True,
                          check=False)
    if done.returncode != 0:
        sys.exit(f"run_accuracy: exit code {done.returncode}: {' '.join(map(str, command))}")
    return done.stdout.strip()


def replace_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(path.name + ".partial")
    scratch.write_text(text, encoding="utf-8")
    scratch.replace(path)


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def commit() -> str:
    name = run(["git", "rev-parse", "--short=10", "HEAD"])
    changed = run(["git", "status", "--porcelain", "--untracked-files=no", "--", "src", "CMakeLists.txt",
                   "cmake"])
    return name + ("+" if changed else "")


def circumstances(measured: dict) -> dict:
    """What a figure depends on besides the code."""
    return {"date": datetime.date.today().isoformat(), "commit": commit(), "processor": processor(),
            "cores": os.cpu_count(), "kernels": measured.get("kernels", "not reported")}


@functools.cache
def maker_of(model: Path) -> str:
    """Changes with whatever decides the vectors of a model's names."""
    return f"{model_key(model, PRECISION)}-{program_key(ENLACE)}"


def knowledge_base(tsv: Path, model: Path) -> Path:
    """The knowledge base of this content, built in f32 unless this program made a sound one of this model."""
    maker = maker_of(model)
    kb = WORK / "kb" / f"{hashlib.sha256(tsv.read_bytes()).hexdigest()[:16]}-{maker}"
    if kb.exists() and subprocess.run([ENLACE, "verify", kb], capture_output=True,
                                      check=False).returncode == 0:
        return kb
    say(f"{kb}: building from {tsv}")
    for other in kb.parent.glob("*"):  # of another model or program
        if not other.name.endswith(maker):
            shutil.rmtree(other)
    kb.parent.mkdir(parents=True, exist_ok=True)
    run([ENLACE, "build", "--out", kb, "--model", model, "--precision", PRECISION, "--from", f"tsv={tsv}"])
    return kb


def evaluate(kb: Path, gold: Path, retriever: str, ties: str) -> dict:
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "eval.json"
        command = [ENLACE, "eval", "--kb", kb, "--gold", gold, "--at", "1,5,25",
                   "--retriever", retriever, "--thesaurus", "none", "--abbreviations", "none", "--json", path]
        run(command + (["--ties", "code"] if ties == "code" else []))
        return json.loads(path.read_text())


def reference(python: Path, options: argparse.Namespace, name: str, method: str) -> dict:
    path = WORK / "reference.json"
    run([python, "bench/reference_accuracy.py", "--sets-folder", options.sets_folder,
         "--model", options.model, "--precision", options.precision, "--json", path,
         "--sets", name, "--methods", method])
    return json.loads(path.read_text())[name][method]


def read_reference_table(path: Path, results: dict) -> None:
    """Takes the figures of the references from a Markdown table of an earlier measurement, whose rows
    are: set, mentions, TF-IDF at 1 / 5 / 25, encoder at 1 / 5 / 25, and whatever follows."""
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) < 4 or cells[0] not in results:
            continue
        for method, cell in (("tfidf", cells[2]), ("transformers", cells[3])):
            shares = [float(share) for share in cell.split("/")]
            results[cells[0]][method] = {"accuracy": dict(zip(("1", "5", "25"), shares)),
                                         "date": f"from {path.name}", "precision": "bf16"}


def measure(options: argparse.Namespace, name: str, results: dict) -> None:
    folder = options.sets_folder / name
    kb = knowledge_base(folder / "kb.tsv", options.model)
    entry = results.setdefault(name, {})
    for retriever in options.retrievers:
        for ties in TIES[retriever]:
            measured = evaluate(kb, folder / "gold.tsv", retriever, ties)
            entry["mentions"] = measured["mentions"]
            entry["gold_in_kb"] = measured["gold_in_kb"]
            entry[f"{retriever} ties={ties}"] = {
                "accuracy": measured["accuracy"],
                "mentions_per_second": measured["mentions_per_second"], "precision": PRECISION,
                **circumstances(measured)}
            say(f"{name}: {retriever} ties={ties}: " +
                " / ".join(f"{measured['accuracy'][k]['value']:.3f}" for k in ("1", "5", "25")))
        method = REFERENCE_OF.get(retriever)
        if method and not options.no_reference:
            entry[method] = {"accuracy": reference(options.reference_python, options, name, method),
                             "date": datetime.date.today().isoformat()}
            if method == "transformers":
                entry[method]["precision"] = options.precision


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sets-folder", type=Path)
    parser.add_argument("--model", type=Path, default=Path("build/demo/models/multilingual-e5-small"))
    parser.add_argument("--sets", nargs="*", help="only these sets")
    parser.add_argument("--retrievers", nargs="*", default=list(TIES), choices=list(TIES))
    parser.add_argument("--precision", default="f32", choices=["f32", "bf16"],
                        help="of transformers")
    parser.add_argument("--reference-python", type=Path, default=Path("build/bench-venv/bin/python"))
    parser.add_argument("--no-reference", action="store_true", help="keep the reference figures")
    parser.add_argument("--reference-table", type=Path,
                        help="take the reference figures from this Markdown table")
    parser.add_argument("--report-only", action="store_true", help="only rewrite accuracy.md")
    options = parser.parse_args()
    if options.sets_folder is None and not options.report_only:
        parser.error("--sets-folder is needed")
    return options


def main() -> None:
    options = arguments()
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    if not options.report_only:
        known = sorted(path.parent.name for path in options.sets_folder.glob("*/kb.tsv"))
        unknown = set(options.sets or []) - set(known)
        if unknown or not known:
            sys.exit(f"{options.sets_folder}: expected sets {sorted(unknown)}, found {known}")
        for name in options.sets or known:
            measure(options, name, results)
            replace_text(RESULTS, json.dumps(results, indent=1, sort_keys=True) + "\n")
            replace_text(REPORT, report(results))
    if options.reference_table:
        read_reference_table(options.reference_table, results)
        replace_text(RESULTS, json.dumps(results, indent=1, sort_keys=True) + "\n")
    replace_text(REPORT, report(results))


if __name__ == "__main__":
    main()
