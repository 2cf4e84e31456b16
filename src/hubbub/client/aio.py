"""The chat for asyncio programs: a task serves its connection."""

from __future__ import annotations

import asyncio
import contextlib
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
from hubbub.client.service import Service
from hubbub.client.session import Answer, Session
from hubbub.client.sockets import Trace, no_trace
from hubbub.client.trust import KnownHubs, Secrecy, Trust
from hubbub.dialects.json_lines.frames import HistoryRequest, UsersRequest
from hubbub.dialects.json_lines.order_frames import GroupRequest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
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
) -> AsyncChat:
    """Open a chat and return at once; what becomes of it, its events tell.

    To be called while an event loop runs::

        async with connect("127.0.0.1", 5000, name="alice") as chat:
            await chat.send("hello")
            async for event in chat:
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
            `AsyncChat.choose_name`, instead of ending the chat.
        trace: Called with every step of the socket.
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
        now=asyncio.get_running_loop().time(),
        ask_name=ask_name,
    )
    return AsyncChat(session, trust, trace or no_trace)


class AsyncChat(ChatFace):
    """A chat with a hub, made by `connect`.

    Iterating gives the events until the chat is over. Leaving the ``async with`` block
    waits until everything sent has been acknowledged; leaving it with an exception
    does not. Any waiting method may be cancelled, also by `asyncio.timeout`.
    """

    def __init__(self, session: Session, trust: Trust, trace: Trace) -> None:
        """Begin; programs call `connect`.

        Args:
            session: Fresh.
            trust: Where the hub is, and who it has to be.
            trace: Called with every step of the socket.
        """
        # Whatever touches the session runs on one loop, and needs no lock.
        super().__init__(session, contextlib.nullcontext())
        self._loop = asyncio.get_running_loop()
        self._service = Service(session, trust, trace)

    # --- sending ---------------------------------------------------------------------

    async def send(self, text: str, to: str = "lobby", *, wait: bool = False) -> str:
        """Say something. Without a connection it waits for the next one.

        Args:
            text: What; it may have several lines.
            to: `lobby`, `#group` or `@user`.
            wait: Whether to wait until it is on the hub's disk.

        Returns:
            The nonce, by which `Acknowledged`, `Refused` and `Unconfirmed` name it.

        Raises:
            ValueError: There is nothing to send, it is too long, or `to` is no
                address.
            BacklogFullError: Too much waits already; see `flush`.
            EndedError: The chat is over, or ended while waiting.
            RefusedError: Only with `wait`: the hub said no.
            UnconfirmedError: Only with `wait`: nobody can tell whether it stands.
        """
        nonce = self._open_session().protocol.send(text, to)
        if wait:
            await self._wait_for_answer(nonce)
        else:
            self._service.stir()
        return nonce

    async def ask(self, request: Request) -> str:
        """Ask something without waiting; the answer comes as an event.

        Args:
            request: A frame of `hubbub.dialects.json_lines.frames`.

        Returns:
            What the answer's `re` will be.

        Raises:
            BacklogFullError: Too much waits already.
            EndedError: The chat is over.
        """
        re = self._open_session().protocol.ask(request)
        self._service.stir()
        return re

    async def flush(self, *, below: int = 1) -> None:
        """Wait until fewer than `below` requests are without an answer.

        Raises:
            EndedError: The chat ended before.
        """
        session = self._session
        session.flushing(+1)
        try:
            while len(session.protocol.pending) >= below:
                self._open_session()
                await self._service.stirred()
        finally:
            session.flushing(-1)

    def choose_name(self, name: str, password: str | None = None) -> None:
        """Answer a `NameRefused` with another name, or with the name's password."""
        self._session.choose_name(name, self._loop.time(), password)
        self._service.stir()

    # --- asking ----------------------------------------------------------------------
    #
    # These wait for the answer, also through a reconnect, and raise as `send` does.

    async def users(self) -> tuple[str, ...]:
        """Ask who is here, and wait for the answer."""
        return (await self._answer(UsersRequest(), UsersListed)).users

    async def groups(self) -> tuple[GroupInfo, ...]:
        """Ask which groups there are, and wait for the answer."""
        return (await self._answer(GroupRequest("list"), GroupsListed)).groups

    async def members(self, group: str) -> tuple[str, ...]:
        """Ask who is in a group, and wait for the answer."""
        request = GroupRequest("members", group)
        return (await self._answer(request, MembersListed)).members

    async def history(
        self,
        of: str = "lobby",
        *,
        before: int | None = None,
        limit: int | None = None,
    ) -> HistoryPage:
        """Ask for a page of a conversation, and wait for it.

        Args:
            of: `lobby`, `#group` or `@user`.
            before: Only messages with a smaller `seq`; None for the newest.
            limit: How many at most; None for as many as the hub gives.
        """
        return await self._answer(HistoryRequest(of, before, limit), HistoryPage)

    async def create_group(self, name: str) -> None:
        """Make a group and be its first member; wait until that stands."""
        await self._answer(GroupRequest("create", name), GroupChanged)

    async def join_group(self, name: str) -> None:
        """Become a member of a group; wait until that stands."""
        await self._answer(GroupRequest("join", name), GroupChanged)

    async def leave_group(self, name: str) -> None:
        """Stop being a member of a group; wait until that stands."""
        await self._answer(GroupRequest("leave", name), GroupChanged)

    # --- receiving -------------------------------------------------------------------

    async def receive(self) -> Event:
        """Take the next event, waiting for it if need be.

        Raises:
            EndedError: `Ended` has been taken already.
        """
        inbox = self._session.inbox
        while not len(inbox):
            self._open_session()
            await self._service.stirred()
        was_full = inbox.full
        event = inbox.take()
        assert event is not None
        if was_full:
            self._service.stir()
        return event

    def __aiter__(self) -> AsyncIterator[Event]:
        """Give the events, the last of which is `Ended`."""
        return self

    async def __anext__(self) -> Event:
        """Give the next event, waiting for it if need be."""
        try:
            return await self.receive()
        except EndedError:
            raise StopAsyncIteration from None

    # --- leaving ---------------------------------------------------------------------

    async def close(self) -> None:
        """Leave and come back no more, in some seconds at most.

        What has not been sent yet never will be; `flush` first to wait for it. The
        events that had come can still be taken.
        """
        self._session.close(self._loop.time())
        await self._service.finish()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                await self.flush()
        finally:
            await self.close()

    # --- waiting ---------------------------------------------------------------------

    def _open_session(self) -> Session:
        """Give the session if it is not over."""
        self._session.check_open()
        return self._session

    async def _answer(self, request: Request, kind: type[A]) -> A:
        answer = await self._wait_for_answer(self._open_session().protocol.ask(request))
        assert isinstance(answer, kind)
        return answer

    async def _wait_for_answer(self, re: str) -> Answer:
        session = self._session
        session.claim(re)
        self._service.stir()
        try:
            while (answer := session.answer(re)) is None:
                await self._service.stirred()
        finally:
            session.disclaim(re)
        return answer
