"""Exact search of one file of vectors: enlace and its peers in turns, on the same rows and queries.

    python search.py --enlace BUILD --out RESULT.json [--rows N] [--dimension D] [--folder F]

BUILD is a build tree with `enlace` and `bench/search_run`. Rows are clustered as names of concepts are
(bench/search_run.cc: Names), seeded. Peers: PyTorch (product
and topk, f32 and bf16), FAISS (flat, scalar quantizer of 8 bits), usearch (exact, f32 and int8).
"""
import argparse
import json
import os
import pathlib
import subprocess
import time

import numpy

K = 25
BATCHES = (1, 32, 256)


def rate(search, queries, seconds=1.0):
    """Queries a second: the best of some rounds."""
    best, spent, rounds = 0, 0, 0
    while rounds < 2 or (spent < seconds and rounds < 20):
        began = time.perf_counter()
        search(queries)
        took = time.perf_counter() - began
        best, spent, rounds = max(best, len(queries) / took), spent + took, rounds + 1
    return best


def peers(rows, threads):
    """(name, make) of each; make() gives a function from queries to the numbers of their K rows."""
    def torch_product(kind):
        def make():
            import torch
            torch.set_num_threads(threads)
            columns = torch.from_numpy(rows).to(getattr(torch, kind)).T

            def search(queries):
                with torch.inference_mode():
                    product = torch.from_numpy(queries).to(columns.dtype) @ columns
                    return torch.topk(product, K, dim=1).indices.numpy()
            return search
        return make

    def faiss_index(kind):
        def make():
            import faiss
            faiss.omp_set_num_threads(threads)
            index = faiss.index_factory(rows.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
            index.train(rows[:100_000])
            index.add(rows)
            return lambda queries: index.search(queries, K)[1]
        return make

    def usearch_exact(kind):
        def make():
            from usearch.index import MetricKind, search as nearest
            data = rows if kind == "f32" else numpy.round(rows * 127 / numpy.abs(rows).max()).astype(numpy.int8)
            scale = 127 / numpy.abs(rows).max()

            def search(queries):
                asked = queries if kind == "f32" else numpy.clip(numpy.round(queries * scale), -127, 127).astype(numpy.int8)
                found = nearest(data, asked, K, MetricKind.IP, exact=True, threads=threads)
                return numpy.atleast_2d(found.keys)
            return search
        return make

    return [("PyTorch f32", torch_product("float32")), ("PyTorch bf16", torch_product("bfloat16")),
            ("FAISS Flat", faiss_index("Flat")), ("FAISS SQ8", faiss_index("SQ8")),
            ("usearch f32", usearch_exact("f32")), ("usearch int8", usearch_exact("i8"))]


def recall(found, exact):
    return float(numpy.mean([len(set(map(int, a)) & set(map(int, b))) / K for a, b in zip(found, exact)]))


def run_enlace(build, index, queries, checked=20):
    out = subprocess.run([build / "bench/search_run", index, queries, str(K), str(checked)],
                         check=True, capture_output=True, text=True).stdout
    return json.loads(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--enlace", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--dimension", type=int, default=384)
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("."))
    parser.add_argument("--only", action="append", help="a peer by its name; repeatable")
    arguments = parser.parse_args()
    base = arguments.folder / f"rows-{arguments.rows}-{arguments.dimension}"
    index, queries_path = f"{base}.enlace", f"{base}.queries.npy"
    if not pathlib.Path(index).exists():
        subprocess.run([arguments.enlace / "bench/search_run", "make", index, queries_path,
                        str(arguments.rows), str(arguments.dimension)], check=True)
    if not pathlib.Path(f"{base}.npy").exists():
        subprocess.run([arguments.enlace / "enlace", "index", "export", index, "--npy", f"{base}.npy"], check=True)

    threads = os.cpu_count()
    result = {"rows": arguments.rows, "dimension": arguments.dimension, "k": K, "threads": threads,
              "enlace": [run_enlace(arguments.enlace, index, queries_path)], "peers": {}}
    rows = numpy.load(f"{base}.npy")
    queries = numpy.load(queries_path)
    exact = None
    for name, make in peers(rows, threads):
        if arguments.only and name not in arguments.only:
            continue
        search = make()
        rates = {str(batch): rate(search, numpy.ascontiguousarray(queries[:batch])) for batch in BATCHES}
        found = search(queries[:64])
        exact = found if exact is None else exact
        result["peers"][name] = {"queries/s": rates, "recall": recall(found, exact)}
        print(name, result["peers"][name], flush=True)
        del search
    # Once more at the end: the machine may have become slower or faster meanwhile.
    result["enlace"].append(run_enlace(arguments.enlace, index, queries_path, 0))
    arguments.out.write_text(json.dumps(result, indent=1) + "\n")

    print("\n| batch | enlace | best peer | | factor |\n| --: | --: | --: | --- | --: |")
    for batch in BATCHES:
        ours = max(run["queries/s"] for run_ in result["enlace"] for run in run_["runs"]
                   if run["batch"] == batch and run["workers"] == threads)
        if not result["peers"]:
            break
        name = max(result["peers"], key=lambda peer: result["peers"][peer]["queries/s"][str(batch)])
        best = result["peers"][name]["queries/s"][str(batch)]
        print(f"| {batch} | {ours:.0f} | {best:.0f} | {name} | {ours / best:.1f} |")


if __name__ == "__main__":
    main()
