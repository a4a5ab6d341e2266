"""The training folds of the open corpora as sets, as bench/fit_hybrid.py wants them: training_folds.py BENCHSETS OUT

BENCHSETS is the script that writes the development sets (bench/eval_model.py); its readers are used. Writes
OUT/SET/kb.tsv (code, name, language) and OUT/SET/gold.tsv (mention, codes joined by "|"). Of a corpus whose
training mentions may stand in a knowledge base as names, a second set has half of them as names and the other
half as mentions. Seeded; at most 3,000 mentions a set. No development or test mention is read.
"""
import importlib.util
import random
import sys

MOST, MOST_OF_HALVES = 3000, 2000


def module_at(path):
    spec = importlib.util.spec_from_file_location("benchsets", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def folds(sets):
    """(name, knowledge base, mentions, whether mentions may stand as names)."""
    cui, snomed = sets.cui_names(), sets.snomed_names()
    yield "ctebm-train", cui, sets.ctebm("train"), False
    yield "quaero-train", cui, sets.quaero("train"), False
    yield "codiesp-train", sets.icd10cm(), sets.codiesp("train"), False
    yield "cantemist-train", sets.cieo(), sets.cantemist(("train-set", "dev-set1")), True
    fold = sets.spaccc_folds()
    in_training = lambda row: fold.get(row["filename"].removeprefix("es-"), "train") == "train"
    for label in ("ENFERMEDAD", "PROCEDIMIENTO", "SINTOMA"):
        mentions = sets.spaccc(label, sets.DATA + "spaccc/spaccc_train.tsv", in_training)
        yield f"spaccc-{label.lower()}-train", snomed, mentions, True


def main(benchsets, out):
    sets = module_at(benchsets)
    for name, kb, mentions, may_be_names in folds(sets):
        mentions = sorted(mentions, key=lambda pair: (pair[0], sorted(pair[1])))
        random.Random(name).shuffle(mentions)
        sets.write(out, name, kb, mentions[:MOST])
        if may_be_names:
            half = len(mentions) // 2
            names = sets.mentions_as_names(mentions[:half])
            sets.write(out, name + "+half", kb + names, mentions[half:half + MOST_OF_HALVES])


if __name__ == "__main__":
    main(*sys.argv[1:])
