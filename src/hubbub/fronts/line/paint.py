"""Lines for a terminal: colours as escape sequences, and wrapping by width in cells."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, takewhile

import msgspec
from wcwidth import iter_graphemes
from wcwidth import width as cells

BELL = "\a"

# A continuation begins below the text it continues, but leaves it most of the line.
_MAX_INDENT = 0.5
_TAB = "    "


class Span(msgspec.Struct, frozen=True):
    """Text of one look; `sgr` are the parameters of ECMA-48's SGR, "" for none."""

    text: str
    sgr: str = ""


class Line(msgspec.Struct, frozen=True):
    """One line of the conversation.

    Attributes:
        head: What says of whom and when it is.
        body: What is said; it has no line break.
        bell: Whether the terminal should ring.
    """

    head: tuple[Span, ...]
    body: tuple[Span, ...] = ()
    bell: bool = False

    @property
    def text(self) -> str:
        """The line without any looks."""
        return "".join(span.text for span in (*self.head, *self.body))


def paint(line: Line, *, color: bool, width: int | None = None) -> str:
    """Write a line for a terminal or a file, with its line end.

    Args:
        line: What to write.
        color: Whether to write colours.
        width: Cells in a row of the terminal, which makes longer lines continue
            below their text; None for one row however long.
    """
    rows = [(*line.head, *line.body)] if width is None else list(_wrap(line, width))
    bell = BELL if line.bell and width is not None else ""
    painted = "\n".join(
        "".join(_paint(span, color=color) for span in row) for row in rows
    )
    return f"{bell}{painted}\n"


def _paint(span: Span, *, color: bool) -> str:
    if not color or not span.sgr or not span.text:
        return span.text
    return f"\x1b[{span.sgr}m{span.text}\x1b[0m"


class _Atom(msgspec.Struct, frozen=True):
    """What people take for one character, and its width in cells."""

    text: str
    sgr: str
    width: int


def _wrap(line: Line, width: int) -> Iterator[tuple[Span, ...]]:
    """Break a line at spaces into rows, words wider than a row anywhere."""
    indent = cells("".join(span.text for span in line.head))
    if indent > width * _MAX_INDENT:
        indent = min(4, width // 4)
    margin = ""
    for row in _break(list(_atoms(line)), width, indent):
        spans = (
            Span("".join(atom.text for atom in group), sgr)
            for sgr, group in groupby(row, lambda atom: atom.sgr)
        )
        yield (Span(margin), *spans)
        margin = " " * indent


def _atoms(line: Line) -> Iterator[_Atom]:
    for span in (*line.head, *line.body):
        for text in iter_graphemes(span.text.replace("\t", _TAB)):
            yield _Atom(text, span.sgr, cells(text))


def _break(atoms: list[_Atom], width: int, indent: int) -> Iterator[list[_Atom]]:
    start = used = at = 0
    after_space = None
    while at < len(atoms):
        atom = atoms[at]
        if used + atom.width > width and at > start:
            end = at
            if atom.text != " " and after_space is not None:
                word = takewhile(lambda one: one.text != " ", atoms[after_space:])
                # What fits no row is broken where this one ends.
                if sum(one.width for one in word) <= width - indent:
                    end = after_space
            yield atoms[start:end]
            while end < len(atoms) and atoms[end].text == " ":
                end += 1
            start = at = end
            used, after_space = indent, None
            continue
        used += atom.width
        at += 1
        if atom.text == " ":
            after_space = at
    yield atoms[start:]
