"""What a pruned model changes is counted set by set."""
import argparse
import tempfile
import unittest
from pathlib import Path

import prune_accuracy


def accuracy(first: float, among_25: float) -> dict:
    return {"mentions": 400, "accuracy": {"1": first, "25": among_25}}


class PruneAccuracy(unittest.TestCase):
    def test_a_set_is_within_two_tenths_of_a_point_or_not(self):
        options = argparse.Namespace(model=Path("e5"), names=None, languages="es,de", count=5)
        before = {"near": accuracy(0.5, 0.8), "far": accuracy(0.5, 0.8)}
        after = {"near": accuracy(0.498, 0.8), "far": accuracy(0.503, 0.79)}
        text = prune_accuracy.report(options, {"entries_before": 250, "entries_after": 64}, before, after)
        self.assertIn("At 1 changed by 0.2 points or less: 1 of 2 sets.", text)
        self.assertIn("| far | 400 | 50.0 / 80.0 | 50.3 / 79.0 | +0.3 / -1.0 | +1 / -4 |", text)

    def test_languages_are_those_of_the_names(self):
        with tempfile.TemporaryDirectory() as folder:
            kb = Path(folder) / "kb.tsv"
            kb.write_text("C1\tdolor\tes\nC2\tpain\ten\n", encoding="utf-8")
            self.assertEqual(prune_accuracy.languages_of([kb]), {"es", "en"})


if __name__ == "__main__":
    unittest.main()
