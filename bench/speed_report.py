"""Writes docs/benchmarks/speed.md from the JSON files that the speed and parity runs leave beside it.

    speed_report.py

Reads tokenizer_parity, ngram_speed and linking_speed; what is missing is left out.
Needs only the standard library.
"""
import json
from pathlib import Path

FOLDER = Path("docs/benchmarks")


def read(name: str) -> dict | None:
    path = FOLDER / name
    return json.loads(path.read_text()) if path.exists() else None


def ngrams(found: dict) -> list[str]:
    lines = ["## n-gram search beside scikit-learn", "",
             f"{found['names']:,} distinct names, {found['mentions']:,} mentions; {found['processor']}; "
             f"{found['workers']} threads against scikit-learn {found['scikit_learn']}, whose sparse product uses one.", "",
             "| k | mentions/s | scikit-learn | ratio | build, s | open, ms | peak memory, MB | other rows |",
             "|--:|--:|--:|--:|--:|--:|--:|--:|"]
    for run in found["runs"]:
        lines.append(f"| {run['k']} | {run['mentions_per_second']:,.0f} | {run['reference_mentions_per_second']:,.0f} | "
                     f"{run['ratio']:.1f} | {run['build_s']:.2f} | {1000 * run['open_s']:.1f} | "
                     f"{run['peak_memory_kb'] / 1024:.0f} | {run['other_rows']} |")
    return lines + [""]


def linking(found: dict) -> list[str]:
    return ["## A knowledge base, opened and asked by n-grams", "",
            f"{found['mentions']:,} mentions, accuracy at 1 {found['accuracy_at_1']:.4f}: {found['mentions_per_second']:,.0f} mentions/s, "
            f"opened in {found['open_ms']:.1f} to {found['slowest_open_ms']:.1f} ms in {found['rounds']} rounds, "
            f"{found['peak_memory_mb']} MB of resident memory at most. {found['processor']}, kernels {found['kernels']}.", ""]


def tokens(found: dict) -> list[str]:
    lines = ["## Token ids beside `tokenizers`", "", "| tokenizer | names | random strings | other ids, whole | other ids, cut to 48 |",
             "|---|--:|--:|--:|--:|"]
    for label, run in sorted(found.items()):
        lines.append(f"| {label} | {run['names']:,} | {run['random']:,} | {run['whole']['other_ids']} | {run['cut_to_48']['other_ids']} |")
    return lines + [""]


def main() -> None:
    lines = ["# Speed and parity", "", "Written by `bench/speed_report.py`; do not edit.", ""]
    for name, section in (("tokenizer_parity.json", tokens),
                          ("ngram_speed.json", ngrams), ("linking_speed.json", linking)):
        if (found := read(name)) is not None:
            lines += section(found)
    (FOLDER / "speed.md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
