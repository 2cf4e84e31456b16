"""What a chat tells its program: one small frozen struct for each kind of news.

Made for ``match``::

    for event in chat:
        match event:
            case Message(sender=sender, text=text, own=False):
                print(f"{sender}: {text}")
            case Disconnected(reason=reason):
                print(reason)

Names, texts and reasons come from the hub, which has taken out what a terminal would
obey. A program that shows them to a person runs `hubbub.model.text.clean` over them
all the same, since nothing proves that the other end is a hub.
"""

from __future__ import annotations

# At run time as well: these structs are public, and programs may ask for their types.
from datetime import datetime
from typing import Literal

import msgspec

from hubbub.client.access_events import AccessAnswer, TokenInfo, TokenMade, TokensListed
from hubbub.client.connection_events import (
    Connected,
    Disconnected,
    Encryption,
    Ended,
    NameRefused,
    Reconnected,
    Retrying,
)
from hubbub.client.order_events import (
    Acted,
    AuditListed,
    BansListed,
    InviteMade,
    InvitesListed,
)

# They are part of the public vocabulary as they stand in the protocol.
from hubbub.dialects.json_lines.frames import (
    GroupInfo,
    LimitsInfo,
    RoomInfo,
    SessionInfo,
)
from hubbub.dialects.json_lines.order_frames import BanInfo, InviteInfo

__all__ = [
    "Acknowledged",
    "Acted",
    "AuditListed",
    "BanInfo",
    "BansListed",
    "Connected",
    "Disconnected",
    "Done",
    "Encryption",
    "Ended",
    "Event",
    "GroupChanged",
    "GroupInfo",
    "GroupsListed",
    "HistoryPage",
    "InviteInfo",
    "InviteMade",
    "InvitesListed",
    "Joined",
    "Kicked",
    "Left",
    "LimitsInfo",
    "MembersListed",
    "Message",
    "Missed",
    "NameRefused",
    "ProtocolError",
    "Reconnected",
    "Refused",
    "Renamed",
    "Retrying",
    "RoleChanged",
    "RoomDescribed",
    "RoomInfo",
    "SessionInfo",
    "SessionsListed",
    "TokenInfo",
    "TokenMade",
    "TokensListed",
    "Unconfirmed",
    "UsersListed",
    "Waiting",
]


class _Event(msgspec.Struct, frozen=True):
    pass


# --- What was said -------------------------------------------------------------------


class Message(_Event, frozen=True):
    """Somebody said something.

    Attributes:
        seq: Its place in the hub's journal.
        time: When, in UTC.
        sender: Who. `SERVER` is the hub's administrator.
        to: `lobby`, `#group` or `@user`.
        text: What; it may have several lines.
        own: Whether this client, or another one of the same user, said it.
        nonce: What `send` returned, if this client said it.
        deleted: Who has deleted it; then there is no text any more.
    """

    seq: int
    time: datetime
    sender: str
    to: str
    text: str
    own: bool = False
    nonce: str | None = None
    deleted: str | None = None


class Acknowledged(_Event, frozen=True):
    """What was sent stands: it is on the hub's disk. Once for each `send`.

    The `Message` itself has come just before, unless it had been seen earlier.

    Attributes:
        re: What `send` returned.
        seq: The message's place in the journal.
    """

    re: str
    seq: int


class Refused(_Event, frozen=True):
    """The hub said no, and what was asked did not happen.

    Attributes:
        code: What programs match on; the list is in docs/protocol.md.
        text: One sentence that says what to do.
        re: What the refused method had returned, or None when the refusal is of
            nothing in particular.
    """

    code: str
    text: str
    re: str | None = None


class Unconfirmed(_Event, frozen=True):
    """What was sent may stand or not, and nobody can tell any more.

    It comes when the connection was lost before the answer and the seat was not kept,
    or, for a change of groups, when the answer was lost. Nothing is sent again
    blindly: that could say it twice.

    Attributes:
        re: What the method had returned.
        to: Where it went: an address, or `#group` for a change of groups.
        text: What was said, or the action on the group.
    """

    re: str
    to: str
    text: str


# --- Who is here ---------------------------------------------------------------------


class Joined(_Event, frozen=True):
    """Somebody came in; `returned` says that they took a kept seat back."""

    seq: int
    time: datetime
    name: str
    address: str | None
    returned: bool


class Left(_Event, frozen=True):
    """Somebody is gone. `reason` is `quit`, `lost`, `idle`, `slow` or `restart`."""

    seq: int
    time: datetime
    name: str
    reason: str


class Renamed(_Event, frozen=True):
    """Somebody has another name; `own` says that it is this client."""

    seq: int
    time: datetime
    old: str
    name: str
    own: bool


class Kicked(_Event, frozen=True):
    """Somebody was put out; `own` says that it is this client, and `Ended` follows.

    With `banned` they can't come back for longer.
    """

    seq: int
    time: datetime
    name: str
    by: str
    reason: str | None
    own: bool
    banned: bool = False


class RoleChanged(_Event, frozen=True):
    """Somebody has another role; `own` says that it is this client.

    `role` is `owner`, `moderator` or `member`; `by` is who gave it.
    """

    seq: int
    time: datetime
    name: str
    role: str
    by: str
    own: bool


class GroupChanged(_Event, frozen=True):
    """Something happened to a group.

    Attributes:
        seq: Its place in the journal.
        time: When, in UTC.
        action: `created` and `ended` are seen by everyone, `joined` and `left` by
            members.
        group: The group's name, without `#`.
        name: Who did it; None for `ended`.
        own: Whether this client did it.
        re: What the method had returned, if it was asked for on this connection.
        by: Who put somebody out, or ended the group; None if nobody did.
        reason: Why.
        over: Of a `left`: whether the group is no more for anybody.
    """

    seq: int
    time: datetime
    action: Literal["created", "joined", "left", "ended"]
    group: str
    name: str | None
    own: bool
    re: str | None = None
    by: str | None = None
    reason: str | None = None
    over: bool = False


class RoomDescribed(_Event, frozen=True):
    """How a group stands that this user has just joined, if there is anything to say.

    What changes later is told by `Acted`.
    """

    room: RoomInfo


# --- Answers -------------------------------------------------------------------------


class UsersListed(_Event, frozen=True):
    """The answer to `users`, in alphabetical order."""

    re: str | None
    users: tuple[str, ...]


class GroupsListed(_Event, frozen=True):
    """The answer to `groups`, in alphabetical order."""

    re: str | None
    groups: tuple[GroupInfo, ...]


class MembersListed(_Event, frozen=True):
    """The answer to `members`, in alphabetical order."""

    re: str | None
    group: str
    members: tuple[str, ...]


class HistoryPage(_Event, frozen=True):
    """The answer to `history`.

    Attributes:
        re: What the method had returned.
        of: The conversation.
        messages: Oldest first.
        more: Whether older ones exist; ask again with `before` the first one's `seq`.
    """

    re: str | None
    of: str
    messages: tuple[Message, ...]
    more: bool


class SessionsListed(_Event, frozen=True):
    """The answer to `admin` with `list`, in alphabetical order."""

    re: str | None
    sessions: tuple[SessionInfo, ...]


class Done(_Event, frozen=True):
    """What was asked with `admin` or `account` is done, and on disk."""

    re: str | None
    action: str


class Waiting(_Event, frozen=True):
    """What was said to this user in private while they were away, oldest first."""

    messages: tuple[Message, ...]


# --- What went wrong here ------------------------------------------------------------


class ProtocolError(_Event, frozen=True):
    """The hub sent a line that means nothing; it was skipped.

    A line with an unknown `type` is not this: it is news from a later version and is
    skipped in silence.

    Attributes:
        reason: Why nothing can be read from it.
        line: Its beginning, without what a terminal would obey; "" if that says
            nothing either.
    """

    reason: str
    line: str = ""


class Missed(_Event, frozen=True):
    """This program did not take its events in time, and the oldest were dropped.

    That happens only to a program that waits for answers and acknowledgements but
    never takes events; one that takes them loses none.
    """

    count: int


Event = (
    Connected
    | Reconnected
    | Disconnected
    | Retrying
    | Encryption
    | NameRefused
    | Ended
    | Message
    | Acknowledged
    | Refused
    | Unconfirmed
    | Joined
    | Left
    | Renamed
    | Kicked
    | RoleChanged
    | GroupChanged
    | RoomDescribed
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
    | Acted
    | Done
    | Waiting
    | ProtocolError
    | Missed
)
