"""The peers: the same token ids through PyTorch, sentence-transformers, ONNX Runtime or CTranslate2.

    engines.py LIBRARY MODEL PREPARED THREADS

Answers lines of JSON on standard input by lines of JSON on standard output, so that run.py can let
several libraries, each in a process of its own, take turns. Every engine gives normalised means over
all tokens; batches are of names sorted by length, padded to their longest.
"""

import json
import os
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import numpy as np
from prepare import SLAB, Prepared


def padded(rows: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    width = max(map(len, rows))
    ids, mask = (np.zeros((len(rows), width), dtype=np.int64) for _ in range(2))
    for at, row in enumerate(rows):
        ids[at, : len(row)] = row
        mask[at, : len(row)] = 1
    return ids, mask


def means(states: np.ndarray, mask: np.ndarray) -> np.ndarray:
    pooled = np.matmul(mask[:, None, :].astype(np.float32), states)[:, 0]
    return pooled / np.linalg.norm(pooled, axis=1, keepdims=True)


class Torch:
    """One of the ways of PyTorch to compute: f32, bf16 weights, or f32 weights under autocast."""

    files = [None]

    def __init__(self, model, autocast: bool):
        import torch

        self.torch, self.model, self.autocast = torch, model, autocast

    def use(self, file, threads: int, streams: int) -> None:
        self.torch.set_num_threads(threads)

    def start_thread(self, threads: int) -> None:
        self.torch.set_num_threads(threads)

    def encode(self, rows):
        torch = self.torch
        ids, mask = map(torch.from_numpy, padded(rows))
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=self.autocast):
            states = self.model(input_ids=ids, attention_mask=mask).last_hidden_state
        return means(states.float().numpy(), mask.numpy())


class SentenceTransformers(Torch):
    """As a user calls it: texts in, tokenisation included, its own sorting and batches."""

    def encode_texts(self, texts, batch):
        return self.model.encode(texts, batch_size=batch, normalize_embeddings=True, show_progress_bar=False)


class OnnxRuntime:
    def __init__(self, files: list[Path]):
        self.files = files  # forms of one model, of which the faster one counts

    def use(self, file: Path, threads: int, streams: int) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        self.session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])

    def start_thread(self, threads: int) -> None:
        pass

    def encode(self, rows):
        ids, mask = padded(rows)
        return self.session.run(None, {"input_ids": ids, "attention_mask": mask})[0]


class CTranslate2:
    def __init__(self, folder: Path, kind: str):
        self.files, self.kind = [folder], kind

    def use(self, file: Path, threads: int, streams: int) -> None:
        import ctranslate2

        self.encoder = ctranslate2.Encoder(str(file), compute_type=self.kind, inter_threads=streams,
                                           intra_threads=threads)

    def start_thread(self, threads: int) -> None:
        pass

    def encode(self, rows):
        states = np.array(self.encoder.forward_batch(rows).last_hidden_state)
        return means(states, padded(rows)[1])


def engines_of(library: str, prepared: Prepared) -> dict:
    """By data type; what could not be made is not there."""
    if library == "torch":
        import torch
        from prepare import load_f32

        model, half = load_f32(prepared.model), load_f32(prepared.model).to(torch.bfloat16)
        return {"f32": Torch(model, False), "bf16 weights": Torch(half, False), "bf16 autocast": Torch(model, True)}
    if library == "sentence-transformers":
        from sentence_transformers import SentenceTransformer

        return {"f32": SentenceTransformers(SentenceTransformer(str(prepared.model), device="cpu"), False)}
    if library == "onnxruntime":
        files = {kind: [path for fused in (False, True) if (path := prepared.onnx(kind, fused)).exists()]
                 for kind in ("f32", "int8")}
        return {kind: OnnxRuntime(paths) for kind, paths in files.items() if paths}
    kinds = {"f32": "float32", "int8": "int8"} if prepared.ctranslate2.exists() else {}
    return {kind: CTranslate2(prepared.ctranslate2, word) for kind, word in kinds.items()}


class Runner:
    """One engine with the settings that suit it best."""

    def __init__(self, engine, texts: dict, threads: int):
        self.engine, self.ids, self.names, self.threads = engine, texts["ids"], texts["names"], threads
        self.batch, self.used, self.pool = 64, None, None
        self.whole = isinstance(engine, SentenceTransformers)

    def use(self, file, streams: int) -> None:
        """`streams` batches at once, each by threads / streams threads."""
        if (file, streams) == self.used:
            return
        self.used = file, streams
        each = max(1, self.threads // streams)
        self.engine.use(file, each, streams)
        self.pool = ThreadPoolExecutor(streams, initializer=self.engine.start_thread, initargs=(each,))

    def encode(self, rows: range) -> np.ndarray:
        if self.whole:
            return self.engine.encode_texts([self.names[i] for i in rows], self.batch)
        batches = [[self.ids[i] for i in rows[at : at + self.batch]] for at in range(0, len(rows), self.batch)]
        run = map if self.used[1] == 1 else self.pool.map
        return np.concatenate(list(run(self.engine.encode, batches)))

    def seconds(self, rows: range) -> float:
        start = time.perf_counter()
        self.encode(rows)
        return time.perf_counter() - start

    def tune(self) -> None:
        """Settles the form of the model, the batch size and the streams by a slab from the middle."""
        middle = len(self.ids) // SLAB // 2 * SLAB
        rows = range(middle, min(middle + SLAB, len(self.ids)))

        def time_of(file, batch: int, streams: int) -> float:
            self.use(file, streams)
            self.batch = batch
            self.encode(rows)  # warm-up
            return min(self.seconds(rows) for _ in range(2))

        times = {(file, 64, 1): time_of(file, 64, 1) for file in self.engine.files}
        file = min(times, key=times.get)[0]
        times |= {(file, batch, 1): time_of(file, batch, 1) for batch in (32, 128)}
        batch = min(times, key=times.get)[1]
        if not self.whole and self.threads > 1:
            batch = min(batch, SLAB // self.threads)  # so that every thread has one
            times[file, batch, self.threads] = time_of(file, batch, self.threads)
        file, self.batch, streams = min(times, key=times.get)
        self.use(file, streams)

    def latency_ms(self, count: int) -> float:
        """The median of single texts by all threads, in the form of the model that is faster so."""
        rows = range(0, len(self.ids), max(1, len(self.ids) // count))
        medians = []
        for file in self.engine.files:
            self.use(file, 1)
            for i in rows[:10]:
                self.encode(range(i, i + 1))
            medians.append(statistics.median(self.seconds(range(i, i + 1)) for i in rows))
        return 1000 * min(medians)


def main() -> None:
    library, model, folder, threads = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints is no answer
    prepared = Prepared(folder, model)
    texts = json.loads(prepared.texts.read_text())
    runners = {kind: Runner(engine, texts, threads) for kind, engine in engines_of(library, prepared).items()}
    everything = range(len(texts["ids"]))

    def answer(question: dict) -> dict:
        if question["do"] == "list":
            return {"types": list(runners), "version": version(library)}
        runner = runners[question["type"]]
        if question["do"] == "vectors":
            runner.tune()
            np.save(question["path"], runner.encode(everything))
            file, streams = runner.used
            return {"batch": runner.batch, "streams": streams, "form": file.name if file else ""}
        if question["do"] == "round":
            return {"seconds": runner.seconds(everything)}
        return {"latency_ms": runner.latency_ms(question["count"])}

    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
