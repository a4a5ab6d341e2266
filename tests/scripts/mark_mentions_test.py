import unittest

from mark_mentions import document


class MarkMentions(unittest.TestCase):
    def test_offsets_count_code_points_of_the_text_without_brackets(self):
        found = document("Niño 🙂 con [[fiebre]] y [[tos]].\n", "es")
        self.assertEqual(found["text"], "Niño 🙂 con fiebre y tos.\n")
        self.assertEqual([found["text"][m["start"]:m["end"]] for m in found["mentions"]],
                         ["fiebre", "tos"])
        self.assertEqual(found["mentions"][0], {"start": 11, "end": 17})

    def test_a_text_without_marks_has_no_mentions(self):
        self.assertEqual(document("nada", "es")["mentions"], [])

    def test_a_bracket_alone_is_refused_with_its_line(self):
        for text in ("a\n[[b", "a\nb]]", "a\n[[]]"):
            with self.subTest(text=text), self.assertRaisesRegex(SystemExit, "line 2"):
                document(text, "es")


if __name__ == "__main__":
    unittest.main()
