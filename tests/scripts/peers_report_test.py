"""bench/peers/report.py tells of every engine, also of one that failed."""
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "bench" / "peers"))

import report  # noqa: E402


def record(engine: str, speed: float, latency: float) -> dict:
    return {"engine": engine, "version": "1", "type": "f32", "limited": False, "model": "m", "names": 8, "of": 32,
            "tokens_per_name": 3, "threads": 2, "commit": "c", "date": "d", "strings_per_second": speed,
            "latency_ms": latency}


class PeersReport(unittest.TestCase):
    def test_an_engine_that_failed_is_told_and_is_no_peer(self):
        records = [record("enlace", 300, 1), record("torch", 100, 4)]
        failed = {name: value for name, value in record("onnxruntime", 0, 0).items()
                  if name not in ("strings_per_second", "latency_ms")} | {"failed": True}
        text = "\n".join(report.section([*records, failed]))
        self.assertIn("| onnxruntime 1 | f32 | not measured: it failed |", text)
        self.assertIn("| **enlace** | f32 | 300 | **3.00** | 1.00 | **0.25** |", text)


if __name__ == "__main__":
    unittest.main()
