"""Compares model folders that enlace has written with those they were made from, here and elsewhere.

    python tests/parity/model_folder_parity.py ENLACE [MODEL TEXTS]

Without a MODEL, small ones are made: Unigram, WordPiece and byte-level BPE trained by `tokenizers` on
text of our own, with random BERT or RoBERTa weights. For every kept text: the token ids are those of
the whole vocabulary, renumbered; the rows of the embeddings are the same; `enlace embed` gives the same
bytes; sentence-transformers gives what enlace gives. So it does for the folder in bf16, and for the one
in bytes once it is turned into f32 again. Needs torch, transformers, sentence-transformers.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
import transformers
from safetensors.torch import load_file
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

WORDS = (
    "dolor pecho fiebre tos disnea infarto agudo miocardio hypertension pneumonia acute chronic renal "
    "failure Niereninsuffizienz Lungenentzündung боль груди острый инфаркт 糖尿病 高血圧 急性 心筋梗塞 πόνος "
    "στο στήθος ağrı göğüs kanser insuficiencia cardíaca estenosis aórtica fractura cadera"
).split()
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
HIDDEN = 32


def corpus(seed, count):
    source = np.random.default_rng(seed)
    return [" ".join(source.choice(WORDS, source.integers(1, 6))) for _ in range(count)]


def trained(kind):
    if kind == "unigram":
        tokenizer = Tokenizer(models.Unigram())
        tokenizer.normalizer = normalizers.NFKC()
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
        trainer = trainers.UnigramTrainer(vocab_size=250, special_tokens=SPECIAL, unk_token="<unk>")
    elif kind == "wordpiece":
        tokenizer = Tokenizer(models.WordPiece(unk_token="<unk>"))
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        trainer = trainers.WordPieceTrainer(vocab_size=300, special_tokens=SPECIAL)
    else:
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.decoder = decoders.ByteLevel()
        alphabet = pre_tokenizers.ByteLevel.alphabet()
        trainer = trainers.BpeTrainer(vocab_size=500, special_tokens=SPECIAL, initial_alphabet=alphabet)
    tokenizer.train_from_iterator(corpus(1, 3000), trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


def make_model(kind, folder):
    torch.manual_seed(3)
    tokenizer = trained(kind)
    family = transformers.RobertaConfig if kind == "bpe" else transformers.BertConfig
    base = transformers.RobertaModel if kind == "bpe" else transformers.BertModel
    config = family(
        vocab_size=tokenizer.get_vocab_size() + 7,
        max_position_embeddings=80,
        hidden_size=HIDDEN,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        pad_token_id=1,
    )
    base(config).save_pretrained(folder)
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", cls_token="<s>", sep_token="</s>", unk_token="<unk>", mask_token="<mask>"
    )
    fast.save_pretrained(folder)
    (folder / "enlace.json").write_text(json.dumps({"prefix": "query: ", "max_tokens": 64}))


def run(*arguments):
    done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{arguments[1:]}: {done.stderr}")
    return done.stderr


def embedded(enlace, model, texts, folder, precision):
    out = folder / "vectors.npy"
    run(enlace, "embed", "--model", model, "--precision", precision, "--out", out, texts)
    return np.load(out)


def compare(enlace, model, texts, folder):
    pruned = folder / "pruned"
    said = run(enlace, "model", "prune", model, "--keep", texts, "--out", pruned)
    lines = [line for line in texts.read_text(encoding="utf-8").splitlines() if line]
    old = Tokenizer.from_file(str(model / "tokenizer.json"))
    new = Tokenizer.from_file(str(pruned / "tokenizer.json"))
    old_rows = load_file(model / "model.safetensors")["embeddings.word_embeddings.weight"]
    new_rows = load_file(pruned / "model.safetensors")["embeddings.word_embeddings.weight"]
    config = transformers.AutoConfig.from_pretrained(pruned)
    assert config.vocab_size == new.get_vocab_size() == len(new_rows), (config.vocab_size, len(new_rows))
    fast = transformers.AutoTokenizer.from_pretrained(pruned)
    for line in lines:
        before, after = old.encode(line), new.encode(line)
        assert before.tokens == after.tokens, line
        assert torch.equal(old_rows[before.ids], new_rows[after.ids]), line
        assert fast(line)["input_ids"] == after.ids, line
    for precision in ("f32", "bf16"):
        before = embedded(enlace, model, texts, folder, precision)
        after = embedded(enlace, pruned, texts, folder, precision)
        assert before.tobytes() == after.tobytes(), precision
    some = lines[:200]
    least = theirs_and_ours(enlace, pruned, texts, folder, some, torch.float32)
    run(enlace, "model", "quantise", pruned, "--to", "bf16", "--out", folder / "bf16")
    assert load_file(folder / "bf16" / "model.safetensors")["encoder.layer.0.output.dense.bias"].dtype == torch.bfloat16
    theirs_and_ours(enlace, folder / "bf16", texts, folder, some, torch.float32)
    run(enlace, "model", "quantise", pruned, "--to", "int8", "--out", folder / "int8")
    run(enlace, "model", "quantise", folder / "int8", "--to", "f32", "--out", folder / "again")
    theirs_and_ours(enlace, folder / "again", texts, folder, some, torch.float32)
    bytes_, again = (embedded(enlace, folder / kind, texts, folder, "f32") for kind in ("int8", "again"))
    assert bytes_.tobytes() == again.tobytes()
    return said.splitlines()[0], least


def theirs_and_ours(enlace, model, texts, folder, some, dtype):
    """The least cosine between the vectors of sentence-transformers and of enlace."""
    loaded = SentenceTransformer(str(model), device="cpu", model_kwargs={"dtype": dtype})
    theirs = loaded.encode(some, convert_to_numpy=True)
    ours = embedded(enlace, model, texts, folder, "f32")[: len(some)]
    cosine = (theirs * ours).sum(1) / np.linalg.norm(theirs, axis=1) / np.linalg.norm(ours, axis=1)
    assert cosine.min() > 0.99999, (model, cosine.min())
    return float(cosine.min())


def main():
    enlace, *given = sys.argv[1:]
    transformers.logging.set_verbosity_error()
    with tempfile.TemporaryDirectory() as scratch:
        if given:
            cases = [("given", Path(given[0]), Path(given[1]))]
        else:
            cases = []
            for kind in ("unigram", "wordpiece", "bpe"):
                folder = Path(scratch) / kind
                make_model(kind, folder)
                texts = Path(scratch) / f"{kind}.txt"
                texts.write_text("\n".join(corpus(2, 20)) + "\n", encoding="utf-8")
                cases.append((kind, folder, texts))
        for kind, model, texts in cases:
            work = Path(scratch) / f"{kind}-work"
            work.mkdir()
            said, cosine = compare(enlace, model, texts, work)
            print(f"{kind}: {said}; cosine with sentence-transformers at least {cosine:.7f}")


if __name__ == "__main__":
    main()
