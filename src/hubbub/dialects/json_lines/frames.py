"""The frames of the JSON dialect, declared once for server, client and schema.

Times are RFC 3339, UTC, with milliseconds. Addresses are ``lobby``, ``#group`` and
``@user``. Unknown fields are ignored; an unknown ``type`` is refused.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

PROTOCOL_VERSION = 1

Seq = Annotated[int, Meta(ge=0, description="A sequence number of the journal.")]
Time = Annotated[
    str, Meta(description="RFC 3339 in UTC with milliseconds.", pattern="Z$")
]


Nonce = Annotated[
    str, Meta(min_length=1, max_length=64, description="Made up by the sender.")
]
PingId = Annotated[str, Meta(max_length=64)]
Key = Annotated[
    str,
    Meta(
        min_length=22,
        max_length=64,
        description="Made up by the client and told to nobody else; 128 bits or more.",
    ),
]
Attempt = Annotated[
    int, Meta(ge=0, description="Counts one client's connections; 0 for not counted.")
]


class _Frame(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    pass


# --- What a client sends -------------------------------------------------------------


class ResumeFrom(_Frame, frozen=True, gc=False):
    """Which seat to take back, and what was seen last."""

    token: str
    after: Seq


class Hello(_Frame, frozen=True, gc=False, tag="hello"):
    """Come in. The first frame of a connection; again after a refusal."""

    name: str
    password: str | None = None
    resume: ResumeFrom | None = None
    client: str | None = None
    key: Key | None = None
    attempt: Attempt = 0


class Send(_Frame, frozen=True, gc=False, tag="send"):
    """Say something. The `message` that comes back with the nonce acknowledges it."""

    to: str
    text: str
    nonce: Nonce | None = None


class GroupRequest(_Frame, frozen=True, gc=False, tag="group"):
    """Do something with a group. Only `list` goes without a name."""

    action: Literal["create", "join", "leave", "members", "list"]
    name: str | None = None


class UsersRequest(_Frame, frozen=True, gc=False, tag="users"):
    """Ask who is here."""


class HistoryRequest(_Frame, frozen=True, gc=False, tag="history"):
    """Ask for a page of a conversation, from the newest or from `before` back."""

    of: str
    before: Seq | None = None
    limit: Annotated[int, Meta(ge=1)] | None = None


class AdminRequest(_Frame, frozen=True, gc=False, tag="admin"):
    """Do what takes a right to it; the answer is `done`, or `sessions` to `list`.

    `create` is for the operator's own socket: it makes an account, or gives one that is
    there a `role` and a password, of which it has the Argon2id `hash`.
    """

    action: Literal["list", "kick", "rename", "role", "create"]
    name: str | None = None
    to: str | None = None
    role: Literal["owner", "moderator", "member"] | None = None
    reason: str | None = None
    hash: str | None = None


class AccountRequest(_Frame, frozen=True, gc=False, tag="account"):
    """Do something with one's own account; the answer is `done`.

    `register` and `unregister` need the `password`, `passwd` the old `password` and the
    `new` one, `logout-others` neither.
    """

    action: Literal["register", "passwd", "unregister", "logout-others"]
    password: str | None = None
    new: str | None = None


class Ping(_Frame, frozen=True, gc=False, tag="ping"):
    """Ask whether the other side lives. Either side may; the answer is `pong`."""

    id: PingId | None = None


class Pong(_Frame, frozen=True, gc=False, tag="pong"):
    """Answer a ping with its id."""

    id: PingId | None = None


class ByeRequest(_Frame, frozen=True, gc=False, tag="bye"):
    """Leave in good order: the seat is given up."""


ClientFrame = (
    Hello
    | Send
    | GroupRequest
    | UsersRequest
    | HistoryRequest
    | AdminRequest
    | AccountRequest
    | Ping
    | Pong
    | ByeRequest
)

# --- What the hub sends --------------------------------------------------------------


class ServerInfo(_Frame, frozen=True, gc=False):
    """Who answers."""

    name: str
    version: str
    protocol: int


class LimitsInfo(_Frame, frozen=True, gc=False):
    """What a client has to keep to. Bytes for text and line, counts for the rest."""

    text: int
    line: int
    nonces: int
    history: int


class Welcome(_Frame, frozen=True, gc=False, tag="welcome"):
    """You are in, and everything visible after `seq` follows.

    `users` and `groups` are as of the moment of sending, which may be a little later
    than `seq`: apply the membership events that follow as set operations.
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


class Message(_Frame, frozen=True, gc=False, tag="message"):
    """Somebody said something. With your nonce, it is your message, and on disk."""

    seq: Seq
    time: Time
    from_: str = msgspec.field(name="from")
    to: str
    text: str
    nonce: str | None = None


class Joined(_Frame, frozen=True, gc=False, tag="joined"):
    """Somebody came in, or came back to a kept seat."""

    seq: Seq
    time: Time
    name: str
    address: str | None = None
    returned: bool = False


class Left(_Frame, frozen=True, gc=False, tag="left"):
    """Somebody's connection is gone."""

    seq: Seq
    time: Time
    name: str
    reason: str


class Renamed(_Frame, frozen=True, gc=False, tag="renamed"):
    """Somebody has another name; `you` says that it is yours."""

    seq: Seq
    time: Time
    from_: str = msgspec.field(name="from")
    to: str
    you: bool = False


class Kicked(_Frame, frozen=True, gc=False, tag="kicked"):
    """Somebody was put out."""

    seq: Seq
    time: Time
    name: str
    by: str
    reason: str | None = None


class RoleChanged(_Frame, frozen=True, gc=False, tag="role"):
    """Somebody has another role; `you` says that it is yours."""

    seq: Seq
    time: Time
    name: str
    role: str
    by: str
    you: bool = False


class Group(_Frame, frozen=True, gc=False, tag="group"):
    """Something happened to a group; `you` says that it was your doing.

    `joined` and `left` are seen by members, `created` and `ended` by everyone; an
    `ended` has no name.
    """

    seq: Seq
    time: Time
    action: Literal["created", "joined", "left", "ended"]
    group: str
    name: str | None = None
    you: bool = False


class UserList(_Frame, frozen=True, gc=False, tag="users"):
    """Answer to `users`."""

    users: tuple[str, ...]


class GroupInfo(_Frame, frozen=True, gc=False):
    """One group in a list."""

    name: str
    members: int
    joined: bool = False


class GroupList(_Frame, frozen=True, gc=False, tag="groups"):
    """Answer to `group` with the action `list`."""

    groups: tuple[GroupInfo, ...]


class MemberList(_Frame, frozen=True, gc=False, tag="members"):
    """Answer to `group` with the action `members`."""

    group: str
    members: tuple[str, ...]


class HistoryPage(_Frame, frozen=True, gc=False, tag="history"):
    """Answer to `history`, oldest first; `more` says that older ones exist."""

    of: str
    messages: tuple[Message, ...]
    more: bool


class WaitingPage(_Frame, frozen=True, gc=False, tag="waiting"):
    """What was said to you in private while you were away. Comes after `welcome`."""

    messages: tuple[Message, ...]


class SessionInfo(_Frame, frozen=True, gc=False):
    """One user in the moderators' list; `since` is when they came."""

    name: str
    role: str
    address: str
    since: Time
    dialect: str
    groups: tuple[str, ...] = ()


class SessionList(_Frame, frozen=True, gc=False, tag="sessions"):
    """Answer to `admin` with the action `list`."""

    sessions: tuple[SessionInfo, ...]


class Done(_Frame, frozen=True, gc=False, tag="done"):
    """What was asked is done and on disk. `re` is the type that asked."""

    re: str
    action: str


class Error(_Frame, frozen=True, gc=False, tag="error"):
    """A refusal. `re` is the nonce of a refused `send`, else the type refused."""

    code: str
    text: str
    re: str | None = None


class Bye(_Frame, frozen=True, gc=False, tag="bye"):
    """The hub ends the connection, and why.

    `code` is one of `quit`, `kicked`, `replaced`, `logged_out`, `idle`, `slow`,
    `handshake` or `shutdown`. After `idle`, `slow` and `shutdown` a client may come
    back.
    """

    code: str
    reason: str


ServerFrame = (
    Welcome
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
    | Done
    | Error
    | Ping
    | Pong
    | Bye
)
