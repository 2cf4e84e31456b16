"""How the plain dialect finds its lines, whatever the segments they come in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.conformance.hub_process import HubProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conformance.scene import Scene


@pytest.fixture
def kinds() -> tuple[str, ...]:
    return ("plain",)


@pytest.fixture(scope="module")
def hub(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    """Give a hub that takes nobody for unframed, however slow this machine is."""
    data = tmp_path_factory.mktemp("framing")
    with HubProcess(engine, data, "--memory", limits={"quiet_seconds": 8}) as process:
        yield process


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1000])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_any_split_of_the_bytes_is_the_same(scene: Scene, size: int, end: str) -> None:
    """docs/protocol.md, "The plain dialect": lines ended by LF or CRLF."""
    bob = scene.plain("bob")
    alice = scene.plain_speaker()
    name = scene.name("alice")
    lines = [name, "hello", "日本語 \U0001f469", "", f":pm {bob.name} psst", " last"]
    alice.wire.send_in_pieces("".join(line + end for line in lines).encode(), size)
    alice.await_welcome(name)
    bob.await_joined(name)
    for text in ("hello", "日本語 \U0001f469"):
        bob.await_message(name, "lobby", text)
    bob.await_message(name, f"@{bob.name}", "psst")
    alice.await_message(name, f"@{bob.name}", "psst")
    bob.await_message(name, "lobby", " last")
    scene.expect_nothing_more()


def test_a_carriage_return_may_come_alone(scene: Scene) -> None:
    """docs/protocol.md, "The plain dialect": CRLF over two segments."""
    alice, bob = scene.plain("alice"), scene.plain("bob")
    alice.wire.send(b"one\r")
    alice.wire.send(b"\ntwo\r")
    alice.wire.send(b"\n")
    bob.await_message(alice.name, "lobby", "one")
    bob.await_message(alice.name, "lobby", "two")
    scene.expect_nothing_more()


def test_a_byte_order_mark_is_no_part_of_a_name(scene: Scene) -> None:
    """RFC 3629, section 6: programs of Windows begin a text with one."""
    bob = scene.plain("bob")
    alice = scene.plain_speaker()
    name = scene.name("alice")
    alice.wire.send(f"\ufeff{name}\r\nhello\r\n".encode())
    alice.await_welcome(name)
    bob.await_joined(name)
    bob.await_message(name, "lobby", "hello")
    scene.expect_nothing_more()


def test_many_lines_in_one_segment(scene: Scene) -> None:
    """docs/protocol.md, "The plain dialect": each line is one message."""
    alice, bob = scene.plain("alice"), scene.plain("bob")
    alice.wire.send(b"".join(b"line %d\n" % number for number in range(60)))
    for number in range(60):
        bob.await_message(alice.name, "lobby", f"line {number}")
    scene.expect_nothing_more()


def test_a_visit_in_one_segment(scene: Scene) -> None:
    """docs/protocol.md, "Commands": the connection is closed after `Goodbye`."""
    alice, bob = scene.plain("alice"), scene.plain_speaker()
    name = scene.name("bob")
    bob.wire.send(f"{name}\nhello\n:quit\nnot heard any more\n".encode())
    bob.await_welcome(name)
    bob.await_farewell("quit")
    bob.await_end()
    alice.await_joined(name)
    alice.await_message(name, "lobby", "hello")
    alice.await_left(name)
    alice.expect_nothing()


def test_what_is_piped_in_is_said_and_answered(scene: Scene) -> None:
    """design.md, "The plain dialect": `printf … | nc -N` is a person at netcat."""
    bob = scene.plain("bob")
    alice = scene.plain_speaker()
    name = scene.name("alice")
    alice.wire.send(f"{name}\nhello\n:users\n".encode())
    alice.wire.end_sending()
    told = alice.wire.receive_all().decode()
    assert f"Welcome {name}." in told
    assert "online: " in told
    bob.await_joined(name)
    bob.await_message(name, "lobby", "hello")
    bob.await_left(name)


def test_the_last_line_may_lack_its_end(scene: Scene) -> None:
    """docs/protocol.md is silent: what was written before the end was meant."""
    bob = scene.plain("bob")
    alice = scene.plain_speaker()
    name = scene.name("alice")
    alice.wire.send(f"{name}\nhello\nunfinished".encode())
    alice.wire.end_sending()
    alice.wire.receive_all()
    bob.await_joined(name)
    bob.await_message(name, "lobby", "hello")
    bob.await_message(name, "lobby", "unfinished")
    bob.await_left(name)


def test_an_overlong_line_is_refused_and_skipped_to_its_end(scene: Scene) -> None:
    """docs/protocol.md, "Refusals": `line_too_long`."""
    alice, bob = scene.plain("alice"), scene.plain("bob")
    alice.wire.send(b"x" * 70_000)
    alice.await_refusal("line_too_long")
    alice.wire.send(b"y" * 200_000)
    alice.wire.send(b"the same line\nthe next line\n")
    bob.await_message(alice.name, "lobby", "the next line")
    scene.expect_nothing_more()


def test_an_overlong_name_is_refused_and_skipped_to_its_end(scene: Scene) -> None:
    """docs/protocol.md, "Refusals": `line_too_long`, before the name is given."""
    alice = scene.plain_speaker()
    alice.wire.send(b"x" * 200_000 + b"\n")
    alice.await_refusal("line_too_long")
    alice.join(scene.name("alice"))
    alice.expect_nothing()


def test_what_is_not_utf8_is_refused_and_the_next_line_counts(scene: Scene) -> None:
    """docs/protocol.md, "Refusals": `not_utf8`."""
    bob = scene.plain("bob")
    alice = scene.plain_speaker()
    alice.wire.send(b"caf\xe9\n")
    alice.await_refusal("not_utf8")
    alice.join(scene.name("alice"))
    bob.await_joined(alice.name)
    for line in (b"caf\xe9", b"\xc3", b"\xed\xa0\x80", b"\xff\xfe", b"\xc0\x80"):
        alice.wire.send(line + b"\n")
        alice.await_refusal("not_utf8")
    alice.say("café")
    bob.await_message(alice.name, "lobby", "café")
    scene.expect_nothing_more()
