"""Events and answers to frames of the JSON dialect."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from hubbub.dialects.json_lines import frames
from hubbub.dialects.json_lines.access_codec import (
    TOKEN_ACTIONS,
    token_list,
    token_made,
)
from hubbub.dialects.json_lines.order_codec import ADMIN_ACTIONS, GROUP_ACTIONS
from hubbub.dialects.json_lines.order_writer import (
    DATED,
    act_frame,
)
from hubbub.dialects.json_lines.utc_time import UtcTime
from hubbub.model.access import TokenList, TokenMade
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
    CloseAccount,
    Command,
    CreateAccount,
    Hello,
    HubCommand,
    Join,
    ListUsers,
    LogOutOthers,
    OpenAccount,
    Ping,
    Post,
    ReadHistory,
    Register,
    SetPassword,
    SignIn,
    Unregister,
)
from hubbub.model.events import (
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
from hubbub.model.invites import JoinInvited, NameWanted
from hubbub.model.refusals import Code, Refusal
from hubbub.model.roles import Role

# What a refusal answers, when the frame had no nonce to name it by.
_FRAME_TYPES: dict[type, str] = {
    Hello: "hello",
    Join: "hello",
    JoinInvited: "hello",
    Post: "send",
    **dict.fromkeys(GROUP_ACTIONS, "group"),
    **dict.fromkeys(ADMIN_ACTIONS, "admin"),
    **dict.fromkeys(TOKEN_ACTIONS, "token"),
    ListUsers: "users",
    ReadHistory: "history",
    CreateAccount: "admin",
    LogOutOthers: "account",
    Register: "account",
    OpenAccount: "account",
    ChangePassword: "account",
    SetPassword: "account",
    Unregister: "account",
    CloseAccount: "account",
    SignIn: "hello",
    Ping: "ping",
}


# What is answered with `done`, by the word it was asked with.
_ACTIONS: dict[type, str] = {
    **GROUP_ACTIONS,
    **ADMIN_ACTIONS,
    **TOKEN_ACTIONS,
    CreateAccount: "create",
    LogOutOthers: "logout-others",
    Register: "register",
    ChangePassword: "passwd",
    Unregister: "unregister",
}


class JsonWriter:
    """Writes the JSON dialect."""

    def __init__(self, server: frames.ServerInfo, limits: frames.LimitsInfo) -> None:
        """Know what to tell in a welcome."""
        self._server = server
        self._limits = limits
        self._encode = msgspec.json.Encoder().encode
        self._clock = UtcTime()
        self._events: dict[type, Callable[[Any, str, bool], msgspec.Struct]] = {
            **dict.fromkeys(ActEvent.__args__, self._act),
            UserRenamed: _renamed,
            UserKicked: _kicked,
            RoleChanged: _role_changed,
            GroupCreated: _group("created"),
            GroupJoined: _group("joined"),
            GroupLeft: _group_left,
            GroupEnded: _group_ended,
            LobbyPosted: _message,
            GroupPosted: _message,
            DirectPosted: _message,
        }
        self._answers: dict[type, Callable[[Any], msgspec.Struct | None]] = {
            Welcome: self._welcome,
            Room: lambda answer: frames.Room(*_room(answer)),
            Users: lambda answer: frames.UserList(answer.names),
            Groups: _groups,
            Members: lambda answer: frames.MemberList(answer.group, answer.names),
            Sessions: self._sessions,
            History: self._history,
            Waiting: self._waiting,
            **{kind: self._dated(write) for kind, write in DATED.items()},
            TokenMade: lambda answer: token_made(answer, self._clock),
            TokenList: lambda answer: token_list(answer, self._clock),
            Posted: self._posted,
            Done: _done,
            PasswordWanted: _password_wanted,
            Pinged: lambda answer: frames.Pong(answer.id),
            AreYouThere: lambda _answer: frames.Ping(),
            Bye: lambda answer: frames.Bye(answer.code, answer.reason),
            # No frame asks for these.
            **dict.fromkeys(
                (
                    HelpText,
                    KeepAlive,
                    KeptOut,
                    NameWanted,
                    Observing,
                    Present,
                    Health,
                    Metrics,
                ),
                _nothing,
            ),
        }
        # One's own coming and going is no news: these are for the others.
        self._for_others: dict[type, Callable[[Any, str], msgspec.Struct]] = {
            UserJoined: _joined,
            UserReturned: _joined,
            UserLeft: _left,
        }

    def event(self, event: Event, *, own: bool) -> bytes:
        """Write an event as one frame."""
        time = self._clock(event.time)
        write = self._events.get(type(event))
        if write is not None:
            return self._line(write(event, time, own))
        write_for_others = self._for_others.get(type(event))
        if write_for_others is None or own:
            return b""
        return self._line(write_for_others(event, time))

    def _act(self, event: ActEvent, _time: str, own: bool) -> msgspec.Struct:
        act = act_of(event)
        assert act is not None, "every act has a common form"
        return act_frame(act, self._clock, own=own)

    def _dated(
        self, write: Callable[[Any, Callable[[int], str]], msgspec.Struct]
    ) -> Callable[[Any], msgspec.Struct]:
        return lambda answer: write(answer, self._clock)

    def _line(self, frame: msgspec.Struct) -> bytes:
        return self._encode(frame) + b"\n"

    def refusal(
        self, refusal: Refusal, command: Command | HubCommand | None, time: int
    ) -> bytes:
        """Write a refusal; its `re` names the frame by nonce or type."""
        re = refusal.re
        if re is None and isinstance(command, Post):
            re = command.nonce
        if re is None and command is not None:
            re = _FRAME_TYPES.get(type(command))
        return self._line(frames.Error(refusal.code, refusal.text, re))

    def answer(self, answer: Answer, time: int) -> bytes:
        """Write an answer as one frame."""
        frame = self._answers[type(answer)](answer)
        return b"" if frame is None else self._line(frame)

    def _welcome(self, answer: Welcome) -> frames.Welcome:
        return frames.Welcome(
            name=answer.name,
            user=answer.user,
            token=answer.token,
            seq=answer.seq,
            server=self._server,
            users=answer.users,
            groups=answer.groups,
            limits=self._limits,
            resumed=answer.resumed,
            role=None if answer.role is Role.GUEST else answer.role,
            rooms=tuple(frames.RoomInfo(*_room(room)) for room in answer.rooms),
        )

    def _posted(self, answer: Posted) -> frames.Message:
        return _message(answer.message, self._clock(answer.message.time), own=True)

    def _history(self, answer: History) -> frames.HistoryPage:
        messages = self._messages(answer.messages, answer.reader)
        return frames.HistoryPage(str(answer.of), messages, answer.more)

    def _waiting(self, answer: Waiting) -> frames.WaitingPage:
        return frames.WaitingPage(self._messages(answer.messages, None))

    def _messages(
        self, events: Iterable[MessagePosted], reader: int | None
    ) -> tuple[frames.Message, ...]:
        return tuple(
            _message(event, self._clock(event.time), event.user == reader)
            for event in events
        )

    def _sessions(self, answer: Sessions) -> frames.SessionList:
        return frames.SessionList(
            tuple(
                frames.SessionInfo(
                    one.name,
                    one.role,
                    one.address,
                    self._clock(one.since),
                    one.dialect,
                    one.groups,
                )
                for one in answer.sessions
            )
        )


def _room(room: Room) -> tuple[str, bool, bool, int, str | None, str | None]:
    return (
        room.name,
        room.private,
        room.frozen,
        room.slow,
        room.topic or None,
        room.rank or None,
    )


def _groups(answer: Groups) -> frames.GroupList:
    return frames.GroupList(
        tuple(
            frames.GroupInfo(
                group.name,
                group.members,
                group.joined,
                group.private,
                group.topic or None,
                group.frozen,
                group.slow,
                group.rank or None,
            )
            for group in answer.groups
        )
    )


def _done(answer: Done) -> frames.Done:
    return frames.Done(_FRAME_TYPES[answer.kind], _ACTIONS[answer.kind])


def _password_wanted(answer: PasswordWanted) -> frames.Error:
    code = Code.NEW_PASSWORD_NEEDED if answer.new else Code.PASSWORD_NEEDED
    return frames.Error(code, password_wanted(answer), "hello")


def _nothing(_answer: Answer) -> None:
    return None


def _message(event: MessagePosted, time: str, own: bool) -> frames.Message:
    match event:
        case LobbyPosted():
            to = "lobby"
        case GroupPosted():
            to = f"#{event.group}"
        case DirectPosted():
            to = f"@{event.to_name}"
    return frames.Message(
        event.seq,
        time,
        event.name,
        to,
        event.text,
        event.nonce if own else None,
        event.deleted or None,
    )


def _joined(event: UserJoined | UserReturned, time: str) -> frames.Joined:
    return frames.Joined(
        event.seq,
        time,
        event.name,
        event.address or None,
        isinstance(event, UserReturned),
    )


def _left(event: UserLeft, time: str) -> frames.Left:
    return frames.Left(event.seq, time, event.name, event.reason)


def _renamed(event: UserRenamed, time: str, own: bool) -> frames.Renamed:
    return frames.Renamed(event.seq, time, event.old, event.name, own)


def _kicked(event: UserKicked, time: str, own: bool) -> frames.Kicked:
    reason = event.reason or None
    return frames.Kicked(event.seq, time, event.name, event.by, reason, event.banned)


def _role_changed(event: RoleChanged, time: str, own: bool) -> frames.RoleChanged:
    return frames.RoleChanged(event.seq, time, event.name, event.role, event.by, own)


def _group(action: Any) -> Callable[[Any, str, bool], frames.Group]:
    def write(
        event: GroupCreated | GroupJoined,
        time: str,
        own: bool,
    ) -> frames.Group:
        private = isinstance(event, GroupCreated) and event.private
        return frames.Group(
            event.seq, time, action, event.group, event.name, own, private=private
        )

    return write


def _group_left(event: GroupLeft, time: str, own: bool) -> frames.Group:
    by, reason = event.by or None, event.reason or None
    return frames.Group(
        event.seq,
        time,
        "left",
        event.group,
        event.name,
        own,
        by,
        reason,
        ended=event.ends,
    )


def _group_ended(event: GroupEnded, time: str, own: bool) -> frames.Group:
    by, reason = event.by or None, event.reason or None
    return frames.Group(event.seq, time, "ended", event.group, by=by, reason=reason)
