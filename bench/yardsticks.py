"""Accuracy that a trained model is compared with, set by set at 1 / 5 / 25.

Both columns are multilingual-e5-small on the open sets under the protocol of
bench/reference_accuracy.py, encoded by PyTorch under bf16 autocast, at most 48 tokens.

zero-shot    as published, with its prefix `query: `
fine-tuned   after 1,000 steps of SapBERT's recipe: 256 pairs a step, multi-similarity loss with the
             margin-0.2 miner, AdamW at 5e-5, no prefix, word embeddings frozen; 608,438 pairs of
             74,950 concepts of open terminologies, some of which may not be passed on with a model.
             The experiment that the shipped model is measured against
"""
from accuracy_report import Figures

TABLE = """
ctebm-dev                      | .444 / .622 / .729 | .431 / .626 / .785
mantra-es-emea                 | .433 / .576 / .692 | .435 / .593 / .780
mantra-es-medline              | .441 / .664 / .747 | .417 / .679 / .824
mantra-fr-emea                 | .420 / .534 / .673 | .415 / .571 / .717
mantra-fr-medline              | .384 / .559 / .670 | .387 / .556 / .713
mantra-fr-patents              | .544 / .734 / .807 | .482 / .722 / .866
mantra-de-emea                 | .365 / .513 / .673 | .374 / .619 / .753
mantra-de-medline              | .476 / .596 / .712 | .447 / .625 / .748
mantra-de-patents              | .494 / .626 / .761 | .506 / .687 / .807
mantra-nl-emea                 | .380 / .498 / .631 | .378 / .530 / .687
mantra-nl-medline              | .403 / .560 / .642 | .379 / .584 / .700
quaero-dev                     | .401 / .536 / .617 | .398 / .542 / .663
xlbel-es                       | .102 / .155 / .193 | .107 / .167 / .212
xlbel-de                       | .128 / .180 / .222 | .124 / .183 / .229
xlbel-tr                       | .167 / .262 / .314 | .177 / .262 / .326
xlbel-ja                       | .070 / .118 / .181 | .074 / .141 / .214
codiesp-dev                    | .113 / .218 / .398 | .169 / .359 / .568
spaccc-enfermedad-dev          | .250 / .413 / .509 | .289 / .461 / .597
spaccc-enfermedad-dev+train    | .487 / .620 / .696 | .513 / .645 / .741
spaccc-procedimiento-dev       | .179 / .254 / .289 | .208 / .296 / .328
spaccc-procedimiento-dev+train | .521 / .584 / .614 | .523 / .597 / .637
spaccc-sintoma-dev             | .147 / .219 / .305 | .192 / .276 / .366
spaccc-sintoma-dev+train       | .475 / .583 / .644 | .487 / .605 / .661
cantemist-dev2                 | .164 / .272 / .405 | .231 / .312 / .392
cantemist-dev2+train           | .874 / .922 / .957 | .878 / .932 / .958
"""


def yardsticks() -> dict[str, dict[str, Figures]]:
    """Per cent at 1, 5 and 25 by set, then by column."""
    found = {}
    for line in TABLE.strip().splitlines():
        name, *columns = (part.strip() for part in line.split("|"))
        figures = [tuple(100 * float(share) for share in column.split("/")) for column in columns]
        found[name] = dict(zip(("zero-shot", "fine-tuned"), figures))
    return found
