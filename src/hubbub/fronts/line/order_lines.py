"""Acts of keeping order as lines for people, in the words of the plain dialect."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hubbub.client import Acted, AuditListed, BansListed, InviteMade, InvitesListed
from hubbub.fronts.line.invitations import invite_lines
from hubbub.fronts.line.paint import Line, Span
from hubbub.model.acts import Act
from hubbub.model.text import clean, one_line
from hubbub.model.wording import word_act

if TYPE_CHECKING:
    from hubbub.fronts.line.lines import Wording

RED, GREEN, BLUE = "31", "32", "34"


def order_lines(
    words: Wording,
    event: Acted | BansListed | AuditListed | InviteMade | InvitesListed,
) -> list[Line]:
    """Word what those do who keep order.

    Args:
        words: Words times.
        event: What happened, or a list that was asked for.
    """
    match event:
        case Acted():
            return _act(words, event)
        case InviteMade() | InvitesListed():
            return invite_lines(words, event)
        case BansListed(bans=()):
            return [words.note("Nobody is banned")]
        case BansListed():
            lines = [words.note(_count(len(event.bans), "ban"))]
            for ban in event.bans:
                places = f" ({', '.join(ban.addresses)})" if ban.addresses else ""
                until = None if ban.until is None else datetime.fromisoformat(ban.until)
                end = "for good" if until is None else f"until {_moment(words, until)}"
                reason = f": {ban.reason}" if ban.reason else ""
                text = f"  {ban.name}{places} by {ban.by} {end}{reason}"
                lines.append(Line((Span(one_line(text)),)))
            return lines
        case AuditListed():
            what = "report" if event.reports else "act"
            if not event.acts:
                return [words.note(f"No {what}s yet")]
            lines = [words.note(_count(len(event.acts), what))]
            for act in event.acts:
                text = one_line(_words(words, act))
                head = f"  {words.stamp(act.time)} ({act.seq}) "
                lines.append(Line((Span(head + text),)))
            return lines


def _act(words: Wording, event: Acted) -> list[Line]:
    stamp = f"{words.stamp(event.time)} "
    announced = event.action == "announced"
    sgr = GREEN if announced else BLUE if event.room else RED
    return [
        Line((Span(stamp, sgr),), (Span(line, sgr),))
        for line in clean(_words(words, event)).split("\n")
    ]


def _words(words: Wording, event: Acted) -> str:
    until = 0 if event.until is None else int(event.until.timestamp() * 1000)
    act = Act(
        event.seq,
        int(event.time.timestamp() * 1000),
        event.action,
        event.by,
        event.name or "",
        event.room or "",
        until,
        event.seconds or 0,
        event.message or 0,
        event.text or "",
        event.reason or "",
    )
    return word_act(
        act,
        own=event.own,
        moment=lambda time: _moment(words, datetime.fromtimestamp(time / 1000, UTC)),
    )


def _moment(words: Wording, when: datetime) -> str:
    return words.stamp(when).strip("[]")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
