"""Invitations as lines for people, with a picture that a camera reads."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from hubbub.client import Event, InviteInfo, InviteMade, InvitesListed
from hubbub.fronts.line.paint import Line, Span
from hubbub.model.text import one_line

if TYPE_CHECKING:
    from hubbub.fronts.line.lines import Wording

# More makes a picture that fills the screen, and no hub's own link is as long.
_LONGEST = 256


def invite_lines(words: Wording, event: InviteMade | InvitesListed) -> list[Line]:
    """Word a code that was made, or those that are good.

    Args:
        words: Words times.
        event: What was asked for.
    """
    if isinstance(event, InviteMade):
        whom = _whom(words, event.until)
        told = (event.code, event.command, event.link)
        return [
            words.note(f"Invitation {event.id}, for {whom}; it is shown this once:"),
            *(Line((Span(f"  {one_line(one)}"),)) for one in told if one),
        ]
    count = len(event.invites)
    if not count:
        return [words.note("There are no invitations; make one with :invite new")]
    noun = "invitation" if count == 1 else "invitations"
    return [
        words.note(f"{count} {noun}"),
        *(Line((Span(_row(words, one)),)) for one in event.invites),
    ]


def picture(event: Event, columns: int) -> list[Line]:
    """Draw the link of a code that was made; nothing for all else, or without room."""
    if not isinstance(event, InviteMade) or not event.link:
        return []
    # Slow to import, and seldom needed.
    from hubbub.dialects.plain.qr import SGR, rows_of

    if len(event.link) > _LONGEST:
        return []
    return [Line((Span(row, SGR),)) for row in rows_of(event.link, columns=columns)]


def _row(words: Wording, one: InviteInfo) -> str:
    since = words.stamp(datetime.fromisoformat(one.since)).strip("[]")
    until = None if one.until is None else datetime.fromisoformat(one.until)
    return f"  {one.id} by {one_line(one.by)} at {since}, for {_whom(words, until)}"


def _whom(words: Wording, until: datetime | None) -> str:
    if until is None:
        return "one person"
    return f"anybody until {words.stamp(until).strip('[]')}"
