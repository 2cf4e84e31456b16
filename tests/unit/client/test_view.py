"""What a client knows of rooms and of itself, whatever the hub tells."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.client.fake_hub import NOON
from tests.unit.client.play import LIMITS, Play, welcome

from hubbub.client import Connected, LimitsInfo, Reconnected, RoomDescribed, RoomInfo
from hubbub.client import rooms as rooms_module
from hubbub.client import view as view_module

TEA: dict[str, Any] = {"room": "#tea", "topic": "Assam", "rank": "mod"}


def act(seq: int, action: str, **fields: Any) -> dict[str, Any]:
    return {"type": "act", "seq": seq, "time": NOON, "action": action} | {
        "by": "bob",
        **fields,
    }


def group(seq: int, action: str, name: str = "tea", **fields: Any) -> dict[str, Any]:
    event = {"type": "group", "seq": seq, "time": NOON, "action": action}
    return {**event, "group": name, "name": "alice", **fields}


def test_a_welcome_says_how_things_stand() -> None:
    play = Play()
    play.protocol.connection_made()
    play.sent()
    frozen = {"room": "lobby", "frozen": True}
    told = welcome(groups=["tea"], role="owner", rooms=[frozen, TEA])
    rooms = (
        RoomInfo("lobby", frozen=True),
        RoomInfo("#tea", topic="Assam", rank="mod"),
    )
    here = ("alice", ("alice", "bob"), ("tea",))
    assert play.gets(told) == [Connected(*here, LimitsInfo(**LIMITS), "owner", rooms)]
    assert play.reconnects(groups=["tea"], resumed=True) == [Reconnected(*here, True)]
    assert play.protocol.view.role == "guest"
    assert play.protocol.view.rooms.special == ()


@pytest.mark.parametrize(
    ("told", "rank", "topic", "frozen", "slow", "private"),
    [
        (act(2, "frozen", room="#tea"), "mod", "Assam", True, 0, False),
        (act(2, "slowed", room="#tea", seconds=10), "mod", "Assam", False, 10, False),
        (act(2, "topic", room="#tea", text="Oolong"), "mod", "Oolong", False, 0, False),
        (act(2, "topic", room="#tea"), "mod", None, False, 0, False),
        (act(2, "private", room="#tea"), "mod", "Assam", False, 0, True),
        (
            act(2, "group_role", room="#tea", name="alice", text="owner"),
            "owner",
            "Assam",
            False,
            0,
            False,
        ),
        (
            act(2, "group_role", room="#tea", name="alice", text="member"),
            None,
            "Assam",
            False,
            0,
            False,
        ),
        (
            act(2, "group_role", room="#tea", name="bob", text="owner"),
            "mod",
            "Assam",
            False,
            0,
            False,
        ),
    ],
)
def test_acts_change_it(
    told: dict[str, Any],
    rank: str | None,
    topic: str | None,
    frozen: bool,
    slow: int,
    private: bool,
) -> None:
    play = Play().joined(groups=["tea"], rooms=[TEA])
    play.gets(told)
    room = RoomInfo("#tea", private, frozen, slow, topic, rank)
    assert play.protocol.view.rooms.find("#tea") == room
    assert play.protocol.view.rooms.find("lobby") == RoomInfo("lobby")


def test_what_ends() -> None:
    play = Play().joined(groups=["tea"], rooms=[TEA])
    view = play.protocol.view
    play.gets(act(2, "frozen", room="lobby"), act(3, "frozen", room="#tea"))
    play.gets(act(4, "unfrozen", room="lobby"), act(5, "unfrozen", room="#tea"))
    play.gets(act(6, "slowed", room="lobby", seconds=9), act(7, "slowed", room="lobby"))
    assert view.rooms.special == (RoomInfo(**TEA),)
    play.gets(act(8, "group_renamed", room="#tea", text="chai"))
    assert view.rooms.find("#chai") == RoomInfo("#chai", topic="Assam", rank="mod")
    assert list(view.groups) == ["chai"]
    play.gets(group(9, "left", "chai"))
    assert view.rooms.find("#chai") is None
    assert list(view.groups) == []


def test_a_group_that_is_joined_or_made() -> None:
    view = (play := Play().joined()).protocol.view
    # Of a room that one is not in, nothing is kept.
    play.gets({"type": "room", **TEA}, act(2, "frozen", room="#tea"))
    assert view.rooms.find("#tea") is None
    told = play.gets(group(3, "joined"), {"type": "room", **TEA})
    assert told[-1] == RoomDescribed(RoomInfo(**TEA))
    assert view.rooms.find("#tea") == RoomInfo(**TEA)
    play.gets(group(4, "left"), group(5, "joined"))
    assert view.rooms.find("#tea") == RoomInfo("#tea")
    play.gets(group(6, "created", "rum", private=True))
    assert view.rooms.find("#rum") == RoomInfo("#rum", private=True, rank="owner")


def test_a_list_of_groups_says_it_anew() -> None:
    view = (play := Play().joined(groups=["tea"])).protocol.view
    play.gets(act(2, "frozen", room="lobby"))
    mine = {"name": "rum", "members": 2, "joined": True, "slow": 5, "rank": "owner"}
    other = {"name": "tea", "members": 2, "topic": "Assam"}
    play.gets({"type": "groups", "groups": [mine, other]})
    assert view.rooms.special == (
        RoomInfo("lobby", frozen=True),
        RoomInfo("#rum", slow=5, rank="owner"),
    )
    assert view.groups == ("rum",)


def test_ones_role() -> None:
    view = (play := Play().joined()).protocol.view
    play.gets({"type": "done", "re": "account", "action": "register"})
    assert view.role == "member"
    role = {"type": "role", "time": NOON, "by": "SERVER"}
    play.gets({**role, "seq": 2, "name": "bob", "role": "owner"})
    assert view.role == "member"
    play.gets({**role, "seq": 3, "name": "alice", "role": "moderator", "you": True})
    assert view.role == "moderator"
    play.gets({"type": "done", "re": "admin", "action": "kick"})
    assert view.role == "moderator"
    play.gets({"type": "done", "re": "account", "action": "unregister"})
    assert view.role == "guest"


def test_a_hub_that_tells_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """docs/limits.md, "What is fixed": who comes beyond the bound is not listed."""
    monkeypatch.setattr(view_module, "_MOST_PEOPLE", 10)
    monkeypatch.setattr(rooms_module, "_MOST", 5)
    view = (play := Play().joined()).protocol.view
    for seq in range(2, 40):
        joined = {"type": "joined", "seq": seq, "time": NOON, "name": f"n{seq}"}
        assert len(play.gets(joined)) == 1
    assert len(view.people) == 10
    play.gets({"type": "left", "seq": 40, "time": NOON, "name": "n2", "reason": "quit"})
    play.gets({"type": "joined", "seq": 41, "time": NOON, "name": "x" * 33})
    assert len(view.people) == 9
    play.gets({"type": "users", "users": [f"n{number}" for number in range(99)]})
    assert len(view.people) == 10
    for seq in range(50, 70):
        play.gets(group(seq, "joined", f"g{seq}"))
        play.gets({"type": "room", "room": f"#g{seq}", "topic": "x" * 10_000})
    assert len(view.groups) == 5
    kept = view.rooms.find("#g50")
    assert kept is not None
    assert kept.topic is not None
    assert len(kept.topic) == 4_096
