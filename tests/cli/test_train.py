"""`enlace train` as a user meets it: run as `python3 test_train.py ENLACE`, standard library only."""
import json
import pathlib
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from tiny_model import write_model

ENLACE = ""

NAMES = "".join(f"C{i}\t{a} {i}\t{language}\n" for i in range(12)
                for a, language in (("tos", "es"), ("cough", "en"), ("a tosse", "pt")))
OPTIONS = ["--recipe", "enlace", "--batch", "6", "--warm-up", "2", "--rate", "1e-3", "--dropout", "0.1"]


def start(*arguments, **more):
    return subprocess.Popen([ENLACE, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            text=True, **more)


def run(*arguments, expect=0, **more):
    process = start(*arguments, **more)
    out, err = process.communicate(timeout=120)
    assert process.returncode == expect, (arguments, process.returncode, out, err)
    return err


class Train(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.base = pathlib.Path(tempfile.mkdtemp(prefix="enlace-train-"))
        cls.model = write_model(cls.base / "model")
        names = cls.base / "names.tsv"
        names.write_text(NAMES)
        cls.kb = cls.base / "kb"
        run("build", "--model", "none", "--out", cls.kb, "--from", f"tsv={names}")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.base)

    def setUp(self):
        self.folder = self.base / self.id().rsplit(".", 1)[-1]
        self.folder.mkdir()
        self.out = self.folder / "out"

    def command(self, *more, kb=True):
        data = ["--kb", self.kb] if kb else []
        return ["train", *OPTIONS, *data, "--init", self.model, "--out", self.out, *more]

    def weights(self):
        return (self.out / "model.safetensors").read_bytes()

    def test_flags_stand_instead_of_what_the_recipe_says(self):
        run(*self.command("--steps", "1", "--prefix", "", "--pooling", "cls", "--max-tokens", "9", "--fold-case",
                          "--concept-share", "0.25", "--no-plain-names", "--no-freeze-tokens", "--schedule", "constant",
                          "--objective", "infonce", "--infonce-temperature", "0.05", "--mine-every", "50",
                          "--mine-pool", "77", "--seed", "5"))
        options = json.loads((self.out / "training.json").read_text())["options"]
        expected = {"freeze tokens": "false", "schedule": "constant", "objective": "infonce, temperature 0.05",
                    "seed": "5", "pooling": "cls", "max tokens": "9"}
        self.assertEqual({name: options[name] for name in expected}, expected)
        self.assertIn("pool 77,", options["mining"])
        command = json.loads((self.out / "training.json").read_text())["command"]
        self.assertIn(" --no-freeze-tokens ", command)
        self.assertIn(" --prefix '' ", command)
        use = json.loads((self.out / "enlace.json").read_text())
        self.assertEqual(use, {"pooling": "cls", "prefix": "", "normalize": True, "max_tokens": 9,
                               "fold_case": True, "plain_names": False, "concept_share": 0.25})
        shutil.rmtree(self.out)
        run(*self.command("--steps", "1", "--no-fold-case"))
        use = json.loads((self.out / "enlace.json").read_text())
        self.assertEqual((use["fold_case"], use["plain_names"], use["concept_share"]),
                         (False, True, 0.2))  # of the recipe

    def test_makes_a_model_that_builds_and_links(self):
        log = self.folder / "log"
        err = run(*self.command("--steps", "4", "--log", log))
        self.assertIn("4 steps, loss ", err)
        self.assertFalse((self.folder / "out.training").exists())
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        self.assertEqual([line["step"] for line in lines], [1, 2, 3, 4])
        record = json.loads((self.out / "training.json").read_text())
        self.assertEqual(record["step"], 4)
        self.assertEqual(record["options"]["recipe"], "enlace")
        run("build", "--out", self.folder / "kb", "--from", f"tsv={self.base / 'names.tsv'}", "--model", self.out)
        self.assertIn("mean", run("model", "check", self.out) + start("model", "check", self.out).communicate()[0])

    def sources_of(self, *arguments):
        """By name: names and languages of the sources in the record of one step."""
        shutil.rmtree(self.out, ignore_errors=True)
        run("train", "--init", self.model, "--out", self.out, "--steps", "1", "--batch", "6", *arguments)
        sources = json.loads((self.out / "training.json").read_text()).get("sources", [])
        return {source["name"]: (source["licence"], source["names"], source["languages"]) for source in sources}

    def test_records_the_sources_of_names_that_it_may_train_on(self):
        kb, gold, pairs = (self.folder / name for name in ("kb", "gold.tsv", "pairs"))
        from_tables = []
        for source, word, language in (("SRC1", "tos", "es"), ("SRC2", "cough", "en"), ("SRC3", "the cough", "en")):
            names = self.folder / source
            names.write_text("".join(f"C{i}\t{word} {i}\t{language}\n" for i in range(12)))
            from_tables += ["--from", f"tsv={names},source={source},licence=of {source}"]
        run("build", "--model", "none", "--out", kb, *from_tables)
        spanish, english, more_english = (
            {source: (f"of {source}", 12, [language])}
            for source, language in (("SRC1", "es"), ("SRC2", "en"), ("SRC3", "en")))
        self.assertEqual(self.sources_of("--recipe", "sapbert", "--kb", kb), english | more_english)
        run("model", "card", self.out)
        card = (self.out / "README.md").read_text()
        self.assertIn("| SRC2 | of SRC2 | 12 |", card)
        self.assertNotIn("SRC1", card)
        self.assertIn("language:\n- \"en\"\nbase_model", card)
        everything = ["--recipe", "enlace", "--kb", kb]
        self.assertEqual(self.sources_of(*everything), spanish | english | more_english)
        self.assertEqual(self.sources_of(*everything, "--language", "en", "--source", "SRC2", "--source", "SRC3"),
                         english | more_english)
        self.assertEqual(self.sources_of("--recipe", "sapbert", "--kb", kb, "--replay", "all"),
                         spanish | english | more_english)
        pairs.write_text("C1||tos 1||cough 1\nC2||tos 2||cough 2\n")
        self.assertEqual(self.sources_of("--recipe", "enlace", "--kb", kb, "--pairs", pairs), {})  # for masks
        gold.write_text("tosecita\tC1\n")
        self.assertEqual(self.sources_of("--recipe", "enlace", "--kb", kb, "--pairs", pairs, "--mentions", gold),
                         {source: (f"of {source}", 1, [language])
                          for source, language in (("SRC1", "es"), ("SRC2", "en"), ("SRC3", "en"))})

    def test_a_replayed_recipe_keeps_its_ancestors(self):
        table, kb = self.folder / "table.csv", self.folder / "kb"
        table.write_text("code,name,above\nC1,fiebre,\nC2,fiebre alta,C1\nC3,fiebre muy alta,C2\n")
        run("build", "--model", "none", "--out", kb, "--from",
            f"csv={table},columns=code:code;name:name;parent:above,lang=es")
        err = run("train", *OPTIONS, "--kb", kb, "--replay", "clinlinker-p", "--replay-share", "0.2",
                  "--init", self.model, "--out", self.out, "--steps", "1")  # enlace itself has no ancestors
        self.assertIn("2 pairs of 2 concepts", err)

    def dev_set(self):
        dev = self.folder / "dev"
        dev.mkdir()
        (dev / "kb.tsv").write_text(NAMES)
        (dev / "gold.tsv").write_text("tos 3\tC3\ncough 5\tC5\n")
        return dev

    def test_keeps_what_was_done_when_an_evaluation_fails(self):
        dev, log = self.dev_set(), self.folder / "log"
        process = start(*self.command("--steps", "600", "--eval", dev, "--eval-every", "500", "--log", log))
        while not log.exists() or log.read_text().count("\n") < 1:
            time.sleep(0.005)
        loop = self.folder / "out.training.model"  # an error of std::filesystem, not one of ours
        loop.symlink_to(loop)
        _, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 6, err)
        self.assertIn("the same command goes on from ", err)
        self.assertIn("out.training, at step 500", err)

    def test_removes_what_a_killed_evaluation_left(self):
        for name in ("out.training.model", "out.training.kb"):
            (self.folder / name).mkdir()
            (self.folder / name / "model.safetensors").write_text("half")
        run(*self.command("--steps", "2"))
        self.assertEqual([p.name for p in self.folder.iterdir()], ["out"])

    def test_reports_accuracy(self):
        dev = self.dev_set()
        err = run(*self.command("--steps", "4", "--eval", dev, "--eval-every", "2"))
        self.assertEqual(err.count("accuracy at 1/5/25: dev 1.0000/1.0000/1.0000"), 2)
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()), ["dev", "out"])

    def test_goes_on_where_it_was_interrupted_to_the_same_weights(self):
        options = ["--steps", "400"]
        run(*self.command(*options))
        expected = self.weights()
        shutil.rmtree(self.out)
        log = self.folder / "log"
        process = start(*self.command(*options, "--log", log))
        while not log.exists() or log.read_text().count("\n") < 20:
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        self.assertIn("the same command goes on from ", err)
        self.assertFalse(self.out.exists())
        err = run(*self.command("--steps", "401"), expect=2)
        self.assertIn("begun with steps=400, now steps=401", err)
        err = run(*self.command(*options, "--concept-share", "0.5"), expect=2)
        self.assertIn("begun with concept share=0.2, now concept share=0.5", err)
        err = run(*self.command(*options, "--fold-case"), expect=2)
        self.assertIn("begun with fold case=false, now fold case=true", err)
        err = run(*self.command(*options, "--log", log, "--threads", "3"))
        self.assertIn("goes on after step ", err)
        self.assertTrue(self.weights() == expected)
        steps = [json.loads(line)["step"] for line in log.read_text().splitlines()]
        self.assertEqual(steps, list(range(1, 401)))

    def test_survives_kill_9_with_what_was_saved(self):
        options = ["--steps", "300", "--save-every", "0"]
        run(*self.command(*options))
        expected = self.weights()
        for lines in (3, 40, 111):
            shutil.rmtree(self.out, ignore_errors=True)
            (self.folder / "out.training").unlink(missing_ok=True)
            log = self.folder / "log"
            log.unlink(missing_ok=True)
            process = start(*self.command(*options, "--log", log))
            while not log.exists() or log.read_text().count("\n") < lines:
                time.sleep(0.001)
            process.kill()
            process.communicate(timeout=60)
            run(*self.command(*options, "--log", log))
            self.assertTrue(self.weights() == expected)
            steps = [json.loads(line)["step"] for line in log.read_text().splitlines()]
            self.assertEqual(steps, list(range(1, 301)))
            self.assertEqual([p.name for p in self.folder.iterdir() if "partial" in p.name], [])

    def test_keeps_the_last_save_when_the_disk_is_full(self):
        def no_room():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))

        options = ["--steps", "50", "--save-every", "0"]
        err = run(*self.command(*options), expect=6, preexec_fn=no_room)
        self.assertIn("nothing was saved yet", err)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_refuses_what_it_cannot_train_on(self):
        for text, complaint in (
                ("C1\ta\tb\n", ":1: expected id||name||name, found 1 field"),
                ("C1||a||b\nC2||a\n", ":2: expected id||name||name, found 2 fields"),
                ("C1||a||\n", ":1: expected id||name||name, found nothing in field 3")):
            pairs = self.folder / "pairs"
            pairs.write_text(text)
            self.assertIn(complaint, run(*self.command("--pairs", pairs, kb=False), expect=4))
        pairs.write_text("C1||a||b\nC1||c||d\n")
        self.assertIn("expected pairs of two ids or more",
                      run(*self.command("--pairs", pairs, kb=False), expect=2))
        pairs.write_text("")
        self.assertIn("expected pairs of two ids or more",
                      run(*self.command("--pairs", pairs, kb=False), expect=2))
        run(*self.command("--pairs", self.folder / "none", kb=False), expect=3)
        self.assertIn("expected --kb or --pairs", run(*self.command(kb=False), expect=2))
        self.assertIn("expected f32 or bf16", run(*self.command("--precision", "int8"), expect=2))
        self.assertIn("--mentions: expected --kb",
                      run(*self.command("--pairs", pairs, "--mentions", pairs, kb=False), expect=2))
        other = self.folder / "other"
        shutil.copytree(self.model, other)
        config = json.loads((other / "config.json").read_text())
        (other / "config.json").write_text(json.dumps({**config, "model_type": "t5"}))
        run("train", *OPTIONS, "--kb", self.kb, "--init", other, "--out", self.out, expect=5)
        self.assertFalse(self.out.exists())

    def test_writes_over_nothing_and_looks_before_it_trains(self):
        self.out.mkdir()
        (self.out / "thesis.txt").write_text("precious")
        self.assertIn("expected no such path", run(*self.command("--steps", "2"), expect=2))
        self.assertEqual((self.out / "thesis.txt").read_text(), "precious")
        shutil.rmtree(self.out)
        start_of = ["train", *OPTIONS, "--kb", self.kb, "--init", self.model]
        run(*start_of, "--out", self.folder / "no/such/folder", expect=3)
        dev = self.folder / "dev"
        dev.mkdir()
        (dev / "kb.tsv").write_text(NAMES)
        self.assertIn("gold.tsv: expected a file", run(*self.command("--eval", dev), expect=3))
        (dev / "gold.tsv").write_text("tos 3\n")  # no code: found when it is read
        err = run(*self.command("--steps", "6", "--eval", dev, "--eval-every", "4"), expect=2)
        self.assertIn("out.training, at step 4", err)
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()), ["dev", "out.training"])
        (dev / "gold.tsv").write_text("tos 3\tC3\n")
        self.assertIn("goes on after step 4 of 6",
                      run(*self.command("--steps", "6", "--eval", dev, "--eval-every", "4")))

    def test_takes_a_path_that_a_shell_completed(self):
        run("train", *OPTIONS, "--kb", self.kb, "--init", f"{self.model}/", "--out", f"{self.out}/", "--steps", "3",
            "--save-every", "0")
        self.assertEqual([p.name for p in self.folder.iterdir()], ["out"])
        self.assertEqual(json.loads((self.out / "training.json").read_text())["base_model"], self.model.name)

    def test_refuses_numbers_that_are_none_and_flags_that_do_nothing(self):
        pairs, replay = self.folder / "pairs", ["--replay", "all", "--replay-share", "0.2"]
        pairs.write_text("C1||a||b\nC2||c||d\n")
        for given, complaint in (
                (["--blend", "nan"], "--blend: expected 0 to 1, found nan"),
                (["--warm-up", "-1"], "--warm-up: expected 0 or more, found -1"),
                (["--threads", "-1"], "--threads: expected 0 to 1024, found -1"),
                (["--steps", "3", "--epochs", "1"], "excludes"),
                (["--mine-pool", "9"], "--mine-pool: expected --mine-every"),
                (["--infonce-temperature", "0.1"], "--infonce-temperature: expected --objective infonce"),
                (["--random", "--blend", "0.5"], "--blend: expected weights to begin from"),
                (["--replay-share", "0.5"], "--replay-share: expected --replay"),
                (["--replay", "all"], "--replay: expected --replay-share above 0"),
                (["--eval-every", "2"], "--eval-every: expected --eval"),
                (["--pairs", pairs, *replay, "--synonyms", "3"], "--synonyms: expected pairs of a knowledge base by"),
                (["--pairs", pairs, *replay, "--ancestors", "3"], "--ancestors: expected pairs of a knowledge base by"),
                (["--pairs", pairs, *replay, "--hops", "1"], "--hops: expected pairs of a knowledge base by"),
                (["--ancestors", "5"], "--ancestors: expected ")):
            self.assertIn(complaint, run(*self.command(*given), expect=2))
        self.assertFalse(self.out.exists())
        replay[1] = "enlace"
        run(*self.command("--steps", "1", "--pairs", pairs, *replay, "--synonyms", "3", "--hops", "1"))

    def test_a_run_goes_on_with_the_weights_and_names_that_it_began_with(self):
        process = start(*self.command("--steps", "100000", "--save-every", "0"))
        while not (self.folder / "out.training").exists():
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        err = run(*self.command("--steps", "100000", "--mask-hops", "0"), expect=2)
        self.assertIn("now masks=up to 0 hops", err)

    def test_takes_mentions_and_pairs(self):
        gold = self.folder / "gold.tsv"
        gold.write_text("tosecita\tC1\nnada\tNO_CODE\n")
        err = run(*self.command("--steps", "2", "--mentions", gold))
        self.assertIn("1 of 2 mentions gave pairs", err)
        pairs = self.folder / "pairs"
        run("pairs", self.kb, "--recipe", "all", "--out", pairs)
        shutil.rmtree(self.out)
        self.assertIn("2 steps", run(*self.command("--steps", "2", "--pairs", pairs, "--restart", kb=False)))

    def test_a_log_takes_no_other_file_s_place(self):
        precious = self.folder / "precious.txt"
        precious.write_text("keep me\n")
        err = run(*self.command("--steps", "1", "--log", precious), expect=2)
        self.assertIn("precious.txt: expected a log of training or no file, found another", err)
        self.assertEqual(precious.read_text(), "keep me\n")
        for _ in range(2):  # a log of before is replaced
            run(*self.command("--steps", "1", "--log", self.folder / "log", "--restart"))
            shutil.rmtree(self.out)

    def test_a_closed_pipe_saves_what_was_done(self):
        log = self.folder / "log"
        process = start(*self.command("--steps", "100000", "--save-every", "1000", "--log", log))
        while not (log.exists() and log.read_text()):
            time.sleep(0.005)
        process.send_signal(signal.SIGPIPE)  # as a write to a pipe that nobody reads gives
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, -signal.SIGPIPE)
        self.assertTrue((self.folder / "out.training").exists())


if __name__ == "__main__":
    ENLACE = sys.argv.pop(1)
    unittest.main()
