"""Times `enlace embed` beside PyTorch on the same names; writes docs/benchmarks/encoder_speed.json.

    encoder_speed.py --kb KB.tsv --model MODEL [--count 4000] [--rounds 3] [--threads 2]

PyTorch runs as sentence-transformers does: f32, batches of 128 sorted by length. Both run in turn,
round by round, so that what else the machine does weighs on both; the best round of each counts.
Tokenization is part of both, opening the model of neither. CPU seconds are given beside the wall's:
they are what remains comparable on a machine that others use. Needs build/bench-venv
(bench/setup.sh).
"""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

for variable in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):  # would slow the reference down
    os.environ.pop(variable, None)

import torch  # noqa: E402: reads the environment
from encoder_reference import Reference, sample_names, timed  # noqa: E402

ENLACE = Path("build/release/enlace")
RESULT = Path("docs/benchmarks/encoder_speed.json")


def embed(model: Path, texts: Path, threads: int) -> tuple[str, float]:
    """The summary of a run, and its CPU seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [ENLACE, "embed", "--model", model, "--threads", str(threads), texts]
    command += ["--out", texts.with_suffix(".npy")]
    summary = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return summary, cpu


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kb", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--count", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    names = sample_names(options.kb, options.count, options.seed)
    reference = Reference(options.model, options.threads)
    tokens = sum(len(ids) for ids in reference.ids(names))
    reference.encode(names[:256])  # warm-up
    rounds = []
    with tempfile.TemporaryDirectory() as folder:
        one, texts = Path(folder, "one.txt"), Path(folder, "names.txt")
        one.write_text("a\n")
        texts.write_text("".join(name + "\n" for name in names), encoding="utf-8")
        for _ in range(options.rounds):
            _, opening = embed(options.model, one, options.threads)
            summary, cpu = embed(options.model, texts, options.threads)
            rate = float(re.search(r"([\d.]+) strings/s", summary)[1])
            _, torch_wall, torch_cpu = timed(lambda: reference.encode(names))
            rounds.append(
                {
                    "enlace_wall": len(names) / rate,
                    "enlace_cpu": cpu - opening,
                    "torch_wall": torch_wall,
                    "torch_cpu": torch_cpu,
                }
            )
            print(rounds[-1], file=sys.stderr, flush=True)
    best = {key: min(r[key] for r in rounds) for key in rounds[0]}
    result = {
        "names": len(names),
        "tokens_per_name": tokens / len(names),
        "threads": options.threads,
        "enlace": summary,
        "torch": torch.__version__,
        "enlace_strings_per_second": len(names) / best["enlace_wall"],
        "torch_strings_per_second": len(names) / best["torch_wall"],
        "speed_ratio": best["torch_wall"] / best["enlace_wall"],
        "cpu_ratio": best["torch_cpu"] / best["enlace_cpu"],
        "rounds": rounds,
    }
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps({k: v for k, v in result.items() if k != "rounds"}, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
