"""A synthetic UMLS at full size: built, opened, searched and updated, beside others that read the same file.

    umls.py [--meta FOLDER] [--rf2 FOLDER] [--kb FOLDER] [--checked 400] [--build build/release] [--peers]

--meta is a META folder, --rf2 one with a release of SNOMED CT; they are made by
tools/synthetic/make_synthetic_umls if they are not there (7 and 1 GB). --peers reads
MRCONSO.RRF with polars and pandas as well, as far as they are installed, to a table, and imports it with sqlite3.
The result replaces docs/benchmarks/umls.{json,md}.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

PEERS = {
    "polars": "import polars; rows = polars.read_csv(p, separator='|', has_header=False, quote_char=None, infer_schema=False).height",
    "pandas": "import pandas; rows = len(pandas.read_csv(p, sep='|', header=None, quoting=3, dtype=str, keep_default_na=False))",
}


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown"


class Run(NamedTuple):
    out: str  # what it printed
    seconds: float
    memory: float  # the most, GB
    worked: float  # seconds of all cores


def timed(*command):
    with tempfile.TemporaryFile("w+") as out:
        began = time.perf_counter()
        child = subprocess.Popen([str(part) for part in command], stdout=out)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - began
        if child.returncode:
            raise SystemExit(f"{command[0]} failed")
        out.seek(0)
        return Run(out.read(), seconds, usage.ru_maxrss * 1024 / 1e9, usage.ru_utime + usage.ru_stime)


def peers(names, rows):
    """What others need to read the same rows. One that reads another number of them is an error."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        columns = ", ".join(f"c{i}" for i in range(19))
        shell = ["sqlite3", f"{folder}/umls.sqlite", f"create table c({columns})", ".mode ascii",
                 '.separator "|" "\\n"', f".import {names} c", "select count(*) from c"]
        commands = {name: [sys.executable, "-c", f"p = {str(names)!r}\n{code}\nprint(rows)"] for name, code in PEERS.items()}
        for name, command in (commands | {"sqlite3 .import": shell}).items():
            if shutil.which(command[0]) is None:
                print(f"{name}: not measured", file=sys.stderr)
                continue
            try:
                run = timed(*command)
            except SystemExit:
                print(f"{name}: not measured", file=sys.stderr)
                continue
            if int(run.out) != rows:
                raise SystemExit(f"{name}: expected {rows} rows, found {int(run.out)}")
            found[name] = {"seconds": run.seconds, "GB": run.memory}
    return found


def measure(options):
    enlace, meta, kb = options.build / "enlace", options.meta, options.kb
    result = {"processor": processor(), "cores": os.cpu_count()}
    result["rows"] = sum(1 for _ in open(meta / "MRCONSO.RRF", "rb"))
    shutil.rmtree(kb, ignore_errors=True)
    build = timed(enlace, "build", "--model", "none", "--out", kb, "--from", f"rrf={meta}")
    result["pass"] = json.loads(timed(options.build / "bench/rrf_pass", meta).out)
    result["build"] = {"seconds": build.seconds, "GB": build.memory, "busy": build.worked / build.seconds / result["cores"],
                       "stages": re.search(r"^seconds: (.*)$", build.out, re.M).group(1)}
    release = next(path for path in options.rf2.iterdir() if "International" in path.name and (path / "Snapshot").exists())
    rf2_kb = kb.with_name(kb.name + "-rf2")
    shutil.rmtree(rf2_kb, ignore_errors=True)
    rf2 = timed(enlace, "build", "--model", "none", "--out", rf2_kb, "--from", f"rf2={release}")
    shutil.rmtree(rf2_kb)
    result["rf2"] = {"seconds": rf2.seconds, "GB": rf2.memory}
    result["use"] = json.loads(timed(options.build / "bench/kb_run", kb, 4000, options.checked).out)
    codes = {line[:8] for i, line in enumerate(open(meta / "MRCONSO.RRF", "rb")) if i % 13000 == 0}
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as add:
        for i, code in enumerate(sorted(codes)):
            add.write(f"{code.decode()}\ta new name, number {i}\ten\n")
        for i in range(1000 - len(codes)):
            add.write(f"LOCAL{i}\ta new concept, number {i}\ten\n")
        add.flush()
        result["update"] = sorted(timed(enlace, "update", kb, "--add", add.name).seconds for _ in range(5))
    result["peers"] = peers(meta / "MRCONSO.RRF", result["rows"]) if options.peers else {}
    return result


def table(result):
    build, use = result["build"], result["use"]
    yield "# A UMLS at full size"
    yield ""
    yield (f"Made by `bench/umls.py` on a synthetic UMLS (`tools/synthetic`): {result['rows']:,} rows of MRCONSO, of which "
           f"{use['names']:,} distinct names that are not suppressed, {use['texts']:,} distinct texts. {result['processor']}, "
           f"{result['cores']} cores. No vectors.")
    yield ""
    yield "| measure | goal | measured |"
    yield "|---|--:|--:|"
    yield f"| RRF to knowledge base, s | < 60 | {build['seconds']:.0f} |"
    yield f"| most memory of it, GB | < 4 | {build['GB']:.2f} |"
    yield f"| part of it that all cores work, % | ≥ 90 | {100 * build['busy']:.0f} |"
    yield f"| opening, files not in the page cache, worst of 5, ms | < 20 | {use['open cold'] * 1e3:.1f} |"
    yield f"| opening, files in the page cache, ms | < 5 | {use['open'] * 1e3:.2f} |"
    yield f"| resident when opened, MB | < 100 | {use['resident when opened'] / 1e6:.0f} |"
    yield f"| exact look-ups a second, one core, 256 at once, normalisation included | > 2,000,000 | {use['exact look-ups/s']:,.0f} |"
    yield f"| n-gram mentions a second, 25 candidates, all cores | > 500 | {use['ngram/s, all threads']:,.0f} |"
    yield f"| recall@25 against the exhaustive computation ({use['checked']} mentions) | 0.995 | {use['recall@25']:.3f} |"
    yield f"| resident after searching, GB | < 2 | {use['resident after'] / 1e9:.2f} |"
    yield f"| bytes a name beyond its text | < 120 | {use['bytes a name']['all but text']:.1f} |"
    yield f"| update with 1,000 names, ms, median of {len(result['update'])} | < 300 | {result['update'][len(result['update']) // 2] * 1e3:.0f} |"
    yield f"| SNOMED CT International snapshot (RF2) to knowledge base, s | < 10 | {result['rf2']['seconds']:.1f} |"
    yield ""
    yield (f"Seconds of the build, whose indexes are made two at a time: {build['stages']}. For comparison: one bare pass over "
           f"the {result['pass']['rows']:,} rows of the tables that it reads, lines and fields found, UTF-8 checked and "
           f"nothing kept, a table a core, takes {result['pass']['seconds']:.1f}.")
    yield ""
    parts = ", ".join(f"{name} {value:.1f}" for name, value in use["bytes a name"].items() if name.endswith(".enlace"))
    yield f"Bytes a name by file, without the text of {use['bytes a name']['text']:.1f}: {parts}."
    if result["peers"]:
        yield ""
        yield "Others, reading MRCONSO alone, without any index:"
        yield ""
        yield "| | s | GB |"
        yield "|---|--:|--:|"
        for name, peer in result["peers"].items():
            yield f"| {name} | {peer['seconds']:.1f} | {peer['GB']:.1f} |"
    yield ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--meta", type=pathlib.Path, default=pathlib.Path("build/bench/umls/META"))
    parser.add_argument("--rf2", type=pathlib.Path, default=pathlib.Path("build/bench/umls/RF2"))
    parser.add_argument("--kb", type=pathlib.Path, default=pathlib.Path("build/bench/umls/kb"))
    parser.add_argument("--build", type=pathlib.Path, default=pathlib.Path("build/release"))
    parser.add_argument("--checked", type=int, default=400, help="mentions compared with the exhaustive computation")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--results", type=pathlib.Path, default=pathlib.Path("docs/benchmarks/umls.json"))
    options = parser.parse_args()
    for folder, needed, flags in ((options.meta, "MRCONSO.RRF", []), (options.rf2, ".", ["--rf2"])):
        if (folder / needed).exists():
            continue
        subprocess.run(["cmake", "--build", options.build, "--target", "make_synthetic_umls"], check=True)
        maker = next(path for path in options.build.rglob("make_synthetic_umls") if path.is_file())
        partial = folder.with_name(folder.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        subprocess.run([maker, "--out", partial, *flags], check=True)
        partial.rename(folder)
    result = measure(options)
    options.results.write_text(json.dumps(result, indent=1) + "\n")
    options.results.with_suffix(".md").write_text("\n".join(table(result)))


if __name__ == "__main__":
    main()
