"""Puts the output of the demonstration, from standard input, into README.md.

    make demo | python3 scripts/update_readme_demo.py
"""
import sys
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"
BEGIN, END = "<!-- demo: begin -->\n", "<!-- demo: end -->"


def main() -> None:
    output = sys.stdin.buffer.read().decode("utf-8").strip("\n")
    if not output:
        sys.exit("update_readme_demo: expected the demo's output on standard input, found nothing")
    text = README.read_text(encoding="utf-8")
    for marker in (BEGIN, END):
        if text.count(marker) != 1:
            sys.exit(f"update_readme_demo: expected {marker.strip()} once in {README.name}, "
                     f"found {text.count(marker)}")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(f"{before}{BEGIN}```text\n{output}\n```\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
