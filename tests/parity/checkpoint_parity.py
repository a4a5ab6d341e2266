"""Compares `enlace embed` with transformers on small random models in every container.

    python tests/parity/checkpoint_parity.py ENLACE

Families: BERT, RoBERTa, XLM-R, CamemBERT, DistilBERT. Containers: safetensors and torch.save, whole
and in shards, in f32, f16 and bf16, with heads, prefixes and the LayerNorm names of old. What must be
refused is refused with its name. Needs torch, transformers and safetensors.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
import transformers
from safetensors.torch import save_file

sys.path.insert(0, str(Path(__file__).parent.parent / "cli"))
from tiny_model import PIECES, write_model  # noqa: E402

TEXTS = ["a", "dolor de pecho", "fiebre 38", "nino con tos y fiebre de 3 dias", "x" * 40]
IDS = {piece: i for i, piece in enumerate(PIECES)}
SIZES = {"vocab_size": len(PIECES), "max_position_embeddings": 64}
BERT_SIZES = SIZES | {
    "hidden_size": 48,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "intermediate_size": 56,
}
FAMILIES = {
    "bert": (transformers.BertConfig, transformers.BertForMaskedLM, BERT_SIZES),
    "roberta": (transformers.RobertaConfig, transformers.RobertaForMaskedLM, BERT_SIZES),
    "xlm-roberta": (transformers.XLMRobertaConfig, transformers.XLMRobertaForMaskedLM, BERT_SIZES),
    "camembert": (transformers.CamembertConfig, transformers.CamembertForMaskedLM, BERT_SIZES),
    "distilbert": (
        transformers.DistilBertConfig,
        transformers.DistilBertForMaskedLM,
        SIZES | {"dim": 48, "n_layers": 3, "n_heads": 4, "hidden_dim": 56},
    ),
}


def token_ids(text):
    ids = [IDS["[CLS]"]]
    for word in text.split():
        ids += [IDS[letter if i == 0 else "##" + letter] for i, letter in enumerate(word)]
    return ids + [IDS["[SEP]"]]


def expected(model):
    vectors = []
    for text in TEXTS:
        with torch.no_grad():
            states = model.base_model(torch.tensor([token_ids(text)]))
        mean = states.last_hidden_state[0].mean(0)
        vectors.append(mean / mean.norm())
    return torch.stack(vectors)


def made(family, dtype):
    config, kind, sizes = FAMILIES[family]
    torch.manual_seed(3)
    model = kind(config(**sizes)).eval()
    with torch.no_grad():
        for name, value in model.named_parameters():
            value.add_(torch.randn(value.shape) * (0.02 if "norm" in name.lower() else 0.1))
            value.copy_(value.to(dtype).float())
    return model


def shard(tensors, folder, extension, save):
    """Three files, whose index is as transformers writes it."""
    names = sorted(tensors)
    parts = [names[i::3] for i in range(3)]
    stem = "model" if extension == "safetensors" else "pytorch_model"
    places = {}
    for i, part in enumerate(parts):
        file = f"{stem}-{i + 1:05d}-of-00003.{extension}"
        save({name: tensors[name] for name in part}, folder / file)
        places |= {name: file for name in part}
    index = {"metadata": {"total_size": 0}, "weight_map": places}
    (folder / f"{stem}.{extension}.index.json").write_text(json.dumps(index))


def old_names(tensors):
    renamed = {}
    for name, value in tensors.items():
        name = name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta")
        renamed[name] = value
    return renamed


def apart(tensors):
    """Without storages that two tensors share."""
    return {name: value.clone().contiguous() for name, value in tensors.items()}


CONTAINERS = {
    "safetensors": lambda t, f: save_file(apart(t), f / "model.safetensors"),
    "safetensors shards": lambda t, f: shard(apart(t), f, "safetensors", save_file),
    "torch": lambda t, f: torch.save(t, f / "pytorch_model.bin"),
    "torch shards": lambda t, f: shard(t, f, "bin", torch.save),
    "torch, a plain dict of parameters": lambda t, f: torch.save(
        {name: torch.nn.Parameter(value, requires_grad=False) for name, value in t.items()},
        f / "pytorch_model.bin",
    ),
    "torch, gamma and beta": lambda t, f: torch.save(old_names(t), f / "pytorch_model.bin"),
    "torch, of sentence-transformers": lambda t, f: torch.save(
        {"0.auto_model." + name.split(".", 1)[1]: value for name, value in t.items() if "." in name}
        | {"position_ids": torch.arange(64)},
        f / "pytorch_model.bin",
    ),
    "torch, views of one storage": lambda t, f: torch.save(views(t), f / "pytorch_model.bin"),
}


def views(tensors):
    together = torch.cat([value.reshape(-1) for value in tensors.values()])
    result, at = {}, 0
    for name, value in tensors.items():
        result[name] = together[at : at + value.numel()].view(value.shape)
        at += value.numel()
    return result


def weights_of(model, dtype):
    weights = model.state_dict()
    for name, value in weights.items():
        if value.is_floating_point():
            weights[name] = value.to(dtype)
    return weights


def prepared(base, model):
    folder = write_model(base)
    (folder / "model.safetensors").unlink()
    (folder / "config.json").write_text(model.config.to_json_string(use_diff=False))
    (folder / "texts").write_text("\n".join(TEXTS) + "\n")
    return folder


def embed(enlace, folder):
    out = folder / "out.jsonl"
    command = [enlace, "embed", "--model", folder, folder / "texts", "--out", out, "--precision", "f32"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        return done.stderr.strip()
    return torch.tensor([json.loads(line)["vector"] for line in out.read_text().splitlines()])


def compare(enlace, base):
    worst = 1.0
    count = 0
    for family in FAMILIES:
        for dtype in (torch.float32, torch.float16, torch.bfloat16):
            model = made(family, dtype)
            reference = expected(model)
            for name, save in CONTAINERS.items():
                folder = prepared(base / f"{count}", model)
                save(weights_of(model, dtype), folder)
                found = embed(enlace, folder)
                assert not isinstance(found, str), (family, dtype, name, found)
                cosine = torch.nn.functional.cosine_similarity(found, reference).min().item()
                assert cosine >= 0.99999, (family, dtype, name, cosine)
                worst = min(worst, cosine)
                count += 1
    print(f"{count} checkpoints: least cosine {worst:.7f}")


def refuse(enlace, base):
    model = made("bert", torch.float32)
    weights = weights_of(model, torch.float32)
    query = "bert.encoder.layer.0.attention.self.query.weight"
    cases = {
        "found the global": lambda p: torch.save(model, p),
        "PyTorch before 1.6": lambda p: torch.save(weights, p, _use_new_zipfile_serialization=False),
        "expected a contiguous tensor": lambda p: torch.save(weights | {query: weights[query].t()}, p),
        "expected a dictionary of tensors": lambda p: torch.save({"state_dict": weights}, p),
        "expected a pickle of protocol 2": lambda p: torch.save(weights, p, pickle_protocol=4),
        "opcode EMPTY_LIST": lambda p: torch.save({"weights": list(weights.values())}, p),
        "opcode BINFLOAT": lambda p: torch.save(weights | {"loss": 1.5}, p),
        "expected finite values": lambda p: torch.save(weights | {query: weights[query] / 0}, p),
        "expected shape": lambda p: torch.save(weights | {query: weights[query][1:]}, p),
        "expected F32, F16 or BF16": lambda p: torch.save(weights | {query: weights[query].double()}, p),
    }
    for i, (words, save) in enumerate(cases.items()):
        folder = prepared(base / f"refused-{i}", model)
        save(folder / "pytorch_model.bin")
        found = embed(enlace, folder)
        assert isinstance(found, str) and words in found, (words, found)
    print(f"{len(cases)} refused by name")


def main():
    with tempfile.TemporaryDirectory() as base:
        compare(sys.argv[1], Path(base))
        refuse(sys.argv[1], Path(base))


if __name__ == "__main__":
    main()
