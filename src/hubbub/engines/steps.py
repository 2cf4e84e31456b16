"""The steps of a socket server: CREATE, BIND, LISTEN, ACCEPT, RECEIVE, SEND, CLOSE.

Both engines do these and nothing else to a socket; `--trace` prints each as it happens.
docs/sockets.md explains them one by one.
"""

from __future__ import annotations

import errno
import socket
import time
from collections.abc import Callable
from weakref import WeakKeyDictionary

from hubbub.model.secret import HIDDEN, Mask
from hubbub.model.time import Now

# Connections the kernel holds for us until they are accepted; it may allow fewer.
_BACKLOG = 4096

# How much one RECEIVE takes at the most. A thread that waits in it holds the memory for
# it all the while, so with a thread for each connection it is less.
_CHUNK = 1 << 16
_CHUNK_OF_A_THREAD = 1 << 12

# A peer that vanished without a word is found after 60 + 4 x 15 seconds of silence, or
# when what was sent to it has not been acknowledged for that long.
_KEEPALIVE = (
    ("TCP_KEEPIDLE", 60),
    ("TCP_KEEPINTVL", 15),
    ("TCP_KEEPCNT", 4),
    ("TCP_USER_TIMEOUT", 120_000),
)

# How an IPv4 address begins on a socket that takes both (RFC 4291, section 2.5.5.2).
_MAPPED = "::ffff:"

_SHOWN_BYTES = 60

Trace = Callable[[str], None]


class ListenError(Exception):
    """The hub can't listen there. The message is a sentence that says why."""


def read_clocks() -> Now:
    """Read both clocks. Engines do, and hand the reading down."""
    return Now(time.time_ns() // 1_000_000, time.monotonic())


def show_address(address: tuple[str, int] | tuple[str, int, int, int]) -> str:
    """Write a socket address as `IP:PORT`, an IPv6 one in brackets."""
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


class Steps:
    """Does the steps, and tells of each if somebody wants to know."""

    def __init__(self, trace: Trace | None = None) -> None:
        """Begin.

        Args:
            trace: Called with one line for each step, or None.
        """
        self._trace = trace
        # Of each connection that is traced, for what is received and what is sent.
        self._masks: WeakKeyDictionary[socket.socket, tuple[Mask, Mask]]
        self._masks = WeakKeyDictionary()
        self.sent = 0
        self._buffer = memoryview(bytearray(_CHUNK))

    def tell(self, step: str) -> None:
        """Print a line of the trace, if there is one."""
        if self._trace is not None:
            self._trace(step)

    @property
    def is_traced(self) -> bool:
        """Whether somebody wants to know of each step."""
        return self._trace is not None

    def listen(self, host: str, port: int) -> socket.socket:
        """Make a socket that takes connections.

        Args:
            host: An IPv4 or IPv6 address of this machine, or a name for one.
            port: 1 to 65535, or 0 to have the system choose.

        Raises:
            ListenError: Nothing listens.
        """
        trace = self._trace
        try:
            found = socket.getaddrinfo(
                host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )
        except OSError:
            raise ListenError(f"{host} is no address of a machine") from None
        family, kind, protocol, _, address = found[0]
        # CREATE: ask the system for a socket; it is a number (fd) like that of a file.
        listener = socket.socket(family, kind, protocol)
        if trace:
            version = "IPv6" if family == socket.AF_INET6 else "IPv4"
            trace(f"CREATE   fd={listener.fileno()} a TCP socket for {version}")
        try:
            # Without this, a restart within a minute finds the port still taken.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if address[0] == "::":
                # Every address: of IPv4 as well, whatever this system does by itself.
                listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            # BIND: give it the address and port that others connect to.
            listener.bind(address)
            if trace:
                trace(f"BIND     fd={listener.fileno()} to {host}:{port}")
            # LISTEN: from now on the kernel takes connections and queues them for us.
            listener.listen(_BACKLOG)
            if trace:
                trace(f"LISTEN   fd={listener.fileno()} queue of {_BACKLOG}")
        except OSError as error:
            listener.close()
            raise ListenError(_why_not(error, host, port)) from None
        return listener

    def accept(
        self, listener: socket.socket
    ) -> tuple[socket.socket, tuple[str, int]] | None:
        """Take the next connection: a new socket for it, and who is on the other side.

        Returns:
            None when none waits on a listener that does not block, or the one that
            did is gone again.

        Raises:
            OSError: The process has no more file descriptors, or worse.
        """
        try:
            connection, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return None
        try:
            # A chat line must not wait for more bytes to share a packet with.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            for name, value in _KEEPALIVE:
                option = getattr(socket, name, None)
                if option is not None:
                    connection.setsockopt(socket.IPPROTO_TCP, option, value)
        except OSError:
            connection.close()
            return None
        peer = (address[0].removeprefix(_MAPPED), address[1])
        if self._trace:
            self._trace(
                f"ACCEPT   fd={listener.fileno()} gave fd={connection.fileno()} "
                f"for {show_address(peer)}"
            )
        return connection, peer

    def receive(
        self, connection: socket.socket, *, hidden: bool = False
    ) -> bytes | None:
        """Take the bytes that have come; `hidden` keeps them out of the trace.

        Not for several threads at once: they would share a buffer; see `receive_new`.

        Returns:
            The bytes; empty when no more will come, for whatever reason; None when
            there are none now.
        """
        try:
            count = connection.recv_into(self._buffer)
        except (BlockingIOError, InterruptedError):
            return None
        except OSError:
            return self._received(connection, b"", hidden)
        return self._received(connection, bytes(self._buffer[:count]), hidden)

    def receive_new(
        self, connection: socket.socket, hidden: Callable[[], bool]
    ) -> bytes:
        """Wait for bytes; empty when no more will come, for whatever reason.

        `hidden` tells, once they are there, whether to keep them out of the trace.
        """
        try:
            data = connection.recv(_CHUNK_OF_A_THREAD)
        except OSError:
            data = b""
        return self._received(connection, data, hidden())

    def _received(
        self,
        connection: socket.socket,
        data: bytes,
        hidden: bool,
    ) -> bytes:
        if self._trace:
            received = self._masks_of(connection)[0]
            shown = _show(HIDDEN if hidden and data else received.show(data))
            self._trace(
                f"RECEIVE  fd={connection.fileno()} from {_peer(connection)}: "
                f"{len(data)} bytes {shown}"
            )
        return data

    def _masks_of(self, connection: socket.socket) -> tuple[Mask, Mask]:
        masks = self._masks.get(connection)
        if masks is None:
            masks = self._masks[connection] = (Mask(), Mask())
        return masks

    def send(
        self, connection: socket.socket, data: bytes | memoryview, flags: int = 0
    ) -> int | None:
        """Give bytes to the kernel, as many as it takes now.

        Returns:
            How many it took, 0 when it takes none now; None when the connection is
            broken.
        """
        try:
            count = connection.send(data, flags)
        except (BlockingIOError, InterruptedError):
            count = 0
        except OSError:
            return None
        self.sent += count
        if self._trace:
            sent = self._masks_of(connection)[1].show(bytes(data[:count]))
            self._trace(
                f"SEND     fd={connection.fileno()} to {_peer(connection)}: "
                f"{count} of {len(data)} bytes {_show(sent)}"
            )
        return count

    def end_sending(self, connection: socket.socket) -> None:
        """Tell the other side that no more will come; it may still speak."""
        try:
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            return
        if self._trace:
            self._trace(f"SHUTDOWN fd={connection.fileno()} nothing more to send")

    def close(self, connection: socket.socket) -> None:
        """Give the socket back to the system."""
        if self._trace and connection.fileno() >= 0:
            self._trace(f"CLOSE    fd={connection.fileno()}")
        connection.close()


def _peer(connection: socket.socket) -> str:
    try:
        address = connection.getpeername()
    except OSError:
        return "one who is gone"
    return show_address(address) if address else "the console"


def _show(data: bytes) -> str:
    if not data:
        return "(the end)"
    more = "..." if len(data) > _SHOWN_BYTES else ""
    return f"{data[:_SHOWN_BYTES]!r}{more}"


def _why_not(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return (
                f"port {port} is in use on {host}, perhaps by another hub; choose "
                f"another port, such as {port + 1 if port < 65535 else port - 1}"
            )
        case errno.EADDRNOTAVAIL:
            return f"{host} is not an address of this machine"
        case errno.EACCES | errno.EPERM:
            return f"port {port} is not allowed for you; choose one over 1023"
        case _:
            return f"can't listen on {host}:{port}: {error.strerror or error}"
