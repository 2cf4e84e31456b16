"""Events and answers to lines of the plain dialect."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from hubbub.dialects.plain.commands import COMMANDS, CONSOLE_COMMANDS, help_lines
from hubbub.model.answers import (
    Answer,
    AreYouThere,
    Bye,
    Groups,
    HelpText,
    History,
    Members,
    Pinged,
    Sessions,
    Users,
    Welcome,
)
from hubbub.model.commands import Command, HubCommand
from hubbub.model.events import (
    SERVER_ID,
    DirectPosted,
    Event,
    GroupCreated,
    GroupEnded,
    GroupJoined,
    GroupLeft,
    GroupPosted,
    LobbyPosted,
    MessagePosted,
    SeatEnded,
    UserJoined,
    UserKicked,
    UserLeft,
    UserRenamed,
    UserReturned,
)
from hubbub.model.refusals import Refusal
from hubbub.model.text import clean

RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN = "31", "32", "33", "34", "35", "36"


class LocalTime:
    """Unix milliseconds to local time of day, computed once a second."""

    __slots__ = ("_second", "_text")

    def __init__(self) -> None:
        self._second = -1
        self._text = ""

    def __call__(self, time: int) -> str:
        """Give `HH:MM:SS`."""
        second = time // 1000
        if second != self._second:
            self._second = second
            self._text = datetime.fromtimestamp(second).strftime("%H:%M:%S")
        return self._text


def _day(time: int) -> str:
    return datetime.fromtimestamp(time // 1000).strftime("%Y-%m-%d")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


class PlainWriter:
    """Writes the plain dialect, with or without colours."""

    def __init__(self, *, color: bool) -> None:
        """Choose colours once: those who share a writer share its bytes."""
        self._color = color
        self._clock = LocalTime()
        self._events: dict[type, Callable[[Any, str, bool], str]] = {
            LobbyPosted: self._lobby,
            GroupPosted: self._group,
            DirectPosted: self._direct,
            UserJoined: self._joined,
            UserReturned: self._joined,
            UserLeft: self._left,
            UserRenamed: self._renamed,
            UserKicked: self._kicked,
            GroupCreated: self._group_created,
            GroupJoined: self._group_joined,
            GroupLeft: self._group_left,
            GroupEnded: self._group_ended,
            SeatEnded: lambda _event, _ts, _own: "",
        }

    # --- events ----------------------------------------------------------------------

    def event(self, event: Event, *, own: bool) -> bytes:
        """Write an event as one or more whole lines."""
        ts = f"[{self._clock(event.time)}]"
        return self._events[type(event)](event, ts, own).encode()

    def _line(self, color: str, head: str, text: str = "") -> str:
        if self._color:
            return f"\x1b[{color}m{head}\x1b[0m{text}\n"
        return f"{head}{text}\n"

    def _said(self, color: str, head: str, text: str) -> str:
        """Write a message; each of its lines begins with the whole head."""
        if "\n" not in text:
            if self._color:
                return f"\x1b[{color}m{head}\x1b[0m{text}\n"
            return f"{head}{text}\n"
        return "".join(self._line(color, head, line) for line in text.split("\n"))

    def _lobby(self, event: LobbyPosted, ts: str, own: bool) -> str:
        if own:
            return ""
        if event.user == SERVER_ID:
            return self._server(ts, event.text)
        return self._said(YELLOW, f"{ts} {event.name} >> ", event.text)

    def _group(self, event: GroupPosted, ts: str, own: bool) -> str:
        if own:
            return ""
        return self._said(BLUE, f"{ts} #{event.group} {event.name} >> ", event.text)

    def _direct(self, event: DirectPosted, ts: str, own: bool) -> str:
        who = f"to {event.to_name}" if own else event.name
        return self._said(MAGENTA, f"{ts} (PM) {who} >> ", event.text)

    def _message(self, event: MessagePosted, ts: str, own: bool) -> str:
        """Write a message of the past; one's own is written as the others saw it."""
        direct = isinstance(event, DirectPosted)
        return self._events[type(event)](event, ts, own and direct)

    def _server(self, ts: str, text: str) -> str:
        return "".join(
            self._line(GREEN, f"{ts} SERVER: {line}") for line in text.split("\n")
        )

    def _joined(self, event: UserJoined | UserReturned, ts: str, own: bool) -> str:
        if own:
            return ""
        address = f"{event.address} " if event.address else ""
        return self._line(CYAN, f"{ts} Client {address}CONNECTED Name: {event.name}")

    def _left(self, event: UserLeft, ts: str, own: bool) -> str:
        return "" if own else self._line(RED, f"{ts} {event.name} DISCONNECTED")

    def _renamed(self, event: UserRenamed, ts: str, own: bool) -> str:
        if own:
            return self._line(CYAN, f"{ts} You are now {event.name}")
        return self._line(CYAN, f"{ts} {event.old} RENAMED {event.name}")

    def _kicked(self, event: UserKicked, ts: str, own: bool) -> str:
        reason = f": {event.reason}" if event.reason else ""
        if own:
            return self._line(RED, f"{ts} You were kicked{reason}")
        return self._line(RED, f"{ts} {event.name} KICKED{reason}")

    def _group_created(self, event: GroupCreated, ts: str, own: bool) -> str:
        if own:
            return self._line(BLUE, f"{ts} You created #{event.group}")
        return self._line(BLUE, f"{ts} {event.name} CREATED #{event.group}")

    def _group_joined(self, event: GroupJoined, ts: str, own: bool) -> str:
        if own:
            return self._line(BLUE, f"{ts} You joined #{event.group}")
        return self._line(BLUE, f"{ts} {event.name} JOINED #{event.group}")

    def _group_left(self, event: GroupLeft, ts: str, own: bool) -> str:
        if own:
            return self._line(BLUE, f"{ts} You left #{event.group}")
        return self._line(BLUE, f"{ts} {event.name} LEFT #{event.group}")

    def _group_ended(self, event: GroupEnded, ts: str, _own: bool) -> str:
        return self._line(BLUE, f"{ts} #{event.group} ENDED")

    # --- answers ---------------------------------------------------------------------

    def refusal(
        self, refusal: Refusal, command: Command | HubCommand | None, time: int
    ) -> bytes:
        """Write a refusal."""
        return self._line(RED, f"[{self._clock(time)}] error: {refusal.text}").encode()

    def answer(self, answer: Answer, time: int) -> bytes:
        """Write an answer, as one or more whole lines."""
        return self._answer(answer, f"[{self._clock(time)}]", time).encode()

    def _answer(self, answer: Answer, ts: str, time: int) -> str:
        match answer:
            case Welcome():
                return self._line(
                    CYAN,
                    f"{ts} Welcome {answer.name}. Type :help for the commands.",
                )
            case Users():
                return f"{ts} {len(answer.names)} online: {_listed(answer.names)}\n"
            case Groups():
                return self._groups(answer, ts)
            case Members():
                members = _count(len(answer.names), "member")
                return f"{ts} #{answer.group} has {members}: {_listed(answer.names)}\n"
            case Sessions():
                return self._sessions(answer, ts)
            case History():
                return self._history(answer, ts, time)
            case HelpText():
                return self._help(ts)
            case Bye():
                return self._bye(answer, ts)
            case Pinged() | AreYouThere():
                # A person can't be asked by a machine; TCP keepalive finds the dead.
                return ""

    def _groups(self, answer: Groups, ts: str) -> str:
        if not answer.groups:
            return f"{ts} There are no groups; make one with :group create <name>\n"
        groups = _listed(
            f"#{group.name} ({_count(group.members, 'member')})"
            for group in answer.groups
        )
        return f"{ts} {_count(len(answer.groups), 'group')}: {groups}\n"

    def _sessions(self, answer: Sessions, ts: str) -> str:
        lines = [f"{ts} {_count(len(answer.sessions), 'connection')}"]
        rows = [("NAME", "ADDRESS", "SINCE", "DIALECT", "GROUPS")]
        rows.extend(
            (
                one.name,
                one.address,
                f"{_day(one.since)} {self._clock(one.since)}",
                one.dialect,
                _listed(f"#{group}" for group in one.groups),
            )
            for one in answer.sessions
        )
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines.extend(
            "  "
            + "  ".join(
                cell.ljust(width) for cell, width in zip(row, widths, strict=True)
            ).rstrip()
            for row in rows
        )
        return "\n".join(lines) + "\n"

    def _history(self, answer: History, ts: str, time: int) -> str:
        of = clean(str(answer.of))
        if not answer.messages:
            return f"{ts} No messages yet in {of}\n"
        count = _count(len(answer.messages), "message")
        today = _day(time)
        lines = [f"{ts} History of {of}: {count}\n"]
        for event in answer.messages:
            day = _day(event.time)
            when = self._clock(event.time)
            stamp = f"[{when}]" if day == today else f"[{day} {when}]"
            lines.append(self._message(event, stamp, event.user == answer.reader))
        return "".join(lines)

    def _help(self, ts: str) -> str:
        lines = "\n".join(help_lines(COMMANDS))
        return (
            f"{ts} A line is a message to everyone in the lobby. Commands:\n{lines}\n"
        )

    def _bye(self, answer: Bye, ts: str) -> str:
        match answer.code:
            case "quit":
                return self._line(CYAN, f"{ts} Goodbye")
            case "kicked":
                # The event has said so, with the reason.
                return ""
            case _:
                return self._line(RED, f"{ts} Disconnected: {answer.reason}")


class ConsoleWriter(PlainWriter):
    """Writes for the console: the same lines, and help of its own."""

    def _help(self, ts: str) -> str:
        lines = "\n".join(help_lines(CONSOLE_COMMANDS))
        return f"{ts} A line is said to everyone as SERVER. Commands:\n{lines}\n"

    def _bye(self, _answer: Bye, _ts: str) -> str:
        return ""
