"""QR codes for a terminal."""

from __future__ import annotations

import segno

# Half of what ISO/IEC 18004 asks for (section 9.1): the white of the code itself does
# not end at its edge on a light terminal, and on a dark one readers manage with it.
_BORDER = 2

# Black on white, whatever the colours of the terminal: 256-colour palette entries from
# the cube, which themes leave alone, as they do not the first sixteen.
_INK = "\x1b[38;5;16;48;5;231m"
_PLAIN = "\x1b[0m"

# Upper and lower module of a character cell, which is twice as high as it is wide.
_CELLS = {(0, 0): " ", (1, 0): "▀", (0, 1): "▄", (1, 1): "█"}


def draw(text: str) -> list[str]:
    """Draw a QR code with half blocks.

    Returns:
        Its rows, each with its colours.
    """
    rows = [bytes(row) for row in _matrix(text)]
    if len(rows) % 2:
        rows.append(bytes(len(rows[0])))
    return [
        _INK + "".join(_CELLS[pair] for pair in zip(upper, lower, strict=True)) + _PLAIN
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    ]


def columns(text: str) -> int:
    """Tell how many columns a drawing takes."""
    return len(_matrix(text)[0])


def _matrix(text: str) -> list[bytearray]:
    code = segno.make(text, micro=False, error="m")
    return [bytearray(row) for row in code.matrix_iter(border=_BORDER)]
