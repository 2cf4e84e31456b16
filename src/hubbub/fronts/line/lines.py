"""Events as lines for people, in the forms of the plain dialect.

Whatever comes from the hub goes through `clean` here, although the hub has done it: to
a terminal the other end is whoever answered on that port.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable
from datetime import datetime

from hubbub.client import (
    Acted,
    AuditListed,
    BansListed,
    Done,
    Encryption,
    Event,
    GroupChanged,
    GroupsListed,
    HistoryPage,
    InviteMade,
    InvitesListed,
    Joined,
    Kicked,
    Left,
    MembersListed,
    Message,
    Missed,
    ProtocolError,
    Refused,
    Renamed,
    RoleChanged,
    RoomDescribed,
    SessionsListed,
    TokenMade,
    TokensListed,
    UsersListed,
    Waiting,
)
from hubbub.fronts.line.commands import chat_help
from hubbub.fronts.line.order_lines import order_lines
from hubbub.fronts.line.paint import Line, Span
from hubbub.fronts.line.standing import room_lines
from hubbub.fronts.line.token_lines import token_lines
from hubbub.model.events import SERVER_NAME
from hubbub.model.text import clean

# Parameters of SGR. The kinds of lines have the colours of the plain dialect.
RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN = "31", "32", "33", "34", "35", "36"
DIM = "2"
MENTION = "1;7"

# For people: bright enough on dark and light ground, and none that means an error.
_PALETTE = (
    "32",
    "33",
    "34",
    "35",
    "36",
    "92",
    "94",
    "95",
    "96",
    "1;33",
    "1;34",
    "1;36",
)


# What no event shows to be done.
_DONE = {
    "register": "This name is yours: from now on it needs your password",
    "passwd": "Your password is changed; your other devices are logged out",
    "unregister": "This name is not yours alone any more; you are a guest",
    "revoke": "The token is good no more",
    "report": "Your report is with the moderators",
    "invite-revoke": "That invitation lets nobody in any more",
    "logout-others": "Your other devices are logged out",
}


def one_line(text: str) -> str:
    """Clean a name, an address or a reason: what can't have several lines."""
    return clean(text).replace("\n", " ")


def color_of(name: str) -> str:
    """Give a person's colour: the same on every day and in every client."""
    return _PALETTE[zlib.crc32(name.casefold().encode()) % len(_PALETTE)]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


class Wording:
    """Words events for one person.

    Attributes:
        me: The person's name, which is listened for in what others say.
        numbers: Whether each message is shown with its number.
    """

    def __init__(self, now: Callable[[], datetime], me: str = "") -> None:
        """Choose the clock.

        Args:
            now: Gives the time of day, with its zone.
            me: The person's name.
        """
        self._now = now
        self.me = me
        self.numbers = False

    # --- lines of our own ----------------------------------------------------------

    def note(self, text: str, sgr: str = "") -> Line:
        """Word something that happens now."""
        return Line((Span(f"{self.stamp(self._now())} ", sgr),), (Span(text, sgr),))

    def error(self, text: str) -> Line:
        """Word a no."""
        return self.note(f"error: {one_line(text)}", RED)

    def welcome(self) -> Line:
        """Word that this person is in, and what to do next."""
        who = one_line(self.me)
        return self.note(f"Welcome {who}. Type :help for the commands.", CYAN)

    def online(self, names: Iterable[str]) -> Line:
        """Word who is here."""
        people = [one_line(name) for name in names]
        return self.note(f"{len(people)} online: {', '.join(people)}")

    def encryption(self, event: Encryption) -> list[Line]:
        """Word how the connection is protected; nothing where nobody can listen."""
        if event.first_sight:
            return [
                self.note(f"Encrypted ({event.summary}), for the first time here"),
                self.note(f"The certificate is remembered: {event.fingerprint}"),
            ]
        if event.summary:
            return [self.note(f"Encrypted ({event.summary})")]
        if event.local:
            return []
        text = "Not encrypted: whoever listens in the network can read along"
        return [self.note(text, YELLOW)]

    def help(self, about: str, *more: str, staff: bool = False) -> list[Line]:
        """Word the help.

        Args:
            about: Which commands; see `hubbub.dialects.plain.help`.
            more: What else there is to know at first, a line each.
            staff: Whether this person keeps order.
        """
        how = "A line is a message to where you talk: at first the lobby. "
        rows = [*chat_help(about, staff=staff), *(() if about else more)]
        return [
            self.note(f"{'' if about else how}Commands:"),
            *(Line((Span(row),)) for row in rows),
        ]

    def toggle_numbers(self) -> list[Line]:
        """Show the number of each message from now on, or not, and say so."""
        self.numbers = not self.numbers
        how = "is shown with its number" if self.numbers else "has no number"
        return [self.note(f"From now on each message {how}")]

    # --- events --------------------------------------------------------------------

    def event(self, event: Event) -> list[Line]:
        """Word an event; nothing for those that are no news for a person."""
        match event:
            case Message():
                return self.message(event)
            case (
                Joined()
                | Left()
                | Renamed()
                | Kicked()
                | RoleChanged()
                | GroupChanged()
            ):
                return [self._presence(event)]
            case Encryption():
                return self.encryption(event)
            case RoomDescribed(room):
                return room_lines(self, room)
            case UsersListed() | GroupsListed() | MembersListed():
                return [self._list(event)]
            case (
                HistoryPage()
                | Waiting()
                | SessionsListed()
                | TokenMade()
                | TokensListed()
            ):
                return self._page(event)
            case (
                Acted() | BansListed() | AuditListed() | InviteMade() | InvitesListed()
            ):
                return order_lines(self, event)
            case Done(action=action):
                return [self.note(_DONE[action])] if action in _DONE else []
            case Refused() | ProtocolError() | Missed():
                return [self._trouble(event)]
            case _:
                return []

    def _trouble(self, event: Refused | ProtocolError | Missed) -> Line:
        match event:
            case Refused():
                return self.error(event.text)
            case ProtocolError():
                return self.error(f"the hub sent what can't be read: {event.reason}")
            case Missed():
                return self.error(f"{_count(event.count, 'event')} were missed")

    def _page(
        self, event: HistoryPage | Waiting | SessionsListed | TokenMade | TokensListed
    ) -> list[Line]:
        match event:
            case HistoryPage():
                return self.history(event)
            case Waiting(messages):
                count = _count(len(messages), "message")
                return [self.note(f"{count} waited for you:"), *self.past(messages)]
            case SessionsListed():
                return self.sessions(event)
            case TokenMade() | TokensListed():
                return token_lines(self, event)

    def message(self, message: Message, *, past: bool = False) -> list[Line]:
        """Word a message; each of its lines begins with the whole head.

        Args:
            message: What was said.
            past: Whether it is read up, and so calls for nobody's attention.
        """
        head = self._head(message)
        heard = not past and not message.own and message.sender != SERVER_NAME
        lines: list[Line] = []
        rings = False
        for text in clean(_text(message)).split("\n"):
            body, said = self._listen(text) if heard else ((Span(text),), False)
            lines.append(Line(head, body, bell=said and not rings))
            rings = rings or said
        return lines

    def history(self, page: HistoryPage) -> list[Line]:
        """Word a page of history, with its heading."""
        of = one_line(page.of)
        if not page.messages:
            return [self.note(f"No messages yet in {of}")]
        count = _count(len(page.messages), "message")
        return [self.note(f"History of {of}: {count}"), *self.past(page.messages)]

    def sessions(self, event: SessionsListed) -> list[Line]:
        """Word the list of who is connected, as a table."""
        rows = [("NAME", "ROLE", "ADDRESS", "SINCE", "DIALECT", "GROUPS")]
        rows += [
            (
                one.name,
                one.role,
                one.address,
                self.stamp(datetime.fromisoformat(one.since)).strip("[]"),
                one.dialect,
                ", ".join(f"#{group}" for group in one.groups),
            )
            for one in event.sessions
        ]
        cells = [[one_line(cell) for cell in row] for row in rows]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = [self.note(_count(len(event.sessions), "connection"))]
        for row in cells:
            padded = (one.ljust(size) for one, size in zip(row, widths, strict=True))
            lines.append(Line((Span("  " + "  ".join(padded).rstrip()),)))
        return lines

    def past(self, messages: Iterable[Message]) -> list[Line]:
        """Word messages that were said earlier."""
        return [line for one in messages for line in self.message(one, past=True)]

    def stamp(self, moment: datetime) -> str:
        """Write a moment as the local time, with the date when it is not today."""
        moment = moment.astimezone(self._now().tzinfo)
        today = moment.date() == self._now().date()
        return f"[{moment:%H:%M:%S}]" if today else f"[{moment:%Y-%m-%d %H:%M:%S}]"

    def _head(self, message: Message) -> tuple[Span, ...]:
        number = f"({message.seq}) " if self.numbers else ""
        stamp = Span(f"{self.stamp(message.time)} {number}", DIM)
        sender, to = one_line(message.sender), one_line(message.to)
        person = Span(sender, color_of(sender))
        said = Span(" >> ", DIM)
        match to[:1]:
            case "#":
                return (stamp, Span(f"{to} ", BLUE), person, said)
            case "@" if message.own:
                other = Span(to[1:], color_of(to[1:]))
                return (stamp, Span("(PM) to ", MAGENTA), other, said)
            case "@":
                return (stamp, Span("(PM) ", MAGENTA), person, said)
            case _ if sender == SERVER_NAME:
                return (stamp, Span(f"{SERVER_NAME}: ", GREEN))
            case _:
                return (stamp, person, said)

    def _listen(self, text: str) -> tuple[tuple[Span, ...], bool]:
        """Mark this person's name where it stands as a whole word."""
        if not self.me:
            return (Span(text),), False
        pattern = rf"(?<!\w)({re.escape(self.me)})(?!\w)"
        parts = re.split(pattern, text, flags=re.IGNORECASE)
        spans = tuple(
            Span(part, MENTION if index % 2 else "")
            for index, part in enumerate(parts)
            if part
        )
        return spans, len(parts) > 1

    def _presence(
        self,
        event: Joined | Left | Renamed | Kicked | RoleChanged | GroupChanged,
    ) -> Line:
        stamp = f"{self.stamp(event.time)} "
        match event:
            case Joined():
                sgr, text = CYAN, f"{one_line(event.name)} CONNECTED"
            case Left():
                sgr, text = RED, f"{one_line(event.name)} DISCONNECTED"
            case Renamed(own=True):
                sgr, text = CYAN, f"You are now {one_line(event.name)}"
            case Renamed():
                sgr = CYAN
                text = f"{one_line(event.old)} RENAMED {one_line(event.name)}"
            case Kicked():
                reason = f": {one_line(event.reason)}" if event.reason else ""
                how = "banned" if event.banned else "kicked"
                other = f"{one_line(event.name)} {how.upper()}"
                who = f"You were {how}" if event.own else other
                sgr, text = RED, f"{who}{reason}"
            case RoleChanged():
                who = "You are" if event.own else f"{one_line(event.name)} IS"
                sgr, text = CYAN, f"{who} now {one_line(event.role)}"
            case GroupChanged():
                sgr, text = BLUE, _group(event)
        return Line((Span(stamp, sgr),), (Span(text, sgr),))

    def _list(self, event: UsersListed | GroupsListed | MembersListed) -> Line:
        match event:
            case UsersListed():
                return self.online(event.users)
            case MembersListed():
                members = _count(len(event.members), "member")
                names = ", ".join(one_line(name) for name in event.members)
                return self.note(f"#{one_line(event.group)} has {members}: {names}")
            case GroupsListed(groups=()):
                return self.note(
                    "There are no groups; make one with :group create <name>"
                )
            case GroupsListed():
                groups = ", ".join(
                    f"#{one_line(one.name)} ({_count(one.members, 'member')}"
                    + (", private)" if one.private else ")")
                    for one in event.groups
                )
                return self.note(f"{_count(len(event.groups), 'group')}: {groups}")


def _text(message: Message) -> str:
    if message.deleted is not None:
        return f"(deleted by {message.deleted})"
    return message.text


def _group(event: GroupChanged) -> str:
    group, name = f"#{one_line(event.group)}", one_line(event.name or "")
    if event.action == "left" and event.by is not None:
        reason = f": {one_line(event.reason)}" if event.reason else ""
        by = f"by {one_line(event.by)}{reason}"
        if event.over:
            return f"{group} was ended {by}"
        who = "You were put out of" if event.own else f"{name} WAS PUT OUT of"
        return f"{who} {group} {by}"
    match event.action:
        case "ended":
            return f"{group} ENDED"
        case action if event.own:
            return f"You {action} {group}"
        case action:
            return f"{name} {action.upper()} {group}"
