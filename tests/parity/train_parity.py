"""Gradients and losses of training, against PyTorch.

    train_parity.py BUILD

makes random two-layer BERT, RoBERTa and XLM-R models and compares the gradient of every parameter at
the multi-similarity loss of a ragged batch, and the loss and the parameters over 50 steps of the
SapBERT recipe (AdamW 2e-5, no dropout). Needs torch and transformers (bench/peers/requirements.txt).
"""
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import (BertConfig, BertModel, RobertaConfig, RobertaModel, XLMRobertaConfig,
                          XLMRobertaModel)

SIZES = dict(vocab_size=1000, hidden_size=96, num_hidden_layers=2, num_attention_heads=4,
             intermediate_size=200, max_position_embeddings=80)
FAMILIES = {
    "bert": (BertConfig, BertModel),
    "roberta": (RobertaConfig, RobertaModel),
    "xlm-roberta": (XLMRobertaConfig, XLMRobertaModel),
}


def make_model(family, folder):
    config_type, model_type = FAMILIES[family]
    torch.manual_seed(5)
    config = config_type(**SIZES, attn_implementation="eager")
    model = model_type(config, add_pooling_layer=False)
    with torch.no_grad():
        for name, value in model.named_parameters():
            if value.dim() == 1:
                value.add_(torch.randn_like(value) * 0.1)
            else:
                value.mul_(3)
    model.save_pretrained(folder)
    return model.eval()


def make_batches(count, sequences, seed):
    rng = random.Random(seed)
    batches = []
    for _ in range(count):
        batch = []
        for i in range(sequences):
            batch.append((i // 2 % (sequences // 2 - 2),
                          [rng.randrange(5, 1000) for _ in range(rng.choice([1, 2, 5, 9, 16, 17, 40]))]))
        batches.append(batch)
    return batches


def write_batches(path, batches):
    path.write_text("\n".join(
        "".join(f"{label} {' '.join(map(str, ids))}\n" for label, ids in batch) for batch in batches))


def pooled(model, batch, pooling):
    longest = max(len(ids) for _, ids in batch)
    ids = torch.ones(len(batch), longest, dtype=torch.long)
    mask = torch.zeros(len(batch), longest, dtype=torch.long)
    for row, (_, tokens) in enumerate(batch):
        ids[row, :len(tokens)] = torch.tensor(tokens)
        mask[row, :len(tokens)] = 1
    offset = model.config.pad_token_id + 1 if model.config.model_type != "bert" else 0
    positions = torch.arange(longest).expand(len(batch), -1) + offset
    states = model(input_ids=ids, attention_mask=mask, position_ids=positions).last_hidden_state
    if pooling == "cls":
        return states[:, 0]
    return (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)


def multi_similarity(x, labels, margin=0.2, alpha=1.0, beta=60.0, base=0.5):
    """pytorch-metric-learning's TripletMarginMiner and MultiSimilarityLoss, by all triplets."""
    y = torch.nn.functional.normalize(x)
    s = y @ y.T
    labels = torch.tensor(labels)
    same = labels[:, None] == labels[None]
    positive = same & ~torch.eye(len(labels), dtype=torch.bool)
    negative = ~same
    with torch.no_grad():
        d = (2 - 2 * s).clamp(min=0).sqrt()
        kept = (d[:, None, :] - d[:, :, None] <= margin) & positive[:, :, None] & negative[:, None, :]
        p, n = kept.any(2), kept.any(1)
    loss = 0
    for row in range(len(labels)):
        if p[row].any():
            loss = loss + torch.log1p(torch.exp(-alpha * (s[row][p[row]] - base)).sum()) / alpha
        if n[row].any():
            loss = loss + torch.nn.functional.softplus(
                torch.logsumexp(beta * (s[row][n[row]] - base), 0)) / beta
    return loss / len(labels)


def info_nce(x, labels, temperature=0.07):
    y = torch.nn.functional.normalize(x)
    s = y @ y.T / temperature
    labels = torch.tensor(labels)
    same = labels[:, None] == labels[None]
    positive = same & ~torch.eye(len(labels), dtype=torch.bool)
    losses = []
    for a, p in positive.nonzero():
        rest = s[a][~same[a]]
        losses.append(torch.logsumexp(torch.cat([s[a, p][None], rest]), 0) - s[a, p])
    return torch.stack(losses).mean()


def run(tool, model, batches, out, *flags):
    done = subprocess.run([tool, model, batches, out, *flags], check=True, capture_output=True, text=True)
    return [float(line) for line in done.stdout.split()], load_file(out)


def compare_gradients(tool, folder, family):
    model = make_model(family, folder / family)
    batch = make_batches(1, 40, 3)
    write_batches(folder / "batch.txt", batch)
    failed = False
    for pooling in ("mean", "cls"):
        for objective in ("ms", "nce"):
            model.zero_grad()
            loss_of = multi_similarity if objective == "ms" else info_nce
            loss = loss_of(pooled(model, batch[0], pooling), [label for label, _ in batch[0]])
            loss.backward()
            for precision in ("f32", "bf16"):
                flags = [f for f in (precision, pooling, objective) if f not in ("f32", "mean", "ms")]
                losses, gradients = run(tool, folder / family, folder / "batch.txt", folder / "out", *flags)
                worst, cosine = 0.0, 1.0
                dot = ours2 = theirs2 = 0.0
                for name, value in model.named_parameters():
                    theirs = value.grad if value.grad is not None else torch.zeros_like(value)
                    ours = gradients[name]
                    # Keys' biases have no effect: their gradients are rounding.
                    if not name.endswith("key.bias"):
                        error = (ours - theirs).norm() / theirs.norm()
                        worst = max(worst, error.item())
                        cosine = min(cosine, torch.nn.functional.cosine_similarity(
                            ours.flatten(), theirs.flatten(), dim=0).item())
                    dot += (ours * theirs).sum().item()
                    ours2 += (ours * ours).sum().item()
                    theirs2 += (theirs * theirs).sum().item()
                whole = dot / (ours2 * theirs2) ** 0.5
                good = worst <= 1e-4 if precision == "f32" else whole >= 0.999
                failed |= not good
                print(f"{family:12} {pooling:4} {objective:3} {precision:4} loss {losses[0]:.6f} / "
                      f"{loss.item():.6f}, worst relative error {worst:.2e}, least cosine of a tensor "
                      f"{cosine:.6f}, of all {whole:.6f}{'' if good else '  FAILED'}")
    return failed


def compare_steps(tool, folder):
    model = make_model("bert", folder / "steps")
    batches = make_batches(50, 64, 11)
    write_batches(folder / "batches.txt", batches)
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-5, weight_decay=0.01)
    theirs = []
    for batch in batches:
        optimizer.zero_grad()
        loss = multi_similarity(pooled(model, batch, "cls"), [label for label, _ in batch])
        loss.backward()
        # PyTorch leaves out a parameter without a gradient; none is here but by freezing.
        optimizer.step()
        theirs.append(loss.item())
    ours, parameters = run(tool, folder / "steps", folder / "batches.txt", folder / "out", "cls", "steps")
    worst = max(abs(a - b) / b for a, b in zip(ours, theirs))
    moved = max((parameters[name] - value).abs().max().item() for name, value in model.named_parameters())
    good = worst <= 1e-3 and len(ours) == len(theirs)
    print(f"{len(ours)} steps: loss {ours[0]:.6f} to {ours[-1]:.6f}, PyTorch {theirs[0]:.6f} to "
          f"{theirs[-1]:.6f}; worst relative difference {worst:.2e}; parameters differ by at most "
          f"{moved:.2e}{'' if good else '  FAILED'}")
    return not good


def main(build):
    tool = Path(build) / "tests" / "train_gradients"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        failed = [compare_gradients(tool, folder, family) for family in FAMILIES]
        failed.append(compare_steps(tool, folder))
    return any(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
