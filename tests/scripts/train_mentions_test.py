"""The report has the command that was run."""
import argparse
import unittest
from pathlib import Path
from unittest import mock

import train_mentions


class Command(unittest.TestCase):
    def test_it_is_the_one_that_trains(self):
        options = argparse.Namespace(enlace="enlace", model=Path("models/mini"), benchsets=Path("sets.py"),
                                     scratch=Path("scratch"), steps=300)
        with mock.patch("train_mentions.run") as run, mock.patch("train_mentions.module_at"):
            train_mentions.train(options, "CORPUS", [], [])
        words = [str(word).replace("scratch/CORPUS/", "").replace("models/", "") for word in run.call_args.args[0]]
        words.remove("--restart")
        told = train_mentions.command({"model": "mini", "steps": 300}).split()
        self.assertEqual(sorted(told), sorted(words))
        self.assertIn(" --warm-up 30", train_mentions.command({"model": "mini", "steps": 300}))


if __name__ == "__main__":
    unittest.main()
