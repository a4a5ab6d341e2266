"""The vectors of transformers for texts: mean over all tokens, length 1. Shared by the benchmarks."""

import csv
import json
import random
import re
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import AutoModel

from model_usage import usage_of


def names_by_language(source: Path) -> dict[str, set[str]]:
    """The names of a table (code, name, language), or of the one-line entries of a folder's .po."""
    names: dict[str, set[str]] = {}
    if source.is_dir():
        for file in source.glob("*.po"):
            found = re.findall(r'^msgstr "([^"\\]+)"$', file.read_text(encoding="utf-8"), re.M)
            names[file.stem] = set(found)
        return names
    with source.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            names.setdefault(row[2], set()).add(row[1])
    return names


def sample_names(source: Path, count: int, seed: int) -> list[str]:
    """`count` distinct names, as many of each language as it has, up to an equal share."""
    by_language = names_by_language(source)
    share = count // len(by_language)
    while sum(min(share, len(pool)) for pool in by_language.values()) < 1.05 * count:
        share += count // 100  # languages with few names leave room for the others
        if share > max(len(pool) for pool in by_language.values()):
            break
    chosen = random.Random(seed)
    names = []
    for language in sorted(by_language):
        pool = sorted(by_language[language])
        names += chosen.sample(pool, min(share, len(pool)))
    names = sorted(set(names))
    chosen.shuffle(names)
    return names[:count]


class Reference:
    """A model folder in PyTorch, f32."""

    def __init__(self, folder: Path, threads: int):
        torch.set_num_threads(threads)
        usage = usage_of(folder)
        self.prefix = usage["prefix"]
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(usage["max_tokens"])
        kind = json.loads((folder / "config.json").read_text())["model_type"]
        no_pooler = {} if kind == "distilbert" else {"add_pooling_layer": False}
        self.model = AutoModel.from_pretrained(folder, dtype=torch.float32, **no_pooler).eval()

    def ids(self, texts: list[str]) -> list[list[int]]:
        return [e.ids for e in self.tokenizer.encode_batch([self.prefix + t for t in texts])]

    @torch.inference_mode()
    def encode(self, texts: list[str], batch: int = 128) -> np.ndarray:
        """Row i is the vector of texts[i]. Batches of texts sorted by length, padded."""
        ids = self.ids(texts)
        order = sorted(range(len(ids)), key=lambda i: -len(ids[i]))
        out = np.empty((len(ids), self.model.config.hidden_size), dtype=np.float32)
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            width = max(len(ids[i]) for i in rows)
            tokens = torch.full((len(rows), width), self.model.config.pad_token_id)
            mask = torch.zeros((len(rows), width), dtype=torch.int64)
            for at, i in enumerate(rows):
                tokens[at, : len(ids[i])] = torch.tensor(ids[i])
                mask[at, : len(ids[i])] = 1
            states = self.model(input_ids=tokens, attention_mask=mask).last_hidden_state
            weights = mask.unsqueeze(-1).float()
            pooled = (states * weights).sum(1) / weights.sum(1)
            out[rows] = torch.nn.functional.normalize(pooled, dim=1).numpy()
        return out


