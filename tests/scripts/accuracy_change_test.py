"""Two runs of eval_model.py are compared set by set."""
import unittest

import accuracy_change


def run(**sets: tuple[float, float]) -> dict:
    return {"model": "m", "precision": "f32", "retriever": "dense", "machine": "a machine",
            "sets": {name.replace("_", "-"): {"mentions": 400, "accuracy": {"1": first, "25": among_25}}
                     for name, (first, among_25) in sets.items()}}


class AccuracyChange(unittest.TestCase):
    def test_points_mentions_and_means(self):
        before = run(xlbel_es=(0.5, 0.8), spaccc_x=(0.5, 0.8))
        after = run(xlbel_es=(0.503, 0.8), spaccc_x=(0.52, 0.79))
        text = accuracy_change.report(before, after, "Title", 0.3)
        self.assertIn("At 1 changed by 0.3 points or less: 1 of 2 sets.", text)
        self.assertIn("| spaccc-x | 400 | 50.0 / 80.0 | 52.0 / 79.0 | +2.0 / -1.0 | +8 / -4 |", text)
        self.assertIn("| **mean of all 2** | | | | +1.15 / -0.50 | |", text)
        self.assertIn("| **mean of 1 Spanish** | | | | +2.00 / -1.00 | |", text)

    def test_kernels_are_told_if_they_are_known(self):
        before = run(xlbel_es=(0.5, 0.8))
        after = {**before, "kernels": "avx2"}
        text = accuracy_change.report(before, after, "Title", 0.3)
        self.assertIn("Before: m, products in f32, dense, on a machine. After: m, products in f32, dense, on a machine, "
                      "kernels avx2.", text)


if __name__ == "__main__":
    unittest.main()
