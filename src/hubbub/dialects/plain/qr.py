"""QR codes for a terminal."""

from __future__ import annotations

import segno

# The white edge that readers look for, in modules (ISO/IEC 18004, section 9.1).
_BORDER = 4

# Black on white, whatever the colours of the terminal: 256-colour palette entries from
# the cube, which themes leave alone, as they do not the first sixteen.
SGR = "38;5;16;48;5;231"
"""The parameters of ECMA-48's SGR without which it can't be read."""

# Upper and lower module of a character cell, which is twice as high as it is wide.
_CELLS = {(0, 0): " ", (1, 0): "▀", (0, 1): "▄", (1, 1): "█"}


def draw(text: str, *, columns: int = 80) -> list[str]:
    """Draw a QR code with half blocks.

    Returns:
        Its rows, each with its colours; none when the terminal is too narrow.
    """
    return [f"\x1b[{SGR}m{row}\x1b[0m" for row in rows_of(text, columns=columns)]


def rows_of(text: str, *, columns: int = 80) -> list[str]:
    """Give the rows of a QR code without their colours; none as in `draw`."""
    code = segno.make(text, micro=False, error="m")
    rows = [bytes(row) for row in code.matrix_iter(border=_BORDER)]
    if len(rows) > columns:
        return []
    if len(rows) % 2:
        rows.append(bytes(len(rows[0])))
    return [
        "".join(_CELLS[pair] for pair in zip(upper, lower, strict=True))
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    ]
