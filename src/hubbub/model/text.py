"""Clean text: what nobody can drive another person's terminal with.

Text is cleaned once, when it enters the hub, so that no dialect, front or log has to
think of it again.
"""

from __future__ import annotations

import re
import unicodedata

# Escape sequences go as a whole, so that no "[31m" is left to read. The forms are
# those of ECMA-48: CSI, then the string controls (OSC, DCS, SOS, PM, APC) up to their
# terminator or the end of the line, then any two-byte escape.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]?"
)

_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")

# C0 (but tab and newline), DEL, C1; the controls that reorder what is displayed
# (Unicode Standard Annex 9: embeddings, overrides, isolates); and those that chapter 23
# of the Unicode Standard wants taken out of text from outside: the deprecated format
# controls, the byte order mark and the interlinear annotations, which hide text.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u206f\ud800-\udfff"
    "\ufeff\ufff9-\ufffb]"
)

# Tag characters are an invisible copy of ASCII. They have one use: the flag of a region
# (Unicode Technical Standard 51, "emoji tag sequence"); anywhere else they smuggle.
_TAGS = re.compile(
    "(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f)"
    "|[\U000e0000-\U000e007f]+"
)

# One variation selector chooses a form; a row of them chooses nothing and hides bytes.
_SELECTORS = re.compile("([\ufe00-\ufe0f\U000e0100-\U000e01ef]){2,}")

# Marks drawn above and below one letter. Unicode Technical Standard 39, section 5.4,
# allows four in a name; the writing of Tibetan and the accents of the Hebrew Bible have
# more, but nothing that people write has more than this, and what has is drawn over the
# lines of others.
MAX_MARKS = 8
_SIGNS = re.compile(rf"[^\w\s\x00-\x7f]{{{MAX_MARKS + 1},}}")

# White space, and what has no looks at all: Default_Ignorable_Code_Point of the Unicode
# Character Database, and the blank pattern of Braille.
_INVISIBLE = re.compile(
    "[\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]*"
)

# How much of what somebody wrote is said again in a sentence about it.
ECHOED = 64


def clean(text: str) -> str:
    """Take out all that a terminal would obey instead of show.

    Args:
        text: Any text.

    Returns:
        The text without control characters (tab and newline stay), escape sequences,
        bidirectional overrides, hidden tags and lone surrogates, and with at most
        `MAX_MARKS` marks on a letter; every kind of line break is one newline, and
        there is none at either end.
    """
    # Most of what people write is printable through and through, and says so fast.
    if text.isprintable():
        return text if text.isascii() else _thin(text)
    text = _LINE_BREAKS.sub("\n", text)
    text = _ESCAPES.sub("", text)
    text = _CONTROLS.sub("", text)
    if not text.isascii():
        text = _thin(_TAGS.sub(lambda found: found[1] or "", text))
    return text.strip("\n")


def one_line(text: str) -> str:
    """Clean what can't have several lines, such as a name or a reason."""
    return clean(text).replace("\n", " ")


def echo(text: str) -> str:
    """Prepare what somebody wrote for a sentence about it: on one line, and short."""
    text = one_line(text)
    return text if len(text) <= ECHOED else f"{text[:ECHOED]}…"


def is_empty(text: str) -> bool:
    """Tell whether a message has nothing to show."""
    if text.isascii():
        return not text or text.isspace()
    return _INVISIBLE.fullmatch(text) is not None


def marks(text: str) -> int:
    """Count the most marks that are drawn upon each other."""
    most = count = 0
    for letter in text:
        kind = unicodedata.category(letter)
        if kind in _MARKS:
            count += 1
            most = max(most, count)
        elif kind != _FORMAT:
            count = 0
    return most


# Nonspacing and enclosing marks; what has no width and so ends no pile of them.
_MARKS = ("Mn", "Me")
_FORMAT = "Cf"


def _thin(text: str) -> str:
    text = _SELECTORS.sub(lambda found: found[0][0], text)
    return _SIGNS.sub(_thin_marks, text)


def _thin_marks(signs: re.Match[str]) -> str:
    if marks(signs[0]) <= MAX_MARKS:
        return signs[0]
    kept: list[str] = []
    count = 0
    for letter in signs[0]:
        kind = unicodedata.category(letter)
        if kind in _MARKS:
            count += 1
            if count > MAX_MARKS:
                continue
        elif kind != _FORMAT:
            count = 0
        kept.append(letter)
    return "".join(kept)
