"""Invitations: codes with which people register, also where only members come in."""

from __future__ import annotations

import msgspec

from hubbub.model.event import EventBase
from hubbub.model.secret import Secret

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""What codes are written with: Crockford's base 32, in which no two look alike."""

GROUPS = 5
GROUP = 5
"""A code is so many groups of so many characters: 25 of 5 bits each are 125 bits."""

_READ_AS = str.maketrans("oil", "011", "- ")

# --- What somebody asks for ----------------------------------------------------------


class NewInvite(msgspec.Struct, frozen=True, gc=False):
    """Give me a code, as a dialect says it; becomes a `CreateInvite`.

    Attributes:
        seconds: How long it is good, for any number of people; None: for one person,
            whenever they come.
    """

    seconds: int | None = None


class CreateInvite(msgspec.Struct, frozen=True, gc=False):
    """Let in whoever shows a code.

    Attributes:
        code_hash: SHA-256 (hex) of it; made outside, since it has chance in it.
        until: Unix milliseconds up to which it is good, by the wall clock; 0: until
            somebody has used it.
    """

    code_hash: str
    until: int = 0


class RevokeInvite(msgspec.Struct, frozen=True, gc=False):
    """Let nobody in with a code any more, which its id names."""

    id: int


class ShowInvite(msgspec.Struct, frozen=True, gc=False):
    """Look at a code before a name is given; what comes next is the name."""

    code: Secret


class JoinInvited(msgspec.Struct, frozen=True, gc=False):
    """Come in with a code, under a name that is one's own from the start.

    Attributes:
        name: The name wished for.
        code_hash: SHA-256 (hex) of the code.
        password_hash: Made outside.
        token_hash: As in `Join`.
        address: As in `Join`.
        dialect: As in `Join`.
        place: As in `Join`.
    """

    name: str
    code_hash: str
    password_hash: str
    token_hash: str = ""
    address: str = ""
    dialect: str = ""
    place: str = ""


class ListInvites(msgspec.Struct, frozen=True, gc=False):
    """Which codes are good?"""


InviteCommand = CreateInvite | JoinInvited
"""What the node makes of the wishes of people."""

# --- What happened -------------------------------------------------------------------


class InviteCreated(EventBase, frozen=True, gc=False, tag="invite_created"):
    """A code was made. Its id is this event's `seq`. Shown to nobody."""

    by: str
    code_hash: str
    until: int = 0

    @property
    def invite(self) -> int:
        """The code's id."""
        return self.seq


class InviteUsed(EventBase, frozen=True, gc=False, tag="invite_used"):
    """Somebody came in with a code. Shown to nobody."""

    invite: int
    user: int
    name: str

    @property
    def by(self) -> str:
        """Whose doing it is."""
        return self.name


class InviteRevoked(EventBase, frozen=True, gc=False, tag="invite_revoked"):
    """A code is good no more. Shown to nobody."""

    invite: int
    by: str


InviteEvent = InviteCreated | InviteUsed | InviteRevoked

# --- What one is told ----------------------------------------------------------------


class InviteMade(msgspec.Struct, frozen=True):
    """A code, which nobody can be told again: only its hash is kept.

    Attributes:
        id: What it is revoked by.
        code: As it is written.
        until: Unix milliseconds; 0 for a code that one person can use.
        link: The page's address with it, or "" where that is not known.
        command: What a terminal comes in with, or "".
    """

    id: int
    code: Secret
    until: int = 0
    link: str = ""
    command: str = ""


class InviteSummary(msgspec.Struct, frozen=True):
    """One line of the list of codes. `since` and `until` are Unix milliseconds."""

    id: int
    by: str
    since: int
    until: int


class Invites(msgspec.Struct, frozen=True):
    """The codes that are good, the oldest first."""

    invites: tuple[InviteSummary, ...]


class NameWanted(msgspec.Struct, frozen=True):
    """The code is good; the next thing to say is the name that one wants."""


class InviteWay(msgspec.Struct, frozen=True):
    """Where those come who are invited.

    Attributes:
        url: The page's address, which ends with `/`; "" where it is not known.
        command: What starts a client that comes here, or "".
    """

    url: str = ""
    command: str = ""


def parse_code(text: str) -> str | None:
    """Read a code as a person writes it: in capitals, without hyphens, with an O for 0.

    Returns:
        The one form in which codes are compared, or None when it can't be one.
    """
    plain = text.strip().lower().translate(_READ_AS)
    if len(plain) != GROUPS * GROUP or not set(plain) <= set(ALPHABET):
        return None
    return show_code(plain)


def show_code(characters: str) -> str:
    """Write the characters of a code in groups."""
    groups = (characters[at : at + GROUP] for at in range(0, len(characters), GROUP))
    return "-".join(groups)


def invite_link(way: InviteWay, code: str) -> str:
    """Give the link for a code, or "".

    The code is in the fragment, which a browser never sends: so no log of a server and
    of no proxy has it (RFC 9110, section 4.2.5).
    """
    return f"{way.url}#invite={code}" if way.url else ""


def invite_command(way: InviteWay, code: str) -> str:
    """Give the command that comes in with a code, or ""."""
    return f"{way.command} --invite {code}" if way.command else ""
