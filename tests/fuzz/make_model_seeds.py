"""Makes the seeds of the fuzz targets for weights: the smallest encoders that there can be.

    python tests/fuzz/make_model_seeds.py

Needs torch and safetensors. The weights are random; config.json of each is a seed of model_config.
"""

import json
import zipfile
from pathlib import Path

import torch
from safetensors.torch import save_file

CORPUS = Path(__file__).parent / "corpus"
C, F, LAYERS, HEADS, WORDS, POSITIONS, TYPES = 4, 4, 1, 2, 6, 5, 1


def bert() -> dict[str, torch.Tensor]:
    tensors = {"embeddings.word_embeddings.weight": (WORDS, C)}
    tensors["embeddings.position_embeddings.weight"] = (POSITIONS, C)
    tensors["embeddings.token_type_embeddings.weight"] = (TYPES, C)
    tensors |= {f"embeddings.LayerNorm.{part}": (C,) for part in ("weight", "bias")}
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}."
        for name, out, into in (
            ("attention.self.query", C, C),
            ("attention.self.key", C, C),
            ("attention.self.value", C, C),
            ("attention.output.dense", C, C),
            ("intermediate.dense", F, C),
            ("output.dense", C, F),
        ):
            tensors |= {at + name + ".weight": (out, into), at + name + ".bias": (out,)}
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            tensors |= {at + f"{name}.{part}": (C,) for part in ("weight", "bias")}
    random = torch.Generator().manual_seed(1)
    return {name: torch.randn(shape, generator=random) for name, shape in tensors.items()}


def distilbert(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    names = {"attention.self.query": "attention.q_lin", "attention.self.key": "attention.k_lin"}
    names |= {"attention.self.value": "attention.v_lin"}
    names |= {"attention.output.dense": "attention.out_lin", "encoder.layer": "transformer.layer"}
    names |= {"attention.output.LayerNorm": "sa_layer_norm", "intermediate.dense": "ffn.lin1"}
    names |= {"output.LayerNorm": "output_layer_norm", "output.dense": "ffn.lin2"}
    renamed = {}
    for name, tensor in tensors.items():
        for old, new in names.items():
            name = name.replace(old, new)
        renamed["distilbert." + name] = tensor
    return renamed


def write_json(path: Path, value: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value))


def main() -> None:
    for target in ("safetensors", "torch_file", "tensor_pickle"):
        (CORPUS / target).mkdir(parents=True, exist_ok=True)
    sizes = {"vocab_size": WORDS, "max_position_embeddings": POSITIONS}
    tensors = bert()
    save_file(tensors, CORPUS / "safetensors/bert", metadata={"format": "pt"})
    (CORPUS / "safetensors/bert").chmod(0o644)
    halves = {f"bert.{name}": value.half() for name, value in tensors.items()}
    torch.save(halves | {"position_ids": torch.arange(POSITIONS)}, CORPUS / "torch_file/bert")
    torch.save(distilbert(tensors), CORPUS / "torch_file/distilbert")
    for name in ("bert", "distilbert"):
        with zipfile.ZipFile(CORPUS / "torch_file" / name) as archive:
            (CORPUS / "tensor_pickle" / name).write_bytes(archive.read(f"{name}/data.pkl"))
    bert_config = {"model_type": "bert", "hidden_act": "gelu", "hidden_size": C, "type_vocab_size": TYPES}
    bert_config |= {"num_hidden_layers": LAYERS, "num_attention_heads": HEADS, "intermediate_size": F}
    write_json(CORPUS / "model_config/bert", bert_config | sizes | {"layer_norm_eps": 1e-12})
    roberta = {"model_type": "xlm-roberta", "pad_token_id": 1}
    write_json(CORPUS / "model_config/xlm-roberta", bert_config | sizes | roberta)
    config = {"model_type": "distilbert", "activation": "gelu", "dim": C, "n_layers": LAYERS}
    config |= {"n_heads": HEADS, "hidden_dim": F}
    write_json(CORPUS / "model_config/distilbert", config | sizes)
    shards = [f"model-0000{1 + i % 2}-of-00002.safetensors" for i in range(len(tensors))]
    index = {"metadata": {"total_size": 784}, "weight_map": dict(zip(tensors, shards))}
    write_json(CORPUS / "shard_index/two", index)


if __name__ == "__main__":
    main()
