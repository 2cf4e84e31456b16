"""Answers: what one connection is told, beside the events that everybody may see."""

from __future__ import annotations

import msgspec

from hubbub.model.access import TokenList, TokenMade
from hubbub.model.acts import Act
from hubbub.model.address import Address
from hubbub.model.events import DirectPosted, MessagePosted
from hubbub.model.invites import InviteMade, Invites, NameWanted
from hubbub.model.roles import Role
from hubbub.model.text import clean


class Room(msgspec.Struct, frozen=True):
    """How a room stands, to one who is in it, beside what is always so.

    Attributes:
        name: `lobby`, or `#group`.
        private: Whether one joins it by invitation or password.
        frozen: Whether only those who keep order write.
        slow: Seconds between two messages of one user; 0 for none.
        topic: What it is about, or "".
        rank: What one is in a group, `owner` or `mod`; "" for no more than a member.
    """

    name: str
    private: bool = False
    frozen: bool = False
    slow: int = 0
    topic: str = ""
    rank: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to say of it."""
        return self == Room(self.name)


class Welcome(msgspec.Struct, frozen=True):
    """You are in.

    Attributes:
        user: The id, which outlives renames.
        name: The name as it will be shown.
        token: What to show to take this seat back later.
        seq: Everything after this `seq` will be sent.
        resumed: Whether a kept seat was taken back.
        groups: The user's own groups.
        users: The names present, the user's own among them.
        role: What the user is to the hub.
        rooms: The lobby and each of the user's groups, where there is something to say.
    """

    user: int
    name: str
    token: str
    seq: int
    resumed: bool
    groups: tuple[str, ...]
    users: tuple[str, ...]
    role: Role = Role.GUEST
    rooms: tuple[Room, ...] = ()


class Users(msgspec.Struct, frozen=True):
    """The names present, in alphabetical order."""

    names: tuple[str, ...]


class GroupSummary(msgspec.Struct, frozen=True):
    """One line of a list of groups. As to the last five: see `Room`."""

    name: str
    members: int
    joined: bool
    private: bool = False
    topic: str = ""
    frozen: bool = False
    slow: int = 0
    rank: str = ""


class Groups(msgspec.Struct, frozen=True):
    """The groups there are, in alphabetical order."""

    groups: tuple[GroupSummary, ...]


class Members(msgspec.Struct, frozen=True):
    """The names of a group's members, in alphabetical order."""

    group: str
    names: tuple[str, ...]


class SessionSummary(msgspec.Struct, frozen=True):
    """One line of the moderators' list. `since` is Unix milliseconds."""

    name: str
    address: str
    since: int
    groups: tuple[str, ...]
    dialect: str
    role: Role = Role.GUEST


class Sessions(msgspec.Struct, frozen=True):
    """Everyone who is connected, in alphabetical order."""

    sessions: tuple[SessionSummary, ...]


class History(msgspec.Struct, frozen=True):
    """A page of one conversation, oldest first.

    Attributes:
        of: The conversation asked for.
        messages: The messages, in the order of their `seq`.
        more: Whether there are others: older ones, or newer ones where those after
            some `seq` were asked for.
        reader: The id of the user who reads.
        numbered: Whether the reader wants to see each `seq`.
    """

    of: Address
    messages: tuple[MessagePosted, ...]
    more: bool
    reader: int
    numbered: bool = False


class Banned(msgspec.Struct, frozen=True):
    """One line of the list of bans.

    Attributes:
        name: What was asked to be banned.
        by: By whom.
        since: Unix milliseconds.
        until: Unix milliseconds; 0 for good.
        reason: Why.
        places: Addresses and networks that are kept out with it.
    """

    name: str
    by: str
    since: int
    until: int
    reason: str
    places: tuple[str, ...]


class Bans(msgspec.Struct, frozen=True):
    """The bans in force, the oldest first."""

    bans: tuple[Banned, ...]


class Audit(msgspec.Struct, frozen=True):
    """A page of administrative acts, oldest first; `more` says that older ones exist.

    `reports` says that only reports were asked for.
    """

    acts: tuple[Act, ...]
    more: bool
    reports: bool = False


class Posted(msgspec.Struct, frozen=True):
    """What was said without coming in is on disk."""

    message: MessagePosted


class Observing(msgspec.Struct, frozen=True):
    """You hear what everyone hears after this `seq`."""

    seq: int


class Present(msgspec.Struct, frozen=True):
    """Who has come in, in alphabetical order, and how many listen without a name."""

    names: tuple[str, ...]
    observers: int


class Health(msgspec.Struct, frozen=True):
    """Whether the last try to write to the disk succeeded."""

    stores: bool


class Sample(msgspec.Struct, frozen=True):
    """One number of a family: what is added to its name, its labels, and the number."""

    suffix: str
    labels: tuple[tuple[str, str], ...]
    value: float


class Family(msgspec.Struct, frozen=True):
    """Numbers of one name. `kind` is `counter`, `gauge` or `histogram`."""

    name: str
    text: str
    kind: str
    samples: tuple[Sample, ...]


class Metrics(msgspec.Struct, frozen=True):
    """What the hub has counted, and how things stand."""

    families: tuple[Family, ...]


class KeptOut(msgspec.Struct, frozen=True):
    """Addresses that are kept out for a while, told to the console unasked.

    Attributes:
        networks: Some of them, as they count; see `hubbub.model.network.network_of`.
        count: How many there are since the last time that this was told.
        seconds: For how long each is.
    """

    networks: tuple[str, ...]
    count: int
    seconds: float


class HelpText(msgspec.Struct, frozen=True):
    """The commands there are. Each dialect words its own.

    Attributes:
        allowed: The types of commands that the one who asks has a right to.
        about: Which of them are asked for; see `Help`.
    """

    allowed: frozenset[type]
    about: str = ""


class Done(msgspec.Struct, frozen=True):
    """What was asked is done and on disk. Where events show it, it needs no words.

    Attributes:
        kind: The type of the command that asked.
        name: The name of the one who asked, where it is about that.
    """

    kind: type
    name: str = ""


class PasswordWanted(msgspec.Struct, frozen=True):
    """The next thing to say is a password.

    Attributes:
        name: The name that needs it; what the dialect says next is for this name.
        of_hub: Whether everybody needs one here, and not this name alone.
        new: Whether it is to be chosen: the name becomes one's own by it.
        members_only: Whether nobody comes in but accounts.
    """

    name: str
    of_hub: bool = False
    new: bool = False
    members_only: bool = False


class Waiting(msgspec.Struct, frozen=True):
    """The private messages that came while an account's user was away."""

    messages: tuple[DirectPosted, ...]


class Pinged(msgspec.Struct, frozen=True):
    """The answer to a ping, with its id."""

    id: str | None


class AreYouThere(msgspec.Struct, frozen=True):
    """Asked of a connection that has been silent for long."""


class KeepAlive(msgspec.Struct, frozen=True):
    """Nothing has been said for a while; a proxy must not think that all is over."""


class Bye(msgspec.Struct, frozen=True):
    """Why the hub ends a connection.

    Attributes:
        code: `quit`, `kicked`, `replaced`, `logged_out`, `idle`, `slow`, `handshake`
            or `shutdown`. After `shutdown`, `idle` and `slow` a new try makes sense.
        reason: One sentence for a person.
    """

    code: str
    reason: str


Answer = (
    Welcome
    | Room
    | Users
    | Groups
    | Members
    | Sessions
    | History
    | Bans
    | Audit
    | Posted
    | Observing
    | Present
    | Health
    | Metrics
    | KeptOut
    | HelpText
    | Done
    | PasswordWanted
    | NameWanted
    | InviteMade
    | Invites
    | Waiting
    | TokenList
    | TokenMade
    | Pinged
    | AreYouThere
    | KeepAlive
    | Bye
)


def password_wanted(answer: PasswordWanted) -> str:
    """Say for what a password is wanted, in one sentence."""
    if answer.new:
        return f"choose a password for the name {clean(answer.name)}"
    if answer.members_only:
        return "only members come in here, with the password of their name"
    if answer.of_hub:
        return "this hub needs a password"
    return f"{clean(answer.name)} is somebody's own name and needs its password"
