"""Events and answers to lines of the plain dialect."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from hubbub.dialects.plain.access import list_lines, token_lines
from hubbub.dialects.plain.commands import chat_help
from hubbub.dialects.plain.lists import group_list, session_table
from hubbub.dialects.plain.order_writer import DATED, Moment, invite_lines
from hubbub.dialects.plain.words import (
    BLUE,
    CYAN,
    GREEN,
    MAGENTA,
    RED,
    YELLOW,
    LocalTime,
    count_of,
    day_of,
    listed,
    said,
)
from hubbub.model.access import RevokeToken, TokenList, TokenMade
from hubbub.model.acts import ActEvent
from hubbub.model.answers import (
    Answer,
    AreYouThere,
    Bye,
    Done,
    Groups,
    Health,
    HelpText,
    History,
    KeepAlive,
    KeptOut,
    Members,
    Metrics,
    Observing,
    PasswordWanted,
    Pinged,
    Posted,
    Present,
    Room,
    Sessions,
    Users,
    Waiting,
    Welcome,
    password_wanted,
)
from hubbub.model.commands import (
    ChangePassword,
    Command,
    HubCommand,
    LogOutOthers,
    Register,
    Unregister,
)
from hubbub.model.events import (
    HIDDEN,
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
    RoleChanged,
    UserJoined,
    UserKicked,
    UserLeft,
    UserRenamed,
    UserReturned,
    act_of,
)
from hubbub.model.invites import InviteMade, NameWanted, RevokeInvite
from hubbub.model.moderation import Report
from hubbub.model.refusals import Refusal
from hubbub.model.roles import STAFF
from hubbub.model.text import echo
from hubbub.model.wording import word_act, word_room

# What no event shows to be done.
_DONE: dict[type, str] = {
    LogOutOthers: "Your other devices are logged out",
    Register: "The name {name} is yours: from now on it needs your password",
    ChangePassword: "Your password is changed; your other devices are logged out",
    RevokeToken: "The token is good no more",
    Report: "Your report is with the moderators",
    RevokeInvite: "That invitation lets nobody in any more",
    Unregister: "The name {name} is not yours alone any more; you are a guest",
}


_ASKED_ELSEWHERE = (
    AreYouThere,
    Health,
    KeepAlive,
    KeptOut,
    Metrics,
    Observing,
    Pinged,
    Posted,
    Present,
)
NAME_WANTED = "NAME : you are invited; the next line is the name that you want"


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
            RoleChanged: self._role_changed,
            **dict.fromkeys(ActEvent.__args__, self._act),
            **dict.fromkeys(HIDDEN, lambda _event, _ts, _own: ""),
        }

        self._answers: dict[type, Callable[[Any, str, int], str]] = {
            Welcome: self._welcome,
            Room: self._room,
            Users: self._users,
            Groups: lambda answer, ts, _time: group_list(answer, ts),
            Members: self._members,
            Sessions: lambda answer, ts, _time: session_table(answer, ts, self._moment),
            History: self._history,
            Waiting: self._waiting,
            **{kind: self._dated(write) for kind, write in DATED.items()},
            TokenMade: lambda answer, ts, _time: token_lines(answer, ts, self._moment),
            TokenList: lambda answer, ts, _time: list_lines(answer, ts, self._moment),
            InviteMade: self._invite,
            HelpText: self._help,
            Done: self._done,
            PasswordWanted: self._password_wanted,
            NameWanted: lambda _answer, ts, _time: f"{ts} {NAME_WANTED}\n",
            Bye: self._bye,
            # A person can't be asked by a machine; TCP keepalive finds the dead.
            # The rest is asked for over HTTP.
            **dict.fromkeys(
                _ASKED_ELSEWHERE,
                lambda _answer, _ts, _time: "",
            ),
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
            return self._server(ts, said(event))
        return self._said(YELLOW, f"{ts} {event.name} >> ", said(event))

    def _group(self, event: GroupPosted, ts: str, own: bool) -> str:
        if own:
            return ""
        return self._said(BLUE, f"{ts} #{event.group} {event.name} >> ", said(event))

    def _direct(self, event: DirectPosted, ts: str, own: bool) -> str:
        who = f"to {event.to_name}" if own else event.name
        return self._said(MAGENTA, f"{ts} (PM) {who} >> ", said(event))

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
        how = "banned" if event.banned else "kicked"
        if own:
            return self._line(RED, f"{ts} You were {how}{reason}")
        return self._line(RED, f"{ts} {event.name} {how.upper()}{reason}")

    def _role_changed(self, event: RoleChanged, ts: str, own: bool) -> str:
        who = "You are" if own else f"{event.name} IS"
        return self._line(CYAN, f"{ts} {who} now {event.role}")

    def _group_created(self, event: GroupCreated, ts: str, own: bool) -> str:
        if own:
            return self._line(BLUE, f"{ts} You created #{event.group}")
        return self._line(BLUE, f"{ts} {event.name} CREATED #{event.group}")

    def _group_joined(self, event: GroupJoined, ts: str, own: bool) -> str:
        if own:
            return self._line(BLUE, f"{ts} You joined #{event.group}")
        return self._line(BLUE, f"{ts} {event.name} JOINED #{event.group}")

    def _group_left(self, event: GroupLeft, ts: str, own: bool) -> str:
        if not event.by:
            who = "You left" if own else f"{event.name} LEFT"
            return self._line(BLUE, f"{ts} {who} #{event.group}")
        reason = f": {event.reason}" if event.reason else ""
        if event.ends:
            ended = f"#{event.group} was ended by {event.by}{reason}"
            return self._line(RED, f"{ts} {ended}")
        who = "You were put out of" if own else f"{event.name} WAS PUT OUT of"
        return self._line(RED, f"{ts} {who} #{event.group} by {event.by}{reason}")

    def _group_ended(self, event: GroupEnded, ts: str, _own: bool) -> str:
        return self._line(BLUE, f"{ts} #{event.group} ENDED")

    def _act(self, event: ActEvent, ts: str, own: bool) -> str:
        act = act_of(event)
        if act is None:
            return ""
        words = word_act(act, own=own, moment=self._moment)
        color = GREEN if act.action == "announced" else BLUE if act.room else RED
        return "".join(self._line(color, f"{ts} {line}") for line in words.split("\n"))

    def _dated(
        self, write: Callable[[Any, str, Moment], str]
    ) -> Callable[[Any, str, int], str]:
        return lambda answer, ts, _time: write(answer, ts, self._moment)

    def _moment(self, time: int) -> str:
        return f"{day_of(time)} {self._clock(time)}"

    # --- answers ---------------------------------------------------------------------

    def refusal(
        self, refusal: Refusal, command: Command | HubCommand | None, time: int
    ) -> bytes:
        """Write a refusal."""
        return self._line(RED, f"[{self._clock(time)}] error: {refusal.text}").encode()

    def answer(self, answer: Answer, time: int) -> bytes:
        """Write an answer, as one or more whole lines."""
        ts = f"[{self._clock(time)}]"
        return self._answers[type(answer)](answer, ts, time).encode()

    def _welcome(self, answer: Welcome, ts: str, _time: int) -> str:
        role = f" ({answer.role})" if answer.role in STAFF else ""
        words = f"Welcome {answer.name}{role}. Type :help for the commands."
        rooms = (self._room(room, ts, 0) for room in answer.rooms)
        return self._line(CYAN, f"{ts} {words}") + "".join(rooms)

    def _room(self, answer: Room, ts: str, _time: int) -> str:
        words = word_room(answer)
        return self._line(BLUE, f"{ts} {words}") if words else ""

    def _users(self, answer: Users, ts: str, _time: int) -> str:
        if not answer.names:
            # Only the console can find nobody here.
            return f"{ts} Nobody is online\n"
        return f"{ts} {len(answer.names)} online: {listed(answer.names)}\n"

    def _members(self, answer: Members, ts: str, _time: int) -> str:
        members = count_of(len(answer.names), "member")
        return f"{ts} #{answer.group} has {members}: {listed(answer.names)}\n"

    def _waiting(self, answer: Waiting, ts: str, time: int) -> str:
        count = count_of(len(answer.messages), "message")
        head = f"{ts} {count} waited for you:\n"
        return head + self._past(answer.messages, None, time)

    def _done(self, answer: Done, ts: str, _time: int) -> str:
        said = _DONE.get(answer.kind, "").format(name=answer.name)
        return f"{ts} {said}\n" if said else ""

    def _password_wanted(self, answer: PasswordWanted, ts: str, _time: int) -> str:
        why = password_wanted(answer)
        members_only = answer.members_only and not answer.new
        other = "; :invite <code> with an invitation" if members_only else ""
        return f"{ts} PASSWORD : {why} (an empty line for another name{other})\n"

    def _history(self, answer: History, ts: str, time: int) -> str:
        of = echo(str(answer.of))
        if not answer.messages:
            return f"{ts} No messages yet in {of}\n"
        count = count_of(len(answer.messages), "message")
        head = f"{ts} History of {of}: {count}\n"
        return head + self._past(
            answer.messages, answer.reader, time, numbered=answer.numbered
        )

    def _past(
        self,
        events: Iterable[MessagePosted],
        reader: int | None,
        time: int,
        *,
        numbered: bool = False,
    ) -> str:
        """Write messages of the past, with their day when it is not today."""
        today = day_of(time)
        lines: list[str] = []
        for event in events:
            day = day_of(event.time)
            when = self._clock(event.time)
            stamp = f"[{when}]" if day == today else f"[{day} {when}]"
            if numbered:
                stamp = f"{stamp} ({event.seq})"
            lines.append(self._message(event, stamp, event.user == reader))
        return "".join(lines)

    def _invite(self, answer: InviteMade, ts: str, _time: int) -> str:
        return invite_lines(answer, ts, self._moment)

    def _help(self, answer: HelpText, ts: str, _time: int) -> str:
        how = "A line is a message to everyone in the lobby. "
        lines = "\n".join(chat_help(answer.allowed, answer.about))
        return f"{ts} {'' if answer.about else how}Commands:\n{lines}\n"

    def _bye(self, answer: Bye, ts: str, _time: int) -> str:
        match answer.code:
            case "quit":
                return self._line(CYAN, f"{ts} Goodbye")
            case "kicked" | "banned":
                # The event has said so, with the reason.
                return ""
            case _:
                return self._line(RED, f"{ts} Disconnected: {answer.reason}")
