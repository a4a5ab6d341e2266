"""Exact search of one file of vectors: enlace and its peers in turns, on the same rows and queries.

    search.py [--rows N] [--dimension D …] [--build BUILD] [--only PEER …]

With --only the figures are printed and not kept.

BUILD is a build tree with `enlace` and `bench/search_run`. Rows are clustered as names of concepts are
(bench/search_run.cc: Names), seeded. Peers: PyTorch (product and topk, f32 and bf16), FAISS (flat, scalar
quantizer of 8 bits), usearch (exact, f32 and int8). The results replace those of the same machine and size
in docs/benchmarks/search.json; search.md is written from all of them.
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
    """Queries a second, and a second of all cores together: the best of some rounds each."""
    best, best_cpu, spent, rounds = 0, 0, 0, 0
    while rounds == 0 or (spent < seconds and rounds < 20):
        began, began_cpu = time.perf_counter(), time.process_time()
        search(queries)
        took, took_cpu = time.perf_counter() - began, time.process_time() - began_cpu
        best, best_cpu = max(best, len(queries) / took), max(best_cpu, len(queries) / max(took_cpu, 1e-6))
        spent, rounds = spent + took, rounds + 1
    return best, best_cpu


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


def resident(build, index, queries):
    """GB of memory, mapped pages of the file included, of a search that compares nothing with the definition."""
    child = subprocess.Popen([build / "bench/search_run", index, queries, str(K), "0", "256"], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise subprocess.CalledProcessError(child.returncode, "search_run")
    return usage.ru_maxrss * 1024 / 1e9


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown"


def measure(build, folder, rows, dimension, only):
    base = folder / f"rows-{rows}-{dimension}"
    index, queries_path, npy = (f"{base}{end}" for end in (".enlace", ".queries.npy", ".npy"))
    if not pathlib.Path(index).exists():
        subprocess.run([build / "bench/search_run", "make", index, queries_path, str(rows), str(dimension)], check=True)
    threads = os.cpu_count()
    result = {"processor": processor(), "rows": rows, "dimension": dimension, "k": K, "threads": threads,
              "enlace": [run_enlace(build, index, queries_path)], "peers": {}}
    result["tier"] = result["enlace"][0]["tier"]
    if only != ["none"]:
        subprocess.run([build / "enlace", "index", "export", index, "--npy", npy], check=True)
        data, queries = numpy.load(npy), numpy.load(queries_path)
        pathlib.Path(npy).unlink()
        exact = numpy.argpartition(-(queries[:64] @ data.T), K, axis=1)[:, :K]
        for name, make in peers(data, threads):
            if only and name not in only:
                continue
            search = make()
            rates = {str(batch): rate(search, numpy.ascontiguousarray(queries[:batch])) for batch in BATCHES}
            found = search(queries[:64])
            result["peers"][name] = {"queries/s": {batch: both[0] for batch, both in rates.items()},
                                     "queries/CPU s": {batch: both[1] for batch, both in rates.items()},
                                     "recall": recall(found, exact)}
            print(name, result["peers"][name], flush=True)
            del search
        # Once more at the end: the machine may have become slower or faster meanwhile.
        result["enlace"].append(run_enlace(build, index, queries_path, 0))
    result["resident, GB"] = resident(build, index, queries_path)
    return result


def key(result):
    return [result[name] for name in ("processor", "tier", "threads", "rows", "dimension")]


def best_run(result, batch):
    runs = [run for part in result["enlace"] for run in part["runs"]
            if run["batch"] == batch and run["workers"] == result["threads"]]
    return max(runs, key=lambda run: run["queries/s"])


def table(result):
    yield f"## {result['rows']:,} x {result['dimension']}, {result['processor']}, {result['tier']}, {result['threads']} threads"
    yield ""
    first = result["enlace"][0]
    yield (f"Top {result['k']}; recall {first['recall']:.4f} against all floats; the first {first['head']} bytes of a row "
           f"are looked at first; first answer after opening {first['first answer, ms']:.0f} ms."
           + (f" Resident at a batch of 256: {result['resident, GB']:.1f} GB." if "resident, GB" in result else ""))
    yield ""
    yield "| queries/s at a batch of | " + " | ".join(map(str, BATCHES)) + " | recall | per CPU second at 256 |"
    yield "|---|" + "---:|" * (len(BATCHES) + 2)
    ours = [best_run(result, batch)["queries/s"] for batch in BATCHES]
    cpu = max(run["queries/CPU s"] for part in result["enlace"] for run in part["runs"] if run["batch"] == 256)
    yield "| **enlace** | " + " | ".join(f"**{value:,.0f}**" for value in ours) + f" | {first['recall']:.4f} | **{cpu:,.0f}** |"
    for name, peer in result["peers"].items():
        yield (f"| {name} | " + " | ".join(f"{peer['queries/s'][str(batch)]:,.1f}" for batch in BATCHES)
               + f" | {peer['recall']:.4f} | {peer['queries/CPU s']['256']:,.1f} |")
    if result["peers"]:
        best = [max(peer["queries/s"][str(batch)] for peer in result["peers"].values()) for batch in BATCHES]
        yield ("| times the best peer | " + " | ".join(f"{a / b:.1f}" for a, b in zip(ours, best))
               + f" | | {cpu / max(peer['queries/CPU s']['256'] for peer in result['peers'].values()):.1f} |")
    yield ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=pathlib.Path("build/release"))
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("build/bench/peers"))
    parser.add_argument("--results", type=pathlib.Path, default=pathlib.Path("docs/benchmarks/search.json"))
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--dimension", type=int, action="append", help="repeatable; default 384 and 768")
    parser.add_argument("--only", action="append", help="a peer by its name, repeatable; `none` for enlace alone")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    results = json.loads(options.results.read_text()) if options.results.exists() else []
    for dimension in options.dimension or [384, 768]:
        new = measure(options.build, options.folder, options.rows, dimension, options.only)
        if options.only:
            print("\n".join(table(new)))
            continue
        results = [old for old in results if key(old) != key(new)] + [new]
        options.results.write_text(json.dumps(sorted(results, key=key), indent=1) + "\n")
    lines = ["# Exact search", "", "Made by `bench/peers/search.py`; every engine in the same minutes on the same rows; enlace before and after the others,",
             "the better of both.", ""]
    for result in sorted(results, key=key):
        lines += table(result)
    options.results.with_suffix(".md").write_text("\n".join(lines))


if __name__ == "__main__":
    main()
