"""An installed program finds the model and the thesaurus that come with it: test_install.py CMAKE BUILD"""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CMAKE, BUILD = sys.argv[1:3]
NAMES = "R05\tTos\tes\nG43\tMigraña\tes\n"


class Install(unittest.TestCase):
    def test_installed_program_builds_and_links_by_what_comes_with_it(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            subprocess.run([CMAKE, "--install", BUILD, "--prefix", folder / "there"], check=True, capture_output=True)
            (folder / "names.tsv").write_text(NAMES, encoding="utf-8")
            enlace = folder / "there/bin/enlace"

            def run(*arguments, text=""):
                done = subprocess.run([enlace, *arguments], input=text, capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stderr)
                return done

            run("build", "--from", f"tsv={folder / 'names.tsv'}", "--out", folder / "kb")
            done = run("link", "--kb", folder / "kb", "--format", "table", "--top", "1", text="jaqueca\n")
            self.assertIn("G43", done.stdout)
            self.assertIn("thesaurus", done.stdout)
            self.assertNotIn("expected", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
