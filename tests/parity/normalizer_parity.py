"""Compares Normalizer::plain() and lower_case() with their definitions in Python, on every code point and on random
text.

    python normalizer_parity.py TEXT_LINES

Code points that this Python's Unicode version has not assigned are left out.
"""
import json
import random
import subprocess
import sys
import unicodedata


def reference(text):
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def strings():
    known = [chr(c) for c in range(0x110000)
             if not 0xD800 <= c < 0xE000 and unicodedata.category(chr(c)) != "Cn"]
    yield from (f"a{c}b {c}" for c in known)
    rng = random.Random(0)
    pools = [known, [c for c in known if ord(c) < 0x250], list("ΣσςΑαΒ .'’\u0301\u00ad:x "),
             [c for c in known if 0x300 <= ord(c) < 0x600]]
    for _ in range(100_000):
        yield "".join(rng.choice(rng.choice(pools)) for _ in range(rng.randrange(30)))


def main():
    texts = list(strings())
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    differences = 0
    for mode, definition in (("normalize", reference), ("lower", str.lower)):
        output = subprocess.run([sys.argv[1], mode], input=lines.encode(), check=True,
                                stdout=subprocess.PIPE).stdout.decode().split("\n")[:-1]
        assert len(output) == len(texts)
        wrong = [t for t, line in zip(texts, output) if json.loads(line) != definition(t)]
        for text in wrong[:10]:
            print(ascii(text), ascii(definition(text)))
        print(f"{mode}: {len(texts)} strings, {len(wrong)} differences")
        differences += len(wrong)
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
