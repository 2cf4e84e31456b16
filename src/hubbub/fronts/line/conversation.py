"""The conversation as the person at the terminal sees it: what to print, what to ask.

No terminal and no clock is touched here; time arrives as a parameter.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import msgspec

from hubbub.client import (
    Acknowledged,
    Connected,
    Disconnected,
    Ended,
    Event,
    GroupChanged,
    GroupsListed,
    HistoryPage,
    Kicked,
    Message,
    NameRefused,
    Reconnected,
    Refused,
    Renamed,
    Retrying,
    Unconfirmed,
)
from hubbub.fronts.line.lines import GREEN, RED, YELLOW, Wording, one_line
from hubbub.fronts.line.paint import Line, Span
from hubbub.fronts.line.secret_lines import ChosenPassword, SecretLines
from hubbub.fronts.line.standing import standing_lines
from hubbub.model.refusals import Code
from hubbub.model.text import clean

_CLIP = 40

# Names that Tab completes. Whatever the hub tells, the memory for them is bounded.
_MOST_GROUPS = 10_000


class Sent(msgspec.Struct):
    """Something said and not acknowledged.

    Attributes:
        to: Where it goes.
        text: What was said.
        waiting: Whether the person was shown that it waits.
    """

    to: str
    text: str
    waiting: bool = False


class Conversation:
    """What there is to know for a prompt and the lines above it.

    Attributes:
        naming: Whether the next line typed is a name.
        claiming: The name whose password the next line is, or "".
        choosing: The password that is being chosen for a name, or None.
        asking: The passwords that are being asked for a command, or None.
        ready: Whether there is something to show a prompt for.
        talk: The address that plain lines go to.
        connected: Whether the hub has let this client in and the connection stands.
        counting: Whether the prompt shows a countdown.
        groups: Names of groups heard of, for completion.
        standing: Says in a few words how one stands where plain lines go, or "".
        exit_code: None until the chat is over; then 0 if the person ended it.
    """

    def __init__(self, words: Wording) -> None:
        """Begin without a name.

        Args:
            words: What words the events.
        """
        self._words = words
        self.naming = True
        self.claiming = ""
        self.choosing: ChosenPassword | None = None
        self.asking: SecretLines | None = None
        self.ready = True
        self.talk = "lobby"
        self.connected = False
        self.counting = False
        self.groups: set[str] = set()
        self.standing: Callable[[str], str] = lambda _to: ""
        self.exit_code: int | None = None
        self._sent: dict[str, Sent] = {}
        self._was_in = False
        self._kicked = False
        self._next_try = 0.0
        self._last_try = 0.0
        # Events that wait for the first page of history, which comes before them.
        self._held: list[Event] | None = None
        self._first_page: str | None = None
        self._people: tuple[str, ...] = ()
        self._standing: list[Line] = []

    # --- what the person does ------------------------------------------------------

    def named(self, name: str) -> None:
        """Learn the name the person chose; a prompt waits for what becomes of it."""
        self._words.me = name
        self.naming = False
        self.claiming = ""
        self.choosing = None
        self.ready = False

    def said(self, nonce: str, to: str, text: str) -> list[Line]:
        """Learn what the person said; it is shown as waiting if it can't go out."""
        sent = self._sent[nonce] = Sent(to, text)
        return [] if self.connected else self._wait(sent)

    def leave(self, exit_code: int = 0) -> None:
        """Learn that the chat is to end, unless it has ended already."""
        if self.exit_code is None:
            self.exit_code = exit_code

    def unsent(self) -> list[Line]:
        """Tell, when all is over, what was said in vain."""
        return [
            line
            for sent in self._sent.values()
            for line in self._marked("(not sent) ", RED, sent)
        ]

    # --- what the hub and the connection do ----------------------------------------

    def history_asked(self, re: str) -> None:
        """Learn which answer is the first page of history."""
        self._first_page = re

    def without_history(self, now: float) -> list[Line]:
        """Learn that there will be no first page of history."""
        return self._begin((), now)

    def receive(self, event: Event, now: float) -> list[Line]:
        """Take an event in.

        Args:
            event: What the chat gave.
            now: Seconds on a clock that never jumps.

        Returns:
            The lines to print.
        """
        if self._held is None:
            return self._receive(event, now)
        match event:
            case HistoryPage(re=re) if re == self._first_page:
                return self._begin(event.messages, now)
            case Refused(re=re) | Unconfirmed(re=re) if re == self._first_page:
                return [*self._begin((), now), *self._receive(event, now)]
            case Disconnected() | Ended():
                return [*self._begin((), now), *self._receive(event, now)]
            case _:
                self._held.append(event)
                return []

    def _begin(self, past: tuple[Message, ...], now: float) -> list[Line]:
        """Show what was said before, who is here, and then what has come meanwhile."""
        held, self._held = self._held or [], None
        lines = [
            *self._words.past(past),
            self._words.welcome(),
            self._words.online(self._people),
            *self._standing,
        ]
        seen = {one.seq for one in past}
        for event in held:
            if not (isinstance(event, Message) and event.seq in seen):
                lines += self._receive(event, now)
            elif event.nonce is not None:
                self._sent.pop(event.nonce, None)
        self.ready = True
        return lines

    def _receive(self, event: Event, now: float) -> list[Line]:
        match event:
            case (
                Connected()
                | Reconnected()
                | Disconnected()
                | Retrying()
                | NameRefused()
                | Ended()
            ):
                return self._connection(event, now)
            case Message(nonce=str() as nonce) if nonce in self._sent:
                return self._arrived(event, self._sent[nonce])
            case Acknowledged(re=re):
                return self._acknowledged(self._sent.pop(re, None))
            case Refused(re=str() as re) if re in self._sent:
                what = _clip(self._sent.pop(re).text)
                return [self._words.error(f"{event.text} (not sent: {what})")]
            case Unconfirmed(re=re):
                self._sent.pop(re, None)
                what = _clip(event.text)
                return [self._words.error(f"this may have arrived or not: {what}")]
            case _:
                self._learn(event)
                return [*self._words.event(event), *self._leave_talk(event)]

    def _connection(
        self,
        event: Connected | Reconnected | Disconnected | Retrying | NameRefused | Ended,
        now: float,
    ) -> list[Line]:
        match event:
            case Connected():
                self._enter(event)
                self._held = []
                return []
            case Reconnected():
                self._enter(event)
                self.ready = True
                return self._back(event)
            case Disconnected():
                self.connected = False
                return self._disconnected(event)
            case Retrying():
                return self._retrying(event, now)
            case NameRefused():
                return self._name_refused(event)
            case Ended():
                return self._ended(event)

    def _name_refused(self, event: NameRefused) -> list[Line]:
        self.naming = self.ready = True
        self.counting = False
        needed = event.code in (Code.PASSWORD_NEEDED, Code.NEW_PASSWORD_NEEDED)
        if event.code in (Code.NEW_PASSWORD_NEEDED, Code.PASSWORD_INVALID):
            self.choosing = ChosenPassword(event.name)
        # Whoever mistypes a password has not chosen another name.
        self.claiming = (
            event.name
            if event.code in (Code.PASSWORD_NEEDED, Code.PASSWORD_WRONG)
            else ""
        )
        say = self._words.note if needed else self._words.error
        return [say(one_line(event.text))]

    def _enter(self, event: Connected | Reconnected) -> None:
        self._words.me = event.name
        self._people = event.users
        self._standing = standing_lines(self._words, event.role, event.rooms)
        self.groups.update(event.groups)
        self.connected = self._was_in = True
        self.counting = self.naming = False

    def _back(self, event: Reconnected) -> list[Line]:
        lines = [self._words.note("Reconnected successfully!", GREEN)]
        if not event.resumed:
            again = "Your place was not kept: you are in no group now"
            lines.append(self._words.note(again, YELLOW))
            lines += self._standing
            if self.talk.startswith("#"):
                lines += self._to_lobby()
        return lines

    def _disconnected(self, event: Disconnected) -> list[Line]:
        reason = one_line(event.reason)
        text = f"Disconnected from server: {reason}"
        lines = [self._words.note(text, RED)]
        for sent in self._sent.values():
            lines += self._wait(sent)
        return lines

    def _retrying(self, event: Retrying, now: float) -> list[Line]:
        self.ready = self.counting = True
        self._next_try = now + event.in_seconds
        self._last_try = now + event.left_seconds
        if self._was_in or event.attempt > 1:
            return []
        return [self._words.note(f"Can't connect: {one_line(event.reason)}", RED)]

    def _ended(self, event: Ended) -> list[Line]:
        self.ready = True
        self.connected = self.counting = False
        self.leave(0 if event.code == "quit" else 1)
        if event.code == "quit":
            return [self._words.note("Goodbye")]
        if self._kicked:
            # The event has said so, with the reason.
            return []
        return [self._words.note(f"Disconnected: {one_line(event.reason)}", RED)]

    # --- what was said here --------------------------------------------------------

    def _wait(self, sent: Sent) -> list[Line]:
        if sent.waiting:
            return []
        sent.waiting = True
        return self._marked("(waiting) ", YELLOW, sent)

    def _arrived(self, message: Message, sent: Sent) -> list[Line]:
        # The typed line stands above already, unless it had to wait.
        if not sent.waiting:
            return []
        sent.waiting = False
        stamp = self._words.stamp(message.time)
        return self._marked(f"{stamp} (sent) ", GREEN, sent)

    def _acknowledged(self, sent: Sent | None) -> list[Line]:
        if sent is None or not sent.waiting:
            return []
        return self._marked("(sent) ", GREEN, sent)

    def _marked(self, mark: str, sgr: str, sent: Sent) -> list[Line]:
        where = "" if sent.to == "lobby" else f"→ {one_line(sent.to)}: "
        head = (Span(mark, sgr), Span(where, sgr))
        return [Line(head, (Span(row),)) for row in clean(sent.text).split("\n")]

    # --- what is worth remembering -------------------------------------------------

    def _learn(self, event: Event) -> None:
        match event:
            case GroupChanged(action="ended"):
                self.groups.discard(event.group)
            case GroupChanged() if len(self.groups) < _MOST_GROUPS:
                self.groups.add(event.group)
            case GroupsListed():
                self.groups = {one.name for one in event.groups}
            case Kicked(own=True):
                self._kicked = True
            case Renamed():
                if event.own:
                    self._words.me = event.name
                if self.talk == f"@{event.old}":
                    self.talk = f"@{event.name}"
            case _:
                pass

    def _leave_talk(self, event: Event) -> list[Line]:
        """Go back to the lobby when the group one talks to is no longer one's own."""
        match event:
            case GroupChanged(action="ended" | "left", group=group) if (
                self.talk == f"#{group}" and (event.own or event.action == "ended")
            ):
                return self._to_lobby()
            case _:
                return []

    def _to_lobby(self) -> list[Line]:
        self.talk = "lobby"
        return [self._words.note("You talk to the lobby again")]

    @property
    def is_secret(self) -> bool:
        """Whether what is typed now is not to be shown."""
        return bool(self.asking or self.claiming or self.choosing)

    # --- the prompt ----------------------------------------------------------------

    @property
    def prompt(self) -> str:
        """What stands before the line being typed."""
        if self.asking is not None:
            return self.asking.prompt
        if self.choosing is not None:
            return self.choosing.prompt
        if self.naming:
            return "PASSWORD : " if self.claiming else "NAME : "
        stands = self.standing(self.talk)
        mark = f" [{one_line(stands)}]" if stands else ""
        if self.talk == "lobby":
            return f"YOU{mark} >> "
        return f"YOU → {one_line(self.talk)}{mark} >> "

    def countdown(self, now: float) -> str:
        """Say when the next attempt to connect is, or "" while none is needed."""
        if not self.counting or self.naming:
            return ""
        left = math.ceil(max(0.0, self._last_try - now))
        wait = math.ceil(self._next_try - now)
        when = f"trying again in {wait} s" if wait > 0 else "trying now"
        return f"Not connected: {when}, giving up in {left} s"


def _clip(text: str) -> str:
    text = one_line(text)
    return text if len(text) <= _CLIP else f"{text[: _CLIP - 1]}…"
