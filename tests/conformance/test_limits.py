"""Limits of a connection and of time: each has a stated fate."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest
from tests.conformance.http_client import ask, follow
from tests.conformance.hub_process import HubProcess
from tests.conformance.scene import Scene, each_kind
from tests.conformance.speakers.words import Ended, Farewell, Left, Pinged, Said

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conformance.conftest import Launch


@pytest.mark.limit("connections_per_address")
@each_kind
def test_too_many_connections_from_one_address(
    launch: Launch, kinds: tuple[str, ...]
) -> None:
    """docs/protocol.md, "Refusals": `too_many_connections`; it is closed."""
    hub = launch("--memory", limits={"connections_per_address": 2})
    scene = Scene(hub, kinds)
    alice, bob = scene.people("alice", "bob")
    # Nothing is known yet of its dialect, so the words are for a person.
    with hub.connect() as wire:
        refused = wire.receive_all().decode()
    assert "connections" in refused
    assert refused.count("\n") == 1
    # When one has left there is room, as soon as the hub has seen the last of it.
    bob.quit()
    alice.await_left(bob.name)
    carol = scene.name("carol")
    while not is_let_in(hub, carol):
        pass
    alice.await_joined(carol)
    alice.await_left(carol)
    alice.expect_nothing()


def is_let_in(hub: HubProcess, name: str) -> bool:
    """Try to come in, and leave again at once if there is no room."""
    wire = hub.connect()
    wire.send_what_is_taken(f"{name}\n".encode())
    told = wire.receive_all()
    wire.close()
    return f"Welcome {name}.".encode() in told


@pytest.mark.limit("users")
@each_kind
def test_too_many_users(launch: Launch, kinds: tuple[str, ...]) -> None:
    """docs/protocol.md, "Refusals": `too_many_users`; one may try again."""
    scene = Scene(launch("--memory", limits={"users": 2}), kinds)
    alice, bob = scene.people("alice", "bob")
    carol = scene.speaker()
    carol.give_name(scene.name("carol"))
    carol.await_refusal("too_many_users")
    bob.quit()
    alice.await_left(bob.name)
    carol.join(scene.name("carol"))
    alice.await_joined(carol.name)
    scene.expect_nothing_more()


@pytest.mark.limit("rate")
@pytest.mark.limit("burst")
@each_kind
def test_the_rate_slows_and_loses_nothing(
    launch: Launch, kinds: tuple[str, ...]
) -> None:
    """design.md, "Rules": a token bucket; all arrives, in order."""
    rate, burst, count = 25, 5, 30
    hub = launch("--memory", limits={"rate": rate, "burst": burst})
    scene = Scene(hub, kinds)
    bob, alice = scene.people("bob", "alice")
    bob.settle()
    start = time.monotonic()
    for number in range(count):
        alice.post(f"line {number}")
    for number in range(count):
        bob.await_message(alice.name, "lobby", f"line {number}")
    assert time.monotonic() - start > 0.8 * (count - burst) / rate
    bob.expect_nothing()


@each_kind
def test_one_who_is_slowed_slows_nobody_else(
    launch: Launch, kinds: tuple[str, ...]
) -> None:
    """design.md, "Rules": commands per second of one connection."""
    hub = launch("--memory", limits={"rate": 2, "burst": 20})
    scene = Scene(hub, kinds)
    flood, alice, bob = scene.people("flood", "alice", "bob")
    for number in range(2000):
        flood.post(f"flood {number}")
    alice.say("psst", f"@{bob.name}")
    before = 0
    while bob.hear() != Said(alice.name, f"@{bob.name}", "psst"):
        before += 1
    # Even a machine so slow that all of it takes a minute lets no more through.
    assert before < 200


@pytest.mark.limit("handshake_seconds")
@each_kind
def test_who_gives_no_name_in_time_is_closed(
    launch: Launch, kinds: tuple[str, ...]
) -> None:
    """design.md, "Rules"; docs/protocol.md, the frame `bye`: code `handshake`."""
    hub = launch("--memory", limits={"handshake_seconds": 1.2})
    scene = Scene(hub, kinds)
    silent, hesitant = hub.connect(), scene.speaker()
    hesitant.give_name("no name")
    hesitant.await_refusal("name_invalid")
    hesitant.await_farewell("handshake")
    hesitant.await_end()
    assert silent.receive_all().count(b"\n") <= 1
    alice = scene.person("alice")
    alice.expect_nothing()


@pytest.mark.limit("idle_seconds")
@pytest.mark.limit("answer_seconds")
def test_who_does_not_answer_a_ping_is_closed(launch: Launch) -> None:
    """docs/protocol.md: silent, sent `ping`, and closed without any byte."""
    hub = launch("--memory", limits={"idle_seconds": 0.4, "answer_seconds": 1.6})
    scene = Scene(hub, ("json",))
    alice, bob = scene.json("alice"), scene.json("bob")
    alice.settle()
    assert isinstance(bob.hear(), Pinged)
    pings = 0
    while isinstance(happening := alice.hear(), Pinged):
        alice.write({"type": "pong"})
        pings += 1
    assert happening == Left(bob.name, "idle")
    assert pings
    assert isinstance(farewell := bob.hear(), Farewell)
    assert farewell.code == "idle"
    bob.await_end()
    # Whoever answers may stay.
    assert isinstance(alice.hear(), Pinged)
    alice.write({"type": "pong"})
    alice.say("still here")


def test_a_silent_person_at_netcat_may_listen(launch: Launch) -> None:
    """docs/protocol.md is silent: nobody is put out who can't be asked.

    The JSON person, who is put out, is the clock.
    """
    hub = launch("--memory", limits={"idle_seconds": 0.2, "answer_seconds": 0.2})
    scene = Scene(hub, ("plain",))
    alice = scene.plain("alice")
    for _ in range(2):
        bob = scene.json("bob")
        while not isinstance(bob.hear(), Ended):
            pass
        bob.is_here = False
        alice.await_left(bob.name)
    alice.say("still listening")


@pytest.mark.limit("text")
@pytest.mark.parametrize("kind", ["plain", "json"])
def test_a_short_text_limit_is_kept_and_told(launch: Launch, kind: str) -> None:
    """limits.py: `text`; docs/protocol.md, the frame `welcome`."""
    hub = launch("--memory", limits={"text": 10})
    scene = Scene(hub, ("json",))
    alice = scene.json("alice")
    assert alice.welcome["limits"]["text"] == 10
    bob = scene.person("bob", kind)
    bob.post("x" * 11)
    bob.await_refusal("text_too_long")
    bob.say("x" * 10)
    alice.await_message(bob.name, "lobby", "x" * 10)
    scene.expect_nothing_more()


@pytest.mark.limit("line")
@each_kind
def test_an_unfinished_line_has_a_limit(launch: Launch, kinds: tuple[str, ...]) -> None:
    """docs/limits.md: skipped to its end and refused once; the connection goes on."""
    limits = {"line": 300, "text": 40}
    scene = Scene(launch("--memory", limits=limits), kinds)
    alice, bob = scene.people("alice", "bob")
    if bob.kind == "websocket":
        # A message that is too long has no next one.
        bob.post("x" * 400)
        while not isinstance(bob.hear(), Ended):
            pass
        alice.await_left(bob.name)
    else:
        bob.wire.send(b"x" * 100_000)
        bob.await_refusal("line_too_long")
        bob.wire.send(b"y" * 100_000 + b"\n")
        bob.say("z" * 40)
        alice.await_message(bob.name, "lobby", "z" * 40)
    alice.expect_nothing()


@pytest.mark.limit("http_head")
def test_the_head_of_a_request_has_a_limit(launch: Launch) -> None:
    """docs/limits.md: 431, and the connection is closed, before the head has an end."""
    hub = launch("--memory", limits={"http_head": 500})
    with hub.connect() as wire:
        wire.send(b"GET / HTTP/1.1\r\nX: " + b"x" * 600)
        answer = wire.receive_all()
    assert answer.startswith(b"HTTP/1.1 431 ")
    Scene(hub, ("json",)).person("alice").say("still here")


@pytest.mark.limit("groups")
@each_kind
def test_too_many_groups(launch: Launch, kinds: tuple[str, ...]) -> None:
    """docs/limits.md: refusal `too_many_groups`; there is room when one has ended."""
    scene = Scene(launch("--memory", limits={"groups": 2}), kinds)
    alice, bob = scene.people("alice", "bob")
    tea, _ = scene.group_of(alice), scene.group_of(bob)
    alice.change_group("create", scene.name("too-many"))
    alice.await_refusal("too_many_groups")
    alice.leave_group(tea)
    bob.await_group("ended", tea)
    alice.settle()
    scene.group_of(alice)
    scene.expect_nothing_more()


@pytest.mark.limit("groups_per_user")
@each_kind
def test_one_may_be_in_so_many_groups(launch: Launch, kinds: tuple[str, ...]) -> None:
    """docs/limits.md: refusal `too_many_groups`, to found and to join; leave one."""
    scene = Scene(launch("--memory", limits={"groups_per_user": 2}), kinds)
    alice, bob = scene.people("alice", "bob")
    scene.group_of(alice)
    tea = scene.group_of(alice, bob)
    milk = scene.group_of(bob)
    for action, group in (("create", scene.name("too-many")), ("join", milk)):
        alice.change_group(action, group)
        alice.await_refusal("too_many_groups")
    alice.leave_group(tea)
    bob.await_group("left", tea, alice.name)
    bob.await_act("group_role", bob.name, f"#{tea}")
    alice.join_group(milk)
    bob.await_group("joined", milk, alice.name)
    scene.expect_nothing_more()


@pytest.mark.limit("members")
@each_kind
def test_a_group_may_be_full(launch: Launch, kinds: tuple[str, ...]) -> None:
    """docs/limits.md: refusal `group_full`, until one has left."""
    scene = Scene(launch("--memory", limits={"members": 2}), kinds)
    alice, bob, carol = scene.people("alice", "bob", "carol")
    tea = scene.group_of(alice, bob)
    carol.change_group("join", tea)
    carol.await_refusal("group_full")
    bob.leave_group(tea)
    alice.await_group("left", tea, bob.name)
    carol.join_group(tea)
    alice.await_group("joined", tea, carol.name)
    scene.expect_nothing_more()


@pytest.mark.limit("nonces")
def test_so_many_nonces_are_remembered(launch: Launch) -> None:
    """docs/limits.md: the oldest is forgotten, and its message would be a new one."""
    scene = Scene(launch("--memory", limits={"nonces": 2}), ("json",))
    alice = scene.json("alice")
    assert alice.welcome["limits"]["nonces"] == 2
    seqs: dict[str, list[int]] = {}
    for nonce in ("a", "b", "b", "c", "a", "c"):
        send = {"type": "send", "to": "lobby", "text": "hi", "nonce": nonce}
        alice.wire.send(json.dumps(send).encode() + b"\n")
        line = alice.wire.receive_line()
        assert line is not None
        seqs.setdefault(nonce, []).append(json.loads(line)["seq"])
    first, again = seqs["a"]
    assert again > first
    assert [len(set(seqs[nonce])) for nonce in "bc"] == [1, 1]


@pytest.mark.limit("quiet_seconds")
def test_quiet_ends_a_message_of_one_who_sends_no_newlines(launch: Launch) -> None:
    """docs/limits.md: what has come by then is one message."""
    scene = Scene(launch("--memory", limits={"quiet_seconds": 0.05}), ("json",))
    alice = scene.json("alice")
    wire = scene.hub.connect()
    name = scene.name("bob")
    wire.send(name.encode())
    alice.await_joined(name)
    wire.send(b"no newline")
    alice.await_message(name, "lobby", "no newline")
    wire.close()


def test_no_more_sockets_than_the_system_gives(engine: str, tmp_path: Path) -> None:
    """docs/limits.md, "What the system limits": others wait until one has gone."""
    with HubProcess(engine, tmp_path / "hub", "--memory", descriptors=40) as hub:
        scene = Scene(hub, ("plain",))
        alice, bob = scene.people("alice", "bob")
        wires = [hub.connect() for _ in range(60)]
        alice.say("can you hear me?")
        bob.await_message(alice.name, "lobby", "can you hear me?")
        for wire in wires:
            wire.close()
        carol = scene.speaker()
        carol.join(scene.name("carol"))
        alice.await_joined(carol.name)
        carol.say("there is room again")
        bob.await_joined(carol.name)
        bob.await_message(carol.name, "lobby", "there is room again")
        scene.close()


@pytest.mark.limit("keepalive_seconds")
def test_a_silent_stream_is_kept_open(launch: Launch) -> None:
    """docs/http.md, "Following": a comment, and a space, and then what is said."""
    hub = launch("--memory", limits={"keepalive_seconds": 0.2})
    events = follow(hub, "/lobby", Accept="text/event-stream")
    for _ in range(3):
        assert events.receive_line() == b":"
        assert events.receive_line() == b""
    lines = follow(hub, "/lobby", Accept="application/json")
    text = follow(hub, "/lobby")
    while events.receive_line() != b":":
        pass
    ask(hub, "POST", "/lobby?name=bot", "at last")
    said = lines.receive_line() or b""
    assert json.loads(said)["text"] == "at last"
    assert (text.receive_line() or b"").endswith(b"bot >> at last")
