"""What is no frame of the JSON dialect, and does no harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conformance.scene import Scene


@pytest.fixture
def kinds() -> tuple[str, ...]:
    return ("json",)


BAD = {
    "unfinished": b"{",
    "no JSON": b"hello",
    "a list": b"[]",
    "a number": b"42",
    "a string": b'"users"',
    "nothing": b"null",
    "two objects": b'{"type":"users"}{"type":"users"}',
    "no type": b"{}",
    "a type that is no string": b'{"type":5}',
    "a field missing": b'{"type":"send","to":"lobby"}',
    "a field of the wrong type": b'{"type":"send","to":"lobby","text":5}',
    "a null where text belongs": b'{"type":"send","to":"lobby","text":null}',
    "a nonce that is a number": b'{"type":"send","to":"lobby","text":"x","nonce":1}',
    "an action there is not": b'{"type":"group","action":"burn","name":"x"}',
    "a group without a name": b'{"type":"group","action":"create"}',
    "a limit of nothing": b'{"type":"history","of":"lobby","limit":0}',
    "a limit below nothing": b'{"type":"history","of":"lobby","limit":-1}',
    "a negative seq": b'{"type":"history","of":"lobby","before":-1}',
    "a fraction": b'{"type":"history","of":"lobby","before":1.5}',
    "a deep nest": b'{"type":"users","x":' + b"[" * 30_000 + b"]" * 30_000 + b"}",
    "a deep unfinished nest": b"[" * 60_000,
    "single quotes": b"{'type':'users'}",
    "a comment": b'{"type":"users"} // who?',
    "NaN": b'{"type":"history","of":"lobby","limit":NaN}',
}


@pytest.mark.parametrize("line", BAD.values(), ids=BAD)
def test_a_bad_frame_is_refused_and_the_next_one_counts(
    scene: Scene, line: bytes
) -> None:
    """docs/protocol.md, "Refusals": `bad_frame`."""
    alice = scene.json("alice")
    alice.wire.send(line + b"\n")
    alice.await_refusal("bad_frame")
    alice.say("still here")
    alice.expect_nothing()


@pytest.mark.parametrize("line", BAD.values(), ids=BAD)
def test_a_bad_frame_before_hello(scene: Scene, line: bytes) -> None:
    """docs/protocol.md, "Refusals": `bad_frame`, then hello again."""
    alice = scene.json_speaker()
    alice.wire.send(b"{\n")
    alice.await_refusal("bad_frame")
    alice.wire.send(line + b"\n")
    alice.await_refusal("bad_frame")
    alice.join(scene.name("alice"))


@pytest.mark.parametrize(
    ("line", "re"),
    [
        (b'{"type":"send","to":"lobby","text":5,"nonce":"n1"}', "n1"),
        (b'{"type":"send","to":"lobby","nonce":"n2"}', "n2"),
        (b'{"type":"send","to":"lobby","text":"x","nonce":3}', "send"),
        (b'{"type":"send","text":"x"}', "send"),
        (b'{"type":"history","of":"lobby","limit":0}', "history"),
        (b'{"type":"group","action":"burn","name":"x"}', "group"),
        (b'{"type":"hello","name":5}', "hello"),
        (b'{"type":"shout"}', "shout"),
        (b'{"type":5}', None),
        (b'{"type":"send","to":5,"nonce":"n3"', None),
    ],
)
def test_a_refusal_names_the_frame(scene: Scene, line: bytes, re: str | None) -> None:
    """docs/protocol.md, "From the hub": the nonce or the type, if they can be read."""
    alice = scene.json("alice")
    alice.settle()
    alice.wire.send(line + b"\n")
    frame = alice.read()
    assert frame["type"] == "error"
    assert frame.get("re") == re


@pytest.mark.parametrize(
    "line",
    [
        b'{"type":"hello","name":5}',
        b'{"type":"hello","name":"x","resume":"token"}',
        b'{"type":"hello","name":"x","resume":{"token":"t"}}',
        b'{"type":"hello","name":"x","resume":{"token":"t","after":-1}}',
        b'{"type":"hello","name":"x","resume":{"token":"t","after":"0"}}',
    ],
)
def test_a_bad_hello(scene: Scene, line: bytes) -> None:
    """docs/protocol.md, "Refusals": `bad_frame`, a field of the wrong type."""
    alice = scene.json_speaker()
    alice.wire.send(line + b"\n")
    alice.await_refusal("bad_frame")
    alice.join(scene.name("alice"))


def test_a_hello_without_a_name(scene: Scene) -> None:
    """docs/protocol.md, "Names": only a token says by itself whom one comes in as."""
    alice = scene.json_speaker()
    alice.write({"type": "hello"})
    alice.await_refusal("name_invalid")
    alice.join(scene.name("alice"))


@pytest.mark.parametrize("kind", ["shout", "", "welcome", "message", "SEND"])
def test_an_unknown_type_is_refused(scene: Scene, kind: str) -> None:
    """docs/protocol.md, "Refusals": `type_unknown`."""
    alice = scene.json("alice")
    alice.write({"type": kind, "text": "x"})
    alice.await_refusal("type_unknown")
    alice.say("still here")


def test_what_is_not_utf8_is_refused(scene: Scene) -> None:
    """docs/protocol.md, "Refusals": `not_utf8`."""
    alice, bob = scene.json("alice"), scene.json("bob")
    alice.settle()
    for text in (b"caf\xe9", b"\xff", b"\xed\xa0\x80"):
        alice.wire.send(b'{"type":"send","to":"lobby","text":"' + text + b'"}\n')
        alice.await_refusal("not_utf8")
    bob.expect_nothing()


def test_lone_surrogates_reach_nobody(scene: Scene) -> None:
    """design.md, "Rules": any bytes at all lead to commands, refusals or a close."""
    alice, bob = scene.json("alice"), scene.json("bob")
    alice.settle()
    alice.wire.send(b'{"type":"send","to":"lobby","text":"a\\ud800b","nonce":"s"}\n')
    frame = alice.read()
    if frame["type"] == "error":
        assert frame["code"] in {"bad_frame", "not_utf8"}
    else:
        assert frame["text"] in {"ab", "a\N{REPLACEMENT CHARACTER}b"}
        bob.await_message(alice.name, "lobby", frame["text"])
    scene.expect_nothing_more()


def test_an_overlong_line_is_refused_and_skipped_to_its_end(scene: Scene) -> None:
    """docs/protocol.md, "Refusals": `line_too_long`."""
    alice = scene.json("alice")
    alice.wire.send(b'{"type":"send","text":"' + b"x" * 70_000)
    alice.await_refusal("line_too_long")
    alice.wire.send(b"y" * 200_000 + b'"}\n')
    alice.say("still here")
    alice.expect_nothing()


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "history", "of": "lobby", "before": 2**80},
        {"type": "history", "of": "lobby", "limit": 2**80},
        {"type": "history", "of": "lobby", "before": 2**63},
        {"type": "history", "of": "lobby", "before": 0},
    ],
    ids=["before-huge", "limit-huge", "before-2^63", "before-0"],
)
def test_numbers_beyond_all_measure(scene: Scene, frame: dict[str, object]) -> None:
    """design.md, "Rules": any bytes at all lead to commands, refusals or a close."""
    alice = scene.json("alice")
    alice.say("hello")
    alice.write(frame)
    assert alice.read()["type"] in {"history", "error"}
    alice.ping()


@pytest.mark.parametrize("after", [2**31, 2**63, 2**80])
def test_a_resume_from_beyond_all_measure(scene: Scene, after: int) -> None:
    """design.md, "Rules": any bytes at all lead to commands, refusals or a close."""
    bob = scene.json("bob")
    alice = scene.json("alice")
    alice.drop()
    bob.await_left(alice.name)
    again = scene.json_speaker()
    again.resume(alice.name, alice.token, after)
    if again.read()["type"] == "error":
        again.join(scene.name("alice"))
    bob.settle()
    bob.say("hello")
    again.settle()


def test_an_odd_nonce_is_a_nonce(scene: Scene) -> None:
    """docs/protocol.md, the frame `send`: a nonce is any string."""
    alice = scene.json("alice")
    for nonce in (" ", "日本", "x" * 64, "a\nb"):
        alice.write({"type": "send", "to": "lobby", "text": "x", "nonce": nonce})
        assert alice.read()["nonce"] == nonce


@pytest.mark.parametrize("nonce", ["", "x" * 65])
def test_a_nonce_has_a_measure(scene: Scene, nonce: str) -> None:
    """docs/protocol.schema.json: 1 to 64 characters."""
    alice = scene.json("alice")
    alice.write({"type": "send", "to": "lobby", "text": "x", "nonce": nonce})
    alice.await_refusal("bad_frame")
    alice.expect_nothing()
