"""The client's side of the JSON dialect, without a socket, a clock or a thread.

Bytes go in and events come out; what is asked comes out as bytes. One `ClientProtocol`
outlives its connections, since what must not be lost or said twice does as well::

    protocol = ClientProtocol("alice")
    protocol.connection_made()
    sock.sendall(protocol.data_to_send())
    for event in protocol.receive_data(sock.recv(65536)):
        ...
    sock.sendall(protocol.data_to_send())

Whatever bytes the hub sends, nothing is raised: a line that is no frame is skipped
and becomes a `ProtocolError`, a frame of an unknown type is skipped in silence, and a
frame that does not fit the moment has no effect.
"""

from __future__ import annotations

from enum import Enum, auto
from itertools import count
from typing import TYPE_CHECKING, Literal

import msgspec

from hubbub import __version__
from hubbub.client.entrance import NAME_REFUSALS, Entrance, random_key
from hubbub.client.errors import BacklogFullError
from hubbub.client.events import (
    Acknowledged,
    Connected,
    Event,
    NameRefused,
    ProtocolError,
    Reconnected,
    Refused,
    Unconfirmed,
)
from hubbub.client.framing import MAX_LINE, FrameReader, Unreadable
from hubbub.client.outgoing import (
    Outgoing,
    Pending,
    acts_twice,
    random_nonce,
    too_long,
    unconfirmed,
)
from hubbub.client.translate import (
    answered_by,
    event_of,
    refused_by,
)
from hubbub.client.view import View
from hubbub.dialects.json_lines import frames, order_frames
from hubbub.model.address import parse_address
from hubbub.model.refusals import Code
from hubbub.model.text import clean, is_empty

if TYPE_CHECKING:
    from collections.abc import Callable

# Requests that wait for their answer. Enough for a burst and little memory.
BACKLOG = 10_000

_encode = msgspec.json.Encoder().encode


class Phase(Enum):
    """How far this connection has come."""

    OFFLINE = auto()
    GREETING = auto()
    NAMELESS = auto()
    JOINED = auto()
    OVER = auto()


class ClientProtocol:
    """One user's talk with a hub, over one connection after another.

    Attributes:
        view: Who and what the hub has told of so far.
        phase: How far the connection of this moment has come.
        name_refused: The hub's last no to the name, while there is no other.
        farewell: The hub's `bye` on this connection, if it came. What follows it is
            not read.
    """

    def __init__(
        self,
        name: str,
        *,
        password: str | None = None,
        invite: str | None = None,
        token: str | None = None,
        client: str | None = f"hubbub-python/{__version__}",
        new_nonce: Callable[[], str] = random_nonce,
        new_key: Callable[[], str] = random_key,
        max_line: int = MAX_LINE,
    ) -> None:
        """Begin without a connection.

        Args:
            name: The name to ask for.
            password: For a name or a hub that wants one; with `invite`, a new one.
            invite: A code to register with.
            token: An access token instead, with which the name may be "".
            client: What the client calls itself.
            new_nonce: Makes a string that was never made before and that nobody can
                guess.
            new_key: The same, of 22 characters or more.
            max_line: Bytes of a line from the hub over which it is skipped.
        """
        self.view = View(name)
        self.phase = Phase.OFFLINE
        self.name_refused: NameRefused | None = None
        self.farewell: frames.Bye | None = None
        self._entrance = Entrance(name, password, client, new_key, invite, token)
        self._new_nonce = new_nonce
        self._max_line = max_line
        self._numbers = count(1)
        self._reader = FrameReader(max_line)
        self._control: list[frames.ClientFrame] = []
        self._outgoing = Outgoing()
        self._asked_resume = False
        self._limits: frames.LimitsInfo | None = None
        self._leaving = False

    # --- the connection --------------------------------------------------------------

    def connection_made(self) -> None:
        """Begin a new connection: `hello` goes out first."""
        self._reader = FrameReader(self._max_line)
        self._control.clear()
        self._outgoing.rewind()
        self.farewell = None
        self._leaving = False
        self._entrance.connection_made()
        self._say_hello()

    def connection_lost(self) -> list[Event]:
        """Learn that the connection is gone, for whatever reason.

        Returns:
            An `Unconfirmed` for each change whose answer is lost. Messages
            keep their place until the next `welcome`.
        """
        self.phase = Phase.OFFLINE
        return [
            self._give_up(pending)
            for pending in self._outgoing.tried()
            if acts_twice(pending.request)
        ]

    def choose_name(self, name: str, password: str | None = None) -> None:
        """Go on after a `NameRefused`, at once or on connecting."""
        self._entrance.name = name
        self._entrance.password = password
        self.name_refused = None
        if self.phase is Phase.NAMELESS:
            self._say_hello()

    def bye(self) -> None:
        """Leave: after what may go out now, `bye` does, and nothing more."""
        self._leaving = True

    def ping(self) -> None:
        """Ask the hub for a sign of life. The answer is no event."""
        self._control.append(frames.Ping())

    def _say_hello(self) -> None:
        self.phase = Phase.GREETING
        resume = self.view.resume()
        self._asked_resume = resume is not None
        self._control.append(self._entrance.hello(resume))

    # --- what can be asked -----------------------------------------------------------

    def send(self, text: str, to: str = "lobby") -> str:
        """Say something. It goes out when there is a connection, and only once.

        Args:
            text: What; what a terminal would obey is taken out, as the hub would.
            to: `lobby`, `#group` or `@user`.

        Returns:
            The nonce, by which `Acknowledged`, `Refused` or `Unconfirmed` name it.

        Raises:
            ValueError: There is nothing to say, it is too long for this hub, or `to`
                is no address.
            BacklogFullError: Too much waits already.
        """
        if parse_address(to) is None:
            raise ValueError(f"{to!r} is no address: write lobby, #group or @user")
        text = clean(text)
        if is_empty(text):
            raise ValueError("there is nothing to send")
        if self._limits is not None:
            no = too_long(text, self._limits)
            if no is not None:
                raise ValueError(no)
        nonce = self._new_nonce()
        return self._ask(nonce, frames.Send(to, text, nonce))

    def group(
        self,
        action: Literal["create", "join", "leave", "members", "list"],
        name: str | None = None,
    ) -> str:
        """Do something with a group; only `list` goes without a name.

        Returns:
            What the answer's `re` will be.

        Raises:
            ValueError: There is no name.
            BacklogFullError: Too much waits already.
        """
        if name is None and action != "list":
            raise ValueError(f"group {action} needs a name")
        return self.ask(order_frames.GroupRequest(action, name))

    def users(self) -> str:
        """Ask who is here; give what the answer's `re` will be."""
        return self.ask(frames.UsersRequest())

    def history(
        self, of: str = "lobby", before: int | None = None, limit: int | None = None
    ) -> str:
        """Ask for a page of a conversation; give what the answer's `re` will be."""
        return self.ask(frames.HistoryRequest(of, before, limit))

    def ask(self, request: frames.Request) -> str:
        """Ask anything but `send`, by its frame; give what the answer's `re` will be.

        Raises:
            BacklogFullError: Too much waits already.
        """
        return self._ask(f"r{next(self._numbers)}", request)

    def _ask(self, re: str, request: frames.Request) -> str:
        if len(self._outgoing) >= BACKLOG:
            raise BacklogFullError(f"{BACKLOG} requests wait for an answer already")
        self._outgoing.add(Pending(re, request))
        return re

    @property
    def pending(self) -> tuple[Pending, ...]:
        """Everything that was asked and not answered yet, in order."""
        return tuple(self._outgoing)

    # --- bytes out -------------------------------------------------------------------

    def data_to_send(self) -> bytes:
        """Give what is to be written now; from then on it may have been sent."""
        out: list[frames.ClientFrame] = list(self._control)
        self._control.clear()
        if self.phase is Phase.JOINED and self._limits is not None:
            window = max(1, self._limits.nonces // 2)
            out += (one.request for one in self._outgoing.hand_over(window))
            if self._leaving:
                out.append(frames.ByeRequest())
                self.phase = Phase.OVER
        return b"".join(_encode(frame) + b"\n" for frame in out)

    # --- bytes in --------------------------------------------------------------------

    def receive_data(self, data: bytes) -> list[Event]:
        """Take in bytes from the hub, split in any way.

        Returns:
            What they tell, in order. Never raises.
        """
        events: list[Event] = []
        for frame in self._reader.feed(data):
            if self.farewell is not None or self.phase is Phase.OFFLINE:
                break
            if isinstance(frame, Unreadable):
                events.append(ProtocolError(frame.reason, frame.line))
            else:
                events += self._receive(frame)
        return events

    def _receive(self, frame: frames.ServerFrame) -> list[Event]:
        match frame:
            case frames.Welcome():
                return self._welcome(frame)
            case frames.Ping():
                self._control.append(frames.Pong(frame.id))
                return []
            case frames.Pong():
                return []
            case frames.Bye():
                self.farewell = frame
                return []
            case frames.Error() if self.phase is Phase.GREETING:
                return self._refuse_hello(frame)
            case frames.Error():
                return self._refuse(frame)
            case frames.Message() if frame.nonce is not None:
                return self._own_message(frame, frame.nonce)
            case _:
                return self._tell(frame)

    def _welcome(self, frame: frames.Welcome) -> list[Event]:
        # `welcome` answers `hello`, and outside a greeting there was none.
        if self.phase is not Phase.GREETING:
            return [ProtocolError("a welcome that was not asked for")]
        self.phase = Phase.JOINED
        first = self.view.token is None
        self.view.welcome(frame)
        self._limits = frame.limits
        self._entrance.welcomed(frame.name)
        view = self.view
        here = (frame.name, view.people, view.groups)
        stands = (view.role, view.rooms.special)
        events: list[Event] = [
            Connected(*here, frame.limits, *stands)
            if first
            else Reconnected(*here, frame.resumed and self._asked_resume, *stands)
        ]
        if not (frame.resumed and self._asked_resume):
            events += self._forget_tried()
        events += self._refuse_too_long(frame.limits)
        return events

    def _forget_tried(self) -> list[Event]:
        """Report messages that may stand or not: this user's nonces are new."""
        return [
            self._give_up(pending)
            for pending in self._outgoing.tried()
            if isinstance(pending.request, frames.Send)
        ]

    def _give_up(self, pending: Pending) -> Unconfirmed:
        self._outgoing.take(pending.re)
        return unconfirmed(pending)

    def _refuse_too_long(self, limits: frames.LimitsInfo) -> list[Event]:
        """Refuse here what the hub would skip unread, and so never answer."""
        events: list[Event] = []
        for pending in tuple(self._outgoing):
            if isinstance(pending.request, frames.Send):
                no = too_long(pending.request.text, limits)
                if no is not None:
                    self._outgoing.take(pending.re)
                    events.append(Refused(Code.TEXT_TOO_LONG, no, pending.re))
        return events

    def _refuse_hello(self, frame: frames.Error) -> list[Event]:
        self._entrance.refused(frame.code)
        if frame.code in NAME_REFUSALS:
            self.phase = Phase.NAMELESS
            self.name_refused = NameRefused(self._entrance.name, frame.code, frame.text)
            return [self.name_refused]
        return [Refused(frame.code, frame.text)]

    def _refuse(self, frame: frames.Error) -> list[Event]:
        re = refused_by(frame, self._outgoing)
        if re is not None:
            self._outgoing.take(re)
        return [Refused(frame.code, frame.text, re)]

    def _own_message(self, frame: frames.Message, nonce: str) -> list[Event]:
        # "A message that comes back with your own nonce is the acknowledgement", also
        # when it comes again "with the first seq", which has been seen.
        events = self._tell(frame)
        if self._outgoing.take(nonce) is not None:
            events.append(Acknowledged(nonce, frame.seq))
        return events

    def _tell(self, frame: frames.ServerFrame) -> list[Event]:
        """Turn any other frame into its event, if it is news."""
        if self.phase not in (Phase.JOINED, Phase.OVER):
            return []
        seq = getattr(frame, "seq", None)
        # "with no gap and no repeat"
        if seq is not None and seq <= self.view.seq:
            return []
        re = answered_by(frame, self._outgoing, self.view.name)
        try:
            event = event_of(frame, re, self.view.name)
        except ValueError as error:
            return [ProtocolError(str(error))]
        if re is not None:
            self._outgoing.take(re)
        self.view.see(frame)
        return [event]
