"""The frames of the JSON dialect, declared once for server, client and schema.

Times are RFC 3339, UTC, with milliseconds. Addresses are ``lobby``, ``#group`` and
``@user``. Unknown fields are ignored; an unknown ``type`` is refused.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hubbub.dialects.json_lines.access_frames import Token, TokenList, TokenRequest
from hubbub.dialects.json_lines.fields import (
    Attempt,
    Frame,
    Key,
    Nonce,
    PingId,
    Seq,
    Time,
)
from hubbub.dialects.json_lines.order_frames import (
    Act,
    AdminRequest,
    AuditPage,
    BanList,
    GroupRequest,
    Invite,
    InviteList,
)

PROTOCOL_VERSION = 1

# --- What a client sends -------------------------------------------------------------


class ResumeFrom(Frame, frozen=True, gc=False):
    """Which seat to take back, and what was seen last."""

    token: str
    after: Seq


class Hello(Frame, frozen=True, gc=False, tag="hello"):
    """Come in. The first frame of a connection; again after a refusal.

    With `invite` the name becomes one's own, and `password` is the one that it is to
    have; without it the answer is the error `new_password_needed`.
    `token` is an access token; with one the name may be left out.
    """

    name: str = ""
    password: str | None = None
    resume: ResumeFrom | None = None
    client: str | None = None
    key: Key | None = None
    attempt: Attempt = 0
    token: str | None = None
    invite: str | None = None


class Send(Frame, frozen=True, gc=False, tag="send"):
    """Say something. The `message` that comes back with the nonce acknowledges it."""

    to: str
    text: str
    nonce: Nonce | None = None


class UsersRequest(Frame, frozen=True, gc=False, tag="users"):
    """Ask who is here."""


class HistoryRequest(Frame, frozen=True, gc=False, tag="history"):
    """Ask for a page of a conversation, from the newest or from `before` back."""

    of: str
    before: Seq | None = None
    limit: Annotated[int, Meta(ge=1)] | None = None


class AccountRequest(Frame, frozen=True, gc=False, tag="account"):
    """Do something with one's own account; the answer is `done`.

    `register` and `unregister` need the `password`, `passwd` the old `password` and the
    `new` one, `logout-others` neither.
    """

    action: Literal["register", "passwd", "unregister", "logout-others"]
    password: str | None = None
    new: str | None = None


class Ping(Frame, frozen=True, gc=False, tag="ping"):
    """Ask whether the other side lives. Either side may; the answer is `pong`."""

    id: PingId | None = None


class Pong(Frame, frozen=True, gc=False, tag="pong"):
    """Answer a ping with its id."""

    id: PingId | None = None


class ByeRequest(Frame, frozen=True, gc=False, tag="bye"):
    """Leave in good order: the seat is given up."""


Request = (
    Send
    | GroupRequest
    | UsersRequest
    | HistoryRequest
    | AdminRequest
    | AccountRequest
    | TokenRequest
)
"""What is answered once somebody is in, and asked again when an answer is lost."""

ClientFrame = Hello | Request | Ping | Pong | ByeRequest

# --- What the hub sends --------------------------------------------------------------


class ServerInfo(Frame, frozen=True, gc=False):
    """Who answers."""

    name: str
    version: str
    protocol: int


class LimitsInfo(Frame, frozen=True, gc=False):
    """What a client has to keep to. Bytes for text and line, counts for the rest."""

    text: int
    line: int
    nonces: int
    history: int


class RoomInfo(Frame, frozen=True, gc=False):
    """How a room stands: `lobby`, or a `#group` that you are in.

    What is left out is not so: then it is public and neither frozen nor slow, has no
    topic, and you are no more than a member in it. `slow` is seconds between two
    messages of one user, and `rank` is `owner` or `mod`.
    """

    room: str
    private: bool = False
    frozen: bool = False
    slow: int = 0
    topic: str | None = None
    rank: str | None = None


class Room(RoomInfo, frozen=True, gc=False, tag="room"):
    """How a group stands that you have just joined, if there is something to say."""


class Welcome(Frame, frozen=True, gc=False, tag="welcome"):
    """You are in, and everything visible after `seq` follows.

    What it says of people, groups and rooms is as of the moment of sending, which may
    be a little later than `seq`: apply the membership events that follow as set
    operations. Without `role` you are a guest. `rooms` are those of the lobby and your
    groups of which there is more to say than the name.
    """

    name: str
    user: int
    token: str
    seq: Seq
    server: ServerInfo
    users: tuple[str, ...]
    groups: tuple[str, ...]
    limits: LimitsInfo
    resumed: bool = False
    role: str | None = None
    rooms: tuple[RoomInfo, ...] = ()


class Message(Frame, frozen=True, gc=False, tag="message"):
    """Somebody said something. With your nonce, it is your message, and on disk.

    `deleted` says who has deleted it; then its text is empty.
    """

    seq: Seq
    time: Time
    from_: str = msgspec.field(name="from")
    to: str
    text: str
    nonce: str | None = None
    deleted: str | None = None


class Joined(Frame, frozen=True, gc=False, tag="joined"):
    """Somebody came in, or came back to a kept seat."""

    seq: Seq
    time: Time
    name: str
    address: str | None = None
    returned: bool = False


class Left(Frame, frozen=True, gc=False, tag="left"):
    """Somebody's connection is gone."""

    seq: Seq
    time: Time
    name: str
    reason: str


class Renamed(Frame, frozen=True, gc=False, tag="renamed"):
    """Somebody has another name; `you` says that it is yours."""

    seq: Seq
    time: Time
    from_: str = msgspec.field(name="from")
    to: str
    you: bool = False


class Kicked(Frame, frozen=True, gc=False, tag="kicked"):
    """Somebody was put out; with `banned` they can't come back for longer."""

    seq: Seq
    time: Time
    name: str
    by: str
    reason: str | None = None
    banned: bool = False


class RoleChanged(Frame, frozen=True, gc=False, tag="role"):
    """Somebody has another role; `you` says that it is yours."""

    seq: Seq
    time: Time
    name: str
    role: str
    by: str
    you: bool = False


class Group(Frame, frozen=True, gc=False, tag="group"):
    """Something happened to a group; `you` says that it was your doing.

    `joined` and `left` are seen by members, `created` and `ended` by everyone, but of a
    private group by nobody else; an `ended` has no name. A `left` with `by` is one that
    somebody was put out with; with `ended` the group is no more for anybody.
    """

    seq: Seq
    time: Time
    action: Literal["created", "joined", "left", "ended"]
    group: str
    name: str | None = None
    you: bool = False
    by: str | None = None
    reason: str | None = None
    private: bool = False
    ended: bool = False


class UserList(Frame, frozen=True, gc=False, tag="users"):
    """Answer to `users`."""

    users: tuple[str, ...]


class GroupInfo(Frame, frozen=True, gc=False):
    """One group in a list. As to the last five: see `RoomInfo`."""

    name: str
    members: int
    joined: bool = False
    private: bool = False
    topic: str | None = None
    frozen: bool = False
    slow: int = 0
    rank: str | None = None


class GroupList(Frame, frozen=True, gc=False, tag="groups"):
    """Answer to `group` with the action `list`."""

    groups: tuple[GroupInfo, ...]


class MemberList(Frame, frozen=True, gc=False, tag="members"):
    """Answer to `group` with the action `members`."""

    group: str
    members: tuple[str, ...]


class HistoryPage(Frame, frozen=True, gc=False, tag="history"):
    """Answer to `history`, oldest first; `more` says that older ones exist."""

    of: str
    messages: tuple[Message, ...]
    more: bool


class WaitingPage(Frame, frozen=True, gc=False, tag="waiting"):
    """What was said to you in private while you were away. Comes after `welcome`."""

    messages: tuple[Message, ...]


class SessionInfo(Frame, frozen=True, gc=False):
    """One user in the moderators' list; `since` is when they came."""

    name: str
    role: str
    address: str
    since: Time
    dialect: str
    groups: tuple[str, ...] = ()


class SessionList(Frame, frozen=True, gc=False, tag="sessions"):
    """Answer to `admin` with the action `list`."""

    sessions: tuple[SessionInfo, ...]


class Done(Frame, frozen=True, gc=False, tag="done"):
    """What was asked is done and on disk. `re` is the type that asked."""

    re: str
    action: str


class Error(Frame, frozen=True, gc=False, tag="error"):
    """A refusal. `re` is the nonce of a refused `send`, else the type refused."""

    code: str
    text: str
    re: str | None = None


class Bye(Frame, frozen=True, gc=False, tag="bye"):
    """The hub ends the connection, and why.

    `code` is one of `quit`, `kicked`, `banned`, `replaced`, `logged_out`, `idle`,
    `slow`, `handshake`, `token_expired`, `token_revoked` or `shutdown`. After `idle`,
    `slow` and `shutdown` a client may come back.
    """

    code: str
    reason: str


ServerFrame = (
    Welcome
    | Room
    | Message
    | Joined
    | Left
    | Renamed
    | Kicked
    | RoleChanged
    | Group
    | UserList
    | GroupList
    | MemberList
    | HistoryPage
    | WaitingPage
    | SessionList
    | Act
    | AuditPage
    | BanList
    | Token
    | TokenList
    | Invite
    | InviteList
    | Done
    | Error
    | Ping
    | Pong
    | Bye
)
