"""Commands: what somebody asks for, in the imperative, before anything is decided.

A command carries no author; whoever hands it to the hub says who asks. Commands that
change something are decided by the hub and become events; queries are answered from
what is already there; the rest concern the one connection they came from.
"""

from __future__ import annotations

import msgspec

from hubbub.model.address import Address


class Post(msgspec.Struct, frozen=True, gc=False):
    """Say something to the lobby, a group or a user.

    Attributes:
        to: Where it goes.
        text: What is said, as it came; the hub cleans it.
        nonce: A key the sender made up; the same nonce from the same user is one
            message however often it is sent.
    """

    to: Address
    text: str
    nonce: str | None = None


class CreateGroup(msgspec.Struct, frozen=True, gc=False):
    """Make a group; who makes it is its first member."""

    name: str


class JoinGroup(msgspec.Struct, frozen=True, gc=False):
    """Become a member of a group."""

    name: str


class LeaveGroup(msgspec.Struct, frozen=True, gc=False):
    """Stop being a member of a group."""

    name: str


class Hello(msgspec.Struct, frozen=True, gc=False):
    """Come in, as a dialect says it.

    Attributes:
        name: The name wished for.
        resume: The token of an earlier connection, to take its seat back.
        after: The last `seq` seen on that connection.
        key: The client's own secret, by which the seat that this makes is found again
            if the answer is lost.
        attempt: Counts a client's connections; 0 when it does not count them.
    """

    name: str
    resume: str | None = None
    after: int = 0
    key: str | None = None
    attempt: int = 0


class Join(msgspec.Struct, frozen=True, gc=False):
    """Take a name. What the node makes of a `Hello` that starts anew.

    Attributes:
        name: The name wished for.
        token_hash: SHA-256 (hex) of the resume token, or "" when no seat is kept.
        address: `IP:PORT` to be shown to the others, or "".
        dialect: The dialect spoken, for the administrator's list.
    """

    name: str
    token_hash: str = ""
    address: str = ""
    dialect: str = ""


class Resume(msgspec.Struct, frozen=True, gc=False):
    """Take a kept seat back; the user it belongs to is the one who asks."""

    address: str = ""
    dialect: str = ""


class Disconnect(msgspec.Struct, frozen=True, gc=False):
    """A user's last connection is gone.

    Attributes:
        reason: A word for the others: `quit`, `lost`, `idle`, `slow`.
        keep_seat: Whether the user may yet come back to this seat.
    """

    reason: str
    keep_seat: bool = False


class EndSeat(msgspec.Struct, frozen=True, gc=False):
    """The time to come back is over."""


class Kick(msgspec.Struct, frozen=True, gc=False):
    """Put a user out. For administrators."""

    name: str
    reason: str = ""


class Rename(msgspec.Struct, frozen=True, gc=False):
    """Give a user another name. For administrators."""

    name: str
    to: str


ChatCommand = Post | CreateGroup | JoinGroup | LeaveGroup | Kick | Rename
HubCommand = ChatCommand | Join | Resume | Disconnect | EndSeat


class ListUsers(msgspec.Struct, frozen=True, gc=False):
    """Who is here?"""


class ListGroups(msgspec.Struct, frozen=True, gc=False):
    """Which groups are there?"""


class ListMembers(msgspec.Struct, frozen=True, gc=False):
    """Who is in this group?"""

    name: str


class ListSessions(msgspec.Struct, frozen=True, gc=False):
    """Who is connected, from where and how? For administrators."""


class ReadHistory(msgspec.Struct, frozen=True, gc=False):
    """What was said in one conversation?

    Attributes:
        of: The conversation.
        before: Only messages with a smaller `seq`; None means from the newest back.
        limit: How many at most; None means the page limit.
    """

    of: Address
    before: int | None = None
    limit: int | None = None


class Help(msgspec.Struct, frozen=True, gc=False):
    """Which commands are there?"""


Query = ListUsers | ListGroups | ListMembers | ListSessions | ReadHistory | Help


class Ping(msgspec.Struct, frozen=True, gc=False):
    """Are you there? Answered with the same id."""

    id: str | None = None


class Pong(msgspec.Struct, frozen=True, gc=False):
    """I am here. Nothing follows from it but that the connection lives."""


class Quit(msgspec.Struct, frozen=True, gc=False):
    """Leave in good order."""


class HangUp(msgspec.Struct, frozen=True, gc=False):
    """Close the connection once all is sent; the seat is kept, as if it had dropped."""


class Shutdown(msgspec.Struct, frozen=True, gc=False):
    """Stop the hub in good order. For administrators."""


ConnectionCommand = Hello | Ping | Pong | Quit | HangUp | Shutdown

Command = ChatCommand | Query | ConnectionCommand
