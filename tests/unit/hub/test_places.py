"""Where somebody comes from, and what holds against it."""

from __future__ import annotations

import pytest

from hubbub.hub import Hub, State
from hubbub.model.address import LOBBY
from hubbub.model.commands import Join, Post, PostOnce
from hubbub.model.durations import split_target
from hubbub.model.events import SERVER_ID
from hubbub.model.limits import Limits
from hubbub.model.moderation import Ban, Kick, Mute, Slow
from hubbub.model.places import covers, parse_place, place_of
from hubbub.model.refusals import Code, Refusal

HERE = "203.0.113.7"


@pytest.mark.parametrize(
    ("host", "place"),
    [
        ("127.0.0.1", ""),
        ("::1", ""),
        ("::ffff:127.0.0.1", ""),
        ("", ""),
        ("10.0.0.1", "10.0.0.1"),
        ("2001:db8:0:1:2:3:4:5", "2001:db8:0:1::"),
    ],
)
def test_places(host: str, place: str) -> None:
    """The hub's own machine is none; an IPv6 address counts by its network."""
    assert place_of(host) == place
    if host:
        assert parse_place(host) == place


def test_networks() -> None:
    """A network covers what lies in it, and nothing of another kind."""
    assert parse_place("10.0.0.0/24") == "10.0.0.0/24"
    assert parse_place("127.0.0.0/8") == ""
    assert parse_place("alice") is None
    assert covers("10.0.0.0/24", "10.0.0.9")
    assert not covers("10.0.0.0/24", "10.0.1.9")
    assert not covers("10.0.0.0/24", "2001:db8:0:1::")


def code(hub: Hub, actor: int, command: Join | Post | PostOnce, time: int) -> str:
    """Give the code of a refusal, or "" when there is none."""
    outcome = hub.execute(actor, command, time)
    return outcome.code.value if isinstance(outcome, Refusal) else ""


def test_a_kicked_guest_does_not_come_straight_back() -> None:
    """Under no name from there, nor by saying one thing, for a minute."""
    hub = Hub(Limits())
    hub.execute(SERVER_ID, Join("bob", place=HERE), 0)
    hub.execute(SERVER_ID, Kick("bob", places=(HERE,)), 1_000)
    hub.state = State.load(hub.state.dump())
    assert code(hub, SERVER_ID, Join("rob", place=HERE), 60_999) == Code.TOO_SOON
    once = PostOnce("rob", LOBBY, "hi", place=HERE)
    assert code(hub, SERVER_ID, once, 60_999) == Code.TOO_SOON
    assert code(hub, SERVER_ID, Join("eve", place="203.0.113.8"), 2_000) == ""
    assert code(hub, SERVER_ID, Join("rob", place=HERE), 61_000) == ""


def test_no_mute_and_no_slow_room_is_dodged_by_coming_in_anew() -> None:
    """A new guest of the same place is muted; a new guest of a slow lobby waits."""
    hub = Hub(Limits())
    hub.execute(SERVER_ID, Join("bob", place=HERE), 0)
    hub.execute(SERVER_ID, Mute("bob", None, "", (HERE,)), 0)
    hub.execute(SERVER_ID, Join("rob", place=HERE), 0)
    rob = hub.find_user("rob")
    assert rob is not None
    assert code(hub, rob.id, Post(LOBBY, "hi"), 1) == Code.MUTED
    hub.execute(SERVER_ID, Slow(LOBBY, 10), 1)
    hub.execute(SERVER_ID, Join("eve"), 1_000)
    eve = hub.find_user("eve")
    assert eve is not None
    assert code(hub, eve.id, Post(LOBBY, "hi"), 10_999) == Code.TOO_SOON
    assert code(hub, eve.id, Post(LOBBY, "hi"), 11_000) == ""
    assert code(hub, eve.id, Post(LOBBY, "hi"), 11_001) == Code.TOO_SOON


def test_a_ban_ends() -> None:
    """At its moment, and not before."""
    hub = Hub(Limits())
    hub.execute(SERVER_ID, Ban("10.0.0.0/24", 60), 0)
    assert code(hub, SERVER_ID, Join("bob", place="10.0.0.3"), 59_999) == Code.BANNED
    assert code(hub, SERVER_ID, Join("bob", place="10.0.0.3"), 60_000) == ""


def test_targets() -> None:
    """`for` begins a length of time, or a reason; half a length is nothing."""
    assert split_target("bob for 2h loud") == ("bob", 7200, "loud")
    assert split_target("bob for spamming") == ("bob", None, "for spamming")
    assert split_target("bob for 2 hours") is None
    assert split_target("") is None
