"""Compares text/tokenizer.h with the Hugging Face libraries `tokenizers` and `transformers`: ids, spans, speed.

    python tokenizer_parity.py TEXT_LINES PATH... [--names FILE...] [--random 100000] [--seed 0] [--speed] [--json FILE]

PATH is a tokenizer.json or a folder, for which transformers' class of that family is the reference. Ids must be equal
on every string, whole and cut to 48 tokens (a cut is compared with the beginning of the whole). Spans are compared as
well: where they differ, the count is printed, and a character that a normalizer makes longer or shorter is the one
excuse (the reference library's offsets drift after it). --names takes tab-separated files; every column is a name.
--speed compares strings/s of the names on one thread each, in turns, the fastest turn of each.
"""
import os

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["RAYON_NUM_THREADS"] = "1"

import argparse
import json
import pathlib
import random
import subprocess
import sys
import time
import types
import unicodedata

from tokenizers import Tokenizer

LITERALS = ["<s>", "</s>", "<mask>", "<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]", "[UNK]", "[PAD]",
            "\u2581", "##", " ", "  ", "\t", "\r\n", "\u3000", "\u200d", "\ufe0f", "👩‍👩‍👧‍👦", "👍🏽",
            "🇪🇸🇫🇷", "ﬁ", "½", "㎎", "ｶﾞ", "İ", "ẞ", "e\u0301", "\u0915\u094d\u0937", "\u1100\u1161\u11a8",
            "'s", "'LL", " 're", "\u0120", "</w>", "<0x41>"]
CHUNK = 50_000
MAX_TOKENS = 48
SPEED_NAMES = 50_000


def random_strings(count, seed):
    rng = random.Random(seed)
    everything = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
    assigned = [c for c in everything if unicodedata.category(chr(c)) not in ("Cn", "Co")]
    marks = [c for c in assigned if unicodedata.category(chr(c))[0] == "M"]
    pools = [everything, assigned, marks, range(0x80), range(0x250), range(0x300, 0x370),
             range(0x2000, 0x2070), range(0x3040, 0x3100), range(0x4E00, 0xA000),
             range(0xAC00, 0xD7A4), range(0xFF00, 0xFFF0), range(0x1F000, 0x1FB00), range(0x20),
             range(0x600, 0x700), range(0x900, 0xE80)]
    words = "dolor de cabeza Enfermedad, renal crónica (estadio-3) Diabetes mellitus 糖尿病 ".split(" ")
    for i in range(count):
        length = rng.choice([1, 2, 3, 5, 8, 13, 21, 40]) if i % 1000 else 3000
        few = rng.sample(pools, rng.randrange(1, 4))
        parts = []
        for _ in range(length):
            kind = rng.random()
            if kind < 0.08:
                parts.append(rng.choice(LITERALS))
            elif kind < 0.2:
                parts.append(rng.choice(words))
            elif kind < 0.3:
                parts.append(" ")
            else:
                parts.append(chr(rng.choice(rng.choice(few))))
        yield "".join(parts)


def family_of(folder):
    for name, key in (("tokenizer_config.json", "tokenizer_class"), ("config.json", "model_type")):
        if (folder / name).exists():
            value = json.loads((folder / name).read_text()).get(key)
            if value:
                return value.lower().replace("-", "").replace("tokenizer", "").replace("fast", "")
    return ""


def sentencepiece_reference(folder, family):
    """The tokenizer that transformers makes of a SentencePiece model without a class, or of DeBERTa-v2's."""
    from sentencepiece import sentencepiece_model_pb2
    import transformers.convert_slow_tokenizer

    path = next(folder.glob("*.model"))
    proto = sentencepiece_model_pb2.ModelProto()
    proto.ParseFromString(path.read_bytes())
    if family == "debertav2":
        pieces = {piece.piece: i for i, piece in enumerate(proto.pieces)}
        original = types.SimpleNamespace(vocab_file=str(path), do_lower_case=False, split_by_punct=False, legacy=True,
                                         add_prefix_space=True, convert_tokens_to_ids=pieces.get)
        tokenizer = transformers.convert_slow_tokenizer.DebertaV2Converter(original).converted()
        tokenizer.add_special_tokens(["[CLS]", "[SEP]", "[UNK]", "[PAD]", "[MASK]"])
        return tokenizer
    vocab = [(piece.piece, piece.score) for piece in proto.pieces]
    if proto.trainer_spec.model_type == 2:
        vocab = {piece: i for i, (piece, _) in enumerate(vocab)}
    tokenizer = transformers.convert_slow_tokenizer.SpmConverter.build_tokenizer_from_spm_proto(proto=proto, vocab=vocab, legacy=True)
    controls = [piece.piece for piece in proto.pieces if piece.type == 3]
    tokenizer.add_special_tokens(controls)
    return tokenizer


def reference_of(path):
    path = pathlib.Path(path)
    if path.is_file():
        tokenizer = Tokenizer.from_file(str(path))
    elif (path / "tokenizer.json").exists():
        tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
    else:
        import transformers

        family = family_of(path)
        default = "bert" if (path / "vocab.txt").exists() else "roberta" if (path / "vocab.json").exists() else ""
        name = {"bert": "BertTokenizer", "roberta": "RobertaTokenizer", "deberta": "DebertaTokenizer",
                "xlmroberta": "XLMRobertaTokenizer", "camembert": "CamembertTokenizer"}.get(family or default)
        tokenizer = (getattr(transformers, name).from_pretrained(str(path))._tokenizer if name
                     else sentencepiece_reference(path, family))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def run(text_lines, mode, path, texts):
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    result = subprocess.run([text_lines, mode, path, str(MAX_TOKENS)], input=lines.encode(), stdout=subprocess.PIPE)
    if result.returncode:
        raise SystemExit(f"{path}: {text_lines} {mode} failed")
    return result.stdout.decode()


def byte_offsets(text):
    if text.isascii():
        return range(len(text) + 1)
    offsets, at = [0], 0
    for c in text:
        at += len(c.encode())
        offsets.append(at)
    return offsets


def chunks(texts):
    chunk = []
    for text in texts:
        chunk.append(text)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    yield chunk


def compare(text_lines, path, texts, show):
    reference = reference_of(path)
    strings = wrong = spans = 0
    for chunk in chunks(texts):
        output = run(text_lines, "tokenize", path, chunk).split("\n")[:-1]
        assert len(output) == len(chunk), (len(output), len(chunk))
        strings += len(chunk)
        for start in range(0, len(chunk), 1000):
            batch = chunk[start:start + 1000]
            for text, encoding, line in zip(batch, reference.encode_batch(batch), output[start:]):
                ids, _, ours = line.partition("\t")
                if ids != " ".join(map(str, encoding.ids)):
                    wrong += 1
                    if wrong <= show:
                        print("ids", ascii(text), ids[:300], encoding.ids[:60], encoding.tokens[:60])
                    continue
                at = byte_offsets(text)
                if ours != "".join(f"{at[a]}:{at[b]} " for a, b in encoding.offsets):
                    spans += 1
                    if spans <= show:
                        print("spans", ascii(text), ours[:200], encoding.offsets[:20])
    return {"strings": strings, "other_ids": wrong, "other_spans": spans}


def speeds(text_lines, path, names):
    reference = reference_of(path)
    reference.enable_truncation(MAX_TOKENS)
    theirs = ours = 0.0
    for _ in range(3):
        start = time.process_time()
        for i in range(0, len(names), 1000):
            reference.encode_batch(names[i:i + 1000])
        theirs = max(theirs, len(names) / (time.process_time() - start))
        output = run(text_lines, "time-tokenize", path, names)
        ours = max(ours, float(output.split("\n")[1].split(" ")[0]))
    return {"names": len(names), "enlace": round(ours), "tokenizers": round(theirs), "ratio": round(ours / theirs, 1)}


def label_of(path):
    path = pathlib.Path(path).resolve()
    return path.parent.name if path.name == "tokenizer.json" else path.stem if path.is_file() else path.name


def write(path, label, found):
    """Puts what was found under `label` into the JSON file, beside what other runs found."""
    results = json.loads(path.read_text()) if path.exists() else {}
    results[label] = found
    path.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("text_lines")
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--names", nargs="*", default=[])
    parser.add_argument("--most", type=int, default=None, help="at most so many names")
    parser.add_argument("--random", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=int, default=3)
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--json", type=pathlib.Path, help="also write the counts to this file")
    parser.add_argument("--label", help="what to call the tokenizer there; default: its folder")
    arguments = parser.parse_args()
    names = []
    for path in arguments.names:
        text = pathlib.Path(path).read_text(encoding="utf-8")
        names += [name for line in text.split("\n") for name in line.split("\t")]
    names = names[:arguments.most]
    wrong = 0
    for path in arguments.paths:
        texts = (text for source in (names, random_strings(arguments.random, arguments.seed), ["", " "])
                 for text in source)
        whole = compare(arguments.text_lines, path, texts, arguments.show)
        found = {"names": len(names), "random": arguments.random, "seed": arguments.seed, "whole": whole,
                 "cut_to_48": {"strings": whole["strings"], "other_ids": whole["other_ids"]}}
        if arguments.speed:
            found["speed"] = speeds(arguments.text_lines, path, names[:SPEED_NAMES])
        label = arguments.label or label_of(path)
        print(label, json.dumps(found), flush=True)
        if arguments.json:
            write(arguments.json, label, found)
        wrong += whole["other_ids"]
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
