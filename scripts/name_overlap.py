"""How many gold mentions of the benchmark sets are, letter for letter, names of a knowledge base.

    name_overlap.py ENLACE KB --sets-folder SETS

Names that were trained on may well be mentions: both are what a disease is called. The figure says
how much of a set can be known by heart. Texts are compared without case, combining marks and further
blanks. Only the gold files of SETS are read. Needs only the standard library.
"""
import argparse
import unicodedata
from pathlib import Path

from kb_figures import exported


def normalise(text: str) -> str:
    text = unicodedata.normalize("NFKD", text).lower()
    return " ".join("".join(c for c in text if not unicodedata.combining(c)).split())


def mentions(gold: Path) -> list[str]:
    return [normalise(line.split("\t")[0]) for line in gold.open(encoding="utf-8")]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("enlace", type=Path)
    parser.add_argument("kb", type=Path)
    parser.add_argument("--sets-folder", type=Path, required=True)
    options = parser.parse_args()
    names = {normalise(name["text"]) for concept in exported(options.enlace, options.kb)
             for name in concept["names"]}
    print(f"{len(names):,} distinct names\n")
    print("| set | mentions | that are a name | distinct | that are a name |\n|---|--:|--:|--:|--:|")
    for gold in sorted(options.sets_folder.glob("*/gold.tsv")):
        found = mentions(gold)
        distinct = set(found)
        share = sum(mention in names for mention in found) / len(found)
        print(f"| {gold.parent.name} | {len(found):,} | {share:.1%} | {len(distinct):,} "
              f"| {len(distinct & names) / len(distinct):.1%} |")


if __name__ == "__main__":
    main()
