"""Figures of one model do not stand for those of another, and a set's vectors come from the one before it."""
import argparse
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import precision_accuracy
from precision_accuracy import measure, report

MEASURED = {"accuracy": {depth: {"value": 0.5} for depth in ("1", "5", "25")}, "mentions": 4, "kernels": "avx2"}
CIRCUMSTANCES = {"processor": "a processor", "kernels": "avx2"}


class PrecisionAccuracy(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.work = Path(scratch.name)
        self.results = {}
        for target, value in (("WORK", self.work), ("RESULTS", self.work / "precision.json"), ("say", lambda _: None),
                              ("evaluate", lambda *_: MEASURED), ("circumstances", lambda _: CIRCUMSTANCES)):
            patch = mock.patch.object(precision_accuracy, target, value)
            patch.start()
            self.addCleanup(patch.stop)

    def measure(self, model, sets):
        """Of each build: the folder it makes and that whose vectors it takes."""
        builds = []

        def build(command):
            words = [str(word) for word in command]
            value_of = lambda flag: Path(words[words.index(flag) + 1]) if flag in words else None
            made, reused = value_of("--out"), value_of("--vectors-from")
            if reused:
                self.assertTrue(reused.is_dir())
            made.mkdir()
            builds.append((made.name, reused and reused.name))

        with mock.patch.object(precision_accuracy, "run", build):
            measure(argparse.Namespace(precisions=["f32"], sets=sets, sets_folder=Path("sets"), model=Path(model)),
                    self.results)
        return builds

    def test_sets_that_were_measured_are_passed_over(self):
        first = ("precision-f32-0", None)
        second = ("precision-f32-1", "precision-f32-0")
        third = ("precision-f32-0", "precision-f32-1")
        self.assertEqual(self.measure("m", ["b"]), [first])
        self.assertEqual(self.measure("m", ["a", "b", "c", "d"]), [first, second, third])
        self.assertEqual(self.measure("m", ["a", "b", "c", "d"]), [])

    def test_those_of_another_model_are_measured_and_the_report_tells_which(self):
        self.measure("m", ["a", "b"])
        self.assertEqual(len(self.measure("other", ["b"])), 1)
        text = report(self.results, Path("other"))
        self.assertIn("The dense retriever with other;", text)
        self.assertIn("| b | 4 | 50.00 / 50.00 / 50.00 |", text)
        self.assertNotIn("| a |", text)


if __name__ == "__main__":
    unittest.main()
