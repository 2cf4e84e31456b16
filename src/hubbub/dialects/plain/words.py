"""Times, colours and counts, as lines of the plain dialect have them."""

from __future__ import annotations

from collections.abc import Iterable

from hubbub.model.events import MessagePosted
from hubbub.model.time import moment

RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN = "31", "32", "33", "34", "35", "36"


class LocalTime:
    """Unix milliseconds to local time of day, computed once a second."""

    __slots__ = ("_second", "_text")

    def __init__(self) -> None:
        self._second: int | None = None
        self._text = ""

    def __call__(self, time: int) -> str:
        """Give `HH:MM:SS`."""
        second = time // 1000
        if second != self._second:
            self._second = second
            self._text = f"{moment(time).astimezone():%H:%M:%S}"
        return self._text


def said(event: MessagePosted) -> str:
    """Give the text of a message, or the mark that remains of it."""
    return f"(deleted by {event.deleted})" if event.deleted else event.text


def day_of(time: int) -> str:
    """Give the local date of Unix milliseconds."""
    return moment(time).astimezone().date().isoformat()


def count_of(number: int, noun: str) -> str:
    """Count things."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def table(ts: str, noun: str, rows: list[str]) -> str:
    """Count rows, and write each on a line of its own below."""
    head = f"{ts} {count_of(len(rows), noun)}"
    return "\n".join([head, *(f"  {row}" for row in rows)]) + "\n"


def listed(names: Iterable[str]) -> str:
    """Put names on a line."""
    return ", ".join(names)
