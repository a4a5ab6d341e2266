"""What every engine of a comparison starts from: the same names as token ids, and one model in the
forms that the engines read. Made once and kept, as long as the inputs stay the same."""

import csv
import hashlib
import json
import random
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import model_usage  # noqa: E402
from model_usage import usage_of  # noqa: E402

SLAB = 128  # names; a multiple of every batch size that is tried


@dataclass(frozen=True)
class Prepared:
    """The files of one model in one folder."""

    folder: Path
    model: Path  # as transformers saves it

    @property
    def texts(self) -> Path:
        return self.folder / "texts.json"

    @property
    def ctranslate2(self) -> Path:
        return self.folder / "ctranslate2"

    def onnx(self, kind: str, fused: bool) -> Path:
        return self.folder / f"{'fused' if fused else 'plain'}.{kind}.onnx"


def say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def names_of(kb: Path) -> list[str]:
    """The distinct names of a table of code, name and more."""
    with kb.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return sorted({row[1] for row in rows if len(row) > 1 and row[1].strip()})


def measured_names(model: Path, kb: Path, count: int, step: int) -> dict:
    """Of `count` names in the order of their length in tokens, every `step`-th slab: as many short
    and long ones, and as little padding in a batch, as in the whole. Ids are by falling length."""
    from tokenizers import Tokenizer

    usage = usage_of(model)
    names = random.Random(1).sample(names_of(kb), count)
    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(usage["max_tokens"])
    encoded = tokenizer.encode_batch([usage["prefix"] + name for name in names])
    order = sorted(range(count), key=lambda i: -len(encoded[i].ids))
    slabs = [order[at : at + SLAB] for at in range(0, count, SLAB)]
    chosen = [i for slab in slabs[min(step // 2, len(slabs) - 1) :: step] for i in slab]
    return {"names": [names[i] for i in chosen], "ids": [encoded[i].ids for i in chosen], "of": count}


def load_f32(model: Path, **options):
    """The encoder in PyTorch, and no pooler above it."""
    import torch
    from transformers import AutoModel

    kind = json.loads((model / "config.json").read_text())["model_type"]
    no_pooler = {} if kind == "distilbert" else {"add_pooling_layer": False}
    return AutoModel.from_pretrained(model, dtype=torch.float32, **no_pooler, **options).eval()


def export_onnx(prepared: Prepared, attention: str, path: Path) -> None:
    """A graph from ids and mask to normalised means, with both dimensions free."""
    import torch

    class Mean(torch.nn.Module):
        def __init__(self, encoder):
            super().__init__()
            self.encoder = encoder

        def forward(self, input_ids, attention_mask):
            states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            weights = attention_mask.unsqueeze(-1).to(states.dtype)
            return torch.nn.functional.normalize((states * weights).sum(1) / weights.sum(1), dim=1)

    example = torch.ones((2, 8), dtype=torch.int64)
    free = {0: "batch", 1: "tokens"}
    model = load_f32(prepared.model, attn_implementation=attention)
    torch.onnx.export(
        Mean(model), (example, example), str(path), dynamo=False, opset_version=17,
        input_names=["input_ids", "attention_mask"], output_names=["vectors"],
        dynamic_axes={"input_ids": free, "attention_mask": free, "vectors": {0: "batch"}})


def make_onnx(prepared: Prepared) -> None:
    """The graph as exported and as onnxruntime.transformers fuses it, both in f32 and in int8."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.transformers.optimizer import optimize_model

    config = json.loads((prepared.model / "config.json").read_text())
    export_onnx(prepared, "sdpa", prepared.onnx("f32", False))
    eager = prepared.folder / "eager.onnx"  # the form that the fusions look for
    export_onnx(prepared, "eager", eager)
    optimize_model(str(eager), model_type="bert", num_heads=config["num_attention_heads"],
                   hidden_size=config["hidden_size"], opt_level=0
                   ).save_model_to_file(str(prepared.onnx("f32", True)))
    eager.unlink()
    for fused in (False, True):
        quantize_dynamic(str(prepared.onnx("f32", fused)), str(prepared.onnx("int8", fused)),
                         weight_type=QuantType.QInt8,
                         extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT})


def make_ctranslate2(prepared: Prepared) -> None:
    """Its own form in f32, which it turns into int8 when it opens it."""
    from ctranslate2.converters import TransformersConverter

    source = prepared.folder / "for-ctranslate2"
    source.mkdir(exist_ok=True)
    for file in prepared.model.iterdir():
        if file.is_file():
            (source / file.name).unlink(missing_ok=True)
            (source / file.name).symlink_to(file.resolve())
    config = {"position_embedding_type": "absolute"} | json.loads((prepared.model / "config.json").read_text())
    (source / "config.json").unlink()
    (source / "config.json").write_text(json.dumps(config))  # what it asks transformers 5 for
    TransformersConverter(str(source)).convert(str(prepared.ctranslate2), force=True)


def prepare(model: Path, kb: Path, folder: Path, count: int, step: int) -> Prepared:
    """Makes what is not there yet. A form that cannot be made is told and left out."""
    prepared = Prepared(folder, model)
    stamp = hashlib.sha256(f"{model.resolve()} {count} {step}".encode())
    of_model = sorted(path for path in model.rglob("*") if path.is_file()
                      and not path.relative_to(model).parts[0].startswith("packed-"))
    for file in (kb, *of_model, Path(__file__), Path(model_usage.__file__)):
        stamp.update(hashlib.sha256(file.read_bytes()).digest())
    done = folder / "stamp"
    if done.exists() and done.read_text() == stamp.hexdigest():
        return prepared
    shutil.rmtree(folder, ignore_errors=True)  # no form of another model, or of these files before, stays
    folder.mkdir(parents=True)
    prepared.texts.write_text(json.dumps(measured_names(model, kb, count, step)))
    failed = False
    for make in (make_onnx, make_ctranslate2):
        try:
            make(prepared)
        except Exception as error:  # the rows of that engine are missing, the others stand
            say(f"{model.name}: {make.__name__}: {error}")
            failed = True
    if not failed:  # else the next run tries again
        done.write_text(stamp.hexdigest())
    return prepared


def make_bert_base(folder: Path, tokenizer: Path) -> Path:
    """BERT-base with random weights of a fixed seed and the tokenizer of another model."""
    if not (folder / "tokenizer.json").exists():
        import torch
        from transformers import BertConfig, BertModel

        torch.manual_seed(1)
        vocabulary = len(json.loads(tokenizer.read_text())["model"]["vocab"])
        BertModel(BertConfig(vocab_size=vocabulary), add_pooling_layer=False).save_pretrained(folder)
        (folder / "tokenizer.json").write_bytes(tokenizer.read_bytes())
    return folder
