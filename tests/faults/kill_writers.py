"""Kills `enlace build`, `update` and `compact` at random moments: the folder always opens as the old or the new state.

    kill_writers.py ENLACE [--times 200] [--seed 1]

ENLACE is the program. A knowledge base of some thousand made-up names and their vectors is written, changed, changed
again and folded; each run is killed (SIGKILL) after a random part of the time that it takes. After every kill
`enlace verify` must pass, and the manifest, which has the fingerprint of every file, and what `enlace link` says of three
names must both be what they were before the run, or both what they are after a whole one.
"""
import argparse
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
from tiny_model import write_model


def run(*command, text=None):
    return subprocess.run(command, check=True, capture_output=True, text=True, input=text).stdout


def state(enlace, kb):
    """The manifest, and what is found."""
    asked = "name number 7\nnew number 7\nname number 9\n"
    return (kb / "manifest.json").read_text(), *(run(enlace, "link", "--kb", kb, "--retriever", retriever, text=asked)
                                                 for retriever in ("exact", "dense"))


def names(path, word, count):
    path.write_text("".join(f"C{i}\t{word} number {i}\ten\n" for i in range(count)))
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("enlace")
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    dice = random.Random(options.seed)
    place = pathlib.Path(tempfile.mkdtemp())
    enlace, start, kb = options.enlace, place / "start", place / "kb"
    old, new, more = (names(place / f"{word}.tsv", word, count) for word, count in (("name", 2000), ("new", 1500), ("more", 500)))
    (place / "gone.tsv").write_text("C9\n")
    model = place / "model"
    write_model(model)
    update = [enlace, "update", kb, "--add", new, "--retire", place / "gone.tsv"]
    run(enlace, "build", "--model", model, "--out", start, "--from", f"tsv={old}")
    updated = place / "updated"
    shutil.copytree(start, kb)
    run(*update)
    shutil.copytree(kb, updated)
    verbs = {"build": ([enlace, "build", "--model", model, "--out", kb, "--from", f"tsv={new}"], start),
             "update": (update, start),
             "second update": ([enlace, "update", kb, "--add", more], updated),
             "compact": ([enlace, "compact", kb], updated)}
    for verb, (command, before) in verbs.items():
        def reset():
            shutil.rmtree(kb)
            shutil.copytree(before, kb)
        reset()
        states = {state(enlace, kb)}
        began = time.perf_counter()
        run(*command)
        whole = time.perf_counter() - began
        after = state(enlace, kb)
        states.add(after)
        became_new = killed = 0
        for _ in range(options.times):
            reset()
            child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(dice.random() * whole * 1.1)
            child.kill()
            killed += child.wait() != 0
            run(enlace, "verify", kb)
            found = state(enlace, kb)
            if found not in states:
                print(f"{verb}: neither the old nor the new state", file=sys.stderr)
                return 1
            became_new += found == after
            run(*command)  # whatever was left behind is no obstacle, and is swept
            leftovers = [path.name for path in [*place.iterdir(), *kb.iterdir()] if path.name.endswith(".partial")]
            if leftovers:
                print(f"{verb}: left behind {leftovers}", file=sys.stderr)
                return 1
        print(f"{verb}: {options.times} runs, {killed} killed, {became_new} times new, always whole", flush=True)
    shutil.rmtree(place)
    return 0


if __name__ == "__main__":
    sys.exit(main())
