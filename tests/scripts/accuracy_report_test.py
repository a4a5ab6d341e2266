import unittest

from accuracy_report import report


def ours(*values: float) -> dict:
    return {"accuracy": {k: {"value": v, "low": v, "high": v} for k, v in zip(("1", "5", "25"), values)},
            "commit": "c0ffee", "date": "2026-01-01", "processor": "P", "cores": 2, "kernels": "avx2"}


def reference(*values: float) -> dict:
    return {"accuracy": dict(zip(("1", "5", "25"), values)), "date": "2026-01-01"}


class AccuracyReport(unittest.TestCase):
    def test_differences_and_means_are_in_points(self):
        text = report({
            "one": {"mentions": 10, "gold_in_kb": 0.9, "ngram ties=code": ours(.2, .3, .4),
                    "tfidf": reference(.25, .3, .4)},
            "two": {"mentions": 10, "gold_in_kb": 0.9, "ngram ties=code": ours(.4, .5, .6),
                    "tfidf": reference(.35, .4, .5)}})
        self.assertIn("-5.00 / +0.00 / +0.00", text)
        self.assertIn("| **mean of all 2** | | | 30.0 / 40.0 / 50.0 | 30.0 / 35.0 / 45.0 |", text)

    def test_a_mean_over_only_some_sets_is_left_empty(self):
        text = report({"one": {"mentions": 1, "gold_in_kb": 1, "dense ties=code": ours(1, 1, 1)},
                       "two": {"mentions": 1, "gold_in_kb": 1}})
        self.assertIn("| **mean of all 2** | | |  |  |  |  |", text)

    def test_nothing_measured_is_a_report_too(self):
        self.assertIn("not measured", report({}))


if __name__ == "__main__":
    unittest.main()
