"""A page at the hub: the JSON frames as messages of WebSocket (RFC 6455).

Written by hand, as a second reading of the RFC beside the hub's.
"""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING, ClassVar

from tests.conformance.speakers.json_lines import Frame, JsonSpeaker
from tests.conformance.speakers.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA

FIN = 0x80
_MASKED = 0x80


def frame_of(
    payload: bytes,
    opcode: int = TEXT,
    *,
    fin: bool = True,
    reserved: int = 0,
    mask: bytes | None = None,
) -> bytes:
    """Write a frame as a client has to: masked (section 5.3).

    Args:
        payload: What it carries.
        opcode: What it is.
        fin: Whether it ends the message.
        reserved: The bits RSV1 to RSV3, as 0x40, 0x20 and 0x10.
        mask: Four bytes to mask with, or b"" for a frame without a mask.
    """
    mask = os.urandom(4) if mask is None else mask
    head = bytes(((FIN if fin else 0) | reserved | opcode,))
    masked = _MASKED if mask else 0
    if len(payload) < 126:
        head += bytes((masked | len(payload),))
    elif len(payload) < 1 << 16:
        head += bytes((masked | 126,)) + len(payload).to_bytes(2, "big")
    else:
        head += bytes((masked | 127,)) + len(payload).to_bytes(8, "big")
    if not mask:
        return head + payload
    key = (mask * (len(payload) // 4 + 1))[: len(payload)]
    number = int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")
    return head + mask + number.to_bytes(len(payload), "big")


class WebSocketWire(Wire):
    """A connection whose lines are text messages."""

    def __init__(self, host: str, port: int, *, receive_buffer: int | None = None):
        """Connect, and open the WebSocket."""
        super().__init__(host, port, receive_buffer=receive_buffer)
        self.host = f"{f'[{host}]' if ':' in host else host}:{port}"
        self.close_code: int | None = None
        self.open()

    def open(self, headers: Mapping[str, str] | None = None) -> None:
        """Go through the opening handshake (section 4.1)."""
        head = {
            "Host": self.host,
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            "Sec-WebSocket-Version": "13",
        } | dict(headers or {})
        lines = [f"{name}: {value}\r\n" for name, value in head.items()]
        super().send("".join(["GET /ws HTTP/1.1\r\n", *lines, "\r\n"]).encode())
        assert super().receive_line() == b"HTTP/1.1 101 Switching Protocols\r"
        while super().receive_line() != b"\r":
            pass

    def send(self, data: bytes) -> None:
        """Send lines, each as a message."""
        assert data.endswith(b"\n"), "an unfinished line is no message"
        super().send(b"".join(map(frame_of, data[:-1].split(b"\n"))))

    def send_raw(self, data: bytes) -> None:
        """Send bytes as they are."""
        super().send(data)

    def receive_line(self) -> bytes | None:
        """Give the next text message; None is the end, or a close frame."""
        frame = self.receive_frame()
        if frame is None:
            return None
        opcode, payload = frame
        if opcode == CLOSE:
            self.close_code = int.from_bytes(payload[:2], "big")
            return None
        if opcode == PING:
            return b'{"type":"ping"}'
        assert opcode == TEXT, f"opcode {opcode}"
        assert b"\n" not in payload
        return payload

    def receive_frame(self) -> tuple[int, bytes] | None:
        """Give the next frame's opcode and payload; None is the end.

        Raises:
            AssertionError: It is none that this hub would send.
        """
        head = self._take(2)
        if head is None:
            return None
        assert head[0] & 0x70 == 0, "a reserved bit is set"
        assert head[0] & FIN, "a fragment"
        assert not head[1] & _MASKED, "masked (section 5.1)"
        length = head[1]
        if length >= 126:
            extended = self._take(2 if length == 126 else 8) or b""
            shortest = 126 if length == 126 else 1 << 16
            length = int.from_bytes(extended, "big")
            assert length >= shortest, "not the shortest form (section 5.2)"
        return head[0] & 0xF, (self._take(length) or b"") if length else b""

    def _take(self, count: int) -> bytes | None:
        while len(self._buffer) < count:
            data = self._receive()
            if not data:
                assert not self._buffer, "closed amid a frame"
                return None
            self._buffer += data
        taken = bytes(self._buffer[:count])
        self._forget(count)
        return taken


class WebSocketSpeaker(JsonSpeaker):
    """Speaks JSON frames over WebSocket."""

    kind: ClassVar[str] = "websocket"
    wire_type: ClassVar[type[Wire]] = WebSocketWire

    @property
    def socket(self) -> WebSocketWire:
        """The wire, as what it is."""
        assert isinstance(self.wire, WebSocketWire)
        return self.wire

    def _read_frame(self) -> Frame | None:
        frame = super()._read_frame()
        if frame is None and self.received and self.received[-1]["type"] == "bye":
            assert self.socket.close_code, "no close frame after bye"
        return frame
