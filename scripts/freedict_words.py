"""Names for a knowledge base from bilingual dictionaries:

    freedict_words.py [--share-alike] FREEDICT NAMES.jsonl OUT.tsv

FREEDICT has dictionaries of FreeDict as Debian packages them (freedict-deu-eng.dict.dz and .index);
NAMES.jsonl is what `enlace inspect KB --export` writes. OUT gets code, name, language and scope (related) of every
word whose translation is a name of at most three concepts: in both directions, so that "Husten" and
"tos" become names of the concept that is called cough. Equal data give equal bytes. With --share-alike only
dictionaries under CC BY-SA are read, and none under the GPL.
"""
import gzip
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

MOST_CONCEPTS = 3  # of a name, beyond which it says too little
LONGEST = 60  # characters of a word
LANGUAGES = {"ces": "cs", "deu": "de", "ell": "el", "eng": "en", "fra": "fr", "ita": "it", "jpn": "ja", "nld": "nl",
             "pol": "pl", "por": "pt", "rus": "ru", "spa": "es", "swe": "sv", "tur": "tr"}
DIGITS = {c: i for i, c in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")}
# Pronunciation, grammar, subject, references, remarks.
ASIDE = re.compile(r"//?[^/]*//?|<[^>]*>|\[[^\]]*\]|\{[^}]*\}|\([^)]*\)")
SENSE = re.compile(r"\d+\. ?")
NO_TRANSLATION = re.compile(r"   |\s*(see|Synonyms?|Note|Antonyms?)\b.*:|\s*[-(\"]")


def number(text: str) -> int:
    value = 0
    for digit in text:
        value = 64 * value + DIGITS[digit]
    return value


def words(line: str) -> list[str]:
    parts = (" ".join(part.split()) for part in re.split("[,;]", ASIDE.sub(" ", line)))
    return [part for part in parts if 1 < len(part) <= LONGEST]


def translations(lines: list[str]) -> Iterator[str]:
    """Of the lines below a headword, the first and those that are numbered; the others explain."""
    lines = [line for line in lines if line.strip() and not NO_TRANSLATION.match(line)]
    for i, line in enumerate(lines):
        sense = SENSE.match(line.lstrip())
        if sense or i == 0:
            yield from words(line.lstrip()[sense.end() if sense else 0:])


def entries(dictionary: Path) -> Iterator[tuple[list[str], list[str]]]:
    """Headwords and translations of each entry, in the order of the file."""
    for article in articles(dictionary, about=False):
        head, *lines = article.splitlines()
        yield words(head), list(translations(lines))


def articles(dictionary: Path, about: bool) -> Iterator[str]:
    """Those that say something about the dictionary itself, or all others."""
    text = gzip.decompress(dictionary.read_bytes())
    index = dictionary.with_name(dictionary.name.removesuffix(".dict.dz") + ".index")
    places = set()
    for line in index.read_text(encoding="utf-8").splitlines():
        headword, offset, length = line.split("\t")[:3]
        if headword.startswith("00") == about:
            places.add((number(offset), number(length)))
    for offset, length in sorted(places):
        yield text[offset:offset + length].decode("utf-8", "replace")


def is_share_alike(dictionary: Path) -> bool:
    about = " ".join("".join(articles(dictionary, about=True)).split())
    return "Creative Commons Attribution-Share" in about and "GNU General Public License" not in about


def concepts_by_name(path: Path) -> dict[str, set[str]]:
    concepts = defaultdict(set)
    with path.open(encoding="utf-8") as file:
        for line in file:
            entry = json.loads(line)
            for name in entry["names"]:
                concepts[name["text"].casefold()].add(entry["code"])
    return concepts


def main(freedict: Path, names: Path, out: Path, share_alike: bool = False) -> None:
    concepts, rows = concepts_by_name(names), set()

    def add(word: str, language: str, translation: str) -> None:
        codes = concepts.get(translation.casefold(), ())
        for code in codes if len(codes) <= MOST_CONCEPTS else ():
            if code not in concepts.get(word.casefold(), ()):
                rows.add((code, word, language))

    dictionaries = sorted(freedict.glob("freedict-*.dict.dz"))
    for dictionary in filter(is_share_alike, dictionaries) if share_alike else dictionaries:
        of, into = (LANGUAGES[code] for code in dictionary.name.split(".")[0].split("-")[1:])
        for headwords, meanings in entries(dictionary):
            for headword in headwords:
                for meaning in meanings:
                    add(headword, of, meaning)
                    add(meaning, into, headword)
    with out.open("w", encoding="utf-8", newline="\n") as file:
        file.write("code\tname\tlang\tscope\n")
        file.writelines("\t".join((*row, "related")) + "\n" for row in sorted(rows))


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--share-alike"]
    main(*map(Path, arguments), share_alike="--share-alike" in sys.argv)
