"""The fake hub on a real socket of the loopback, and one face for both chats."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import socket
import threading
from collections.abc import Callable
from typing import Any, Self

from tests.unit.client.fake_hub import FakeHub, Link

from hubbub.client import aio, connect

# Nothing here takes a second; what takes ten will never come.
LIMIT = 10.0


class LoopbackHub:
    """Serves a fake hub on `host`, a thread for each connection."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.hub = FakeHub()
        self.lock = threading.Condition()
        self.accepted = threading.Semaphore(0)
        self.mute = False
        self.unserved = 0
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family)
        self.host: str = host
        self.port: int = self._listener.getsockname()[1]
        self._socks: dict[socket.socket, Link] = {}
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

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

    def do(self, action: Callable[[FakeHub], object]) -> None:
        """Have something happen at the hub, and send what follows from it."""
        with self.lock:
            action(self.hub)
            self._flush()

    def cut(self) -> None:
        """Drop every connection."""
        with self.lock:
            for sock, link in self._socks.items():
                link.lose()
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
            self._socks.clear()

    def write(self, data: bytes) -> None:
        """Send bytes to everyone, whatever they mean."""
        with self.lock:
            for sock in self._socks:
                sock.sendall(data)

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            with self.lock:
                self._socks[sock] = link = self.hub.connect()
            self.accepted.release()
            self._start(self._serve, sock, link)

    def _serve(self, sock: socket.socket, link: Link) -> None:
        with sock, contextlib.suppress(OSError):
            while data := sock.recv(65536):
                with self.lock:
                    if self.mute:
                        self.unserved += len(data)
                    else:
                        link.receive(data)
                        self._flush()
                    self.lock.notify_all()
                    if link.closed:
                        self._socks.pop(sock, None)
                        break
            with self.lock:
                self._socks.pop(sock, None)
                if not link.closed:
                    link.lose()

    def _flush(self) -> None:
        for sock, link in self._socks.items():
            if data := link.take():
                with contextlib.suppress(OSError):
                    sock.sendall(data)


class Face:
    """A chat, its methods called from a test that just waits for what they give."""

    def __init__(self, kind: str, *args: Any, **options: Any) -> None:
        self.kind = kind
        if kind == "blocking":
            self.chat: Any = connect(*args, **options)
            return
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

        async def start() -> aio.AsyncChat:
            return aio.connect(*args, **options)

        try:
            self.chat = self.run(start())
        except BaseException:
            self._stop_loop()
            raise

    def run(self, awaitable: Any) -> Any:
        async def bounded() -> Any:
            async with asyncio.timeout(LIMIT):
                return await awaitable

        return asyncio.run_coroutine_threadsafe(bounded(), self._loop).result(LIMIT * 2)

    def get(self, name: str) -> Any:
        """Read a property."""
        if self.kind == "blocking":
            return getattr(self.chat, name)

        async def read() -> Any:
            return getattr(self.chat, name)

        return self.run(read())

    def call(self, name: str, *args: Any, **options: Any) -> Any:
        """Call a method and give what it gives, after waiting for it."""
        method = getattr(self.chat, name)
        if self.kind == "blocking":
            if "timeout" in inspect.signature(method).parameters:
                options.setdefault("timeout", LIMIT)
            return method(*args, **options)

        async def call() -> Any:
            result = method(*args, **options)
            return await result if inspect.isawaitable(result) else result

        return self.run(call())

    def until(self, kind: Any) -> list[Any]:
        """Take events up to the first of a kind."""
        events = [self.call("receive")]
        while not isinstance(events[-1], kind):
            events.append(self.call("receive"))
        return events

    def rest(self) -> list[Any]:
        """Iterate to the end."""
        if self.kind == "blocking":
            return list(self.chat)

        async def iterate() -> list[Any]:
            return [event async for event in self.chat]

        result: list[Any] = self.run(iterate())
        return result

    def within(self, action: Callable[[Face], None]) -> None:
        """Do something inside the chat's ``with`` block."""
        if self.kind == "blocking":
            with self.chat:
                action(self)
            return
        self.run(self.chat.__aenter__())
        try:
            action(self)
        except BaseException as error:
            self.run(self.chat.__aexit__(type(error), error, None))
            raise
        self.run(self.chat.__aexit__(None, None, None))

    def close(self) -> None:
        """Leave, and leave nothing behind."""
        self.call("close")
        if self.kind == "aio":
            self._stop_loop()

    def _stop_loop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(LIMIT)
        self._loop.close()


Start = Callable[..., Face]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
