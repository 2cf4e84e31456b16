"""Nonces: what is sent twice is said once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.conformance.scene import Scene

if TYPE_CHECKING:
    from tests.conformance.conftest import Launch
    from tests.conformance.speakers.json_lines import JsonSpeaker


@pytest.fixture
def kinds() -> tuple[str, ...]:
    return ("json",)


def send(who: JsonSpeaker, text: str, nonce: str, to: str = "lobby") -> None:
    who.write({"type": "send", "to": to, "text": text, "nonce": nonce})


def acknowledgement(who: JsonSpeaker, nonce: str) -> dict[str, Any]:
    frame = who.read()
    assert (frame["type"], frame.get("nonce")) == ("message", nonce)
    return frame


@pytest.mark.parametrize("to", ["lobby", "@bob", "#tea"])
def test_a_nonce_sent_again_is_acknowledged_again(scene: Scene, to: str) -> None:
    """docs/protocol.md: with the first `seq`, and shown to nobody twice."""
    alice, bob = scene.json("alice"), scene.json("bob")
    tea = scene.group_of(alice, bob)
    target = {"lobby": "lobby", "@bob": f"@{bob.name}", "#tea": f"#{tea}"}[to]
    alice.settle()
    send(alice, "hello", "n", target)
    first = acknowledgement(alice, "n")
    bob.await_message(alice.name, target, "hello")
    for text in ("hello", "another text"):
        send(alice, text, "n", target)
        assert acknowledgement(alice, "n") == first
    bob.expect_nothing()
    assert [said.text for said in alice.history(target, 1)] == ["hello"]


def test_a_nonce_twice_in_one_segment_is_said_once(scene: Scene) -> None:
    """docs/protocol.md: shown to nobody twice, within one turn either."""
    alice, bob = scene.json("alice"), scene.json("bob")
    alice.settle()
    line = b'{"type":"send","to":"lobby","text":"hello","nonce":"n"}\n'
    alice.wire.send(line * 3)
    first = acknowledgement(alice, "n")
    alice.ask_users()
    while (frame := alice.read())["type"] == "message":
        assert frame == first
    bob.await_message(alice.name, "lobby", "hello")
    bob.expect_nothing()


def test_a_nonce_is_its_senders_own(scene: Scene) -> None:
    """docs/protocol.md: the same nonce by the same user."""
    alice, bob = scene.json("alice"), scene.json("bob")
    alice.settle()
    send(alice, "from alice", "n")
    acknowledgement(alice, "n")
    bob.await_message(alice.name, "lobby", "from alice")
    send(bob, "from bob", "n")
    acknowledgement(bob, "n")
    alice.await_message(bob.name, "lobby", "from bob")


def test_a_refused_message_does_not_use_its_nonce_up(scene: Scene) -> None:
    """docs/protocol.md: a nonce stands for a message that is on disk."""
    alice = scene.json("alice")
    send(alice, "", "n")
    assert alice.read()["code"] == "text_empty"
    send(alice, "better", "n")
    assert acknowledgement(alice, "n")["text"] == "better"


def test_a_nonce_works_across_a_lost_connection(scene: Scene) -> None:
    """docs/protocol.md, "Coming back": sent, lost, sent again, said once."""
    alice, bob = scene.json("alice"), scene.json("bob")
    alice.expect_nothing()
    send(alice, "did it arrive?", "n")
    alice.drop()
    bob.await_message(alice.name, "lobby", "did it arrive?")
    bob.await_left(alice.name, "lost")
    again = scene.json_speaker()
    again.resume(alice.name, alice.token, alice.last_seq)
    send(again, "did it arrive?", "n")
    again.await_resumed(alice.name)
    first = acknowledgement(again, "n")
    again.ask_users()
    while (frame := again.read())["type"] != "users":
        assert frame == first
    bob.await_joined(alice.name)
    bob.expect_nothing()


def test_as_many_nonces_are_remembered_as_promised(scene: Scene) -> None:
    """docs/protocol.md: the last `limits.nonces` nonces of each user."""
    alice = scene.json("alice")
    count = alice.welcome["limits"]["nonces"]
    alice.settle()
    for number in range(count):
        send(alice, str(number), f"n{number}")
    seqs = [acknowledgement(alice, f"n{number}")["seq"] for number in range(count)]
    send(alice, "again", "n0")
    assert acknowledgement(alice, "n0")["seq"] == seqs[0]


@pytest.mark.parametrize("kill", [True, False], ids=["kill -9", "SIGTERM"])
def test_a_nonce_works_across_a_restart(launch: Launch, kill: bool) -> None:
    """docs/protocol.md: acknowledged with the first `seq`, after a restart too."""
    hub = launch()
    scene = Scene(hub, ("json",))
    alice = scene.json("alice")
    send(alice, "hello", "n")
    first = acknowledgement(alice, "n")
    if kill:
        hub.kill()
    else:
        hub.stop()
    scene = Scene(launch(), ("json",))
    again = scene.json_speaker()
    again.resume(scene.know(alice.name), alice.token, first["seq"])
    again.await_resumed(alice.name)
    again.settle()
    send(again, "hello", "n")
    assert acknowledgement(again, "n") == first
    assert [said.text for said in again.history("lobby")] == ["hello"]
