"""Compares `enlace embed` with transformers, name by name, and writes docs/benchmarks/embedding_parity.json.

    embedding_parity.py --kb KB --model MODEL [--count 10000] [--seed 1] [--threads 2]

KB is a table of code, name and language, or a folder of .po files; as many names of each language
are drawn. Every cosine must be at least 0.99999. Needs build/bench-venv (bench/setup.sh).
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from encoder_reference import Reference, sample_names

ENLACE = Path("build/release/enlace")
RESULT = Path("docs/benchmarks/embedding_parity.json")
LEAST = 0.99999


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kb", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()

    names = sample_names(options.kb, options.count, options.seed)
    with tempfile.TemporaryDirectory() as folder:
        texts, vectors = Path(folder, "names.txt"), Path(folder, "vectors.npy")
        texts.write_text("".join(name + "\n" for name in names), encoding="utf-8")
        command = [ENLACE, "embed", "--model", options.model, texts, "--out", vectors]
        summary = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
        found = np.load(vectors)
    expected = Reference(options.model, options.threads).encode(names)
    if found.shape != expected.shape:
        sys.exit(f"expected vectors of shape {expected.shape}, found {found.shape}")
    cosines = (found.astype(np.float64) * expected).sum(1)
    cosines /= np.linalg.norm(found.astype(np.float64), axis=1) * np.linalg.norm(expected, axis=1)
    result = {
        "names": len(names),
        "seed": options.seed,
        "least_cosine": float(cosines.min()),
        "below_0.99999": int((cosines < LEAST).sum()),
        "largest_difference": float(np.abs(found - expected).max()),
        "enlace": summary,
    }
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))
    return 1 if result["below_0.99999"] else 0


if __name__ == "__main__":
    sys.exit(main())
