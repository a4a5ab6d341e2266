"""Makes tests/parity/data: tiny random encoders and what transformers computes with them.

    python tests/parity/encoder_reference.py

Needs torch, transformers and safetensors. Each folder is a model; expected.safetensors holds the
token ids of all sequences, where each begins, and the hidden states of the last layer, computed in
f32 from the weights as they are stored. One of them is a pytorch_model.bin.
"""

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from transformers import (
    BertConfig,
    BertModel,
    DistilBertConfig,
    DistilBertForMaskedLM,
    XLMRobertaConfig,
    XLMRobertaModel,
)

DATA = Path(__file__).parent / "data"
LENGTHS = [1, 7, 2, 33, 12]


def dump(name: str, model: torch.nn.Module, dtype: torch.dtype) -> None:
    folder = DATA / name
    folder.mkdir(parents=True, exist_ok=True)
    model.eval()
    tensors = {
        key: value.to(dtype).contiguous()
        for key, value in model.state_dict().items()
        if not key.startswith("pooler") and value.is_floating_point()
    }
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    stored = load_file(folder / "model.safetensors")
    model.load_state_dict({k: v.float() for k, v in stored.items()}, strict=False)
    model.config.architectures = [type(model).__name__]
    (folder / "config.json").write_text(model.config.to_json_string(use_diff=False))

    dump_expected(folder, model)


def dump_torch(name: str, model: torch.nn.Module, encoder: torch.nn.Module) -> None:
    """As torch.save writes it, whole with its head."""
    folder = DATA / name
    folder.mkdir(parents=True, exist_ok=True)
    model.eval()
    torch.save(model.state_dict(), folder / "pytorch_model.bin")
    (folder / "config.json").write_text(model.config.to_json_string(use_diff=False))
    dump_expected(folder, encoder)


def dump_expected(folder: Path, model: torch.nn.Module) -> None:
    random = torch.Generator().manual_seed(3)
    vocabulary = model.config.vocab_size
    ids, states = [], []
    for length in LENGTHS:
        # Above the padding id: RoBERTa gives padding no position.
        sequence = torch.randint(2, vocabulary, (1, length), generator=random)
        with torch.no_grad():
            states.append(model(sequence).last_hidden_state[0])
        ids.append(sequence[0])
    starts = torch.tensor([0] + LENGTHS).cumsum(0)
    expected = {
        "ids": torch.cat(ids).to(torch.int32),
        "starts": starts.to(torch.int32),
        "states": torch.cat(states),
    }
    save_file(expected, folder / "expected.safetensors")
    for file in folder.glob("*.safetensors"):
        file.chmod(0o644)


def shaken(model: torch.nn.Module) -> torch.nn.Module:
    """Weights large enough for every term to matter; new models have biases of 0 and gains of 1."""
    random = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for name, value in model.named_parameters():
            noise = torch.randn(value.shape, generator=random) * 0.3
            value.copy_(noise + (1 if "norm" in name.lower() and name.endswith("weight") else 0))
    return model


def main() -> None:
    sizes = {
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "intermediate_size": 40,
        "vocab_size": 60,
        "max_position_embeddings": 40,
    }
    for name, dtype in [("f32", torch.float32), ("f16", torch.float16), ("bf16", torch.bfloat16)]:
        dump(f"bert-{name}", shaken(BertModel(BertConfig(**sizes))), dtype)
        sizes["num_hidden_layers"] = 1  # the two halves differ from f32 in reading only
    sizes |= {"hidden_size": 24, "num_hidden_layers": 1, "num_attention_heads": 2, "vocab_size": 50}
    sizes |= {"intermediate_size": 20, "max_position_embeddings": 36, "type_vocab_size": 1}
    dump("xlm-roberta-f32", shaken(XLMRobertaModel(XLMRobertaConfig(**sizes))), torch.float32)

    distilbert = DistilBertForMaskedLM(
        DistilBertConfig(
            dim=24, n_layers=2, n_heads=3, hidden_dim=20, vocab_size=50, max_position_embeddings=36
        )
    )
    dump_torch("distilbert-bin", shaken(distilbert), distilbert.distilbert)


if __name__ == "__main__":
    main()
