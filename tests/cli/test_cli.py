"""The command line as a user meets it: run as `python3 test_cli.py ENLACE`, standard library only."""
import gzip
import json
import pathlib
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from tiny_model import write_model

ENLACE = ""

NAMES = """\
R06.0	Disnea	es	CIE	síntoma
R06.0	Dyspnoea	en	CIE	síntoma
R06.0	Falta de aire	es	CIE	síntoma
R05	Tos	es	CIE	síntoma
R05	Cough	en	CIE	síntoma
I21	Infarto agudo de miocardio	es	CIE	enfermedad
I21	Acute myocardial infarction	en	CIE	enfermedad
I21.9	Infarto agudo de miocardio, sin otra especificación	es	CIE	enfermedad
I10	Hipertensión arterial	es	CIE	enfermedad
I10	Hypertension	en	CIE	enfermedad
X1	Hipertensión arterial	es	casa	enfermedad
J18.9	Neumonía	es	CIE	enfermedad
J18.9	Pneumonie	de	CIE	enfermedad
N1	NO	en	CIE	sustancia
"""
CASE = "Paciente con disneas y un infarto agudo de miocardio; no fiebre. HIPERTENSION ARTERIAL."


def run(*arguments, stdin=None, expect=0):
    done = subprocess.run([ENLACE, *map(str, arguments)], input=stdin, capture_output=True, timeout=120,
                          text=not isinstance(stdin, bytes))
    assert done.returncode == expect, (arguments, done.returncode, done.stdout, done.stderr)
    return done


class Cli(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.base = pathlib.Path(tempfile.mkdtemp(prefix="enlace-cli-"))
        cls.names = cls.base / "names.tsv"
        cls.names.write_text(NAMES)
        cls.model = write_model(cls.base / "model")
        cls.kb = cls.base / "kb"
        run("build", "--out", cls.kb, "--from", f"tsv={cls.names}", "--model", cls.model)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.base)

    def setUp(self):
        self.folder = self.base / self.id().rsplit(".", 1)[-1]
        self.folder.mkdir()

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def link(self, *arguments, stdin, expect=0):
        out = run("link", "--kb", self.kb, *arguments, stdin=stdin, expect=expect).stdout
        return [json.loads(line) for line in out.splitlines()]

    def codes(self, *arguments, stdin):
        mention = self.link(*arguments, stdin=stdin)[0]["mentions"][0]
        return [candidate["code"] for candidate in mention["candidates"]]

    # ---- link

    def test_each_retriever_finds_what_it_is_for(self):
        self.assertEqual(self.codes("--retriever", "exact", stdin="falta  de AIRE\n"), ["R06.0"])
        self.assertEqual(self.codes("--retriever", "exact", stdin="neumonías\n"), ["J18.9"])
        self.assertEqual(self.codes("--retriever", "ngram", "--ties", "code", stdin="hipertnsion\n")[0], "I10")
        self.assertIn("R05", self.codes("--retriever", "dense", stdin="tos\n"))
        self.assertEqual(self.codes(stdin="infarto agudo de miocardio\n")[0], "I21")

    def test_a_candidate_says_what_it_is_and_why(self):
        linked = self.link("--top", "1", stdin="  disnea \n")[0]
        mention = linked["mentions"][0]
        self.assertEqual((linked["id"], mention["start"], mention["end"], mention["text"]), ("1", 2, 8, "disnea"))
        best = mention["candidates"][0]
        self.assertEqual((best["code"], best["name"], best["language"], best["source"]),
                         ("R06.0", "Disnea", "es", "CIE"))
        self.assertEqual(best["reason"], "same name")
        self.assertEqual(best["scores"]["exact"], 1)

    def test_a_thesaurus_says_under_which_name_a_mention_is_known(self):
        wide = self.folder / "wide"
        names = self.file("wide.tsv", "T1\tahoguío\tes\nT1\tdyspnoea\ten\n")
        run("build", "--out", wide, "--from", f"tsv={names}", "--model", "none")
        best = self.link("--thesaurus", wide, stdin="ahoguío\n")[0]["mentions"][0]["candidates"][0]
        self.assertEqual((best["code"], best["scores"]["thesaurus"]), ("R06.0", 1))
        self.assertIn("thesaurus", best["reason"])
        refused = run("link", "--kb", self.kb, "--thesaurus", wide, "--retriever", "dense", stdin="tos\n", expect=2)
        self.assertIn("expected the retriever hybrid", refused.stderr)

    def test_a_packed_thesaurus_says_it_without_names(self):
        wide, packed = self.folder / "wide", self.folder / "packed.enlace"
        names = self.file("wide.tsv", "T1\tahoguío\tes\nT1\tdyspnoea\ten\nT2\tsolo\tes\n")
        run("build", "--out", wide, "--from", f"tsv={names}", "--model", "none")
        self.assertIn("2 names of 1 concept", run("thesaurus", wide, "--out", packed).stdout)
        best = self.link("--thesaurus", packed, stdin="ahoguío\n")[0]["mentions"][0]["candidates"][0]
        self.assertEqual((best["code"], best["scores"]["thesaurus"]), ("R06.0", 1))
        self.assertNotIn("ahogu".encode(), packed.read_bytes())
        run("thesaurus", self.folder / "absent", "--out", packed, expect=3)
        run("thesaurus", wide, "--out", self.folder / "absent" / "out", expect=3)
        run("thesaurus", wide, "--out", self.folder, expect=2)
        run("thesaurus", wide, "--out", names, expect=4)
        run("link", "--kb", self.kb, "--thesaurus", "", stdin="tos\n", expect=2)
        run("link", "--kb", self.kb, "--thesaurus", names, stdin="tos\n", expect=4)

    def test_the_thesaurus_that_comes_along_is_asked_unless_told_not_to(self):
        mention = "cefalea\n"
        unsaid = self.link("--thesaurus", "none", stdin=mention)[0]["mentions"][0]["candidates"]
        self.assertFalse(any("thesaurus" in candidate["scores"] for candidate in unsaid))
        headache = self.file("headache.tsv", "R51\tHeadache\ten\nR52\tPain\ten\n")
        kb = self.folder / "kb"
        run("build", "--out", kb, "--from", f"tsv={headache}", "--model", self.model)
        best = json.loads(run("link", "--kb", kb, stdin="cefalea\n").stdout)["mentions"][0]["candidates"][0]
        self.assertEqual((best["code"], best["scores"]["thesaurus"]), ("R51", 1))

    def test_short_forms_are_written_out(self):
        best = self.link("--top", "1", stdin="HTA\n")[0]["mentions"][0]["candidates"][0]
        self.assertEqual((best["code"], best["read_as"]), ("X1", "hipertensión arterial"))
        self.assertEqual(best["reason"], "read as hipertensión arterial, same name")
        for stdin in ("iam\n", "I.A.M.\n", "IAM.\n", "infarto agudo de miocardio (XYZ)\n"):
            self.assertEqual(self.codes(stdin=stdin)[0], "I21")
        self.assertIn("read as", run("link", "--kb", self.kb, "--format", "table", stdin="HTA\n").stdout)
        self.assertEqual(self.codes("--retriever", "exact", stdin="HTA\n"), [])
        self.assertEqual(self.codes("--retriever", "exact", "--abbreviations", "clinical", stdin="HTA\n"), ["X1", "I10"])
        unread = self.link("--abbreviations", "none", stdin="HTA\n")[0]["mentions"][0]["candidates"]
        self.assertFalse(any("read_as" in candidate for candidate in unread))

    def test_a_name_is_not_read_as_a_short_form(self):
        self.assertEqual(self.codes("--retriever", "exact", "--abbreviations", "clinical", stdin="NO\n"), ["N1"])
        own = self.file("own.tsv", "NO\ttos\n")
        self.assertEqual(self.codes("--retriever", "exact", "--abbreviations", own, stdin="NO\n"), ["N1"])

    def test_a_name_that_is_filtered_away_is_none(self):
        names = self.file("sources.tsv", "A1\tHTA\tes\tA\nB1\tHipertensión arterial\tes\tB\n")
        kb = self.folder / "kb"
        run("build", "--out", kb, "--from", f"tsv={names}", "--model", "none")
        def code(*more):
            done = run("link", "--kb", kb, "--retriever", "exact", "--abbreviations", "clinical", *more, stdin="HTA\n")
            return json.loads(done.stdout)["mentions"][0]["candidates"][0]["code"]
        self.assertEqual((code(), code("--source", "B")), ("A1", "B1"))

    def test_own_short_forms_go_before_those_of_clinics(self):
        own = self.file("own.tsv", "FA\tfalta de aire\nHTA\ttos\n")
        def of(mention, *more):
            return self.codes("--retriever", "exact", "--abbreviations", own, *more, stdin=mention + "\n")
        self.assertEqual((of("FA"), of("HTA"), of("IAM")), (["R06.0"], ["R05"], ["I21"]))
        bad = self.file("bad.tsv", "FA\tfalta de aire\nHTA\n")
        refused = run("link", "--kb", self.kb, "--abbreviations", bad, stdin="tos\n", expect=4)
        self.assertIn("bad.tsv:2:1: expected short form, tab, long form", refused.stderr)
        run("link", "--kb", self.kb, "--abbreviations", self.folder / "absent", stdin="tos\n", expect=3)
        run("link", "--kb", self.kb, "--abbreviations", "", stdin="tos\n", expect=3)

    def test_a_document_explains_its_own_short_forms(self):
        text = "Falta de aire (FA). La FA cedió. Consta HTA."
        found = self.link("--find", "--input", "lines", stdin=text + "\n")[0]["mentions"]
        self.assertEqual([(m["text"], m["candidates"][0]["code"]) for m in found],
                         [("Falta de aire", "R06.0"), ("FA", "R06.0"), ("FA", "R06.0"), ("HTA", "X1")])
        line = json.dumps({"id": "a", "text": text, "mentions": [{"start": 23, "end": 25}]})
        best = self.link("--input", "jsonl", stdin=line + "\n")[0]["mentions"][0]["candidates"][0]
        self.assertEqual((best["code"], best["read_as"]), ("R06.0", "Falta de aire"))
        text = "ANTECEDENTES: H.T.A. y tos. Infarto agudo de miocardio (II). Grado II."
        found = self.link("--find", "--input", "lines", stdin=text + "\n")[0]["mentions"]
        self.assertEqual([m["text"] for m in found], ["H.T.A.", "tos", "Infarto agudo de miocardio"])
        shouted = self.link("--find", "--input", "lines", stdin="CONSTA HTA GRAVE\n")[0]["mentions"]
        self.assertEqual(shouted, [])  # an everyday word may look so

    def test_codes_are_distinct_and_tied_ones_keep_an_order(self):
        self.assertEqual(self.codes("--retriever", "exact", "--ties", "code", stdin="hipertensión arterial\n"),
                         ["I10", "X1"])
        codes = self.codes("--top", "50", stdin="infarto agudo de miocardio\n")
        self.assertEqual(len(codes), len(set(codes)))

    def test_filters_act_inside_the_search(self):
        for retriever in ("exact", "ngram", "dense", "hybrid"):
            self.assertEqual(self.codes("--retriever", retriever, "--source", "casa", "--top", "1",
                                        stdin="hipertensión arterial\n"), ["X1"])
        found = self.link("--language", "de", stdin="neumonía\n")[0]["mentions"][0]["candidates"]
        self.assertEqual({candidate["language"] for candidate in found}, {"de"})
        found = self.codes("--type", "síntoma", "--top", "50", stdin="infarto\n")
        self.assertLessEqual(set(found), {"R05", "R06.0"})
        self.assertEqual(self.codes("--below", "I21.9", "--retriever", "ngram", stdin="infarto\n"), ["I21.9"])
        path = self.file("one.txt", "tos\n")
        for flag, value in (("--language", "es"), ("--source", "CIE"), ("--type", "síntoma"), ("--below", "R05")):
            done = run("link", "--kb", self.kb, flag, value, path)  # the file is not a second value
            self.assertEqual(len(done.stdout.splitlines()), 1)
        self.assertIn("expected a language among de, en, es", run(
            "link", "--kb", self.kb, "--language", "fr", stdin="tos\n", expect=2).stderr)
        run("link", "--kb", self.kb, "--below", "absent", stdin="tos\n", expect=3)

    def test_json_lines_count_code_points_and_bad_ones_keep_their_place(self):
        lines = ['{"id": "a", "text": "Año: tos.", "mentions": [{"start": 5, "end": 8}]}',
                 '{"id": "b", "text": "secreto", "mentions": [{"start": 5, "end": 99}]}',
                 '{"id": "c", "text": "tos", "mentions": []}']
        path = self.file("in.jsonl", "\n".join(lines))
        done = run("link", "--kb", self.kb, path, expect=4)
        first, second, third = map(json.loads, done.stdout.splitlines())
        self.assertEqual((first["mentions"][0]["start"], first["mentions"][0]["end"]), (5, 8))
        self.assertEqual(first["mentions"][0]["candidates"][0]["code"], "R05")
        self.assertEqual(second["line"], 2)
        self.assertEqual(third, {"id": "c", "mentions": []})
        self.assertNotIn("secreto", done.stderr + done.stdout)

    def test_brat_folders_are_read(self):
        self.file("uno.txt", "Con tos y disnea.")
        self.file("uno.ann", "T1\tSIN 4 7\ttos\nT2\tSIN 10 16\tdisnea\n")
        done = run("link", "--kb", self.kb, "--top", "1", self.folder)
        mentions = json.loads(done.stdout)["mentions"]
        self.assertEqual([m["candidates"][0]["code"] for m in mentions], ["R05", "R06.0"])

    def test_find_takes_the_signs_that_end_a_name(self):
        kb = self.folder / "signs"
        names = self.file("signs.tsv", "S1\tHER2+\tes\nS2\tdéficit de Na+\tes\nS3\tHER2\tes\nS4\tO2 < 90%\tes\n")
        run("build", "--model", "none", "--out", kb, "--from", f"tsv={names}")
        text = "carcinoma (HER2+), por déficit de Na+. HER2: saturación O2 < 90% hoy\n"
        found = json.loads(run("link", "--kb", kb, "--find", "--input", "lines", stdin=text).stdout)["mentions"]
        self.assertEqual([(text[m["start"]:m["end"]], m["candidates"][0]["code"]) for m in found],
                         [("HER2+", "S1"), ("déficit de Na+", "S2"), ("HER2", "S3"), ("O2 < 90%", "S4")])

    def test_find_takes_the_longest_names_and_forgives_inflection(self):
        path = self.file("caso.txt", CASE)
        mentions = json.loads(run("link", "--kb", self.kb, "--find", path).stdout)["mentions"]
        self.assertEqual([m["text"] for m in mentions],
                         ["disneas", "infarto agudo de miocardio", "HIPERTENSION ARTERIAL"])
        for mention in mentions:
            self.assertEqual(CASE[mention["start"]:mention["end"]], mention["text"])

    def test_offsets_into_a_text_are_those_of_its_file(self):
        text = "\ufeffCon disnea.\r\n\r\nSin neumonía.\r\n"
        path = self.file("dos.txt", text)
        mentions = json.loads(run("link", "--kb", self.kb, "--find", path).stdout)["mentions"]
        self.assertEqual([text[m["start"]:m["end"]] for m in mentions], ["disnea", "neumonía"])
        done = run("link", "--kb", self.kb, "--find", self.file("bad.txt", b"tos\nfie\xff"), expect=4)
        self.assertIn("bad.txt:2:4: expected UTF-8", done.stderr)

    def test_table_and_explanation_are_for_people(self):
        table = run("link", "--kb", self.kb, "--format", "table", "--top", "1", stdin="disnea\n").stdout
        self.assertRegex(table, r"disnea +R06\.0 +Disnea +es +\d\.\d+ +same name")
        text = run("link", "--kb", self.kb, "--explain", stdin="falta de aire\n").stdout
        self.assertIn("why: same name", text)
        self.assertIn("preferred name: Disnea (es)", text)

    def test_results_do_not_depend_on_threads_or_company(self):
        mentions = "tos\ndisnea\ninfarto\nhipertension\nneumonia grave\n"
        alone = [self.link("--threads", "1", stdin=line + "\n")[0]["mentions"] for line in mentions.split("\n")[:-1]]
        together = [line["mentions"] for line in self.link("--threads", "3", stdin=mentions)]
        self.assertEqual(alone, together)

    def answers_as_asked(self, arguments, lines):
        """The answer of each line, each line written when the one before has been answered."""
        with subprocess.Popen([ENLACE, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL) as work:
            hung = threading.Timer(60, work.kill)
            hung.start()
            answers = []
            for line in lines:
                work.stdin.write(line.encode() + b"\n")
                work.stdin.flush()
                answers.append(json.loads(work.stdout.readline()))
            work.stdin.close()
            self.assertEqual(work.stdout.read(), b"")
            hung.cancel()
        self.assertEqual(work.returncode, 0)
        return answers

    def test_each_line_of_a_pipe_is_answered_when_it_arrives(self):
        texts = ["tos", "disnea", "neumonía"]
        answers = self.answers_as_asked(["link", "--kb", self.kb, "--top", "1"], texts)
        codes = [answer["mentions"][0]["candidates"][0]["code"] for answer in answers]
        self.assertEqual(codes, ["R05", "R06.0", "J18.9"])
        self.assertEqual(answers, self.link("--top", "1", stdin="".join(text + "\n" for text in texts)))

        documents = [json.dumps({"text": text, "mentions": [{"start": 0, "end": len(text)}]}) for text in texts]
        answers = self.answers_as_asked(["link", "--kb", self.kb, "--top", "1", "--input", "jsonl"], documents)
        self.assertEqual([answer["mentions"][0]["candidates"][0]["code"] for answer in answers], codes)

        answers = self.answers_as_asked(["embed", "--model", self.model, "--out", "-", "--with-text", "-"], texts)
        self.assertEqual([(answer["line"], answer["text"]) for answer in answers], list(enumerate(texts, 1)))

    def test_bad_input_is_an_error_with_a_place(self):
        run("link", "--kb", self.kb, stdin="", expect=2)
        done = run("link", "--kb", self.kb, stdin=b"tos\nsecreto \xff\n", expect=4)
        self.assertIn(b"<stdin>:2:9: expected UTF-8", done.stderr)
        self.assertNotIn(b"secreto", done.stderr)
        run("link", "--kb", self.kb, self.folder / "absent", expect=3)
        run("link", "--kb", self.folder, stdin="tos\n", expect=3)
        run("link", "--kb", self.kb, "--model", self.folder, stdin="tos\n", expect=3)
        other = write_model(self.folder / "other", seed=2)
        self.assertIn("found another", run("link", "--kb", self.kb, "--model", other, stdin="tos\n", expect=2).stderr)
        run("link", expect=2)

    def test_streams_that_are_closed_or_full_are_no_crash(self):
        link = [ENLACE, "link", "--kb", str(self.kb), "--top", "1"]
        with open("/dev/full", "wb") as full:
            done = subprocess.run(link, input=b"tos\n", stdout=full, stderr=subprocess.PIPE)
        self.assertEqual((done.returncode, done.stderr.splitlines()[-1]), (6, b"enlace: <stdout>: cannot be written"))
        for closed, code in (("<&-", 6), (">&-", 6), ("2>&-", 0), ("2>/dev/full", 0)):
            done = subprocess.run(["sh", "-c", f'exec "$@" {closed}', "sh", *link], input=b"tos\n", capture_output=True)
            self.assertEqual(done.returncode, code, closed)
        kb = self.folder / "kb"
        subprocess.run(["sh", "-c", 'exec "$@" >&- 2>&-', "sh", ENLACE, "build", "--model", "none", "--out",
                        kb, "--from", f"tsv={self.names}"], check=False)
        run("verify", kb)

    def test_build_takes_the_model_that_comes_with_the_program(self):
        names = self.folder / "few.tsv"
        names.write_text("A\tinfarto de miocardio\tes\nA\tHerzinfarkt\tde\nB\trotura de menisco\tes\n")
        kb = self.folder / "kb"
        self.assertIn("vectors of 384 dimensions", run("build", "--out", kb, "--from", f"tsv={names}").stdout)
        found = json.loads(run("link", "--kb", kb, "--retriever", "dense", stdin="heart attack\n").stdout)
        self.assertEqual(found["mentions"][0]["candidates"][0]["code"], "A")

    def test_a_path_that_cannot_be_looked_up_is_told(self):
        run("build", "--model", "none", "--out", "k" * 300, "--from", f"tsv={self.names}", expect=6)
        self.assertIn("name too long", run("link", "--kb", "k" * 300, stdin="tos\n", expect=6).stderr)

    # ---- eval

    def test_eval_counts_by_the_protocol(self):
        gold = self.file("gold.tsv", "tos\tR05\nfalta de aire\tZ|R06.0\nalgo\tZ99\nfiebre\tR05+R06.0\n")
        train = self.file("train.tsv", "tos\tR05\n")
        result = self.folder / "result.json"
        done = run("eval", "--kb", self.kb, "--gold", gold, "--train", train, "--at", "1,5",
                   "--retriever", "exact", "--json", result)
        self.assertIn("accuracy at 1", done.stdout)
        got = json.loads(result.read_text())
        self.assertEqual((got["mentions"], got["gold_in_kb"]), (4, 0.5))
        self.assertEqual((got["retriever"], got["thesaurus"]), ("exact", None))
        self.assertEqual(got["accuracy"]["1"]["value"], 0.5)
        self.assertLessEqual(got["accuracy"]["1"]["low"], 0.5)
        self.assertGreater(got["mentions_per_second"], 0)
        self.assertEqual({name: part["mentions"] for name, part in got["subsets"].items()},
                         {"clean": 3, "um": 2, "uc": 2})
        done = run("eval", "--kb", self.kb, "--gold", gold, "--train", gold, "--json", result)
        self.assertRegex(done.stdout, r"uc +0 +none\n")
        self.assertIsNone(json.loads(result.read_text())["subsets"]["uc"]["accuracy"]["1"]["value"])
        run("eval", "--kb", self.kb, "--gold", self.file("empty.tsv", ""), expect=2)

    def test_eval_says_which_thesaurus_was_asked(self):
        gold, result = self.file("gold.tsv", "tos\tR05\n"), self.folder / "result.json"
        done = run("eval", "--kb", self.kb, "--gold", gold, "--json", result)
        asked = json.loads(result.read_text())["thesaurus"]
        self.assertTrue(asked.endswith("thesaurus.enlace"), asked)
        self.assertIn(f"thesaurus: {asked}\n", done.stdout)
        run("eval", "--kb", self.kb, "--gold", gold, "--thesaurus", "none", "--json", result)
        self.assertIsNone(json.loads(result.read_text())["thesaurus"])

    def test_a_program_without_its_thesaurus_says_so(self):
        alone = self.folder / "alone" / "enlace"
        alone.parent.mkdir()
        shutil.copy(ENLACE, alone)
        asked = [alone, "link", "--kb", self.kb]
        done = subprocess.run(asked, input="tos\n", capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("thesaurus: expected enlace-thesaurus beside", done.stderr)
        done = subprocess.run([*asked, "--thesaurus", "none"], input="tos\n", capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("thesaurus", done.stderr)

    # ---- build, inspect, verify

    def test_inspect_shows_counts_and_concepts(self):
        overview = run("inspect", self.kb).stdout
        self.assertIn("8 concepts, 14 names, 13 distinct texts", overview)
        self.assertRegex(overview, r"casa +1 +1\n")
        shown = run("inspect", self.kb, "R06.0").stdout
        self.assertIn("Falta de aire", shown)
        run("inspect", self.kb, "absent", expect=3)

    def test_equal_sources_give_equal_files(self):
        again = self.folder / "kb"
        run("build", "--out", again, "--from", f"tsv={self.names}", "--model", self.model, "--threads", "1")
        for path in self.kb.iterdir():
            self.assertEqual(path.read_bytes(), (again / path.name).read_bytes(), path.name)

    def test_verify_refuses_every_kind_of_damage(self):
        run("verify", self.kb)
        for path in sorted(self.kb.iterdir()):
            good = path.read_bytes()
            damages = [good[:-1], good + b"x", b""]
            damages += [good[:at] + bytes([good[at] ^ 1]) + good[at + 1:]
                        for at in range(0, len(good), max(1, len(good) // 40))]
            for bad in damages:
                copy = self.folder / "damaged"
                shutil.copytree(self.kb, copy)
                (copy / path.name).write_bytes(bad)
                run("verify", copy, expect=4)
                opened = subprocess.run([ENLACE, "link", "--kb", str(copy)], input=b"tos\n", capture_output=True)
                self.assertIn(opened.returncode, (0, 2, 3, 4), (path.name, opened.stderr))
                shutil.rmtree(copy)
            copy = self.folder / "damaged"
            shutil.copytree(self.kb, copy)
            (copy / path.name).unlink()
            run("verify", copy, expect=3)
            shutil.rmtree(copy)

    def test_mappings_and_references_join_concepts_and_are_reported(self):
        one = self.folder / "one.jsonl"
        one.write_text('{"code": "H1", "names": [{"text": "fever"}], "xrefs": ["UMLS:C1"]}\n'
                       '{"code": "H2", "names": [{"text": "heat"}], "xrefs": ["UMLS:C1"]}\n'
                       '{"code": "H3", "names": [{"text": "cough"}], "xrefs": ["MESH:C1"]}\n')
        two = self.folder / "two.tsv"
        two.write_text("X3\ttos\tes\n")
        maps = self.folder / "maps.tsv"
        maps.write_text("#license: x\nsubject_id\tpredicate_id\tobject_id\nH3\tskos:exactMatch\tX3\n")
        kb = self.folder / "kb"
        told = run("build", "--model", "none", "--out", kb, "--from", f"jsonl={one}", "--from", f"tsv={two}", "--from",
                   f"sssom={maps}",
                   "--merge-xrefs", "UMLS").stdout
        self.assertIn("1 mappings and 2 references joined 2 concepts to others\n"
                      "1 joined concepts have several codes of one source, which may be wrong\n"
                      "one: H1 H2\n", told)
        self.assertIn("2 concepts, 4 names", told)
        manifest = json.loads((kb / "manifest.json").read_text().splitlines()[0])
        self.assertEqual(manifest["merge"]["xrefs"], ["UMLS"])
        self.assertIn("one: H1 H2", run("inspect", kb).stdout)

    def test_an_export_tells_what_former_codes_lead_to(self):
        one = self.file("one.jsonl", '{"code": "H1", "names": [{"text": "fever"}]}\n'
                                     '{"code": "H2", "retired": true, "replaced_by": "H1"}\n')
        first, again = self.folder / "first", self.folder / "again"
        run("build", "--model", "none", "--out", first, "--from", f"jsonl={one},licence=X")
        exported = self.file("exported.jsonl", run("inspect", first, "--export").stdout)
        run("build", "--model", "none", "--out", again, "--from", f"jsonl={exported}")
        for kb in (first, again):
            self.assertIn("H1", run("inspect", kb, "H2").stdout)
        self.assertEqual(len(run("inspect", first, "--export", "--only-licence", "X").stdout.splitlines()), 1)

    def test_a_format_that_is_looked_into_first_is_no_pipe(self):
        row = "00001 A00     1 " + "Itch".ljust(60) + " Itch\n"
        told = run("build", "--model", "none", "--out", self.folder / "kb", "--from", "icd10cm=-", stdin=row, expect=2)
        self.assertIn("<stdin>: expected a file, which is looked into first", told.stderr)

    def test_json_that_nobody_announced_is_no_mention(self):
        line = '{"id": "a", "text": "fiebre", "mentions": [{"start": 0, "end": 6}]}\n'
        told = run("link", "--kb", self.kb, stdin=line, expect=2).stderr
        self.assertIn("<stdin>:1: expected text, found what looks like JSON", told)
        self.assertNotIn("fiebre", told)
        self.assertEqual(self.link("--input", "jsonl", stdin=line)[0]["id"], "a")
        self.assertEqual(len(self.link("--input", "lines", stdin=line)), 1)
        self.assertEqual(json.loads(run("link", "--kb", self.kb, self.file("x.ndjson", line)).stdout)["id"], "a")

    def test_what_is_for_people_commands_no_terminal(self):
        names = self.file("bad.jsonl", '{"code": "R\\u001b5", "names": [{"text": "to\\u001b[2Js\\u009bm", "language": "es"}]}\n')
        kb = self.folder / "kb"
        run("build", "--model", "none", "--out", kb, "--from", f"jsonl={names}")
        mention = json.dumps({"text": "to\u001b[2Js\nseca", "mentions": [{"start": 0, "end": 11}]}) + "\n"
        for more in (["--format", "table"], ["--explain"]):
            out = run("link", "--kb", kb, "--input", "jsonl", *more, stdin=mention).stdout
            self.assertIn("to [2Js", out)
            self.assertNotRegex(out, "[\x00-\x09\x0b-\x1f\x7f-\x9f]")
            self.assertNotIn("\nseca", out)
        out = run("inspect", kb, "R\x1b5").stdout
        self.assertIn("to [2Js m", out)
        self.assertNotRegex(out, "[\x00-\x09\x0b-\x1f\x7f-\x9f]")

    def test_a_model_that_is_not_used_or_not_there_is_told(self):
        told = run("link", "--kb", self.kb, "--retriever", "exact", "--model", self.model, stdin="fiebre\n", expect=2)
        self.assertIn("model: expected a retriever that uses one", told.stderr)
        told = run("link", "--kb", self.kb, "--model", self.folder / "none", stdin="fiebre\n", expect=3).stderr
        self.assertIn("--model says where it is now", told)

    def test_pairs_are_drawn_by_recipe_and_told_with_their_numbers(self):
        out, side = self.folder / "pairs.tsv", self.folder / "side.tsv"
        told = run("pairs", self.kb, "--recipe", "clinlinker", "--out", out).stderr
        self.assertEqual(out.read_text(), "R06.0||disnea||falta de aire\n")
        self.assertIn("8 names of 7 concepts\n1 pair of 1 concept: syn 1, par 0, gpa 0, anc 0; ", told)
        run("pairs", self.kb, "--recipe", "clinlinker", "--language", "any", "--out", out)
        self.assertEqual(len(out.read_text().splitlines()), 3 + 1 + 1 + 1 + 1)
        run("pairs", self.kb, "--recipe", "enlace", "--case", "keep", "--below", "R05", "--out", out, "--side", side)
        self.assertEqual(out.read_text(), "R05||Cough||Tos\n")
        self.assertEqual(side.read_text(), "syn\ten\tes\n")
        source = self.file("bad.tsv", "A\tone\ten\nA\ttwo\ten\nA\tthree||four\ten\nB||\tfive\ten\n")
        run("build", "--model", "none", "--out", self.folder / "kb", "--from", f"tsv={source}")
        told = run("pairs", self.folder / "kb", "--recipe", "sapbert", "--out", out).stderr
        self.assertIn("left out: 1 name with ||, a tab or a line end; left out: 1 concept with", told)
        self.assertEqual(out.read_text(), "A||one||two\n")

    def test_pairs_are_the_same_bytes_at_any_number_of_threads(self):
        many = self.file("many.tsv", "".join(f"C{i}\tname {i % 7919} {k}\ten\n" for i in range(3000) for k in range(15)))
        run("build", "--model", "none", "--out", self.folder / "kb", "--from", f"tsv={many}")
        files = []
        for arguments in (["--threads", "1"], ["--threads", "16"], ["--threads", "1"], ["--seed", "1"]):
            run("pairs", self.folder / "kb", "--recipe", "enlace", "--out", self.folder / "out", *arguments)
            files.append((self.folder / "out").read_bytes())
        self.assertEqual(files[0].count(b"\n"), 3000 * 25)
        self.assertEqual(files[0], files[1])
        self.assertEqual(files[0], files[2])
        self.assertNotEqual(files[0], files[3])

    def test_pairs_and_exports_of_an_updated_knowledge_base_are_those_of_the_compacted_one(self):
        names = self.file("names.tsv", "A\tuno\tes\nA\tone\ten\nB\tdos\tes\nB\ttwo\ten\nC\ttres\tes\nC\tthree\ten\n")
        more = self.file("more.tsv", "A\teins\tde\nD\tcuatro\tes\nD\tfour\ten\n")
        retired = self.file("retired.tsv", "B\nC\ttres\n")
        kb = self.folder / "kb"
        run("build", "--model", "none", "--out", kb, "--from", f"tsv={names}")
        run("update", kb, "--add", more, "--retire", retired)

        def made():
            out, side = self.folder / "pairs", self.folder / "side"
            run("pairs", kb, "--recipe", "all", "--out", out, "--side", side)
            return run("inspect", kb, "--export").stdout, out.read_text(), side.read_text()

        changed = made()
        run("compact", kb)
        self.assertEqual(changed, made())
        self.assertEqual([json.loads(line)["code"] for line in changed[0].splitlines()], ["A", "C", "D"])
        self.assertIn("D||cuatro||four\n", changed[1])
        self.assertIn("||eins", changed[1])
        self.assertNotIn("B||", changed[1])
        self.assertEqual(list(self.folder.glob("*.partial")), [])

    def test_pairs_that_cannot_be_made_leave_the_old_file(self):
        out = self.file("pairs.tsv", "old")
        for arguments in (["--recipe", "nonsense"], ["--recipe", "enlace", "--cap", "9"],
                          ["--recipe", "sapbert", "--hops", "1"], ["--recipe", "all", "--language", "sw"],
                          ["--recipe", "wikidata"], ["--recipe", "enlace", "--weights", "0", "0"],
                          ["--recipe", "all", "--cap", "0"], ["--recipe", "all", "--below", "I21.9"],
                          ["--recipe", "all", "--side", out]):
            run("pairs", self.kb, "--out", out, *arguments, expect=2)
        run("pairs", self.kb, "--out", out, "--recipe", "all", "--below", "absent", expect=3)
        run("pairs", self.folder / "absent", "--out", out, "--recipe", "all", expect=3)
        run("pairs", self.kb, "--out", self.folder / "absent" / "pairs.tsv", "--recipe", "all", expect=3)
        self.assertEqual(out.read_text(), "old")
        self.assertEqual([path.name for path in self.folder.iterdir()], ["pairs.tsv"])

    def test_pairs_that_are_stopped_keep_the_old_file(self):
        many = self.file("many.tsv", "".join(f"C{i}\tname {i} {k}\ten\n" for i in range(60000) for k in range(6)))
        run("build", "--model", "none", "--out", self.folder / "kb", "--from", f"tsv={many}")
        out = self.file("pairs.tsv", "old")
        pairs = subprocess.Popen([ENLACE, "pairs", self.folder / "kb", "--recipe", "all", "--out", out],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not list(self.folder.glob("pairs.tsv.*.partial")) and pairs.poll() is None:
            time.sleep(0.001)
        pairs.send_signal(signal.SIGINT)
        self.assertEqual(pairs.wait(timeout=60), 130)
        self.assertEqual(out.read_text(), "old")
        self.assertEqual(list(self.folder.glob("*.partial")), [])

    def test_build_refuses_to_replace_what_is_no_knowledge_base(self):
        precious = self.file("precious", "keep me")
        run("build", "--model", "none", "--out", precious, "--from", f"tsv={self.names}", expect=2)
        run("build", "--model", "none", "--out", self.folder, "--from", f"tsv={self.names}", expect=2)
        run("build", "--model", "none", "--out", "", "--from", f"tsv={self.names}", expect=2)
        self.assertEqual(precious.read_text(), "keep me")
        run("build", "--model", "none", "--out", self.folder / "kb", "--from", "nonsense=x", expect=2)
        run("build", "--model", "none", "--out", self.folder / "kb", "--from", f"tsv={self.names}", "--vectors-from",
            self.kb, expect=2)
        run("build", "--model", "none", "--out", self.folder / "kb", "--from", f"tsv={self.folder / 'absent'}", expect=3)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["precious"])

    def test_a_stopped_build_leaves_nothing_and_keeps_the_old_one(self):
        many = self.file("many.tsv", "".join(f"C{i}\tnombre número {i} de una lista larga\tes\n" for i in range(60000)))
        kb = self.folder / "kb"
        run("build", "--model", "none", "--out", kb, "--from", f"tsv={self.names}")
        before = {path.name: path.read_bytes() for path in kb.iterdir()}
        for stop in (signal.SIGINT, signal.SIGKILL):
            build = subprocess.Popen([ENLACE, "build", "--out", kb, "--from", f"tsv={many}", "--model", self.model],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            while not list(self.folder.glob("kb.*.partial/concepts.enlace")) and build.poll() is None:
                time.sleep(0.01)
            self.assertIsNone(build.poll(), "the build ended before it could be stopped")
            build.send_signal(stop)
            build.wait(timeout=60)
            self.assertEqual({path.name: path.read_bytes() for path in kb.iterdir()}, before)
            if stop == signal.SIGINT:
                self.assertEqual(build.returncode, 130)
                self.assertEqual(list(self.folder.glob("*.partial")), [])
        run("build", "--model", "none", "--out", kb, "--from", f"tsv={self.names}")  # sweeps what the kill left
        self.assertEqual(list(self.folder.glob("*.partial")), [])

    def test_what_waits_for_input_can_be_stopped(self):
        kb = self.folder / "kb"
        for work in (["link", "--kb", self.kb, "--retriever", "exact"], ["link", "--kb", self.kb, "--find"],
                     ["build", "--model", "none", "--out", kb, "--from", "tsv=-"],
                     ["embed", "--model", self.model, "--out", self.folder / "v.npy", "-"]):
            with subprocess.Popen([ENLACE, *map(str, work)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE) as process:
                time.sleep(1)  # it waits by now; before, the signal would end it at once
                self.assertIsNone(process.poll(), work)
                process.send_signal(signal.SIGTERM)
                self.assertEqual(process.wait(timeout=60), 130, work)
                self.assertIn(b"stopped while", process.stderr.read())
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_no_file_is_read_and_replaced_at_once(self):
        for path, call in ((self.file("t.txt", "tos\n"), ["embed", "--model", self.model]),
                           (self.vectors("t.npy", [[1, 0]]), ["index", "import"])):
            before = path.read_bytes()
            done = run(*call, path, "--out", path, expect=2)
            self.assertIn(f"{path.name}: expected another file for each, found it twice", done.stderr)
            self.assertEqual(path.read_bytes(), before)

    def test_a_closed_pipe_leaves_no_half_file(self):
        rows = self.vectors("rows.npy", [[1, i] for i in range(20000)])
        index = self.folder / "rows.index"
        run("index", "import", rows, "--out", index)
        run("index", "retire", index, "0")
        before = sorted((path.name, path.read_bytes()) for path in self.folder.iterdir())
        with subprocess.Popen([ENLACE, "index", "compact", str(index), "--out", str(index)], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as process:
            process.stdout.close()
            process.wait(timeout=60)
        self.assertEqual(process.returncode, -signal.SIGPIPE)
        self.assertEqual(sorted((path.name, path.read_bytes()) for path in self.folder.iterdir()), before)

    def test_a_source_of_mappings_alone_gives_no_name(self):
        table = self.file("m.sssom.tsv", "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
                                         "C1\tskos:exactMatch\tC2\tx\n")
        done = run("build", "--model", "none", "--out", self.folder / "kb", "--from", f"sssom={table}", expect=2)
        self.assertIn(f"sssom={table}: expected a name in any source, found none", done.stderr)

    def test_an_unknown_verb_is_named(self):
        self.assertIn("found lnik", run("lnik", "--kb", self.kb, expect=2).stderr)

    # ---- embed

    def embed(self, *arguments, out, stdin=None, expect=0):
        path = self.folder / out
        done = run("embed", "--model", self.model, "--out", path, *arguments, stdin=stdin, expect=expect)
        self.assertEqual(path.exists(), expect == 0)
        self.assertEqual(done.stdout, "")
        return path.read_bytes() if expect == 0 else done.stderr

    def test_embed_writes_one_vector_a_line(self):
        data = self.embed(self.file("in.txt", "tos\ndisnea\ntos\n"), out="vectors.npy")
        self.assertTrue(data.startswith(b"\x93NUMPY"))
        self.assertIn(b"'shape': (3, 16)", data[:128])
        rows = data[128:]
        self.assertEqual(len(rows), 3 * 64)
        self.assertEqual(rows[:64], rows[128:])
        self.assertNotEqual(rows[:64], rows[64:128])

    def test_embed_finds_the_same_texts_wherever_they_stand(self):
        table = "code\tname\nR05\ttos\nR06\tfalta de aire\n"
        objects = "".join(json.dumps({"id": i, "text": text}) + "\n" for i, text in enumerate(["tos", "falta de aire"]))
        expected = self.embed("-", out="lines.npy", stdin="tos\nfalta de aire\n")
        packed = self.file("in.gz", gzip.compress(b"tos\nfalta de aire\n"))
        for number, call in enumerate(([packed], ["--column", "name", self.file("in.tsv", table)],
                                       ["--column", "2", self.file("bare.tsv", table.split("\n", 1)[1])],
                                       [self.file("in.jsonl", objects)],
                                       ["--field", "text", self.file("in.json", objects)])):
            self.assertEqual(self.embed(*call, out=f"{number}.npy"), expected, call)

    def test_embed_writes_the_same_values_in_every_format(self):
        texts = self.file("in.txt", "tos\n\ndisnea\n")
        rows = self.embed(texts, out="vectors.npy")[128:]
        tensors = self.embed(texts, out="vectors.safetensors")
        size = int.from_bytes(tensors[:8], "little")
        self.assertEqual(json.loads(tensors[8:8 + size]),
                         {"embeddings": {"dtype": "F32", "shape": [3, 16], "data_offsets": [0, 192]}})
        self.assertEqual(tensors[8 + size:], rows)
        self.assertEqual(self.embed(texts, "--format", "npy", out="vectors.bin")[128:], rows)
        lines = [json.loads(line) for line in self.embed(texts, out="vectors.jsonl").splitlines()]
        self.assertEqual([sorted(line) for line in lines], [["line", "vector"]] * 3)
        self.assertEqual([line["line"] for line in lines], [1, 2, 3])
        self.assertEqual(struct.pack("<48f", *(value for line in lines for value in line["vector"])), rows)

    def test_embed_prints_json_lines_and_the_texts_only_if_asked(self):
        out = run("embed", "--model", self.model, "--out", "-", "--with-text", "-", stdin="tos\n")
        self.assertEqual(json.loads(out.stdout)["text"], "tos")
        self.assertRegex(out.stderr, r"^embedded 1 text in [\d.]+ s, \d+ strings/s, 16 dimensions, \w+ \w+\n$")
        self.assertNotIn("tos", run("embed", "--model", self.model, "--out", "-", "-", stdin="tos\n").stdout)

    def test_embed_computes_in_the_precision_asked_for(self):
        texts = self.file("in.txt", "tos\ndisnea\n")
        rows = {}
        for precision in ("f32", "bf16", "int8"):
            rows[precision] = self.embed("--precision", precision, texts, out=f"{precision}.npy")[128:]
        # bf16 where it is fast, else int8, else f32: the last line says which.
        out = run("embed", "--model", self.model, "--out", self.folder / "default.npy", texts)
        default = out.stderr.split()[-1]
        self.assertEqual(rows[default], (self.folder / "default.npy").read_bytes()[128:])
        for precision in ("bf16", "int8"):
            self.assertNotEqual(rows[precision], rows["f32"])
            for exact, near in zip(struct.unpack("<32f", rows["f32"]), struct.unpack("<32f", rows[precision])):
                self.assertAlmostEqual(exact, near, delta=0.05)

    def test_embed_takes_more_texts_than_a_block_holds(self):
        names = [f"nombre {i % 7}" for i in range(40_000)]
        rows = self.embed("-", out="vectors.npy", stdin="".join(name + "\n" for name in names))[128:]
        self.assertEqual(len(rows), 64 * len(names))
        self.assertEqual({rows[64 * i:64 * i + 64] for i in range(3, 40_000, 7)}, {rows[3 * 64:4 * 64]})

    def test_embed_leaves_no_file_where_it_fails(self):
        texts = self.file("in.txt", "tos\n")
        for expect, out, *call in ((2, "a.npy", self.file("empty.txt", "")), (2, "a.bin", texts),
                                   (2, "a.npy", "--with-text", texts), (2, "a.npy", "--column", "name", texts),
                                   (3, "no/folder.npy", texts), (3, "a.npy", self.folder / "none.txt"),
                                   (4, "a.npy", self.file("bad.txt", b"tos\na\xff\n")),
                                   (4, "a.npy", "--column", "2", texts), (4, "a.jsonl", "--field", "text", texts)):
            self.assertNotIn("tos", self.embed(*call, out=out, expect=expect))
        self.assertEqual(list(self.folder.glob("*.partial")), [])

    def test_embed_that_is_stopped_keeps_the_old_file(self):
        out = self.file("vectors.npy", "old")
        work = subprocess.Popen([ENLACE, "embed", "--model", self.model, "--out", out, "-"], stdin=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)
        work.stdin.write("tos\n" * 200_000)  # many blocks, and then it waits
        work.stdin.flush()
        while not any(path.stat().st_size > 4096 for path in self.folder.glob("*.partial")) and work.poll() is None:
            time.sleep(0.01)
        work.send_signal(signal.SIGINT)
        self.assertIn("stopped", work.communicate(timeout=60)[1])
        self.assertEqual(work.returncode, 130)
        self.assertEqual(out.read_text(), "old")
        self.assertEqual(list(self.folder.glob("*.partial")), [])

    # ---- model

    def test_model_check_says_what_is_understood_and_embeds_a_probe(self):
        shutil.copytree(self.model, self.folder / "model")
        self.file("model/enlace.json", json.dumps({"prefix": "query: ", "normalize": False, "max_tokens": 12}))
        out = run("model", "check", self.folder / "model", "--precision", "f32").stdout
        rows = dict(line.split(maxsplit=1) for line in out.splitlines())
        self.assertEqual(rows["type"], "bert")
        self.assertEqual(rows["sizes"], "2 layers, hidden 16, 2 heads, feed-forward 32")
        self.assertEqual(rows["weights"], "model.safetensors, F32")
        self.assertEqual(rows["tensors"], "37 used, 0 ignored")
        self.assertEqual(rows["tokenizer"], "WordPiece of 85 tokens, tokenizer.json")
        self.assertEqual(rows["pooling"], "mean")
        self.assertEqual(rows["prefix"], '"query: "')
        self.assertEqual(rows["normalised"], "no")
        self.assertRegex(rows["opened"], r"^in [\d.]+ s, to compute in \w+ f32$")
        self.assertRegex(rows["probe"], r"^16 values, length [\d.]+, in [\d.]+ ms: (-?\d\.\d{5} ){4}…$")

    def test_model_check_names_what_makes_a_model_unusable(self):
        for name, content, words in (("model.safetensors", None, "expected model.safetensors or pytorch_model.bin"),
                                     ("model.safetensors", b"\x02", "model.safetensors@0: expected 8 more bytes"),
                                     ("config.json", b'{"model_type":"mpnet"}', "camembert or distilbert, found mpnet"),
                                     ("modules.json", b'[{"type":"a.Dense","path":"2_Dense"}]', "found a.Dense"),
                                     ("tokenizer.json", b"{}", "tokenizer.json")):
            folder = self.folder / f"without-{words[:4]}-{name}"
            shutil.copytree(self.model, folder)
            path = folder / name
            path.unlink(missing_ok=True)
            if content is not None:
                path.write_bytes(content)
            self.assertIn(words, run("model", "check", folder, expect=2).stderr)

    def embedded(self, model, texts):
        out = self.folder / "vectors.npy"
        run("embed", "--model", model, "--out", out, "-", stdin="".join(text + "\n" for text in texts))
        return out.read_bytes()

    def test_model_prune_keeps_the_vectors_of_what_it_is_asked_to_keep(self):
        texts = self.file("texts.txt", "tos ferina\n\n38 de fiebre\n")
        model = self.folder / "pruned"
        done = run("model", "prune", self.model, "--keep", texts, "--keep", self.kb, "--out", model)
        self.assertRegex(done.stderr, r"^\d+ tokens of 85 stay: \d+ that \d+ texts use, and the characters of latin\n")
        names = [line.split("\t")[1] for line in NAMES.splitlines()] + ["tos ferina", "38 de fiebre", "otro"]
        self.assertEqual(self.embedded(model, names), self.embedded(self.model, names))
        self.assertIn("Normalize", (model / "modules.json").read_text())

    def test_model_prune_refuses_what_it_cannot_do_and_writes_nothing(self):
        texts = self.file("texts.txt", "tos\n")
        empty = self.file("empty.txt", "\n\n")
        binary = self.file("binary.txt", b"tos\n\xff\n")
        out = self.folder / "pruned"
        for arguments, code, words in (
                ((self.model, "--keep", self.folder / "none", "--out", out), 3, "none"),
                ((self.folder / "none", "--keep", texts, "--out", out), 3, "none"),
                ((self.model, "--keep", empty, "--out", out), 2, "expected texts to keep"),
                ((self.model, "--keep", binary, "--out", out), 4, "binary.txt:2:1: expected UTF-8"),
                ((self.model, "--keep", texts, "--scripts", "klingon", "--out", out), 2, "expected some of latin"),
                ((self.model, "--keep", texts, "--out", self.folder / "no" / "pruned"), 3, "no"),
                ((self.model, "--keep", texts, "--out", self.model), 2, "expected no such path"),
                ((self.model, "--out", out), 2, "--keep is required")):
            self.assertIn(words, run("model", "prune", *arguments, expect=code).stderr)
            self.assertFalse(out.exists())
        other = shutil.copytree(self.model, self.folder / "other")
        tokenizer = json.loads((other / "tokenizer.json").read_text())
        tokenizer["model"]["type"] = "Hieroglyphs"
        (other / "tokenizer.json").write_text(json.dumps(tokenizer))
        done = run("model", "prune", other, "--keep", texts, "--out", out, expect=5)
        self.assertIn("expected Unigram, WordPiece or BPE, found Hieroglyphs", done.stderr)
        self.assertEqual(list(self.folder.glob("*.partial")), [])

    def test_model_quantise_rounds_and_tells_what_it_changed(self):
        (self.folder / "set").mkdir()
        gold = self.file("set/gold.tsv", "Disnea\tR06.0\nTosse\tR05\n")
        names = self.file("set/kb.tsv", NAMES)
        out = self.folder / "bytes"
        done = run("model", "quantise", self.model, "--to", "int8", "--out", out, "--names", self.kb,
                   "--eval", f"{names},{gold}", "--precision", "f32")
        receipt = json.loads((out / "receipt.json").read_text())
        self.assertEqual(receipt["weights"], "int8")
        self.assertEqual(receipt["precision"], "f32")
        self.assertGreater(receipt["cosine"]["least"], 0.99)
        self.assertLess(receipt["cosine"]["least"], 1)
        self.assertEqual(receipt["accuracy"][0]["set"], "set")
        self.assertEqual(receipt["accuracy"][0]["mentions"], 2)
        self.assertEqual(list(receipt["accuracy"][0]["at"]), ["1", "5", "25"])
        self.assertIn("set ", done.stdout)
        self.assertIn("enlace model quantise", (out / "README.md").read_text())
        self.assertEqual(dict(line.split(maxsplit=1) for line in run("model", "check", out).stdout.splitlines())
                         ["weights"], "model.safetensors, F32 and I8")
        again = self.folder / "floats"
        run("model", "quantise", out, "--to", "f32", "--out", again)
        self.assertEqual(self.embedded(again, ["tos"]), self.embedded(out, ["tos"]))
        self.assertFalse((again / "receipt.json").exists())
        halves = self.folder / "halves"
        run("model", "quantise", self.model, "--to", "bf16", "--out", halves)
        self.assertIn("weights      model.safetensors, BF16\n", run("model", "check", halves).stdout)
        self.assertIn('"bfloat16"', (halves / "config.json").read_text())
        self.assertEqual(list(self.folder.glob("*.partial")), [])

    def test_model_quantise_refuses_bad_input_before_it_begins(self):
        out = self.folder / "bytes"
        names = self.file("kb.tsv", NAMES)
        for arguments, code, words in (
                (("--to", "int4", "--out", out), 2, "--to"),
                (("--to", "int8", "--out", self.model), 2, "expected no such path"),
                (("--to", "int8", "--out", out, "--eval", names), 2, "found no comma"),
                (("--to", "int8", "--out", out, "--eval", f"{names},{self.folder / 'none'}"), 3, "none"),
                (("--to", "int8", "--out", out, "--names", self.folder / "none"), 3, "none")):
            self.assertIn(words, run("model", "quantise", self.model, *arguments, expect=code).stderr)
            self.assertFalse(out.exists())

    def test_model_card_is_written_from_the_records(self):
        model = self.folder / "carded"
        run("model", "prune", self.model, "--keep", self.kb, "--out", model)
        out = run("model", "card", model, "--licence", "mit", "--language", "es").stdout
        self.assertEqual(out.strip(), str(model / "README.md"))
        card = (model / "README.md").read_text()
        self.assertTrue(card.startswith('---\nlanguage:\n- "es"\nlicense: "mit"\n'), card)
        self.assertIn("# carded\n", card)
        self.assertIn("Cut from 85 to ", card)
        run("model", "card", self.folder / "none", expect=3)
        self.file("carded/training.json", "[]")
        run("model", "card", model, expect=4)
        self.assertEqual((model / "README.md").read_text(), card)

    # ---- index

    def vectors(self, name, rows):
        header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({len(rows)}, {len(rows[0])}), }}\n".encode()
        values = [value for row in rows for value in row]
        return self.file(name, b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header
                         + struct.pack(f"<{len(values)}f", *values))

    def nearest(self, index, queries, *arguments):
        out = run("index", "search", index, "--queries", queries, *arguments).stdout
        return [[n["row"] for n in json.loads(line)["neighbours"]] for line in out.splitlines()]

    def test_index_is_imported_searched_changed_and_written_anew(self):
        rows = self.vectors("rows.npy", [[1, 0], [0, 1], [0.5, 0.5]])
        queries = self.vectors("queries.npy", [[1, 0], [0, 2]])
        index = self.folder / "index.enlace"
        run("index", "import", rows, "--out", index)
        self.assertEqual(self.nearest(index, queries, "-k", "2"), [[0, 2], [1, 2]])
        more = self.vectors("more.npy", [[3, 0]])
        self.assertEqual(json.loads(run("index", "add", index, more).stdout), {"first": 3, "count": 1})
        run("index", "retire", index, 0, 1)
        self.assertEqual(self.nearest(index, queries, "-k", "5"), [[3, 2], [2, 3]])
        self.assertIn("1 added, 2 retired", run("index", "info", index).stdout)
        run("index", "export", index, "--npy", self.folder / "x.npy", expect=2)
        out = run("index", "compact", index, "--out", index).stdout
        self.assertEqual([json.loads(line) for line in out.splitlines()], [{"row": 0, "was": 2}, {"row": 1, "was": 3}])
        self.assertEqual(self.nearest(index, queries, "-k", "5"), [[1, 0], [0, 1]])
        run("index", "export", index, "--npy", index, expect=2)
        run("index", "export", index, "--npy", self.folder / "x", "--faiss", f"{self.folder}/./x", expect=2)
        run("index", "export", index, "--npy", self.folder / "x.npy", "--faiss", self.folder / "x.faiss")
        again = self.folder / "again.enlace"
        run("index", "import", self.folder / "x.faiss", "--out", again)
        self.assertEqual(again.read_bytes(), index.read_bytes())
        run("index", "import", self.folder / "x.npy", "--out", again)
        self.assertEqual(again.read_bytes(), index.read_bytes())
        self.assertEqual(sorted(p.name for p in self.folder.iterdir() if "partial" in p.name or "spool" in p.name), [])

    def test_changes_of_an_index_stay_while_it_cannot_be_replaced(self):
        rows = self.vectors("rows.npy", [[1, 0], [0, 1]])
        index, out = self.folder / "index.enlace", self.folder / "out"
        run("index", "import", rows, "--out", index)
        out.mkdir()
        changes = self.file("out.changes", "rows that were added")
        run("index", "compact", index, "--out", out, expect=2)
        run("index", "import", rows, "--out", out, expect=2)
        self.assertTrue(changes.exists())

    def test_index_in_lists_is_searched_by_probes(self):
        rows = self.vectors("rows.npy", [[i % 7, i / 128, 1] for i in range(100)])
        queries = self.vectors("queries.npy", [[1, 0.5, 3]])
        index, lists = self.folder / "index.enlace", self.folder / "lists.enlace"
        run("index", "import", rows, "--out", index)
        run("index", "cluster", index, "--out", lists, "--lists", "6")
        self.assertEqual(self.nearest(lists, queries, "-k", "3", "--probes", "6"),
                         self.nearest(index, queries, "-k", "3"))
        run("index", "search", index, "--queries", queries, "--probes", "6", expect=2)

    def test_index_refuses_other_shapes_and_what_belongs_to_a_knowledge_base(self):
        rows = self.vectors("rows.npy", [[1, 0], [0, 1]])
        index = self.folder / "index.enlace"
        run("index", "import", rows, "--out", index)
        run("index", "add", index, self.vectors("three.npy", [[1, 0, 2]]), expect=2)
        run("index", "retire", index, 2, expect=2)
        run("index", "search", index, "--queries", self.vectors("three.npy", [[1, 0, 2]]), expect=2)
        run("index", "import", self.file("text.npy", "no matrix"), "--out", index, expect=5)
        wide = self.file("wide.npy", rows.read_bytes().replace(b"<f4", b"<f8"))
        self.assertIn("<f8", run("index", "import", wide, "--out", index, expect=5).stderr)
        long = self.vectors("long.npy", [[0] * 65537])
        self.assertIn("long.npy: expected rows of at most 65536 values, found 65537",
                      run("index", "import", long, "--out", index, expect=5).stderr)
        vectors = self.kb / "vectors.enlace"
        self.assertIn("fingerprint", run("index", "info", vectors).stdout)
        run("index", "export", vectors, "--npy", self.folder / "kb.npy")
        run("index", "retire", vectors, 0, expect=2)
        run("index", "import", rows, "--out", vectors, expect=2)


if __name__ == "__main__":
    ENLACE = sys.argv.pop(1)
    unittest.main(verbosity=2)
