"""How much faster than scikit-learn's sparse product is the n-gram index, and are its answers equal?

python bench/ngram_speed.py --kb KB.tsv --gold GOLD.tsv --run build/release/bench/ngram_run \
    [--k 50,200] [--workers 2] [--json FILE]

KB.tsv has a name in its second column, GOLD.tsv a mention in its first. Both sides get the same
normalised strings (NFKD, lower case, no combining marks, single spaces) and answer every mention.
The reference is queries @ names.T in batches of 64, then the k best of each row, by falling score
and rising row. It runs in the same run as ours, after it, on the same machine; scores are compared
for every mention.
"""

import argparse
import json
import os
import platform
import subprocess
import tempfile
import time
import unicodedata

import numpy as np
import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer

BATCH = 64
NONE = 0xFFFFFFFF


def normalised(text):
    text = unicodedata.normalize("NFKD", text).lower()
    return " ".join("".join(c for c in text if not unicodedata.combining(c)).split())


def column(path, index):
    with open(path, encoding="utf-8", newline="\n") as file:
        return [normalised(line.rstrip("\n").split("\t")[index]) for line in file if line != "\n"]


def best_of_rows(product, k):
    """The k best of each row of a sparse matrix: (columns, scores) per row."""
    found = []
    for row in range(product.shape[0]):
        begin, end = product.indptr[row], product.indptr[row + 1]
        columns, scores = product.indices[begin:end], product.data[begin:end]
        if len(scores) > k:
            kept = np.argpartition(-scores, k - 1)[:k]
            columns, scores = columns[kept], scores[kept]
        order = np.lexsort((columns, -scores))
        found.append((columns[order], scores[order]))
    return found


def reference(names, queries, k):
    start = time.perf_counter()
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True)
    by_term = vectorizer.fit_transform(names).T.tocsr()
    build = time.perf_counter() - start
    start, processor = time.perf_counter(), time.process_time()
    found = []
    matrix = vectorizer.transform(queries)
    for first in range(0, len(queries), BATCH):
        found += best_of_rows((matrix[first : first + BATCH] @ by_term).tocsr(), k)
    return found, build, time.perf_counter() - start, time.process_time() - processor


def ours(run, names, queries, k, workers, folder):
    paths = [os.path.join(folder, name) for name in ("names", "queries", "index", "results")]
    for path, lines in zip(paths, (names, queries)):
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(line + "\n" for line in lines)
    command = [run, paths[0], paths[1], str(k), str(workers), paths[2], paths[3]]
    report = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    pairs = np.fromfile(paths[3], dtype=[("row", "<u4"), ("score", "<f4")])
    return pairs.reshape(len(queries), k), report


def compare(found, expected):
    """The greatest difference of scores at the same rank, and how many ranks hold another row
    although the scores are not tied."""
    worst, others = 0.0, 0
    for pairs, (columns, scores) in zip(found, expected):
        pairs = pairs[pairs["row"] != NONE]
        positive = scores > 0
        columns, scores = columns[positive], scores[positive]
        assert len(pairs) == len(columns), "another number of neighbours"
        difference = np.abs(pairs["score"] - scores)
        worst = max(worst, difference.max(initial=0.0))
        moved = np.flatnonzero(pairs["row"] != columns)
        tied = [np.sum(np.abs(scores - scores[i]) < 1e-6) > 1 or i == len(scores) - 1 for i in moved]
        others += len(moved) - sum(tied)
    return float(worst), int(others)


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        models = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    return f"{models[0] if models else platform.processor()} x {len(models)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kb", required=True)
    parser.add_argument("--gold", required=True)
    parser.add_argument("--run", required=True)
    parser.add_argument("--k", default="50,200")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--json")
    arguments = parser.parse_args()

    names = [name for name in dict.fromkeys(column(arguments.kb, 1)) if name]
    queries = column(arguments.gold, 0)
    results = {
        "processor": processor(),
        "scikit_learn": sklearn.__version__,
        "names": len(names),
        "mentions": len(queries),
        "workers": arguments.workers,
        "runs": [],
    }
    for k in map(int, arguments.k.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            found, report = ours(arguments.run, names, queries, k, arguments.workers, folder)
        expected, build, search, processor_s = reference(names, queries, k)
        worst, others = compare(found, expected)
        entry = {
            "k": k,
            "ratio": search / report["search_s"],
            "processor_time_ratio": processor_s / report["cpu_s"],
            "mentions_per_second": len(queries) / report["search_s"],
            "reference_mentions_per_second": len(queries) / search,
            "reference_build_s": build,
            "greatest_score_difference": worst,
            "other_rows": others,
            **report,
        }
        results["runs"].append(entry)
        print(json.dumps(entry, indent=2))
        assert worst <= 1e-5 and others == 0, "the answers differ"
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=2)
            file.write("\n")


if __name__ == "__main__":
    main()
