"""The event-loop engine: one thread that waits for all sockets at once.

asyncio's loop, on uvloop where that is installed, says which sockets are ready; every
ready one is read, and then one turn is run for all of them.
"""

from __future__ import annotations

import asyncio
import select
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress

from hubbub.dialects.contract import Dialect
from hubbub.engines.link import Link, flush, flush_all, report, take_in
from hubbub.engines.steps import Steps, read_clocks
from hubbub.engines.workers import Workers
from hubbub.node import Node
from hubbub.node.plan import Work
from hubbub.wire.opening import NewWire, no_wire

# Connections taken at once, so that a flood of them does not keep the others waiting.
_ACCEPTS_AT_ONCE = 256

# How long to wait when the process has no file descriptor left for a connection.
_ACCEPT_RETRY_SECONDS = 0.5

# How often to look for sockets that broke without the loop saying so.
_BROKEN_SECONDS = 1.0

# How long, at the end, to wait for the others to take the last bytes and close.
_GOODBYE_SECONDS = 1.0


def new_loop() -> asyncio.AbstractEventLoop:
    """Make the fastest loop there is."""
    try:
        import uvloop
    except ImportError:
        if sys.platform == "win32":
            return asyncio.SelectorEventLoop()
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


class EventLoopEngine:
    """Serves with the callbacks of one loop."""

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
        self._loop = new_loop()
        self._links: set[Link] = set()
        self._workers = Workers(self._finish)
        self._turn_is_set = False
        self._timer: asyncio.TimerHandle | None = None
        self._listener: socket.socket | None = None
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
        loop = self._loop
        self._listener = listener
        listener.setblocking(False)
        try:
            self._node.start(read_clocks())
            if console is not None:
                self._console = self._add_operator(*console)
            loop.add_reader(listener.fileno(), self._accept)
            self._catch_signals()
            self._look_for_broken()
            self._set_turn()
            loop.call_soon(on_ready)
            loop.run_forever()
        finally:
            for link in list(self._links):
                self._close(link)
            self._steps.close(listener)
            self._workers.close()
            loop.close()

    def _catch_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            try:
                self._loop.add_signal_handler(number, self._shut_down)
            except NotImplementedError:  # Windows
                signal.signal(
                    number,
                    lambda _n, _f: self._loop.call_soon_threadsafe(self._shut_down),
                )

    def _finish(self, work: Work, result: object) -> None:
        """Bring a result to the loop's thread; called from another."""
        # At the very end the loop is closed, and nobody waits for the result.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._finished, work, result)

    def _finished(self, work: Work, result: object) -> None:
        self._node.done(work, result)
        self._set_turn()

    def _shut_down(self) -> None:
        self._node.shut_down()
        self._set_turn()

    def adopt(self, end: socket.socket, dialect: Dialect) -> None:
        """Serve one more connection of whoever runs the hub, from any thread."""
        # A loop that is closed serves nobody.
        try:
            self._loop.call_soon_threadsafe(self._add_operator, end, dialect)
        except RuntimeError:
            end.close()

    def _add_operator(self, end: socket.socket, dialect: Dialect) -> Link:
        end.setblocking(False)
        link = Link(end)
        link.session = self._node.connect_console(dialect, link, read_clocks())
        self._links.add(link)
        self._read_from(link)
        return link

    # --- sockets that are ready ------------------------------------------------------

    def _accept(self) -> None:
        listener = self._listener
        if listener is None:
            return
        now = read_clocks()
        for _ in range(_ACCEPTS_AT_ONCE):
            try:
                accepted = self._steps.accept(listener)
            except OSError:
                self._loop.remove_reader(listener.fileno())
                self._loop.call_later(_ACCEPT_RETRY_SECONDS, self._accept_again)
                break
            if accepted is None:
                break
            connection, (host, port) = accepted
            connection.setblocking(False)
            link = Link(connection, self._new_wire(host))
            proxied = link.wire is not None and link.wire.proxied
            link.session = self._node.connect(host, port, link, now, proxied=proxied)
            self._links.add(link)
            self._read_from(link)
        self._set_turn()

    def _accept_again(self) -> None:
        if self._listener is not None:
            self._loop.add_reader(self._listener.fileno(), self._accept)

    def _readable(self, link: Link) -> None:
        data = self._steps.receive(link.socket, hidden=link.session.hides)
        if data is None:
            return
        if not take_in(self._node, self._steps, link, data, read_clocks()):
            self._close(link)
            return
        if link.session.ended_input:
            self._stop_reading(link)
        if link.wire is not None:
            self._flush(link)
        self._set_turn()

    def _look_for_broken(self) -> None:
        """Read from sockets that are broken, though the loop has not called again.

        libuv watches a socket no more once it has told of an error on it (`uv__poll_io`
        at POLLERR), and calls only once. When a peer sent something and then reset the
        connection, that call finds the bytes, and nothing would ever find the reset.
        """
        if not hasattr(select, "poll"):  # Windows, where there is no uvloop
            return
        links = {link.socket.fileno(): link for link in self._links if link.reading}
        broken = select.poll()
        for number in links:
            broken.register(number, 0)  # errors are reported without being asked for
        for number, _ in broken.poll(0):
            self._readable(links[number])
        self._loop.call_later(_BROKEN_SECONDS, self._look_for_broken)

    def _writable(self, link: Link) -> None:
        self._flush(link)
        if self._node.has_work:
            self._set_turn()

    # --- the turn --------------------------------------------------------------------

    def _set_turn(self) -> None:
        # Run after all sockets that are ready now have been read.
        if not self._turn_is_set:
            self._turn_is_set = True
            self._loop.call_soon(self._turn)

    def _turn(self) -> None:
        self._turn_is_set = False
        now = read_clocks()
        plan = self._node.turn(now)
        took = read_clocks().monotonic - now.monotonic
        self._node.took(took, self._steps.sent)
        report(plan.defects)
        for work in plan.offload:
            self._workers.start(work)
        for session in plan.pause:
            self._stop_reading(session.link)
        for session in plan.resume:
            self._read_from(session.link)
        for link in flush_all(self._steps, plan.flush):
            self._flush(link)
        for session in plan.close:
            self._close(session.link)
        if plan.stop:
            self._stop()
        elif self._node.has_work:
            self._set_turn()
        else:
            self._set_timer()

    def _set_timer(self) -> None:
        deadline = self._node.next_deadline()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if deadline is not None:
            delay = max(0.0, deadline - read_clocks().monotonic)
            self._timer = self._loop.call_later(delay, self._set_turn)

    def _stop(self) -> None:
        """Take no more connections, and end when those there are have been let go."""
        listener, self._listener = self._listener, None
        if listener is None:
            return
        self._loop.remove_reader(listener.fileno())
        self._loop.call_later(_GOODBYE_SECONDS, self._loop.stop)
        self._stop_if_alone()

    def _stop_if_alone(self) -> None:
        if self._listener is None and self._links <= {self._console}:
            if self._console is not None:
                self._flush(self._console)
            self._loop.stop()

    # --- one socket ------------------------------------------------------------------

    def _read_from(self, link: Link) -> None:
        if not link.closed and not link.reading and not link.session.ended_input:
            link.reading = True
            self._loop.add_reader(link.socket.fileno(), self._readable, link)

    def _stop_reading(self, link: Link) -> None:
        if link.reading:
            link.reading = False
            self._loop.remove_reader(link.socket.fileno())

    def _flush(self, link: Link) -> None:
        if link.closed:
            return
        done = flush(self._steps, link)
        if done is None:
            self._close(link)
        elif done:
            if link.writing:
                link.writing = False
                self._loop.remove_writer(link.socket.fileno())
        elif not link.writing:
            link.writing = True
            self._loop.add_writer(link.socket.fileno(), self._writable, link)

    def _close(self, link: Link) -> None:
        if link.closed:
            return
        self._stop_reading(link)
        if link.writing:
            self._loop.remove_writer(link.socket.fileno())
        link.closed = True
        self._steps.close(link.socket)
        self._links.discard(link)
        self._node.closed(link.session)
        if self._node.has_work:
            self._set_turn()
        self._stop_if_alone()
