"""Names for a knowledge base from tables of clinical words: clinical_words.py TABLES OUT.tsv

TABLES is a folder of NAME.tsv: the first line has language codes, every further one a concept, with its
names in each language joined by "|". OUT gets code, name and language of every name; NAME-3 is the code of
the concept in line 3. A table that is not so is refused with its place. Standard library only.
"""
import sys
from collections.abc import Iterator
from pathlib import Path


def names_of(field: str, place: str) -> list[str]:
    names = field.split("|") if field else []
    for name in names:
        if not name or name != " ".join(name.split()):
            raise SystemExit(f"{place}: expected names without blanks around them, found others")
    if len({name.casefold() for name in names}) != len(names):
        raise SystemExit(f"{place}: expected every name once, found one again")
    return names


def rows(table: Path) -> Iterator[tuple[str, str, str]]:
    """Code, name and language of each name."""
    languages, *lines = table.read_text(encoding="utf-8").splitlines()
    languages = languages.split("\t")
    for number, line in enumerate(lines, 2):
        fields = line.split("\t")
        if len(fields) != len(languages):
            raise SystemExit(f"{table}: line {number}: expected {len(languages)} fields, found {len(fields)}")
        for column, (language, field) in enumerate(zip(languages, fields), 1):
            for name in names_of(field, f"{table}: line {number}, field {column}"):
                yield f"{table.stem}-{number}", name, language


def main(tables: Path, out: Path) -> None:
    lines = ["\t".join(row) + "\n" for table in sorted(tables.glob("*.tsv")) for row in rows(table)]
    out.write_text("code\tname\tlang\n" + "".join(lines), encoding="utf-8")  # all tables, or none


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
