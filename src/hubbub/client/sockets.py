"""What both shells do to a socket, and how they tell each step of it."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable
from typing import Any

import msgspec

from hubbub.wire.tls import TlsError

# What `getaddrinfo` gives for each address.
AddressInfo = tuple[int, int, int, str, tuple[Any, ...]]

READ_SIZE = 65536

# Found within about a minute and a half, which is as long as the pings take.
_KEEPALIVE = {"TCP_KEEPIDLE": 60, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3}


class SocketStep(msgspec.Struct, frozen=True):
    """One step in the life of a socket, for someone who watches.

    Attributes:
        step: `CREATE`, `CONNECT`, `SEND`, `RECEIVE` or `CLOSE`.
        fd: The socket's file descriptor.
        peer: `IP:PORT` of the other side.
        size: Bytes sent or received; None for the other steps.
    """

    step: str
    fd: int
    peer: str
    size: int | None = None

    def __str__(self) -> str:
        size = "" if self.size is None else f" {self.size} bytes"
        return f"{self.step:<8} fd={self.fd} peer={self.peer}{size}"


Trace = Callable[[SocketStep], None]


def no_trace(_step: SocketStep) -> None:
    """Watch nothing."""


def create(info: AddressInfo, trace: Trace) -> socket.socket:
    """Make a socket that does not block, for one address of the hub.

    Raises:
        OSError: This machine has no such kind of socket.
    """
    family, kind, protocol, _, _ = info
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setblocking(False)
        # A chat line is small and wanted now: no waiting for more to fill a packet.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in _KEEPALIVE.items():
            with contextlib.suppress(AttributeError, OSError):
                sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
        trace(SocketStep("CREATE", sock.fileno(), peer_of(info)))
    except BaseException:
        sock.close()
        raise
    return sock


def close(sock: socket.socket, peer: str, trace: Trace) -> None:
    """Close a socket, and tell of it only then: whoever watches may raise."""
    fd = sock.fileno()
    sock.close()
    trace(SocketStep("CLOSE", fd, peer))


def peer_of(info: AddressInfo) -> str:
    """Give `IP:PORT`, with brackets around an IPv6 address."""
    return address_text(info[4][0], info[4][1])


def address_text(host: str, port: int) -> str:
    """Give `HOST:PORT`, with brackets around an IPv6 address."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def sentence(error: Exception) -> str:
    """Say what went wrong, in a few words without a number."""
    if isinstance(error, TimeoutError) and not error.args:
        return "the connection timed out"
    if isinstance(error, socket.gaierror):
        return f"the address was not found ({error.strerror})"
    if isinstance(error, ConnectionRefusedError):
        return "no hub is at that address and port (Connection refused)"
    if isinstance(error, TlsError) and "handshake failure" in str(error):
        return (
            f"TLS: {error}; perhaps the hub speaks none, and wants to be started with "
            "--tls auto"
        )
    if isinstance(error, TlsError):
        return f"TLS: {error}"
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno)
    return str(error) or type(error).__name__
