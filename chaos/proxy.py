"""A bad network between clients and a hub, on the loopback.

Each connection has a fate: after how many bytes it is cut, and how long what is sent
is under way. What was under way when the client's side was cut still arrives, as it
does in a real network; so a slow connection that was given up can come to the hub after
the one that took its place.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import struct
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable

LIMIT = 10.0
_CHUNK = 1 << 16
_RESET = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Fate:
    """What happens to one connection.

    Attributes:
        up: Bytes from the client that are let through; then it is cut. None for all.
        down: The same for bytes from the hub.
        up_delay: Seconds that bytes to the hub, and the connection itself, are under
            way.
        down_delay: Seconds that bytes to the client are under way.
        reset: Whether the client sees a reset, and not an end.
    """

    up: int | None = None
    down: int | None = None
    up_delay: float = 0.0
    down_delay: float = 0.0
    reset: bool = False


class Proxy:
    """Stands before a hub. Use it in a ``with`` block.

    Attributes:
        port: Where it listens on 127.0.0.1.
        target: The hub's port; None while there is no hub. May be changed at any time,
            for connections that come later.
    """

    def __init__(self, target: int, fate: Callable[[int], Fate]) -> None:
        """Listen.

        Args:
            target: The hub's port on 127.0.0.1.
            fate: Says what happens to a connection, by its number from 1 on.
        """
        self.target: int | None = target
        self._fate = fate
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._lock = threading.Lock()
        self._accepted = 0
        self._cuts = 0
        self._connections: set[_Connection] = set()
        self._threads: list[threading.Thread] = [_start(self._accept)]

    @property
    def accepted(self) -> int:
        """How many connections came."""
        with self._lock:
            return self._accepted

    @property
    def cuts(self) -> int:
        """How many of them were cut by their fate."""
        with self._lock:
            return self._cuts

    def cut(self) -> None:
        """Cut what stands now. What is under way to the hub still arrives."""
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            connection.cut()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            # Closing alone does not end a wait in `accept`.
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        for thread in self._threads:
            thread.join(LIMIT)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._accepted += 1
                fate = self._fate(self._accepted)
                connection = _Connection(client, fate, self._count_cut)
                self._connections.add(connection)
            self._threads = [one for one in self._threads if one.is_alive()]
            self._threads.append(_start(self._serve, connection))

    def _serve(self, connection: _Connection) -> None:
        connection.serve(self.target)
        with self._lock:
            self._connections.discard(connection)

    def _count_cut(self) -> None:
        with self._lock:
            self._cuts += 1


class _Connection:
    """One client, and the hub on the other side."""

    def __init__(
        self, client: socket.socket, fate: Fate, note_cut: Callable[[], None]
    ) -> None:
        self._client = client
        self._note_cut = note_cut
        self._fate = fate
        self._is_cut = threading.Event()
        self._way: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()

    def cut(self) -> None:
        """End the client's side."""
        self._is_cut.set()
        with contextlib.suppress(OSError):
            if self._fate.reset:
                self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            # Closing alone does not end a wait in `recv`.
            self._client.shutdown(socket.SHUT_RDWR)

    def serve(self, target: int | None) -> None:
        """Carry bytes until both sides have ended."""
        reading = _start(self._read)
        with self._client:
            self._carry_up(target)
            self.cut()
            reading.join(LIMIT)

    def _read(self) -> None:
        """Take in what the client sends, up to the cut."""
        left = self._fate.up
        with contextlib.suppress(OSError):
            while left is None or left > 0:
                data = self._client.recv(_CHUNK if left is None else left)
                if not data or self._is_cut.is_set():
                    break
                self._way.put((time.monotonic() + self._fate.up_delay, data))
                left = None if left is None else left - len(data)
        if left == 0:
            self._meet_fate()
        self._way.put((time.monotonic() + self._fate.up_delay, b""))

    def _carry_up(self, target: int | None) -> None:
        if target is None:
            return
        time.sleep(self._fate.up_delay)
        try:
            hub = socket.create_connection(("127.0.0.1", target), LIMIT)
        except OSError:
            # Nobody listens there, and so it seems to the client.
            return
        hub.settimeout(None)
        hub.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        down = _start(self._carry_down, hub)
        with contextlib.suppress(OSError):
            while True:
                due, data = self._way.get()
                time.sleep(max(0.0, due - time.monotonic()))
                if not data:
                    break
                hub.sendall(data)
        with hub, contextlib.suppress(OSError):
            hub.shutdown(socket.SHUT_RDWR)
        down.join(LIMIT)

    def _carry_down(self, hub: socket.socket) -> None:
        left = self._fate.down
        with contextlib.suppress(OSError):
            while left is None or left > 0:
                data = hub.recv(_CHUNK if left is None else left)
                time.sleep(self._fate.down_delay)
                if not data or self._is_cut.is_set():
                    break
                self._client.sendall(data)
                left = None if left is None else left - len(data)
        if left == 0:
            self._meet_fate()
        # Whatever ended here, the client's side ends, and with it the way up.
        self.cut()

    def _meet_fate(self) -> None:
        self._note_cut()
        self.cut()


def _start(target: Callable[..., None], *args: object) -> threading.Thread:
    thread = threading.Thread(target=target, args=args, daemon=True)
    thread.start()
    return thread
