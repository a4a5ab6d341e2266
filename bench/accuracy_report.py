"""The tables of docs/benchmarks/accuracy.md, from the results that run_accuracy.py keeps."""
from collections.abc import Callable, Iterable

KS = ("1", "5", "25")
SPANISH = ("spaccc-", "cantemist-")  # Spanish mentions against Spanish names; the rest is across languages

Figures = tuple[float, ...]  # accuracy at each of KS, in per cent


def figures(entry: dict, column: str) -> Figures | None:
    """Ours are {k: {"value", "low", "high"}}, a reference's {k: share}."""
    if column not in entry:
        return None
    values = (entry[column]["accuracy"][k] for k in KS)
    return tuple(100 * (v["value"] if isinstance(v, dict) else v) for v in values)


def difference(a: Figures | None, b: Figures | None) -> Figures | None:
    return tuple(x - y for x, y in zip(a, b)) if a and b else None


def best(a: Figures | None, b: Figures | None) -> Figures | None:
    return tuple(map(max, a, b)) if a and b else None


def mean(rows: Iterable[Figures | None]) -> Figures | None:
    """None unless every set has the figures: a mean over some would mislead."""
    rows = list(rows)
    if not rows or None in rows:
        return None
    return tuple(sum(column) / len(rows) for column in zip(*rows))


def cell(values: Figures | None, layout: str = ".1f") -> str:
    return " / ".join(f"{v:{layout}}" for v in values) if values else ""


def worst(values: Iterable[Figures | None]) -> Figures | None:
    rows = [row for row in values if row]
    return tuple(map(min, zip(*rows))) if rows else None


def groups(results: dict) -> dict[str, list[str]]:
    names = sorted(results)
    spanish = [name for name in names if name.startswith(SPANISH)]
    return {f"mean of all {len(names)}": names,
            f"mean of {len(names) - len(spanish)} across languages":
                [name for name in names if name not in spanish],
            f"mean of {len(spanish)} Spanish": spanish}


Column = tuple[str, Callable[[dict], Figures | None], str]  # title, figures of a set, layout


def table(results: dict, columns: list[Column]) -> list[str]:
    lines = ["| set | mentions | gold in KB | " + " | ".join(title for title, _, _ in columns) + " |",
             "|---|--:|--:|" + "--:|" * len(columns)]
    for name in sorted(results):
        entry = results[name]
        cells = [cell(of(entry), layout) for _, of, layout in columns]
        lines.append(f"| {name} | {entry['mentions']:,} | {100 * entry['gold_in_kb']:.1f} | "
                     + " | ".join(cells) + " |")
    for title, names in groups(results).items():
        if names:
            cells = [cell(mean(of(results[name]) for name in names), layout)
                     for _, of, layout in columns]
            lines.append(f"| **{title}** | | | " + " | ".join(cells) + " |")
    return lines


def beside_reference(results: dict, retriever: str, method: str) -> list[str]:
    ours = f"{retriever} ties=code"
    gap = lambda e: difference(figures(e, ours), figures(e, method))
    lines = table(results, [
        (retriever, lambda e: figures(e, ours), ".1f"),
        (method, lambda e: figures(e, method), ".1f"),
        ("difference", gap, "+.2f"),
        ("default ties", lambda e: figures(e, f"{retriever} ties=default"), ".1f")])
    lowest = worst(gap(entry) for entry in results.values())
    return lines + ["", f"Least difference on any set: {cell(lowest, '+.2f') or 'not measured'}."]


def hybrid(results: dict) -> list[str]:
    of = lambda column: lambda e: figures(e, column + " ties=default")
    both = lambda e: best(of("ngram")(e), of("dense")(e))
    gap = lambda e: difference(of("hybrid")(e), both(e))
    lines = table(results, [
        ("ngram", of("ngram"), ".1f"), ("dense", of("dense"), ".1f"), ("hybrid", of("hybrid"), ".1f"),
        ("hybrid − better of the two", gap, "+.2f"),
        ("hybrid − dense", lambda e: difference(of("hybrid")(e), of("dense")(e)), "+.2f")])
    lowest = worst(gap(entry) for entry in results.values())
    return lines + ["", f"Least difference to the better of the two on any set: "
                    f"{cell(lowest, '+.2f') or 'not measured'}."]


def circumstances(results: dict) -> list[str]:
    """One line per distinct processor, kernels, commit and date."""
    measured = [part for entry in results.values() for part in entry.values()
                if isinstance(part, dict) and "commit" in part]
    lines = sorted({f"* {part['processor']}, {part['cores']} cores, kernels {part['kernels']}; "
                    f"commit {part['commit']}, {part['date']}" for part in measured})
    precisions = sorted({entry["transformers"]["precision"] for entry in results.values()
                         if "transformers" in entry})
    return lines + [f"* transformers computed in {', '.join(precisions)}"] * bool(precisions)


def report(results: dict) -> str:
    lines = [
        "# Accuracy on the open sets", "",
        "Written by `bench/run_accuracy.py`; do not edit. Every figure is accuracy at 1 / 5 / 25 in per"
        " cent: the share of mentions with a right concept among the first so many distinct ones. Every"
        " gold mention counts; *gold in KB* is the ceiling. Differences are in points.", "",
        *circumstances(results), "",
        "## n-grams beside scikit-learn", "",
        "With the reference's rule for ties: equal scores, to five decimals, in the order of the codes.",
        "", *beside_reference(results, "ngram", "tfidf"), "",
        "## Dense beside transformers", "",
        "The same model, prefix and rule for ties.", "",
        *beside_reference(results, "dense", "transformers"), "",
        "## Hybrid", "",
        "By spelling and meaning alone, without short forms or a thesaurus, which enlace-mini.md and"
        " thesaurus.md have; with the default order among tied concepts.", "",
        *hybrid(results), ""]
    return "\n".join(lines)
