"""The load generator: many connections, one thread, no work per line where it can be.

The counting is cheap so that the server is what is measured: everything received goes
into one buffer, in which a C function counts the marks. Python looks at single messages
on a few sampled connections alone.
"""

from __future__ import annotations

import select
import socket
import time
from collections import Counter
from typing import TYPE_CHECKING, Self

from bench.contestants import HOST, MARK
from bench.ears import Deaf, Ear, Listener, Observer, Talker
from bench.server import TrialError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bench.contestants import Contestant, Seat
    from bench.loads import Load

READ_BYTES = 1024 * 1024
JOIN_WAVE = 50
JOIN_SECONDS = 120.0
QUIET_SECONDS = 0.5
STALL_SECONDS = 10.0


class Crowd:
    """All clients of one load.

    Use it in a ``with`` block, which closes the connections.
    """

    def __init__(self, load: Load, contestant: Contestant, port: int) -> None:
        """Prepare; nobody is connected yet.

        Args:
            load: Who talks to whom.
            contestant: How to say it.
            port: Where its server listens on ``HOST``.
        """
        self._load = load
        self._contestant = contestant
        self._port = port
        self._epoll = select.epoll()
        self._connections: list[socket.socket] = []
        self._receive: dict[int, Callable[[bytearray], int]] = {}
        self._listeners: dict[int, Listener] = {}
        self._talkers: list[Talker] = []
        self._due: list[Talker] = []
        self._buffer = bytearray(READ_BYTES)

    def join(self, seats: Sequence[Seat]) -> None:
        """Connect clients and wait until each has its welcome.

        Everyone hears of every join, so what arrives is read all the while.

        Args:
            seats: Who, in this order; in waves, as a listen queue is short.

        Raises:
            TrialError: Not all were in within ``JOIN_SECONDS``, or one was refused.
        """
        deadline = time.monotonic() + JOIN_SECONDS
        for first in range(0, len(seats), JOIN_WAVE):
            self._join_wave(seats[first : first + JOIN_WAVE], deadline)

    def _join_wave(self, seats: Sequence[Seat], deadline: float) -> None:
        waiting: dict[int, bytes] = {}
        for seat in seats:
            connection = socket.create_connection((HOST, self._port), timeout=10)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sendall(self._contestant.introduce(seat))
            connection.setblocking(False)
            self._connections.append(connection)
            self._receive[connection.fileno()] = connection.recv_into
            self._epoll.register(connection, select.EPOLLIN)
            waiting[connection.fileno()] = b""
        while waiting:
            if time.monotonic() > deadline:
                raise TrialError(
                    f"welcomed {len(self._connections) - len(waiting):,} of "
                    f"{len(self._load.seats):,} within {JOIN_SECONDS:.0f} s"
                )
            for fd, _ in self._epoll.poll(1):
                size = self._receive[fd](self._buffer)
                if not size:
                    raise TrialError("closed a connection that was joining")
                if fd in waiting:
                    waiting[fd] += self._buffer[:size]
                    if self._contestant.welcome in waiting[fd]:
                        del waiting[fd]

    def settle(self) -> None:
        """Read until nothing has arrived for ``QUIET_SECONDS``.

        Raises:
            TrialError: It does not become quiet, or a connection was closed.
        """
        deadline = time.monotonic() + JOIN_SECONDS
        while events := self._epoll.poll(QUIET_SECONDS):
            if time.monotonic() > deadline:
                raise TrialError("does not become quiet after the last join")
            for fd, _ in events:
                if not self._receive[fd](self._buffer):
                    raise TrialError("closed a connection that was idle")

    def begin(self) -> None:
        """Give everyone their part, and let each talker fill its window."""
        load = self._load
        heard_by: dict[int, list[Talker]] = {}
        for number, observer in load.observer_of.items():
            seat = load.seats[number]
            write = self._contestant.direct if load.direct else self._contestant.post
            talker = Talker(number, self._connections[number], write, seat)
            self._talkers.append(talker)
            heard_by.setdefault(observer, []).append(talker)
            if load.direct:
                self._listeners[self._connections[number].fileno()] = Deaf()
        for index in load.sampled | heard_by.keys():
            talkers = heard_by.get(index, [])
            self._listeners[self._connections[index].fileno()] = (
                Ear(talkers) if index in load.sampled else Observer(talkers[0])
            )
        for talker in self._talkers:
            talker.credit = load.window
            talker.talk()

    def drive(self, seconds: float) -> int:
        """Keep the windows full for a time.

        Returns:
            How many messages were delivered meanwhile, to all who are counted.

        Raises:
            TrialError: The server closed a connection, or fell silent.
            OSError: A connection broke.
        """
        delivered = 0
        buffer = self._buffer
        count = buffer.count
        receive = self._receive
        listener_on = self._listeners.get
        now = time.perf_counter()
        deadline = now + seconds
        heard = now
        while now < deadline:
            due: list[Talker] = []
            for fd, _ in self._epoll.poll(min(1.0, deadline - now)):
                size = receive[fd](buffer)
                if not size:
                    raise TrialError("closed a connection under load")
                listener = listener_on(fd)
                if listener is None:
                    delivered += count(MARK, 0, size)
                else:
                    delivered += listener.hear(buffer, size, due)
                    heard = now
            for talker in due:
                talker.talk()
            now = time.perf_counter()
            if now - heard > STALL_SECONDS:
                raise TrialError(f"fell silent for {STALL_SECONDS:.0f} s")
        return delivered

    def latencies(self) -> Counter[int]:
        """Take out the latencies noted so far: how many messages took how long (us)."""
        total: Counter[int] = Counter()
        for listener in self._listeners.values():
            if isinstance(listener, Ear):
                total.update(listener.latencies)
                listener.latencies.clear()
        return total

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self._connections:
            connection.close()
        self._epoll.close()
