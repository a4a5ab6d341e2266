"""Do `enlace pairs` and the published notebooks draw equally many pairs? The notebooks' steps in pandas, from RRF.

    python pairs_counts.py ENLACE               on a small UMLS that this script writes
    python pairs_counts.py ENLACE META KB       on any release and the knowledge base made of it, by
        enlace build --out KB --from rrf=META,suppress=any,hier=all,rela=any,tradenames=yes

Which pairs are drawn is random there and cannot be compared; how many is not. The grandparents of clinlinker-gp are
counted twice: by the last element but one of PTR, as the notebook does, and as the parents of the parents, as enlace
does. Where sources share concepts, a parent has parents that the paths of its child do not show, so the second may be
more. Exit code 1 unless every count equals, the notebook's or, for clinlinker-gp, that by parents of parents.
"""
import collections
import itertools
import pathlib
import random
import subprocess
import sys
import tempfile

import pandas

MRCONSO = "CUI LAT TS LUI STT SUI ISPREF AUI SAUI SCUI SDUI SAB TTY CODE STR SRL SUPPRESS CVF".split()
MRREL = "CUI1 AUI1 STYPE1 REL CUI2 AUI2 STYPE2 RELA RUI SRUI SAB SL RG DIR SUPPRESS CVF".split()
MRHIER = "CUI AUI CXN PAUI SAB RELA PTR HCD CVF".split()


def read(path, columns, wanted):
    """A table of RRF; the empty field after the last | is dropped."""
    return pandas.read_csv(path, sep="|", header=None, names=columns + ["end"], usecols=wanted, dtype=object,
                           keep_default_na=False, quoting=3, encoding="utf-8")


def pair_count(strings_of_concepts, cap):
    """Lines of the file: all pairs of each concept, shuffled, the first `cap`."""
    rng = random.Random(33)
    count = 0
    for strings in strings_of_concepts:
        pairs = list(itertools.combinations(set(strings), 2))
        rng.shuffle(pairs)
        count += len(pairs[:cap])
    return count


def sets_by(table, key, value):
    sets = collections.defaultdict(set)
    for concept, string in zip(table[key], table[value]):
        sets[concept].add(string)
    return sets


def lowered(table):
    return table.assign(STR=table["STR"].map(str.lower)).drop_duplicates(["CUI", "STR"])


def sapbert(names):
    return pair_count(sets_by(lowered(names[names["LAT"] == "ENG"]), "CUI", "STR").values(), 50)


def trade_names(names, meta):
    """Step 3 of the ClinLinker notebook: the English string of AUI1 for CUI2."""
    english = names[names["LAT"] == "ENG"][["AUI", "STR"]].drop_duplicates("AUI", keep=False)
    relations = read(meta / "MRREL.RRF", MRREL, ["AUI1", "CUI2", "RELA"])
    trade = relations[relations["RELA"] == "has_tradename"].merge(english, left_on="AUI1", right_on="AUI")
    return trade[["CUI2", "STR"]].rename(columns={"CUI2": "CUI"})


def with_trade_names(names, trade):
    """Strings by CUI, lower-cased."""
    return sets_by(lowered(pandas.concat([names[["CUI", "STR"]], trade])), "CUI", "STR")


def above(names, meta):
    """By CUI: its PCUIs, and its GPCUIs by PTR."""
    cui_of = dict(zip(names["AUI"], names["CUI"]))
    parents, grandparents = collections.defaultdict(set), collections.defaultdict(set)
    rows = read(meta / "MRHIER.RRF", MRHIER, ["CUI", "PAUI", "PTR"]).drop_duplicates()
    for cui, paui, ptr in zip(rows["CUI"], rows["PAUI"], rows["PTR"]):
        if paui in cui_of:
            parents[cui].add(cui_of[paui])
        path = ptr.split(".")
        if len(path) >= 2 and path[-2] in cui_of:
            grandparents[cui].add(cui_of[path[-2]])
    return parents, grandparents


def with_ancestors(own, *relations):
    """The strings of each concept that has any, and those of its ancestors."""
    for cui, strings in own.items():
        ancestors = set().union(*(relation.get(cui, ()) for relation in relations))
        yield strings.union(*(own.get(ancestor, ()) for ancestor in ancestors))


def notebooks(meta):
    """Lines by recipe; clinlinker-gp twice."""
    names = read(meta / "MRCONSO.RRF", MRCONSO, ["CUI", "LAT", "AUI", "SAB", "STR"])
    atoms = names[names["LAT"].isin(["ENG", "SPA"])].drop_duplicates()
    trade = trade_names(atoms, meta)
    own = with_trade_names(atoms[atoms["LAT"] == "SPA"], trade)
    parents, grandparents = above(atoms, meta)
    twice = {cui: set().union(*(parents.get(parent, ()) for parent in direct)) for cui, direct in parents.items()}
    counts = {
        "all": pair_count(with_trade_names(names, trade).values(), 50),
        "sapbert": sapbert(names),
        "clinlinker": pair_count(own.values(), 15),
        "clinlinker-p": pair_count(with_ancestors(own, parents), 15),
        "clinlinker-gp": pair_count(with_ancestors(own, parents, twice), 45),
        "clinlinker-gp by PTR": pair_count(with_ancestors(own, parents, grandparents), 45),
    }
    if (names["SAB"] == "Wikidata").any():
        counts["wikidata"] = pair_count(
            sets_by(lowered(names[names["SAB"] == "Wikidata"]), "CUI", "STR").values(), 50)
    return counts


def ours(enlace, kb, recipe, folder):
    """Lines that `enlace pairs` writes, each checked for its form, and what it says about its speed."""
    out = folder / "pairs.tsv"
    done = subprocess.run([enlace, "pairs", kb, "--recipe", recipe, "--out", out], check=True, capture_output=True,
                          text=True)
    lines = out.read_text(encoding="utf-8").split("\n")[:-1]
    pairs = {tuple(line.split("||")) for line in lines}
    assert len(pairs) == len(lines) and all(len(pair) == 3 and pair[1] != pair[2] for pair in pairs)
    return len(lines), done.stderr.strip().rsplit("; ", 1)[-1]


def compare(enlace, meta, kb, folder):
    expected = notebooks(meta)
    wrong = 0
    for recipe, count in expected.items():
        if recipe.endswith("PTR"):
            print(f"{recipe:<22} {count:>10}")
            continue
        found, speed = ours(enlace, kb, recipe, folder)
        wrong += found != count
        print(f"{recipe:<22} {count:>10} {found:>10} {'equal' if found == count else 'DIFFERS'}   {speed}")
    return 1 if wrong else 0


# A drug with trade names, an ingredient above it, and a family of findings of two sources. CUI LAT AUI SAB TTY STR.
ATOMS = """
C1 ENG A101 RXNORM IN paracetamol
C1 ENG A102 RXNORM SY Paracetamol
C1 ENG A103 MSH MH acetaminophen
C1 SPA A104 SCTSPA PT paracetamol
C1 SPA A105 SCTSPA FN paracetamol (sustancia)
C1 SPA A106 MSHSPA MH Acetaminofén
C1 SPA A107 MSHSPA ET ACETAMINOFÉN
C2 ENG A201 RXNORM BN Tylenol
C2 ENG A202 RXNORM SY Tylenol Forte
C3 ENG A301 RXNORM BN Panadol
C3 ENG A302 RXNORM BN panadol
C4 ENG A401 SNOMEDCT_US PT Analgesic
C4 SPA A402 SCTSPA PT analgésico
C4 SPA A403 SCTSPA SY Analgésico
C5 ENG A501 SNOMEDCT_US PT Drug
C5 SPA A502 SCTSPA PT fármaco
C5 SPA A503 SCTSPA SY medicamento
C5 SPA A504 SCTSPA SY droga
C6 ENG A601 SNOMEDCT_US PT Finding
C7 ENG A701 SNOMEDCT_US PT Fever
C7 SPA A702 SCTSPA PT fiebre
C7 SPA A703 SCTSPA SY Pirexia
C7 SPA A704 SCTSPA SY hipertermia
C7 SPA A705 SCTSPA SY calentura
C7 SPA A706 SCTSPA SY temperatura alta
C7 SPA A707 SCTSPA SY febrícula
C7 SPA A708 SCTSPA SY estado febril
C7 FRE A709 MSHFRE MH Fièvre
C7 ENG A710 Wikidata SY pyrexia
C7 SPA A711 Wikidata SY Fiebre
C7 FRE A712 Wikidata SY fièvre
C8 SPA A801 SCTSPA PT signo vital
C8 SPA A802 SCTSPA SY constante vital
C8 SPA A803 SCTSPA SY fiebre
C9 SPA A901 SCTSPA PT hallazgo
C9 SPA A902 SCTSPA SY Signo
C10 SPA A1001 SCTSPA PT fiebre aftosa
C11 GRE A1101 MSHGRE MH ΝΟΣΟΣ
C11 GRE A1102 MSHGRE ET νοσος
C11 GRE A1103 MSHGRE ET νόσος
C11 ENG A1104 MSH MH Nosos
"""
TRADE_NAMES = [("C2", "A201", "C1"), ("C3", "A301", "C1"), ("C3", "A302", "C1")]
# Of an atom, the path from the root to its parent.
PATHS = [("A104", "A502.A402"), ("A402", "A502"), ("A702", "A901.A801"), ("A801", "A901"), ("A1001", "A901.A801.A702"),
         ("A701", "A601"), ("A101", "A999.A401"), ("A401", "")]


def write_release(meta):
    atoms = [line.split(" ", 5) for line in ATOMS.strip().split("\n")]
    atoms = [[f"C{int(cui[1:]):07}", lat, f"A{int(aui[1:]):07}", sab, tty, text]
             for cui, lat, aui, sab, tty, text in atoms]
    cui_of = {aui: cui for cui, _, aui, *_ in atoms}
    full = lambda id: f"{id[0]}{int(id[1:]):07}" if id else ""
    (meta / "MRCONSO.RRF").write_text("".join(
        f"{cui}|{lat}|P|L1|PF|S1|Y|{aui}||||{sab}|{tty}|1|{text}|0|{'NOY'[i % 3]}||\n"
        for i, (cui, lat, aui, sab, tty, text) in enumerate(atoms)), encoding="utf-8")
    (meta / "MRREL.RRF").write_text("".join(
        f"{full(a)}|{full(aui)}|AUI|RB|{full(b)}||AUI|has_tradename|R1||RXNORM|RXNORM|||N||\n"
        f"{full(b)}||AUI|RN|{full(a)}|{full(aui)}|AUI|tradename_of|R2||RXNORM|RXNORM|||N||\n" for a, aui, b in TRADE_NAMES))
    (meta / "MRHIER.RRF").write_text("".join(
        f"{cui_of[full(aui)]}|{full(aui)}|1|{full(path.rsplit('.', 1)[-1])}|SCTSPA|isa|"
        f"{'.'.join(map(full, path.split('.')))}|||\n" for aui, path in PATHS))


def main(enlace, meta=None, kb=None):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        if meta is None:
            meta, kb = folder / "META", folder / "kb"
            meta.mkdir()
            write_release(meta)
            subprocess.run([enlace, "build", "--model", "none", "--out", kb, "--from",
                            f"rrf={meta},suppress=any,hier=all,rela=any,tradenames=yes"], check=True,
                           stdout=subprocess.DEVNULL)
        return compare(enlace, pathlib.Path(meta), kb, folder)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
