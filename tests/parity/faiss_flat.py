"""Whether FAISS reads what `enlace index export --faiss` writes, and enlace what FAISS writes.

    python faiss_flat.py ENLACE      needs faiss-cpu and numpy
"""
import pathlib
import subprocess
import sys
import tempfile

import faiss
import json
import numpy

ENLACE = sys.argv[1]


def enlace(*arguments):
    return subprocess.run([ENLACE, "index", *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def main():
    random = numpy.random.default_rng(1)
    rows = random.standard_normal((5000, 96)).astype(numpy.float32)
    queries = random.standard_normal((50, 96)).astype(numpy.float32)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        numpy.save(folder / "rows.npy", rows)
        numpy.save(folder / "queries.npy", queries)
        enlace("import", folder / "rows.npy", "--out", folder / "ours.enlace")
        enlace("export", folder / "ours.enlace", "--faiss", folder / "ours.faiss", "--npy", folder / "ours.npy")
        assert (numpy.load(folder / "ours.npy") == rows).all()
        read = faiss.read_index(str(folder / "ours.faiss"))
        assert type(read).__name__ == "IndexFlatIP" and read.ntotal == len(rows) and read.d == 96
        assert (read.reconstruct_n(0, len(rows)) == rows).all()

        written = faiss.IndexFlatIP(96)
        written.add(rows)
        faiss.write_index(written, str(folder / "theirs.faiss"))
        assert (folder / "theirs.faiss").read_bytes() == (folder / "ours.faiss").read_bytes()
        enlace("import", folder / "theirs.faiss", "--out", folder / "theirs.enlace")
        assert (folder / "theirs.enlace").read_bytes() == (folder / "ours.enlace").read_bytes()

        lines = enlace("search", folder / "ours.enlace", "--queries", folder / "queries.npy", "-k", 10).splitlines()
        ours = [[neighbour["row"] for neighbour in json.loads(line)["neighbours"]] for line in lines]
        assert ours == written.search(queries, 10)[1].tolist()

        distances = faiss.IndexFlatL2(96)
        distances.add(rows)
        faiss.write_index(distances, str(folder / "l2.faiss"))
        refused = subprocess.run([ENLACE, "index", "import", folder / "l2.faiss", "--out", folder / "l2.enlace"],
                                 capture_output=True, text=True)
        assert refused.returncode == 5 and "IxF2" in refused.stderr, refused
    print("the same rows, bytes and neighbours")


if __name__ == "__main__":
    main()
