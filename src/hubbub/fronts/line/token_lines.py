"""Access tokens as lines for people, in the words of the plain dialect."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from hubbub.client import TokenInfo, TokenMade, TokensListed
from hubbub.fronts.line.paint import Line, Span
from hubbub.model.access import Scope
from hubbub.model.text import one_line

if TYPE_CHECKING:
    from hubbub.fronts.line.lines import Wording


def token_lines(words: Wording, event: TokenMade | TokensListed) -> list[Line]:
    """Word a token that was made, this once, or the list of them.

    Args:
        words: Words times.
        event: What the hub told.
    """
    if isinstance(event, TokenMade):
        about = _about(words, event, event.until)
        return [
            words.note(f"Token {about}. It is shown this once:"),
            _plain(f"  {event.token}"),
            words.note(f"Over HTTP: Authorization: Bearer {one_line(event.token)}"),
        ]
    count = len(event.tokens)
    if not count:
        return [words.note("No tokens; make one with :token new")]
    lines = [words.note(f"{count} token" if count == 1 else f"{count} tokens")]
    for one in event.tokens:
        until = None if one.until is None else datetime.fromisoformat(one.until)
        lines.append(
            _plain(f"  {_about(words, one, until)}, ends in {one.last}, by {one.by}")
        )
    return lines


def _plain(text: str) -> Line:
    return Line((Span(one_line(text)),))


def _about(words: Wording, one: TokenMade | TokenInfo, until: datetime | None) -> str:
    scope = Scope(one.post, one.read)
    end = "until it is revoked" if until is None else f"until {words.stamp(until)}"
    return one_line(f"{one.id} of {one.name} to {scope}, {end}")
