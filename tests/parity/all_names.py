"""Every name in a folder of terminologies, one a line: the texts of tokenizer_parity.py.

    python all_names.py FOLDER OUT

Tables (.tsv .csv .txt .ann) give the fields of every line, OBO and JSON files every string with a letter in it, also
within gzip and zip. Names are unique, at most 500 characters long, and in the order of their hashes, so that a
beginning of the file is a sample.
"""
import csv
import gzip
import hashlib
import io
import json
import pathlib
import re
import sys
import zipfile

TABLES = {".tsv", ".txt", ".ann"}
LETTER = re.compile(r"[^\W\d_]{2}")
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


def files(folder):
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        if path.suffix == ".gz":
            yield path.with_suffix("").suffix, gzip.decompress(path.read_bytes())
        elif path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                for name in sorted(archive.namelist()):
                    yield pathlib.Path(name).suffix, archive.read(name)
        else:
            yield path.suffix, path.read_bytes()


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


def fields(suffix, text):
    if suffix in TABLES:
        for line in text.splitlines():
            yield from re.split(r"\t|\|\|?", line)
    elif suffix == ".csv":
        yield from (field for row in csv.reader(io.StringIO(text)) for field in row)
    elif suffix == ".obo":
        for line in text.splitlines():
            yield from QUOTED.findall(line) or [line.partition(": ")[2]]
    elif suffix == ".json":
        yield from strings(json.loads(text))
    elif suffix == ".jsonl":
        for line in text.splitlines():
            yield from strings(json.loads(line))


def main(folder, out):
    csv.field_size_limit(1 << 30)
    names = set()
    for suffix, data in files(pathlib.Path(folder)):
        if suffix not in TABLES | {".csv", ".obo", ".json", ".jsonl"}:
            continue
        text = data.decode("utf-8", errors="replace")
        names.update(f for f in fields(suffix, text) if len(f) <= 500 and LETTER.search(f) and "\n" not in f)
    ordered = sorted(names, key=lambda name: hashlib.blake2b(name.encode(), digest_size=8).digest())
    pathlib.Path(out).write_text("".join(name + "\n" for name in ordered), encoding="utf-8", newline="\n")
    print(f"{len(ordered):,} names")


if __name__ == "__main__":
    main(*sys.argv[1:])
