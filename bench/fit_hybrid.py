"""Fits the weights of the hybrid score (src/link/hybrid_score.h).

    fit_hybrid.py BUILD MODEL --sets SETS [--thesaurus KB] [--hold NAME=VALUE,VALUE…] [--vectors-from KB]

BUILD is a build tree with `enlace` and `bench/hybrid_features`; SETS is what training_folds.py wrote. Listwise
softmax regression (Cao et al. 2007): of the concepts proposed for a mention, each with the score of its best
name, the gold ones shall have all of the probability. Every set counts the same, every distinct mention with its
codes once; those whose concept is not proposed say nothing. A small L2 penalty. Prints the weights and, for each
set and on average, how often the first concept is right with them; once for each VALUE at which one of them is held.
"""
import argparse
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

NAMES = ("isotropic", "concept_mean", "skeleton", "closer", "extra_number", "sharing", "thesaurus")
PENALTY = 1e-5


def features(options, folder):
    """Of one set: features of each name, the concept it belongs to, the mention of each concept, which are gold."""
    with tempfile.TemporaryDirectory() as scratch:
        kb = Path(scratch) / "kb"
        reuse = ["--vectors-from", options.vectors_from] if options.vectors_from else []
        subprocess.run([options.build / "enlace", "build", "--model", options.model, "--from", f"tsv={folder / 'kb.tsv'}",
                        "--out", kb, *reuse], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        text = subprocess.run([options.build / "bench" / "hybrid_features", kb, folder / "gold.tsv", *options.thesaurus],
                              check=True, stdout=subprocess.PIPE, text=True).stdout
    mention, rows, mentions = -1, [], []
    for line in text.splitlines():
        if line == "mention":
            mention += 1
        else:
            rows.append(line)
            mentions.append(mention)
    table = np.array(" ".join(rows).split(), dtype=np.float64).reshape(len(rows), 9)
    concepts, place = np.unique(np.array(mentions) * 2.0**32 + table[:, 1], return_inverse=True)
    gold = np.zeros(len(concepts), dtype=bool)
    gold[place[table[:, 0] > 0]] = True
    isotropic, mean, skeleton, closer, extra, sharing, said = table[:, 2:].T
    x = np.stack([isotropic, mean, skeleton**3, 1 / (1 + closer), -np.minimum(extra, 2), -np.log(sharing), said**3],
                 axis=1)
    return x, place, (concepts // 2**32).astype(int), gold


def best_names(scores, place, count):
    """By concept, its name with the highest score."""
    order = np.lexsort((scores, place))
    best = np.empty(count, dtype=int)
    best[place[order]] = order  # the last of equals stays
    return best


def log_sums(scores, groups, count):
    highest = np.full(count, -np.inf)
    np.maximum.at(highest, groups, scores)
    with np.errstate(invalid="ignore", divide="ignore"):
        return highest + np.log(np.bincount(groups, np.exp(scores - highest[groups]), minlength=count))


def loss_of(weights, part):
    x, place, mention, gold = part
    best = x[best_names(x @ weights, place, len(gold))]
    scores = best @ weights
    count = mention.max() + 1
    every, right = log_sums(scores, mention, count), log_sums(scores[gold], mention[gold], count)
    known = np.isfinite(right)
    share = np.exp(scores - every[mention]) * known[mention]
    share[gold] -= np.exp(scores[gold] - right[mention[gold]])
    return (every - right)[known].sum() / known.sum(), share @ best / known.sum()


def objective(weights, parts):
    losses, slopes = zip(*(loss_of(weights, part) for part in parts))
    return np.mean(losses) + PENALTY * weights @ weights, np.mean(slopes, axis=0) + 2 * PENALTY * weights


def first_right(weights, part):
    x, place, mention, gold = part
    scores = (x @ weights)[best_names(x @ weights, place, len(gold))]
    order = np.lexsort((-scores, mention))
    first = order[np.unique(mention[order], return_index=True)[1]]
    return gold[first].sum() / (mention.max() + 1)


def fit(parts, held):
    """The weights with the least loss, those of `held` (by index) at its values."""
    bounds = [(held.get(i), held.get(i)) for i in range(len(NAMES))]
    start = [held.get(i, 1) for i in range(len(NAMES))]
    return minimize(objective, start, (parts,), jac=True, method="L-BFGS-B", bounds=bounds).x


def show(weights, folders, parts):
    print(", ".join(f"{name} {weight:.1f}" for name, weight in zip(NAMES, weights)))
    right = [first_right(weights, part) for part in parts]
    for folder, share in zip(folders, right):
        print(f"{folder.name}: {share:.3f} of distinct mentions")
    print(f"mean: {np.mean(right):.4f}")


def held_values(word):
    """Of NAME=VALUE,VALUE…: what to hold, once for each value."""
    name, _, values = word.partition("=")
    return [{NAMES.index(name): float(value)} for value in values.split(",")]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("--sets", type=Path, required=True)
    parser.add_argument("--thesaurus", type=Path, nargs=1, default=[], help="without one its weight means nothing")
    parser.add_argument("--hold", type=held_values, default=[{}], metavar="NAME=VALUE,…", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--vectors-from", type=Path, help="as of enlace build")
    options = parser.parse_args()
    folders = sorted(path.parent for path in options.sets.glob("*/gold.tsv"))
    parts = [features(options, folder) for folder in folders]
    for held in options.hold:
        show(fit(parts, held), folders, parts)


if __name__ == "__main__":
    main()
