"""Writes the tables that `enlace build` needs for the training names of enlace-mini.

    mini_kb_tables.py DATA hp.obo OUT

DATA has a folder for each source, OUT gets what no reader takes as it is published:

    mondo.tsv     code, name, parents   labels and is-a of Mondo, from its tables of mappings
    ordo.tsv      code, name            labels of Orphanet that are younger than its ontology there
    doid_es.tsv   code, name, kind      labels and exact synonyms of the Spanish Disease Ontology
    mesh.tsv      code, name, parents   MeSH headings; the parents are those of their tree numbers
    gps.tsv       code, name, type      SNOMED CT Global Patient Set, without the semantic tags
    same.sssom.tsv                      which codes mean one concept, as the sources declare it

A declared mapping counts only where it is one to one (neither of its codes has another partner of
the same vocabulary in the same set of mappings) and gives no concept a second code of one
vocabulary. Names are never compared.

Needs only the standard library; its own tables are sorted, so that equal data give equal bytes.
"""
import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

csv.field_size_limit(1 << 24)
Pair = tuple[str, str]
DOID_ES = ("doid-es-translated.tsv", "doid-es-translated_41308c71.tsv", "doid-es-labels_6ae68536.tsv")
SAME = {"skos:exactMatch", "oboInOwl:hasDbXref"}
# Prefixes of the references in OBO files, as the codes here have them.
REFERENCES = {"UMLS": "UMLS", "SNOMEDCT_US": "SCTID", "MeSH": "mesh", "MSH": "mesh"}


def table(path: Path, separator: str = "\t", quoting: int = csv.QUOTE_NONE) -> Iterator[dict]:
    """The rows by column; lines that begin with # are no part of a table."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        yield from csv.DictReader(lines, delimiter=separator, quoting=quoting)


def write(path: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in (header, *rows):
            file.write("\t".join(" ".join(field.split()) for field in row) + "\n")


def mondo_mappings(data: Path) -> list[Path]:
    return sorted((data / "mondo").glob("mondo_exactmatch_*.sssom.tsv"))


def mondo(data: Path) -> list[tuple[str, str, str]]:
    names, parents = {}, defaultdict(set)
    for path in mondo_mappings(data):
        for row in table(path):
            if not row["subject_label"].startswith("obsolete "):
                names[row["subject_id"]] = row["subject_label"]
    for row in table(data / "mondo" / "mondo-rare_edges.tsv"):
        if row["predicate"] == "biolink:subclass_of":
            parents[row["subject"]].add(row["object"])
    return [(code, name, "|".join(sorted(parents[code]))) for code, name in sorted(names.items())]


def ordo(data: Path) -> list[Pair]:
    rows = table(data / "mondo" / "mondo_exactmatch_orphanet.sssom.tsv")
    return sorted({(row["object_id"], row["object_label"]) for row in rows if row["object_label"]})


def doid_es(data: Path) -> list[tuple[str, str, str]]:
    """Labels first: the first name of a code is its preferred one."""
    labels, synonyms = {}, set()
    for name in DOID_ES:
        for row in table(data / "doid" / name, quoting=csv.QUOTE_MINIMAL):
            code, text = row["source_id"], row["translation_text"].strip()
            if not text or not code.startswith("DOID:"):
                continue
            if row["predicate"] == "rdfs:label":
                labels.setdefault(code, text)
            elif row["predicate"] == "oboInOwl:hasExactSynonym":
                synonyms.add((code, text, "acronym" if "OMO_0003012" in row["synonym_type"] else ""))
    return [(code, text, "") for code, text in sorted(labels.items())] + sorted(synonyms)


def mesh(data: Path) -> list[tuple[str, str, str]]:
    names, places = {}, {}
    for row in table(data / "mesh2015" / "terms.tsv"):
        names["mesh:" + row["mesh_id"]] = row["mesh_name"]
    for row in table(data / "mesh2015" / "tree-numbers.tsv"):
        places[row["mesh_tree_number"]] = "mesh:" + row["mesh_id"]
    parents = defaultdict(set)
    for place, code in places.items():
        above = places.get(place.rpartition(".")[0], code)
        if above != code:
            parents[code].add(above)
    return [(code, name, "|".join(sorted(parents[code]))) for code, name in sorted(names.items())]


def gps(data: Path) -> list[tuple[str, str, str]]:
    rows = []
    for row in table(data / "snomed_gps" / "gps_2020-09.tsv"):
        tag = row["semantic_tag"]
        name = row["fsn"].removesuffix(f" ({tag})") if tag else row["fsn"]
        rows.append(("SCTID:" + row["sctid"], name, tag))
    return sorted(rows)


def obo_references(path: Path) -> Iterator[Pair]:
    code = ""
    for line in path.open(encoding="utf-8"):
        if line.startswith("id: "):
            code = line[4:].split()[0]
        elif line.startswith("xref: ") and code.startswith("HP:"):
            prefix, _, identifier = line[6:].split()[0].partition(":")
            prefix = REFERENCES.get(re.sub(r"_\d{4}_\d\d_\d\d$", "", prefix))
            if prefix and identifier:
                yield code, f"{prefix}:{identifier}"


def wikidata(data: Path) -> Iterator[Pair]:
    """Diseases and MeSH headings that belong to one item of Wikidata."""
    headings = defaultdict(set)
    for row in table(data / "wikidata_maps" / "wikidata_MeSH_ID.csv", separator=","):
        headings[row["entity"]].add("mesh:" + row["MeSH_ID"])
    for row in table(data / "wikidata_maps" / "wikidata_DOID.csv", separator=","):
        for heading in headings[row["entity"]]:
            yield row["DOID"], heading


def vocabularies(pair: Pair) -> Pair:
    return pair[0].partition(":")[0], pair[1].partition(":")[0]


def one_to_one(pairs: Iterable[Pair]) -> set[Pair]:
    """The pairs whose codes have no other partner of the same vocabulary."""
    distinct = set(pairs)
    uses = Counter((code, vocabularies(pair)) for pair in distinct for code in pair)
    return {pair for pair in distinct if all(uses[code, vocabularies(pair)] == 1 for code in pair)}


class Joined:
    """Codes joined to concepts, of which none has two codes of one vocabulary."""

    def __init__(self) -> None:
        self.members: dict[str, set[str]] = {}

    def join(self, a: str, b: str) -> bool:
        """False, and nothing is done, where a concept would get a second code of a vocabulary."""
        left, right = self.members.get(a, {a}), self.members.get(b, {b})
        if left is right:
            return True
        both = left | right
        if len({code.partition(":")[0] for code in both}) < len(both):
            return False
        self.members.update(dict.fromkeys(both, both))
        return True


def declared(data: Path, hpo: Path) -> dict[str, list[Pair]]:
    """The mappings by where they stand, the most careful first."""
    published = [*mondo_mappings(data), data / "mondo" / "mondo_hasdbxref_hp.sssom.tsv"]
    sets = {path.name: [(row["subject_id"], row["object_id"]) for row in table(path)
                        if row["predicate_id"] in SAME] for path in published}
    sets["references of HPO"] = list(obo_references(hpo))
    sets["references of HPO, 2015"] = list(obo_references(data / "hpo" / "hp-2015-01-27.obo"))
    sets["Wikidata: DOID and MeSH of one item"] = list(wikidata(data))
    return sets


def mappings(data: Path, hpo: Path) -> list[tuple[str, str, str]]:
    joined, kept = Joined(), set()
    for name, pairs in declared(data, hpo).items():
        single = one_to_one(pairs)
        taken = {pair for pair in sorted(single) if joined.join(*pair)}
        kept |= taken
        print(f"{name}: {len(set(pairs))} mappings, {len(single)} one to one, {len(taken)} taken",
              file=sys.stderr)
    return [(a, "skos:exactMatch", b) for a, b in sorted(kept)]


def main(data: Path, hpo: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    write(out / "mondo.tsv", ("code", "name", "parents"), mondo(data))
    write(out / "ordo.tsv", ("code", "name"), ordo(data))
    write(out / "doid_es.tsv", ("code", "name", "kind"), doid_es(data))
    write(out / "mesh.tsv", ("code", "name", "parents"), mesh(data))
    write(out / "gps.tsv", ("code", "name", "type"), gps(data))
    write(out / "same.sssom.tsv", ("subject_id", "predicate_id", "object_id"), mappings(data, hpo))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
