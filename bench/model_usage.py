"""How a model folder wants to be used, as src/encode/model_usage.h finds it, for what the benchmarks
compare: normalised means over all tokens. Standard library only."""

import json
import sys
from pathlib import Path


def usage_of(model: Path) -> dict:
    """The prefix of every text and the most tokens of one."""
    usage = {"prefix": "", "max_tokens": 48, "pooling": "mean", "normalize": True}
    sentence = model / "sentence_bert_config.json"
    if sentence.exists():
        usage["max_tokens"] = json.loads(sentence.read_text()).get("max_seq_length", 48)
    own = model / "enlace.json"
    if own.exists():
        usage |= json.loads(own.read_text())
    if usage["pooling"] != "mean" or not usage["normalize"]:
        sys.exit(f"{model}: only normalised means over all tokens can be compared")
    return usage
