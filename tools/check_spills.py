"""Fails if the inner loop of a product tile touches the stack: check_spills.py OBJECT…

A tile keeps its sums in registers over the whole depth. Compilers sometimes move them to memory, which
costs half the speed and no test of results notices. Looks at every loop (a backward jump) of every
instance of a function template called tile, of which one at least must have a loop, and counts
instructions that name the stack pointer or frame pointer with a vector register. Needs objdump.
"""
import re
import subprocess
import sys

FUNCTION = re.compile(r"^[0-9a-f]+ <(.*)>:$")
LINE = re.compile(r"^\s*([0-9a-f]+):\s+(\S+)\s*(.*)$")
STACK = re.compile(r"\(%r[sb]p")


def functions(path: str):
    """Name and instructions (address, mnemonic, operands) of each function of an object file."""
    text = subprocess.run(["objdump", "-d", "-C", "--no-show-raw-insn", path], check=True,
                          capture_output=True, text=True).stdout
    name, body = "", []
    for line in text.splitlines():
        if found := FUNCTION.match(line):
            if body:
                yield name, body
            name, body = found[1], []
        elif found := LINE.match(line):
            body.append((int(found[1], 16), found[2], found[3]))
    if body:
        yield name, body


def inner_loops(body: list) -> list[list]:
    """The loops of a function that hold no other loop."""
    places = {address: index for index, (address, _, _) in enumerate(body)}
    loops = []
    for index, (address, mnemonic, operands) in enumerate(body):
        target = re.match(r"([0-9a-f]+)", operands) if mnemonic.startswith("j") else None
        if target and int(target[1], 16) <= address and int(target[1], 16) in places:
            loops.append((places[int(target[1], 16)], index))
    inner = [a for a in loops if not any(b != a and a[0] <= b[0] and b[1] <= a[1] for b in loops)]
    return [body[first:last + 1] for first, last in inner]


def main() -> None:
    tiles = loops = spills = 0
    for path in sys.argv[1:]:
        for name, body in functions(path):
            if "tile<" not in name:
                continue
            tiles += 1
            for loop in inner_loops(body):
                loops += 1
                touched = [line for line in loop if STACK.search(line[2]) and "mm" in line[2]]
                if touched:
                    spills += 1
                    print(f"{path}: {name}: {len(touched)} vector accesses to the stack in a loop of "
                          f"{len(loop)} instructions")
    if loops == 0:
        sys.exit(f"check_spills: expected functions called tile with loops, found {tiles} and no loop")
    if spills:
        sys.exit(1)
    print(f"spills: {loops} loops of {tiles} tiles, no complaint")


if __name__ == "__main__":
    main()
