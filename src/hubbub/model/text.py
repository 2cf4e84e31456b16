"""Clean text: what nobody can drive another person's terminal with.

Text is cleaned once, when it enters the hub, so that no dialect, front or log has to
think of it again.
"""

from __future__ import annotations

import re

# Escape sequences go as a whole, so that no "[31m" is left to read. The forms are
# those of ECMA-48: CSI, then the string controls (OSC, DCS, SOS, PM, APC) up to their
# terminator or the end of the line, then any two-byte escape.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]?"
)

_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")

# C0 (but tab and newline), DEL, C1, and the controls that reorder what is displayed
# (Unicode Standard Annex 9: embeddings, overrides, isolates).
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def clean(text: str) -> str:
    """Take out all that a terminal would obey instead of show.

    Args:
        text: Any text.

    Returns:
        The text without control characters (tab and newline stay), escape sequences,
        bidirectional overrides and lone surrogates; every kind of line break is one
        newline, and there is none at either end.
    """
    # Most of what people write is printable through and through, and says so fast.
    if text.isprintable():
        return text
    text = _LINE_BREAKS.sub("\n", text)
    text = _ESCAPES.sub("", text)
    text = _CONTROLS.sub("", text)
    return text.strip("\n")


def is_empty(text: str) -> bool:
    """Tell whether a message has nothing to show."""
    return not text or text.isspace()
