"""Lets enlace and its peers encode the same names in turns; run by run.sh.

    run.py --kb KB.tsv --model NAME=FOLDER [--model …] [--tiers native avx2] [--rounds 3]

KB.tsv has code and name; a model is a folder as transformers or sentence-transformers saves it.
BERT-base with random weights is made beside them, with the tokenizer of a model that has WordPiece.
Of 4,096 names every fourth slab of 128 is measured (BERT-base: every sixteenth); all engines get the
same. Each engine lives in a process of its own; they take turns, and the best round counts.

A tier is a pass over everything under an environment that keeps every library to one instruction
set, as far as it can be kept. The results replace those of the same machine and tier in
docs/benchmarks/peers.json, from which peers.md is written. Exact search is measured by search.py, which
keeps tables of its own.
"""

import argparse
import datetime
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import report
from prepare import Prepared, make_bert_base, prepare, say  # also shows where bench/ is
from machine import cpuinfo, machine  # noqa: I001
from run_accuracy import commit
from tiers import TIERS

HERE = Path(__file__).parent
WORK = Path("build/bench/peers")
RESULTS = Path("docs/benchmarks/peers.json")
TURNS = Path("build/release/bench/encode_turns")
LIBRARIES = ("torch", "sentence-transformers", "onnxruntime", "ctranslate2")
PAUSE = 0.3  # seconds; idle threads of the last library stop spinning meanwhile
TURN = 3  # seconds, or one round if that takes longer: a fast engine is measured as long as a slow one


class Process:
    """A program that answers questions, a line each. What it says besides goes to the file `log`."""

    def __init__(self, command: list, environment: dict, log: Path):
        with log.open("w") as errors:
            self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE, text=True,
                                            stdout=subprocess.PIPE, stderr=errors, env=os.environ | environment)

    def ask(self, **question) -> dict | None:
        """The answer; None if the program has died."""
        try:
            self.process.stdin.write(json.dumps(question) + "\n")
            self.process.stdin.flush()
            return json.loads(self.process.stdout.readline())
        except (OSError, ValueError):
            return None

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


class Row:
    """One engine in one data type, while it is measured."""

    def __init__(self, process: Process, engine: str, version: str, kind: str):
        self.process, self.kind = process, kind
        self.result = {"engine": engine, "version": version, "type": kind, "rounds": []}
        self.vectors, self.alive = None, True

    def ask(self, what: str, **question) -> dict:
        time.sleep(PAUSE)
        answer = self.process.ask(do=what, type=self.kind, **question) if self.alive else None
        self.alive = answer is not None
        return answer or {}


def start(prepared: Prepared, environment: dict, threads: int) -> tuple[list[Process], list[Row], list[dict]]:
    """The engines, their rows, and the records of engines that did not begin."""
    commands = {"enlace": [TURNS, prepared.model, prepared.texts, threads]}
    for library in LIBRARIES:
        commands[library] = [sys.executable, HERE / "engines.py", library, prepared.model, prepared.folder, threads]
    environment = environment | {"OMP_NUM_THREADS": str(threads)}
    processes = {engine: Process(command, environment, prepared.folder / f"{engine}.log")
                 for engine, command in commands.items()}
    rows, failed = [], []
    for engine, process in processes.items():
        listed = process.ask(do="list")
        if listed is None:
            say(f"{prepared.model}: {engine}: cannot be measured, see {prepared.folder / engine}.log")
            failed.append({"engine": engine, "version": "", "type": "", "failed": True})
            continue
        rows += [Row(process, engine, listed["version"], kind) for kind in listed["types"]]
    return list(processes.values()), rows, failed


def measure(prepared: Prepared, environment: dict, options, singles: int) -> list[dict]:
    """The rows of one model."""
    texts = json.loads(prepared.texts.read_text())
    count = len(texts["ids"])
    processes, rows, failed = start(prepared, environment, options.threads)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "vectors.npy")
        for row in rows:
            row.result |= row.ask("vectors", path=str(path))
            if row.alive:
                row.vectors = np.load(path)
    for _ in range(options.rounds):
        for row in rows:
            spent = 0
            while spent < TURN and (answer := row.ask("round")):
                row.result["rounds"].append(count / answer["seconds"])
                spent += answer["seconds"]
    for row in rows:
        row.result |= row.ask("latency", count=singles)
    for process in processes:
        process.stop()
    for row in rows:
        if not row.alive:
            say(f"{prepared.model}: {row.result['engine']} {row.kind}: died, see {prepared.folder}")
            failed.append({name: row.result[name] for name in ("engine", "version", "type")} | {"failed": True})
    rows = [row for row in rows if row.alive]
    truth = next((row.vectors for row in rows if (row.result["engine"], row.kind) == ("torch", "f32")), None)
    for row in rows:
        row.result["strings_per_second"] = max(row.result["rounds"])
        if truth is not None:
            cosines = (row.vectors * truth).sum(1) / np.linalg.norm(row.vectors, axis=1)
            row.result |= {"cosine_mean": float(cosines.mean()), "cosine_min": float(cosines.min())}
    shared = {"names": count, "of": texts["of"], "tokens_per_name": sum(map(len, texts["ids"])) / count}
    return [result | shared for result in [row.result for row in rows] + failed]


def keep(path: Path, records: list[dict], *keys: str) -> None:
    """Puts `records` in the place of those in the file that have the same `keys`."""
    def key(record: dict) -> tuple:
        return tuple(record[name] for name in keys)
    old = json.loads(path.read_text()) if path.exists() else []
    new = {key(record) for record in records}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([one for one in old if key(one) not in new] + records, indent=1) + "\n")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kb", type=Path, required=True)
    parser.add_argument("--model", action="append", required=True, metavar="NAME=FOLDER")
    parser.add_argument("--tiers", nargs="*", choices=list(TIERS), help="default: all that this machine has")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--names", type=int, default=4096)
    parser.add_argument("--no-bert-base", action="store_true")
    parser.add_argument("--search", nargs="*", type=int, default=[384, 768], metavar="DIMENSION",
                        help="dimensions that exact search is measured in; none to leave it out")
    parser.add_argument("--rows", type=int, default=1_000_000, help="that are searched")
    parser.add_argument("--no-encoding", action="store_true", help="measure search only")
    options = parser.parse_args()
    if options.tiers is None:
        amx = "amx_int8" in cpuinfo().get("flags", "").split()
        options.tiers = ["native", *(["avx512"] if amx else []), "avx2"]
    return options


def models_of(options) -> list[tuple[str, Path, int, int]]:
    """Name, folder, how many slabs are passed over for each that is measured, single strings."""
    models = []
    for word in options.model:
        name, _, folder = word.partition("=")
        models.append((name, Path(folder), 4, 300))
    for _, folder, _, _ in list(models):
        tokenizer = folder / "tokenizer.json"
        if not options.no_bert_base and json.loads(tokenizer.read_text())["model"]["type"] == "WordPiece":
            bert = make_bert_base(WORK / "models" / "bert-base", tokenizer)
            return [*models, ("bert-base, random weights", bert, 16, 100)]
    return models


def measure_encoding(options, say_when) -> None:
    models = []
    for name, folder, step, singles in models_of(options):
        say_when(f"preparing {name}")
        prepared = prepare(folder, options.kb, WORK / name.replace(" ", "-"), options.names, step)
        models.append((name, prepared, singles))
    for tier in options.tiers:
        for name, prepared, singles in models:
            say_when(f"{tier}: {name}")
            code = commit()  # before somebody goes on working on it
            rows = measure(prepared, TIERS[tier], options, singles)
            ours = [row["version"] for row in rows if row["engine"] == "enlace" and row["version"]]
            shared = {"machine": machine(), "tier": ours[0] if ours else tier, "limited": tier != "native",
                      "model": name, "threads": options.threads, "commit": code,
                      "date": datetime.date.today().isoformat()}
            keep(RESULTS, [shared | row for row in rows], "machine", "tier", "limited", "model")
            report.write(RESULTS)


def measure_search(options, dimension: int) -> None:
    done = subprocess.run([sys.executable, HERE / "search.py", "--rows", str(options.rows), "--dimension",
                           str(dimension)], check=False)
    if done.returncode != 0:
        say(f"search in {dimension} dimensions: cannot be measured")


def main() -> None:
    options = arguments()
    begun = time.monotonic()

    def say_when(what: str) -> None:
        say(f"{time.monotonic() - begun:4.0f} s: {what}")

    WORK.mkdir(parents=True, exist_ok=True)
    if not options.no_encoding:
        measure_encoding(options, say_when)
    for dimension in options.search:
        say_when(f"search in {dimension} dimensions")
        measure_search(options, dimension)
    say_when("done")


if __name__ == "__main__":
    main()
