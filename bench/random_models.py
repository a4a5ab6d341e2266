"""Models with random weights, for layouts of which no real ones are at hand: made by transformers from
a fixed seed, with a tokenizer of the kind that belongs to the layout."""

import json
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import (AutoModel, BertConfig, DistilBertConfig, RobertaConfig, XLMRobertaConfig)

LARGE = {"hidden_size": 1024, "num_hidden_layers": 24, "num_attention_heads": 16, "intermediate_size": 4096}

# Name: configuration, the kind of its tokenizer, and how many names are few enough for its size.
RANDOM_MODELS = {
    "BERT-base": (lambda size: BertConfig(vocab_size=size), "WordPiece", 1000),
    "BERT-large": (lambda size: BertConfig(vocab_size=size, **LARGE), "WordPiece", 300),
    "DistilBERT": (lambda size: DistilBertConfig(vocab_size=size), "WordPiece", 1000),
    "RoBERTa": (lambda size: RobertaConfig(vocab_size=size, max_position_embeddings=514, type_vocab_size=1),
                "BPE", 1000),
    "XLM-R": (lambda size: XLMRobertaConfig(vocab_size=size, max_position_embeddings=514, type_vocab_size=1),
              "Unigram", 1000),
}


def byte_level_bpe(names: list[str]) -> Tokenizer:
    """As RoBERTa's, trained on `names`."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=8000, show_progress=False,
                                  special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"],
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(names, trainer)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0),
                                                            add_prefix_space=False)
    return tokenizer


def tokenizer_kind(folder: Path) -> str:
    return json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["type"]


def make_random_model(name: str, folder: Path, tokenizers: dict[str, Path], names: list[str]) -> None:
    """Fills `folder`. `tokenizers` has folders with a tokenizer of each kind but BPE."""
    configuration, kind, _ = RANDOM_MODELS[name]
    if kind == "BPE":
        tokenizer = byte_level_bpe(names)
    else:
        tokenizer = Tokenizer.from_file(str(tokenizers[kind] / "tokenizer.json"))
        tokenizer.no_padding()
    tokenizer.save(str(folder / "tokenizer.json"))
    config = configuration(tokenizer.get_vocab_size())
    torch.manual_seed(1)
    model = AutoModel.from_config(config, **({} if name == "DistilBERT" else {"add_pooling_layer": False}))
    with torch.no_grad():
        for parameter in model.parameters():  # biases and norms start as zeros and ones, which hide faults
            if parameter.ndim == 1:
                parameter += 0.05 * torch.randn_like(parameter)
    model.save_pretrained(folder)
