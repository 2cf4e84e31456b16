"""The end of the hub, good or bad, and what stands after it."""

from __future__ import annotations

import contextlib
import itertools
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from tests.conformance.scene import Scene, each_kind
from tests.conformance.speakers.words import Said

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conformance.conftest import Launch
    from tests.conformance.hub_process import HubProcess
    from tests.conformance.speakers.json_lines import Frame, JsonSpeaker


def terminate(hub: HubProcess) -> None:
    """End the hub while everyone is still connected."""
    hub.terminate()
    hub.await_exit()


ENDS: dict[str, Callable[[HubProcess], None]] = {
    "kill -9": lambda hub: hub.kill(),
    "SIGTERM": terminate,
}

each_end = pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)


def resume(scene: Scene, who: JsonSpeaker) -> JsonSpeaker:
    """Take a seat back at the hub that was started again."""
    again = scene.json_speaker()
    again.resume(scene.know(who.name), who.token, who.last_seq)
    again.await_resumed(who.name)
    return again


def test_everyone_is_told_of_the_end(launch: Launch, kinds: tuple[str, ...]) -> None:
    """Everyone is told, sockets closed, exit 0."""
    hub = launch("--memory")
    scene = Scene(hub, kinds)
    alice, bob = scene.people("alice", "bob")
    unnamed = hub.connect()
    hub.terminate()
    for person in (alice, bob):
        assert person.await_farewell("shutdown")
        person.await_end()
    # It may be a program that has not said `hello` yet, and is to come back.
    assert unnamed.receive_all() == b""
    hub.await_exit()


def test_what_was_said_just_before_the_end_is_heard(
    launch: Launch, kinds: tuple[str, ...]
) -> None:
    """Everything is on disk; a farewell is the last thing told."""
    hub = launch()
    scene = Scene(hub, kinds)
    alice, bob = scene.people("alice", "bob")
    for number in range(20):
        alice.say(str(number))
    hub.terminate()
    for number in range(20):
        bob.await_message(alice.name, "lobby", str(number))
    bob.await_farewell("shutdown")
    bob.await_end()
    hub.await_exit()


def test_the_end_does_not_wait_for_who_never_reads(launch: Launch) -> None:
    """`:shutdown`: exit 0, whatever one connection does."""
    hub = launch("--memory", limits={"rate": 0, "outbox": 1 << 24})
    scene = Scene(hub, ("json",))
    slow = scene.speaker(receive_buffer=16_384)
    slow.join(scene.name("slow"))
    alice = scene.person("alice", "plain")
    for number in range(1500):
        alice.post(f"{number} " + "x" * 4000)
    alice.settle()
    hub.terminate()
    hub.await_exit()


def test_those_who_come_at_the_very_end_are_closed_as_well(launch: Launch) -> None:
    """docs/sockets.md: what was accepted is closed, however late it came."""
    hub = launch("--memory")

    def knock() -> None:
        with contextlib.suppress(OSError):
            while True:
                hub.connect().close()

    with ThreadPoolExecutor(4) as pool:
        knocking = [pool.submit(knock) for _ in range(4)]
        hub.terminate()
        # The hub would tell of a socket that it has forgotten.
        hub.await_exit()
        for one in knocking:
            one.result()


@each_kind
@each_end
def test_history_stands(
    launch: Launch, kinds: tuple[str, ...], end: Callable[[HubProcess], None]
) -> None:
    """docs/protocol.md: no sender is told what is not on disk."""
    hub = launch()
    scene = Scene(hub, kinds)
    alice, bob = scene.people("alice", "bob")
    for number in range(5):
        alice.say(str(number))
        bob.await_message(alice.name, "lobby", str(number))
    end(hub)
    carol = Scene(launch(), kinds).person("carol")
    said = [Said(alice.name, "lobby", str(number)) for number in range(5)]
    assert carol.history("lobby") == said


@each_end
def test_a_seat_stands(launch: Launch, end: Callable[[HubProcess], None]) -> None:
    """docs/protocol.md, "Coming back": name and groups as they were, no gap."""
    hub = launch()
    scene = Scene(hub, ("json",))
    alice, bob = scene.json("alice"), scene.json("bob")
    tea = scene.group_of(alice, bob)
    alice.say("one", f"#{tea}")
    bob.settle()
    bob.say("two", f"@{alice.name}")
    # Alice has not read this when the hub ends.
    end(hub)

    scene = Scene(launch(), ("json",))
    scene.know(bob.name)
    scene.know(tea)
    back = resume(scene, alice)
    assert back.welcome["groups"] == [tea]
    back.await_message(bob.name, f"@{alice.name}", "two")
    back.await_left(bob.name, "restart")
    back.expect_nothing()
    assert back.members(tea) == [alice.name, bob.name]
    bob_back = resume(scene, bob)
    back.await_joined(bob.name)
    bob_back.settle()
    bob_back.say("three", f"#{tea}")
    back.await_message(bob.name, f"#{tea}", "three")


@each_end
def test_a_kept_name_is_nobody_elses(
    launch: Launch, end: Callable[[HubProcess], None]
) -> None:
    """docs/protocol.md, "Seats": kept over a restart; a plain name is free at once."""
    hub = launch()
    scene = Scene(hub, ("json",))
    alice, bob = scene.json("alice"), scene.plain("bob")
    tea = scene.group_of(bob)
    end(hub)
    scene = Scene(launch(), ("plain",))
    eve = scene.plain_speaker()
    eve.give_name(alice.name)
    eve.await_refusal("name_taken")
    eve.join(scene.know(bob.name))
    assert tea not in eve.groups()
    eve.settle()
    eve.expect_nothing()


@pytest.mark.parametrize("pause", [0, 40])
def test_nothing_acknowledged_is_lost(launch: Launch, pause: int) -> None:
    """design.md, "One idea": nothing is acknowledged before the journal has it.

    The hub is killed while it is busy, after some acknowledgements have come.
    """
    hub = launch(limits={"rate": 0})
    scene = Scene(hub, ("json",))
    alice = scene.json("alice")
    for number in range(300):
        alice.post(str(number))
    seqs: dict[str, int] = {}
    for _ in range(pause):
        alice.await_message(alice.name, "lobby", str(len(seqs)))
        seqs[alice.frame["text"]] = alice.frame["seq"]
    hub.cut_off()
    while isinstance(told := alice.hear(), Said):
        seqs[told.text] = alice.frame["seq"]

    scene = Scene(launch(), ("json",))
    reader = scene.json("reader")
    kept: dict[str, int] = {}
    for message in whole_history(reader):
        assert message["text"] not in kept, "said twice"
        kept[message["text"]] = message["seq"]
    assert seqs.items() <= kept.items()
    assert list(kept) == [str(number) for number in range(len(kept))]
    assert all(one < other for one, other in itertools.pairwise(kept.values()))


def whole_history(who: JsonSpeaker) -> list[Frame]:
    """Read the lobby from its beginning."""
    messages: list[Frame] = []
    request: dict[str, object] = {"type": "history", "of": "lobby"}
    who.settle()
    while True:
        who.write(request)
        page = who.read()
        messages[:0] = page["messages"]
        if not page["more"]:
            return messages
        request["before"] = messages[0]["seq"]


def test_memory_keeps_nothing_on_disk(launch: Launch) -> None:
    """`--memory`."""
    hub = launch("--memory")
    alice = Scene(hub, ("json",)).json("alice")
    alice.say("hello")
    assert [said.text for said in alice.history("lobby")] == ["hello"]
    hub.stop()
    # The certificate is the hub's, and says nothing of who came and what they said.
    kept = {path.name for path in hub.data.iterdir()}
    assert kept <= {"tls-cert.pem", "tls-key.pem"}
    hub = launch("--memory")
    scene = Scene(hub, ("json",))
    back = scene.json_speaker()
    back.resume(alice.name, alice.token, alice.last_seq)
    back.await_welcome(alice.name)
    assert "resumed" not in back.welcome
    assert back.history("lobby") == []
