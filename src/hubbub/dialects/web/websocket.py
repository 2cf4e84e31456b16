"""WebSocket (RFC 6455): one JSON frame is one text message.

What the hub sends is not masked and not compressed, so a frame is the same bytes for
every receiver: it is written once for all of them. That is why no extension is
negotiated: permessage-deflate keeps a window for each connection, and each would get
bytes of its own.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections import deque
from collections.abc import Callable

from websockets.frames import Close, CloseCode, Frame, Opcode
from websockets.protocol import Protocol, Side
from websockets.utils import accept_key

from hubbub.dialects.contract import Reply, Request, Writer
from hubbub.model.answers import Answer, AreYouThere, Bye
from hubbub.model.commands import Command, HangUp, HubCommand
from hubbub.model.events import Event
from hubbub.model.refusals import Refusal

ReadFrame = Callable[[bytes], Command | Refusal]

_KEY_BYTES = 16

_PING = Frame(Opcode.PING, b"").serialize(mask=False)

# RFC 6455, section 7.4.1. Whoever may come back at once is told "going away" or
# "normal"; the rest broke a rule of this hub.
_CLOSE_CODES = {
    "quit": CloseCode.NORMAL_CLOSURE,
    "replaced": CloseCode.NORMAL_CLOSURE,
    "shutdown": CloseCode.GOING_AWAY,
}


def accept(key: str) -> str:
    """Give the `Sec-WebSocket-Accept` for a `Sec-WebSocket-Key`.

    Raises:
        ValueError: The key is not 16 bytes in base64 (RFC 6455, section 4.1).
    """
    try:
        if len(b64decode(key, validate=True)) != _KEY_BYTES:
            raise ValueError("not 16 bytes")
    except binascii.Error:
        raise ValueError("not base64") from None
    return accept_key(key)


def text_message(payload: bytes) -> bytes:
    """Write a text message as one unmasked frame (RFC 6455, section 5.2)."""
    length = len(payload)
    if length < 126:
        return bytes((0x81, length)) + payload
    if length < 1 << 16:
        return b"\x81\x7e" + length.to_bytes(2, "big") + payload
    return b"\x81\x7f" + length.to_bytes(8, "big") + payload


def _close_frame(code: int, reason: str) -> bytes:
    # Section 5.5: a control frame has at most 125 bytes, 2 of them the code.
    short = reason.encode()[:123].decode(errors="ignore")
    return Frame(Opcode.CLOSE, Close(code, short).serialize()).serialize(mask=False)


class WebSocketWriter:
    """Writes each line of another writer as one text message."""

    def __init__(self, lines: Writer) -> None:
        """Wrap a writer that gives one line, or none, for everything."""
        self._lines = lines

    def event(self, event: Event, *, own: bool) -> bytes:
        """Write an event."""
        return _as_message(self._lines.event(event, own=own))

    def answer(self, answer: Answer, time: int) -> bytes:
        """Write an answer."""
        return _as_message(self._lines.answer(answer, time))

    def refusal(
        self, refusal: Refusal, command: Command | HubCommand | None, time: int
    ) -> bytes:
        """Write a refusal."""
        return _as_message(self._lines.refusal(refusal, command, time))


def _as_message(line: bytes) -> bytes:
    return text_message(line[:-1]) if line else b""


class WebSocketDialect:
    """One WebSocket, from its opening on."""

    __slots__ = ("_fragments", "_messages", "_protocol", "_read", "writer")

    name = "websocket"
    keeps_seat = True
    waits = False

    def __init__(
        self, writer: WebSocketWriter, read: ReadFrame, limit: int, opening: bytes
    ) -> None:
        """Begin.

        Args:
            writer: Shared by all WebSockets.
            read: What a message means.
            limit: Bytes of one message.
            opening: The response that opens the WebSocket.
        """
        self.writer = writer
        self._read = read
        self._protocol = Protocol(Side.SERVER, max_size=limit)
        self._fragments: list[bytes] = []
        self._messages: deque[bytes | Reply | HangUp] = deque((Reply(opening),))

    def receive(self, data: bytes) -> WebSocketDialect:
        """Take bytes in."""
        protocol = self._protocol
        if protocol.eof_sent:
            # It is closed; RFC 6455, section 1.4: what comes now is not looked at.
            return self
        protocol.receive_data(data)
        for frame in protocol.events_received():
            if isinstance(frame, Frame) and not self._take(frame):
                break
        written = b"".join(protocol.data_to_send())
        if written:
            self._messages.append(Reply(written))
        if protocol.eof_sent:
            self._messages.append(HangUp())
        return self

    def _take(self, frame: Frame) -> bool:
        """Take a frame whose order and size are checked; tell whether to go on."""
        match frame.opcode:
            case Opcode.TEXT | Opcode.CONT:
                self._fragments.append(bytes(frame.data))
                return not frame.fin or self._take_message()
            case Opcode.BINARY:
                self._protocol.fail(
                    CloseCode.UNSUPPORTED_DATA, "send JSON frames as text messages"
                )
                return False
            case _:
                # Pings are answered and closing is followed by the protocol.
                return True

    def _take_message(self) -> bool:
        message = b"".join(self._fragments)
        self._fragments.clear()
        try:
            message.decode()
        except UnicodeDecodeError:
            # Section 8.1: not UTF-8, so the connection fails.
            self._protocol.fail(CloseCode.INVALID_DATA, "a message was not UTF-8")
            return False
        self._messages.append(message)
        return True

    def quiet(self) -> WebSocketDialect:
        """Go on: nothing that is unfinished means anything."""
        return self

    def next(self) -> Request | None:
        """Give what the next message means."""
        if not self._messages:
            return None
        message = self._messages.popleft()
        return self._read(message) if isinstance(message, bytes) else message

    def joined(self) -> None:
        """Nothing to remember: a frame says what it is."""

    def unjoined(self) -> None:
        """Nothing to remember."""

    def answer(self, answer: Answer, time: int) -> bytes:
        """Write an answer."""
        if isinstance(answer, AreYouThere):
            # Browsers answer it by themselves, even from a page that sleeps.
            return _PING
        message = self.writer.answer(answer, time)
        if isinstance(answer, Bye):
            code = _CLOSE_CODES.get(answer.code, CloseCode.POLICY_VIOLATION)
            return message + _close_frame(code, answer.reason)
        return message

    def refusal(
        self, refusal: Refusal, command: Command | HubCommand | None, time: int
    ) -> bytes:
        """Write a refusal."""
        return self.writer.refusal(refusal, command, time)
