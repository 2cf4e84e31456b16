"""WebSocket beneath the frames: RFC 6455, as docs/protocol.md takes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.conformance.hub_process import HubProcess
from tests.conformance.speakers.websocket import (
    BINARY,
    CLOSE,
    PING,
    PONG,
    TEXT,
    WebSocketSpeaker,
    WebSocketWire,
    frame_of,
)

if TYPE_CHECKING:
    from tests.conformance.scene import Scene

CONTINUATION = 0x0

USERS = b'{"type":"users"}'


@pytest.fixture
def kinds() -> tuple[str, ...]:
    return ("websocket",)


@pytest.fixture
def alice(scene: Scene) -> WebSocketSpeaker:
    """Give somebody who is in."""
    return scene.websocket("alice")


def opened(hub: HubProcess) -> WebSocketWire:
    """Give a WebSocket that has said nothing."""
    wire = hub.connect(WebSocketWire)
    assert isinstance(wire, WebSocketWire)
    return wire


def shake_hands(hub: HubProcess, *change: tuple[str, str | None]) -> bytes:
    """Ask for a WebSocket with some headers changed; give the head of the answer."""
    headers: dict[str, str | None] = {
        "Host": f"127.0.0.1:{hub.port}",
        "Upgrade": "websocket",
        "Connection": "keep-alive, Upgrade",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
    }
    headers.update(change)
    lines = [f"{name}: {value}\r\n" for name, value in headers.items() if value]
    with hub.connect() as wire:
        wire.send("".join(["GET /ws HTTP/1.1\r\n", *lines, "\r\n"]).encode())
        head = b""
        while (line := wire.receive_line()) not in {b"\r", None}:
            head += (line or b"") + b"\n"
    return head


def assert_fails(wire: WebSocketWire, data: bytes, code: int) -> None:
    """Insist that bytes end a WebSocket with a code, and with nothing after it."""
    wire.send_raw(data)
    frame = wire.receive_frame()
    assert frame is not None
    opcode, payload = frame
    assert (opcode, int.from_bytes(payload[:2], "big")) == (CLOSE, code)
    payload[2:].decode()
    assert wire.receive_frame() is None


# --- the opening handshake ----------------------------------------------------------


def test_the_handshake_of_the_rfc(hub: HubProcess) -> None:
    """Section 1.3: the key of the example and what comes of it."""
    head = shake_hands(hub)
    assert head.startswith(b"HTTP/1.1 101 Switching Protocols\r\n")
    assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in head


def test_no_extension_is_negotiated(hub: HubProcess) -> None:
    """docs/protocol.md: permessage-deflate would give each connection its own bytes."""
    offer = ("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits")
    head = shake_hands(hub, offer)
    assert head.startswith(b"HTTP/1.1 101 ")
    assert b"extensions" not in head.lower()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (("Sec-WebSocket-Key", None), b"400"),
        (("Sec-WebSocket-Key", "short"), b"400"),
        (("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==x"), b"400"),
        (("Sec-WebSocket-Version", "12"), b"426"),
        (("Sec-WebSocket-Version", None), b"426"),
        (("Upgrade", None), b"426"),
        (("Upgrade", "h2c"), b"426"),
        (("Connection", "keep-alive"), b"426"),
    ],
)
def test_a_handshake_that_is_none(
    hub: HubProcess, change: tuple[str, str | None], status: bytes
) -> None:
    """Section 4.2.1, and section 4.4 for the version."""
    head = shake_hands(hub, change)
    assert head.startswith(b"HTTP/1.1 " + status + b" ")
    if status == b"426":
        assert b"Sec-WebSocket-Version: 13\r\n" in head


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://127.0.0.1:{port}", b"101"),
        ("https://127.0.0.1:{port}", b"101"),
        ("http://127.0.0.1", b"403"),
        ("http://127.0.0.1:{port}.evil.example", b"403"),
        ("http://evil.example", b"403"),
        ("null", b"403"),
        ("file://", b"403"),
    ],
)
def test_only_pages_of_the_same_origin(
    hub: HubProcess, origin: str, status: bytes
) -> None:
    """Section 10.2; docs/protocol.md: from the hub's own origin, else 403."""
    head = shake_hands(hub, ("Origin", origin.format(port=hub.port)))
    assert head.startswith(b"HTTP/1.1 " + status + b" ")


def test_what_comes_right_behind_the_handshake_counts(scene: Scene) -> None:
    """A client need not wait for the answer before its first frame is on its way."""
    name = scene.name("alice")
    wire = scene.hub.connect()
    head = (
        f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{scene.hub.port}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    hello = json.dumps({"type": "hello", "name": name}).encode()
    wire.send(head.encode() + frame_of(hello))
    received = b""
    while name.encode() not in received:
        received += wire.receive()
    assert b'{"type":"welcome"' in received
    wire.close()


# --- frames -------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 5, 16])
def test_a_message_in_fragments(alice: WebSocketSpeaker, size: int) -> None:
    """Section 5.4: a message may come in any number of frames, even empty ones."""
    pieces = [USERS[at : at + size] for at in range(0, len(USERS), size)]
    alice.socket.send_raw(frame_of(b"", TEXT, fin=False))
    for piece in pieces:
        alice.socket.send_raw(frame_of(piece, CONTINUATION, fin=False))
    alice.socket.send_raw(frame_of(b"", CONTINUATION))
    assert alice.read()["type"] == "users"


def test_a_letter_may_be_cut_in_two(alice: WebSocketSpeaker) -> None:
    """Section 5.6: it is the whole message that has to be UTF-8."""
    frame = {"type": "ping", "id": "grüß"}
    message = json.dumps(frame, ensure_ascii=False).encode()
    cut = message.index("ü".encode()) + 1
    alice.socket.send_raw(
        frame_of(message[:cut], fin=False) + frame_of(message[cut:], CONTINUATION)
    )
    assert alice.read() == {"type": "pong", "id": "grüß"}


def test_a_ping_amid_fragments_is_answered(alice: WebSocketSpeaker) -> None:
    """Section 5.4: control frames may stand between fragments. Section 5.5.3: the pong
    carries what the ping did."""
    wire = alice.socket
    wire.send_raw(frame_of(USERS[:5], fin=False) + frame_of(b"x" * 125, PING))
    assert wire.receive_frame() == (PONG, b"x" * 125)
    wire.send_raw(frame_of(USERS[5:], CONTINUATION))
    assert alice.read()["type"] == "users"


def test_a_pong_nobody_asked_for_is_ignored(alice: WebSocketSpeaker) -> None:
    """Section 5.5.3."""
    alice.socket.send_raw(frame_of(b"here", PONG))
    alice.expect_nothing()


def test_any_split_of_the_bytes(alice: WebSocketSpeaker) -> None:
    """docs/protocol.md: frames are frames, whatever the segments."""
    frames = frame_of(USERS) + frame_of(b"x", PING) + frame_of(USERS)
    alice.socket.send_in_pieces(frames, 1)
    answers = [alice.socket.receive_frame() for _ in range(3)]
    opcodes = sorted(answer[0] for answer in answers if answer)
    assert opcodes == [TEXT, TEXT, PONG]


@pytest.mark.parametrize("length", [125, 126, 4000])
def test_messages_of_every_form_of_length(alice: WebSocketSpeaker, length: int) -> None:
    """Section 5.2: 7 bits, 16 bits; both ways."""
    alice.say("y" * length)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(frame_of(USERS, mask=b""), 1002, id="no mask, section 5.1"),
        pytest.param(frame_of(USERS, reserved=0x40), 1002, id="RSV1, section 5.2"),
        pytest.param(frame_of(USERS, reserved=0x10), 1002, id="RSV3, section 5.2"),
        pytest.param(frame_of(b"", 0x3), 1002, id="opcode 3, section 5.2"),
        pytest.param(frame_of(b"", 0xB), 1002, id="opcode 11, section 5.2"),
        pytest.param(frame_of(b"x" * 126, PING), 1002, id="long ping, section 5.5"),
        pytest.param(frame_of(b"", PING, fin=False), 1002, id="ping in fragments"),
        pytest.param(frame_of(b"x", CONTINUATION), 1002, id="nothing to continue"),
        pytest.param(
            frame_of(b"{", fin=False) + frame_of(b"}"), 1002, id="two at a time"
        ),
        pytest.param(frame_of(b"\x03", CLOSE), 1002, id="half a close code"),
        pytest.param(frame_of(b"\x03\xed", CLOSE), 1002, id="1005, section 7.4.1"),
        pytest.param(frame_of(b"\x03\xe8\xff", CLOSE), 1007, id="reason not UTF-8"),
        pytest.param(frame_of(b'{"type":"\xff"}'), 1007, id="not UTF-8, section 8.1"),
        pytest.param(frame_of(b"\xed\xa0\x80"), 1007, id="surrogate, section 8.1"),
        pytest.param(frame_of(b"x", BINARY), 1003, id="binary"),
        pytest.param(frame_of(b" " * 65_537), 1009, id="too long"),
        pytest.param(
            frame_of(b" " * 65_536, fin=False) + frame_of(b" ", CONTINUATION),
            1009,
            id="too long in fragments",
        ),
        pytest.param(b"\x81\xff" + b"\xff" * 8, 1009, id="a length over 63 bits"),
        pytest.param(b"\x81\xff\x7f" + b"\xff" * 7, 1009, id="a length over all"),
    ],
)
def test_what_ends_a_websocket(hub: HubProcess, data: bytes, code: int) -> None:
    """Section 7.4.1: why, in a close frame; section 7.1.7: and nothing after it."""
    assert_fails(opened(hub), data, code)


@pytest.mark.parametrize("payload", [b"", b"\x03\xe8", b"\x03\xe9going away"])
def test_closing_is_answered_in_kind(hub: HubProcess, payload: bytes) -> None:
    """Section 5.5.1: the close frame is echoed; section 7.1.1: the server ends TCP."""
    wire = opened(hub)
    wire.send_raw(frame_of(payload, CLOSE))
    assert wire.receive_frame() == (CLOSE, payload)
    assert wire.receive_frame() is None


def test_what_was_said_before_closing_counts(scene: Scene) -> None:
    """Frames are read in order, though they come in one packet."""
    alice, bob = scene.websocket("alice"), scene.json("bob")
    said = json.dumps({"type": "send", "to": "lobby", "text": "last words"})
    alice.socket.send_raw(
        frame_of(said.encode()) + frame_of(b'{"type":"bye"}') + frame_of(b"", CLOSE)
    )
    bob.await_message(alice.name, "lobby", "last words")
    bob.await_left(alice.name, "quit")


def test_closing_without_bye_keeps_the_seat(scene: Scene) -> None:
    """docs/protocol.md: a WebSocket closed without the frame `bye` has dropped."""
    alice, bob = scene.websocket("alice"), scene.plain("bob")
    alice.socket.send_raw(frame_of(b"\x03\xe9", CLOSE))
    bob.await_left(alice.name, "lost")
    again = scene.speaker("websocket")
    assert isinstance(again, WebSocketSpeaker)
    again.resume(alice.name, alice.token, alice.last_seq)
    again.await_resumed(alice.name)


def test_after_bye_comes_a_close_frame(alice: WebSocketSpeaker) -> None:
    """docs/protocol.md: 1000 for `quit`."""
    alice.quit()
    assert alice.socket.close_code == 1000


def test_every_text_message_is_read_though_it_is_no_frame(
    alice: WebSocketSpeaker,
) -> None:
    """Section 5.6: the message is fine; what is in it is refused as in JSON lines."""
    alice.socket.send_raw(frame_of(b"not json"))
    alice.await_refusal("bad_frame")
    alice.expect_nothing()
