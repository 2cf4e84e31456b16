"""Commands: what somebody asks for, in the imperative, before anything is decided.

A command carries no author; whoever hands it to the hub says who asks. Commands that
change something are decided by the hub and become events; queries are answered from
what is already there; the rest concern the one connection they came from.
"""

from __future__ import annotations

import msgspec

from hubbub.model.access import (
    CreateToken,
    ListTokens,
    NewToken,
    RevokeToken,
    UnderToken,
    WithToken,
)
from hubbub.model.address import Address
from hubbub.model.invites import (
    InviteCommand,
    ListInvites,
    NewInvite,
    RevokeInvite,
    ShowInvite,
)
from hubbub.model.moderation import (
    ClosePrivate,
    Delete,
    DeleteMessage,
    GroupCommand,
    ListBans,
    OrderCommand,
    ReadAudit,
    ReadReports,
)
from hubbub.model.public import PublicQuery
from hubbub.model.roles import Role
from hubbub.model.secret import Secret


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


class PostOnce(msgspec.Struct, frozen=True, gc=False):
    """Say one thing without coming in.

    Attributes:
        name: Whom it is said by; nobody else may hold the name.
        to: Where it goes.
        text: What is said, as it came; the hub cleans it.
        nonce: As in `Post`; the same nonce under the same name is one message.
        place: Where it comes from; the node fills it in.
    """

    name: str
    to: Address
    text: str
    nonce: str | None = None
    place: str = ""


class CreateGroup(msgspec.Struct, frozen=True, gc=False):
    """Make a group; who makes it is its first member, and its owner."""

    name: str
    private: bool = False


class JoinGroup(msgspec.Struct, frozen=True, gc=False):
    """Become a member of a group.

    Attributes:
        name: Which.
        password: That of a private group; the node checks it.
        proof: The hash that the password was found to fit.
        place: Where the user comes from; the node fills it in.
    """

    name: str
    password: Secret | None = None
    proof: str = ""
    place: str = ""


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
        password: The account's, or that of the hub; with `invite`, one just chosen.
        access: An access token, instead of a password.
        invite: A code, to make the name one's own.
    """

    name: str
    resume: str | None = None
    after: int = 0
    key: str | None = None
    attempt: int = 0
    password: Secret | None = None
    access: Secret | None = None
    invite: Secret | None = None


class Register(msgspec.Struct, frozen=True, gc=False):
    """Make one's name one's own, as a dialect says it; becomes an `OpenAccount`."""

    password: Secret


class ChangePassword(msgspec.Struct, frozen=True, gc=False):
    """Give one's account another password; becomes a `SetPassword`."""

    old: Secret
    new: Secret


class Unregister(msgspec.Struct, frozen=True, gc=False):
    """Give one's account up; becomes a `CloseAccount`."""

    password: Secret


class Join(msgspec.Struct, frozen=True, gc=False):
    """Take a name. What the node makes of a `Hello` that starts anew.

    Attributes:
        name: The name wished for.
        token_hash: SHA-256 (hex) of the resume token, or "" when no seat is kept.
        address: `IP:PORT` to be shown to the others, or "".
        dialect: The dialect spoken, for the moderators' list.
        place: Where the connection comes from, or "".
    """

    name: str
    token_hash: str = ""
    address: str = ""
    dialect: str = ""
    place: str = ""


class Resume(msgspec.Struct, frozen=True, gc=False):
    """Take a kept seat back; the user it belongs to is the one who asks."""

    address: str = ""
    dialect: str = ""
    place: str = ""


class Disconnect(msgspec.Struct, frozen=True, gc=False):
    """A user's connection is gone.

    Attributes:
        reason: A word for the others: `quit`, `lost`, `idle`, `slow`.
        keep_seat: Whether the user may yet come back to this seat.
        device: The hash of a token that is not to be used again, or "".
        last: Whether it was the user's last connection.
    """

    reason: str
    keep_seat: bool = False
    device: str = ""
    last: bool = True


class EndSeat(msgspec.Struct, frozen=True, gc=False):
    """The time to come back is over."""


class SignIn(msgspec.Struct, frozen=True, gc=False):
    """Connect to one's account from one more place; the password has been checked.

    Attributes:
        token_hash: SHA-256 (hex) of this device's resume token, or "".
        address: `IP:PORT` to be shown to the others, or "".
        dialect: The dialect spoken, for the moderators' list.
        place: Where the connection comes from, or "".
    """

    token_hash: str = ""
    address: str = ""
    dialect: str = ""
    place: str = ""


class OpenAccount(msgspec.Struct, frozen=True, gc=False):
    """Make the name that one has one's own.

    Attributes:
        password_hash: Made outside, since it has chance in it.
    """

    password_hash: str


class SetPassword(msgspec.Struct, frozen=True, gc=False):
    """Give one's account another password; all other devices are logged out.

    Attributes:
        password_hash: That of the new password; the old one has been checked.
        device: The hash of the token that goes on, or "".
    """

    password_hash: str
    device: str = ""


class CloseAccount(msgspec.Struct, frozen=True, gc=False):
    """Give one's account up: a guest again; all other devices are logged out.

    Attributes:
        device: The hash of the token that goes on, or "".
    """

    device: str = ""


class LogOutOthers(msgspec.Struct, frozen=True, gc=False):
    """Log one's other devices out.

    Attributes:
        device: The hash of the token that goes on, or ""; the node fills it in.
    """

    device: str = ""


class CreateAccount(msgspec.Struct, frozen=True, gc=False):
    """Make an account, or give one another role and password. For the operator.

    Attributes:
        name: The account's.
        role: Owner, moderator or member.
        password_hash: Made outside; "" lets nobody in by password.
    """

    name: str
    role: Role
    password_hash: str = ""


StaffCommand = OrderCommand | GroupCommand | CreateAccount | RevokeToken | RevokeInvite
"""What those with a right to it ask for in chat; each is answered with `Done`."""

ChatCommand = Post | CreateGroup | JoinGroup | LeaveGroup | StaffCommand
AskedCommand = Delete | ClosePrivate | NewInvite
"""What the node has to add something to before it is decided."""

HubCommand = (
    ChatCommand
    | PostOnce
    | Join
    | Resume
    | SignIn
    | Disconnect
    | EndSeat
    | OpenAccount
    | SetPassword
    | CloseAccount
    | LogOutOthers
    | DeleteMessage
    | CreateToken
    | UnderToken
    | InviteCommand
)


class ListUsers(msgspec.Struct, frozen=True, gc=False):
    """Who is here?"""


class ListGroups(msgspec.Struct, frozen=True, gc=False):
    """Which groups are there?"""


class ListMembers(msgspec.Struct, frozen=True, gc=False):
    """Who is in this group?"""

    name: str


class ListSessions(msgspec.Struct, frozen=True, gc=False):
    """Who is connected, from where and how? For moderators."""


class ReadHistory(msgspec.Struct, frozen=True, gc=False):
    """What was said in one conversation?

    Attributes:
        of: The conversation.
        before: Only messages with a smaller `seq`; None means from the newest back.
        after: Only messages with a greater `seq`, the oldest first.
        limit: How many at most; None means the page limit.
        numbered: Whether each is to be shown with its `seq`, where that is not so
            by itself.
    """

    of: Address
    before: int | None = None
    limit: int | None = None
    after: int | None = None
    numbered: bool = False


class Help(msgspec.Struct, frozen=True, gc=False):
    """Which commands are there?

    Attributes:
        about: Which of them, in the words of the dialect; "" for the first ones.
    """

    about: str = ""


Query = (
    ListUsers
    | ListGroups
    | ListMembers
    | ListSessions
    | ReadHistory
    | PublicQuery
    | ListBans
    | ReadAudit
    | ReadReports
    | ListTokens
    | ListInvites
    | Help
)


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
    """Stop the hub in good order. For the console."""


AccountCommand = Register | ChangePassword | Unregister | LogOutOthers

ConnectionCommand = Hello | ShowInvite | Ping | Pong | Quit | HangUp | Shutdown
TokenCommand = NewToken | WithToken
"""What the node makes something of before it is decided."""

Command = (
    ChatCommand
    | AskedCommand
    | PostOnce
    | Query
    | AccountCommand
    | TokenCommand
    | ConnectionCommand
)
