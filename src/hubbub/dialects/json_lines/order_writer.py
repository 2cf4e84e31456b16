"""Acts, bans, invitations and audit trails to frames."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hubbub.dialects.json_lines import order_frames
from hubbub.dialects.json_lines.fields import Frame
from hubbub.model import acts
from hubbub.model.answers import Audit, Bans
from hubbub.model.invites import InviteMade, Invites


def act_frame(
    act: acts.Act, clock: Callable[[int], str], *, own: bool
) -> order_frames.Act:
    """Write an act; fields that say nothing are left out."""
    return order_frames.Act(
        act.seq,
        clock(act.time),
        act.action,
        act.by,
        act.name or None,
        act.room or None,
        clock(act.until) if act.until else None,
        act.seconds if act.action == "slowed" else None,
        act.message or None,
        act.text or None,
        act.reason or None,
        own,
    )


def audit_page(answer: Audit, clock: Callable[[int], str]) -> order_frames.AuditPage:
    """Write a page of acts."""
    written = tuple(act_frame(act, clock, own=False) for act in answer.acts)
    return order_frames.AuditPage(written, answer.more, answer.reports)


def ban_list(answer: Bans, clock: Callable[[int], str]) -> order_frames.BanList:
    """Write the bans in force."""
    return order_frames.BanList(
        tuple(
            order_frames.BanInfo(
                ban.name,
                ban.by,
                clock(ban.since),
                clock(ban.until) if ban.until else None,
                ban.reason or None,
                ban.places,
            )
            for ban in answer.bans
        )
    )


def invite(answer: InviteMade, clock: Callable[[int], str]) -> order_frames.Invite:
    """Write a code, the only time that it is written."""
    return order_frames.Invite(
        answer.id,
        answer.code.value,
        clock(answer.until) if answer.until else None,
        answer.link or None,
        answer.command or None,
    )


def invite_list(
    answer: Invites, clock: Callable[[int], str]
) -> order_frames.InviteList:
    """Write the codes that are good."""
    return order_frames.InviteList(
        tuple(
            order_frames.InviteInfo(
                one.id,
                one.by,
                clock(one.since),
                clock(one.until) if one.until else None,
            )
            for one in answer.invites
        )
    )


DATED: dict[type, Callable[[Any, Callable[[int], str]], Frame]] = {
    Bans: ban_list,
    Audit: audit_page,
    InviteMade: invite,
    Invites: invite_list,
}
"""What is answered to those who keep order, and has times in it."""
