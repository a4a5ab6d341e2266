"""Writes docs/benchmarks/peers.md from peers.json and what lies beside it. Standard library only."""

import json
from pathlib import Path

HEAD = """# Encoding and exact search beside the peers

Written by `bench/peers/run.sh`; do not edit. Every section is one machine under one instruction set.

How it was measured: the same names of a knowledge base, as many threads for every engine, in turns of three seconds, the
best round of each. Peers get token ids, sorted by length, in the best of batches of 32, 64 and 128, one
batch by all threads or one a thread, whichever is faster; ONNX Runtime in the faster of its exported and
its fused graph. Their tokenisation is **not** counted, except for sentence-transformers, which gets texts
as a user gives them; for enlace it **is** counted, from text to vector. Opening a model is counted for
nobody. Cosines are to PyTorch in f32. *One string* is the median of single strings of all lengths.
`OPENBLAS_CORETYPE` and `OPENBLAS_L2_SIZE` are unset. *Kept to* an instruction set means by `ENLACE_ISA`,
`ATEN_CPU_CAPABILITY`, `ONEDNN_MAX_CPU_ISA`, `MKL_ENABLE_INSTRUCTIONS` and `CT2_FORCE_CPU_ISA`; ONNX
Runtime has no such switch and keeps using all that the processor has: there its rows are given, but the
best peer is chosen among the others. AVX2 is with AVX-VNNI where the processor has it, for all of them.
"""


def measured(records: list[dict]) -> list[dict]:
    """Those whose engine did not fail."""
    return [one for one in records if not one.get("failed")]


def is_kept(record: dict) -> bool:
    """Whether the library computed with no more than the tier it was to be kept to."""
    return not (record["limited"] and record["engine"] == "onnxruntime")


def shares(records: list[dict], ours: dict) -> tuple[float, float]:
    """`ours` to the best peer: strings a second, and the time of one string."""
    peers = [one for one in measured(records) if one["engine"] != "enlace" and is_kept(one)]
    if not peers:
        return float("nan"), float("nan")
    return (ours["strings_per_second"] / max(one["strings_per_second"] for one in peers),
            ours["latency_ms"] / min(one["latency_ms"] for one in peers))


def row(record: dict, records: list[dict]) -> str:
    own = record["engine"] == "enlace"
    name = "**enlace**" if own else f"{record['engine']} {record['version']}"
    if not is_kept(record):
        name += " (not kept)"
    speed, time = (f"**{x:.2f}**" if own else f"{x:.2f}" for x in shares(records, record))
    cosine = f"{record['cosine_mean']:.5f} / {record['cosine_min']:.5f}" if "cosine_mean" in record else ""
    way = f"{record['batch']} × {record['streams']}" if "batch" in record else ""
    return (f"| {name} | {record['type']} | {record['strings_per_second']:,.0f} | {speed} | "
            f"{record['latency_ms']:.2f} | {time} | {cosine} | {way} |")


def section(records: list[dict]) -> list[str]:
    first = records[0]
    lines = [f"### {first['model']}", "",
             f"{first['names']:,} of {first['of']:,} names, {first['tokens_per_name']:.1f} tokens each, "
             f"{first['threads']} threads; commit {first['commit']}, {first['date']}.", "",
             "| engine | type | strings/s | × best peer | one string, ms | of best peer's | cosine, mean / least | batch × at once |",
             "|---|---|--:|--:|--:|--:|--:|--:|"]
    order = sorted(measured(records), key=lambda one: (one["engine"] != "enlace", -one["strings_per_second"]))
    failed = [f"| {one['engine']} {one['version']} | {one['type']} | not measured: it failed | | | | | |"
              for one in records if one.get("failed")]
    return lines + [row(one, records) for one in order] + failed + [""]


def grouped(records: list[dict], *keys: str) -> dict[tuple, list[dict]]:
    groups: dict[tuple, list[dict]] = {}
    for record in records:
        groups.setdefault(tuple(record[key] for key in keys), []).append(record)
    return groups


def read(path: Path) -> list | dict:
    return json.loads(path.read_text()) if path.exists() else []


def write(results: Path) -> None:
    lines = HEAD.splitlines() + [""]
    for (machine, tier, limited), records in grouped(read(results), "machine", "tier", "limited").items():
        lines += [f"## {machine}: {'kept to ' if limited else ''}{tier}", ""]
        for of_model in grouped(records, "model").values():
            lines += section(of_model)
    lines += ["## Exact search", "", "[search.md](search.md), by `bench/peers/search.py`.", ""]
    lines += ["## Tokenisation", "", "Parity and speed beside `tokenizers` are measured by `tests/parity/tokenizer_parity.py`.", ""]
    results.with_suffix(".md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    write(Path("docs/benchmarks/peers.json"))
