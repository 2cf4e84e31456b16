"""The task behind an asyncio chat: it does what the session says, on a socket."""

from __future__ import annotations

import asyncio
import contextlib
import math
import socket
from collections.abc import Coroutine
from typing import Any, assert_never

from hubbub.client.session import Exchange, Finished, Open, Pause, Session
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


class _Link:
    """A connection, with the tasks that read from it and write to it."""

    def __init__(self, sock: socket.socket, peer: str) -> None:
        self.sock = sock
        self.peer = peer
        self.may_read = asyncio.Event()
        self.more = asyncio.Event()
        self.tasks: list[asyncio.Task[None]] = []


class Service:
    """Serves one session. Alone in touching the socket."""

    def __init__(self, session: Session, host: str, port: int, trace: Trace) -> None:
        """Begin in the background.

        Args:
            session: What to serve.
            host: A name or address of the hub.
            port: Its port.
            trace: Called with every step of the socket.
        """
        self._session = session
        self._host = host
        self._port = port
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
                    self._host, self._port, type=socket.SOCK_STREAM
                )
        except OSError as error:
            infos, reason = [], sentence(error)
        for info in infos:
            try:
                sock = await self._dial(info, until)
            except OSError as error:
                reason = sentence(error)
                continue
            self._session.opened(self._loop.time())
            self._begin(_Link(sock, peer_of(info)))
            return
        self._session.open_failed(reason, self._loop.time())
        self.stir()

    async def _dial(self, info: AddressInfo, until: float) -> socket.socket:
        sock = create(info, self._trace)
        peer = peer_of(info)
        try:
            self._trace(SocketStep("CONNECT", sock.fileno(), peer))
            async with asyncio.timeout_at(until):
                await self._loop.sock_connect(sock, info[4])
        except BaseException:
            close(sock, peer, self._trace)
            raise
        return sock

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
