"""The classic teaching client: a bare `send()` for the name and for each message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conformance.scene import Scene
    from tests.conformance.speakers.plain import PlainSpeaker
    from tests.conformance.speakers.wire import Wire


@pytest.fixture
def kinds() -> tuple[str, ...]:
    return ("plain",)


def enter(scene: Scene, watcher: PlainSpeaker) -> tuple[Wire, str]:
    """Bring in an unframed client; that the watcher is told of it is the sign."""
    client = scene.hub.connect()
    name = scene.name("classic")
    client.send(name.encode())
    watcher.await_joined(name)
    return client, name


def next_line_about(client: Wire, *names: str) -> bytes:
    """Give the next line that names one of them; those of earlier cases still leave."""
    while (line := client.receive_line()) is not None:
        if any(name.encode() in line for name in names):
            return line
    raise AssertionError("the hub closed the connection")


def test_the_classic_client_chats(scene: Scene) -> None:
    """docs/protocol.md, "Unframed clients": just `send()` and `recv(1024)`."""
    bob = scene.plain("bob")
    client, name = enter(scene, bob)
    client.send(b"hello")
    bob.await_message(name, "lobby", "hello")
    client.send(b"how are you?")
    bob.await_message(name, "lobby", "how are you?")
    bob.say("fine")
    line = rf"\[\d\d:\d\d:\d\d\] {bob.name} >> fine"
    # Nothing came before it, a welcome least of all.
    assert re.fullmatch(line.encode(), next_line_about(client, name, bob.name))
    client.close()
    bob.await_left(name)


def test_lines_that_end_with_a_carriage_return_alone(scene: Scene) -> None:
    """docs/protocol.md, "Unframed clients": what a terminal in raw mode sends."""
    bob = scene.plain("bob")
    client = scene.hub.connect()
    name = scene.name("classic")
    client.send(f"{name}\r".encode())
    bob.await_joined(name)
    client.send(b"one\rtwo\r")
    bob.await_message(name, "lobby", "one")
    bob.await_message(name, "lobby", "two")


def test_two_classic_clients_chat(scene: Scene) -> None:
    """docs/protocol.md, "Unframed clients": all else is the same."""
    bob = scene.plain("bob")
    one, first = enter(scene, bob)
    two, second = enter(scene, bob)
    joined = next_line_about(one, first, second)
    assert joined.endswith(f"CONNECTED Name: {second}".encode())
    two.send(b"hi")
    bob.await_message(second, "lobby", "hi")
    assert next_line_about(one, second).endswith(f"] {second} >> hi".encode())
    one.send(f":pm {second} psst".encode())
    said = next_line_about(two, first, second)
    assert said.endswith(f"] (PM) {first} >> psst".encode())


def test_an_unframed_chunk_may_be_a_command(scene: Scene) -> None:
    """docs/protocol.md, "Unframed clients": all else is the same."""
    bob = scene.plain("bob")
    client, name = enter(scene, bob)
    client.send(b":users")
    answer = next_line_about(client, name)
    assert re.search(rf"online: .*{bob.name}.*{name}".encode(), answer)
    client.send(b":quit")
    assert client.receive_all().endswith(b"] Goodbye\n")
    bob.await_left(name)


def test_each_line_of_an_unframed_chunk_is_a_message(scene: Scene) -> None:
    """docs/protocol.md, "Unframed clients": if it holds newlines, each line is one."""
    bob = scene.plain("bob")
    client, name = enter(scene, bob)
    client.send(b"one\ntwo\nthree")
    for text in ("one", "two", "three"):
        bob.await_message(name, "lobby", text)
    client.send(b"with its end\n")
    bob.await_message(name, "lobby", "with its end")
    client.send(b"and without")
    bob.await_message(name, "lobby", "and without")
    bob.expect_nothing()


def test_an_unframed_name_may_be_refused(scene: Scene) -> None:
    """docs/protocol.md, "The plain dialect": the next line is taken as the name."""
    bob = scene.plain("bob")
    client = scene.hub.connect()
    client.send(bob.name.encode())
    assert b"] error: " in client.receive()
    name = scene.name("classic")
    client.send(name.encode())
    bob.await_joined(name)
    client.send(b"hello")
    bob.await_message(name, "lobby", "hello")


@pytest.mark.parametrize("start", ["G", "GET", "NICK", "CAP", "HEAD", "P"])
def test_a_name_may_begin_like_another_dialect(scene: Scene, start: str) -> None:
    """docs/protocol.md: a name has no spaces, so nothing is ambiguous."""
    bob = scene.plain("bob")
    client = scene.hub.connect()
    client.send(scene.know(start).encode())
    bob.await_joined(start)
    client.send(b"hello")
    bob.await_message(start, "lobby", "hello")
    client.send(b":quit")
    client.receive_all()


def test_quiet_means_nothing_to_a_framed_connection(scene: Scene) -> None:
    """docs/protocol.md, "Unframed clients": framed once, it never uses the timer.

    The chunks of an unframed client, sent later and seen as messages, are the clock:
    when they are there, the quiet time of the framed one is over too.
    """
    bob = scene.plain("bob")
    client, name = enter(scene, bob)
    alice = scene.plain("alice")
    alice.wire.send(b"hel")
    client.send(b"tick")
    for reader in (alice, bob):
        reader.await_message(name, "lobby", "tick")
    client.send(b"tock")
    for reader in (alice, bob):
        reader.await_message(name, "lobby", "tock")
    alice.wire.send(b"lo\n")
    bob.await_message(alice.name, "lobby", "hello")
    scene.expect_nothing_more()


def test_an_unframed_chunk_that_is_not_utf8_is_refused(scene: Scene) -> None:
    """docs/protocol.md, "Refusals": `not_utf8`."""
    bob = scene.plain("bob")
    client, name = enter(scene, bob)
    client.send(b"caf\xe9")
    assert b"] error: " in client.receive()
    client.send("café".encode())
    bob.await_message(name, "lobby", "café")


def test_the_last_words_of_an_unframed_client_count(scene: Scene) -> None:
    """docs/protocol.md is silent: what was written before the end was meant."""
    bob = scene.plain("bob")
    client, name = enter(scene, bob)
    client.send(b"last words")
    client.close()
    bob.await_message(name, "lobby", "last words")
    bob.await_left(name)
