"""The protocol by playbook: what is asked, and what happens meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.client.fake_hub import NOON
from tests.unit.client.play import TIME, Play, message

from hubbub.client import (
    Acknowledged,
    GroupChanged,
    GroupInfo,
    GroupsListed,
    HistoryPage,
    Joined,
    Kicked,
    Left,
    MembersListed,
    Message,
    Refused,
    Renamed,
    UsersListed,
)

# --- asking --------------------------------------------------------------------------


def test_answers_name_their_request() -> None:
    play = Play().joined()
    asked = [
        play.protocol.users(),
        play.protocol.history("#tea", before=9, limit=2),
        play.protocol.group("list"),
        play.protocol.group("members", "tea"),
    ]
    assert asked == ["r1", "r2", "r3", "r4"]
    assert play.sent() == [
        {"type": "users"},
        {"type": "history", "of": "#tea", "before": 9, "limit": 2},
        {"type": "group", "action": "list"},
        {"type": "group", "action": "members", "name": "tea"},
    ]
    page = {"type": "history", "of": "#tea", "messages": [message(3)], "more": True}
    groups = [{"name": "tea", "members": 1, "joined": True}]
    assert play.gets(
        {"type": "users", "users": ["bob"]},
        page,
        {"type": "groups", "groups": groups},
        {"type": "members", "group": "tea", "members": ["alice"]},
    ) == [
        UsersListed("r1", ("bob",)),
        HistoryPage("r2", "#tea", (Message(3, TIME, "bob", "lobby", "hi"),), more=True),
        GroupsListed("r3", (GroupInfo("tea", 1, joined=True),)),
        MembersListed("r4", "tea", ("alice",)),
    ]
    assert play.protocol.pending == ()
    assert play.protocol.view.people == ("bob",)
    assert play.protocol.view.groups == ("tea",)


def test_an_answer_to_nothing_is_still_told() -> None:
    play = Play().joined()
    assert play.gets({"type": "users", "users": ["bob"]}) == [
        UsersListed(None, ("bob",))
    ]


def test_a_group_needs_a_name() -> None:
    with pytest.raises(ValueError, match="join needs a name"):
        Play().protocol.group("join")


def test_changes_of_groups_are_answered_by_events() -> None:
    play = Play().joined()
    for action in ("create", "join", "leave"):
        play.protocol.group(action, "Tea")
    play.sent()

    def group(seq: int, action: str) -> dict[str, Any]:
        head = {"type": "group", "seq": seq, "time": NOON, "action": action}
        return {**head, "group": "tea", "name": "alice", "you": True}

    events = play.gets(group(2, "created"), group(3, "joined"), group(4, "left"))
    assert [event.re for event in events if isinstance(event, GroupChanged)] == [
        "r1",
        "r2",
        "r3",
    ]
    assert play.protocol.pending == ()


def test_an_event_that_overtakes_a_refusal_finds_its_own_request() -> None:
    """ "Answers stand after the events of the turn in which they were asked"."""
    play = Play().joined()
    play.protocol.group("join", "nope")
    play.protocol.group("join", "tea")
    play.sent()
    joined = {"type": "group", "seq": 2, "time": NOON, "action": "joined"}
    error = {"type": "error", "code": "group_unknown", "text": "no", "re": "group"}
    events = play.gets({**joined, "group": "tea", "name": "alice", "you": True}, error)
    assert [getattr(event, "re", None) for event in events] == ["r2", "r1"]


@pytest.mark.parametrize(
    ("ask", "re"),
    [
        (lambda protocol: protocol.users(), "users"),
        (lambda protocol: protocol.history(), "history"),
        (lambda protocol: protocol.group("create", "x"), "group"),
    ],
)
def test_a_refusal_names_the_type(ask: Any, re: str) -> None:
    play = Play().joined()
    ask(play.protocol)
    play.sent()
    error = {"type": "error", "code": "some_code", "text": "no", "re": re}
    assert play.gets(error) == [Refused("some_code", "no", "r1")]


# --- events --------------------------------------------------------------------------


def test_events_change_who_is_here() -> None:
    play = Play().joined()
    head = {"time": NOON}
    events = play.gets(
        {"type": "joined", "seq": 2, **head, "name": "carol", "address": "1.2.3.4:5"},
        {"type": "left", "seq": 3, **head, "name": "bob", "reason": "quit"},
        {"type": "renamed", "seq": 4, **head, "from": "carol", "to": "dave"},
        {"type": "renamed", "seq": 5, **head, "from": "alice", "to": "al", "you": True},
        {"type": "kicked", "seq": 6, **head, "name": "dave", "by": "SERVER"},
        {"type": "joined", "seq": 7, **head, "name": "bob", "returned": True},
    )
    assert events == [
        Joined(2, TIME, "carol", "1.2.3.4:5", returned=False),
        Left(3, TIME, "bob", "quit"),
        Renamed(4, TIME, "carol", "dave", own=False),
        Renamed(5, TIME, "alice", "al", own=True),
        Kicked(6, TIME, "dave", "SERVER", None, own=False),
        Joined(7, TIME, "bob", None, returned=True),
    ]
    assert play.protocol.view.people == ("al", "bob")
    assert play.protocol.view.name == "al"


def test_events_change_ones_groups() -> None:
    play = Play().joined(groups=["a", "b"])
    head = {"type": "group", "time": NOON}
    play.gets(
        {**head, "seq": 2, "action": "created", "group": "c", "name": "alice"},
        {**head, "seq": 3, "action": "joined", "group": "b", "name": "bob"},
        {**head, "seq": 4, "action": "left", "group": "b", "name": "bob"},
        {**head, "seq": 5, "action": "left", "group": "a", "name": "alice"},
        {**head, "seq": 6, "action": "created", "group": "z", "name": "bob"},
    )
    assert ",".join(play.protocol.view.groups) == "b,c"
    play.gets({**head, "seq": 7, "action": "ended", "group": "b"})
    assert ",".join(play.protocol.view.groups) == "c"


def test_the_hubs_ping_is_answered() -> None:
    play = Play().joined()
    assert play.gets({"type": "ping", "id": "7"}, {"type": "pong"}) == []
    assert play.sent() == [{"type": "pong", "id": "7"}]


def test_our_ping_goes_out() -> None:
    play = Play().joined()
    play.protocol.ping()
    assert play.sent() == [{"type": "ping"}]


def test_bye_is_the_last_frame() -> None:
    play = Play().joined()
    play.protocol.send("last words")
    play.protocol.bye()
    assert [frame["type"] for frame in play.sent()] == ["send", "bye"]
    play.protocol.send("too late")
    assert play.sent() == []
    own = message(2, "last words", **{"from": "alice", "nonce": "n1"})
    assert Acknowledged("n1", 2) in play.gets(own)


def test_what_follows_the_hubs_bye_is_not_read() -> None:
    play = Play().joined()
    bye = {"type": "bye", "code": "kicked", "reason": "you were kicked"}
    assert play.gets(message(2), bye, message(3)) == [
        Message(2, TIME, "bob", "lobby", "hi")
    ]
    assert play.gets(message(4)) == []
    assert play.protocol.farewell is not None
    assert play.protocol.farewell.code == "kicked"
