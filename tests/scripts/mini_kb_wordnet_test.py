"""Tests of the names that mini_kb_wordnet.py and the readers of synonyms give."""
import tempfile
import unittest
from pathlib import Path

import mini_kb_tables
import mini_kb_wordnet


class Folder(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.path = Path(scratch.name)

    def put(self, name, *lines):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


class WordNet(Folder):
    def test_synsets_meet_by_number_and_version(self):
        self.put("common/common_semfield.sql", "INSERT INTO semfield VALUES ('n#00000016','Medicine');",
                 "INSERT INTO semfield VALUES ('n#00000017','Law');")
        for name in mini_kb_wordnet.LANGUAGES:
            self.put(f"{name}/{name}_synset.sql", "DROP TABLE IF EXISTS x;")
        self.put("english/english_synset.sql", "INSERT INTO e VALUES ('n#00000016',' made_up_fever ',NULL,'g');",
                 "INSERT INTO e VALUES ('n#00000017',' made_up_law ',NULL,'g');",
                 "INSERT INTO e VALUES ('n#00000018',' both ',NULL,'g');")
        self.put("spanish/spanish_synset.sql", 'INSERT INTO s VALUES ("n#00000016","fiebre_inventada",NULL,NULL);',
                 'INSERT INTO s VALUES ("n#00000030","hueso_inventado",NULL,NULL);',
                 'INSERT INTO s VALUES ("n#00000017","ley_inventada",NULL,NULL);')
        self.put("data.noun", "  1 licence",
                 "00000030 08 n 02 made_up_bone 0 imaginary_bone 0 000 | a bone",
                 "00000031 06 n 02 tool_a 0 tool_b 0 000 | a tool for surgery",
                 "00000032 06 n 02 tool_c 0 tool_d 0 000 | a tool", "00000018 08 n 01 both 0 000 | a part")
        out = self.path / "out.tsv"
        mini_kb_wordnet.main(self.path, self.path, out)
        self.assertEqual(out.read_text(encoding="utf-8").splitlines(), [
            "code\tname\tlang\tlicence",
            "PWN16:00000016\tmade up fever\ten\tCC-BY-3.0",
            "PWN16:00000016\tfiebre inventada\tes\tCC-BY-SA-4.0",
            "PWN30:00000030\tmade up bone\ten\tWordNet-3.0",
            "PWN30:00000030\timaginary bone\ten\tWordNet-3.0",
            "PWN30:00000030\thueso inventado\tes\tCC-BY-SA-4.0",
            "PWN30:00000031\ttool a\ten\tWordNet-3.0",
            "PWN30:00000031\ttool b\ten\tWordNet-3.0"])


class Synonyms(Folder):
    def test_names_of_mondo_in_use(self):
        self.put("mondo.json", '[{"id":"1","namespace":"mondo","name":"a","synonyms":["b"]},'
                 '{"id":"2","namespace":"mondo","name":"obsolete c"},{"id":"3","namespace":"x","name":"d"}]')
        self.assertEqual(list(mini_kb_tables.mondo_synonyms(self.path)), [("MONDO:1", "a"), ("MONDO:1", "b")])

    def test_entry_terms_of_mesh_without_formulas(self):
        self.put("mesh_id_label_mappings.tsv", "D1\tA\tB 12|1,2,3,4,5-C\tX1\t", "D2\tE\t\tX2\t")
        self.assertEqual(list(mini_kb_tables.mesh_synonyms(self.path)),
                         [("mesh:D1", "A"), ("mesh:D1", "B 12"), ("mesh:D2", "E")])


if __name__ == "__main__":
    unittest.main()
