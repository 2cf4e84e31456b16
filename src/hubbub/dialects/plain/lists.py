"""Lists that were asked for, as lines of the plain dialect."""

from __future__ import annotations

from collections.abc import Callable

from hubbub.dialects.plain.words import count_of, listed
from hubbub.model.answers import Groups, GroupSummary, Sessions

Moment = Callable[[int], str]
"""Words Unix milliseconds as the local day and time."""


def group_list(answer: Groups, ts: str) -> str:
    """Write the groups on one line."""
    if not answer.groups:
        return f"{ts} There are no groups; make one with :group create <name>\n"
    groups = listed(
        f"#{group.name} ({', '.join(_facts(group))})" for group in answer.groups
    )
    return f"{ts} {count_of(len(answer.groups), 'group')}: {groups}\n"


def _facts(group: GroupSummary) -> list[str]:
    """Say what there is to know of a group, in a list of them."""
    facts = [count_of(group.members, "member")]
    if group.private:
        facts.append("private")
    if group.frozen:
        facts.append("frozen")
    if group.slow:
        facts.append(f"slow {group.slow} s")
    return facts


def session_table(answer: Sessions, ts: str, moment: Moment) -> str:
    """Write who is connected, a row each."""
    lines = [f"{ts} {count_of(len(answer.sessions), 'connection')}"]
    rows = [("NAME", "ROLE", "ADDRESS", "SINCE", "DIALECT", "GROUPS")]
    rows.extend(
        (
            one.name,
            one.role,
            one.address,
            moment(one.since),
            one.dialect,
            listed(f"#{group}" for group in one.groups),
        )
        for one in answer.sessions
    )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines.extend(
        "  "
        + "  ".join(
            cell.ljust(width) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    )
    return "\n".join(lines) + "\n"
