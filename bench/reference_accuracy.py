"""Accuracy of scikit-learn's TF-IDF and of transformers on the benchmark sets: the yardsticks.

    reference_accuracy.py --sets-folder SETS --model MODEL --json FILE
                          [--sets NAME…] [--methods tfidf transformers] [--precision f32|bf16]

Runs in build/bench-venv (bench/setup.sh). FILE gets {set: {method: {"1": share, "5": …, "25": …}}}.

tfidf          TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True), fitted on
               the distinct names after NFKD, lower case, no combining marks, single spaces
transformers   `query: ` before mentions and names, at most 48 tokens, masked mean, cosine

The score of a concept is that of its best name, rounded to five decimals; concepts with equal scores
come in ascending order of their codes as strings. A concept that shares no n-gram with the mention
is not found. Every gold mention counts, also those whose code is unknown.

Embeddings are kept in build/bench/reference, so that a run may be interrupted.
"""
import argparse
import hashlib
import json
import sys
import unicodedata
from pathlib import Path
from typing import NamedTuple

import numpy as np

KS = (1, 5, 25)
CACHE = Path("build/bench/reference")


class Gold(NamedTuple):
    mention: str
    codes: tuple[str, ...]


class Names(NamedTuple):
    """Distinct texts, and the (text, concept) pairs ordered by concept."""
    texts: list[str]
    codes: dict[str, int]  # ascending codes to their rank
    pair_texts: np.ndarray  # (P) rows of texts
    starts: np.ndarray  # (C) where the pairs of each concept begin


def say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def read_rows(path: Path) -> list[list[str]]:
    return [line.rstrip("\n").split("\t") for line in path.open(encoding="utf-8", newline="\n")]


def read_gold(path: Path) -> list[Gold]:
    return [Gold(mention, tuple(codes.split("|"))) for mention, codes in read_rows(path)]


def normalise(text: str) -> str:
    text = unicodedata.normalize("NFKD", text).lower()
    return " ".join("".join(c for c in text if not unicodedata.combining(c)).split())


def identity(text: str) -> str:
    return text


def read_names(path: Path, form) -> Names:
    rows = [(row[0], form(row[1])) for row in read_rows(path)]
    texts = sorted({text for _, text in rows})
    text_ids = {text: i for i, text in enumerate(texts)}
    codes = {code: i for i, code in enumerate(sorted({code for code, _ in rows}))}
    pairs = np.array(sorted({(codes[code], text_ids[text]) for code, text in rows}))
    starts = np.searchsorted(pairs[:, 0], np.arange(len(codes)))
    return Names(texts, codes, pairs[:, 1], starts)


def ranks(scores: np.ndarray, names: Names, gold: list[tuple[str, ...]], floor: float) -> list[float]:
    """The rank from 0 of the first right concept for each row of scores (M, T); infinite if none."""
    best = np.maximum.reduceat(scores[:, names.pair_texts], names.starts, axis=1)  # (M, C)
    best = np.round(best, 5)
    found = []
    for row, codes in zip(best, gold):
        known = [names.codes[code] for code in codes if code in names.codes]
        known = [code for code in known if row[code] > floor]
        if not known:
            found.append(np.inf)
            continue
        first = min(known, key=lambda code: (-row[code], code))
        above = np.count_nonzero(row > row[first])
        found.append(above + np.count_nonzero(row[:first] == row[first]))
    return found


def accuracy(found: list[float]) -> dict[str, float]:
    return {str(k): float(np.mean(np.array(found) < k)) for k in KS}


def tfidf(kb: Path, gold: list[Gold]) -> dict[str, float]:
    from sklearn.feature_extraction.text import TfidfVectorizer
    names = read_names(kb, normalise)
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True,
                                 lowercase=False, dtype=np.float32)
    transposed = vectorizer.fit_transform(names.texts).T.tocsr()
    queries = vectorizer.transform([normalise(g.mention) for g in gold])
    found = []
    for i in range(0, len(gold), 64):
        scores = (queries[i:i + 64] @ transposed).toarray()
        found += ranks(scores, names, [g.codes for g in gold[i:i + 64]], floor=0.0)
    return accuracy(found)


class Encoder:
    """Embeds with transformers; what was embedded once is read from the cache."""

    PART = 20_000  # texts per file of the cache

    def __init__(self, model: Path, precision: str):
        key = hashlib.sha256((model / "model.safetensors").read_bytes()
                             + (model / "tokenizer.json").read_bytes()).hexdigest()[:16]
        self.model_folder = model
        self.precision = precision
        self.folder = CACHE / f"{key}-{precision}"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.vectors: dict[str, np.ndarray] = {}
        self.model = None
        for part in sorted(self.folder.glob("*.json")):
            texts = json.loads(part.read_text(encoding="utf-8"))
            self.vectors.update(zip(texts, np.load(part.with_suffix(".npy"))))

    def __call__(self, texts: list[str]) -> np.ndarray:
        new = sorted(set(texts) - self.vectors.keys())
        for i in range(0, len(new), self.PART):
            say(f"transformers: {i} of {len(new)} texts")
            self.extend(new[i:i + self.PART])
        return np.stack([self.vectors[text] for text in texts])

    def extend(self, texts: list[str]) -> None:
        vectors = self.embed(texts)
        part = self.folder / f"{len(list(self.folder.glob('*.json'))):04}"
        np.save(part.with_suffix(".npy"), vectors)
        scratch = part.with_suffix(".partial")
        scratch.write_text(json.dumps(texts), encoding="utf-8")
        scratch.rename(part.with_suffix(".json"))
        self.vectors.update(zip(texts, vectors))

    def load(self) -> None:
        from tokenizers import Tokenizer
        from transformers import BertModel
        self.tokenizer = Tokenizer.from_file(str(self.model_folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(48)
        self.model = BertModel.from_pretrained(self.model_folder, add_pooling_layer=False,
                                               attn_implementation="sdpa").eval()

    def embed(self, texts: list[str]) -> np.ndarray:
        if self.model is None:
            self.load()
        ids = [e.ids for e in self.tokenizer.encode_batch(["query: " + t for t in texts])]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        out = np.empty((len(ids), self.model.config.hidden_size), np.float32)
        for i in range(0, len(order), 64):
            batch = order[i:i + 64]
            out[batch] = self.embed_batch([ids[j] for j in batch])
        return out

    def embed_batch(self, ids: list[list[int]]) -> np.ndarray:
        import torch
        length = max(map(len, ids))
        tokens = torch.tensor([row + [1] * (length - len(row)) for row in ids])  # 1 is <pad>
        mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in ids])
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16,
                                                    enabled=self.precision == "bf16"):
            states = self.model(input_ids=tokens, attention_mask=mask).last_hidden_state.float()
        weights = mask.unsqueeze(-1).float()
        mean = (states * weights).sum(1) / weights.sum(1)
        return torch.nn.functional.normalize(mean, dim=1).numpy()


def transformers(kb: Path, gold: list[Gold], encoder: Encoder) -> dict[str, float]:
    names = read_names(kb, identity)
    rows = np.ascontiguousarray(encoder(names.texts).T)
    queries = encoder([g.mention for g in gold])
    found = []
    for i in range(0, len(gold), 64):
        scores = queries[i:i + 64] @ rows
        found += ranks(scores, names, [g.codes for g in gold[i:i + 64]], floor=-np.inf)
    return accuracy(found)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sets-folder", type=Path, required=True)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--json", type=Path, required=True)
    parser.add_argument("--sets", nargs="*")
    parser.add_argument("--methods", nargs="*", default=["tfidf", "transformers"],
                        choices=["tfidf", "transformers"])
    parser.add_argument("--precision", default="f32", choices=["f32", "bf16"])
    options = parser.parse_args()
    if "transformers" in options.methods and options.model is None:
        parser.error("--model is needed for transformers")
    sets = options.sets or sorted(path.parent.name for path in options.sets_folder.glob("*/kb.tsv"))
    encoder = Encoder(options.model, options.precision) if "transformers" in options.methods else None
    results: dict[str, dict] = {}
    for name in sets:
        kb = options.sets_folder / name / "kb.tsv"
        gold = read_gold(options.sets_folder / name / "gold.tsv")
        results[name] = {}
        if "tfidf" in options.methods:
            results[name]["tfidf"] = tfidf(kb, gold)
        if encoder:
            results[name]["transformers"] = transformers(kb, gold, encoder)
        say(f"{name}: {results[name]}")
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
