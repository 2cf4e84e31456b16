"""The protocol by playbook: coming in with an invitation, and making some."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.unit.client.fake_hub import NOON
from tests.unit.client.play import TIME, Play, welcome

from hubbub.client import InviteInfo, InviteMade, InvitesListed, NameRefused
from hubbub.dialects.json_lines.order_frames import AdminRequest

CODE = "7k2mx-9qd4v-t3e8r-w1zyh-c5n6p"


def error(code: str, text: str = "a sentence") -> dict[str, Any]:
    return {"type": "error", "code": code, "text": text, "re": "hello"}


def test_a_code_goes_along_until_one_is_in() -> None:
    """Asked for a password, the hello is said again with both; later with neither."""
    play = Play(invite=CODE)
    play.protocol.connection_made()
    (hello,) = play.sent()
    assert hello["invite"] == CODE
    assert "password" not in hello
    (refused,) = play.gets(error("new_password_needed"))
    assert refused == NameRefused("alice", "new_password_needed", "a sentence")
    play.protocol.choose_name("alice", "chosen by me")
    (again,) = play.sent()
    assert (again["invite"], again["password"]) == (CODE, "chosen by me")
    assert again["key"] == hello["key"]
    play.gets(welcome())
    play.protocol.connection_lost()
    play.protocol.connection_made()
    (later,) = play.sent()
    assert "invite" not in later
    # Should the seat be gone, the name still needs it.
    assert later["password"] == "chosen by me"


def test_a_lost_answer_has_the_same_hello_said_again() -> None:
    play = Play(invite=CODE, password="chosen by me")
    hellos = []
    for _ in range(2):
        play.protocol.connection_made()
        hellos += play.sent()
        play.protocol.connection_lost()
    first, second = hellos
    assert (first["invite"], first["key"]) == (second["invite"], second["key"])


def test_a_code_that_lets_nobody_in_is_not_shown_again() -> None:
    play = Play(invite=CODE)
    play.protocol.connection_made()
    play.sent()
    (refused,) = play.gets(error("invite_invalid"))
    assert isinstance(refused, NameRefused)
    play.protocol.choose_name("alice")
    (again,) = play.sent()
    assert "invite" not in again


def test_what_is_told_of_codes() -> None:
    """Each answer is that of its request, in order."""
    play = Play().joined()
    asked = [
        play.protocol.ask(AdminRequest("invite")),
        play.protocol.ask(AdminRequest("invite", seconds=3600)),
        play.protocol.ask(AdminRequest("invites")),
    ]
    play.sent()
    until = "2026-01-02T13:00:00.000Z"
    told = play.gets(
        {"type": "invite", "id": 7, "invite": CODE},
        {"type": "invite", "id": 8, "invite": CODE, "until": until, "link": "l"},
        {"type": "invites", "invites": [{"id": 7, "by": "ann", "since": NOON}]},
        {"type": "invite", "id": 9, "invite": CODE, "until": "never"},
    )
    hour = TIME + timedelta(hours=1)
    assert told[:3] == [
        InviteMade(asked[0], 7, CODE),
        InviteMade(asked[1], 8, CODE, hour, "l"),
        InvitesListed(asked[2], (InviteInfo(7, "ann", NOON),)),
    ]
    assert len(told) == 4
    assert play.protocol.pending == ()


def test_making_one_is_not_asked_twice_but_the_list_is() -> None:
    play = Play().joined()
    play.protocol.ask(AdminRequest("invite"))
    listed = play.protocol.ask(AdminRequest("invites"))
    play.sent()
    (lost,) = play.protocol.connection_lost()
    assert type(lost).__name__ == "Unconfirmed"
    assert [one.re for one in play.protocol.pending] == [listed]
