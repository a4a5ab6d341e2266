"""Trains a small tokenizer of every kind on names, for tokenizer_parity.py: nothing of it is kept.

    python make_tokenizers.py NAMES OUT

NAMES has one name a line. OUT gets a tokenizer.json or the files of a family in a folder for each kind.
"""
import json
import pathlib
import sys

import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

BYTES = [f"<0x{byte:02X}>" for byte in range(256)]
MASK = {"__type": "AddedToken", "content": "<mask>", "lstrip": True, "normalized": False, "rstrip": False,
        "single_word": False, "special": True}
LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
          r"|\s+(?!\S)|\s+")


def save(tokenizer, out, name):
    (out / name).mkdir(exist_ok=True)
    tokenizer.save(str(out / name / "tokenizer.json"))


def byte_level(names, out):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(names, trainers.BpeTrainer(
        vocab_size=30_000, special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"], show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True)])
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    save(tokenizer, out, "roberta")
    folder = out / "roberta-files"
    folder.mkdir(exist_ok=True)
    tokenizer.model.save(str(folder))
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "RobertaTokenizer", "mask_token": MASK}))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    tokenizer.post_processor = processors.Sequence([
        processors.ByteLevel(add_prefix_space=True),
        processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])])
    save(tokenizer, out, "byte-level-prefix-space")
    for name, regex, normalizer in (("llama3-split", LLAMA3, normalizers.NFKC()),
                                    ("qwen2-split", LLAMA3.replace("{1,3}", ""), normalizers.NFC())):
        tokenizer.normalizer = normalizer
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
            pre_tokenizers.Split(Regex(regex), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
        save(tokenizer, out, name)


def character_bpe(names, out):
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.train_from_iterator(names, trainers.BpeTrainer(
        vocab_size=8_000, special_tokens=["<unk>", "<s>", "</s>"] + BYTES, limit_alphabet=120, show_progress=False))
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    save(tokenizer, out, "bpe-byte-fallback")
    for name, affix in (("bpe-suffix", {"end_of_word_suffix": "</w>"}), ("bpe-prefix", {"continuing_subword_prefix": "##"})):
        tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=name == "bpe-suffix", **affix))
        tokenizer.normalizer = normalizers.Sequence([normalizers.NFD(), normalizers.Lowercase(),
                                                     normalizers.StripAccents(), normalizers.Strip()])
        tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
        tokenizer.train_from_iterator(names, trainers.BpeTrainer(
            vocab_size=6_000, special_tokens=["<unk>"], limit_alphabet=60, show_progress=False, **affix))
        tokenizer.decoder = decoders.BPEDecoder()
        save(tokenizer, out, name)


def unigram(names, out):
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(),
                                                 normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.Punctuation(), pre_tokenizers.Metaspace()])
    tokenizer.train_from_iterator(names, trainers.UnigramTrainer(
        vocab_size=6_000, special_tokens=["<unk>"] + BYTES, unk_token="<unk>", show_progress=False))
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.Replace("``", '"'), normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase(),
        normalizers.Replace(Regex(r"\s{2,}|[\n\r\t]"), " "), normalizers.NFC(), normalizers.Strip(left=False)])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
    described = json.loads(tokenizer.to_str())
    described["model"]["byte_fallback"] = True
    save(Tokenizer.from_str(json.dumps(described)), out, "unigram-byte-fallback")


def word_piece(names, out):
    steps = pre_tokenizers
    kinds = {
        "word-piece-behaviors": (
            steps.Sequence([steps.WhitespaceSplit(), steps.Split("-", "merged_with_previous"),
                            steps.Split("a", "merged_with_next"), steps.Split("s", "contiguous"),
                            steps.Split("e", "removed", invert=False), steps.CharDelimiterSplit("x"), steps.Digits(),
                            steps.Punctuation("merged_with_next")]),
            normalizers.Sequence([normalizers.NFKD(), normalizers.ByteLevel()])),
        "word-piece-white-space": (
            steps.Sequence([steps.Split(Regex(r"\s+"), "removed"), steps.Whitespace(), steps.Digits(True)]),
            normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()])),
        "bert-files": (steps.BertPreTokenizer(), normalizers.BertNormalizer())}
    for name, (pre_tokenizer, normalizer) in kinds.items():
        tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        tokenizer.normalizer = normalizer
        tokenizer.pre_tokenizer = pre_tokenizer
        tokenizer.decoder = decoders.WordPiece()
        tokenizer.train_from_iterator(names, trainers.WordPieceTrainer(
            vocab_size=8_000, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], show_progress=False))
        if not name.endswith("-files"):
            save(tokenizer, out, name)
            continue
        (out / name).mkdir(exist_ok=True)
        tokenizer.model.save(str(out / name))
        config = {"tokenizer_class": "BertTokenizer", "do_lower_case": True, "strip_accents": False}
        (out / name / "tokenizer_config.json").write_text(json.dumps(config))


def sentence_piece(names, out):
    lines = out / "names.txt"
    lines.write_text("\n".join(names), encoding="utf-8")
    deberta = {"pad_id": 0, "bos_id": 1, "eos_id": 2, "unk_id": 3, "pad_piece": "[PAD]", "bos_piece": "[CLS]",
               "eos_piece": "[SEP]", "unk_piece": "[UNK]", "control_symbols": ["[MASK]"]}
    kinds = {
        "xlm-roberta-files": ("sentencepiece.bpe.model", "XLMRobertaTokenizer", {"model_type": "unigram"}),
        "camembert-files": ("sentencepiece.bpe.model", "CamembertTokenizer", {"model_type": "unigram"}),
        "deberta-v2-files": ("spm.model", "DebertaV2Tokenizer", {"model_type": "unigram", **deberta}),
        "sentence-piece-unigram": ("spiece.model", None, {"model_type": "unigram", "byte_fallback": True}),
        "sentence-piece-bpe": ("tokenizer.model", None, {
            "model_type": "bpe", "byte_fallback": True, "normalization_rule_name": "nfkc_cf"}),
        "sentence-piece-bpe-spaces": ("tokenizer.model", None, {
            "model_type": "bpe", "normalization_rule_name": "identity", "remove_extra_whitespaces": False,
            "split_by_whitespace": False})}
    for name, (file, family, options) in kinds.items():
        folder = out / name
        folder.mkdir(exist_ok=True)
        sentencepiece.SentencePieceTrainer.train(
            input=str(lines), model_prefix=str(folder / "m"), vocab_size=8_000, character_coverage=0.999,
            minloglevel=2, num_threads=1, **options)
        (folder / "m.model").rename(folder / file)
        (folder / "m.vocab").unlink()
        if family:
            config = {"tokenizer_class": family}
            if family != "DebertaV2Tokenizer":
                config["mask_token"] = MASK
            (folder / "tokenizer_config.json").write_text(json.dumps(config))
    lines.unlink()


def main(path, out):
    names = pathlib.Path(path).read_text(encoding="utf-8").split("\n")[:40_000]
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    for make in (byte_level, character_bpe, unigram, word_piece, sentence_piece):
        make(names, out)


if __name__ == "__main__":
    main(*sys.argv[1:])
