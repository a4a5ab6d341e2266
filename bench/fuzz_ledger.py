"""How much has each parser of outside bytes been fuzzed, and what was found?

    fuzz_ledger.py TARGET LOG FINDINGS COMMAND...

Runs the libFuzzer program COMMAND, which writes to the file LOG and puts what it finds into the folder
FINDINGS, and adds a record of the run to docs/benchmarks/fuzzing.json; fuzzing.md sums all runs up.
scripts/fuzz.sh calls it. CPU seconds are those that the program itself got, whatever else the machine
did; inputs that were merely slow are no findings. Ends as COMMAND does. Standard library only.
"""
import datetime
import json
import re
import resource
import subprocess
import sys
from pathlib import Path

from run_accuracy import commit

LEDGER = Path("docs/benchmarks/fuzzing.json")
FINDINGS = ("crash-", "leak-", "oom-", "timeout-")  # as libFuzzer names them
EXECUTIONS = re.compile(r"^stat::number_of_executed_units:\s*(\d+)$|^#(\d+)\s", re.MULTILINE)


def executions_of(log: str) -> int:
    """How many inputs a run executed, which one that ended by a finding tells by its last line of progress."""
    return max((int(final or progress) for final, progress in EXECUTIONS.findall(log)), default=0)


def findings_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name.startswith(FINDINGS)}


def run(target: str, log: Path, findings: Path, command: list[str]) -> tuple[dict, int]:
    """The record of a run and its exit status."""
    before = findings_in(findings)
    with log.open("w") as file:
        status = subprocess.run(command, stdout=file, stderr=subprocess.STDOUT, check=False).returncode
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"target": target, "date": datetime.date.today().isoformat(), "commit": commit(),
            "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
            "executions": executions_of(log.read_text(errors="replace")),
            "findings": len(findings_in(findings) - before)}, status


def report(records: list[dict]) -> str:
    lines = ["# Fuzzing", "",
             "Written by `bench/fuzz_ledger.py` after each run of `scripts/fuzz.sh`; do not edit. Every run is in "
             "`fuzzing.json`. A finding that was mended is in `tests/fuzz/corpus`, which tests under the sanitizers replay.", "",
             "| target | runs | CPU minutes | executions | findings | last run | of commit |",
             "|---|--:|--:|--:|--:|---|---|"]
    for target in sorted({record["target"] for record in records}):
        runs = [record for record in records if record["target"] == target]
        last = sorted(runs, key=lambda record: record["date"])[-1]  # of one day the last added
        minutes = sum(record["cpu_seconds"] for record in runs) / 60
        lines.append(f"| {target} | {len(runs)} | {minutes:.1f} | {sum(r['executions'] for r in runs):,} | "
                     f"{sum(r['findings'] for r in runs)} | {last['date']} | {last['commit']} |")
    return "\n".join(lines) + "\n"


def add(record: dict) -> None:
    records = json.loads(LEDGER.read_text()) if LEDGER.exists() else []
    records.append(record)
    LEDGER.write_text(json.dumps(records, indent=1) + "\n")
    LEDGER.with_suffix(".md").write_text(report(records), encoding="utf-8")


def main() -> int:
    target, log, findings, *command = sys.argv[1:]
    record, status = run(target, Path(log), Path(findings), command)
    add(record)
    return status


if __name__ == "__main__":
    sys.exit(main())
