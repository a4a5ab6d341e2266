"""Prints kGeluChords in src/math/gelu_chords.h: chords of t (1 - Phi(t)) for 0 <= t <= END.

Cell i is centred on i / CELLS_PER_UNIT, because the kernel rounds to the nearest; each chord is
moved by half of its largest error, so that the error is level. Values are bits of binary16.
"""

from math import erfc, sqrt
from struct import pack, unpack

CELLS = 64
CELLS_PER_UNIT = 16
END = (CELLS - 1) / CELLS_PER_UNIT


def tail(t: float) -> float:
    return t / 2 * erfc(t / sqrt(2))


def bits(value: float) -> int:
    return unpack("<H", pack("<e", value))[0]


def chord(cell: int) -> tuple[float, float]:
    """The value at 0 and the slope of the chord of one cell."""
    if cell == CELLS - 1:
        return tail(END) / 2, 0.0  # and of all beyond
    begin = max((cell - 0.5) / CELLS_PER_UNIT, 0)
    end = (cell + 0.5) / CELLS_PER_UNIT
    slope = (tail(end) - tail(begin)) / (end - begin)
    middle = tail((begin + end) / 2) - (tail(begin) + tail(end)) / 2
    return tail(begin) - slope * begin + middle / 2, slope


def show(name: str, values: list[int]) -> None:
    print(f"alignas(64) inline constexpr std::uint16_t {name}[{CELLS}] = {{")
    for first in range(0, CELLS, 8):
        print("    " + ", ".join(f"0x{value:04X}" for value in values[first:first + 8]) + ",")
    print("};")


chords = [chord(cell) for cell in range(CELLS)]
show("kGeluChordStarts", [bits(start) for start, _ in chords])
show("kGeluChordSlopes", [bits(slope) for _, slope in chords])
