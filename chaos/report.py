"""The findings as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def table(title: str, rows: Sequence[dict[str, str]]) -> str:
    """Write rows of the same columns as a table in Markdown.

    Args:
        title: Stands above it.
        rows: The first one's keys are the headings.
    """
    cells = [list(rows[0]), *(list(row.values()) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        "| " + " | ".join(map(str.ljust, row, widths)).rstrip() + " |" for row in cells
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([title, "", lines[0], rule, *lines[1:], ""])
