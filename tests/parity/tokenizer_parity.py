"""Compares text/tokenizer.h with the Hugging Face library `tokenizers`.

    python tokenizer_parity.py TEXT_LINES TOKENIZER_JSON [--names FILE...] [--random 100000] [--seed 0]
        [--json FILE [--label NAME]]

Ids must be equal on every string, whole and cut to 48 tokens. Spans are compared as well: where
they differ, the count is printed, and a character that the character map makes longer or shorter
is the one excuse (the reference library's offsets drift after it).
--names takes tab-separated files; every column is a name.
"""
import argparse
import json
import pathlib
import random
import subprocess
import sys
import unicodedata

from tokenizers import Tokenizer

LITERALS = ["<s>", "</s>", "<mask>", "<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]", "[UNK]", "[PAD]",
            "\u2581", "##", " ", "  ", "\t", "\r\n", "\u3000", "\u200d", "\ufe0f", "👩‍👩‍👧‍👦", "👍🏽",
            "🇪🇸🇫🇷", "ﬁ", "½", "㎎", "ｶﾞ", "İ", "ẞ", "e\u0301", "\u0915\u094d\u0937", "\u1100\u1161\u11a8"]


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


def compare(arguments, texts, max_tokens):
    reference = Tokenizer.from_file(arguments.tokenizer)
    reference.no_padding()
    reference.enable_truncation(max_tokens) if max_tokens else reference.no_truncation()
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    command = [arguments.text_lines, "tokenize", arguments.tokenizer, str(max_tokens or 10**9)]
    output = subprocess.run(command, input=lines.encode(), check=True,
                            stdout=subprocess.PIPE).stdout.decode().split("\n")[:-1]
    assert len(output) == len(texts), (len(output), len(texts))
    wrong = spans = 0
    for start in range(0, len(texts), 1000):
        batch = texts[start:start + 1000]
        for text, encoding, line in zip(batch, reference.encode_batch(batch), output[start:]):
            ours = json.loads(line)
            if ours["ids"] != encoding.ids:
                wrong += 1
                if wrong <= arguments.show:
                    print("ids", ascii(text), ours["ids"][:60], encoding.ids[:60], encoding.tokens[:60])
            elif not max_tokens:
                size = [len(text[:i].encode()) for i in range(len(text) + 1)]
                if ours["spans"] != [[size[a], size[b]] for a, b in encoding.offsets]:
                    spans += 1
                    if spans <= arguments.show:
                        print("spans", ascii(text), ours["spans"][:20], encoding.offsets[:20])
    print(f"max_tokens {max_tokens}: {len(texts)} strings, {wrong} with other ids, {spans} with other spans")
    return {"strings": len(texts), "other_ids": wrong, **({} if max_tokens else {"other_spans": spans})}


def write(path, label, found):
    """Puts what was found under `label` into the JSON file, beside what other runs found."""
    results = json.loads(path.read_text()) if path.exists() else {}
    results[label] = found
    path.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("text_lines")
    parser.add_argument("tokenizer")
    parser.add_argument("--names", nargs="*", default=[])
    parser.add_argument("--random", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=int, default=3)
    parser.add_argument("--json", type=pathlib.Path, help="also write the counts to this file")
    parser.add_argument("--label", help="what to call this tokenizer there; default: its folder")
    arguments = parser.parse_args()
    names = []
    for path in arguments.names:
        with open(path, encoding="utf-8") as lines:
            names += [name for line in lines for name in line.rstrip("\n").split("\t")]
    random.Random(arguments.seed).shuffle(names)
    texts = names[:10_000] + list(random_strings(arguments.random, arguments.seed)) + ["", " "]
    whole, cut = (compare(arguments, texts, limit) for limit in (None, 48))
    if arguments.json:
        label = arguments.label or pathlib.Path(arguments.tokenizer).resolve().parent.name
        write(arguments.json, label, {"names": len(names[:10_000]), "random": arguments.random,
                                      "seed": arguments.seed, "whole": whole, "cut_to_48": cut})
    return 1 if whole["other_ids"] or cut["other_ids"] else 0


if __name__ == "__main__":
    sys.exit(main())
