"""Fails when git tracks what does not belong at the top of the tree, or a large file.

What was made or fetched beside the sources gets into a commit unseen. A new folder at the top is added
here, and so is a large file that is meant.
"""
import subprocess
import sys
from pathlib import Path

FOLDERS = {".ci", "bench", "cmake", "docs", "examples", "models", "scripts", "src", "tests", "tools"}
MOST_BYTES = 512 << 10
LARGE = {"models/enlace-mini/model.safetensors", "models/enlace-mini/tokenizer.json",
         "models/enlace-thesaurus/thesaurus.enlace"}


def main(root: Path) -> int:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, check=True, capture_output=True, text=True).stdout
    complaints = []
    for name in filter(None, listed.split("\0")):
        folder, slash, _ = name.partition("/")
        if slash and folder not in FOLDERS:
            complaints.append(f"{name}: expected one of {sorted(FOLDERS)}, found another folder")
        elif (root / name).exists() and (root / name).stat().st_size > MOST_BYTES and name not in LARGE:
            complaints.append(f"{name}: expected at most {MOST_BYTES} bytes, found {(root / name).stat().st_size}")
    print("\n".join(complaints) or "tree: no complaint")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
