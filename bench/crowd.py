"""The load generator: many connections, one thread, no work per line where it can be.

The counting is cheap so that the server is what is measured: everything received goes
into one buffer, in which a C function counts the marks. Python looks at single messages
on a few sampled connections alone.
"""

from __future__ import annotations

import itertools
import select
import socket
import time
from collections import Counter
from typing import TYPE_CHECKING, Self

from bench.contestant import HOST, MARK, TrialError
from bench.ears import Arrival, Deaf, Ear, Listener, Observer, Talker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bench.contestant import Contestant, Seat
    from bench.loads import Load

READ_BYTES = 1024 * 1024
JOIN_SECONDS = 120.0
STALL_SECONDS = 5.0


class Crowd:
    """All clients of one load: ``join``, ``settle``, ``begin``, ``drive``, ``finish``.

    Use it in a ``with`` block, which closes the connections. Any method that reads or
    writes raises ``TrialError`` if the server closed a connection or stands still, and
    ``OSError`` if a connection broke.
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
        self._turn = 0
        self._next_at = 0.0
        self._buffer = bytearray(READ_BYTES)

    def join(self, seats: Sequence[Seat]) -> None:
        """Connect clients as fast as they are taken, and wait until all are in.

        Everyone may hear of every join, so what arrives is read all the while.

        Args:
            seats: Who, in this order; no more of them at once than the contestant's
                queue holds.

        Raises:
            TrialError: Not all were in within ``JOIN_SECONDS``.
        """
        deadline = time.monotonic() + JOIN_SECONDS
        coming = iter(seats)
        arrivals: dict[int, Arrival] = {}
        while True:
            free = self._contestant.arriving - len(arrivals)
            for seat in itertools.islice(coming, free):
                arrival = self._connect(seat)
                arrivals[arrival.connection.fileno()] = arrival
            if not arrivals:
                return
            if time.monotonic() > deadline:
                raise TrialError(
                    f"welcomed {len(self._connections) - len(arrivals):,} of "
                    f"{len(self._load.seats):,} within {JOIN_SECONDS:.0f} s"
                )
            for fd, _ in self._epoll.poll(1):
                size = self._receive[fd](self._buffer)
                if not size:
                    raise TrialError("closed a connection while others joined")
                if fd in arrivals and arrivals[fd].hear(self._buffer, size):
                    del arrivals[fd]

    def _connect(self, seat: Seat) -> Arrival:
        connection = socket.create_connection((HOST, self._port), timeout=10)
        self._connections.append(connection)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setblocking(False)
        self._receive[connection.fileno()] = connection.recv_into
        self._epoll.register(connection, select.EPOLLIN)
        return Arrival(connection, self._contestant.introduce(seat))

    def begin(self) -> None:
        """Give everyone their part, and let each talker fill its window."""
        load = self._load
        write = self._contestant.direct if load.direct else self._contestant.post
        heard_by: dict[int, list[Talker]] = {index: [] for index in load.sampled}
        for number, observer in load.observer_of.items():
            connection = self._connections[number]
            talker = Talker(number, connection, write, load.seats[number])
            self._talkers.append(talker)
            heard_by.setdefault(observer, []).append(talker)
            if load.direct:
                self._listeners[connection.fileno()] = Deaf()
        for index, talkers in heard_by.items():
            listener = Ear(talkers) if index in load.sampled else Observer(talkers[0])
            self._listeners[self._connections[index].fileno()] = listener
        if load.window:
            for talker in self._talkers:
                talker.credit = load.window
                talker.talk(time.perf_counter_ns())

    def drive(self, seconds: float) -> int:
        """Keep the windows full, or the pace, for a time.

        Returns:
            How many messages were delivered meanwhile, to all who are counted.
        """
        delivered = 0
        paced = self._load.messages_per_second > 0
        now = time.perf_counter()
        deadline = now + seconds
        heard_at = self._next_at = now
        while now < deadline:
            due: list[Talker] = []
            wake_at = min(deadline, self._next_at if paced else now + 1)
            events = self._epoll.poll(max(0.0, wake_at - now))
            delivered += self._read(events, due)
            now = time.perf_counter()
            if paced:
                self._talk_on_time(now)
            else:
                for talker in due:
                    talker.talk(time.perf_counter_ns())
            if events:
                heard_at = now
            elif now - heard_at > STALL_SECONDS:
                raise TrialError(f"fell silent for {STALL_SECONDS:.0f} s")
        return delivered

    def settle(self, seconds: float) -> None:
        """Read what joining brings, until all has been quiet for so long."""
        deadline = time.monotonic() + JOIN_SECONDS
        while events := self._epoll.poll(seconds):
            self._read(events, [])
            if time.monotonic() > deadline:
                raise TrialError("did not become quiet")

    def finish(self, delivered: int) -> int:
        """Read on without talking until all that was written has arrived everywhere.

        Args:
            delivered: How many deliveries were made since ``begin``.

        Returns:
            How many are missing when nothing has come for ``STALL_SECONDS``; usually 0.
        """
        written = sum(talker.written for talker in self._talkers)
        others = len(self._connections) - 1 + int(self._contestant.echoes)
        missing = written * (1 if self._load.direct else others) - delivered
        deadline = time.monotonic() + JOIN_SECONDS
        while missing and (events := self._epoll.poll(STALL_SECONDS)):
            missing -= self._read(events, [])
            if time.monotonic() > deadline:
                raise TrialError("did not catch up")
        return missing

    def _read(self, events: list[tuple[int, int]], due: list[Talker]) -> int:
        """Read each ready connection once; the one loop that has to be fast.

        Args:
            events: What epoll said.
            due: Gets the talkers that have credit now and had none before.

        Returns:
            How many messages were delivered.
        """
        delivered = 0
        buffer = self._buffer
        count = buffer.count
        receive = self._receive
        listener_on = self._listeners.get
        for fd, _ in events:
            size = receive[fd](buffer)
            if not size:
                raise TrialError("closed a connection")
            listener = listener_on(fd)
            if listener is None:
                delivered += count(MARK, 0, size)
            else:
                delivered += listener.hear(buffer, size, due)
        return delivered

    def _talk_on_time(self, now: float) -> None:
        """Let the talkers whose time has come by ``now`` write a message each."""
        while self._next_at <= now:
            talker = self._talkers[self._turn % len(self._talkers)]
            talker.credit = 1
            talker.talk(int(self._next_at * 1e9))
            self._turn += 1
            self._next_at += 1 / self._load.messages_per_second

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
