"""What changes in accuracy from one model, precision or way of retrieval to another, set by set.

    accuracy_change.py BEFORE.json AFTER.json [--title TITLE] [--within 0.3] [--out FILE]

The files are of `eval_model.py --json`. Prints a table in Markdown: each set at 1 and at 25, the change in points and in
mentions, the means, and how many sets change at 1 by no more points than --within. Standard library only.
"""
import argparse
import json
from pathlib import Path

from accuracy_report import Figures, cell, difference, groups, mean

DEPTHS = ("1", "25")


def points(side: dict, name: str) -> Figures:
    return tuple(100 * side[name]["accuracy"][depth] for depth in DEPTHS)


def change(before: dict, after: dict, name: str) -> Figures:
    return difference(points(after, name), points(before, name))


def table(before: dict, after: dict, within: float, titles: tuple[str, str]) -> list[str]:
    """Both by set: mentions, accuracy by depth as a share. Lines of Markdown."""
    steady = [name for name in before if abs(change(before, after, name)[0]) < within + 1e-4]
    lines = [f"At 1 changed by {within} points or less: {len(steady)} of {len(before)} sets.", "",
             f"| set | mentions | {titles[0]} | {titles[1]} | change | in mentions |", "|---|--:|--:|--:|--:|--:|"]
    for name, entry in before.items():
        changed = change(before, after, name)
        cells = [name, f"{entry['mentions']:,}", cell(points(before, name)), cell(points(after, name)),
                 cell(changed, "+.1f"), cell([round(entry["mentions"] * share / 100) for share in changed], "+d")]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def means(before: dict, after: dict) -> list[str]:
    return [f"| **{title}** | | | | {cell(mean(change(before, after, name) for name in names), '+.2f')} | |"
            for title, names in groups(before).items() if names]


def side(run: dict) -> str:
    kernels = f", kernels {run['kernels']}" if "kernels" in run else ""  # none in files of before
    return f"{run['model']}, products in {run['precision']}, {run['retriever']}, on {run['machine']}{kernels}"


def report(before: dict, after: dict, title: str, within: float) -> str:
    return "\n".join([
        f"# {title}", "",
        f"Made by `bench/accuracy_change.py`; do not edit. Percent of mentions whose concept is first and among the first 25. "
        f"Before: {side(before)}. After: {side(after)}.", "",
        *table(before["sets"], after["sets"], within, ("before", "after")), *means(before["sets"], after["sets"])]) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--title", default="What changes in accuracy")
    parser.add_argument("--within", type=float, default=0.3)
    parser.add_argument("--out", type=Path, help="also write the table to this file")
    options = parser.parse_args()
    before, after = (json.loads(path.read_text()) for path in (options.before, options.after))
    if before["sets"].keys() != after["sets"].keys():
        parser.error(f"expected the same sets, found {sorted(before['sets'].keys() ^ after['sets'].keys())} in one of them")
    text = report(before, after, options.title, options.within)
    if options.out:
        options.out.write_text(text)
    print(text, end="")


if __name__ == "__main__":
    main()
