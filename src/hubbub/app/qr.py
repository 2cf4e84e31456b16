"""QR codes for a terminal."""

from __future__ import annotations

import segno

# The white edge that readers look for, in modules (ISO/IEC 18004, section 9.1).
_BORDER = 4

# Black on white, whatever the colours of the terminal: 256-colour palette entries from
# the cube, which themes leave alone, as they do not the first sixteen.
_INK = "\x1b[38;5;16;48;5;231m"
_PLAIN = "\x1b[0m"

# Upper and lower module of a character cell, which is twice as high as it is wide.
_CELLS = {(0, 0): " ", (1, 0): "▀", (0, 1): "▄", (1, 1): "█"}


def draw(text: str, *, columns: int = 80) -> list[str]:
    """Draw a QR code with half blocks.

    Returns:
        Its rows, each with its colours; none when the terminal is too narrow.
    """
    code = segno.make(text, micro=False, error="m")
    rows = [bytes(row) for row in code.matrix_iter(border=_BORDER)]
    if len(rows) > columns:
        return []
    if len(rows) % 2:
        rows.append(bytes(len(rows[0])))
    return [
        _INK + "".join(_CELLS[pair] for pair in zip(upper, lower, strict=True)) + _PLAIN
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    ]
