"""Who listens or speaks without coming in."""

from __future__ import annotations

import json

import pytest
from tests.unit.node.harness import Client, World

from hubbub.dialects.web.refusals import STATUS
from hubbub.model.policy import Policy
from hubbub.model.refusals import Code


def request(world: World, line: str, body: str = "", host: str = "127.0.0.1") -> Client:
    """Make a request on a connection of its own."""
    client = world.connect(host)
    head = f"{line} HTTP/1.1\r\nHost: x\r\n"
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    data = f"{head}{length}\r\n{body}".encode()
    world.node.receive(client.session, data, world.now)
    world.run()
    return client


def test_a_room_that_nobody_follows_leaves_nothing_behind() -> None:
    """Else each room ever followed would cost something in every turn."""
    world = World()
    world.json("ann")
    followers = [
        request(world, f"GET /users/ann?name=bot{number}") for number in range(3)
    ]
    live = world.node._sessions.live
    assert len(live) == 2
    for follower in followers:
        follower.drop()
    assert len(live) == 1


def test_what_can_not_be_stored_is_answered_so() -> None:
    """503, and the same key works as soon as the disk does."""
    world = World()
    world.journal.writes = False
    assert " 503 " in request(world, "POST /lobby", "hi").text()
    assert " 503 " in request(world, "GET /healthz").text()
    assert " 200 " in request(world, "GET /lobby?limit=1").text()
    world.journal.writes = True
    world.wait(0.6)
    assert " 201 " in request(world, "POST /lobby", "hi").text()


@pytest.mark.parametrize(
    "line", ["GET /lobby", "GET /lobby?limit=1", "GET /about.json"]
)
@pytest.mark.parametrize(
    "policy", [Policy(members_only=True), Policy(password_hash="x")]
)
def test_a_closed_hub_is_closed_to_those_too(policy: Policy, line: str) -> None:
    """Whom the door keeps out hears nothing, sees nobody and says nothing."""
    world = World(policy=policy)
    answer = request(world, line).text()
    assert " 403 " in answer
    assert json.loads(answer.rpartition("\r\n\r\n")[2])["code"] == "not_allowed"
    assert " 403 " in request(world, "POST /lobby", "hi").text()
    assert world.journal.last_seq == 0
    assert " 200 " in request(world, "GET /healthz").text()


def test_a_banned_address_hears_and_says_nothing() -> None:
    """403 and the ban's sentence; who followed before is followed no more."""
    world = World()
    follower = request(world, "GET /lobby", host="203.0.113.7")
    assert " 200 " in follower.text()
    console = world.console()
    console.type(":ban 203.0.113.0/24 for 2h spam")
    world.run()
    assert not follower.session.is_open
    asked = [
        request(world, f"GET {target}", host="203.0.113.7").text()
        for target in ("/lobby", "/lobby?limit=1", "/about.json", "/users/ann?name=b")
    ]
    asked.append(request(world, "POST /lobby", "hi", host="203.0.113.7").text())
    for answer in asked:
        assert " 403 " in answer
        told = json.loads(answer.rpartition("\r\n\r\n")[2])
        assert told["code"] == "banned"
        assert told["text"].endswith(": spam")
    assert " 200 " in request(world, "GET /lobby", host="198.51.100.7").text()


def test_every_refusal_has_a_status() -> None:
    """Else what is refused over HTTP would be a defect, and no answer."""
    assert set(STATUS) == set(Code)


@pytest.mark.parametrize(
    ("accept", "nothing"),
    [
        ("text/event-stream", ":\n\n"),
        ("application/json", " "),
        ("text/plain", ""),
    ],
)
def test_a_silent_stream_is_kept_open(accept: str, nothing: str) -> None:
    """docs/limits.md, `keepalive_seconds`: when nothing else was sent for so long."""
    world = World()
    ann = world.json("ann")
    follower = request(world, f"GET /lobby HTTP/1.1\r\nAccept: {accept}\r\nX: x")
    assert follower.text().endswith("\r\n\r\n")
    world.wait(14)
    assert follower.text() == ""
    world.wait(4)
    assert follower.text() == nothing
    world.wait(150)
    assert set(follower.text()) == set(nothing)
    for _ in range(20):
        ann.send("send", to="lobby", text="hi")
        world.wait(5)
    said = follower.text()
    # What came right before the first message is the last.
    rest = said.removeprefix(nothing)
    assert ":\n\n" not in rest
    assert not rest.startswith(" ")
    assert rest.count("hi") == 20


def test_what_keeps_a_stream_open_is_no_part_of_what_is_said() -> None:
    """A line of JSON is one with any number of spaces before it."""
    world = World()
    ann = world.json("ann")
    follower = request(world, "GET /lobby HTTP/1.1\r\nAccept: application/json\r\nX: x")
    follower.text()
    world.wait(100)
    ann.send("send", to="lobby", text="at last")
    (line,) = follower.text().splitlines()
    assert line.startswith("  ")
    assert json.loads(line)["text"] == "at last"


def test_one_who_reads_nothing_is_sent_nothing_more() -> None:
    """What waits already says that all goes on; it must not grow."""
    world = World()
    ann = world.json("ann")
    follower = request(
        world, "GET /lobby HTTP/1.1\r\nAccept: text/event-stream\r\nX: x"
    )
    follower.reads = False
    ann.send("send", to="lobby", text="hi")
    waiting = follower.session.outbox.size
    world.wait(50)
    assert follower.session.outbox.size == waiting
