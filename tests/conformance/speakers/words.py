"""What a person may be told, in words that every dialect shares.

A speaker turns the bytes of its dialect into these values; the cases compare values and
never bytes. A field that a dialect does not carry is None there, and equals nothing.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Welcomed:
    """The name was accepted; `role` is told of those who keep order, else ""."""

    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class RoomTold:
    """Something is special about a room that one has come into: `lobby`, `#group`."""

    room: str


@dataclass(frozen=True, slots=True)
class Said:
    """A message: `to` is ``lobby``, ``#group`` or ``@user``."""

    who: str
    to: str
    text: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody came in; `address` is ``IP:PORT`` where it was shown."""

    name: str
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody is gone."""

    name: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Renamed:
    """Somebody has another name; for the one renamed, `you`."""

    old: str
    name: str
    you: bool = False


@dataclass(frozen=True, slots=True)
class Kicked:
    """Somebody was put out; for the one kicked, `you`."""

    name: str
    reason: str = ""
    you: bool = False


@dataclass(frozen=True, slots=True)
class GroupChanged:
    """A group was `created` or `ended`, or somebody `joined` or `left` it."""

    action: str
    group: str
    name: str | None = None
    you: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """A no. A dialect for people gives the sentence alone; `code` is None there."""

    sentence: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class PasswordAsked:
    """The name needs a password; the next thing said is it."""


@dataclass(frozen=True, slots=True)
class NameAsked:
    """The code is good; the next thing said is the name."""


@dataclass(frozen=True, slots=True)
class InviteShown:
    """A code that was just made, with its id and how one comes in with it."""

    id: int
    code: str
    link: str
    command: str


@dataclass(frozen=True, slots=True)
class InviteList:
    """The codes that are good, by their ids."""

    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """What was asked is done; a dialect may leave out what events show."""

    action: str


@dataclass(frozen=True, slots=True)
class RoleChanged:
    """Somebody has another role; for the one it is about, `you`."""

    name: str
    role: str
    you: bool = False


@dataclass(frozen=True, slots=True)
class Acted:
    """Somebody kept order: what was done, to whom or what, and where."""

    action: str
    name: str | None = None
    room: str | None = None


@dataclass(frozen=True, slots=True)
class Trail:
    """A page of acts, by the word of each."""

    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConnectionList:
    """The answer to: who is connected? Names with their roles."""

    roles: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class UserList:
    """The answer to: who is here?"""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupList:
    """The answer to: which groups are there? Names with their number of members."""

    groups: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class MemberList:
    """The answer to: who is in this group?"""

    group: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The answer to: what was said here? A dialect may send the messages after it."""

    of: str
    messages: tuple[Said, ...] | None


@dataclass(frozen=True, slots=True)
class Farewell:
    """The hub says why it ends the connection: a code where the dialect has one."""

    reason: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Pinged:
    """The hub asks for a sign of life."""


@dataclass(frozen=True, slots=True)
class Ponged:
    """The hub gives a sign of life."""

    id: str | None = None


@dataclass(frozen=True, slots=True)
class TextShown:
    """A line for people that stands for no event, such as a line of the help."""

    line: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The hub has closed the connection."""


Happening = (
    Welcomed
    | RoomTold
    | Said
    | Joined
    | Left
    | Renamed
    | Kicked
    | RoleChanged
    | Acted
    | Trail
    | GroupChanged
    | Refused
    | PasswordAsked
    | NameAsked
    | InviteShown
    | InviteList
    | Done
    | ConnectionList
    | UserList
    | GroupList
    | MemberList
    | Page
    | Farewell
    | Pinged
    | Ponged
    | TextShown
    | Ended
)
