"""Codes as each dialect writes them, the one time that they are."""

from __future__ import annotations

import json

from hubbub.dialects.json_lines import frames
from hubbub.dialects.json_lines.writer import JsonWriter
from hubbub.dialects.plain.console import ConsoleWriter
from hubbub.dialects.plain.writer import PlainWriter
from hubbub.model.invites import InviteMade, Invites, InviteSummary, NameWanted
from hubbub.model.secret import Secret

NOON = 1_700_000_000_123
UNTIL = "2023-11-14T22:13:20.123Z"
CODE = "7k2mx-9qd4v-t3e8r-w1zyh-c5n6p"
LINK = f"http://h:5/#invite={CODE}"
COMMAND = f"hubbub join h 5 --invite {CODE}"
MADE = InviteMade(7, Secret(CODE), 0, LINK, COMMAND)
BARE = InviteMade(8, Secret(CODE), NOON)

plain = PlainWriter(color=False)
json_writer = JsonWriter(
    frames.ServerInfo("hubbub", "0", 1), frames.LimitsInfo(1, 1, 1, 1)
)


def test_in_lines() -> None:
    """With what one comes in by; where that is not known, the code alone."""
    head, *rest = plain.answer(MADE, NOON).decode().splitlines()
    assert head.endswith("Invitation 7, for one person; it is shown this once:")
    assert rest == [f"  {CODE}", f"  {COMMAND}", f"  {LINK}"]
    head, *rest = plain.answer(BARE, NOON).decode().splitlines()
    assert "for anybody until 2023-11-1" in head
    assert rest == [f"  {CODE}"]


def test_in_frames() -> None:
    told = [json.loads(json_writer.answer(one, NOON)) for one in (MADE, BARE)]
    assert told == [
        {"type": "invite", "id": 7, "invite": CODE, "link": LINK, "command": COMMAND},
        {
            "type": "invite",
            "id": 8,
            "invite": CODE,
            "until": "2023-11-14T22:13:20.123Z",
        },
    ]


def test_the_console_draws_the_link() -> None:
    """Where its colours are sure, and where there is a link."""
    drawing = ConsoleWriter(color=True, draw=lambda link: [f"<{link}>"])
    assert drawing.answer(MADE, NOON).decode().endswith(f"  {LINK}\n<{LINK}>\n")
    assert drawing.answer(BARE, NOON).decode().endswith(f"  {CODE}\n")
    bare = ConsoleWriter(color=False)
    assert bare.answer(MADE, NOON).decode().endswith(f"  {LINK}\n")


def test_the_list() -> None:
    listed = Invites(
        (InviteSummary(7, "ann", NOON, 0), InviteSummary(8, "bob", NOON, NOON))
    )
    head, first, second = plain.answer(listed, NOON).decode().splitlines()
    assert head.endswith("2 invitations")
    assert first.startswith("  7 by ann at 2023-11-1")
    assert first.endswith(", for one person")
    assert "for anybody until 2023-11-1" in second


def test_the_name_is_asked_for_in_lines_alone() -> None:
    """No frame shows a code before a name."""
    asked = plain.answer(NameWanted(), NOON).decode()
    assert "NAME : you are invited; the next line is the name" in asked
    assert json_writer.answer(NameWanted(), NOON) == b""
