"""TLS under a dialect: a client's side of it, on memory, over the same socket."""

from __future__ import annotations

import contextlib
import socket
import ssl
from typing import ClassVar

from tests.conformance.speakers.plain import PlainSpeaker
from tests.conformance.speakers.wire import Wire


def trusting_context() -> ssl.SSLContext:
    """Make a context that takes any certificate: who it is, other cases ask."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class TlsWire(Wire):
    """A connection whose bytes travel in TLS."""

    def __init__(self, host: str, port: int, *, receive_buffer: int | None = None):
        super().__init__(host, port, receive_buffer=receive_buffer)
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self.tls = trusting_context().wrap_bio(self._incoming, self._outgoing)
        try:
            self._shake_hands()
        except BaseException:
            self.close()
            raise

    def _shake_hands(self) -> None:
        while True:
            try:
                self.tls.do_handshake()
            except ssl.SSLWantReadError:
                self._flush()
                data = super()._receive()
                assert data, "closed amid the handshake"
                self._incoming.write(data)
            else:
                self._flush()
                return

    def _flush(self) -> None:
        self._socket.sendall(self._outgoing.read())

    def send(self, data: bytes) -> None:
        if data:
            self.tls.write(data)
            self._flush()

    def send_in_pieces(self, data: bytes, size: int) -> None:
        self.tls.write(data)
        super().send_in_pieces(self._outgoing.read(), size)

    def send_what_is_taken(self, data: bytes) -> None:
        with contextlib.suppress(ConnectionError):
            self.send(data)
            self.end_sending()

    def end_sending(self) -> None:
        """Say so in TLS (close_notify), and then in TCP."""
        with contextlib.suppress(ssl.SSLError):
            self.tls.unwrap()
        self._flush()
        self._socket.shutdown(socket.SHUT_WR)

    def _receive(self) -> bytes:
        while True:
            try:
                return self.tls.read(262_144)
            except ssl.SSLZeroReturnError:
                return b""
            except ssl.SSLWantReadError:
                data = super()._receive()
                if not data:
                    # Without a close_notify before it, what came may be cut short.
                    raise AssertionError("the end came without close_notify") from None
                self._incoming.write(data)


class TlsSpeaker(PlainSpeaker):
    """A person at ``openssl s_client``."""

    kind: ClassVar[str] = "tls"
    wire_type: ClassVar[type[Wire]] = TlsWire
