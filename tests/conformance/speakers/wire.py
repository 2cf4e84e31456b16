"""One TCP connection, by whole lines, with a limit on every wait."""

from __future__ import annotations

import contextlib
import socket
import struct
from typing import Self

LIMIT = 10.0
"""Seconds after which a wait is a failure. Nothing should ever come near it."""


class Wire:
    """A blocking client socket that knows bytes and lines and nothing of dialects."""

    def __init__(self, host: str, port: int, *, receive_buffer: int | None = None):
        """Connect.

        Args:
            host: The hub's address.
            port: The hub's port.
            receive_buffer: Bytes that the kernel may hold for a slow reader.
        """
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.settimeout(LIMIT)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if receive_buffer is not None:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        try:
            self._socket.connect((host, port))
        except OSError:
            self._socket.close()
            raise
        name = self._socket.getsockname()
        host = f"[{name[0]}]" if family == socket.AF_INET6 else name[0]
        self.address = f"{host}:{name[1]}"
        self._buffer = bytearray()
        self._scanned = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def send_in_pieces(self, data: bytes, size: int) -> None:
        """Send each `size` bytes with a call, and so a segment, of their own."""
        for start in range(0, len(data), size):
            self._socket.sendall(data[start : start + size])

    def send_what_is_taken(self, data: bytes) -> None:
        """Send, end sending, and do not mind that the hub closes amid it."""
        # One that was reset meanwhile is "not connected", which is no ConnectionError.
        with contextlib.suppress(OSError):
            self._socket.sendall(data)
            self.end_sending()

    def end_sending(self) -> None:
        """Close the way out and go on reading, as ``nc -N`` does at end of input."""
        self._socket.shutdown(socket.SHUT_WR)

    def receive(self) -> bytes:
        """Give what is there, waiting for at least a byte; b"" is the end."""
        if self._buffer:
            data = bytes(self._buffer)
            self._forget(len(data))
            return data
        return self._receive()

    def receive_line(self) -> bytes | None:
        r"""Give the next line without its ``\n``; None is the end.

        Raises:
            AssertionError: The hub closed amid a line, or wrote none in time.
        """
        while (end := self._buffer.find(b"\n", self._scanned)) < 0:
            self._scanned = len(self._buffer)
            data = self._receive()
            if not data:
                assert not self._buffer, f"closed amid a line: {bytes(self._buffer)!r}"
                return None
            self._buffer += data
        line = bytes(self._buffer[:end])
        self._forget(end + 1)
        return line

    def receive_all(self) -> bytes:
        """Read until the hub closes."""
        data = bytearray(self._buffer)
        self._forget(len(data))
        while more := self._receive():
            data += more
        return bytes(data)

    def close(self) -> None:
        self._socket.close()

    def reset(self) -> None:
        """Close with a RST, as a machine does that crashed."""
        with contextlib.suppress(OSError):
            self._socket.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )
        self._socket.close()

    def _forget(self, count: int) -> None:
        del self._buffer[:count]
        self._scanned = 0

    def _receive(self) -> bytes:
        try:
            return self._socket.recv(262_144)
        except ConnectionResetError:
            return b""
        except TimeoutError:
            held = bytes(self._buffer[-200:])
            raise AssertionError(
                f"nothing came for {LIMIT:.0f} s; unfinished line: {held!r}"
            ) from None
