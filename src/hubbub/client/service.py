"""The task behind an asyncio chat: it does what the session says, on a socket."""

from __future__ import annotations

import asyncio
import contextlib
import math
import socket
from collections.abc import Coroutine
from typing import Any, assert_never

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


class _Link:
    """A connection, with the tasks that read from it and write to it."""

    def __init__(self, sock: socket.socket, peer: str) -> None:
        self.sock = sock
        self.peer = peer
        self.may_read = asyncio.Event()
        self.more = asyncio.Event()
        self.tasks: list[asyncio.Task[None]] = []
        self.channel: TlsChannel | None = None
        self.early = b""


class Service:
    """Serves one session. Alone in touching the socket."""

    def __init__(self, session: Session, trust: Trust, trace: Trace) -> None:
        """Begin in the background.

        Args:
            session: What to serve.
            trust: Where the hub is, and who it has to be.
            trace: Called with every step of the socket.
        """
        self._session = session
        self._trust = trust
        self._trace = trace
        self._loop = asyncio.get_running_loop()
        self._link: _Link | None = None
        self._news = asyncio.Event()
        self._task = self._loop.create_task(self._run(), name="hubbub")

    def stir(self) -> None:
        """Say that something has changed, and let everyone look."""
        news, self._news = self._news, asyncio.Event()
        news.set()
        if self._link is not None:
            self._link.more.set()

    async def stirred(self) -> None:
        """Wait for the next change."""
        await self._news.wait()

    async def finish(self) -> None:
        """Wait for the end of a session that is closing."""
        if self._session.ended is not None:
            # Nothing is left to be said: do not wait for an attempt to connect.
            self._task.cancel()
        self.stir()
        await asyncio.wait({self._task})

    # --- the task --------------------------------------------------------------------

    async def _run(self) -> None:
        try:
            while await self._do_step():
                pass
        finally:
            # Only a cancelled task or an error in this library gets here with the
            # chat still open.
            self._session.fail("the client's task was cancelled or failed")
            await self._drop()
            self.stir()

    async def _do_step(self) -> bool:
        news = self._news
        step = self._session.step(self._loop.time())
        if not isinstance(step, Exchange):
            await self._drop()
        match step:
            case Open(until):
                await self._open(until)
            case Exchange(until, reading):
                self._exchange(reading=reading)
                await self._wait(news, until)
            case Pause(until):
                await self._wait(news, until)
            case Finished():
                return False
            case _:
                assert_never(step)
        return True

    async def _wait(self, news: asyncio.Event, until: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(None if math.isinf(until) else until):
                await news.wait()

    # --- opening ---------------------------------------------------------------------

    async def _open(self, until: float) -> None:
        reason = "the name has no address"
        try:
            async with asyncio.timeout_at(until):
                infos: list[Any] = await self._loop.getaddrinfo(
                    self._trust.host, self._trust.port, type=socket.SOCK_STREAM
                )
        except OSError as error:
            infos, reason = [], sentence(error)
        for info in infos:
            try:
                link, encryption = await self._approach(info, until)
            except WrongHubError as error:
                self._session.wrong_hub(str(error))
                self.stir()
                return
            except (OSError, TlsError) as error:
                reason = sentence(error)
                continue
            self._session.opened(self._loop.time(), encryption)
            if link.early:
                self._session.received(link.early, self._loop.time())
            self._begin(link)
            return
        self._session.open_failed(reason, self._loop.time())
        self.stir()

    async def _approach(
        self, info: AddressInfo, until: float
    ) -> tuple[_Link, Encryption]:
        """Begin a connection to one address, one way or another."""
        approach = Approach(self._trust)
        while True:
            try:
                return await self._reach(info, approach.way, until)
            except (OSError, TlsError, WrongHubError) as error:
                if not approach.failed(error):
                    raise

    async def _reach(
        self, info: AddressInfo, way: Way, until: float
    ) -> tuple[_Link, Encryption]:
        sock = create(info, self._trace)
        link = _Link(sock, peer_of(info))
        try:
            self._trace(SocketStep("CONNECT", sock.fileno(), link.peer))
            async with asyncio.timeout_at(until):
                await self._loop.sock_connect(sock, info[4])
                link.channel = self._trust.open(way)
                if link.channel is not None:
                    await self._shake_hands(link, link.channel)
            return link, self._trust.accept(link.channel, way)
        except BaseException:
            close(sock, link.peer, self._trace)
            raise

    async def _shake_hands(self, link: _Link, channel: TlsChannel) -> None:
        while True:
            await self._loop.sock_sendall(link.sock, channel.take())
            if channel.established:
                return
            data = await self._loop.sock_recv(link.sock, READ_SIZE)
            if not data:
                raise TlsError("the connection was closed amid the handshake")
            link.early += channel.receive(data)

    # --- exchanging ------------------------------------------------------------------

    def _begin(self, link: _Link) -> None:
        self._link = link
        link.tasks += [
            self._loop.create_task(self._watched(work), name="hubbub-link")
            for work in (self._read(link), self._write(link))
        ]

    async def _watched(self, work: Coroutine[Any, Any, None]) -> None:
        """Have an error end the chat, so that nobody waits for what is not done."""
        try:
            await work
        except Exception:
            self._session.fail("the client failed; the error is logged")
            self.stir()
            raise

    def _exchange(self, *, reading: bool) -> None:
        link = self._link
        assert link is not None
        link.more.set()
        if reading:
            link.may_read.set()
        else:
            link.may_read.clear()

    async def _read(self, link: _Link) -> None:
        data = b"-"
        while data:
            await link.may_read.wait()
            try:
                data = await self._loop.sock_recv(link.sock, READ_SIZE)
            except OSError as error:
                self._session.lost(sentence(error), self._loop.time())
                break
            self._trace(SocketStep("RECEIVE", link.sock.fileno(), link.peer, len(data)))
            if link.channel is not None and data:
                try:
                    text = link.channel.receive(data)
                except TlsError as error:
                    self._session.lost(f"TLS: {error}", self._loop.time())
                    break
                if not text and not link.channel.ended:
                    link.more.set()
                    continue
                data = text
            self._session.received(data, self._loop.time())
            if not self._session.wants_read:
                link.may_read.clear()
            self.stir()
        self.stir()

    async def _write(self, link: _Link) -> None:
        while True:
            await link.more.wait()
            link.more.clear()
            data = self._session.outgoing()
            if link.channel is not None:
                data = link.channel.wrap(data)
            if not data:
                continue
            try:
                await self._loop.sock_sendall(link.sock, data)
            except OSError:
                # What the hub said before it closed is still to be read, since it may
                # be the reason; reading tells of the end.
                link.may_read.set()
                return
            self._trace(SocketStep("SEND", link.sock.fileno(), link.peer, len(data)))

    async def _drop(self) -> None:
        if self._link is None:
            return
        link, self._link = self._link, None
        for task in link.tasks:
            task.cancel()
        try:
            await asyncio.wait(link.tasks)
        finally:
            # Whoever cancels this just now, the socket is not left behind.
            close(link.sock, link.peer, self._trace)
