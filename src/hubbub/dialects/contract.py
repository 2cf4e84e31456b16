"""What a dialect promises: any bytes in any pieces become words, and words bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from hubbub.model.answers import Answer
from hubbub.model.commands import Command, HubCommand
from hubbub.model.events import Event
from hubbub.model.refusals import Refusal


class Writer(Protocol):
    """Writes for every connection of one kind; what it gives may be shared by them.

    Times are Unix milliseconds.
    """

    def event(self, event: Event, *, own: bool) -> bytes:
        """Write an event; `own` for the one whose doing it is. Empty: not shown."""

    def answer(self, answer: Answer, time: int) -> bytes:
        """Write an answer."""

    def refusal(
        self, refusal: Refusal, command: Command | HubCommand | None, time: int
    ) -> bytes:
        """Write a refusal of a command, or of bytes that were none."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Bytes that a dialect answers by itself: nothing of the hub is needed for them.

    They stand after the events of the turn, as refusals do.

    Attributes:
        data: The bytes.
        completes: Whether a whole request is answered by them, so that the time to make
            the next one begins.
    """

    data: bytes
    completes: bool = False


@dataclass(frozen=True, slots=True)
class Switch:
    """From now on the connection is spoken in another dialect."""

    dialect: Dialect


@dataclass(frozen=True, slots=True)
class Forwarded:
    """What follows is asked on behalf of another; believed from named proxies alone.

    A dialect may be refused this, and then answers what follows with the refusal.

    Attributes:
        chain: Each address that the request has come by, the nearest last, with the
            scheme it was asked by there; "" for what was not said.
    """

    chain: tuple[tuple[str, str], ...]


Request = Command | Refusal | Reply | Switch | Forwarded
"""What a dialect makes of bytes."""


class Dialect(Protocol):
    """One connection's reader, and the writer it shares with its kind.

    Requests are pulled one at a time, since what a line means may depend on what came
    of the line before: after a refused name, the next line is a name again.

    Attributes:
        name: For the administrator's list.
        writer: Shared by all connections of the kind.
        keeps_seat: Whether the other side can show a token to come back.
        waits: Whether bytes are held back until the connection has been quiet.
    """

    name: str
    keeps_seat: bool

    @property
    def writer(self) -> Writer:
        """Shared by all connections of the kind."""

    @property
    def waits(self) -> bool:
        """Whether bytes are held back until the connection has been quiet."""

    def receive(self, data: bytes) -> Dialect:
        """Take bytes in; give the dialect that goes on, which is mostly this one."""

    def quiet(self) -> Dialect:
        """Learn that nothing has come for the quiet time, or ever will."""

    def next(self) -> Request | None:
        """Give the next request, or None until there are more bytes."""

    def joined(self) -> None:
        """Learn that the name was taken in."""

    def unjoined(self) -> None:
        """Learn that it was not to be: the next line is a name again."""

    def answer(self, answer: Answer, time: int) -> bytes:
        """Write an answer for this connection."""

    def refusal(
        self, refusal: Refusal, command: Command | HubCommand | None, time: int
    ) -> bytes:
        """Write a refusal for this connection."""


class LineSplitter:
    """Cuts a stream into lines ended by LF or CRLF, with a limit on the unfinished one.

    A line over the limit is skipped to its end and stands as None, once.
    """

    __slots__ = ("_limit", "_rest", "_skipping")

    def __init__(self, limit: int) -> None:
        """Begin an empty line; `limit` is in bytes."""
        self._limit = limit
        self._skipping = False
        self._rest = b""

    @property
    def unfinished(self) -> bool:
        """Whether a line has begun that has no end yet."""
        return self._skipping or bool(self._rest)

    def finish(self) -> bytes:
        """End the unfinished line and give it; empty when it was too long."""
        line, self._rest = self._rest, b""
        self._skipping = False
        return line

    def split(self, data: bytes) -> list[bytes | None]:
        """Take bytes in and give the lines they finish, without their ends."""
        if not self.unfinished and data.find(b"\n") == len(data) - 1 <= self._limit:
            # One whole line, as most of what comes is.
            return [data[:-1].removesuffix(b"\r")] if data else []
        lines: list[bytes | None] = []
        if self._rest:
            data = self._rest + data
        finished = data.split(b"\n")
        self._rest = finished.pop()
        for line in finished:
            if self._skipping:
                self._skipping = False
            elif len(line) > self._limit:
                lines.append(None)
            else:
                lines.append(line.removesuffix(b"\r"))
        if self._skipping:
            self._rest = b""
        elif len(self._rest) > self._limit:
            self._skipping = True
            self._rest = b""
            lines.append(None)
        return lines
