"""Common words come in the forms that notes write them in."""
import unittest

from common_words import forms_of


class CommonWords(unittest.TestCase):
    def test_each_form_comes_once(self):
        self.assertEqual(forms_of("dolor"), ["dolor", "Dolor", "DOLOR", "-dolor"])
        self.assertEqual(forms_of("b"), ["b", "B", "-b"])
        self.assertEqual(forms_of("痛み"), ["痛み", "-痛み"])


if __name__ == "__main__":
    unittest.main()
