"""Limits of a connection and of time: each has a stated fate."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from tests.conformance.scene import Scene, each_kind
from tests.conformance.speakers.words import Ended, Farewell, Left, Pinged, Said

if TYPE_CHECKING:
    from tests.conformance.conftest import Launch
    from tests.conformance.hub_process import HubProcess


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
