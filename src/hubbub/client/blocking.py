"""The chat for programs that block: a thread serves its connection."""

from __future__ import annotations

import contextlib
import threading
from time import monotonic
from typing import TYPE_CHECKING, Self, TypeVar

from hubbub.client.errors import EndedError
from hubbub.client.events import (
    Event,
    GroupChanged,
    GroupInfo,
    GroupsListed,
    HistoryPage,
    MembersListed,
    UsersListed,
)
from hubbub.client.face import ChatFace
from hubbub.client.protocol import ClientProtocol
from hubbub.client.reconnect import ReconnectPolicy
from hubbub.client.session import Answer, Session
from hubbub.client.sockets import Trace, no_trace
from hubbub.client.trust import KnownHubs, Secrecy, Trust
from hubbub.client.worker import Worker
from hubbub.dialects.json_lines.frames import HistoryRequest, UsersRequest
from hubbub.dialects.json_lines.order_frames import GroupRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import TracebackType

    from hubbub.dialects.json_lines.frames import Request

A = TypeVar("A", bound=Answer)


def connect(
    host: str,
    port: int,
    *,
    name: str = "",
    password: str | None = None,
    invite: str | None = None,
    token: str | None = None,
    reconnect_for: float = 120.0,
    reconnect_every: float = 5.0,
    ask_name: bool = False,
    trace: Trace | None = None,
    tls: Secrecy = "auto",
    fingerprint: str | None = None,
    known_hubs: Path | None = None,
) -> Chat:
    """Open a chat and return at once; what becomes of it, its events tell.

    ::

        with connect("127.0.0.1", 5000, name="alice") as chat:
            chat.send("hello")
            for event in chat:
                print(event)

    Args:
        host: A name or address of the hub, IPv4 or IPv6.
        port: Its port.
        name: The name to ask for. With a token it may be left out.
        password: Of the name, if it is somebody's own, or of the hub; with `invite`,
            the one that the name is to have.
        invite: The code of an invitation, to make the name one's own.
        token: An access token, instead of a password.
        reconnect_for: For how many seconds a failed first connection, or a lost one,
            is tried again; 0 for not at all.
        reconnect_every: Seconds from one attempt to the next.
        ask_name: Whether a refused name becomes a `NameRefused`, to be answered with
            `Chat.choose_name`, instead of ending the chat.
        trace: Called with every step of the socket, from the background thread.
        tls: `always`: TLS or nothing. `never`: no TLS. `auto`: TLS where the hub speaks
            it, but not on this machine itself; and never without it again where it
            once was.
        fingerprint: That of the only certificate to be taken; None for the one that
            was seen first.
        known_hubs: The file of the certificates that were seen; None for the user's.

    Raises:
        ValueError: A time is out of range, or the fingerprint is none.
    """
    trust = Trust(
        host,
        port,
        secrecy=tls,
        fingerprint=fingerprint,
        known=None if known_hubs is None else KnownHubs(known_hubs),
    )
    session = Session(
        ClientProtocol(name, password=password, invite=invite, token=token),
        ReconnectPolicy(every=reconnect_every, window=reconnect_for),
        now=monotonic(),
        ask_name=ask_name,
    )
    return Chat(session, trust, trace or no_trace)


class Chat(ChatFace):
    """A chat with a hub, made by `connect`.

    Iterating gives the events until the chat is over. Every method may be called from
    any thread. Leaving the ``with`` block waits until everything sent has been
    acknowledged; leaving it with an exception does not.
    """

    def __init__(self, session: Session, trust: Trust, trace: Trace) -> None:
        """Begin; programs call `connect`.

        Args:
            session: Fresh.
            trust: Where the hub is, and who it has to be.
            trace: Called with every step of the socket.
        """
        self._changed = threading.Condition()
        super().__init__(session, self._changed)
        self._worker = Worker(session, self._changed, trust, trace)
        self._worker.start()

    # --- sending ---------------------------------------------------------------------

    def send(
        self,
        text: str,
        to: str = "lobby",
        *,
        wait: bool = False,
        timeout: float | None = None,
    ) -> str:
        """Say something. Without a connection it waits for the next one.

        Args:
            text: What; it may have several lines.
            to: `lobby`, `#group` or `@user`.
            wait: Whether to wait until it is on the hub's disk.
            timeout: Seconds to wait at most.

        Returns:
            The nonce, by which `Acknowledged`, `Refused` and `Unconfirmed` name it.

        Raises:
            ValueError: There is nothing to send, it is too long, or `to` is no
                address.
            BacklogFullError: Too much waits already; see `flush`.
            EndedError: The chat is over, or ended while waiting.
            RefusedError: Only with `wait`: the hub said no.
            UnconfirmedError: Only with `wait`: nobody can tell whether it stands.
            TimeoutError: Only with `wait`: the time is over; it may yet be sent.
        """
        with self._session_open() as session:
            nonce = session.protocol.send(text, to)
            if wait:
                session.claim(nonce)
        if wait:
            self._wait_for_answer(nonce, timeout)
        else:
            self._worker.wake()
        return nonce

    def ask(self, request: Request) -> str:
        """Ask something without waiting; the answer comes as an event.

        Args:
            request: A frame of `hubbub.dialects.json_lines.frames`.

        Returns:
            What the answer's `re` will be.

        Raises:
            BacklogFullError: Too much waits already.
            EndedError: The chat is over.
        """
        with self._session_open() as session:
            re = session.protocol.ask(request)
        self._worker.wake()
        return re

    def flush(self, *, below: int = 1, timeout: float | None = None) -> None:
        """Wait until fewer than `below` requests are without an answer.

        Raises:
            EndedError: The chat ended before.
            TimeoutError: The time is over.
        """
        with self._changed:
            self._session.flushing(+1)
            try:
                self._worker.wake()
                self._wait(
                    lambda: (
                        len(self._session.protocol.pending) < below
                        or self._session.ended is not None
                    ),
                    timeout,
                )
            finally:
                self._session.flushing(-1)
            if len(self._session.protocol.pending) >= below:
                self._session.check_open()

    def choose_name(self, name: str, password: str | None = None) -> None:
        """Answer a `NameRefused` with another name, or with the name's password."""
        with self._session_changed() as session:
            session.choose_name(name, monotonic(), password)

    # --- asking ----------------------------------------------------------------------
    #
    # These wait for the answer, also through a reconnect, and raise as `send` does.

    def users(self, *, timeout: float | None = None) -> tuple[str, ...]:
        """Ask who is here, and wait for the answer."""
        return self._answer(UsersRequest(), UsersListed, timeout).users

    def groups(self, *, timeout: float | None = None) -> tuple[GroupInfo, ...]:
        """Ask which groups there are, and wait for the answer."""
        return self._answer(GroupRequest("list"), GroupsListed, timeout).groups

    def members(self, group: str, *, timeout: float | None = None) -> tuple[str, ...]:
        """Ask who is in a group, and wait for the answer."""
        request = GroupRequest("members", group)
        return self._answer(request, MembersListed, timeout).members

    def history(
        self,
        of: str = "lobby",
        *,
        before: int | None = None,
        limit: int | None = None,
        timeout: float | None = None,
    ) -> HistoryPage:
        """Ask for a page of a conversation, and wait for it.

        Args:
            of: `lobby`, `#group` or `@user`.
            before: Only messages with a smaller `seq`; None for the newest.
            limit: How many at most; None for as many as the hub gives.
            timeout: Seconds to wait at most.
        """
        request = HistoryRequest(of, before, limit)
        return self._answer(request, HistoryPage, timeout)

    def create_group(self, name: str, *, timeout: float | None = None) -> None:
        """Make a group and be its first member; wait until that stands."""
        self._answer(GroupRequest("create", name), GroupChanged, timeout)

    def join_group(self, name: str, *, timeout: float | None = None) -> None:
        """Become a member of a group; wait until that stands."""
        self._answer(GroupRequest("join", name), GroupChanged, timeout)

    def leave_group(self, name: str, *, timeout: float | None = None) -> None:
        """Stop being a member of a group; wait until that stands."""
        self._answer(GroupRequest("leave", name), GroupChanged, timeout)

    # --- receiving -------------------------------------------------------------------

    def receive(self, timeout: float | None = None) -> Event:
        """Take the next event, waiting for it if need be.

        Raises:
            EndedError: `Ended` has been taken already.
            TimeoutError: There was none in time.
        """
        with self._changed:
            self._wait(
                lambda: len(self._session.inbox) > 0 or self._session.ended is not None,
                timeout,
            )
            was_full = self._session.inbox.full
            event = self._session.inbox.take()
            if event is None:
                self._session.check_open()
            assert event is not None
        if was_full:
            self._worker.wake()
        return event

    def __iter__(self) -> Iterator[Event]:
        """Give the events, the last of which is `Ended`."""
        return self

    def __next__(self) -> Event:
        """Give the next event, waiting for it if need be."""
        try:
            return self.receive()
        except EndedError:
            raise StopIteration from None

    # --- leaving ---------------------------------------------------------------------

    def close(self) -> None:
        """Leave and come back no more, in some seconds at most.

        What has not been sent yet never will be; `flush` first to wait for it. The
        events that had come can still be taken.
        """
        with self._session_changed() as session:
            session.close(monotonic())
        # Looking a name up can't be interrupted, and is not worth waiting for.
        self._worker.join(timeout=5.0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self.flush()
        finally:
            self.close()

    # --- waiting ---------------------------------------------------------------------

    @contextlib.contextmanager
    def _session_changed(self) -> Iterator[Session]:
        with self._changed:
            yield self._session
            self._changed.notify_all()
        self._worker.wake()

    @contextlib.contextmanager
    def _session_open(self) -> Iterator[Session]:
        with self._changed:
            self._session.check_open()
            yield self._session

    def _wait(self, ready: Callable[[], bool], timeout: float | None) -> None:
        if not self._changed.wait_for(ready, timeout):
            raise TimeoutError("there was no answer in time")

    def _answer(self, request: Request, kind: type[A], timeout: float | None) -> A:
        with self._session_open() as session:
            re = session.protocol.ask(request)
            session.claim(re)
        answer = self._wait_for_answer(re, timeout)
        assert isinstance(answer, kind)
        return answer

    def _wait_for_answer(self, re: str, timeout: float | None) -> Answer:
        session = self._session
        self._worker.wake()
        with self._changed:
            try:
                self._wait(lambda: session.answer(re) is not None, timeout)
                answer = session.answer(re)
                assert answer is not None
                return answer
            finally:
                session.disclaim(re)
