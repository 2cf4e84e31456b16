"""Invitations at the terminal: made, shown as a picture, and used."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from tests.unit.client.line.at_terminal import AtTerminal
from tests.unit.client.loopback import LoopbackHub

from hubbub.client import InviteInfo, InviteMade, InvitesListed
from hubbub.dialects.json_lines import frames
from hubbub.dialects.json_lines.order_frames import AdminRequest
from hubbub.fronts.line.commands import Ask, Wrong, read_line
from hubbub.fronts.line.invitations import picture
from hubbub.fronts.line.lines import Wording

if TYPE_CHECKING:
    from collections.abc import Callable

CODE = "7k2mx-9qd4v-t3e8r-w1zyh-c5n6p"
LINK = f"http://10.0.0.2:5000/#invite={CODE}"
NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
CHOSEN = "chosen by me"


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        (":invite new", AdminRequest("invite")),
        (":invite new for 2d", AdminRequest("invite", seconds=172_800)),
        (":invites", AdminRequest("invites")),
        (":invite revoke 7", AdminRequest("invite-revoke", id=7)),
    ],
)
def test_what_is_typed(line: str, asked: AdminRequest) -> None:
    assert read_line(line) == Ask(asked)


@pytest.mark.parametrize("line", [":invite", ":invite new for ever", ":invite bob"])
def test_what_is_not_understood(line: str) -> None:
    assert isinstance(read_line(line), Wrong)


def test_a_code_is_shown_with_all_ways_to_use_it() -> None:
    words = Wording(lambda: NOW)
    made = InviteMade("r1", 7, CODE, None, LINK, f"hubbub join h 5 --invite {CODE}")
    lines = [line.text for line in words.event(made)]
    assert "one person" in lines[0]
    assert lines[1:] == [
        f"  {CODE}",
        f"  hubbub join h 5 --invite {CODE}",
        f"  {LINK}",
    ]
    until = InviteMade("r1", 8, CODE, NOW.replace(hour=13))
    assert "anybody until" in words.event(until)[0].text
    listed = InvitesListed("r2", (InviteInfo(7, "ann", "2026-01-02T11:00:00.000Z"),))
    assert [line.text for line in words.event(listed)][1].startswith("  7 by ann at")
    (none,) = words.event(InvitesListed("r3", ()))
    assert ":invite new" in none.text


def test_a_picture_where_there_is_room() -> None:
    made = InviteMade("r1", 7, CODE, None, LINK)
    rows = picture(made, 80)
    assert len({len(row.text) for row in rows}) == 1
    assert not picture(made, len(rows[0].text) - 1)
    assert not picture(InviteMade("r1", 7, CODE), 80)
    # What a hub says that is none of ours.
    assert not picture(InviteMade("r1", 7, CODE, None, "x" * 3000), 10_000)
    assert not picture(InvitesListed("r1", ()), 80)


def invites(password: str) -> Callable[[frames.ClientFrame], frames.Error | None]:
    """Want a new password from whoever shows the code, and take none but one."""

    def refuse(frame: frames.ClientFrame) -> frames.Error | None:
        if not isinstance(frame, frames.Hello) or frame.invite is None:
            return None
        if frame.invite != CODE:
            return frames.Error("invite_invalid", "that lets nobody in", "hello")
        if frame.password is None:
            return frames.Error("new_password_needed", "choose a password", "hello")
        if frame.password != password:
            return frames.Error("password_invalid", "too short", "hello")
        return None

    return refuse


def test_a_password_is_chosen_twice(at: AtTerminal, hub: LoopbackHub) -> None:
    """Differing ones and one that is refused are asked for again, and none is shown."""
    hub.hub.refuse = invites(CHOSEN)

    def script() -> None:
        at.waits_for("choose a password")
        at.waits_for("^NEW PASSWORD :$")
        at.types(f"{CHOSEN}\r")
        at.waits_for("^THE SAME AGAIN :$")
        at.types("another\r")
        at.waits_for("the two passwords differ")
        at.waits_for("^NEW PASSWORD :$")
        at.types("short\rshort\r")
        at.waits_for("error: too short")
        at.waits_for("^NEW PASSWORD :$")
        at.types(f"{CHOSEN}\r{CHOSEN}\r")
        at.waits_for("1 online: alice")
        at.waits_for("^YOU >>")
        at.types(":quit\r")

    assert at.run(script, invite=CODE) == 0
    assert CHOSEN not in at.screen.raw


def test_an_empty_line_is_for_another_name(at: AtTerminal, hub: LoopbackHub) -> None:
    hub.hub.refuse = invites(CHOSEN)

    def script() -> None:
        at.waits_for("^NEW PASSWORD :$")
        at.types("\r")
        at.waits_for("^NAME :$")
        at.types("carol\r")
        at.waits_for("^NEW PASSWORD :$")
        at.types(f"{CHOSEN}\r{CHOSEN}\r")
        at.waits_for("1 online: carol")
        at.types(":quit\r")

    assert at.run(script, invite=CODE) == 0


def test_a_code_that_lets_nobody_in(at: AtTerminal, hub: LoopbackHub) -> None:
    """It is said, and a name is asked for, with which one may come in without."""
    hub.hub.refuse = invites(CHOSEN)

    def script() -> None:
        at.waits_for("error: that lets nobody in")
        at.waits_for("^NAME :$")
        at.types("carol\r")
        at.waits_for("1 online: carol")
        at.types(":quit\r")

    assert at.run(script, invite=CODE.replace("7", "8")) == 0
