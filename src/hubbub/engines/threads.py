"""The threads engine: one thread for each connection, and one for the turn.

A connection's thread does nothing but wait for bytes and hand them over. The turn's
thread takes all that was handed over, runs one turn for it, and sends; it never waits
for one socket, so a slow one blocks nobody.
"""

from __future__ import annotations

import selectors
import signal
import socket
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from hubbub.dialects.contract import Dialect
from hubbub.engines.link import Link, flush, flush_all, report, take_in
from hubbub.engines.steps import Steps, read_clocks
from hubbub.engines.workers import Workers
from hubbub.model.time import Now
from hubbub.node import Node
from hubbub.node.plan import Work
from hubbub.wire.opening import NewWire, no_wire

# Send what the kernel takes now, though the socket is one that waits: its other side
# is read by a thread that does nothing else.
_DONT_WAIT = getattr(socket, "MSG_DONTWAIT", 0)

# Enough for a thread that calls one function; the default would be 8 MiB of address
# space for each of thousands of threads.
_STACK_BYTES = 256 * 1024

_ACCEPT_RETRY_SECONDS = 0.5

_GOODBYE_SECONDS = 1.0

_Accepted = tuple[socket.socket, tuple[str, int]]


class ThreadsEngine:
    """Serves with a thread for each connection."""

    def __init__(self, node: Node, steps: Steps, wires: NewWire = no_wire) -> None:
        """Drive a node.

        Args:
            node: What is driven.
            steps: What is done to sockets.
            wires: Gives what lies on the wire of a connection from an address.
        """
        self._node = node
        self._steps = steps
        self._new_wire = wires
        self._links: set[Link] = set()
        # What the other threads hand over: a deque is safe to append to and pop from.
        self._accepted: deque[_Accepted] = deque()
        self._received: deque[tuple[Link, bytes]] = deque()
        self._adopted: deque[tuple[socket.socket, Dialect]] = deque()
        self._finished: deque[tuple[Work, object]] = deque()
        self._workers = Workers(self._finish)
        self._bell, self._doorbell = socket.socketpair()
        self._bell.setblocking(False)
        self._doorbell.setblocking(False)
        self._asleep = False
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._bell, selectors.EVENT_READ)
        self._reading = 0
        self._leaving = threading.Event()
        self._closing = threading.Event()
        self._ends_at: float | None = None
        self._console: Link | None = None

    def run(
        self,
        listener: socket.socket,
        console: tuple[socket.socket, Dialect] | None,
        on_ready: Callable[[], None],
    ) -> None:
        """Serve until the hub is shut down; then close everything.

        Args:
            listener: Where connections come in.
            console: The hub's end of the administrator's console, and its dialect.
            on_ready: Called once, when connections are taken.
        """
        threading.stack_size(_STACK_BYTES)
        self._node.start(read_clocks())
        if console is not None:
            self._console = self._add_operator(*console)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda _number, _frame: self._shut_down())
        turns = threading.Thread(target=self._turns, name="turn")
        turns.start()
        on_ready()
        try:
            self._accept_all(listener)
        finally:
            # Nobody comes in any more, or the goodbyes would never be over.
            self._steps.close(listener)
            self._shut_down()
            turns.join()
            for connection, _ in self._accepted:
                self._steps.close(connection)

    def _shut_down(self) -> None:
        self._node.shut_down()
        self._ring()

    def _finish(self, work: Work, result: object) -> None:
        """Hand a result over to the turn's thread; called from another."""
        self._finished.append((work, result))
        self._ring()

    # --- the thread of the listener --------------------------------------------------

    def _accept_all(self, listener: socket.socket) -> None:
        # A short wait, so that the end is noticed: a blocked accept can't be woken.
        listener.settimeout(0.2)
        while not self._leaving.is_set():
            try:
                accepted = self._steps.accept(listener)
            except TimeoutError:
                continue
            except OSError:
                self._leaving.wait(_ACCEPT_RETRY_SECONDS)
                continue
            if accepted is not None:
                accepted[0].settimeout(None)
                self._accepted.append(accepted)
                self._ring()

    # --- the thread of one connection ------------------------------------------------

    def _receive_all(self, link: Link, gate: threading.Lock) -> None:
        """Hand over one chunk at a time, and wait until it has been dealt with.

        So nobody fills the memory faster than turns empty it, and a connection is
        paused by not opening its gate.
        """
        while True:
            data = self._steps.receive_new(link.socket, lambda: link.session.hides)
            self._received.append((link, data))
            self._ring()
            if not data:
                return
            gate.acquire()

    def _ring(self) -> None:
        """Wake the turn's thread, if it sleeps."""
        if self._asleep:
            self._asleep = False
            with suppress(OSError):
                self._doorbell.send(b"!")

    # --- the thread of the turn ------------------------------------------------------

    def _turns(self) -> None:
        try:
            while self._ends_at is None or not self._is_over():
                self._wait()
                self._take_in()
                self._turn()
        finally:
            self._leaving.set()
            self._closing.set()
            for link in list(self._links):
                self._close(link)
            self._await_threads()
            self._workers.close()
            self._selector.close()
            self._bell.close()
            self._doorbell.close()

    def _await_threads(self) -> None:
        """Wait until every connection's thread has let go of its socket."""
        ends_at = read_clocks().monotonic + _GOODBYE_SECONDS
        while self._reading and read_clocks().monotonic < ends_at:
            self._wait()
            self._take_in()

    def _is_over(self) -> bool:
        over = self._ends_at is not None and read_clocks().monotonic > self._ends_at
        return over or self._links <= {self._console}

    def _wait(self) -> None:
        """Sleep until there is something to do, and flush what has become writable."""
        timeout = self._timeout()
        self._asleep = True
        if self._received or self._accepted or self._finished or self._adopted:
            timeout = 0.0
        for key, _ in self._selector.select(timeout):
            if key.fileobj is self._bell:
                with suppress(BlockingIOError):
                    self._bell.recv(4096)
            else:
                self._flush(key.data)
        self._asleep = False

    def _timeout(self) -> float | None:
        if self._closing.is_set():
            return _ACCEPT_RETRY_SECONDS
        if self._node.has_work:
            return 0.0
        deadline = self._node.next_deadline()
        if self._ends_at is not None:
            deadline = min(deadline or self._ends_at, self._ends_at)
        if deadline is None:
            return None
        return max(0.0, deadline - read_clocks().monotonic)

    def _take_in(self) -> None:
        now = read_clocks()
        # Only what is there now: others go on coming and handing over.
        for _ in range(len(self._accepted)):
            connection, (host, port) = self._accepted.popleft()
            if self._closing.is_set():
                self._steps.close(connection)
                continue
            link = Link(connection, self._new_wire(host))
            proxied = link.wire is not None and link.wire.proxied
            link.session = self._node.connect(host, port, link, now, proxied=proxied)
            self._start_thread(link)
        while self._adopted:
            self._add_operator(*self._adopted.popleft())
        while self._finished:
            self._node.done(*self._finished.popleft())
        for _ in range(len(self._received)):
            link, data = self._received.popleft()
            if data:
                self._take_in_of(link, data, now)
                continue
            link.reading = False
            self._reading -= 1
            if link.closed:
                self._steps.close(link.socket)
            else:
                take_in(self._node, self._steps, link, data, now)

    def _take_in_of(self, link: Link, data: bytes, now: Now) -> None:
        if not link.closed:
            if not take_in(self._node, self._steps, link, data, now):
                self._close(link)
            elif link.wire is not None:
                self._flush(link)
        if link.closed or not link.session.paused:
            self._open_gate(link)

    def _start_thread(self, link: Link) -> None:
        gate = link.gate = threading.Lock()
        gate.acquire()
        link.reading = True
        self._reading += 1
        self._links.add(link)
        thread = threading.Thread(
            target=self._receive_all, args=(link, gate), name="receive", daemon=True
        )
        try:
            thread.start()
        except RuntimeError:  # the system has no more threads
            link.reading = False
            self._reading -= 1
            self._close(link)

    def adopt(self, end: socket.socket, dialect: Dialect) -> None:
        """Serve one more connection of whoever runs the hub, from any thread."""
        self._adopted.append((end, dialect))
        self._ring()

    def _add_operator(self, end: socket.socket, dialect: Dialect) -> Link:
        link = Link(end)
        link.session = self._node.connect_console(dialect, link, read_clocks())
        self._start_thread(link)
        return link

    @staticmethod
    def _open_gate(link: Link) -> None:
        if link.gate is not None and link.gate.locked():
            link.gate.release()

    def _turn(self) -> None:
        now = read_clocks()
        plan = self._node.turn(now)
        took = read_clocks().monotonic - now.monotonic
        self._node.took(took, self._steps.sent)
        report(plan.defects)
        for work in plan.offload:
            self._workers.start(work)
        for session in plan.resume:
            self._open_gate(session.link)
        for link in flush_all(self._steps, plan.flush, _DONT_WAIT):
            self._flush(link)
        for session in plan.close:
            self._close(session.link)
        if plan.stop and self._ends_at is None:
            self._ends_at = read_clocks().monotonic + _GOODBYE_SECONDS
            self._leaving.set()

    def _flush(self, link: Link) -> None:
        if link.closed:
            return
        done = flush(self._steps, link, _DONT_WAIT)
        if done is None:
            self._close(link)
        elif done:
            if link.writing:
                link.writing = False
                self._selector.unregister(link.socket)
        elif not link.writing:
            link.writing = True
            self._selector.register(link.socket, selectors.EVENT_WRITE, link)

    def _close(self, link: Link) -> None:
        if link.closed:
            return
        if link.writing:
            self._selector.unregister(link.socket)
        link.closed = True
        self._links.discard(link)
        self._node.closed(link.session)
        if link.reading:
            # Its thread sits in a call on this socket: wake it, and close when it has
            # said that it is through, so that the number is not reused under it.
            with suppress(OSError):
                link.socket.shutdown(socket.SHUT_RDWR)
            self._open_gate(link)
        else:
            self._steps.close(link.socket)
