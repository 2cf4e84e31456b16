"""The thread behind a blocking chat: it does what the session says, on a socket."""

from __future__ import annotations

import contextlib
import math
import selectors
import socket
import threading
from time import monotonic
from typing import assert_never

import msgspec

from hubbub.client.connection_events import Encryption
from hubbub.client.session import Session
from hubbub.client.sockets import (
    READ_SIZE,
    AddressInfo,
    SocketStep,
    Trace,
    close,
    create,
    peer_of,
    sentence,
)
from hubbub.client.steps import Exchange, Finished, Open, Pause
from hubbub.client.trust import Approach, Trust, Way, WrongHubError
from hubbub.wire.tls import TlsChannel, TlsError


class _Link(msgspec.Struct):
    """A connection.

    Attributes:
        sock: Its socket, which does not block.
        peer: `IP:PORT` of the hub.
        unsent: Bytes that the socket did not take yet.
        channel: TLS, if the connection is encrypted.
        early: What the hub said with its last bytes of the handshake.
        deaf: Whether the hub takes no more. What it said before that is still read,
            since it may be the reason.
    """

    sock: socket.socket
    peer: str
    unsent: bytearray
    channel: TlsChannel | None = None
    early: bytes = b""
    deaf: bool = False


class Worker:
    """Serves one session. Alone in touching the socket; it never waits while locked."""

    def __init__(
        self,
        session: Session,
        changed: threading.Condition,
        trust: Trust,
        trace: Trace,
    ) -> None:
        """Prepare.

        Args:
            session: What to serve; looked at and changed only with `changed` held.
            changed: Notified after every change.
            trust: Where the hub is, and who it has to be.
            trace: Called with every step of the socket.
        """
        self._session = session
        self._changed = changed
        self._trust = trust
        self._trace = trace
        self._link: _Link | None = None
        self._selector = selectors.DefaultSelector()
        self._woken, self._waker = socket.socketpair()
        self._woken.setblocking(False)
        self._waker.setblocking(False)
        self._thread = threading.Thread(target=self._run, name="hubbub", daemon=True)

    def start(self) -> None:
        """Begin in the background."""
        self._thread.start()

    def wake(self) -> None:
        """Say that there is something to do. From any thread."""
        # A full buffer wakes as well, and a closed one means that all is over.
        with contextlib.suppress(OSError):
            self._waker.send(b"!")

    def join(self, timeout: float) -> None:
        """Wait until the thread is done, or the time is over."""
        self._thread.join(timeout)

    # --- the thread ------------------------------------------------------------------

    def _run(self) -> None:
        with self._selector, self._woken, self._waker:
            self._selector.register(self._woken, selectors.EVENT_READ)
            try:
                while self._do_step():
                    pass
            finally:
                # Only an error in this library gets here with the chat still open.
                with self._changed:
                    self._session.fail("the client failed; the error went to stderr")
                    self._changed.notify_all()
                self._drop()

    def _do_step(self) -> bool:
        with self._changed:
            step = self._session.step(monotonic())
            self._changed.notify_all()
        if not isinstance(step, Exchange):
            self._drop()
        match step:
            case Open(until):
                self._open(until)
            case Exchange(until, reading):
                self._exchange(until, reading=reading)
            case Pause(until):
                self._select(until)
            case Finished():
                return False
            case _:
                assert_never(step)
        return True

    def _select(self, until: float) -> int:
        """Wait for the socket, `wake` or the time; give the socket's readiness."""
        timeout = None if math.isinf(until) else max(0.0, until - monotonic())
        ready = 0
        for key, events in self._selector.select(timeout):
            if key.fileobj is self._woken:
                with contextlib.suppress(BlockingIOError):
                    self._woken.recv(READ_SIZE)
            else:
                ready = events
        return ready

    # --- opening ---------------------------------------------------------------------

    def _open(self, until: float) -> None:
        reason = "the name has no address"
        try:
            infos = socket.getaddrinfo(
                self._trust.host, self._trust.port, type=socket.SOCK_STREAM
            )
        except OSError as error:
            infos, reason = [], sentence(error)
        for info in infos:
            try:
                opened = self._approach(info, until)
            except WrongHubError as error:
                with self._changed:
                    self._session.wrong_hub(str(error))
                return
            except (OSError, TlsError) as error:
                reason = sentence(error)
                continue
            if opened is None:
                # The chat was closed meanwhile.
                return
            self._link, encryption = opened
            with self._changed:
                self._session.opened(monotonic(), encryption)
                if self._link.early:
                    self._session.received(self._link.early, monotonic())
            return
        with self._changed:
            self._session.open_failed(reason, monotonic())

    def _approach(
        self, info: AddressInfo, until: float
    ) -> tuple[_Link, Encryption] | None:
        """Begin a connection to one address, one way or another; None as `_reach`."""
        approach = Approach(self._trust)
        while True:
            try:
                return self._reach(info, approach.way, until)
            except (OSError, TlsError, WrongHubError) as error:
                if not approach.failed(error):
                    raise

    def _reach(
        self, info: AddressInfo, way: Way, until: float
    ) -> tuple[_Link, Encryption] | None:
        """Begin a connection one way; None if the chat is over before that."""
        sock = create(info, self._trace)
        link = _Link(sock, peer_of(info), bytearray())
        opened = None
        try:
            self._trace(SocketStep("CONNECT", sock.fileno(), link.peer))
            with contextlib.suppress(BlockingIOError):
                sock.connect(info[4])
            if self._await_ready(sock, selectors.EVENT_WRITE, until):
                error = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if error:
                    raise OSError(error, "")
                link.channel = self._trust.open(way)
                if link.channel is None or self._shake_hands(link, until):
                    opened = link, self._trust.accept(link.channel, way)
        finally:
            if opened is None:
                close(sock, link.peer, self._trace)
        return opened

    def _shake_hands(self, link: _Link, until: float) -> bool:
        """Do the TLS handshake; tell whether the chat still goes on."""
        channel = link.channel
        assert channel is not None
        while True:
            link.unsent += channel.take()
            while link.unsent:
                if not self._await_ready(link.sock, selectors.EVENT_WRITE, until):
                    return False
                del link.unsent[: link.sock.send(link.unsent)]
            if channel.established:
                return True
            if not self._await_ready(link.sock, selectors.EVENT_READ, until):
                return False
            data = link.sock.recv(READ_SIZE)
            if not data:
                raise TlsError("the connection was closed amid the handshake")
            link.early += channel.receive(data)

    def _await_ready(self, sock: socket.socket, event: int, until: float) -> bool:
        """Wait for a socket; tell whether the chat still goes on."""
        self._selector.register(sock, event)
        try:
            while not self._select(until):
                if self._is_over():
                    return False
                if monotonic() >= until:
                    raise TimeoutError
        finally:
            self._selector.unregister(sock)
        return True

    def _is_over(self) -> bool:
        with self._changed:
            return self._session.ended is not None

    # --- exchanging ------------------------------------------------------------------

    def _exchange(self, until: float, *, reading: bool) -> None:
        link = self._link
        assert link is not None
        self._write(link)
        if self._wait_for(link, until, reading=reading or link.deaf):
            self._read(link)

    def _wait_for(self, link: _Link, until: float, *, reading: bool) -> bool:
        """Wait until there is something to do; tell whether there is data."""
        events = selectors.EVENT_READ if reading else 0
        if link.unsent:
            events |= selectors.EVENT_WRITE
        if events:
            self._selector.register(link.sock, events)
        try:
            return bool(self._select(until) & selectors.EVENT_READ)
        finally:
            if events:
                self._selector.unregister(link.sock)

    def _write(self, link: _Link) -> None:
        with self._changed:
            data = self._session.outgoing()
        if link.channel is not None:
            data = link.channel.wrap(data)
        link.unsent += data
        if not link.unsent:
            return
        try:
            size = 0 if link.deaf else link.sock.send(link.unsent)
        except BlockingIOError:
            return
        except OSError:
            link.deaf = True
        if link.deaf:
            link.unsent.clear()
            return
        del link.unsent[:size]
        self._trace(SocketStep("SEND", link.sock.fileno(), link.peer, size))

    def _read(self, link: _Link) -> None:
        try:
            data = link.sock.recv(READ_SIZE)
        except BlockingIOError:
            return
        except OSError as error:
            with self._changed:
                self._session.lost(sentence(error), monotonic())
            return
        self._trace(SocketStep("RECEIVE", link.sock.fileno(), link.peer, len(data)))
        if link.channel is not None and data:
            try:
                data = link.channel.receive(data)
            except TlsError as error:
                with self._changed:
                    self._session.lost(f"TLS: {error}", monotonic())
                return
            if not data and not link.channel.ended:
                return
        with self._changed:
            self._session.received(data, monotonic())

    def _drop(self) -> None:
        if self._link is not None:
            link, self._link = self._link, None
            close(link.sock, link.peer, self._trace)
