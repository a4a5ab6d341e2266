"""Training speed beside PyTorch, on the same batches.

    train_speed.py ENLACE MODEL NAMES [--pairs N] [--steps N] [--tier native|avx512|avx2] [--precision bf16|f32]
                   [--out FILE]

NAMES has a name a line; pairs of names that follow each other stand in for synonyms: speed does not depend on what
they mean. Both sides take N pairs a step (256) of at most 25 tokens through the same model: forward, multi-similarity
with the miner, backward, AdamW. PyTorch runs under bf16 autocast, or in f32 with --precision f32, with the batch padded
to its longest text, as sentence-transformers does, and once with the texts sorted by length in eight parts, which needs
less padding than published code does. Appends to docs/benchmarks/training.md, or FILE. Needs
bench/peers/requirements.txt.
"""
import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from machine import machine
from tiers import TIERS

TOKENS = 25


def ours(enlace, model, pairs, count, steps, precision):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log = folder / "log"
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        subprocess.run([enlace, "train", "--recipe", "sapbert", "--pairs", pairs, "--init", model, "--out",
                        folder / "out", "--steps", str(steps), "--log", log, "--precision", precision,
                        "--batch", str(count), "--dropout", "0", "--pooling", "mean"], check=True, stderr=subprocess.DEVNULL)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        times = [b["seconds"] - a["seconds"] for a, b in zip(lines[1:], lines[2:])]
        tokens = statistics.mean(line["tokens"] for line in lines)
        return statistics.median(times), tokens, max(peak, before) / 1024


def multi_similarity(torch, x, labels):
    y = torch.nn.functional.normalize(x.float())
    s = y @ y.T
    same = labels[:, None] == labels[None]
    positive, negative = same & ~torch.eye(len(labels), dtype=torch.bool), ~same
    with torch.no_grad():  # the O(N^2) form, which is faster than the published one
        d = (2 - 2 * s).clamp(min=0).sqrt()
        nearest = d.masked_fill(~negative, float("inf")).amin(1, keepdim=True)
        furthest = d.masked_fill(~positive, -float("inf")).amax(1, keepdim=True)
        p, n = positive & (nearest - d <= 0.2), negative & (d - furthest <= 0.2)
    zero = torch.zeros(len(labels), 1)
    pull = torch.logsumexp(torch.cat([(0.5 - s).masked_fill(~p, -float("inf")), zero], 1), 1)
    push = torch.logsumexp(torch.cat([(60 * (s - 0.5)).masked_fill(~n, -float("inf")), zero], 1), 1) / 60
    return (pull + push).mean()


def theirs(model, batches, parts, precision):
    import torch
    from tokenizers import Tokenizer
    from transformers import AutoModel
    tokenizer = Tokenizer.from_file(str(Path(model) / "tokenizer.json"))
    tokenizer.enable_truncation(TOKENS)
    network = AutoModel.from_pretrained(model, add_pooling_layer=False).train()
    for module in network.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    optimizer = torch.optim.AdamW(network.parameters(), lr=2e-5, weight_decay=0.01)
    labels = torch.arange(len(batches[0]) // 2).repeat_interleave(2)
    times, losses = [], []
    for batch in batches:
        began = time.perf_counter()
        ids = [encoding.ids for encoding in tokenizer.encode_batch(batch)]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i])) if parts > 1 else list(range(len(ids)))
        size = len(ids) // parts
        pooled = [None] * len(ids)
        optimizer.zero_grad(set_to_none=True)
        for part in range(parts):
            rows = order[part * size:(part + 1) * size]
            longest = max(len(ids[i]) for i in rows)
            tensor = torch.ones(len(rows), longest, dtype=torch.long)
            mask = torch.zeros(len(rows), longest, dtype=torch.long)
            for row, i in enumerate(rows):
                tensor[row, :len(ids[i])] = torch.tensor(ids[i])
                mask[row, :len(ids[i])] = 1
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == "bf16"):
                states = network(input_ids=tensor, attention_mask=mask).last_hidden_state
            means = (states.float() * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
            for row, i in enumerate(rows):
                pooled[i] = means[row]
        loss = multi_similarity(torch, torch.stack(pooled), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        times.append(time.perf_counter() - began)
    return statistics.median(times[2:])  # of as many steps as ours


def machine_of(enlace, precision):
    """(tier, the most Gop/s of products on all cores)."""
    text = subprocess.run([enlace, "inspect", "--machine"], capture_output=True, text=True, check=True).stdout
    words = [line.split() for line in text.splitlines()]
    tier = next(line[1].rstrip(":") for line in words if line[:1] == ["tier"])
    return tier, float(next(line[-2] for line in words if line[:1] == [precision]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("enlace")
    parser.add_argument("model")
    parser.add_argument("names")
    parser.add_argument("--pairs", type=int, default=256)
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--tier", choices=TIERS, default="native")
    parser.add_argument("--precision", choices=("bf16", "f32"), default="bf16")
    parser.add_argument("--out", default="docs/benchmarks/training.md")
    options = parser.parse_args()
    os.environ.update(TIERS[options.tier])
    count, precision = options.pairs, options.precision
    names = [n for n in Path(options.names).read_text().splitlines() if n and "||" not in n and not n.endswith("|")]
    random.Random(1).shuffle(names)
    batches = [names[i:i + 2 * count] for i in range(0, options.steps * 2 * count, 2 * count)]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as pairs:
        for i in range(0, options.steps * 2 * count, 2):
            pairs.write(f"C{i}||{names[i]}||{names[i + 1]}\n")
        pairs.flush()
        run = lambda: ours(options.enlace, options.model, pairs.name, count, options.steps, precision)
        rounds = [run()]
        padded = theirs(options.model, batches, 1, precision)
        by_length = theirs(options.model, batches, 8, precision)
        rounds.append(run())
    seconds, tokens, _ = min(rounds)
    memory = rounds[0][2]  # a child of this process counts its memory too, which grows with the peer
    tier, peak = machine_of(options.enlace, precision)
    config = json.loads((Path(options.model) / "config.json").read_text())
    inner = config.get("intermediate_size")
    hidden, layers = config["hidden_size"], config["num_hidden_layers"]
    operations = 3 * 2 * layers * (4 * hidden * hidden + 2 * hidden * inner) * tokens
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    theirs_in = "bf16 autocast" if precision == "bf16" else "f32"
    speed = operations / seconds / 1e9
    text = f"""
## {Path(options.model).name}, {machine()}, {tier}

{count} pairs a step of at most {TOKENS} tokens, {tokens:.0f} tokens a step; median of {options.steps - 2} steps, the
better of two runs around the peer's. Commit {commit}. The peak is that of products, measured after the runs:
{peak:.0f} Gop/s.

| | seconds a step | pairs/s | Gop/s in products | of the peak | times PyTorch |
|---|--:|--:|--:|--:|--:|
| **enlace, {precision}** | **{seconds:.2f}** | **{count / seconds:.0f}** | {speed:.0f} | {100 * speed / peak:.0f} % | \
**{padded / seconds:.1f}** |
| PyTorch, {theirs_in}, padded | {padded:.2f} | {count / padded:.0f} | | | 1 |
| PyTorch, the same, eight parts by length | {by_length:.2f} | {count / by_length:.0f} | | | \
{padded / by_length:.1f} |

Most memory of enlace: {memory:.0f} MB.
"""
    path = Path(options.out)
    if not path.exists():
        path.write_text("# Training beside PyTorch\n\nMade by `bench/train_speed.py`; do not edit.\n")
    with path.open("a") as file:
        file.write(text)
    print(text)


if __name__ == "__main__":
    sys.exit(main())
