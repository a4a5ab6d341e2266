import json
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import fuzz_ledger

PROGRAM = """
import pathlib, sys
sum(range(12_000_000))  # more than the tenth of a second that the record is rounded to
print("#10\\tNEW cov: 1")
print("stat::number_of_executed_units: 12")
for name in ("crash-1", "slow-unit-2"):
    (pathlib.Path(sys.argv[1]) / name).touch()
sys.exit(3)
"""


class FuzzLedger(unittest.TestCase):
    def test_a_run_is_recorded_and_its_status_kept(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch.object(fuzz_ledger, "commit", lambda: "c0ffee"), \
                mock.patch.object(fuzz_ledger, "LEDGER", Path(folder) / "ledger.json"):
            findings = Path(folder) / "findings"
            findings.mkdir()
            (findings / "crash-0").touch()
            arguments = ["", "obo", f"{folder}/log", str(findings), sys.executable, "-c", PROGRAM, str(findings)]
            with mock.patch.object(sys, "argv", arguments):
                self.assertEqual(fuzz_ledger.main(), 3)
            record, = json.loads(fuzz_ledger.LEDGER.read_text())
            self.assertEqual((record["target"], record["commit"], record["executions"], record["findings"]),
                             ("obo", "c0ffee", 12, 1))
            self.assertGreater(record["cpu_seconds"], 0)
            self.assertIn("| obo | 1 |", (Path(folder) / "ledger.md").read_text())

    def test_a_run_that_a_finding_ended_tells_its_executions_by_its_progress(self):
        self.assertEqual(fuzz_ledger.executions_of("#2\tINITED cov: 5\n#4096\tpulse  cov: 5\n==1== ERROR"), 4096)
        self.assertEqual(fuzz_ledger.executions_of("no such program"), 0)

    def test_runs_of_a_target_are_summed_up(self):
        def run(target, date, commit, seconds):
            return {"target": target, "date": date, "commit": commit, "cpu_seconds": seconds, "executions": 1000,
                    "findings": 1}
        text = fuzz_ledger.report([run("rrf", "2026-01-02", "b", 90), run("rrf", "2026-01-02", "c", 30),
                                   run("rrf", "2026-01-01", "a", 60), run("csv", "2026-01-01", "a", 6)])
        self.assertIn("| rrf | 3 | 3.0 | 3,000 | 3 | 2026-01-02 | c |", text)
        self.assertLess(text.index("| csv | 1 | 0.1 |"), text.index("| rrf |"))


if __name__ == "__main__":
    unittest.main()
