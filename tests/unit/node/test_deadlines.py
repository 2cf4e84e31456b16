"""Waits run on the monotonic clock: for a name, an answer, a reader, a seat."""

from __future__ import annotations

import pytest
from tests.unit.node.harness import Client, World, kinds, texts

from hubbub.node.deadlines import Deadlines
from hubbub.node.session import Phase

HOUR = 3_600_000


@pytest.fixture(params=[0, HOUR, -HOUR], ids=["steady", "ahead", "back"])
def jump(request: pytest.FixtureRequest) -> int:
    """Give what the wall clock jumps by in the middle, in milliseconds."""
    return int(request.param)


def resume(world: World, token: str, after: int, name: str = "bob") -> Client:
    """Come back on a new connection."""
    client = world.connect()
    client.put("hello", name=name, resume={"token": token, "after": after})
    world.run()
    return client


def test_no_name_in_time(jump: int) -> None:
    """Without a name the connection ends after `handshake_seconds`, not before."""
    world = World()
    client = world.connect()
    client.type('{"type":"ping"}')
    world.wait(58, jump)
    assert client.session.is_open
    client.type('{"type":"ping"}')
    world.wait(5)
    assert client.take()[-1]["code"] == "handshake"
    world.wait(10)
    assert client.session in world.closed


def test_silence_is_asked_then_ended(jump: int) -> None:
    """After `idle_seconds` comes `ping`; without an answer `bye` with `idle`."""
    world = World()
    ann = world.json("ann")
    world.wait(298, jump)
    assert ann.take() == []
    world.wait(5)
    assert kinds(ann.take()) == ["ping"]
    world.wait(50)
    ann.put("pong")
    world.wait(290)
    assert ann.session.is_open
    assert ann.take() == []
    world.wait(75)
    assert [frame.get("code") for frame in ann.take()] == [None, "idle"]


def test_plain_people_may_be_silent() -> None:
    """A dialect that can't be asked is left to TCP keepalive."""
    world = World()
    ann = world.plain("ann")
    world.wait(4000)
    assert ann.session.is_open
    assert ann.text() == ""


def test_slow_reader_is_ended_after_the_drain_time(jump: int) -> None:
    """One that reads nothing for `drain_seconds` is told `slow` and closed."""
    world = World(outbox=300)
    ann, bob = world.json("ann"), world.json("bob")
    bob.reads = False
    for _ in range(10):
        ann.send("send", to="lobby", text="x" * 50)
    world.wait(57, jump)
    assert bob.session.is_open
    world.wait(8)
    assert bob.session.phase is Phase.ENDING or bob.session in world.closed
    assert ann.take()[-1]["reason"] == "slow"
    bob.drain()
    assert bob.take()[-1]["code"] == "slow"


def test_busy_reader_that_drains_is_not_slow() -> None:
    """Who empties the outbox again and again is served, though it is never idle."""
    world = World()
    ann, bob = world.json("ann"), world.json("bob")
    bob.reads = False
    for _ in range(90):
        bob.drain()
        world.run()
        ann.send("send", to="lobby", text="x")
        world.wait(1)
    assert bob.session.is_open


def test_seat_is_kept_for_its_time(jump: int) -> None:
    """Until `seat_seconds` are over the name and groups wait; then they are free."""
    world = World()
    ann, bob = world.json("ann"), world.json("bob")
    bob.send("group", action="create", name="tea")
    bob.drop()
    world.wait(178, jump)
    assert "taken" in world.connect().send("hello", name="bob")[0]["text"]
    world.wait(3)
    assert kinds(world.connect().send("hello", name="bob")) == ["welcome"]
    assert [f.get("action") for f in ann.take() if f["type"] == "group"] == [
        "created",
        "ended",
    ]


def test_resume_takes_the_seat_back() -> None:
    """Name, groups, and all that was missed, in order, before anything live."""
    world = World()
    ann, bob = world.json("ann"), world.json("bob")
    bob.send("group", action="create", name="tea")
    ann.send("group", action="join", name="tea")
    bob.drop()
    after = world.journal.last_seq - 1
    for number, to in enumerate(("lobby", "#tea", "@bob")):
        ann.send("send", to=to, text=f"m{number}")
    world.clear()
    again = resume(world, bob.token, after)
    welcome, *rest = again.take()
    assert welcome["resumed"] is True
    assert (welcome["seq"], welcome["groups"]) == (after, ["tea"])
    assert welcome["token"] == bob.token
    assert texts(rest) == ["m0", "m1", "m2"]
    assert ann.take()[-1] | {"seq": 0, "time": ""} == {
        "type": "joined",
        "seq": 0,
        "time": "",
        "name": "bob",
        "address": "127.0.0.1:40000",
        "returned": True,
    }
    # The deadline of the seat that was taken back ends nothing.
    world.wait(200)
    assert texts(again.send("send", to="#tea", text="here")) == ["here"]


def test_drop_and_return_again_and_again() -> None:
    """Each drop begins the wait for the seat anew."""
    world = World()
    world.json("ann")
    bob = world.json("bob")
    token = bob.token
    for _ in range(3):
        bob.drop()
        world.wait(150)
        bob = resume(world, token, world.journal.last_seq)
        assert bob.take()[0]["resumed"] is True


def test_resume_after_the_seat_ended() -> None:
    """A new user under the name; what follows `after` is what anyone may see."""
    world = World()
    ann, bob, carl = world.json("ann"), world.json("bob"), world.json("carl")
    ann.send("group", action="create", name="tea")
    bob.send("group", action="join", name="tea")
    after = world.journal.last_seq
    bob.drop()
    for to in ("lobby", "#tea", "@bob", "@carl"):
        ann.send("send", to=to, text=to)
    world.wait(200)
    welcome, *rest = resume(world, bob.token, after).take()
    assert "resumed" not in welcome
    assert welcome["user"] != 2
    assert welcome["token"] != bob.token
    assert welcome["seq"] == after
    assert texts(rest) == ["lobby"]
    assert carl.session.is_open


def test_token_of_another_journal_begins_anew() -> None:
    """Its `after` counts another journal's events and means nothing here."""
    world = World()
    ann = world.json("ann")
    ann.send("send", to="lobby", text="old")
    welcome, *rest = resume(world, "0000.secret", 1).take()
    assert "resumed" not in welcome
    assert welcome["seq"] == welcome["user"]
    assert rest == []


def test_after_beyond_the_end_is_the_end() -> None:
    """An `after` that has not happened yet hides nothing that will."""
    world = World()
    ann, bob = world.json("ann"), world.json("bob")
    bob.drop()
    again = resume(world, bob.token, 10**12)
    ann.send("send", to="lobby", text="new")
    welcome, *rest = again.take()
    assert welcome["resumed"] is True
    assert texts(rest) == ["new"]


def test_resume_replaces_the_connection_that_stands() -> None:
    """The old one gets `bye` with `replaced`; nobody sees anyone leave or come."""
    world = World()
    ann, bob = world.json("ann"), world.json("bob")
    again = resume(world, bob.token, world.journal.last_seq)
    assert again.take()[0]["resumed"] is True
    assert [frame["code"] for frame in bob.take()] == ["replaced"]
    world.node.closed(bob.session)
    world.run()
    assert ann.take() == []
    assert texts(again.send("send", to="lobby", text="hi")) == ["hi"]


def test_unframed_chunks_end_with_quiet(jump: int) -> None:
    """A name and messages without newlines, by 150 ms of quiet, and no welcome."""
    world = World()
    ann = world.json("ann")
    bob = world.connect()
    world.node.receive(bob.session, b"bo", world.now)
    world.wait(0.1, jump)
    world.node.receive(bob.session, b"b", world.now)
    world.wait(0.1)
    assert ann.take() == []
    world.wait(0.1)
    assert kinds(ann.take()) == ["joined"]
    world.node.receive(bob.session, b"hello", world.now)
    world.wait(0.2)
    assert texts(ann.take()) == ["hello"]
    assert bob.text() == ""


def test_deadlines_run_in_order_and_not_too_early() -> None:
    """Calls come by time, then as they were set; one set meanwhile waits."""
    deadlines, made = Deadlines(), list[str]()
    for when, name in ((2.0, "c"), (1.0, "a"), (1.0, "b"), (3.0, "d")):
        deadlines.at(when, made.append, name)
    assert deadlines.next() == 1.0
    deadlines.run(0.9)
    assert made == []
    deadlines.at(1.5, lambda name: deadlines.at(0.0, made.append, name), "later")
    deadlines.run(2.0)
    assert made[:2] == ["a", "b"]
    deadlines.run(3.0)
    assert sorted(made) == ["a", "b", "c", "d", "later"]
    assert deadlines.next() is None
