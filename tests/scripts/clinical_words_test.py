"""Tests of the tables of clinical words."""
import tempfile
import unittest
from pathlib import Path

import clinical_words

TABLES = Path(__file__).parents[2] / "models/enlace-thesaurus/words"


class ClinicalWords(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.path = Path(scratch.name)

    def rows(self, **tables):
        for name, text in tables.items():
            (self.path / f"{name}.tsv").write_text(text, encoding="utf-8")
        clinical_words.main(self.path, self.path / "out")
        header, *rows = (self.path / "out").read_text(encoding="utf-8").splitlines()
        self.assertEqual(header, "code\tname\tlang")
        return rows

    def refused(self, text):
        with self.assertRaises(SystemExit) as caught:
            self.rows(head=text)
        return str(caught.exception)

    def test_every_name_of_a_line_has_its_code_and_language(self):
        self.assertEqual(self.rows(b="en\tes\ncough\ttos\n", a="en\tes\nmigraine\tmigraña|jaqueca\nitch\t\n"),
                         ["a-2\tmigraine\ten", "a-2\tmigraña\tes", "a-2\tjaqueca\tes", "a-3\titch\ten",
                          "b-2\tcough\ten", "b-2\ttos\tes"])

    def test_what_is_no_such_table_is_refused_with_its_place(self):
        self.assertIn("head.tsv: line 3: expected 2 fields, found 1", self.refused("en\tes\ncough\ttos\nitch\n"))
        self.assertIn("line 2, field 2: expected names without blanks", self.refused("en\tes\ncough\ttos|\n"))
        self.assertIn("line 2, field 1: expected names without blanks", self.refused("en\tes\ncough |hem\ttos\n"))
        self.assertIn("line 2, field 2: expected every name once", self.refused("en\tes\ncough\ttos|Tos\n"))

    def test_the_tables_that_come_along_are_sound(self):
        for table in sorted(TABLES.glob("*.tsv")):
            with self.subTest(table.name):
                self.assertTrue(table.read_text(encoding="utf-8").startswith("en\t"))
                self.assertTrue(list(clinical_words.rows(table)))
        self.assertTrue(list(TABLES.glob("*.tsv")))


if __name__ == "__main__":
    unittest.main()
