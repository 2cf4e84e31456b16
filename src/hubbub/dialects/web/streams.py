"""Rooms as they are followed: a response that goes on while the connection stands.

It has no length and is not chunked: it ends with the connection (RFC 9112, section
6.3). So what is sent is what the other dialects write, and is shared by all who follow
the same room in the same form.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus

from hubbub.dialects.contract import Request
from hubbub.dialects.web.refusals import refused
from hubbub.dialects.web.responses import ALWAYS, Headers, Response
from hubbub.model.address import Address, Lobby, ToGroup
from hubbub.model.answers import (
    Answer,
    Bye,
    KeepAlive,
    Observing,
    PasswordWanted,
    Welcome,
)
from hubbub.model.commands import Command, HangUp, HubCommand
from hubbub.model.events import (
    MESSAGES,
    DirectPosted,
    Event,
    GroupJoined,
    GroupPosted,
)
from hubbub.model.names import name_key
from hubbub.model.refusals import Code, Refusal

_PASSWORD_NEEDED = Refusal(
    Code.PASSWORD_NEEDED,
    "that name needs a password, which is not taken here; follow under another one, or "
    "come in by the page or a client",
)


@dataclass(frozen=True, slots=True)
class Form:
    """How messages are written.

    Attributes:
        content_type: Its media type.
        write: Writes an event; empty for one that is not shown.
        farewell: Writes why it ends.
        keepalive: What stands for nothing between two events; empty where no byte does.
    """

    content_type: str
    write: Callable[[Event], bytes]
    farewell: Callable[[Bye, int], bytes]
    keepalive: bytes = b""

    @property
    def headers(self) -> Headers:
        """What a response in this form says of itself."""
        # `no-transform` and the last one keep proxies from holding pieces back.
        return (
            ("Content-Type", self.content_type),
            ("Cache-Control", "no-store, no-transform"),
            ("Vary", "Accept"),
            ("X-Accel-Buffering", "no"),
        )


def closing_head(response: Response) -> bytes:
    """Write the head of a response that ends with the connection."""
    phrase = HTTPStatus(response.status).phrase
    headers = (*ALWAYS, *response.headers, ("Connection", "close"))
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"HTTP/1.1 {response.status} {phrase}\r\n{lines}\r\n".encode()


def sent_last(line: bytes) -> bytes:
    """Write a line as a server-sent event that has no place among the others."""
    return b"data: %b\n\n" % line


def server_sent(journal: str, event: Event, line: bytes) -> bytes:
    """Write a line as a server-sent event (HTML Living Standard, section 9.2).

    Its id names the journal as well, since a `seq` means nothing in another.
    """
    return b"id: %b.%d\ndata: %b\n" % (journal.encode(), event.seq, line) + b"\n"


def last_event(journal: str, header: str) -> int | None:
    """Read the id that a browser gives when it comes back; None: not of here."""
    of, _, seq = header.partition(".")
    known = of == journal and seq.isascii() and seq.isdigit() and len(seq) < 20
    return int(seq) if known else None


class StreamWriter:
    """Writes what belongs to one room, in one form."""

    def __init__(self, room: Address, form: Form, *, by_token: bool = False) -> None:
        """Choose what is shown.

        Args:
            room: What is followed.
            form: How it is written.
            by_token: Whether it is followed by the right of an access token. Its user
                may be a member already, and says things on other ways, which are shown.
        """
        self._by_token = by_token
        self._room = room
        self._form = form
        name = "" if isinstance(room, Lobby) else room.name
        self._key = name_key(name) or name
        self.head = closing_head(Response(HTTPStatus.OK, form.headers))

    def event(self, event: Event, *, own: bool) -> bytes:
        """Write an event; one's own coming into a group begins the response."""
        if own and isinstance(event, GroupJoined) and not self._by_token:
            return self.head
        hides = own and not (self._by_token and isinstance(event, MESSAGES))
        return b"" if hides or not self._shows(event) else self._form.write(event)

    def _shows(self, event: Event) -> bool:
        match self._room:
            case Lobby():
                return True
            case ToGroup():
                return isinstance(event, GroupPosted) and self._key == name_key(
                    event.group
                )
            case _:
                return isinstance(event, DirectPosted) and self._key in {
                    name_key(event.name),
                    name_key(event.to_name),
                }

    def answer(self, answer: Answer, time: int) -> bytes:
        """Write what begins the response, keeps it open, and why it ends."""
        match answer:
            case KeepAlive():
                return self._form.keepalive
            case Observing():
                return self.head
            case Welcome():
                begins = self._by_token or not isinstance(self._room, ToGroup)
                return self.head if begins else b""
            case Bye(code) if code != "handshake":
                return self._form.farewell(answer, time)
            case _:
                # Nothing else is answered amid it.
                return b""

    def refusal(
        self, refusal: Refusal, command: Command | HubCommand | None, time: int
    ) -> bytes:
        """Write a refusal as the whole response."""
        response = refused(refusal)
        length = ("Content-Length", str(len(response.body)))
        head = Response(response.status, (*response.headers, length))
        return closing_head(head) + response.body


class FollowDialect:
    """A connection that follows a room, and is not listened to any more."""

    __slots__ = ("_hangs_up", "_refused", "_steps", "writer")

    name = "http"
    keeps_seat = False
    waits = False

    def __init__(self, writer: StreamWriter, steps: Iterable[Request]) -> None:
        """Begin.

        Args:
            writer: Shared by all who follow the room in this form.
            steps: What is to be done, in order.
        """
        self.writer = writer
        self._steps = deque(steps)
        self._refused = False
        self._hangs_up = False

    def receive(self, data: bytes) -> FollowDialect:
        """Ignore it: there is nothing to ask for behind a response without an end."""
        return self

    def quiet(self) -> FollowDialect:
        """Go on."""
        return self

    def next(self) -> Request | None:
        """Give the next step, or the end after a refusal."""
        if self._hangs_up:
            self._hangs_up = False
            return HangUp()
        return self._steps.popleft() if self._steps else None

    def joined(self) -> None:
        """Nothing to remember: the steps are in order."""

    def unjoined(self) -> None:
        """Nothing to take back: the refusal that comes with it ends the connection."""

    def answer(self, answer: Answer, time: int) -> bytes:
        """Begin the response, unless it has been refused."""
        if isinstance(answer, PasswordWanted):
            # Nobody is there to be asked.
            return self.refusal(_PASSWORD_NEEDED, None, time)
        return b"" if self._refused else self.writer.answer(answer, time)

    def refusal(
        self, refusal: Refusal, command: Command | HubCommand | None, time: int
    ) -> bytes:
        """Answer with the first refusal, and end."""
        if self._refused:
            return b""
        self._refused = self._hangs_up = True
        self._steps.clear()
        return self.writer.refusal(refusal, command, time)
