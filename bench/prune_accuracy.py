"""What cutting a model's vocabulary changes on all benchmark sets.

    prune_accuracy.py ENLACE MODEL --sets SETS [--names KB] [--languages es,en,fr,de,nl,tr,ja] [--count 19000]
                      [--at-least 64000] [--scripts latin,greek,han,kana] [--cache FOLDER]
                      [--out docs/benchmarks/pruning.md]

Prunes MODEL to what the names of the sets' knowledge bases need, and for their mentions' languages common words
(scripts/common_words.py) and, where the knowledge bases have no name in one, the names of KB (that of
scripts/make_mini_kb.sh); and to as many entries as --at-least says. Then compares dense retrieval by both models, products in
bf16 (eval_model.py). No mention decides what stays. Needs wordfreq (scripts/mini_requirements.txt). About five minutes.
"""
import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import accuracy_change
import eval_model
from machine import machine

COMMON_WORDS = Path(__file__).parents[1] / "scripts/common_words.py"


def languages_of(bases) -> set[str]:
    return {line.split("\t")[2] for kb in bases for line in kb.read_text(encoding="utf-8").split("\n") if line}


def further_names(options, known: set[str]) -> set[str]:
    """The names of options.names in languages of the mentions that no set's knowledge base has."""
    if not options.names:
        return set()
    wanted = set(options.languages.split(",")) - known
    exported = subprocess.run([options.enlace, "inspect", options.names, "--export"], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True, check=True).stdout
    concepts = (json.loads(line) for line in exported.splitlines())
    return {name["text"] for concept in concepts for name in concept["names"] if name["language"] in wanted}


def prune(options, folder: Path) -> dict:
    """Makes folder/pruned; what its pruning.json says."""
    names, words = folder / "names.txt", folder / "words.txt"
    sets = eval_model.open_sets(options.sets, [])
    bases = {s.key: s.kb for s in sets}.values()
    kept = {name for kb in bases for name in eval_model.names_of(kb)} | further_names(options, languages_of(bases))
    names.write_text("".join(f"{name}\n" for name in sorted(kept)), encoding="utf-8")
    subprocess.run([sys.executable, COMMON_WORDS, words, "--languages", options.languages, "--count", str(options.count)],
                   check=True)
    eval_model.run([options.enlace, "model", "prune", options.model, "--keep", names, "--keep", words, "--scripts",
                    options.scripts, "--at-least", str(options.at_least), "--out", folder / "pruned"])
    return json.loads((folder / "pruned/pruning.json").read_text())


def measure(options, model: Path) -> dict:
    return eval_model.measure(argparse.Namespace(
        enlace=options.enlace, model=model, sets=options.sets, retriever="dense", thesaurus=None, abbreviations=None,
        precision="bf16", only=[], ties="code", cache=options.cache))


def report(options, record: dict, before: dict, after: dict) -> str:
    others = ", those of enlace-mini in languages that they do not have" if options.names else ""
    return "\n".join([
        f"# A vocabulary cut to {record['entries_after']:,} entries", "",
        f"Made by `bench/prune_accuracy.py`; do not edit. {options.model.name}, {record['entries_before']:,} entries, pruned to "
        f"{record['entries_after']:,}: what the names of the sets' knowledge bases{others} and the {options.count:,} most "
        f"common words of {options.languages.replace(',', ', ')} need in any case and within longer words, every character of "
        f"their scripts, and the most frequent entries of these scripts. No mention decided. Percent of mentions whose concept "
        f"is first and among the first 25; dense retrieval alone, products in bf16; {machine()}.", "",
        *accuracy_change.table(before, after, 0.2, ("whole", "pruned"))]) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("enlace", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("--sets", type=Path, required=True)
    parser.add_argument("--names", type=Path)
    parser.add_argument("--languages", default="es,en,fr,de,nl,tr,ja")
    parser.add_argument("--count", type=int, default=19_000)
    parser.add_argument("--at-least", type=int, default=64_000)
    parser.add_argument("--scripts", default="latin,greek,han,kana")
    parser.add_argument("--cache", type=Path, default=Path("build/bench/eval"))
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks/pruning.md"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        record = prune(options, Path(name))
        before = measure(options, options.model)
        after = measure(options, Path(name) / "pruned")
    text = report(options, record, before, after)
    options.out.write_text(text)
    print(text)


if __name__ == "__main__":
    main()
