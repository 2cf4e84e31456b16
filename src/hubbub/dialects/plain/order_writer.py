"""The lists of those who keep order, as lines of the plain dialect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hubbub.dialects.plain.words import listed, table
from hubbub.model.answers import Audit, Bans
from hubbub.model.invites import InviteMade, Invites
from hubbub.model.wording import word_act

Moment = Callable[[int], str]
"""Words a time with its day, given in Unix milliseconds."""


def ban_lines(answer: Bans, ts: str, moment: Moment) -> str:
    """Write the bans in force, a line each."""
    if not answer.bans:
        return f"{ts} Nobody is banned\n"
    rows: list[str] = []
    for ban in answer.bans:
        places = f" ({listed(ban.places)})" if ban.places else ""
        end = f"until {moment(ban.until)}" if ban.until else "for good"
        reason = f": {ban.reason}" if ban.reason else ""
        rows.append(f"{ban.name}{places} by {ban.by} {end}{reason}")
    return table(ts, "ban", rows)


def act_lines(answer: Audit, ts: str, moment: Moment) -> str:
    """Write a page of acts, or of reports, a line each."""
    what = "report" if answer.reports else "act"
    if not answer.acts:
        return f"{ts} No {what}s yet\n"
    rows: list[str] = []
    for act in answer.acts:
        words = word_act(act, own=False, moment=moment)
        one = words.replace("\n", " ")
        rows.append(f"[{moment(act.time)}] ({act.seq}) {one}")
    return table(ts, what, rows)


def invite_lines(answer: InviteMade, ts: str, moment: Moment) -> str:
    """Write a code and how one comes in with it, the only time that it is written."""
    who = f"anybody until {moment(answer.until)}" if answer.until else "one person"
    lines = [
        f"{ts} Invitation {answer.id}, for {who}; it is shown this once:",
        f"  {answer.code.value}",
        *([f"  {answer.command}"] if answer.command else ()),
        *([f"  {answer.link}"] if answer.link else ()),
    ]
    return "\n".join(lines) + "\n"


def invites_lines(answer: Invites, ts: str, moment: Moment) -> str:
    """Write the codes that are good, by their ids, a line each."""
    if not answer.invites:
        return f"{ts} There are no invitations; make one with :invite new\n"
    rows: list[str] = []
    for one in answer.invites:
        end = f"anybody until {moment(one.until)}" if one.until else "one person"
        rows.append(f"{one.id} by {one.by} at {moment(one.since)}, for {end}")
    return table(ts, "invitation", rows)


DATED: dict[type, Callable[[Any, str, Moment], str]] = {
    Bans: ban_lines,
    Audit: act_lines,
    Invites: invites_lines,
}
"""What is answered to those who keep order, and has days in it."""
