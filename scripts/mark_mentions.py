"""Turns a text with [[marked]] mentions into one JSON line that `enlace link` reads.

    mark_mentions.py LANGUAGE < marked.txt > document.jsonl

The brackets are removed; offsets count Unicode code points of what remains, half open.
"""
import json
import re
import sys

MARKED = re.compile(r"\[\[([^\[\]]+)\]\]")


def document(marked: str, language: str) -> dict:
    text, mentions, copied = "", [], 0
    for match in MARKED.finditer(marked):
        text += marked[copied:match.start()]
        mentions.append({"start": len(text), "end": len(text) + len(match[1])})
        text += match[1]
        copied = match.end()
    text += marked[copied:]
    for bracket in ("[[", "]]"):
        if bracket in text:
            line = text[:text.index(bracket)].count("\n") + 1
            sys.exit(f"mark_mentions: line {line}: expected [[mention]], found {bracket} alone")
    return {"id": f"case-{language}", "language": language, "text": text, "mentions": mentions}


def main(language: str) -> None:
    marked = sys.stdin.buffer.read().decode("utf-8").rstrip("\n")
    line = json.dumps(document(marked, language), ensure_ascii=False)
    sys.stdout.buffer.write(line.encode("utf-8") + b"\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
