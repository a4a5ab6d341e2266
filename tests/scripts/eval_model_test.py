"""The yardsticks have the published means; a model is embedded anew only when it has to be."""
import argparse
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import eval_model
from accuracy_report import groups, mean
from yardsticks import yardsticks


class Yardsticks(unittest.TestCase):
    def test_the_means_are_those_that_were_published(self):
        table = yardsticks()
        by_size = {len(names): names for names in groups(table).values()}
        rounded = lambda size, column: tuple(
            round(value, 1) for value in mean(table[name][column] for name in by_size[size]))
        self.assertEqual(rounded(17, "zero-shot"), (33.9, 46.8, 56.8))
        self.assertEqual(rounded(17, "fine-tuned"), (33.5, 49.7, 62.3))
        self.assertEqual(rounded(8, "zero-shot")[0], 38.7)
        self.assertEqual(rounded(8, "fine-tuned")[0], 41.5)

    def test_equal_figures_count_as_not_behind(self):
        figures = yardsticks()["ctebm-dev"]["fine-tuned"]
        accuracy = dict(zip(eval_model.DEPTHS, (value / 100 for value in figures)))
        text = eval_model.report({"ctebm-dev": {"mentions": 2, "accuracy": accuracy}})
        self.assertIn("At least equal to fine-tuned, to a tenth of a point: 1 / 1 / 1 of 1", text)


class Cache(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        root = Path(scratch.name)
        self.model = root / "model"
        self.model.mkdir()
        (self.model / "model.safetensors").write_bytes(b"weights")
        self.enlace = root / "enlace"
        self.program("avx2")
        self.options = argparse.Namespace(model=self.model, precision="bf16", enlace=self.enlace,
                                          cache=root / "cache")
        for name, rows in (("a", "1\tfever\ten\n"), ("b", "1\tcough\ten\n2\tfever\ten\n")):
            (root / "sets" / name).mkdir(parents=True)
            (root / "sets" / name / "kb.tsv").write_text(rows)
        self.sets = eval_model.open_sets(root / "sets", [])

    def program(self, *lines):
        """Says which kernels it has, as `enlace inspect --machine` does: those of ENLACE_ISA or the first."""
        self.enlace.write_text("#!/bin/sh\n" + f"echo tier ${{ENLACE_ISA:-{lines[0]}}}: AVX\n" + "\n".join(lines[1:]))
        self.enlace.chmod(0o755)

    def test_another_program_or_other_kernels_clear_the_cache(self):
        before = eval_model.Cache(self.options).folder
        self.assertEqual(eval_model.Cache(self.options).folder, before)
        with mock.patch.dict("os.environ", ENLACE_ISA="scalar"):
            scalar = eval_model.Cache(self.options).folder
        self.assertNotEqual(scalar, before)
        self.assertFalse(before.exists())
        self.program("avx2", "# mended")
        self.assertNotIn(eval_model.Cache(self.options).folder, (before, scalar))
        self.program("")
        with self.assertRaisesRegex(SystemExit, "expected a tier of kernels"):
            eval_model.Cache(self.options)

    def test_names_are_embedded_once_over_all_sets(self):
        with mock.patch("eval_model.run") as run:
            cache = eval_model.Cache(self.options)
            cache.embed(self.sets[:1])
            cache.embed(self.sets[:1])
            self.assertEqual(run.call_count, 1)
            cache.embed(self.sets)
        self.assertEqual(run.call_count, 2)
        self.assertEqual((cache.folder / "pool.tsv").read_text(), "0\tcough\ten\n1\tfever\ten\n")

    def test_other_weights_clear_the_cache_and_packed_ones_do_not(self):
        before = eval_model.Cache(self.options).folder
        packed = self.model / "packed-bf16"
        packed.mkdir()
        (packed / "weights").write_bytes(b"packed")
        self.assertEqual(eval_model.Cache(self.options).folder, before)
        (self.model / "model.safetensors").write_bytes(b"others")
        self.assertNotEqual(eval_model.Cache(self.options).folder, before)
        self.assertFalse(before.exists())

    def test_a_set_that_is_not_there_is_named(self):
        with self.assertRaisesRegex(SystemExit, r"expected sets \['c'\]"):
            eval_model.open_sets(self.sets[0].kb.parents[1], ["c"])


if __name__ == "__main__":
    unittest.main()
