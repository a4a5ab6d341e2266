"""Prints what names a knowledge base has, by language, source and licence, and how they meet.

    kb_figures.py ENLACE KB

Only the standard library; reads `enlace inspect KB --export` line by line.
"""
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path


def exported(enlace: str | Path, kb: str | Path) -> Iterator[dict]:
    """The concepts, as `enlace inspect --export` writes them."""
    with subprocess.Popen([enlace, "inspect", kb, "--export"], stdout=subprocess.PIPE) as process:
        for line in process.stdout:
            yield json.loads(line)
    if process.returncode != 0:
        sys.exit(f"kb_figures: {enlace} inspect: exit code {process.returncode}")


def listed(counts: Iterable[tuple]) -> str:
    return ", ".join(f"{what} {count:,}" for what, count in counts)


def main(enlace: str, kb: str) -> None:
    totals, concepts = Counter(), Counter()
    parts = {"language": Counter(), "source": Counter(), "licence": Counter()}
    partners, languages_of = Counter(), Counter()
    for concept in exported(enlace, kb):
        names = concept.get("names", [])
        if not names:
            continue
        texts = {name["text"].casefold() for name in names}
        languages = {name.get("language", "?") for name in names}
        totals["concepts"] += 1
        totals["names"] += len(names)
        totals["concepts with two or more names"] += len(texts) > 1
        totals["concepts with names in two or more languages"] += len(languages) > 1
        sources = {name.get("source") for name in names}
        totals["concepts with names of two or more sources"] += len(sources) > 1
        totals["concepts with a parent"] += bool(concept.get("parents"))
        languages_of[len(languages)] += 1
        for key, counts in parts.items():
            counts.update(name.get(key, "none stated") for name in names)
        concepts.update(languages)
        partners.update(l for l in languages if len(languages) > 1)
    for what, count in totals.items():
        print(f"{count:>9,}  {what}")
    for key, counts in parts.items():
        print(f"names by {key}:", listed(counts.most_common()))
    print("concepts by language:", listed(concepts.most_common()))
    print("of them with another language:", listed(partners.most_common()))
    print("concepts by number of languages:", listed(sorted(languages_of.items())))


if __name__ == "__main__":
    main(*sys.argv[1:])
