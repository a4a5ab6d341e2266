"""What is right is not fetched again, what is wrong is not kept; pip is not called."""
import contextlib
import hashlib
import io
import tempfile
import unittest
import zipfile
from pathlib import Path
from unittest import mock

import fetch_demo


def pip_that_brings(content: bytes):
    def run(command, check):
        folder = next(word for word in command if word.startswith("--dest=")).removeprefix("--dest=")
        (Path(folder) / "x-1.whl").write_bytes(content)
        return mock.Mock(returncode=0)
    return mock.patch("fetch_demo.subprocess.run", side_effect=run)


class FetchDemo(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        quiet = contextlib.redirect_stderr(io.StringIO())
        quiet.__enter__()
        self.addCleanup(quiet.__exit__, None, None, None)
        self.package = fetch_demo.Package("x==1", "x-1.whl", hashlib.sha256(b"good").hexdigest())

    def test_a_wheel_with_the_right_hash_is_kept(self):
        with pip_that_brings(b"good") as pip:
            fetch_demo.fetch(self.package, self.folder)
            fetch_demo.fetch(self.package, self.folder)
        self.assertEqual(pip.call_count, 1)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["x-1.whl"])

    def test_a_damaged_wheel_is_fetched_again(self):
        (self.folder / "x-1.whl").write_bytes(b"goo")
        with pip_that_brings(b"good"):
            fetch_demo.fetch(self.package, self.folder)
        self.assertEqual((self.folder / "x-1.whl").read_bytes(), b"good")

    def test_a_wheel_with_another_hash_is_refused_and_not_kept(self):
        with pip_that_brings(b"evil"), self.assertRaisesRegex(SystemExit, "expected SHA-256 .*, found"):
            fetch_demo.fetch(self.package, self.folder)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_only_the_chosen_members_are_unpacked(self):
        with zipfile.ZipFile(self.folder / "x-1.whl", "w") as archive:
            for name in ("pkg/data/a.xml", "pkg/data/b.py", "other/data/c.xml"):
                archive.writestr(name, name)
        fetch_demo.unpack(fetch_demo.Extract("x-1.whl", "x", "pkg", ("data/*.xml",)),
                          self.folder, self.folder)
        self.assertEqual(sorted(p.name for p in (self.folder / "x").rglob("*.*")), ["a.xml"])

    def test_a_pattern_that_matches_nothing_is_an_error_and_leaves_nothing(self):
        with zipfile.ZipFile(self.folder / "x-1.whl", "w") as archive:
            archive.writestr("pkg/a.txt", "a")
        with self.assertRaisesRegex(SystemExit, "found none"):
            fetch_demo.unpack(fetch_demo.Extract("x-1.whl", "x", "pkg", ("a.txt", "b.txt")),
                              self.folder, self.folder)
        self.assertFalse((self.folder / "x").exists())


if __name__ == "__main__":
    unittest.main()
