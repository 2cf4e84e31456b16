"""What the blocking and the asyncio chat have in common, without I/O.

A `Session` joins the protocol to the reconnect policy and the waits, and tells its
shell, one step after another, what to do: open a connection, exchange bytes, pause,
or stop. The shell owns the socket and the clock and nothing else.
"""

from __future__ import annotations

import math
from typing import assert_never

import msgspec

from hubbub.client.access_events import AccessAnswer
from hubbub.client.errors import EndedError, RefusedError, UnconfirmedError
from hubbub.client.events import (
    Acknowledged,
    AuditListed,
    BansListed,
    Connected,
    Disconnected,
    Done,
    Encryption,
    Ended,
    Event,
    GroupChanged,
    GroupsListed,
    HistoryPage,
    InviteMade,
    InvitesListed,
    MembersListed,
    NameRefused,
    ProtocolError,
    Reconnected,
    Refused,
    Retrying,
    SessionsListed,
    Unconfirmed,
    UsersListed,
)
from hubbub.client.inbox import Inbox
from hubbub.client.protocol import ClientProtocol, Phase
from hubbub.client.reconnect import (
    FINAL_BYES,
    PASSING_REFUSALS,
    Attempts,
    ReconnectPolicy,
)
from hubbub.client.steps import Exchange, Finished, Open, Pause, Step

# All in seconds.
CONNECT_TIMEOUT = 10.0
WELCOME_TIMEOUT = 30.0
SILENCE = 60.0
ANSWER_TIMEOUT = 30.0
GOODBYE_TIMEOUT = 3.0

# Nothing that would have to be told.
_LOCAL = Encryption(local=True)


Answer = (
    Acknowledged
    | GroupChanged
    | UsersListed
    | GroupsListed
    | MembersListed
    | HistoryPage
    | SessionsListed
    | BansListed
    | AuditListed
    | InviteMade
    | InvitesListed
    | AccessAnswer
    | Done
    | Refused
    | Unconfirmed
)


class _Opening(msgspec.Struct, frozen=True):
    until: float


class _Talking(msgspec.Struct):
    opened: float
    heard: float
    asked: float | None = None
    leaving: float | None = None


class _Pausing(msgspec.Struct, frozen=True):
    until: float


class Session:
    """A chat from its first attempt to its end.

    Every method that takes `now` wants seconds on a clock that never jumps.

    Attributes:
        protocol: What is said on the connection.
        inbox: The events for the program.
        ended: The last event, once the chat is over.
    """

    def __init__(
        self,
        protocol: ClientProtocol,
        policy: ReconnectPolicy,
        *,
        now: float,
        ask_name: bool = False,
    ) -> None:
        """Begin; the first step opens a connection.

        Args:
            protocol: Fresh.
            policy: How long and how often to try.
            now: The time.
            ask_name: Whether a refused name waits for another one instead of ending
                the chat.
        """
        self.protocol = protocol
        self.inbox = Inbox()
        self.ended: Ended | None = None
        self._policy = policy
        self._attempts = Attempts(policy)
        self._ask_name = ask_name
        self._state: _Opening | _Talking | _Pausing | None = None
        self._encryption = _LOCAL
        self._claims: dict[str, Answer | None] = {}
        self._flushing = 0
        self._open(now)

    # --- the shell's side ------------------------------------------------------------

    def step(self, now: float) -> Step:
        """Run what is due, and tell what the shell is to do next."""
        if isinstance(self._state, _Pausing) and now >= self._state.until:
            self._open(now)
        if isinstance(self._state, _Talking):
            self._watch(self._state, now)
        match self._state:
            case _Opening(until):
                return Open(until)
            case _Talking():
                return Exchange(self._next_deadline(self._state), self.wants_read)
            case _Pausing(until):
                return Pause(until)
            case None:
                return Finished()
            case _:
                assert_never(self._state)

    @property
    def wants_read(self) -> bool:
        """Whether events are taken in at the moment.

        A program that does not take its events makes the hub wait, which loses
        nothing. One that waits for an answer must get it, even if older events are
        dropped for it.
        """
        if not self.inbox.full or self._flushing:
            return True
        leaving = isinstance(self._state, _Talking) and self._state.leaving is not None
        return leaving or any(one is None for one in self._claims.values())

    def opened(self, now: float, encryption: Encryption = _LOCAL) -> None:
        """Learn that there is a connection, and how it is protected."""
        if self.ended is None:
            self._state = _Talking(opened=now, heard=now)
            if encryption != self._encryption:
                self._encryption = encryption
                self._deliver(encryption)
            self.protocol.connection_made()

    def open_failed(self, reason: str, now: float) -> None:
        """Learn that there is no connection."""
        if self.ended is None:
            self._retry(reason, now)

    def wrong_hub(self, reason: str) -> None:
        """Learn that what answers there is not to be spoken to."""
        if self.ended is None:
            self._end("wrong_hub", reason)

    def received(self, data: bytes, now: float) -> None:
        """Take in bytes; none at all mean that the hub has closed the connection."""
        state = self._state
        if not isinstance(state, _Talking):
            return
        if not data:
            self.lost("the connection was closed by the other side", now)
            return
        state.heard = now
        state.asked = None
        for event in self.protocol.receive_data(data):
            self._take(event, now)
            if self._state is not state:
                return
        bye = self.protocol.farewell
        if bye is not None:
            self._said_goodbye(bye.code, bye.reason, now)

    def outgoing(self) -> bytes:
        """Give what is to be written now."""
        talking = isinstance(self._state, _Talking)
        return self.protocol.data_to_send() if talking else b""

    def lost(self, reason: str, now: float) -> None:
        """Learn that the connection broke."""
        state = self._state
        if not isinstance(state, _Talking):
            return
        was_in = self._hang_up()
        if state.leaving is not None:
            self._end("quit", "goodbye")
        elif self.protocol.name_refused is not None:
            # Whoever thinks about a name may take longer than the hub waits.
            self._state = _Pausing(math.inf)
        else:
            if was_in:
                self._deliver(Disconnected(reason, self._policy.window > 0))
            self._retry(reason, now)

    def fail(self, reason: str) -> None:
        """End because of an error in the shell, so that nobody waits for ever."""
        if self.ended is None:
            self._end("failed", reason)

    # --- the program's side ----------------------------------------------------------

    def close(self, now: float) -> None:
        """Leave: with a goodbye if there is anyone to say it to."""
        state = self._state
        if isinstance(state, _Talking) and self.protocol.phase is Phase.JOINED:
            self.protocol.bye()
            state.leaving = now
        elif self.ended is None:
            self._end("quit", "goodbye")

    def choose_name(self, name: str, now: float, password: str | None = None) -> None:
        """Go on with another name or a password after a `NameRefused`."""
        if self.ended is not None or self.protocol.name_refused is None:
            return
        self.protocol.choose_name(name, password)
        if isinstance(self._state, _Pausing):
            self._open(now)
        elif isinstance(self._state, _Talking):
            self._state.opened = now

    def check_open(self) -> None:
        """Refuse what makes no sense any more once the chat is over.

        Raises:
            EndedError: It is over.
        """
        if self.ended is not None:
            raise EndedError(self.ended.code, self.ended.reason)

    def claim(self, re: str) -> None:
        """Have an answer kept for whoever waits for it, instead of for the inbox."""
        self._claims[re] = None

    def disclaim(self, re: str) -> None:
        """Wait no more for an answer."""
        self._claims.pop(re, None)

    def answer(self, re: str) -> Answer | None:
        """Give the answer that was claimed, if it has come.

        Raises:
            RefusedError: The answer is a no.
            UnconfirmedError: The answer is lost.
            EndedError: The chat ended before the answer.
        """
        answer = self._claims[re]
        match answer:
            case None:
                self.check_open()
                return None
            case Refused(code, text):
                raise RefusedError(code, text)
            case Unconfirmed():
                raise UnconfirmedError(
                    "the connection was lost before the answer; it may stand or not"
                )
            case _:
                return answer

    def flushing(self, change: int) -> None:
        """Count those who wait for everything to be answered, up or down by one."""
        self._flushing += change

    # --- events ----------------------------------------------------------------------

    def _take(self, event: Event, now: float) -> None:
        match event:
            case Connected() | Reconnected():
                self._attempts.succeeded()
                self._deliver(event)
            case NameRefused() if self._ask_name:
                self._deliver(event)
            case NameRefused(_, code, text):
                self._hang_up()
                self._end(code, text)
            case Refused(code, text) if self.protocol.phase is Phase.GREETING:
                self._hang_up()
                if code in PASSING_REFUSALS:
                    self._retry(text, now)
                else:
                    self._end(code, text)
            case ProtocolError() if self.protocol.phase is Phase.GREETING:
                self._hang_up()
                # A hub that is too full to ask for the dialect refuses in plain words;
                # any other program names itself, as often as not.
                says = f"; it says: {event.line}" if event.line else ""
                self._end("not_a_hub", f"no hub lets you in there{says}")
            case _:
                self._deliver(event)

    def _deliver(self, event: Event) -> None:
        match event:
            case _ if isinstance(event, Answer) and event.re in self._claims:
                self._claims[event.re] = event
                # A change of groups is news as well, like a message of one's own.
                if isinstance(event, GroupChanged):
                    self.inbox.put(event)
            case _:
                self.inbox.put(event)

    # --- the course of a connection --------------------------------------------------

    def _open(self, now: float) -> None:
        self._attempts.begun(now)
        self._state = _Opening(now + CONNECT_TIMEOUT)

    def _hang_up(self) -> bool:
        """Drop the connection; tell whether the hub had let this client in."""
        was_in = self.protocol.phase in (Phase.JOINED, Phase.OVER)
        for event in self.protocol.connection_lost():
            self._deliver(event)
        return was_in

    def _said_goodbye(self, code: str, reason: str, now: float) -> None:
        if code not in FINAL_BYES or (
            code == "handshake" and self.protocol.name_refused is not None
        ):
            self.lost(reason, now)
        else:
            self._hang_up()
            self._end(code, reason)

    def _retry(self, reason: str, now: float) -> None:
        at = self._attempts.failed(now)
        if at is None:
            seconds = f"{self._policy.window:g} s"
            tried = f" (tried for {seconds})" if self._policy.window else ""
            self._end("unreachable", f"{reason}{tried}")
            return
        self._state = _Pausing(at)
        left = self._attempts.end - now
        self._deliver(Retrying(self._attempts.count, at - now, left, reason))

    def _end(self, code: str, reason: str) -> None:
        self._state = None
        self.ended = Ended(code, reason)
        self.inbox.put(self.ended)

    def _watch(self, state: _Talking, now: float) -> None:
        """Find a hub that is not there any more, which TCP alone tells only late."""
        if state.leaving is not None:
            if now >= state.leaving + GOODBYE_TIMEOUT:
                self.lost("the hub did not say goodbye", now)
        elif self.protocol.phase is Phase.GREETING:
            if now >= state.opened + WELCOME_TIMEOUT:
                self.lost("the hub did not answer", now)
        elif not self.wants_read:
            # Nothing is heard because nothing is read.
            state.heard, state.asked = now, None
        elif state.asked is not None:
            if now >= state.asked + ANSWER_TIMEOUT:
                self.lost("the hub has gone silent", now)
        elif now >= state.heard + SILENCE:
            state.asked = now
            self.protocol.ping()

    def _next_deadline(self, state: _Talking) -> float:
        if state.leaving is not None:
            return state.leaving + GOODBYE_TIMEOUT
        if self.protocol.phase is Phase.GREETING:
            return state.opened + WELCOME_TIMEOUT
        if state.asked is not None:
            return state.asked + ANSWER_TIMEOUT
        return state.heard + SILENCE
