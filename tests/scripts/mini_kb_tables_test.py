"""Names are taken as they are declared, and joined only where nothing is ambiguous."""
import tempfile
import unittest
from pathlib import Path

import mini_kb_tables
from mini_kb_tables import Joined, one_to_one


class Tables(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.data = Path(scratch.name)

    def put(self, name: str, *rows: str) -> Path:
        path = self.data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")
        return path

    def test_parents_of_a_heading_are_those_of_all_its_tree_numbers(self):
        self.put("mesh2015/terms.tsv", "mesh_id\tmesh_name", "D1\tA", "D2\tB", "D3\tC")
        self.put("mesh2015/tree-numbers.tsv", "mesh_id\tmesh_name\tmesh_tree_number",
                 "D1\tA\tC01", "D2\tB\tC02", "D3\tC\tC01.100", "D3\tC\tC02.7", "D3\tC\tC01.100.5")
        self.assertEqual(mini_kb_tables.mesh(self.data), [
            ("mesh:D1", "A", ""), ("mesh:D2", "B", ""), ("mesh:D3", "C", "mesh:D1|mesh:D2")])

    def test_inclusion_terms_are_synonyms_only_of_a_title_that_is_no_rest_and_has_few(self):
        diagnosis = lambda code, title, terms, inner="": (
            f"<diag><name>{code}</name><desc>{title}</desc><inclusionTerm>"
            + "".join(f"<note>{term}</note>" for term in terms) + f"</inclusionTerm>{inner}</diag>")
        inner = (diagnosis("A1.8", "Other gout", ["Lead gout"])
                 + diagnosis("A1.9", "Gout, unspecified", ["Gout NOS", "Podagra"]))
        path = self.put("tabular.xml", "<ICD10CM.tabular><chapter><section id='A1-A2'>",
                        diagnosis("A1", "Gout", ["a", "b", "c"], inner),
                        "</section></chapter></ICD10CM.tabular>")
        self.assertEqual(mini_kb_tables.icd10cm(path), [
            ("ICD10CM:A1", "Gout", ""), ("ICD10CM:A1.8", "Other gout", "ICD10CM:A1"),
            ("ICD10CM:A1.9", "Gout, unspecified", "ICD10CM:A1"),
            ("ICD10CM:A1.9", "Gout NOS", "ICD10CM:A1"), ("ICD10CM:A1.9", "Podagra", "ICD10CM:A1")])

    def test_only_the_semantic_tag_is_no_part_of_a_name(self):
        self.put("snomed_gps/gps_2020-09.tsv", "sctid\tfsn\tsemantic_tag",
                 "2\tSwelling (of knee) (finding)\tfinding", "1\tPain (finding)\t")
        self.assertEqual(mini_kb_tables.gps(self.data), [
            ("SCTID:1", "Pain (finding)", ""), ("SCTID:2", "Swelling (of knee)", "finding")])

    def test_translations_are_split_and_what_is_english_still_is_left_out(self):
        obo = self.put("hp.obo", "id: HP:1", "name: Knee pain", 'synonym: "Sore knee" EXACT []',
                       "id: HP:8", "name: obsolete Gout")
        self.put("hpo/babelon/hp-fr.synonyms.tsv", "subject_id\ttranslation_value\tcomment",
                 "ID\tAL oboInOwl:hasExactSynonym@fr\t",
                 "HP:1\tmal au genou|sore knee|Pain of a knee|gonalgie\tOFFICIAL",
                 "HP:1\tgenou\tNOT_TRANSLATED")
        header = "subject_id\tsource_value\tpredicate_id\ttranslation_value\ttranslation_status"
        self.put("hpo/babelon/hp-fr.babelon.tsv", header,
                 "HP:1\tKnee pain\trdfs:label\tdouleur au genou\tCANDIDATE",
                 "HP:8\tobsolete Gout\trdfs:label\tgoutte\tOFFICIAL",
                 "HP:1\tPain.\tIAO:0000115\tdouleur.\tOFFICIAL",
                 'HP:9\tGhost teeth\trdfs:label\t"dents ""fantômes"""\tOFFICIAL')
        self.put("hpo/babelon/hp-nna.babelon.tsv", header)
        self.assertEqual(mini_kb_tables.hpo(self.data, obo), [
            ("HP:8", "Gout", "en"), ("HP:9", "Ghost teeth", "en"),
            ("HP:1", "douleur au genou", "fr"), ("HP:8", "goutte", "fr"),
            ("HP:9", 'dents "fantômes"', "fr"), ("HP:1", "mal au genou", "fr"),
            ("HP:1", "gonalgie", "fr")])

    def test_references_of_a_release_are_those_of_the_vocabulary(self):
        path = self.put("hp.obo", "id: HP:1", "xref: SNOMEDCT_US_2015_03_01:7", "xref: Fyler:4",
                        'xref: MSH:D9 "Swelling"', "id: made_up", "xref: UMLS:C1")
        self.assertEqual(list(mini_kb_tables.obo_references(path)),
                         [("HP:1", "SCTID:7"), ("HP:1", "mesh:D9")])


class Mappings(unittest.TestCase):
    def test_a_code_with_two_partners_of_one_vocabulary_keeps_none_of_them(self):
        pairs = [("HP:1", "UMLS:1"), ("HP:1", "UMLS:2"), ("HP:1", "SCTID:1"), ("HP:2", "UMLS:3"),
                 ("HP:3", "UMLS:3"), ("HP:4", "UMLS:4"), ("HP:4", "UMLS:4")]
        self.assertEqual(one_to_one(pairs), {("HP:1", "SCTID:1"), ("HP:4", "UMLS:4")})

    def test_a_concept_gets_no_second_code_of_a_vocabulary(self):
        joined = Joined()
        self.assertTrue(joined.join("HP:1", "UMLS:1"))
        self.assertTrue(joined.join("HP:2", "SCTID:1"))
        self.assertTrue(joined.join("MONDO:1", "UMLS:1"))
        self.assertFalse(joined.join("MONDO:1", "SCTID:1"))
        self.assertFalse(joined.join("UMLS:2", "HP:1"))
        self.assertTrue(joined.join("HP:1", "MONDO:1"))  # they are one already


if __name__ == "__main__":
    unittest.main()
