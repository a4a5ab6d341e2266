"""Tests of the names that freedict_words.py takes from dictionaries."""
import gzip
import json
import string
import tempfile
import unittest
from pathlib import Path

import freedict_words

DIGITS = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"


def numeral(value):
    return (numeral(value // 64) if value >= 64 else "") + DIGITS[value % 64]


class FreeDict(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.path = Path(scratch.name)

    def dictionary(self, name, *entries, about="#about#"):
        text = about.encode()
        index = [f"00databaseinfo\tA\t{numeral(len(text))}"]
        for entry in entries:
            body = (entry + "\n").encode()
            index.append(f"{entry.split()[0]}\t{numeral(len(text))}\t{numeral(len(body))}")
            text += body
        (self.path / f"freedict-{name}.dict.dz").write_bytes(gzip.compress(text))
        (self.path / f"freedict-{name}.index").write_text("\n".join(index) + "\n", encoding="utf-8")

    def rows(self, share_alike=False, **names):
        """Of the dictionaries and these concepts with their names."""
        exported, out = self.path / "names.jsonl", self.path / "out.tsv"
        exported.write_text("".join(json.dumps({"code": code, "names": [{"text": text} for text in texts]}) + "\n"
                                    for code, texts in names.items()), encoding="utf-8")
        freedict_words.main(self.path, exported, out, share_alike)
        header, *rows = out.read_text(encoding="utf-8").splitlines()
        self.assertEqual(header, "code\tname\tlang\tscope")
        self.assertTrue(all(row.endswith("\trelated") for row in rows))
        return [tuple(row.split("\t")[:3]) for row in rows]

    def test_words_beside_a_name_become_names_in_both_directions(self):
        self.dictionary("deu-eng", "Hustinal /hˈʊst/ <masc>\n [med.] madeup cough <n>, cof\n   Synonyms: {Hustital}\n see: {x}")
        self.dictionary("eng-nld", "Cof /kɒf/\n1. hoestje, kuch\nwhat the chest does\n2. blaf\n(said of dogs)")
        self.assertEqual(self.rows(C1=["cof"], C2=["Hustinal"]), [
            ("C1", "Hustinal", "de"), ("C1", "blaf", "nl"), ("C1", "hoestje", "nl"), ("C1", "kuch", "nl"),
            ("C2", "cof", "en"), ("C2", "madeup cough", "en")])

    def test_names_of_many_concepts_and_known_names_give_nothing(self):
        self.dictionary("deu-eng", "Ding\nthingy", "Dong\ndonging")
        self.assertEqual(self.rows(C1=["thingy"], C2=["thingy"], C3=["thingy"], C4=["thingy"], C5=["donging", "dong"]), [])

    def test_only_dictionaries_under_share_alike_are_read_where_asked(self):
        share_alike = "Licensed under the Creative Commons\n  Attribution-ShareAlike 3.0 Unported\n  license"
        self.dictionary("deu-eng", "Ding\nthingy", about="terms of the GNU General Public License ver. 2.0")
        self.dictionary("eng-nld", "thingy\ndinges", about=share_alike)
        self.dictionary("eng-swe", "thingy\nsak", about=share_alike + ", or the GNU General Public License")
        self.assertEqual(self.rows(C1=["thingy"]), [("C1", "Ding", "de"), ("C1", "dinges", "nl"), ("C1", "sak", "sv")])
        self.assertEqual(self.rows(True, C1=["thingy"]), [("C1", "dinges", "nl")])


if __name__ == "__main__":
    unittest.main()
